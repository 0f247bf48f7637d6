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
