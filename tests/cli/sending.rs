//! Verbs that write, send and hand out files: what they say and how they end.

use crate::environment::{BEGIN, Environment, Said};

/// The conversation that most of these commands are about.
fn recall(env: &Environment) -> String {
    plain(&env.run(&["list", "tag:recall", "--format", "ids"]))
}

/// The one id that a list printed, without its mark.
fn plain(said: &Said) -> String {
    said.stdout.trim().split('@').next().unwrap_or_default().to_owned()
}

fn saved(env: &Environment) {
    std::fs::create_dir_all(env.path("store/replies")).unwrap();
    let text = "name: Refund accepted\n---\nHello {customer.first_name|there},\n\n{cursor}\n\norder {order} is refunded.\n{agent.name}\n";
    env.write("store/replies/refund.md", text);
}

/// Runs commands one after the other and returns what a person would have on the screen.
fn talk(env: &Environment, commands: &[&[&str]]) -> String {
    commands.iter().map(|args| told(args, &env.run(args))).collect()
}

fn told(args: &[&str], said: &Said) -> String {
    let words: Vec<String> =
        args.iter().map(|arg| if arg.contains([' ', '{']) { format!("'{arg}'") } else { (*arg).to_owned() }).collect();
    format!("$ {}\n{said}", words.join(" "))
}

#[test]
fn a_dry_run_shows_the_mail_in_full_and_keeps_nothing() {
    let env = Environment::demo();
    let id = recall(&env);
    let body = "Hello {customer.first_name}, {x} {{y}}";
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["reply", &id, "--no-quote", "--body", body, "--dry-run"],
            &["reply", &id, "--all", "--quote", "--body", "Thank you.", "--markdown", "--dry-run", "--json"],
            &["forward", &id, "--to", "workshop@example.net", "--body", "Please look.", "--dry-run"],
            &["new", "--to", "Mia <mia@example.net>", "--subject", "Hi", "--body", "Hello", "--dry-run"],
            &["draft", "list"],
            &["outbox"],
        ]
    ));
}

#[test]
fn in_the_sample_mail_is_sent_and_filed_as_on_the_screen() {
    let env = Environment::demo();
    let id = recall(&env);
    let said = env.run(&["reply", &id, "--body", "It is on its way.", "--then", "waiting", "--send"]);
    assert_eq!((said.status, said.stderr.contains("1 sent")), (0, true), "{said}");
    let shown = env.run(&["show", &id]);
    assert!(shown.stdout.contains("It is on its way."), "{shown}");
    assert!(env.run(&["list", "tag:recall", "--json"]).stdout.contains("\"status\":\"waiting\""));
    let sent = env.run(&["new", "--to", "mia@south.example", "--subject", "Your zebras", "--body", "4,000.", "--send"]);
    assert_eq!(sent.status, 0, "{sent}");
    assert_eq!(env.run(&["count", "subject:zebras"]).stdout.trim(), "1");
    let forward = env.run(&["forward", &id, "--to", "dave@d.example", "--body", "See below.", "--send"]);
    assert_eq!(forward.status, 0, "{forward}");
    assert_eq!(env.run(&["outbox"]).status, 1, "nothing is left in the outbox");
}

#[test]
fn what_can_not_be_a_mail_is_refused_with_the_reason() {
    let env = Environment::demo();
    let id = recall(&env);
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["reply", "status:open", "--body", "hi", "--draft"],
            &["reply", &id, "--body", "hi"],
            &["reply", &id, "--send"],
            &["reply", "zzzz", "--body", "hi", "--send"],
            &["reply", "tag:none-has-this", "--body", "hi", "--send"],
            &["reply", &id, "--body", "hi", "--attach", "no-such-file", "--draft"],
            &["reply", &id, "--body-file", "no-such-file", "--draft"],
            &["reply", &id, "--body", "hi", "--later", "whenever", "--send"],
            &["forward", &id, "--body", "Please look.", "--draft"],
            &["new", "--subject", "Hi", "--body", "Hello", "--send"],
            &["new", "--to", "nobody", "--subject", "Hi", "--body", "Hello", "--send"],
            &["new", "--to", "mia@example.net", "--subject", "Hi", "--body", "Hello", "--inbox", "suport", "--send"],
        ]
    ));
}

