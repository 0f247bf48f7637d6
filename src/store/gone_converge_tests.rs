//! Any order of arrivals, departures, returns and restarts gives the same conversations on clients that saw all; and what only mail that
//! left held together is one conversation also to a client that never saw it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::testing::{Bench, START, incoming, main, mid, options, raw};
use super::*;
use crate::model::ids::ConversationId;
use crate::model::message::AsOf;
use crate::model::status::Status;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;

#[derive(Clone, Debug)]
struct Mail {
    seconds: i64,
    ours: bool,
    refs: Vec<usize>,
}

fn mails() -> impl Strategy<Value = Vec<Mail>> {
    let one = (0..20i64, any::<bool>(), prop::collection::vec(1..4usize, 0..2));
    prop::collection::vec(one, 2..10).prop_map(|all| all.into_iter().enumerate().map(|(n, of)| mail(n, of)).collect())
}

/// `back` says how far before it the mail stands that it answers: chains, of which some lose their middle.
fn mail(n: usize, (seconds, ours, back): (i64, bool, Vec<usize>)) -> Mail {
    Mail { seconds, ours, refs: back.into_iter().filter_map(|back| n.checked_sub(back)).collect() }
}

fn name(n: usize) -> String {
    format!("m{n}@x")
}

/// What becomes of a mail in the end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fate {
    Stays,
    Leaves,
    IsArchived,
    /// It leaves and comes back.
    Returns,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![3 => Just(Fate::Stays), 3 => Just(Fate::Leaves), 1 => Just(Fate::IsArchived), 1 => Just(Fate::Returns)]
}

struct Client {
    bench: Bench,
    archive: i64,
    next: u32,
}

impl Client {
    fn new(actor: &str, seed: u64) -> Self {
        let bench = Bench::of(actor, seed);
        let archive = bench.store.folder(&main(), "Archive", FolderRole::Archive).unwrap().id;
        Self { bench, archive, next: 100 }
    }

    fn put(&mut self, folder: i64, n: usize, mail: &Mail) -> u32 {
        self.next += 1;
        let refs: Vec<String> = mail.refs.iter().filter(|r| **r != n).map(|r| name(*r)).collect();
        let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
        let from = if mail.ours { "alice@team.example" } else { "ana@example.net" };
        // Of each its own: what belongs together is said by references alone.
        let subject = if refs.is_empty() { format!("Order {n}") } else { format!("Re: Order {n}") };
        let copy = incoming(self.next, mail.seconds, raw(&name(n), from, &subject, &refs));
        self.bench.store.ingest(folder, vec![copy]).unwrap();
        self.next
    }

    fn settle(&self) {
        let adrift = self.bench.store.adrift(&main()).unwrap();
        let _ = self.bench.store.settle_adrift(&main(), &adrift).unwrap();
    }

    /// One of the steps that bring a mail to its fate.
    fn step(&mut self, n: usize, mail: &Mail, fate: Fate, step: usize, archive_first: bool) {
        let inbox = self.bench.inbox;
        let uid = u32::try_from(n).unwrap() + 1;
        match (step, fate) {
            (0, _) => {
                self.next = uid - 1;
                let kept = std::mem::replace(&mut self.next, uid - 1);
                self.put(inbox, n, mail);
                self.next = 100 + kept * 50 + uid;
            }
            (_, Fate::Stays) => {}
            (1, Fate::IsArchived) if archive_first => {
                let archive = self.archive;
                self.put(archive, n, mail);
                self.bench.store.set_adrift(inbox, &[uid]).unwrap();
                self.settle();
            }
            (1, fate) => {
                self.bench.store.set_adrift(inbox, &[uid]).unwrap();
                if fate == Fate::IsArchived {
                    let archive = self.archive;
                    self.put(archive, n, mail);
                }
                self.settle();
            }
            (_, Fate::Returns) => {
                self.put(inbox, n, mail);
            }
            _ => {}
        }
    }

