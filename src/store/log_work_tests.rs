//! What reading many merges, splits and undos costs: counted, because seconds say nothing on a busy machine.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use super::testing::*;
use super::*;
use crate::model::ids::{AccountId, OpId, Tag};
use crate::model::stop::Stop;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;

fn id(n: usize) -> String {
    format!("00000000-0000-7000-8000-{n:012x}")
}

fn line(n: usize, op: &Value, on: &str) -> LogLine {
    let json = json!({
        "v": 1, "id": id(n), "actor": "eve", "host": "h", "at": 1_800_000_000_000i64, "lamport": n + 1, "on": [{"on": on}], "op": op,
    });
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid: n as u32 + 1, index: 0 }, json: json.to_string() }
}

fn merge(n: usize, from: usize, into: usize) -> LogLine {
    line(n, &json!({"kind": "merge", "into": format!("m{into}@x")}), &format!("m{from}@x"))
}

fn split(n: usize, of: usize) -> LogLine {
    line(n, &json!({"kind": "split"}), &format!("m{of}@x"))
}

fn undo(n: usize, of: usize, on: usize) -> LogLine {
    line(n, &json!({"kind": "undo", "of": id(of)}), &format!("m{on}@x"))
}

fn bench(mails: usize) -> Bench {
    let bench = Bench::new();
    for n in 0..mails {
        bench.mail(n as i64, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    bench
}

/// Conversations folded and linked sets threaded by some work.
fn work(bench: &Bench, work: impl FnOnce()) -> (usize, usize) {
    let before = *bench.store.inner.work.lock().unwrap();
    work();
    let after = *bench.store.inner.work.lock().unwrap();
    (after.0 - before.0, after.1 - before.1)
}

/// The conversation of each message, by the number of the first message that is in it, and whether it stands where it does by a record.
fn conversations(bench: &Bench, mails: usize) -> Vec<String> {
    let find = |n: usize| bench.store.read(|tx| batch::conversation_of(tx, &mid(&format!("m{n}@x"))));
    let all: Vec<Option<i64>> = (0..mails).map(|n| find(n).unwrap()).collect();
    all.iter().map(|one| format!("{:?}", all.iter().position(|other| other == one))).collect()
}

#[test]
fn a_ring_of_merges_is_threaded_once() {
    let bench = bench(200);
    let lines: Vec<LogLine> = (0..200).map(|n| merge(n, n, (n + 1) % 200)).collect();
    let (folded, threaded) = work(&bench, || drop(bench.store.ingest_log(&main(), lines).unwrap()));
    assert_eq!(threaded, 1);
    assert!(folded <= 500, "each conversation for its record, and when it is joined: {folded}");
    bench.sound();
    assert_eq!(conversations(&bench, 200), vec!["Some(0)"; 200]);
}

#[test]
fn merging_and_splitting_one_mail_again_and_again_is_threaded_once() {
    let bench = bench(3);
    let lines: Vec<LogLine> = (0..600).map(|n| if n % 2 == 0 { merge(n, 0, 1) } else { split(n, 0) }).collect();
    let (folded, threaded) = work(&bench, || drop(bench.store.ingest_log(&main(), lines).unwrap()));
    assert_eq!(threaded, 1);
    assert!(folded <= 6, "{folded}");
    bench.sound();
    assert_eq!(conversations(&bench, 3), ["Some(0)", "Some(1)", "Some(2)"]);
}

#[test]
fn merges_of_mail_that_is_not_here_are_walked_once() {
    let bench = bench(2);
    let mut lines: Vec<LogLine> = (100..300).map(|n| merge(n, n, n + 1)).collect();
    lines.push(merge(300, 300, 0));
    lines.push(merge(301, 100, 1));
    let (_, threaded) = work(&bench, || drop(bench.store.ingest_log(&main(), lines).unwrap()));
    assert_eq!(threaded, 1);
    bench.sound();
    let pending: i64 =
        bench.store.read(|tx| Ok(tx.query_row("SELECT count(*) FROM rethread", [], |row| row.get(0))?)).unwrap();
    assert_eq!(pending, 0);
}

#[test]
fn conversations_that_a_threading_leaves_as_they_were_are_not_folded() {
    let bench = bench(100);
    let mut lines: Vec<LogLine> = (0..99).map(|n| merge(n, n, n + 1)).collect();
    lines.extend((0..99).map(|n| split(99 + n, n)));
    bench.store.ingest_log(&main(), lines).unwrap();
    let last = vec![merge(500, 0, 1)];
    let (folded, _) = work(&bench, || drop(bench.store.ingest_log(&main(), last).unwrap()));
    assert!(folded <= 8, "{folded}");
    bench.sound();
}

#[test]
fn undos_of_undos_of_a_merge_are_followed_once() {
    for undos in [40, 41] {
        let bench = bench(3);
        let mut lines = vec![merge(0, 0, 1)];
        lines.extend((1..=undos).map(|n| undo(n, n - 1, 0)));
        let (folded, threaded) = work(&bench, || drop(bench.store.ingest_log(&main(), lines).unwrap()));
        assert_eq!(threaded, 1);
        assert!(folded <= 6, "{folded}");
        bench.sound();
        let second = if undos % 2 == 0 { "Some(0)" } else { "Some(1)" };
        assert_eq!(conversations(&bench, 3), ["Some(0)", second, "Some(2)"]);
    }
}

#[test]
fn a_reading_that_is_stopped_at_any_moment_goes_on_to_the_same_end() {
    let lines = || -> Vec<LogLine> {
        let ring = (0..12).map(|n| merge(n, n, (n + 1) % 12));
        let splits = (12..18).map(|n| split(n, n - 12));
        let tags = (18..24).map(|n| line(n, &json!({"kind": "tag", "add": ["late"]}), &format!("m{}@x", n - 18)));
        ring.chain(splits).chain(tags).chain((24..30).map(|n| undo(n, n - 18, n - 18))).collect()
    };
    let whole = bench(12);
    whole.store.ingest_log(&main(), lines()).unwrap();
    let mut stopped = 0;
    for moment in (0..).step_by(7) {
        let bench = bench(12);
        let asked = std::sync::Arc::new(AtomicUsize::new(0));
        let counted = std::sync::Arc::clone(&asked);
        let stop = Stop::when(move || counted.fetch_add(1, Ordering::SeqCst) >= moment);
        match bench.store.ingest_log_until(&main(), lines(), &stop) {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, StoreError::Stopped), "{error}"),
        }
        stopped += 1;
        // Between two portions the store is whole; what is linked is threaded by whoever comes next.
        bench.store.thread_pending(&Stop::never()).unwrap();
        bench.sound();
        bench.store.ingest_log(&main(), lines()).unwrap();
        bench.sound();
        assert_eq!(conversations(&bench, 12), conversations(&whole, 12));
    }
    assert!(stopped > 5, "{stopped}");
}

