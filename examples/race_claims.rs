//! Many clients claim the same conversations at once on a real Dovecot; at the end each has exactly one owner and all agree.
//!
//! `cargo run --release --example race_claims -- [CLIENTS] [CONVERSATIONS] [maildir|sdbox] [RUNS] [AHEAD]`: 50, 1000, maildir, once, 10 unless
//! said. Each client makes AHEAD claims, each its own commit, while the one before is on its way: what the screen does for quick hands.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[allow(dead_code)]
#[path = "../tests/support/dovecot.rs"]
mod dovecot;

use std::collections::HashMap;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids};
use postroom::model::ids::{AccountId, Handle, MessageId};
use postroom::op::operation::{Expect, Known, Target};
use postroom::op::record::{Author, NewOperation, Record};
use postroom::store::{LogPlace, Store, StoreOptions};
use postroom::sync::imap::Session;
use postroom::sync::log::imap::{ImapLog, LogSettings};
use postroom::sync::log::session::{FolderName, SessionFolder};

struct Client {
    _dir: tempfile::TempDir,
    store: Store,
    log: ImapLog,
    name: FolderName,
    session: Session,
    owners: HashMap<String, String>,
    read_to: Option<LogPlace>,
    took: Vec<Duration>,
    lost: usize,
}

fn account() -> AccountId {
    AccountId::new("main").unwrap()
}

impl Client {
    fn new(session: Session, n: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let author = Author {
            actor: Handle::new(&format!("agent{n}")).unwrap(),
            host: "race".into(),
            clock: Clock::System,
            ids: Ids::Random,
        };
        let options = StoreOptions { author, team: Team::default(), history_after: 1 };
        let store = Store::open(dir.path(), options).unwrap();
        let settings = LogSettings::new(Address::new("", "support@example.com"));
        let log = ImapLog::new(store.clone(), account(), settings).unwrap();
        let name = FolderName::new("Postroom");
        Self { _dir: dir, store, log, name, session, owners: HashMap::new(), read_to: None, took: Vec::new(), lost: 0 }
    }

    fn sync(&mut self) {
        let _ = self.log.sync(&mut SessionFolder::new(&mut self.session, &mut self.name)).unwrap();
        loop {
            let lines = self.store.log_lines(&account(), self.read_to, 1000).unwrap();
            let Some(last) = lines.last() else { return };
            self.read_to = Some(last.place);
            for line in &lines {
                let record = Record::parse(&line.json).unwrap();
                for on in &record.on {
                    self.owners.entry(on.on.to_string()).or_insert_with(|| record.actor.to_string());
                }
            }
        }
    }

    /// Claims one conversation after the other, those that nobody has yet as far as it knows.
    fn race(&mut self, conversations: usize, ahead: usize) {
        let me = self.store.author().actor.clone();
        let mut next = 0;
        while next < conversations {
            let mut claimed = Vec::new();
            while next < conversations && claimed.len() < ahead {
                let on = MessageId::new(&format!("m{next}@race.example")).unwrap();
                next += 1;
                if self.owners.contains_key(on.as_str()) {
                    continue;
                }
                let target = Target { expect: Some(Expect::Nobody), ..Target::on(on.clone()) };
                let op = NewOperation::new(Known::Assign { to: Some(me.clone()) }, vec![target]);
                claimed.push((on, Instant::now()));
                let _ = self.store.commit(vec![op]).unwrap();
            }
            if claimed.is_empty() {
                return;
            }
            self.sync();
            for (on, begun) in claimed {
                self.took.push(begun.elapsed());
                if self.owners.get(on.as_str()).map(String::as_str) != Some(me.as_str()) {
                    self.lost += 1;
                }
            }
        }
    }
}

fn main() {
    let brief = std::env::args().any(|arg| arg == "--brief");
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--brief");
    let clients: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(if brief { 4 } else { 50 });
    let conversations: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(if brief { 20 } else { 1000 });
    let format = args.next().unwrap_or_else(|| "maildir".into());
    let runs: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(1);
    let ahead: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(10);
    for _ in 0..runs {
        once(clients, conversations, &format, ahead);
    }
}

fn once(clients: usize, conversations: usize, format: &str, ahead: usize) {
    let Some(server) = dovecot::Dovecot::with_format(format, "") else { return };
    let barrier = Arc::new(Barrier::new(clients));
    let begun = Instant::now();
    let handles: Vec<_> = (0..clients)
        .map(|n| {
            let mut client = Client::new(server.session("team"), n);
            client.sync();
            let barrier = barrier.clone();
            std::thread::spawn(move || {
                barrier.wait();
                client.race(conversations, ahead);
                client
            })
        })
        .collect();
    let mut all: Vec<Client> = handles.into_iter().map(|handle| handle.join().unwrap()).collect();
    let wall = begun.elapsed();
    for client in &mut all {
        client.sync();
    }
    let owners = all[0].owners.clone();
    assert_eq!(owners.len(), conversations, "every conversation has an owner");
    for client in &all {
        assert_eq!(client.owners, owners, "all clients agree");
        assert!(client.store.unpushed(1).unwrap().is_empty(), "everything is on the server");
    }
    let mut took: Vec<Duration> = all.iter().flat_map(|client| client.took.iter().copied()).collect();
    took.sort();
    let at = |part: usize| took[(took.len() * part / 100).min(took.len() - 1)].as_millis();
    let lost: usize = all.iter().map(|client| client.lost).sum();
    let winners = owners.values().collect::<std::collections::BTreeSet<_>>().len();
    println!(
        "{format}: {clients} clients, {conversations} conversations, {ahead} at once: {} claims, {lost} lost, {winners} agents own some; one owner each, all \
         agree; {:.1} s; claim to answer p50 {} ms, p99 {} ms",
        took.len(),
        wall.as_secs_f64(),
        at(50),
        at(99)
    );
}
