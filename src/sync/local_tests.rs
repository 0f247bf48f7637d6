use super::*;
use crate::config::Account;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{AccountId, Handle, MessageId};
use crate::model::reply::{OutState, Outgoing};
use crate::op::record::Author;
use crate::store::{Content, Delivery, FolderRole, Incoming, NewOutgoing, Recipient, StoreOptions};
use crate::sync::serverless::deliver;

/// A store with a mail that is due ten seconds after its clock, and the account that it goes out by.
fn with_mail() -> (tempfile::TempDir, Clock, Store, Outgoing, [Account; 1]) {
    let dir = tempfile::tempdir().unwrap();
    let clock = Clock::fixed(Timestamp(1_000_000));
    let author = Author {
        actor: Handle::new("alice").unwrap(),
        host: "box".to_owned(),
        clock: clock.clone(),
        ids: Ids::counted(1),
    };
    let store = Store::open(dir.path(), StoreOptions { author, team: Team::default(), history_after: 0 }).unwrap();
    let id = MessageId::new("a@x").unwrap();
    let due = Timestamp(1_010_000);
    let delivery = Delivery {
        account: AccountId::new("demo").unwrap(),
        from: "support@shop.example".to_owned(),
        recipients: vec![Recipient::new("carla@x.example")],
        utf8: false,
        anchor: None,
        as_of: None,
        seen_op: None,
        then: None,
        waits_since: due,
        anyway: false,
        draft: None,
        fixed: false,
        gone: false,
        copied: false,
        out: false,
    };
    let copy = b"Message-ID: <a@x>\r\nFrom: support@shop.example\r\nSubject: x\r\n\r\nhello\r\n".to_vec();
    let (to, subject) = ("Carla".to_owned(), "x".to_owned());
    let new = NewOutgoing { message_id: id.clone(), conversation: None, to, subject, due, copy, delivery };
    let queued = store.queue(&new).unwrap();
    let accounts = [Account { id: AccountId::new("demo").unwrap(), remote: crate::config::Remote::Local }];
    (dir, clock, store, queued, accounts)
}

fn state(store: &Store, mail: &Outgoing) -> OutState {
    store.outgoing_by_id(mail.id).unwrap().unwrap().state
}

#[test]
fn a_mail_is_filed_when_its_time_has_come_and_not_before() {
    let (_dir, clock, store, queued, accounts) = with_mail();
    assert_eq!(deliver(&store, &accounts).unwrap(), 0);
    clock.advance(10_000);
    assert_eq!(deliver(&store, &accounts).unwrap(), 1);
    assert_eq!(state(&store, &queued), OutState::Filed);
    assert!(store.has_message(&queued.message_id).unwrap());
    assert_eq!(deliver(&store, &accounts).unwrap(), 0);
}

#[test]
fn a_mail_that_a_process_left_in_the_middle_of_sending_is_filed_once_whether_it_was_out_or_not() {
    for is_out in [false, true] {
        let (_dir, clock, store, queued, accounts) = with_mail();
        clock.advance(10_000);
        assert!(store.begin_sending(queued.id, None).unwrap());
        if is_out {
            assert!(store.mark_out(queued.id).unwrap());
        }
        assert_eq!(deliver(&store, &accounts).unwrap(), 1, "{is_out}");
        assert_eq!(state(&store, &queued), OutState::Filed);
        let sent = store.folder(&accounts[0].id, "Sent", crate::store::FolderRole::Sent).unwrap();
        assert_eq!(store.uids(sent.id).unwrap().len(), 1);
    }
}

#[test]
fn beside_an_account_with_a_server_nothing_goes_out_by_one_without() {
    let (_dir, clock, store, queued, [local]) = with_mail();
    clock.advance(10_000);
    let other =
        Account { id: AccountId::new("main").unwrap(), remote: crate::config::Remote::Scripted("none".to_owned()) };
    assert_eq!(deliver(&store, &[local, other]).unwrap(), 0);
    assert_eq!(state(&store, &queued), OutState::Held);
}

#[test]
fn without_a_server_nobody_is_told_what_was_opened_and_nothing_waits_to_be_told() {
    let (_dir, _, store, _, accounts) = with_mail();
    let account = &accounts[0].id;
    let mail =
        b"Message-ID: <q@c.example>\r\nFrom: Carla <carla@c.example>\r\nSubject: Parcel\r\n\r\nWhere?\r\n".to_vec();
    let (size, content, arrived) = (mail.len() as u64, Content::Whole(mail), Timestamp(1_000_000));
    let folder = store.folder(account, "INBOX", FolderRole::Inbox).unwrap();
    store
        .ingest(folder.id, vec![Incoming { uid: 1, flags: Vec::new(), arrived, size, modseq: None, content }])
        .unwrap();
    let id = store.conversation_of(&MessageId::new("q@c.example").unwrap()).unwrap().unwrap();
    assert!(store.note_opened(&id).unwrap());
    let waits = || store.flags_wanted(account, Timestamp(i64::MAX)).unwrap().len();
    assert_eq!(waits(), 1);
    crate::sync::serverless::settle(&store, &accounts).unwrap();
    assert_eq!(waits(), 0);
}