#[test]
fn a_stop_in_the_threading_keeps_the_records() {
    let bench = bench(50);
    let lines: Vec<LogLine> = (0..50).map(|n| merge(n, n, (n + 1) % 50)).collect();
    let store = bench.store.clone();
    // The records are kept from the moment on that they are seen from outside.
    let here =
        move || store.read(|tx| Ok(tx.query_row("SELECT count(*) FROM record", [], |row| row.get::<_, i64>(0))?));
    let stop = Stop::when(move || here().is_ok_and(|n| n > 0));
    assert!(matches!(bench.store.ingest_log_until(&main(), lines, &stop), Err(StoreError::Stopped)));
    assert_eq!(bench.store.log_lines(&main(), None, 100).unwrap().len(), 50);
    let (_, threaded) = work(&bench, || drop(bench.store.thread_pending(&Stop::never()).unwrap()));
    assert_eq!(threaded, 1);
    bench.sound();
    assert_eq!(conversations(&bench, 50), vec!["Some(0)"; 50]);
}

#[test]
fn a_renumbering_that_is_stopped_changes_nothing() {
    let bench = bench(12);
    bench.store.ingest_log(&main(), (0..12).map(|n| merge(n, n, (n + 1) % 12)).collect()).unwrap();
    let all = || bench.store.log_lines(&main(), None, 100).unwrap();
    // Half of them the other way round, and half nowhere.
    let place = |n: usize| LogPlace { epoch: 2, validity: 1, uid: 100 - n as u32, index: 0 };
    let places: HashMap<OpId, LogPlace> = (0..6).map(|n| (id(n).parse().unwrap(), place(n))).collect();
    let (before, linked) = (all(), conversations(&bench, 12));
    let mut stopped = 0;
    for moment in 0.. {
        let asked = AtomicUsize::new(0);
        let stop = Stop::when(move || asked.fetch_add(1, Ordering::SeqCst) >= moment);
        match bench.store.renumber_log(&main(), &places, &Default::default(), &stop) {
            Ok(_) => break,
            Err(error) => assert!(matches!(error, StoreError::Stopped), "{error}"),
        }
        stopped += 1;
        assert_eq!((all(), conversations(&bench, 12)), (before.clone(), linked.clone()));
    }
    assert!(stopped > 30, "{stopped}");
    assert_eq!(all().len(), 6);
    assert_eq!(bench.store.unpushed(100).unwrap().len(), 6);
    bench.sound();
}

#[test]
fn a_tag_beside_a_long_chain_of_undos_folds_one_conversation() {
    let bench = bench(2);
    let mut lines = vec![line(0, &json!({"kind": "tag", "add": ["late"]}), "m0@x")];
    lines.extend((1..300).map(|n| undo(n, n - 1, 0)));
    bench.store.ingest_log(&main(), lines).unwrap();
    let tag = Known::Tag { add: [Tag::new("mine").unwrap()].into(), remove: Default::default() };
    let (folded, threaded) = work(&bench, || drop(bench.act("m0@x", tag)));
    assert_eq!((folded, threaded), (1, 0));
    bench.sound();
}

#[test]
fn a_bulk_that_comes_to_the_log_reads_each_earlier_one_once_and_not_for_each_conversation() {
    let bench = bench(30);
    let other = AccountId::new("other").unwrap();
    let _ = bench.store.ingest_log(&other, vec![line(0, &json!({"kind": "split"}), "m0@x")]).unwrap();
    let on = || (0..30).map(|n| Target::on(mid(&format!("m{n}@x")))).collect::<Vec<_>>();
    let mut log = Vec::new();
    let mut reads = Vec::new();
    for n in 0..10u32 {
        let tag = Known::Tag { add: [Tag::new(&format!("t{n}")).unwrap()].into(), remove: Default::default() };
        let _ = bench.store.commit(vec![NewOperation::new(tag, on())]).unwrap();
        let (_, json) = bench.store.unpushed_of(&main(), 10).unwrap().remove(0);
        log.push(LogLine { place: LogPlace { epoch: 0, validity: 1, uid: n + 1, index: 0 }, json });
        let before = undone::READ.get().0;
        let _ = bench.store.ingest_log(&main(), vec![log[n as usize].clone()]).unwrap();
        reads.push(undone::READ.get().0 - before);
    }
    assert!(reads.iter().zip(1..).all(|(reads, bulks)| *reads <= bulks + 2), "{reads:?}");
    bench.sound();
}
