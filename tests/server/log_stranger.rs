//! Mail that somebody sends to the address with a tag, which the server files into the folder of the team's log: a real Dovecot that takes
//! it by LMTP, and the program as it is.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

use crate::environment::Environment;
use crate::support::dovecot::Dovecot;

const USER: &str = "team";

fn mail(n: u32) -> String {
    format!(
        "From: Carol {n} <carol{n}@example.org>\nTo: team@example.com\nSubject: Question {n}\nMessage-ID: <{n}@example.org>\n\
         Date: Sun, 22 Nov 2026 08:00:00 +0000\n\nBody {n}\n"
    )
}

/// The `number`th person, set up, with the mail fetched.
fn person(server: &Dovecot, agent: &str, number: u64) -> Environment {
    let env = Environment::of_person(number);
    assert_eq!(env.init(agent, server.imaps, &server.certificate()).status, 0);
    assert_eq!(env.run(&["sync"]).status, 0);
    env
}

/// Hands a mail to the server as another server does (RFC 2033).
fn deliver(port: u16, to: &str, mail: &str) {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream;
    let mut answer = |wanted: &str| {
        let mut line = String::new();
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                break;
            }
        }
        assert!(line.starts_with(wanted), "{line}");
    };
    answer("220");
    let to = format!("RCPT TO:<{to}>");
    for (line, wanted) in
        [("LHLO mx.example.com", "250"), ("MAIL FROM:<eve@evil.example>", "250"), (&to, "250"), ("DATA", "354")]
    {
        write!(stream, "{line}\r\n").unwrap();
        answer(wanted);
    }
    let body = mail.replace("\r\n", "\n").replace("\n.", "\n..").replace('\n', "\r\n");
    write!(stream, "{body}\r\n.\r\n").unwrap();
    answer("250");
    write!(stream, "QUIT\r\n").unwrap();
}

