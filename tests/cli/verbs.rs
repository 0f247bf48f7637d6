use crate::environment::Environment;

#[test]
fn the_list_fits_a_hundred_columns() {
    let env = Environment::demo();
    let mut command = env.command(&["list", "-n", "12"]);
    command.env("COLUMNS", "100");
    let said = env.run_with(command, "");
    for line in said.stdout.lines() {
        assert!(unicode_width::UnicodeWidthStr::width(line) <= 100, "{line}");
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_list_is_put_in_the_order_that_is_asked_for() {
    let env = Environment::demo();
    let moments = |args: &[&str], field: &str| -> Vec<String> {
        let said = env.run(&[&["list", "is:any", "--json"], args].concat());
        let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()[field].to_string();
        said.stdout.lines().map(read).collect()
    };
    let mut waiting = moments(&["--sort", "waiting"], "waiting_since");
    let nobody = waiting.iter().position(|since| since == "null").unwrap();
    assert!(nobody > 1 && waiting[nobody..].iter().all(|since| since == "null"), "{waiting:?}");
    waiting.truncate(nobody);
    assert!(waiting.is_sorted(), "{waiting:?}");
    let last = moments(&["--sort", "waiting", "--reverse", "-n", "1"], "waiting_since");
    assert_eq!(last.first(), waiting.last());
    assert!(moments(&["--reverse"], "last_at").is_sorted());
    let (created, reverse) =
        (moments(&["--sort", "created"], "id"), moments(&["--sort", "created", "--reverse"], "id"));
    assert!(created.iter().eq(reverse.iter().rev()) && !created.is_empty());
}

#[test]
fn a_table_that_a_program_reads_is_not_cut() {
    let env = Environment::demo();
    let long = "A title that is longer than any screen is wide, so that somebody who looks for its end would look in vain where it is cut: end";
    assert_eq!(env.run(&["title", long, "tag:recall"]).status, 0);
    let said = env.run(&["list", "tag:recall"]);
    assert!(said.stdout.contains(long), "{said}");
}

#[test]
fn the_json_of_a_list_and_of_a_conversation_is_as_written() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["list", "tag:recall", "--json"]));
    insta::assert_snapshot!(env.run(&["show", "tag:recall", "--json"]));
}

#[test]
fn the_json_says_what_reports_ask_for() {
    let env = Environment::demo();
    assert_eq!(
        env.run(&["reply", "tag:recall", "--body", "Please stop riding it.", "--send", "--then", "closed"]).status,
        0
    );
    let _ = env.run(&["sync"]);
    let list = env.run(&["list", "tag:recall", "is:any", "--stats", "--json"]);
    let read = |line: &str| -> serde_json::Value { serde_json::from_str(line).unwrap() };
    let row = read(list.stdout.lines().next().unwrap());
    let stats = &row["stats"];
    insta::assert_snapshot!(serde_json::to_string_pretty(stats).unwrap());
    assert_eq!(row["created"], "2026-11-22T04:00:01Z");
    // A list without it costs nothing for it, and a conversation has it always.
    let plain = read(env.run(&["list", "tag:recall", "is:any", "--json"]).stdout.lines().next().unwrap());
    assert!(plain.get("stats").is_none() && plain["created"] == row["created"]);
    let shown = read(env.run(&["show", "tag:recall", "is:any", "--json"]).stdout.lines().next().unwrap());
    assert_eq!(&shown["stats"], stats);
    let items = shown["items"].as_array().unwrap();
    let sent = items.iter().find(|item| item["direction"] == "outbound").unwrap();
    assert_eq!((&sent["actor"], &sent["sent_by"]), (&"alice".into(), &"agent".into()));
    assert_eq!(sent["parties"]["to"][0]["email"], stats["customers"][0]);
    let exported = read(&env.run(&["export", "tag:recall", "is:any", "--format", "json"]).stdout);
    assert_eq!(&exported["stats"], stats);
}

#[test]
fn a_conversation_is_shown_with_its_messages_notes_and_history() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["show", "subject:4398"]));
}

