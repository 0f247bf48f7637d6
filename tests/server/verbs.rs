//! The program as people and scripts meet it, against a real IMAP server.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::Stdio;

use crate::environment::{Environment, Said};
use crate::support::dovecot::Dovecot;
use postroom::model::clock::Timestamp;

/// The mailbox of the team.
pub const USER: &str = "team";

pub fn mail(n: u32) -> String {
    format!(
        "From: Carol {n} <carol{n}@example.org>\nTo: team@example.com\nSubject: Question {n}\nMessage-ID: <{n}@example.org>\n\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nBody {n}\n"
    )
}

/// A server with so many mails.
pub fn server(mails: u32) -> Option<Dovecot> {
    let server = Dovecot::start()?;
    let mut session = server.session(USER);
    for n in 1..=mails {
        let raw = mail(n).replace('\n', "\r\n");
        let _ = session.append("INBOX", &[], None, raw.as_bytes()).unwrap();
    }
    session.logout();
    Some(server)
}

/// The arguments of `init` for `agent`.
fn init_args<'a>(agent: &'a str, port: &'a str, password: &'a str) -> Vec<&'a str> {
    let mut args = vec!["init", "--me", agent, "--address", "team@example.com", "--inbox", "support", "--user", USER];
    args.extend(["--imap-host", "localhost", "--imap-port", port, "--smtp-host", "none"]);
    args.extend(["--password-command", password]);
    args
}

fn init(env: &Environment, server: &Dovecot, agent: &str) -> Said {
    env.init(agent, server.imaps, &server.certificate())
}

/// A person who is set up and has fetched the mail.
pub fn person(server: &Dovecot, agent: &str, number: u64) -> Environment {
    let env = Environment::of_person(number);
    assert_eq!(init(&env, server, agent).status, 0);
    let file = config(&env);
    let text = std::fs::read_to_string(&file).unwrap();
    let others: String = ["alice", "bob"]
        .iter()
        .filter(|other| **other != agent)
        .map(|other| format!("\n[agent.{other}]\nname = \"{other}\"\n"))
        .collect();
    std::fs::write(&file, text + &others).unwrap();
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    env
}

pub fn config(env: &Environment) -> std::path::PathBuf {
    env.path("home/.config/postroom/config.toml")
}

/// Changes the port in the config, so that nobody answers there, and returns what stood there.
fn unplug(env: &Environment) -> String {
    let text = std::fs::read_to_string(config(env)).unwrap();
    let port = text.lines().find(|line| line.starts_with("port = ")).unwrap();
    std::fs::write(config(env), text.replace(port, "port = 1")).unwrap();
    text
}

/// The id of the conversation that question `n` began.
fn id(env: &Environment, n: u32) -> String {
    let said = env.run(&["list", &format!("subject:\"Question {n}\""), "--format", "ids"]);
    said.stdout.trim().to_owned()
}

pub fn count(env: &Environment, query: &str) -> String {
    env.run(&["count", query]).stdout.trim().to_owned()
}

#[test]
fn init_by_flags_tests_the_login_shows_the_folders_and_writes_the_config() {
    let Some(server) = server(0) else { return };
    let env = Environment::new();
    let said = init(&env, &server, "alice");
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(said.stdout, "");
    for part in [
        "the login works",
        "INBOX (inbox, 0 mails)",
        "Sent (sent, 0 mails)",
        "Postroom (the team's log",
        "config.toml is written",
    ] {
        assert!(said.stderr.contains(part), "{part}: {said}");
    }
    assert_eq!(env.run(&["config", "check"]).status, 0);
}

