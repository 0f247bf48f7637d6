//! Passes over real mailboxes, in every way in which a server can tell what changed; and over servers that lie.

use crate::support::dovecot::{Dovecot, PASSWORD, account};
use crate::support::memory::Memory;
use crate::support::scripted_imap::{Peer, Scripted};
use postroom::store::FolderRole;
use postroom::sync::error::SyncError;
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::error::Remedy;
use postroom::sync::imap::{Pass, Progress, Session, Waker, pass};

/// The three kinds of server: what they lack.
const KINDS: [&[&str]; 3] = [&[], &["QRESYNC"], &["QRESYNC", "CONDSTORE", "LIST-STATUS", "LIST-EXTENDED"]];

fn mail(n: u32) -> String {
    format!("From: Carol <carol@example.org>\r\nSubject: Mail {n}\r\nMessage-ID: <{n}@example.org>\r\n\r\nBody {n}\r\n")
}

fn fill(session: &mut Session, folder: &str, numbers: std::ops::RangeInclusive<u32>) {
    for n in numbers {
        session.append(folder, &[], None, mail(n).as_bytes()).unwrap();
    }
}

fn run(keep: &Memory, session: &mut Session, account: &ImapAccount) -> Pass {
    pass(keep, session, account, &mut |_| {}).unwrap()
}

/// Logs in anew and runs a pass.
fn sync(server: &Dovecot, keep: &Memory) -> Pass {
    let mut session = server.session("alice");
    let report = run(keep, &mut session, &server.account("alice"));
    session.logout();
    report
}

#[test]
fn every_kind_of_server_brings_in_new_mail_flags_and_what_went() {
    for lacks in KINDS {
        let Some(server) = Dovecot::without(lacks) else { return };
        let keep = Memory::default();
        let mut other = server.session("alice");
        fill(&mut other, "INBOX", 1..=120);
        fill(&mut other, "Sent", 200..=203);
        let first = sync(&server, &keep);
        assert_eq!((first.fetched(), first.new_messages()), (124, 124), "{lacks:?}");
        assert_eq!(keep.mail("INBOX").len(), 120);
        assert_eq!(keep.mail("INBOX")[&7].bytes(), mail(7).as_bytes());
        assert_eq!(keep.kept_folder("Sent").role, FolderRole::Sent);
        assert_eq!(keep.order()[0..2], [71, 72], "the newest fifty come first");

        other.select("INBOX").unwrap();
        other.store_flags("5:6", "+FLAGS", &["\\Flagged"]).unwrap();
        other.store_flags("10:12", "+FLAGS", &["\\Deleted"]).unwrap();
        other.expunge("10:12").unwrap();
        fill(&mut other, "INBOX", 121..=122);
        let second = sync(&server, &keep);
        assert_eq!(second.fetched(), 2, "{lacks:?}");
        assert_eq!(second.folders[0].expunged, 3, "{lacks:?}");
        assert!(second.folders[0].flagged >= 2, "{lacks:?}");
        let inbox = keep.mail("INBOX");
        assert_eq!(inbox.len(), 119, "{lacks:?}");
        assert!(inbox[&5].flags.contains(&"\\Flagged".to_owned()), "{lacks:?}");
        assert!(!inbox.contains_key(&11) && inbox.contains_key(&122), "{lacks:?}");

        other.store_flags("6", "-FLAGS", &["\\Flagged"]).unwrap();
        sync(&server, &keep);
        assert!(!keep.mail("INBOX")[&6].flags.contains(&"\\Flagged".to_owned()), "{lacks:?}");
    }
}

#[test]
fn a_pass_without_changes_is_one_command_whatever_the_size() {
    for lacks in [KINDS[0], KINDS[1]] {
        let Some(server) = Dovecot::without(lacks) else { return };
        let keep = Memory::default();
        let mut other = server.session("alice");
        fill(&mut other, "INBOX", 1..=30);
        sync(&server, &keep);
        let again = sync(&server, &keep);
        assert_eq!(again.commands, 1, "{lacks:?} {again:?}");
        assert!(again.folders.iter().all(|f| f.unchanged));
    }
}

