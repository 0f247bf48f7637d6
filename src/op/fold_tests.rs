use super::*;
use crate::model::clock::{Clock, Ids};
use crate::model::message::AsOf;
use crate::op::operation::Expect;
use crate::op::record::{Author, NewOperation};

fn id(name: &str) -> MessageId {
    MessageId::new(name).unwrap()
}

fn message(name: &str, second: i64, direction: Direction) -> FoldMessage {
    FoldMessage {
        id: id(name),
        direction,
        origin: Origin::Human,
        arrived: Timestamp::from_seconds(second),
        history: false,
        gone: false,
    }
}

fn inbound(name: &str, second: i64) -> FoldMessage {
    message(name, second, Direction::Inbound)
}

fn outbound(name: &str, second: i64) -> FoldMessage {
    message(name, second, Direction::Outbound)
}

fn author(name: &str, seed: u64) -> Author {
    Author {
        actor: Handle::new(name).unwrap(),
        host: "box".into(),
        clock: Clock::fixed(Timestamp::from_seconds(1000)),
        ids: Ids::counted(seed),
    }
}

fn by(who: &str, op: Known, seen: &[&FoldMessage]) -> Record {
    by_expecting(who, op, seen, None)
}

fn by_expecting(who: &str, op: Known, seen: &[&FoldMessage], expect: Option<Expect>) -> Record {
    use std::sync::atomic::{AtomicU64, Ordering};
    static SEED: AtomicU64 = AtomicU64::new(1);
    let mut target = Target::on(id("root"));
    target.as_of = AsOf::all_of(seen.iter().map(|m| (m.arrived, &m.id)));
    target.expect = expect;
    author(who, SEED.fetch_add(1, Ordering::SeqCst)).batch(0, None, vec![NewOperation::new(op, vec![target])]).remove(0)
}

fn folded(messages: &[FoldMessage], records: &[Record]) -> State {
    fold(messages, &BTreeSet::from([id("root")]), &records.iter().collect::<Vec<_>>())
}

const CLOSE: Known = Known::SetStatus { to: Status::Closed };

#[test]
fn a_new_mail_is_open_and_the_customer_waits_since_it_arrived() {
    let state = folded(&[inbound("root", 10), inbound("b", 20)], &[]);
    assert_eq!(state.status, Status::Open);
    assert_eq!(state.waiting_since, Some(Timestamp::from_seconds(10)));
}

#[test]
fn closing_holds_for_all_that_was_seen() {
    let (a, b) = (inbound("root", 10), inbound("b", 20));
    let state = folded(&[a, b.clone()], &[by("alice", CLOSE, &[&b])]);
    assert_eq!(state.status, Status::Closed);
    assert_eq!(state.waiting_since, None);
}

#[test]
fn a_mail_in_flight_while_closing_reopens() {
    let (a, b) = (inbound("root", 10), inbound("b", 20));
    let close = by("alice", CLOSE, &[&a]);
    assert_eq!(folded(&[a, b], &[close]).status, Status::Open);
}

#[test]
fn a_mail_of_the_very_second_that_was_not_seen_reopens() {
    let (a, b) = (inbound("root", 10), inbound("b", 10));
    let close = by("alice", CLOSE, &[&a]);
    assert_eq!(folded(&[a.clone(), b.clone()], std::slice::from_ref(&close)).status, Status::Open);
    let both = by("alice", CLOSE, &[&a, &b]);
    assert_eq!(folded(&[a, b], &[close, both]).status, Status::Closed);
}

#[test]
fn an_automatic_answer_does_not_reopen() {
    let a = inbound("root", 10);
    let close = by("alice", CLOSE, &[&a]);
    for origin in [Origin::Automatic, Origin::Bounce, Origin::Loop] {
        let auto = FoldMessage { origin, ..inbound("auto", 30) };
        assert_eq!(folded(&[a.clone(), auto], std::slice::from_ref(&close)).status, Status::Closed, "{origin:?}");
    }
}

