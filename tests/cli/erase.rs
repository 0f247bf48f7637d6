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

#[test]
fn an_erasure_of_a_note_alone_speaks_of_no_mails_and_what_is_left_of_it_reads_as_a_sentence() {
    let env = Environment::demo();
    let id = env.run(&["list", WHAT, "--format", "ids"]).stdout.lines().next().unwrap().to_owned();
    assert_eq!(env.run(&["note", "a word too many", &id]).status, 0);
    let note = env.run(&["log", "-n", "1", "--format", "ids"]).stdout;
    let said = env.run(&["erase", "--note", note.trim(), "--dry-run"]);
    assert!(said.stderr.contains("the words of one record would be erased") && !said.stderr.contains('0'), "{said}");
    let said = env.run(&["erase", "--note", note.trim(), "--yes"]);
    assert!(said.stderr.contains("erased here: the words of one record\n"), "{said}");
    let said = env.run(&["log", "-n", "2"]);
    assert!(said.stdout.contains("wrote a note that was erased") && !said.stdout.contains("convs"), "{said}");
    let said = env.run(&["show", &id]);
    assert!(said.stdout.contains("erased by") && !said.stdout.lines().any(|line| line.trim_end() == "##"), "{said}");
}

#[test]
fn a_note_that_is_erased_already_is_not_erased_again() {
    let env = Environment::demo();
    let id = env.run(&["list", WHAT, "--format", "ids"]).stdout.lines().next().unwrap().to_owned();
    assert_eq!(env.run(&["note", "a word too many", &id]).status, 0);
    let note = env.run(&["log", "-n", "1", "--format", "ids"]).stdout;
    assert_eq!(env.run(&["erase", "--note", note.trim(), "--yes"]).status, 0);
    let before = env.run(&["log", "--format", "ids"]).stdout;
    let said = env.run(&["erase", "--note", note.trim(), "--yes"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("erased already") && !said.stderr.contains("erased here"), "{said}");
    assert_eq!(env.run(&["log", "--format", "ids"]).stdout, before, "nothing is written");
}

#[test]
fn an_undo_right_after_an_erasure_says_that_it_took_back_what_was_done_before_and_where() {
    let env = Environment::demo();
    let ids = env.run(&["list", "status:open", "--format", "ids"]).stdout;
    let (one, two) = (ids.lines().next().unwrap(), ids.lines().nth(1).unwrap());
    assert_eq!(env.run(&["status", "closed", one]).status, 0);
    assert_eq!(env.run(&["erase", two, "--yes"]).status, 0);
    let said = env.run(&["undo"]);
    assert!(said.stderr.contains("An erasure can't be undone") && said.stderr.contains("Undid: "), "{said}");
    assert!(said.stderr.contains("closed this ("), "the conversation is named: {said}");
    let again = env.run(&["undo"]);
    assert!(!again.stderr.contains("An erasure"), "it is said once: {again}");
}
