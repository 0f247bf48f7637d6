//! The scripts under `examples/scripts`, each at its job on the sample inbox.

use std::os::unix::fs::PermissionsExt;

use crate::environment::{Environment, Said};

/// Runs a script.
fn run(env: &Environment, name: &str, args: &[&str]) -> Said {
    env.run_with(env.script(name, args), "")
}

/// Runs a script that has to end well, and returns all that it said.
fn well(env: &Environment, name: &str, args: &[&str]) -> String {
    let said = run(env, name, args);
    assert_eq!(said.status, 0, "{name}: {said}");
    said.to_string()
}

fn count(env: &Environment, query: &str) -> usize {
    let said = env.run(&["count", query, "--ok-if-empty"]);
    said.stdout.trim().parse().unwrap_or_else(|_| panic!("{query}: {said}"))
}

/// Writes a program of a line or two into the room.
fn program(env: &Environment, name: &str, text: &str) -> String {
    let path = env.write(name, &format!("#!/bin/sh\n{text}\n"));
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_nightly_close_takes_what_waited_too_long_and_no_more_than_it_may() {
    let env = Environment::demo();
    let (stale, waiting) = (count(&env, "status:waiting older:2d"), count(&env, "status:waiting"));
    assert!(stale > 1 && stale < waiting, "{stale} of {waiting}");
    let mut few = env.script("close-stale.sh", &["2d"]);
    few.env("MAX", (stale - 1).to_string());
    assert_eq!(env.run_with(few, "").status, 4);
    assert_eq!(count(&env, "status:waiting older:2d"), stale);
    well(&env, "close-stale.sh", &["2d"]);
    assert_eq!((count(&env, "status:waiting older:2d"), count(&env, "status:waiting")), (0, waiting - stale));
    // The next night there is nothing to do, and one undo takes it back.
    well(&env, "close-stale.sh", &["2d"]);
    assert_eq!(env.run(&["undo"]).status, 0);
    assert_eq!(count(&env, "status:waiting older:2d"), stale);
}

#[test]
fn customers_are_tagged_by_their_domain() {
    let env = Environment::demo();
    let all = count(&env, "from:@example.net");
    assert!(all > 1);
    env.write("domains", "# our resellers\nexample.net vip,reseller\n\nnobody.example none\n");
    for _ in 0..2 {
        well(&env, "tag-by-domain.sh", &["domains"]);
        assert_eq!(count(&env, "tag:vip tag:reseller from:@example.net"), all);
    }
}

#[test]
fn subjects_find_their_agent_and_nobody_loses_what_they_have() {
    let env = Environment::demo();
    let bobs = count(&env, "assignee:bob");
    let about = count(&env, "is:unassigned (bike or order)");
    let carols = count(&env, "assignee:carol (bike or order)");
    assert!(bobs > 0 && about > 1);
    env.write("rules", "carol  bike or order\ndeniz  is:any\n");
    well(&env, "assign-by-subject.sh", &["rules"]);
    assert_eq!((count(&env, "assignee:bob"), count(&env, "is:unassigned")), (bobs, 0));
    assert_eq!(count(&env, "assignee:carol (bike or order)"), carols + about);
}

#[test]
fn the_least_busy_gets_the_next_one() {
    let env = Environment::demo();
    let open = |who: &str| count(&env, &format!("assignee:{who} status:open,in-progress"));
    let free = count(&env, "is:unassigned status:open");
    let before = ["alice", "bob", "carol"].map(open);
    well(&env, "round-robin.sh", &["alice", "bob", "carol"]);
    let after = ["alice", "bob", "carol"].map(open);
    assert_eq!(count(&env, "is:unassigned status:open"), 0);
    assert_eq!(after.iter().sum::<usize>(), before.iter().sum::<usize>() + free);
    let spread = after.iter().max().unwrap() - after.iter().min().unwrap();
    assert!(spread <= 1 || after.iter().max() == before.iter().max(), "{before:?} {after:?}");
}

#[test]
fn what_waited_too_long_is_brought_to_somebody_once() {
    let env = Environment::demo();
    let late = count(&env, "status:open waiting:>4h");
    assert!(late > 1);
    well(&env, "escalate.sh", &["4h", "carol"]);
    assert_eq!(count(&env, "tag:escalated"), late);
    let mentions = |env: &Environment| {
        let said = env.run(&["log", "--kind", "note", "--json", "-n", "500"]);
        said.stdout.matches("@carol: this has waited").count()
    };
    let first = mentions(&env);
    well(&env, "escalate.sh", &["4h", "carol"]);
    assert!(first > 0 && mentions(&env) == first);
    // What is dealt with may be escalated again another time.
    assert_eq!(env.run(&["status", "closed", "tag:escalated"]).status, 0);
    well(&env, "escalate.sh", &["4h", "carol"]);
    assert_eq!(count(&env, "tag:escalated is:any"), 0);
}

#[test]
fn a_month_of_an_inbox_is_kept_as_mail_and_as_a_table() {
    let env = Environment::demo();
    let folder = env.path("archive");
    let month = count(&env, "inbox:support is:any after:2026-11-01 before:2026-12-01");
    assert!(month > 1);
    for _ in 0..2 {
        well(&env, "export-month.sh", &["support", "2026-11", folder.to_str().unwrap()]);
        let mbox = std::fs::read_to_string(folder.join("support-2026-11.mbox")).unwrap();
        let table = std::fs::read_to_string(folder.join("support-2026-11.csv")).unwrap();
        let mails = mbox.lines().filter(|line| line.starts_with("From ")).count();
        assert!(mails >= month, "{mails} {month}");
        assert!(table.lines().count() > mails, "{table}");
    }
    well(&env, "export-month.sh", &["sales", "2026-12", folder.to_str().unwrap()]);
}

#[test]
fn everybody_is_told_of_an_outage_once() {
    let env = Environment::demo();
    assert_eq!(env.run(&["tag", "outage", "from:@example.net"]).status, 0);
    let all = count(&env, "tag:outage");
    std::fs::create_dir_all(env.path("store/replies")).unwrap();
    env.write(
        "store/replies/outage.md",
        "We know of the outage and work on it. We will write to you when it is over.\n",
    );
    let sent = |env: &Environment| env.run(&["log", "--kind", "replied", "--json", "-n", "500"]).stdout.lines().count();
    let before = sent(&env);
    for _ in 0..2 {
        well(&env, "outage-reply.sh", &["tag:outage is:any", "outage"]);
        assert_eq!(sent(&env), before + all);
    }
}

#[test]
fn invoices_go_to_the_books_once() {
    let env = Environment::demo();
    let invoices = count(&env, "attachment:invoice");
    assert!(invoices > 0);
    let to_books = |env: &Environment| count(env, "to:books@example.com is:any");
    for _ in 0..2 {
        well(&env, "forward-invoices.sh", &["books@example.com"]);
        assert_eq!((to_books(&env), count(&env, "tag:in-the-books")), (invoices, invoices));
    }
}

#[test]
fn a_bot_answers_what_it_can_and_leaves_the_rest_to_people() {
    let env = Environment::demo();
    let queue = "is:unassigned status:open inbox:support";
    let (all, for_people) = (count(&env, queue), count(&env, &format!("{queue} rain")));
    assert!(for_people > 0 && for_people < all);
    let answer = program(&env, "answer", "grep -qi rain && exit 1; echo 'Thank you, a colleague has seen to it.'");
    let said = well(&env, "bot.sh", &["bot-1", "inbox:support", &answer]);
    assert_eq!(count(&env, "tag:for-people is:unassigned"), for_people, "{said}");
    assert_eq!(count(&env, "is:unassigned status:open inbox:support -tag:for-people"), 0);
    let answered = env.run(&["list", "status:waiting assignee:me inbox:support", "--format", "ids"]);
    assert_eq!(answered.stdout.lines().count(), all - for_people, "{answered}");
}

#[test]
fn a_bot_whose_answer_can_not_be_sent_leaves_the_conversation_to_people() {
    let env = Environment::demo();
    let queue = "is:unassigned status:open inbox:support";
    let all = count(&env, queue);
    // An answer that is no text is refused each time.
    let answer = program(&env, "answer", "echo >> asked; printf '\\377\\376\\000'");
    let said = well(&env, "bot.sh", &["bot-1", "inbox:support", &answer]);
    assert_eq!(count(&env, &format!("{queue} tag:for-people note:\"could not be sent\"")), all, "{said}");
    assert_eq!(std::fs::read_to_string(env.path("asked")).unwrap().lines().count(), all, "each was asked for once");
}

#[test]
fn an_archive_becomes_an_inbox_without_a_server() {
    let env = Environment::demo();
    let mbox = env.path("old.mbox");
    let exported = env.run(&["export", "inbox:support is:any", "--format", "mbox", "--to", mbox.to_str().unwrap()]);
    assert_eq!(exported.status, 0, "{exported}");
    let all = count(&env, "inbox:support is:any");
    let store = env.path("old");
    for _ in 0..2 {
        well(&env, "import.sh", &[store.to_str().unwrap(), "support@example.com", mbox.to_str().unwrap()]);
        let there = env.run(&["--store", store.to_str().unwrap(), "count", "is:any"]);
        assert_eq!(there.stdout.trim(), all.to_string(), "{there}");
        assert_eq!(env.run(&["--store", store.to_str().unwrap(), "list"]).status, 1, "all of it is closed");
    }
}

#[test]
fn what_has_just_come_is_handed_to_a_program_once() {
    let env = Environment::demo();
    let bell = program(&env, "bell", "echo \"$1\" >> rung");
    let ring = |env: &Environment, first: bool| {
        let mut script = env.script("watch.sh", &[&bell]);
        script.env("ONCE", if first { "--all" } else { "" });
        let _ = env.run_with(script, "");
        std::fs::read_to_string(env.path("rung")).unwrap().lines().count()
    };
    let all = count(&env, "is:unassigned status:open");
    assert_eq!(ring(&env, true), all);
    let id = env.run(&["list", "is:unassigned status:open", "-n", "1", "--jq", ".id"]).stdout.trim().to_owned();
    assert_eq!(env.run(&["assign", "bob", &id]).status, 0);
    assert_eq!(ring(&env, false), all, "what leaves is no news");
    assert_eq!(env.run(&["assign", "nobody", &id]).status, 0);
    assert_eq!(ring(&env, false), all + 1);
}

#[test]
fn a_program_that_fails_or_reads_its_input_loses_no_line() {
    let env = Environment::demo();
    // It fails at its first call, and eats what it can read.
    let bell = program(&env, "bell", "cat > /dev/null; [ -e tried ] || { : > tried; exit 1; }; echo \"$1\" >> rung");
    let all = count(&env, "is:unassigned status:open");
    let ring = |bell: &str| {
        let mut script = env.script("watch.sh", &[bell]);
        script.env("ONCE", "--all").env("PAUSE", "0");
        env.run_with(script, "")
    };
    let said = ring(&bell);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(std::fs::read_to_string(env.path("rung")).unwrap().lines().count(), all);
    std::fs::remove_file(env.path("home/.local/state/postroom-bell.cursor")).unwrap();
    let never = program(&env, "never", "echo \"$1\" >> failed; exit 1");
    let said = ring(&never);
    assert_eq!(said.stderr.matches("given up").count(), all, "{said}");
    assert_eq!(std::fs::read_to_string(env.path("failed")).unwrap().lines().count(), 5 * all);
}

#[test]
fn what_comes_every_day_under_one_subject_stays_apart() {
    let env = Environment::demo();
    let mail = |day: u32, hour: u32| {
        format!(
            "From ana@example.org Sun Nov {day} {hour:02}:00:00 2026\nFrom: ana@example.org\nTo: support@example.com\n\
             Subject: Report\nMessage-ID: <report{day}.{hour}@example.org>\nDate: {day} Nov 2026 {hour:02}:00:00 +0000\n\nAll well\n\n"
        )
    };
    let mbox: String = (17..=21).map(|day| mail(day, 6)).chain((7..=11).map(|hour| mail(21, hour))).collect();
    let file = env.write("new.mbox", &mbox);
    assert_eq!(env.run(&["import", file.to_str().unwrap(), "--open"]).status, 0);
    assert_eq!(count(&env, "from:ana@example.org"), 10);
    well(&env, "dedupe.sh", &[]);
    // 6, 7 and 8 o'clock of the last day became one, and 9, 10 and 11.
    assert_eq!(count(&env, "from:ana@example.org"), 6);
}

#[test]
fn what_a_customer_sent_twice_becomes_one_conversation() {
    let env = Environment::demo();
    let mail = |n: u32, minute: u32, from: &str| {
        format!(
            "From ana@example.org Sun Nov 22 10:0{minute}:00 2026\nFrom: {from}\nTo: support@example.com\nSubject: Where is it?\n\
             Message-ID: <twice{n}@example.org>\nDate: Sun, 22 Nov 2026 10:0{minute}:00 +0000\n\nHello? ({n})\n\n"
        )
    };
    let ana = "Ana <ana@example.org>";
    let mbox = [mail(1, 1, ana), mail(2, 2, ana), mail(3, 3, ana), mail(4, 4, "Ben <ben@example.org>")].concat();
    let file = env.write("new.mbox", &mbox);
    let taken = env.run(&["import", file.to_str().unwrap(), "--open"]);
    assert_eq!(taken.status, 0, "{taken}");
    assert_eq!(count(&env, "from:ana@example.org"), 3);
    let before = count(&env, "is:any");
    let plan = well(&env, "dedupe.sh", &["--dry-run"]);
    assert!(plan.contains("merge") && count(&env, "is:any") == before, "{plan}");
    for _ in 0..2 {
        let said = well(&env, "dedupe.sh", &[]);
        assert_eq!((count(&env, "from:ana@example.org"), count(&env, "is:any")), (1, before - 2), "{said}");
    }
}

#[test]
fn the_statistics_count_answers_by_inbox_and_by_agent() {
    let env = Environment::demo();
    assert_eq!(env.run(&["reply", "tag:recall", "--body", "It is on its way.", "--send"]).status, 0);
    let listed = env.run(&["list", "is:any", "--json", "--stats"]);
    let table = env.run_with(env.script("reply-times.py", &[]), &listed.stdout);
    assert_eq!(table.status, 0, "{table}");
    insta::assert_snapshot!(table);
    let csv = env.run_with(env.script("reply-times.py", &["--csv"]), &listed.stdout).stdout;
    assert!(csv.starts_with("inbox,time,n,median_s,p90_s") && csv.contains("support,first reply,"), "{csv}");
}
