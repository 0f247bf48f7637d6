use std::fmt::Write as _;

use serde_json::Value;

use crate::environment::Environment;

/// The JSON lines that a command printed.
fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

const MIXED: &str = "\
# What came in over night
tag vip x6c0

assign carol 'tag:press status:open'
note \"called \\\"her\\\"\" x6c0   # a comment behind it
status closed x6c0
status closed x6c0
tag -vip tag:vip
tag x zzzz
tag x subject:none-has-this
reply x6c0 --body x
tagg x y
tag 'x y
status shut x6c0
assign crol x6c0
tag a x6c0 --json
tag a -
tag --help
-q
{\"verb\":\"note\",\"args\":[\"--\",\"- two\\nlines\"],\"targets\":[\"x6c0\"]}
{\"verb\":\"tag\",\"arg\":[\"vip\"]}
snooze '2027-01-05 09:00' x6c0
title 'A title' x6c0
follow x6c0
undo
split x6c0 --message 1
tag z tag:press --max 0
tag seen -tag:press tag:billing
";

#[test]
fn each_line_says_what_came_of_it_and_a_bad_one_what_is_right() {
    let env = Environment::demo();
    env.write("lines", MIXED);
    insta::assert_snapshot!("mixed", env.run(&["batch", "lines"]));
    let env = Environment::demo();
    insta::assert_snapshot!("mixed_json", env.pipe(&["batch", "-", "--json"], MIXED));
    let env = Environment::demo();
    insta::assert_snapshot!("mixed_ids", env.pipe(&["batch", "-", "--format", "ids", "-q"], MIXED));
}

#[test]
fn a_batch_that_is_all_or_nothing_changes_nothing_where_a_line_fails() {
    let env = Environment::demo();
    let before = env.run(&["log", "--json"]).stdout;
    insta::assert_snapshot!(
        env.pipe(&["batch", "-", "--atomic"], "tag vip x6c0\nundo\nassign crol jm3n\ntag x zzzz\n")
    );
    assert_eq!(env.run(&["log", "--json"]).stdout, before);
    // Something no longer held: 4.
    let said = env.pipe(&["batch", "-", "--atomic", "--json"], "tag vip x6c0\ntag vip tag:press --max 1\n");
    let lines = objects(&said.stdout);
    assert_eq!((said.status, &lines[0]["outcome"], &lines[1]["outcome"]), (4, &"held-back".into(), &"failed".into()));
    assert_eq!(env.run(&["log", "--json"]).stdout, before);
}

#[test]
fn a_batch_that_is_all_or_nothing_sees_its_own_lines_and_is_undone_as_one() {
    let env = Environment::demo();
    let count = |query: &str| env.run(&["count", query, "--ok-if-empty"]).stdout.trim().parse::<usize>().unwrap();
    let press = count("tag:press is:any");
    let lines = "tag one tag:press\nstatus closed tag:one\nstatus open x6c0\nstatus closed x6c0\nnote done tag:one\n";
    let said = env.pipe(&["batch", "-", "--atomic"], lines);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!((count("tag:one status:closed"), count("id:x6c0 status:closed")), (press, 1));
    assert_eq!(env.run(&["undo"]).status, 0);
    assert_eq!((count("tag:one is:any"), count("id:x6c0 status:open")), (0, 1));
}

#[test]
fn a_dry_run_shows_what_each_line_would_do_after_those_before_it() {
    let env = Environment::demo();
    let before = env.run(&["log", "--json"]).stdout;
    let lines = "tag one tag:press\nstatus closed tag:one\ntag one tag:press\ntag x zzzz\n";
    insta::assert_snapshot!(env.pipe(&["batch", "-", "--dry-run"], lines));
    assert_eq!(env.run(&["log", "--json"]).stdout, before);
    // Of lines about different conversations it is a plan that can be applied.
    let plan = env.pipe(&["batch", "-", "--dry-run", "--json"], "tag one tag:press\nstatus closed x6c0\n");
    assert_eq!(plan.status, 0, "{plan}");
    assert!(objects(&plan.stdout).iter().all(|line| line["type"] == "plan"));
    let applied = env.pipe(&["apply", "-"], &plan.stdout);
    assert_eq!(applied.status, 0, "{applied}");
    assert_eq!(env.run(&["count", "id:x6c0 status:closed"]).stdout, "1\n");
}

#[test]
fn more_or_fewer_conversations_than_was_said_change_nothing() {
    let env = Environment::demo();
    let before = env.run(&["log", "--json"]).stdout;
    let lines = "tag one tag:press\ntag two x6c0\ntag three tag:press\n";
    let press: usize = env.run(&["count", "tag:press"]).stdout.trim().parse().unwrap();
    let mut said = String::new();
    for bound in [["--max", &press.to_string()], ["--expect", &press.to_string()]] {
        write!(said, "{}", env.pipe(&[&["batch", "-"][..], &bound[..]].concat(), lines)).unwrap();
    }
    insta::assert_snapshot!(said);
    assert_eq!(env.run(&["log", "--json"]).stdout, before);
    let fits = env.pipe(&["batch", "-", "--expect", &(press + 1).to_string()], lines);
    assert_eq!(fits.status, 0, "each conversation counts once: {fits}");
}

#[test]
fn nothing_to_carry_out_and_nothing_that_matches_are_told() {
    let env = Environment::demo();
    insta::assert_snapshot!(
        [
            env.pipe(&["batch", "-"], "\n# nothing\n").to_string(),
            env.pipe(&["batch", "-"], "tag x subject:none-has-this\n").to_string(),
            env.pipe(&["batch", "-", "--ok-if-empty"], "tag x subject:none-has-this\n").to_string(),
            env.run(&["batch", "no-such-file"]).to_string(),
        ]
        .concat()
    );
}

/// What verbs and lines of a batch both take.
const WISHES: &[&[&str]] = &[
    &["tag", "vip,-press", "tag:press"],
    &["tag", "-vip", "-tag:recall", "tag:vip"],
    &["assign", "carol", "x6c0", "jm3n"],
    &["assign", "nobody", "assignee:alice", "status:open"],
    &["status", "waiting", "tag:billing"],
    &["note", "it's \"here\", @bob\\n", "x6c0"],
    &["note", "once only", "x6c0", "--once", "key"],
    &["note", "once only", "x6c0", "--once", "key"],
    &["note", "another text", "x6c0", "--edit"],
    &["snooze", "2027-01-05 09:00", "jm3n"],
    &["title", "", "x6c0"],
    &["title", "Gift $cards & more", "x6c0"],
    &["follow", "x6c0"],
    &["follow", "--off", "x6c0"],
    &["seen", "is:mentioned"],
    &["triage", "id:bqtm", "--add-tag", "late", "--status", "closed", "--note", "done # really"],
    &["merge", "--into", "x6c0", "jm3n"],
    &["split", "s5sg", "--message", "2"],
    &["undo"],
    &["redo"],
    &["status", "closed", "zzzz"],
    &["move", "nowhere", "x6c0"],
];

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// The records, without what differs from run to run.
fn records(env: &Environment) -> Vec<Value> {
    let mut all = objects(&env.run(&["log", "--json", "-n", "60"]).stdout);
    for record in &mut all {
        let record = record.as_object_mut().unwrap();
        for key in ["id", "at", "batch", "of"] {
            record.remove(key);
        }
        // What an undo names is told by its sentence.
        if let Some(op) = record.get_mut("op").and_then(Value::as_object_mut) {
            op.remove("of");
            op.remove("note");
        }
    }
    all
}

#[test]
fn the_same_wishes_by_verb_and_by_batch_give_the_same_records() {
    let (verbs, batch, as_json) = (Environment::demo(), Environment::demo(), Environment::demo());
    let codes: Vec<i32> = WISHES.iter().map(|words| verbs.run(words).status).collect();
    let lines: Vec<String> =
        WISHES.iter().map(|words| words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")).collect();
    let said = batch.pipe(&["batch", "-", "--json"], &lines.join("\n"));
    let told: Vec<i32> = objects(&said.stdout).iter().map(|line| line["exit"].as_i64().unwrap() as i32).collect();
    assert_eq!(told, codes, "each line ends as its verb: {said}");
    assert_eq!(records(&batch), records(&verbs));
    let lines: Vec<String> =
        WISHES.iter().map(|words| serde_json::json!({ "verb": words[0], "args": &words[1..] }).to_string()).collect();
    let said = as_json.pipe(&["batch", "-", "--json"], &lines.join("\n"));
    assert_eq!(said.status, 4, "{said}");
    assert_eq!(records(&as_json), records(&verbs));
}

#[test]
fn a_reader_that_goes_away_ends_nothing_but_the_telling() {
    let env = Environment::demo();
    let lines: String = (0..200).map(|n| format!("tag t{n} x6c0\n")).collect();
    env.write("lines", &lines);
    let program = env!("CARGO_BIN_EXE_postroom");
    let mut command = env.command(&[]);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &format!("'{program}' batch lines | head -n 1")]).env_clear().current_dir(env.path(""));
    shell.envs(command.get_envs().filter_map(|(key, value)| Some((key, value?))));
    command = shell;
    let said = env.run_with(command, "");
    assert_eq!(said.stdout.lines().count(), 1, "{said}");
    assert!(!said.stderr.contains("panicked"), "{said}");
    assert_eq!(env.run(&["count", "tag:t199"]).stdout, "1\n");
}

#[test]
fn a_dry_run_ends_as_the_batch_would_and_says_of_no_line_that_it_was_carried_out() {
    for (lines, more, expected) in [
        ("tag one tag:press\ntag\n", &["--atomic"][..], 2),
        ("tag one tag:press\ntag\n", &[], 4),
        ("merge x6c0 --into nobody\n", &["--atomic"], 4),
        ("tag one tag:press\n", &["--atomic", "--max", "0"], 4),
        ("tag one tag:no-such\n", &["--allow-unknown"], 1),
        ("tag one tag:press\n", &["--atomic"], 0),
        ("tag one tag:press\n", &[], 0),
    ] {
        let env = Environment::demo();
        let args = [&["batch", "-"], more].concat();
        let dry = env.pipe(&[&args[..], &["--dry-run"]].concat(), lines);
        assert!(!dry.stderr.contains("carried out"), "{dry}");
        let real = env.pipe(&args, lines);
        assert_eq!((dry.status, real.status), (expected, expected), "{lines}{dry}{real}");
    }
}
