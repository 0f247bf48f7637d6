//! A team whose inboxes lie in two mailboxes: each mailbox has a log of its own, and nobody needs both.

use std::os::unix::fs::PermissionsExt;

use crate::environment::{Environment, Said};
use crate::support::dovecot::Dovecot;

fn server() -> Option<Dovecot> {
    let server = Dovecot::start()?;
    fill(&server);
    Some(server)
}

/// Three questions to each mailbox, and one that went to both.
fn fill(server: &Dovecot) {
    for inbox in ["support", "sales"] {
        let mut session = server.session(inbox);
        for n in 1..=3 {
            let raw = mail(&format!("{inbox}{n}"), &format!("{inbox}@example.com"));
            let _ = session.append("INBOX", &[], None, raw.as_bytes()).unwrap();
        }
        let raw = mail("both", "support@example.com, sales@example.com");
        let _ = session.append("INBOX", &[], None, raw.as_bytes()).unwrap();
        session.logout();
    }
}

fn mail(id: &str, to: &str) -> String {
    format!(
        "From: Carol <carol.{id}@example.org>\r\nTo: {to}\r\nSubject: Question {id}\r\nMessage-ID: <{id}@example.org>\r\n\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\r\n\r\nBody {id}\r\n"
    )
}

/// An agent with these inboxes, each in the account of its own that the name behind it says.
fn person(server: &Dovecot, agent: &str, number: u64, inboxes: &[(&str, &str)]) -> Environment {
    let env = Environment::of_person(number);
    let mut text = format!("[me]\nhandle = \"{agent}\"\n");
    for other in ["alice", "bob", "carol"] {
        text += &format!("[agent.{other}]\nname = \"{other}\"\n");
    }
    for (inbox, account) in inboxes {
        text += &format!(
            "[account.{account}.imap]\nhost = \"localhost\"\nport = {}\nsecurity = \"plain\"\nuser = \"{inbox}\"\n\
             password_command = \"echo pass\"\n[inbox.{inbox}]\naddress = \"{inbox}@example.com\"\naccount = \"{account}\"\n",
            server.imap
        );
    }
    let dir = env.path("home/.config/postroom");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("config.toml"), text).unwrap();
    std::fs::set_permissions(dir.join("config.toml"), std::fs::Permissions::from_mode(0o600)).unwrap();
    done(&env, &["sync"]);
    env
}

const BOTH: [(&str, &str); 2] = [("support", "main"), ("sales", "second")];

fn done(env: &Environment, args: &[&str]) {
    let _ = told(env, args);
}

fn told(env: &Environment, args: &[&str]) -> Said {
    let said = env.run(args);
    assert_eq!(said.status, 0, "{args:?}: {said}");
    said
}

fn count(env: &Environment, query: &str) -> String {
    env.run(&["count", query]).stdout.trim().to_owned()
}

fn id(env: &Environment, name: &str) -> String {
    env.run(&["list", &format!("subject:\"Question {name}\""), "--format", "ids"]).stdout.trim().to_owned()
}

/// What lies in the log's folder of a mailbox, as text.
fn log_of(server: &Dovecot, inbox: &str) -> String {
    let mut session = server.session(inbox);
    session.examine(&server.named("Postroom")).unwrap();
    let fetched = session.uid_fetch("1:*", "(UID BODY.PEEK[])").unwrap();
    let mails: Vec<String> =
        fetched.into_iter().filter_map(|m| m.body).map(|raw| String::from_utf8_lossy(&raw).into_owned()).collect();
    session.logout();
    mails.join("\n")
}

