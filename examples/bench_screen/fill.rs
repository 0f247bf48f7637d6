//! A store as a busy team has it: several inboxes, four fifths of the mail old and closed, tags, assignees, notes, snoozes.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use postroom::model::clock::{Clock, Timestamp};
use postroom::model::ids::{Handle, Tag};
use postroom::model::status::Status;
use postroom::op::operation::Known;
use postroom::op::record::NewOperation;
use postroom::query;
use postroom::store::{FolderRole, Incoming, Store, StoreOptions};

use crate::support::desk;
use crate::support::letter::{self, Letter};

/// A word that stands in the newest mail only, behind what the list shows of it.
pub const MARK: &str = "QZXQZXJK";

/// Mail that is older than this when postroom first meets it starts closed.
const HISTORY: i64 = 200;
/// So many days does the mail go back.
const SPAN: i64 = 1000;
/// The most conversations that the team works on.
const WORKED_MAX: usize = 20_000;

const COLLEAGUES: &str = "\n[agent.bob]\nname = \"Bob Dale\"\n\n[agent.cleo]\nname = \"Cleo Finn\"\n";

/// Opens the store in `dir` as alice.
pub fn open(dir: &Path) -> Store {
    let (author, team) = (desk::author("alice"), desk::read_config(dir).team());
    Store::open(dir, StoreOptions { author, team, history_after: HISTORY * Timestamp::DAY }).unwrap()
}

/// Fills a store of `conversations` in `dir`, and says how long that took. A full one is left as it is.
pub fn fill(dir: &Path, conversations: u32) {
    std::fs::create_dir_all(dir).unwrap();
    let done = dir.join("filled");
    if done.exists() {
        return;
    }
    std::fs::write(dir.join("config.toml"), desk::config(&["support", "sales"]) + COLLEAGUES).unwrap();
    let store = open(dir);
    let folder = store.folder(&desk::account(), "INBOX", FolderRole::Inbox).unwrap();
    let now = Clock::System.now();
    let started = Instant::now();
    let mut mails = 0u32;
    let mut batch = Vec::new();
    // Newest first, as the sync fetches; every fourth conversation holds three mails. The newest is an hour old, so that no age on the
    // screen changes while its idleness is watched.
    for n in 0..conversations {
        let at = now.plus(-3_700_000 - i64::from(n) * (SPAN * Timestamp::DAY / i64::from(conversations)));
        for answer in (0..if n % 4 == 0 { 3 } else { 1 }).rev() {
            mails += 1;
            batch.push(mail(conversations * 3 - mails, n, answer, at));
        }
        if batch.len() >= 2000 {
            store.ingest(folder.id, std::mem::take(&mut batch)).unwrap();
        }
    }
    store.ingest(folder.id, batch).unwrap();
    let took = started.elapsed().as_secs_f64();
    println!("  filled: {mails} mails in {took:.1} s, {:.0} a second", f64::from(mails) / took);
    work(&store);
    desk::settle(&store);
    std::fs::write(done, "").unwrap();
}

/// Does what a team does to its newest conversations.
fn work(store: &Store) {
    let context = desk::context(store);
    let started = Instant::now();
    let active = query::parse("is:active").unwrap();
    let ids = store.ids(&active, &context).unwrap();
    let ids: Vec<_> = ids.into_iter().skip(20).step_by(2).take(WORKED_MAX).collect();
    let (alice, bob) = (Handle::new("alice").unwrap(), Handle::new("bob").unwrap());
    let tags = |name: &str| BTreeSet::from([Tag::new(name).unwrap()]);
    let tomorrow = context.now.plus(Timestamp::DAY);
    let deeds = [
        Known::SetStatus { to: Status::Closed },
        Known::Assign { to: Some(alice.clone()) },
        Known::Assign { to: Some(bob) },
        Known::Tag { add: tags("billing"), remove: BTreeSet::new() },
        Known::SetStatus { to: Status::Waiting },
        Known::Tag { add: tags("urgent"), remove: BTreeSet::new() },
        Known::SetStatus { to: Status::InProgress },
        Known::Snooze { until: Some(tomorrow) },
        Known::Note { text: "Called them; they will send a photo. @alice".into(), mentions: BTreeSet::from([alice]) },
    ];
    let mut done = 0;
    for (deed, ids) in deeds.iter().cycle().zip(ids.chunks(100)) {
        let targets: Vec<_> = store.targets(ids).unwrap().into_iter().map(|(_, target)| target).collect();
        done += targets.len();
        let _ = store.commit(vec![NewOperation::new(deed.clone(), targets)]).unwrap();
    }
    println!("  worked on: {done} conversations in {:.1} s", started.elapsed().as_secs_f64());
}

fn mail(uid: u32, n: u32, answer: u32, last: Timestamp) -> Incoming {
    let mut seed = fastrand::Rng::with_seed(u64::from(n) * 4 + u64::from(answer));
    let mut words = |many: usize| letter::words(&mut seed, many);
    let at = last.plus(-60_000 * 7 * i64::from(if n.is_multiple_of(4) { 2 - answer } else { 0 }));
    let mark = if n == 0 && answer == 2 { MARK } else { "" };
    let letter = Letter {
        id: format!("c{n}.{answer}"),
        answers: (0..answer).map(|before| format!("c{n}.{before}")).collect(),
        customer: n % 5000,
        domain: (n % 37).to_string(),
        to: if n.is_multiple_of(5) { "sales" } else { "support" },
        subject: format!("{}{} number{n}", if answer == 0 { "" } else { "Re: " }, words(3)),
        at,
        body: format!("{}\r\n\r\n{}\r\n\r\n{mark}", words(30), words(20)),
    };
    desk::incoming(uid, at, letter.raw())
}
