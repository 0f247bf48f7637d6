//! What somebody set up for themselves: keymaps, keys, themes, views.

use crate::environment::Environment;

/// A sample inbox with rows put in front of its config, and behind it.
fn demo(front: &str, behind: &str) -> Environment {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let plain = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{front}{plain}\n{behind}")).unwrap();
    env
}

const VIEWS: &str = "[view.vip]\nquery = \"tag:vip is:any\"\nkey = \"9\"\nsort = \"waiting\"\n\
                     [view.old]\nquery = \"is:any\"\ncount = false\nsort = \"created\"\norder = \"oldest\"\n";

#[test]
fn views_are_listed_with_key_number_and_query() {
    let env = demo("", VIEWS);
    insta::assert_snapshot!(env.run(&["views"]));
    let json = env.run(&["views", "--json"]).stdout;
    let own: Vec<&str> = json.lines().filter(|line| line.contains("\"own\":true")).collect();
    insta::assert_snapshot!(own.join("\n"));
    assert!(json.lines().all(|line| line.contains("\"type\":\"view\"")), "{json}");
}

#[test]
fn a_list_is_that_of_a_view_in_its_order_narrowed_by_a_query() {
    let env = demo("", VIEWS);
    let ids = |args: &[&str]| -> Vec<String> {
        let said = env.run(&[&["list", "--format", "ids"], args].concat());
        said.stdout.lines().map(str::to_owned).collect()
    };
    assert_eq!(ids(&["--view", "old"]), ids(&["is:any", "--sort", "created", "--reverse"]));
    assert_eq!(ids(&["--view", "old", "--reverse"]), ids(&["is:any", "--sort", "created"]));
    assert_eq!(ids(&["--view", "OLD", "--sort", "waiting"]), ids(&["is:any", "--sort", "waiting"]));
    assert_eq!(ids(&["--view", "waiting"]), ids(&["status:waiting -is:snoozed"]));
    assert_eq!(
        ids(&["--view", "old", "status:open or status:closed"]).len(),
        ids(&["is:any (status:open or status:closed)"]).len()
    );
    let said = env.run(&["list", "--view", "vop"]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("there is no view \"vop\"") && said.stderr.contains("did you mean vip"), "{said}");
}

#[test]
fn views_that_were_saved_are_read_beside_those_of_the_config() {
    let env = demo("", VIEWS);
    std::fs::write(env.path("store/views.toml"), "[view.bugs]\nquery = \"tag:bug\"\n[view.vip]\nquery = \"is:any\"\n")
        .unwrap();
    let names = env.run(&["views", "--format", "ids"]);
    assert!(names.stdout.contains("vip\nold\nbugs\n"), "{names}");
    let said = env.run(&["config", "check"]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("views.toml:3:1: there is a view vip already"), "{said}");
    std::fs::write(env.path("store/views.toml"), b"[view.bugs]\nquery = \"\xff\"\n").unwrap();
    let said = env.run(&["config", "check"]);
    assert!(said.status == 2 && said.stderr.contains("views.toml: "), "{said}");
    assert!(env.run(&["views", "--format", "ids"]).stdout.contains("vip\nold\n"));
}

#[test]
fn a_name_that_a_view_asks_for_and_nobody_knows_is_told_with_its_list() {
    let env = demo("", "[view.typo]\nquery = \"tag:prses\"\n");
    let said = env.run(&["list", "--view", "typo"]);
    assert!(said.stderr.contains("the tag prses") && said.stderr.contains("did you mean press?"), "{said}");
}

#[test]
fn what_is_wrong_with_keys_themes_and_views_is_told_by_line_and_the_rest_works() {
    let rows = "[keys.list]\ngs = \"snooze 2d\"\ng = \"top\"\nX = \"clsoe\"\n[keys.lst]\ny = \"tag\"\n\
                [view.bad]\nquery = \"status:opne\"\n[view.open]\nquery = \"is:any\"\n[view.same]\nquery = \"is:any\"\nkey = \"9\"\n\
                [view.more]\nquery = \"is:any\"\nkey = \"9\"\nsrot = \"waiting\"\n[view.\"a b\"]\nquery = \"is:any\"\n";
    let env = demo("keymap = \"mut\"\ntheme = \"drak\"\n", rows);
    let said = env.run(&["config", "check"]);
    assert_eq!(said.status, 2, "{said}");
    insta::assert_snapshot!(said);
    let json = env.run(&["config", "check", "--json"]).stderr;
    let key = json.lines().find(|line| line.contains("clsoe")).unwrap();
    assert!(key.contains("config.toml\",\"line\":"), "{json}");
    assert_eq!(env.run(&["count", "is:any"]).status, 0);
    let names = env.run(&["views", "--format", "ids"]);
    assert!(names.stdout.contains("same\nmore\n") && !names.stdout.contains("bad"), "{names}");
}

#[test]
fn the_keys_in_force_are_printed_with_the_name_of_the_keymap() {
    let env = demo("keymap = \"mutt\"\n", "[keys.list]\nA = \"assign bob\"\n");
    let json = env.run(&["keys", "--json"]).stdout;
    let has = |json: &str, action: &str, key: &str| {
        json.lines()
            .any(|line| line.contains(&format!("\"action\":\"{action}\"")) && line.contains(&format!("\"{key}\"")))
    };
    assert!(json.lines().all(|line| line.contains("\"keymap\":\"mutt\"")), "{json}");
    assert!(has(&json, "close", "d") && has(&json, "assign bob", "A"), "{json}");
    let emacs = env.run(&["keys", "--preset", "emacs", "--json"]).stdout;
    assert!(has(&emacs, "down", "<c-n>") && !has(&emacs, "close", "d"), "{emacs}");
    assert_eq!(env.run(&["keys", "--preset", "vi"]).status, 2);
    assert_eq!(env.run(&["config", "check"]).status, 0);
}
