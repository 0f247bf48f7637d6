//! Text that means harm, in mails, records, arguments and the config, through the tables, texts, JSON and errors of the verbs: what is printed
//! holds letters and ends of lines alone.

use crate::environment::{Environment, Said};
use crate::hostile_text::{foreign_in_lines, mail, payloads};

/// Asserts that what a verb printed obeys nothing.
fn fine(said: &Said, what: &[&str]) {
    for (name, text) in [("stdout", &said.stdout), ("stderr", &said.stderr)] {
        let found = foreign_in_lines(text.as_bytes());
        assert!(found.is_empty(), "{name} of {what:?}: {found:#?}");
    }
    assert!([0, 1, 2, 3, 4].contains(&said.status), "{what:?}: {said}");
}

fn run(env: &Environment, args: &[&str]) {
    fine(&env.run(args), args);
}

/// A room with a mail for each payload, with titles and notes that say the same.
fn room() -> Environment {
    let env = Environment::demo();
    std::fs::create_dir(env.path("mails")).unwrap();
    for (n, text) in payloads().iter().enumerate() {
        std::fs::write(env.path("mails").join(format!("{n}.eml")), mail(n, text)).unwrap();
    }
    let said = env.run(&["import", "mails", "--open"]);
    fine(&said, &["import"]);
    assert_eq!(said.status, 0, "{said}");
    env
}

#[test]
fn nothing_of_a_mail_is_printed_but_as_text() {
    let env = room();
    for args in [
        &["list", "is:any", "-n", "500"][..],
        &["list", "is:any", "-n", "500", "--json"],
        &["list", "is:any", "-n", "500", "--format", "ids"],
        &["status"],
        &["views"],
        &["log", "-n", "300"],
        &["log", "-n", "300", "--json"],
        &["count", "4242"],
        &["list", "from:4242", "--json"],
    ] {
        run(&env, args);
    }
    let ids = env.run(&["list", "is:any", "-n", "500", "--format", "ids"]).stdout;
    let ids: Vec<&str> = ids.split_whitespace().collect();
    assert!(ids.len() > payloads().len() / 2, "{}", ids.len());
    for some in ids.chunks(40) {
        run(&env, &[&["show"], some].concat());
        run(&env, &[&["show", "--json"], some].concat());
        run(&env, &[&["why"], some].concat());
    }
    for id in ids.iter().step_by(12) {
        run(&env, &["attachment", id]);
        run(&env, &["attachment", id, "--json"]);
        run(&env, &["customer", id]);
        run(&env, &["reply", id, "--body", "x", "--dry-run"]);
    }
}

#[test]
fn nothing_of_an_argument_is_printed_but_as_text() {
    let env = Environment::demo();
    let id = env.run(&["list", "-n", "1", "--format", "ids"]).stdout;
    // An argument holds no NUL (execve(2)).
    for text in payloads().iter().filter(|text| !text.contains('\0')).step_by(4) {
        run(&env, &["list", text]);
        run(&env, &["list", &format!("tag:{text}")]);
        run(&env, &["title", text, id.trim()]);
        run(&env, &["note", text, id.trim()]);
        run(&env, &[text, "--json"]);
    }
    run(&env, &["show", id.trim()]);
    run(&env, &["show", id.trim(), "--json"]);
    run(&env, &["log", "-n", "200"]);
}

#[test]
fn nothing_of_a_config_is_printed_but_as_text() {
    let env = Environment::demo();
    let good = std::fs::read_to_string(env.path("store/config.toml")).unwrap();
    for text in payloads().iter().step_by(3) {
        let value = toml::Value::String(text.clone()).to_string();
        let wrong =
            format!("{good}\n[view.x]\nquery = {value}\n[view.{value}]\nquery = \"is:open\"\n[{value}]\nx = {value}\n");
        for config in [wrong, format!("{good}\n[keys.list]\n{value} = {value}\n"), format!("{text}{good}")] {
            std::fs::write(env.path("store/config.toml"), config).unwrap();
            run(&env, &["config", "check"]);
        }
        run(&env, &["config", "show"]);
    }
}