#[test]
fn a_reply_goes_out_and_sets_the_status() {
    let env = Environment::demo();
    let id = recall(&env);
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["reply", &id, "--body", "Your bike is safe.", "--send"],
            &["count", "tag:recall status:waiting"],
            &["reply", &id, "--body", "All the best.", "--then", "closed", "--send"],
            &["count", "tag:recall status:closed"],
            &["forward", &id, "--to", "workshop@example.net", "--send"],
            &["count", "tag:recall status:closed"],
            &["outbox", "list", "--all"],
            &["outbox", "show", "1"],
            &["log", &id],
        ]
    ));
}

#[test]
fn a_mail_that_waits_is_listed_taken_back_and_sent_from_its_draft() {
    let env = Environment::demo();
    let id = recall(&env);
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["reply", &id, "--no-quote", "--body", "Later.", "--later", "2026-12-01 08:00", "--send"],
            &["reply", &id, "--no-quote", "--body", "Later.", "--later", "2026-12-01 08:00", "--send"],
            &["outbox"],
            &["outbox", "--json"],
            &["outbox", "show", "1"],
            &["outbox", "show", "1", "--json"],
            &["outbox", "cancel", "1"],
            &["outbox", "cancel", "1"],
            &["outbox", "retry", "1"],
            &["draft", "list"],
            &["draft", "send", "1"],
            &["outbox"],
            &["outbox", "show", "99"],
        ]
    ));
}

#[test]
fn a_mail_is_stopped_when_a_colleague_was_faster_and_can_be_sent_anyway() {
    let env = Environment::demo();
    let id = recall(&env);
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["reply", &id, "--no-quote", "--body", "Mine.", "--later", "2h", "--send"],
            &["reply", &id, "--no-quote", "--body", "Faster.", "--send", "--agent", "bob"],
            &["outbox", "retry", "1"],
            &["outbox"],
            &["outbox", "send-anyway", "1"],
            &["outbox", "list", "--all"],
            &["show", &id, "-n", "4"],
        ]
    ));
}

/// A room whose account has a server that nobody can reach; `smtp` stands behind it in the config.
fn unplugged(smtp: &str) -> Environment {
    let env = Environment::new();
    std::fs::create_dir_all(env.path("home/.config/postroom")).unwrap();
    let server = "host = \"localhost\"\nport = 1\nsecurity = \"plain\"\n";
    let config = format!(
        "[me]\nhandle = \"alice\"\n\n[account.main.imap]\n{server}user = \"team\"\npassword_command = \"echo pass\"\n\n\
         {}[inbox.support]\naddress = \"support@shop.example\"\n",
        smtp.replace("SERVER", server)
    );
    env.write("home/.config/postroom/config.toml", &config);
    env
}

#[test]
fn without_a_connection_a_mail_is_kept_in_the_outbox() {
    let env = unplugged("[account.main.smtp]\nSERVER\n");
    let new = ["new", "--to", "mia@example.net", "--subject", "Hi", "--body", "Hello"];
    insta::assert_snapshot!(talk(
        &env,
        &[
            &[&new[..], &["--send", "--offline"]].concat(),
            &["outbox"],
            &["outbox", "retry", "1"],
            &["outbox"],
            &["outbox", "cancel", "1"],
            &[&new[..], &["--draft"]].concat(),
            &["draft", "list"],
        ]
    ));
}

#[test]
fn mail_that_was_left_is_told_by_every_postroom_on_the_store() {
    let env = unplugged("[account.main.smtp]\nSERVER\n");
    let _ = env.run(&["new", "--to", "mia@example.net", "--subject", "Hi", "--body", "Hello", "--send", "--offline"]);
    let later = |args: &[&str]| {
        let mut command = env.command(args);
        command.env("POSTROOM_CLOCK", "2026-11-22T12:00:00Z");
        told(args, &env.run_with(command, ""))
    };
    let said: Vec<String> =
        [&["list"][..], &["outbox"], &["sync", "--offline"], &["sync", "--status"]].into_iter().map(later).collect();
    insta::assert_snapshot!(said.concat());
}

