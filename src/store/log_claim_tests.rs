use super::super::testing::{Bench, Desk, main, mid};
use super::super::types::{LogFilter, LogLine};
use super::*;
use crate::model::ids::{Handle, OpId, Tag};
use crate::model::shared_reply::SharedReply;
use crate::op::operation::{TARGETS_MAX, Target};
use crate::op::record::NewOperation;

/// The id that several clients give to what they derive.
fn shared() -> OpId {
    OpId(uuid::Uuid::from_u128(77))
}

fn assign(who: &str) -> Known {
    Known::Assign { to: Handle::new(who).ok() }
}

fn vip() -> Known {
    Known::Tag { add: [Tag::new("vip").unwrap()].into(), remove: [].into() }
}

/// Commits an operation with the shared id on these messages.
fn commit(bench: &Bench, op: Known, on: &[&str]) {
    let on = on.iter().map(|id| Target::on(mid(id))).collect();
    let _ = bench.store.commit(vec![NewOperation::new(op, on).with_id(shared())]).unwrap();
}

fn line(uid: u32, json: &str) -> LogLine {
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json: json.to_owned() }
}

fn lines(bench: &Bench, from: u32) -> Vec<LogLine> {
    let waiting = bench.store.unpushed(100_000).unwrap();
    waiting.iter().zip(from..).map(|((_, json), uid)| line(uid, json)).collect()
}

fn assignee(bench: &Bench, message: &str) -> Option<String> {
    bench.row(message).assignee.map(|who| who.to_string())
}

#[test]
fn the_content_at_the_lowest_place_counts_on_every_client() {
    let (alice, bob) = (Bench::of("alice", 1), Bench::of("bob", 2));
    for bench in [&alice, &bob] {
        bench.mail(0, "a@x", "ana@example.net", "A", &[]);
        bench.mail(1, "b@x", "ben@example.net", "B", &[]);
    }
    commit(&alice, assign("bob"), &["a@x"]);
    commit(&bob, assign("carol"), &["b@x"]);
    let first = lines(&bob, 1);
    let second = lines(&alice, 2);
    let _ = alice.store.ingest_log(&main(), first.clone()).unwrap();
    assert_eq!(alice.store.unpushed(9).unwrap(), []);
    let both: Vec<LogLine> = first.into_iter().chain(second).collect();
    let _ = bob.store.ingest_log(&main(), both.clone()).unwrap();
    let newcomer = Bench::of("dora", 3);
    newcomer.mail(0, "a@x", "ana@example.net", "A", &[]);
    newcomer.mail(1, "b@x", "ben@example.net", "B", &[]);
    // The higher place is read first.
    let _ = newcomer.store.ingest_log(&main(), both.into_iter().rev().collect()).unwrap();
    for bench in [&alice, &bob, &newcomer] {
        assert_eq!((assignee(bench, "a@x"), assignee(bench, "b@x")), (None, Some("carol".into())));
        bench.sound();
        assert_eq!(bench.dump(), bob.dump());
    }
}

fn note(text: &str) -> Known {
    Known::Note { text: text.into(), mentions: [Handle::new("bob").unwrap()].into() }
}

/// What of both is to be seen on screens, found by search, and taken as a saved reply.
fn shown(bench: &Bench) -> (String, Vec<u64>, Vec<SharedReply>) {
    let found = |word: &str| {
        let query = crate::query::parse(word).unwrap();
        bench.store.count(&query, &super::super::testing::context(&bench.store)).unwrap()
    };
    let found = ["alpha", "beta"].map(found).to_vec();
    (bench.dump(), found, bench.store.saved_replies().unwrap())
}

