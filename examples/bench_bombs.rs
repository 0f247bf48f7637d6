//! What small mails of the team's log can cost who reads them: each of these is put into the folder of a real Dovecot by somebody who
//! means harm, and a client that has the mail of the conversations reads it.
//!
//! `cargo run --release --example bench_bombs -- [RECORDS] [BOMB]`, 20000 records and all bombs unless said. `--brief` takes seconds, for
//! CI. Ends with 1 where memory or the store grow beyond the bound that is printed beside them; seconds depend on the machine and are
//! only printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::path::Path;
use std::process::Command;

use postroom::config::{Auth, Endpoint, Secret, Security};
use postroom::model::clock::Timestamp;
use postroom::model::ids::{MessageId, Tag};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::LogFilter;
use postroom::sync::Waker;
use postroom::sync::imap::Session;
use serde_json::{Value, json};
use support::client::Client;
use support::desk;
use support::servers::dovecot::{Dovecot, PASSWORD};
use support::times::{Watch, arguments, brief, load, number};

/// Records of one mail, as clients wrote them before mails said who made them.
const MAIL_RECORDS: usize = 5_000;
/// The bomb that is no matter of bytes.
const FALSE_SNAPSHOT: &str = "false-snapshot";

/// A kind of bomb, and what may come of it.
struct Bomb {
    name: &'static str,
    /// Conversations that the client has.
    conversations: usize,
    /// The most MiB of memory, beyond those before anything is read.
    peak: f64,
    /// The most MiB that the store may grow by.
    growth: f64,
}

fn main() {
    let records = number(0, 20_000, 400);
    let mut words = arguments().into_iter().skip(1);
    let only = words.next();
    if let Some(port) = words.next() {
        let bomb = bombs(records).into_iter().find(|bomb| Some(bomb.name) == only.as_deref()).unwrap();
        let held = read(&bomb, port.parse().unwrap(), Path::new(&words.next().unwrap()));
        std::process::exit(i32::from(!held));
    }
    let Some(server) = Dovecot::start() else { return };
    println!("load of the machine before: {}", load());
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    let mut held = true;
    for bomb in bombs(records).iter().filter(|bomb| wanted(bomb.name)) {
        held &= explode(&server, bomb, records);
    }
    if wanted(FALSE_SNAPSHOT) {
        held &= false_snapshot(&server);
    }
    if !held {
        println!("a bound is broken");
        std::process::exit(1);
    }
}

fn bombs(records: usize) -> Vec<Bomb> {
    // A record's rows and indexes take less than two KiB of the store, and twice that of memory while all is threaded at once.
    let of_records = |n: usize| n as f64 * 2.0 / 1024.0;
    let held = |n: usize| 32.0 + 2.0 * of_records(n);
    // An undo takes less than a KiB of the store, and while it is seen what all of them say, less than that of memory.
    let of_undos = |n: usize| n as f64 / 1024.0;
    let bomb = |name, conversations, peak, growth| Bomb { name, conversations, peak, growth };
    // What one mail that does not say who made it unpacks to.
    let mail = 8.0;
    vec![
        bomb("ring-of-merges", records, held(records * 2), 2.0 + 2.0 * of_records(records)),
        bomb("merge-and-split", 3, held(records), 2.0 + of_records(records)),
        bomb("junk-with-commas", 3, 16.0, 1.0),
        bomb("junk-of-numbers", 3, 16.0, 1.0),
        bomb("many-targets", 3, 16.0 + 12.0 * mail, 6.0 * mail),
        bomb("undos-of-undos", 3, 24.0 + of_undos(records * 5), 2.0 + of_undos(records * 5)),
    ]
}

