//! Any order and batching of mail and log gives the same rows and counts.

use proptest::prelude::*;

use super::testing::{Bench, START, incoming, main, mid, raw};
use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, Tag};
use crate::model::message::AsOf;
use crate::model::status::Status;
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::NewOperation;

#[derive(Clone, Debug)]
struct Mail {
    id: usize,
    seconds: i64,
    ours: bool,
    refs: Vec<usize>,
}

fn mails() -> impl Strategy<Value = Vec<Mail>> {
    let one = (0..20i64, any::<bool>(), prop::collection::vec(0..14usize, 0..3));
    prop::collection::vec(one, 1..10).prop_map(|all| {
        all.into_iter().enumerate().map(|(id, (seconds, ours, refs))| Mail { id, seconds, ours, refs }).collect()
    })
}

fn name(n: usize) -> String {
    format!("m{n}@x")
}

fn who(n: u8) -> Handle {
    Handle::new(if n.is_multiple_of(2) { "alice" } else { "bob" }).unwrap()
}

fn operation(kind: u8, on: usize, other: usize, at: i64) -> NewOperation {
    let op = match kind % 9 {
        0 => Known::Assign { to: Some(who(kind / 9)) },
        1 => Known::SetStatus { to: Status::Closed },
        2 => Known::SetStatus { to: Status::Waiting },
        3 => Known::Snooze { until: Some(Timestamp::from_seconds(START + 10_000)) },
        4 => Known::Tag { add: [Tag::new("vip").unwrap()].into(), remove: [].into() },
        5 => Known::Note { text: "see @bob".into(), mentions: [who(1)].into() },
        6 => Known::Merge { into: mid(&name(other)) },
        7 => Known::Split,
        _ => Known::Follow { who: who(kind), on: true },
    };
    let as_of = Some(AsOf { at: START + at, ids: Vec::new() });
    let target = Target { on: mid(&name(on)), as_of, expect: kind.is_multiple_of(2).then_some(Expect::Nobody) };
    NewOperation::new(op, vec![target])
}

fn ingest(bench: &Bench, mails: &[Mail]) {
    let batch = mails
        .iter()
        .map(|m| {
            let refs: Vec<String> = m.refs.iter().filter(|r| **r != m.id).map(|r| name(*r)).collect();
            let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
            let from = if m.ours { "alice@team.example" } else { "ana@example.net" };
            let subject = if m.refs.is_empty() { "Order" } else { "Re: Order" };
            let uid = u32::try_from(m.id).unwrap() + 1;
            incoming(uid, m.seconds, raw(&name(m.id), from, subject, &refs))
        })
        .collect();
    bench.store.ingest(bench.inbox, batch).unwrap();
}

/// The lines that only one of two stores has.
fn difference(left: &Bench, right: &Bench) -> String {
    let (left, right) = (left.dump(), right.dump());
    let only = |a: &str, b: &str, sign: &str| {
        a.lines().filter(|l| !b.lines().any(|o| o == *l)).map(|l| format!("{sign} {l}\n")).collect::<String>()
    };
    only(&left, &right, "-") + &only(&right, &left, "+")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_order_and_batching_gives_the_same_store(
        mails in mails(),
        ops in prop::collection::vec((any::<u8>(), 0..12usize, 0..12usize, 0..20i64), 0..10),
        undone in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 4),
        seed in any::<u64>(),
    ) {
        let writer = Bench::new();
        for (kind, on, other, at) in &ops {
            let _ = writer.store.commit(vec![operation(*kind, *on, *other, *at)]).unwrap();
        }
        for index in &undone {
            let log = writer.store.log(&LogFilter { conversation: None, before: None, limit: 100 }).unwrap();
            if !log.is_empty() {
                let of = log[index.index(log.len())].id;
                let _ = writer.store.undo_operation(of).unwrap();
            }
        }
        let lines: Vec<LogLine> = writer.store.unpushed(1000).unwrap().into_iter().enumerate().map(|(n, (_, json))| {
            LogLine { place: LogPlace { epoch: 1, validity: 1, uid: u32::try_from(n).unwrap() + 1, index: 0 }, json }
        }).collect();

        let whole = Bench::new();
        let _ = whole.store.ingest_log(&main(), lines.clone()).unwrap();
        ingest(&whole, &mails);
        whole.sound();

        let other = Bench::new();
        let mut shuffled_mail = mails.clone();
        let mut shuffled_log = lines.clone();
        let mut random = fastrand::Rng::with_seed(seed);
        random.shuffle(&mut shuffled_mail);
        random.shuffle(&mut shuffled_log);
        let cut = |n: usize, len: usize| cuts[n].index(len + 1);
        let (a, b) = shuffled_mail.split_at(cut(0, mails.len()));
        let (c, d) = shuffled_log.split_at(cut(1, lines.len()));
        ingest(&other, a);
        other.sound();
        let _ = other.store.ingest_log(&main(), c.to_vec()).unwrap();
        other.sound();
        for mail in b {
            ingest(&other, std::slice::from_ref(mail));
        }
        let _ = other.store.ingest_log(&main(), d.to_vec()).unwrap();
        other.sound();
        prop_assert_eq!(difference(&whole, &other), "");

        // The writer's own records get their places.
        let _ = writer.store.ingest_log(&main(), shuffled_log).unwrap();
        ingest(&writer, &shuffled_mail);
        writer.sound();
        prop_assert_eq!(difference(&whole, &writer), "");
    }
}
