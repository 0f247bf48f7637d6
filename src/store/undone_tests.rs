//! What is kept of undos is what the rule says of whole records, whatever comes in whatever order; and it is not found out again and
//! again.

use std::collections::HashMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::ids::Tag;
use crate::model::stop::Stop;
use crate::op::fold;
use crate::op::operation::Known;
use crate::store::brief::{Brief, fold_messages};
use crate::store::connection::MIGRATIONS;
use crate::store::refold::fold_conversation;
use crate::store::testing::{Bench, Desk, main};
use crate::store::{LogFilter, LogLine, Store};

const MAILS: usize = 3;

fn name(n: usize) -> String {
    format!("m{n}@x")
}

fn id(n: usize) -> String {
    format!("00000000-0000-7000-8000-{n:012x}")
}

fn batch(n: usize) -> String {
    id(900 + n)
}

fn place(uid: usize) -> LogPlace {
    LogPlace { epoch: 1, validity: 1, uid: u32::try_from(uid).unwrap() + 1, index: 0 }
}

/// A record of a log: what it does, to which mails, in which batch, on whose log.
#[derive(Clone, Debug)]
struct Written {
    kind: u8,
    other: usize,
    on: usize,
    batch: usize,
    second: bool,
    lamport: u64,
}

fn written() -> impl Strategy<Value = Written> {
    (0..14u8, 0..24usize, 1..8usize, 0..6usize, prop::bool::weighted(0.3), 0..6u64)
        .prop_map(|(kind, other, on, batch, second, lamport)| Written { kind, other, on, batch, second, lamport })
}

impl Written {
    fn line(&self, n: usize, uid: usize) -> LogLine {
        let op = match self.kind {
            0 => json!({"kind": "tag", "add": ["late"]}),
            1 => json!({"kind": "note", "text": format!("note {n}"), "mentions": []}),
            2 => json!({"kind": "replying", "until": 1_900_000_000_000i64}),
            3 => json!({"kind": "merge", "into": name(self.other % MAILS)}),
            4 => json!({"kind": "split"}),
            5 => json!({"kind": "replied", "message": "out@x"}),
            6 | 7 => json!({"kind": "undo", "of": batch(self.other % 3)}),
            _ => json!({"kind": "undo", "of": id(self.other)}),
        };
        let on: Vec<_> = (0..MAILS).filter(|n| self.on & (1 << n) != 0).map(|n| json!({"on": name(n)})).collect();
        let mut record = json!({
            "v": 1, "id": id(n), "actor": if n.is_multiple_of(2) { "eve" } else { "bob" }, "host": "h", "at": 1_800_000_000_000i64,
            "lamport": self.lamport, "on": on, "op": op,
        });
        if self.batch < 3 {
            record["batch"] = json!(batch(self.batch));
        }
        LogLine { place: place(uid), json: record.to_string() }
    }
}

/// The whole records with these numbers, in the order of the fold, and whether the rule says that each counts.
fn ruled(tx: &Transaction<'_>, seqs: &BTreeSet<i64>) -> Vec<(Kept, bool)> {
    let mut all: Vec<Kept> = seqs.iter().filter_map(|seq| record::by_seq(tx, *seq).unwrap()).collect();
    in_order(&mut all, Kept::key);
    let active = undo::active(&all.iter().map(|kept| &kept.record).collect::<Vec<_>>());
    all.into_iter().zip(active).collect()
}

/// All that is there of a log.
fn everything(tx: &Transaction<'_>) -> Vec<Record> {
    let mut find = tx.prepare("SELECT json FROM record ORDER BY seq").unwrap();
    let rows = find.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.map(|json| Record::parse(&json.unwrap()).unwrap()).collect()
}

fn seq_of(tx: &Transaction<'_>, id: OpId) -> i64 {
    record::standing(tx, id).unwrap().unwrap().seq
}

