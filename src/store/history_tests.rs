use super::testing::{Bench, START, incoming, main, options, raw};
use super::*;
use crate::model::clock::{Clock, Timestamp};
use crate::model::status::Status;
use crate::op::operation::Known;

const DAY: i64 = 86_400;

/// A client that begins so many days after the start.
fn client(name: &str, seed: u64, days: i64) -> Bench {
    let mut options = options(name, seed);
    options.author.clock = Clock::fixed(Timestamp::from_seconds(START + days * DAY));
    Bench::with(options)
}

fn mailbox() -> Vec<Incoming> {
    (0..60i64)
        .zip(1..)
        .map(|(days, uid)| {
            let mail = raw(&format!("m{days}@x"), "ana@example.net", &format!("Order {days}"), &[]);
            incoming(uid, -days * DAY, mail)
        })
        .collect()
}

/// What the store would push, placed on the log behind what is there.
fn push(bench: &Bench, log: &mut Vec<LogLine>) {
    for (_, json) in bench.store.unpushed(100).unwrap() {
        let uid = u32::try_from(log.len()).unwrap() + 1;
        log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
    }
    let _ = bench.store.ingest_log(&main(), log.clone()).unwrap();
}

fn open(bench: &Bench) -> usize {
    (0..60).filter(|days| bench.row(&format!("m{days}@x")).status == Status::Open).count()
}

#[test]
fn clients_that_begin_on_different_days_agree_on_what_is_history() {
    let mut log = Vec::new();
    let first = client("alice", 1, 0);
    assert!(first.store.settle_history(&main()).unwrap());
    first.store.ingest(first.inbox, mailbox()).unwrap();
    push(&first, &mut log);

    let second = client("bob", 2, 20);
    let _ = second.store.ingest_log(&main(), log.clone()).unwrap();
    assert!(!second.store.settle_history(&main()).unwrap());
    second.store.ingest(second.inbox, mailbox()).unwrap();

    assert_eq!(open(&first), 31);
    assert_eq!(first.dump(), second.dump());
    second.sound();
}

#[test]
fn a_log_that_is_read_after_the_mail_marks_it_again() {
    let mut log = Vec::new();
    let first = client("alice", 1, 0);
    first.store.ingest(first.inbox, mailbox()).unwrap();
    assert!(first.store.settle_history(&main()).unwrap());
    push(&first, &mut log);

    let second = client("bob", 2, 20);
    second.store.ingest(second.inbox, mailbox()).unwrap();
    assert_eq!(open(&second), 11);
    let _ = second.store.ingest_log(&main(), log).unwrap();
    assert_eq!(open(&second), 31);
    assert_eq!(first.dump(), second.dump());
    second.sound();
}

#[test]
fn of_two_that_began_at_once_the_first_on_the_log_counts() {
    let mut log = Vec::new();
    let (first, second) = (client("alice", 1, 0), client("bob", 2, 20));
    for bench in [&second, &first] {
        bench.store.ingest(bench.inbox, mailbox()).unwrap();
        assert!(bench.store.settle_history(&main()).unwrap());
        push(bench, &mut log);
    }
    let _ = second.store.ingest_log(&main(), log).unwrap();
    assert_eq!((open(&first), open(&second)), (11, 11));
    assert_eq!(first.dump(), second.dump());
    first.sound();
    second.sound();
}

#[test]
fn undo_passes_over_where_history_ends() {
    let bench = client("alice", 1, 0);
    bench.store.ingest(bench.inbox, mailbox()).unwrap();
    let _ = bench.act("m1@x", Known::SetStatus { to: Status::Closed });
    assert!(bench.store.settle_history(&main()).unwrap());
    assert!(bench.store.undo().unwrap().unwrap().notice.as_str().contains("closed"));
    assert!(bench.store.undo().unwrap().is_none());
}

#[test]
fn one_old_mail_moved_in_is_work_and_an_import_is_not() {
    let bench = client("alice", 1, 0);
    assert!(bench.store.settle_history(&main()).unwrap());
    bench.finish();
    let mail = |n: u32| incoming(n, -90 * DAY, raw(&format!("old{n}@x"), "ana@example.net", &format!("Old {n}"), &[]));
    bench.store.ingest(bench.inbox, vec![mail(1)]).unwrap();
    assert_eq!(bench.row("old1@x").status, Status::Open);
    bench.store.ingest(bench.inbox, (2..100).map(mail).collect()).unwrap();
    assert_eq!(bench.row("old50@x").status, Status::Closed);
    bench.sound();
}
