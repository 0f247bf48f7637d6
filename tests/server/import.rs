//! An archive that is put onto a real IMAP server, interrupted and gone on with, as the team sees it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::environment::{Environment, Said};
use crate::support::dovecot::{Dovecot, PASSWORD};

const USER: &str = "team";

/// Stands between a client and the server; of a connection that puts the wanted mail into INBOX the client hears no more.
struct Between {
    port: u16,
    /// How many mails are still let through.
    left: Arc<AtomicUsize>,
    reached: Receiver<()>,
}

impl Between {
    fn start(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let (told, reached) = channel();
        let shared = Arc::clone(&left);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", server)).unwrap());
                let (from, to) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                std::thread::spawn(move || copy(from, to));
                let (left, told) = (Arc::clone(&shared), told.clone());
                std::thread::spawn(move || watch(client, server, &left, &told));
            }
        });
        Self { port, left, reached }
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

fn watch(mut client: TcpStream, mut server: TcpStream, left: &AtomicUsize, told: &Sender<()>) {
    let (mut tail, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(count @ 1..) = client.read(&mut buffer) {
        tail.extend_from_slice(&buffer[..count]);
        let seen = String::from_utf8_lossy(&tail).matches("APPEND \"INBOX\"").count();
        if seen > 0 {
            tail.clear();
            if left.load(Ordering::SeqCst) <= seen {
                // The server may have it, and nobody will ever say so.
                let _ = server.write_all(&buffer[..count]);
                let _ = server.shutdown(Shutdown::Both);
                left.store(usize::MAX, Ordering::SeqCst);
                told.send(()).unwrap();
                return std::mem::forget(client);
            }
            left.fetch_sub(seen, Ordering::SeqCst);
        }
        let keep = tail.len().saturating_sub(13);
        tail.drain(..keep);
        if server.write_all(&buffer[..count]).is_err() {
            return;
        }
    }
    let _ = server.shutdown(Shutdown::Both);
}

fn person(agent: &str, number: u64, port: u16) -> Environment {
    let env = Environment::of_person(number);
    let port = port.to_string();
    let password = format!("echo {PASSWORD}");
    let mut args = vec!["init", "--me", agent, "--address", "team@example.com", "--inbox", "support", "--user", USER];
    args.extend(["--imap-host", "localhost", "--imap-port", &port, "--imap-security", "plain", "--smtp-host", "none"]);
    args.extend(["--password-command", &password]);
    let said = env.run(&args);
    assert_eq!(said.status, 0, "{said}");
    let said = env.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    env
}

/// An mbox with mails of the last days and of years ago, some from us.
fn mbox(mails: i64) -> String {
    let entry = |n: i64| {
        let days = if n % 2 == 0 { n / 2 } else { 400 + n };
        let at = jiff::Timestamp::from_second(1_795_339_200 - 86_400 * days - 3600).unwrap();
        let (from, to) = match n % 5 {
            0 => ("team@example.com".to_owned(), format!("carol{n}@example.org")),
            _ => (format!("carol{n}@example.org"), "team@example.com".to_owned()),
        };
        format!(
            "From x@example.org {}\nFrom: {from}\nTo: {to}\nSubject: Old {n}\nMessage-ID: <old{n}@example.org>\n\nBody {n}\n\n",
            at.strftime("%a %b %e %H:%M:%S %Y")
        )
    };
    (1..=mails).map(entry).collect()
}

fn counts(server: &Dovecot, folder: &str) -> usize {
    let mut session = server.session(USER);
    session.examine(folder).unwrap();
    let found = session.search("ALL").unwrap().len();
    session.logout();
    found
}

fn count(env: &Environment, query: &str) -> String {
    env.run(&["count", query, "--ok-if-empty"]).stdout.trim().to_owned()
}

fn json(said: &Said) -> serde_json::Value {
    serde_json::from_str(said.stdout.lines().find(|line| line.contains("\"import\"")).unwrap()).unwrap()
}

#[test]
fn an_import_that_is_killed_goes_on_and_colleagues_see_all_of_it_closed() {
    let Some(server) = Dovecot::start() else { return };
    let between = Between::start(server.imap);
    let alice = person("alice", 1, between.port);
    let bob = person("bob", 2, server.imap);
    alice.write("old.mbox", &mbox(30));
    let args = ["import", "old.mbox", "--to", "main", "--json"];

    between.left.store(12, Ordering::SeqCst);
    let mut child =
        alice.command(&args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    between.reached.recv().unwrap();
    child.kill().unwrap();
    let _ = child.wait_with_output().unwrap();
    let there = counts(&server, "INBOX");
    assert!((11..=12).contains(&there), "{there}");
    // A colleague who looks now takes none of it for work.
    let said = bob.run(&["sync"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(count(&bob, "-status:closed"), "0");

    let said = alice.run(&args);
    assert_eq!(said.status, 0, "{said}");
    let result = json(&said);
    assert_eq!((&result["imported"], &result["there"]), (&(30 - there).into(), &there.into()), "{said}");
    assert_eq!(counts(&server, "INBOX"), 30);
    let again = alice.run(&args);
    assert_eq!((&json(&again)["imported"], &json(&again)["there"]), (&0.into(), &30.into()), "{again}");
    assert_eq!(counts(&server, "INBOX"), 30);

    let carol = person("carol", 3, server.imap);
    assert_eq!(bob.run(&["sync"]).status, 0);
    for env in [&alice, &bob, &carol] {
        assert_eq!((count(env, "is:any"), count(env, "status:closed")), ("30".to_owned(), "30".to_owned()));
    }
    let mut session = server.session(USER);
    session.examine("INBOX").unwrap();
    let found = session.uid_fetch("1:*", "(UID FLAGS INTERNALDATE)").unwrap();
    let old = jiff::Timestamp::from_second(1_795_339_200 - 86_400 * 401 - 3600).unwrap().as_second();
    assert!(found.iter().any(|mail| mail.date.unwrap().seconds() == old), "the day of the archive is kept");
    assert!(found.iter().all(|mail| mail.flags.as_ref().unwrap().iter().any(|flag| flag == "\\Seen")), "{found:?}");
}

#[test]
fn our_own_answers_go_among_what_was_sent_where_that_is_wished() {
    let Some(server) = Dovecot::start() else { return };
    let alice = person("alice", 1, server.imap);
    let mut session = server.session(USER);
    // Servers that have it by themselves refuse it.
    let _ = session.create("Sent");
    session.logout();
    alice.write("old.mbox", &mbox(10));
    let said = alice.run(&["import", "old.mbox", "--to", "main/Nowhere"]);
    assert!(said.status == 2 && said.stderr.contains("INBOX"), "{said}");
    let said = alice.run(&["import", "old.mbox", "--to", "main", "--sent", "--offline"]);
    assert_eq!(said.status, 2, "{said}");
    let said = alice.run(&["import", "old.mbox", "--to", "main", "--dry-run", "--json"]);
    assert_eq!((said.status, &json(&said)["imported"]), (0, &10.into()), "{said}");
    assert_eq!(counts(&server, "INBOX"), 0);
    let said = alice.run(&["import", "old.mbox", "--to", "main", "--sent"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!((counts(&server, "INBOX"), counts(&server, "Sent")), (8, 2));
    let said = alice.run(&["list", "subject:\"Old 5\"", "is:any", "--json"]);
    assert!(said.stdout.contains("\"status\":\"closed\""), "{said}");
}

#[test]
fn what_is_to_be_work_is_open_for_all_however_old_it_is() {
    let Some(server) = Dovecot::start() else { return };
    let (alice, bob) = (person("alice", 1, server.imap), person("bob", 2, server.imap));
    alice.write("old.mbox", &mbox(26));
    let said = alice.run(&["import", "old.mbox", "--to", "main", "--open"]);
    assert_eq!(said.status, 0, "{said}");
    assert_eq!(bob.run(&["sync"]).status, 0);
    for env in [&alice, &bob] {
        assert_eq!((count(env, "is:any"), count(env, "status:open")), ("26".to_owned(), "26".to_owned()));
    }
}

#[test]
fn a_mail_with_a_nul_that_a_server_can_not_keep_is_known_again() {
    let Some(server) = Dovecot::start() else { return };
    let alice = person("alice", 1, server.imap);
    alice.write("old.mbox", &mbox(2).replace("Body 1", "Bo\0dy 1"));
    let args = ["import", "old.mbox", "--to", "main", "--json"];
    let first = alice.run(&args);
    assert_eq!((&json(&first)["imported"], first.status), (&2.into(), 0), "{first}");
    for again in [&args[..], &[&args[..], &["--dry-run"]].concat()] {
        let said = alice.run(again);
        assert_eq!((&json(&said)["imported"], &json(&said)["there"]), (&0.into(), &2.into()), "{said}");
    }
    assert_eq!(counts(&server, "INBOX"), 2);
}
