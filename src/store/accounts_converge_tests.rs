//! Two logs, clients that read both or one of them: any order and batching gives the same rows, and one order of what each sees.

use std::collections::{HashMap, HashSet};

use proptest::prelude::*;

use super::log_merge::in_order;
use super::record::Kept;
use super::testing::{Desk, START, mid};
use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, OpId, Tag};
use crate::model::message::AsOf;
use crate::model::status::Status;
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::{FORMAT, NewOperation, Record};

const INBOXES: [&str; 2] = ["support", "sales"];

#[derive(Clone, Debug)]
struct Mail {
    seconds: i64,
    refs: Vec<usize>,
    /// To which inboxes: one, the other, both.
    to: u8,
}

impl Mail {
    fn is_to(&self, inbox: usize) -> bool {
        self.to == 2 || usize::from(self.to) == inbox
    }
}

#[derive(Clone, Debug)]
enum Step {
    Act { who: usize, kind: u8, on: usize, other: usize },
    Undo { who: usize, which: prop::sample::Index },
    Sync { who: usize, inbox: usize },
}

fn mails() -> impl Strategy<Value = Vec<Mail>> {
    let one = (0..20i64, prop::collection::vec(0..8usize, 0..3), 0..3u8);
    prop::collection::vec(one, 1..7)
        .prop_map(|all| all.into_iter().map(|(seconds, refs, to)| Mail { seconds, refs, to }).collect())
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let one = prop_oneof![
        4 => (0..4usize, any::<u8>(), 0..7usize, 0..7usize).prop_map(|(who, kind, on, other)| Step::Act { who, kind, on, other }),
        1 => (0..4usize, any::<prop::sample::Index>()).prop_map(|(who, which)| Step::Undo { who, which }),
        4 => (0..4usize, 0..2usize).prop_map(|(who, inbox)| Step::Sync { who, inbox }),
    ];
    prop::collection::vec(one, 0..30)
}

fn name(n: usize) -> String {
    format!("m{n}@x")
}

fn operation(kind: u8, on: usize, other: usize) -> NewOperation {
    let who = |n: u8| Handle::new(if n.is_multiple_of(2) { "alice" } else { "bob" }).unwrap();
    let op = match kind % 8 {
        0 | 1 => Known::Assign { to: Some(who(kind / 8)) },
        2 => Known::SetStatus { to: Status::Closed },
        3 => Known::Title { text: format!("title {kind}") },
        4 => Known::Tag { add: [Tag::new("vip").unwrap()].into(), remove: [].into() },
        5 => Known::Tag { add: [].into(), remove: [Tag::new("vip").unwrap()].into() },
        6 => Known::Merge { into: mid(&name(other)) },
        _ => Known::Split,
    };
    let target = |on: usize| {
        let as_of = Some(AsOf { at: START + 100, ids: Vec::new() });
        Target { on: mid(&name(on)), as_of, expect: kind.is_multiple_of(3).then_some(Expect::Nobody), gone: false }
    };
    // Some are bulks, which lie in two accounts.
    NewOperation::new(op, if kind > 150 { vec![target(on), target(other)] } else { vec![target(on)] })
}

fn deliver(desk: &Desk, mails: &[Mail], turn: &[(usize, usize)]) {
    for (n, inbox) in turn {
        let mail = &mails[*n];
        if mail.is_to(*inbox) && desk.place(INBOXES[*inbox]).is_some() {
            let refs: Vec<String> = mail.refs.iter().filter(|r| *r != n).map(|r| name(*r)).collect();
            let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
            let to = ["support@team.example", "sales@team.example", "support@team.example, sales@team.example"];
            desk.mail_to(INBOXES[*inbox], to[usize::from(mail.to)], mail.seconds, &name(*n), &refs);
        }
    }
}

fn turns(mails: &[Mail]) -> Vec<(usize, usize)> {
    (0..mails.len()).flat_map(|n| [(n, 0), (n, 1)]).collect()
}

fn sync(desk: &Desk, inbox: usize, logs: &mut [Vec<LogLine>; 2]) {
    if desk.place(INBOXES[inbox]).is_some() {
        desk.sync(INBOXES[inbox], &mut logs[inbox]);
    }
}

