//! Any order and batching of mail and log gives the same rows and counts.

use proptest::prelude::*;

use super::testing::{Bench, START, incoming, main, mid, raw};
use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, OpId, Tag};
use crate::model::message::AsOf;
use crate::model::status::Status;
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::{NewOperation, Record};

#[derive(Clone, Debug)]
struct Mail {
    id: usize,
    seconds: i64,
    who: Author,
    refs: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
enum Author {
    Customer(&'static str),
    /// A customer, through a mailing list.
    Listed(&'static str),
    /// Alice, to Ana.
    Agent,
    /// Alice, to somebody who is named and to many who are not.
    Notice,
}

impl Author {
    const ALL: [Author; 7] = [
        Author::Customer("ana@example.net"),
        Author::Customer("ana@example.net"),
        Author::Customer("ben@example.net"),
        Author::Customer("cleo@example.net"),
        Author::Listed("ben@example.net"),
        Author::Agent,
        Author::Notice,
    ];
}

fn mails() -> impl Strategy<Value = Vec<Mail>> {
    let author = prop::sample::select(Author::ALL.to_vec());
    let one = (0..20i64, author, prop::collection::vec(0..14usize, 0..3));
    prop::collection::vec(one, 1..10).prop_map(|all| {
        all.into_iter().enumerate().map(|(id, (seconds, who, refs))| Mail { id, seconds, who, refs }).collect()
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
    let target = Target {
        on: mid(&name(on)),
        as_of,
        expect: kind.is_multiple_of(2).then_some(Expect::Nobody),
        gone: kind.is_multiple_of(5),
    };
    NewOperation::new(op, vec![target])
}

fn ingest(bench: &Bench, mails: &[Mail]) {
    let batch = mails
        .iter()
        .map(|m| {
            let refs: Vec<String> = m.refs.iter().filter(|r| **r != m.id).map(|r| name(*r)).collect();
            let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
            let (from, more) = match m.who {
                Author::Customer(from) => (from, ""),
                Author::Listed(from) => (from, "List-Id: <list.example.net>\r\n"),
                Author::Agent => ("alice@team.example", ""),
                Author::Notice => ("alice@team.example", "Bcc: ben@example.net, cleo@example.net\r\n"),
            };
            let subject = if m.refs.is_empty() { "Order" } else { "Re: Order" };
            let uid = u32::try_from(m.id).unwrap() + 1;
            let raw = [more.as_bytes(), &raw(&name(m.id), from, subject, &refs)].concat();
            incoming(uid, m.seconds, raw)
        })
        .collect();
    bench.store.ingest(bench.inbox, batch).unwrap();
}

/// What the log says by what a store has of it.
fn said(bench: &Bench) -> Vec<Record> {
    let lines = bench.store.log_lines(&main(), None, 1000).unwrap();
    lines.iter().map(|line| Record::parse(&line.json).unwrap()).collect()
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
        ops in prop::collection::vec((any::<bool>(), any::<u8>(), 0..12usize, 0..12usize, 0..20i64, 0..8u128), 0..14),
        undone in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 4),
        seed in any::<u64>(),
    ) {
        let writers = [Bench::new(), Bench::of("bob", 2)];
        let mut random = fastrand::Rng::with_seed(seed);
        for (who, kind, on, other, at, given) in &ops {
            // Some ids are given by both, for other things.
            let operation = operation(*kind, *on, *other, *at);
            let given = (*given < 3).then(|| OpId(uuid::Uuid::from_u128(*given + 1)));
            let operation = given.map_or(operation.clone(), |id| operation.with_id(id));
            let _ = writers[usize::from(*who)].store.commit(vec![operation]).unwrap();
        }
        for index in &undone {
            let store = &writers[random.usize(..2)].store;
            let log = store.log(&LogFilter { conversation: None, before: None, limit: 100 }).unwrap();
            if !log.is_empty() {
                let of = log[index.index(log.len())].id;
                let _ = store.undo_operation(of).unwrap();
            }
        }
        let mut waiting = writers.each_ref().map(|writer| writer.store.unpushed(1000).unwrap().into_iter().peekable());
        let mut lines: Vec<LogLine> = Vec::new();
        while waiting.iter_mut().any(|waiting| waiting.peek().is_some()) {
            if let Some((_, json)) = waiting[random.usize(..2)].next() {
                let uid = u32::try_from(lines.len()).unwrap() + 1;
                lines.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
            }
        }

        let whole = Bench::new();
        let _ = whole.store.ingest_log(&main(), lines.clone()).unwrap();
        ingest(&whole, &mails);
        whole.sound();

        let other = Bench::new();
        let mut shuffled_mail = mails.clone();
        let mut shuffled_log = lines.clone();
        shuffled_log.extend(lines.iter().filter(|_| random.u8(..) < 60).cloned());
        random.shuffle(&mut shuffled_mail);
        random.shuffle(&mut shuffled_log);
        let cut = |n: usize, len: usize| cuts[n].index(len + 1);
        let (a, b) = shuffled_mail.split_at(cut(0, mails.len()));
        let (c, d) = shuffled_log.split_at(cut(1, shuffled_log.len()));
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

        // The writers' own records get their places.
        for writer in &writers {
            let _ = writer.store.ingest_log(&main(), shuffled_log.clone()).unwrap();
            ingest(writer, &shuffled_mail);
            writer.sound();
            prop_assert_eq!(difference(&whole, writer), "");
            prop_assert_eq!(said(&whole), said(writer));
        }
        prop_assert_eq!(said(&whole), said(&other));
    }
}

/// A merge makes an absent id part of a case; a mail that was split off before names it, and with it another.
#[test]
fn what_a_mail_that_was_split_off_names_belongs_to_the_case_whichever_mail_came_first() {
    let mail = |id, who, refs: &[usize]| Mail { id, seconds: 0, who: Author::Customer(who), refs: refs.to_vec() };
    let mails = [mail(0, "ben@example.net", &[4, 11]), mail(2, "ana@example.net", &[])];
    let writer = Bench::of("bob", 2);
    for operation in [operation(6, 2, 11, 0), operation(7, 0, 0, 0)] {
        let _ = writer.store.commit(vec![operation]).unwrap();
    }
    let waiting = (1..).zip(writer.store.unpushed(10).unwrap());
    let lines: Vec<LogLine> = waiting
        .map(|(uid, (_, json))| LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json })
        .collect();
    let whole = Bench::new();
    let _ = whole.store.ingest_log(&main(), lines.clone()).unwrap();
    ingest(&whole, &mails);
    for order in [[0, 1], [1, 0]] {
        let other = Bench::new();
        let _ = other.store.ingest_log(&main(), lines.clone()).unwrap();
        order.iter().for_each(|n| ingest(&other, &mails[*n..=*n]));
        other.sound();
        assert_eq!(difference(&whole, &other), "", "{order:?}");
    }
}