#[test]
fn whatever_the_content_was_and_becomes_everything_is_as_if_it_had_been_so_from_the_beginning() {
    let own = |bench: &Bench| {
        bench.act("d@x", Known::SetStatus { to: crate::model::status::Status::Closed }).records[0].clone()
    };
    let kinds = |closing: OpId, batch: OpId| {
        vec![
            (assign("bob"), vec!["a@x"]),
            (assign("carol"), vec!["a@x", "b@x"]),
            (note("alpha"), vec!["a@x"]),
            (note("beta"), vec!["b@x"]),
            (Known::Merge { into: mid("b@x") }, vec!["a@x"]),
            (Known::Merge { into: mid("gone@x") }, vec!["b@x"]),
            (Known::Split, vec!["c@x"]),
            (Known::Undo { of: closing }, vec!["d@x"]),
            (Known::Undo { of: batch }, vec!["d@x"]),
            (Known::SavedReply { name: "one".into(), text: "first".into() }, vec![]),
            (Known::SavedReply { name: "two".into(), text: "second".into() }, vec![]),
        ]
    };
    let made = |actor: &str, seed: u64| {
        let bench = Bench::of(actor, seed);
        bench.mail(0, "a@x", "ana@example.net", "A", &[]);
        bench.mail(1, "b@x", "ben@example.net", "B", &[]);
        bench.mail(2, "c@x", "ben@example.net", "Re: B", &["b@x"]);
        bench.mail(3, "d@x", "dan@example.net", "D", &[]);
        bench
    };
    let first = made("alice", 1);
    let closing = own(&first);
    let before = vec![line(1, &closing.to_json())];
    let count = kinds(closing.id, closing.id).len();
    for (had, becomes) in (0..count).flat_map(|had| (0..count).map(move |becomes| (had, becomes))) {
        let kinds = kinds(closing.id, closing.batch.unwrap());
        let bench = made("bob", 2);
        let _ = bench.store.ingest_log(&main(), before.clone()).unwrap();
        let (op, on) = kinds[had].clone();
        commit(&bench, op, &on);
        let writer = made("carol", 3);
        let _ = writer.store.ingest_log(&main(), before.clone()).unwrap();
        let (op, on) = kinds[becomes].clone();
        commit(&writer, op, &on);
        let log = lines(&writer, 2);
        let _ = writer.store.ingest_log(&main(), log.clone()).unwrap();
        let _ = bench.store.ingest_log(&main(), log).unwrap();
        bench.sound();
        assert_eq!(shown(&bench), shown(&writer), "{had} {becomes}");
        assert_eq!(bench.store.unpushed(9).unwrap(), []);
    }
}

#[test]
fn on_two_logs_the_lowest_place_of_both_counts_and_each_log_keeps_what_it_says() {
    for turned in [false, true] {
        let desk = Desk::both("alice", 1);
        desk.mail("support", 0, "a@x", &[]);
        desk.mail("sales", 1, "b@x", &[]);
        let record = |who: &str, on: &str| {
            let bench = Bench::of(who, 9);
            commit(&bench, assign(who), &[on]);
            bench.store.unpushed(1).unwrap().remove(0).1
        };
        let (support, sales) = (record("bob", "a@x"), record("carol", "b@x"));
        let mut reads = vec![("support", 4, &support), ("sales", 3, &sales)];
        if turned {
            reads.reverse();
        }
        for (inbox, uid, json) in reads {
            let _ = desk.bench.store.ingest_log(desk.account(inbox), vec![line(uid, json)]).unwrap();
            desk.bench.sound();
        }
        assert_eq!((assignee(&desk.bench, "a@x"), assignee(&desk.bench, "b@x")), (None, Some("carol".into())));
        for (inbox, json) in [("support", &support), ("sales", &sales)] {
            let lines = desk.bench.store.log_lines(desk.account(inbox), None, 9).unwrap();
            assert_eq!(lines.iter().map(|line| &line.json).collect::<Vec<_>>(), [json], "{inbox} {turned}");
        }
        // The lower one is lost with its folder: the other counts, and is pushed to where it is missing.
        let none = std::collections::HashMap::new();
        let _ = desk
            .bench
            .store
            .renumber_log(desk.account("sales"), &none, &Default::default(), &crate::model::stop::Stop::never())
            .unwrap();
        desk.bench.sound();
        assert_eq!((assignee(&desk.bench, "a@x"), assignee(&desk.bench, "b@x")), (Some("bob".into()), None));
        let waiting: Vec<String> = desk.waiting("sales").iter().map(Record::to_json).collect();
        assert_eq!(waiting, std::slice::from_ref(&support));
    }
}

