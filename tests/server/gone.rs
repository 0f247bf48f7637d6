//! Mail that another program archives, deletes and brings back, on a real server, as people and scripts meet it.

use crate::environment::Environment;
use crate::support::dovecot::Dovecot;
use postroom::sync::imap::Session;

const USER: &str = "team";

fn mail(id: &str, subject: &str, answers: &str) -> String {
    let answers = if answers.is_empty() { String::new() } else { format!("In-Reply-To: <{answers}>\n") };
    let mail = format!(
        "From: Ana <ana@customer.example>\nTo: team@example.com\nSubject: {subject}\nMessage-ID: <{id}>\n{answers}\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nAbout a parcel\n"
    );
    mail.replace('\n', "\r\n")
}

/// Puts a mail into INBOX and returns its UID.
fn deliver(session: &mut Session, id: &str, subject: &str, answers: &str) -> String {
    let raw = mail(id, subject, answers);
    session.append("INBOX", &[], None, raw.as_bytes()).unwrap().uid.unwrap().to_string()
}

/// A person who is set up; more of the config stands in the account's section.
fn person(server: &Dovecot, agent: &str, number: u64, config: &str) -> Environment {
    let env = Environment::of_person(number);
    assert_eq!(env.init(agent, server.imaps, &server.certificate()).status, 0);
    let file = env.path("home/.config/postroom/config.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (front, rest) = text.split_once("[account.main]\n").unwrap();
    let others: String = ["alice", "bob"]
        .iter()
        .filter(|other| **other != agent)
        .map(|other| format!("\n[agent.{other}]\nname = \"{other}\"\n"))
        .collect();
    std::fs::write(&file, format!("{front}[account.main]\n{config}\n{rest}{others}")).unwrap();
    sync(&env);
    env
}

fn sync(env: &Environment) -> String {
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    said.stderr
}

fn run(env: &Environment, args: &[&str]) -> String {
    let said = env.run(args);
    assert_eq!(said.status, 0, "{said}");
    said.stdout
}

fn count(env: &Environment, query: &str) -> String {
    // None is a number too, with an exit code of its own.
    env.run(&["count", query]).stdout.trim().to_owned()
}

fn id(env: &Environment, query: &str) -> String {
    run(env, &["list", query, "--format", "ids"]).trim().split('@').next().unwrap_or_default().to_owned()
}

/// Another program deletes a mail.
fn deletes(session: &mut Session, uid: &str) {
    let _ = session.select("INBOX").unwrap();
    session.store_flags(uid, "+FLAGS", &["\\Deleted"]).unwrap();
    session.expunge(uid).unwrap();
}

#[test]
fn what_another_program_deletes_is_closed_by_that_and_its_assignee_told_once() {
    let Some(server) = Dovecot::start() else { return };
    let mut other = server.session(USER);
    let uid = deliver(&mut other, "1@customer.example", "Order", "");
    let alice = person(&server, "alice", 1, "");
    let order = id(&alice, "subject:order");
    run(&alice, &["assign", "alice", &order]);
    deletes(&mut other, &uid);
    let told = sync(&alice);
    assert!(told.contains("Order is closed: another program archived or deleted its mail"), "{told}");
    assert!(!sync(&alice).contains("another program"), "once");
    assert_eq!((count(&alice, "is:active"), count(&alice, "is:gone status:closed")), ("0".into(), "1".into()));
    let shown = run(&alice, &["show", &order]);
    for part in [
        "left INBOX, moved or deleted by another program",
        "About a parcel",
        "closed, because all of its mail has left",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let why = run(&alice, &["why", &order]);
    assert!(why.contains("; left INBOX, moved or deleted by another program"), "{why}");
    let json = run(&alice, &["show", &order, "--json"]);
    assert!(json.contains("\"left\":{\"code\":\"mail-left\",\"args\":{\"folder\":\"INBOX\"}"), "{json}");
    // Whoever saw that can take it up again; what came in undoes nothing of it.
    run(&alice, &["status", "open", "is:gone"]);
    assert_eq!(count(&alice, "is:active is:gone"), "1");
    run(&alice, &["undo"]);
    assert_eq!(count(&alice, "is:active"), "0");
    let _ = deliver(&mut other, "2@customer.example", "Re: Order", "1@customer.example");
    sync(&alice);
    assert_eq!(count(&alice, "is:active assignee:alice messages:2"), "1");
}

#[test]
fn what_another_program_archives_is_said_to_be_archived_and_brought_back_is_as_it_was() {
    let Some(server) = Dovecot::start() else { return };
    let mut other = server.session(USER);
    let _ = other.create("Archive");
    let uid = deliver(&mut other, "1@customer.example", "Order", "");
    let (alice, bob) = (person(&server, "alice", 1, ""), person(&server, "bob", 2, "sync_archive = false"));
    let order = id(&alice, "subject:order");
    let _ = other.select("INBOX").unwrap();
    other.uid_move(&uid, "Archive").unwrap();
    for env in [&alice, &bob] {
        sync(env);
        assert_eq!((count(env, "is:active"), count(env, "is:gone")), ("0".into(), "1".into()));
    }
    let shown = run(&alice, &["show", &order]);
    assert!(shown.contains("left INBOX, archived by another program"), "{shown}");
    let shown = run(&bob, &["show", &order]);
    assert!(shown.contains("left INBOX, moved or deleted by another program"), "he has no archive to look in: {shown}");
    // A newcomer finds it in the archive and has no work with it.
    let carol = person(&server, "alice", 3, "");
    assert_eq!((count(&carol, "is:active"), count(&carol, "is:any")), ("0".into(), "1".into()));
    let _ = other.select("Archive").unwrap();
    other.uid_move("1:*", "INBOX").unwrap();
    for env in [&alice, &bob, &carol] {
        sync(env);
        assert_eq!((count(env, "status:open"), count(env, "is:gone")), ("1".into(), "0".into()));
        assert!(!run(env, &["show", &order]).contains("another program"));
    }
}

#[test]
fn the_text_is_let_go_after_gone_days_and_that_is_said() {
    let Some(server) = Dovecot::start() else { return };
    let mut other = server.session(USER);
    let uid = deliver(&mut other, "1@customer.example", "Order", "");
    let alice = person(&server, "alice", 1, "gone_days = 0");
    let order = id(&alice, "subject:order");
    deletes(&mut other, &uid);
    sync(&alice);
    let shown = run(&alice, &["show", &order]);
    assert!(shown.contains("its text was let go when it left the server, and can't be had again"), "{shown}");
    assert!(!shown.contains("About a parcel") && shown.contains("Order"), "{shown}");
    assert_eq!((count(&alice, "is:any parcel"), count(&alice, "is:any subject:order")), ("0".into(), "1".into()));
}

#[test]
fn a_mail_that_one_person_never_saw_leaves_both_with_one_conversation() {
    let Some(server) = Dovecot::start() else { return };
    let mut other = server.session(USER);
    let _ = deliver(&mut other, "1@customer.example", "Order", "");
    let (alice, bob) = (person(&server, "alice", 1, ""), person(&server, "bob", 2, ""));
    run(&alice, &["status", "closed", "subject:order"]);
    sync(&bob);
    let middle = deliver(&mut other, "2@customer.example", "Second thoughts", "1@customer.example");
    sync(&alice);
    deletes(&mut other, &middle);
    let _ = deliver(&mut other, "3@customer.example", "And one more", "2@customer.example");
    sync(&bob);
    assert_eq!(count(&bob, "is:any"), "2");
    sync(&alice);
    sync(&bob);
    assert_eq!((count(&alice, "is:any"), count(&bob, "is:any")), ("1".into(), "1".into()));
    assert_eq!(id(&alice, "status:open"), id(&bob, "status:open"));
    let log = run(&bob, &["log"]);
    assert!(log.contains("postroom"), "{log}");
}
