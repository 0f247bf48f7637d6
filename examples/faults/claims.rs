//! Many clients claim the same conversations at once on a real Dovecot, each with an assignment and a worker's lease; at the end each has
//! exactly one owner, who has the lease too, and all agree. Each client makes several claims, each its own commit, while the one before is on
//! its way: what the screen does for quick hands.

use std::collections::HashMap;
use std::sync::{Arc, Barrier};

use postroom::model::ids::MessageId;
use postroom::op::operation::{Expect, Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::store::LogPlace;
use postroom::sync::imap::Session;

use super::support::client::Client;
use super::support::desk;
use super::support::servers::dovecot::Dovecot;
use super::support::times::brief;
use super::{Plan, Tally};

/// Claims that each client makes at once.
const AHEAD: usize = 10;

struct Racer {
    _dir: tempfile::TempDir,
    client: Client,
    owners: HashMap<String, String>,
    workers: HashMap<String, String>,
    read_to: Option<LogPlace>,
    claims: usize,
}

impl Racer {
    fn new(session: Session, n: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let client = Client::open(dir.path(), desk::author(&format!("agent{n}")), session, 5_000);
        Self { _dir: dir, client, owners: HashMap::new(), workers: HashMap::new(), read_to: None, claims: 0 }
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
    fn race(&mut self, conversations: usize) {
        let me = self.client.store.author().actor.clone();
        let mut next = 0;
        while next < conversations {
            let mut claimed = Vec::new();
            while next < conversations && claimed.len() < AHEAD {
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
                claimed.push(on);
                let _ = self.client.store.commit(ops.into()).unwrap();
            }
            if claimed.is_empty() {
                return;
            }
            self.sync();
            self.claims += claimed.len();
        }
    }
}

pub fn run(plan: &Plan) -> Option<Tally> {
    let (clients, conversations) = if brief() { (4, 20) } else { (50, 1000) };
    let mut tally = Tally::default();
    for _ in 0..plan.runs {
        once(clients, conversations, &mut tally)?;
    }
    Some(tally)
}

fn once(clients: usize, conversations: usize, tally: &mut Tally) -> Option<()> {
    let server = Dovecot::start()?;
    let barrier = Arc::new(Barrier::new(clients));
    let handles: Vec<_> = (0..clients)
        .map(|n| {
            let mut racer = Racer::new(server.session("team"), n);
            racer.sync();
            let barrier = barrier.clone();
            std::thread::spawn(move || {
                barrier.wait();
                racer.race(conversations);
                racer
            })
        })
        .collect();
    let mut all: Vec<Racer> = handles.into_iter().map(|handle| handle.join().unwrap()).collect();
    all.iter_mut().for_each(Racer::sync);
    let owners = all[0].owners.clone();
    tally.runs += 1;
    // Each that was claimed by several at once.
    tally.faults += all.iter().map(|racer| racer.claims).sum::<usize>().saturating_sub(conversations);
    tally.lost += conversations - owners.len();
    for (n, racer) in all.iter().enumerate() {
        if racer.owners != owners || racer.workers != owners {
            tally.wrong.push(format!("client {n} names other owners or workers than the first"));
        }
        if !racer.client.store.unpushed(1).unwrap().is_empty() {
            tally.wrong.push(format!("client {n} has records that are not on the server"));
        }
    }
    Some(())
}
