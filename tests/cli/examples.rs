//! The examples that are no programs: configs of providers, saved replies, a theme, a keymap, units of systemd, a hook. Each is read or run.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::environment::Environment;

fn examples(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(folder);
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    assert!(!all.is_empty());
    all
}

fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// Returns a room with this config, for its owner alone.
fn with_config(text: &str) -> Environment {
    let env = Environment::new();
    std::fs::create_dir_all(env.path("home/.config/postroom")).unwrap();
    let file = env.write("home/.config/postroom/config.toml", text);
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
    env
}

#[test]
fn the_config_of_each_provider_is_read_without_a_complaint() {
    let mut names = Vec::new();
    for path in examples("configs") {
        let text = std::fs::read_to_string(&path).unwrap();
        let env = with_config(&text);
        let said = env.run(&["config", "check", "--json"]);
        assert!(said.status == 0 && said.stdout.contains("config-check"), "{}: {said}", path.display());
        let shown = env.run(&["config", "show"]);
        assert!(
            shown.stdout.contains(".smtp]") && shown.stdout.contains("Example Support"),
            "{}: {shown}",
            path.display()
        );
        // What stands in comments as an alternative is read too.
        let other: String = text
            .lines()
            .map(|line| line.strip_prefix("# ca_file").map_or(line.to_owned(), |rest| format!("ca_file{rest}")))
            .map(|line| line + "\n")
            .collect();
        assert_eq!(with_config(&other).run(&["config", "check"]).status, 0, "{}", path.display());
        names.push(stem(&path).to_owned());
    }
    let wanted = [
        "cyrus",
        "dovecot",
        "dovecot-shared",
        "fastmail",
        "gmail",
        "icloud",
        "mailbox-org",
        "outlook",
        "outlook-shared",
        "yahoo",
        "yandex",
        "zoho",
    ];
    for name in wanted {
        assert!(names.iter().any(|known| known == name), "no example for {name}");
    }
}

#[test]
fn the_saved_replies_are_sound_in_each_language_and_make_a_mail() {
    let env = Environment::demo();
    let folder = env.path("store/replies");
    std::fs::create_dir_all(&folder).unwrap();
    let mut languages = Vec::new();
    for path in examples("replies") {
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let of = |key: &str| text.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim().to_owned();
        languages.push(of("language:"));
        let args = [
            "reply",
            "tag:press",
            "--saved",
            &of("name:"),
            "--set",
            "order=4412",
            "--set",
            "date_new=12.12.2026",
            "--set",
            "company=Example",
            "--dry-run",
            "--max",
            "5",
        ];
        let said = env.run(&args);
        assert!(
            said.status == 0 && said.stdout.contains("4412") && said.stdout.contains("12.12.2026"),
            "{}: {said}",
            path.display()
        );
    }
    languages.sort();
    assert_eq!(languages, ["ar", "en", "th", "tr"]);
    let said = env.run(&["replies", "lint"]);
    assert_eq!(said.status, 0, "{said}");
}

#[test]
fn the_theme_and_the_keymap_are_taken_whole() {
    for (key, folder) in [("theme", "themes"), ("keymap", "keymaps")] {
        for path in examples(folder) {
            let env = Environment::demo();
            let config = env.path("store/config.toml");
            let text = std::fs::read_to_string(&config).unwrap();
            std::fs::write(&config, format!("{key} = \"{}\"\n{text}", stem(&path))).unwrap();
            std::fs::create_dir_all(env.path("store").join(folder)).unwrap();
            std::fs::copy(&path, env.path("store").join(folder).join(path.file_name().unwrap())).unwrap();
            let said = env.run(&["config", "check"]);
            assert_eq!(said.status, 0, "{}: {said}", path.display());
            if key == "keymap" {
                let keys = env.run(&["keys"]);
                assert!(keys.stdout.contains("assign bob"), "{keys}");
            }
        }
    }
}

#[test]
fn the_units_of_systemd_start_what_there_is() {
    let units: Vec<PathBuf> =
        examples("").into_iter().filter(|path| path.extension().is_some_and(|end| end == "service")).collect();
    assert_eq!(units.len(), 2);
    for path in units {
        let text = std::fs::read_to_string(&path).unwrap();
        let rows: Vec<&str> =
            text.lines().map(str::trim).filter(|row| !row.is_empty() && !row.starts_with('#')).collect();
        let of_section = |row: &&str| row.starts_with('[') && row.ends_with(']');
        assert!(rows.iter().all(|row| of_section(row) || row.contains('=')), "{}", path.display());
        let sections: Vec<&str> = rows.iter().copied().filter(|row| of_section(row)).collect();
        assert_eq!(sections, ["[Unit]", "[Service]", "[Install]"]);
        let starts = rows.iter().find_map(|row| row.strip_prefix("ExecStart=")).unwrap();
        let mut words: Vec<&str> = starts.split_whitespace().skip(1).collect();
        words.push("--help");
        let said = Environment::new().run(&words);
        assert!(said.status == 0 && said.stdout.contains("--watch"), "{starts}: {said}");
    }
}

#[test]
fn the_hook_hands_what_was_written_to_the_chat_as_json() {
    let env = Environment::demo();
    let id = env.run(&["list", "tag:press", "--format", "ids"]).stdout.lines().next().unwrap().to_owned();
    let id = id.split('@').next().unwrap().to_owned();
    let mut hook = env.script("to-chat", &[env.path("chat.curl").to_str().unwrap()]);
    // A curl that keeps what it is given.
    let curl = "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$SENT.args\"\ncat > \"$SENT\"\n";
    std::fs::write(env.path("shims/curl"), curl).unwrap();
    std::fs::set_permissions(env.path("shims/curl"), std::fs::Permissions::from_mode(0o755)).unwrap();
    hook.env("POSTROOM_CONVERSATION", &id).env("SENT", env.path("sent"));
    let said = env.run_with(hook, "{\"type\":\"hook\"}\n");
    assert_eq!(said.status, 0, "{said}");
    let sent: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(env.path("sent")).unwrap()).unwrap();
    assert!(sent["text"].as_str().is_some_and(|text| text.contains(": ")), "{sent}");
    let args = std::fs::read_to_string(env.path("sent.args")).unwrap();
    assert!(args.contains("--config") && args.contains("chat.curl"), "{args}");
}
