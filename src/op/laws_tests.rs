//! The laws of the fold (design section 3), on random histories of several authors.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{State, fold};
use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{Handle, InboxId, MessageId, OpId, Tag};
use crate::model::message::{AsOf, Direction, FoldMessage, Origin};
use crate::model::status::Status;
use crate::op::operation::{Expect, Known, Operation, Target};
use crate::op::record::{Author, NewOperation, Record};
use crate::op::undo;

const AGENTS: [&str; 3] = ["alice", "bob", "eve"];

fn id(number: usize) -> MessageId {
    MessageId::new(&format!("m{number}@x")).unwrap()
}

fn agent(number: usize) -> Handle {
    Handle::new(AGENTS[number % AGENTS.len()]).unwrap()
}

fn messages() -> impl Strategy<Value = Vec<FoldMessage>> {
    let message = (0i64..20, any::<bool>(), 0u8..8, 0u8..5);
    proptest::collection::vec(message, 1..7).prop_map(|list| {
        let make = |(number, (second, inbound, origin, history)): (usize, (i64, bool, u8, u8))| FoldMessage {
            id: id(number),
            direction: if inbound { Direction::Inbound } else { Direction::Outbound },
            origin: match origin {
                0 => Origin::Automatic,
                1 => Origin::Bounce,
                2 => Origin::Loop,
                _ => Origin::Human,
            },
            arrived: Timestamp::from_seconds(second),
            history: history == 0,
            gone: false,
        };
        list.into_iter().enumerate().map(make).collect()
    })
}

/// One step of a history: who, a kind, two small numbers, how much was seen.
type Step = (usize, u8, usize, usize, usize);

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0usize..3, 0u8..22, 0usize..6, 0usize..6, 0usize..8), 0..24)
}

/// The log that the steps make, in log order. Undos name earlier records or batches.
fn history(messages: &[FoldMessage], steps: &[Step]) -> Vec<Record> {
    let authors: Vec<Author> = (0..AGENTS.len())
        .map(|n| Author {
            actor: agent(n),
            host: "box".into(),
            clock: Clock::fixed(Timestamp::from_seconds(100)),
            ids: Ids::counted(n as u64 + 1),
        })
        .collect();
    let mut log: Vec<Record> = Vec::new();
    for (who, kind, a, b, seen) in steps {
        let mut target = Target::on(id(*a));
        target.as_of = AsOf::all_of(messages.iter().take(*seen).map(|m| (m.arrived, &m.id)));
        target.expect = match b {
            0 => Some(Expect::Nobody),
            1 | 2 => Some(Expect::Agent(agent(*b))),
            _ => None,
        };
        let earlier = |n: usize| log.get(n % log.len().max(1));
        let op = match operation(*kind, *a, *b, &earlier) {
            Some(op) => op,
            None => continue,
        };
        let mut ops = vec![NewOperation::new(op, vec![target.clone()])];
        if *b == 5 {
            ops.push(NewOperation::new(Known::Title { text: format!("t{a}") }, vec![target]));
        }
        log.extend(authors[*who].batch(log.len() as u64, None, ops));
    }
    log
}

fn operation<'r>(kind: u8, a: usize, b: usize, earlier: &dyn Fn(usize) -> Option<&'r Record>) -> Option<Known> {
    let tags = |n: usize| BTreeSet::from([Tag::new(&format!("t{}", n % 3)).unwrap()]);
    Some(match kind {
        0 | 1 => Known::Assign { to: (a != 0).then(|| agent(a)) },
        2 | 3 => Known::SetStatus { to: Status::ALL[a % 4] },
        4 => Known::Snooze { until: (a != 0).then(|| Timestamp::from_seconds(200)) },
        5 | 6 => Known::Tag { add: tags(a), remove: tags(b) },
        7 => Known::Note { text: format!("n{a}"), mentions: BTreeSet::from([agent(b)]) },
        8 => Known::EditNote { note: earlier(a)?.id, text: format!("e{b}"), mentions: BTreeSet::from([agent(a)]) },
        9 => Known::SeenMentions,
        10 => Known::Replied {
            message: id(a),
            then: [None, Some(Status::Waiting), Some(Status::Closed)][b % 3],
            hash: None,
        },
        11 => Known::Title { text: format!("title {a}") },
        12 => Known::Move {
            inbox: InboxId::new(&format!("i{a}")).unwrap(),
            from: (b != 0).then(|| InboxId::new(&format!("i{b}")).unwrap()),
        },
        13 => Known::Follow { who: agent(a), on: b.is_multiple_of(2) },
        14 => Known::Merge { into: id(b) },
        15 => Known::Split,
        16 => Known::Replying { until: Timestamp::from_seconds(50 + a as i64), waiting: None },
        17 => Known::StopReplying,
        19 | 20 => {
            let over = (b > 1).then(|| earlier(a * 6 + b).map(|record| record.id)).flatten();
            Known::Lease { worker: format!("w{a}"), until: Timestamp::from_seconds(60), over }
        }
        18 => Known::Undo { of: earlier(a * 6 + b)?.id },
        _ => Known::Undo { of: earlier(a * 6 + b)?.batch? },
    })
}

