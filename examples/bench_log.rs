//! What the team's log costs on a real Dovecot: from one client's key to another's screen, a bulk of ten thousand conversations beside
//! `notmuch tag --batch`, and the first reading of a long log with and without a snapshot.
//!
//! `cargo run --release --example bench_log -- [KEYS] [BULK] [OPERATIONS]`, 100, 10000 and 100000 unless said.
//! `--brief` takes seconds, for CI.
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

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use postroom::model::address::Address;
use postroom::model::agent::{Inbox, Team};
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, Handle, InboxId, MessageId, Tag};
use postroom::op::operation::{Known, Target};
use postroom::op::record::{Author, NewOperation};
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::sync::imap::Session;
use postroom::sync::log::imap::{ImapLog, LogSettings};
use postroom::sync::log::session::{FolderName, SessionFolder};

struct Client {
    _dir: tempfile::TempDir,
    store: Store,
    log: ImapLog,
    name: FolderName,
    session: Session,
}

impl Client {
    fn new(server: &dovecot::Dovecot, user: &str, agent: &str, compact_after: u64) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let author =
            Author { actor: Handle::new(agent).unwrap(), host: "bench".into(), clock: Clock::System, ids: Ids::Random };
        let address = Address::new("Support", "support@example.com");
        let inbox = Inbox {
            id: InboxId::new("support").unwrap(),
            account: AccountId::new("main").unwrap(),
            address: address.clone(),
            aliases: Vec::new(),
            folder: None,
        };
        let team = Team { agents: Vec::new(), inboxes: vec![inbox] };
        let store =
            Store::open(dir.path(), StoreOptions { author, team, history_after: 400 * Timestamp::DAY }).unwrap();
        let settings = LogSettings { compact_after, ..LogSettings::new(address) };
        let log = ImapLog::new(store.clone(), AccountId::new("main").unwrap(), settings).unwrap();
        Self { _dir: dir, store, log, name: FolderName::new("Postroom"), session: server.session(user) }
    }

    fn sync(&mut self) {
        let _ = self.log.sync(&mut SessionFolder::new(&mut self.session, &mut self.name)).unwrap();
    }

    fn ingest(&self, count: usize) {
        let account = AccountId::new("main").unwrap();
        let folder = self.store.folder(&account, "INBOX", FolderRole::Inbox).unwrap();
        let now = Clock::System.now();
        for from in (0..count).step_by(500) {
            let batch = (from..count.min(from + 500)).map(|n| Incoming {
                uid: n as u32 + 1,
                flags: Vec::new(),
                arrived: now,
                size: 400,
                modseq: None,
                content: Content::Whole(mail(n).into_bytes()),
            });
            self.store.ingest(folder.id, batch.collect()).unwrap();
        }
    }
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
    let brief = std::env::args().any(|arg| arg == "--brief");
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--brief").map(|n| n.parse::<usize>().unwrap());
    let keys = args.next().unwrap_or(if brief { 5 } else { 100 });
    let bulk = args.next().unwrap_or(if brief { 100 } else { 10_000 });
    let operations = args.next().unwrap_or(if brief { 1_000 } else { 100_000 });
    let Some(server) = dovecot::Dovecot::start() else { return };
    key_to_screen(&server, keys);
    triage(&server, bulk);
    first_reading(&server, operations);
}

fn key_to_screen(server: &dovecot::Dovecot, keys: usize) {
    let mut alice = Client::new(server, "latency", "alice", 5_000);
    let mut bob = Client::new(server, "latency", "bob", 5_000);
    alice.ingest(20);
    bob.ingest(20);
    alice.sync();
    bob.sync();
    let (seen, screen) = mpsc::channel();
    let watcher = std::thread::spawn(move || {
        let account = AccountId::new("main").unwrap();
        let mut last = bob.store.log_head(&account).unwrap();
        while bob.session.idle(Duration::from_secs(30)).is_ok() {
            bob.session.take_events();
            bob.sync();
            let head = bob.store.log_head(&account).unwrap();
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
    println!("key to own screen:         {}", percentiles(&mut local));
    println!("key to server and back:    {}", percentiles(&mut pushed));
    println!("key to the other's screen: {}", percentiles(&mut shown));
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    format!("p50 {:.1} ms, p99 {:.1} ms ({} times)", at(50), at(99), times.len())
}

fn triage(server: &dovecot::Dovecot, bulk: usize) {
    let mut alice = Client::new(server, "bulk", "alice", 5_000);
    let mut bob = Client::new(server, "bulk", "bob", 5_000);
    alice.ingest(bulk);
    bob.ingest(bulk);
    alice.sync();
    bob.sync();
    let op = Known::Tag { add: [Tag::new("late").unwrap()].into(), remove: Default::default() };
    let begun = Instant::now();
    let _ = alice.store.commit(vec![NewOperation::new(op, (0..bulk).map(target).collect())]).unwrap();
    let local = begun.elapsed();
    alice.sync();
    let there = begun.elapsed();
    bob.sync();
    println!(
        "tag {bulk} conversations: local {:.2} s, on the server {:.2} s, on the other's screen {:.2} s",
        local.as_secs_f64(),
        there.as_secs_f64(),
        begun.elapsed().as_secs_f64()
    );
    notmuch(bulk);
}

/// Does the same with notmuch, where it is installed: a tag on as many mails.
fn notmuch(bulk: usize) {
    let dir = tempfile::tempdir().unwrap();
    let cur = dir.path().join("mail/cur");
    std::fs::create_dir_all(&cur).unwrap();
    for sub in ["new", "tmp"] {
        std::fs::create_dir_all(dir.path().join("mail").join(sub)).unwrap();
    }
    for n in 0..bulk {
        std::fs::write(cur.join(format!("{n}.bench:2,")), mail(n)).unwrap();
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
    for n in 0..bulk {
        writeln!(input, "+late -- id:m{n}@bench.example").unwrap();
    }
    drop(input);
    child.wait().unwrap();
    println!("notmuch tag --batch, a line a mail: {:.2} s", begun.elapsed().as_secs_f64());
}

fn first_reading(server: &dovecot::Dovecot, operations: usize) {
    let mut alice = Client::new(server, "long", "alice", u64::MAX / 4);
    let begun = Instant::now();
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
    println!("{operations} operations written in {mails} mails: {:.1} s", begun.elapsed().as_secs_f64());
    let read = |agent: &str| {
        let mut newcomer = Client::new(server, "long", agent, u64::MAX / 4);
        let begun = Instant::now();
        newcomer.sync();
        begun.elapsed().as_secs_f64()
    };
    println!("first reading of all mails: {:.2} s", read("bob"));
    let begun = Instant::now();
    alice.log.compact(&mut SessionFolder::new(&mut alice.session, &mut alice.name)).unwrap();
    println!("writing a snapshot: {:.2} s", begun.elapsed().as_secs_f64());
    println!("first reading of the snapshot: {:.2} s", read("carol"));
}
