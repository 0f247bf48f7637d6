use crate::environment::Environment;

fn recall(env: &Environment) -> String {
    env.run(&["list", "tag:recall", "--format", "ids"]).stdout.trim().to_owned()
}

fn saved(env: &Environment) {
    std::fs::create_dir_all(env.path("store/replies")).unwrap();
    let text = "name: Refund accepted\n---\nHello {customer.first_name|there},\n\n{cursor}\n\norder {order} is refunded.\n{agent.name}\n";
    env.write("store/replies/refund.md", text);
}

#[test]
fn a_dry_run_shows_the_mail_and_keeps_nothing() {
    let env = Environment::demo();
    let said = env.run(&[
        "reply",
        &recall(&env),
        "--no-quote",
        "--body",
        "Hello {customer.first_name}, {x} {{y}}",
        "--dry-run",
    ]);
    assert_eq!(said.status, 0, "{said}");
    for line in ["To: Greta Lindholm <greta.lindholm@example.org>", "Hello Greta, {x} {{y}}", "-- ", "1 mails in all"] {
        assert!(said.to_string().contains(line), "{line}: {said}");
    }
    assert_eq!(env.run(&["draft", "list"]).status, 1);
    assert_eq!(env.run(&["outbox"]).status, 1);
}

#[test]
fn more_mails_than_max_are_refused_with_their_number() {
    let env = Environment::demo();
    let said = env.run(&["reply", "status:open", "--body", "hi", "--draft"]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("conversations match, and --max allows 1"), "{said}");
    assert_eq!(env.run(&["reply", &recall(&env), "--body", "hi"]).status, 2, "nothing says what is to become of it");
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
fn in_the_sample_mail_for_later_waits_for_its_time_and_can_be_taken_back() {
    let env = Environment::demo();
    let later = env.run(&["reply", &recall(&env), "--body", "hi", "--later", "2h"]);
    assert_eq!(later.status, 0, "{later}");
    let waiting = env.run(&["outbox", "--json"]);
    assert!(waiting.stdout.contains("\"state\":\"held\""), "{waiting}");
    assert_eq!(env.run(&["outbox", "cancel", "1"]).status, 0);
    assert_eq!(env.run(&["draft", "list"]).status, 0);
}

#[test]
fn a_saved_reply_wants_its_variables_and_takes_the_text_at_its_cursor() {
    let env = Environment::demo();
    saved(&env);
    let id = recall(&env);
    let said = env.run(&["reply", &id, "--saved", "refund", "--dry-run"]);
    assert_eq!(said.status, 4, "{said}");
    assert!(said.stderr.contains("the text still holds {order}"), "{said}");
    let said =
        env.run(&["reply", &id, "--saved", "Refund accepted", "--set", "order=4412", "--body", "Sorry.", "--dry-run"]);
    assert!(said.stdout.contains("Hello Greta,\n\nSorry.\n\norder 4412 is refunded.\nAlice Moreau\n"), "{said}");
    assert_eq!(env.run(&["reply", &id, "--saved", "refnd", "--dry-run"]).status, 2);
}

#[test]
fn a_draft_is_kept_discarded_and_brought_back() {
    let env = Environment::demo();
    let file = env.write("report.pdf", "%PDF");
    let mut command = env.command(&["reply", &recall(&env), "--body-file", "-", "--draft", "--attach"]);
    command.arg(file);
    let said = env.run_with(command, "From stdin.\n");
    assert_eq!(said.status, 0, "{said}");
    let shown = env.run(&["draft", "show", "1"]);
    assert!(shown.stdout.contains("Attached: report.pdf (4 bytes)") && shown.stdout.contains("From stdin."), "{shown}");
    assert_eq!(env.run(&["draft", "discard", "1"]).status, 0);
    assert_eq!(env.run(&["draft", "list"]).status, 1);
    assert_eq!(env.run(&["draft", "list", "--discarded"]).status, 0);
    assert_eq!(env.run(&["draft", "restore", "1"]).status, 0);
    let json: serde_json::Value = serde_json::from_str(&env.run(&["draft", "list", "--json"]).stdout).unwrap();
    assert_eq!((json["type"].as_str(), json["schema"].as_str()), (Some("draft"), Some("postroom/1")));
}

#[test]
fn saved_replies_are_checked_shared_and_fetched() {
    let env = Environment::demo();
    saved(&env);
    let lint = env.run(&["replies", "lint"]);
    assert_eq!(lint.status, 4, "{lint}");
    assert!(lint.stdout.contains("refund.md:7: {order} is no known variable"), "{lint}");
    assert_eq!(env.run(&["replies", "lint", "--with", "order"]).status, 0);
    assert_eq!(env.run(&["replies", "push"]).status, 0);
    std::fs::remove_file(env.path("store/replies/refund.md")).unwrap();
    assert_eq!(env.run(&["replies", "pull"]).status, 0);
    let file = env.path("store/replies/refund-accepted.md");
    assert!(std::fs::read_to_string(&file).unwrap().contains("order {order} is refunded"));
    std::fs::write(&file, "name: Refund accepted\n---\nmine\n").unwrap();
    assert_eq!(env.run(&["replies", "pull"]).status, 4, "what is here is not written over");
    assert!(std::fs::read_to_string(&file).unwrap().contains("mine"));
    assert_eq!(env.run(&["replies", "push", "--withdraw", "Refund accepted"]).status, 0);
    assert!(env.run(&["replies"]).stdout.contains("here"));
}

#[test]
fn attachments_are_saved_under_free_names_and_piped() {
    let env = Environment::demo();
    let all = env.run(&["list", "has:attachment", "--format", "ids"]).stdout;
    let id = all.lines().next().unwrap().to_owned();
    assert_eq!(env.run(&["attachment", &id]).status, 0);
    let one = env.run(&["attachment", &id, "1", "--save", "out"]).stdout;
    let two = env.run(&["attachment", &id, "1", "--save", "out"]).stdout;
    assert_ne!(one, two, "nothing is written over");
    let piped = env.run(&["attachment", &id, "1", "--pipe", "wc -c"]);
    assert_eq!(piped.status, 0, "{piped}");
    assert_eq!(env.run(&["attachment", &id, "99"]).status, 1);
}
