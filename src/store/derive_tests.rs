//! Rows that follow the team when it changes, whatever came first.

use std::cell::RefCell;

use proptest::prelude::*;

use super::super::testing::{Bench, incoming, main, options, raw};
use super::super::{FolderRole, LogLine, LogPlace, StoreOptions};
use super::*;
use crate::model::address::Address;
use crate::model::agent::{Agent, RecordAgent, RecordInbox, TeamRecord};
use crate::model::ids::{Handle, InboxId};
use crate::model::status::Status;
use crate::model::view::{Counts, View};

/// All that a store has to derive again.
fn derive(bench: &Bench) -> Option<Change> {
    bench.store.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap()
}

/// A client's config without a word of colleagues.
fn knows_nobody(actor: &str, seed: u64) -> StoreOptions {
    let mut options = options(actor, seed);
    options.team.agents.clear();
    options
}

fn cleo() -> Agent {
    let (handle, address) = (Handle::new("cleo").unwrap(), Some(Address::new("Cleo", "cleo@home.example")));
    Agent { handle, name: "Cleo".into(), address, title: None, addresses: [].into() }
}

fn agent(name: &str, addresses: &[&str]) -> RecordAgent {
    RecordAgent {
        handle: Handle::new(name).unwrap(),
        name: String::new(),
        addresses: addresses.iter().map(|one| (*one).to_owned()).collect(),
    }
}

fn inbox(name: &str, aliases: &[&str]) -> RecordInbox {
    RecordInbox {
        id: InboxId::new(name).unwrap(),
        address: format!("{name}@team.example"),
        aliases: aliases.iter().map(|one| (*one).to_owned()).collect(),
    }
}

/// A record that knows cleo by her address at home.
fn record() -> TeamRecord {
    let agents = vec![agent("alice", &["alice@team.example"]), agent("cleo", &["cleo@home.example"])];
    let authserv = Some("mx.team.example".to_owned());
    TeamRecord { inboxes: vec![inbox("support", &[])], agents, authserv, ..TeamRecord::default() }
}

/// A customer writes, and cleo answers from home.
fn conversation(bench: &Bench, n: i64) {
    bench.mail(n * 10, &format!("q{n}@x"), "ana@example.net", &format!("Order {n}"), &[]);
    bench.mail(n * 10 + 5, &format!("a{n}@x"), "cleo@home.example", &format!("Re: Order {n}"), &[&format!("q{n}@x")]);
}

fn count(bench: &Bench, view: View) -> u64 {
    let counts: Counts = bench.store.counts(&Handle::new("alice").unwrap()).unwrap();
    counts.of.get(&view).copied().unwrap_or_default()
}

fn lines(bench: &Bench) -> Vec<LogLine> {
    let waiting = bench.store.unpushed(1000).unwrap();
    waiting.into_iter().zip(1..).map(|((_, json), uid)| line(uid, json)).collect()
}

fn line(uid: u32, json: String) -> LogLine {
    LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json }
}

#[test]
fn two_clients_of_one_config_agree_whenever_a_colleague_was_added_to_it() {
    let mut with_cleo = options("alice", 1);
    with_cleo.team.agents.push(cleo());
    let first = Bench::with(with_cleo.clone());
    conversation(&first, 1);
    let second = Bench::of("alice", 2);
    conversation(&second, 1);
    assert_eq!(second.row("q1@x").status, Status::Open, "who is not of the team is a customer");

    let second = second.opened_with(with_cleo);
    derive(&second);
    assert_eq!((count(&second, View::Open), count(&second, View::Waiting)), (0, 1));
    assert_eq!(second.dump(), first.dump());
    second.sound();
}

#[test]
fn two_clients_with_one_record_and_other_configs_agree() {
    let first = Bench::with(knows_nobody("alice", 1));
    conversation(&first, 1);
    let mut other = options("bob", 2);
    other.team.agents.push(cleo());
    // Whom the record does not name is none of the team, whatever this config says.
    other.team.agents.push(Agent {
        address: Some(Address::new("Eve", "eve@example.net")),
        handle: Handle::new("eve").unwrap(),
        ..cleo()
    });
    let second = Bench::with(other);
    conversation(&second, 1);
    assert_ne!(first.dump(), second.dump());

    let _ = first.store.set_team(&main(), record()).unwrap().unwrap();
    let log = lines(&first);
    for bench in [&first, &second] {
        let _ = bench.store.ingest_log(&main(), log.clone()).unwrap();
        derive(bench);
        assert_eq!(bench.row("q1@x").status, Status::Waiting);
        bench.sound();
    }
    assert_eq!(first.dump(), second.dump());
}

