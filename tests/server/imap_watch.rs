//! Waiting for changes in every folder over one connection: with NOTIFY, without it, and where a server gives it up.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::support::dovecot::{Dovecot, PASSWORD, account, kind};
use crate::support::memory::Memory;
use crate::support::scripted_imap::{Peer, Scripted};
use postroom::model::clock::Timestamp;
use postroom::store::{Content, FolderRole, Incoming, PassEnd};
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::keep::Keep;
use postroom::sync::imap::watch::{News, Pace, Watch};
use postroom::sync::imap::{Pass, Session, Waker, pass, pass_over};

/// Nothing is due unless it is told or found.
const NEVER: Duration = Duration::from_secs(3600);
const SOON: Duration = Duration::from_millis(1);
const PATIENT: Pace = Pace { complete: NEVER, round: NEVER, poll: NEVER };
const ASKING: Pace = Pace { complete: NEVER, round: SOON, poll: SOON };

fn mail(n: u32) -> String {
    format!("From: Carol <carol@example.org>\r\nSubject: Mail {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nBody {n}\r\n")
}

fn names(all: &[&str]) -> BTreeSet<String> {
    all.iter().map(|name| (*name).to_owned()).collect()
}

/// A connection that has made its first pass and watches.
struct Watcher {
    keep: Memory,
    session: Session,
    account: ImapAccount,
    waker: Waker,
    watch: Watch,
}

impl Watcher {
    fn begin(account: ImapAccount, pace: Pace) -> Self {
        let (keep, waker) = (Memory::default(), Waker::new().unwrap());
        let mut session = Session::open(&account.imap, PASSWORD, &waker).unwrap();
        let first = pass(&keep, &mut session, &account, &mut |_| {}).unwrap();
        let folders = first.folders.into_iter().map(|folder| folder.name).collect();
        let watch = Watch::begin(&mut session, &account.id, folders, None, true, pace).unwrap();
        Self { keep, session, account, waker, watch }
    }

    fn wait(&mut self, opened: &[&str]) -> News {
        let opened: Vec<String> = opened.iter().map(|name| (*name).to_owned()).collect();
        self.watch.wait(&self.keep, &mut self.session, &self.waker, &opened, false).unwrap()
    }

    fn look(&mut self, folders: &[&str]) -> Pass {
        pass_over(&self.keep, &mut self.session, &self.account, &names(folders), &mut |_| {}).unwrap()
    }
}

#[test]
fn notify_tells_of_new_mail_flags_and_what_went_in_every_folder() {
    let Some(server) = Dovecot::start() else { return };
    if kind() != "dovecot" {
        eprintln!("skipped: {} has no NOTIFY", kind());
        return;
    }
    let mut other = server.session("alice");
    other.create("The archive").unwrap();
    let mut account = server.account("alice");
    account.folders = vec!["The archive".to_owned()];
    let mut watcher = Watcher::begin(account, PATIENT);
    assert!(watcher.watch.is_told());
    for (n, folder) in [(1, "Sent"), (2, "INBOX"), (3, "The archive"), (4, "Sent")] {
        other.append(folder, &[], None, mail(n).as_bytes()).unwrap();
        let news = watcher.wait(&[]);
        // INBOX is opened for the wait, and its numbers tell already.
        let expected = if folder == "INBOX" { News::Before } else { News::Told };
        assert_eq!(news, expected(names(&[folder])));
        assert_eq!(watcher.look(&[folder]).fetched(), 1, "{folder}");
    }
    other.select("Sent").unwrap();
    // The folder is still open for the pass here.
    other.store_flags("1", "+FLAGS", &["\\Flagged"]).unwrap();
    assert_eq!(watcher.wait(&["Sent"]), News::Before(names(&["Sent"])));
    assert_eq!(watcher.look(&["Sent"]).folders[0].flagged, 1);
    watcher.waker.wake();
    assert_eq!(watcher.wait(&["Sent"]), News::Woken);
    other.store_flags("1", "-FLAGS", &["\\Flagged"]).unwrap();
    assert_eq!(watcher.wait(&[]), News::Told(names(&["Sent"])));
    assert_eq!(watcher.look(&["Sent"]).folders[0].flagged, 1);
    watcher.waker.wake();
    assert_eq!(watcher.wait(&["Sent"]), News::Woken);
    other.store_flags("1", "+FLAGS", &["\\Deleted"]).unwrap();
    other.expunge("1").unwrap();
    assert_eq!(watcher.wait(&[]), News::Told(names(&["Sent"])));
    assert_eq!(watcher.look(&["Sent"]).folders[0].expunged, 1);
    assert_eq!(watcher.keep.mail("Sent").len(), 1);
}

