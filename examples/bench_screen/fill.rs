//! A store as a busy team has it: several inboxes, four fifths of the mail old and closed, tags, assignees, notes, snoozes.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use postroom::config::{Account, Remote};
use postroom::model::clock::{Clock, Timestamp};
use postroom::model::ids::{Handle, Tag};
use postroom::model::status::Status;
use postroom::op::operation::Known;
use postroom::op::record::NewOperation;
use postroom::query;
use postroom::store::{FolderRole, Incoming, Store, StoreOptions};

use crate::support::desk;

/// A word that stands in the newest mail only, behind what the list shows of it.
pub const MARK: &str = "QZXQZXJK";

/// Mail that is older than this when postroom first meets it starts closed.
const HISTORY: i64 = 200;
/// So many days does the mail go back.
const SPAN: i64 = 1000;
/// The most conversations that the team works on.
const WORKED_MAX: usize = 20_000;

const CONFIG: &str = r#"
[me]
handle = "alice"

[agent.alice]
name = "Alice Moor"

[agent.bob]
name = "Bob Dale"

[agent.cleo]
name = "Cleo Finn"

[account.main]
local = true

[inbox.support]
address = "support@team.example"

[inbox.sales]
address = "sales@team.example"

# As other programs list: the newest in front.
[ui]
sort = "activity"
"#;

const WORDS: [&str; 24] = [
    "parcel",
    "invoice",
    "refund",
    "hello",
    "regards",
    "order",
    "broken",
    "please",
    "thanks",
    "delivery",
    "account",
    "password",
    "late",
    "question",
    "address",
    "tomorrow",
    "Bestellung",
    "Rechnung",
    "merci",
    "commande",
    "返品",
    "注文",
    "заказ",
    "سؤال",
];

/// Opens the store in `dir` as alice.
pub fn open(dir: &Path) -> Store {
    let (author, team) = (desk::author("alice"), config(dir).team());
    Store::open(dir, StoreOptions { author, team, history_after: HISTORY * Timestamp::DAY }).unwrap()
}

/// Reads the config of the store in `dir`.
pub fn config(dir: &Path) -> postroom::config::Config {
    let layers = postroom::config::Layers { store: Some(dir.to_owned()), ..Default::default() };
    postroom::config::Config::load(&layers).unwrap()
}

/// Fills a store of `conversations` in `dir`, and says how long that took. A full one is left as it is.
pub fn fill(dir: &Path, conversations: u32) {
    std::fs::create_dir_all(dir).unwrap();
    let done = dir.join("filled");
    if done.exists() {
        return;
    }
    std::fs::write(dir.join("config.toml"), CONFIG).unwrap();
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
    let alone = Account { id: desk::account(), remote: Remote::Local };
    postroom::sync::serverless::settle(&store, &[alone]).unwrap();
    std::fs::write(done, "").unwrap();
}

/// Does what a team does to its newest conversations.
fn work(store: &Store) {
    let context = query::Context {
        me: store.author().actor.clone(),
        now: store.author().clock.now(),
        zone: jiff::tz::TimeZone::UTC,
    };
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
    let references = match answer {
        0 => String::new(),
        _ => format!("References: <c{n}.0@bench>\r\nIn-Reply-To: <c{n}.{}@bench>\r\n", answer - 1),
    };
    let mut seed = fastrand::Rng::with_seed(u64::from(n) * 4 + u64::from(answer));
    let mut words = |many: usize| -> String {
        let words: Vec<&str> = (0..many).filter_map(|_| seed.choice(WORDS)).collect();
        words.join(" ")
    };
    let at = last.plus(-60_000 * 7 * i64::from(if n.is_multiple_of(4) { 2 - answer } else { 0 }));
    let date = jiff::Timestamp::from_millisecond(at.0).unwrap().strftime("%a, %d %b %Y %H:%M:%S +0000").to_string();
    let mark = if n == 0 && answer == 2 { MARK } else { "" };
    let raw = format!(
        "Message-ID: <c{n}.{answer}@bench>\r\nFrom: Customer {c} <customer{c}@example{d}.net>\r\nTo: {to}@team.example\r\n\
         Subject: {re}{subject} number{n}\r\n{references}Date: {date}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{first}\r\n\r\n{second}\r\n\r\n{mark}\r\n",
        c = n % 5000,
        d = n % 37,
        to = if n.is_multiple_of(5) { "sales" } else { "support" },
        re = if answer == 0 { "" } else { "Re: " },
        subject = words(3),
        first = words(30),
        second = words(20),
    );
    desk::incoming(uid, at, raw.into_bytes())
}
