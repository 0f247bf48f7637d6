use super::super::testing::*;
use super::*;
use crate::op::operation::Known;
use crate::query;

/// What anybody may get.
fn wanted<'a>(query: &'a Query, context: &'a Context, count: usize) -> Wanted<'a> {
    Wanted { query, context, teams: &[], count }
}

fn claim(worker: &str, seconds: i64) -> Claim {
    Claim { worker: worker.into(), until: Timestamp::from_seconds(START + seconds) }
}

/// The question of the bench's agent, `seconds` after the beginning.
fn at(bench: &Bench, seconds: i64) -> Context {
    Context { now: Timestamp::from_seconds(START + seconds), ..context(&bench.store) }
}

fn take(bench: &Bench, count: usize, claim: &Claim) -> Vec<ConversationId> {
    let (query, context) = (Query::any(), context(&bench.store));
    bench.store.claim_next(&wanted(&query, &context, count), claim).unwrap().ids
}

#[test]
fn the_customer_who_chases_goes_by_the_first_mail_however_many_are_quieter() {
    let bench = Bench::new();
    bench.mail(0, "first@x", "ana@example.net", "Order", &[]);
    for n in 1..600 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Other {n}"), &[]);
    }
    // The newest activity of all.
    bench.mail(600, "second@x", "ana@example.net", "Re: Order", &["first@x"]);
    bench.finish();
    assert_eq!(take(&bench, 2, &claim("w", 600)), [bench.id("first@x"), bench.id("m1@x")]);
}

#[test]
fn what_one_worker_has_another_of_the_same_agent_does_not_get() {
    let bench = Bench::new();
    for n in 0..3 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let (one, two) = (take(&bench, 1, &claim("w1", 600)), take(&bench, 5, &claim("w2", 600)));
    assert_eq!((one.as_slice(), two.as_slice()), (&[bench.id("m0@x")][..], &[bench.id("m1@x"), bench.id("m2@x")][..]));
    assert!(take(&bench, 1, &claim("w3", 600)).is_empty());
    let row = bench.row("m0@x");
    assert_eq!(row.assignee.as_ref().map(Handle::as_str), Some("alice"), "older programs see it taken");
    assert_eq!(row.worker.unwrap().name.as_str(), "w1");
}

#[test]
fn a_lease_that_is_over_hands_the_conversation_on_unless_it_was_dealt_with() {
    let bench = Bench::new();
    for n in 0..2 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    assert_eq!(take(&bench, 2, &claim("w1", 60)).len(), 2);
    let _ = bench.act("m1@x", Known::Note { text: "called her".into(), mentions: Default::default() });
    let (query, later) = (Query::any(), at(&bench, 61));
    let before = bench.store.next_up(&wanted(&query, &at(&bench, 59), 5)).unwrap();
    assert!(before.is_empty(), "{before:?}");
    let again = bench.store.claim_next(&wanted(&query, &later, 5), &claim("w2", 600)).unwrap();
    assert_eq!(again.ids, [bench.id("m0@x")]);
    assert_eq!(bench.row("m0@x").worker.unwrap().name.as_str(), "w2");
}

#[test]
fn what_is_given_back_goes_to_the_team_that_had_it() {
    let bench = Bench::new();
    bench.mail(0, "m0@x", "c0@example.net", "Order", &[]);
    bench.finish();
    let billing = Handle::new("billing").unwrap();
    let _ = bench.act("m0@x", Known::Assign { to: Some(billing.clone()) });
    let (query, context, teams) = (Query::any(), context(&bench.store), [billing.clone()]);
    let wanted = Wanted { query: &query, context: &context, teams: &teams, count: 1 };
    assert_eq!(bench.store.claim_next(&wanted, &claim("w", 600)).unwrap().ids.len(), 1);
    assert_eq!(bench.store.give_back(None, Some("other")).unwrap(), []);
    assert_eq!(bench.store.give_back(None, Some("w")).unwrap(), [bench.id("m0@x")]);
    let row = bench.row("m0@x");
    assert_eq!((row.assignee, row.worker), (Some(billing), None));
    assert_eq!(bench.store.give_back(None, Some("w")).unwrap(), []);
}

#[test]
fn one_is_claimed_by_its_id_unless_somebody_has_it_and_its_worker_renews_it() {
    let bench = Bench::new();
    for n in 0..2 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let _ = bench.act("m1@x", Known::Assign { to: Handle::new("bob").ok() });
    let (query, context) = (Query::any(), context(&bench.store));
    let wanted = wanted(&query, &context, 1);
    let one = |id: &str, claim: &Claim| bench.store.claim_one(&bench.id(id), &wanted, claim).unwrap();
    assert!(matches!(one("m0@x", &claim("w1", 60)), ClaimedOne::Done(_)));
    assert!(matches!(one("m0@x", &claim("w1", 90)), ClaimedOne::Done(_)));
    assert_eq!(bench.row("m0@x").worker.unwrap().until, Timestamp::from_seconds(START + 90));
    assert!(matches!(one("m0@x", &claim("w2", 60)), ClaimedOne::Held(_)));
    assert!(matches!(one("m1@x", &claim("w1", 60)), ClaimedOne::Held(_)));
    let gone = bench.store.claim_one(&ConversationId::of_root(&mid("no@x")), &wanted, &claim("w1", 60)).unwrap();
    assert_eq!(gone, ClaimedOne::Gone);
}

