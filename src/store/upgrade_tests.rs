//! Stores that the program of before kept and worked on, opened by the rules of today.

use std::collections::BTreeSet;

use super::super::testing::{Bench, START, context, incoming, main, mid, options};
use super::super::{LogLine, LogPlace, Resolved};
use super::*;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::stop::Stop;
use crate::op::record::Record;

const DAY: i64 = 86_400;

/// What the program of before kept of a store otherwise than the rules of today say.
#[derive(Clone, Debug, Default)]
struct Before {
    /// Mails that it took for ours.
    ours: Vec<String>,
    /// Mails that it took for a machine's.
    machines: Vec<String>,
    /// What it had in one conversation: the root, then the ids of mails and of what they name.
    groups: Vec<Vec<String>>,
}

fn strings(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

impl Before {
    fn ours(mut self, ids: &[&str]) -> Self {
        self.ours = strings(ids);
        self
    }

    fn machines(mut self, ids: &[&str]) -> Self {
        self.machines = strings(ids);
        self
    }

    fn group(mut self, ids: &[&str]) -> Self {
        self.groups.push(strings(ids));
        self
    }

    /// Makes the rows of a store those of the program of before.
    fn put(&self, bench: &Bench) {
        let _ = bench.store.change(|batch| self.put_in(batch)).unwrap();
    }

    fn put_in(&self, batch: &mut Batch<'_>) -> Result<(), StoreError> {
        let tx = batch.tx;
        tx.execute_batch(
            "UPDATE message SET derived = 0, authorship = 0, author = '', text_hash = NULL, beside = NULL, sent_key = NULL,
                 likeness = NULL, why = '', envelope = json_remove(envelope, '$.original', '$.is_delivered', '$.list_id',
                 '$.vouches', '$.marks');
             DELETE FROM related; UPDATE conversation SET answered = 0;
             DELETE FROM edition; INSERT INTO edition (number, rules, team) VALUES (0, 1, 0);",
        )?;
        for (column, ids) in
            [("direction = 1, customer = '', subject_key = NULL", &self.ours), ("origin = 1", &self.machines)]
        {
            for id in ids {
                let changed = tx.execute(&format!("UPDATE message SET {column} WHERE message_id = ?1"), [id])?;
                assert_eq!(changed, 1, "{id}");
            }
        }
        for group in &self.groups {
            let number = batch.new_conversation()?;
            for id in group {
                let had = batch.conversation_of(&mid(id))?;
                let sql = "INSERT INTO member (message_id, conversation) VALUES (?1, ?2)
                           ON CONFLICT (message_id) DO UPDATE SET conversation = ?2";
                tx.execute(sql, params![id, number])?;
                tx.execute("UPDATE message SET conversation = ?2 WHERE message_id = ?1", params![id, number])?;
                if let Some(had) = had {
                    batch.touch(had, true);
                }
            }
            batch.roots.insert(number, mid(&group[0]));
            batch.touch(number, true);
        }
        let mut find = tx.prepare("SELECT rowid FROM conversation")?;
        for conversation in find.query_map([], |row| row.get(0))? {
            batch.touch(conversation?, true);
        }
        Ok(())
    }
}

/// Opens it with the rules of today, and lets them derive all that is here.
fn upgraded(bench: Bench, seed: u64) -> Bench {
    let bench = bench.opened_with(options("alice", seed));
    assert!(bench.store.to_derive().unwrap() > 0);
    derive(&bench);
    bench
}

fn derive(bench: &Bench) {
    bench.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    assert_eq!(bench.store.to_derive().unwrap(), 0);
    bench.sound();
}

/// The records that the upgrade wrote: what, and on which mail.
fn written(bench: &Bench) -> Vec<String> {
    let all = bench.store.unpushed(10_000).unwrap();
    let mut all: Vec<Record> = all.iter().map(|(_, json)| Record::parse(json).unwrap()).collect();
    all.retain(|record| record.actor == record::system().unwrap());
    let ids: BTreeSet<OpId> = all.iter().map(|record| record.id).collect();
    assert_eq!(ids.len(), all.len(), "each has an id of its own");
    let mut all: Vec<String> = all
        .iter()
        .map(|record| {
            let op = serde_json::to_value(record.known().unwrap()).unwrap();
            let what = ["into", "to", "until"].iter().find_map(|name| op.get(*name)).cloned().unwrap_or("".into());
            let what = what.as_str().map_or_else(|| what.to_string(), str::to_owned);
            format!("{} {} {what}", record.on[0].on, record.op.name())
        })
        .collect();
    all.sort();
    all
}

/// All that is on a log once a client has pushed what it has.
fn pushed(bench: &Bench, log: &mut Vec<LogLine>) {
    for (_, json) in bench.store.unpushed(10_000).unwrap() {
        let uid = u32::try_from(log.len()).unwrap() + 1;
        log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
    }
    let _ = bench.store.ingest_log(&main(), log.clone()).unwrap();
}

/// What all clients must agree on; former ids and what waits for the log are each client's own.
fn dump(bench: &Bench) -> Vec<String> {
    bench.dump().lines().filter(|line| !line.starts_with("n | to-push")).map(str::to_owned).collect()
}

fn conversations(bench: &Bench, ids: &[&str]) -> usize {
    ids.iter().map(|id| bench.id(id)).collect::<BTreeSet<ConversationId>>().len()
}

fn note(text: &str) -> Known {
    Known::Note { text: text.into(), mentions: BTreeSet::new() }
}

fn bob() -> Known {
    Known::Assign { to: Some(Handle::new("bob").unwrap()) }
}

const STRANGERS: [(&str, &str); 3] =
    [("s1@x", "ana@example.net"), ("s2@x", "ben@example.org"), ("s3@x", "cleo@example.com")];

/// Three strangers who name one mail that nobody holds, as one conversation.
fn strangers(actor: &str, seed: u64, shift: i64) -> Bench {
    let bench = Bench::of(actor, seed);
    mail_of_strangers(&bench, shift);
    Before::default().group(&["gone@x", "s1@x", "s2@x", "s3@x"]).put(&bench);
    assert_eq!((conversations(&bench, &["s1@x", "s2@x", "s3@x"]), bench.row("s1@x").messages), (1, 3));
    bench
}

fn mail_of_strangers(bench: &Bench, shift: i64) {
    for ((id, from), at) in STRANGERS.iter().zip(shift..) {
        bench.mail(at, id, from, &format!("About {id}"), &["gone@x"]);
    }
}

#[test]
fn strangers_whom_an_absent_mail_put_together_stay_so_where_somebody_worked_on_it() {
    for op in [note("They are one family."), bob(), Known::SetStatus { to: Status::Closed }] {
        for on in ["s1@x", "s2@x"] {
            let bench = strangers("alice", 1, 0);
            let was = bench.id("s1@x");
            let _ = bench.act_blind(on, op.clone());
            let before = bench.row("s1@x");
            let bench = upgraded(bench, 2);
            let now = bench.row("s1@x");
            assert_eq!(conversations(&bench, &["s1@x", "s2@x", "s3@x"]), 1, "{op:?}");
            assert_eq!(
                (now.status, now.messages, now.notes, now.assignee),
                (before.status, before.messages, before.notes, before.assignee)
            );
            assert_eq!(written(&bench), ["s2@x merge s1@x", "s3@x merge s1@x"]);
            assert_eq!(bench.store.upgraded().unwrap(), 1);
            assert!(matches!(bench.store.resolve(was.as_str()).unwrap(), Resolved::One(id) if id == bench.id("s1@x")));
        }
    }
}

#[test]
fn strangers_on_whom_nobody_worked_go_apart_without_a_record() {
    let bench = upgraded(strangers("alice", 1, 0), 2);
    assert_eq!(conversations(&bench, &["s1@x", "s2@x", "s3@x"]), 3);
    assert_eq!(written(&bench), Vec::<String>::new());
    let nothing = Bench::new();
    mail_of_strangers(&nothing, 0);
    assert_eq!(dump(&bench), dump(&nothing));
}

/// A question and an answer to it that the program of before had apart.
fn apart(actor: &str, seed: u64) -> Bench {
    let bench = Bench::of(actor, seed);
    mail_of_two(&bench);
    Before::default().group(&["q@x"]).group(&["a@x", "b@x"]).put(&bench);
    assert_eq!(conversations(&bench, &["q@x", "a@x", "b@x"]), 2);
    bench
}

fn mail_of_two(bench: &Bench) {
    bench.mail(0, "q@x", "ana@example.net", "Order", &[]);
    bench.mail(10, "a@x", "ana@example.net", "Something else", &["q@x"]);
    bench.mail(20, "b@x", "ana@example.net", "Re: Something else", &["a@x"]);
}

#[test]
fn conversations_that_somebody_worked_on_are_not_put_together() {
    for on in ["q@x", "b@x"] {
        let bench = apart("alice", 1);
        let _ = bench.act(on, note("Only this."));
        let bench = upgraded(bench, 2);
        assert_eq!(written(&bench), ["a@x split "], "{on}");
        assert_eq!((conversations(&bench, &["q@x", "a@x"]), conversations(&bench, &["a@x", "b@x"])), (2, 1));
        assert_eq!((bench.row("q@x").notes, bench.row("b@x").notes), if on == "q@x" { (1, 0) } else { (0, 1) });
        assert_eq!(bench.store.upgraded().unwrap(), 1);
    }
    let bench = upgraded(apart("alice", 1), 2);
    assert_eq!((written(&bench).len(), conversations(&bench, &["q@x", "a@x", "b@x"])), (0, 1));
}

const FORM: &str =
    "From: Website <support@team.example>\r\nTo: support@team.example\r\nReply-To: Sam Lee <sam@s.example>\r\n";

fn with_headers(bench: &Bench, uid: u32, at: i64, id: &str, headers: &str) {
    let raw =
        format!("Message-ID: <{id}>\r\n{headers}Date: Thu, 14 Jan 2027 08:00:00 +0000\r\n\r\nThe text of {id}.\r\n");
    bench.store.ingest(bench.inbox, vec![incoming(uid, at, raw.into_bytes())]).unwrap();
}

/// A web form's mail that the program of before took for ours.
fn form(at: i64) -> Bench {
    let bench = Bench::new();
    with_headers(&bench, 500, at, "f@web", &format!("{FORM}Subject: Form\r\n"));
    Before::default().ours(&["f@web"]).put(&bench);
    bench
}

#[test]
fn a_forms_mail_that_waited_is_open_if_it_is_young_and_goes_on_waiting_if_it_is_old() {
    for (days, status, records) in
        [(1, Status::Open, vec![]), (13, Status::Open, vec![]), (15, Status::Waiting, vec!["f@web set-status waiting"])]
    {
        let bench = form(-days * DAY);
        assert_eq!(bench.row("f@web").status, Status::Waiting);
        let bench = upgraded(bench, 2);
        assert_eq!(bench.row("f@web").status, status, "{days} days");
        assert_eq!(written(&bench), records, "{days} days");
        assert_eq!(bench.store.upgraded().unwrap(), 1);
        // What comes next opens it as ever.
        bench.mail(5, "n@x", "sam@s.example", "Re: Form", &["f@web"]);
        assert_eq!(bench.row("f@web").status, Status::Open);
    }
}

#[test]
fn imported_history_stays_closed_without_a_record() {
    let bench = form(-40 * DAY);
    assert_eq!(bench.row("f@web").status, Status::Closed);
    let bench = upgraded(bench, 2);
    assert_eq!((bench.row("f@web").status, written(&bench).len()), (Status::Closed, 0));
    assert_eq!(bench.store.upgraded().unwrap(), 0);
}

/// A customer's mail that somebody did something to, then a person's answer that the program of before took for a machine's.
fn answered(op: Known, at: i64) -> Bench {
    let bench = Bench::new();
    bench.mail(at - 10, "q@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("q@x", op);
    let answer = "From: ana@example.net\r\nTo: support@team.example\r\nSubject: Re: Order\r\nReferences: <q@x>\r\nPrecedence: bulk\r\n";
    with_headers(&bench, 501, at, "a@x", answer);
    assert_eq!(bench.row("q@x").status, Status::Open);
    Before::default().machines(&["a@x"]).put(&bench);
    bench
}

#[test]
fn what_was_closed_or_slept_opens_for_young_mail_alone() {
    let until = Timestamp::from_seconds(START + 100 * DAY);
    for op in [Known::SetStatus { to: Status::Closed }, Known::Snooze { until: Some(until) }] {
        for (days, is_kept) in [(2, false), (20, true)] {
            let bench = answered(op.clone(), -days * DAY);
            let before = bench.row("q@x");
            let bench = upgraded(bench, 2);
            let now = bench.row("q@x");
            let stays = (now.status, now.snoozed_until) == (before.status, before.snoozed_until);
            assert_eq!((stays, written(&bench).len()), (is_kept, usize::from(is_kept)), "{op:?} {days}");
            assert!(is_kept || (now.status, now.snoozed_until) == (Status::Open, None));
        }
    }
}

/// So many forms' mails that waited for three weeks.
const MANY: u32 = 250;

fn many() -> Bench {
    let bench = Bench::new();
    let mut ids = Vec::new();
    for n in 0..MANY {
        let id = format!("f{n}@web");
        with_headers(&bench, n + 1, -21 * DAY + i64::from(n), &id, &format!("{FORM}Subject: Form {n}\r\n"));
        ids.push(id);
    }
    Before { ours: ids, ..Before::default() }.put(&bench);
    bench
}

#[test]
fn each_record_is_written_once_however_often_the_work_is_interrupted() {
    let bench = many().opened_with(options("alice", 2));
    bench.store.derive_behind(1, &Stop::never(), &mut |_| {}).unwrap();
    let first = written(&bench).len();
    assert!(first > 0 && first < MANY as usize, "{first}");
    let stopped = bench.store.derive_behind(u64::MAX, &Stop::when(|| true), &mut |_| {});
    assert!(matches!(stopped, Err(StoreError::Stopped)));
    assert_eq!(written(&bench).len(), first);
    let other = bench.again();
    other.derive_behind(1, &Stop::never(), &mut |_| {}).unwrap();
    derive(&bench);
    assert_eq!(other.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap(), None);
    assert_eq!(written(&bench).len(), MANY as usize);
    assert_eq!(bench.store.upgraded().unwrap(), u64::from(MANY));
    assert_eq!(bench.row("f0@web").status, Status::Waiting);
    let bench = bench.opened_with(options("alice", 9));
    derive(&bench);
    assert_eq!(written(&bench).len(), MANY as usize);
}

/// A store with one of each: worked on and not, together and apart, open and waiting.
fn mixed(actor: &str, seed: u64) -> Bench {
    let bench = Bench::of(actor, seed);
    mixed_mail(&bench);
    Before::default()
        .ours(&["f1@web", "f2@web"])
        .group(&["gone@x", "s1@x", "s2@x", "s3@x"])
        .group(&["q@x"])
        .group(&["a@x", "b@x"])
        .group(&["lost@x", "t1@x", "t2@x"])
        .put(&bench);
    bench
}

fn mixed_mail(bench: &Bench) {
    mail_of_strangers(bench, -DAY);
    mail_of_two(bench);
    bench.mail(30, "t1@x", "dora@example.net", "One", &["lost@x"]);
    bench.mail(31, "t2@x", "emil@example.net", "Two", &["lost@x"]);
    with_headers(bench, 501, -20 * DAY, "f1@web", &format!("{FORM}Subject: Form 1\r\n"));
    with_headers(bench, 502, -2 * DAY, "f2@web", &format!("{FORM}Subject: Form 2\r\n"));
}

/// What was done with the program of before, as the log has it.
fn worked() -> Vec<LogLine> {
    let bench = mixed("alice", 1);
    let _ = bench.act("s2@x", note("They are one family."));
    let _ = bench.act("a@x", bob());
    let mut log = Vec::new();
    pushed(&bench, &mut log);
    log
}

#[test]
fn clients_that_upgrade_before_or_after_they_read_of_anothers_upgrade_end_alike() {
    let mut log = worked();
    let first = mixed("alice", 3);
    let _ = first.store.ingest_log(&main(), log.clone()).unwrap();
    let late = mixed("bob", 4);
    let _ = late.store.ingest_log(&main(), log.clone()).unwrap();
    let never_asked = mixed("bob", 5);

    let first = upgraded(first, 6);
    pushed(&first, &mut log);
    let before = log.len();

    // One derives first and pushes the same; the other reads first.
    let late = late.opened_with(options("bob", 7));
    derive(&late);
    let _ = late.store.ingest_log(&main(), log.clone()).unwrap();
    assert_eq!(written(&late), Vec::<String>::new());
    let reads_first = never_asked.opened_with(options("bob", 8));
    let _ = reads_first.store.ingest_log(&main(), log.clone()).unwrap();
    derive(&reads_first);
    pushed(&reads_first, &mut log);
    assert_eq!(log.len(), before, "nothing is written twice");

    let newcomer = Bench::of("bob", 9);
    let _ = newcomer.store.ingest_log(&main(), log.clone()).unwrap();
    mixed_mail(&newcomer);
    let other = Bench::of("bob", 10);
    mixed_mail(&other);
    let _ = other.store.ingest_log(&main(), log.clone()).unwrap();
    for bench in [&late, &reads_first, &newcomer, &other] {
        bench.sound();
        assert_eq!(dump(bench), dump(&first));
    }
}

#[test]
fn two_processes_that_upgrade_one_store_in_turn_write_each_record_once() {
    let log = worked();
    let bench = mixed("alice", 3);
    let _ = bench.store.ingest_log(&main(), log).unwrap();
    let bench = bench.opened_with(options("alice", 4));
    let other = bench.again();
    other.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    derive(&bench);
    let records = written(&bench);
    assert_eq!(records, ["a@x split ", "f1@web set-status waiting", "s2@x merge s1@x", "s3@x merge s1@x"]);
}

#[test]
fn mail_without_an_author_goes_apart_too() {
    let bench = Bench::new();
    let mail = |bench: &Bench| {
        for (uid, id) in [(1, "n1@x"), (2, "n2@x")] {
            let headers = format!("To: support@team.example\r\nSubject: About {id}\r\nReferences: <gone@x>\r\n");
            with_headers(bench, uid, i64::from(uid), id, &headers);
        }
    };
    mail(&bench);
    Before::default().group(&["gone@x", "n1@x", "n2@x"]).put(&bench);
    let bench = upgraded(bench, 2);
    let nothing = Bench::new();
    mail(&nothing);
    assert_eq!(dump(&bench), dump(&nothing));
}

#[test]
fn what_was_upgraded_is_counted_as_untold_once_all_is_done_and_until_it_is_told() {
    let untold = |bench: &Bench| bench.store.counts(&bench.store.author().actor).unwrap().upgraded;
    let bench = many().opened_with(options("alice", 2));
    bench.store.derive_behind(1, &Stop::never(), &mut |_| {}).unwrap();
    assert_eq!(untold(&bench), 0, "there is more to come");
    derive(&bench);
    assert_eq!(untold(&bench), u64::from(MANY));
    let listed = bench.store.count(&crate::query::parse("is:upgraded").unwrap(), &context(&bench.store)).unwrap();
    assert_eq!(listed, u64::from(MANY));
    bench.store.upgrade_is_told().unwrap();
    assert_eq!(untold(&bench), 0);
    let bench = bench.opened_with(options("alice", 3));
    assert_eq!(untold(&bench), 0);
}

#[path = "upgrade_laws_tests.rs"]
mod laws;