#[test]
fn an_account_that_can_only_read_mail_says_so() {
    let env = unplugged("");
    let new = ["new", "--to", "mia@example.net", "--subject", "Hi", "--body", "Hello", "--send"];
    insta::assert_snapshot!(talk(&env, &[&new, &["outbox"]]));
}

#[test]
fn a_saved_reply_wants_its_variables_and_takes_the_text_at_its_cursor() {
    let env = Environment::demo();
    saved(&env);
    let id = recall(&env);
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["reply", &id, "--saved", "refund", "--dry-run"],
            &["reply", &id, "--saved", "Refund accepted", "--set", "order=4412", "--body", "Sorry.", "--dry-run"],
            &["reply", &id, "--saved", "refnd", "--dry-run"],
            &["reply", &id, "--saved", "refund", "--set", "order", "--dry-run"],
        ]
    ));
}

#[test]
fn a_draft_is_kept_discarded_and_brought_back() {
    let env = Environment::demo();
    env.write("report.pdf", "%PDF");
    let id = recall(&env);
    let args = ["reply", &id, "--body-file", "-", "--draft", "--attach", "report.pdf"];
    let mut text = told(&args, &env.pipe(&args, "From stdin.\n"));
    text.push_str(&talk(
        &env,
        &[
            &["draft", "list"],
            &["draft", "list", "--json"],
            &["draft", "show", "1"],
            &["draft", "discard", "1"],
            &["draft", "list"],
            &["draft", "list", "--discarded"],
            &["draft", "restore", "1"],
            &["draft", "list", "--format", "ids"],
            &["draft", "show", "99"],
        ],
    ));
    insta::assert_snapshot!(text);
}

#[test]
fn a_file_can_come_from_stdin_under_a_name() {
    let env = Environment::demo();
    let id = recall(&env);
    let args = ["reply", &id, "--body", "Here.", "--attach", "-", "--attach-name", "../list.csv", "--draft"];
    let mut text = told(&args, &env.pipe(&args, "a,b\n"));
    text.push_str(&talk(&env, &[&["draft", "show", "1"]]));
    insta::assert_snapshot!(text);
}

#[test]
fn many_are_answered_each_by_name_when_max_allows_it() {
    let env = Environment::demo();
    insta::assert_snapshot!(talk(
        &env,
        &[
            &[
                "reply",
                "tag:press",
                "--no-quote",
                "--body",
                "Dear {customer.first_name|team},\n\nwe call you.",
                "--max",
                "9",
                "--dry-run"
            ],
            &["reply", "tag:press", "--no-quote", "--body", "We call you.", "--max", "9", "--send"],
            &["outbox", "list", "--all", "--format", "ids"],
        ]
    ));
}

#[test]
fn saved_replies_are_checked_shared_and_fetched() {
    let env = Environment::demo();
    saved(&env);
    let mut text = talk(
        &env,
        &[
            &["replies"],
            &["replies", "show", "refund"],
            &["replies", "show", "refnd"],
            &["replies", "lint"],
            &["replies", "lint", "--with", "order"],
            &["replies", "push"],
            &["replies", "push"],
            &["replies", "list", "--json"],
        ],
    );
    std::fs::remove_file(env.path("store/replies/refund.md")).unwrap();
    text.push_str(&talk(&env, &[&["replies", "pull"]]));
    let file = env.path("store/replies/refund-accepted.md");
    assert!(std::fs::read_to_string(&file).unwrap().contains("order {order} is refunded"));
    std::fs::write(&file, "name: Refund accepted\n---\nmine\n").unwrap();
    text.push_str(&talk(&env, &[&["replies", "pull"]]));
    assert!(std::fs::read_to_string(&file).unwrap().contains("mine"), "what is here is not written over");
    text.push_str(&talk(&env, &[&["replies", "push", "--withdraw", "Refund accepted"], &["replies"]]));
    insta::assert_snapshot!(text);
}