#[test]
fn a_reply_from_another_mail_program_sets_waiting() {
    let state = folded(&[inbound("root", 10), outbound("r", 20)], &[]);
    assert_eq!(state.status, Status::Waiting);
    assert_eq!(state.waiting_since, None);
}

#[test]
fn closing_after_a_foreign_reply_was_seen_stays_closed() {
    let (a, r) = (inbound("root", 10), outbound("r", 20));
    let close = by("alice", CLOSE, &[&a, &r]);
    assert_eq!(folded(&[a, r], &[close]).status, Status::Closed);
}

#[test]
fn a_recorded_reply_sets_the_status_that_was_chosen() {
    let (a, r) = (inbound("root", 10), outbound("r", 20));
    for (then, expected) in
        [(Some(Status::Waiting), Status::Waiting), (Some(Status::Closed), Status::Closed), (None, Status::Open)]
    {
        let replied = by("alice", Known::Replied { message: id("r"), then, hash: None }, &[&a]);
        assert_eq!(folded(&[a.clone(), r.clone()], &[replied]).status, expected);
    }
}

#[test]
fn the_customers_answer_to_a_closing_reply_reopens() {
    let (a, r, c) = (inbound("root", 10), outbound("r", 20), inbound("c", 30));
    let replied = by("alice", Known::Replied { message: id("r"), then: Some(Status::Closed), hash: None }, &[&a]);
    assert_eq!(folded(&[a, r, c], &[replied]).status, Status::Open);
}

#[test]
fn the_first_claim_on_the_log_wins_and_the_second_is_told_who_was_first() {
    let claim = |who: &str| {
        let to = Some(Handle::new(who).unwrap());
        by_expecting(who, Known::Assign { to }, &[], Some(Expect::Nobody))
    };
    let state = folded(&[inbound("root", 10)], &[claim("bob"), claim("alice")]);
    assert_eq!(state.assignee.as_ref().map(Handle::as_str), Some("bob"));
    assert_eq!(state.lost.len(), 1);
    assert_eq!(state.lost[0].held_by.as_ref().map(|(who, _)| who.as_str()), Some("bob"));
}

#[test]
fn an_assignment_without_expectation_takes_over() {
    let to = |who: &str| by("eve", Known::Assign { to: Some(Handle::new(who).unwrap()) }, &[]);
    let state = folded(&[inbound("root", 10)], &[to("bob"), to("alice")]);
    assert_eq!(state.assignee.as_ref().map(Handle::as_str), Some("alice"));
    assert!(state.lost.is_empty());
}

#[test]
fn a_snooze_ends_with_the_customers_mail_and_not_with_a_machines() {
    let a = inbound("root", 10);
    let until = Timestamp::from_seconds(5000);
    let snooze = by("alice", Known::Snooze { until: Some(until) }, &[&a]);
    let auto = FoldMessage { origin: Origin::Automatic, ..inbound("auto", 20) };
    let state = folded(&[a.clone(), auto], std::slice::from_ref(&snooze));
    assert!(state.sleeps_at(Timestamp::from_seconds(4999)));
    assert_eq!(folded(&[a, inbound("b", 20)], &[snooze]).snoozed_until, None);
}

#[test]
fn a_waiting_conversation_is_open_once_it_wakes() {
    let a = inbound("root", 10);
    let records = [
        by("alice", Known::SetStatus { to: Status::Waiting }, &[&a]),
        by("alice", Known::Snooze { until: Some(Timestamp::from_seconds(50)) }, &[&a]),
    ];
    let state = folded(&[a], &records);
    assert_eq!(state.status_at(Timestamp::from_seconds(49)), Status::Waiting);
    assert_eq!(state.status_at(Timestamp::from_seconds(50)), Status::Open);
}

#[test]
fn imported_history_starts_closed_and_a_new_mail_opens_it() {
    let old = FoldMessage { history: true, ..inbound("root", 10) };
    assert_eq!(folded(std::slice::from_ref(&old), &[]).status, Status::Closed);
    assert_eq!(folded(&[old, inbound("b", 99)], &[]).status, Status::Open);
}

