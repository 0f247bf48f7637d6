use crate::environment::Environment;

#[test]
fn the_sample_is_kept_where_it_is_asked_for_and_made_once() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["demo"]));
    let before = env.run(&["count", "is:any"]);
    assert_eq!(env.run(&["demo"]).status, 0);
    assert_eq!(env.run(&["count", "is:any"]).stdout, before.stdout);
}

#[test]
fn the_sample_never_goes_over_another_store() {
    let env = Environment::new();
    std::fs::create_dir(env.path("store")).unwrap();
    env.write("store/config.toml", "[me]\nhandle = \"someone\"\n");
    insta::assert_snapshot!(env.run(&["demo"]));
}

#[test]
fn the_sample_takes_no_other_config_and_says_how_settings_are_tried_on_it() {
    let env = Environment::new();
    env.write("mine.toml", "[ui]\nlinear = true\n");
    for args in [["demo", "--config", "mine.toml"], ["--config", "mine.toml", "demo"]] {
        let said = env.run(&args);
        assert_eq!(said.status, 2, "{said}");
        assert!(said.stderr.contains("mine.toml is not read") && said.stderr.contains("--no-screen"), "{said}");
        assert!(!env.path("store").join("postroom.db").exists(), "nothing was made");
    }
    // What it says does it.
    assert_eq!(env.run(&["demo", "--no-screen"]).status, 0);
    let file = env.path("store/config.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("theme = \"light\"\n{config}")).unwrap();
    let said = env.run(&["--config", file.to_str().unwrap(), "config", "show"]);
    assert!(said.stdout.contains("theme = \"light\""), "{said}");
}

#[test]
fn without_a_folder_nothing_is_left_behind() {
    let env = Environment::new();
    let mut command = env.command(&["demo"]);
    command.env_remove("POSTROOM_STORE");
    assert_eq!(env.run_with(command, "").status, 0);
    let left: Vec<_> = std::fs::read_dir(env.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["home"]);
}

#[test]
fn the_sample_has_work_in_every_state() {
    let env = Environment::demo();
    for query in [
        "status:open",
        "status:in-progress",
        "status:waiting",
        "status:closed",
        "is:snoozed",
        "is:mine",
        "is:unassigned",
        "is:mentioned",
        "has:attachment",
        "tag:urgent",
    ] {
        let said = env.run(&["count", query]);
        assert_eq!(said.status, 0, "{query}: {said}");
    }
}

#[test]
fn nothing_in_a_store_can_be_read_by_others_whatever_the_umask_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = Environment::new();
    let mut command = env.command(&[]);
    let known: Vec<_> = command.get_envs().map(|(k, v)| (k.to_owned(), v.map(ToOwned::to_owned))).collect();
    command = std::process::Command::new("sh");
    command.env_clear().args([
        "-c",
        "umask 0; \"$0\" demo && \"$0\" note hello is:any",
        env!("CARGO_BIN_EXE_postroom"),
    ]);
    command.envs(known.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))));
    let said = env.run_with(command, "");
    assert_eq!(said.status, 0, "{said}");
    let open: Vec<_> = std::fs::read_dir(env.path("store"))
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.metadata().unwrap().permissions().mode() & 0o077 != 0)
        .map(|entry| entry.file_name())
        .collect();
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(std::fs::metadata(env.path("store")).unwrap().permissions().mode() & 0o777, 0o700);
}
