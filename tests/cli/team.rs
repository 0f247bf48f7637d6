use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;

use crate::environment::{Environment, Said};

/// A config of one local account, with a team of its own.
const CONFIG: &str = r#"[me]
handle = "alice"
[agent.alice]
name = "Alice Moor"
address = ["alice@team.example", "alice@home.example"]
[agent.bob]
name = "Bob Dale"
address = "bob@team.example"
[teams]
billing = ["bob"]
[account.main]
local = true
[inbox.support]
address = "support@team.example"
aliases = ["help@team.example"]
"#;

struct Room {
    env: Environment,
    config: PathBuf,
}

impl Room {
    fn new() -> Self {
        let env = Environment::new();
        let config = env.write("config.toml", CONFIG);
        Self { env, config }
    }

    fn run(&self, args: &[&str]) -> Said {
        let mut command = self.env.command(args);
        command.env("POSTROOM_CONFIG", &self.config);
        self.env.run_with(command, "")
    }

    /// Writes another config; the next command reads it.
    fn says(&self, from: &str, to: &str) {
        let text = std::fs::read_to_string(&self.config).unwrap();
        assert!(text.contains(from), "{text}");
        std::fs::write(&self.config, text.replace(from, to)).unwrap();
    }
}

#[test]
fn a_record_is_written_from_the_config_shown_and_changed_piece_by_piece() {
    let room = Room::new();
    let mut talk = String::new();
    let long: [&[&str]; 9] = [
        &["team", "show"],
        &["team", "set", "--from-config", "--dry-run"],
        &["team", "set", "--from-config"],
        &["team", "set", "--from-config"],
        &["team", "set", "--team", "care=alice,@bob", "--team", "billing=", "--authserv", "mx.team.example"],
        &["team", "set", "--colleague", "carol", "--alias", "info@team.example", "--alias", "post@team.example"],
        &["team", "show"],
        &["team", "show", "--json"],
        &["team", "set", "--team", "billing=bob", "--json"],
    ];
    for args in long {
        talk.push_str(&format!("$ {}\n{}", args.join(" "), room.run(args)));
    }
    insta::assert_snapshot!(talk);
}

#[test]
fn what_can_not_be_so_is_refused_and_nothing_is_written() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    let before = room.run(&["team", "show", "--json"]).stdout;
    let mut talk = String::new();
    let long: [&[&str]; 10] = [
        &["team", "set"],
        &["team", "set", "--team", "bob=alice"],
        &["team", "set", "--team", "me=alice"],
        &["team", "set", "--team", "care=alcie"],
        &["team", "set", "--team", "care"],
        &["team", "set", "--colleague", "bob=bob at home"],
        &["team", "set", "--inbox", "sales=help@team.example"],
        &["team", "set", "--alias", "suport=x@team.example"],
        &["team", "set", "--authserv", "mx; dkim=pass"],
        &["team", "show", "--account", "other"],
    ];
    for args in long {
        talk.push_str(&format!("$ {}\n{}", args.join(" "), room.run(args)));
    }
    insta::assert_snapshot!(talk);
    assert_eq!(room.run(&["team", "show", "--json"]).stdout, before);
}

#[test]
fn the_record_counts_where_a_config_says_otherwise() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config", "--team", "care=alice,bob"]).status, 0);
    // Of the record, though no config names it.
    assert_eq!(room.run(&["count", "assignee:care is:active"]).stdout.trim(), "0");
    room.says("billing = [\"bob\"]", "billing = [\"alice\"]\nweb = [\"alice\"]");
    room.says("help@team.example", "info@team.example");
    insta::assert_snapshot!(room.run(&["team", "show"]));
    let set = room.run(&["team", "set", "--from-config"]);
    assert_eq!(set.status, 0, "{set}");
    let shown = room.run(&["team", "show"]).to_string();
    assert!(shown.contains("web") && shown.contains("info@team.example") && !shown.contains("which counts"), "{shown}");
}

