use std::sync::mpsc::channel;

use super::*;
use crate::config::{Endpoint, Remote as Kind};
use crate::model::address::Address;
use crate::model::agent::{Inbox, Team};
use crate::model::change::Connectivity;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{ConversationId, Handle, InboxId};
use crate::model::reply::{Draft, DraftKind, Identity, OutState};
use crate::op::operation::{Known, Target};
use crate::op::record::{Author, NewOperation};
use crate::service::compose;
use crate::store::StoreOptions;
use crate::sync::round::{Errands, Means, Round};
use crate::sync::secret::{Configured, SecretProvider};
use crate::sync::supervisor::Supervisor;

const NOW: i64 = 1_795_000_000_000;
const QUESTION: &str = "Message-ID: <q1@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example\nSubject: Refund\n\
                        Date: Wed, 18 Nov 2026 10:00:00 +0000\n\nWhere is my refund?\n";

fn main_id() -> AccountId {
    AccountId::new("main").unwrap()
}

fn id(text: &str) -> MessageId {
    MessageId::new(text).unwrap()
}

/// One client of a scripted remote.
struct Client {
    _dir: tempfile::TempDir,
    clock: Clock,
    store: Store,
    accounts: Vec<Account>,
}

fn client(server: &str, agent: &str) -> Client {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Timestamp(NOW));
    let seed = u64::from(agent.as_bytes()[0]);
    let author = Author {
        actor: Handle::new(agent).unwrap(),
        host: agent.to_owned(),
        clock: clock.clone(),
        ids: Ids::counted(seed << 32),
    };
    let inbox = |name: &str, folder: Option<&str>| Inbox {
        id: InboxId::new(name).unwrap(),
        account: main_id(),
        address: Address::new("", format!("{name}@shop.example")),
        aliases: Vec::new(),
        folder: folder.map(str::to_owned),
        language: None,
    };
    let team = Team { inboxes: vec![inbox("support", None), inbox("sales", Some("Sales"))], ..Team::default() };
    let store = Store::open(dir.path(), StoreOptions { author, team, history_after: 365 * Timestamp::DAY }).unwrap();
    let accounts = vec![Account { id: main_id(), remote: Kind::Scripted(server.to_owned()) }];
    Client { _dir: dir, clock, store, accounts }
}

fn nobody() -> Arc<dyn SecretProvider> {
    Arc::new(Configured { prompt: |_: &AccountId, _: &Endpoint| None, grants: None })
}

impl Client {
    fn round(&self) -> Round<'_> {
        Round::new(Means {
            store: &self.store,
            accounts: &self.accounts,
            secrets: nobody(),
            copy_drafts: false,
            waker: Waker::new().unwrap(),
        })
    }

    /// What `postroom sync` does at an account.
    fn sync(&self) -> Result<(LogPass, Pass), UserError> {
        let mut round = self.round();
        let visit = round.visit(&self.accounts[0]);
        let done = visit.mail(&mut |_| {})?;
        visit.outbox()?;
        visit.moves()?;
        visit.erasures()?;
        round.close();
        Ok(done)
    }

    fn act(&self, on: &str, operation: Known) {
        let _ = self.store.commit(vec![NewOperation::new(operation, vec![Target::on(id(on))])]).unwrap();
    }

    /// Queues an answer to the question, which is due at once.
    fn answer(&self) -> i64 {
        let sending = crate::config::Sending {
            undo_seconds: 0,
            quote: false,
            identity: Identity::SendAs,
            company: String::new(),
            variables: BTreeMap::new(),
            signatures: BTreeMap::new(),
            copy_drafts: false,
        };
        let (inbox, parent) = (InboxId::new("support").unwrap(), id("q1@c.example"));
        let conversation = ConversationId::of_root(&parent);
        let draft = compose::begin(&self.store, &sending, DraftKind::Reply, &conversation, &inbox, &parent).unwrap();
        let draft = self.store.save_draft(&Draft { body: "It is on its way.".into(), ..draft }).unwrap();
        let mail = compose::prepare(&self.store, &draft, self.clock.now(), false).unwrap();
        self.store.queue(&mail).unwrap().id
    }

    fn state(&self, mail: i64) -> OutState {
        self.store.outgoing_by_id(mail).unwrap().unwrap().state
    }

    fn assignee(&self) -> Option<Handle> {
        let row = self.store.rows(&[ConversationId::of_root(&id("q1@c.example"))]).unwrap().remove(0);
        row.assignee
    }
}