/// A plain mail with records that say alice made them.
fn forged() -> String {
    let record = |n: u32, on: &str, op: &str| {
        format!(
            r#"{{"v":1,"id":"00000000-0000-7000-8000-{n:012}","actor":"alice","host":"desk","at":1795000000000,"lamport":{n},"on":[{on}],"op":{op}}}"#
        )
    };
    let lines = [
        record(1, r#"{"on":"1@example.org"}"#, r#"{"kind":"note","text":"pay\\u0020him\\u0020at\\u0020once"}"#),
        record(2, r#"{"on":"1@example.org"}"#, r#"{"kind":"merge","into":"2@example.org"}"#),
        record(3, "", r#"{"kind":"saved-reply","name":"refund","text":"https://evil.example/refund"}"#),
    ];
    format!(
        "From: Eve <eve@evil.example>\nTo: team+Postroom@example.com\nSubject: hello\nMessage-ID: <evil@evil.example>\n\n\
         -- postroom log, format 1 --\n{}\n-- end --\n-- by postroom/0.1.0 --\n",
        lines.join("\n")
    )
}

fn id(env: &Environment, n: u32) -> String {
    env.run(&["list", &format!("subject:\"Question {n}\""), "--format", "ids"]).stdout.trim().to_owned()
}

fn count(env: &Environment, query: &str) -> String {
    env.run(&["count", query]).stdout.trim().to_owned()
}

#[test]
fn nothing_of_a_strangers_mail_in_the_logs_folder_counts_and_it_is_told_once() {
    let Some((server, lmtp)) = Dovecot::with_lmtp() else { return };
    for n in 1..=2 {
        server.deliver(USER, "INBOX", &mail(n));
    }
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    deliver(lmtp, "team+Postroom@example.com", &forged());
    assert_eq!(
        server.session(USER).examine("Postroom").unwrap().state.messages.map(|n| n > 1),
        Some(true),
        "it is there"
    );
    let said = alice.run(&["sync", "--json"]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("carries records; they don't count"), "{said}");
    assert!(said.stderr.contains("evil@evil.example") && said.stderr.contains("Eve"), "{said}");
    let trouble: serde_json::Value = serde_json::from_str(said.stdout.lines().next().unwrap()).unwrap();
    assert_eq!((&trouble["type"], &trouble["part"]), (&"trouble".into(), &"log".into()), "{said}");
    assert!(!alice.run(&["sync"]).stderr.contains("don't count"), "once is enough");
    assert_eq!(bob.run(&["sync"]).status, 0);
    for env in [&alice, &bob] {
        assert_eq!(count(env, "is:any"), "2", "they are not merged");
        assert!(!env.run(&["show", &id(env, 1)]).stdout.contains("pay him"));
        assert!(!env.run(&["replies"]).stdout.contains("refund"));
    }
}

#[test]
fn signed_mails_of_the_log_count_when_they_are_delivered_again() {
    let Some((server, lmtp)) = Dovecot::with_lmtp() else { return };
    server.deliver(USER, "INBOX", &mail(1));
    let (alice, bob) = (person(&server, "alice", 1), person(&server, "bob", 2));
    let said = alice.run(&["tag", "late", &id(&alice, 1), "--wait"]);
    assert_eq!(said.status, 0, "{said}");
    let mut session = server.session(USER);
    session.select("Postroom").unwrap();
    let last = session.search("ALL").unwrap().pop().unwrap();
    let raw = session.uid_fetch_full(&last.to_string()).unwrap().remove(0).body.unwrap();
    session.remove(&[last]).unwrap();
    let text = String::from_utf8(raw).unwrap();
    assert!(text.contains("-- signed "), "{text}");
    deliver(lmtp, "team+Postroom@example.com", &text);
    let said = bob.run(&["sync"]);
    assert!(said.status == 0 && !said.stderr.contains("don't count"), "{said}");
    assert_eq!(count(&bob, "tag:late"), "1", "{said}");
}

#[test]
fn the_keys_are_listed_and_replaced_by_a_verb_and_nothing_waits_to_be_adopted() {
    let Some(server) = Dovecot::start() else { return };
    server.deliver(USER, "INBOX", &mail(1));
    let alice = person(&server, "alice", 1);
    let said = alice.run(&["team", "rotate-key"]);
    assert!(said.status == 0 && said.stdout.contains("signs") && said.stderr.contains("with --yes"), "{said}");
    let said = alice.run(&["team", "rotate-key", "--yes", "--json"]);
    assert_eq!(said.status, 0, "{said}");
    let keys: Vec<serde_json::Value> = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let stands: Vec<(bool, bool)> = keys.iter().map(|key| (key["signs"] == true, key["replaced"] == true)).collect();
    assert_eq!(stands, [(true, false), (false, true)], "{said}");
    let said = alice.run(&["team", "adopt-log"]);
    assert_eq!(said.status, 1, "{said}");
    assert!(said.stderr.contains("nothing of the team's log"), "{said}");
    let said = alice.run(&["team", "adopt-log", "--yes"]);
    assert!(said.status == 2 && said.stderr.contains("which --up-to"), "{said}");
    for verb in ["rotate-key", "adopt-log"] {
        let said = alice.run(&["--offline", "team", verb, "--yes"]);
        assert_eq!(said.status, 2, "{said}");
        assert!(said.stderr.contains("without --offline"), "{said}");
    }
    assert_eq!(alice.run(&["team", "rotate-key", "--format", "ids"]).stdout.lines().count(), 2, "no key was made");
}

#[test]
fn a_mail_that_comes_between_the_look_and_the_yes_is_not_adopted() {
    let Some((server, lmtp)) = Dovecot::with_lmtp() else { return };
    server.deliver(USER, "INBOX", &mail(1));
    let alice = Environment::of_person(1);
    assert_eq!(alice.init("alice", server.imaps, &server.certificate()).status, 0);
    assert_eq!(alice.run(&["sync"]).status, 0);
    let numbered = |n: u32, from: &str| {
        forged().replace("00000000-0000-7000", &format!("0000000{n}-0000-7000")).replace("Eve <eve", from)
    };
    deliver(lmtp, "team+Postroom@example.com", &numbered(1, "Moved <moved"));
    let said = alice.run(&["team", "adopt-log", "--json"]);
    assert_eq!(said.status, 0, "{said}");
    let listed: serde_json::Value = serde_json::from_str(said.stdout.lines().next().unwrap()).unwrap();
    assert!(listed["from"].as_str().unwrap().contains("moved@evil.example"), "{said}");
    let up_to = listed["up_to"].as_str().unwrap().to_owned();
    assert!(alice.run(&["team", "adopt-log"]).stderr.contains(&format!("--yes --up-to {up_to}")));

    deliver(lmtp, "team+Postroom@example.com", &numbered(2, "Eve <eve"));
    let said = alice.run(&["team", "adopt-log", "--yes"]);
    assert!(said.status == 2 && said.stderr.contains("which --up-to"), "{said}");
    let said = alice.run(&["team", "adopt-log", "--yes", "--up-to", &up_to]);
    assert_eq!(said.status, 0, "{said}");
    assert!(said.stderr.contains("3 records are taken in") && said.stderr.contains("one mail came later"), "{said}");
    let said = alice.run(&["team", "adopt-log", "--json"]);
    assert_eq!(said.stdout.lines().count(), 1, "{said}");
    assert!(said.stdout.contains("eve@evil.example") && !said.stdout.contains("moved@"), "{said}");
}
