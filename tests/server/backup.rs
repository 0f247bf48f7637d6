//! Backups as `postroom help backup` says: made while work goes on, put back elsewhere, on a real Dovecot and a real SMTP server.

use std::path::PathBuf;
use std::process::Command;

use crate::support::dovecot::Dovecot;
use crate::support::person::{self, command};
use crate::support::smtp::SmtpServer;
use serde_json::Value;

const USER: &str = "support";
/// Two days, in seconds.
const LATER: i64 = 2 * 24 * 3600;

/// A machine with a store and a backup of it.
struct Desk {
    dir: tempfile::TempDir,
    server: Dovecot,
    smtp: SmtpServer,
}

impl Desk {
    /// `mails` questions are there.
    fn new(mails: usize) -> Option<Self> {
        let (server, smtp, dir) = (Dovecot::start()?, SmtpServer::start(), tempfile::tempdir().unwrap());
        person::config(dir.path(), server.imap, smtp.port, "address = \"support@shop.example\"");
        std::fs::create_dir(dir.path().join("replies")).unwrap();
        std::fs::write(dir.path().join("replies/thanks.md"), "Thank you!\n").unwrap();
        for n in 1..=mails {
            let mail = format!(
                "Message-ID: <q{n}@c.example>\nFrom: Carla <carla{n}@c.example>\nTo: support@shop.example\nSubject: Parcel {n}\n\nWhere?\n"
            );
            server.deliver(USER, "INBOX", &mail);
        }
        let desk = Self { dir, server, smtp };
        desk.done("store", &["sync"]);
        Some(desk)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Runs a command on the store in a folder, so many seconds from now.
    fn run(&self, store: &str, seconds: i64, args: &[&str]) -> (i32, String) {
        let mut command = command(env!("CARGO_BIN_EXE_postroom"), self.dir.path(), args);
        command.env("POSTROOM_STORE", self.path(store));
        if store != "store" {
            // As on a machine that has nothing but the backup.
            command.env_remove("POSTROOM_CONFIG");
        }
        if seconds > 0 {
            let at = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
            command.env("POSTROOM_CLOCK", at.to_string());
        }
        let output = command.output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap_or(128), said)
    }

    /// As [`Desk::run`], now, of what must succeed.
    fn done(&self, store: &str, args: &[&str]) -> String {
        let (status, said) = self.run(store, 0, args);
        assert_eq!(status, 0, "{args:?}: {said}");
        said
    }

    fn sync_later(&self, store: &str) {
        let (status, said) = self.run(store, LATER, &["sync"]);
        assert_eq!(status, 0, "{said}");
    }

    /// Puts the backup into a folder, as the help says.
    fn put_back(&self, to: &str) {
        let copied = Command::new("cp").arg("-a").args([self.path("backup"), self.path(to)]).status().unwrap();
        assert!(copied.success());
    }

