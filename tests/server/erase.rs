//! Erasing for good, by two people on a real server: no mail file and no store holds a word of it afterwards.

use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::support::dovecot::Dovecot;

const USER: &str = "team";
const WORDS: &[&str] = &["xylophon", "quagga", "zirkonia", "yggdrasil", "wombatus", "kumquats"];
const ID: &str = "first@customer.example";

fn mail(id: &str, from: &str, subject: &str, text: &str) -> String {
    let mail = format!(
        "From: {from}\nTo: team@example.com\nSubject: {subject}\nMessage-ID: <{id}>\n\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\n\n{text}\n"
    );
    mail.replace('\n', "\r\n")
}

fn secret() -> String {
    mail(ID, "Quagga <quagga@customer.example>", "Xylophon", "zirkonia")
}

/// A mailbox with one mail in four folders, an answer of it in Sent, and a mail that stays.
fn server() -> Option<Dovecot> {
    let server = Dovecot::start()?;
    let mut session = server.session(USER);
    for folder in ["Archive", "Sent", "Trash"] {
        let _ = session.create(folder);
    }
    for folder in ["INBOX", "Archive", "Trash"] {
        let _ = session.append(folder, &[], None, secret().as_bytes()).unwrap();
    }
    let answer = mail("answer@example.com", "team@example.com", "Re: Xylophon", "Dear Quagga, about zirkonia")
        .replace("To: team@example.com", "To: quagga@customer.example")
        .replace("\r\nDate", &format!("\r\nReferences: <{ID}>\r\nDate"));
    let _ = session.append("Sent", &[], None, answer.as_bytes()).unwrap();
    let stays = mail("stays@customer.example", "Ana <ana@customer.example>", "Parcel", "About a parcel");
    let _ = session.append("INBOX", &[], None, stays.as_bytes()).unwrap();
    session.logout();
    Some(server)
}

fn person(server: &Dovecot, agent: &str, number: u64) -> Environment {
    let env = Environment::of_person(number);
    assert_eq!(env.init(agent, server.imaps, &server.certificate()).status, 0);
    sync(&env);
    env
}

fn sync(env: &Environment) {
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
}

fn files(dir: &Path, wanted: &dyn Fn(&Path) -> bool, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, wanted, all);
        } else if wanted(&path) {
            all.push(path);
        }
    }
}

/// Which words stand in which files below a folder.
fn words_in(dir: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    files(dir, wanted, &mut all);
    let mut found = Vec::new();
    for path in all {
        let bytes = std::fs::read(&path).unwrap().to_ascii_lowercase();
        let here = |word: &&&str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        found.extend(WORDS.iter().filter(here).map(|word| format!("{word} in {}", path.display())));
    }
    found
}

/// Mails as the server keeps them; what it notes in its own indexes is its own.
fn words_on_server(server: &Dovecot) -> Vec<String> {
    let is_mail = |path: &Path| path.parent().is_some_and(|dir| dir.ends_with("cur") || dir.ends_with("new"));
    words_in(&server.maildir(USER), &is_mail)
}

fn words_at(env: &Environment) -> Vec<String> {
    let is_store = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("postroom.db"));
    words_in(&env.path(""), &is_store)
}