#[test]
fn undo_takes_one_record_out_and_leaves_what_others_did() {
    let a = inbound("root", 10);
    let tag = |add: &str| Known::Tag { add: BTreeSet::from([Tag::new(add).unwrap()]), remove: BTreeSet::new() };
    let first = by("alice", tag("late"), &[]);
    let undo = by("alice", Known::Undo { of: first.id }, &[]);
    let state = folded(&[a], &[first, by("bob", tag("vip"), &[]), undo]);
    assert_eq!(state.tags.iter().map(Tag::as_str).collect::<Vec<_>>(), ["vip"]);
}

#[test]
fn a_record_delivered_twice_counts_once() {
    let note = by("alice", Known::Note { text: "hm".into(), mentions: BTreeSet::new() }, &[]);
    let state = folded(&[inbound("root", 10)], &[note.clone(), note]);
    assert_eq!(state.notes.len(), 1);
}

#[test]
fn a_record_about_another_conversation_has_no_effect_here() {
    let mut close = by("alice", CLOSE, &[]);
    close.on = vec![Target::on(id("elsewhere"))];
    assert_eq!(folded(&[inbound("root", 10)], &[close]).status, Status::Open);
}

#[test]
fn a_mention_counts_until_it_is_seen_and_again_when_an_edit_adds_one() {
    let bob = BTreeSet::from([Handle::new("bob").unwrap()]);
    let note = by("alice", Known::Note { text: "@bob?".into(), mentions: bob.clone() }, &[]);
    let seen = by("bob", Known::SeenMentions, &[]);
    let a = inbound("root", 10);
    assert_eq!(folded(std::slice::from_ref(&a), std::slice::from_ref(&note)).mentioned, bob);
    assert!(folded(&[a], &[note, seen]).mentioned.is_empty());
}

#[test]
fn a_lease_says_who_and_until_when_and_ends_with_stopping() {
    let a = inbound("root", 10);
    let until = Timestamp::from_seconds(100);
    let lease = by("bob", Known::Replying { until, waiting: None }, &[]);
    let held = folded(std::slice::from_ref(&a), std::slice::from_ref(&lease));
    assert_eq!(held.leases, [Lease { agent: Handle::new("bob").unwrap(), until, waiting: None }]);
    let stop = by("bob", Known::StopReplying, &[]);
    assert!(folded(&[a], &[lease, stop]).leases.is_empty());
}

#[test]
fn the_customer_waits_since_a_mail_of_the_closing_second_that_was_not_seen() {
    let (a, b) = (inbound("root", 10), inbound("b", 10));
    let state = folded(&[a.clone(), b], &[by("alice", CLOSE, &[&a])]);
    assert_eq!((state.status, state.waiting_since), (Status::Open, Some(Timestamp::from_seconds(10))));
}

#[test]
fn a_machines_mail_does_not_open_imported_history() {
    let old = FoldMessage { history: true, ..inbound("root", 10) };
    for origin in [Origin::Automatic, Origin::Bounce, Origin::Loop] {
        let auto = FoldMessage { origin, ..inbound("auto", 30) };
        assert_eq!(folded(&[old.clone(), auto], &[]).status, Status::Closed, "{origin:?}");
    }
}

#[test]
fn a_reply_that_keeps_the_status_keeps_imported_history_closed() {
    let (old, reply) = (FoldMessage { history: true, ..inbound("root", 10) }, outbound("r", 20));
    let keep = by("alice", Known::Replied { message: id("r"), then: None, hash: None }, &[&old]);
    assert_eq!(folded(&[old.clone(), reply.clone()], std::slice::from_ref(&keep)).status, Status::Closed);
    let fresh = inbound("n", 15);
    assert_eq!(folded(&[old, fresh, reply], &[keep]).status, Status::Open);
}