fn with_question(name: &str) -> Arc<Server> {
    let server = Server::start(name);
    server.deliver("INBOX", &id("q1@c.example"), Timestamp(NOW - 60_000), QUESTION);
    server
}

#[test]
fn a_round_brings_mail_in_and_the_work_of_one_client_to_the_other() {
    let server = with_question("round");
    let (alice, bob) = (client("round", "alice"), client("round", "bob"));
    let (_, pass) = alice.sync().unwrap();
    assert_eq!(pass.new_messages(), 1);
    let connects = server.state().connects;
    let mail = alice.answer();
    alice.act("q1@c.example", Known::Assign { to: Handle::new("alice").ok() });
    alice.sync().unwrap();
    assert_eq!(server.state().connects, connects + 1, "one connection a round");
    assert_eq!(alice.state(mail), OutState::Filed);
    {
        let state = server.state();
        assert_eq!(state.went.len(), 1);
        assert_eq!(state.went[0].0.recipients, ["carla@c.example"]);
        assert_eq!(state.mails.iter().filter(|mail| mail.folder == "Sent").count(), 1);
    }
    bob.sync().unwrap();
    assert_eq!(bob.assignee(), Handle::new("alice").ok());
    let row = bob.store.rows(&[ConversationId::of_root(&id("q1@c.example"))]).unwrap().remove(0);
    assert_eq!(row.messages, 2, "the answer is in the conversation");
}

#[test]
fn a_record_whose_place_nobody_heard_of_is_appended_once() {
    let server = with_question("lost-append");
    let alice = client("lost-append", "alice");
    alice.sync().unwrap();
    let before = server.state().log.len();
    alice.act("q1@c.example", Known::Assign { to: Handle::new("alice").ok() });
    server.fail(At::Append, Fault::LoseAnswer);
    assert!(alice.sync().is_ok(), "the mail comes all the same");
    alice.sync().unwrap();
    assert_eq!(server.state().log.len(), before + 1);
    assert!(alice.store.unpushed_of(&main_id(), 1).unwrap().is_empty());
}

#[test]
fn a_log_that_takes_nothing_is_told_and_keeps_no_mail_from_coming() {
    let server = with_question("refused-append");
    let alice = client("refused-append", "alice");
    alice.sync().unwrap();
    alice.act("q1@c.example", Known::Assign { to: Handle::new("alice").ok() });
    server.deliver("INBOX", &id("q2@c.example"), Timestamp(NOW), &QUESTION.replace("q1@", "q2@"));
    server.fail(At::Append, Fault::Refuse);
    let mut round = alice.round();
    let (log, pass) = round.visit(&alice.accounts[0]).mail(&mut |_| {}).unwrap();
    assert!(log.trouble.unwrap().message().contains("the script says no"));
    assert_eq!(pass.new_messages(), 1);
    assert_eq!(alice.store.unpushed_of(&main_id(), 9).unwrap().len(), 1, "nothing is lost");
}

#[test]
fn a_mail_that_may_be_out_is_never_sent_again_and_is_filed_once_it_turns_up() {
    let server = with_question("lost-send");
    let alice = client("lost-send", "alice");
    alice.sync().unwrap();
    let mail = alice.answer();
    server.fail(At::Send, Fault::LoseAnswer);
    alice.sync().unwrap();
    assert_eq!(alice.state(mail), OutState::Uncertain);
    for _ in 0..3 {
        alice.clock.advance(3_600_000);
        alice.sync().unwrap();
    }
    assert_eq!((alice.state(mail), server.state().went.len()), (OutState::Uncertain, 1));
    let sent = alice.store.outgoing_by_id(mail).unwrap().unwrap().message_id;
    let text = format!(
        "Message-ID: <{sent}>\nFrom: support@shop.example\nTo: carla@c.example\nSubject: Re: Refund\n\nIt is on its way.\n"
    );
    server.deliver("Sent", &sent, alice.clock.now(), &text);
    alice.sync().unwrap();
    assert_eq!((alice.state(mail), server.state().went.len()), (OutState::Filed, 1));
    let copies = server.state().mails.iter().filter(|mail| mail.id == sent).count();
    assert_eq!(copies, 1);
}

