use std::collections::BTreeMap;

use super::*;
use crate::model::clock::Timestamp;
use crate::op::record::NewOperation;
use crate::store::testing::{Bench, START, main};
use crate::store::{LogLine, LogPlace};

fn share(bench: &Bench, name: &str, text: &str) {
    let op = Known::SavedReply { name: name.into(), text: text.into() };
    let _ = bench.store.commit(vec![NewOperation::new(op, Vec::new())]).unwrap();
}

#[test]
fn a_shared_reply_knows_who_shared_what_counts_of_it_and_when() {
    let (alice, bob) = (Bench::of("alice", 1), Bench::of("bob", 2));
    share(&alice, "hello", "Hi");
    let place = LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 };
    let json = alice.store.unpushed(1).unwrap().remove(0).1;
    let _ = bob.store.ingest_log(&main(), vec![LogLine { place, json }]).unwrap();
    let found = |bench: &Bench| bench.store.saved_replies().unwrap().remove(0);
    assert_eq!((found(&bob).by.who.as_str(), found(&bob).by.at), ("alice", Timestamp::from_seconds(START)));
    share(&bob, "hello", "Good day");
    assert_eq!((found(&bob).by.who.as_str(), found(&bob).text.as_str()), ("bob", "Good day"));
    let _ = bob.store.undo().unwrap().unwrap();
    assert_eq!((found(&bob).by.who.as_str(), found(&bob).text.as_str()), ("alice", "Hi"));
}

#[test]
fn what_was_seen_of_a_reply_is_known_after_a_restart_by_the_agent_who_saw_it() {
    let bench = Bench::new();
    bench.store.reply_is_seen("Refund", "old").unwrap();
    bench.store.reply_is_seen("REFUND", "new").unwrap();
    bench.store.reply_is_seen("Hours", "9 to 5").unwrap();
    let expected = BTreeMap::from([("hours".into(), "9 to 5".into()), ("refund".into(), "new".into())]);
    assert_eq!(bench.again().seen_replies().unwrap(), expected);
    let bob = Store::open(bench.dir.path(), super::super::testing::options("bob", 7)).unwrap();
    assert_eq!(bob.seen_replies().unwrap(), BTreeMap::new());
}
