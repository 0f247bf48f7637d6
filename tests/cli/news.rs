use crate::environment::Environment;
use crate::hangup::Terminal;

fn ids(env: &Environment, query: &str) -> Vec<String> {
    env.run(&["list", query, "--format", "ids"])
        .stdout
        .lines()
        .map(|line| line.split('@').next().unwrap().into())
        .collect()
}

#[test]
fn what_is_marked_as_unread_is_found_said_in_json_and_ended_by_seen_without_a_record() {
    let env = Environment::demo();
    assert_eq!(ids(&env, "is:unread -is:mentioned"), Vec::<String>::new(), "what was there at first is no news");
    let one = ids(&env, "tag:recall").remove(0);
    let marked = env.run(&["seen", "--unread", &one]);
    assert_eq!((marked.status, marked.stderr.trim()), (0, "marked as unread"), "{marked}");
    assert_eq!(ids(&env, "is:unread -is:mentioned"), std::slice::from_ref(&one));
    let json: serde_json::Value =
        serde_json::from_str(&env.run(&["list", "is:unread -is:mentioned", "--json"]).stdout).unwrap();
    assert_eq!((&json["unread"], &json["news"]), (&true.into(), &serde_json::Value::Null));
    let before = env.run(&["log", &one, "--json"]).stdout;
    let seen = env.run(&["seen", &one]);
    assert_eq!(seen.status, 0, "{seen}");
    assert_eq!(ids(&env, "is:unread -is:mentioned"), Vec::<String>::new());
    assert_eq!(env.run(&["log", &one, "--json"]).stdout, before);
}

#[test]
fn the_in_tray_is_a_query_and_says_what_is_new() {
    let env = Environment::demo();
    let tray = env.run(&["list", "is:in-tray", "--json"]);
    assert_eq!(env.run(&["count", "is:in-tray"]).stdout.trim(), tray.stdout.lines().count().to_string());
    let mentioned = env.run(&["list", "is:in-tray is:mentioned", "--json"]).stdout;
    let first: serde_json::Value = serde_json::from_str(mentioned.lines().next().unwrap()).unwrap();
    assert_eq!(first["news"]["kind"], "mention");
    assert!(first["news"]["words"].as_str().unwrap().contains("@alice"), "{first}");
    let seen = env.run(&["seen", "is:mentioned"]);
    assert_eq!(seen.status, 0, "{seen}");
    assert_eq!(env.run(&["count", "is:mentioned"]).stdout.trim(), "0");
}

#[test]
fn the_terminal_gets_the_bytes_of_each_way_and_nothing_that_a_title_smuggles() {
    let words = "bob gave you ";
    for (desktop, begins) in
        [("osc9", "\x1b]9;postroom: "), ("osc777", "\x1b]777;notify;postroom;"), ("osc99", "\x1b]99;i=postroom")]
    {
        let env = Environment::demo();
        let config = env.path("store/config.toml");
        let notify = format!("\n[notify]\nassigned = [\"bell\", \"desktop\"]\ndesktop = \"{desktop}\"\ntitle = true\n");
        let plain = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("theme = \"dark\"\n{plain}{notify}")).unwrap();
        let one = ids(&env, "tag:press").remove(0);
        let titled = env.run(&["--agent", "bob", "title", "evil \u{1b}]52;c;eA==\u{7}\u{9c} end", &one]);
        assert_eq!(titled.status, 0, "{titled}");
        let mut terminal = Terminal::open(&env);
        terminal.wait_for("Nadia");
        assert_eq!(env.run(&["--agent", "bob", "assign", "alice", &one]).status, 0);
        terminal.wait_for(begins);
        let all = terminal.all();
        assert_eq!(all.matches('\u{7}').count(), 1, "it rings once");
        let sequences: Vec<&str> = all.split("\x1b]").skip(1).collect();
        let mine = begins.trim_start_matches("\x1b]");
        assert!(sequences.iter().all(|one| one.starts_with(mine) || one.starts_with("2;● ")), "{sequences:?}");
        let told = sequences.iter().filter(|one| one.starts_with(mine)).count();
        assert_eq!(told, if desktop == "osc99" { 2 } else { 1 });
        assert!(desktop == "osc99" || sequences.iter().any(|one| one.contains(words)), "{sequences:?}");
        assert!(all.contains("\x1b[22;2t") && all.contains("\x1b[23;2t"), "the title is given back");
    }
}

#[test]
fn lines_of_a_batch_mark_as_unread_and_as_looked_at_and_a_rehearsal_keeps_nothing() {
    let env = Environment::demo();
    let one = ids(&env, "tag:recall").remove(0);
    let unread = || ids(&env, "is:unread -is:mentioned");
    let rehearsed = env.pipe(&["batch", "-", "--dry-run"], &format!("seen --unread {one}\n"));
    assert!(rehearsed.stderr.contains("marked as unread"), "{rehearsed}");
    assert_eq!(unread(), Vec::<String>::new());
    let said = env.pipe(&["batch", "-"], &format!("seen --unread {one}\n"));
    assert_eq!((said.status, said.stdout.trim()), (0, "1  seen  marked as unread"), "{said}");
    assert_eq!(unread(), std::slice::from_ref(&one));
    let said = env.pipe(&["batch", "-", "--atomic"], &format!("seen {one}\nseen {one}\n"));
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(said.stdout, "1  seen  marked as looked at\n2  seen  nothing to change: it is so already\n");
    assert_eq!(unread(), Vec::<String>::new());
}