#[test]
fn a_folder_whose_name_notify_does_not_take_is_asked_about() {
    let Some(server) = Dovecot::start() else { return };
    let mut other = server.session("alice");
    let drafts = server.named("Entwürfe & Co");
    other.create(&drafts).unwrap();
    let mut account = server.account("alice");
    account.folders = vec![drafts.clone()];
    let mut watcher = Watcher::begin(account, ASKING);
    for n in 1..=2 {
        other.append(&drafts, &[], None, mail(n).as_bytes()).unwrap();
        let (News::Found(found) | News::Told(found) | News::Before(found)) = watcher.wait(&[&drafts]) else { panic!() };
        assert!(found.contains(&drafts), "{found:?}");
        assert_eq!(watcher.look(&[&drafts]).fetched(), 1);
    }
}

#[test]
fn a_pass_over_what_was_told_of_is_one_question_beside_the_mail() {
    let Some(server) = Dovecot::start() else { return };
    if kind() != "dovecot" {
        return;
    }
    let mut watcher = Watcher::begin(server.account("alice"), PATIENT);
    server.deliver("alice", "Sent", &mail(1));
    watcher.wait(&[]);
    watcher.look(&["Sent"]);
    server.deliver("alice", "Sent", &mail(2));
    watcher.wait(&["Sent"]);
    let before = watcher.session.commands();
    // The folder is opened; sizes and mail are fetched.
    assert_eq!(watcher.look(&["Sent"]).commands - before, 3);
}

#[test]
fn without_notify_one_question_finds_the_folders_that_changed() {
    for lacks in [&["NOTIFY"][..], &["QRESYNC"], &["QRESYNC", "CONDSTORE", "LIST-STATUS", "LIST-EXTENDED"]] {
        let Some(server) = Dovecot::without(lacks) else { return };
        let mut other = server.session("alice");
        other.create("Archive & <*>").unwrap();
        let mut account = server.account("alice");
        account.folders = vec!["Archive & <*>".to_owned()];
        let mut watcher = Watcher::begin(account, ASKING);
        assert!(!watcher.watch.is_told());
        for (n, folder) in [(1, "Sent"), (2, "Archive & <*>"), (3, "Sent")] {
            other.append(folder, &[], None, mail(n).as_bytes()).unwrap();
            assert_eq!(watcher.wait(&[]), News::Found(names(&[folder])), "{lacks:?}");
            assert_eq!(watcher.look(&[folder]).fetched(), 1, "{lacks:?} {folder}");
        }
        other.select("Sent").unwrap();
        other.store_flags("1", "+FLAGS", &["\\Deleted"]).unwrap();
        other.expunge("1").unwrap();
        assert_eq!(watcher.wait(&[]), News::Found(names(&["Sent"])), "{lacks:?}");
        assert_eq!(watcher.look(&["Sent"]).folders[0].expunged, 1, "{lacks:?}");
    }
}

#[test]
fn a_server_of_any_kind_is_asked_where_idle_is_not_to_be_relied_on() {
    let Some(server) = Dovecot::start() else { return };
    let mut account = server.account("alice");
    let mut other = server.session("alice");
    let sent = server.named("Sent");
    let _ = other.create(&sent);
    account.sent = Some(sent.clone());
    let mut watcher = Watcher::begin(account, ASKING);
    for (n, folder) in [(1, sent.as_str()), (2, "INBOX")] {
        other.append(folder, &[], None, mail(n).as_bytes()).unwrap();
        let news = watcher.watch.wait(&watcher.keep, &mut watcher.session, &watcher.waker, &[], true).unwrap();
        assert_eq!(news, News::Found(names(&[folder])));
        assert_eq!(watcher.look(&[folder]).fetched(), 1, "{folder}");
    }
}

