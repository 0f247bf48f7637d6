//! An agent at work against real servers: an IMAP server, and an SMTP server that delivers into it.

use std::process::Command;

use postroom::config::Security;
use postroom::mime::Parsed;
use postroom::model::ids::MessageId;
use postroom::sync::imap::{Session, Waker};

use super::environment::{Environment, Said};
use super::support::dovecot::{Dovecot, PASSWORD};
use super::support::smtp::{At, How, SmtpServer};
use super::support::terminal::Terminal;
use super::until;

/// The mailbox of the team, and that of the customer.
const TEAM: &str = "support";
const CUSTOMER: &str = "carla";
const SIZE: (u16, u16) = (100, 30);

/// A team's mailbox, its way out, and agents on machines of their own.
struct Town {
    dovecot: Dovecot,
    smtp: SmtpServer,
}

impl Town {
    /// Mail that goes out is delivered to the customer's mailbox on the same server.
    fn new() -> Option<Self> {
        let dovecot = Dovecot::start()?;
        let smtp = SmtpServer::start();
        let customer = dovecot.endpoint(CUSTOMER, Security::Plain);
        smtp.deliver(move |mail| {
            let mut session = Session::open(&customer, PASSWORD, &Waker::new().unwrap()).unwrap();
            session.append("INBOX", &[], None, &mail.bytes).unwrap();
        });
        Some(Self { dovecot, smtp })
    }

    /// An agent who ran `postroom init`, with a short undo window.
    fn agent(&self, name: &str, number: u64, undo: u32) -> Environment {
        let env = Environment::of_person(number);
        let (imap, smtp) = (self.dovecot.imap.to_string(), self.smtp.port.to_string());
        let mut args = vec!["init", "--me", name, "--name", name, "--inbox", "support"];
        args.extend(["--address", "support@shop.example", "--user", TEAM, "--password-command", "echo pass"]);
        args.extend(["--imap-host", "localhost", "--imap-port", &imap, "--imap-security", "plain"]);
        args.extend(["--smtp-host", "localhost", "--smtp-port", &smtp, "--smtp-security", "plain"]);
        let said = env.run(&args);
        assert_eq!(said.status, 0, "{said}");
        let file = env.path("home/.config/postroom/config.toml");
        let config = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, format!("{config}\n[sending]\nundo_seconds = {undo}\n")).unwrap();
        env
    }

    fn write(&self, id: &str, answers: Option<&MessageId>, subject: &str, text: &str) {
        let refers = answers.map_or_else(String::new, |id| format!("In-Reply-To: <{id}>\nReferences: <{id}>\n"));
        let mail = format!(
            "Message-ID: <{id}@c.example>\nFrom: Carla Diaz <carla@c.example>\nTo: support@shop.example\nSubject: {subject}\n{refers}\n{text}\n"
        );
        self.dovecot.deliver(TEAM, "INBOX", &mail);
    }

    /// Waits until so many mails went out, and reads them.
    fn sent(&self, count: usize) -> Vec<Parsed> {
        until("the mail to arrive", || {
            let mails = self.smtp.mails();
            (mails.len() >= count).then(|| mails.iter().map(|mail| postroom::mime::parse(&mail.bytes)).collect())
        })
    }

    /// Tells whether a folder of `user` holds a mail.
    fn holds(&self, user: &str, folder: &str, id: &MessageId) -> bool {
        let mut session = self.dovecot.session(user);
        session.examine(folder).is_ok() && !session.search_message_id(id.as_str()).unwrap().is_empty()
    }
}

/// The program in real time: neither its clock nor its ids stand still.
pub(super) fn live(env: &Environment, args: &[&str]) -> Command {
    let mut command = env.command(args);
    command.env_remove("POSTROOM_CLOCK").env_remove("POSTROOM_IDS");
    command
}

fn screen(env: &Environment) -> Terminal {
    Terminal::run(live(env, &[]), SIZE)
}

fn verb(env: &Environment, args: &[&str]) -> Said {
    let said = env.run_with(live(env, args), "");
    assert!(said.status < 2, "{args:?}: {said}");
    said
}

fn shown(env: &Environment, query: &str) -> serde_json::Value {
    serde_json::from_str(&verb(env, &["show", query, "--json"]).stdout).unwrap()
}

fn count(env: &Environment, query: &str) -> String {
    verb(env, &["count", query]).stdout.trim().to_owned()
}

/// The messages and records of a conversation, as a colleague's machine has them.
fn log(env: &Environment, query: &str) -> String {
    let id = verb(env, &["list", query, "--format", "ids"]).stdout.trim().to_owned();
    verb(env, &["log", &id]).stdout
}

