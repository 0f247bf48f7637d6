//! An invitation in, its answer out: the real program, a real SMTP server, a real Dovecot, and Python's mail library that reads what arrives.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::person::{self, command, said};
use crate::support::smtp::SmtpServer;
use postroom::config::Security;
use postroom::sync::imap::{Session, Waker};

fn config(dir: &Path, imap: u16, smtp: u16) {
    person::config(
        dir,
        imap,
        smtp,
        "name = \"Shop Support\"\naddress = \"support@shop.example\"\naliases = [\"help@shop.example\"]",
    );
}

fn postroom(dir: &Path, args: &[&str]) -> Output {
    command(env!("CARGO_BIN_EXE_postroom"), dir, args).env("TZ", "Europe/Berlin").output().unwrap()
}

/// Reads a mail as the organizer's program does: headers, the kinds of its parts, and the unfolded lines of its calendar.
const READER: &str = r#"
import email, email.policy, re, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print("From:", mail["From"]); print("To:", mail["To"]); print("Subject:", mail["Subject"]); print("In-Reply-To:", mail["In-Reply-To"])
for part in mail.walk():
    print(part.get_content_type(), part.get_param("method") or "-", part.get_param("charset") or "-")
calendar = [part for part in mail.walk() if part.get_content_type() == "text/calendar"][0]
raw = calendar.get_payload(decode=True)
assert all(len(line) <= 75 for line in raw.split(b"\r\n")), raw
text = re.sub("\r\n[ \t]", "", raw.decode("utf-8"))
for line in text.split("\r\n"):
    if line: print(re.sub(r"^DTSTAMP:\d{8}T\d{6}Z$", "DTSTAMP:*", line))
"#;

fn read_by_python(mail: &[u8]) -> Option<String> {
    let mut child = Command::new("python3")
        .args(["-c", READER])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|_| eprintln!("left out: there is no python3"))
        .ok()?;
    child.stdin.take().unwrap().write_all(mail).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    Some(String::from_utf8(output.stdout).unwrap())
}

const INVITATION: &str = "Message-ID: <i1@a.example>\nFrom: Ann <ann@a.example>\nTo: help@shop.example\nSubject: Einladung\nMIME-Version: 1.0\n\
    Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease come.\n--b\n\
    Content-Type: text/calendar; method=REQUEST; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n\
    BEGIN:VCALENDAR\nMETHOD:REQUEST\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:Mine\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0000\n\
    TZOFFSETTO:+0000\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:u1@a.example\nSEQUENCE:2\nDTSTART;TZID=Mine:20261130T140000\n\
    DURATION:PT1H\nSUMMARY:Übergabe der Paletten\\, Tor 4\nORGANIZER;CN=Ann:mailto:ann@a.example\nATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:ann@a.example\n\
    ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:help@shop.example\nEND:VEVENT\nEND:VCALENDAR\n--b--\n";

#[test]
fn an_invitation_is_answered_by_verb_and_the_answer_reaches_the_organizer() {
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let ann = dovecot.endpoint("carla", Security::Plain);
    server.deliver(move |mail| {
        let mut session = Session::open(&ann, PASSWORD, &Waker::new().unwrap()).unwrap();
        session.append("INBOX", &[], None, &mail.bytes).unwrap();
    });
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), dovecot.imap, server.port);
    dovecot.deliver("support", "INBOX", INVITATION);
    let run = |args: &[&str]| {
        let output = postroom(dir.path(), args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    };
    run(&["sync"]);
    let shown = run(&["show", "subject:Einladung"]);
    assert!(shown.contains("When: Mon 2026-11-30 15:00–16:00 CET\n"), "{shown}");
    assert!(shown.contains("There: Mon 2026-11-30 14:00–15:00 (Mine)\n"), "{shown}");
    let dry = run(&["invite", "subject:Einladung", "accept", "--dry-run"]);
    assert!(dry.contains("Invitation: accepted, as help@shop.example\n") && server.mails().is_empty(), "{dry}");
    assert_eq!(run(&["invite", "subject:Einladung", "accept", "--message", "Bis dann,\nwir freuen uns."]), "1 sent\n");

    let mails = server.mails();
    assert_eq!((mails.len(), &mails[0].to), (1, &vec!["ann@a.example".to_owned()]));
    let mut inbox = dovecot.session("carla");
    inbox.examine("INBOX").unwrap();
    let id = postroom::mime::envelope(&mails[0].bytes).message_id.unwrap();
    assert_eq!(inbox.search_message_id(id.as_str()).unwrap().len(), 1);
    if let Some(read) = read_by_python(&mails[0].bytes) {
        insta::assert_snapshot!(read, @r#"
        From: Shop Support <support@shop.example>
        To: Ann <ann@a.example>
        Subject: Accepted: Übergabe der Paletten, Tor 4
        In-Reply-To: <i1@a.example>
        multipart/alternative - -
        text/plain - utf-8
        text/calendar REPLY utf-8
        BEGIN:VCALENDAR
        PRODID:-//postroom//postroom//EN
        VERSION:2.0
        METHOD:REPLY
        BEGIN:VTIMEZONE
        TZID:Mine
        BEGIN:STANDARD
        DTSTART:19700101T000000
        TZOFFSETFROM:+0000
        TZOFFSETTO:+0000
        END:STANDARD
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:u1@a.example
        SEQUENCE:2
        ORGANIZER;CN=Ann:mailto:ann@a.example
        DTSTART;TZID=Mine:20261130T140000
        DURATION:PT1H
        SUMMARY:Übergabe der Paletten\, Tor 4
        DTSTAMP:*
        ATTENDEE;PARTSTAT=ACCEPTED;CN="Shop Support":mailto:help@shop.example
        COMMENT:Bis dann\,\nwir freuen uns.
        END:VEVENT
        END:VCALENDAR
        "#);
    }
    let shown = run(&["show", "subject:Einladung"]);
    assert!(shown.contains("  Our answer: accepted, "), "{shown}");
    assert!(run(&["log"]).contains("replied"), "it stands on the log as a reply");
    assert_eq!(run(&["count", "status:open"]).trim(), "1", "it leaves the status");

    run(&["invite", "subject:Einladung", "decline"]);
    run(&["sync"]);
    let shown = run(&["show", "subject:Einladung"]);
    assert!(shown.contains("  Our answer: declined, ") && !shown.contains("answer: accepted"), "{shown}");
    let files = tempfile::tempdir().unwrap();
    let id = run(&["list", "subject:Einladung", "--format", "ids"]);
    run(&["attachment", id.trim().split('@').next().unwrap(), "1", "--save", files.path().to_str().unwrap()]);
    let saved = std::fs::read_dir(files.path()).unwrap().next().unwrap().unwrap().path();
    assert_eq!(saved.extension().unwrap(), "ics");
    assert!(std::fs::read_to_string(saved).unwrap().starts_with("BEGIN:VCALENDAR"));

    let cancelled = INVITATION.replace("i1@a", "i2@a").replace("REQUEST", "CANCEL").replace("SEQUENCE:2", "SEQUENCE:3");
    let cancelled = cancelled.replacen("MIME-Version", "References: <i1@a.example>\nMIME-Version", 1);
    dovecot.deliver("support", "INBOX", &cancelled);
    run(&["sync"]);
    let refused = postroom(dir.path(), &["invite", "subject:Einladung", "accept"]);
    assert_eq!(refused.status.code(), Some(4), "{}", said(&refused));
    assert!(said(&refused).contains("was cancelled"), "{}", said(&refused));
    assert_eq!(server.mails().len(), 2);
}
