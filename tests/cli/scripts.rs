//! What scripts lean on beside targets and exit codes: JSON of everything, and commands that may run twice.

use serde_json::Value;

use crate::environment::Environment;

/// The objects that a command printed.
fn objects(env: &Environment, args: &[&str]) -> Vec<Value> {
    let said = env.run(args);
    assert_eq!(said.status, 0, "{args:?}: {said}");
    let all: Vec<Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(all.iter().all(|object| object["schema"] == "postroom/1" && object["type"].is_string()), "{args:?}");
    all
}

#[test]
fn the_config_and_the_keys_are_json_where_that_is_asked_for() {
    let env = Environment::demo();
    let config = objects(&env, &["config", "show", "--json"]);
    assert_eq!(config[0]["config"]["me"]["handle"], "alice");
    assert_eq!(objects(&env, &["config", "check", "--json"])[0]["type"], "config-check");
    let keys = objects(&env, &["keys", "--json"]);
    let undo = keys.iter().find(|key| key["action"] == "undo" && key["context"] == "global").unwrap();
    assert!(undo["keys"].as_array().is_some_and(|keys| !keys.is_empty()) && undo["does"].is_string(), "{undo}");
}

#[test]
fn the_log_names_every_target_of_a_bulk() {
    let env = Environment::demo();
    assert_eq!(env.run(&["tag", "seen", "is:any"]).status, 0);
    let all = env.run(&["count", "tag:seen is:any"]).stdout.trim().parse::<usize>().unwrap();
    let entry = objects(&env, &["log", "-n", "1", "--json"]).remove(0);
    let targets = entry["targets"].as_array().unwrap();
    assert!(all > 20 && targets.len() == all, "{all} {}", targets.len());
    assert!(targets.iter().all(|target| target["on"].is_string() && target["conversation"].is_string()));
}

#[test]
fn a_reply_that_was_sent_says_so_and_to_which_addresses() {
    let env = Environment::demo();
    let sent = objects(&env, &["reply", "tag:recall", "--body", "It is on its way.", "--send", "--json"]).remove(0);
    assert_eq!(sent["state"], "filed");
    let addresses: Vec<&str> =
        sent["recipients"].as_array().unwrap().iter().map(|one| one["email"].as_str().unwrap()).collect();
    assert!(!addresses.is_empty() && addresses.iter().all(|address| address.contains('@')), "{sent}");
}

#[test]
fn a_note_under_a_key_is_written_once_in_each_conversation() {
    let env = Environment::demo();
    let notes = |env: &Environment| env.run(&["count", "note:outage is:any", "--ok-if-empty"]).stdout.trim().to_owned();
    let written = |env: &Environment, query: &str| {
        let said = env.run(&["note", "outage of May", query, "--once", "outage-05"]);
        assert_eq!(said.status, 0, "{said}");
        let shown = env.run(&["show", "tag:press", "--json"]).stdout;
        shown.matches("outage of May").count()
    };
    let press: usize = env.run(&["count", "tag:press"]).stdout.trim().parse().unwrap();
    assert_eq!((written(&env, "tag:press"), written(&env, "tag:press")), (press, press));
    // Who is new among them gets it.
    assert_eq!(written(&env, "tag:press or tag:recall"), press);
    assert_eq!(notes(&env), (press + 1).to_string());
    let again = env.run(&["note", "outage of May", "tag:recall", "--once", "outage-05"]);
    assert!(again.stderr.contains("so already"), "{again}");
}

#[test]
fn a_mail_under_a_key_goes_out_once() {
    let env = Environment::demo();
    let send = |body: &str| env.run(&["reply", "tag:recall", "--body", body, "--send", "--once", "recall-1"]);
    let first = send("It is on its way.");
    assert!(first.status == 0 && first.stderr.contains("1 sent"), "{first}");
    let second = send("It is on its way, or so.");
    assert!(second.status == 0 && second.stderr.contains("was written under this key before"), "{second}");
    let shown = env.run(&["show", "tag:recall"]).stdout;
    assert_eq!(shown.matches("It is on its way").count(), 1, "{shown}");
}

#[test]
fn a_bulk_reply_passes_over_what_can_not_be_answered_where_that_is_said() {
    let env = Environment::demo();
    let made = env.run(&["new", "--to", "support@example.com", "--subject", "Selfie", "--body", "hello", "--send"]);
    assert_eq!(made.status, 0, "{made}");
    let query = "subject:Selfie or tag:recall";
    let reply = |more: &[&str]| {
        let args = [&["reply", query, "--body", "Thank you.", "--send", "--max", "5"], more].concat();
        env.run(&args)
    };
    let whole = reply(&[]);
    assert!(whole.status == 2 && whole.stderr.contains("nobody to answer"), "{whole}");
    let skipped = reply(&["--skip-unfit"]);
    assert_eq!(skipped.status, 4, "{skipped}");
    assert!(skipped.stderr.contains("nobody to answer") && skipped.stderr.contains("1 sent"), "{skipped}");
}