/// Compares with the rule what is said of each conversation, and of any records.
fn agrees(store: &Store, some: u64) {
    let compare = |tx: &Transaction<'_>| {
        let all = everything(tx);
        let mut find = tx.prepare("SELECT rowid FROM conversation")?;
        for conversation in find.query_map([], |row| row.get::<_, i64>(0))?.map(Result::unwrap) {
            let here = |record: &&Record| {
                record.on.iter().any(|t| crate::store::batch::conversation_of(tx, &t.on).unwrap() == Some(conversation))
            };
            let ruled = ruled(tx, &all.iter().filter(here).map(|record| seq_of(tx, record.id)).collect());
            let order: Vec<i64> = ruled.iter().map(|(kept, _)| kept.seq).collect();
            assert_eq!(links(tx, conversation)?.iter().map(|link| link.seq).collect::<Vec<_>>(), order);
            let (_, folded) = fold_conversation(tx, conversation)?;
            let (_, absent) = record::with_absent(tx, conversation, &HashSet::new(), &mut HashMap::new())?;
            let wholes: Vec<Record> = ruled.iter().map(|(k, _)| record::whole(tx, k.seq).unwrap().unwrap()).collect();
            let messages = fold_messages(&Brief::of_conversation(tx, conversation)?);
            let mut state = fold::fold(&messages, &absent, &wholes.iter().collect::<Vec<_>>());
            let is_undo = |r: &Record| matches!(r.known(), Some(Known::Undo { .. }));
            state.undone.retain(|id| wholes.iter().any(|r| r.id == *id && !is_undo(r)));
            assert_eq!(folded.state, state);
            for undone in wholes.iter().filter(|r| state.undone.contains(&r.id)) {
                let names = |of| of == undone.id || Some(of) == undone.batch;
                let last = wholes.iter().rev().find(|r| matches!(r.known(), Some(Known::Undo { of }) if names(*of)));
                assert_eq!(folded.undone_by(undone.id), last.map(|r| &r.actor));
            }
        }
        let mut random = fastrand::Rng::with_seed(some);
        let seqs: BTreeSet<i64> =
            all.iter().filter(|_| random.u8(0..3) == 0).map(|record| seq_of(tx, record.id)).collect();
        let said: Vec<(i64, bool)> = with_active(tx, &seqs)?.iter().map(|(kept, active)| (kept.seq, *active)).collect();
        let ruled = ruled(tx, &behind(tx, &all, &seqs));
        let mine = ruled.iter().filter(|(kept, _)| seqs.contains(&kept.seq));
        assert_eq!(said, mine.map(|(kept, active)| (kept.seq, *active)).collect::<Vec<_>>());
        Ok(())
    };
    store.read(compare).unwrap();
}

/// These records and all undos that bear on them.
fn behind(tx: &Transaction<'_>, all: &[Record], seqs: &BTreeSet<i64>) -> BTreeSet<i64> {
    let mut found = seqs.clone();
    loop {
        let names =
            |of: OpId| all.iter().any(|r| (r.id == of || r.batch == Some(of)) && found.contains(&seq_of(tx, r.id)));
        let undos = all.iter().filter(|r| matches!(r.known(), Some(Known::Undo { of }) if names(*of)));
        let more: BTreeSet<i64> = undos.map(|r| seq_of(tx, r.id)).chain(found.iter().copied()).collect();
        if more == found {
            return found;
        }
        found = more;
    }
}

