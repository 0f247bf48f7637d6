//! No statement of daily work reads a table from end to end: what a key, a mail or a record costs must not grow with the store.
//!
//! Every statement that the work below runs is heard from SQLite itself and asked for its plan, so that a new one is among them without
//! being put on a list.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::trace::{TraceEvent, TraceEventCodes};
use rusqlite::{Connection, StatementStatus};
use serde_json::json;

use super::testing::*;
use super::*;
use crate::model::agent::TeamRecord;
use crate::model::clock::Timestamp;
use crate::model::hook::{Hook, HookEvent, Once};
use crate::model::ids::{ConversationId, Handle, OpId, Tag};
use crate::model::message::AsOf;
use crate::model::stop::Stop;
use crate::model::view::View;
use crate::op::operation::Known;
use crate::query;

thread_local! {
    /// The statements of this thread, where they are listened to.
    static HEARD: RefCell<Option<BTreeSet<String>>> = const { RefCell::new(None) };
    /// The steps that SQLite took for each of them.
    static STEPS: RefCell<BTreeMap<String, i64>> = const { RefCell::new(BTreeMap::new()) };
    /// Those of them that were planned more than once.
    static REPLANNED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
}

/// Returns a statement without its line ends and indents.
pub(super) fn in_a_line(sql: &str) -> String {
    sql.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lets a connection be listened to, where this thread listens.
pub(super) fn heard(mut connection: Connection) -> rusqlite::Result<Connection> {
    if HEARD.with_borrow(Option::is_some) {
        let note = |event: TraceEvent<'_>| {
            if let TraceEvent::Profile(statement, _) = &event {
                // They are counted on and on while a statement is kept.
                let steps = i64::from(statement.get_status(StatementStatus::VmStep));
                STEPS.with_borrow_mut(|all| all.insert(in_a_line(&statement.sql()), steps));
            }
            if let TraceEvent::Stmt(statement, _) = event {
                let sql = in_a_line(&statement.sql());
                if statement.get_status(StatementStatus::RePrepare) > 0 {
                    REPLANNED.with_borrow_mut(|all| all.insert(sql.clone()));
                }
                HEARD.with_borrow_mut(|heard| heard.as_mut().map(|all| all.insert(sql)));
            }
        };
        connection.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT | TraceEventCodes::SQLITE_TRACE_PROFILE, Some(note))?;
    }
    Ok(connection)
}

/// Returns the statements that some work runs on a store of its own.
fn statements(work: impl FnOnce(&Bench)) -> BTreeSet<String> {
    HEARD.set(Some(BTreeSet::new()));
    let bench = Bench::new();
    for n in 0..8 {
        bench.mail(n, &format!("m{n}@x"), &format!("c{n}@example.net"), &format!("Order {n}"), &[]);
    }
    bench.finish();
    let _ = HEARD.replace(Some(BTreeSet::new()));
    work(&bench);
    HEARD.take().unwrap()
}

/// Returns how many steps SQLite takes for some work on a store that was just opened again, from connections of its own on.
pub(super) fn steps_of(bench: &Bench, work: impl Fn(&Store)) -> i64 {
    HEARD.set(Some(BTreeSet::new()));
    let store = bench.again();
    STEPS.take();
    work(&store);
    HEARD.take();
    STEPS.take().into_values().sum()
}

