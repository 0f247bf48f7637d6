use std::collections::BTreeSet;

use serde_json::Value;

use crate::environment::Environment;

#[test]
fn fields_are_printed_in_the_order_given() {
    let env = Environment::demo();
    let mut said = String::new();
    let all: [&[&str]; 6] = [
        &["list", "tag:press", "--fields", "title,short"],
        &["list", "id:x6c0", "--fields", "short,lease.agent,tags"],
        &["show", "jm3n", "--fields", "items.kind,items.id"],
        &["tag", "vip", "x6c0", "--fields", "operations.operation,conversations", "-q"],
        &["count", "tag:press", "--fields", "count"],
        &["export", "tag:press", "--format", "json", "--fields", "short"],
    ];
    for args in all {
        said.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_field_that_is_not_there_is_told_with_the_nearest_before_anything_is_done() {
    let env = Environment::demo();
    let before = env.run(&["log", "--json"]).stdout;
    let mut said = String::new();
    let all: [&[&str]; 5] = [
        &["list", "--fields", "short,titel"],
        &["tag", "vip", "x6c0", "--fields", "conversation,operatoins"],
        &["list", "--fields", "short,"],
        &["config", "path", "--fields", "stroe"],
        &["list", "--fields", "short", "--format", "ids"],
    ];
    for args in all {
        let told = env.run(args);
        assert_eq!(told.status, 2, "{told}");
        said.push_str(&format!("$ {}\n{told}", args.join(" ")));
    }
    insta::assert_snapshot!(said);
    assert_eq!(env.run(&["log", "--json"]).stdout, before);
}

#[test]
fn an_expression_makes_rows_of_tables_as_jq_does() {
    let env = Environment::demo();
    let row = |expression: &str| env.run(&["count", "tag:press", "--jq", expression]).stdout;
    let cells = r#"["a\tb", "say \"hi\"", "back\\slash", 3, null, true]"#;
    assert_eq!(row(&format!("{cells} | @tsv")), "a\\tb\tsay \"hi\"\tback\\\\slash\t3\t\ttrue\n");
    assert_eq!(row(&format!("{cells} | @csv")), "\"a\tb\",\"say \"\"hi\"\"\",\"back\\slash\",3,,true\n");
}

#[test]
fn an_expression_makes_lines_of_each_object() {
    let env = Environment::demo();
    let mut said = String::new();
    let all: [&[&str]; 7] = [
        &["list", "tag:press", "--jq", ".title"],
        &["list", "tag:press", "--jq", "{short, n: (.tags | length)}"],
        &["list", "tag:press", "--jq", ".tags[]"],
        &["list", "tag:press", "--jq", "select(.short == \"jm3n\") | .title | tojson"],
        &["list", "tag:press", "--jq", "empty"],
        &["tag", "vip", "tag:press", "--jq", ".conversations | length", "-q"],
        &["export", "tag:press", "--format", "json", "--jq", ".short"],
    ];
    for args in all {
        said.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn an_expression_that_is_wrong_is_told_with_its_place_before_anything_is_done() {
    let env = Environment::demo();
    let before = env.run(&["log", "--json"]).stdout;
    let mut said = String::new();
    for code in [".title |", ".title | nonsense", "{a;}", "\"open", "$x", "include \"x\"; .", ""] {
        let told = env.run(&["tag", "vip", "x6c0", "--jq", code]);
        assert_eq!(told.status, 2, "{code}: {told}");
        let error: Value = serde_json::from_str(&told.stderr).unwrap();
        said.push_str(&format!("$ {code}\n{}\n", error["message"].as_str().unwrap()));
    }
    // One that fails when it is run.
    said.push_str(&env.run(&["list", "--jq", ".title.x"]).to_string());
    said.push_str(&env.run(&["list", "--jq", "halt"]).to_string());
    insta::assert_snapshot!(said);
    assert_eq!(env.run(&["log", "--json"]).stdout, before);
}

#[test]
fn an_expression_without_end_stops_when_nobody_reads_any_more() {
    let env = Environment::demo();
    let program = env!("CARGO_BIN_EXE_postroom");
    let like = env.command(&[]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("'{program}' list --jq 'repeat(.id)' | head -n 3")]).env_clear();
    shell.envs(like.get_envs().filter_map(|(key, value)| Some((key, value?)))).current_dir(env.path(""));
    let said = env.run_with(shell, "");
    assert_eq!((said.stdout.lines().count(), said.stderr.as_str()), (3, ""), "{said}");
}

/// Every field of what these print can be asked for by name.
#[test]
fn every_field_that_is_printed_is_known() {
    let env = Environment::demo();
    let all: [&[&str]; 12] = [
        &["list", "is:any"],
        &["show", "is:any"],
        &["count", "is:any"],
        &["why", "jm3n"],
        &["keys"],
        &["views"],
        &["tag", "vip", "tag:press"],
        &["assign", "me", "tag:press", "--dry-run"],
        &["triage", "x6c0", "--status", "closed"],
        &["undo"],
        &["redo"],
        &["log"],
    ];
    for args in all {
        let printed = env.run(&[args, &["--json"]].concat());
        let objects = printed.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let keys: BTreeSet<String> =
            objects.flat_map(|object| object.as_object().unwrap().keys().cloned().collect::<Vec<_>>()).collect();
        assert!(keys.len() > 2, "{args:?}: {printed}");
        let fields = keys.into_iter().collect::<Vec<_>>().join(",");
        let said = env.run(&[args, &["--fields", &fields]].concat());
        assert_ne!(said.status, 2, "{args:?} --fields {fields}: {said}");
    }
}

#[test]
fn an_object_without_the_fields_that_were_asked_for_is_no_fault_of_what_was_done() {
    let env = Environment::demo();
    for (args, expected) in [
        // `title` is of a plan and of what is refused, and not of what was done.
        (&["tag", "vip", "x6c0", "--fields", "title", "-q"][..], "{\"title\":null}\n"),
        (&["undo", "--fields", "why", "-q"], "{\"why\":null}\n"),
        (&["backup", "out", "--fields", "outcome,messages", "-q"], "{\"outcome\":\"made\",\"messages\":194}\n"),
    ] {
        let said = env.run(args);
        assert_eq!((said.status, said.stdout.as_str()), (0, expected), "{args:?}: {said}");
    }
    let said = env.run(&["reply", "tag:recall", "--body", "Soon.", "--send", "--fields", "statte"]);
    assert!(said.status == 2 && said.stderr.contains("did you mean state?"), "{said}");
    assert_eq!(env.run(&["outbox", "list", "--all"]).status, 1, "nothing was sent");
}
