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
fn a_config_that_is_a_link_is_written_to_what_it_leads_to_and_one_that_leads_nowhere_is_refused() {
    let env = Environment::new();
    let (link, there) = (env.path("home/.config/postroom/config.toml"), env.path("home/dotfiles.toml"));
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(&there, &link).unwrap();
    let said = env.run(&ANSWERS);
    assert!(said.status == 2 && said.stderr.contains("a link that leads to nothing"), "{said}");
    assert!(!there.exists());
    std::fs::write(&there, "").unwrap();
    let said = env.run(&[&ANSWERS[..], &["--force"]].concat());
    assert_eq!(said.status, 0, "{said}");
    assert!(link.is_symlink() && std::fs::read_to_string(&there).unwrap().contains("help@example.com"));
    assert_eq!(std::fs::metadata(&there).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn the_secret_of_a_client_stands_in_a_file_of_its_own() {
    let env = Environment::new();
    let args = ["init", "--no-test", "--me", "alice", "--address", "help@gmail.com", "--login", "oauth2"];
    let said = env.run(&[&args[..], &["--client-id", "1111", "--client-secret", "hush"]].concat());
    assert_eq!(said.status, 0, "{said}");
    let config = std::fs::read_to_string(env.path("home/.config/postroom/config.toml")).unwrap();
    assert!(!config.contains("hush") && config.contains("client_secret_command = [\"cat\", "), "{config}");
    let file = env.path("home/.config/postroom/main.client");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "hush\n");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(env.run(&["config", "check"]).status, 0);
}

#[test]
fn a_password_that_can_not_be_put_away_is_left_nowhere() {
    let env = Environment::new();
    let folder = env.path("home/.config/postroom");
    std::fs::create_dir_all(folder.join("main.password")).unwrap();
    let args = ["init", "--no-test", "--me", "alice", "--address", "help@example.com", "--password-stdin"];
    let said = env.pipe(&args, "correct horse\n");
    assert_eq!(said.status, 2, "{said}");
    let left: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["main.password"]);
}

#[test]
fn a_password_from_stdin_stands_in_a_file_that_only_its_owner_reads() {
    let env = Environment::new();
    let args = ["init", "--no-test", "--me", "alice", "--address", "help@example.com", "--password-stdin"];
    let said = env.pipe(&args, "correct horse\n");
    assert_eq!(said.status, 0, "{said}");
    let shown = env.run(&["config", "show"]);
    assert!(shown.stdout.contains("main.password") && !shown.stdout.contains("horse"), "{shown}");
    let config = std::fs::read_to_string(env.path("home/.config/postroom/config.toml")).unwrap();
    assert!(!config.contains("horse"), "no secret stands in the config: {config}");
    let file = env.path("home/.config/postroom/main.password");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "correct horse\n");
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
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

#[test]
fn what_a_flag_says_wrongly_is_told_with_what_would_be_right() {
    let env = Environment::new();
    let mut told = String::new();
    for wrong in [
        &["--provider", "hotmale"][..],
        &["--imap-host", "imap.example.com:imap"],
        &["--imap-host", "imap.example.com", "--imap-security", "plain"],
        &["--also", "sales"],
        &["--alias", "info"],
        &["--provider", "outlook", "--login", "password"],
        &["--provider", "outlook"],
    ] {
        told += &format!("{}\n{}", wrong.join(" "), env.run(&[&ANSWERS, wrong].concat()));
        assert!(!env.path("home/.config/postroom/config.toml").exists());
    }
    insta::assert_snapshot!(told);
}

#[test]
fn every_answer_by_flag_stands_in_the_config_and_no_password() {
    let env = Environment::new();
    let more = [
        ["--name", "Alice Moreau"],
        ["--inbox", "support"],
        ["--alias", "hilfe@example.com"],
        ["--also", "sales=sales@example.com"],
        ["--account", "shop"],
        ["--inbox-folder", "shared/support"],
        ["--log-folder", "shared/support/Postroom"],
        ["--sent", "shared/support/Sent"],
    ];
    let said = env.run(&[&ANSWERS[..], more.as_flattened()].concat());
    assert_eq!(said.status, 0, "{said}");
    insta::assert_snapshot!(std::fs::read_to_string(env.path("home/.config/postroom/config.toml")).unwrap());
    assert_eq!(env.run(&["config", "check"]).status, 0);
}

#[test]
fn a_provider_that_gives_tokens_has_its_client_asked_for_and_the_login_named() {
    let env = Environment::new();
    let args = ["init", "--no-test", "--me", "alice", "--address", "help@example.com", "--provider", "outlook"];
    let said = env.run(&[&args[..], &["--client-id", "1111-2222"]].concat());
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("postroom login main"), "{said}");
    insta::assert_snapshot!(std::fs::read_to_string(env.path("home/.config/postroom/config.toml")).unwrap());
    assert_eq!(env.run(&["config", "check"]).status, 0);
}

#[test]
fn without_a_config_there_is_nothing_to_try() {
    let env = Environment::new();
    let said = env.run(&["init", "--check"]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("there is no config yet"), "{said}");
}