#[test]
fn the_first_init_writes_the_teams_record_and_a_colleague_whom_it_lacks_is_told_once() {
    let Some(server) = server(1) else { return };
    let alice = Environment::of_person(1);
    let said = init(&alice, &server, "alice");
    assert!(said.stderr.contains("main: the log said nothing of the team, so the team's record is written"), "{said}");
    let bob = Environment::of_person(2);
    let said = init(&bob, &server, "bob");
    assert!(said.status == 0 && !said.stderr.contains("said nothing of the team"), "{said}");
    let shown = bob.run(&["team", "show"]);
    assert!(shown.stdout.contains("main, set by alice on"), "{shown}");
    let differs = "the config's agent bob is not in the team's record";
    let first = bob.run(&["sync"]);
    assert!(first.status == 0 && first.stderr.contains(differs), "{first}");
    let second = bob.run(&["sync"]);
    assert!(second.status == 0 && !second.stderr.contains(differs), "{second}");
    let set = bob.run(&["team", "set", "--from-config"]);
    assert_eq!(set.status, 0, "{set}");
    assert_eq!(alice.run(&["sync"]).status, 0);
    let shown = alice.run(&["team", "show"]);
    assert!(shown.stdout.contains("main, set by bob on"), "{shown}");
}

#[test]
fn init_tells_a_wrong_password_an_unknown_host_and_a_bad_certificate_apart() {
    let Some(server) = server(0) else { return };
    let env = Environment::new();
    let (port, ca) = (server.imaps.to_string(), server.certificate());
    let ca = ca.to_str().unwrap();
    let run = |args: &[&str], more: &[&str]| {
        let said = env.run(&[args, more].concat());
        assert_eq!(said.status, 3, "{said}");
        assert!(said.stderr.contains("nothing was written"), "{said}");
        assert!(!said.stderr.contains("by itself"), "{said}");
        assert!(!config(&env).exists());
        said.stderr
    };
    let wrong = run(&init_args("alice", &port, "echo wrong"), &["--ca-file", ca]);
    assert!(wrong.contains("refused the login") && wrong.contains("check `imap.user` (team)"), "{wrong}");
    let stranger = run(&init_args("alice", &port, "echo pass"), &[]);
    assert!(stranger.contains("certificate") && stranger.contains("`imap.ca_file`"), "{stranger}");
    let mut args = init_args("alice", &port, "echo pass");
    let host = args.iter().position(|arg| *arg == "localhost").unwrap();
    args[host] = "no-such-host.invalid";
    let unknown = run(&args, &[]);
    assert!(unknown.contains("no-such-host.invalid") && unknown.contains("check `imap.host`"), "{unknown}");
}

#[test]
fn a_first_sync_brings_everything_and_a_second_one_nothing() {
    let Some(server) = server(30) else { return };
    let env = Environment::new();
    assert_eq!(init(&env, &server, "alice").status, 0);
    let first = env.run(&["sync"]);
    assert_eq!((first.status, first.stdout.as_str()), (0, ""), "{first}");
    assert!(first.stderr.contains("main: INBOX: 30 of 30\n"), "{first}");
    assert!(first.stderr.contains("main: INBOX: 30 fetched, 30 new, 0 gone\n"), "{first}");
    assert!(
        !first.stderr.contains(['\r', '\u{1b}']),
        "no bar where there is no terminal: {first:?}",
        first = first.stderr
    );
    let second = env.run(&["sync"]);
    assert_eq!(second.to_string(), "! main: 0 new messages\n[0]\n");
    assert_eq!(env.run(&["sync", "--quiet"]).to_string(), "[0]\n");
    assert_eq!(count(&env, "is:any"), "30");
}

#[test]
fn what_was_fetched_is_listed_shown_and_counted() {
    let Some(server) = server(3) else { return };
    let env = person(&server, "alice", 1);
    let rows = env.run(&["list", "from:@example.org", "--json"]);
    let rows: Vec<serde_json::Value> = rows.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!((&rows[0]["schema"], &rows[0]["inbox"]), (&"postroom/1".into(), &"support".into()));
    let shown = env.run(&["show", &id(&env, 2), "--json"]);
    let shown: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(shown["items"][0]["id"], "2@example.org");
    assert_eq!(shown["items"][0]["blocks"][0]["lines"][0], "Body 2");
    let raw = env.run(&["show", &id(&env, 2), "--raw", "1"]);
    assert_eq!(raw.stdout.replace('\r', ""), mail(2));
    let counted: serde_json::Value = serde_json::from_str(&env.run(&["count", "body:2", "--json"]).stdout).unwrap();
    assert_eq!(counted["count"], 1);
}

