use std::process::Stdio;

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

/// A plan that writes a note into each conversation of a query.
fn noting(env: &Environment, query: &str) -> String {
    let plan = env.run(&["note", "Seen by the script.", query, "--dry-run", "--json"]);
    assert_eq!(plan.status, 0, "{plan}");
    plan.stdout
}

/// How many notes of that plan stand.
fn noted(env: &Environment) -> usize {
    env.run(&["list", "\"Seen by the script\"", "--format", "ids"]).stdout.lines().count()
}

/// How often the plan's note was written, in whatever conversations.
fn written(env: &Environment) -> usize {
    let log = env.run(&["log", "-n", "100"]);
    log.stdout.lines().filter(|line| line.contains("Seen by the script")).count()
}

#[test]
fn a_plan_that_ten_apply_at_once_is_carried_out_once() {
    let env = Environment::demo();
    let plan = noting(&env, "tag:press");
    let lines = plan.lines().count();
    assert!(lines > 1, "{plan}");
    env.write("plan", &plan);
    let commands: Vec<_> = (0..10).map(|_| env.command(&["apply", "plan"])).collect();
    let running: Vec<_> = commands
        .into_iter()
        .map(|mut command| command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    let mut carried_out = 0;
    for child in running {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{told}");
        carried_out += usize::from(!told.contains("applied already"));
    }
    assert_eq!((carried_out, written(&env)), (1, lines));
}

#[test]
fn a_plan_that_was_undone_says_so_until_it_is_applied_again() {
    let env = Environment::demo();
    env.write("plan", &noting(&env, "tag:press"));
    assert_eq!(env.run(&["apply", "plan"]).status, 0);
    let there = noted(&env);
    assert_eq!(env.run(&["undo"]).status, 0);
    insta::assert_snapshot!(env.run(&["apply", "plan"]));
    assert_eq!(noted(&env), 0);
    assert_eq!(env.run(&["apply", "plan", "--again"]).status, 0);
    assert_eq!(noted(&env), there);
}

#[test]
fn a_plan_of_the_last_version_goes_on_working() {
    let env = Environment::demo();
    let plan = noting(&env, "tag:press");
    let without = |line: &str| {
        let (before, rest) = line.split_once("\"id\":\"").unwrap();
        format!("{before}{}\n", rest.split_once("\",").unwrap().1)
    };
    let old: String = plan.lines().map(without).collect();
    assert_eq!(env.pipe(&["apply", "-"], &old).status, 0);
    assert_eq!(env.pipe(&["apply", "-"], &old).status, 4, "it finds a note more than it expects");
    assert_eq!(written(&env), 1, "one record for all");
}

#[test]
fn a_plan_is_looked_at_as_at_what_somebody_types_and_its_bad_line_is_named() {
    let env = Environment::demo();
    let assign = env.run(&["assign", "deniz", "tag:press is:unassigned", "--dry-run", "--json"]).stdout;
    let note = noting(&env, "tag:press");
    let first = note.lines().next().unwrap();
    let other_id = |line: &str| {
        let (before, rest) = line.split_once("\"id\":\"").unwrap();
        format!("{before}\"id\":\"11111111-1111-4111-8111-111111111111\",{}", rest.split_once("\",").unwrap().1)
    };
    let edited = [
        ("an agent whom nobody knows", assign.replace("\"to\":\"deniz\"", "\"to\":\"denizz\"")),
        ("the same line twice", format!("{note}{first}\n")),
        ("the same line with another id", format!("{note}{}\n", other_id(first))),
        ("one id for two operations", format!("{note}{}\n", first.replace("Seen by", "Read by"))),
        ("an empty note", note.replace("Seen by the script.", " ")),
        ("a note that is too long", note.replace("Seen by the script.", &"x".repeat(100_001))),
        (
            "what no verb does",
            note.replace("\"kind\":\"note\"", "\"kind\":\"replied\",\"message\":\"a@b\",\"then\":null"),
        ),
    ];
    let mut all = String::new();
    for (what, plan) in edited {
        let said = env.pipe(&["apply", "-"], &plan);
        assert_eq!(said.status, 2, "{what}: {said}");
        all.push_str(&format!("{what}:\n{said}"));
    }
    insta::assert_snapshot!(all);
    assert_eq!(written(&env), 0);
}
