use super::*;
use crate::model::agent::Team;
use crate::model::clock::{Clock, Ids};
use crate::model::ids::{AccountId, Handle, MessageId};
use crate::op::record::Author;
use crate::store::{Delivery, NewOutgoing, Recipient, StoreOptions};

#[test]
fn a_mail_is_filed_when_its_time_has_come_and_not_before() {
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
        out: false,
    };
    let copy = b"Message-ID: <a@x>\r\nFrom: support@shop.example\r\nSubject: x\r\n\r\nhello\r\n".to_vec();
    let (to, subject) = ("Carla".to_owned(), "x".to_owned());
    let new = NewOutgoing { message_id: id.clone(), conversation: None, to, subject, due, copy, delivery };
    let queued = store.queue(&new).unwrap();
    assert_eq!(deliver(&store).unwrap(), 0);
    clock.advance(10_000);
    assert_eq!(deliver(&store).unwrap(), 1);
    assert_eq!(store.outgoing_by_id(queued.id).unwrap().unwrap().state, OutState::Filed);
    assert!(store.has_message(&id).unwrap());
    assert_eq!(deliver(&store).unwrap(), 0);
}