#[test]
fn two_people_erase_a_conversation_and_no_word_is_left_on_the_server_nor_with_either() {
    let Some(server) = server() else { return };
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    let mut made = vec![bob.run(&["note", "he said yggdrasil", ID]), alice.run(&["title", "wombatus", ID])];
    made.push(alice.run(&["tag", "+kumquats", ID]));
    made.push(alice.run(&["assign", "alice", ID]));
    made.push(alice.run(&["note", "about the parcel", "stays@customer.example"]));
    made.iter().for_each(|said| assert_eq!(said.status, 0, "{said}"));
    sync(&bob);
    assert!(!words_on_server(&server).is_empty() && !words_at(&alice).is_empty() && !words_at(&bob).is_empty());
    // Bob is away with an edit of his note.
    assert_eq!(bob.run(&["note", "yggdrasil, edited", ID, "--edit", "--offline"]).status, 0);

    let id = alice.run(&["list", "title:wombatus", "--format", "ids"]);
    let id = if id.stdout.trim().is_empty() { alice.run(&["list", "tag:kumquats", "--format", "ids"]) } else { id };
    let id = id.stdout.trim().to_owned();
    let listed = alice.run(&["erase", &id, "--dry-run"]);
    assert_eq!(listed.status, 0, "{listed}");
    for part in [ID, "answer@example.com", "INBOX", "note", "title", "tag"] {
        assert!(listed.stdout.contains(part), "{part}: {listed}");
    }
    let said = alice.run(&["erase", &id, "--yes"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(words_on_server(&server), Vec::<String>::new(), "{said}");
    assert_eq!(words_at(&alice), Vec::<String>::new());

    let _ = bob.run(&["sync"]);
    sync(&bob);
    sync(&alice);
    assert_eq!(words_at(&bob), Vec::<String>::new());
    assert_eq!(words_on_server(&server), Vec::<String>::new());

    // It comes back, and a newcomer comes: nobody takes it in.
    let mut session = server.session(USER);
    let _ = session.append("INBOX", &[], None, secret().as_bytes()).unwrap();
    session.logout();
    let carol = person(&server, "carol", 3);
    sync(&alice);
    sync(&bob);
    for env in [&alice, &bob, &carol] {
        assert_eq!(env.run(&["count", "parcel"]).stdout.trim(), "1");
        assert_eq!(env.run(&["count", "xylophon"]).stdout.trim(), "0");
        assert_eq!(words_at(env), Vec::<String>::new());
    }
    let orders: Vec<String> = [&alice, &bob, &carol].map(|env| env.run(&["log", "--format", "ids"]).stdout).into();
    assert_eq!(orders[0], orders[1]);
    assert_eq!(orders[0], orders[2]);
}

#[test]
fn what_the_server_does_not_let_us_remove_is_told_and_stays_queued() {
    let Some(server) = Dovecot::without(&["UIDPLUS"]) else { return };
    let mut session = server.session(USER);
    let _ = session.append("INBOX", &[], None, secret().as_bytes()).unwrap();
    session.logout();
    let alice = person(&server, "alice", 1);
    let said = alice.run(&["erase", ID, "--yes"]);
    assert_eq!(said.status, 3, "{said}");
    assert!(said.stderr.contains("one erased mail still stands"), "{said}");
    assert!(!words_on_server(&server).is_empty());
    assert_eq!(words_at(&alice), Vec::<String>::new());
    assert_eq!(alice.run(&["sync"]).status, 3, "it stays queued");
}

#[test]
fn where_a_stranger_reused_an_id_the_mail_that_was_named_goes_and_the_other_is_named_and_stays() {
    let Some(server) = Dovecot::start() else { return };
    let mut session = server.session(USER);
    let forged = mail(ID, "Eve <eve@evil.example>", "Offer", "buy");
    for (raw, minute) in [(secret(), 0), (forged, 1)] {
        let at = postroom::model::clock::Timestamp::from_seconds(1_795_000_000 + 60 * minute);
        let _ = session.append("INBOX", &[], Some(at), raw.as_bytes()).unwrap();
    }
    session.logout();
    let alice = person(&server, "alice", 1);
    for (args, status) in [(vec!["erase", ID, "--dry-run"], 0), (vec!["erase", ID], 2)] {
        let said = alice.run(&args);
        assert_eq!(said.status, status, "{said}");
        for part in ["borne by another mail too, which stays", "Offer", "one mail"] {
            assert!(said.stderr.contains(part), "{part}: {said}");
        }
    }
    let said = alice.run(&["erase", ID, "--dry-run"]);
    let named: Vec<&str> = said.stdout.lines().filter(|line| line.starts_with("mail ")).collect();
    assert!(named.len() == 1 && named[0].contains("Xylophon"), "{said}");
    let bob = person(&server, "bob", 2);
    let said = alice.run(&["erase", ID, "--yes"]);
    assert_eq!(said.status, 0, "{said}");
    sync(&bob);
    let mut session = server.session(USER);
    session.examine("INBOX").unwrap();
    let left = session.search("ALL").unwrap();
    assert_eq!(left.len(), 1, "{said}");
    let stays = session.uid_fetch(&left[0].to_string(), "(UID BODY.PEEK[])").unwrap().remove(0).body.unwrap();
    assert!(String::from_utf8(stays).unwrap().contains("Offer"));
    for env in [&alice, &bob] {
        let listed = env.run(&["list"]).stdout;
        assert!(listed.contains("Offer") && !listed.contains("Xylophon"), "{listed}");
    }
}
