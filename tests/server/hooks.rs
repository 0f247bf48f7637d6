//! Hooks of the config: what runs, how often, and what is told, with the real program; in the team on a real Dovecot.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use crate::environment::Environment;
use crate::support::dovecot::Dovecot;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

/// The sample inbox has a config of its own.
fn config(env: &Environment) -> PathBuf {
    let own = env.path("store/config.toml");
    if own.exists() { own } else { env.path("home/.config/postroom/config.toml") }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Writes a program that keeps what it reads, and fails while there is a file `broken`.
fn collector(env: &Environment) -> String {
    let text = "#!/bin/sh\nif [ -e \"$TMPDIR/broken\" ]; then echo out of paper >&2; exit 3; fi\ncat >>\"$TMPDIR/collected\"\n";
    let path = env.write("collect", text);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

fn collected(env: &Environment) -> Vec<Value> {
    lines(&std::fs::read_to_string(env.path("collected")).unwrap_or_default())
}

/// Adds a hook that collects.
fn add_hook(env: &Environment, lines: &str) {
    let file = config(env);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n[hook.collect]\nrun = [\"{}\"]\n{lines}\n", collector(env))).unwrap();
}

fn first(env: &Environment, query: &str) -> String {
    lines(&env.run(&["list", query, "--json"]).stdout)[0]["id"].as_str().unwrap().to_owned()
}

fn sync(env: &Environment) -> crate::environment::Said {
    env.run(&["sync"])
}

#[test]
fn a_hook_gets_what_happens_from_now_on_once() {
    let env = Environment::demo();
    add_hook(&env, "on = [\"assigned\", \"closed\", \"mention\"]");
    let said = sync(&env);
    assert_eq!((said.status, collected(&env).len()), (0, 0), "what was before is no event: {said}");
    let id = first(&env, "status:open is:unassigned");
    for args in [["assign", "me", &id], ["note", "Look, @bob", &id], ["tag", "x", &id], ["status", "closed", &id]] {
        assert_eq!(env.run(&args).status, 0);
    }
    assert_eq!(sync(&env).status, 0);
    let got = collected(&env);
    let seen: Vec<&str> = got.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(seen, ["assigned", "mention", "closed"], "{got:?}");
    assert_eq!(
        (got[0]["conversation"]["id"].as_str(), got[0]["op"]["to"].as_str()),
        (Some(id.as_str()), Some("alice"))
    );
    assert_eq!((got[0]["actor"].as_str(), got[0]["hook"].as_str()), (Some("alice"), Some("collect")));
    assert_eq!(sync(&env).status, 0);
    assert_eq!(collected(&env).len(), 3, "nothing is run twice");
}

#[test]
fn what_was_taken_back_or_does_not_answer_the_query_is_no_event() {
    let env = Environment::demo();
    add_hook(&env, "on = [\"assigned\", \"closed\"]\nquery = \"assignee:me\"");
    assert_eq!(sync(&env).status, 0);
    let id = first(&env, "status:open is:unassigned");
    assert_eq!(env.run(&["status", "closed", &id]).status, 0);
    assert_eq!(env.run(&["assign", "me", &id]).status, 0);
    assert_eq!(env.run(&["undo"]).status, 0);
    assert_eq!(sync(&env).status, 0);
    assert_eq!(collected(&env), [] as [Value; 0]);
}

#[test]
fn a_hook_that_fails_is_told_and_stands_in_the_status_until_it_ends_well() {
    let env = Environment::demo();
    add_hook(&env, "on = \"assigned\"");
    assert_eq!(sync(&env).status, 0);
    env.write("broken", "");
    let id = first(&env, "status:open is:unassigned");
    assert_eq!(env.run(&["assign", "me", &id]).status, 0);
    let mut told = sync(&env).to_string();
    told.push_str(&env.run(&["sync", "--status"]).to_string());
    told.push_str(&env.run(&["sync", "--status", "--json"]).to_string());
    insta::assert_snapshot!(told);
    std::fs::remove_file(env.path("broken")).unwrap();
    assert_eq!(sync(&env).status, 0);
    assert_eq!(collected(&env).len(), 0, "what failed is not run again");
    assert_eq!(env.run(&["assign", "bob", &id]).status, 0);
    assert_eq!(sync(&env).status, 0);
    assert_eq!((collected(&env).len(), env.run(&["sync", "--status"]).status), (1, 0));
}

#[test]
fn mistakes_in_a_hook_are_told_with_line_and_remedy() {
    let env = Environment::demo();
    let text = "[me]\nhandle = \"alice\"\n\n[hook.one]\non = [\"opened\"]\nrun = \"'x\"\nonce = \"twice\"\nquery = \"status:opne\"\n\n\
                [hook.\"t w o\"]\ntimeout = 0\n";
    std::fs::write(config(&env), text).unwrap();
    insta::assert_snapshot!(env.run(&["config", "check"]));
}

#[test]
fn a_watcher_runs_hooks_while_others_work_and_a_program_of_it_ends_with_it() {
    let env = Environment::demo();
    let file = config(&env);
    let program = env.write("slow", "#!/bin/sh\necho $$ >\"$TMPDIR/number.half\"\nmv \"$TMPDIR/number.half\" \"$TMPDIR/number\"\nread x <\"$TMPDIR/pipe\"\nsleep 600\n");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700)).unwrap();
    let made = std::process::Command::new("mkfifo").arg(env.path("pipe")).status().unwrap();
    assert!(made.success());
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}\n[hook.slow]\non = \"assigned\"\nrun = \"{}\"\n", program.display()))
        .unwrap();
    assert_eq!(sync(&env).status, 0);
    let id = first(&env, "status:open is:unassigned");
    let mut watcher = env.command(&["sync", "--watch"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(watcher.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert_eq!(env.run(&["assign", "me", &id]).status, 0);
    // The program reads from the pipe: whoever can write to it knows that it runs.
    std::fs::write(env.path("pipe"), "go\n").unwrap();
    let number: i32 = std::fs::read_to_string(env.path("number")).unwrap().trim().parse().unwrap();
    kill_process(Pid::from_child(&watcher), Signal::TERM).unwrap();
    assert_eq!(watcher.wait().unwrap().code(), Some(0));
    while rustix::process::test_kill_process(Pid::from_raw(number).unwrap()).is_ok() {
        std::thread::yield_now();
    }
    let status = env.run(&["sync", "--status"]);
    assert!(status.status == 3 && status.stdout.contains("postroom ended while it ran"), "{status}");
}

/// A person at the mailbox of the team, with a hook that is run once in the team.
fn person(server: &Dovecot, agent: &str, number: u64) -> Environment {
    let env = Environment::of_person(number);
    let made = env.init(agent, server.imaps, &server.certificate());
    assert_eq!(made.status, 0, "{made}");
    add_hook(&env, "on = [\"new\", \"closed\"]\nonce = \"team\"");
    let said = sync(&env);
    assert_eq!(said.status, 0, "{said}");
    env
}

#[test]
fn of_two_clients_one_runs_what_is_once_in_the_team() {
    let Some(server) = Dovecot::start() else { return };
    let deliver = |n: u32| {
        let mail = format!(
            "From: Carol {n} <carol{n}@example.org>\nTo: team@example.com\nSubject: Question {n}\nMessage-ID: <{n}@example.org>\n\nBody {n}\n"
        );
        server.deliver("team", "INBOX", &mail);
    };
    let people = [person(&server, "alice", 1), person(&server, "bob", 2)];
    for round in 0..4 {
        deliver(round * 2);
        deliver(round * 2 + 1);
        // Both at once, then once more, for what waited for its claim.
        let both: Vec<_> = people
            .iter()
            .map(|env| env.command(&["sync"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
            .collect();
        both.into_iter().for_each(|mut child| assert_eq!(child.wait().unwrap().code(), Some(0)));
        people.iter().for_each(|env| assert_eq!(sync(env).status, 0));
    }
    let all: Vec<Value> = people.iter().flat_map(collected).collect();
    let mut new: Vec<&str> = all.iter().map(|line| line["message"].as_str().unwrap()).collect();
    new.sort_unstable();
    let wanted: Vec<String> = (0..8).map(|n| format!("{n}@example.org")).collect();
    assert_eq!(new, wanted, "each once, by whichever of them");
    // What one of them closes, both see, and one runs.
    let id = first(&people[0], "subject:\"Question 1\"");
    assert_eq!(people[0].run(&["status", "closed", &id]).status, 0);
    people.iter().for_each(|env| assert_eq!(sync(env).status, 0));
    people.iter().for_each(|env| assert_eq!(sync(env).status, 0));
    let closed = people.iter().flat_map(collected).filter(|line| line["event"] == "closed").count();
    assert_eq!(closed, 1);
}