/// Lays mails into a Maildir, which is faster than a thousand APPENDs.
fn fill(server: &Dovecot, mails: u32) {
    let cur = server.maildir(USER).join("cur");
    for n in 1..=mails {
        let path = cur.join(format!("{}.M{n}.test:2,S", 1_700_000_000 + n));
        std::fs::write(&path, mail(n)).unwrap();
        if rustix::process::geteuid().is_root() {
            std::os::unix::fs::chown(&path, Some(65534), Some(65534)).unwrap();
        }
    }
}

#[test]
fn a_sync_that_is_interrupted_ends_cleanly_and_the_next_one_goes_on() {
    let Some(server) = server(1) else { return };
    fill(&server, 3000);
    let env = Environment::new();
    assert_eq!(init(&env, &server, "alice").status, 0);
    let mut child = env.command(&["sync"]).stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut talk = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    // Something has arrived; the rest has not.
    while !line.contains(" of ") || line.contains(": 0 of ") {
        line.clear();
        assert!(talk.read_line(&mut line).unwrap() > 0, "it ended before anything came");
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let mut rest = String::new();
    talk.read_to_string(&mut rest).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(3), "{rest}");
    assert!(rest.contains("stopped: what was fetched stays"), "{rest}");
    let kept: u32 = count(&env, "is:any").parse().unwrap();
    assert!(kept > 0 && kept < 3000, "{kept}");
    let next = env.run(&["sync"]);
    assert_eq!(next.status, 0, "{next}");
    let fetched = next.stderr.lines().find_map(|line| line.strip_prefix("main: INBOX: ")?.split_once(" fetched"));
    let fetched: u32 = fetched.unwrap().0.replace(',', "").parse().unwrap();
    assert!(fetched <= 3001 - kept, "{fetched} fetched again, {kept} were here");
    assert_eq!(count(&env, "is:any"), "3000");
}

#[test]
fn what_is_done_with_wait_is_on_the_server_and_colleagues_see_it() {
    let Some(server) = server(3) else { return };
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    let one = id(&alice, 1);
    for args in [
        &["assign", "me", &one, "--wait"][..],
        &["status", "waiting", &one, "--wait"],
        &["tag", "late", &one, "--wait"],
        &["note", "Called him, @bob", &one, "--wait"],
        &["snooze", "2d", &id(&alice, 2), "--wait"],
    ] {
        let said = alice.run(args);
        assert_eq!(said.status, 0, "{args:?}: {said}");
    }
    let log = alice.run(&["log", "--json"]);
    let team = log.stdout.lines().filter(|line| line.contains("\"operation\":\"team\"")).count();
    assert_eq!(team, 1, "init says once what the team is: {log}");
    // The five, the team, and where history ends: the first client says it, and again where its clock is not the server's.
    let (history, own): (Vec<_>, Vec<_>) = log.stdout.lines().partition(|line| line.contains("\"history-before\""));
    assert_eq!((own.len(), history.is_empty()), (5 + team, false), "{log}");
    assert!(own.iter().all(|line| line.contains("\"on_server\":true")), "{log}");
    assert!(!log.stdout.contains("\"on_server\":false"), "{log}");
    assert_eq!(bob.run(&["sync"]).status, 0);
    assert_eq!(count(&bob, "assignee:alice status:waiting tag:late note:called"), "1");
    assert_eq!(count(&bob, "is:mentioned"), "1");
    assert_eq!(count(&bob, "is:snoozed"), "1");
    assert_eq!(bob.run(&["undo"]).status, 1, "alice's work is not bob's to undo without being named");
}