/// What may be gone through: the index, or the table where none is used, and a piece of the statement that does it.
const FEW: &[(&str, &str)] = &[
    // A row an account, a folder, or a view.
    ("account", "SELECT name FROM account"),
    ("sqlite_autoindex_folder_1", "EXISTS (SELECT 1 FROM folder f"),
    ("tally", "DELETE FROM tally WHERE n = 0"),
    // It ends at the first row, or where the page is full.
    ("target", "EXISTS (SELECT 1 FROM target)"),
    ("undo_target", "EXISTS (SELECT 1 FROM undo_target)"),
    ("undone", "EXISTS (SELECT 1 FROM undone)"),
    ("repair_record", "EXISTS (SELECT 1 FROM repair)"),
    ("related_conversation", "EXISTS (SELECT 1 FROM related)"),
    ("family", "EXISTS (SELECT 1 FROM family)"),
    ("upgraded", "SELECT count(*) FROM upgraded"),
    ("erased", "EXISTS (SELECT 1 FROM erased)"),
    ("rethread", "EXISTS (SELECT 1 FROM rethread)"),
    // A hundred watches at most.
    ("sqlite_autoindex_watch_1", "EXISTS (SELECT 1 FROM watch)"),
    ("watch", "FROM watch WHERE used_at < ?1"),
    ("watch", "FROM watch WHERE actor = ?1"),
    ("r", "FROM watch w JOIN watch_run r"),
    // The last row.
    ("record", "FROM record ORDER BY seq DESC LIMIT 1"),
    ("sending_record", "EXISTS (SELECT 1 FROM sending)"),
    ("rethread", "FROM rethread LIMIT 1"),
    ("mail_move_message", "EXISTS (SELECT 1 FROM mail_move)"),
    ("news_mail", "EXISTS (SELECT 1 FROM news_mail)"),
    ("conversation_news_of", "EXISTS (SELECT 1 FROM conversation_news)"),
    ("conversation_mention_looked_of", "EXISTS (SELECT 1 FROM conversation_mention_looked)"),
    ("conversation_order", "ORDER BY c.last_at DESC, c.id DESC LIMIT ?"),
    ("conversation_snoozed", "ORDER BY c.last_at DESC, c.id DESC LIMIT ?"),
    ("edition", "FROM edition ORDER BY number DESC LIMIT 1"),
    // What waits to be done, and is gone once it is.
    ("record_unplaced", "epoch IS NULL"),
    ("mail_move_message", "count(*) FROM mail_move"),
    ("mail_move", "count(*) FROM mail_move WHERE reason <> ''"),
    ("mail_move_account", "count(*) FROM mail_move GROUP BY"),
    ("adrift", "FROM adrift WHERE account = ?1"),
    ("a", "FROM adrift a WHERE a.account = ?1"),
    // What a person is to look at.
    ("conversation_bounced", "bounced IS NOT NULL"),
    // The full-text index finds a row by its number.
    ("search VIRTUAL TABLE INDEX 0:=", "WHERE rowid = ?1"),
];

/// Returns what a step of a plan goes through from end to end. What a statement makes itself, a row or a subquery's, has steps of its own.
pub(super) fn gone_through(step: &str) -> Option<&str> {
    let what = step.strip_prefix("SCAN ").filter(|what| *what != "CONSTANT ROW" && !what.starts_with('('))?;
    Some(what.split_once(" INDEX ").filter(|_| what.contains(" USING ")).map_or(what, |(_, index)| index))
}

/// Returns the place of what a statement goes through among what it may.
pub(super) fn allowed(step: &str, sql: &str) -> Option<usize> {
    FEW.iter().position(|(what, within)| gone_through(step) == Some(*what) && sql.contains(within))
}

/// Returns the steps of the plan of a statement.
pub(super) fn explained(store: &Store, sql: &str) -> Result<Vec<String>, StoreError> {
    store.read(|tx| {
        let mut explain = tx.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let values = vec![rusqlite::types::Null; explain.parameter_count()];
        let steps = explain.query_map(rusqlite::params_from_iter(values), |row| row.get::<_, String>(3))?;
        Ok(steps.collect::<Result<Vec<_>, _>>()?)
    })
}

/// Returns what of the plans of statements goes through a table or an index from end to end.
fn scans(statements: &BTreeSet<String>) -> Vec<(String, String)> {
    let bench = Bench::new();
    let mut found = Vec::new();
    // What sets up a connection has no plan.
    for sql in statements.iter().filter(|sql| !sql.starts_with("PRAGMA")) {
        let steps = explained(&bench.store, sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
        found.extend(steps.into_iter().filter(|step| gone_through(step).is_some()).map(|step| (step, sql.clone())));
    }
    found
}

fn record(n: u32, op: &serde_json::Value, on: &str) -> LogLine {
    let json = json!({
        "v": 1, "id": format!("00000000-0000-7000-8000-{n:012x}"), "batch": format!("00000000-0000-7000-8000-{:012x}", n + 1000),
        "actor": "eve", "host": "h", "at": 1_800_000_000_000i64, "lamport": n + 1, "on": [{"on": on}], "op": op,
    });
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid: n + 1, index: 0 }, json: json.to_string() }
}

