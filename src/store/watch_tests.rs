use super::*;
use crate::model::ids::Tag;
use crate::op::operation::Known;
use crate::store::testing::{Bench, context, main, mid};
use crate::store::{LogLine, LogPlace};

fn query(text: &str) -> Query {
    crate::query::parse(text).unwrap()
}

fn bench() -> Bench {
    let bench = Bench::new();
    for n in 0..6 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    bench
}

fn tag(bench: &Bench, message: &str, add: &[&str], remove: &[&str]) {
    let tags = |names: &[&str]| names.iter().map(|name| Tag::new(name).unwrap()).collect();
    let _ = bench.act(message, Known::Tag { add: tags(add), remove: tags(remove) });
}

/// Looks, and returns what happened to which subject.
fn told(bench: &Bench, watch: &mut Watch, query: &Query) -> Vec<String> {
    while bench.store.look_at_watch(watch, query, &context(&bench.store)).unwrap() {}
    let events = bench.store.watch_events(watch, 100).unwrap();
    let title = |event: &WatchEvent| event.row.as_ref().map_or("-".to_owned(), |row| row.title.to_string());
    events.iter().map(|event| format!("{} {}", event.happening.name(), title(event))).collect()
}

#[test]
fn a_conversation_enters_changes_and_leaves() {
    let bench = bench();
    let query = query("tag:vip");
    tag(&bench, "m1@x", &["vip"], &[]);
    let mut watch = bench.store.watch(&query, &context(&bench.store), false).unwrap();
    assert_eq!(told(&bench, &mut watch, &query), ["begins -"]);
    tag(&bench, "m2@x", &["vip"], &[]);
    tag(&bench, "m3@x", &["other"], &[]);
    tag(&bench, "m1@x", &["late"], &[]);
    assert_eq!(told(&bench, &mut watch, &query), ["enters Order 2", "changes Order 1"]);
    tag(&bench, "m2@x", &[], &["vip"]);
    assert_eq!(told(&bench, &mut watch, &query), ["leaves Order 2"]);
    bench.mail(50, "a1@x", "c1@example.net", "Re: Order 1", &["m1@x"]);
    assert_eq!(told(&bench, &mut watch, &query), ["changes Order 1"]);
    assert_eq!(told(&bench, &mut watch, &query), [""; 0]);
}

#[test]
fn what_gets_its_place_on_the_log_is_no_change() {
    let bench = bench();
    let query = query("is:any");
    tag(&bench, "m1@x", &["before"], &[]);
    let mut watch = bench.store.watch(&query, &context(&bench.store), false).unwrap();
    let _ = told(&bench, &mut watch, &query);
    tag(&bench, "m2@x", &["behind"], &[]);
    assert_eq!(told(&bench, &mut watch, &query), ["changes Order 2"]);
    let lines: Vec<LogLine> = (1..)
        .zip(bench.store.unpushed(10).unwrap())
        .map(|(uid, (_, json))| LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json })
        .collect();
    assert_eq!(lines.len(), 2);
    bench.store.ingest_log(&main(), lines).unwrap();
    assert_eq!(told(&bench, &mut watch, &query), [""; 0]);
}

#[test]
fn a_merged_conversation_leaves_and_the_other_changes() {
    let bench = bench();
    let query = query("is:any");
    let mut watch = bench.store.watch(&query, &context(&bench.store), false).unwrap();
    let _ = told(&bench, &mut watch, &query);
    let _ = bench.act("m1@x", Known::Merge { into: mid("m2@x") });
    let mut events = told(&bench, &mut watch, &query);
    events.sort();
    assert_eq!(events.len(), 2, "{events:?}");
    assert!(events[0].starts_with("changes ") && events[1] == "leaves -", "{events:?}");
}