#[test]
fn a_wake_up_and_the_time_of_a_complete_pass_end_a_wait() {
    let Some(server) = Dovecot::start() else { return };
    let mut watcher = Watcher::begin(server.account("alice"), PATIENT);
    watcher.waker.wake();
    assert_eq!(watcher.wait(&[]), News::Woken);
    let mut watcher = Watcher::begin(server.account("alice"), Pace { complete: SOON, ..PATIENT });
    assert_eq!(watcher.wait(&[]), News::Due);
    assert!(watcher.watch.completed(vec!["INBOX".to_owned()]), "a folder that was refused may come back");
}

/// Answers the first pass over an empty INBOX and an empty Sent.
fn empty_account(peer: &mut Peer, offers: &str) {
    peer.log_in(offers);
    peer.answer("LIST", "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Sent\r\n");
    for folder in ["INBOX", "Sent"] {
        peer.answer("STATUS", &format!("* STATUS {folder} (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n"));
        open(peer, folder, 0, 1);
    }
}

fn open(peer: &mut Peer, folder: &str, exists: u32, next: u32) {
    let told = format!("* {exists} EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT {next}] x\r\n");
    peer.answer(&format!("EXAMINE \"{folder}\""), &told);
}

/// Answers an IDLE with `said` and expects its end.
fn idle(peer: &mut Peer, said: &str) {
    let (tag, command) = peer.command();
    assert_eq!(command, "IDLE");
    peer.send(format!("+ idling\r\n{said}"));
    assert_eq!(peer.command().0, "DONE");
    peer.send(format!("{tag} OK done\r\n"));
}

fn scripted(pace: Pace, script: impl FnOnce(&mut Peer) + Send + 'static) -> (Scripted, Watcher) {
    let server = Scripted::once(script);
    let watcher = Watcher::begin(account(server.endpoint()), pace);
    (server, watcher)
}

#[test]
fn a_server_that_gives_up_telling_is_looked_over_once_and_asked_from_then_on() {
    let (server, mut watcher) = scripted(ASKING, |peer| {
        empty_account(peer, "IDLE NOTIFY");
        open(peer, "INBOX", 0, 1);
        peer.answer("NOTIFY SET STATUS (selected-delayed (", "* STATUS Sent (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n");
        open(peer, "INBOX", 0, 1);
        idle(peer, "* OK [NOTIFICATIONOVERFLOW] too many of them\r\n");
        open(peer, "INBOX", 0, 1);
        idle(peer, "");
        peer.answer("STATUS \"INBOX\"", "* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n");
        peer.answer("STATUS \"Sent\"", "* STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1)\r\n");
    });
    assert!(watcher.watch.is_told());
    assert_eq!(watcher.wait(&[]), News::Due);
    assert!(!watcher.watch.is_told());
    assert_eq!(watcher.wait(&[]), News::Found(names(&["Sent"])));
    server.finish();
}

#[test]
fn a_server_that_refuses_notify_is_asked() {
    for refusal in ["NO [BADEVENT (MessageNew)] not that", "BAD what?"] {
        let (server, mut watcher) = scripted(ASKING, move |peer| {
            empty_account(peer, "IDLE NOTIFY");
            open(peer, "INBOX", 0, 1);
            let (tag, command) = peer.command();
            assert!(command.starts_with("NOTIFY SET"), "{command}");
            peer.send(format!("{tag} {refusal}\r\n"));
            open(peer, "INBOX", 0, 1);
            idle(peer, "");
            peer.answer("STATUS \"INBOX\"", "* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n");
            let (tag, _) = peer.command();
            peer.send(format!("{tag} NO not now\r\n"));
            idle(peer, "* 1 EXISTS\r\n");
        });
        assert!(!watcher.watch.is_told());
        assert_eq!(watcher.wait(&[]), News::Told(names(&["INBOX"])));
        server.finish();
    }
}

