use std::collections::BTreeSet;
use std::process::Stdio;

use crate::environment::Environment;

#[test]
fn processes_of_one_agent_at_once_get_different_conversations() {
    let env = Environment::demo();
    let free = env.run(&["next", "--peek", "--count", "1000", "--format", "ids"]).stdout.lines().count();
    let running: Vec<_> = (0..free + 3)
        .map(|_| {
            let mut command = env.command(&["next", "--format", "ids"]);
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let (mut ids, mut ends) = (BTreeSet::new(), Vec::new());
    for one in running {
        let output = one.wait_with_output().unwrap();
        ends.push(output.status.code());
        let said = String::from_utf8(output.stdout).unwrap();
        ids.extend(said.lines().map(|id| id.split('@').next().unwrap().to_owned()));
    }
    assert!(free > 3, "{free}");
    assert_eq!(ids.len(), free);
    assert_eq!(ends.iter().filter(|end| **end == Some(0)).count(), free);
    assert_eq!(ends.iter().filter(|end| **end == Some(1)).count(), 3, "what there is none of ends with 1");
}

#[test]
fn a_lease_is_seen_by_colleagues_given_back_and_used_up() {
    let env = Environment::demo();
    let mut talk = String::new();
    let long: [&[&str]; 10] = [
        &["next", "--worker", "box/1", "--lease", "30m", "--json"],
        &["next", "--worker", "box/1", "--id", "ID"],
        &["next", "--worker", "box/2", "--id", "ID"],
        &["--agent", "bob", "next", "--worker", "box/3", "--id", "ID", "--json"],
        &["--agent", "bob", "list", "id:ID"],
        &["--agent", "bob", "next", "--release", "ID"],
        &["next", "--release", "--worker", "box/1"],
        &["next", "--release", "--worker", "box/1"],
        &["next", "--release"],
        &["next", "--lease", "2w"],
    ];
    let mut id = String::new();
    for args in long {
        let args: Vec<String> = args.iter().map(|word| word.replace("ID", &id)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let said = env.run(&args);
        talk.push_str(&format!("$ {}\n{said}", args.join(" ")));
        if id.is_empty() {
            let taken: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
            id = taken["short"].as_str().unwrap().to_owned();
        }
    }
    insta::assert_snapshot!(talk);
}

#[test]
fn what_a_worker_left_behind_goes_to_the_next_one_when_its_time_is_over() {
    let env = Environment::demo();
    let first = env.run(&["next", "--worker", "box/1", "--lease", "1m", "--format", "ids"]).stdout;
    let mut command = env.command(&["--agent", "bob", "next", "--format", "ids"]);
    command.env("POSTROOM_CLOCK", "2026-11-22T09:30:00Z");
    let said = env.run_with(command, "");
    let id = |text: &str| text.split('@').next().unwrap().to_owned();
    assert_eq!((said.status, id(&said.stdout)), (0, id(&first)), "{said}");
}