#[test]
fn counts_are_exact_and_nothing_exits_with_one() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["count", "is:any", "--json"]));
    insta::assert_snapshot!(env.run(&["count", "tag:none-has-this"]));
}

#[test]
fn one_thing_after_another_is_done_undone_and_on_the_log() {
    let env = Environment::demo();
    let id = env.run(&["list", "tag:recall", "--format", "ids"]).stdout.trim().to_owned();
    let mut talk = String::new();
    let long: [&[&str]; 9] = [
        &["assign", "me", &id],
        &["status", "waiting", &id],
        &["tag", "seen,-urgent", &id],
        &["note", "Called her, @carol please write it down", &id],
        &["snooze", "tomorrow 9", &id],
        &["title", "Recall of HB7-20931", &id],
        &["move", "info", &id],
        &["follow", &id],
        &["follow", "--off", "--who", "bob", &id],
    ];
    for args in long {
        talk.push_str(&format!("$ {}\n{}", args[..args.len() - 1].join(" "), env.run(args)));
    }
    talk.push_str(&format!("$ undo\n{}", env.run(&["undo"])));
    talk.push_str(&format!("$ redo\n{}", env.run(&["redo"])));
    talk.push_str(&format!("$ log\n{}", env.run(&["log", &id])));
    insta::assert_snapshot!(talk);
}

#[test]
fn an_undo_names_the_conversations_whose_deed_it_took_back() {
    let env = Environment::demo();
    assert_eq!(env.run(&["status", "closed", "x6c0"]).status, 0);
    let undone = env.run(&["undo", "--json"]);
    let said: serde_json::Value = serde_json::from_str(undone.stdout.trim()).unwrap();
    let name = said["about"][0]["name"].as_str().unwrap();
    assert!(name.ends_with(" x6c0") && said["notice"].as_str().unwrap().contains(name), "{undone}");
    assert!(said["about"][0]["conversation"].as_str().unwrap().starts_with("x6c0"), "{undone}");
    assert_eq!((said["about"].as_array().unwrap().len(), &said["more"]), (1, &serde_json::json!(0)));
    // As text, and of several the first by name and how many more.
    let mut talk = format!("$ redo\n{}", env.run(&["redo"]));
    assert_eq!(env.run(&["tag", "swept", "is:any", "--max", "1000"]).status, 0);
    talk.push_str(&format!("$ undo\n{}", env.run(&["undo"])));
    talk.push_str(&format!("$ batch\n{}", env.pipe(&["batch", "-"], "tag late x6c0\nundo\n")));
    insta::assert_snapshot!(talk);
}

