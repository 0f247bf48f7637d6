use proptest::prelude::*;

use super::*;
use crate::model::clock::{Clock, Ids};
use crate::model::message::AsOf;
use crate::op::fold::fold;
use crate::op::record::{Author, NewOperation};
use crate::op::undo;

fn at(second: i64) -> Timestamp {
    Timestamp::from_seconds(second)
}

fn id(name: &str) -> MessageId {
    MessageId::new(name).unwrap()
}

fn message(name: &str, second: i64, direction: Direction) -> FoldMessage {
    let (id, arrived) = (id(name), at(second));
    FoldMessage { id, direction, origin: Origin::Human, arrived, history: false, gone: false }
}

fn inbound(name: &str, second: i64) -> FoldMessage {
    message(name, second, Direction::Inbound)
}

fn outbound(name: &str, second: i64) -> FoldMessage {
    message(name, second, Direction::Outbound)
}

/// A record of an agent at a second, who had seen these.
fn by(who: &str, second: i64, op: Known, seen: &[&FoldMessage]) -> Record {
    let actor = Handle::new(who).unwrap();
    let ids = Ids::counted(second as u64 * 10 + who.len() as u64);
    let author = Author { actor, host: "box".into(), clock: Clock::fixed(at(second)), ids };
    let as_of = AsOf::all_of(seen.iter().map(|m| (m.arrived, &m.id)));
    let target = Target { as_of, ..Target::on(id("a")) };
    author.batch(second as u64, None, vec![NewOperation::new(op, vec![target])]).remove(0)
}

fn told(messages: &[FoldMessage], log: &[Record]) -> Stats {
    let records: Vec<&Record> = log.iter().collect();
    let active = undo::active(&records);
    let judged: Vec<(&Record, bool)> = records.into_iter().zip(active).collect();
    stats(messages, &BTreeSet::from([id("a")]), &judged)
}

fn status(to: Status) -> Known {
    Known::SetStatus { to }
}

fn replied(message: &str, then: Option<Status>) -> Known {
    Known::Replied { message: id(message), then, hash: None }
}

fn wait(from: i64, to: Option<i64>, end: Option<WaitEnd>) -> Wait {
    Wait { from: at(from), to: to.map(at), end }
}

fn closing(second: i64, who: &str, until: Option<i64>) -> Closing {
    Closing { at: at(second), actor: Some(Handle::new(who).unwrap()), until: until.map(at) }
}

#[test]
fn a_customer_waits_from_the_first_mail_that_nobody_answered_to_the_answer() {
    let (a, b, c, d) = (inbound("a", 10), inbound("b", 20), outbound("c", 30), inbound("d", 40));
    let log = [by("bob", 29, replied("c", Some(Status::Waiting)), &[&a, &b])];
    let told = told(&[d, c, b, a], &log);
    assert_eq!(told.waits, [wait(10, Some(30), Some(WaitEnd::Replied)), wait(40, None, None)]);
    assert_eq!((told.first_reply, told.closed), (Some(at(30)), vec![]));
    let reply = Reply { message: id("c"), at: at(30), actor: Some(Handle::new("bob").unwrap()) };
    assert_eq!(told.replies, [reply]);
}

#[test]
fn what_another_program_sent_is_a_reply_of_nobody_and_what_we_sent_unasked_is_no_first_reply() {
    let told = told(&[outbound("a", 5), inbound("b", 10), outbound("c", 30)], &[]);
    let by: Vec<Option<Handle>> = told.replies.iter().map(|reply| reply.actor.clone()).collect();
    assert_eq!((by, told.first_reply), (vec![None, None], Some(at(30))));
    assert_eq!(told.waits, [wait(10, Some(30), Some(WaitEnd::Replied))]);
}

#[test]
fn each_closing_is_told_with_who_closed_it_and_what_was_taken_back_never_was() {
    let (a, b) = (inbound("a", 10), inbound("b", 50));
    let close = by("alice", 20, status(Status::Closed), &[&a]);
    let taken_back = by("carol", 60, status(Status::Closed), &[&a, &b]);
    let undo = by("carol", 61, Known::Undo { of: taken_back.id }, &[]);
    let again = by("bob", 70, status(Status::Closed), &[&a, &b]);
    let told = told(&[a.clone(), b.clone()], &[close, taken_back, undo, again]);
    assert_eq!(told.closed, [closing(20, "alice", Some(50)), closing(70, "bob", None)]);
    let closed = Some(WaitEnd::Closed);
    assert_eq!(told.waits, [wait(10, Some(20), closed), wait(50, Some(70), closed)]);
}

