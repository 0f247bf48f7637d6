//! Kills clients with SIGKILL at random moments of push and pull against a real Dovecot; at the end nothing is lost, nothing counts
//! twice, and all stores agree.
//!
//! `cargo run --release --example fault_log -- [KILLS]`, 200 unless said; 5 with `--brief`.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout)]

mod support;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use postroom::config::{Auth, Endpoint, Secret, Security};
use postroom::model::agent::TeamRecord;
use postroom::model::clock::Timestamp;
use postroom::model::ids::{MessageId, OpId};
use postroom::op::operation::{Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::store::Store;
use postroom::sync::imap::{Session, Waker};
use support::client::Client;
use support::desk;
use support::servers::dovecot::Dovecot;
use support::times::number;

const CLIENTS: usize = 3;

fn open(dir: &Path, n: usize, port: u16) -> Client {
    // Compacted often, so that snapshots are killed too.
    Client::open(dir, desk::author(&format!("agent{n}")), session(port), 60)
}

fn session(port: u16) -> Session {
    let endpoint = Endpoint {
        host: "localhost".into(),
        port,
        security: Security::Plain,
        user: "team".into(),
        secret: Secret::Clear("pass".into()),
        auth: Auth::Password,
        ca_file: None,
        timeout: 20,
    };
    Session::open(&endpoint, "pass", &Waker::new().unwrap()).unwrap()
}

/// What is done in a turn. Of the last kind all clients make records of the same ids, which say something else with each of them.
fn operation(turn: usize, now: Timestamp) -> NewOperation {
    let on = MessageId::new(&format!("m{}@fault.example", turn % 20)).unwrap();
    let (until, over) = (now.plus(60_000), None);
    let about = |op| NewOperation::new(op, vec![Target::on(on.clone())]);
    match turn % 6 {
        0 | 1 => about(Known::Title { text: format!("turn {turn}") }),
        2 => about(Known::Lease { worker: format!("box/{turn}"), until, over }),
        3 => NewOperation::new(Known::Runner { host: "box".into(), until, over }, Vec::new()),
        4 => NewOperation::new(Known::Team(TeamRecord::default()), Vec::new()),
        _ => {
            let claim = Known::Claim { what: "mail".into(), key: format!("turn {turn}"), over };
            NewOperation::new(claim, Vec::new()).with_id(OpId::derived(&format!("turn {turn}"), &on))
        }
    }
}

/// Works until it is killed. What was committed is written down afterwards, as a person would remember it.
fn work(dir: &Path, n: usize, port: u16) {
    let mut client = open(dir, n, port);
    let mut remembered = std::fs::File::options().create(true).append(true).open(dir.join("remembered")).unwrap();
    for turn in 0usize.. {
        let made = client.store.commit(vec![operation(turn, client.store.author().clock.now())]).unwrap();
        let ids: String = made.records.iter().map(|record| format!("{}\n", record.id)).collect();
        remembered.write_all(ids.as_bytes()).unwrap();
        client.sync();
    }
}

/// The records in the order of the log: what each says, and its id.
fn order(store: &Store) -> Vec<(Record, String)> {
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = store.log_lines(&desk::account(), after, 500).unwrap();
        let Some(last) = page.last() else { return all };
        after = Some(last.place);
        all.extend(
            page.iter()
                .map(|line| Record::parse(&line.json).unwrap())
                .map(|record| (record.clone(), record.id.to_string())),
        );
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [verb, dir, n, port] = args.as_slice()
        && verb == "child"
    {
        return work(Path::new(dir), n.parse().unwrap(), port.parse().unwrap());
    }
    let kills = number(0, 200, 5);
    let Some(server) = Dovecot::start() else { return };
    let dir = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let me = std::env::current_exe().unwrap();
    let mut killed = 0;
    let spawn = |n: usize| {
        Command::new(&me)
            .args(["child", dir.path().join(n.to_string()).to_str().unwrap(), &n.to_string(), &server.imap.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut children: Vec<_> = (0..CLIENTS).map(spawn).collect();
    while killed < kills {
        std::thread::park_timeout(Duration::from_millis(fastrand::u64(30..250)));
        let n = killed % CLIENTS;
        assert!(children[n].try_wait().unwrap().is_none(), "client {n} ended by itself");
        children[n].kill().unwrap();
        children[n].wait().unwrap();
        children[n] = spawn(n);
        killed += 1;
    }
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut clients: Vec<Client> =
        (0..CLIENTS).map(|n| open(&dir.path().join(n.to_string()), n, server.imap)).collect();
    for _ in 0..2 {
        clients.iter_mut().for_each(Client::sync);
    }
    let first = order(&clients[0].store);
    let unique: BTreeSet<&String> = first.iter().map(|(_, id)| id).collect();
    assert_eq!(unique.len(), first.len(), "nothing counts twice");
    let mut remembered = 0;
    for (n, Client { store, .. }) in clients.iter().enumerate() {
        assert_eq!(order(store), first, "all stores agree");
        assert!(store.unpushed(1).unwrap().is_empty(), "everything is on the server");
        let ids = std::fs::read_to_string(dir.path().join(n.to_string()).join("remembered")).unwrap_or_default();
        for id in ids.lines() {
            remembered += 1;
            assert!(unique.contains(&id.to_owned()), "{id} is lost");
        }
    }
    println!(
        "{killed} kills in {:.1} s: {} records, {remembered} remembered by their clients; nothing lost, nothing twice, {CLIENTS} stores equal",
        begun.elapsed().as_secs_f64(),
        first.len()
    );
}
