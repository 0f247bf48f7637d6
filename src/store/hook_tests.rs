use super::*;
use crate::model::hook::Hook;
use crate::model::ids::Tag;
use crate::store::testing::{Bench, START, context, main};
use crate::store::{LogLine, LogPlace};

fn hook(name: &str, on: &[HookEvent]) -> Hook {
    let (run, query) = (vec!["true".to_owned()], String::new());
    Hook { name: name.to_owned(), on: on.to_vec(), run, query, once: Once::Client, timeout: 30 }
}

fn assigned() -> Vec<Hook> {
    vec![hook("one", &[HookEvent::Assigned])]
}

fn in_team() -> Vec<Hook> {
    vec![Hook { once: Once::Team, ..hook("one", &[HookEvent::Assigned]) }]
}

/// A store with mail, and hooks that have looked at it.
fn bench(hooks: &[Hook]) -> Bench {
    let bench = Bench::new();
    for n in 0..4 {
        bench.mail(n, &format!("m{n}@x"), "c@example.net", &format!("Order {n}"), &[]);
    }
    bench.finish();
    assert_eq!(bench.store.gather_hooks(hooks).unwrap(), 0);
    assert_eq!(look(&bench, hooks), (Vec::new(), false), "what was before is no event");
    bench
}

fn look(bench: &Bench, hooks: &[Hook]) -> (Vec<String>, bool) {
    bench.store.gather_hooks(hooks).unwrap();
    let look = bench.store.look_at_hooks(hooks, &context(&bench.store)).unwrap();
    (look.due.iter().map(|due| format!("{} {}", due.event.name(), due.row.title)).collect(), look.claimed)
}

fn assign(bench: &Bench, message: &str) {
    let _ = bench.act(message, Known::Assign { to: Handle::new("bob").ok() });
}