#[test]
fn a_new_uidvalidity_costs_headers_only() {
    for lacks in KINDS {
        let Some(server) = Dovecot::without(lacks) else { return };
        let keep = Memory::default();
        let mut account = server.account("alice");
        account.folders = vec!["Support".to_owned()];
        let mut other = server.session("alice");
        other.create("Support").unwrap();
        fill(&mut other, "Support", 1..=40);
        run(&keep, &mut server.session("alice"), &account);
        let before = keep.kept_folder("Support").validity;
        other.delete("Support").unwrap();
        other.create("Support").unwrap();
        fill(&mut other, "Support", 90..=92);
        fill(&mut other, "Support", 21..=40);
        let report = run(&keep, &mut server.session("alice"), &account);
        assert_ne!(keep.kept_folder("Support").validity, before, "{lacks:?}");
        assert_eq!(report.fetched(), 3, "{lacks:?}");
        let kept = keep.mail("Support");
        assert_eq!(kept.len(), 23, "{lacks:?}");
        assert_eq!(kept[&4].bytes(), mail(21).as_bytes(), "{lacks:?}");
        assert_eq!(kept[&1].bytes(), mail(90).as_bytes(), "{lacks:?}");
    }
}

#[test]
fn an_interrupted_first_pass_goes_on_from_what_is_stored() {
    for lacks in KINDS {
        let Some(server) = Dovecot::without(lacks) else { return };
        let keep = Memory::default();
        let account = server.account("alice");
        let mut other = server.session("alice");
        fill(&mut other, "INBOX", 1..=130);
        let waker = Waker::new().unwrap();
        let endpoint = server.endpoint("alice", postroom::config::Security::Plain);
        let mut session = Session::open(&endpoint, PASSWORD, &waker).unwrap();
        let stopped = pass(&keep, &mut session, &account, &mut |_| waker.stop());
        assert_eq!(stopped.unwrap_err().remedy(), Remedy::Stop, "{lacks:?}");
        let here = keep.mail("INBOX").len();
        assert_eq!(here, 50, "{lacks:?}");
        other.select("INBOX").unwrap();
        other.store_flags("1,130", "+FLAGS", &["\\Deleted"]).unwrap();
        other.expunge("1,130").unwrap();
        let report = sync(&server, &keep);
        assert_eq!(report.fetched(), 130 - here - 1, "{lacks:?}");
        assert_eq!(keep.mail("INBOX").keys().copied().collect::<Vec<_>>(), (2..=129).collect::<Vec<_>>(), "{lacks:?}");
    }
}

#[test]
fn a_full_disk_ends_the_pass_with_its_own_words_and_loses_nothing() {
    let Some(server) = Dovecot::start() else { return };
    let keep = Memory::default();
    let mut other = server.session("alice");
    fill(&mut other, "INBOX", 1..=130);
    keep.fail_after(Some(1));
    let mut session = server.session("alice");
    let error = pass(&keep, &mut session, &server.account("alice"), &mut |_| {}).unwrap_err();
    assert!(matches!(error, SyncError::Store(postroom::store::StoreError::Full)), "{error:?}");
    keep.fail_after(None);
    assert_eq!(sync(&server, &keep).fetched(), 80);
    assert_eq!(keep.mail("INBOX").len(), 130);
}

#[test]
fn large_mail_comes_as_headers_first_and_whole_afterwards() {
    let Some(server) = Dovecot::start() else { return };
    let keep = Memory::default();
    let mut account = server.account("alice");
    account.body_limit = 100_000;
    let large = format!("{}{}", mail(1), "0123456789 large\r\n".repeat(200_000));
    let exact = format!("{}{}", mail(2), "x".repeat((2 << 20) - mail(2).len()));
    let mut other = server.session("alice");
    for text in [&large, &exact] {
        other.append("INBOX", &[], None, text.as_bytes()).unwrap();
    }
    fill(&mut other, "INBOX", 3..=4);
    let report = run(&keep, &mut server.session("alice"), &account);
    assert_eq!((report.fetched(), report.bodies), (4, 2));
    let inbox = keep.mail("INBOX");
    assert!(inbox.values().all(crate::support::memory::Kept::is_whole));
    assert_eq!(inbox[&1].bytes(), large.as_bytes());
    assert_eq!(inbox[&2].bytes(), exact.as_bytes());
}

