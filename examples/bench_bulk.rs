//! What a bulk costs where others lie in the log already: a tag and a status on some conversations after ten bulks of all, here, to a real
//! Dovecot and back, and onto a colleague's screen.
//!
//! `cargo run --release --example bench_bulk -- [CONVERSATIONS] [CHANGED] [BULKS]`, 50000, 10000 and 10 unless said.
//! `--brief` takes seconds, for CI. Without Dovecot only what happens here is timed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;

use postroom::model::clock::Timestamp;
use postroom::model::ids::{AccountId, ConversationId, Handle, MessageId, Tag};
use postroom::model::status::Status;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::op::wish::Wish;
use postroom::query;
use postroom::service::triage;
use postroom::store::{Incoming, LogLine, LogPlace, Store};
use support::client::Client;
use support::desk;
use support::servers::dovecot::Dovecot;
use support::times::{Watch, load, number};

fn main() {
    let (conversations, changed, bulks) = (number(0, 50_000, 200), number(1, 10_000, 50), number(2, 10, 10));
    println!("load of the machine before: {}", load());
    let dir = tempfile::tempdir().unwrap();
    let Some(server) = Dovecot::start() else {
        let store = desk::open(dir.path(), desk::author("alice"), desk::team("support@example.com"));
        desk::fill(&store, (0..conversations).map(mail));
        before(&store, bulks);
        return after(&store, changed, &mut || {});
    };
    let others = tempfile::tempdir().unwrap();
    let mut alice = Client::open(dir.path(), desk::author("alice"), server.session("bulk"), 5_000);
    let mut bob = Client::open(others.path(), desk::author("bob"), server.session("bulk"), 5_000);
    for client in [&mut alice, &mut bob] {
        desk::fill(&client.store, (0..conversations).map(mail));
        elsewhere(&client.store);
        client.sync();
    }
    let store = alice.store.clone();
    before(&store, bulks);
    let mut sync = || {
        store.remember_waiting(&desk::account()).unwrap();
        let watch = Watch::start();
        alice.sync();
        println!("  to the server and back: {watch}");
        let watch = Watch::start();
        let refused = store.refusals(&desk::account(), true).unwrap();
        println!("  looked whether it stands: {watch}, {} did not", refused.listed.len());
        let watch = Watch::start();
        bob.sync();
        println!("  onto the colleague's screen: {watch}");
    };
    sync();
    after(&store, changed, &mut sync);
}

/// A record on the log of another mailbox, as most teams have more than one: where logs meet, their records are put in one order.
fn elsewhere(store: &Store) {
    let on = Target::on(MessageId::new("m0@bench.example").unwrap());
    let follow = Known::Follow { who: Handle::new("carol").unwrap(), on: true };
    let record = desk::author("carol").batch(0, None, vec![NewOperation::new(follow, vec![on])]).remove(0);
    let place = LogPlace { epoch: 0, validity: 1, uid: 1, index: 0 };
    let line = LogLine { place, json: record.to_json() };
    let _ = store.ingest_log(&AccountId::new("other").unwrap(), vec![line]).unwrap();
}

fn all(store: &Store) -> Vec<ConversationId> {
    let (me, now) = (store.author().actor.clone(), store.author().clock.now());
    let context = query::Context { me, now, zone: jiff::tz::TimeZone::UTC };
    store.ids(&query::parse("is:any").unwrap(), &context).unwrap()
}

fn tag(name: &str) -> Wish {
    Wish::Tag { add: BTreeSet::from([Tag::new(name).unwrap()]), remove: BTreeSet::new() }
}

/// Bulks of all conversations, of every kind that a nightly script makes.
fn before(store: &Store, bulks: usize) {
    let ids = all(store);
    let watch = Watch::start();
    for n in 0..bulks {
        let wish = match n % 5 {
            0 => tag(&format!("bulk{n}")),
            1 => Wish::Status { to: Status::Waiting },
            2 => Wish::Assign { to: Handle::new(if n % 2 == 0 { "bob" } else { "alice" }).ok() },
            3 => tag(&format!("more{n}")),
            _ => Wish::Status { to: Status::Open },
        };
        change(store, &ids, &wish);
    }
    println!("{bulks} bulks of {} conversations: {watch}", ids.len());
}

fn change(store: &Store, ids: &[ConversationId], wish: &Wish) {
    let shown = store.shown(ids).unwrap();
    let outcome = triage::plan(store, &shown, std::slice::from_ref(wish)).unwrap().carry_out(store).unwrap();
    let targets: usize = outcome.records.iter().map(|record| record.on.len()).sum();
    assert_eq!(targets, ids.len());
}

fn after(store: &Store, changed: usize, sync: &mut dyn FnMut()) {
    let ids = all(store);
    let watch = Watch::start();
    let found = store.shown(&ids).unwrap().len();
    println!("{found} ids looked up: {watch}");
    let ids: Vec<ConversationId> = ids.into_iter().take(changed).collect();
    for (what, wish) in [("tag", tag("late")), ("status closed", Wish::Status { to: Status::Closed })] {
        let watch = Watch::start();
        change(store, &ids, &wish);
        println!("{what} on {} conversations: {watch}", ids.len());
        sync();
    }
}

fn mail(n: usize) -> Incoming {
    let n = u32::try_from(n).unwrap();
    let raw = format!(
        "From: Customer {n} <c{n}@example.org>\r\nTo: support@example.com\r\nSubject: Order {n} is late\r\n\
         Message-ID: <m{n}@bench.example>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nHello,\r\n\r\n\
         my order {n} has not come. What now?\r\n\r\nCustomer {n}\r\n"
    );
    desk::incoming(n + 1, Timestamp::from_seconds(1_700_000_000 + i64::from(n)), raw.into_bytes())
}