fn state(messages: &[FoldMessage], log: &[Record]) -> State {
    let absent = BTreeSet::from([id(0), id(5)]);
    fold(messages, &absent, &log.iter().collect::<Vec<_>>())
}

/// A state without the list of what was undone, which grows when something is undone, and without where it was before it was moved,
/// which stays known: they are all that tells.
fn visible(mut state: State) -> State {
    state.undone.clear();
    state.moved_from = None;
    state
}

fn shuffled<T: Clone>(list: &[T], seed: u64) -> Vec<T> {
    let mut list = list.to_vec();
    fastrand::Rng::with_seed(seed).shuffle(&mut list);
    list
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_delivery_of_the_same_records_gives_the_same_state(
        messages in messages(), steps in steps(), seed in any::<u64>(), twice in proptest::collection::vec(0usize..24, 0..8),
    ) {
        let log = history(&messages, &steps);
        let expected = state(&messages, &log);
        // Delivered in any order, some twice: each client sorts by place in the log, which here is the place in `log`.
        let mut delivered: Vec<usize> = (0..log.len()).chain(twice.into_iter().filter(|n| *n < log.len())).collect();
        delivered = shuffled(&delivered, seed);
        delivered.sort_unstable();
        let sorted: Vec<Record> = delivered.into_iter().map(|place| log[place].clone()).collect();
        prop_assert_eq!(&state(&shuffled(&messages, seed), &sorted), &expected);
        // Through JSON, as another client reads it.
        let read: Vec<Record> = sorted.iter().map(|r| Record::parse(&r.to_json()).unwrap()).collect();
        prop_assert_eq!(state(&messages, &read), expected);
    }

    #[test]
    fn a_copy_that_stands_later_in_the_log_changes_nothing(messages in messages(), steps in steps(), at in 0usize..24) {
        let log = history(&messages, &steps);
        prop_assume!(at < log.len());
        let mut again = log.clone();
        again.push(log[at].clone());
        prop_assert_eq!(state(&messages, &again), state(&messages, &log));
    }

    #[test]
    fn apply_then_undo_is_the_identity(messages in messages(), steps in steps(), kind in 0u8..18, a in 0usize..6, b in 0usize..6) {
        let before = history(&messages, &steps);
        let mut log = before.clone();
        let one = history(&messages, &[(2, kind, a, b, 8)]);
        let fresh = renamed(one);
        prop_assume!(!fresh.is_empty());
        log.extend(fresh.iter().cloned());
        let Some(undo) = undo::undo_of(&fresh) else { return Ok(()) };
        // What can't be taken back stays: mail that went out, leases, seen marks.
        let stays = |r: &&Record| !r.known().is_some_and(Known::is_undoable);
        let before: Vec<Record> = before.iter().chain(fresh.iter().filter(stays)).cloned().collect();
        let author = Author { actor: agent(2), host: "box".into(), clock: Clock::fixed(Timestamp(0)), ids: Ids::counted(77) };
        let applied = state(&messages, &log);
        log.extend(author.batch(99, None, vec![undo]));
        prop_assert_eq!(visible(state(&messages, &log)), visible(state(&messages, &before)));
        // Redo: the undo is undone.
        let redo = undo::undo_of(&log[log.len() - 1..]).unwrap();
        log.extend(author.batch(100, None, vec![redo]));
        prop_assert_eq!(visible(state(&messages, &log)), visible(applied));
        let again = undo::undo_of(&log[log.len() - 1..]).unwrap();
        log.extend(author.batch(101, None, vec![again]));
        prop_assert_eq!(visible(state(&messages, &log)), visible(state(&messages, &before)));
    }

    #[test]
    fn an_undo_keeps_what_others_did_since(messages in messages(), steps in steps(), at in 0usize..24) {
        let log = history(&messages, &steps);
        let undoable = |r: &Record| r.known().is_some_and(|k| k.is_undoable() && k.name() != "undo");
        prop_assume!(log.get(at).is_some_and(undoable));
        let undo = Record { id: Ids::counted(88).next(), batch: None, op: Known::Undo { of: log[at].id }.into(), ..log[at].clone() };
        let mut undone = log.clone();
        undone.push(undo);
        let mut without = log.clone();
        let gone = without.remove(at);
        // An edit of a note that is gone has nothing to edit, and an undo of what is gone nothing to undo.
        without.retain(|r| !matches!(r.known(), Some(Known::EditNote { note, .. }) if *note == gone.id));
        prop_assert_eq!(visible(state(&messages, &undone)), visible(state(&messages, &without)));
    }

    #[test]
    fn records_of_a_newer_client_have_no_effect(messages in messages(), steps in steps(), places in proptest::collection::vec(0usize..24, 1..5)) {
        let log = history(&messages, &steps);
        let mut mixed = log.clone();
        for (n, place) in places.iter().enumerate() {
            let json = r#"{"kind":"teleport","to":"mars"}"#;
            let unknown = Operation::Unknown(serde_json::from_str(json).unwrap());
            let mut foreign = match log.first() {
                Some(record) => Record { op: unknown, ..record.clone() },
                None => return Ok(()),
            };
            foreign.id = OpId(uuid::Uuid::from_u64_pair(55, n as u64));
            foreign.batch = None;
            mixed.insert((*place).min(mixed.len()), foreign);
        }
        prop_assert_eq!(state(&messages, &mixed), state(&messages, &log));
    }

    #[test]
    fn records_about_other_conversations_have_no_effect(messages in messages(), steps in steps(), other in steps(), place in 0usize..24) {
        let log = history(&messages, &steps);
        let mut mixed = log.clone();
        for mut foreign in renamed(history(&messages, &other)) {
            if matches!(foreign.known(), Some(Known::Undo { .. })) {
                continue;
            }
            foreign.on = vec![Target::on(MessageId::new("elsewhere@x").unwrap())];
            mixed.insert(place.min(mixed.len()), foreign);
        }
        prop_assert_eq!(visible(state(&messages, &mixed)), visible(state(&messages, &log)));
    }

    #[test]
    fn folding_never_depends_on_the_order_of_the_messages(messages in messages(), steps in steps(), seed in any::<u64>()) {
        let log = history(&messages, &steps);
        prop_assert_eq!(state(&shuffled(&messages, seed), &log), state(&messages, &log));
    }

    #[test]
    fn a_human_mail_that_nobody_had_seen_is_never_closed(messages in messages(), steps in steps()) {
        let log = history(&messages, &steps);
        let mut more = messages.clone();
        // It arrives after all that anybody had seen.
        more.push(FoldMessage {
            id: MessageId::new("late@x").unwrap(),
            direction: Direction::Inbound,
            origin: Origin::Human,
            arrived: Timestamp::from_seconds(1000),
            history: false,
            gone: false,
        });
        let state = state(&more, &log);
        prop_assert_eq!(state.status, Status::Open);
        prop_assert_eq!(state.snoozed_until, None);
        prop_assert!(state.waiting_since.is_some());
    }
}

/// The records under ids that no history above uses.
fn renamed(records: Vec<Record>) -> Vec<Record> {
    let mut ids = (1u64..).map(|n| OpId(uuid::Uuid::from_u64_pair(66, n)));
    let batch = OpId(uuid::Uuid::from_u64_pair(67, 1));
    records.into_iter().map(|record| Record { id: ids.next().unwrap(), batch: Some(batch), ..record }).collect()
}
