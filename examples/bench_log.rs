//! What the team's log costs on a real Dovecot: from one client's key to another's screen, a bulk of ten thousand conversations beside
//! `notmuch tag --batch`, and the first reading of a long log with and without a snapshot.
//!
//! `cargo run --release --example bench_log -- [KEYS] [BULK] [OPERATIONS]`, 100, 10000 and 100000 unless said.
//! `--brief` takes seconds, for CI.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use postroom::mime;
use postroom::model::clock::{Clock, Timestamp};
use postroom::model::ids::{MessageId, Tag};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::query;
use postroom::store::{Incoming, Store};
use support::client::Client;
use support::servers::dovecot::Dovecot;
use support::times::{Watch, brief, load, number, percentiles};
use support::{corpus, desk};

/// A client with a folder that goes away with it.
struct Desk {
    client: Client,
    _dir: tempfile::TempDir,
}

impl Desk {
    fn new(server: &Dovecot, user: &str, agent: &str, compact_after: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let client = Client::open(dir.path(), desk::author(agent), server.session(user), compact_after);
        Self { client, _dir: dir }
    }
}

/// As many conversations as are wanted: real mail first, where it is here, then made-up mail, one a conversation.
fn desk_full(store: &Store, wanted: usize) -> Vec<Vec<u8>> {
    let mut mails = Vec::new();
    if corpus::is_here() && !brief() {
        corpus::each(usize::MAX, |mail| mails.push(mail.to_vec()));
    }
    desk::fill(store, mails.iter().enumerate().map(|(n, raw)| incoming(n, raw)));
    let there = store.ids(&query::parse("is:any").unwrap(), &context(store)).unwrap().len();
    let made = (there..wanted).map(|n| mail(n).into_bytes());
    let begin = mails.len();
    mails.extend(made);
    desk::fill(store, mails[begin..].iter().enumerate().map(|(n, raw)| incoming(begin + n, raw)));
    mails
}

fn context(store: &Store) -> query::Context {
    query::Context { me: store.author().actor.clone(), now: Clock::System.now(), zone: jiff::tz::TimeZone::UTC }
}

fn incoming(n: usize, raw: &[u8]) -> Incoming {
    let written = mime::envelope(raw).date.filter(|at| at.0 > 0 && *at < Clock::System.now());
    let arrived = written.unwrap_or(Timestamp::from_seconds(1_700_000_000 + n as i64));
    desk::incoming(n as u32 + 1, arrived, raw.to_vec())
}

fn mail(n: usize) -> String {
    format!(
        "From: Customer {n} <c{n}@example.org>\r\nTo: support@example.com\r\nSubject: Order {n} is late\r\nMessage-ID: <m{n}@bench.example>\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nHello,\r\n\r\nmy order {n} has not come. What now?\r\n\r\nCustomer {n}\r\n"
    )
}

fn target(n: usize) -> Target {
    Target::on(MessageId::new(&format!("m{n}@bench.example")).unwrap())
}

fn main() {
    let (keys, bulk, operations) = (number(0, 100, 5), number(1, 10_000, 100), number(2, 100_000, 1_000));
    let Some(server) = Dovecot::start() else { return };
    println!("load of the machine before: {}", load());
    if keys > 0 {
        key_to_screen(&server, keys);
    }
    if bulk > 0 {
        triage(&server, bulk);
    }
    if operations > 0 {
        first_reading(&server, operations);
    }
}

fn key_to_screen(server: &Dovecot, keys: usize) {
    let Desk { client: mut alice, _dir: _alice } = Desk::new(server, "latency", "alice", 5_000);
    let Desk { client: mut bob, _dir: _bob } = Desk::new(server, "latency", "bob", 5_000);
    for client in [&mut alice, &mut bob] {
        desk::fill(&client.store, (0..20).map(|n| incoming(n, mail(n).as_bytes())));
        client.sync();
    }
    let (seen, screen) = mpsc::channel();
    let watcher = std::thread::spawn(move || {
        let mut last = bob.store.log_head(&desk::account()).unwrap();
        while bob.session.idle(Duration::from_secs(30)).is_ok() {
            bob.session.take_events();
            bob.sync();
            let head = bob.store.log_head(&desk::account()).unwrap();
            if head != last && seen.send(Instant::now()).is_err() {
                return;
            }
            last = head;
        }
    });
    let mut local = Vec::new();
    let mut pushed = Vec::new();
    let mut shown = Vec::new();
    for n in 0..keys {
        let begun = Instant::now();
        let tag = Tag::new(&format!("t{n}")).unwrap();
        let op = Known::Tag { add: [tag].into(), remove: Default::default() };
        let _ = alice.store.commit(vec![NewOperation::new(op, vec![target(n % 20)])]).unwrap();
        local.push(begun.elapsed());
        alice.sync();
        pushed.push(begun.elapsed());
        shown.push(screen.recv_timeout(Duration::from_secs(30)).unwrap().duration_since(begun));
    }
    drop(screen);
    // One more change lets the watcher see that nobody listens.
    let _ = alice.store.commit(vec![NewOperation::new(Known::Split, vec![target(0)])]).unwrap();
    alice.sync();
    watcher.join().unwrap();
    println!("key to own screen:         {}", percentiles(&local));
    println!("key to server and back:    {}", percentiles(&pushed));
    println!("key to the other's screen: {}", percentiles(&shown));
}