#[test]
fn who_claims_second_is_told_who_was_first() {
    let Some(server) = server(2) else { return };
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    assert_eq!(alice.run(&["assign", "me", &id(&alice, 1)]).status, 0);
    // Bob has not heard of it yet.
    let said = bob.run(&["assign", "me", &id(&bob, 1)]);
    assert_eq!(said.status, 4, "{said}");
    assert!(said.stderr.contains("alice took it first, "), "{said}");
    assert!(!said.stderr.contains("bob took this"), "{said}");
    assert_eq!(count(&bob, "assignee:alice"), "1");
    assert_eq!(alice.run(&["sync"]).status, 0);
    assert_eq!(count(&alice, "assignee:alice"), "1");
    // Now he knows, and takes it all the same.
    let said = bob.run(&["assign", "me", &id(&bob, 1)]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(alice.run(&["sync"]).status, 0);
    assert_eq!(count(&alice, "assignee:bob"), "1");
}

#[test]
fn a_claim_made_offline_that_came_second_is_told_by_the_next_sync() {
    let Some(server) = server(1) else { return };
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    assert_eq!(bob.run(&["assign", "me", &id(&bob, 1), "--offline"]).status, 0);
    assert_eq!(count(&bob, "is:mine"), "1");
    assert_eq!(alice.run(&["assign", "me", &id(&alice, 1)]).status, 0);
    let said = bob.run(&["sync"]);
    assert_eq!(said.status, 4, "{said}");
    assert!(said.stderr.contains("alice took it first, "), "{said}");
    assert_eq!((count(&bob, "is:mine"), count(&bob, "assignee:alice")), ("0".into(), "1".into()));
}

#[test]
fn a_server_that_is_away_leaves_the_work_queued_for_the_next_sync() {
    let Some(server) = server(1) else { return };
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    let plugged = unplug(&alice);
    let said = alice.run(&["status", "closed", &id(&alice, 1), "--wait"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("what was done is kept"), "{said}");
    assert_eq!(count(&alice, "status:closed"), "1");
    assert_eq!(alice.run(&["sync"]).status, 3);
    std::fs::write(config(&alice), plugged).unwrap();
    let said = alice.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("1 operations pushed") || said.stderr.contains("1 operation pushed"), "{said}");
    assert_eq!(bob.run(&["sync"]).status, 0);
    assert_eq!(count(&bob, "status:closed"), "1");
}

#[test]
fn offline_queues_and_does_not_connect() {
    let Some(server) = server(1) else { return };
    let alice = person(&server, "alice", 1);
    let plugged = unplug(&alice);
    let said = alice.run(&["tag", "late", &id(&alice, 1), "--offline"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(alice.run(&["log", "--json"]).stdout.contains("\"on_server\":false"));
    std::fs::write(config(&alice), plugged).unwrap();
    assert_eq!(alice.run(&["sync"]).status, 0);
    assert!(!alice.run(&["log", "--json"]).stdout.contains("\"on_server\":false"));
}

#[test]
fn a_folder_of_the_config_that_is_not_there_ends_a_sync_with_3_and_the_others_are_synced() {
    let Some(server) = server(2) else { return };
    let env = Environment::new();
    assert_eq!(init(&env, &server, "alice").status, 0);
    let mut session = server.session(USER);
    for name in ["Accounts", "say \"hi\""] {
        session.create(name).unwrap();
    }
    session.append("say \"hi\"", &[], None, mail(9).replace('\n', "\r\n").as_bytes()).unwrap();
    session.logout();
    let text = std::fs::read_to_string(config(&env)).unwrap();
    let folders = "[account.main]\nfolders = ['Acounts', 'say \"hi\"']\n";
    std::fs::write(config(&env), text.replacen("[account.main]\n", folders, 1)).unwrap();
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("there is no folder \"Acounts\""), "{said}");
    assert!(said.stderr.contains("did you mean \"Accounts\"?"), "{said}");
    assert_eq!(count(&env, "is:any"), "3");
    assert_eq!(env.run(&["sync"]).status, 3, "as long as it is so");
    let text = std::fs::read_to_string(config(&env)).unwrap();
    std::fs::write(config(&env), text.replace("'Acounts'", "'Accounts'")).unwrap();
    assert_eq!(env.run(&["sync"]).status, 0);
}

#[test]
fn a_mail_that_the_server_can_not_read_is_told_once_and_keeps_no_other_from_coming() {
    use std::os::unix::fs::PermissionsExt;
    let Some(server) = server(1) else { return };
    fill(&server, 60);
    let bad = server.maildir(USER).join("cur").join("1700000030.M30.test:2,S");
    std::fs::set_permissions(&bad, std::fs::Permissions::from_mode(0o000)).unwrap();
    let env = Environment::new();
    assert_eq!(init(&env, &server, "alice").status, 0);
    let first = env.run(&["sync"]);
    assert_eq!(first.status, 0, "{first}");
    assert_eq!(first.stderr.matches("can't be fetched").count(), 1, "{first}");
    assert!(first.stderr.contains("account main: mail 3") && first.stderr.contains(" in INBOX"), "{first}");
    assert!(!first.stderr.contains("by hand"), "{first}");
    // Sixty and one, of which question 1 is one mail in two places.
    assert_eq!(count(&env, "is:any"), "60");
    let again = env.run(&["sync"]);
    assert_eq!((again.status, again.stderr.contains("can't be fetched")), (0, false), "{again}");
    let listed = env.run(&["list", "subject:\"can't be fetched\"", "--format", "ids"]);
    let shown = env.run(&["show", listed.stdout.trim()]);
    assert!(shown.stdout.contains("It is number 3") && shown.stdout.contains("in the folder INBOX"), "{shown}");
    let mut session = server.session(USER);
    session.append("INBOX", &[], None, mail(99).replace('\n', "\r\n").as_bytes()).unwrap();
    session.logout();
    assert_eq!(env.run(&["sync"]).status, 0);
    assert_eq!(count(&env, "is:any"), "61");
}

#[test]
fn mails_that_are_nearly_all_header_come_into_the_store() {
    let Some(server) = server(2) else { return };
    let mut session = server.session(USER);
    crate::support::header_bombs::deliver_header_bombs(&mut session, "INBOX", true);
    session.append("INBOX", &[], None, mail(3).replace('\n', "\r\n").as_bytes()).unwrap();
    session.logout();
    let env = Environment::new();
    assert_eq!(init(&env, &server, "alice").status, 0);
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(!said.stderr.contains("can't be fetched"), "{said}");
    assert_eq!(
        (count(&env, "subject:question"), count(&env, "subject:bomb from:@example.org")),
        ("3".into(), "7".into())
    );
    for _ in 0..3 {
        assert_eq!(env.run(&["sync"]).status, 0);
    }
    assert_eq!(
        (count(&env, "body:\"text of bomb\""), count(&env, "subject:bomb from:@example.org")),
        ("7".into(), "7".into())
    );
    let listed = env.run(&["list", "subject:\"bomb 4\"", "--format", "ids"]);
    let shown = env.run(&["show", listed.stdout.trim()]);
    assert!(shown.stdout.contains("Mallory 4") && shown.stdout.contains("The text of bomb 4"), "{shown}");
}

/// A mail with a file.
fn with_file(n: u32) -> String {
    let head = mail(n).split_once("\n\n").unwrap().0.to_owned();
    format!(
        "{head}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nThe text of {n}\n\
         --b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=file{n}.csv\n\none,two,{n}\n--b--\n"
    )
}

/// A person with 34 mails of which two lack their text here.
fn with_two_away(server: &Dovecot) -> Environment {
    let alice = person(server, "alice", 1);
    let text = std::fs::read_to_string(config(&alice)).unwrap();
    std::fs::write(config(&alice), text.replacen("[account.main]\n", "[account.main]\nbody_limit = 100\n", 1)).unwrap();
    let mut session = server.session(USER);
    for n in 1..=34 {
        let raw = with_file(n).replace('\n', "\r\n");
        let _ = session.append("INBOX", &[], None, raw.as_bytes()).unwrap();
    }
    session.logout();
    // A pass fetches 32 bodies, the newest: two mails are left.
    assert_eq!(alice.run(&["sync"]).status, 0);
    alice
}

#[test]
fn an_export_fetches_the_texts_that_are_not_here_and_tells_which_could_not_be_had() {
    let Some(server) = server(0) else { return };
    let alice = with_two_away(&server);
    let plugged = unplug(&alice);
    let said = alice.run(&["export", "is:any", "--format", "mbox", "--to", "one.mbox", "--json"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(
        said.stdout.contains("\"conversations\":34,\"before\":0,\"mails\":32,\"missing\":{\"on_server\":2,"),
        "{said}"
    );
    assert!(said.stderr.contains("the texts of 2 mails are not in it") && said.stderr.contains("refused"), "{said}");
    std::fs::write(config(&alice), plugged).unwrap();
    let said = alice.run(&["export", "is:any", "--format", "mbox", "--to", "off.mbox", "--offline"]);
    assert_eq!(said.status, 3, "{said}");
    let table = alice.run(&["export", "is:any", "--format", "csv", "--offline"]);
    assert_eq!((table.status, table.stdout.lines().count()), (0, 35), "no text is wanted: {table}");

    let said = alice.run(&["export", "is:any", "--format", "mbox", "--to", "all.mbox", "--json"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stdout.contains("\"mails\":34,\"missing\":{\"on_server\":0,"), "{said}");
    let mbox = std::fs::read_to_string(alice.path("all.mbox")).unwrap();
    assert_eq!(mbox.lines().filter(|line| line.starts_with("From ")).count(), 34);
    assert!(mbox.contains("The text of 1\r\n") && mbox.contains("one,two,2\r\n"), "the oldest were fetched");
}

#[test]
fn a_large_mail_is_fetched_when_it_is_shown_or_its_file_is_asked_for() {
    let Some(server) = server(0) else { return };
    let alice = with_two_away(&server);
    let (first, second) = (id(&alice, 1), id(&alice, 2));

    for args in [["show", &first], ["attachment", &first]] {
        let said = alice.run(&[args[0], args[1], "--offline"]);
        assert_eq!(said.status, 3, "{said}");
        assert!(said.stderr.contains("the text of 1 mail is still on the server"), "{said}");
        assert!(said.stderr.contains("without --offline"), "{said}");
    }
    assert!(alice.run(&["show", &first, "--offline"]).stdout.contains("Question 1"));
    let plugged = unplug(&alice);
    let said = alice.run(&["show", &first, "--raw", "1"]);
    assert_eq!((said.status, said.stdout.as_str()), (3, ""), "{said}");
    assert!(said.stderr.contains("still on the server") && said.stderr.contains("refused"), "{said}");
    std::fs::write(config(&alice), plugged).unwrap();

    let dir = alice.path("files");
    let said = alice.run(&["attachment", &first, "1", "--save", dir.to_str().unwrap()]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(std::fs::read_to_string(dir.join("file1.csv")).unwrap().trim(), "one,two,1");
    let said = alice.run(&["show", &second]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stdout.contains("The text of 2") && said.stdout.contains("file2.csv"), "{said}");
    assert_eq!(alice.run(&["show", &second, "--offline"]).status, 0, "it is here now");
}

#[test]
fn ten_conversations_in_one_command_are_one_mail_on_the_log() {
    let Some(server) = server(10) else { return };
    let alice = person(&server, "alice", 1);
    let mut session = server.session(USER);
    let mut mails = || session.examine("Postroom").unwrap().state.messages.unwrap();
    let before = mails();
    assert_eq!(alice.run(&["triage", "is:any", "--assign", "bob", "--add-tag", "late"]).status, 0);
    assert_eq!(mails(), before + 1);
    session.logout();
}

#[test]
fn a_spoiled_config_or_store_is_told_with_what_to_do() {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let good = std::fs::read(&config).unwrap();
    std::fs::write(&config, b"\xff\xfe\x00[me").unwrap();
    let said = env.run(&["list"]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("config.toml"), "{said}");
    std::fs::write(&config, good).unwrap();

    let file = env.path("store/postroom.db");
    version(&file, 9999);
    let said = env.run(&["list"]);
    assert_eq!(said.status, 5, "{said}");
    assert!(said.stderr.contains("newer postroom") && said.stderr.contains("hint: update postroom"), "{said}");

    for beside in ["store/postroom.db-wal", "store/postroom.db-shm"] {
        let _ = std::fs::remove_file(env.path(beside));
    }
    std::fs::write(&file, b"this is no database, and never was one; it only stands where one is looked for").unwrap();
    let said = env.run(&["list"]);
    assert_eq!(said.status, 5, "{said}");
    assert!(
        said.stderr.contains("damaged or is no postroom store")
            && said.stderr.contains("hint: keep the file, move it away"),
        "{said}"
    );
}

fn version(file: &Path, version: u32) {
    let store = rusqlite::Connection::open(file).unwrap();
    store.pragma_update(None, "user_version", version).unwrap();
}

/// A day apart: alice works offline while bob and a customer go on, then she syncs.
#[test]
fn after_a_day_offline_all_goes_out_all_comes_in_and_what_did_not_stand_is_listed() {
    // Both before any clock of these tests, which all stand still.
    let [morning, noon] = [1_795_330_000, 1_795_335_000].map(Timestamp::from_seconds);
    let Some(server) = Dovecot::start() else { return };
    let mut session = server.session(USER);
    for n in 1..=6 {
        let raw = mail(n).replace('\n', "\r\n");
        let _ = session.append("INBOX", &[], Some(morning), raw.as_bytes()).unwrap();
    }
    session.logout();
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    let on = |env: &Environment, args: &[&str], n: u32, more: &[&str]| {
        let id = id(env, n);
        let said = env.run(&[args, &[&id], more].concat());
        assert_eq!(said.status, 0, "{args:?}: {said}");
    };
    on(&alice, &["title", "Hers"], 6, &[]);
    assert_eq!(bob.run(&["sync"]).status, 0);
    let plugged = unplug(&alice);
    let offline = ["--offline"];
    on(&alice, &["assign", "me"], 1, &offline);
    on(&alice, &["status", "closed"], 2, &offline);
    on(&alice, &["snooze", "2d"], 3, &offline);
    on(&alice, &["title", "Lamp"], 4, &offline);
    on(&alice, &["tag", "late"], 5, &offline);
    on(&alice, &["note", "Called him, @bob"], 5, &offline);
    // Bob was there all day, and so were two customers.
    on(&bob, &["assign", "me"], 1, &[]);
    on(&bob, &["title", "Shade"], 4, &[]);
    on(&bob, &["tag", "gift"], 5, &[]);
    let log = bob.run(&["log", "--json"]);
    let hers = log.stdout.lines().find(|line| line.contains("titled this Hers")).unwrap();
    let hers: serde_json::Value = serde_json::from_str(hers).unwrap();
    assert_eq!(bob.run(&["undo", hers["id"].as_str().unwrap()]).status, 0);
    let mut session = server.session(USER);
    for n in [2, 3] {
        let answer = mail(n).replace(&format!("<{n}@"), &format!("<more{n}@")).replace("Subject:", "Subject: Re:");
        let answer =
            answer.replace("\n\nBody", &format!("\nIn-Reply-To: <{n}@example.org>\n\nBody")).replace('\n', "\r\n");
        let _ = session.append("INBOX", &[], Some(noon), answer.as_bytes()).unwrap();
    }
    session.logout();
    std::fs::write(config(&alice), plugged).unwrap();

    let said = alice.run(&["sync", "--json"]);
    assert_eq!(said.status, 4, "{said}");
    let refused: Vec<serde_json::Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let part = |name: &str| refused.iter().map(|line| line[name].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(part("type"), ["refused"; 4], "{said}");
    assert_eq!(part("operation"), ["title", "assign", "set-status", "snooze"], "{said}");
    for (why, part) in part("why").iter().zip(["bob took it back", "bob took it first", "it is open", "it is open"]) {
        assert!(why.contains(part), "{why}: {said}");
    }
    assert_eq!(part("did")[2], "closed this");
    for part in ["4 changes that you made do not stand:", "Question 1: you took this, but bob took it first, "] {
        assert!(said.stderr.contains(part), "{part}: {said}");
    }
    assert_eq!(alice.run(&["sync"]).status, 0, "once is enough");
    assert_eq!(bob.run(&["sync"]).status, 0);
    let state = |env: &Environment| {
        let listed = env.run(&["list", "is:any", "--json"]).stdout;
        let mut all: Vec<serde_json::Value> = listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        // What mentions each, and what each has not looked at, is their own.
        for row in &mut all {
            (row["mentioned"], row["unread"], row["news"]) = (false.into(), false.into(), serde_json::Value::Null);
        }
        all
    };
    assert_eq!(state(&alice), state(&bob));
    assert!(!alice.run(&["log", "--json"]).stdout.contains("\"on_server\":false"));
    assert!(state(&bob).iter().any(|row| row["title"] == "Lamp"), "what came later on the log stands");
    assert_eq!(count(&bob, "tag:late tag:gift note:called"), "1");
}

#[test]
fn whoever_sets_the_team_without_having_read_what_a_colleague_set_is_told_once_and_so_is_the_colleague() {
    let Some(server) = server(0) else { return };
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    assert_eq!(alice.run(&["team", "set", "--colleague", "bob"]).status, 0);
    assert_eq!(bob.run(&["sync"]).status, 0);
    assert_eq!(bob.run(&["--offline", "team", "set", "--team", "dev=bob"]).status, 0);
    let said = alice.run(&["team", "set", "--team", "care=alice"]);
    assert!(said.status == 0 && !said.stderr.contains("without having read"), "{said}");
    for env in [&bob, &alice] {
        let said = env.run(&["sync"]);
        assert!(said.status == 0 && said.stderr.contains("what alice set may be lost"), "{said}");
        let said = env.run(&["sync"]);
        assert!(said.status == 0 && !said.stderr.contains("without having read"), "{said}");
    }
    let said = alice.run(&["team", "set", "--team", "care=alice"]);
    assert!(said.status == 0 && !said.stderr.contains("without having read"), "{said}");
}

#[test]
fn of_many_verbs_at_once_on_one_store_none_ends_badly_without_a_word() {
    let Some(server) = server(1) else { return };
    let alice = person(&server, "alice", 1);
    let one = id(&alice, 1);
    let children: Vec<_> = (0..12)
        .map(|n| {
            let mut command = alice.command(&["tag", &format!("t{n}"), &one]);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        let says_why = told.lines().any(|line| !line.contains("tagged this"));
        assert!(output.status.success() || says_why, "{:?}: {told}", output.status);
    }
    assert_eq!(alice.run(&["sync"]).status, 0);
    assert!(!alice.run(&["log", "--json"]).stdout.contains("\"on_server\":false"));
}
