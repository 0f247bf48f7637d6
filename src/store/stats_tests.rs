use super::super::testing::{Bench, mid};
use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::status::Status;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;

#[test]
fn conversations_are_told_in_the_order_in_which_they_are_asked_for() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Lamp", &[]);
    bench.mail(1, "b@x", "ben@example.net", "Chair", &[]);
    let (a, b) = (bench.id("a@x"), bench.id("b@x"));
    let as_of = bench.store.rows(std::slice::from_ref(&a)).unwrap()[0].as_of.clone();
    let target = Target { as_of, ..Target::on(mid("a@x")) };
    let close = Known::SetStatus { to: Status::Closed };
    let _ = bench.store.commit(vec![NewOperation::new(close, vec![target])]).unwrap();
    let nowhere = ConversationId::of_root(&mid("nowhere@x"));
    let told = bench.store.stats(&[b, nowhere, a.clone()]).unwrap();
    // It was closed by a clock that stands still, in the second in which it came.
    let counts: Vec<(usize, usize)> = told.iter().map(|one| (one.waits.len(), one.closed.len())).collect();
    assert_eq!(counts, [(1, 0), (0, 0), (0, 1)]);
    assert_eq!(told[0].waits[0].end, None);
    assert_eq!(told[0].customers[0].as_str(), "ben@example.net");
    assert_eq!(told[2].closed[0].actor.as_ref().unwrap().as_str(), "alice");
    let row = &bench.store.rows(&[a]).unwrap()[0];
    assert!(row.created > Timestamp(0) && row.last_inbound == Some(row.created) && row.last_outbound.is_none());
}
