use super::super::refold::FOLDS;
use super::super::testing::{Bench, START, main, mid, options};
use super::super::{LogLine, LogPlace, PassEnd};
use super::*;
use crate::model::ids::{InboxId, OpId, Tag};
use crate::op::operation::{Expect, Target};
use crate::op::record::{Author, NewOperation};

/// Alice at her desk, with the log as the server has it, and bob who writes into it.
struct Day {
    bench: Bench,
    bob: Author,
    log: Vec<LogLine>,
    lamport: u64,
}

impl Day {
    fn new() -> Self {
        let bench = Bench::new();
        bench.mail(0, "a@x", "ana@example.net", "Order", &[]);
        bench.store.remember_waiting(&main()).unwrap();
        Self { bench, bob: options("bob", 900).author, log: Vec::new(), lamport: 0 }
    }

    fn put(&mut self, json: String) {
        let uid = u32::try_from(self.log.len()).unwrap() + 1;
        self.log.push(LogLine { place: LogPlace { epoch: 0, validity: 1, uid, index: 0 }, json });
    }

    /// What bob does reaches the server at once.
    fn bob(&mut self, op: Known) -> Record {
        self.bob_on(op, Target::on(mid("a@x")))
    }

    fn bob_on(&mut self, op: Known, target: Target) -> Record {
        self.lamport += 1;
        let record = self.bob.batch(self.lamport, None, vec![NewOperation::new(op, vec![target])]).remove(0);
        self.put(record.to_json());
        record
    }

    fn alice(&self, op: Known) -> OpId {
        self.bench.act("a@x", op).records[0].id
    }

    /// What alice did reaches the server.
    fn push(&mut self) {
        for (_, json) in self.bench.store.unpushed(1000).unwrap() {
            self.put(json);
        }
    }

    /// Alice reads the log.
    fn pull(&self) -> Vec<String> {
        self.bench.store.remember_waiting(&main()).unwrap();
        let _ = self.bench.store.ingest_log(&main(), self.log.clone()).unwrap();
        self.told(false)
    }

    fn told(&self, mail_is_in: bool) -> Vec<String> {
        let found = self.bench.store.refusals(&main(), mail_is_in).unwrap();
        found
            .listed
            .iter()
            .map(|r| format!("{}: {}, {}", r.operation, text::render(&r.did), text::render(&r.why)))
            .collect()
    }
}

fn claim(who: &str) -> Known {
    Known::Assign { to: Some(Handle::new(who).unwrap()) }
}

fn title(text: &str) -> Known {
    Known::Title { text: text.into() }
}

fn close() -> Known {
    Known::SetStatus { to: Status::Closed }
}

fn tag(name: &str, on: bool) -> Known {
    let tags = BTreeSet::from([Tag::new(name).unwrap()]);
    let (add, remove) = if on { (tags, BTreeSet::new()) } else { (BTreeSet::new(), tags) };
    Known::Tag { add, remove }
}

#[test]
fn what_nobody_contests_stands_and_nothing_is_told() {
    let mut day = Day::new();
    for op in [claim("alice"), title("Lamp"), tag("late", true), close()] {
        let _ = day.alice(op);
    }
    day.push();
    let _ = day.bob(tag("gift", true));
    assert_eq!(day.pull(), [""; 0]);
    assert_eq!(day.told(true), [""; 0]);
}

#[test]
fn a_claim_that_came_second_is_told_once_with_who_was_first() {
    let mut day = Day::new();
    let _ = day.bob_on(claim("bob"), Target { expect: Some(Expect::Nobody), ..Target::on(mid("a@x")) });
    let _ = day.alice(claim("alice"));
    day.push();
    assert_eq!(day.pull(), ["assign: took this, bob took it first, 0 s ago"]);
    let refusals = day.bench.store.refusals(&main(), true).unwrap();
    assert!(refusals.is_empty(), "once is enough");
}

#[test]
fn what_a_colleague_did_behind_it_in_the_same_pass_replaced_it() {
    let theirs: [(Known, Known, &str); 6] = [
        (claim("alice"), claim("bob"), "assign: took this, then bob took this"),
        (close(), Known::SetStatus { to: Status::Waiting }, "set-status: closed this, then bob set this to waiting"),
        (title("Lamp"), title("Shade"), "title: titled this Lamp, then bob titled this Shade"),
        (tag("late", true), tag("late", false), "tag: tagged this #late, then bob took #late off"),
        (
            Known::Move { inbox: InboxId::new("sales").unwrap(), from: None },
            Known::Move { inbox: InboxId::new("press").unwrap(), from: None },
            "move: moved this to sales, then bob moved this to press",
        ),
        (
            Known::Snooze { until: Some(Timestamp::from_seconds(START + 90_000)) },
            Known::SetStatus { to: Status::Closed },
            "snooze: snoozed this until",
        ),
    ];
    for (mine, other, told) in theirs {
        let mut day = Day::new();
        // As written before the connection broke: the server has it, the answer never came.
        let target = Target::on(mid("a@x"));
        let _ = day.bench.store.commit(vec![NewOperation::new(mine, vec![target])]).unwrap();
        day.push();
        let _ = day.bob(other);
        let said = day.pull();
        assert_eq!(said.len(), 1, "{told}: {said:?}");
        assert!(said[0].starts_with(told), "{said:?}");
        assert!(said[0].contains("then bob "), "{said:?}");
    }
}