fn triage(server: &Dovecot, bulk: usize) {
    let Desk { client: mut alice, _dir: _alice } = Desk::new(server, "bulk", "alice", 5_000);
    let Desk { client: mut bob, _dir: _bob } = Desk::new(server, "bulk", "bob", 5_000);
    let mails = desk_full(&alice.store, bulk);
    desk_full(&bob.store, bulk);
    alice.sync();
    bob.sync();
    let mut ids = alice.store.ids(&query::parse("is:any").unwrap(), &context(&alice.store)).unwrap();
    ids.truncate(bulk);
    let targets: Vec<Target> = alice.store.targets(&ids).unwrap().into_iter().map(|(_, target)| target).collect();
    let named: Vec<MessageId> = targets.iter().map(|target| target.on.clone()).collect();
    println!("tag {bulk} conversations, with {} mails in the store:", mails.len());
    let op = Known::Tag { add: [Tag::new("late").unwrap()].into(), remove: Default::default() };
    let begun = Instant::now();
    let (watch, committed) = (Watch::start(), alice.store.commit(vec![NewOperation::new(op, targets)]).unwrap());
    println!("  here: {watch}");
    drop(committed);
    let watch = Watch::start();
    alice.sync();
    println!("  to the server and back: {watch}");
    let watch = Watch::start();
    bob.sync();
    println!("  onto the colleague's screen: {watch}");
    println!("  from the key to the colleague's screen: {:.2} s", begun.elapsed().as_secs_f64());
    notmuch(&mails, &named);
}

/// Does the same with notmuch, where it is installed: a tag on as many of the same mails.
fn notmuch(mails: &[Vec<u8>], named: &[MessageId]) {
    let dir = tempfile::tempdir().unwrap();
    let cur = dir.path().join("mail/cur");
    std::fs::create_dir_all(&cur).unwrap();
    for sub in ["new", "tmp"] {
        std::fs::create_dir_all(dir.path().join("mail").join(sub)).unwrap();
    }
    for (n, mail) in mails.iter().enumerate() {
        std::fs::write(cur.join(format!("{n}.bench:2,")), mail).unwrap();
    }
    let config = dir.path().join("config");
    let text =
        format!("[database]\npath={}\n[user]\nname=a\nprimary_email=a@b.example\n", dir.path().join("mail").display());
    std::fs::write(&config, text).unwrap();
    let command = |args: &[&str]| {
        let mut command = Command::new("notmuch");
        command.env("NOTMUCH_CONFIG", &config).args(args).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    match command(&["new"]).status() {
        Ok(status) if status.success() => {}
        _ => return println!("notmuch is not installed: nothing to compare with"),
    }
    let begun = Instant::now();
    let mut child = command(&["tag", "--batch"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    for id in named {
        writeln!(input, "+late -- id:{id}").unwrap();
    }
    drop(input);
    child.wait().unwrap();
    println!("notmuch tag --batch, a line a mail: {:.2} s", begun.elapsed().as_secs_f64());
}

fn first_reading(server: &Dovecot, operations: usize) {
    let Desk { client: mut alice, _dir: _alice } = Desk::new(server, "long", "alice", u64::MAX / 4);
    let watch = Watch::start();
    let mut mails = 0;
    // Forty operations a mail: what a busy team's clients gather while the line is slow.
    for from in (0..operations).step_by(40) {
        let ops = (from..operations.min(from + 40)).map(|n| {
            let op = Known::Title { text: format!("Title {n}") };
            NewOperation::new(op, vec![target(n % 5000)])
        });
        let _ = alice.store.commit(ops.collect()).unwrap();
        alice.sync();
        mails += 1;
    }
    println!("{operations} operations written in {mails} mails: {watch}");
    let read = |agent: &str, what: &str| {
        let Desk { client: mut newcomer, _dir } = Desk::new(server, "long", agent, u64::MAX / 4);
        // The newcomer has the mail already: what the log says of it has to reach its rows.
        desk::fill(&newcomer.store, (0..operations.min(5000)).map(|n| incoming(n, mail(n).as_bytes())));
        let watch = Watch::start();
        newcomer.sync();
        println!("first reading of {what}: {watch}");
    };
    read("bob", "all mails");
    let watch = Watch::start();
    alice.compact();
    println!("writing a snapshot: {watch}");
    read("carol", "the snapshot");
}