#[test]
fn nobody_waits_since_imported_history() {
    let old = FoldMessage { history: true, ..inbound("root", 10) };
    assert_eq!(folded(&[old, inbound("b", 99)], &[]).waiting_since, Some(Timestamp::from_seconds(99)));
}

fn lease(worker: &str, over: Option<OpId>) -> Known {
    Known::Lease { worker: worker.into(), until: Timestamp::from_seconds(2000), over }
}

#[test]
fn of_two_workers_the_first_on_the_log_has_the_lease_and_the_other_is_told() {
    let mail = inbound("root", 10);
    let first = by("alice", lease("w1", None), &[&mail]);
    let second = by("alice", lease("w2", None), &[&mail]);
    let state = folded(std::slice::from_ref(&mail), &[first.clone(), second.clone()]);
    let held = state.worker.unwrap();
    assert_eq!((held.id, held.worker.as_str(), held.agent.as_str()), (first.id, "w1", "alice"));
    assert_eq!(state.lost.iter().map(|lost| lost.id).collect::<Vec<_>>(), [second.id]);
}

#[test]
fn a_lease_follows_the_one_that_it_names_whatever_the_clock_says() {
    let mail = inbound("root", 10);
    let first = by("alice", lease("w1", None), &[&mail]);
    let second = by("bob", lease("w2", Some(first.id)), &[&mail]);
    let late = by("carol", lease("w3", Some(first.id)), &[&mail]);
    let state = folded(std::slice::from_ref(&mail), &[first, second.clone(), late.clone()]);
    assert_eq!(state.worker.unwrap().id, second.id);
    assert_eq!(state.lost.iter().map(|lost| lost.id).collect::<Vec<_>>(), [late.id]);
}

#[test]
fn a_lease_over_one_that_is_not_here_counts_where_there_is_none() {
    let mail = inbound("root", 10);
    let only = by("alice", lease("w1", Some(OpId(uuid::Uuid::from_u128(9)))), &[&mail]);
    assert_eq!(folded(std::slice::from_ref(&mail), std::slice::from_ref(&only)).worker.unwrap().id, only.id);
}

fn claimed(agent: &str, worker: &str, over: Option<OpId>, mail: &FoldMessage) -> [Record; 2] {
    let to = Some(Handle::new(agent).unwrap());
    [by(agent, lease(worker, over), &[mail]), by(agent, Known::Assign { to }, &[mail])]
}

#[test]
fn a_worker_is_at_work_until_the_conversation_is_dealt_with_or_given_away() {
    let mail = inbound("root", 10);
    let [lease, assign] = claimed("alice", "w1", None, &mail);
    let at_work = |more: Option<Record>| {
        let records: Vec<Record> = [lease.clone(), assign.clone()].into_iter().chain(more).collect();
        folded(std::slice::from_ref(&mail), &records).worker_at_work().is_some()
    };
    let tag =
        Known::Tag { add: BTreeSet::from([crate::model::ids::Tag::new("vip").unwrap()]), remove: BTreeSet::new() };
    let note = Known::Note { text: "hm".into(), mentions: BTreeSet::new() };
    let bob = Known::Assign { to: Some(Handle::new("bob").unwrap()) };
    assert!(at_work(None));
    assert!(at_work(Some(by("alice", tag, &[&mail]))), "a tag is put on in passing");
    assert!(at_work(Some(by("bob", note.clone(), &[&mail]))), "what others write is not the worker's doing");
    assert!(!at_work(Some(by("alice", note, &[&mail]))));
    assert!(!at_work(Some(by("bob", CLOSE, &[&mail]))));
    assert!(!at_work(Some(by("alice", bob, &[&mail]))));
}

#[test]
fn a_lease_remembers_whose_the_conversation_was_also_where_it_is_taken_over() {
    let mail = inbound("root", 10);
    let team = by("bob", Known::Assign { to: Some(Handle::new("billing").unwrap()) }, &[&mail]);
    let [lease, assign] = claimed("alice", "w1", None, &mail);
    let [over, again] = claimed("carol", "w2", Some(lease.id), &mail);
    let state = folded(std::slice::from_ref(&mail), &[team, lease, assign, over, again]);
    let held = state.worker_at_work().unwrap();
    assert_eq!((held.agent.as_str(), held.before.as_ref().map(Handle::as_str)), ("carol", Some("billing")));
}

