use super::super::testing::{Bench, Desk, main, mid};
use super::super::{LogLine, LogPlace, Resolved};
use crate::model::change::Change;
use crate::model::ids::{ConversationId, OpId, Tag};
use crate::model::reply::Draft;
use crate::op::operation::{Known, Operation, Target};
use crate::op::record::{NewOperation, Record};

/// Two conversations, `b` before `a`, each with a draft.
fn two() -> (Bench, ConversationId, ConversationId) {
    let bench = Bench::new();
    bench.mail(0, "b@x", "ben@example.net", "Lamp", &[]);
    bench.mail(1, "a@x", "ana@example.net", "Chair", &[]);
    let (a, b) = (bench.id("a@x"), bench.id("b@x"));
    for id in [&a, &b] {
        let _ = bench.store.save_draft(&Draft { conversation: Some(id.clone()), ..Draft::default() }).unwrap();
    }
    (bench, a, b)
}

fn drafts_of(bench: &Bench) -> Vec<ConversationId> {
    let mut all: Vec<_> = bench.store.drafts().unwrap().into_iter().filter_map(|d| d.conversation).collect();
    all.sort();
    all
}

fn aliases(bench: &Bench) -> Vec<String> {
    bench
        .store
        .read(|tx| {
            let mut find = tx.prepare("SELECT id FROM conversation_alias ORDER BY id")?;
            Ok(find.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
        .unwrap()
}

fn sorted(mut ids: Vec<ConversationId>) -> Vec<ConversationId> {
    ids.sort();
    ids
}

#[test]
fn two_conversations_that_trade_their_roots_in_one_commit_keep_what_hangs_on_their_ids() {
    let (bench, a, b) = two();
    let ((), change, _) = bench
        .store
        .change(|batch| {
            let of_a = batch.conversation_of(&mid("a@x"))?.unwrap();
            let of_b = batch.conversation_of(&mid("b@x"))?.unwrap();
            for (table, key) in [("message", "message_id"), ("member", "message_id")] {
                let sql = format!("UPDATE {table} SET conversation = CASE {key} WHEN 'a@x' THEN ?2 ELSE ?1 END");
                batch.tx.execute(&sql, [of_a, of_b])?;
            }
            batch.roots.insert(of_a, mid("b@x"));
            batch.roots.insert(of_b, mid("a@x"));
            batch.touch(of_a, true);
            batch.touch(of_b, true);
            Ok(())
        })
        .unwrap();
    assert_eq!((bench.id("a@x"), bench.id("b@x")), (a.clone(), b.clone()));
    assert_eq!(change, Change::Conversations([a.clone(), b.clone()].into()));
    for id in [&a, &b] {
        assert_eq!(bench.store.resolve(id.as_str()).unwrap(), Resolved::One(id.clone()));
    }
    assert_eq!(aliases(&bench), Vec::<String>::new());
    assert_eq!(drafts_of(&bench), sorted(vec![a, b]));
    bench.sound();
}

#[test]
fn a_root_taken_over_from_a_conversation_that_ends_in_the_same_commit_leaves_no_made_up_id() {
    let (bench, a, b) = two();
    let on = |id: &str| vec![Target::on(mid(id))];
    let committed = bench
        .store
        .commit(vec![
            NewOperation::new(Known::Merge { into: mid("b@x") }, on("a@x")),
            NewOperation::new(Known::Split, on("a@x")),
            NewOperation::new(Known::Merge { into: mid("a@x") }, on("b@x")),
        ])
        .unwrap();
    assert_eq!((bench.id("a@x"), bench.id("b@x")), (a.clone(), a.clone()));
    assert_eq!(committed.change, Change::Conversations([a.clone(), b.clone()].into()));
    for id in [&a, &b] {
        assert_eq!(bench.store.resolve(id.as_str()).unwrap(), Resolved::One(a.clone()));
    }
    assert_eq!(aliases(&bench), [b.to_string()]);
    assert_eq!(drafts_of(&bench), [a.clone(), a]);
    bench.sound();
}

fn placed(bench: &Bench, of: &crate::op::record::Record, uid: u32) -> Change {
    let place = LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    bench.store.ingest_log(&main(), vec![LogLine { place, json: of.to_json() }]).unwrap()
}

#[test]
fn a_record_that_gets_the_next_place_only_ends_the_waiting_of_its_conversations() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Chair", &[]);
    let tag = |name: &str| Known::Tag { add: [Tag::new(name).unwrap()].into(), remove: [].into() };
    let first = bench.act("a@x", tag("one")).records.remove(0);
    let second = bench.act("a@x", tag("two")).records.remove(0);
    let id = bench.id("a@x");
    assert_eq!(placed(&bench, &first, 1), Change::Conversations([id.clone()].into()));
    assert!(bench.row("a@x").pending);
    bench.sound();
    assert_eq!(placed(&bench, &second, 2), Change::Conversations([id].into()));
    assert!(!bench.row("a@x").pending);
    bench.sound();
}

#[test]
fn a_record_that_gets_a_place_behind_one_made_later_is_folded_at_its_place() {
    let bench = Bench::new();
    bench.mail(0, "a@x", "ana@example.net", "Chair", &[]);
    let title = |text: &str| Known::Title { text: text.into() };
    let first = bench.act("a@x", title("first")).records.remove(0);
    let second = bench.act("a@x", title("second")).records.remove(0);
    assert_eq!(bench.row("a@x").title.as_str(), "second");
    placed(&bench, &second, 1);
    assert_eq!(bench.row("a@x").title.as_str(), "first");
    placed(&bench, &first, 2);
    assert_eq!(bench.row("a@x").title.as_str(), "first");
    bench.sound();
}

#[test]
fn a_record_that_gets_the_next_place_of_its_log_goes_where_it_belongs_among_those_of_another() {
    let desk = Desk::both("alice", 1);
    desk.mail("support", 0, "a@x", &[]);
    desk.mail("sales", 1, "b@x", &["a@x"]);
    desk.mail("support", 2, "c@x", &[]);
    let title = |text: &str| Known::Title { text: text.into() };
    let ours = NewOperation::new(title("ours"), vec![Target::on(mid("a@x")), Target::on(mid("c@x"))]);
    let made = desk.bench.store.commit(vec![ours]).unwrap().records.remove(0);
    let theirs = Record {
        id: OpId(uuid::Uuid::from_u128(7)),
        lamport: made.lamport + 5,
        on: vec![Target::on(mid("b@x"))],
        op: Operation::Known(title("theirs")),
        ..made
    };
    let place = LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 };
    let line = LogLine { place, json: theirs.to_json() };
    let _ = desk.bench.store.ingest_log(desk.account("sales"), vec![line]).unwrap();
    let title_of = |message: &str| desk.bench.row(message).title.to_string();
    assert_eq!((title_of("a@x"), title_of("c@x")), ("ours".into(), "ours".into()));
    desk.sync("support", &mut Vec::new());
    assert_eq!((title_of("a@x"), title_of("c@x")), ("theirs".into(), "ours".into()));
    assert!(!desk.bench.row("a@x").pending && !desk.bench.row("c@x").pending);
    desk.bench.sound();
}
