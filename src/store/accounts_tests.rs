use std::collections::{BTreeSet, HashMap};

use super::testing::{Bench, Desk, START, main, mid, options};
use super::types::Takeback;
use super::*;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::{Clock, Timestamp};
use crate::model::ids::{AccountId, Handle, InboxId, Tag};
use crate::model::message::AsOf;
use crate::model::reply::OutState;
use crate::model::status::Status;
use crate::model::stop::Stop;
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::{LogPosition, NewOperation, Record};

fn close() -> Known {
    Known::SetStatus { to: Status::Closed }
}

fn claim(who: &str) -> Known {
    Known::Assign { to: Some(Handle::new(who).unwrap()) }
}

fn tag(name: &str) -> Known {
    Known::Tag { add: [Tag::new(name).unwrap()].into(), remove: BTreeSet::new() }
}

/// Targets whose author has seen all that the tests deliver.
fn on(ids: &[&str]) -> Vec<Target> {
    let seen = AsOf { at: START + 1000, ids: Vec::new() };
    ids.iter().map(|id| Target { as_of: Some(seen.clone()), ..Target::on(mid(id)) }).collect()
}

fn names(records: &[Record]) -> Vec<&str> {
    records.iter().flat_map(|record| &record.on).map(|target| target.on.as_str()).collect()
}

fn status(desk: &Desk, message: &str) -> Status {
    desk.bench.row(message).status
}

/// Two conversations of support and two of sales.
fn desk() -> Desk {
    let desk = Desk::both("alice", 1);
    for (n, (inbox, id)) in
        [("support", "a@x"), ("sales", "b@x"), ("support", "c@x"), ("sales", "d@x")].iter().enumerate()
    {
        desk.mail(inbox, n as i64, id, &[]);
    }
    desk
}

#[test]
fn a_bulk_over_two_accounts_is_one_record_on_each_log_and_one_batch() {
    let desk = desk();
    let made = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["a@x", "b@x", "c@x", "d@x"]))]).unwrap();
    let (support, sales) = (desk.waiting("support"), desk.waiting("sales"));
    assert_eq!((names(&support), names(&sales)), (vec!["a@x", "c@x"], vec!["b@x", "d@x"]));
    assert_eq!((support.len(), sales.len(), made.records.len()), (1, 1, 2));
    assert!(support[0].batch.is_some() && support[0].batch == sales[0].batch);
    assert_ne!(support[0].id, sales[0].id);
    assert_ne!(support[0].lamport, sales[0].lamport);
    for id in ["a@x", "b@x", "c@x", "d@x"] {
        assert_eq!(status(&desk, id), Status::Closed);
    }
    desk.bench.sound();
}

#[test]
fn undo_and_redo_of_a_batch_over_two_accounts_go_to_both_logs() {
    let (desk, mut support, mut sales) = (desk(), Vec::new(), Vec::new());
    let _ = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["a@x", "b@x", "c@x", "d@x"]))]).unwrap();
    desk.sync("support", &mut support);
    desk.sync("sales", &mut sales);
    let undone = desk.bench.store.undo().unwrap().unwrap();
    assert_eq!(undone.notice.as_str(), "Undid: closed 4 conversations");
    assert_eq!(
        (names(&desk.waiting("support")), names(&desk.waiting("sales"))),
        (vec!["a@x", "c@x"], vec!["b@x", "d@x"])
    );
    for id in ["a@x", "b@x", "c@x", "d@x"] {
        assert_eq!(status(&desk, id), Status::Open);
    }
    desk.sync("support", &mut support);
    desk.sync("sales", &mut sales);

    // Whoever has one of the accounts sees their part of it.
    let carol = Desk::new("carol", 2, &[("sales", "only")]);
    carol.mail("sales", 1, "b@x", &[]);
    carol.mail("sales", 3, "d@x", &[]);
    carol.sync("sales", &mut sales);
    assert_eq!((status(&carol, "b@x"), status(&carol, "d@x")), (Status::Open, Status::Open));

    assert!(desk.bench.store.redo().unwrap().is_some());
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (1, 1));
    desk.sync("sales", &mut sales);
    carol.sync("sales", &mut sales);
    assert_eq!((status(&carol, "b@x"), status(&desk, "a@x")), (Status::Closed, Status::Closed));
    desk.bench.sound();
    carol.bench.sound();
}