fn tag(name: &str) -> Known {
    Known::Tag { add: [Tag::new(name).unwrap()].into(), remove: Default::default() }
}

fn mail_comes(bench: &Bench) {
    bench.mail(50, "a1@y", "c1@example.net", "Re: Order 1", &["m1@x"]);
    bench.mail(51, "a2@y", "c9@example.net", "Re: Order 2", &[]);
    bench.store.note_seen(bench.inbox, 60, Some(7)).unwrap();
    bench.store.highest(bench.inbox, 4).unwrap();
    bench.store.asides(bench.inbox).unwrap();
    bench.store.forget_asides(bench.inbox, &[3]).unwrap();
    bench.store.tell_asides(&main()).unwrap();
    bench.store.wanted_bodies(bench.inbox, 10).unwrap();
    bench.store.adrift(&main()).unwrap();
    bench.store.folders(&main()).unwrap();
    bench.finish();
}

fn mail_goes(bench: &Bench) {
    let flags = vec![(2, vec!["\\Flagged".to_owned()], None)];
    bench.store.set_flags(bench.inbox, flags).unwrap();
    bench.store.set_adrift(bench.inbox, &[3]).unwrap();
    bench.store.expunge(bench.inbox, &[3, 4]).unwrap();
    let adrift = bench.store.adrift(&main()).unwrap();
    bench.store.settle_adrift(&main(), &adrift).unwrap();
    bench.store.mail_moves(&main(), Timestamp::from_seconds(START), 10).unwrap();
    bench.store.moves_waiting().unwrap();
    let moved = |n: u32| Relocated {
        uid: n + 20,
        message: mid(&format!("m{n}@x")),
        variant: None,
        flags: Vec::new(),
        size: 100,
    };
    bench.store.reset_folder(bench.inbox, 2).unwrap();
    bench.store.conversation(&bench.id("m6@x"), 50).unwrap();
    bench.store.relocate(bench.inbox, vec![moved(0), moved(1)]).unwrap();
    bench.store.expunge(bench.inbox, &[20]).unwrap();
    bench.store.lost(bench.inbox).unwrap();
    bench.finish();
}

fn a_key_is_pressed(bench: &Bench) {
    let _ = bench.act("m1@x", tag("late"));
    let _ = bench.act("m1@x", Known::Assign { to: Handle::new("bob").ok() });
    let _ = bench.act("m2@x", Known::Follow { who: Handle::new("bob").unwrap(), on: true });
    let _ = bench.act("m2@x", Known::Note { text: "hello @bob".into(), mentions: Default::default() });
    for _ in 0..3 {
        let _ = bench.store.undo().unwrap().unwrap();
        let _ = bench.store.redo().unwrap().unwrap();
    }
    bench.store.wake().unwrap();
    bench.store.next_wake().unwrap();
}

fn records_come(bench: &Bench) {
    let mut lines = vec![
        record(0, &json!({"kind": "tag", "add": ["late"]}), "m1@x"),
        record(1, &json!({"kind": "merge", "into": "m2@x"}), "m1@x"),
        record(2, &json!({"kind": "split"}), "m1@x"),
    ];
    lines.extend(
        (3..9).map(|n| {
            record(n, &json!({"kind": "undo", "of": format!("00000000-0000-7000-8000-{:012x}", n - 1)}), "m1@x")
        }),
    );
    bench.store.remember_waiting(&main()).unwrap();
    bench.store.ingest_log_until(&main(), lines, &Stop::never()).unwrap();
    bench.store.thread_pending(&Stop::never()).unwrap();
    bench.store.refusals(&main(), false).unwrap();
    let id: OpId = "00000000-0000-7000-8000-000000000002".parse().unwrap();
    bench.store.log_places(&main(), &[id]).unwrap();
    bench.store.log_places_any(&main()).unwrap();
    bench.store.log_state(&main()).unwrap();
    bench.store.log_head(&main()).unwrap();
    bench.store.log_lines(&main(), None, 5).unwrap();
    bench.store.unpushed_of(&main(), 10).unwrap();
    bench.store.unpushed_accounts().unwrap();
    bench.store.behind(id).unwrap();
}

