//! The supervisor and the one-shot pass, with a real store and a real server.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use crate::support::desk::author;
use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::faulty_imap::{At, Fail, Faulty};
use crate::support::syncing::{LONG, configured, start, wait_for};
use postroom::config::{Account, Endpoint, Security};
use postroom::error::ErrorKind;
use postroom::model::agent::Team;
use postroom::model::change::{Connectivity, SyncStatus};
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::{AccountId, MessageId};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::{Store, StoreOptions};
use postroom::sync::error::SyncError;
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::divert::IdleEnd;
use postroom::sync::imap::once::{sync_once, test_login};
use postroom::sync::imap::{Session, fetch_asked};
use postroom::sync::lock::SyncLock;
use postroom::sync::log::errand::LogErrand;
use postroom::sync::remote::Connection;
use postroom::sync::{Errand, SecretProvider, Supervisor, Waker};

fn store(dir: &tempfile::TempDir) -> Store {
    let author = author("alice", Clock::default(), Ids::default());
    let team = Team::default();
    Store::open(dir.path(), StoreOptions { author, team, history_after: 0 }).unwrap()
}

fn mail(n: u32) -> String {
    format!(
        "From: Carol <carol{n}@example.org>\nTo: support@example.com\nSubject: Question {n}\nMessage-ID: <{n}@example.org>\n\nBody {n}\n"
    )
}

fn is_current(status: &SyncStatus) -> bool {
    status.state == Connectivity::Current
}

#[test]
fn one_pass_brings_mail_into_the_store_and_the_next_finds_nothing() {
    let Some(server) = Dovecot::start() else { return };
    for n in 1..=3 {
        server.deliver("alice", "INBOX", &mail(n));
    }
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let account = server.account("alice");
    let waker = Waker::new().unwrap();
    let report = sync_once(&store, &account, PASSWORD, &mut |_| {}, &waker).unwrap();
    assert_eq!((report.fetched(), report.new_messages()), (3, 3));
    let raw = store.raw(&MessageId::new("2@example.org").unwrap()).unwrap().unwrap();
    assert_eq!(String::from_utf8(raw).unwrap().replace('\r', ""), mail(2));
    let again = sync_once(&store, &account, PASSWORD, &mut |_| {}, &waker).unwrap();
    assert!(again.folders.iter().all(|f| f.unchanged), "{again:?}");
    assert_eq!(again.commands, 1);
}