/// Puts what waits on the log, behind these records of others.
fn push(bench: &Bench, uid: u32, others: Vec<Record>) {
    let own = bench.store.unpushed(100).unwrap().into_iter().map(|(_, json)| json);
    let all = others.iter().map(Record::to_json).chain(own);
    let lines =
        (uid..).zip(all).map(|(uid, json)| LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
    bench.store.ingest_log(&main(), lines.collect()).unwrap();
}

fn due(bench: &Bench, hooks: &[Hook]) -> HookDue {
    bench.store.look_at_hooks(hooks, &context(&bench.store)).unwrap().due.remove(0)
}

#[test]
fn an_operation_is_an_event_once_the_log_has_it() {
    let hooks = assigned();
    let bench = bench(&hooks);
    assign(&bench, "m1@x");
    assert_eq!(look(&bench, &hooks), (Vec::new(), false));
    push(&bench, 1, Vec::new());
    assert_eq!(look(&bench, &hooks).0, ["assigned Order 1"]);
}

#[test]
fn a_claim_that_was_lost_and_what_was_taken_back_are_no_events() {
    let hooks = assigned();
    let bench = bench(&hooks);
    let other = Bench::of("bob", 900);
    other.mail(1, "m1@x", "c@example.net", "Order 1", &[]);
    let first = other.act("m1@x", Known::Assign { to: Handle::new("carol").ok() }).records;
    assign(&bench, "m1@x");
    assign(&bench, "m2@x");
    let _ = bench.store.undo().unwrap().unwrap();
    push(&bench, 1, first);
    let (due, _) = look(&bench, &hooks);
    assert_eq!(due, ["assigned Order 1"], "that of the other one");
    assert_eq!(bench.row("m1@x").assignee.unwrap().as_str(), "carol");
}

#[test]
fn an_event_is_run_once_whenever_the_process_ends() {
    let hooks = assigned();
    let bench = bench(&hooks);
    assign(&bench, "m1@x");
    push(&bench, 1, Vec::new());
    let _ = look(&bench, &hooks);
    let first = due(&bench, &hooks);
    assert!(bench.store.begin_hook(&first).unwrap());
    assert!(!bench.store.begin_hook(&first).unwrap(), "not twice");
    // The process ends here, and another takes over.
    let again = bench.again();
    again.hooks_were_interrupted().unwrap();
    assert_eq!(look(&bench, &hooks).0, [""; 0]);
    let failures = again.hook_failures().unwrap();
    assert_eq!((failures.len(), failures[0].events, failures[0].reason.is("hook-interrupted")), (1, 1, true));
    assign(&bench, "m2@x");
    push(&bench, 10, Vec::new());
    let _ = look(&bench, &hooks);
    let second = due(&bench, &hooks);
    assert!(bench.store.begin_hook(&second).unwrap());
    bench.store.end_hook(&second, None).unwrap();
    assert_eq!(again.hook_failures().unwrap(), [], "it ended well");
}

#[test]
fn in_the_team_the_first_claim_on_the_log_runs_it() {
    let hooks = in_team();
    let bench = bench(&hooks);
    assign(&bench, "m1@x");
    push(&bench, 1, Vec::new());
    assert_eq!(look(&bench, &hooks), (Vec::new(), true), "it is claimed first");
    assert_eq!(look(&bench, &hooks), (Vec::new(), false), "and once");
    push(&bench, 10, Vec::new());
    let first = due(&bench, &hooks);
    assert_eq!(first.row.title.as_str(), "Order 1");
    assert!(bench.store.begin_hook(&first).unwrap());
    bench.store.end_hook(&first, None).unwrap();
    // Another one's claim of the next event comes first.
    assign(&bench, "m2@x");
    push(&bench, 20, Vec::new());
    assert_eq!(look(&bench, &hooks), (Vec::new(), true));
    let own: Record = Record::parse(&bench.store.unpushed(1).unwrap()[0].1).unwrap();
    assert!(own.on.is_empty(), "it is about no conversation");
    let theirs = Record { id: "00000000-0000-7000-8000-0000000000aa".parse().unwrap(), ..own };
    push(&bench, 30, vec![theirs]);
    assert_eq!(look(&bench, &hooks), (Vec::new(), false));
}

#[test]
fn new_mail_of_people_is_an_event_and_what_is_old_or_ours_is_none() {
    let hooks = vec![hook("one", &[HookEvent::New])];
    let bench = bench(&hooks);
    bench.mail(50, "n1@x", "d@example.net", "Hello", &[]);
    bench.mail(-2 * 86_400, "n2@x", "e@example.net", "Long ago", &[]);
    bench.mail(51, "n3@x", "alice@team.example", "Of ours", &[]);
    assert_eq!(look(&bench, &hooks).0, ["new Hello"]);
    assert_eq!(context(&bench.store).now, Timestamp::from_seconds(START));
}

#[test]
fn a_query_chooses_and_what_is_open_again_was_not_closed() {
    let hooks = vec![Hook { query: "tag:vip".into(), ..hook("one", &[HookEvent::Closed]) }];
    let bench = bench(&hooks);
    let _ = bench.act("m1@x", Known::Tag { add: [Tag::new("vip").unwrap()].into(), remove: Default::default() });
    let _ = bench.act("m3@x", Known::Tag { add: [Tag::new("vip").unwrap()].into(), remove: Default::default() });
    for message in ["m1@x", "m2@x", "m3@x"] {
        let _ = bench.act(message, Known::SetStatus { to: Status::Closed });
    }
    let _ = bench.act("m3@x", Known::SetStatus { to: Status::Open });
    push(&bench, 1, Vec::new());
    assert_eq!(look(&bench, &hooks).0, ["closed Order 1"]);
}

#[test]
fn of_too_many_events_the_oldest_are_left_out_and_without_hooks_all_are_forgotten() {
    let hooks = assigned();
    let bench = bench(&hooks);
    let target = bench.store.targets(&[bench.id("m1@x")]).unwrap().remove(0).1;
    let to = |who: &str| NewOperation::new(Known::Assign { to: Handle::new(who).ok() }, vec![target.clone()]);
    let _ = bench.store.commit((0..=HOOK_BACKLOG_MAX / 2).flat_map(|_| [to("bob"), to("alice")]).collect()).unwrap();
    assert_eq!(bench.store.gather_hooks(&hooks).unwrap(), 2);
    assert_eq!(bench.store.gather_hooks(&[]).unwrap(), 0);
    push(&bench, 1, Vec::new());
    assert_eq!(look(&bench, &hooks).0, [""; 0], "with a hook events begin anew");
}
