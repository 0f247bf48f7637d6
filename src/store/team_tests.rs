//! Whose team it is when configs and logs say different things, and who notices.

use super::super::testing::{Bench, main, options};
use super::super::{LogLine, Store};
use std::collections::HashMap;

use super::*;
use crate::model::agent::{RecordAgent, RecordInbox, RecordTeam};
use crate::model::change::Change;
use crate::model::ids::{Handle, InboxId};
use crate::model::stop::Stop;

fn record(alias: &str) -> TeamRecord {
    let (alice, dora) = (Handle::new("alice").unwrap(), Handle::new("dora").unwrap());
    TeamRecord {
        inboxes: vec![RecordInbox {
            id: InboxId::new("support").unwrap(),
            address: "support@team.example".into(),
            aliases: [alias.to_owned()].into(),
        }],
        agents: vec![RecordAgent { handle: dora, name: "Dora".into(), addresses: ["dora@home.example".into()].into() }],
        teams: vec![RecordTeam { name: Handle::new("billing").unwrap(), members: [alice].into() }],
        authserv: Some("mx.team.example".into()),
        signed: false,
    }
}

fn set(store: &Store, alias: &str) -> Committed {
    store.set_team(&main(), record(alias)).unwrap().unwrap()
}

fn line(uid: u32, json: String) -> LogLine {
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json }
}

#[test]
fn the_record_counts_over_the_config() {
    let bench = Bench::new();
    assert!(!bench.store.team().owns("help@team.example"));
    let changes = bench.store.subscribe();
    let _ = set(&bench.store, "help@team.example");
    let team = bench.store.team();
    assert!(team.owns("HELP@team.example") && team.owns("dora@home.example"));
    assert_eq!(team.groups, record("").teams);
    assert_eq!(team.authserv.get(&main()).map(String::as_str), Some("mx.team.example"));
    assert_eq!(bench.store.config_team().groups, []);
    assert_eq!(changes.try_iter().collect::<Vec<_>>(), [Change::Everything]);

    let said = bench.store.team_record(&main()).unwrap().unwrap();
    assert_eq!((said.record, said.by.as_str(), said.place), (record("help@team.example"), "alice", None));
    assert_eq!(said.at, bench.store.author().clock.now());
    assert_eq!(bench.store.team_record(&AccountId::new("other").unwrap()).unwrap(), None);
}

#[test]
fn what_the_log_says_already_is_not_written_again() {
    let bench = Bench::new();
    let _ = set(&bench.store, "help@team.example");
    assert_eq!(bench.store.set_team(&main(), record("help@team.example")).unwrap(), None);
    assert_eq!(bench.store.unpushed(10).unwrap().len(), 1);
}

#[test]
fn the_last_of_the_log_counts_and_one_that_waits_counts_behind_it() {
    let bench = Bench::new();
    let alias = |bench: &Bench| bench.store.team().inboxes[0].aliases.join(" ");
    let (bob, carol) = (Bench::of("bob", 2), Bench::of("carol", 3));
    let (one, two) = (set(&bob.store, "one@x.example"), set(&carol.store, "two@x.example"));
    let _ = bench.store.ingest_log(&main(), vec![line(5, two.records[0].to_json())]).unwrap();
    assert_eq!(alias(&bench), "two@x.example");
    let _ = bench.store.ingest_log(&main(), vec![line(4, one.records[0].to_json())]).unwrap();
    assert_eq!(alias(&bench), "two@x.example", "what comes late stands where it stands");
    let mine = set(&bench.store, "mine@x.example");
    assert_eq!(alias(&bench), "mine@x.example");
    let _ = bench.store.ingest_log(&main(), vec![line(9, mine.records[0].to_json())]).unwrap();
    assert_eq!(alias(&bench), "mine@x.example");

    let order = [(two.records[0].id, 7), (one.records[0].id, 8), (mine.records[0].id, 6)];
    let place = |uid| LogPlace { epoch: 2, validity: 2, uid, index: 0 };
    let places = order.into_iter().map(|(id, uid)| (id, place(uid))).collect();
    let _ = bench.store.renumber_log(&main(), &places, &HashMap::new(), &Stop::never()).unwrap();
    assert_eq!(alias(&bench), "one@x.example", "the folder lost its order");
}

#[test]
fn a_record_that_is_taken_back_and_brought_back_counts_as_it_should() {
    let bench = Bench::new();
    let plain = bench.store.team();
    let set = set(&bench.store, "help@team.example");
    let undone = bench.store.undo().unwrap().unwrap();
    assert_eq!(bench.store.team(), plain);
    assert_eq!(bench.store.team_record(&main()).unwrap(), None);
    let _ = bench.store.redo().unwrap().unwrap();
    assert!(bench.store.team().owns("help@team.example"));

    // Whatever comes first.
    let other = Bench::of("bob", 2);
    let undo = undone.committed.records[0].to_json();
    let _ = other.store.ingest_log(&main(), vec![line(2, undo)]).unwrap();
    let _ = other.store.ingest_log(&main(), vec![line(1, set.records[0].to_json())]).unwrap();
    assert!(!other.store.team().owns("help@team.example"));
}

