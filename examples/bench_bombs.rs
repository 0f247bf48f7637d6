//! What small mails of the team's log can cost who reads them: each of these is put into the folder of a real Dovecot by somebody who
//! means harm, and a client that has the mail of the conversations reads it.
//!
//! `cargo run --release --example bench_bombs -- [RECORDS] [BOMB]`, 20000 records and all bombs unless said. `--brief` takes seconds, for
//! CI. Ends with 1 where memory or the store grow beyond the bound that is printed beside them; seconds depend on the machine and are
//! only printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::path::Path;

use postroom::model::clock::Timestamp;
use postroom::model::ids::{MessageId, Tag};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::LogFilter;
use serde_json::{Value, json};
use support::client::Client;
use support::desk;
use support::servers::dovecot::Dovecot;
use support::times::{Watch, arguments, brief, load, number};

/// Records of one mail, as clients wrote them before mails said who made them.
const MAIL_RECORDS: usize = 5_000;

/// A kind of bomb: what is put into the folder, and what may come of it.
struct Bomb {
    name: &'static str,
    /// Conversations that the client has.
    conversations: usize,
    mails: Vec<String>,
    /// The most MiB of memory, beyond those at the start.
    peak: f64,
    /// The most MiB that the store may grow by.
    growth: f64,
}

fn main() {
    let records = number(0, 20_000, 400);
    let only = arguments().get(1).cloned();
    let Some(server) = Dovecot::start() else { return };
    println!("load of the machine before: {}", load());
    let mut broken = false;
    for bomb in bombs(records).iter().filter(|bomb| only.as_deref().is_none_or(|name| name == bomb.name)) {
        broken |= !explode(&server, bomb);
    }
    if only.as_deref().is_none_or(|name| name == "false-snapshot") {
        broken |= !false_snapshot(&server);
    }
    if broken {
        println!("a bound is broken");
        std::process::exit(1);
    }
}

fn bombs(records: usize) -> Vec<Bomb> {
    let merge = |n: usize, into: usize| json!({"kind": "merge", "into": id(into)}).at(n);
    let ring: Vec<Value> = (0..records).map(|n| record(n, &merge(n, (n + 1) % records))).collect();
    let alternation: Vec<Value> = (0..records)
        .map(|n| record(n, &if n % 2 == 0 { merge(0, 1) } else { json!({"kind": "split"}).at(0) }))
        .collect();
    let undos: Vec<Value> = (0..records * 5)
        .map(|n| match n {
            0 => record(0, &json!({"kind": "tag", "add": ["late"]}).at(0)),
            _ => record(n, &json!({"kind": "undo", "of": record_id(n - 1)}).at(0)),
        })
        .collect();
    let targets: Vec<Value> = (0..20_000.min(records)).map(|n| json!({"on": format!("m{n}")})).collect();
    let bulk =
        (0..210).map(|n| record_on(n, &json!({"kind": "tag", "add": ["late"]}), &json!(targets))).collect::<Vec<_>>();
    // 64 MiB less a little, the most that was ever unpacked.
    let junk = if brief() { "1,".repeat(1 << 20) } else { "1,".repeat((32 << 20) - 16) };
    let numbers = if brief() { "1 ".repeat(1 << 20) } else { "1 ".repeat((32 << 20) - 16) };
    let mail_mib = |mails: usize| 8.0 * mails as f64;
    let written =
        |records: &[Value]| records.chunks(MAIL_RECORDS).map(|part| log_mail(&lines(part))).collect::<Vec<_>>();
    let per_record = |n: usize| 2.0 + n as f64 * 2.0 / 1024.0;
    vec![
        Bomb {
            name: "ring-of-merges",
            conversations: records,
            mails: written(&ring),
            peak: 32.0 + per_record(records),
            growth: per_record(records) * 2.0,
        },
        Bomb {
            name: "merge-and-split",
            conversations: 3,
            mails: written(&alternation),
            peak: 32.0 + per_record(records),
            growth: per_record(records),
        },
        Bomb { name: "junk-with-commas", conversations: 3, mails: vec![log_mail(&junk); 30], peak: 24.0, growth: 1.0 },
        Bomb {
            name: "junk-of-numbers",
            conversations: 3,
            mails: vec![log_mail(&numbers); 30],
            peak: 24.0,
            growth: 1.0,
        },
        Bomb {
            name: "many-targets",
            conversations: 3,
            mails: vec![log_mail(&lines(&bulk))],
            peak: 16.0 + 12.0 * mail_mib(1),
            growth: 6.0 * mail_mib(1),
        },
        Bomb {
            name: "undos-of-undos",
            conversations: 3,
            mails: written(&undos),
            peak: 32.0 + per_record(undos.len()),
            growth: per_record(undos.len()),
        },
    ]
}

