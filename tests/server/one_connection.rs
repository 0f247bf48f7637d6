//! Servers that let few connections in, and several screens on one store. Dovecot counts a login and an address together, so a colleague
//! here logs in by another name to the same mailbox.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use crate::support::desk::{agent, author, inbox, main};
use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::smtp::SmtpServer;
use crate::support::syncing::{LONG, configured, start_with, wait_for};
use postroom::config::{Security, Sending};
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::change::{Connectivity, Part, SyncStatus};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{ConversationId, InboxId, MessageId};
use postroom::model::reply::{Draft, DraftKind, Identity, OutState};
use postroom::op::operation::{Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::service::compose::{begin, prepare};
use postroom::store::{Store, StoreOptions};
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::Session;
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::log::errand::LogErrand;
use postroom::sync::outbox::OutboxErrand;
use postroom::sync::{Errand, ErrandMaker, Supervisor, Waker};
use tempfile::TempDir;

const ALICE: &str = "team@alice";
const BOB: &str = "team@bob";

const QUESTION: &str = "Message-ID: <q1@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example\nSubject: Refund\n\
                        Date: Wed, 18 Nov 2026 10:00:00 +0000\n\nWhere is my refund?\n";

fn question() -> MessageId {
    MessageId::new("q1@c.example").unwrap()
}

fn store(dir: &Path, agent_name: &str) -> Store {
    let support = inbox("support", Address::new("Shop Support", "support@shop.example"));
    let team =
        Team { agents: vec![agent("alice", "Alice"), agent("bob", "Bob")], inboxes: vec![support], ..Team::default() };
    let author = author(agent_name, Clock::System, Ids::Random);
    Store::open(dir, StoreOptions { author, team, history_after: 3650 * Timestamp::DAY }).unwrap()
}

/// A server, and Alice's machine.
struct Shop {
    server: Dovecot,
    smtp: SmtpServer,
    dir: TempDir,
    alice: Store,
}

impl Shop {
    /// A question waits in INBOX. `config` is more of Dovecot's; `None` where that is not installed.
    fn with(config: &str) -> Option<Self> {
        let server = Dovecot::with(config)?;
        server.deliver(BOB, "INBOX", QUESTION);
        let dir = tempfile::tempdir().unwrap();
        let alice = store(dir.path(), "alice");
        Some(Self { server, smtp: SmtpServer::start(), dir, alice })
    }

    /// The same with so many connections for each login.
    fn of_connections(connections: u32) -> Option<Self> {
        Self::with(&format!("mail_max_userip_connections = {connections}\n"))
    }

    fn account(&self, user: &str) -> ImapAccount {
        self.server.account(user).with(|imap| imap.smtp = Some(self.smtp.endpoint(Security::Plain)))
    }

    /// Starts Alice's screen.
    fn start(&self) -> (Supervisor, Receiver<SyncStatus>) {
        start(&self.alice, &self.account(ALICE))
    }

    /// Starts Alice's screen, and waits for the question.
    fn start_with_question(&self) -> (Supervisor, Receiver<SyncStatus>) {
        let started = self.start();
        until(&self.alice, || self.alice.has_message(&question()).unwrap());
        started
    }

    /// Lets another mail come, and waits until it is in a store.
    fn mail_comes_to(&self, store: &Store) {
        self.server.deliver(BOB, "INBOX", &QUESTION.replace("q1@", "q2@").replace("Refund", "Lamp"));
        until(store, || store.has_message(&MessageId::new("q2@c.example").unwrap()).unwrap());
    }

    /// Has Alice's reply leave.
    fn reply_leaves(&self) {
        let mail = queue(&self.alice, "It is on its way.");
        until(&self.alice, || is_filed(&self.alice, mail));
        assert_eq!(self.smtp.mails().len(), 1);
    }

    /// Has Alice write a note that reaches the log.
    fn note_leaves(&self, text: &str) {
        note(&self.alice, text);
        until(&self.alice, || has_note(&self.alice, text));
    }

    /// Has Bob write a note on his machine, and waits until Alice has it.
    fn bob_says(&self, text: &str) -> Bob {
        let dir = tempfile::tempdir().unwrap();
        let (store, mut session) = (store(dir.path(), "bob"), self.server.session(BOB));
        note(&store, text);
        let pushed = sync_log_once(&store, &self.account(BOB), &mut session).unwrap().pushed;
        until(&self.alice, || has_note(&self.alice, text));
        Bob { store, session, pushed, _dir: dir }
    }

    /// How often Alice's login was let in.
    fn logins(&self) -> usize {
        self.server.log().matches(&format!("Login: user=<{ALICE}>")).count()
    }
}

/// Bob's machine.
struct Bob {
    store: Store,
    session: Session,
    /// How many records went to the log with his note.
    pushed: u64,
    _dir: TempDir,
}

/// A screen's sync, with the log and the outbox.
fn start(store: &Store, account: &ImapAccount) -> (Supervisor, Receiver<SyncStatus>) {
    let secrets = configured();
    let keys = Arc::clone(&secrets);
    let errands: ErrandMaker = Box::new(move |store, account| {
        let log = LogErrand::new(store, Arc::new(|_| {}));
        let outbox = OutboxErrand::new(store.clone(), account.clone(), vec![account.clone()], Arc::clone(&keys));
        Ok(vec![Box::new(log) as Box<dyn Errand>, Box::new(outbox)])
    });
    start_with(store, account.clone(), secrets, errands)
}

/// Waits until the store says so; it is looked at after each of its commits.
fn until(store: &Store, what: impl Fn() -> bool) {
    let changes = store.subscribe();
    while !what() {
        changes.recv_timeout(LONG).expect("a change");
    }
}

fn queue(store: &Store, body: &str) -> i64 {
    let sending = Sending {
        undo_seconds: 0,
        quote: true,
        identity: Identity::SendAs,
        company: String::new(),
        variables: BTreeMap::new(),
        signatures: BTreeMap::new(),
        copy_drafts: false,
    };
    let conversation = ConversationId::of_root(&question());
    let support = InboxId::new("support").unwrap();
    let draft = begin(store, &sending, DraftKind::Reply, &conversation, &support, &question()).unwrap();
    let draft = store.save_draft(&Draft { body: format!("{body}{}", draft.body), ..draft }).unwrap();
    let mail = prepare(store, &draft, Clock::System.now(), false).unwrap();
    store.queue(&mail).unwrap().id
}

fn note(store: &Store, text: &str) {
    let note = Known::Note { text: text.into(), mentions: Default::default() };
    let _ = store.commit(vec![NewOperation::new(note, vec![Target::on(question())])]).unwrap();
}

/// Tells whether a note stands on the log by what this store has read.
fn has_note(store: &Store, text: &str) -> bool {
    store
        .log_lines(&main(), None, 1000)
        .unwrap()
        .iter()
        .any(|line| line.json.contains(text) && Record::parse(&line.json).is_ok())
}

fn is_filed(store: &Store, id: i64) -> bool {
    store.outgoing_by_id(id).unwrap().is_none_or(|mail| mail.state == OutState::Filed)
}

/// A reply leaves and notes go both ways, with so many connections for the screen.
fn works_with(connections: u32) {
    let Some(shop) = Shop::of_connections(connections) else { return };
    let (supervisor, statuses) = shop.start_with_question();
    shop.reply_leaves();

    let Bob { store: bob, mut session, pushed, _dir } = shop.bob_says("bob has called her");
    assert_eq!(pushed, 1);
    note(&shop.alice, "alice thanks him");
    session.examine("Postroom").unwrap();
    while !has_note(&bob, "alice thanks him") {
        session.examine("Postroom").unwrap();
        session.idle(Duration::from_secs(5)).unwrap();
        sync_log_once(&bob, &shop.account(BOB), &mut session).unwrap();
    }
    session.logout();
    // New mail is told of meanwhile.
    shop.mail_comes_to(&shop.alice);
    let said: Vec<SyncStatus> = statuses.try_iter().collect();
    assert!(said.iter().all(|status| status.troubles.is_empty()), "{said:?}");
    supervisor.stop();
}

#[test]
fn with_one_connection_a_reply_leaves_and_colleagues_see_each_others_notes() {
    works_with(1);
}

#[test]
fn with_two_connections_a_reply_leaves_and_colleagues_see_each_others_notes() {
    works_with(2);
}

#[test]
fn a_server_without_push_and_with_one_connection_is_asked_for_colleagues_notes() {
    let config = "mail_max_userip_connections = 1\nimap_capability = IMAP4rev1 UIDPLUS IDLE\n";
    let Some(shop) = Shop::with(config) else { return };
    let (supervisor, _statuses) = shop.start_with_question();
    assert!(shop.bob_says("bob has called her").pushed > 0);
    supervisor.stop();
}

#[test]
fn where_no_connection_is_left_the_servers_own_words_are_told_and_what_to_do() {
    let Some(shop) = Shop::of_connections(1) else { return };
    let taken = shop.server.session(ALICE);
    let (supervisor, statuses) = shop.start();
    let offline = wait_for(&statuses, |status| status.state == Connectivity::Offline);
    assert!(offline.message.contains("Maximum number of connections from user+IP exceeded"), "{offline:?}");
    assert!(offline.message.contains("mail_max_userip_connections"), "{offline:?}");
    taken.logout();
    supervisor.nudge();
    wait_for(&statuses, |status| status.state == Connectivity::Current);
    supervisor.stop();
}

#[test]
fn a_second_connection_is_used_as_soon_as_there_is_place_for_it() {
    let Some(shop) = Shop::of_connections(2) else { return };
    let taken = shop.server.session(ALICE);
    let (supervisor, statuses) = shop.start_with_question();
    shop.note_leaves("over the only connection");
    assert_eq!(shop.logins(), 2, "the one taken and the only one: {}", shop.server.log());
    taken.logout();
    supervisor.nudge();
    while shop.logins() < 3 {
        wait_for(&statuses, |_| true);
        supervisor.nudge();
    }
    shop.note_leaves("over the second connection");
    assert_eq!(shop.logins(), 3, "{}", shop.server.log());
    supervisor.stop();
}

#[test]
fn a_screen_whose_place_for_mail_was_taken_goes_on_with_its_other_connection() {
    let Some(shop) = Shop::of_connections(2) else { return };
    let (supervisor, _statuses) = shop.start_with_question();
    shop.note_leaves("over the second connection");
    // The one that brings mail in logs in first.
    let log = shop.server.log();
    let login = log.lines().find(|line| line.contains(&format!("Login: user=<{ALICE}>"))).unwrap();
    let pid: i32 = login.split("mpid=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    // It waits a moment before it comes again; somebody else is quicker.
    let open = || Session::open(&shop.server.endpoint(ALICE, Security::Plain), PASSWORD, &Waker::new().unwrap());
    let taken = std::iter::from_fn(|| Some(open())).find_map(Result::ok).unwrap();
    shop.mail_comes_to(&shop.alice);
    shop.note_leaves("over the only connection");
    taken.logout();
    supervisor.stop();
}

#[test]
fn a_second_screen_on_the_store_needs_no_connection_and_takes_over_when_the_first_ends() {
    let Some(shop) = Shop::of_connections(2) else { return };
    let (first, second) = (&shop.alice, store(shop.dir.path(), "alice"));
    let (supervisor, statuses) = shop.start();
    wait_for(&statuses, |status| status.state == Connectivity::Current && status.last_pass.is_some());
    let (waiting, told) = start(&second, &shop.account(ALICE));
    // It says what the first one has to say.
    wait_for(&told, |status| status.state == Connectivity::Current && status.last_pass.is_some());
    until(first, || first.has_message(&question()).unwrap());
    let mail = queue(&second, "It is on its way.");
    note(&second, "from the second screen");
    until(first, || is_filed(first, mail) && first.unpushed(10).unwrap().is_empty());
    assert_eq!(shop.smtp.mails().len(), 1);
    assert!(has_note(&second, "from the second screen"));
    assert_eq!(shop.logins(), 2, "both of the first: {}", shop.server.log());

    supervisor.stop();
    wait_for(&told, |status| status.state == Connectivity::Working || status.state == Connectivity::Connecting);
    shop.mail_comes_to(&second);
    waiting.stop();
}

#[test]
fn a_log_that_is_refused_is_told_by_the_screen_and_holds_up_neither_mail_nor_replies() {
    let Some(shop) = Shop::with("") else { return };
    let beside = store(shop.dir.path(), "alice");
    let account = shop.account(ALICE).with(|imap| imap.log_folder = "Team/Log".into());
    let (supervisor, statuses) = start(&shop.alice, &account);
    until(&shop.alice, || shop.alice.has_message(&question()).unwrap());
    let told = wait_for(&statuses, |status| !status.troubles.is_empty());
    let trouble = &told.troubles[0];
    assert_eq!(trouble.part, Part::Log);
    assert!(trouble.text.contains("Team/Log") && trouble.text.contains("must not have '/'"), "{trouble:?}");
    assert!(trouble.hint.contains("log_folder"), "{trouble:?}");
    shop.reply_leaves();
    // A second screen says the same.
    let (waiting, hers) = start(&beside, &account);
    wait_for(&hers, |status| status.troubles == told.troubles);
    waiting.stop();
    supervisor.stop();
}
