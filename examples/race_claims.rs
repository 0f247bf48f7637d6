//! Many clients claim the same conversations at once on a real Dovecot, each with an assignment and a worker's lease; at the end each has
//! exactly one owner, who has the lease too, and all agree.
//!
//! `cargo run --release --example race_claims -- [CLIENTS] [CONVERSATIONS] [maildir|sdbox] [RUNS] [AHEAD]`: 50, 1000, maildir, once, 10 unless
//! said. Each client makes AHEAD claims, each its own commit, while the one before is on its way: what the screen does for quick hands.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::HashMap;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use postroom::model::ids::MessageId;
use postroom::op::operation::{Expect, Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::store::LogPlace;
use postroom::sync::imap::Session;
use support::client::Client;
use support::desk;
use support::servers::dovecot::Dovecot;
use support::times::{arguments, number, percentile};

struct Racer {
    _dir: tempfile::TempDir,
    client: Client,
    owners: HashMap<String, String>,
    workers: HashMap<String, String>,
    read_to: Option<LogPlace>,
    took: Vec<Duration>,
    lost: usize,
}

impl Racer {
    fn new(session: Session, n: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let client = Client::open(dir.path(), desk::author(&format!("agent{n}")), session, 5_000);
        Self {
            _dir: dir,
            client,
            owners: HashMap::new(),
            workers: HashMap::new(),
            read_to: None,
            took: Vec::new(),
            lost: 0,
        }
    }

    fn sync(&mut self) {
        self.client.sync();
        loop {
            let lines = self.client.store.log_lines(&desk::account(), self.read_to, 1000).unwrap();
            let Some(last) = lines.last() else { return };
            self.read_to = Some(last.place);
            for line in &lines {
                let record = Record::parse(&line.json).unwrap();
                let first = match record.known() {
                    Some(Known::Assign { .. }) => &mut self.owners,
                    Some(Known::Lease { .. }) => &mut self.workers,
                    _ => continue,
                };
                for on in &record.on {
                    first.entry(on.on.to_string()).or_insert_with(|| record.actor.to_string());
                }
            }
        }
    }

    /// Claims one conversation after the other, those that nobody has yet as far as it knows.
    fn race(&mut self, conversations: usize, ahead: usize) {
        let me = self.client.store.author().actor.clone();
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
                let until = self.client.store.author().clock.now().plus(600_000);
                let lease = Known::Lease { worker: format!("{me}/1"), until, over: None };
                let assign = Known::Assign { to: Some(me.clone()) };
                let ops = [assign, lease].map(|op| NewOperation::new(op, vec![target.clone()]));
                claimed.push((on, Instant::now()));
                let _ = self.client.store.commit(ops.into()).unwrap();
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
    let (clients, conversations) = (number(0, 50, 4), number(1, 1000, 20));
    let format = arguments().get(2).cloned().unwrap_or_else(|| "maildir".into());
    let (runs, ahead) = (number(3, 1, 1), number(4, 10, 10));
    for _ in 0..runs {
        once(clients, conversations, &format, ahead);
    }
}

fn once(clients: usize, conversations: usize, format: &str, ahead: usize) {
    let Some(server) = Dovecot::with_format(format, "") else { return };
    let barrier = Arc::new(Barrier::new(clients));
    let begun = Instant::now();
    let handles: Vec<_> = (0..clients)
        .map(|n| {
            let mut racer = Racer::new(server.session("team"), n);
            racer.sync();
            let barrier = barrier.clone();
            std::thread::spawn(move || {
                barrier.wait();
                racer.race(conversations, ahead);
                racer
            })
        })
        .collect();
    let mut all: Vec<Racer> = handles.into_iter().map(|handle| handle.join().unwrap()).collect();
    let wall = begun.elapsed();
    for racer in &mut all {
        racer.sync();
    }
    let owners = all[0].owners.clone();
    assert_eq!(owners.len(), conversations, "every conversation has an owner");
    for racer in &all {
        assert_eq!(racer.owners, owners, "all clients agree");
        assert_eq!(racer.workers, owners, "who has it has the lease");
        assert!(racer.client.store.unpushed(1).unwrap().is_empty(), "everything is on the server");
    }
    let took: Vec<Duration> = all.iter().flat_map(|racer| racer.took.iter().copied()).collect();
    let lost: usize = all.iter().map(|racer| racer.lost).sum();
    let winners = owners.values().collect::<std::collections::BTreeSet<_>>().len();
    println!(
        "{format}: {clients} clients, {conversations} conversations, {ahead} at once: {} claims, {lost} lost, {winners} agents own some; one owner each, all \
         agree; {:.1} s; claim to answer p50 {:.0} ms, p99 {:.0} ms",
        took.len(),
        wall.as_secs_f64(),
        percentile(&took, 50),
        percentile(&took, 99)
    );
}