#[test]
fn the_log_of_one_account_never_holds_what_was_done_in_the_other() {
    let (desk, mut support, mut sales) = (desk(), Vec::new(), Vec::new());
    let ops = ["a@x", "b@x", "c@x", "d@x"].map(|id| NewOperation::new(tag(id.trim_end_matches("@x")), on(&[id])));
    let _ = desk.bench.store.commit(ops.to_vec()).unwrap();
    let _ = desk.bench.store.undo().unwrap();
    for inbox in ["support", "sales"] {
        assert!(desk.bench.store.settle_history(desk.account(inbox)).unwrap());
    }
    desk.sync("support", &mut support);
    desk.sync("sales", &mut sales);
    assert_eq!(desk.bench.store.unpushed(10).unwrap(), []);
    for (inbox, foreign) in [("support", ["b@x", "d@x", "sales@"]), ("sales", ["a@x", "c@x", "support@"])] {
        let lines = desk.bench.store.log_lines(desk.account(inbox), None, 100).unwrap();
        assert!(!lines.is_empty());
        for line in lines {
            assert!(!foreign.iter().any(|word| line.json.contains(word)), "{inbox}: {}", line.json);
        }
    }
}

#[test]
fn each_log_is_rebuilt_and_renumbered_alone() {
    let (desk, mut support, mut sales) = (desk(), Vec::new(), Vec::new());
    let _ = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["a@x", "b@x"]))]).unwrap();
    desk.sync("support", &mut support);
    desk.sync("sales", &mut sales);
    let (main, second) = (desk.account("support").clone(), desk.account("sales").clone());
    let head = LogPosition { validity: 7, uid: 9 };
    desk.bench.store.set_log_head(&main, head).unwrap();
    desk.bench.store.set_log_state(&main, "so far").unwrap();
    assert_eq!(
        (desk.bench.store.log_head(&second).unwrap(), desk.bench.store.log_state(&second).unwrap()),
        (None, None)
    );
    assert_eq!(desk.bench.store.log_head(&main).unwrap(), Some(head));

    let _ = desk.bench.store.renumber_log(&main, &HashMap::new(), &Default::default(), &Stop::never()).unwrap();
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (1, 0));
    assert_eq!(desk.bench.store.log_uids(&second, 1, 1).unwrap(), BTreeSet::from([1]));
    assert!(!desk.bench.store.log_places_any(&main).unwrap());
    let _ = desk.bench.store.renumber_log(&second, &HashMap::new(), &Default::default(), &Stop::never()).unwrap();
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (1, 1));
    desk.bench.sound();
}

#[test]
fn the_position_that_an_author_has_folded_is_that_of_the_same_log() {
    let desk = desk();
    let (one, other) = (LogPosition { validity: 1, uid: 3 }, LogPosition { validity: 2, uid: 8 });
    desk.bench.store.set_log_head(desk.account("support"), one).unwrap();
    desk.bench.store.set_log_head(desk.account("sales"), other).unwrap();
    let _ = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["a@x", "b@x"]))]).unwrap();
    assert_eq!((desk.waiting("support")[0].after, desk.waiting("sales")[0].after), (Some(one), Some(other)));
}

#[test]
fn a_move_to_an_inbox_of_another_account_is_refused_and_changes_nothing() {
    let desk = desk();
    let sales = Known::Move { inbox: InboxId::new("sales").unwrap(), from: None };
    let refused =
        desk.bench.store.commit(vec![NewOperation::new(sales.clone(), on(&["a@x", "b@x", "c@x"]))]).unwrap_err();
    let told = UserError::from(refused);
    assert_eq!(told.kind, ErrorKind::Usage);
    assert_eq!(
        told.message(),
        "2 of the conversations are of the account main, and the inbox sales belongs to the account second"
    );
    assert_eq!(
        told.advice(),
        "move it to another inbox of the same account, or forward the mail to sales@team.example"
    );
    assert_eq!((desk.bench.row("a@x").inbox.as_str(), desk.bench.store.unpushed(9).unwrap().len()), ("support", 0));
    let _ = desk.bench.store.commit(vec![NewOperation::new(sales, on(&["b@x"]))]).unwrap();
}