#[test]
fn a_store_finds_its_messages_again_after_a_new_uidvalidity() {
    let Some(server) = Dovecot::start() else { return };
    let mut other = server.session("alice");
    other.create("Support").unwrap();
    for n in 1..=5 {
        other.append("Support", &[], None, mail(n).as_bytes()).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let mut account = server.account("alice");
    account.folders = vec!["Support".to_owned()];
    let waker = Waker::new().unwrap();
    sync_once(&store, &account, PASSWORD, &mut |_| {}, &waker).unwrap();
    other.delete("Support").unwrap();
    other.create("Support").unwrap();
    for n in 3..=6 {
        other.append("Support", &[], None, mail(n).as_bytes()).unwrap();
    }
    let report = sync_once(&store, &account, PASSWORD, &mut |_| {}, &waker).unwrap();
    assert_eq!(report.fetched(), 1, "{report:?}");
    let folder = store.folders(&account.id).unwrap().into_iter().find(|f| f.name == "Support").unwrap();
    assert_eq!(store.uids(folder.id).unwrap(), [1, 2, 3, 4]);
}

#[test]
fn large_bodies_come_after_their_headers() {
    let Some(server) = Dovecot::start() else { return };
    let text = format!("{}{}", mail(1), "a line of a long mail\n".repeat(100_000));
    server.deliver("alice", "INBOX", &text);
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let report = sync_once(&store, &server.account("alice"), PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap();
    assert_eq!((report.fetched(), report.bodies), (1, 1));
    let raw = store.raw(&MessageId::new("1@example.org").unwrap()).unwrap().unwrap();
    assert_eq!(String::from_utf8(raw).unwrap().replace('\r', ""), text);
}

/// A mail that is larger than what comes at once.
fn large(n: u32) -> String {
    format!("{}{}", mail(n), "a line of a long mail\n".repeat(100))
}

/// An account whose mails all come without their bodies first.
fn of_headers(server: &Dovecot) -> ImapAccount {
    server.account("alice").with(|imap| imap.body_limit = 500)
}

fn id(n: u32) -> MessageId {
    MessageId::new(&format!("{n}@example.org")).unwrap()
}

#[test]
fn a_body_that_somebody_asked_for_comes_before_the_others_whatever_its_folder() {
    let Some(server) = Dovecot::start() else { return };
    for n in 1..=34 {
        server.deliver("alice", "INBOX", &large(n));
        server.deliver("alice", "Sent", &large(100 + n));
    }
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let account = of_headers(&server);
    let first = sync_once(&store, &account, PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap();
    assert_eq!((first.fetched(), first.bodies), (68, 64));
    // The oldest of each folder are left.
    assert_eq!(store.whole(&id(101)).unwrap(), None);
    assert_eq!(store.want_body(&id(101)).unwrap(), store.body(&id(101)).unwrap());
    let mut session = server.session("alice");
    assert_eq!(fetch_asked(&store, &mut session, &account.id).unwrap(), 1);
    assert!(store.whole(&id(101)).unwrap().is_some());
    assert_eq!(store.whole(&id(102)).unwrap(), None, "nobody asked for this one");
    assert_eq!(fetch_asked(&store, &mut session, &account.id).unwrap(), 0);
}

#[test]
fn a_body_that_is_asked_for_wakes_the_connection_that_brings_mail() {
    let Some(server) = Dovecot::start() else { return };
    server.deliver("alice", "Sent", &large(1));
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let (supervisor, statuses) = start(&store, of_headers(&server), configured());
    while store.whole(&id(1)).unwrap().is_none() {
        wait_for(&statuses, is_current);
    }
    // As if it had not come with the first pass.
    let wait = rusqlite::Connection::open(store.path()).unwrap();
    wait.busy_timeout(LONG).unwrap();
    wait.execute("UPDATE message SET partial = 1", []).unwrap();
    let changes = store.subscribe();
    store.want_body(&id(1)).unwrap();
    supervisor.look();
    while store.whole(&id(1)).unwrap().is_none() {
        changes.recv_timeout(LONG).expect("the body");
    }
    supervisor.stop();
}

#[test]
fn only_one_process_syncs_a_store() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let lock = SyncLock::try_take(&store).unwrap().unwrap();
    let account = server.account("alice");
    let error = sync_once(&store, &account, PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Precondition);
    let (supervisor, statuses) = start(&store, account, configured());
    let waiting = wait_for(&statuses, is_current);
    assert!(waiting.message.contains("another postroom"), "{waiting:?}");
    drop(lock);
    assert!(wait_for(&statuses, |s| is_current(s) && s.message.is_empty()).last_pass.is_some());
    supervisor.stop();
}

#[test]
fn new_mail_is_in_the_store_soon_after_it_arrives() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let (supervisor, statuses) = start(&store, server.account("alice"), configured());
    wait_for(&statuses, is_current);
    // Sent, too, where colleagues' answers by other programs land.
    for (n, folder) in [(1, "INBOX"), (2, "Sent"), (3, "Sent")] {
        server.deliver("alice", folder, &mail(n));
        let id = MessageId::new(&format!("{n}@example.org")).unwrap();
        while store.raw(&id).unwrap().is_none() {
            wait_for(&statuses, is_current);
        }
    }
    supervisor.stop();
}

#[test]
fn a_connection_that_was_refused_comes_back_after_a_nudge_or_by_itself() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let mut account = server.account("alice");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    account.imap.port = closed;
    let (supervisor, statuses) = start(&store, account, configured());
    let offline = wait_for(&statuses, |s| s.state == Connectivity::Offline);
    assert!(offline.message.contains("refused") && offline.message.contains("main"), "{offline:?}");
    assert!(offline.next_try.is_some());
    supervisor.nudge();
    wait_for(&statuses, |s| s.state == Connectivity::Offline);
    supervisor.stop();
}

/// Gives a wrong password until it is told the right one.
struct Fickle(Mutex<String>);

impl SecretProvider for Fickle {
    fn secret(&self, _: &AccountId, _: &Endpoint) -> Result<String, SyncError> {
        Ok(self.0.lock().unwrap().clone())
    }
}

#[test]
fn a_wrong_password_blocks_until_somebody_nudges() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let secrets = Arc::new(Fickle(Mutex::new("wrong".to_owned())));
    let (supervisor, statuses) = start(&store, server.account("alice"), secrets.clone());
    let blocked = wait_for(&statuses, |s| s.state == Connectivity::Blocked);
    assert!(blocked.message.contains("main") && blocked.message.contains("localhost"), "{blocked:?}");
    assert!(!blocked.message.contains("wrong"), "{blocked:?}");
    *secrets.0.lock().unwrap() = PASSWORD.to_owned();
    supervisor.nudge();
    wait_for(&statuses, is_current);
    supervisor.stop();
}

