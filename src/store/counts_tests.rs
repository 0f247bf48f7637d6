use super::super::testing::{Desk, mid, options};
use crate::model::ids::Tag;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::store::Store;

fn tag(store: &Store, on: &str) {
    let add = [Tag::new("late").unwrap()].into();
    let op = Known::Tag { add, remove: Default::default() };
    let _ = store.commit(vec![NewOperation::new(op, vec![Target::on(mid(on))])]).unwrap();
}

#[test]
fn what_waits_is_counted_by_account_and_that_of_an_account_that_is_gone_apart() {
    let desk = Desk::both("alice", 1);
    desk.mail("support", 1, "a@x", &[]);
    desk.mail("sales", 2, "b@x", &[]);
    desk.mail("sales", 3, "c@x", &[]);
    ["a@x", "b@x", "c@x"].iter().for_each(|on| tag(&desk.bench.store, on));
    let me = desk.bench.store.author().actor.clone();
    let counts = desk.bench.store.counts(&me).unwrap();
    assert_eq!(counts.to_push, 3);
    assert_eq!(counts.waiting, [("main".to_owned(), 1), ("second".to_owned(), 2)].into());
    assert!(counts.orphaned.is_empty());

    let alone = Store::open(desk.bench.dir.path(), options("alice", 9)).unwrap();
    let counts = alone.counts(&me).unwrap();
    assert_eq!((counts.to_push, &counts.orphaned), (1, &[("second".to_owned(), 2)].into()));
    assert_eq!(alone.check().unwrap(), Vec::<String>::new());
}
