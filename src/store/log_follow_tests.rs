use super::*;
use crate::model::ids::Tag;
use crate::op::operation::Known;
use crate::store::testing::Bench;

fn bench() -> Bench {
    let bench = Bench::new();
    for n in 0..3 {
        bench.mail(n, &format!("m{n}@x"), "c@example.net", &format!("Order {n}"), &[]);
    }
    bench.finish();
    bench
}

fn tag(bench: &Bench, message: &str) {
    let _ = bench.act(message, Known::Tag { add: [Tag::new("late").unwrap()].into(), remove: Default::default() });
}

fn kinds(bench: &Bench, behind: LogPoint, wanted: &LogWanted) -> (Vec<String>, LogPoint) {
    let (entries, next) = bench.store.log_behind(behind, wanted).unwrap();
    (entries.into_iter().map(|(_, entry)| entry.kind).collect(), next)
}

#[test]
fn records_come_once_in_the_order_in_which_they_got_here() {
    let bench = bench();
    let all = LogWanted::default();
    tag(&bench, "m0@x");
    let end = bench.store.log_end().unwrap();
    assert_eq!(kinds(&bench, end, &all), (Vec::new(), end));
    tag(&bench, "m1@x");
    let _ = bench.act("m1@x", Known::Title { text: "Late".into() });
    let (entries, next) = bench.store.log_behind(end, &all).unwrap();
    assert_eq!(entries.iter().map(|(_, entry)| entry.kind.as_str()).collect::<Vec<_>>(), ["tag", "title"]);
    assert_eq!(entries.last().unwrap().0, next);
    let behind_first = bench.again().log_point(&entries[0].0.cursor()).unwrap().unwrap();
    assert_eq!(kinds(&bench, behind_first, &all).0, ["title"]);
    assert_eq!(kinds(&bench, next, &all), (Vec::new(), next));
}

#[test]
fn a_cursor_of_another_store_is_not_known() {
    let (bench, other) = (bench(), Bench::of("alice", 500));
    tag(&bench, "m0@x");
    let cursor = bench.store.log_end().unwrap().cursor();
    assert_eq!(other.store.log_point(&cursor).unwrap(), None);
    for wrong in ["", "1", "1-zz", "-1-1"] {
        assert_eq!(bench.store.log_point(wrong).unwrap(), None, "{wrong}");
    }
    assert_eq!(bench.store.log_point(&LogPoint::BEGIN.cursor()).unwrap(), Some(LogPoint::BEGIN));
}

#[test]
fn records_are_chosen_by_agent_kind_time_and_conversation() {
    let bench = bench();
    tag(&bench, "m0@x");
    let _ = bench.act("m0@x", Known::Title { text: "Late".into() });
    tag(&bench, "m1@x");
    let chosen = |wanted: LogWanted| kinds(&bench, LogPoint::BEGIN, &wanted).0.len();
    let now = bench.store.author().clock.now();
    assert_eq!(chosen(LogWanted { kind: Some("tag".into()), ..LogWanted::default() }), 2);
    assert_eq!(chosen(LogWanted { conversation: Some(bench.id("m0@x")), ..LogWanted::default() }), 2);
    assert_eq!(chosen(LogWanted { actor: Handle::new("bob").ok(), ..LogWanted::default() }), 0);
    assert_eq!(chosen(LogWanted { actor: Handle::new("alice").ok(), ..LogWanted::default() }), 3);
    assert_eq!(chosen(LogWanted { since: Some(now), ..LogWanted::default() }), 3);
    assert_eq!(chosen(LogWanted { since: Some(now.plus(1)), ..LogWanted::default() }), 0);
}