/// The mails of a bomb.
fn mails(name: &str, records: usize) -> Vec<String> {
    let merge = |n: usize, into: usize| json!({"kind": "merge", "into": id(into)}).at(n);
    let written = |records: Vec<Value>| records.chunks(MAIL_RECORDS).map(|part| log_mail(&lines(part))).collect();
    // 64 MiB less a little, the most that was ever unpacked.
    let junk = |of: &str| vec![log_mail(&of.repeat(if brief() { 1 << 18 } else { (32 << 20) - 16 })); 30];
    match name {
        "ring-of-merges" => written((0..records).map(|n| record(n, &merge(n, (n + 1) % records))).collect()),
        "merge-and-split" => {
            let turn = |n: usize| if n.is_multiple_of(2) { merge(0, 1) } else { json!({"kind": "split"}).at(0) };
            written((0..records).map(|n| record(n, &turn(n))).collect())
        }
        "undos-of-undos" => {
            let one = |n: usize| match n {
                0 => record(0, &json!({"kind": "tag", "add": ["late"]}).at(0)),
                _ => record(n, &json!({"kind": "undo", "of": record_id(n - 1)}).at(0)),
            };
            written((0..records * 5).map(one).collect())
        }
        "many-targets" => {
            let on: Vec<Value> = (0..records.min(20_000)).map(|n| json!({"on": format!("m{n}")})).collect();
            let tag = json!({"kind": "tag", "add": ["late"]});
            vec![log_mail(&lines(&(0..210).map(|n| record_on(n, &tag, &json!(on))).collect::<Vec<_>>()))]
        }
        "junk-with-commas" => junk("1,"),
        _ => junk("1 "),
    }
}

/// Puts the mails into the folder of a user of their own and lets a client read them, in a process of its own, whose memory nothing else
/// took before. Tells whether the bounds held.
fn explode(server: &Dovecot, bomb: &Bomb, records: usize) -> bool {
    let dir = tempfile::tempdir().unwrap();
    let store = desk::open(dir.path(), desk::author("alice"), desk::team("support@example.com"));
    desk::fill(&store, (0..bomb.conversations).map(|n| desk::incoming(n as u32 + 1, at(n), mail(n).into_bytes())));
    drop(store);
    let mails = mails(bomb.name, records);
    let mut session = server.session(bomb.name);
    session.create("Postroom").unwrap();
    for mail in &mails {
        session.append("Postroom", &[], None, mail.as_bytes()).unwrap();
    }
    let bytes: usize = mails.iter().map(String::len).sum();
    println!("{}: {} mails, {:.1} KiB", bomb.name, mails.len(), bytes as f64 / 1024.0);
    let port = server.endpoint(bomb.name, Security::Plain).port.to_string();
    let mut reader = Command::new(std::env::current_exe().unwrap());
    reader.args([&records.to_string(), bomb.name, &port]).arg(dir.path());
    if brief() {
        reader.arg("--brief");
    }
    reader.status().unwrap().success()
}

/// Reads what was put into the folder.
fn read(bomb: &Bomb, port: u16, dir: &Path) -> bool {
    let endpoint = Endpoint {
        host: "localhost".to_owned(),
        port,
        security: Security::Plain,
        user: bomb.name.to_owned(),
        secret: Secret::Clear(PASSWORD.to_owned()),
        auth: Auth::Password,
        ca_file: None,
        timeout: 20,
    };
    let session = Session::open(&endpoint, PASSWORD, &Waker::new().unwrap()).unwrap();
    let mut client = Client::open(dir, desk::author("alice"), session, u64::MAX / 4);
    let (begun, stored) = (status("VmRSS:"), size(dir));
    let watch = Watch::start();
    client.sync();
    let taken = watch.to_string();
    let watch = Watch::start();
    let op = Known::Tag { add: [Tag::new("mine").unwrap()].into(), remove: Default::default() };
    let on = vec![Target::on(MessageId::new(&id(0)).unwrap())];
    let _ = client.store.commit(vec![NewOperation::new(op, on)]).unwrap();
    let tag = watch.elapsed().as_secs_f64();
    let watch = Watch::start();
    client.store.log(&LogFilter { conversation: None, before: None, limit: 50 }).unwrap();
    let log = watch.elapsed().as_secs_f64();
    println!("  read in {taken}; then a tag in {tag:.3} s, the last 50 entries of the log in {log:.3} s");
    let memory = within("memory", status("VmHWM:") - begun, bomb.peak);
    within("store", (size(dir) - stored) / MIB, bomb.growth) && memory
}

/// Somebody's snapshot says that it covers every mail there will ever be, and that it is old: nothing may be removed for it, and
/// nothing written again and again.
fn false_snapshot(server: &Dovecot) -> bool {
    let user = FALSE_SNAPSHOT;
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
    println!("  {what}: {found:.1} MiB of at most {bound:.1}{}", if held { "" } else { " BROKEN" });
    held
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
