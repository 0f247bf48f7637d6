//! `watch` and `log --follow`: every event once, whenever a process ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::environment::{Environment, Said};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text<'v>(line: &'v Value, key: &str) -> &'v str {
    line[key].as_str().unwrap_or_else(|| panic!("no {key} in {line}"))
}

/// What a watch said: event and title of each line.
fn events(said: &Said) -> Vec<String> {
    let short =
        |line: &Value| format!("{} {}", text(line, "event"), line["conversation"]["title"].as_str().unwrap_or("-"));
    lines(&said.stdout).iter().map(short).collect()
}

fn last_cursor(said: &Said) -> String {
    text(lines(&said.stdout).last().unwrap(), "cursor").to_owned()
}

fn ids(env: &Environment, query: &str) -> Vec<String> {
    let said = env.run(&["list", query, "--json"]);
    lines(&said.stdout).iter().map(|line| text(line, "id").to_owned()).collect()
}

/// A process that goes on, and what it prints.
struct Follower {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Follower {
    fn start(env: &Environment, args: &[&str]) -> Self {
        let mut child = env.command(args).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        assert!(self.out.read_line(&mut line).unwrap() > 0, "it ended");
        serde_json::from_str(&line).unwrap()
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Kills it, and returns the whole lines that it printed before.
    fn killed(mut self) -> Vec<Value> {
        self.signal(Signal::KILL);
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        self.child.wait().unwrap();
        lines(rest.rsplit_once('\n').map_or("", |(whole, _)| whole))
    }
}

#[test]
fn what_enters_changes_and_leaves_is_told_once_behind_a_cursor() {
    let env = Environment::demo();
    let id = ids(&env, "status:open -tag:recall").remove(0);
    let begun = env.run(&["watch", "tag:seen", "--once"]);
    assert_eq!((begun.status, events(&begun)), (0, vec!["begins -".to_owned()]), "{begun}");
    let mut cursor = last_cursor(&begun);
    let nothing = env.run(&["watch", "tag:seen", "--once", "--after", &cursor]);
    assert_eq!((nothing.status, nothing.stdout.as_str()), (1, ""), "{nothing}");
    let mut told = String::new();
    for tags in ["seen", "later", "-seen", "late"] {
        assert_eq!(env.run(&["tag", tags, "--", &id]).status, 0);
        let behind = env.run(&["watch", "tag:seen", "--once", "--after", &cursor]);
        told.push_str(&format!("{tags}\n{behind}"));
        if behind.status == 0 {
            // Asked again behind the same cursor, it says the same.
            assert_eq!(env.run(&["watch", "tag:seen", "--once", "--after", &cursor]).stdout, behind.stdout);
            cursor = last_cursor(&behind);
        }
    }
    insta::assert_snapshot!(told);
}

#[test]
fn whoever_is_killed_between_two_lines_loses_none_and_gets_none_twice() {
    let env = Environment::demo();
    let begun = last_cursor(&env.run(&["watch", "is:any", "--once"]));
    let all = ids(&env, "is:active");
    let (mut cursor, mut got) = (begun.clone(), Vec::new());
    for (round, id) in all.iter().take(6).enumerate() {
        // Something happens while nobody reads, and while somebody does.
        assert_eq!(env.run(&["tag", &format!("a{round}"), id]).status, 0);
        let mut follower = Follower::start(&env, &["watch", "is:any", "--after", &cursor]);
        let first = follower.line();
        assert_eq!(env.run(&["tag", &format!("b{round}"), id]).status, 0);
        let mut read = vec![first];
        read.extend(follower.killed());
        cursor = text(read.last().unwrap(), "cursor").to_owned();
        got.extend(read);
    }
    got.extend(lines(&env.run(&["watch", "is:any", "--once", "--after", &cursor]).stdout));
    let whole = lines(&env.run(&["watch", "is:any", "--once", "--after", &begun]).stdout);
    let key =
        |line: &Value| (text(line, "cursor").to_owned(), text(line, "event").to_owned(), text(line, "id").to_owned());
    assert_eq!(got.iter().map(key).collect::<Vec<_>>(), whole.iter().map(key).collect::<Vec<_>>());
    assert!(whole.len() >= 6, "{whole:?}");
}

#[test]
fn a_file_keeps_the_cursor_and_its_loss_begins_anew() {
    let env = Environment::demo();
    let file = env.path("cursor");
    let watch = |query: &str| env.run(&["watch", query, "--once", "--state", file.to_str().unwrap()]);
    assert_eq!(events(&watch("tag:seen")), ["begins -"]);
    let id = ids(&env, "status:open").remove(0);
    assert_eq!(env.run(&["tag", "seen", &id]).status, 0);
    assert!(events(&watch("tag:seen"))[0].starts_with("enters "));
    assert_eq!(watch("tag:seen").status, 1);
    insta::assert_snapshot!(watch("tag:other"));
    std::fs::write(&file, "nonsense\n").unwrap();
    assert_eq!(watch("tag:seen").status, 2);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(events(&watch("tag:seen")), ["begins -"]);
    let all = env.run(&["watch", "tag:seen", "--all", "-n", "2"]);
    assert_eq!(events(&all).len(), 2, "{all}");
    assert!(events(&all)[1].starts_with("enters "), "{all}");
}

#[test]
fn a_watch_hears_of_other_processes_and_ends_well_at_a_signal() {
    let env = Environment::demo();
    let id = ids(&env, "status:open").remove(0);
    let mut follower = Follower::start(&env, &["watch", "tag:seen"]);
    assert_eq!(text(&follower.line(), "event"), "begins");
    assert_eq!(env.run(&["tag", "seen", &id]).status, 0);
    assert_eq!(text(&follower.line(), "id"), id);
    follower.signal(Signal::TERM);
    assert_eq!(follower.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_query_that_asks_for_the_time_tells_what_time_brings() {
    let env = Environment::demo();
    let before = ids(&env, "newer:1d").len();
    let cursor = last_cursor(&env.run(&["watch", "newer:1d", "--once"]));
    let mut later = env.command(&["watch", "newer:1d", "--once", "--after", &cursor]);
    later.env("POSTROOM_CLOCK", "2026-12-15T00:00:00Z");
    let told = env.run_with(later, "");
    assert!(before > 0);
    assert_eq!(events(&told).iter().filter(|event| event.starts_with("leaves ")).count(), before, "{told}");
}

/// Writes a program that keeps what it reads, and fails as often as the file `failures` says.
fn collector(env: &Environment) -> String {
    use std::os::unix::fs::PermissionsExt;
    let path = env.write(
        "collect",
        "#!/bin/sh\nn=$(cat \"$TMPDIR/failures\")\nif [ \"$n\" -gt 0 ]; then echo $((n-1)) >\"$TMPDIR/failures\"; echo broken >&2; exit 3; fi\n\
         cat >>\"$TMPDIR/collected\"\n",
    );
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    env.write("failures", "0");
    path.to_str().unwrap().to_owned()
}

fn collected(env: &Environment) -> Vec<Value> {
    lines(&std::fs::read_to_string(env.path("collected")).unwrap_or_default())
}

#[test]
fn a_command_gets_each_event_and_is_tried_again_and_then_set_aside() {
    let env = Environment::demo();
    let command = collector(&env);
    let watch = |more: &[&str]| {
        let mut args = vec!["watch", "tag:seen", "--exec", &command, "--pause", "0", "--tries", "3"];
        args.extend(more);
        env.run(&args)
    };
    assert_eq!(events(&watch(&["--once"])), ["begins -"]);
    let all = ids(&env, "status:open");
    let tag = |id: &str| assert_eq!(env.run(&["tag", "seen", id]).status, 0);
    tag(&all[0]);
    env.write("failures", "2");
    let said = watch(&["--once"]);
    assert_eq!((said.status, lines(&said.stdout)[0]["tries"].as_u64()), (0, Some(3)), "{said}");
    assert_eq!(collected(&env).len(), 1);
    assert_eq!(text(&collected(&env)[0], "id"), all[0]);
    tag(&all[1]);
    tag(&all[2]);
    // The first fails as often as it may, the next goes on.
    env.write("failures", "3");
    let said = watch(&["--once"]);
    insta::assert_snapshot!(said.stderr);
    let lines = lines(&said.stdout);
    assert_eq!(lines[0]["aside"].as_str(), Some("it ended with status 3: broken"), "{said}");
    assert_eq!(text(collected(&env).last().unwrap(), "id"), all[2]);
    env.write("failures", "1");
    let failing = watch(&["--retry"]);
    assert_eq!((failing.status, failing.stdout.contains("\"tries\":4")), (4, true), "{failing}");
    let well = watch(&["--retry"]);
    assert_eq!(well.status, 0, "{well}");
    assert_eq!(text(collected(&env).last().unwrap(), "id"), all[1]);
    assert_eq!(watch(&["--retry"]).status, 1, "nothing is set aside any more");
    assert_eq!(watch(&["--once"]).status, 1, "and nothing is run twice");
}

#[test]
fn two_processes_do_not_run_one_command_for_the_same_events() {
    let env = Environment::demo();
    let command = collector(&env);
    let mut first = Follower::start(&env, &["watch", "tag:seen", "--exec", &command]);
    assert_eq!(text(&first.line(), "event"), "begins");
    insta::assert_snapshot!(env.run(&["watch", "tag:seen", "--exec", &command]));
    first.killed();
    assert_eq!(env.run(&["watch", "tag:seen", "--exec", &command, "--once"]).status, 1);
}

#[test]
fn a_command_that_cant_be_read_and_a_query_that_cant_be_are_told() {
    let env = Environment::demo();
    insta::assert_snapshot!(format!(
        "{}{}{}",
        env.run(&["watch", "tag:seen", "--exec", "'open"]),
        env.run(&["watch", "status:opne"]),
        env.run(&["watch", "tag:seen", "--after", "x-1-2"]),
    ));
}

#[test]
fn the_log_is_followed_with_filters_and_each_record_comes_once() {
    let env = Environment::demo();
    let id = ids(&env, "status:open").remove(0);
    let none = env.run(&["log", "--follow", "--once", "--json"]);
    assert_eq!(none.status, 1, "it begins behind what is there: {none}");
    let mut follower = Follower::start(&env, &["log", "--follow", "--json", "--kind", "tag", "--since", "2026-11-22"]);
    // What was done since then comes first.
    for (args, wanted) in
        [(["tag", "seen", &id], true), (["status", "waiting", &id], false), (["tag", "late", &id], true)]
    {
        assert_eq!(env.run(&args).status, 0);
        if wanted {
            let line = std::iter::repeat_with(|| follower.line()).find(|line| line["op"]["add"][0] == args[1]);
            assert!(line.unwrap()["cursor"].is_string());
        }
    }
    follower.signal(Signal::TERM);
    assert_eq!(follower.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_file_keeps_how_far_the_log_was_followed() {
    let env = Environment::demo();
    let file = env.path("cursor");
    let follow = |more: &[&str]| {
        let mut args = vec!["log", "--follow", "--once", "--json", "--state", file.to_str().unwrap()];
        args.extend(more);
        env.run(&args)
    };
    assert_eq!(follow(&[]).status, 1);
    let all = ids(&env, "status:open");
    for id in &all[..3] {
        assert_eq!(env.run(&["tag", "seen", id]).status, 0);
    }
    let first = follow(&["-n", "1"]);
    let rest = follow(&[]);
    assert_eq!((lines(&first.stdout).len(), lines(&rest.stdout).len()), (1, 2), "{first}{rest}");
    assert_eq!(follow(&[]).status, 1);
    std::fs::write(&file, "ffff-1\n").unwrap();
    insta::assert_snapshot!(follow(&[]));
}

#[test]
fn the_log_is_filtered_by_agent_kind_time_and_conversation() {
    let env = Environment::demo();
    let id = ids(&env, "status:open").remove(0);
    assert_eq!(env.run(&["tag", "seen", &id]).status, 0);
    let count = |args: &[&str]| {
        let mut all = vec!["log", "--json"];
        all.extend(args);
        lines(&env.run(&all).stdout).len()
    };
    let all = count(&[]);
    let of = |actor: &str| count(&["--actor", actor]);
    let tags = lines(&env.run(&["log", "--json", "--kind", "tag"]).stdout);
    assert!(tags.iter().all(|line| text(line, "operation") == "tag") && !tags.is_empty() && tags.len() < all);
    assert!(of("me") > 0 && of("me") < all && of("nobody-here") == 0);
    assert_eq!(count(&["--since", "1min", "--actor", "me"]), 1);
    assert_eq!(count(&["--conversation", &id]), count(&[&id]));
    assert_eq!(env.run(&["log", "--since", "soon"]).status, 2);
}