#[test]
fn a_cursor_leads_back_and_that_of_another_query_agent_or_store_does_not() {
    let bench = bench();
    let query = query("tag:vip");
    let here = context(&bench.store);
    let mut watch = bench.store.watch(&query, &here, false).unwrap();
    let cursor = bench.store.watch_events(&mut watch, 10).unwrap().remove(0).cursor;
    tag(&bench, "m2@x", &["vip"], &[]);
    let mut again = bench.again().watch_behind(&query, &here, &cursor).unwrap().unwrap();
    assert_eq!(told(&bench, &mut again, &query), ["enters Order 2"]);
    let other = crate::query::parse("tag:other").unwrap();
    assert_eq!(bench.store.watch_behind(&other, &here, &cursor).unwrap(), None);
    let bob = Context { me: crate::model::ids::Handle::new("bob").unwrap(), ..here.clone() };
    assert_eq!(bench.store.watch_behind(&query, &bob, &cursor).unwrap(), None);
    for wrong in ["", "x", "a-b-c", &format!("{cursor}0"), &cursor.replace('-', ".")] {
        assert_eq!(bench.store.watch_behind(&query, &here, wrong).unwrap(), None, "{wrong}");
    }
    let elsewhere = Bench::of("alice", 77);
    assert_eq!(elsewhere.store.watch_behind(&query, &here, &cursor).unwrap(), None);
}

#[test]
fn two_readers_of_one_query_get_the_same_and_one_that_begins_later_gets_what_is_new() {
    let bench = bench();
    let query = query("tag:vip");
    let here = context(&bench.store);
    let mut one = bench.store.watch(&query, &here, false).unwrap();
    let _ = told(&bench, &mut one, &query);
    tag(&bench, "m1@x", &["vip"], &[]);
    let mut two = bench.store.watch(&query, &here, false).unwrap();
    assert_eq!(told(&bench, &mut two, &query), ["begins -"]);
    tag(&bench, "m2@x", &["vip"], &[]);
    assert_eq!(told(&bench, &mut two, &query), ["enters Order 2"]);
    assert_eq!(told(&bench, &mut one, &query), ["enters Order 1", "enters Order 2"]);
    let mut all = bench.store.watch(&query, &here, true).unwrap();
    assert_eq!(told(&bench, &mut all, &query), ["begins -", "enters Order 1", "enters Order 2"]);
    tag(&bench, "m1@x", &[], &["vip"]);
    assert_eq!(told(&bench, &mut all, &query), ["leaves Order 1"]);
}

#[test]
fn what_time_brings_is_found_by_a_sweep() {
    let bench = bench();
    let query = query("newer:1h");
    let here = context(&bench.store);
    assert!(query.drifts() && !crate::query::parse("tag:x before:2026-01-01 -is:snoozed").unwrap().drifts());
    let mut watch = bench.store.watch(&query, &here, false).unwrap();
    assert_eq!(told(&bench, &mut watch, &query), ["begins -"]);
    let later = Context { now: here.now.plus(Timestamp::DAY), ..here };
    bench.store.sweep_watch(&watch, &query, &later).unwrap();
    assert_eq!(bench.store.watch_events(&mut watch, 100).unwrap().len(), 6);
    bench.store.sweep_watch(&watch, &query, &later).unwrap();
    assert_eq!(bench.store.watch_events(&mut watch, 100).unwrap().len(), 0);
}

#[test]
fn a_watch_that_nobody_used_for_a_month_is_dropped_with_its_cursors() {
    let bench = bench();
    let query = query("tag:vip");
    let here = context(&bench.store);
    let mut watch = bench.store.watch(&query, &here, false).unwrap();
    let cursor = bench.store.watch_events(&mut watch, 10).unwrap().remove(0).cursor;
    let later = Context { now: here.now.plus(31 * Timestamp::DAY), ..here.clone() };
    let _ = bench.store.watch(&crate::query::parse("tag:other").unwrap(), &later, false).unwrap();
    assert_eq!(bench.store.watch_behind(&query, &here, &cursor).unwrap(), None);
    assert!(!bench.store.look_at_watch(&watch, &query, &here).unwrap());
}

#[test]
fn nothing_is_numbered_while_nobody_watches() {
    let bench = bench();
    tag(&bench, "m1@x", &["vip"], &[]);
    let count = |tx: &Transaction<'_>| {
        let count: i64 = tx.query_row("SELECT count(*) FROM conversation_change", [], |row| row.get(0))?;
        Ok(count)
    };
    let numbered = || bench.store.read(count).unwrap();
    assert_eq!(numbered(), 0);
    let _ = bench.store.watch(&query("tag:vip"), &context(&bench.store), false).unwrap();
    tag(&bench, "m2@x", &["vip"], &[]);
    assert_eq!(numbered(), 1);
}
