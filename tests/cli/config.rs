use crate::environment::Environment;

const GOOD: &str = r#"
[me]
handle = "alice"
[account.main.imap]
host = "imap.example.com"
user = "support@example.com"
password_command = "pass show support"
[inbox.support]
address = "support@example.com"
"#;

#[test]
fn without_a_config_the_way_to_one_is_named() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["list"]));
}

#[test]
fn a_good_config_is_said_to_be_fine_and_shown_with_all_its_values() {
    let env = Environment::new();
    env.write("c.toml", GOOD);
    insta::assert_snapshot!(env.run(&["config", "check", "--config", "c.toml"]));
    insta::assert_snapshot!(env.run(&["config", "show", "--config", "c.toml"]));
}

#[test]
fn the_check_counts_accounts_without_a_server_too() {
    let env = Environment::new();
    env.write("c.toml", &format!("{GOOD}\n[account.desk]\nkind = \"local\"\n"));
    let told = env.run(&["config", "check", "--config", "c.toml"]);
    assert!(told.stderr.contains("2 accounts"), "{told}");
    let json = env.run(&["config", "check", "--config", "c.toml", "--json"]);
    assert!(json.stdout.contains("\"accounts\":2"), "{json}");
}

#[test]
fn days_and_times_are_meant_and_told_in_the_zone_of_the_config() {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let plain = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("timezone = \"Asia/Tokyo\"\n{plain}")).unwrap();
    let id = "x6c0";
    assert_eq!(env.run(&["snooze", "tomorrow 9", id]).status, 0);
    let told = env.run(&["log", id, "-n", "1"]);
    assert!(told.stdout.contains("2026-11-23 09:00 JST"), "{told}");
    let shown = env.run(&["show", id, "--json"]);
    assert!(shown.stdout.contains("\"snoozed_until\":\"2026-11-23T00:00:00Z\""), "{shown}");
}

#[test]
fn every_mistake_is_told_with_line_column_and_remedy() {
    let env = Environment::new();
    let text = GOOD.replace("host", "hots").replace("password_command", "passwort_command");
    env.write("c.toml", &format!("{text}\n[sending]\nundo_seconds = \"ten\"\n"));
    insta::assert_snapshot!(env.run(&["config", "check", "--config", "c.toml"]));
}

#[test]
fn mistakes_in_how_news_are_told_are_told_with_line_and_remedy() {
    let env = Environment::new();
    let notify =
        "[notify]\nmention = [\"bell\", \"horn\"]\nnew = \"command\"\nquiet = \"8-9\"\nquiet_days = [\"noday\"]\n";
    env.write("c.toml", &format!("{GOOD}{notify}"));
    insta::assert_snapshot!(env.run(&["config", "check", "--config", "c.toml"]));
    let right = "[notify]\nmention = [\"bell\", \"command\"]\nquiet = \"20:00-07:00\"\nquiet_days = [\"sat\"]\ndesktop = \"osc99\"\n\
                 command = \"to-me 'a b'\"\ntitle = true\n";
    env.write("c.toml", &format!("{GOOD}{right}"));
    assert_eq!(env.run(&["config", "check", "--config", "c.toml"]).status, 0);
    let shown = env.run(&["config", "show", "--config", "c.toml"]).stdout;
    let section = shown.split("[notify]").nth(1).unwrap().split("\n[").next().unwrap();
    insta::assert_snapshot!(section.trim());
}

#[test]
fn the_paths_follow_flags_and_environment() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["config", "path"]));
    insta::assert_snapshot!(env.run(&["config", "path", "--json", "--config", "other.toml"]));
}

#[test]
fn a_config_that_others_may_write_is_refused_because_it_names_commands() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = Environment::new();
    let path = env.write("c.toml", GOOD);
    let folder = path.parent().unwrap();
    let allow = |place: &std::path::Path, mode| {
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let check = || env.run(&["config", "check", "--config", "c.toml"]);
    allow(&path, 0o666);
    let said = check();
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("everybody may write this") && said.stderr.contains("chmod go-w"), "{said}");
    allow(&path, 0o644);
    assert_eq!(check().status, 0);
    allow(folder, 0o757);
    let said = check();
    assert_eq!(said.status, 2, "whoever may write the folder can put another file in its place: {said}");
    assert!(said.stderr.contains(": everybody may write"), "{said}");
    allow(folder, 0o700);
    assert_eq!(check().status, 0);
}

#[test]
fn a_config_of_another_user_runs_nothing_also_where_it_lies_in_the_folder_of_the_store() {
    let env = Environment::new();
    let mark = env.path("ran");
    let given = GOOD.replace("pass show x", &format!("touch {}", mark.display()));
    let store = env.path("others");
    std::fs::create_dir(&store).unwrap();
    let config = store.join("config.toml");
    std::fs::write(&config, given).unwrap();
    if std::os::unix::fs::chown(&config, Some(65_534), None).is_err() {
        println!("skipped: only root can give a file away");
        return;
    }
    let said = env.run(&["sync", "--store", store.to_str().unwrap()]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("belongs to another user (number 65534)"), "{said}");
    assert!(!mark.exists());
}