#[test]
fn a_difference_is_told_once_at_sync_until_it_is_otherwise_and_is_no_failure() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    let mut talk = room.run(&["sync"]).to_string();
    room.says("billing = [\"bob\"]", "billing = [\"alice\"]");
    for args in [&["sync"][..], &["sync"]] {
        talk.push_str(&format!("$ differs\n{}", room.run(args)));
    }
    room.says("[inbox.support]", "[inbox.sales]\naddress = \"sales@team.example\"\n[inbox.support]");
    talk.push_str(&format!("$ more differs\n{}", room.run(&["sync", "--json"])));
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    talk.push_str(&format!("$ agrees\n{}", room.run(&["sync"])));
    insta::assert_snapshot!(talk);
}

#[test]
fn a_change_of_the_record_is_taken_back_by_undo() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    assert_eq!(room.run(&["team", "set", "--team", "billing="]).status, 0);
    let undone = room.run(&["undo"]);
    assert_eq!(undone.status, 0, "{undone}");
    let shown = room.run(&["team", "show"]).to_string();
    assert!(shown.contains("billing"), "{shown}");
}

#[test]
fn a_demo_team_is_assigned_to_found_and_mentioned_by_verb_and_handed_out_to_its_members() {
    let env = Environment::demo();
    let set = env.run(&["team", "set", "--team", "workshop=alice,deniz", "--team", "sales=bob"]);
    assert_eq!(set.status, 0, "{set}");
    let id = env.run(&["list", "tag:recall", "--format", "ids"]).stdout.trim().to_owned();
    let mut talk = String::new();
    let long: [&[&str]; 6] = [
        &["assign", "workshop", &id],
        &["assign", "workshp", &id],
        &["list", "assignee:workshop"],
        &["count", "assignee:workshop is:active"],
        &["count", "assignee:workshop is:mine"],
        &["note", "@workshop please look", &id],
    ];
    for args in long {
        talk.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    let shown = env.run(&["log", &id, "-n", "1", "--json"]).stdout;
    talk.push_str(&format!("$ log\n{shown}"));
    talk.push_str(&format!("$ next\n{}", env.run(&["next", "--peek", "assignee:workshop"])));
    insta::assert_snapshot!(talk);
}

#[test]
fn the_log_counts_no_conversations_where_a_record_is_about_the_team() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    let said = room.run(&["log", "-n", "1"]);
    assert!(said.stdout.contains("  -  ") && !said.stdout.contains("convs"), "{said}");
}

