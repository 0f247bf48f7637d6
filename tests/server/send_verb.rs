//! A customer's mail in, an answer by verb, the customer's answer to that: the real program, a real SMTP server, a real Dovecot.

use std::path::Path;
use std::process::Output;

use crate::support::dovecot::{Dovecot, PASSWORD};
use crate::support::person::{self, command, said};
use crate::support::smtp::SmtpServer;
use postroom::config::Security;
use postroom::sync::imap::{Session, Waker};

fn config(dir: &Path, imap: u16, smtp: u16) {
    person::config(dir, imap, smtp, "address = \"support@shop.example\"");
}

fn postroom(dir: &Path, args: &[&str]) -> Output {
    command(env!("CARGO_BIN_EXE_postroom"), dir, args).output().unwrap()
}

/// What a command said, and how it ended.
fn told(output: &Output) -> String {
    format!("{}[{}]", said(output), output.status.code().unwrap_or(128))
}

#[test]
fn a_customer_is_answered_by_verb_and_their_answer_reopens_the_conversation() {
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let carla = dovecot.endpoint("carla", Security::Plain);
    server.deliver(move |mail| {
        let mut session = Session::open(&carla, PASSWORD, &Waker::new().unwrap()).unwrap();
        session.append("INBOX", &[], None, &mail.bytes).unwrap();
    });
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), dovecot.imap, server.port);
    let question = "Message-ID: <q1@c.example>\nFrom: Carla Diaz <carla@c.example>\nTo: support@shop.example\nSubject: Refund\n\nWhere?\n";
    dovecot.deliver("support", "INBOX", question);
    let synced = postroom(dir.path(), &["sync"]);
    assert!(synced.status.success(), "{}", said(&synced));
    let args =
        ["reply", "subject:refund", "--body", "Hello {customer.first_name}, it is sent.", "--then", "closed", "--send"];
    let sent = postroom(dir.path(), &args);
    insta::assert_snapshot!(told(&sent), @r"
    1 sent
    [0]
    ");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    let read = postroom::mime::parse(&mails[0].bytes);
    assert_eq!(read.envelope.in_reply_to[0].as_str(), "q1@c.example");
    assert!(String::from_utf8_lossy(&mails[0].bytes).contains("Hello Carla, it is sent."));
    let mut inbox = dovecot.session("carla");
    inbox.examine("INBOX").unwrap();
    let id = read.envelope.message_id.unwrap();
    assert_eq!(inbox.search_message_id(id.as_str()).unwrap().len(), 1);
    let log = postroom(dir.path(), &["log", "--json"]);
    let hash = postroom::mime::text_hash(&mails[0].bytes);
    assert!(said(&log).contains(&format!("\"hash\":\"{hash}\"")), "{}", said(&log));
    assert_eq!(said(&postroom(dir.path(), &["count", "status:closed"])).trim(), "1");

    let answer = format!(
        "Message-ID: <q2@c.example>\nFrom: Carla Diaz <carla@c.example>\nTo: support@shop.example\nSubject: Re: Refund\nIn-Reply-To: <{id}>\n\nThanks!\n"
    );
    dovecot.deliver("support", "INBOX", &answer);
    let synced = postroom(dir.path(), &["sync"]);
    assert!(synced.status.success(), "{}", said(&synced));
    assert_eq!(said(&postroom(dir.path(), &["count", "is:any"])).trim(), "1", "it threads into the same conversation");
    assert_eq!(said(&postroom(dir.path(), &["count", "status:open"])).trim(), "1", "and reopens it");
}

#[test]
fn a_thousand_replies_by_batch_go_out_once_each() {
    // A few by default; the measure of the README is taken with POSTROOM_REPLIES=1000.
    let replies: usize = std::env::var("POSTROOM_REPLIES").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), dovecot.imap, server.port);
    let mut session = dovecot.session("support");
    for n in 0..replies {
        let mail = format!(
            "Message-ID: <q{n}@c.example>\r\nFrom: Carla <carla{n}@c.example>\r\nTo: support@shop.example\r\nSubject: Matter {n}\r\n\r\nWhere?\r\n"
        );
        session.append("INBOX", &[], None, mail.as_bytes()).unwrap();
    }
    assert!(postroom(dir.path(), &["sync"]).status.success());
    let began = std::time::Instant::now();
    let max = replies.to_string();
    let sent = postroom(dir.path(), &["reply", "status:open", "--body", "On its way.", "--max", &max, "--send"]);
    eprintln!("{replies} replies by batch, to filed: {:?}", began.elapsed());
    assert_eq!(sent.status.code(), Some(0), "{}", said(&sent));
    let to: std::collections::HashSet<String> = server.mails().into_iter().flat_map(|mail| mail.to).collect();
    assert_eq!((server.mails().len(), to.len()), (replies, replies));
}

fn in_drafts(dovecot: &Dovecot) -> usize {
    let mut session = dovecot.session("support");
    session.examine("Drafts").unwrap();
    session.search("DRAFT SEEN BODY Half").unwrap().len()
}