/// A screen of alice, on which carla's question is open and its answer is typed.
fn answering(town: &Town, alice: &Environment, text: &str) -> Terminal {
    let mut terminal = screen(alice);
    terminal.shows(&["Unassigned", "? help"]);
    town.write("q1", None, "Refund for order 4412", "Where is my money?");
    terminal.shows(&["Carla Diaz", "Refund for order 4412"]);
    terminal.press("r");
    terminal.shows(&["To", "carla@c.example", "quoted line"]);
    terminal.text(text);
    terminal.shows(&[text, "kept "]);
    terminal
}

#[test]
fn a_reply_from_the_screen_reaches_the_customer_and_their_answer_reopens_the_conversation() {
    let Some(town) = Town::new() else { return };
    let (alice, bob) = (town.agent("alice", 1, 4), town.agent("bob", 2, 4));
    let mut terminal = answering(&town, &alice, "It is on its way.");

    terminal.press("<c-s>");
    terminal.shows(&["Send to Carla Diaz?", "carla@c.example", "Re: Refund for order 4412"]);
    send(&mut terminal, &["Goes to Carla Diaz in ", "u takes it back"]);
    assert!(town.smtp.mails().is_empty(), "nothing goes out while it can be taken back");
    terminal.shows(&["Sent to Carla Diaz"]);

    let sent = town.sent(1).remove(0);
    let id = sent.envelope.message_id.clone().unwrap();
    assert_eq!(sent.envelope.in_reply_to[0].as_str(), "q1@c.example");
    assert_eq!(sent.envelope.references.last().unwrap().as_str(), "q1@c.example");
    assert!(String::from_utf8_lossy(&town.smtp.mails()[0].bytes).contains("It is on its way."));
    assert!(town.holds(CUSTOMER, "INBOX", &id), "the customer has it");
    until("the copy in Sent", || town.holds(TEAM, "Sent", &id).then_some(()));
    until("the conversation to wait", || (count(&alice, "status:waiting") == "1").then_some(()));

    // A colleague on another machine, with nothing in common but the mailbox.
    until("the reply to stand on the log", || {
        assert_eq!(verb(&bob, &["sync"]).status, 0);
        log(&bob, "subject:refund").contains("alice replied").then_some(())
    });
    let theirs = shown(&bob, "subject:refund");
    assert_eq!((&theirs["status"], &theirs["messages"]), (&"waiting".into(), &2.into()), "{theirs:#}");

    town.write("q2", Some(&id), "Re: Refund for order 4412", "It is here, thank you!");
    terminal.press("4").shows(&["Open 1", "Carla Diaz"]);
    terminal.press("<enter>");
    terminal.shows(&["Where is my money?", "It is on its way.", "It is here, thank you!"]);
    assert_eq!(count(&alice, "is:any"), "1", "it threads into the same conversation");
    assert_eq!(count(&alice, "status:open"), "1", "and reopens it");
    terminal.press("qq");
    assert!(terminal.ends().success());
    assert_eq!(town.smtp.mails().len(), 1);
}

/// Presses the key that sends until it is taken, and waits for what that shows. One that was on its way when the mail came up sends nothing,
/// and that is said; any other key takes the sentence away again.
pub(super) fn send(terminal: &mut Terminal, then: &[&str]) {
    const TOO_SOON: &str = "the mail only just came up";
    loop {
        terminal.press("<enter>");
        let is_then = |screen: &str| then.iter().all(|part| screen.contains(part));
        let screen = terminal.until(&format!("{then:?}"), |screen| screen.contains(TOO_SOON) || is_then(screen));
        if is_then(&screen) {
            return;
        }
        terminal.press("j");
        terminal.shows_no(TOO_SOON);
    }
}

/// The outbox on the screen of alice, whose answer was stopped because bob answered while it was held.
fn stopped(town: &Town, alice: &Environment) -> (Terminal, Environment) {
    let bob = town.agent("bob", 2, 0);
    let mut terminal = answering(town, alice, "Please send a photo.");
    assert_eq!(verb(&bob, &["sync"]).status, 0);
    terminal.press("<c-s>");
    terminal.shows(&["Send to Carla Diaz?"]);
    send(&mut terminal, &["Goes to Carla Diaz in "]);
    // Her program stands still until bob is done: whatever it learns of him it learns just before it sends.
    terminal.pause();
    let said = verb(&bob, &["reply", "subject:refund", "--body", "The money is back.", "--send"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(town.smtp.mails().len(), 1);
    terminal.go_on();
    terminal.shows(&["Error: A mail was not sent"]);
    terminal.press("O");
    terminal.shows(&["Outbox", "stopped", "bob replied", "Carla Diaz"]);
    assert_eq!(town.smtp.mails().len(), 1, "nothing of hers went out");
    (terminal, bob)
}

fn texts(town: &Town) -> Vec<String> {
    town.smtp.mails().iter().map(|mail| String::from_utf8_lossy(&mail.bytes).into_owned()).collect()
}

#[test]
fn a_stopped_answer_is_edited_and_sent_knowingly() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 6);
    let (mut terminal, _bob) = stopped(&town, &alice);
    terminal.press("<enter>");
    terminal.shows(&["Not sent: bob replied", "Please send a photo.", "stopped before the first byte"]);
    terminal.press("e");
    terminal.shows(&["Please send a photo.", "under your draft"]);
    terminal.text("(Bob was faster.) ");
    terminal.press("<c-s>");
    terminal.shows(&["Send to Carla Diaz?", "bob replied", "under your draft"]);
    // The first key only points at what is new.
    send(&mut terminal, &["once more sends it"]);
    terminal.press("<enter>");
    terminal.shows(&["Sent to Carla Diaz"]);
    town.sent(2);
    assert!(texts(&town)[1].contains("(Bob was faster.)"), "{}", texts(&town)[1]);
}