#[test]
fn a_mail_that_did_not_go_out_is_sent_later_and_one_that_was_refused_is_not() {
    let server = with_question("put-off");
    let alice = client("put-off", "alice");
    alice.sync().unwrap();
    let mail = alice.answer();
    server.fail(At::Send, Fault::Lose);
    alice.sync().unwrap();
    assert_eq!((alice.state(mail), server.state().went.len()), (OutState::Held, 0));
    alice.clock.advance(3_600_000);
    server.fail(At::Send, Fault::Refuse);
    alice.sync().unwrap();
    assert_eq!((alice.state(mail), server.state().went.len()), (OutState::Failed, 0));
    alice.clock.advance(3_600_000);
    alice.sync().unwrap();
    assert_eq!(server.state().went.len(), 0);
}

#[test]
fn a_copy_whose_answer_was_lost_is_not_filed_twice() {
    let server = with_question("lost-file");
    let alice = client("lost-file", "alice");
    alice.sync().unwrap();
    let mail = alice.answer();
    server.fail(At::File, Fault::LoseAnswer);
    let _ = alice.sync();
    assert_eq!(alice.state(mail), OutState::Sent);
    alice.clock.advance(3_600_000);
    alice.sync().unwrap();
    assert_eq!((alice.state(mail), server.state().went.len()), (OutState::Filed, 1));
    assert_eq!(server.state().mails.iter().filter(|mail| mail.folder == "Sent").count(), 1);
}

#[test]
fn what_a_colleague_did_meanwhile_stops_a_reply_before_it_goes_out() {
    let server = with_question("stopped");
    let (alice, bob) = (client("stopped", "alice"), client("stopped", "bob"));
    alice.sync().unwrap();
    bob.sync().unwrap();
    let mail = alice.answer();
    bob.answer();
    bob.sync().unwrap();
    assert_eq!(server.state().went.len(), 1);
    alice.sync().unwrap();
    assert_eq!((alice.state(mail), server.state().went.len()), (OutState::Stopped, 1));
}

#[test]
fn mail_that_may_not_be_moved_stays_is_told_and_follows_later() {
    let server = with_question("moved");
    let alice = client("moved", "alice");
    alice.sync().unwrap();
    alice.act("q1@c.example", Known::Move { inbox: InboxId::new("sales").unwrap(), from: None });
    server.fail(At::Move, Fault::Refuse);
    let mut round = alice.round();
    assert_eq!(round.visit(&alice.accounts[0]).moves().unwrap().moved, 0);
    assert_eq!(server.state().mails[0].folder, "INBOX");
    assert_eq!(crate::sync::moves::told(&alice.store, None).unwrap().len(), 1);
    assert_eq!(round.visit(&alice.accounts[0]).moves().unwrap().moved, 1);
    assert_eq!(server.state().mails[0].folder, "Sales");
    assert!(crate::sync::moves::told(&alice.store, None).unwrap().is_empty());
}

#[test]
fn whoever_stays_connected_hears_of_mail_and_of_colleagues_and_comes_back_after_the_connection_is_lost() {
    let server = with_question("stays");
    let (alice, bob) = (client("stays", "alice"), client("stays", "bob"));
    bob.sync().unwrap();
    let (tell, statuses) = channel();
    let (told, changes) = (Mutex::new(tell), alice.store.subscribe());
    let errands = Errands {
        accounts: alice.accounts.clone(),
        secrets: nobody(),
        copy_drafts: false,
        on_pass: Box::new(|_| Arc::new(|_| {})),
        on_told: Arc::new(|_| {}),
    };
    let supervisor =
        Supervisor::start_with(alice.store.clone(), alice.accounts.clone(), nobody(), errands.maker(), move |status| {
            let _ = told.lock().unwrap().send(status);
        });
    let wait_until = |what: &dyn Fn() -> bool| {
        while !what() {
            changes.recv_timeout(Duration::from_secs(60)).expect("a change");
        }
    };
    let holds = |message: &str| alice.store.has_message(&id(message)).unwrap();
    wait_until(&|| holds("q1@c.example"));
    server.fail(At::Fetch, Fault::Lose);
    server.deliver("INBOX", &id("q2@c.example"), Timestamp(NOW), &QUESTION.replace("q1@", "q2@"));
    wait_until(&|| holds("q2@c.example"));
    let offline = statuses.try_iter().any(|status| status.state == Connectivity::Offline);
    assert!(offline, "that the connection was lost is told");
    bob.act("q1@c.example", Known::Assign { to: Handle::new("bob").ok() });
    bob.sync().unwrap();
    wait_until(&|| alice.assignee() == Handle::new("bob").ok());
    supervisor.stop();
}