#[test]
fn several_folders_come_and_one_that_is_missing_is_named() {
    let Some(server) = Dovecot::start() else { return };
    let keep = Memory::default();
    let mut account = server.account("alice");
    account.folders = ["Entwürfe & Co", "Gone", "Postroom"].map(str::to_owned).to_vec();
    let mut other = server.session("alice");
    other.create("Postroom").unwrap();
    other.create("Entwürfe & Co").unwrap();
    fill(&mut other, "Entwürfe & Co", 1..=3);
    fill(&mut other, "Postroom", 4..=5);
    fill(&mut other, "INBOX", 6..=6);
    let report = run(&keep, &mut server.session("alice"), &account);
    assert_eq!(keep.mail("Entwürfe & Co").len(), 3);
    assert!(keep.mail("Postroom").is_empty());
    assert_eq!(report.warnings.len(), 1);
    assert!(report.warnings[0].message().contains("Gone"), "{:?}", report.warnings);
}

#[test]
fn mail_without_message_ids_and_with_odd_bytes_comes_through() {
    let Some(server) = Dovecot::start() else { return };
    let keep = Memory::default();
    let mut other = server.session("alice");
    for text in
        [&b"\r\n"[..], b"Subject: x\r\n\r\n\xff\xfe\x80", b"no header at all", b"a: b\r\n\r\n) FLAGS ()\r\n* BYE\r\n"]
    {
        other.append("INBOX", &["\\Seen", "a.b"], None, text).unwrap();
    }
    let report = sync(&server, &keep);
    assert_eq!(report.fetched(), 4);
    assert_eq!(keep.mail("INBOX")[&2].bytes(), b"Subject: x\r\n\r\n\xff\xfe\x80");
    assert!(sync(&server, &keep).folders.iter().all(|f| f.unchanged));
}

#[test]
fn progress_ends_at_its_total() {
    let Some(server) = Dovecot::start() else { return };
    let keep = Memory::default();
    let mut other = server.session("alice");
    fill(&mut other, "INBOX", 1..=60);
    let mut seen: Vec<Progress> = Vec::new();
    pass(&keep, &mut server.session("alice"), &server.account("alice"), &mut |p| seen.push(p)).unwrap();
    assert_eq!(seen.first().map(|p| (p.done, p.total)), Some((50, 60)));
    assert_eq!(seen.last().map(|p| (p.done, p.total)), Some((60, 60)));
}

fn scripted(script: impl FnOnce(&mut Peer) + Send + 'static) -> (Scripted, Session, ImapAccount) {
    let server = Scripted::once(move |peer| {
        peer.log_in("");
        script(peer);
    });
    let endpoint = server.endpoint();
    let session = Session::open(&endpoint, PASSWORD, &Waker::new().unwrap()).unwrap();
    (server, session, account(endpoint))
}

fn open_inbox(peer: &mut Peer, exists: u32, uid_next: u32) {
    peer.answer("LIST", "* LIST () \"/\" INBOX\r\n");
    let status = format!("* STATUS INBOX (MESSAGES {exists} UIDNEXT {uid_next} UIDVALIDITY 1)\r\n");
    peer.answer("STATUS", &status);
    peer.answer("EXAMINE", &format!("* {exists} EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT {uid_next}] x\r\n"));
}