#[test]
fn what_is_told_of_a_folder_while_it_is_open_for_a_pass_is_not_lost() {
    let (server, mut watcher) = scripted(PATIENT, |peer| {
        empty_account(peer, "IDLE NOTIFY");
        open(peer, "INBOX", 0, 1);
        peer.answer("NOTIFY SET", "* STATUS Sent (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)\r\n");
        open(peer, "INBOX", 0, 1);
        // As it stood at the last pass: some servers tell of all folders when one has changed.
        idle(peer, "* STATUS INBOX (MESSAGES 0 UIDNEXT 1)\r\n");
        idle(peer, "* STATUS Sent (MESSAGES 1 UIDNEXT 2)\r\n");
        // Another folder's state comes in between.
        peer.answer(
            "STATUS \"Sent\"",
            "* STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1)\r\n* STATUS INBOX (MESSAGES 7 UIDNEXT 9)\r\n",
        );
        open(peer, "Sent", 1, 2);
        peer.answer("UID FETCH 1:1", "* 1 FETCH (UID 1 RFC822.SIZE 2)\r\n");
        peer.answer("UID FETCH 1 (", "* 1 FETCH (UID 1 BODY[] {2}\r\nhi)\r\n* 2 EXISTS\r\n");
        // What was opened is asked about once more: what came just before it was closed, the server may take for told.
        open(peer, "INBOX", 0, 1);
        peer.answer("STATUS \"Sent\"", "* STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1)\r\n");
    });
    assert_eq!(watcher.wait(&[]), News::Told(names(&["Sent"])));
    assert_eq!(watcher.look(&["Sent"]).fetched(), 1);
    assert_eq!(watcher.wait(&["Sent"]), News::Told(names(&["INBOX", "Sent"])));
    server.finish();
}

#[test]
fn a_server_whose_numbers_never_agree_is_waited_for_all_the_same() {
    let (server, mut watcher) = scripted(PATIENT, |peer| {
        empty_account(peer, "IDLE");
        open(peer, "INBOX", 0, 9);
        open(peer, "INBOX", 0, 9);
        idle(peer, "* 1 EXISTS\r\n");
    });
    assert_eq!(watcher.wait(&[]), News::Before(names(&["INBOX"])));
    assert_eq!(watcher.wait(&[]), News::Told(names(&["INBOX"])));
    server.finish();
}

/// A memory in which messages 1 to `last` of INBOX are, as after a complete pass.
fn complete(account: &ImapAccount, last: u32) -> Memory {
    let keep = Memory::default();
    let folder = keep.folder(&account.id, "INBOX", FolderRole::Inbox).unwrap();
    let at = Timestamp::from_seconds(1_800_000_000);
    let incoming = |uid| Incoming {
        uid,
        flags: Vec::new(),
        arrived: at,
        size: 2,
        modseq: None,
        content: Content::Whole(b"hi".to_vec()),
    };
    keep.ingest((folder.id, (1..=last).map(incoming).collect())).unwrap();
    let (messages, flags_below) = (Some(last), None);
    let end = PassEnd { validity: 1, uid_next: last + 1, modseq: None, messages, flags_below, at };
    keep.finish_pass(folder.id, end).unwrap();
    keep
}

#[test]
fn flags_that_no_modseq_tells_of_are_read_again_in_turn() {
    let server = Scripted::once(|peer| {
        peer.log_in("");
        for set in ["201:700,701:1200", "1:200,701:1200", "201:700,701:1200"] {
            peer.answer("LIST", "* LIST () \"/\" INBOX\r\n");
            peer.answer("STATUS", "* STATUS INBOX (MESSAGES 1200 UIDNEXT 1201 UIDVALIDITY 1)\r\n");
            open(peer, "INBOX", 1200, 1201);
            peer.answer(&format!("UID FETCH {set} (UID FLAGS)"), "* 5 FETCH (UID 5 FLAGS (\\Flagged))\r\n");
        }
    });
    let account = account(server.endpoint());
    let keep = complete(&account, 1200);
    let mut session = Session::open(&account.imap, PASSWORD, &Waker::new().unwrap()).unwrap();
    for _ in 0..3 {
        pass(&keep, &mut session, &account, &mut |_| {}).unwrap();
    }
    assert_eq!(keep.mail("INBOX")[&5].flags, ["\\Flagged"]);
    server.finish();
}

#[test]
fn a_pass_without_changes_reads_no_uids_from_the_store() {
    let Some(server) = Dovecot::start() else { return };
    if kind() == "courier" {
        return;
    }
    server.deliver("alice", "INBOX", &mail(1));
    let mut watcher = Watcher::begin(server.account("alice"), PATIENT);
    let before = watcher.keep.uid_reads();
    let again = pass(&watcher.keep, &mut watcher.session, &watcher.account, &mut |_| {}).unwrap();
    assert!(again.folders.iter().all(|folder| folder.unchanged), "{again:?}");
    assert_eq!(watcher.keep.uid_reads(), before);
}