#[test]
fn a_merge_across_accounts_is_refused_and_within_one_it_works() {
    let desk = desk();
    let into = |id: &str| Known::Merge { into: mid(id) };
    let told =
        UserError::from(desk.bench.store.commit(vec![NewOperation::new(into("b@x"), on(&["a@x"]))]).unwrap_err());
    assert_eq!(
        told.message(),
        "the conversation is of the account main, and the conversation to merge into is of the account second"
    );
    let _ = desk.bench.store.commit(vec![NewOperation::new(into("b@x"), on(&["d@x"]))]).unwrap();
    assert_eq!(desk.bench.id("b@x"), desk.bench.id("d@x"));
    desk.bench.sound();
}

#[test]
fn one_mail_to_both_inboxes_is_one_conversation_and_hears_of_both_logs() {
    let (alice, carol) = (Desk::both("alice", 1), Desk::new("carol", 2, &[("sales", "only")]));
    let (mut support, mut sales) = (Vec::new(), Vec::new());
    alice.mail("support", 1, "a@x", &[]);
    alice.mail("sales", 1, "a@x", &[]);
    carol.mail("sales", 1, "a@x", &[]);
    assert_eq!((alice.bench.row("a@x").messages, alice.bench.row("a@x").inbox.as_str()), (1, "sales"));
    let _ = carol.bench.act("a@x", claim("bob"));
    carol.sync("sales", &mut sales);
    alice.sync("sales", &mut sales);
    assert_eq!(alice.bench.row("a@x").assignee.unwrap().as_str(), "bob");
    // One rule for the inbox decides on the log too.
    let _ = alice.bench.act("a@x", close());
    assert_eq!((alice.waiting("support").len(), alice.waiting("sales").len()), (0, 1));
    alice.sync("support", &mut support);
    alice.sync("sales", &mut sales);
    carol.sync("sales", &mut sales);
    assert_eq!(status(&carol, "a@x"), Status::Closed);
    alice.bench.sound();
}

#[test]
fn who_takes_over_having_read_the_other_log_has_it_whatever_the_accounts_are_called() {
    for accounts in [["main", "second"], ["z", "a"]] {
        let both = |actor: &str, seed| Desk::new(actor, seed, &[("support", accounts[0]), ("sales", accounts[1])]);
        let (alice, bob) = (both("alice", 1), both("bob", 2));
        let (mut support, mut sales) = (Vec::new(), Vec::new());
        for desk in [&alice, &bob] {
            // The customer answers to the other address.
            desk.mail("support", 1, "a@x", &[]);
            desk.mail("sales", 2, "b@x", &["a@x"]);
            assert_eq!(desk.bench.id("a@x"), desk.bench.id("b@x"));
        }
        // The log of sales is far ahead: places of two logs say nothing about each other.
        alice.mail("sales", 3, "c@x", &[]);
        for name in ["one", "two", "three"] {
            let _ = alice.bench.store.commit(vec![NewOperation::new(tag(name), on(&["c@x"]))]).unwrap();
        }
        bob.mail("sales", 3, "c@x", &[]);
        // In turn on one log and the other, each expecting what the one before left.
        let mut holder = None;
        for (n, (desk, who)) in
            [(&alice, "alice"), (&bob, "bob"), (&alice, "alice"), (&bob, "bob")].into_iter().enumerate()
        {
            let anchor = if n % 2 == 0 { "b@x" } else { "a@x" };
            let target = Target { expect: Some(Expect::of(holder.as_ref())), ..Target::on(mid(anchor)) };
            let _ = desk.bench.store.commit(vec![NewOperation::new(claim(who), vec![target])]).unwrap();
            for desk in [&alice, &bob, &alice] {
                desk.sync("support", &mut support);
                desk.sync("sales", &mut sales);
            }
            holder = Some(Handle::new(who).unwrap());
            for desk in [&alice, &bob] {
                assert_eq!(desk.bench.row("a@x").assignee, holder, "{accounts:?}, step {n}");
            }
        }
        assert_eq!((support.len(), sales.len()), (2, 5));
        assert_eq!(alice.bench.dump(), bob.bench.dump());
    }
}