#[test]
fn what_is_taken_in_after_the_record_needs_no_deriving() {
    let bench = Bench::new();
    let _ = bench.store.set_team(&main(), record()).unwrap().unwrap();
    conversation(&bench, 1);
    assert_eq!(bench.store.to_derive().unwrap(), 0);
    assert_eq!(derive(&bench), None);
    assert_eq!(bench.row("q1@x").status, Status::Waiting);
}

#[test]
fn mail_that_was_read_before_the_record_came_is_written_by_the_record() {
    let bench = Bench::new();
    let mail = raw("a@x", "cleo@home.example", "Order", &[]);
    let read = bench.store.read_mail(bench.inbox, vec![incoming(1, 1, mail)]).unwrap();
    let _ = bench.store.set_team(&main(), record()).unwrap().unwrap();
    bench.store.ingest_ready(read).unwrap();
    assert_eq!(bench.store.to_derive().unwrap(), 0);
    assert_eq!(bench.row("a@x").status, Status::Waiting);
}

#[test]
fn a_record_that_is_taken_back_is_derived_away() {
    let bench = Bench::new();
    conversation(&bench, 1);
    let before = bench.dump();
    let set = bench.store.set_team(&main(), record()).unwrap().unwrap();
    derive(&bench);
    assert_ne!(bench.dump(), before);
    let _ = bench.store.undo_operation(set.records[0].id).unwrap();
    assert_eq!(bench.store.team().as_ref(), bench.store.config_team());
    derive(&bench);
    let pushed = |line: &&str| !line.starts_with("n | to-push");
    assert_eq!(bench.dump().lines().filter(pushed).collect::<Vec<_>>(), before.lines().collect::<Vec<_>>());
}

#[test]
fn the_newest_mail_is_derived_first_and_a_stop_keeps_what_is_done() {
    let bench = Bench::new();
    for n in 0..150 {
        conversation(&bench, n);
    }
    let _ = bench.store.set_team(&main(), record()).unwrap().unwrap();
    assert_eq!(bench.store.to_derive().unwrap(), 300);

    let told = RefCell::new(Vec::new());
    bench.store.derive_behind(1, &Stop::never(), &mut |how| told.borrow_mut().push(how)).unwrap();
    assert_eq!(told.take(), [Deriving { done: 200, all: 300 }]);
    assert_eq!(bench.store.to_derive().unwrap(), 100);
    assert_eq!(bench.row("q149@x").status, Status::Waiting);
    assert_eq!(bench.row("q0@x").status, Status::Open);

    let stopped = bench.store.derive_behind(u64::MAX, &Stop::when(|| true), &mut |_| {});
    assert!(matches!(stopped, Err(StoreError::Stopped)));
    assert_eq!(bench.store.to_derive().unwrap(), 100);
    // Whoever was killed begins anew, as another process.
    let again = bench.again();
    assert!(again.is_behind().unwrap());
    assert!(again.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap().is_some());
    assert_eq!(count(&bench, View::Waiting), 150);
    bench.sound();
}

#[test]
fn others_are_told_of_each_portion_and_write_between_two() {
    let bench = Bench::new();
    for n in 0..150 {
        conversation(&bench, n);
    }
    let _ = bench.store.set_team(&main(), record()).unwrap().unwrap();
    let changes = bench.store.subscribe();
    let other = bench.again();
    let mut portions = 0;
    let mut told = |_| {
        portions += 1;
        other.set_flags(bench.inbox, vec![(1, vec!["\\Seen".into()], None)]).unwrap();
    };
    bench.store.derive_behind(u64::MAX, &Stop::never(), &mut told).unwrap();
    assert_eq!((portions, changes.try_iter().count()), (2, 2));
}

#[test]
fn a_process_whose_config_was_edited_since_leaves_the_deriving_to_the_one_that_read_it() {
    let old = Bench::new();
    let mut edited = options("alice", 9);
    edited.team.agents.push(cleo());
    let new = Store::open(old.dir.path(), edited).unwrap();
    conversation(&old, 1);
    assert_eq!(old.row("q1@x").status, Status::Open);
    assert!(!old.store.is_behind().unwrap());
    assert_eq!(new.to_derive().unwrap(), 2);
    new.derive_behind(u64::MAX, &Stop::never(), &mut |_| {}).unwrap();
    assert_eq!(old.row("q1@x").status, Status::Waiting);
    assert_eq!(new.to_derive().unwrap(), 0);
}

#[test]
fn a_mail_that_stands_in_sent_stays_ours_when_the_team_changes() {
    let bench = Bench::new();
    let sent = bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id;
    let mail = String::from_utf8(raw("s@x", "old-address@elsewhere.example", "Order", &[])).unwrap();
    let mail = mail.replace("To: support@team.example", "To: ana@example.net").into_bytes();
    bench.store.ingest(sent, vec![incoming(1, 1, mail.clone())]).unwrap();
    bench.store.ingest(bench.inbox, vec![incoming(1, 1, mail)]).unwrap();
    let _ = bench.store.set_team(&main(), record()).unwrap().unwrap();
    assert_eq!(bench.store.to_derive().unwrap(), 1);
    derive(&bench);
    assert_eq!(bench.row("s@x").status, Status::Waiting);
}

