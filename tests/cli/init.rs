use std::os::unix::fs::PermissionsExt;

use crate::environment::Environment;

const ANSWERS: [&str; 9] = [
    "init",
    "--no-test",
    "--me",
    "alice",
    "--address",
    "help@example.com",
    "--password-command",
    "pass show help",
    "-q",
];

#[test]
fn a_script_answers_every_question_with_a_flag() {
    let env = Environment::new();
    let said = env.run(&ANSWERS);
    assert_eq!(said.status, 0, "{said}");
    let file = env.path("home/.config/postroom/config.toml");
    insta::assert_snapshot!(std::fs::read_to_string(&file).unwrap());
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(env.run(&["config", "check"]).status, 0);
}

#[test]
fn what_a_script_left_out_is_named_by_its_flag() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["init", "--no-test", "--me", "alice"]));
    insta::assert_snapshot!(env.run(&["init", "--no-test", "--me", "alice", "--address", "a@example.com"]));
}

#[test]
fn a_config_that_is_there_is_written_over_only_when_told_to() {
    let env = Environment::new();
    assert_eq!(env.run(&ANSWERS).status, 0);
    insta::assert_snapshot!(env.run(&ANSWERS));
    let mut forced = ANSWERS.to_vec();
    forced.push("--force");
    assert_eq!(env.run(&forced).status, 0);
}

#[test]
fn a_password_from_stdin_stands_in_a_file_that_only_its_owner_reads() {
    let env = Environment::new();
    let args = ["init", "--no-test", "--me", "alice", "--address", "help@example.com", "--password-stdin"];
    let said = env.pipe(&args, "correct horse\n");
    assert_eq!(said.status, 0, "{said}");
    let shown = env.run(&["config", "show"]);
    assert!(shown.stdout.contains("(not shown)") && !shown.stdout.contains("horse"), "{shown}");
}

#[test]
fn a_server_that_can_t_be_reached_is_told_and_nothing_is_written() {
    let env = Environment::new();
    let args = [
        "init",
        "--me",
        "alice",
        "--address",
        "help@localhost",
        "--imap-port",
        "1",
        "--imap-security",
        "plain",
        "--smtp-host",
        "none",
        "--password-command",
        "echo secret",
    ];
    let said = env.run(&args);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("nothing was written"), "{said}");
    assert!(!env.path("home/.config/postroom/config.toml").exists());
}