#[test]
fn the_same_record_on_two_logs_counts_once_and_all_put_it_at_one_place() {
    let writer = desk();
    let _ = writer.bench.act("a@x", claim("alice"));
    let json = writer.bench.store.unpushed(1).unwrap().remove(0).1;
    let at = |uid| LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json: json.clone() };
    let id = Record::parse(&json).unwrap().id;
    let read = |order: [(&str, u32); 2]| {
        let desk = desk();
        for (inbox, uid) in order {
            let _ = desk.bench.store.ingest_log(desk.account(inbox), vec![at(uid)]).unwrap();
        }
        desk.bench.sound();
        let log = desk.bench.store.log(&LogFilter { conversation: None, before: None, limit: 9 }).unwrap();
        // Each log still knows that it holds the record, for its snapshots.
        for inbox in ["support", "sales"] {
            let account = desk.account(inbox);
            assert_eq!(desk.bench.store.log_lines(account, None, 9).unwrap().len(), 1);
            assert_eq!(desk.bench.store.log_places(account, &[id]).unwrap().len(), 1);
            assert_eq!(desk.bench.store.log_places_to(account, 1, 99).unwrap().len(), 1);
            assert_eq!(desk.bench.store.log_uids(account, 1, 1).unwrap().len(), 1);
        }
        assert_eq!(log.len(), 1);
        log[0].account.to_string()
    };
    assert_eq!(read([("support", 5), ("sales", 2)]), "second");
    assert_eq!(read([("sales", 2), ("support", 5)]), "second");
    assert_eq!(read([("sales", 5), ("support", 2)]), "main");
    assert_eq!(read([("support", 2), ("sales", 5)]), "main");
}

#[test]
fn an_account_that_the_config_calls_by_another_name_keeps_its_log() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = bench.act("a@x", claim("alice"));
    let json = bench.store.unpushed(1).unwrap().remove(0).1;
    let line = LogLine { place: LogPlace { epoch: 1, validity: 9, uid: 4, index: 0 }, json };
    let _ = bench.store.ingest_log(&main(), vec![line.clone()]).unwrap();
    let _ = bench.act("a@x", close());
    let mut renamed = options("alice", 5);
    renamed.team.inboxes = vec![super::testing::inbox("support", "team")];
    let store = Store::open(bench.dir.path(), renamed).unwrap();
    let team = AccountId::new("team").unwrap();
    assert_eq!(store.unpushed_of(&team, 9).unwrap().len(), 0);
    let _ = store.ingest_log(&team, vec![line]).unwrap();
    assert_eq!(store.log_lines(&team, None, 9).unwrap().len(), 1);
    assert_eq!(store.unpushed_of(&team, 9).unwrap().len(), 1, "what waited goes to the same folder");
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_saved_reply_goes_to_the_accounts_of_its_inboxes_and_is_withdrawn_where_it_was_shared() {
    let (desk, mut support, mut sales) = (desk(), Vec::new(), Vec::new());
    let share = |name: &str, text: &str| {
        let op = Known::SavedReply { name: name.into(), text: text.into() };
        let made = desk.bench.store.commit(vec![NewOperation::new(op, Vec::new())]).unwrap();
        made.records.len()
    };
    assert_eq!(share("offer", "inboxes: sales\n---\nOur offer"), 1);
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (0, 1));
    assert_eq!(share("hello", "Good day"), 2);
    desk.sync("support", &mut support);
    desk.sync("sales", &mut sales);
    assert_eq!(share("offer", ""), 1);
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (0, 1));
    assert_eq!(super::testing::shared(&desk.bench.store), ["hello: Good day"]);
}

const DAY: i64 = 86_400;

/// A client that begins so many days after the start, with old and new mail of both inboxes.
fn began(actor: &str, seed: u64, days: i64, inboxes: &[(&str, &str)]) -> Desk {
    let mut options = options(actor, seed);
    options.author.clock = Clock::fixed(Timestamp::from_seconds(START + days * DAY));
    let desk = Desk::with(options, inboxes);
    for n in 0..40 {
        for (inbox, _) in inboxes {
            desk.mail(inbox, -n * DAY, &format!("{inbox}{n}@x"), &[]);
        }
    }
    desk
}