#[test]
fn a_record_about_the_whole_log_changes_no_conversation() {
    let mail = inbound("root", 10);
    let plain = folded(std::slice::from_ref(&mail), &[]);
    for op in [
        Known::Team(crate::model::agent::TeamRecord::default()),
        Known::Runner { host: "box".into(), until: Timestamp(0), over: None },
        Known::Claim { what: "mail".into(), key: "k".into(), over: None },
    ] {
        assert_eq!(folded(std::slice::from_ref(&mail), &[by("alice", op, &[])]), plain);
    }
}

fn gone(message: FoldMessage) -> FoldMessage {
    FoldMessage { gone: true, ..message }
}

/// As [`by`], of somebody who saw that all mail had left.
fn knowing(who: &str, op: Known, seen: &[&FoldMessage]) -> Record {
    let mut record = by(who, op, seen);
    record.on.iter_mut().for_each(|target| target.gone = true);
    record
}

#[test]
fn a_conversation_is_closed_once_all_of_its_mail_has_left_and_open_again_when_it_comes_back() {
    let (root, more) = (inbound("root", 10), inbound("b", 20));
    let some = folded(&[gone(root.clone()), more.clone()], &[]);
    assert_eq!((some.status, some.gone), (Status::Open, false));
    let all = folded(&[gone(root.clone()), gone(more.clone())], &[]);
    assert_eq!((all.status, all.gone, all.waiting_since), (Status::Closed, true, None));
    assert_eq!(folded(&[root, more], &[]).status, Status::Open);
}

#[test]
fn what_is_said_without_knowing_that_the_mail_left_does_not_count_once_it_has() {
    let root = inbound("root", 10);
    let until = Some(Timestamp::from_seconds(5000));
    let before = [
        by("alice", Known::SetStatus { to: Status::InProgress }, &[&root]),
        by("alice", Known::Snooze { until }, &[&root]),
    ];
    let state = folded(&[gone(root.clone())], &before);
    assert_eq!((state.status, state.snoozed_until), (Status::Closed, None), "it does not wake either");
    let mut all = before.to_vec();
    all.push(knowing("bob", Known::SetStatus { to: Status::Open }, &[&root]));
    all.push(by("carol", CLOSE, &[&root]));
    let state = folded(&[gone(root.clone())], &all);
    assert_eq!((state.status, state.gone), (Status::Open, true));
    assert_eq!(state.waiting_since, None, "carol closed it for those who have its mail");
    assert_eq!(folded(&[root], &all).status, Status::Closed);
}

#[test]
fn a_snooze_by_somebody_who_knew_that_the_mail_left_wakes_as_ever() {
    let root = inbound("root", 10);
    let until = Timestamp::from_seconds(5000);
    let state = folded(&[gone(root.clone())], &[knowing("bob", Known::Snooze { until: Some(until) }, &[&root])]);
    assert!(state.sleeps_at(Timestamp::from_seconds(4000)));
    assert_eq!(state.status_at(until), Status::Open);
}

#[test]
fn a_new_mail_opens_what_was_closed_by_leaving_and_a_machines_does_not() {
    let root = gone(inbound("root", 10));
    assert_eq!(folded(&[root.clone(), inbound("b", 20)], &[]).status, Status::Open);
    for origin in [Origin::Automatic, Origin::Bounce, Origin::Loop] {
        let auto = FoldMessage { origin, ..inbound("auto", 20) };
        assert_eq!(folded(&[root.clone(), auto.clone()], &[]).status, Status::Closed, "{origin:?}");
        assert_eq!(folded(&[gone(auto)], &[]).status, Status::Closed, "{origin:?} alone");
    }
}
