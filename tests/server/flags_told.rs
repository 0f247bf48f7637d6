//! What other mail programs see of what was opened, closed and answered here: `\Seen` and `\Answered` on a real Dovecot.

use std::path::Path;

use crate::support::desk::{author, inbox, main};
use crate::support::dovecot::{Dovecot, PASSWORD, kind};
use crate::support::person::{command, config, said};
use crate::support::smtp::SmtpServer;
use postroom::model::address::Address;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::MessageId;
use postroom::store::{Store, StoreOptions};
use postroom::sync::imap::once::sync_once;
use postroom::sync::imap::{Session, Waker, flags};

const USER: &str = "support";
const EVER: Timestamp = Timestamp(i64::MAX);
const ACL: &str = "protocol imap {\n  mail_plugins = acl imap_acl\n}\nplugin {\n  acl = vfile\n}\n";

fn mail(n: usize) -> String {
    format!(
        "Message-ID: <q{n}@c.example>\nFrom: Carla <carla{n}@c.example>\nTo: support@shop.example\nSubject: Parcel {n}\n\nWhere?\n"
    )
}

/// A person at the real program.
struct Desk {
    dir: tempfile::TempDir,
    server: Dovecot,
    _smtp: SmtpServer,
}

impl Desk {
    fn new(mails: usize, account: &str) -> Option<Self> {
        let (server, smtp, dir) = (Dovecot::start()?, SmtpServer::start(), tempfile::tempdir().unwrap());
        let inbox = "address = \"support@shop.example\"\n\n[sending]\nundo_seconds = 0";
        config(dir.path(), server.imap, smtp.port, inbox);
        let path = dir.path().join("config.toml");
        let written = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, written.replace("history_days = 30", &format!("history_days = 30\n{account}"))).unwrap();
        (1..=mails).for_each(|n| _ = server.deliver(USER, "INBOX", &mail(n)));
        let desk = Self { dir, server, _smtp: smtp };
        desk.run(&["sync"]);
        Some(desk)
    }

    fn run(&self, args: &[&str]) {
        let output = command(env!("CARGO_BIN_EXE_postroom"), self.dir.path(), args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", said(&output));
    }

    /// How many mails of INBOX another program finds by these criteria.
    fn finds(&self, criteria: &str) -> usize {
        finds(&self.server, criteria)
    }
}

fn finds(server: &Dovecot, criteria: &str) -> usize {
    let mut session = server.session(USER);
    session.examine("INBOX").unwrap();
    session.search(criteria).unwrap().len()
}

#[test]
fn another_program_sees_as_read_and_answered_what_was_answered_and_closed_here() {
    let Some(desk) = Desk::new(14, "") else { return };
    assert_eq!((desk.finds("UNSEEN"), desk.finds("ANSWERED")), (14, 0));
    for n in 1..=14 {
        desk.run(&["reply", &format!("subject:\"Parcel {n}\""), "--body", "It comes.", "--send"]);
    }
    desk.run(&["status", "closed", "is:any"]);
    assert_eq!((desk.finds("SEEN ANSWERED"), desk.finds("UNSEEN")), (14, 0));
}

#[test]
fn what_was_closed_offline_is_told_by_the_next_sync_and_only_that() {
    let Some(desk) = Desk::new(3, "") else { return };
    desk.run(&["status", "closed", "subject:\"Parcel 2\"", "--offline"]);
    assert_eq!(desk.finds("SEEN"), 0);
    desk.run(&["sync"]);
    assert_eq!((desk.finds("SEEN"), desk.finds("ANSWERED")), (1, 0));
    // Another program's word stays, and changes nothing here.
    let mut other = desk.server.session(USER);
    other.select("INBOX").unwrap();
    let read = other.search("SEEN").unwrap();
    other.store_flags(&read[0].to_string(), "-FLAGS", &["\\Seen"]).unwrap();
    other.logout();
    desk.run(&["sync"]);
    assert_eq!(desk.finds("SEEN"), 0);
    desk.run(&["show", "subject:\"Parcel 1\""]);
    desk.run(&["sync"]);
    assert_eq!(desk.finds("SEEN"), 0, "a script that looks has opened nothing");
}

#[test]
fn where_the_config_says_so_the_server_is_told_nothing() {
    let Some(desk) = Desk::new(1, "mirror_flags = false") else { return };
    desk.run(&["reply", "is:any", "--body", "It comes.", "--send"]);
    desk.run(&["status", "closed", "is:any"]);
    assert_eq!((desk.finds("SEEN"), desk.finds("ANSWERED")), (0, 0));
}

/// A store beside a server, without a program.
struct Client {
    server: Dovecot,
    store: Store,
    _dir: tempfile::TempDir,
}