/// Puts the mails into the folder of a user of their own and lets a client read them. Tells whether the bounds held.
fn explode(server: &Dovecot, bomb: &Bomb) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let mut client = Client::open(dir.path(), desk::author("alice"), server.session(bomb.name), u64::MAX / 4);
    let mail = (0..bomb.conversations).map(|n| desk::incoming(n as u32 + 1, at(n), mail(n).into_bytes()));
    desk::fill(&client.store, mail);
    client.sync();
    for mail in &bomb.mails {
        server.deliver(bomb.name, "Postroom", mail);
    }
    let bytes: usize = bomb.mails.iter().map(String::len).sum();
    let (memory, stored) = (Memory::begin(), size(dir.path()));
    let watch = Watch::start();
    client.sync();
    let taken = watch.to_string();
    let watch = Watch::start();
    let op = Known::Tag { add: [Tag::new("mine").unwrap()].into(), remove: Default::default() };
    let _ =
        client.store.commit(vec![NewOperation::new(op, vec![Target::on(MessageId::new(&id(0)).unwrap())])]).unwrap();
    let tag = watch.elapsed();
    let watch = Watch::start();
    client.store.log(&LogFilter { conversation: None, before: None, limit: 50 }).unwrap();
    let log = watch.elapsed();
    let (peak, growth) = (memory.peak(), (size(dir.path()) - stored) / MIB);
    println!("{}: {} mails, {:.1} KiB", bomb.name, bomb.mails.len(), bytes as f64 / 1024.0);
    println!(
        "  read in {taken}; then a tag in {:.3} s, the last 50 entries in {:.3} s",
        tag.as_secs_f64(),
        log.as_secs_f64()
    );
    let peak = within("  memory", peak, bomb.peak);
    within("  store", growth, bomb.growth) && peak
}

/// Somebody's snapshot says that it covers every mail there will ever be, and that it is old: nothing may be removed for it, and
/// nothing written again and again.
fn false_snapshot(server: &Dovecot) -> bool {
    let user = "false-snapshot";
    let dir = tempfile::tempdir().unwrap();
    let mut alice = Client::open(dir.path(), desk::author("alice"), server.session(user), 5_000);
    for n in 0..10 {
        let op = Known::Title { text: format!("Title {n}") };
        let target = Target::on(MessageId::new(&id(n)).unwrap());
        let _ = alice.store.commit(vec![NewOperation::new(op, vec![target])]).unwrap();
        alice.sync();
    }
    let validity = alice.store.log_head(&desk::account()).unwrap().unwrap().validity;
    let header = json!({
        "snapshot": record_id(1), "part": 0, "last": true, "epoch": 1, "validity": validity, "covers": u32::MAX, "at": 0,
        "digest": "00000000000000000000000000000000",
    });
    server.deliver(user, "Postroom", &snapshot_mail(&format!("{header}\n")));
    let mut left = Vec::new();
    for _ in 0..3 {
        let mut bob = Client::open(dir.path(), desk::author("alice"), server.session(user), 5_000);
        bob.sync();
        let mut session = server.session(user);
        session.select("Postroom").unwrap();
        left.push(session.search("ALL").unwrap().len());
    }
    println!("{user}: ten mails and the snapshot; after each of three starts there are {left:?}");
    let held = left.iter().all(|n| *n >= 11) && left[1] == left[2];
    println!(
        "  {}",
        if held {
            "nothing is removed, nothing is written again"
        } else {
            "BROKEN: mails were removed or written again"
        }
    );
    held
}

const MIB: f64 = 1024.0 * 1024.0;

fn within(what: &str, found: f64, bound: f64) -> bool {
    let held = found <= bound;
    println!("{what}: {found:.1} MiB of at most {bound:.1}{}", if held { "" } else { " BROKEN" });
    held
}

/// The peak of this process's memory since a moment.
struct Memory {
    begun: f64,
}

impl Memory {
    fn begin() -> Self {
        // Sets the peak to what is held now (proc(5), clear_refs).
        let _ = std::fs::write("/proc/self/clear_refs", "5");
        Self { begun: status("VmRSS:") }
    }

    fn peak(&self) -> f64 {
        status("VmHWM:") - self.begun
    }
}

/// MiB that the system tells of this process.
fn status(name: &str) -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(0.0) / 1024.0
}

/// Bytes of the store, its journal taken in.
fn size(dir: &Path) -> f64 {
    let database = dir.join("postroom.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    std::fs::metadata(&database).unwrap().len() as f64
}

fn at(n: usize) -> Timestamp {
    Timestamp::from_seconds(1_790_000_000 + n as i64)
}

fn id(n: usize) -> String {
    format!("m{n}@bombs.example")
}

fn mail(n: usize) -> String {
    format!(
        "From: Customer {n} <c{n}@example.org>\r\nTo: support@example.com\r\nSubject: Order {n}\r\nMessage-ID: <{}>\r\n\
         Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n\r\nWhere is it?\r\n",
        id(n)
    )
}

fn record_id(n: usize) -> String {
    format!("00000000-0000-7000-8000-{n:012x}")
}

/// An operation and the conversation that it is about.
struct On(Value, usize);

trait At {
    fn at(self, n: usize) -> On;
}

impl At for Value {
    fn at(self, n: usize) -> On {
        On(self, n)
    }
}

fn record(n: usize, On(op, on): &On) -> Value {
    record_on(n, op, &json!([{"on": id(*on)}]))
}

fn record_on(n: usize, op: &Value, on: &Value) -> Value {
    json!({
        "v": 1, "id": record_id(n), "actor": "eve", "host": "h", "at": 1_790_000_000_000i64, "lamport": n + 1, "on": on, "op": op,
    })
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

fn log_mail(values: &str) -> String {
    framed("log", "[postroom] things", values)
}

fn snapshot_mail(values: &str) -> String {
    framed("snapshot", "[postroom] snapshot of the log by eve", values)
}

fn framed(kind: &str, subject: &str, values: &str) -> String {
    let packed = data_encoding::BASE64.encode(&zstd::encode_all(values.as_bytes(), 9).unwrap());
    let mut text = format!(
        "From: Eve <eve@example.org>\r\nSubject: {subject}\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n\
         -- postroom {kind}, format 1, compressed --\r\n"
    );
    for line in packed.as_bytes().chunks(76) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push_str("\r\n");
    }
    text.push_str("-- end --\r\n");
    text
}