fn open_in(desk: &Desk, inbox: &str) -> usize {
    (0..40).filter(|n| status(desk, &format!("{inbox}{n}@x")) == Status::Open).count()
}

#[test]
fn each_log_says_where_the_history_of_its_account_ends() {
    let (mut support, mut sales) = (Vec::new(), Vec::new());
    let carol = began("carol", 1, 20, &[("sales", "only")]);
    assert!(carol.bench.store.settle_history(carol.account("sales")).unwrap());
    carol.sync("sales", &mut sales);
    let alice = began("alice", 2, 0, &[("support", "main"), ("sales", "second")]);
    for (inbox, log, news) in [("support", &mut support, true), ("sales", &mut sales, false)] {
        alice.sync(inbox, log);
        assert_eq!(alice.bench.store.settle_history(alice.account(inbox)).unwrap(), news, "{inbox}");
        alice.sync(inbox, log);
    }
    assert_eq!((open_in(&alice, "sales"), open_in(&carol, "sales")), (11, 11));
    assert_eq!(open_in(&alice, "support"), 31);
    alice.bench.sound();
}

#[test]
fn what_the_one_log_of_before_said_of_an_account_is_said_again_on_its_own() {
    let (mut support, mut sales) = (Vec::new(), Vec::new());
    // An older client put the cut of sales on the log of the first account.
    let before = Timestamp::from_seconds(START - 5 * DAY);
    let op = Known::HistoryBefore { mailbox: "sales@team.example".into(), before };
    let old = options("bob", 3).author.batch(0, None, vec![NewOperation::new(op, Vec::new())]).remove(0);
    support.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 }, json: old.to_json() });
    let alice = began("alice", 2, 0, &[("support", "main"), ("sales", "second")]);
    alice.sync("support", &mut support);
    assert_eq!(open_in(&alice, "sales"), 6);
    assert!(alice.bench.store.settle_history(alice.account("sales")).unwrap());
    alice.sync("sales", &mut sales);
    let carol = began("carol", 1, 20, &[("sales", "only")]);
    carol.sync("sales", &mut sales);
    assert!(!carol.bench.store.settle_history(carol.account("sales")).unwrap());
    assert_eq!((open_in(&alice, "sales"), open_in(&carol, "sales")), (6, 6));
}

#[test]
fn mail_of_two_accounts_is_history_only_where_it_is_that_in_both() {
    let (mut support, mut sales) = (Vec::new(), Vec::new());
    let carol = began("carol", 1, 20, &[("sales", "only")]);
    assert!(carol.bench.store.settle_history(carol.account("sales")).unwrap());
    carol.sync("sales", &mut sales);
    let mut seen = Vec::new();
    for turn in [["support", "sales"], ["sales", "support"]] {
        let alice = began("alice", 2, 0, &[("support", "main"), ("sales", "second")]);
        assert!(alice.bench.store.settle_history(alice.account("support")).unwrap());
        for inbox in turn {
            alice.sync(inbox, if inbox == "support" { &mut support } else { &mut sales });
        }
        for inbox in turn {
            alice.mail(inbox, -20 * DAY, "both@x", &[]);
        }
        seen.push(status(&alice, "both@x"));
        alice.bench.sound();
    }
    assert_eq!(seen, [Status::Open, Status::Open]);
}