#[test]
fn one_that_is_opened_by_hand_waits_again_from_then() {
    let a = inbound("a", 10);
    let log = [by("bob", 20, status(Status::Closed), &[&a]), by("bob", 90, status(Status::Open), &[&a])];
    let told = told(&[a], &log);
    assert_eq!(told.waits, [wait(10, Some(20), Some(WaitEnd::Closed)), wait(90, None, None)]);
    assert_eq!(told.closed, [closing(20, "bob", Some(90))]);
}

#[test]
fn a_clock_that_is_slow_closes_nothing_before_it_came() {
    let a = inbound("a", 100);
    let told = told(std::slice::from_ref(&a), &[by("bob", 40, status(Status::Closed), &[&a])]);
    assert_eq!(told.closed, [closing(100, "bob", None)]);
    assert_eq!(told.waits, [], "it was closed in the moment in which it came");
}

#[test]
fn imported_history_was_closed_by_nobody_and_nobody_waited() {
    let old = FoldMessage { history: true, ..inbound("a", 10) };
    let told = told(&[old, inbound("b", 50)], &[]);
    assert_eq!(told.closed, []);
    assert_eq!(told.waits, [wait(50, None, None)]);
}

#[test]
fn mail_that_another_program_took_away_ends_a_wait_at_no_time() {
    let told = told(&[FoldMessage { gone: true, ..inbound("a", 10) }], &[]);
    assert_eq!(told.waits, [wait(10, None, Some(WaitEnd::Gone))]);
}

/// What happens: a mail in either direction, imported ones among them, or something that is said, at a second, by somebody who had seen so
/// many.
type Step = (u8, i64, usize);

fn conversation(steps: &[Step]) -> (Vec<FoldMessage>, Vec<Record>) {
    let mut messages: Vec<FoldMessage> = vec![inbound("a", 0)];
    let mut log: Vec<Record> = Vec::new();
    for (n, (kind, second, seen)) in steps.iter().enumerate() {
        let name = format!("m{n}");
        let had_seen: Vec<&FoldMessage> = messages.iter().take(*seen).collect();
        // Each record has a second of its own, since ids are counted from it.
        let said = |op| by("bob", second * 100 + n as i64, op, &had_seen);
        match kind {
            0 | 1 => messages.push(inbound(&name, second * 100)),
            2 => messages.push(outbound(&name, second * 100)),
            3 => messages.push(FoldMessage { history: true, ..inbound(&name, second * 100) }),
            4 => messages.push(FoldMessage { origin: Origin::Automatic, ..inbound(&name, second * 100) }),
            5 => log.push(said(status(Status::Closed))),
            6 => log.push(said(status(Status::Open))),
            7 => log.push(said(replied(&name, Some(Status::Closed)))),
            8 => log.push(said(Known::Snooze { until: Some(at(10_000)) })),
            _ => {
                if let Some(of) = log.get(*seen).map(|record| record.id) {
                    log.push(said(Known::Undo { of }));
                }
            }
        }
    }
    (messages, log)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0u8..10, 0i64..12, 0usize..8), 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_told_ends_as_the_fold_says_that_it_stands(steps in steps()) {
        let (messages, log) = conversation(&steps);
        let told = told(&messages, &log);
        let state = fold(&messages, &BTreeSet::from([id("a")]), &log.iter().collect::<Vec<_>>());
        let waits = told.waits.last().is_some_and(|last| last.end.is_none());
        prop_assert_eq!(waits, state.waiting_since.is_some());
        if told.closed.last().is_some_and(|last| last.until.is_none()) {
            prop_assert_eq!(state.status, Status::Closed);
        }
        if state.status != Status::Closed {
            prop_assert!(told.closed.iter().all(|closing| closing.until.is_some()));
        }
    }

    #[test]
    fn spans_follow_each_other_and_none_is_left_open_but_the_last(steps in steps()) {
        let (messages, log) = conversation(&steps);
        let told = told(&messages, &log);
        let closed = told.closed.iter().map(|one| (one.at, one.until)).collect::<Vec<_>>();
        let waits = told.waits.iter().map(|one| (one.from, one.to)).collect::<Vec<_>>();
        for spans in [closed, waits] {
            for (from, to) in &spans {
                prop_assert!(to.is_none_or(|to| *from <= to));
            }
            for pair in spans.windows(2) {
                prop_assert!(pair[0].1.is_some_and(|to| to <= pair[1].0), "{:?}", spans);
            }
        }
    }

    #[test]
    fn the_order_in_which_messages_are_read_changes_nothing(steps in steps(), seed in any::<u64>()) {
        let (messages, log) = conversation(&steps);
        let mut shuffled = messages.clone();
        fastrand::Rng::with_seed(seed).shuffle(&mut shuffled);
        prop_assert_eq!(told(&shuffled, &log), told(&messages, &log));
    }
}
