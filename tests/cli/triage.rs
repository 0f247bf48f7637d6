use crate::environment::Environment;

#[test]
fn a_dry_run_prints_every_operation_and_changes_nothing() {
    let env = Environment::demo();
    let args = ["triage", "tag:press is:unassigned", "--assign", "bob", "--add-tag", "late", "--dry-run"];
    insta::assert_snapshot!(env.run(&args));
    assert_eq!(env.run(&["count", "tag:late"]).stdout.trim(), "0");
}

#[test]
fn a_plan_is_carried_out_once_and_a_second_time_changes_nothing() {
    let env = Environment::demo();
    let plan = env.run(&[
        "triage",
        "tag:press is:unassigned",
        "--assign",
        "bob",
        "--status",
        "waiting",
        "--dry-run",
        "--json",
    ]);
    env.write("plan", &plan.stdout);
    insta::assert_snapshot!(plan);
    insta::assert_snapshot!(env.run(&["apply", "plan"]));
    let log = env.run(&["log", "--format", "ids"]);
    insta::assert_snapshot!(env.run(&["apply", "plan"]));
    assert_eq!(env.run(&["log", "--format", "ids"]).stdout, log.stdout);
}

#[test]
fn what_no_longer_holds_is_listed_and_the_rest_is_done() {
    let env = Environment::demo();
    let plan = env.run(&["triage", "tag:press", "--assign", "deniz", "--dry-run", "--json"]);
    assert_eq!(env.run(&["assign", "carol", "tag:press is:unassigned"]).status, 0);
    insta::assert_snapshot!(env.pipe(&["apply", "-"], &plan.stdout));
}

#[test]
fn a_broken_plan_does_nothing_at_all() {
    let env = Environment::demo();
    let plan = env.run(&["triage", "tag:press", "--assign", "deniz", "--dry-run", "--json"]);
    let said = env.pipe(&["apply", "-"], &format!("{}{{\"schema\":\"postroom/2\"}}\n", plan.stdout));
    assert_eq!(said.status, 2, "{said}");
    assert_eq!(env.run(&["count", "tag:press assignee:deniz"]).stdout.trim(), "0");
}

#[test]
fn one_command_does_several_things_to_all_that_match_and_one_undo_takes_it_back() {
    let env = Environment::demo();
    let before = env.run(&["list", "tag:workshop", "--json"]);
    let said = env.run(&[
        "triage",
        "tag:workshop",
        "--assign",
        "deniz",
        "--add-tag",
        "winter",
        "--remove-tag",
        "workshop",
        "--status",
        "waiting",
        "--note",
        "Moved to the winter list, @deniz",
        "--snooze",
        "2d",
    ]);
    insta::assert_snapshot!(said);
    assert_eq!(env.run(&["count", "tag:workshop"]).stdout.trim(), "0");
    insta::assert_snapshot!(env.run(&["undo"]));
    assert_eq!(env.run(&["list", "tag:workshop", "--json"]).stdout, before.stdout);
}

#[test]
fn what_is_so_already_is_left_alone() {
    let env = Environment::demo();
    assert_eq!(env.run(&["triage", "tag:press", "--add-tag", "late"]).status, 0);
    insta::assert_snapshot!(env.run(&["triage", "tag:press", "--add-tag", "late"]));
}

#[test]
fn wrong_words_are_told_with_the_nearest_right_one() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["triage", "tag:press", "--assign", "bobb"]));
    insta::assert_snapshot!(env.run(&["triage", "statsu:open", "--assign", "bob"]));
    insta::assert_snapshot!(env.run(&["triage", "tag:press"]));
    insta::assert_snapshot!(env.run(&["triage", "tag:press", "--status", "done"]));
    insta::assert_snapshot!(env.run(&["triage", "tag:press", "--move", "suport"]));
    insta::assert_snapshot!(env.run(&["triage", "tag:nothing-has-this", "--status", "closed"]));
}
