//! A server that was put back to an older state: its numbers go back, and UIDs name other mails than before.

use crate::support::desk::author;
use crate::support::dovecot::{Dovecot, PASSWORD};
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::conversation::{Item, MessageItem};
use postroom::model::ids::MessageId;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::{Store, StoreOptions};
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::once::sync_once;
use postroom::sync::imap::{Pass, Waker};

const USER: &str = "alice";

/// The three kinds of server: what they lack.
const KINDS: [&[&str]; 3] = [&[], &["QRESYNC"], &["QRESYNC", "CONDSTORE", "LIST-STATUS", "LIST-EXTENDED"]];

struct Desk {
    _dir: tempfile::TempDir,
    store: Store,
    clock: Clock,
    server: Dovecot,
    account: ImapAccount,
}

impl Desk {
    fn new(server: Dovecot) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
        let author = author("alice", clock.clone(), Ids::default());
        let options = StoreOptions { author, team: Team::default(), history_after: 0 };
        let store = Store::open(dir.path(), options).unwrap();
        let account = server.account(USER);
        Self { _dir: dir, store, clock, server, account }
    }

    fn deliver(&self, ids: &[&str]) {
        self.deliver_to("INBOX", ids);
    }

    fn deliver_to(&self, folder: &str, ids: &[&str]) {
        for id in ids {
            self.server.deliver(USER, folder, &mail(id));
        }
    }

    fn sync(&self) -> Pass {
        sync_once(&self.store, &self.account, PASSWORD, &mut |_| {}, &Waker::new().unwrap()).unwrap()
    }

    fn message(&self, id: &str) -> Option<MessageItem> {
        let conversation = self.store.conversation_of(&mid(id)).unwrap()?;
        let items = self.store.conversation(&conversation, 100).unwrap()?.items;
        items.into_iter().find_map(|item| match item {
            Item::Message(message) if message.id == mid(id) => Some(*message),
            _ => None,
        })
    }

    /// Asserts that these mails can be read, and whether the server has them.
    fn assert_readable(&self, ids: &[&str], gone: bool, what: &str) {
        for id in ids {
            let message = self.message(id).unwrap_or_else(|| panic!("{what}: {id} can't be read"));
            assert_eq!(message.gone, gone, "{what}: {id}");
            assert!(message.body.snippet(80).as_str().contains(&format!("Body of {id}")), "{what}: {message:?}");
        }
    }

    /// Asserts that the store has what the server has, each at its UID.
    fn assert_agrees(&self, what: &str) {
        let mut session = self.server.session(USER);
        session.examine("INBOX").unwrap();
        let mut uids = session.search("ALL").unwrap();
        uids.sort_unstable();
        let folders = self.store.folders(&self.account.id).unwrap();
        let inbox = folders.iter().find(|folder| folder.name == "INBOX").unwrap();
        assert_eq!(self.store.uids(inbox.id).unwrap(), uids, "{what}");
        for (uid, message, _) in self.store.highest(inbox.id, 100).unwrap() {
            let found = session.search_message_id(message.as_str()).unwrap();
            assert!(found.contains(&uid), "{what}: {message} is not at {uid}");
        }
    }
}

fn mid(id: &str) -> MessageId {
    MessageId::new(&format!("{id}@example.org")).unwrap()
}

fn mail(id: &str) -> String {
    format!(
        "From: Carol <{id}@example.org>\nTo: support@example.com\nSubject: Question {id}\nMessage-ID: <{id}@example.org>\n\nBody of {id}\n"
    )
}

const FIRST: [&str; 5] = ["a1", "a2", "a3", "a4", "a5"];
const LOST: [&str; 4] = ["b1", "b2", "b3", "b4"];

/// Five mails, a backup, four more, and the backup put back.
fn restored(server: Dovecot, indexes: bool) -> Desk {
    let desk = Desk::new(server);
    desk.deliver(&FIRST);
    let backup = desk.server.back_up(USER);
    desk.deliver(&LOST);
    assert_eq!(desk.sync().fetched(), 9);
    if indexes {
        backup.restore()
    } else {
        backup.restore_without_indexes()
    }
    desk
}

/// Mails that come after the restore.
fn others(n: usize) -> Vec<String> {
    (1..=n).map(|n| format!("c{n}")).collect()
}

fn assert_all_there(desk: &Desk, new: &[&str], what: &str) {
    let report = desk.sync();
    assert_eq!(report.new_messages(), new.len(), "{what}: {report:?}");
    assert_eq!(report.folders[0].lost, LOST.len(), "{what}: {report:?}");
    assert_eq!(report.warnings.len(), 1, "{what}: it is told");
    desk.assert_agrees(what);
    desk.assert_readable(&FIRST, false, what);
    desk.assert_readable(new, false, what);
    desk.assert_readable(&LOST, true, what);
    let again = desk.sync();
    assert_eq!((again.fetched(), again.warnings.len()), (0, 0), "{what}: once is enough: {again:?}");
    desk.assert_agrees(what);
    desk.assert_readable(&LOST, true, what);
}

#[test]
fn mail_that_reuses_uids_appears_and_what_the_backup_lost_stays_readable() {
    for lacks in KINDS {
        for indexes in [true, false] {
            for n in [0, 3, 6] {
                let Some(server) = Dovecot::without(lacks) else { return };
                let desk = restored(server, indexes);
                let others = others(n);
                let new: Vec<&str> = others.iter().map(String::as_str).collect();
                desk.deliver(&new);
                assert_all_there(&desk, &new, &format!("{n} others, {lacks:?}, indexes {indexes}"));
            }
        }
    }
}