#[test]
fn agents_with_both_accounts_and_one_with_the_second_alone_agree() {
    let Some(server) = server() else { return };
    let (alice, bob) =
        (person(&server, "alice", 1, &BOTH), person(&server, "bob", 2, &[("sales", "b"), ("support", "a")]));
    let carol = person(&server, "carol", 3, &[("sales", "only")]);
    let mails = |inbox: &str| {
        let mut session = server.session(inbox);
        let mails = session.examine(&server.named("Postroom")).unwrap().state.messages.unwrap();
        session.logout();
        mails
    };
    let before = (mails("support"), mails("sales"));

    // One command over both: one mail on each log.
    done(&alice, &["triage", "is:any", "--add-tag", "late", "--note", "Look at this, @carol", "--wait"]);
    assert_eq!((mails("support"), mails("sales")), (before.0 + 1, before.1 + 1));
    done(&bob, &["sync"]);
    done(&carol, &["sync"]);
    assert_eq!(
        (count(&alice, "tag:late"), count(&bob, "tag:late"), count(&carol, "tag:late")),
        ("7".into(), "7".into(), "4".into())
    );
    assert_eq!(count(&carol, "is:mentioned"), "4");

    // One undo takes back all of it, on both.
    let said = told(&alice, &["undo"]);
    assert!(said.stderr.contains("(7 conversations)"), "{said}");
    done(&bob, &["sync"]);
    done(&carol, &["sync"]);
    assert_eq!((count(&bob, "tag:late"), count(&carol, "tag:late")), ("0".into(), "0".into()));

    // Carol takes what went to both; alice, who has not heard of it, comes second.
    done(&carol, &["assign", "me", &id(&carol, "both"), "--wait"]);
    let said = alice.run(&["assign", "me", &id(&alice, "both"), "--wait"]);
    assert_eq!(said.status, 4, "{said}");
    assert!(said.stderr.contains("carol took it first"), "{said}");
    done(&bob, &["sync"]);
    for env in [&alice, &bob, &carol] {
        assert_eq!(count(env, "assignee:carol"), "1");
    }

    // What is said of support never reaches the mailbox of sales, nor the other way round.
    done(&bob, &["note", "between us of support", &id(&bob, "support1"), "--wait"]);
    let (support, sales) = (log_of(&server, "support"), log_of(&server, "sales"));
    assert!(support.contains("between us of support") && !sales.contains("between us of support"));
    for n in 1..=3 {
        assert!(
            !sales.contains(&format!("support{n}@example.org")) && !support.contains(&format!("sales{n}@example.org"))
        );
    }
    let log = told(&bob, &["log", "-n", "1", "--json"]);
    assert!(log.stdout.contains("\"account\":\"a\"") && log.stdout.contains("\"on_server\":true"), "{log}");
    let rows = |env: &Environment, query: &str| -> Vec<String> {
        // What each has not looked at is their own.
        let listed = told(env, &["list", query, "--jq", "del(.unread, .news)"]).stdout;
        let mut rows: Vec<String> = listed.lines().map(str::to_owned).collect();
        rows.sort();
        rows
    };
    done(&alice, &["sync"]);
    done(&carol, &["sync"]);
    assert_eq!(rows(&alice, "is:any"), rows(&bob, "is:any"));
    assert_eq!(rows(&alice, "inbox:sales").len(), 4);
    assert_eq!(count(&carol, "is:any"), "4");
    for env in [&alice, &bob, &carol] {
        assert!(!told(env, &["log", "--json"]).stdout.contains("\"on_server\":false"));
    }
}

#[test]
fn a_conversation_stays_in_its_mailbox() {
    let Some(server) = server() else { return };
    let alice = person(&server, "alice", 1, &BOTH);
    let (support, sales) = (id(&alice, "support1"), id(&alice, "sales1"));
    let said = alice.run(&["move", "sales", &support]);
    assert_eq!(said.status, 2, "{said}");
    assert!(
        said.stderr.contains("is of the account main, and the inbox sales belongs to the account second"),
        "{said}"
    );
    assert!(said.stderr.contains("forward the mail to sales@example.com"), "{said}");
    let said = alice.run(&["merge", "--into", &sales, &support]);
    assert_eq!(said.status, 2, "{said}");
    assert!(said.stderr.contains("merge conversations of one account only"), "{said}");
    assert_eq!(count(&alice, "inbox:support"), "3");
    let plan = told(&alice, &["triage", &support, "--move", "sales", "--dry-run", "--json"]).stdout;
    let said = alice.pipe(&["apply", "-"], &plan);
    assert_eq!(said.status, 4, "{said}");
    assert!(said.stderr.contains("not carried out: move of"), "{said}");
}

#[test]
fn a_mailbox_that_is_away_holds_up_only_its_own_work() {
    let Some(server) = server() else { return };
    let (alice, bob) = (person(&server, "alice", 1, &BOTH), person(&server, "bob", 2, &BOTH));
    let config = alice.path("home/.config/postroom/config.toml");
    let good = std::fs::read_to_string(&config).unwrap();
    std::fs::write(
        &config,
        good.replace(
            "user = \"sales\"\npassword_command = \"echo pass\"",
            "user = \"sales\"\npassword_command = \"echo wrong\"",
        ),
    )
    .unwrap();
    let said = alice.run(&["tag", "late", "is:any", "--wait"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("what was done is kept"), "{said}");
    done(&bob, &["sync"]);
    assert_eq!((count(&bob, "tag:late"), count(&bob, "tag:late inbox:support")), ("3".into(), "3".into()));
    std::fs::write(&config, good).unwrap();
    done(&alice, &["sync"]);
    done(&bob, &["sync"]);
    assert_eq!(count(&bob, "tag:late"), "7");
}

#[test]
fn a_log_that_can_not_be_written_is_told_with_its_account() {
    let acl = "protocol imap {\n  mail_plugins = acl\n}\nplugin {\n  acl = vfile\n}\n";
    let Some(server) = Dovecot::with(acl) else { return };
    fill(&server);
    let alice = person(&server, "alice", 1, &BOTH);
    std::fs::write(server.maildir("sales").join(".Postroom/dovecot-acl"), "owner lr\n").unwrap();
    let said = alice.run(&["tag", "late", "is:any", "--wait"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("the mailbox of second lets you read the team's log but not write to it"), "{said}");
    assert!(!said.stderr.contains("the mailbox of main"), "{said}");
    let log = told(&alice, &["log", "-n", "2", "--json"]).stdout;
    let waits = |account: &str| {
        let line = log.lines().find(|line| line.contains(&format!("\"account\":\"{account}\""))).unwrap();
        line.contains("\"on_server\":false")
    };
    assert_eq!((waits("main"), waits("second")), (false, true));
}