/// Makes a store of version 2 of one of today: what it holds, in the tables of then.
fn as_of_version_2(bench: &Bench, state: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let old = rusqlite::Connection::open(dir.path().join("postroom.db")).unwrap();
    for sql in connection::MIGRATIONS.iter().take(2) {
        old.execute_batch(sql).unwrap();
    }
    old.execute("ATTACH ?1 AS now", [bench.store.path().to_str().unwrap()]).unwrap();
    let mut find =
        old.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'").unwrap();
    let tables: Vec<String> = find.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    assert!(tables.len() > 20);
    for table in tables {
        // What the old store kept in other columns is empty here.
        let both = "SELECT name FROM pragma_table_info(?1, 'main') WHERE name IN (SELECT name FROM pragma_table_info(?1, 'now'))";
        let mut find = old.prepare(both).unwrap();
        let columns: Vec<String> =
            find.query_map([&table], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let columns = columns.join(", ");
        old.execute_batch(&format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}")).unwrap();
    }
    old.execute_batch("DELETE FROM main.meta WHERE name = 'log-home'").unwrap();
    for (name, value) in [("log-state", state), ("log-head", r#"{"validity":7,"uid":2}"#)] {
        old.execute("INSERT INTO main.meta (name, value) VALUES (?1, ?2)", [name, value]).unwrap();
    }
    old.execute_batch("INSERT INTO main.log_stray VALUES (1, 1, 9, 0, 'nonsense'); PRAGMA user_version = 2").unwrap();
    dir
}

#[test]
fn an_old_store_gives_its_one_log_to_the_first_account_and_loses_nothing() {
    let (desk, mut log) = (desk(), Vec::new());
    let _ = desk.bench.act("a@x", claim("alice"));
    let _ = desk.bench.act("c@x", close());
    desk.sync("support", &mut log);
    let _ = desk.bench.act("a@x", tag("late"));
    let before = desk.bench.dump();
    let dir = as_of_version_2(&desk.bench, "where it was");

    let mut options = options("alice", 9);
    options.team.inboxes = vec![super::testing::inbox("sales", "second"), super::testing::inbox("support", "main")];
    let store = Store::open(dir.path(), options).unwrap();
    let second = AccountId::new("second").unwrap();
    // Whoever opens it says which account is the first; the order of the inboxes does not.
    store.adopt_log(&main()).unwrap();
    assert_eq!(store.log_state(&main()).unwrap().as_deref(), Some("where it was"));
    assert_eq!(store.log_head(&main()).unwrap(), Some(LogPosition { validity: 7, uid: 2 }));
    assert_eq!((store.log_state(&second).unwrap(), store.log_head(&second).unwrap()), (None, None));
    assert_eq!(store.log_lines(&main(), None, 9).unwrap().len(), 3, "two records, and what can't be read");
    assert_eq!(store.log_lines(&second, None, 9).unwrap(), []);
    let waiting = |account: &AccountId| store.unpushed_of(account, 9).unwrap().len();
    assert_eq!((waiting(&main()), waiting(&second)), (1, 0));
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
    let mut upgraded = Bench::of("nobody", 77);
    upgraded.store = store.clone();
    assert_eq!(upgraded.dump(), before);

    // What is done from now on goes where it belongs.
    let _ = upgraded.act("b@x", close());
    assert_eq!((waiting(&main()), waiting(&second)), (1, 1));
    drop(upgraded);
    store.adopt_log(&second).unwrap();
    assert_eq!((waiting(&main()), waiting(&second)), (1, 1), "what has an account keeps it");
}

#[test]
fn undoing_what_the_one_log_of_before_held_goes_to_that_log() {
    let (desk, mut log) = (desk(), Vec::new());
    // An older client closed a conversation of sales on the log of the first account.
    let old = options("alice", 3).author.batch(0, None, vec![NewOperation::new(close(), on(&["b@x"]))]).remove(0);
    log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 }, json: old.to_json() });
    desk.sync("support", &mut log);
    assert_eq!(status(&desk, "b@x"), Status::Closed);
    let undone = desk.bench.store.undo_operation(old.id).unwrap();
    assert!(matches!(undone, Takeback::Done(_)));
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (1, 0));
    assert_eq!(status(&desk, "b@x"), Status::Open);
}

#[test]
fn what_is_about_no_mail_that_is_here_goes_to_the_first_account() {
    let desk = desk();
    let _ = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["elsewhere@x"]))]).unwrap();
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (1, 0));
    desk.bench.store.adopt_log(desk.account("sales")).unwrap();
    let _ = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["elsewhere@x"]))]).unwrap();
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (1, 1));
}