#[test]
fn another_process_notices_with_its_next_write_or_look() {
    let bench = Bench::new();
    let (writes, looks) = (bench.again(), bench.again());
    looks.data_version().unwrap();
    let _ = set(&bench.store, "help@team.example");
    assert!(!writes.team().owns("help@team.example"));
    let _ = writes.commit(Vec::new()).unwrap();
    looks.data_version().unwrap();
    for store in [&writes, &looks, &bench.again()] {
        assert!(store.team().owns("help@team.example"));
    }
}

#[test]
fn opening_a_store_again_writes_nothing() {
    let bench = Bench::new();
    let before = bench.store.data_version().unwrap();
    drop(bench.again());
    assert_eq!(bench.store.data_version().unwrap(), before);
}

#[test]
fn an_old_store_is_derived_again_once_by_the_rules_of_today() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    // As it is just after the migration.
    bench
        .store
        .write(|tx| Ok(tx.execute_batch("DELETE FROM edition; DELETE FROM meta WHERE name = 'team-count'")?))
        .unwrap();
    let upgraded = bench.again();
    assert_eq!(upgraded.to_derive().unwrap(), 1);
    upgraded.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    assert_eq!((upgraded.to_derive().unwrap(), bench.again().to_derive().unwrap()), (0, 0));
    // So is what an older program derived without reading a record that it kept.
    let _ = set(&upgraded, "help@team.example");
    let just_migrated =
        "DELETE FROM edition; DELETE FROM meta WHERE name = 'team-count'; UPDATE message SET derived = 0";
    upgraded.write(|tx| Ok(tx.execute_batch(just_migrated)?)).unwrap();
    assert_eq!(bench.again().to_derive().unwrap(), 1);
}

#[test]
fn other_names_and_groups_alone_derive_nothing_again() {
    let bench = Bench::new();
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    let _ = set(&bench.store, "help@team.example");
    bench.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    let mut other = record("help@team.example");
    other.teams.clear();
    other.agents[0].name = "Dora Ode".into();
    let _ = bench.store.set_team(&main(), other).unwrap().unwrap();
    assert_eq!(bench.store.team().groups, []);
    assert_eq!(bench.store.to_derive().unwrap(), 0);
}

#[test]
fn an_account_that_the_config_does_not_name_corrects_nothing() {
    let bench = Bench::new();
    let gone = AccountId::new("gone").unwrap();
    let _ = bench.store.set_team(&gone, record("help@team.example")).unwrap().unwrap();
    assert_eq!(bench.store.team().as_ref(), bench.store.config_team());
}

#[test]
fn signing_holds_from_the_place_of_what_says_so() {
    let bench = Bench::new();
    let unsigned = set(&bench.store, "one@x.example");
    let signed =
        bench.store.set_team(&main(), TeamRecord { signed: true, ..record("two@x.example") }).unwrap().unwrap();
    let undo = bench.store.undo().unwrap().unwrap();
    assert_eq!(bench.store.signing_since(&main()).unwrap(), [], "what waits says nothing yet");

    let place = |uid| LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    let records = [&unsigned.records[0], &signed.records[0], &undo.committed.records[0]];
    let log: Vec<LogLine> = records.iter().zip([3, 5, 9]).map(|(r, uid)| line(uid, r.to_json())).collect();
    let reader = Bench::of("bob", 4);
    let _ = reader.store.ingest_log(&main(), log[..2].to_vec()).unwrap();
    assert_eq!(reader.store.signing_since(&main()).unwrap(), [(place(3), false), (place(5), true)]);
    let _ = reader.store.ingest_log(&main(), log[2..].to_vec()).unwrap();
    let all = [(place(3), false), (place(5), true), (place(9), false)];
    assert_eq!(reader.store.signing_since(&main()).unwrap(), all, "an undo changes nothing in front of it");
}

#[test]
fn a_record_beyond_its_bounds_is_refused() {
    let bench = Bench::new();
    let many = (0..20_000).map(|n| format!("address-{n}@team.example")).collect();
    let mut long = record("help@team.example");
    long.inboxes[0].aliases = many;
    assert!(matches!(bench.store.set_team(&main(), long), Err(StoreError::TooLong("team"))));
}

#[test]
fn a_process_with_a_config_that_was_edited_since_does_not_turn_the_store_round() {
    let bench = Bench::new();
    let mut edited = options("alice", 5);
    edited.team.inboxes[0].aliases.push("new@team.example".into());
    let new = Store::open(bench.dir.path(), edited).unwrap();
    bench.store.data_version().unwrap();
    let before = new.to_derive().unwrap();
    let _ = set(&bench.store, "help@team.example");
    new.data_version().unwrap();
    assert_eq!(new.to_derive().unwrap(), before);
}

#[test]
fn a_record_made_from_one_that_does_not_count_any_more_is_not_written() {
    let bench = Bench::new();
    let first = record("help@team.example");
    let _ = set(&bench.store, "help@team.example");
    let _ = set(&bench.store, "info@team.example");
    let late = bench.store.set_team_over(&main(), Some(&first), record("late@team.example")).unwrap();
    assert_eq!(late, TeamSet::Changed);
    let said = bench.store.team_record(&main()).unwrap().unwrap().record;
    assert_eq!(said, record("info@team.example"));
    let on_top = bench.store.set_team_over(&main(), Some(&said), record("late@team.example")).unwrap();
    assert!(matches!(on_top, TeamSet::Set(_)));
}
