//! What the outbox learns of a real server: that it files what it sends by itself, and that a reply would leave no record.

use std::process::Output;

use crate::support::dovecot::Dovecot;
use crate::support::person::{command, config};
use crate::support::smtp::SmtpServer;

const USER: &str = "support";
const ACL: &str = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";

struct Desk {
    dir: tempfile::TempDir,
    server: Dovecot,
    smtp: SmtpServer,
}

impl Desk {
    /// `mails` questions are there; `settings` are Dovecot's.
    fn new(mails: usize, settings: &str) -> Option<Self> {
        let server = if settings.is_empty() { Dovecot::start()? } else { Dovecot::with(settings)? };
        let (smtp, dir) = (SmtpServer::start(), tempfile::tempdir().unwrap());
        let inbox = "address = \"support@shop.example\"\n\n[sending]\nundo_seconds = 0\ncopy_drafts = true";
        config(dir.path(), server.imap, smtp.port, inbox);
        for n in 1..=mails {
            let mail = format!(
                "Message-ID: <q{n}@c.example>\nFrom: Carla <carla{n}@c.example>\nTo: support@shop.example\nSubject: Parcel {n}\n\nWhere?\n"
            );
            server.deliver(USER, "INBOX", &mail);
        }
        let desk = Self { dir, server, smtp };
        assert_eq!(desk.run(&["sync"]).0, 0);
        Some(desk)
    }

    fn run(&self, args: &[&str]) -> (i32, String) {
        self.run_later(0, args)
    }

    /// Runs a command whose clock is so many seconds ahead.
    fn run_later(&self, seconds: i64, args: &[&str]) -> (i32, String) {
        let mut command = command(env!("CARGO_BIN_EXE_postroom"), self.dir.path(), args);
        if seconds > 0 {
            let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
            command.env("POSTROOM_CLOCK", at.to_string());
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        let said = format!("{}{}", String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        (status.code().unwrap_or(128), said)
    }

    fn reply(&self, n: usize) -> (i32, String) {
        self.run(&["reply", &format!("subject:\"Parcel {n}\""), "--body", "It comes.", "--send"])
    }

    /// How many copies of the answer to a question stand in Sent.
    fn copies(&self, n: usize) -> usize {
        let mut session = self.server.session(USER);
        session.examine("Sent").unwrap();
        session.search(&format!("SUBJECT \"Parcel {n}\"")).unwrap().len()
    }

    /// Files the last mail that was sent, as a server does that files by itself.
    fn server_files(&self) {
        let mail = String::from_utf8(self.smtp.mails().pop().unwrap().bytes).unwrap();
        self.server.deliver(USER, "Sent", &mail);
    }
}

#[test]
fn a_server_that_files_what_it_sends_is_found_out_by_the_second_copy_told_once_and_left_to_it() {
    let Some(desk) = Desk::new(5, "") else { return };
    assert_eq!(desk.reply(1).0, 0);
    desk.server_files();
    assert_eq!((desk.run(&["sync"]).0, desk.copies(1)), (0, 2));
    let (status, said) = desk.reply(2);
    assert!(status == 0 && said.contains("the server files what it sends by itself"), "{said}");
    assert_eq!(desk.copies(2), 0, "it is left to the server");
    desk.server_files();
    let (status, said) = desk.run_later(60, &["sync"]);
    assert!(status == 0 && !said.contains("files what it sends"), "it is told once: {said}");
    assert_eq!(desk.copies(2), 1);
    // One that the server forgets is filed all the same.
    assert_eq!((desk.reply(3).0, desk.copies(3)), (0, 0));
    assert_eq!((desk.run_later(240, &["sync"]).0, desk.copies(3)), (0, 1));
}

#[test]
fn who_may_not_write_to_the_log_is_told_and_the_reply_stays_here_until_it_is_sent_anyway() {
    let Some(desk) = Desk::new(2, ACL) else { return };
    assert_eq!(desk.run(&["tag", "vip", "is:any"]).0, 0);
    let rights = desk.server.maildir(USER).join(".Postroom/dovecot-acl");
    std::fs::write(&rights, "owner lrws\n").unwrap();
    let (status, said) = desk.reply(1);
    assert!(status == 4 && said.contains("colleagues would not learn of it") && said.contains("send-anyway"), "{said}");
    assert_eq!(desk.smtp.mails().len(), 0);
    // It is known before the next one goes out.
    let (_, said) = desk.run(&["reply", "subject:\"Parcel 2\"", "--body", "It comes.", "--dry-run"]);
    assert!(said.contains("colleagues do not learn of what you send"), "{said}");
    let (status, said) = desk.run(&["outbox", "send-anyway", "1"]);
    assert_eq!(desk.smtp.mails().len(), 1, "{status}: {said}");
    std::fs::write(&rights, "owner lrwsite\n").unwrap();
    let (status, said) = desk.reply(2);
    assert_eq!((status, desk.smtp.mails().len()), (0, 2), "{said}");
}

#[test]
fn a_folder_for_sent_mail_that_is_missing_is_made_for_it_and_shown_to_other_programs() {
    let none = "namespace inbox {\n  mailbox Drafts {\n    auto = no\n  }\n  mailbox Sent {\n    auto = no\n  }\n}\n";
    let Some(desk) = Desk::new(1, none) else { return };
    let listed = |desk: &Desk| desk.server.session(USER).list().unwrap();
    assert!(!listed(&desk).iter().any(|folder| folder.name == "Sent"));
    assert_eq!(desk.run(&["new", "--to", "x@y.example", "--subject", "Later", "--body", "Soon.", "--draft"]).0, 0);
    assert_eq!((desk.reply(1).0, desk.copies(1)), (0, 1));
    assert_eq!(desk.run_later(60, &["sync"]).0, 0);
    let names: Vec<String> = listed(&desk).into_iter().map(|folder| folder.name).collect();
    let subscribed = std::fs::read_to_string(desk.server.maildir(USER).join("subscriptions")).unwrap();
    for name in ["Sent", "Drafts"] {
        assert!(
            names.iter().any(|one| one == name) && subscribed.lines().any(|one| one == name),
            "{names:?} {subscribed}"
        );
    }
}
