use crate::environment::Environment;

const WHAT: &str = "tag:press is:unassigned";

#[test]
fn a_dry_run_of_an_erasure_lists_what_would_go_and_where_it_stands_and_changes_nothing() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["erase", WHAT, "--dry-run"]));
    insta::assert_snapshot!(env.run(&["erase", WHAT, "--dry-run", "--json"]));
    assert_ne!(env.run(&["count", WHAT]).stdout.trim(), "0");
}

#[test]
fn nothing_is_erased_without_yes_and_with_it_all_that_was_listed() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["erase", WHAT]));
    assert_ne!(env.run(&["count", WHAT]).stdout.trim(), "0");
    let said = env.run(&["erase", WHAT, "--yes"]);
    insta::assert_snapshot!(said);
    assert_eq!(env.run(&["count", WHAT]).stdout.trim(), "0");
    assert_eq!(env.run(&["erase", WHAT, "--yes"]).status, 1);
    let erased = env.run(&["log", "-n", "1", "--format", "ids"]).stdout;
    let undone = env.run(&["undo", erased.trim()]);
    assert_eq!(undone.status, 4, "it can't be taken back: {undone}");
    let log = env.run(&["log", "-n", "1"]).stdout;
    assert!(log.contains("erased the words of"), "{log}");
}
