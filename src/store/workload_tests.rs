use std::collections::BTreeSet;

use super::super::testing::Bench;
use super::*;
use crate::model::clock::Timestamp;

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

fn known(bench: &Bench, of: Option<&str>, who: &str) -> Workload {
    let of = of.map(|message| bench.id(message));
    bench.store.workloads(of.as_ref()).unwrap().remove(&handle(who)).unwrap()
}

fn note() -> Known {
    Known::Note { text: "who knows her?".into(), mentions: BTreeSet::new() }
}

#[test]
fn a_load_is_what_the_view_of_theirs_counts() {
    let bench = Bench::new();
    for n in 0..3 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), "A question", &[]);
        let _ = bench.act(&format!("m{n}@x"), Known::Assign { to: Some(handle("bob")) });
    }
    let _ = bench.act("m0@x", Known::SetStatus { to: crate::model::status::Status::Closed });
    assert_eq!(known(&bench, None, "bob").open, 2);
    assert_eq!(
        known(&bench, None, "alice"),
        Workload { heard: known(&bench, None, "alice").heard, ..Workload::default() }
    );
}

#[test]
fn somebody_is_heard_of_by_what_they_did_last_and_whoever_did_nothing_never() {
    let bench = Bench::new();
    bench.mail(0, "m@x", "ana@example.net", "A question", &[]);
    assert_eq!(known(&bench, None, "alice").heard, None);
    let _ = bench.act("m@x", note());
    let now = bench.store.author().clock.now();
    assert_eq!((known(&bench, None, "alice").heard, known(&bench, None, "bob").heard), (Some(now), None));
    let alice = known(&bench, None, "alice");
    assert!(!alice.is_away(now.plus(5 * Timestamp::DAY)) && alice.is_away(now.plus(7 * Timestamp::DAY)));
    assert!(!known(&bench, None, "bob").is_away(now), "nothing is known of bob");
}

#[test]
fn what_a_machine_does_by_itself_says_nothing_of_whose_it_is() {
    let bench = Bench::new();
    let op = Known::Claim { what: "mail".into(), key: "k".into(), over: None };
    let _ = bench.store.commit(vec![crate::op::record::NewOperation::new(op, Vec::new())]).unwrap();
    assert_eq!(known(&bench, None, "alice").heard, None);
}

#[test]
fn a_note_tells_that_somebody_knows_it_and_another_conversation_of_the_customer_counts_for_more() {
    let bench = Bench::new();
    bench.mail(0, "one@x", "ana@example.net", "A question", &[]);
    bench.mail(1, "two@x", "ana@example.net", "Something else", &[]);
    bench.mail(2, "three@x", "ben@example.net", "Of another customer", &[]);
    let _ = bench.act("three@x", Known::Assign { to: Some(handle("bob")) });
    let _ = bench.act("one@x", note());
    assert_eq!(known(&bench, Some("one@x"), "alice").part, Some(Part::Noted));
    assert_eq!(known(&bench, Some("one@x"), "bob").part, None);
    let _ = bench.act("two@x", Known::Assign { to: Some(handle("bob")) });
    assert_eq!(known(&bench, Some("one@x"), "bob").part, Some(Part::HasAnother));
    let _ = bench.act("two@x", Known::Assign { to: Some(handle("alice")) });
    assert_eq!(known(&bench, Some("one@x"), "alice").part, Some(Part::HasAnother));
    assert_eq!(known(&bench, Some("two@x"), "alice").part, None, "the one that is asked about is no other one");
}

#[test]
fn an_answer_counts_for_most_and_one_that_was_undone_for_nothing() {
    let bench = Bench::new();
    bench.mail(0, "one@x", "ana@example.net", "A question", &[]);
    let reply = |message: &str| Known::Replied { message: super::super::testing::mid(message), then: None, hash: None };
    let _ = bench.act("one@x", Known::Follow { who: handle("bob"), on: true });
    let _ = bench.act("one@x", reply("answer@team"));
    assert_eq!(known(&bench, Some("one@x"), "alice").part, Some(Part::Answered));
    assert_eq!(known(&bench, Some("one@x"), "bob").part, Some(Part::Follows));
    assert_eq!(known(&bench, None, "bob").part, None);
}