#[test]
fn a_draft_by_verb_is_copied_by_sync_and_what_comes_back_after_it_was_sent_is_told_until_it_is_dealt_with() {
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), dovecot.imap, server.port);
    let mut written = std::fs::read_to_string(dir.path().join("config.toml")).unwrap();
    written.push_str("\n[sending]\ncopy_drafts = true\n");
    std::fs::write(dir.path().join("config.toml"), written).unwrap();
    let question = "Message-ID: <q1@c.example>\nFrom: Carla Diaz <carla@c.example>\nTo: support@shop.example\nSubject: Refund\n\nWhere?\n";
    dovecot.deliver("support", "INBOX", question);
    let run = |args: &[&str]| {
        let output = postroom(dir.path(), args);
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        said(&output)
    };
    run(&["sync"]);
    run(&["reply", "subject:refund", "--body", "Half a sentence", "--then", "waiting", "--draft"]);
    run(&["sync"]);
    assert_eq!(in_drafts(&dovecot), 1);
    run(&["draft", "send", "1"]);
    run(&["sync"]);
    assert_eq!((in_drafts(&dovecot), server.mails().len()), (0, 1));

    let sent = postroom::mime::envelope(&server.mails()[0].bytes).message_id.unwrap();
    let report = format!(
        "Message-ID: <dsn@mx>\nFrom: MAILER-DAEMON@shop.example\nTo: support@shop.example\nSubject: Undelivered Mail\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=B\n\n--B\n\nSorry.\n--B\n\
         Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; carla@c.example\nAction: failed\n\
         Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n\n--B\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{sent}>\n\n--B--\n"
    );
    dovecot.deliver("support", "INBOX", &report);
    run(&["sync"]);
    assert_eq!(run(&["count", "is:bounced status:waiting"]).trim(), "1", "told, and not reopened");
    let shown = run(&["show", "is:bounced"]);
    assert!(shown.contains("bounced: carla@c.example 5.1.1 user unknown"), "{shown}");
    assert!(run(&["show", "is:bounced", "--json"]).contains("\"bounced\":[\"carla@c.example 5.1.1 user unknown\"]"));
    run(&["status", "waiting", "is:bounced"]);
    assert_eq!(said(&postroom(dir.path(), &["count", "is:bounced"])).trim(), "0");
    assert_eq!(run(&["count", "status:waiting"]).trim(), "1");
}

#[test]
fn an_answer_to_group_mail_and_to_a_form_goes_to_whom_they_name_and_to_nothing_of_ours() {
    let Some(dovecot) = Dovecot::start() else { return };
    let server = SmtpServer::start();
    let dir = tempfile::tempdir().unwrap();
    config(dir.path(), dovecot.imap, server.port);
    let group = "From: \"'Rosa Diaz' via Support\" <support@shop.example>\nTo: support@shop.example\nSubject: Bike broken\n\
                 Message-ID: <f01a@mail.example>\nReply-To: Rosa Diaz <rosa@r.example>\nX-Original-From: Rosa Diaz <rosa@r.example>\n\
                 X-Original-Sender: rosa@r.example\nList-Id: <support.shop.example>\nPrecedence: list\n\nThe frame cracked.\n";
    let form = "From: Website <support@shop.example>\nTo: support@shop.example\nSubject: Contact form: Sam\n\
                Message-ID: <f01b@web.shop.example>\nReply-To: Sam Lee <sam@s.example>\n\nWhere is order 4711?\n";
    let alarm = "From: support@shop.example\nTo: support@shop.example\nSubject: Alarm\nMessage-ID: <alarm@shop.example>\n\nFull.\n";
    let forged = "From: Support <support@shop.example>\nTo: Eve <eve@e.example>, support@shop.example\nSubject: Re: Bike broken\n\
                  Message-ID: <evil@e.example>\nIn-Reply-To: <f01a@mail.example>\n\nWe pay you back.\n";
    for (folder, mail) in [("INBOX", group), ("INBOX", form), ("Sent", form), ("INBOX", alarm), ("INBOX", forged)] {
        dovecot.deliver("support", folder, mail);
    }
    let synced = postroom(dir.path(), &["sync"]);
    assert!(synced.status.success(), "{}", said(&synced));
    assert_eq!(
        said(&postroom(dir.path(), &["count", "status:open"])).trim(),
        "3",
        "{}",
        said(&postroom(dir.path(), &["list"]))
    );
    let why = said(&postroom(dir.path(), &["why", &id_of(dir.path(), "subject:alarm")]));
    assert!(why.contains("written from our own address to us alone"), "{why}");
    let shown = said(&postroom(dir.path(), &["show", &id_of(dir.path(), "subject:form")]));
    assert!(shown.contains("<< Sam Lee <sam@s.example>") && shown.contains("as the form says"), "{shown}");
    let json = said(&postroom(dir.path(), &["show", "--json", &id_of(dir.path(), "subject:bike")]));
    assert!(json.contains("\"authorship\":\"form\",\"author\":\"Rosa Diaz <rosa@r.example>\""), "{json}");
    assert!(json.contains("\"authorship\":\"unproven\""), "{json}");
    let none = postroom(dir.path(), &["reply", "subject:alarm", "--body", "Thanks.", "--send"]);
    assert!(!none.status.success(), "{}", said(&none));
    assert!(said(&none).contains("only we ourselves wrote it") && said(&none).contains("--to"), "{}", said(&none));
    let own = ["reply", "subject:alarm", "--to", "support@shop.example", "--body", "Thanks.", "--send"];
    let own = postroom(dir.path(), &own);
    assert!(!own.status.success() && said(&own).contains("nobody but ourselves"), "{}", said(&own));
    for subject in ["subject:bike", "subject:form"] {
        let sent = postroom(dir.path(), &["reply", subject, "--body", "We look into it.", "--send"]);
        assert!(sent.status.success(), "{}", said(&sent));
    }
    let to: Vec<Vec<String>> = server.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(to, [["rosa@r.example"], ["sam@s.example"]]);
    assert!(postroom(dir.path(), &["sync"]).status.success());
    assert_eq!(said(&postroom(dir.path(), &["count", "status:waiting"])).trim(), "2");
}

/// The id of the one conversation that a query finds.
fn id_of(dir: &Path, query: &str) -> String {
    said(&postroom(dir, &["list", query, "--format", "ids"])).trim().to_owned()
}