fn the_team_changes(bench: &Bench) {
    let _ = bench.store.set_team(&main(), TeamRecord { signed: true, ..TeamRecord::default() }).unwrap().unwrap();
    let _ = bench.store.undo().unwrap().unwrap();
    bench.store.team_record(&main()).unwrap();
    bench.store.signing_since(&main()).unwrap();
    bench.store.data_version().unwrap();
    assert!(bench.store.to_derive().unwrap() > 0);
    assert!(bench.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap().is_some());
}

fn a_conversation_is_shown(bench: &Bench) {
    let _ = bench.act("m1@x", tag("late"));
    let id = bench.id("m1@x");
    let as_of = AsOf { at: START, ids: Default::default() };
    bench.store.shown(std::slice::from_ref(&id)).unwrap();
    bench.store.arrived_in(&id, START).unwrap();
    bench.store.later(&id, Some(&as_of)).unwrap();
    bench.store.own_title(&id).unwrap();
    bench.store.followers(&id).unwrap();
    bench.store.conversation(&id, 50).unwrap();
    bench.store.rows(std::slice::from_ref(&id)).unwrap();
    bench.store.targets(std::slice::from_ref(&id)).unwrap();
    bench.store.query_facts(std::slice::from_ref(&id), true).unwrap();
    bench.store.to_answer(&id).unwrap();
    bench.store.draft_in(&id).unwrap();
    a_customer_is_shown(bench, &id);
    bench.store.basis(&id).unwrap();
    bench.store.log(&LogFilter { conversation: Some(id), before: None, limit: 20 }).unwrap();
    bench.store.log(&LogFilter { conversation: None, before: None, limit: 20 }).unwrap();
    bench.store.counts(&Handle::new("alice").unwrap()).unwrap();
    for view in View::FIXED {
        let query = query::parse(&view.query()).unwrap();
        bench.store.page(&query, &context(&bench.store), None, 50).unwrap();
    }
    bench.store.next_due(Timestamp::from_seconds(START)).unwrap();
}

/// With another conversation that has a note, one that we began, and one that only a form says is theirs.
fn a_customer_is_shown(bench: &Bench, id: &ConversationId) {
    bench.mail(60, "b1@y", "c1@example.net", "Another matter", &[]);
    let _ = bench.act("b1@y", Known::Note { text: "pays late".into(), mentions: Default::default() });
    bench.mail(61, "o1@y", "support@team.example", "An offer", &[]);
    let form = String::from_utf8(raw("f1@web", "support@team.example", "Form", &[])).unwrap();
    let form = form.replace("To: ana@example.net", "To: support@team.example\r\nReply-To: c1@example.net");
    bench.store.ingest(bench.inbox, vec![incoming(900, 62, form.into_bytes())]).unwrap();
    let customer = bench.store.customer_of(id, 20).unwrap().unwrap();
    assert_eq!((customer.conversations.len(), customer.notes.len()), (2, 1), "{customer:?}");
    assert_eq!(bench.store.customer_of(&bench.id("o1@y"), 20).unwrap().unwrap().addresses[0].key, "ana@example.net");
    assert!(bench.store.customer_of(&bench.id("f1@web"), 20).unwrap().unwrap().is_claimed);
    assert_eq!(bench.store.customer("c1@example.net", 20).unwrap().unwrap().conversations.len(), 3);
}

