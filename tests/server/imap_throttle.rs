//! Servers that want us to slow down: what is scheduled then, read from the pure state of the waits and from what the screen is told.

use std::time::Duration;

use crate::support::desk::author;
use crate::support::dovecot::{PASSWORD, account};
use crate::support::scripted_imap::{Peer, Scripted};
use crate::support::syncing::{configured, start, wait_for};
use postroom::model::agent::Team;
use postroom::model::change::Connectivity;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::{AccountId, MessageId};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::store::{Content, FolderRole, Incoming, Store, StoreOptions};
use postroom::sync::error::SyncError;
use postroom::sync::imap::eraser::erase_due;
use postroom::sync::imap::error::Remedy;
use postroom::sync::imap::log::once::sync_log_once;
use postroom::sync::imap::{ImapError, Session, Waker};
use postroom::sync::retry::{Backoff, LONGEST};

/// What a server may answer that wants a minute, or the time it names.
const SLOW_DOWN: &[(&str, u64)] = &[
    ("NO [THROTTLED] Rate limit exceeded", 60_000),
    ("NO [OVERQUOTA] Account exceeded command or bandwidth limits. (Failure)", 60_000),
    ("NO Request is throttled. Suggested Backoff Time: 299609 milliseconds", 299_609),
    ("BAD Request is throttled. Suggested Backoff Time: 99999999 milliseconds", 3_600_000),
];

fn open(server: &Scripted) -> Result<Session, ImapError> {
    Session::open(&server.endpoint(), PASSWORD, &Waker::new().unwrap())
}

/// The wait after `failures` other failures in a row, with the dice at their lowest and their highest.
fn waits(remedy: Remedy, failures: u32) -> (Duration, Duration) {
    let wait = |dice| {
        let mut backoff = Backoff::default();
        for _ in 0..failures {
            backoff.next(Remedy::Wait, dice);
        }
        backoff.next(remedy, dice)
    };
    (wait(0.0), wait(1.0))
}

fn millis(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn store(dir: &tempfile::TempDir) -> Store {
    let author = author("alice", Clock::fixed(Timestamp::from_seconds(1_800_000_000)), Ids::counted(1));
    Store::open(dir.path(), StoreOptions { author, team: Team::default(), history_after: 0 }).unwrap()
}

#[test]
fn a_server_that_throttles_a_command_gets_the_time_that_it_wants() {
    for (words, least) in SLOW_DOWN {
        let server = Scripted::once(move |peer| {
            peer.log_in("");
            let (tag, _) = peer.command();
            peer.send(format!("{tag} {words}\r\n"));
            peer.answer("LOGOUT", "");
        });
        let mut session = open(&server).unwrap();
        let error = SyncError::from(session.status("INBOX").unwrap_err());
        assert!(!error.needs_person(), "{words}");
        assert_eq!(waits(error.remedy(), 0), (millis(*least), millis(*least)), "{words}");
        // What grew longer by itself is not cut short.
        let (_, late) = waits(error.remedy(), 20);
        assert_eq!(late, millis(*least).max(LONGEST), "{words}");
        session.logout();
        server.finish();
    }
}

#[test]
fn a_full_mailbox_is_no_throttle_and_is_tried_again_soon() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        let (tag, _) = peer.command();
        peer.send(format!("{tag} NO [OVERQUOTA] Quota exceeded (mailbox for user is full)\r\n"));
        peer.answer("LOGOUT", "");
    });
    let mut session = open(&server).unwrap();
    let error = session.append("INBOX", &[], None, b"hello").unwrap_err();
    assert!(matches!(&error, ImapError::No { code, .. } if code == "OVERQUOTA"), "{error:?}");
    assert_eq!(waits(error.remedy(), 0), (millis(500), millis(1000)));
    session.logout();
    server.finish();
}

#[test]
fn a_login_refused_for_the_moment_is_no_wrong_password() {
    for words in [
        "NO [ALERT] Too many simultaneous connections. (Failure)",
        "NO [UNAVAILABLE] Temporary authentication failure.",
        "NO [LIMIT] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
    ] {
        let server = Scripted::once(move |peer| {
            peer.send("* OK [CAPABILITY IMAP4rev1] hello\r\n");
            let (tag, _) = peer.command();
            peer.send(format!("{tag} {words}\r\n"));
        });
        let Err(error) = open(&server) else { panic!("let in") };
        let error = SyncError::from(error);
        assert!(!error.needs_person(), "{words}");
        assert_eq!(waits(error.remedy(), 0), (millis(500), millis(1000)), "{words}");
        assert_eq!(waits(error.remedy(), 5), (millis(16_000), millis(32_000)), "{words}");
        server.finish();
    }
}

#[test]
fn a_goodbye_is_waited_for_as_its_words_say() {
    for (words, waited) in [
        ("[UNAVAILABLE] Too many connections, try again later", (millis(500), millis(1000))),
        ("Request is throttled. Suggested Backoff Time: 7000 milliseconds", (millis(7000), millis(7000))),
    ] {
        let greeting = Scripted::once(move |peer| peer.send(format!("* BYE {words}\r\n")));
        let Err(error) = open(&greeting) else { panic!("let in") };
        assert_eq!(waits(error.remedy(), 0), waited, "greeting: {words}");
        greeting.finish();
        let later = Scripted::once(move |peer| {
            peer.log_in("");
            peer.command();
            peer.send(format!("* BYE {words}\r\n"));
        });
        let error = open(&later).unwrap().noop().unwrap_err();
        assert_eq!(waits(error.remedy(), 0), waited, "later: {words}");
        later.finish();
    }
}