#[test]
fn a_stopped_answer_is_sent_anyway() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 6);
    let (mut terminal, _bob) = stopped(&town, &alice);
    terminal.press("s");
    terminal.shows(&["done", "Re: Refund for order 4412"]);
    let sent = town.sent(2).remove(1);
    assert!(texts(&town)[1].contains("Please send a photo."));
    let id = sent.envelope.message_id.unwrap();
    assert!(town.holds(TEAM, "Sent", &id));
}

#[test]
fn a_stopped_answer_becomes_a_note_that_colleagues_read() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 6);
    let (mut terminal, bob) = stopped(&town, &alice);
    terminal.press("n");
    terminal.shows(&["Nothing is on its way out"]);
    until("the note to be on the server", || {
        assert_eq!(verb(&bob, &["sync"]).status, 0);
        (count(&bob, "note:photo") == "1").then_some(())
    });
    assert_eq!(town.smtp.mails().len(), 1, "the customer does not get it");
}

#[test]
fn a_stopped_answer_is_discarded_and_can_be_brought_back() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 6);
    let (mut terminal, _bob) = stopped(&town, &alice);
    terminal.press("d");
    terminal.shows(&["y discards it"]);
    terminal.press("y");
    terminal.shows(&["Nothing is on its way out"]);
    terminal.press("q");
    terminal.shows_no("Nothing is on its way out");
    terminal.press("D");
    terminal.shows(&["Drafts", "Please send a photo.", "discarded"]);
    terminal.press("<enter>");
    terminal.shows(&["Please send a photo.", "quoted line"]);
    assert_eq!(town.smtp.mails().len(), 1);
}

/// The outbox on the screen of alice, whose answer met `how` at `at`.
fn unlucky(town: &Town, alice: &Environment, at: At, how: How) -> Terminal {
    let mut terminal = answering(town, alice, "It is on its way.");
    town.smtp.fault(at, how);
    terminal.press("<c-s>");
    terminal.shows(&["Send to Carla Diaz?"]);
    send(&mut terminal, &["! 1 not sent"]);
    terminal.press("O");
    terminal.shows(&["Outbox", "Carla Diaz"]);
    terminal
}

#[test]
fn a_refused_answer_shouts_and_is_sent_when_it_is_tried_again() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 0);
    let mut terminal = unlucky(&town, &alice, At::Dot, How::Say("554 5.7.1 not today".into()));
    terminal.shows(&["failed", "not today"]);
    assert!(town.smtp.mails().is_empty());
    terminal.press("r");
    terminal.shows(&["done"]);
    let id = town.sent(1).remove(0).envelope.message_id.unwrap();
    assert!(town.holds(TEAM, "Sent", &id));
}

#[test]
fn an_answer_that_waits_for_the_password_to_be_right_goes_out_when_it_is_tried_again() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 0);
    let mut terminal = unlucky(&town, &alice, At::Auth, How::Say("535 5.7.8 wrong password".into()));
    terminal.shows(&["failed", "wrong password"]);
    terminal.press("r");
    terminal.shows(&["done"]);
    assert_eq!(town.sent(1).len(), 1);
}

#[test]
fn an_answer_that_may_have_gone_out_is_uncertain_and_never_sent_again_by_itself() {
    let Some(town) = Town::new() else { return };
    let alice = town.agent("alice", 1, 0);
    let mut terminal = unlucky(&town, &alice, At::Stored, How::Cut);
    terminal.shows(&["uncertain", "did not answer"]);
    terminal.press("r");
    terminal.shows(&["it may have arrived: look, then s sends it again"]);
    terminal.press("$");
    terminal.shows(&["uncertain"]);
    assert_eq!(town.smtp.mails().len(), 1);
    terminal.press("s");
    terminal.shows(&["done"]);
    let sent = town.sent(2);
    assert_eq!(
        sent[0].envelope.message_id, sent[1].envelope.message_id,
        "the customer's program can tell it is the same"
    );
}
