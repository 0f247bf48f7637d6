use std::collections::BTreeMap;

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

/// The server took in the log's mails of these UIDs so many days after the start.
fn arrived(uids: std::ops::Range<u32>, days: i64) -> BTreeMap<u32, Timestamp> {
    uids.map(|uid| (uid, Timestamp::from_seconds(START + days * DAY))).collect()
}

/// Tells whether a client puts something on the log that sets the beginning right, having read its mails.
fn corrects(bench: &Bench, arrived: &BTreeMap<u32, Timestamp>) -> bool {
    bench.store.correct_history(&main(), 1, arrived).unwrap()
}

#[test]
fn a_founder_whose_clock_is_years_off_begins_by_the_clock_of_the_server() {
    for years in [-9, -1, 1, 40] {
        let mut log = Vec::new();
        let founder = client("alice", 1, years * 365);
        assert!(founder.store.settle_history(&main()).unwrap());
        founder.store.ingest(founder.inbox, mailbox()).unwrap();
        push(&founder, &mut log);
        assert!(corrects(&founder, &arrived(1..2, 0)), "{years}");
        assert!(!corrects(&founder, &arrived(1..2, 0)), "once is enough");
        assert_eq!(open(&founder), 31, "at once");
        push(&founder, &mut log);
        assert!(!corrects(&founder, &arrived(1..3, 0)), "once is enough");

        let second = client("bob", 2, 20);
        second.store.ingest(second.inbox, mailbox()).unwrap();
        let _ = second.store.ingest_log(&main(), log.clone()).unwrap();
        assert!(!second.store.settle_history(&main()).unwrap());
        assert!(!corrects(&second, &arrived(1..3, 20)));
        assert_eq!(open(&second), 31, "{years}");
        assert_eq!(founder.dump(), second.dump());
        founder.sound();
        second.sound();
    }
}

#[test]
fn whoever_reads_what_a_clock_ahead_has_said_sets_it_right() {
    let mut log = Vec::new();
    let founder = client("alice", 1, 900);
    assert!(founder.store.settle_history(&main()).unwrap());
    push(&founder, &mut log);
    let clients = [client("bob", 2, 3), client("carol", 3, 4)];
    for bench in &clients {
        bench.store.ingest(bench.inbox, mailbox()).unwrap();
        let _ = bench.store.ingest_log(&main(), log.clone()).unwrap();
        assert_eq!(open(bench), 0);
        assert!(corrects(bench, &arrived(1..2, 0)));
    }
    // Both say it under one id.
    for bench in [&clients[0], &clients[1], &founder] {
        push(bench, &mut log);
        push(&clients[0], &mut log);
    }
    founder.store.ingest(founder.inbox, mailbox()).unwrap();
    for bench in [&clients[0], &clients[1], &founder] {
        assert_eq!((open(bench), bench.store.unpushed(9).unwrap().len()), (31, 0));
        bench.sound();
    }
}

#[test]
fn a_log_whose_mails_were_delivered_anew_says_what_it_said() {
    let mut log = Vec::new();
    let founder = client("alice", 1, 0);
    assert!(founder.store.settle_history(&main()).unwrap());
    push(&founder, &mut log);
    let second = client("bob", 2, 400);
    let _ = second.store.ingest_log(&main(), log).unwrap();
    for days in [-10, 400, 4000] {
        assert!(!corrects(&second, &arrived(1..2, days)), "{days}");
    }
    assert!(!second.store.correct_history(&main(), 7, &arrived(1..2, 0)).unwrap(), "of another folder");
}