#[test]
fn attachments_are_listed_saved_under_free_names_and_piped() {
    let env = Environment::demo();
    let id = plain(&env.run(&["list", "attachment:receipt", "--format", "ids"]));
    insta::assert_snapshot!(talk(
        &env,
        &[
            &["attachment", &id],
            &["attachment", &id, "--json"],
            &["attachment", &id, "1", "--save", "out"],
            &["attachment", &id, "1", "--save", "out"],
            &["attachment", &id, "1", "--pipe", "head -c 4"],
            &["attachment", &id, "1", "--pipe", "exit 3"],
            &["attachment", &id, "99"],
            &["attachment", "zzzz"],
        ]
    ));
}

#[test]
fn an_opened_attachment_is_taken_away_a_day_later_by_whatever_verb_runs_next() {
    let env = Environment::demo();
    let lay = |name: &str, hours: u64| {
        let own = env.path("store/opened").join(name);
        std::fs::create_dir_all(&own).unwrap();
        std::fs::write(own.join("invoice.pdf"), "%PDF").unwrap();
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(BEGIN.unsigned_abs() - hours * 3600);
        std::fs::File::open(&own).unwrap().set_modified(at).unwrap();
        own
    };
    for verb in [&["list"][..], &["count", "is:any"], &["views"]] {
        let (old, fresh) = (lay("old", 25), lay("fresh", 23));
        assert_eq!(env.run(verb).status, 0, "{verb:?}");
        assert!(!old.exists() && fresh.exists(), "{verb:?}");
    }
}

#[test]
fn a_shared_reply_that_was_changed_wants_a_look_before_it_goes_out_again() {
    let env = Environment::demo();
    let id = recall(&env);
    let file = env.path("store/replies/refund.md");
    std::fs::create_dir_all(env.path("store/replies")).unwrap();
    let share = |text: &str| {
        std::fs::write(&file, format!("name: Refund accepted\n---\n{text}")).unwrap();
        let said = env.run(&["replies", "push", "--agent", "bob"]);
        assert_eq!(said.status, 0, "{said}");
        std::fs::remove_file(&file).unwrap();
    };
    let reply = ["reply", &id, "--no-quote", "--saved", "Refund accepted"];
    let with = |more: &[&'static str]| [&reply[..], more].concat();
    share("Hello,\n\nyour money is on its way.\nFollow it at https://bank.example/refunds\n\nBye\n");
    let mut text = talk(
        &env,
        &[
            &["replies"],
            &["replies", "list", "--json"],
            &["replies", "show", "refund accepted"],
            // Neither kept nor sent: not used.
            &with(&["--dry-run"]),
            &with(&["--draft"]),
        ],
    );
    share(
        "Hello,\n\nyour money is on its way.\nFollow it at https://bank.example@evil.example/refunds \u{202e}\u{1b}[2J\n\nBye\n",
    );
    text.push_str(&talk(
        &env,
        &[
            &["replies"],
            &["replies", "list", "--json"],
            &with(&["--send"]),
            &with(&["--dry-run"]),
            &with(&["--accept-changed", "--dry-run"]),
            &with(&["--draft"]),
            &with(&["--accept-changed", "--draft"]),
            &with(&["--draft"]),
            &["draft", "list"],
            &["reply", &id, "--body", "Hello", "--accept-changed", "--draft"],
        ],
    ));
    insta::assert_snapshot!(text);
}

#[test]
fn what_is_pulled_over_a_file_is_told_as_a_difference() {
    let env = Environment::demo();
    saved(&env);
    let file = env.path("store/replies/refund.md");
    let mine = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, mine.replace("is refunded.", "is refunded, see https://evil.example")).unwrap();
    let mut text = talk(&env, &[&["replies", "push", "--agent", "bob"]]);
    std::fs::write(&file, mine).unwrap();
    text.push_str(&talk(&env, &[&["replies", "pull", "--force"]]));
    insta::assert_snapshot!(text);
}