/// Alice and bob commit the same, with one given id, on mail of two accounts; on each log another of them is first.
fn counts_once(names: [[(&str, &str); 2]; 2], far: usize) {
    let desks = [Desk::new("alice", 1, &names[0]), Desk::new("bob", 2, &names[1])];
    let (mut support, mut sales) = (Vec::new(), Vec::new());
    let operation = || {
        // Mail that is not here belongs to the first account.
        let far = (0..far).map(|n| Target::on(mid(&format!("far{n}@x"))));
        let on = ["b@x", "a@x"].map(|id| Target::on(mid(id)));
        NewOperation::new(vip(), on.into_iter().chain(far).collect()).with_id(shared())
    };
    for desk in &desks {
        desk.mail("support", 0, "a@x", &[]);
        desk.mail("sales", 1, "b@x", &[]);
        let _ = desk.bench.store.commit(vec![operation()]).unwrap();
    }
    desks[0].sync("support", &mut support);
    desks[1].sync("sales", &mut sales);
    for desk in [&desks[0], &desks[1], &desks[0]] {
        desk.sync("support", &mut support);
        desk.sync("sales", &mut sales);
        assert!(desk.bench.store.commit(vec![operation()]).unwrap().records.is_empty(), "it is here already");
    }
    // Each wrote before reading: what both have said stands there twice.
    let ids = |log: &[LogLine]| {
        let ids = log.iter().map(|line| Record::parse(&line.json).unwrap().id);
        (log.len(), ids.collect::<std::collections::BTreeSet<_>>().len())
    };
    let records = 1 + far.div_ceil(TARGETS_MAX);
    assert_eq!((ids(&support), ids(&sales)), ((2 * records, records), (2, 1)));
    let tagged = |desk: &Desk| ["a@x", "b@x"].map(|id| desk.bench.row(id).tags.len());
    for desk in &desks {
        assert_eq!((tagged(desk), desk.bench.store.unpushed(9).unwrap().len()), ([1, 1], 0));
    }
    assert_eq!(desks[0].bench.dump(), desks[1].bench.dump());
    let newest = desks[1].bench.store.log(&LogFilter { conversation: None, before: None, limit: 1 }).unwrap().remove(0);
    let _ = desks[1].bench.store.undo_operation(newest.batch.unwrap()).unwrap();
    for desk in [&desks[1], &desks[0]] {
        desk.sync("support", &mut support);
        desk.sync("sales", &mut sales);
        assert_eq!(tagged(desk), [0, 0]);
        desk.bench.sound();
    }
    assert_eq!(desks[0].bench.dump(), desks[1].bench.dump());
}

#[test]
fn what_two_commit_with_one_id_on_two_accounts_counts_once_and_one_undo_takes_it_back() {
    // Each calls the accounts as they like.
    counts_once([[("support", "main"), ("sales", "second")], [("sales", "a"), ("support", "z")]], 0);
}

#[test]
fn what_two_commit_with_one_id_on_more_than_one_record_holds_counts_once_and_one_undo_takes_it_back() {
    counts_once([[("support", "main"), ("sales", "second")], [("support", "z"), ("sales", "a")]], TARGETS_MAX);
}

#[test]
fn the_same_content_spelt_otherwise_is_the_same() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "A", &[]);
    commit(&bench, assign("bob"), &["a@x"]);
    let (_, json) = bench.store.unpushed(1).unwrap().remove(0);
    let value: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
    let members: Vec<String> = value.iter().rev().map(|(name, value)| format!("{name:?} : {value}")).collect();
    let _ = bench.store.ingest_log(&main(), vec![line(1, &format!("{{{}}}", members.join(" , ")))]).unwrap();
    let lines = bench.store.log_lines(&main(), None, 9).unwrap();
    assert_eq!(lines.into_iter().map(|line| line.json).collect::<Vec<_>>(), [json]);
}