#[test]
fn a_mail_that_begins_a_conversation_is_told_on_the_log_of_the_account_that_sent_it() {
    let desk = desk();
    let id = mid("new@team.example");
    let delivery = Delivery {
        account: desk.account("sales").clone(),
        from: "sales@team.example".into(),
        recipients: vec![Recipient::new("ana@example.net")],
        utf8: false,
        anchor: None,
        as_of: None,
        seen_op: None,
        then: None,
        waits_since: Timestamp(0),
        anyway: false,
        draft: None,
        fixed: false,
        gone: false,
        copied: false,
        out: false,
    };
    let (to, subject, copy) = ("Ana".to_owned(), "Offer".to_owned(), b"Subject: Offer\r\n\r\nHello\r\n".to_vec());
    let new =
        NewOutgoing { message_id: id.clone(), conversation: None, to, subject, due: Timestamp(0), copy, delivery };
    let store = &desk.bench.store;
    let mail = store.queue(&new).unwrap().id;
    store.advance(mail, OutState::Held, OutState::Sending, None, None).unwrap();
    store.advance(mail, OutState::Sending, OutState::Sent, None, None).unwrap();
    // The copy is not read yet: no mail of that id is here.
    let replied = Known::Replied { message: id.clone(), then: None, hash: None };
    assert!(store.file(mail, vec![NewOperation::new(replied, vec![Target::on(id)])]).unwrap());
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (0, 1));
}

#[test]
fn a_message_that_only_others_name_has_the_account_of_their_conversation() {
    let desk = desk();
    desk.mail("sales", 9, "e@x", &["root@x"]);
    let _ = desk.bench.store.commit(vec![NewOperation::new(close(), on(&["root@x"]))]).unwrap();
    assert_eq!((desk.waiting("support").len(), desk.waiting("sales").len()), (0, 1));
}

/// An id that every client gives.
fn given() -> crate::model::ids::OpId {
    crate::model::ids::OpId::derived("late-mail", &mid("a@x"))
}

#[test]
fn a_given_id_that_is_committed_twice_is_one_record() {
    let desk = desk();
    let operation = || NewOperation::new(tag("vip"), on(&["a@x"])).with_id(given());
    let made = desk.bench.store.commit(vec![operation(), operation()]).unwrap();
    assert_eq!(made.records.iter().map(|record| record.id).collect::<Vec<_>>(), [given()]);
    let again = desk.bench.store.commit(vec![operation()]).unwrap();
    assert_eq!((again.records.len(), desk.waiting("support").len()), (0, 1));
    desk.bench.sound();
}

#[test]
fn a_given_id_over_two_accounts_and_many_targets_gives_ids_that_every_client_derives() {
    let many = |desk: &Desk| {
        let far = (0..crate::op::operation::TARGETS_MAX).map(|n| Target::on(mid(&format!("far{n}@x"))));
        let on = on(&["b@x", "a@x"]).into_iter().chain(far).collect();
        let made = desk.bench.store.commit(vec![NewOperation::new(tag("vip"), on).with_id(given())]).unwrap();
        made.records.iter().map(|record| (record.on.len(), record.id)).collect::<Vec<_>>()
    };
    let (alice, bob) = (desk(), Desk::both("bob", 2));
    for (n, (inbox, id)) in [("sales", "b@x"), ("support", "a@x")].iter().enumerate() {
        bob.mail(inbox, n as i64, id, &[]);
    }
    let (support, sales) = ("support@team.example", "sales@team.example");
    let expected = [
        (1, given().part(sales, 0)),
        (crate::op::operation::TARGETS_MAX, given().part(support, 0)),
        (1, given().part(support, 1)),
    ];
    assert_eq!(many(&alice), expected);
    assert_eq!(many(&bob), expected);
}

#[test]
fn an_actor_and_a_batch_that_are_given_stand_in_the_record() {
    let desk = desk();
    let (rule, batch) = (Handle::new("rules").unwrap(), given());
    let operation = NewOperation::new(tag("vip"), on(&["a@x"])).by(rule.clone()).in_batch(batch);
    let made = desk.bench.store.commit(vec![operation]).unwrap();
    assert_eq!((&made.records[0].actor, made.records[0].batch), (&rule, Some(batch)));
    assert_eq!(made.records[0].op.name(), "tag");
}
