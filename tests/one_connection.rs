//! Servers that let few connections in, and several screens on one store. Dovecot counts a login and an address together, so a colleague
//! here logs in by another name to the same mailbox.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use postroom::config::{Account, Endpoint, Security, Sending};
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::change::{Connectivity, Part, SyncStatus};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, ConversationId, InboxId, MessageId};
use postroom::model::reply::{Draft, DraftKind, Identity, OutState};
use postroom::op::operation::{Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::service::compose::{begin, prepare};
use postroom::store::{Store, StoreOptions};
use postroom::sync::imap::Session;
use postroom::sync::log::errand::{LogErrand, sync_log_once};
use postroom::sync::outbox::OutboxErrand;
use postroom::sync::{Configured, Errand, ErrandMaker, SecretProvider, Supervisor, Waker};
use support::desk::{agent, author, inbox, main};
use support::dovecot::{Dovecot, PASSWORD};
use support::smtp::SmtpServer;

/// A test that waits longer than this waits for something that will not come.
const LONG: Duration = Duration::from_secs(60);
const ALICE: &str = "team@alice";
const BOB: &str = "team@bob";

const QUESTION: &str = "Message-ID: <q1@c.example>\nFrom: Carla <carla@c.example>\nTo: support@shop.example\nSubject: Refund\n\
                        Date: Wed, 18 Nov 2026 10:00:00 +0000\n\nWhere is my refund?\n";

fn question() -> MessageId {
    MessageId::new("q1@c.example").unwrap()
}

fn store(dir: &Path, agent_name: &str) -> Store {
    let support = inbox("support", Address::new("Shop Support", "support@shop.example"));
    let team = Team { agents: vec![agent("alice", "Alice"), agent("bob", "Bob")], inboxes: vec![support] };
    let author = author(agent_name, Clock::System, Ids::Random);
    Store::open(dir, StoreOptions { author, team, history_after: 3650 * Timestamp::DAY }).unwrap()
}

fn account(server: &Dovecot, user: &str, smtp: &SmtpServer) -> Account {
    Account { smtp: Some(smtp.endpoint(Security::Plain)), ..server.account(user) }
}

/// A screen's sync, with the log and the outbox.
fn start(store: &Store, account: &Account) -> (Supervisor, Receiver<SyncStatus>) {
    let secrets: Arc<dyn SecretProvider> = Arc::new(Configured { prompt: |_: &AccountId, _: &Endpoint| None });
    let keys = Arc::clone(&secrets);
    let errands: ErrandMaker = Box::new(move |store, account| {
        let log = LogErrand::new(store, account, Arc::new(|_| {}))?;
        let outbox = OutboxErrand::new(store.clone(), account.clone(), vec![account.clone()], Arc::clone(&keys));
        Ok(vec![Box::new(log) as Box<dyn Errand>, Box::new(outbox)])
    });
    let (send, receive) = channel();
    let send = Mutex::new(send);
    let supervisor = Supervisor::start_with(store.clone(), vec![account.clone()], secrets, errands, move |status| {
        let _ = send.lock().unwrap().send(status);
    });
    (supervisor, receive)
}

fn wait_for(statuses: &Receiver<SyncStatus>, what: impl Fn(&SyncStatus) -> bool) -> SyncStatus {
    loop {
        let status = statuses.recv_timeout(LONG).expect("a status");
        if what(&status) {
            return status;
        }
    }
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
    let Some(server) = Dovecot::with(&format!("mail_max_userip_connections = {connections}\n")) else { return };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let alice = store(dir.path(), "alice");
    server.deliver(BOB, "INBOX", QUESTION);
    let (supervisor, statuses) = start(&alice, &account(&server, ALICE, &smtp));
    until(&alice, || alice.has_message(&question()).unwrap());
    let mail = queue(&alice, "It is on its way.");
    until(&alice, || is_filed(&alice, mail));
    assert_eq!(smtp.mails().len(), 1);

    let bobs = tempfile::tempdir().unwrap();
    let bob = store(bobs.path(), "bob");
    let as_bob = account(&server, BOB, &smtp);
    note(&bob, "bob has called her");
    let mut session = server.session(BOB);
    assert_eq!(sync_log_once(&bob, &as_bob, &mut session).unwrap().pushed, 1);
    until(&alice, || has_note(&alice, "bob has called her"));
    note(&alice, "alice thanks him");
    session.examine("Postroom").unwrap();
    while !has_note(&bob, "alice thanks him") {
        session.examine("Postroom").unwrap();
        session.idle(Duration::from_secs(5)).unwrap();
        sync_log_once(&bob, &as_bob, &mut session).unwrap();
    }
    session.logout();
    // New mail is told of meanwhile.
    server.deliver(BOB, "INBOX", &QUESTION.replace("q1@", "q2@").replace("Refund", "Lamp"));
    until(&alice, || alice.has_message(&MessageId::new("q2@c.example").unwrap()).unwrap());
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
    let Some(server) = Dovecot::with("mail_max_userip_connections = 1\nimap_capability = IMAP4rev1 UIDPLUS IDLE\n")
    else {
        return;
    };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let alice = store(dir.path(), "alice");
    server.deliver(BOB, "INBOX", QUESTION);
    let (supervisor, _statuses) = start(&alice, &account(&server, ALICE, &smtp));
    until(&alice, || alice.has_message(&question()).unwrap());
    let bobs = tempfile::tempdir().unwrap();
    let bob = store(bobs.path(), "bob");
    note(&bob, "bob has called her");
    assert!(sync_log_once(&bob, &account(&server, BOB, &smtp), &mut server.session(BOB)).unwrap().pushed > 0);
    until(&alice, || has_note(&alice, "bob has called her"));
    supervisor.stop();
}

#[test]
fn where_no_connection_is_left_the_servers_own_words_are_told_and_what_to_do() {
    let Some(server) = Dovecot::with("mail_max_userip_connections = 1\n") else { return };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let alice = store(dir.path(), "alice");
    let taken = server.session(ALICE);
    let (supervisor, statuses) = start(&alice, &account(&server, ALICE, &smtp));
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
    let Some(server) = Dovecot::with("mail_max_userip_connections = 2\n") else { return };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let alice = store(dir.path(), "alice");
    server.deliver(BOB, "INBOX", QUESTION);
    let taken = server.session(ALICE);
    let (supervisor, statuses) = start(&alice, &account(&server, ALICE, &smtp));
    until(&alice, || alice.has_message(&question()).unwrap());
    note(&alice, "over the only connection");
    until(&alice, || has_note(&alice, "over the only connection"));
    let logins = || server.log().matches(&format!("Login: user=<{ALICE}>")).count();
    assert_eq!(logins(), 2, "the one taken and the only one: {}", server.log());
    taken.logout();
    supervisor.nudge();
    while logins() < 3 {
        wait_for(&statuses, |_| true);
        supervisor.nudge();
    }
    note(&alice, "over the second connection");
    until(&alice, || has_note(&alice, "over the second connection"));
    assert_eq!(logins(), 3, "{}", server.log());
    supervisor.stop();
}

#[test]
fn a_screen_whose_place_for_mail_was_taken_goes_on_with_its_other_connection() {
    let Some(server) = Dovecot::with("mail_max_userip_connections = 2\n") else { return };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let alice = store(dir.path(), "alice");
    server.deliver(BOB, "INBOX", QUESTION);
    let (supervisor, _statuses) = start(&alice, &account(&server, ALICE, &smtp));
    until(&alice, || alice.has_message(&question()).unwrap());
    note(&alice, "over the second connection");
    until(&alice, || has_note(&alice, "over the second connection"));
    // The one that brings mail in logs in first.
    let log = server.log();
    let login = log.lines().find(|line| line.contains(&format!("Login: user=<{ALICE}>"))).unwrap();
    let pid: i32 = login.split("mpid=").nth(1).unwrap().split(',').next().unwrap().parse().unwrap();
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    // It waits a moment before it comes again; somebody else is quicker.
    let open = || Session::open(&server.endpoint(ALICE, Security::Plain), PASSWORD, &Waker::new().unwrap());
    let taken = std::iter::from_fn(|| Some(open())).find_map(Result::ok).unwrap();
    server.deliver(BOB, "INBOX", &QUESTION.replace("q1@", "q2@").replace("Refund", "Lamp"));
    until(&alice, || alice.has_message(&MessageId::new("q2@c.example").unwrap()).unwrap());
    note(&alice, "over the only connection");
    until(&alice, || has_note(&alice, "over the only connection"));
    taken.logout();
    supervisor.stop();
}

#[test]
fn a_second_screen_on_the_store_needs_no_connection_and_takes_over_when_the_first_ends() {
    let Some(server) = Dovecot::with("mail_max_userip_connections = 2\n") else { return };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let (first, second) = (store(dir.path(), "alice"), store(dir.path(), "alice"));
    let account = account(&server, ALICE, &smtp);
    server.deliver(BOB, "INBOX", QUESTION);
    let (supervisor, statuses) = start(&first, &account);
    wait_for(&statuses, |status| status.state == Connectivity::Current && status.last_pass.is_some());
    let (waiting, told) = start(&second, &account);
    // It says what the first one has to say.
    wait_for(&told, |status| status.state == Connectivity::Current && status.last_pass.is_some());
    until(&first, || first.has_message(&question()).unwrap());
    let mail = queue(&second, "It is on its way.");
    note(&second, "from the second screen");
    until(&first, || is_filed(&first, mail) && first.unpushed(10).unwrap().is_empty());
    assert_eq!(smtp.mails().len(), 1);
    assert!(has_note(&second, "from the second screen"));
    let logins = |server: &Dovecot| server.log().matches(&format!("Login: user=<{ALICE}>")).count();
    assert_eq!(logins(&server), 2, "both of the first: {}", server.log());

    supervisor.stop();
    wait_for(&told, |status| status.state == Connectivity::Working || status.state == Connectivity::Connecting);
    server.deliver(BOB, "INBOX", &QUESTION.replace("q1@", "q2@").replace("Refund", "Lamp"));
    until(&second, || second.has_message(&MessageId::new("q2@c.example").unwrap()).unwrap());
    waiting.stop();
}

#[test]
fn a_log_that_is_refused_is_told_by_the_screen_and_holds_up_neither_mail_nor_replies() {
    let Some(server) = Dovecot::start() else { return };
    let smtp = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    let (alice, beside) = (store(dir.path(), "alice"), store(dir.path(), "alice"));
    let account = Account { log_folder: "Team/Log".into(), ..account(&server, ALICE, &smtp) };
    server.deliver(BOB, "INBOX", QUESTION);
    let (supervisor, statuses) = start(&alice, &account);
    until(&alice, || alice.has_message(&question()).unwrap());
    let told = wait_for(&statuses, |status| !status.troubles.is_empty());
    let trouble = &told.troubles[0];
    assert_eq!(trouble.part, Part::Log);
    assert!(trouble.text.contains("Team/Log") && trouble.text.contains("must not have '/'"), "{trouble:?}");
    assert!(trouble.hint.contains("log_folder"), "{trouble:?}");
    let mail = queue(&alice, "It is on its way.");
    until(&alice, || is_filed(&alice, mail));
    assert_eq!(smtp.mails().len(), 1);
    // A second screen says the same.
    let (waiting, hers) = start(&beside, &account);
    wait_for(&hers, |status| status.troubles == told.troubles);
    waiting.stop();
    supervisor.stop();
}
