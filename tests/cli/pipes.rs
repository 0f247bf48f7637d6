use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::environment::Environment;

#[test]
fn ids_go_from_one_command_to_the_next() {
    let env = Environment::demo();
    let ids = env.run(&["list", "tag:press", "--format", "ids"]);
    let count = ids.stdout.lines().count();
    assert!(count > 1, "{ids}");
    assert_eq!(env.pipe(&["assign", "carol", "-"], &ids.stdout).status, 0);
    let said = env.run(&["count", "tag:press assignee:carol"]);
    assert_eq!(said.stdout.trim(), count.to_string());
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let env = Environment::demo();
    let mut child =
        env.command(&["show", "is:any", "--json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(first.starts_with("{\"schema\":\"postroom/1\""), "{first}");
}

#[test]
fn the_screen_is_not_opened_without_a_terminal() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&[]));
}