#[test]
fn a_restored_dbox_is_no_other() {
    let Some(server) = Dovecot::with_format("sdbox", "") else { return };
    let desk = restored(server, true);
    desk.deliver(&["c1", "c2", "c3"]);
    assert_all_there(&desk, &["c1", "c2", "c3"], "sdbox");
}

#[test]
fn a_restore_that_leaves_every_number_as_it_was_shows_within_minutes() {
    for lacks in KINDS {
        let Some(server) = Dovecot::without(lacks) else { return };
        let desk = restored(server, true);
        let new = ["c1", "c2", "c3", "c4"];
        desk.deliver(&new);
        desk.clock.advance(11 * 60_000);
        assert_all_there(&desk, &new, &format!("{lacks:?}"));
    }
}

#[test]
fn what_the_team_did_to_lost_mail_stays() {
    let Some(server) = Dovecot::start() else { return };
    let desk = restored(server, true);
    let me = desk.store.author().actor.clone();
    let target = Target::on(mid("b2"));
    let _ = desk.store.commit(vec![NewOperation::new(Known::Assign { to: Some(me.clone()) }, vec![target])]).unwrap();
    desk.deliver(&["c1"]);
    desk.sync();
    let id = desk.store.conversation_of(&mid("b2")).unwrap().unwrap();
    assert_eq!(desk.store.conversation(&id, 10).unwrap().unwrap().row.assignee, Some(me));
}

#[test]
fn a_mail_that_the_backup_has_in_another_folder_is_not_gone() {
    let Some(server) = Dovecot::start() else { return };
    let mut desk = Desk::new(server);
    desk.account.folders = vec!["Archive".to_owned()];
    desk.server.session(USER).create("Archive").unwrap();
    desk.deliver(&FIRST);
    let backup = desk.server.back_up(USER);
    desk.sync();
    let mut session = desk.server.session(USER);
    session.select("INBOX").unwrap();
    session.uid_move("4:5", "Archive").unwrap();
    session.logout();
    desk.sync();
    backup.restore();
    desk.deliver(&["c1"]);
    let report = desk.sync();
    assert_eq!((report.new_messages(), report.warnings.len()), (1, 0), "{report:?}");
    desk.assert_agrees("moved");
    desk.assert_readable(&FIRST, false, "moved");
}

#[test]
fn mails_of_one_id_are_told_apart() {
    let Some(server) = Dovecot::start() else { return };
    let desk = Desk::new(server);
    let same = |text: &str| {
        format!("From: {text}@example.org\nSubject: {text}\nMessage-ID: <form@shop.example>\n\nBody of {text}\n")
    };
    desk.deliver(&FIRST);
    let backup = desk.server.back_up(USER);
    desk.server.deliver(USER, "INBOX", &same("one"));
    desk.sync();
    backup.restore();
    desk.server.deliver(USER, "INBOX", &same("two"));
    desk.clock.advance(11 * 60_000);
    let report = desk.sync();
    assert_eq!((report.new_messages(), report.folders[0].lost), (1, 1), "{report:?}");
}

/// Two mails that a form sent under one Message-ID, with equal headers.
fn orders() -> [String; 2] {
    ["Order 1", "Order 2, express please"].map(|text| {
        format!(
            "From: Form <form@shop.example>\nTo: support@example.com\nSubject: New order\n\
             Date: Fri, 27 Nov 2026 09:00:00 +0000\nMessage-ID: <f07@example.org>\n\n{text}\n"
        )
    })
}

/// The texts of the messages of their conversation, and whether each says that it shares its id.
fn told(desk: &Desk) -> Vec<(String, bool, bool)> {
    let conversation = desk.store.conversation_of(&mid("f07")).unwrap().unwrap();
    let items = desk.store.conversation(&conversation, 100).unwrap().unwrap().items;
    let mut told: Vec<(String, bool, bool)> = items
        .iter()
        .filter_map(|item| match item {
            Item::Message(message) => {
                Some((message.body.snippet(80).to_string(), message.shares.len() == 1, message.gone))
            }
            _ => None,
        })
        .collect();
    told.sort();
    told
}

#[test]
fn two_mails_of_one_id_are_both_there_and_a_restored_or_moved_folder_finds_both() {
    let both = [("Order 1".to_owned(), true, false), ("Order 2, express please".to_owned(), true, false)];
    for kind in KINDS {
        let Some(server) = Dovecot::without(kind) else { return };
        let mut desk = Desk::new(server);
        desk.account.folders = vec!["Orders".to_owned()];
        let _ = desk.server.session(USER).create("Orders");
        desk.deliver(&["a1"]);
        for order in orders() {
            desk.server.deliver(USER, "INBOX", &order);
        }
        let backup = desk.server.back_up(USER);
        desk.deliver(&["b1"]);
        assert_eq!(desk.sync().fetched(), 4, "{kind:?}");
        assert_eq!(told(&desk), both, "{kind:?}");
        backup.restore();
        desk.deliver(&["c1", "c2"]);
        let report = desk.sync();
        assert_eq!(report.folders.iter().map(|folder| folder.lost).sum::<usize>(), 1, "{kind:?}: {report:?}");
        assert_eq!(told(&desk), both, "{kind:?}: restored");
        desk.assert_agrees("restored");
        let mut session = desk.server.session(USER);
        session.select("INBOX").unwrap();
        let uids: Vec<String> =
            session.search_message_id("f07@example.org").unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(uids.len(), 2);
        let _ = session.uid_move(&uids.join(","), "Orders").unwrap();
        session.logout();
        desk.sync();
        assert_eq!(told(&desk), both, "{kind:?}: moved");
        let again = desk.sync();
        assert_eq!(again.fetched(), 0, "{kind:?}: once is enough: {again:?}");
    }
}