    fn restart(self) -> Self {
        let seed = 1000 + u64::from(self.next);
        let actor = self.bench.store.author().actor.to_string();
        Self { bench: self.bench.opened_with(options(&actor, seed)), ..self }
    }

    /// Puts what waits behind what the log has, and reads all of it.
    fn sync(&self, log: &mut Vec<LogLine>) {
        for (_, json) in self.bench.store.unpushed(1000).unwrap() {
            let uid = u32::try_from(log.len()).unwrap() + 1;
            log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
        }
        let _ = self.bench.store.ingest_log(&main(), log.clone()).unwrap();
    }

    fn groups(&self, of: &BTreeSet<usize>) -> BTreeSet<BTreeSet<usize>> {
        let mut groups: BTreeMap<ConversationId, BTreeSet<usize>> = BTreeMap::new();
        for n in of {
            let id = self.bench.store.conversation_of(&mid(&name(*n))).unwrap().unwrap();
            groups.entry(id).or_default().insert(*n);
        }
        groups.into_values().collect()
    }
}

/// The steps of all mails, mixed, each mail's own in their order.
fn mixed(random: &mut fastrand::Rng, mails: usize) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..mails).flat_map(|n| [n, n, n]).collect();
    random.shuffle(&mut order);
    let mut done = vec![0; mails];
    let mut steps = Vec::new();
    for n in order {
        steps.push((n, done[n]));
        done[n] += 1;
    }
    steps
}

fn difference(left: &Client, right: &Client) -> String {
    let (left, right) = (left.bench.dump(), right.bench.dump());
    let only = |a: &str, b: &str, sign: &str| {
        a.lines().filter(|l| !b.lines().any(|o| o == *l)).map(|l| format!("{sign} {l}\n")).collect::<String>()
    };
    only(&left, &right, "-") + &only(&right, &left, "+")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn clients_that_saw_all_agree_and_those_that_came_later_have_the_same_conversations(
        mails in mails(),
        fates in prop::collection::vec(fate(), 10),
        acts in prop::collection::vec((0..10usize, 0..4u8, any::<bool>(), 0..20i64), 0..6),
        seed in any::<u64>(),
    ) {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut clients = [Client::new("alice", 1), Client::new("carol", 2)];
        let mut log = Vec::new();
        for client in &mut clients {
            for (n, step) in mixed(&mut random, mails.len()) {
                client.step(n, &mails[n], fates[n], step, random.bool());
                client.bench.sound();
            }
        }
        for (on, kind, gone, at) in &acts {
            let to = [Status::Open, Status::InProgress, Status::Waiting, Status::Closed][usize::from(*kind)];
            let target = Target { as_of: Some(AsOf { at: START + at, ids: Vec::new() }), gone: *gone, ..Target::on(mid(&name(*on))) };
            let _ = clients[0].bench.store.commit(vec![NewOperation::new(Known::SetStatus { to }, vec![target])]).unwrap();
        }
        let [alice, carol] = clients.map(|client| if random.bool() { client.restart() } else { client });
        for _ in 0..2 {
            alice.sync(&mut log);
            carol.sync(&mut log);
        }
        alice.sync(&mut log);
        prop_assert_eq!(difference(&alice, &carol), "");
        alice.bench.sound();

        let standing: BTreeSet<usize> = (0..mails.len()).filter(|n| fates[*n] != Fate::Leaves).collect();
        let mut bob = Client::new("bob", 3);
        let mut order: Vec<usize> = standing.iter().copied().collect();
        random.shuffle(&mut order);
        for n in order {
            let folder = if fates[n] == Fate::IsArchived { bob.archive } else { bob.bench.inbox };
            bob.put(folder, n, &mails[n]);
        }
        bob.sync(&mut log);
        bob.bench.sound();
        prop_assert_eq!(alice.groups(&standing), bob.groups(&standing));
    }
}