/// Gives the records of a log other places, and some none.
fn renumber(desk: &Desk, inbox: &str, random: &mut fastrand::Rng) {
    let account = desk.account(inbox);
    let all = desk.bench.store.read(|tx| Ok(everything(tx))).unwrap();
    let mut uids: Vec<usize> = (0..all.len()).collect();
    random.shuffle(&mut uids);
    let places: HashMap<OpId, LogPlace> =
        all.iter().zip(uids).filter(|_| random.u8(0..5) > 0).map(|(record, uid)| (record.id, place(uid))).collect();
    let _ = desk.bench.store.renumber_log(account, &places, &Default::default(), &Stop::never()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_of_undos_is_what_the_rule_says_whatever_comes_in_whatever_order(
        log in prop::collection::vec(written(), 1..24),
        both in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut desk = Desk::both("alice", 7);
        for n in 0..MAILS - 1 {
            desk.mail("support", n as i64, &name(n), &[]);
        }
        let mut lines: Vec<(&str, LogLine)> = log
            .iter()
            .enumerate()
            .map(|(n, written)| (if both && written.second { "sales" } else { "support" }, written.line(n, n)))
            .collect();
        random.shuffle(&mut lines);
        while !lines.is_empty() {
            let portion: Vec<_> = lines.drain(..random.usize(1..=lines.len().min(5))).collect();
            for inbox in ["support", "sales"] {
                let of = portion.iter().filter(|(to, _)| *to == inbox).map(|(_, line)| line.clone()).collect();
                let _ = desk.bench.store.ingest_log(desk.account(inbox), of).unwrap();
            }
            agrees(&desk.bench.store, random.u64(..));
            match random.u8(0..8) {
                0 => renumber(&desk, "support", &mut random),
                1 => renumber(&desk, "sales", &mut random),
                2 => desk.bench.store = desk.bench.again(),
                3 => drop(desk.bench.act_blind(&name(0), tag())),
                4 => drop(desk.bench.store.undo().unwrap()),
                5 => drop(desk.bench.store.redo().unwrap()),
                // What the log named before comes, and may join what was apart.
                6 => desk.mail("support", 9, &name(MAILS - 1), &[&name(0)]),
                _ => {}
            }
            agrees(&desk.bench.store, random.u64(..));
            desk.bench.sound();
        }
    }
}

fn tag() -> Known {
    Known::Tag { add: [Tag::new("mine").unwrap()].into(), remove: Default::default() }
}

fn undo_line(n: usize) -> LogLine {
    Written { kind: 8, other: n - 1, on: 1, batch: 9, second: false, lamport: 1 }.line(n, n)
}

/// A conversation whose only tag is taken back and brought back again and again, and one beside it.
fn chain(undos: usize) -> Bench {
    let bench = Bench::new();
    for n in 0..2 {
        bench.mail(n, &name(n as usize), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let tag = Written { kind: 0, other: 0, on: 1, batch: 9, second: false, lamport: 0 }.line(0, 0);
    let lines = std::iter::once(tag).chain((1..=undos).map(undo_line)).collect();
    let _ = bench.store.ingest_log(&main(), lines).unwrap();
    bench
}

/// Records read by their numbers, and undos read without their texts, by some work.
fn reads(work: impl FnOnce()) -> (usize, usize) {
    READ.with(|read| read.set((0, 0)));
    work();
    READ.with(|read| read.get())
}

#[test]
fn a_tag_beside_many_undos_of_undos_reads_as_much_as_a_tag_elsewhere() {
    let bench = chain(500);
    let beside = reads(|| drop(bench.act("m0@x", tag())));
    let again = reads(|| drop(bench.act("m0@x", tag())));
    let elsewhere = reads(|| drop(bench.act("m1@x", tag())));
    assert_eq!((beside.1, again.1, elsewhere.1), (0, 0, 0));
    assert!(beside.0 <= elsewhere.0 + 2, "{beside:?} {elsewhere:?}");
    bench.sound();
}

#[test]
fn a_tag_beside_undos_of_two_logs_reads_none_of_them() {
    let desk = Desk::both("alice", 7);
    desk.mail("support", 0, &name(0), &[]);
    let lines: Vec<LogLine> = (1..=300).map(undo_line).collect();
    let (even, odd) = lines.into_iter().partition(|line| line.place.uid % 2 == 0);
    let _ = desk.bench.store.ingest_log(desk.account("support"), even).unwrap();
    let _ = desk.bench.store.ingest_log(desk.account("sales"), odd).unwrap();
    for _ in 0..3 {
        let read = reads(|| drop(desk.bench.act(&name(0), tag())));
        assert!(read.1 == 0 && read.0 <= 4, "{read:?}");
        agrees(&desk.bench.store, 0);
    }
    desk.bench.sound();
}

#[test]
fn a_tag_that_comes_from_the_log_beside_many_undos_reads_none_of_them() {
    let bench = chain(500);
    let line = Written { kind: 0, other: 0, on: 1, batch: 9, second: false, lamport: 9 }.line(800, 800);
    let read = reads(|| drop(bench.store.ingest_log(&main(), vec![line]).unwrap()));
    assert_eq!(read.1, 0);
    assert!(read.0 <= 4, "{read:?}");
    bench.sound();
}

#[test]
fn reading_undos_of_undos_looks_at_each_once_for_each_transaction() {
    let bench = chain(0);
    let lines: Vec<LogLine> = (1..=600).map(undo_line).collect();
    let mut read = (0, 0);
    for part in lines.chunks(200) {
        let one = reads(|| drop(bench.store.ingest_log(&main(), part.to_vec()).unwrap()));
        read = (read.0 + one.0, read.1 + one.1);
    }
    assert_eq!(read.1, 200 + 400 + 600);
    assert!(read.0 <= 6, "{read:?}");
    bench.sound();
}

#[test]
fn a_page_of_a_log_of_undos_reads_its_own_records_only() {
    let bench = chain(500);
    let conversation = bench.id("m0@x");
    for conversation in [None, Some(conversation)] {
        let filter = LogFilter { conversation, before: None, limit: 10 };
        let read = reads(|| assert_eq!(bench.store.log(&filter).unwrap().len(), 10));
        assert!(read.0 <= 20, "{read:?}");
    }
}

#[test]
fn undos_of_one_batch_that_undo_one_batch_are_looked_at_once_each() {
    let bench = chain(0);
    let of_batch = |n: usize| Written { kind: 6, other: 0, on: 1, batch: 1, second: false, lamport: 1 }.line(n, n);
    let undone = |n: usize| Written { kind: 6, other: 1, on: 1, batch: 0, second: false, lamport: 2 }.line(n, n);
    let lines = (1..=100).map(of_batch).chain((101..=200).map(undone)).collect();
    let _ = bench.store.ingest_log(&main(), lines).unwrap();
    let seqs = (1..=201).collect();
    let read = reads(|| assert_eq!(bench.store.read(|tx| with_active(tx, &seqs)).unwrap().len(), 201));
    assert_eq!(read, (201, 0));
    let one = reads(|| drop(bench.store.read(|tx| with_active(tx, &BTreeSet::from([2]))).unwrap()));
    assert_eq!(one, (1, 199));
    agrees(&bench.store, 0);
    bench.sound();
}

#[test]
fn a_store_in_which_nothing_is_kept_of_undos_says_the_same_and_keeps_it_with_the_next_tag() {
    let bench = chain(101);
    bench.store.write(|tx| Ok(tx.execute("DELETE FROM undone", [])?)).unwrap();
    agrees(&bench.store, 1);
    let first = reads(|| drop(bench.act("m0@x", tag())));
    assert_eq!(first.1, 101);
    let next = reads(|| drop(bench.act("m0@x", tag())));
    assert_eq!(next.1, 0);
    agrees(&bench.store, 1);
    bench.sound();
}

#[test]
fn a_store_whose_undos_stand_among_its_other_records_is_brought_up_to_date() {
    let bench = chain(101);
    let before = bench.dump();
    let migration = MIGRATIONS.iter().find(|sql| sql.contains("CREATE TABLE undo_target")).unwrap();
    let targets = bench.store.write(|tx| {
        tx.execute_batch(
            "INSERT INTO target SELECT message_id, record, NULL FROM undo_target;
             DROP TABLE undo_target; DROP TABLE undone; DROP INDEX record_undo; DROP INDEX record_undo_waiting;",
        )?;
        tx.execute_batch(migration)?;
        let count =
            |table: &str| tx.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        Ok((count("target")?, count("undo_target")?))
    });
    assert_eq!(targets.unwrap(), (1, 101));
    let again = bench.again();
    agrees(&again, 1);
    assert_eq!(again.check().unwrap(), Vec::<String>::new());
    assert_eq!(bench.dump(), before);
}