struct Count {
    runs: std::sync::mpsc::Sender<u32>,
    n: u32,
}

impl Errand for Count {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        // Whoever has looked into the log's folder is told of it.
        connection.log().read()?;
        self.n += 1;
        let _ = self.runs.send(self.n);
        Ok(())
    }
}

#[test]
fn errands_run_at_the_start_after_nudges_and_when_their_folder_changes() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let (send, runs) = channel();
    let send = Mutex::new(send);
    let supervisor = Supervisor::start_with(
        store,
        vec![server.account("alice").into()],
        configured(),
        Box::new(move |_, _| Ok(vec![Box::new(Count { runs: send.lock().unwrap().clone(), n: 0 })])),
        |_| {},
    );
    assert_eq!(runs.recv_timeout(LONG).unwrap(), 1);
    supervisor.nudge();
    let nudged = runs.recv_timeout(LONG).unwrap();
    assert!(nudged >= 2);
    server.deliver("alice", "Postroom", &mail(1));
    assert!(runs.recv_timeout(LONG).unwrap() > nudged);
    supervisor.stop();
}

/// Waits until a folder, which `session` has open, holds a mail.
fn wait_for_mail(session: &mut Session) {
    while session.search("ALL").unwrap().is_empty() {
        assert_eq!(session.idle(LONG).unwrap(), IdleEnd::Changed, "nothing comes");
    }
}

#[test]
fn a_log_folder_that_somebody_empties_or_remakes_is_filled_again_while_the_program_runs() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let target = Target::on(id(1));
    let _ = store.commit(vec![NewOperation::new(Known::Assign { to: None }, vec![target])]).unwrap();
    server.session("alice").create("Postroom").unwrap();
    let mut other = server.session("alice");
    other.select("Postroom").unwrap();
    let errand = |store: &Store, _: &Account| -> Result<Vec<Box<dyn Errand>>, SyncError> {
        Ok(vec![Box::new(LogErrand::new(store, Arc::new(|_| {})))])
    };
    let accounts = vec![server.account("alice").into()];
    let supervisor = Supervisor::start_with(store.clone(), accounts, configured(), Box::new(errand), |_| {});
    wait_for_mail(&mut other);
    for _ in 0..2 {
        let all = other.search("ALL").unwrap();
        other.remove(&all).unwrap();
        wait_for_mail(&mut other);
    }
    let mut third = server.session("alice");
    third.delete("Postroom").unwrap();
    third.create("Postroom").unwrap();
    third.select("Postroom").unwrap();
    wait_for_mail(&mut third);
    supervisor.stop();
}

#[test]
fn a_mail_that_ends_the_connection_does_not_keep_the_screen_offline() {
    let server = Faulty::start(60);
    server.fail(33, At::Content, Fail::HangUp);
    server.folder("Broken", 1..=2);
    server.state.lock().unwrap().closed.insert("Broken".to_owned(), "EXAMINE");
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let mut account = crate::support::dovecot::account(server.endpoint());
    account.folders = vec!["Broken".to_owned()];
    let (supervisor, statuses) = start(&store, account, configured());
    let told = wait_for(&statuses, |s| is_current(s) && !s.troubles.is_empty());
    let of = |what: &str| told.troubles.iter().any(|trouble| trouble.text.contains(what));
    assert!(of("Broken can't be read") && of("mail 33"), "{told:?}");
    for n in 1..=60 {
        let found = store.raw(&MessageId::new(&format!("{n}@example.org")).unwrap()).unwrap();
        assert!(found.is_some(), "{n}");
    }
    supervisor.stop();
}

#[test]
fn a_login_test_tells_what_the_server_is() {
    let Some(server) = Dovecot::start() else { return };
    let mut account = server.account("alice");
    let found = test_login(&account, PASSWORD).unwrap();
    assert_eq!(found.sent.as_deref(), Some("Sent"));
    assert!(found.folders.iter().any(|f| f.name == "INBOX"));
    assert!(found.capabilities.iter().any(|c| c == "IDLE"));
    account.imap = server.endpoint("alice", Security::Tls);
    account.imap.ca_file = None;
    let error = test_login(&account, PASSWORD).unwrap_err();
    assert!(error.message().contains("certificate") && error.advice().contains("ca_file"), "{error}");
}
