//! Mails of the team's log that stand where they don't belong, and mails that only look like such.

use crate::support::desk::{author, main};
use crate::support::dovecot::{Dovecot, PASSWORD};
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::MessageId;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::query::{self, Context};
use postroom::store::{Store, StoreOptions};
use postroom::sync::Waker;
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::log::imap_log::{ImapLog, LogSettings};
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::imap::log::session::{FolderName, SessionFolder};
use postroom::sync::imap::once::sync_once;

const USER: &str = "team";

fn store(dir: &tempfile::TempDir, agent: &str) -> Store {
    let author = author(agent, Clock::System, Ids::Random);
    Store::open(dir.path(), StoreOptions { author, team: Team::default(), history_after: 0 }).unwrap()
}

fn account(server: &Dovecot) -> ImapAccount {
    server.account(USER).with(|imap| imap.folders = vec!["All Mail".to_owned()])
}

/// Puts records on the log: one mail of one, and one of as many as are compressed. Returns all as they stand in the folder, the key first.
fn log_mails(server: &Dovecot, store: &Store) -> Vec<Vec<u8>> {
    let mut session = server.session(USER);
    for many in [1, 400] {
        let on = |n: usize| Target::on(MessageId::new(&format!("m{n}.{many}@example.org")).unwrap());
        let operations = (0..many).map(|n| NewOperation::new(Known::Assign { to: None }, vec![on(n)])).collect();
        let _ = store.commit(operations).unwrap();
        sync_log_once(store, &account(server), &mut session).unwrap();
    }
    session.select("Postroom").unwrap();
    session.uid_fetch_full("1:*").unwrap().into_iter().filter_map(|mail| mail.body).collect()
}

fn sync(account: &ImapAccount, agent: &str) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir, agent);
    sync_once(&store, account, PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap();
    (dir, store)
}

/// What the list of all conversations shows: their subjects.
fn shown(store: &Store) -> Vec<String> {
    let context =
        Context { me: store.author().actor.clone(), now: store.author().clock.now(), zone: jiff::tz::TimeZone::UTC };
    let ids = store.ids(&query::parse("").unwrap(), &context).unwrap();
    let row = |id| store.conversation(&id, 1).unwrap().unwrap().row;
    let mut subjects: Vec<String> = ids.into_iter().map(|id| row(id).title.as_str().to_owned()).collect();
    subjects.sort();
    subjects
}

fn put(server: &Dovecot, folder: &str, mails: &[Vec<u8>]) {
    let mut session = server.session(USER);
    let _ = session.create(folder);
    for mail in mails {
        session.append(folder, &[], None, mail).unwrap();
    }
    session.logout();
}

fn lines(store: &Store) -> usize {
    store.log_lines(&main(), None, 1000).unwrap().len()
}

#[test]
fn a_log_mail_is_no_message_wherever_it_stands_and_counts_for_nothing_there() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let mut mails = log_mails(&server, &store(&dir, "alice"));
    assert_eq!(mails.len(), 3, "the key is one too");
    mails.push(snapshot(&server, &store(&dir, "alice")));
    put(&server, "INBOX", &mails);
    put(&server, "All Mail", &mails);
    put(&server, "INBOX", &[b"From: c@example.org\r\nSubject: Lamp\r\nMessage-ID: <1@x>\r\n\r\nHi\r\n".to_vec()]);
    for body_limit in [1 << 20, 200] {
        let account = account(&server).with(|imap| imap.body_limit = body_limit);
        let (_dir, store) = sync(&account, "bob");
        assert_eq!(shown(&store), ["Lamp"], "{body_limit}");
        assert_eq!(lines(&store), 0, "no records come from there");
        let again = sync_once(&store, &account, PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap();
        assert_eq!(again.fetched(), 0, "{body_limit}: each is fetched once");
        assert_eq!(shown(&store), ["Lamp"], "{body_limit}");
    }
}

#[test]
fn what_only_looks_like_a_log_mail_is_shown() {
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let alice = store(&dir, "alice");
    let mails = log_mails(&server, &alice);
    let text = String::from_utf8(mails[1].clone()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let id = head.lines().find(|line| line.starts_with("Message-ID:")).unwrap();
    let forged = |subject: &str, id: &str, body: &str| {
        format!("From: c@example.org\r\nSubject: {subject}\r\n{id}\r\nAuto-Submitted: auto-generated\r\n\r\n{body}")
            .into_bytes()
    };
    let other = id.replace(|c: char| c.is_ascii_digit(), "0");
    let long = "I wrote to you last week.\r\n".repeat(20);
    put(
        &server,
        "INBOX",
        &[
            forged("[postroom] quotes it", "Message-ID: <2@x>", body),
            forged("[postroom] has its id and says something else", id, &long),
            forged("[postroom] has another id of that form", &other, body),
        ],
    );
    for body_limit in [1 << 20, 200] {
        let (_dir, store) = sync(&server.account(USER).with(|imap| imap.body_limit = body_limit), "bob");
        assert_eq!(shown(&store).len(), 3, "{body_limit}: {:?}", shown(&store));
    }
}

fn snapshot(server: &Dovecot, store: &Store) -> Vec<u8> {
    let settings = LogSettings::new(Address::new("", "support@example.com"));
    let mut log = ImapLog::new(store.clone(), main(), settings).unwrap();
    let (mut session, mut name) = (server.session(USER), FolderName::new("Postroom"));
    log.compact(&mut SessionFolder::new(&mut session, &mut name)).unwrap();
    let last = session.search("ALL").unwrap().pop().unwrap();
    session.uid_fetch_full(&last.to_string()).unwrap().remove(0).body.unwrap()
}
