use serde_json::Value;

use crate::environment::Environment;

/// Everything that a command says on stderr, as JSON.
fn told(env: &Environment, args: &[&str], input: &str) -> (Vec<Value>, i32) {
    let said = env.pipe(args, input);
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{args:?}: {error}: {line}"));
    (said.stderr.lines().map(read).collect(), said.status)
}

/// Command lines that fail, what they read, and by what code that is told.
const FAILING: &[(&[&str], &str, &str)] = &[
    (&["lst", "--json"], "", "command-line-wrong"),
    (&["list", "--json", "--limit", "many"], "", "command-line-wrong"),
    (&["tag", "--format", "json"], "", "command-line-wrong"),
    (&["list", "--format=json", "--nonsense"], "", "command-line-wrong"),
    (&["list", "statsu:open", "--json"], "", "query-wrong"),
    (&["status", "shut", "x6c0", "--json"], "", "status-unknown"),
    (&["assign", "crol", "x6c0", "--json"], "", "agent-nobody-called"),
    (&["tag", "x", "zzzz", "--json"], "", "no-such-conversation"),
    (&["tag", "x", "tag:press", "--max", "0", "--json"], "", "over-max"),
    (&["note", "x", "", "--json"], "", "blank-argument"),
    (&["undo", "nonsense", "--json"], "", "operation-id-bad"),
    (&["apply", "-", "--json"], "{}\n", "plan-line-wrong"),
    (&["batch", "nowhere", "--json"], "", "batch-unreadable"),
    (&["help", "troubelshooting", "--json"], "", "no-topic"),
];

#[test]
fn every_error_is_an_object_with_kind_code_message_and_exit() {
    let env = Environment::demo();
    let mut wrong = Vec::new();
    for (args, input, code) in FAILING {
        let (lines, status) = told(&env, args, input);
        let errors: Vec<&Value> = lines.iter().filter(|line| line["type"] == "error").collect();
        let fits = |error: &Value| {
            error["schema"] == "postroom/1"
                && error["code"] == *code
                && error["exit"] == status
                && error["kind"].is_string()
                && error["message"].as_str().is_some_and(|message| !message.is_empty())
                && (error["hint"].is_string() || error["hint"].is_null())
        };
        if errors.len() != 1 || !fits(errors[0]) {
            wrong.push(format!("{args:?} [{status}] {code}: {lines:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn mistakes_of_the_config_name_file_line_and_column() {
    let env = Environment::demo();
    let one = env.write("one.toml", "[me]\nhandle = \"alice\"\n\n[agent.alice]\naddres = \"a@example.com\"\n");
    let (lines, status) = told(&env, &["--config", one.to_str().unwrap(), "list", "--json"], "");
    insta::assert_snapshot!("config_one", format!("{}\n[{status}]", lines[0]));
    let many = env.write("many.toml", "nonsense = 1\n[me]\nhandle = 2\n");
    let (lines, status) = told(&env, &["--config", many.to_str().unwrap(), "list", "--json"], "");
    insta::assert_snapshot!("config_many", format!("{:#}\n[{status}]", lines[0]));
}

#[test]
fn what_is_said_beside_the_data_is_json_too() {
    let env = Environment::demo();
    let shown = env.run(&["list", "id:jm3n", "--format", "ids"]).stdout;
    assert_eq!(env.run(&["assign", "bob", "jm3n"]).status, 0);
    let (lines, status) = told(&env, &["assign", "carol", "-", "--json"], &shown);
    assert_eq!(status, 4, "{lines:?}");
    assert!(lines.iter().any(|line| line["type"] == "warning" && line["message"].is_string()), "{lines:?}");
    let (lines, status) = told(&env, &["tag", "vip", "x6c0", "--json"], "");
    assert_eq!((status, &lines[0]["type"]), (0, &"info".into()), "{lines:?}");
    let (lines, status) = told(&env, &["tag", "vip", "x6c0", "--json", "-q"], "");
    assert_eq!((status, lines.len()), (0, 0), "{lines:?}");
    // Without --json it is text as ever.
    let said = env.run(&["tag", "x", "zzzz"]);
    assert!(said.stderr.starts_with("postroom: there is no conversation"), "{said}");
}
