//! Clients are killed at random moments of commit, push and pull of the team's log on a real Dovecot.

use std::path::Path;
use std::time::Duration;

use postroom::config::{Auth, Endpoint, Secret, Security};
use postroom::model::agent::TeamRecord;
use postroom::model::clock::Timestamp;
use postroom::model::ids::{MessageId, OpId};
use postroom::op::operation::{Known, Target};
use postroom::op::record::{NewOperation, Record};
use postroom::store::Store;
use postroom::sync::imap::{Session, Waker};

use super::support::client::Client;
use super::support::desk;
use super::support::servers::dovecot::Dovecot;
use super::{Plan, Tally, compare, process, remember, remembered};

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

/// Works until it is killed.
pub fn child(arguments: &[String]) {
    let dir = Path::new(&arguments[0]);
    let mut client = open(dir, arguments[1].parse().unwrap(), arguments[2].parse().unwrap());
    for turn in 0usize.. {
        let made = client.store.commit(vec![operation(turn, client.store.author().clock.now())]).unwrap();
        remember(dir, made.records.iter().map(|record| record.id.to_string()));
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

pub fn run(plan: &Plan) -> Option<Tally> {
    let server = Dovecot::start()?;
    let dir = tempfile::tempdir().unwrap();
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let mut tally = Tally::default();
    let folder = |n: usize| dir.path().join(n.to_string());
    let spawn = |n: usize| process("log", &[folder(n).to_str().unwrap(), &n.to_string(), &server.imap.to_string()]);
    (0..CLIENTS).for_each(|n| std::fs::create_dir(folder(n)).unwrap());
    let mut children: Vec<_> = (0..CLIENTS).map(spawn).collect();
    for killed in 0..plan.runs {
        std::thread::park_timeout(Duration::from_millis(random.u64(30..250)));
        let n = killed % CLIENTS;
        if let Some(status) = children[n].try_wait().unwrap() {
            tally.wrong.push(format!("client {n} ended by itself: {status}"));
        }
        let _ = children[n].kill();
        children[n].wait().unwrap();
        children[n] = spawn(n);
    }
    for child in &mut children {
        let _ = child.kill();
        child.wait().unwrap();
    }
    (tally.runs, tally.faults) = (plan.runs, plan.runs);
    let mut clients: Vec<Client> = (0..CLIENTS).map(|n| open(&folder(n), n, server.imap)).collect();
    for _ in 0..2 {
        clients.iter_mut().for_each(Client::sync);
    }
    let first = order(&clients[0].store);
    let ids: Vec<String> = first.iter().map(|(_, id)| id.clone()).collect();
    compare(&ids, &[], &mut tally);
    for (n, Client { store, .. }) in clients.iter().enumerate() {
        if order(store) != first {
            tally.wrong.push(format!("client {n} has another log than the first"));
        }
        if !store.unpushed(1).unwrap().is_empty() {
            tally.wrong.push(format!("client {n} has records that are not on the server"));
        }
        tally.lost += remembered(&folder(n)).iter().filter(|id| !ids.contains(id)).count();
    }
    Some(tally)
}
