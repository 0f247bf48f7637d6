//! A query that names an agent, an inbox or a tag that is not known.

use crate::environment::Environment;

#[test]
fn a_slip_in_a_name_is_told_with_the_nearest_and_ends_with_2() {
    let env = Environment::demo();
    let before = env.run(&["log", "--format", "ids"]).stdout;
    let mut talk = String::new();
    let cases: [&[&str]; 17] = [
        &["list", "assignee:bbo"],
        &["list", "-assignee:bbo"],
        &["count", "inbox:suport"],
        &["count", "not inbox:suport"],
        &["show", "-tag:prses", "is:any"],
        &["export", "-tag:prses", "--format", "csv"],
        &["watch", "-tag:prses", "--once"],
        &["next", "inbox:suport"],
        &["next", "--peek", "-tag:prses"],
        &["tag", "vip", "tag:prses"],
        &["status", "closed", "is:any", "-tag:prses"],
        &["status", "closed", "is:any", "not (tag:press or tag:prses)", "--dry-run"],
        &["reply", "tag:prses", "--body", "x", "--draft"],
        &["erase", "tag:prses"],
        &["log", "--actor", "bbo"],
        &["list", "assignee:entirely-else"],
        &["list", "tag:press,prses", "-n", "1"],
    ];
    for args in cases {
        talk.push_str(&format!("$ {}\n{}", args.join(" "), env.run(args)));
    }
    insta::assert_snapshot!(talk);
    assert_eq!(env.run(&["log", "--format", "ids"]).stdout, before, "nothing is done");
}

#[test]
fn to_read_by_a_tag_that_nothing_bears_yet_finds_nothing_and_warns() {
    let env = Environment::demo();
    let list = env.run(&["list", "tag:prses"]);
    assert!(list.status == 1 && list.stdout.is_empty() && list.stderr.contains("did you mean press?"), "{list}");
    let count = env.run(&["count", "tag:prses", "--ok-if-empty"]);
    assert!(count.status == 0 && count.stdout == "0\n", "{count}");
    let watch = env.run(&["watch", "tag:prses", "--once"]);
    assert!(watch.status == 0 && watch.stderr.contains("did you mean press?"), "{watch}");
    // Once it is in use nothing is said, and once it was nothing either.
    assert_eq!(env.run(&["tag", "prses", "x6c0"]).status, 0);
    let list = env.run(&["list", "tag:prses"]);
    assert!(list.status == 0 && list.stderr.is_empty(), "{list}");
    assert_eq!(env.run(&["tag", "-prses", "x6c0"]).status, 0);
    let all = env.run(&["count", "is:any"]).stdout;
    let without = env.run(&["count", "-tag:prses"]);
    assert!(without.status == 0 && without.stdout == all && without.stderr.is_empty(), "{without}");
    assert_eq!(env.run(&["tag", "vip", "tag:prses"]).status, 1);
}

#[test]
fn a_name_that_is_meant_so_is_taken_in_silence() {
    let env = Environment::demo();
    let all = env.run(&["count", "is:any"]).stdout;
    for query in ["-tag:prses", "-assignee:bbo", "-inbox:suport"] {
        let said = env.run(&["count", query, "--allow-unknown"]);
        assert!(said.stdout == all && said.stderr.is_empty() && said.status == 0, "{said}");
    }
    let said = env.run(&["list", "tag:prses", "--allow-unknown", "--quiet"]);
    assert!(said.status == 1 && said.stderr.is_empty(), "{said}");
}

#[test]
fn several_ids_can_be_left_out_at_once() {
    let env = Environment::demo();
    let ids = |args: &[&str]| -> Vec<String> { env.run(args).stdout.lines().map(str::to_owned).collect() };
    let all = ids(&["list", "is:any", "--format", "ids"]);
    let without = ids(&["list", "is:any", "-id:x6c0,jm3n", "--format", "ids"]);
    assert_eq!(without.len(), all.len() - 2);
    assert!(without.iter().all(|id| !id.starts_with("x6c0") && !id.starts_with("jm3n")), "{without:?}");
    let both = ids(&["list", "id:x6c0,jm3n", "--format", "ids"]);
    assert_eq!(both.len(), 2);
    let pair = env.run(&["count", "is:any", "-id:x6c0,jm3n", "-tag:press"]);
    assert_eq!(pair.status, 0, "{pair}");
}

#[test]
fn the_check_of_the_config_says_where_a_hook_or_a_view_asks_for_an_unknown_name() {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let hooks = "\n[hook.page]\non = [\"new\"]\nrun = \"true\"\nquery = \"inbox:suport -tag:prses assignee:bob\"\n";
    let views = "[view.press]\nquery = \"tag:prses\"\n[view.mine-too]\nquery = \"assignee:bob\"\n";
    std::fs::write(&config, text + hooks + views).unwrap();
    insta::assert_snapshot!(env.run(&["--config", config.to_str().unwrap(), "config", "check"]));
}