#[test]
fn any_operation_can_be_undone_by_its_id_by_anybody() {
    let env = Environment::demo();
    let id = env.run(&["list", "tag:recall", "--format", "ids"]).stdout.trim().to_owned();
    let log = env.run(&["log", &id, "--json"]);
    let assigned = log.stdout.lines().find(|line| line.contains("\"operation\":\"assign\"")).unwrap();
    let record: serde_json::Value = serde_json::from_str(assigned).unwrap();
    let said = env.run(&["undo", record["id"].as_str().unwrap(), "--agent", "carol"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(env.run(&["count", "tag:recall is:unassigned"]).stdout.trim(), "1");
    assert_eq!(env.run(&["undo", "nonsense"]).status, 2);
}

#[test]
fn next_takes_what_has_waited_longest_and_no_two_agents_get_the_same() {
    let env = Environment::demo();
    let one = env.run(&["next", "--format", "ids", "--agent", "bob"]);
    let two = env.run(&["next", "--format", "ids", "--agent", "carol"]);
    assert_eq!((one.status, two.status), (0, 0));
    assert_ne!(one.stdout, two.stdout);
}

#[test]
fn merge_and_split_move_messages_and_undo_moves_them_back() {
    let env = Environment::demo();
    let two = env.run(&["list", "tag:press", "--format", "ids", "-n", "2"]).stdout;
    let ids: Vec<&str> = two.lines().collect();
    let merged = env.run(&["merge", "--into", ids[0], ids[1]]);
    assert_eq!(merged.status, 0, "{merged}");
    let why = env.run(&["why", ids[0], "--format", "ids"]);
    assert!(why.stdout.lines().count() >= 2, "{why}");
    assert_eq!(env.run(&["show", ids[1], "--format", "ids"]).stdout, why.stdout, "an id once shown keeps resolving");
    assert_eq!(env.run(&["undo"]).status, 0);
    let last = env.run(&["show", "subject:4398", "--format", "ids"]).stdout.lines().last().unwrap().to_owned();
    let split = env.run(&["split", &last]);
    assert_eq!(split.status, 0, "{split}");
    assert_eq!(env.run(&["show", &last, "--format", "ids"]).stdout.trim(), last);
}

#[test]
fn an_id_that_leads_nowhere_is_told_and_never_becomes_a_search() {
    let env = Environment::demo();
    insta::assert_snapshot!(env.run(&["status", "closed", "zzzz"]));
    insta::assert_snapshot!(env.run(&["show", "hello"]));
}

#[test]
fn the_raw_mail_comes_out_as_it_went_in() {
    let env = Environment::demo();
    let said = env.run(&["show", "tag:recall", "--raw", "1"]);
    assert!(said.stdout.contains("Subject: Is the frame recall about my bike?\r\n"), "{said}");
    assert_eq!(env.run(&["show", "tag:recall", "--raw", "9"]).status, 2);
}

#[test]
fn help_names_every_verb() {
    let env = Environment::new();
    insta::assert_snapshot!(env.run(&["--help"]));
}

#[test]
fn every_verb_that_changes_something_has_a_dry_run() {
    let env = Environment::demo();
    let before = env.run(&["log", "--format", "ids"]).stdout;
    let dry: [&[&str]; 10] = [
        &["assign", "carol", "tag:press"],
        &["status", "closed", "tag:press"],
        &["tag", "late,-press", "tag:press"],
        &["note", "Look", "tag:press"],
        &["snooze", "2d", "tag:press"],
        &["title", "Press", "tag:press"],
        &["follow", "tag:press"],
        &["move", "sales", "tag:press"],
        &["merge", "--into", "6bs5", "tag:press"],
        &["split", "--message", "2", "s5sg"],
    ];
    let mut all = String::new();
    for args in dry {
        let args: Vec<&str> = args.iter().copied().chain(["--dry-run"]).collect();
        all.push_str(&format!("$ postroom {}\n{}", args.join(" "), env.run(&args)));
    }
    insta::assert_snapshot!(all);
    assert_eq!(env.run(&["log", "--format", "ids"]).stdout, before);
}

#[test]
fn a_plan_of_a_single_verb_can_be_applied() {
    let env = Environment::demo();
    let plan = env.run(&["merge", "--into", "6bs5", "x6c0", "--dry-run", "--json"]);
    assert_eq!(env.pipe(&["apply", "-"], &plan.stdout).status, 0);
    assert_eq!(env.pipe(&["apply", "-"], &plan.stdout).stderr.trim(), "1 operation was applied already");
    assert_eq!(env.run(&["count", "id:x6c0"]).stdout, env.run(&["count", "id:6bs5"]).stdout);
}

#[test]
fn a_note_is_edited_and_the_old_text_stays_in_the_log() {
    let env = Environment::demo();
    assert_eq!(env.run(&["note", "first", "x6c0"]).status, 0);
    let said = env.pipe(&["note", "-", "x6c0", "--edit"], "second line\nfor @bob\n");
    insta::assert_snapshot!(format!("{said}{}", env.run(&["show", "x6c0", "-n", "1"])));
    insta::assert_snapshot!(env.run(&["log", "x6c0", "-n", "2"]));
    insta::assert_snapshot!(env.run(&["note", "third", "x6c0", "--edit=7"]));
    insta::assert_snapshot!(env.run(&["note", "third", "jm3n", "--edit"]));
    insta::assert_snapshot!(env.run(&["undo"]));
    assert!(env.run(&["log", "x6c0", "--json", "-n", "3"]).stdout.contains("second line\\nfor @bob"));
}

#[test]
fn an_undo_by_id_says_when_there_is_nothing_to_take_back() {
    let env = Environment::demo();
    assert_eq!(env.run(&["status", "closed", "x6c0"]).status, 0);
    let id = env.run(&["log", "-n", "1", "--format", "ids"]).stdout;
    insta::assert_snapshot!(env.run(&["--agent", "bob", "undo", id.trim()]));
    insta::assert_snapshot!(env.run(&["undo", id.trim()]));
    insta::assert_snapshot!(env.run(&["undo", "00000000-0000-0000-0000-00000000ffff"]));
    insta::assert_snapshot!(env.run(&["log", "x6c0"]));
    insta::assert_snapshot!(env.run(&["show", "x6c0", "-n", "1"]));
}

#[test]
fn mentions_are_seen_by_a_verb_too() {
    let env = Environment::demo();
    let before = env.run(&["list", "is:mentioned"]);
    insta::assert_snapshot!(before);
    insta::assert_snapshot!(env.run(&["seen", "is:mentioned"]));
    assert_eq!(env.run(&["count", "is:mentioned"]).stdout.trim(), "0");
    assert_eq!(env.run(&["seen", "is:any"]).status, 0);
}

#[test]
fn a_condition_that_is_negated_in_front_of_a_query_is_no_option() {
    let env = Environment::demo();
    let all: usize = env.run(&["count", "is:any"]).stdout.trim().parse().unwrap();
    let ids = env.run(&["list", "tag:press", "-n", "2", "--json"]).stdout;
    let short =
        |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["short"].as_str().unwrap().to_owned();
    let two: Vec<String> = ids.lines().map(short).collect();
    let without = env.run(&["count", "is:any", &format!("-id:{}", two.join(","))]);
    assert_eq!((without.status, without.stdout.trim()), (0, (all - 2).to_string().as_str()), "{without}");
    let said = env.run(&["list", "-tag:press", "--format", "ids"]);
    let behind = env.run(&["list", "--format", "ids", "--", "-tag:press"]);
    assert_eq!(said.stdout, behind.stdout);
    assert_eq!(said.status, 0, "{said}");
    // Other mistakes are told as ever, with the way to write it.
    let unknown = env.run(&["count", "is:open", "-tga:x"]);
    assert_eq!(unknown.status, 2, "{unknown}");
    assert!(unknown.stderr.contains("-tga:x is read as an option"), "{unknown}");
    assert!(env.run(&["list", "--tga:press"]).stderr.contains("unexpected argument"));
}

#[test]
fn the_web_addresses_of_a_plain_text_are_among_the_links_in_json() {
    let env = Environment::demo();
    let said = env.run(&["show", "is:any", "--json"]);
    let links = said.stdout.lines().flat_map(|line| {
        let shown: serde_json::Value = serde_json::from_str(line).unwrap();
        let items = shown["items"].as_array().cloned().unwrap_or_default();
        items.into_iter().flat_map(|item| item["links"].as_array().cloned().unwrap_or_default())
    });
    assert!(links.into_iter().any(|link| link["number"] == 0), "{}", said.stdout.len());
}

#[test]
fn a_query_that_finds_nothing_says_on_stderr_what_may_have_been_meant() {
    let env = Environment::demo();
    let known = env.run(&["count", "subject:invoice"]);
    assert_eq!(known.status, 0, "{known}");
    let said = env.run(&["list", "subject:invocie"]);
    assert_eq!((said.status, said.stdout.as_str()), (1, ""), "{said}");
    assert!(said.stderr.contains("did you mean \"subject:invoice\"?"), "{said}");
    assert!(!env.run(&["list", "qwertzu"]).stderr.contains("did you mean"));
}