#[test]
fn a_lease_is_lengthened_only_while_its_worker_is_at_it() {
    let bench = Bench::new();
    for n in 0..4 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    assert_eq!(take(&bench, 4, &claim("w1", 60)).len(), 4);
    let _ = bench.act("m1@x", Known::Note { text: "called her".into(), mentions: Default::default() });
    let _ = bench.act("m2@x", Known::Assign { to: None });
    assert_eq!(bench.store.give_back(Some(&[bench.id("m3@x")]), Some("w1")).unwrap().len(), 1);
    let query = Query::any();
    let renew = |id: &str, seconds: i64, worker: &str| {
        let context = at(&bench, seconds);
        bench.store.renew_one(&bench.id(id), &wanted(&query, &context, 1), &claim(worker, seconds + 60)).unwrap()
    };
    assert!(matches!(renew("m0@x", 30, "w2"), ClaimedOne::Held(_)), "another worker's");
    assert!(matches!(renew("m0@x", 30, "w1"), ClaimedOne::Done(_)));
    assert!(matches!(renew("m0@x", 100, "w1"), ClaimedOne::Done(_)), "it ended by itself");
    for dealt_with in ["m1@x", "m2@x", "m3@x"] {
        assert!(matches!(renew(dealt_with, 30, "w1"), ClaimedOne::Held(_)), "{dealt_with}");
    }
    assert_eq!(bench.row("m2@x").assignee, None);
}

#[test]
fn what_somebody_else_is_answering_is_not_handed_out() {
    let bench = Bench::new();
    bench.mail(0, "m0@x", "c0@example.net", "Order", &[]);
    bench.finish();
    let _ = bench.act("m0@x", Known::Replying { until: Timestamp::from_seconds(START + 60), waiting: None });
    let bob = Context { me: Handle::new("bob").unwrap(), ..context(&bench.store) };
    let (query, mine) = (Query::any(), context(&bench.store));
    assert_eq!(bench.store.next_up(&wanted(&query, &bob, 1)).unwrap(), []);
    assert_eq!(bench.store.next_up(&wanted(&query, &mine, 1)).unwrap().len(), 1, "one's own answer is no hindrance");
}

#[test]
fn the_walk_goes_along_the_index_of_what_can_be_worked_on_and_sorts_nothing() {
    let bench = Bench::new();
    let (query, context) = (query::parse("inbox:support").unwrap(), context(&bench.store));
    let condition = bench.store.read(|tx| Ok(suitable(tx, &wanted(&query, &context, 1))?.0)).unwrap();
    for (free, order) in FREE.iter().zip(FREE_ORDER) {
        let plan: Vec<String> = bench
            .store
            .read(|tx| {
                let mut explain = tx.prepare(&format!("EXPLAIN QUERY PLAN {free} {condition} {order}"))?;
                let values = vec![rusqlite::types::Null; explain.parameter_count()];
                let steps = explain.query_map(params_from_iter(values), |row| row.get::<_, String>(3))?;
                Ok(steps.collect::<Result<_, _>>()?)
            })
            .unwrap();
        let text = plan.join("\n");
        assert!(
            text.contains("SEARCH c USING INDEX conversation_workable_waits (assignee=? AND waiting_since"),
            "{text}"
        );
        assert!(!text.contains("TEMP B-TREE"), "{text}");
    }
}

#[test]
fn what_can_be_taken_is_counted_once_each() {
    let bench = Bench::new();
    for n in 0..5 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let count = |seconds| {
        let (query, context) = (Query::any(), at(&bench, seconds));
        bench.store.next_count(&wanted(&query, &context, 0)).unwrap()
    };
    assert_eq!(count(0), 5);
    assert_eq!(take(&bench, 2, &claim("w1", 60)).len(), 2);
    assert_eq!(count(0), 3);
    assert_eq!(count(61), 5, "what a worker left behind counts again");
}

#[test]
fn an_undo_takes_back_what_was_done_and_not_what_a_worker_took_or_gave_back() {
    let bench = Bench::new();
    for n in 0..2 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let _ = bench.act("m0@x", Known::SetStatus { to: Status::Closed });
    assert_eq!(take(&bench, 1, &claim("w1", 600)), [bench.id("m1@x")]);
    assert!(bench.store.undo().unwrap().is_some());
    assert_eq!(bench.row("m0@x").status, Status::Open);
    assert_eq!(bench.row("m1@x").assignee.unwrap().as_str(), "alice");
    // What is given back is no reason to redo nothing either.
    assert_eq!(bench.store.give_back(None, Some("w1")).unwrap(), [bench.id("m1@x")]);
    assert!(bench.store.redo().unwrap().is_some());
    assert_eq!(bench.row("m0@x").status, Status::Closed);
}

#[test]
fn what_was_taken_and_dealt_with_is_counted_for_the_day_while_it_stays_the_agents() {
    let bench = Bench::new();
    for n in 0..3 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let done = || bench.store.dealt_with_since(Timestamp::from_seconds(START)).unwrap();
    assert_eq!(take(&bench, 2, &claim("w1", 600)).len(), 2);
    assert_eq!(done(), 0);
    let _ = bench.act("m0@x", Known::SetStatus { to: Status::Closed });
    assert_eq!(done(), 1);
    // What was given back and closed by somebody later is theirs.
    let _ = bench.store.give_back(None, Some("w1")).unwrap();
    let _ = bench.act("m1@x", Known::SetStatus { to: Status::Closed });
    assert_eq!(done(), 1);
    assert_eq!(bench.store.dealt_with_since(Timestamp::from_seconds(START + 3600)).unwrap(), 0);
}