impl Client {
    fn with(config: &str, mails: usize) -> Option<Self> {
        let server = if config.is_empty() { Dovecot::start()? } else { Dovecot::with(config)? };
        (1..=mails).for_each(|n| _ = server.deliver(USER, "INBOX", &mail(n)));
        let dir = tempfile::tempdir().unwrap();
        let client = Self { server, store: open(dir.path()), _dir: dir };
        client.pass();
        Some(client)
    }

    fn pass(&self) -> postroom::sync::Pass {
        let (account, waker) = (self.server.account(USER), Waker::new().unwrap());
        sync_once(&self.store, &account, PASSWORD, &mut |_| {}, &waker).unwrap()
    }

    fn open_all(&self, mails: usize) {
        for n in 1..=mails {
            let id = MessageId::new(&format!("q{n}@c.example")).unwrap();
            let conversation = self.store.conversation_of(&id).unwrap().unwrap();
            assert!(self.store.note_opened(&conversation).unwrap());
        }
    }

    /// Tells what waits; returns how many flags that were, and how many commands it took.
    fn tell(&self, session: &mut Session) -> (u64, u32) {
        let before = session.commands();
        let told =
            flags::tell(&self.store, &self.server.account(USER), session, self.store.author().clock.now()).unwrap();
        (told, session.commands() - before)
    }

    fn waits(&self) -> usize {
        self.store.flags_wanted(&main(), EVER).unwrap().len()
    }
}

fn open(dir: &Path) -> Store {
    let team = Team { inboxes: vec![inbox("support", Address::new("", "support@shop.example"))], ..Team::default() };
    let author = author("alice", Clock::System, Ids::Random);
    Store::open(dir, StoreOptions { author, team, history_after: 30 * Timestamp::DAY }).unwrap()
}

#[test]
fn many_flags_are_told_by_one_command_and_only_flags_come_back_of_them() {
    let Some(client) = Client::with("", 14) else { return };
    let mut session = client.server.session(USER);
    assert_eq!(client.tell(&mut session), (0, 0), "nothing waits, and the server is asked nothing");
    client.open_all(14);
    assert_eq!(client.tell(&mut session), (14, 2), "SELECT, UID STORE");
    assert_eq!((client.waits(), finds(&client.server, "SEEN")), (0, 14));
    assert_eq!(client.tell(&mut session), (0, 0));
    let inbox = |pass: postroom::sync::Pass| pass.folders.into_iter().find(|folder| folder.name == "INBOX").unwrap();
    let first = inbox(client.pass());
    assert_eq!((first.fetched, first.expunged, first.unchanged), (0, 0, false));
    assert!(first.flagged <= 14, "{first:?}");
    assert!(inbox(client.pass()).unchanged);
}

#[test]
fn what_the_server_has_already_is_not_told_and_what_waits_survives_a_connection_that_ends() {
    let Some(client) = Client::with("", 3) else { return };
    client.open_all(3);
    let ended = client.server.session(USER);
    let waker = Waker::new().unwrap();
    let endpoint = client.server.endpoint(USER, postroom::config::Security::Plain);
    let mut stopped = Session::open(&endpoint, PASSWORD, &waker).unwrap();
    waker.stop();
    let account = client.server.account(USER);
    assert!(flags::tell(&client.store, &account, &mut stopped, EVER).is_err());
    assert_eq!(client.waits(), 3);
    ended.logout();
    // Somebody reads all of them elsewhere meanwhile.
    let mut other = client.server.session(USER);
    other.select("INBOX").unwrap();
    other.store_flags("1:*", "+FLAGS", &["\\Seen"]).unwrap();
    client.pass();
    assert_eq!(client.tell(&mut other), (0, 0));
    assert_eq!(client.waits(), 0);
}

#[test]
fn a_folder_that_can_only_be_read_or_keeps_no_such_flag_is_asked_once() {
    if kind() != "dovecot" {
        return;
    }
    for rights in ["lr", "lrwi", "lrsi"] {
        let Some(client) = Client::with(ACL, 2) else { return };
        std::fs::write(client.server.maildir(USER).join("dovecot-acl"), format!("owner {rights}\n")).unwrap();
        client.open_all(2);
        let mut session = client.server.session(USER);
        let may = rights.contains('s');
        assert_eq!(client.tell(&mut session), if may { (2, 2) } else { (0, 1) }, "{rights}");
        assert_eq!(client.tell(&mut session), (0, 0), "{rights}");
        assert_eq!((client.waits(), finds(&client.server, "SEEN")), (0, if may { 2 } else { 0 }), "{rights}");
    }
}