fn work_is_handed_out(bench: &Bench) {
    let context = context(&bench.store);
    let query = query::parse("inbox:support -tag:late").unwrap();
    let teams = [Handle::new("billing").unwrap()];
    let wanted = Wanted { query: &query, context: &context, teams: &teams, count: 2 };
    let claim = Claim { worker: "w".into(), until: Timestamp::from_seconds(START + 600) };
    assert_eq!(bench.store.next_up(&wanted).unwrap().len(), 2);
    let claimed = bench.store.claim_next(&wanted, &claim).unwrap();
    assert_eq!(bench.store.claims_standing(&claimed).unwrap().len(), 2);
    let one = bench.store.claim_one(&bench.id("m1@x"), &wanted, &claim).unwrap();
    assert!(matches!(one, ClaimedOne::Done(_) | ClaimedOne::Held(_)), "{one:?}");
    assert!(!bench.store.give_back(None, Some("w")).unwrap().is_empty());
}

fn a_query_is_watched(bench: &Bench) {
    let (here, asked) = (context(&bench.store), query::parse("tag:late is:active").unwrap());
    let mut watch = bench.store.watch_for(&asked, &here, "page-me", None).unwrap();
    let end = bench.store.log_end().unwrap();
    let _ = bench.act("m1@x", tag("late"));
    bench.store.look_at_watch(&watch, &asked, &here).unwrap();
    for event in bench.store.watch_events(&mut watch, 10).unwrap() {
        bench.store.ran(&watch, "page-me", &event).unwrap();
        assert!(bench.store.watch_behind(&asked, &here, &event.cursor).unwrap().is_some());
    }
    bench.store.events_aside(&watch, "page-me").unwrap();
    let wanted = LogWanted { conversation: Some(bench.id("m1@x")), ..LogWanted::default() };
    assert_eq!(bench.store.log_behind(end, &wanted).unwrap().0.len(), 1);
}

fn hooks_are_run(bench: &Bench) {
    let on = vec![HookEvent::New, HookEvent::Assigned];
    let (run, query) = (vec!["true".to_owned()], "is:active".to_owned());
    let hooks = [Hook { name: "one".into(), on, run, query, once: Once::Team, timeout: 30 }];
    bench.store.gather_hooks(&hooks).unwrap();
    bench.mail(52, "a3@y", "c7@example.net", "News", &[]);
    let _ = bench.act("m1@x", Known::Assign { to: Handle::new("bob").ok() });
    bench.store.gather_hooks(&hooks).unwrap();
    assert!(bench.store.look_at_hooks(&hooks, &context(&bench.store)).unwrap().claimed);
    bench.store.hooks_were_interrupted().unwrap();
    bench.store.hook_failures().unwrap();
}

type Work = (&'static str, fn(&Bench));

const WORKS: [Work; 9] = [
    ("mail comes", mail_comes),
    ("mail goes", mail_goes),
    ("a key is pressed", a_key_is_pressed),
    ("records come", records_come),
    ("the team changes", the_team_changes),
    ("a conversation is shown", a_conversation_is_shown),
    ("work is handed out", work_is_handed_out),
    ("a query is watched", a_query_is_watched),
    ("hooks are run", hooks_are_run),
];

#[test]
fn nothing_of_daily_work_reads_a_table_from_end_to_end() {
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (name, work) in WORKS {
        let heard = statements(work);
        assert!(heard.len() > 10, "{name}: {heard:?}");
        for (step, sql) in scans(&heard) {
            match allowed(&step, &sql) {
                Some(place) => _ = used.insert(place),
                None => wrong.push(format!("{name}: {step}\n    {sql}")),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unused: Vec<_> = FEW.iter().enumerate().filter(|(place, _)| !used.contains(place)).collect();
    assert!(unused.is_empty(), "nothing does this: {unused:?}");
}

#[test]
fn a_statement_is_planned_once_whatever_values_it_gets() {
    REPLANNED.take();
    for (_, work) in WORKS {
        let _ = statements(work);
    }
    // FTS5 plans this while it makes its own tables, before the one that they are of stands in the schema: once in the life of a store.
    let by_making = "REPLACE INTO 'main'.'search_data'(id, block) VALUES(?,?)".to_owned();
    assert_eq!(REPLANNED.take(), BTreeSet::from([by_making]));
}