/// Answers as a mailbox with an empty log, and throttles every APPEND.
fn throttled_log(peer: &mut Peer) {
    peer.log_in("");
    loop {
        let (tag, command) = peer.command();
        let untagged = match command.split(' ').next().unwrap_or_default() {
            "" => return,
            "LIST" => "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Postroom\r\n",
            "SELECT" => "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] ok\r\n",
            "APPEND" => {
                peer.send(format!("{tag} NO Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n"));
                continue;
            }
            _ if command.starts_with("UID SEARCH") => "* SEARCH\r\n",
            _ => "",
        };
        peer.send(format!("{untagged}{tag} OK done\r\n"));
    }
}

#[test]
fn a_throttled_push_keeps_the_work_and_waits_as_long_as_it_is_told_to() {
    let server = Scripted::once(throttled_log);
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let target = Target::on(MessageId::new("m1@example.org").unwrap());
    let _ = store.commit(vec![NewOperation::new(Known::Assign { to: None }, vec![target])]).unwrap();
    let mut session = open(&server).unwrap();
    let error = sync_log_once(&store, &account(server.endpoint()), &mut session).unwrap_err();
    assert_eq!(waits(error.remedy(), 0), (millis(299_609), millis(299_609)), "{error:?}");
    assert_eq!(store.unpushed(10).unwrap().len(), 1);
    drop(session);
    server.finish();
}

/// Answers as an empty mailbox, and hangs up as soon as somebody waits for news.
fn hangs_up_on_idle(peer: &mut Peer) {
    peer.log_in("IDLE");
    loop {
        let (tag, command) = peer.command();
        let untagged = match command.split(' ').next().unwrap_or_default() {
            "" | "IDLE" => return,
            "LIST" => "* LIST () \"/\" INBOX\r\n",
            "STATUS" => "* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 7)\r\n",
            "EXAMINE" => "* 0 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 1] ok\r\n",
            _ => "",
        };
        peer.send(format!("{untagged}{tag} OK done\r\n"));
    }
}

#[test]
fn a_server_that_hangs_up_after_each_pass_is_left_alone_longer_and_longer() {
    let server = Scripted::each((0..3).map(|_| Box::new(hangs_up_on_idle) as Box<_>).collect());
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let (supervisor, statuses) = start(&store, account(server.endpoint()), configured());
    let mut waits = Vec::new();
    for _ in 0..3 {
        let failed = wait_for(&statuses, |status| status.next_try.is_some());
        waits.push(failed.next_try.unwrap().since(store.author().clock.now()));
        supervisor.nudge();
    }
    // The clock stands still; a third failure in a row waits two to four seconds, a first one half a second to one.
    assert!((500..=1000).contains(&waits[0]) && (2000..=4000).contains(&waits[2]), "{waits:?}");
    supervisor.stop();
    server.finish();
}

#[test]
fn the_screen_is_told_when_the_next_try_begins() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        let (tag, command) = peer.command();
        assert!(command.starts_with("LIST"), "{command}");
        peer.send(format!("{tag} NO Request is throttled. Suggested Backoff Time: 299609 milliseconds\r\n"));
    });
    let dir = tempfile::tempdir().unwrap();
    let store = store(&dir);
    let (supervisor, statuses) = start(&store, account(server.endpoint()), configured());
    let waiting = wait_for(&statuses, |status| status.next_try.is_some());
    // The clock stands still, so this is exact.
    assert_eq!(waiting.next_try, Some(store.author().clock.now().plus(299_609)));
    assert_eq!(waiting.state, Connectivity::Offline);
    assert!(
        waiting.message.contains("asks us to slow down") && waiting.message.contains("goes on by itself"),
        "{waiting:?}"
    );
    supervisor.stop();
    server.finish();
}

#[test]
fn a_folder_that_can_not_be_searched_now_does_not_end_the_erasing_of_a_mail() {
    for (words, throttled) in [("NO [THROTTLED] Rate limit exceeded", true), ("NO [SERVERBUG] not today", false)] {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir);
        let (id, main) = (MessageId::new("a@shop.example").unwrap(), AccountId::new("main").unwrap());
        let raw = format!("From: Ana <ana@example.org>\r\nSubject: Lamp\r\nMessage-ID: <{id}>\r\n\r\nHello\r\n");
        let mail = Incoming {
            uid: 1,
            flags: Vec::new(),
            arrived: Timestamp::from_seconds(1_800_000_000),
            size: raw.len() as u64,
            modseq: None,
            content: Content::Whole(raw.into_bytes()),
        };
        let inbox = store.folder(&main, "INBOX", FolderRole::Inbox).unwrap();
        store.ingest(inbox.id, vec![mail]).unwrap();
        let messages = [id.clone()].into_iter().collect();
        let erase = Known::Erase { records: Default::default(), messages };
        let _ = store.commit(vec![NewOperation::new(erase, vec![Target::on(id)])]).unwrap();
        let server = Scripted::once(move |peer| {
            peer.log_in("UIDPLUS");
            peer.answer("LIST", "* LIST () \"/\" INBOX\r\n");
            peer.answer("EXAMINE", "* 1 EXISTS\r\n* OK [UIDVALIDITY 5] fine\r\n");
            let (tag, command) = peer.command();
            assert!(command.starts_with("UID SEARCH"), "{command}");
            peer.send(format!("{tag} {words}\r\n"));
            peer.answer("LOGOUT", "");
        });
        let mut session = open(&server).unwrap();
        let done = erase_due(&store, &main, &mut session, Timestamp(i64::MAX));
        assert_eq!(done.is_err(), throttled, "{words}");
        let waiting: u64 = store.traces_waiting().unwrap().iter().map(|waiting| waiting.mails).sum();
        assert_eq!(waiting, 1, "{words}");
        session.logout();
        server.finish();
    }
}