/// The records that touch each message, in the order in which its conversation folds them.
fn folded(desk: &Desk) -> HashMap<String, Vec<OpId>> {
    desk.bench
        .store
        .read(|tx| {
            let mut find = tx.prepare("SELECT message_id, conversation FROM member")?;
            let rows = find.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
            let mut all = HashMap::new();
            for row in rows {
                let (id, conversation) = row?;
                let mut own = Vec::new();
                for link in undone::links(tx, conversation)? {
                    let whole = record::whole(tx, link.seq)?;
                    let own_of = whole.filter(|record| record.on.iter().any(|on| on.on.as_str() == id));
                    own.extend(own_of.map(|record| record.id));
                }
                all.insert(id, own);
            }
            Ok(all)
        })
        .unwrap()
}

fn difference(left: &Desk, right: &Desk) -> String {
    let (left, right) = (left.bench.dump(), right.bench.dump());
    let only = |a: &str, b: &str, sign: &str| {
        a.lines().filter(|l| !b.lines().any(|o| o == *l)).map(|l| format!("{sign} {l}\n")).collect::<String>()
    };
    only(&left, &right, "-") + &only(&right, &left, "+")
}

/// Where ids are `given`, several clients give the same ones to other things, on both logs.
fn play(writers: &[Desk], steps: &[Step], given: bool, logs: &mut [Vec<LogLine>; 2]) {
    for step in steps {
        match step {
            Step::Act { who, kind, on, other } => {
                // What would carry a conversation to another account is refused, and that is all.
                let operation = operation(*kind, *on, *other);
                let id = OpId(uuid::Uuid::from_u128(u128::from(kind % 5) + 1));
                let operation = if given && kind % 5 < 3 { operation.with_id(id) } else { operation };
                let _ = writers[*who].bench.store.commit(vec![operation]);
            }
            Step::Undo { who, which } => {
                let store = &writers[*who].bench.store;
                let log = store.log(&LogFilter { conversation: None, before: None, limit: 100 }).unwrap();
                if !log.is_empty() {
                    let entry = &log[which.index(log.len())];
                    let _ = store.undo_operation(entry.batch.unwrap_or(entry.id)).unwrap();
                }
            }
            Step::Sync { who, inbox } => {
                sync(&writers[*who], *inbox, logs);
                // What is folded only where a new place changes the order is what folding all of it gives.
                writers[*who].bench.sound();
            }
        }
    }
    for _ in 0..2 {
        for writer in writers {
            (0..2).for_each(|inbox| sync(writer, inbox, logs));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_of_both_logs_and_of_one_agree_on_all_that_they_share(
        mails in mails(),
        steps in steps(),
        given in any::<bool>(),
        seed in any::<u64>(),
    ) {
        let both = [("support", "main"), ("sales", "second")];
        let writers = [
            Desk::new("alice", 1, &both),
            // The same accounts under other names, in another order.
            Desk::new("bob", 2, &[("sales", "a"), ("support", "z")]),
            Desk::new("carol", 3, &[("sales", "only")]),
            Desk::new("dave", 4, &[("support", "mine")]),
        ];
        writers.iter().for_each(|writer| deliver(writer, &mails, &turns(&mails)));
        let mut logs = [Vec::new(), Vec::new()];
        play(&writers, &steps, given, &mut logs);
        for writer in &writers {
            prop_assert_eq!(writer.bench.store.unpushed(9).unwrap(), []);
            writer.bench.sound();
        }
        prop_assert_eq!(difference(&writers[0], &writers[1]), "");

        // Nothing of one log is on the other, but for ids that were given twice.
        let ids = |log: &Vec<LogLine>| log.iter().map(|l| Record::parse(&l.json).unwrap().id).collect::<HashSet<OpId>>();
        prop_assert!(given || ids(&logs[0]).is_disjoint(&ids(&logs[1])));

        // Newcomers read in any turn.
        let mut random = fastrand::Rng::with_seed(seed);
        for inboxes in [&both[..], &both[1..], &both[..1]] {
            let newcomer = Desk::new("erin", 9, inboxes);
            let mut turn = turns(&mails);
            random.shuffle(&mut turn);
            let mut lines: Vec<(usize, LogLine)> =
                logs.iter().enumerate().flat_map(|(n, log)| log.iter().map(move |line| (n, line.clone()))).collect();
            random.shuffle(&mut lines);
            let (early, late) = turn.split_at(random.usize(..=turn.len()));
            deliver(&newcomer, &mails, early);
            for (n, line) in lines {
                if newcomer.place(INBOXES[n]).is_some() {
                    let _ = newcomer.bench.store.ingest_log(newcomer.account(INBOXES[n]), vec![line]).unwrap();
                }
            }
            deliver(&newcomer, &mails, late);
            newcomer.bench.sound();
            let veteran = &writers[match inboxes { [(_, _), _] => 0, [("sales", _)] => 2, _ => 3 }];
            prop_assert_eq!(difference(veteran, &newcomer), "");
        }

        if given {
            return Ok(());
        }
        // Whoever reads one log has its records in the order in which those have them who read both.
        let all = folded(&writers[0]);
        for one in &writers[2..] {
            let of_log = ids(&logs[if one.place("sales").is_some() { 1 } else { 0 }]);
            for (message, seen) in folded(one) {
                // Mail that nobody has is known only while something names it, and the other log can change that.
                let Some(theirs) = all.get(&message) else { continue };
                let theirs: Vec<OpId> = theirs.iter().copied().filter(|id| of_log.contains(id)).collect();
                prop_assert_eq!(seen, theirs, "{}", message);
            }
        }
    }
}

fn kept(account: &str, place: Option<u32>, lamport: u64, id: u128) -> Kept {
    Kept {
        seq: 0,
        account: account.into(),
        place: place.map(|uid| LogPlace { epoch: 1, validity: 1, uid, index: 0 }),
        local: i64::try_from(id).unwrap(),
        record: Record {
            v: FORMAT,
            id: OpId(uuid::Uuid::from_u128(id)),
            batch: None,
            actor: Handle::new("alice").unwrap(),
            host: "box".into(),
            by: None,
            at: Timestamp(0),
            lamport,
            after: None,
            on: Vec::new(),
            op: Known::Split.into(),
            place: None,
        },
    }
}

fn ids(records: &[Kept]) -> Vec<OpId> {
    records.iter().map(|kept| kept.record.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_merged_order_knows_neither_names_nor_turns_and_keeps_the_order_of_each_log(
        records in prop::collection::vec((0..3usize, 1..40u32, 0..12u64, any::<bool>()), 0..24),
        seed in any::<u64>(),
    ) {
        let made = |names: [&str; 3]| -> Vec<Kept> {
            let mut taken = HashSet::new();
            records.iter().enumerate().map(|(n, (log, uid, lamport, placed))| {
                let place = (*placed && taken.insert((*log, *uid))).then_some(*uid);
                kept(names[*log], place, *lamport, n as u128 + 1)
            }).collect()
        };
        let mut sorted = made(["a", "b", "c"]);
        in_order(&mut sorted, Kept::key);
        let mut again = made(["z", "m", "a"]);
        fastrand::Rng::with_seed(seed).shuffle(&mut again);
        in_order(&mut again, Kept::key);
        prop_assert_eq!(ids(&sorted), ids(&again));
        let first_off = sorted.iter().position(|kept| kept.place.is_none()).unwrap_or(sorted.len());
        prop_assert!(sorted[first_off..].iter().all(|kept| kept.place.is_none()), "what is on no log comes last");
        prop_assert!(sorted[first_off..].is_sorted_by_key(|kept| kept.local));
        for account in ["a", "b", "c"] {
            let mut own: Vec<Kept> = made(["a", "b", "c"]).into_iter().filter(|kept| kept.account == account).collect();
            in_order(&mut own, Kept::key);
            let seen: Vec<OpId> =
                sorted.iter().filter(|kept| kept.account == account).map(|kept| kept.record.id).collect();
            prop_assert_eq!(ids(&own), seen, "{}", account);
            let places: Vec<u32> = own.iter().filter_map(|kept| kept.place).map(|place| place.uid).collect();
            prop_assert!(places.is_sorted());
        }
    }
}
