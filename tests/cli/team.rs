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
