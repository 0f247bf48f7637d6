//! The team's log where the server makes it hard: no room, a prefix for all folders, a name that can't be. The program as it is, against a
//! real Dovecot.

use crate::environment::{Environment, Said};
use crate::support::dovecot::Dovecot;
use crate::support::smtp::SmtpServer;
use postroom::config::Security;

/// The mailbox of the team.
const USER: &str = "team";

/// A quota of so many bytes.
fn quota(bytes: u32) -> String {
    format!(
        "mail_plugins = quota\nplugin {{\n  quota = count:User quota\n  quota_vsizes = yes\n  quota_grace = 0\n  quota_rule = *:bytes={bytes}\n}}\n"
    )
}

/// A namespace with a prefix, as the config file spells both.
fn namespace(prefix: &str, separator: &str) -> String {
    format!("namespace inbox {{\n  prefix = \"{prefix}\"\n  separator = \"{separator}\"\n}}\n")
}

fn mail(n: u32) -> String {
    format!(
        "From: Carol {n} <carol{n}@example.org>\nTo: team@example.com\nSubject: Question {n}\nMessage-ID: <{n}@example.org>\n\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nBody {n}\n"
    )
}

fn init(env: &Environment, server: &Dovecot, agent: &str, smtp: Option<&SmtpServer>) -> Said {
    let said = env.init(agent, server.imaps, &server.certificate());
    if let Some(smtp) = smtp {
        let port = smtp.endpoint(Security::Plain).port;
        let section = format!("\n[account.main.smtp]\nhost = \"localhost\"\nport = {port}\nsecurity = \"plain\"\n");
        change(env, |text| text + &section);
    }
    said
}