#[test]
fn what_gave_way_to_my_own_later_word_is_not_told() {
    let mut day = Day::new();
    let _ = day.alice(title("Lamp"));
    let _ = day.alice(title("Shade"));
    let _ = day.alice(close());
    let _ = day.alice(Known::SetStatus { to: Status::Open });
    day.push();
    assert_eq!(day.pull(), [""; 0]);
    assert_eq!(day.told(true), [""; 0]);
}

#[test]
fn closing_what_the_customer_had_written_to_meanwhile_is_told_when_the_mail_is_in() {
    for (op, what) in [
        (close(), "set-status: closed this"),
        (Known::Snooze { until: Some(Timestamp::from_seconds(START + 90_000)) }, "snooze: snoozed this until"),
    ] {
        let mut day = Day::new();
        let _ = day.alice(op);
        day.push();
        assert_eq!(day.pull(), [""; 0]);
        day.bench.mail(0, "b@x", "ana@example.net", "Re: Order", &["a@x"]);
        // The inbox was not looked over since.
        assert_eq!(day.told(false), [""; 0]);
        let end = PassEnd {
            validity: 1,
            uid_next: 9,
            modseq: None,
            messages: None,
            flags_below: None,
            at: Timestamp::from_seconds(START + 1),
        };
        day.bench.store.finish_pass(day.bench.inbox, end).unwrap();
        let said = day.told(false);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].starts_with(what), "{said:?}");
        assert!(said[0].ends_with("the customer wrote meanwhile: it is open"), "{said:?}");
        assert_eq!(day.told(true), [""; 0], "once is enough");
    }
}

#[test]
fn mail_that_comes_after_the_pass_is_news_and_no_refusal() {
    let mut day = Day::new();
    let _ = day.alice(close());
    day.push();
    assert_eq!(day.pull(), [""; 0]);
    day.bench.mail(3600, "b@x", "ana@example.net", "Re: Order", &["a@x"]);
    assert_eq!(day.told(true), [""; 0]);
}

#[test]
fn what_somebody_took_back_is_told_of_work_long_on_the_log_too() {
    let mut day = Day::new();
    let mine = day.alice(title("Lamp"));
    day.push();
    assert_eq!(day.pull(), [""; 0]);
    let _ = day.bob(Known::Undo { of: mine });
    assert_eq!(day.pull(), ["title: titled this Lamp, bob took it back"]);
    assert_eq!(day.pull(), [""; 0], "once is enough");
}

#[test]
fn a_newcomer_is_not_told_of_what_was_taken_back_before() {
    let mut day = Day::new();
    let mine = day.alice(title("Lamp"));
    day.push();
    let _ = day.bob(Known::Undo { of: mine });
    let newcomer = Bench::of("alice", 700);
    newcomer.mail(0, "a@x", "ana@example.net", "Order", &[]);
    newcomer.store.remember_waiting(&main()).unwrap();
    let _ = newcomer.store.ingest_log(&main(), day.log.clone()).unwrap();
    assert!(newcomer.store.refusals(&main(), true).unwrap().is_empty());
}

#[test]
fn a_pass_that_broke_off_before_it_was_told_is_made_good_by_the_next() {
    let mut day = Day::new();
    let _ = day.bob_on(claim("bob"), Target { expect: Some(Expect::Nobody), ..Target::on(mid("a@x")) });
    let _ = day.alice(claim("alice"));
    day.push();
    day.bench.store.remember_waiting(&main()).unwrap();
    let _ = day.bench.store.ingest_log(&main(), day.log.clone()).unwrap();
    // Here the connection broke, and the program ended.
    assert_eq!(day.pull(), ["assign: took this, bob took it first, 0 s ago"]);
}

#[test]
fn of_a_bulk_the_first_thousand_are_listed_and_the_others_counted() {
    const MANY: usize = 1200;
    let mut day = Day::new();
    let mails = (0..MANY).map(|n| {
        let raw = super::super::testing::raw(&format!("{n}@bulk"), "ana@example.net", &format!("Question {n}"), &[]);
        super::super::testing::incoming(100 + u32::try_from(n).unwrap(), 0, raw)
    });
    day.bench.store.ingest(day.bench.inbox, mails.collect()).unwrap();
    let on = |n: usize| Target { expect: Some(Expect::Nobody), ..Target::on(mid(&format!("{n}@bulk"))) };
    let of_bob = vec![NewOperation::new(claim("bob"), (0..MANY).map(on).collect())];
    let record = day.bob.batch(1, None, of_bob).remove(0);
    day.put(record.to_json());
    let _ = day.bench.store.commit(vec![NewOperation::new(claim("alice"), (0..MANY).map(on).collect())]).unwrap();
    day.push();
    day.bench.store.remember_waiting(&main()).unwrap();
    let _ = day.bench.store.ingest_log(&main(), day.log.clone()).unwrap();
    let found = day.bench.store.refusals(&main(), false).unwrap();
    assert_eq!((found.listed.len(), found.more), (Refusals::LISTED_MAX, MANY - Refusals::LISTED_MAX));
}

