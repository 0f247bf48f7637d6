//! Two users of one machine: a config for all in `/etc/xdg` under each one's own, and a store each.

#![allow(clippy::print_stderr, reason = "it says what it skips")]

use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Users that no system has by name.
const ALICE: u32 = 54_321;
const BOB: u32 = 54_322;

const SHARED: &str = "[agent.alice]\nname = \"Alice\"\n[agent.bob]\nname = \"Bob\"\n[ui]\ntheme = \"dark\"\nsort = \"activity\"\n\
    [sending]\ncompany = \"Example Ltd\"\n";

struct Box {
    dir: TempDir,
}

impl Box {
    /// `None` where nobody can become another user.
    fn new() -> Option<Self> {
        if !rustix::process::geteuid().is_root() {
            eprintln!("skipped: only root can become two users");
            return None;
        }
        let dir = TempDir::with_prefix("postroom-box-").unwrap();
        let shared = Self { dir };
        open(shared.dir.path(), 0o755);
        // The program may lie where only root comes.
        std::fs::copy(env!("CARGO_BIN_EXE_postroom"), shared.path("postroom")).unwrap();
        open(&shared.path("postroom"), 0o755);
        std::fs::create_dir_all(shared.path("xdg/postroom")).unwrap();
        std::fs::write(shared.shared(), SHARED).unwrap();
        for (name, uid) in [("alice", ALICE), ("bob", BOB)] {
            let config = shared.path(name).join(".config/postroom");
            std::fs::create_dir_all(&config).unwrap();
            let own = format!("[account.own]\nkind = \"local\"\n[inbox.{name}]\naddress = \"{name}@example.com\"\n");
            std::fs::write(config.join("config.toml"), own).unwrap();
            for below in ["", ".config", ".config/postroom", ".config/postroom/config.toml"] {
                chown(shared.path(name).join(below), Some(uid), Some(uid)).unwrap();
            }
            open(&shared.path(name), 0o700);
        }
        Some(shared)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn shared(&self) -> PathBuf {
        self.path("xdg/postroom/config.toml")
    }

    /// Runs a command as a user.
    fn run(&self, user: &str, uid: u32, args: &[&str]) -> Output {
        let mut command = Command::new("setpriv");
        command.args([format!("--reuid={uid}"), format!("--regid={uid}"), "--clear-groups".to_owned()]);
        command.arg(self.path("postroom")).args(args).current_dir("/").stdin(Stdio::null());
        command.env_clear().env("HOME", self.path(user)).env("USER", user).env("XDG_CONFIG_DIRS", self.path("xdg"));
        command.output().unwrap()
    }
}

fn open(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn two_users_share_a_config_and_neither_the_other_s_store_nor_account() {
    let Some(shared) = Box::new() else { return };
    let mail = shared.path("mail.eml");
    std::fs::write(
        &mail,
        "From: ana@example.org\nTo: alice@example.com\nSubject: only for alice\nMessage-ID: <a@x>\n\nhi\n",
    )
    .unwrap();
    open(&mail, 0o644);
    let imported = shared.run("alice", ALICE, &["import", mail.to_str().unwrap(), "--to", "own", "--open"]);
    assert!(imported.status.success(), "{imported:?}");
    for (user, uid, finds) in [("alice", ALICE, true), ("bob", BOB, false)] {
        let shown = text(&shared.run(user, uid, &["config", "show"]).stdout);
        for said in ["theme = \"dark\"", "company = \"Example Ltd\"", &format!("handle = \"{user}\""), "[account.own]"]
        {
            assert!(shown.contains(said), "{said}: {shown}");
        }
        let list = text(&shared.run(user, uid, &["list"]).stdout);
        assert_eq!(list.contains("only for alice"), finds, "{user}: {list}");
    }
    let store = shared.path("alice/.local/share/postroom");
    let other = shared.run("bob", BOB, &["list", "--store", store.to_str().unwrap()]);
    assert!(!other.status.success() && !text(&other.stdout).contains("only for alice"), "{other:?}");
    let own = shared.path("bob/.config/postroom/config.toml");
    let config = std::fs::read_to_string(&own).unwrap();
    std::fs::write(&own, format!("{config}[ui]\ntheme = \"light\"\n")).unwrap();
    let shown = text(&shared.run("bob", BOB, &["config", "show"]).stdout);
    assert!(shown.contains("theme = \"light\"") && shown.contains("sort = \"activity\""), "{shown}");
}

#[test]
fn a_config_for_all_that_others_can_change_is_refused() {
    let Some(shared) = Box::new() else { return };
    let refused = |why: &str| {
        let said = shared.run("alice", ALICE, &["config", "check"]);
        assert!(said.status.code() == Some(2) && text(&said.stderr).contains(why), "{why}: {said:?}");
    };
    open(&shared.shared(), 0o646);
    refused("config.toml");
    open(&shared.shared(), 0o644);
    assert!(shared.run("alice", ALICE, &["config", "check"]).status.success());
    chown(shared.shared(), Some(BOB), None).unwrap();
    refused(&BOB.to_string());
}