#[test]
fn sizes_that_are_lies_uids_backwards_and_strangers_do_no_harm() {
    let (server, mut session, account) = scripted(|peer| {
        open_inbox(peer, 3, 10);
        peer.answer(
            "UID FETCH 1:9",
            "* 3 FETCH (UID 9 RFC822.SIZE 1)\r\n* 2 FETCH (UID 5 RFC822.SIZE 99999999)\r\n* 1 FETCH (RFC822.SIZE 3 UID 2)\r\n\
             * 1 FETCH (UID 2 RFC822.SIZE 3)\r\n* 4 FETCH (UID 4000000000 RFC822.SIZE 7)\r\n* 5 FETCH (UID 0 RFC822.SIZE 7)\r\n",
        );
        peer.answer(
            "UID FETCH 2,9 (",
            "* 3 FETCH (BODY[] {5}\r\nhello UID 9)\r\n* 1 FETCH (UID 2 BODY[] \"x\" INTERNALDATE \"rubbish\")\r\n\
             * 7 FETCH (UID 7 BODY[] {3}\r\nwho)\r\n",
        );
        peer.answer("UID FETCH 5 (", "* 2 FETCH (UID 5 BODY[HEADER] {4}\r\na: b RFC822.SIZE 99999999)\r\n");
        // The body is asked for afterwards, and the server does not have it any more.
        peer.answer("UID FETCH 5 (UID BODY.PEEK[]<0.", "");
    });
    let keep = Memory::default();
    let report = run(&keep, &mut session, &account);
    assert_eq!(report.fetched(), 3);
    assert_eq!(keep.mail("INBOX").keys().copied().collect::<Vec<_>>(), [2, 5, 9]);
    assert_eq!(keep.mail("INBOX")[&9].bytes(), b"hello");
    drop(session);
    server.finish();
}

#[test]
fn a_server_that_breaks_off_leaves_what_was_stored() {
    let (server, mut session, account) = scripted(|peer| {
        open_inbox(peer, 60, 61);
        let sizes: String = (1..=60).map(|n| format!("* {n} FETCH (UID {n} RFC822.SIZE 2)\r\n")).collect();
        peer.answer("UID FETCH 1:60", &sizes);
        let bodies: String = (11..=60).map(|n| format!("* {n} FETCH (UID {n} BODY[] {{2}}\r\nhi)\r\n")).collect();
        peer.answer("UID FETCH 11:60", &bodies);
        peer.command();
        peer.send("* 1 FETCH (UID 1 BODY[] {200}\r\nhalf a mail");
    });
    let keep = Memory::default();
    let error = pass(&keep, &mut session, &account, &mut |_| {}).unwrap_err();
    assert_eq!(error.remedy(), Remedy::Wait, "{error:?}");
    assert_eq!(keep.mail("INBOX").len(), 50);
    assert_eq!(keep.kept_folder("INBOX").last_pass, None);
    server.finish();
}

#[test]
fn a_server_that_offers_qresync_and_refuses_it_is_asked_the_long_way() {
    let offers = "ENABLE CONDSTORE QRESYNC";
    let open = |peer: &mut Peer, modseq: u32| {
        peer.answer(
            "EXAMINE \"INBOX\" (CONDSTORE)",
            &format!(
                "* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n* OK [HIGHESTMODSEQ {modseq}] x\r\n"
            ),
        );
    };
    let status = |peer: &mut Peer, modseq: u32| {
        peer.answer("LIST", "* LIST () \"/\" INBOX\r\n");
        let told = format!("* STATUS INBOX (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1 HIGHESTMODSEQ {modseq})\r\n");
        peer.answer("STATUS", &told);
    };
    let server = Scripted::once(move |peer| {
        peer.log_in(offers);
        status(peer, 5);
        open(peer, 5);
        peer.answer("UID FETCH 1:1 (UID RFC822.SIZE)", "* 1 FETCH (UID 1 RFC822.SIZE 2)\r\n");
        peer.answer("UID FETCH 1 (", "* 1 FETCH (UID 1 FLAGS () BODY[] {2}\r\nhi)\r\n");
        status(peer, 6);
        let (tag, command) = peer.command();
        assert_eq!(command, "ENABLE QRESYNC");
        peer.send(format!("{tag} BAD what?\r\n"));
        open(peer, 6);
        peer.answer("UID FETCH 1:1 (UID FLAGS) (CHANGEDSINCE 5)", "* 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (6))\r\n");
    });
    let endpoint = server.endpoint();
    let mut session = Session::open(&endpoint, PASSWORD, &Waker::new().unwrap()).unwrap();
    let (keep, account) = (Memory::default(), account(endpoint));
    assert_eq!(run(&keep, &mut session, &account).fetched(), 1);
    assert_eq!(run(&keep, &mut session, &account).folders[0].flagged, 1);
    assert_eq!(keep.mail("INBOX")[&1].flags, ["\\Seen"]);
    server.finish();
}