#[test]
fn what_several_processes_set_at_once_all_counts() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    let names: Vec<String> = (0..12).map(|n| format!("crew{n}")).collect();
    let running: Vec<_> = names
        .iter()
        .map(|name| {
            let mut command = room.env.command(&["team", "set", "--team", &format!("{name}=alice")]);
            command.env("POSTROOM_CONFIG", &room.config).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut one in running {
        assert!(one.wait().unwrap().success());
    }
    let said = room.run(&["team", "show"]).stdout;
    let lost: Vec<&String> = names.iter().filter(|name| !said.contains(&format!("{name} "))).collect();
    assert!(lost.is_empty(), "{lost:?} are lost: {said}");
}

#[test]
fn an_inbox_that_a_set_makes_is_named_as_new() {
    let room = Room::new();
    assert_eq!(room.run(&["team", "set", "--from-config"]).status, 0);
    let said = room.run(&["team", "set", "--inbox", "suport=x@team.example"]);
    assert!(said.stderr.contains("suport is a new inbox"), "{said}");
    let said = room.run(&["team", "set", "--inbox", "support=y@team.example"]);
    assert!(!said.stderr.contains("new inbox"), "{said}");
}

/// A config with all that an invitation may hold, and what it may not.
const INVITING: &str = r##"
[me]
handle = "alice"
[agent.alice]
name = "Alice"
address = "alice@example.com"
[teams]
billing = ["alice"]
[account.main]
log_key = "0123456789abcdef0123456789abcdef"
[account.main.imap]
host = "imap.example.com"
user = "team's box"
password_command = "echo hunter2"
ca_file = "~/alice-keeps-it-here.pem"
[account.main.smtp]
host = "smtp.example.com"
[account.other.imap]
host = "imap.example.org"
user = "sales@example.org"
auth = "oauth2"
[account.other.oauth2]
provider = "microsoft"
client_id = "a-client"
client_secret = "horse-battery"
[account.archive]
kind = "local"
[inbox.support]
address = "support@example.com"
account = "main"
[inbox.sales]
address = "sales@example.org"
account = "other"
[inbox.old]
address = "old@example.org"
account = "archive"
[signatures]
support = "Kind regards\n'; rm -rf $HOME #"
[hook.mine]
on = "new"
run = ["true"]
"##;

/// Runs a script as somebody who has nothing but the program.
fn run_script(person: &Environment, script: &str) -> std::process::Output {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_postroom")).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap();
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", script]).env_clear().env("HOME", person.path("home")).env("PATH", format!("{program}:{path}"));
    shell.output().unwrap()
}

#[test]
fn an_invitation_is_what_a_colleague_runs_and_holds_no_secret() {
    let env = Environment::new();
    std::fs::create_dir_all(env.path("home/.config/postroom")).unwrap();
    let file = env.write("home/.config/postroom/config.toml", INVITING);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let said = env.run(&["team", "invite", "bob", "--name", "Bob Ray", "--address", "bob@example.com"]);
    insta::assert_snapshot!(said);
    for secret in ["hunter2", "horse-battery", "[hook", "[account.archive", "alice-keeps"] {
        assert!(!said.stdout.contains(secret), "{secret}: {said}");
    }
    // The colleague runs it, up to where it logs in.
    let bob = Environment::of_person(2);
    let script = said.stdout.replace("postroom login other\n", "").replace("postroom sync\n", "");
    let run = |bob: &Environment| run_script(bob, &script);
    let first = run(&bob);
    assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
    let written = bob.path("home/.config/postroom/config.toml");
    assert_eq!(std::fs::metadata(&written).unwrap().permissions().mode() & 0o777, 0o600);
    let shown = bob.run(&["config", "show"]);
    assert!(shown.stdout.contains("handle = \"bob\"") && shown.stdout.contains("password_prompt = true"), "{shown}");
    let again = run(&bob);
    assert!(
        again.status.code() == Some(1) && String::from_utf8_lossy(&again.stderr).contains("is there already"),
        "{again:?}"
    );
}

#[test]
fn no_text_and_no_name_of_the_config_is_run_by_whoever_is_invited() {
    let env = Environment::new();
    std::fs::create_dir_all(env.path("home/.config/postroom")).unwrap();
    let config = INVITING
        .replace("'; rm -rf $HOME #", "END-OF-CONFIG\\ntouch $HOME/was-run\\nEND-OF-CONFIG-")
        .replace("account.other", "account.\"o;x\"")
        .replace("account = \"other\"", "account = \"o;x\"");
    let file = env.write("home/.config/postroom/config.toml", &config);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    let said = env.run(&["team", "invite", "bob"]);
    assert!(said.stdout.contains("postroom login 'o;x'\n"), "{said}");
    let script = said.stdout.replace("postroom login 'o;x'\n", "").replace("postroom sync\n", "");
    let bob = Environment::of_person(2);
    let ran = run_script(&bob, &script);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert!(!bob.path("home/was-run").exists(), "{script}");
    let written = std::fs::read_to_string(bob.path("home/.config/postroom/config.toml")).unwrap();
    assert!(written.contains("\ntouch $HOME/was-run\n"), "the signature is whole: {written}");
}

#[test]
fn who_is_on_the_log_is_listed_with_version_and_when_they_were_last_heard_of() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["team"]));
    let json = env.run(&["team", "--jq", "select(.agent == \"bob\") | [.host, .version, .last_seen, .records]"]);
    insta::assert_snapshot!(json);
}