#[derive(Clone, Debug)]
enum Step {
    /// From whom, in answer to which, and whether it stands among sent mail and in the inbox.
    Mail {
        from: usize,
        to: Option<i64>,
        stands: (bool, bool),
    },
    Team {
        cleo: bool,
        sales: bool,
        alice: bool,
    },
    Undo(prop::sample::Index),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let mail = (0..4usize, prop::option::of(0..30i64), any::<(bool, bool)>())
        .prop_map(|(from, to, stands)| Step::Mail { from, to, stands });
    let team = (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(cleo, sales, alice)| Step::Team {
        cleo,
        sales,
        alice,
    });
    let undo = any::<prop::sample::Index>().prop_map(Step::Undo);
    prop::collection::vec(prop_oneof![6 => mail, 2 => team, 1 => undo], 1..30)
}

const FROM: [&str; 4] = ["ana@example.net", "cleo@home.example", "sales@team.example", "alice@team.example"];

fn take_in(bench: &Bench, id: i64, from: usize, to: Option<i64>, sent: bool) {
    let refs: Vec<String> = to.filter(|to| *to != id).iter().map(|to| format!("m{to}@x")).collect();
    let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
    let mail = raw(&format!("m{id}@x"), FROM[from], if refs.is_empty() { "Order" } else { "Re: Order" }, &refs);
    let folder = if sent { bench.store.folder(&main(), "Sent", FolderRole::Sent).unwrap().id } else { bench.inbox };
    let uid = u32::try_from(id).unwrap() + 1;
    bench.store.ingest(folder, vec![incoming(uid, id, mail)]).unwrap();
}

fn said(cleo: bool, sales: bool, alice: bool) -> TeamRecord {
    let mut record = TeamRecord { inboxes: vec![inbox("support", &[])], ..TeamRecord::default() };
    record.inboxes.extend(sales.then(|| inbox("sales", &["verkauf@team.example"])));
    record.agents.extend(cleo.then(|| agent("cleo", &["cleo@home.example"])));
    record.agents.extend(alice.then(|| agent("alice", &["alice@team.example"])));
    record
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_order_of_mails_and_records_gives_what_deriving_from_nothing_gives(
        steps in steps(),
        last in (any::<bool>(), any::<bool>(), any::<bool>()),
        seed in any::<u64>(),
    ) {
        // The log is written by somebody without mail.
        let writer = Bench::of("bob", 7);
        let mut made = Vec::new();
        let last = Step::Team { cleo: last.0, sales: last.1, alice: last.2 };
        for step in steps.iter().chain([&last]) {
            match step {
                Step::Team { cleo, sales, alice } => {
                    let set = writer.store.set_team(&main(), said(*cleo, *sales, *alice)).unwrap();
                    made.extend(set.map(|set| set.records[0].id));
                }
                Step::Undo(index) if !made.is_empty() => {
                    let _ = writer.store.undo_operation(made[index.index(made.len())]).unwrap();
                }
                _ => {}
            }
        }
        let log = lines(&writer);
        let mails: Vec<(i64, usize, Option<i64>, bool)> = steps
            .iter()
            .zip(0..)
            .flat_map(|(step, id)| match step {
                Step::Mail { from, to, stands } => {
                    let both = [stands.0.then_some(true), stands.1.then_some(false)];
                    both.into_iter().flatten().map(|sent| (id, *from, *to, sent)).collect()
                }
                _ => Vec::new(),
            })
            .collect();

        let nothing = Bench::with(knows_nobody("alice", 1));
        let _ = nothing.store.ingest_log(&main(), log.clone()).unwrap();
        mails.iter().for_each(|(id, from, to, sent)| take_in(&nothing, *id, *from, *to, *sent));
        prop_assert_eq!(nothing.store.to_derive().unwrap(), 0);
        nothing.sound();

        let mut random = fastrand::Rng::with_seed(seed);
        let mut config = options("alice", 2);
        config.team.agents.push(cleo());
        let other = Bench::with(config);
        let mut todo: Vec<usize> = (0..mails.len() + log.len()).collect();
        random.shuffle(&mut todo);
        for at in todo {
            match mails.get(at) {
                Some((id, from, to, sent)) => take_in(&other, *id, *from, *to, *sent),
                None => drop(other.store.ingest_log(&main(), vec![log[at - mails.len()].clone()]).unwrap()),
            }
            if random.u8(..4) == 0 {
                other.store.derive_behind(random.u64(1..3), &Stop::never(), &mut |_| {}).unwrap();
            }
        }
        derive(&other);
        other.sound();
        prop_assert_eq!(nothing.dump(), other.dump());
    }
}