    /// What everybody has to agree on, of each conversation.
    fn states(&self, store: &str) -> Vec<Value> {
        let fields = "id,title,status,assignee,tags,notes,messages";
        let listed = self.done(store, &["list", "is:any", "--sort", "created", "--fields", fields]);
        listed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// State and subject of each mail of the outbox.
    fn outbox(&self, store: &str) -> Vec<(String, String)> {
        let listed = self.done(store, &["outbox", "list", "--all", "--json", "--offline"]);
        let rows = listed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        rows.map(|row| (word(&row["subject"]), word(&row["state"]))).collect()
    }

    /// To whom mail went out, in order.
    fn sent(&self) -> Vec<String> {
        let mut to: Vec<String> = self.smtp.mails().into_iter().flat_map(|mail| mail.to).collect();
        to.sort();
        to
    }

    /// How many mails stand in Sent.
    fn filed(&self) -> usize {
        let mut session = self.server.session(USER);
        session.examine("Sent").unwrap();
        session.search("ALL").unwrap().len()
    }
}

/// Work of every kind: what the server has, a draft, two mails for tomorrow, one of them in no conversation.
fn with_work() -> Option<Desk> {
    let desk = Desk::new(4)?;
    desk.done("store", &["assign", "alice", "subject:\"Parcel 1\""]);
    desk.done("store", &["note", "called her", "subject:\"Parcel 2\""]);
    desk.done("store", &["status", "closed", "subject:\"Parcel 4\""]);
    desk.done("store", &["reply", "subject:\"Parcel 1\"", "--body", "Half a sentence", "--draft"]);
    desk.done("store", &["reply", "subject:\"Parcel 3\"", "--body", "It comes.", "--later", "tomorrow 9"]);
    let new = ["new", "--to", "dora@d.example", "--subject", "Offer", "--body", "Here it is.", "--later", "tomorrow 9"];
    desk.done("store", &new);
    let said = desk.done("store", &["backup", desk.path("backup").to_str().unwrap()]);
    assert!(said.contains("4 conversations, 1 draft, 2 mails that are not filed yet"), "{said}");
    Some(desk)
}

#[test]
fn a_store_that_is_put_back_elsewhere_has_all_that_was_there_and_goes_on() {
    let Some(desk) = with_work() else { return };
    desk.put_back("restored");
    assert_eq!(desk.states("restored"), desk.states("store"));
    assert!(desk.done("restored", &["draft", "list", "--json"]).contains("Half a sentence"));
    assert!(desk.done("restored", &["replies", "list"]).contains("thanks"));
    desk.done("restored", &["sync"]);
    assert_eq!(desk.states("restored"), desk.states("store"), "nothing happened on the server");
    assert_eq!(desk.sent(), [""; 0], "it is not due");
    desk.sync_later("restored");
    assert_eq!(desk.sent(), ["carla3@c.example", "dora@d.example"]);
    desk.sync_later("restored");
    assert_eq!((desk.sent().len(), desk.filed()), (2, 2));
    desk.done("restored", &["draft", "send", "1"]);
    assert_eq!((desk.sent().len(), desk.filed()), (3, 3));
    let backup = desk.path("backup");
    let said = desk.done("store", &["backup", backup.to_str().unwrap(), "--check"]);
    assert!(said.contains("is as it was written"), "{said}");
}

#[test]
fn what_the_store_of_before_sent_since_is_found_and_not_sent_again() {
    let Some(desk) = with_work() else { return };
    desk.sync_later("store");
    desk.done("store", &["draft", "send", "1"]);
    assert_eq!((desk.sent().len(), desk.filed()), (3, 3));
    desk.put_back("restored");
    desk.sync_later("restored");
    assert_eq!((desk.sent().len(), desk.filed()), (3, 3), "{:?}", desk.outbox("restored"));
    let filed = |subject: &str| (subject.to_owned(), "filed".to_owned());
    assert_eq!(desk.outbox("restored"), [filed("Re: Parcel 3"), filed("Offer")]);
    assert_eq!(desk.states("restored"), desk.states("store"));
    let replied = desk.done("restored", &["log", "-n", "100", "--jq", "select(.operation == \"replied\") | .sentence"]);
    assert_eq!(replied.lines().count(), 3, "each is on the log once: {replied}");
    // The draft is still one. Its conversation has an answer that this store has not seen, so its agent decides.
    let (status, said) = desk.run("restored", 0, &["draft", "send", "1"]);
    assert!(status == 4 && said.contains("Parcel 1"), "{status}: {said}");
    assert_eq!(desk.sent().len(), 3);
}

#[test]
fn what_was_sent_and_put_away_by_its_reader_is_known_by_the_log() {
    let Some(desk) = with_work() else { return };
    desk.sync_later("store");
    // Another program empties the folder of sent mail.
    let mut session = desk.server.session(USER);
    session.select("Sent").unwrap();
    session.store_flags("1:*", "+FLAGS", &["\\Deleted"]).unwrap();
    session.expunge("1:*").unwrap();
    assert_eq!(desk.filed(), 0);
    desk.put_back("restored");
    desk.sync_later("restored");
    assert_eq!(desk.sent(), ["carla3@c.example", "dora@d.example"], "{:?}", desk.outbox("restored"));
}

#[test]
fn work_that_was_not_pushed_is_pushed_once_by_whichever_store_comes_first() {
    let Some(desk) = Desk::new(2) else { return };
    desk.done("store", &["note", "written offline", "subject:\"Parcel 1\"", "--offline"]);
    desk.done("store", &["backup", desk.path("backup").to_str().unwrap()]);
    desk.put_back("restored");
    desk.done("restored", &["sync"]);
    desk.done("store", &["sync"]);
    assert_eq!(desk.states("restored"), desk.states("store"));
    let notes = desk.done("store", &["list", "subject:\"Parcel 1\"", "--jq", ".notes"]);
    assert_eq!(notes, "1\n");
}

#[test]
fn a_mailbox_that_the_server_s_backup_brought_back_gets_what_it_lost_pushed_again() {
    let Some(desk) = Desk::new(2) else { return };
    desk.done("store", &["tag", "early", "subject:\"Parcel 1\""]);
    let backup = desk.server.back_up(USER);
    desk.done("store", &["tag", "late", "subject:\"Parcel 2\""]);
    let late = "Message-ID: <q3@c.example>\nFrom: Carla <carla3@c.example>\nTo: support@shop.example\nSubject: Parcel 3\n\nWhere?\n";
    desk.server.deliver(USER, "INBOX", late);
    desk.done("store", &["sync"]);
    backup.restore();
    let (_, said) = desk.run("store", 0, &["sync"]);
    assert!(said.contains("restored from a backup on the server") && said.contains("1 operation pushed"), "{said}");
    desk.done("store", &["sync"]);
    // What the backup lost stays readable.
    let gone = desk.done("store", &["show", "is:any", "--jq", "select([.items[] | .gone] | any) | .id"]);
    let lost = desk.path("lost.mbox");
    desk.done("store", &["export", gone.trim(), "--format", "mbox", "--to", lost.to_str().unwrap()]);
    assert!(std::fs::read_to_string(lost).unwrap().contains("Subject: Parcel 3"));
    // A newcomer sees the work that the backup did not have.
    std::fs::create_dir(desk.path("new")).unwrap();
    std::fs::copy(desk.path("config.toml"), desk.path("new/config.toml")).unwrap();
    desk.done("new", &["sync"]);
    assert_eq!(desk.done("new", &["count", "tag:early,late"]).trim(), "2");
}

#[test]
fn a_backup_is_made_while_a_sync_waits_for_news() {
    let Some(desk) = Desk::new(2) else { return };
    let mut watcher = command(env!("CARGO_BIN_EXE_postroom"), desk.dir.path(), &["sync", "--watch", "--json"]);
    let mut watching = watcher.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(watching.stderr.as_mut().unwrap()), &mut line).unwrap();
    assert!(line.contains("in sync"), "{line}");
    let said = desk.done("store", &["backup", desk.path("backup").to_str().unwrap()]);
    assert!(watching.try_wait().unwrap().is_none(), "it waits still");
    assert!(said.contains("2 conversations"), "{said}");
    watching.kill().unwrap();
    let _ = watching.wait().unwrap();
    desk.put_back("restored");
    assert_eq!(desk.states("restored"), desk.states("store"));
}
