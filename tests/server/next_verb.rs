//! Claims by many processes at once on a real Dovecot: each conversation has one owner, and every loser is told by the process that lost.
//!
//! `POSTROOM_TEST_ROUNDS` says how often each race is run; once unless said.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::environment::Environment;
use crate::support::dovecot::Dovecot;

/// Processes of a race.
const PROCESSES: usize = 30;

fn rounds() -> usize {
    std::env::var("POSTROOM_TEST_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(1)
}

/// A server with so many mails, each from somebody else.
fn server(mails: usize) -> Option<Dovecot> {
    let server = Dovecot::start()?;
    let mut session = server.session("team");
    for n in 0..mails {
        let raw = format!(
            "From: Carol {n} <carol{n}@example.org>\r\nTo: team@example.com\r\nSubject: Question {n}\r\n\
             Message-ID: <{n}@example.org>\r\nDate: Sun, 22 Nov 2026 08:00:00 +0000\r\n\r\nBody {n}\r\n"
        );
        let _ = session.append("INBOX", &[], None, raw.as_bytes()).unwrap();
    }
    session.logout();
    Some(server)
}

/// A person with a store of their own, who has fetched the mail.
fn person(server: &Dovecot, agent: &str, number: u64) -> Environment {
    let env = Environment::of_person(number);
    assert_eq!(env.init(agent, server.imaps, &server.certificate()).status, 0);
    let file = env.path("home/.config/postroom/config.toml");
    let others = ["alice", "bob"].into_iter().filter(|other| *other != agent);
    let others: String = others.map(|other| format!("\n[agent.{other}]\nname = \"{other}\"\n")).collect();
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + &others).unwrap();
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    env
}

/// How a process of a race ended: its status, the conversations that it printed, what it said.
struct Ended {
    status: Option<i32>,
    ids: Vec<String>,
    said: String,
}

fn start(env: &Environment, args: &[&str]) -> Child {
    env.command(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn end(child: Child) -> Ended {
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let ids = text.lines().map(|line| line.split('@').next().unwrap().to_owned()).collect();
    Ended { status: output.status.code(), ids, said: String::from_utf8_lossy(&output.stderr).into_owned() }
}

/// A process that keeps a store in sync, as an open screen does.
fn watch(env: &Environment) -> Child {
    let mut child = env.command(&["sync", "--watch"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("connected") {
        line.clear();
        assert!(said.read_line(&mut line).unwrap() > 0, "it ended before it was connected");
    }
    // What it says further must not fill the pipe.
    std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
    child
}

#[test]
fn thirty_processes_of_one_agent_at_once_get_thirty_different_conversations() {
    let Some(server) = server(PROCESSES * rounds()) else { return };
    let alice = person(&server, "alice", 1);
    let mut all = BTreeSet::new();
    for round in 1..=rounds() {
        let running: Vec<Child> = (0..PROCESSES).map(|_| start(&alice, &["next", "--format", "ids"])).collect();
        for ended in running.into_iter().map(end) {
            assert_eq!((ended.status, ended.ids.len()), (Some(0), 1), "{}", ended.said);
            all.extend(ended.ids);
        }
        assert_eq!(all.len(), PROCESSES * round);
    }
    let none = alice.run(&["next"]);
    assert_eq!(none.status, 1, "{none}");
}

#[test]
fn two_agents_on_two_stores_never_get_the_same_and_the_loser_gets_the_next() {
    let mails = PROCESSES * rounds();
    let Some(server) = server(mails) else { return };
    let people = [person(&server, "alice", 1), person(&server, "bob", 2)];
    let mut owners: [BTreeSet<String>; 2] = Default::default();
    for _ in 0..rounds() {
        let running: Vec<(usize, Child)> = (0..PROCESSES)
            .map(|n| (n % 2, start(&people[n % 2], &["next", "--format", "ids", "--lease", "1h"])))
            .collect();
        for (who, child) in running {
            let ended = end(child);
            assert_eq!((ended.status, ended.ids.len()), (Some(0), 1), "{}", ended.said);
            assert!(owners[who].insert(ended.ids[0].clone()), "{} was handed out twice", ended.ids[0]);
        }
    }
    assert_eq!(owners[0].intersection(&owners[1]).count(), 0);
    assert_eq!(owners[0].len() + owners[1].len(), mails);
    for env in &people {
        assert_eq!(env.run(&["sync"]).status, 0);
        for (agent, ids) in ["alice", "bob"].iter().zip(&owners) {
            let of_agent = env.run(&["list", &format!("assignee:{agent}"), "--format", "ids"]).stdout;
            let of_agent: BTreeSet<String> =
                of_agent.lines().map(|id| id.split('@').next().unwrap().to_owned()).collect();
            assert_eq!(&of_agent, ids, "{agent}");
        }
    }
}

#[test]
fn two_workers_of_one_agent_on_two_stores_never_get_the_same() {
    let Some(server) = server(6) else { return };
    let stores = [person(&server, "alice", 1), person(&server, "alice", 2)];
    let running: Vec<Child> = (0..6).map(|n| start(&stores[n % 2], &["next", "--format", "ids"])).collect();
    let ended: Vec<Ended> = running.into_iter().map(end).collect();
    let ids: BTreeSet<&String> = ended.iter().flat_map(|ended| &ended.ids).collect();
    assert!(ended.iter().all(|ended| ended.status == Some(0)));
    assert_eq!(ids.len(), 6);
}

#[test]
fn of_two_who_claim_one_the_loser_is_told_by_its_own_process_also_beside_a_watcher() {
    let Some(server) = server(2 * rounds()) else { return };
    let people = [person(&server, "alice", 1), person(&server, "bob", 2)];
    let mut watchers: Vec<Child> = people.iter().map(watch).collect();
    for round in 0..rounds() {
        for (n, verb) in [["assign", "me"].as_slice(), ["next", "--id"].as_slice()].into_iter().enumerate() {
            let subject = format!("subject:\"Question {}\"", 2 * round + n);
            let found = people[0].run(&["list", &subject, "--format", "ids"]).stdout;
            let id = found.split('@').next().unwrap().to_owned();
            let args: Vec<&str> = verb.iter().copied().chain([id.as_str(), "--wait"]).collect();
            let running: Vec<Child> = people.iter().map(|env| start(env, &args)).collect();
            let ended: Vec<Ended> = running.into_iter().map(end).collect();
            let mut ends: Vec<Option<i32>> = ended.iter().map(|ended| ended.status).collect();
            ends.sort();
            let said: Vec<&str> = ended.iter().map(|ended| ended.said.as_str()).collect();
            assert_eq!(ends, [Some(0), Some(4)], "{args:?}: {said:?}");
            let loser = ended.iter().find(|ended| ended.status == Some(4)).unwrap();
            assert!(!loser.said.is_empty(), "{args:?}");
        }
    }
    for watcher in &mut watchers {
        watcher.kill().unwrap();
        watcher.wait().unwrap();
    }
}