#[test]
fn a_bulk_that_was_taken_back_is_read_once_and_not_for_each_conversation() {
    const MANY: usize = 40;
    let mut day = Day::new();
    let mails = (0..MANY).map(|n| {
        let raw = super::super::testing::raw(&format!("{n}@bulk"), "ana@example.net", &format!("Question {n}"), &[]);
        super::super::testing::incoming(100 + u32::try_from(n).unwrap(), 0, raw)
    });
    day.bench.store.ingest(day.bench.inbox, mails.collect()).unwrap();
    let on = |n: usize| Target::on(mid(&format!("{n}@bulk")));
    let closed = day.bench.store.commit(vec![NewOperation::new(close(), (0..MANY).map(on).collect())]).unwrap();
    let undo = Known::Undo { of: closed.records[0].id };
    let _ = day.bench.store.commit(vec![NewOperation::new(undo, (0..MANY).map(on).collect())]).unwrap();
    day.push();
    day.bench.store.remember_waiting(&main()).unwrap();
    let _ = day.bench.store.ingest_log(&main(), day.log.clone()).unwrap();
    undone::READ.with(|read| read.set((0, 0)));
    assert!(day.bench.store.refusals(&main(), true).unwrap().is_empty());
    let (read, _) = undone::READ.with(std::cell::Cell::get);
    assert!(read <= 8, "{read} records were read for {MANY} conversations of one bulk");
}

/// Tells by the row alone whether the conversation stands as the operation wanted it.
fn row_says(day: &Day, op: &Known) -> bool {
    let store = &day.bench.store;
    let conversation = |tx: &Transaction<'_>| conversation_of(tx, &mid("a@x")).map(Option::unwrap);
    store.read(|tx| row_agrees(tx, conversation(tx)?, op)).unwrap()
}

#[test]
fn what_stands_is_seen_by_the_row_alone() {
    let tomorrow = Some(Timestamp::from_seconds(START + 90_000));
    let bob = Handle::new("bob").unwrap();
    let mut all: Vec<Known> = Status::ALL.into_iter().map(|to| Known::SetStatus { to }).collect();
    all.extend([
        claim("alice"),
        Known::Assign { to: None },
        title("Lamp"),
        title(""),
        tag("late", true),
        tag("late", false),
        Known::Move { inbox: InboxId::new("sales").unwrap(), from: None },
        Known::Follow { who: bob.clone(), on: true },
        Known::Follow { who: bob, on: false },
        Known::Snooze { until: tomorrow },
    ]);
    let day = Day::new();
    for op in all {
        let _ = day.alice(op.clone());
        assert!(row_says(&day, &op), "{op:?}");
    }
}

#[test]
fn what_does_not_stand_is_seen_by_the_row() {
    let pairs = [
        (close(), Known::SetStatus { to: Status::Waiting }),
        (claim("alice"), claim("bob")),
        (title("Lamp"), title("Shade")),
        (tag("late", true), tag("late", false)),
    ];
    for (wanted, stands) in pairs {
        let day = Day::new();
        let _ = day.alice(stands);
        assert!(!row_says(&day, &wanted), "{wanted:?}");
    }
}

#[test]
fn a_conversation_is_folded_once_for_all_bulks_that_it_was_in() {
    let mut day = Day::new();
    let ids: Vec<String> = (1..=5).map(|n| format!("c{n}@x")).collect();
    for (n, id) in (1..).zip(&ids) {
        day.bench.mail(n, id, "ana@example.net", &format!("Order {n}"), &[]);
    }
    let on = || ids.iter().map(|id| Target::on(mid(id))).collect::<Vec<_>>();
    for n in 0..12 {
        let to = if n % 2 == 0 { Status::Waiting } else { Status::Open };
        let _ = day.bench.store.commit(vec![NewOperation::new(Known::SetStatus { to }, on())]).unwrap();
    }
    let (folds, reads) = (FOLDS.get(), undone::READ.get().0);
    day.push();
    assert_eq!(day.pull(), Vec::<String>::new());
    assert_eq!(day.told(true), Vec::<String>::new());
    let (folds, reads) = (FOLDS.get() - folds, undone::READ.get().0 - reads);
    assert!(folds <= 2 * ids.len(), "{folds} folds: once against records, once against mail");
    assert!(reads <= 5 * 12, "{reads} records read: as many as there are, not for each conversation");
}