fn change(env: &Environment, change: impl FnOnce(String) -> String) {
    let file = env.path("home/.config/postroom/config.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, change(text)).unwrap();
}

fn count(env: &Environment, query: &str) -> String {
    env.run(&["count", query]).stdout.trim().to_owned()
}

fn id(env: &Environment, n: u32) -> String {
    let said = env.run(&["list", &format!("subject:\"Question {n}\""), "--format", "ids"]);
    said.stdout.trim().to_owned()
}

fn folders(server: &Dovecot) -> Vec<String> {
    server.session(USER).list().unwrap().into_iter().map(|folder| folder.name).collect()
}

#[test]
fn a_full_mailbox_keeps_no_mail_from_coming_and_is_told_with_the_servers_words() {
    let Some(server) = Dovecot::with(&quota(20_000)) else { return };
    server.deliver(USER, "INBOX", &mail(1));
    let alice = Environment::of_person(1);
    assert_eq!(init(&alice, &server, "alice", None).status, 0);
    assert_eq!(alice.run(&["sync"]).status, 0);
    let long = "There is much to say about this. ".repeat(1000);
    let said = alice.run(&["note", &long, &id(&alice, 1), "--wait"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("the mailbox is full: Quota exceeded"), "{said}");
    server.deliver(USER, "INBOX", &mail(2));
    let said = alice.run(&["sync", "--json"]);
    assert_eq!(said.status, 3, "{said}");
    assert_eq!(count(&alice, "is:any"), "2", "the mail came: {said}");
    let fetched = said.stderr.find("INBOX: 1 fetched").unwrap();
    assert!(said.stderr.find("the mailbox is full").unwrap() > fetched, "{said}");
    assert!(said.stderr.contains("make room in the mailbox"), "{said}");
    let trouble: serde_json::Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!(
        (&trouble["type"], &trouble["account"], &trouble["part"]),
        (&"trouble".into(), &"main".into(), &"log".into())
    );
    assert!(trouble["message"].as_str().unwrap().contains("Quota exceeded"), "{said}");
}

#[test]
fn the_log_stands_where_the_server_keeps_folders_whatever_its_prefix_and_separator() {
    for (prefix, separator, folder) in
        [("Mail/", "/", "Mail/Postroom"), ("INBOX.", ".", "INBOX.Postroom"), ("Mail\\\\", "\\\\", "Mail\\Postroom")]
    {
        let Some(server) = Dovecot::with(&namespace(prefix, separator)) else { return };
        server.deliver(USER, "INBOX", &mail(1));
        let (alice, bob) = (Environment::of_person(1), Environment::of_person(2));
        let said = init(&alice, &server, "alice", None);
        assert!(said.stderr.contains(&format!("{folder} (the team's log")), "{prefix}: {said}");
        assert!(said.stderr.contains(&format!("{} (sent", folder.replace("Postroom", "Sent"))), "{prefix}: {said}");
        assert_eq!(init(&bob, &server, "bob", None).status, 0);
        for env in [&alice, &bob] {
            let said = env.run(&["sync"]);
            assert_eq!(said.status, 0, "{prefix}: {said}");
            assert_eq!(count(env, "is:any"), "1");
        }
        let said = alice.run(&["tag", "late", &id(&alice, 1), "--wait"]);
        assert_eq!(said.status, 0, "{prefix}: {said}");
        assert!(folders(&server).contains(&folder.to_owned()), "{prefix}: {:?}", folders(&server));
        assert_eq!(bob.run(&["sync"]).status, 0);
        assert_eq!(count(&bob, "tag:late"), "1", "{prefix}");
    }
}

#[test]
fn a_log_that_was_made_elsewhere_before_stays_there() {
    let Some(server) = Dovecot::start() else { return };
    server.session(USER).create("INBOX.Postroom").unwrap();
    let alice = Environment::of_person(1);
    let said = init(&alice, &server, "alice", None);
    assert!(said.stderr.contains("INBOX.Postroom (the team's log"), "{said}");
    assert_eq!(alice.run(&["sync"]).status, 0);
    assert!(!folders(&server).contains(&"Postroom".to_owned()), "{:?}", folders(&server));
    assert!(server.session(USER).examine("INBOX.Postroom").unwrap().state.messages.unwrap() > 0);
}

#[test]
fn sent_named_in_the_config_without_the_prefix_is_found_and_other_folders_are_told_by_their_names() {
    let Some(server) = Dovecot::with(&namespace("Mail/", "/")) else { return };
    let mut session = server.session(USER);
    session.create("Mail/Outgoing").unwrap();
    session.create("Mail/Orders").unwrap();
    session.logout();
    server.deliver(USER, "Mail/Outgoing", &mail(1));
    let alice = Environment::of_person(1);
    assert_eq!(init(&alice, &server, "alice", None).status, 0);
    let extra = "[account.main]\nsent = \"Outgoing\"\nfolders = [\"Orders\"]\n";
    change(&alice, |text| text.replacen("[account.main]\n", extra, 1));
    let said = alice.run(&["sync"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("Mail/Outgoing: 1 fetched"), "{said}");
    assert!(said.stderr.contains("this server calls it \"Mail/Orders\""), "{said}");
}

#[test]
fn where_the_log_can_not_be_made_mail_comes_a_reply_leaves_and_the_server_is_quoted() {
    let Some(server) = Dovecot::start() else { return };
    let smtp = SmtpServer::start();
    server.deliver(USER, "INBOX", &mail(1));
    let alice = Environment::of_person(1);
    assert_eq!(init(&alice, &server, "alice", Some(&smtp)).status, 0);
    change(&alice, |text| text.replace("log_folder = \"Postroom\"", "log_folder = \"Team/Log\""));
    let said = alice.run(&["sync"]);
    assert_eq!(said.status, 3, "{said}");
    assert_eq!(count(&alice, "is:any"), "1", "the mail came: {said}");
    assert!(said.stderr.contains("the folder \"Team/Log\" is not there and can't be made:"), "{said}");
    assert!(
        said.stderr.contains("must not have '/'")
            && !said.stderr.contains("secs")
            && said.stderr.contains("log_folder"),
        "{said}"
    );
    let said = alice.run(&["reply", &id(&alice, 1), "--body", "It is on its way.", "--send"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("1 sent") && said.stderr.contains("Team/Log"), "{said}");
    assert_eq!(smtp.mails().len(), 1);
}

#[test]
fn a_verb_that_is_let_in_no_more_tells_the_servers_words_and_what_to_do() {
    let Some(server) = Dovecot::with("mail_max_userip_connections = 1\n") else { return };
    let alice = Environment::of_person(1);
    assert_eq!(init(&alice, &server, "alice", None).status, 0);
    let taken = server.session(USER);
    let said = alice.run(&["sync", "--json"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("Maximum number of connections from user+IP exceeded"), "{said}");
    assert!(said.stderr.contains("end a postroom or a mail program that has some"), "{said}");
    assert!(said.stderr.contains("`postroom sync` tries again") && !said.stderr.contains("by itself"), "{said}");
    let trouble: serde_json::Value = serde_json::from_str(said.stdout.trim()).unwrap();
    assert_eq!((&trouble["type"], &trouble["part"]), (&"trouble".into(), &"connection".into()));
    taken.logout();
    let said = alice.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
}
