//! Mails and folders that can't be fetched: everything else comes, they are told once, and they come when they can.

use crate::support::desk::author;
use crate::support::dovecot::{Dovecot, PASSWORD, account};
use crate::support::faulty_imap::{At, Fail, Faulty, mail};
use crate::support::header_bombs::{BOMBS, deliver_header_bombs};
use crate::support::memory::Memory;
use postroom::model::agent::Team;
use postroom::model::clock::{Clock, Ids, Timestamp};
use postroom::model::ids::MessageId;
use postroom::store::{Store, StoreOptions};
use postroom::sync::error::SyncError;
use postroom::sync::imap::ImapAccount;
use postroom::sync::imap::{ImapError, Pass, Session, Waker, pass_with};

const HOUR: i64 = 3_600_000;

fn open(account: &ImapAccount) -> Result<Session, SyncError> {
    Ok(Session::open(&account.imap, PASSWORD, &Waker::new().unwrap())?)
}

/// Runs a pass as `postroom sync` does.
fn sync_of(account: &ImapAccount, keep: &Memory) -> Result<Pass, SyncError> {
    let mut session = open(account)?;
    let report = pass_with(keep, &mut session, account, None, &mut |_| {}, &mut || open(account));
    session.logout();
    report
}

fn sync(server: &Faulty, keep: &Memory) -> Result<Pass, SyncError> {
    sync_of(&account(server.endpoint()), keep)
}

fn uids(keep: &Memory, folder: &str) -> Vec<u32> {
    keep.mail(folder).keys().copied().collect()
}

#[test]
fn mails_that_are_nearly_all_header_come_and_so_does_everything_behind_them() {
    for late in [false, true] {
        let Some(server) = Dovecot::start() else { return };
        let mut other = server.session("alice");
        for n in 1..=3 {
            other.append("INBOX", &[], None, mail(n).as_bytes()).unwrap();
        }
        deliver_header_bombs(&mut other, "INBOX", late);
        other.append("INBOX", &[], None, mail(99).as_bytes()).unwrap();
        let (keep, account) = (Memory::default(), server.account("alice"));
        let mut report = sync_of(&account, &keep).unwrap();
        assert_eq!((report.fetched(), report.bodies), (3 + BOMBS + 1, 3), "some of the bodies in each pass");
        assert!(report.warnings.is_empty() && report.reopened == 0, "{report:?}");
        let kept = keep.mail("INBOX");
        for (uid, n) in (4..).zip(1..=BOMBS) {
            let text = String::from_utf8_lossy(kept[&uid].bytes()).into_owned();
            for field in
                [format!("<mallory{n}@example.org>"), format!("Subject: Bomb {n}"), format!("<bomb{n}@example.org>")]
            {
                assert_eq!(text.matches(&field).count(), 1, "{late} {field}");
            }
        }
        while report.bodies > 0 {
            report = sync_of(&account, &keep).unwrap();
            assert!(report.folders.iter().all(|f| f.unchanged), "{report:?}");
        }
        assert!(keep.mail("INBOX").values().all(crate::support::memory::Kept::is_whole));
    }
}

#[test]
fn a_mail_that_fails_is_set_aside_told_once_and_all_others_come() {
    for how in [Fail::HangUp, Fail::BreakOff, Fail::No, Fail::LeaveOut, Fail::Flood(9), Fail::Garble] {
        for at in [At::Content, At::All, At::Size] {
            let server = Faulty::start(120);
            let keep = Memory::default();
            server.fail(77, at, how);
            let first = sync(&server, &keep).unwrap();
            assert_eq!(uids(&keep, "INBOX"), (1..=120).collect::<Vec<_>>(), "{how:?} {at:?}");
            let aside = keep.aside("INBOX");
            assert_eq!(aside.iter().map(|a| a.uid).collect::<Vec<_>>(), [77], "{how:?} {at:?}");
            assert!(!first.incomplete && first.reopened <= 12, "{how:?} {at:?}: {}", first.reopened);
            let [warning] = &first.warnings[..] else { panic!("{how:?} {at:?}: {:?}", first.warnings) };
            assert!(warning.message().contains("mail 77 in INBOX"), "{warning}");
            let text = String::from_utf8_lossy(keep.mail("INBOX")[&77].bytes()).into_owned();
            let part = if at == At::Content { "From: \"Carol\" <carol77@example.org>" } else { "can't be fetched" };
            assert!(text.contains(part), "{how:?} {at:?}: {text}");
            let (connections, again) = (server.connections(), sync(&server, &keep).unwrap());
            assert!(again.warnings.is_empty() && again.fetched() == 0, "told once: {again:?}");
            assert_eq!(server.connections(), connections + 1, "{how:?} {at:?}: not tried again yet");
            server.mend(77);
            keep.later(2 * HOUR);
            sync(&server, &keep).unwrap();
            assert_eq!(keep.mail("INBOX")[&77].bytes(), mail(77).as_bytes(), "{how:?} {at:?}");
            assert!(keep.aside("INBOX").is_empty() && uids(&keep, "INBOX").len() == 120, "{how:?} {at:?}");
        }
    }
}

#[test]
fn a_mail_that_still_fails_waits_longer_each_time_and_is_not_told_again() {
    for at in [At::Content, At::All] {
        let server = Faulty::start(3);
        let keep = Memory::default();
        server.fail(2, at, Fail::HangUp);
        assert_eq!(sync(&server, &keep).unwrap().warnings.len(), 1);
        for tries in 2..=3 {
            keep.later(4 * HOUR);
            let report = sync(&server, &keep).unwrap();
            assert!(report.warnings.is_empty(), "{report:?}");
            assert_eq!(keep.aside("INBOX")[0].tries, tries, "{at:?}");
            assert_eq!(uids(&keep, "INBOX"), [1, 2, 3]);
        }
    }
}

#[test]
fn several_bad_mails_in_a_row_do_not_hide_the_good_ones() {
    for how in [Fail::HangUp, Fail::No] {
        let server = Faulty::start(60);
        let keep = Memory::default();
        for uid in 52..=58 {
            server.fail(uid, At::Content, how);
        }
        let mut asides = 0;
        for _ in 0..3 {
            // What one pass may not do in bounded tries, the next one goes on with.
            let _ = sync(&server, &keep);
            assert!(keep.aside("INBOX").len() > asides || asides == 7, "{how:?}: each pass gets further");
            asides = keep.aside("INBOX").len();
        }
        assert_eq!((asides, uids(&keep, "INBOX")), (7, (1..=60).collect::<Vec<_>>()), "{how:?}");
    }
}

#[test]
fn a_mail_that_is_gone_by_the_time_it_is_looked_into_is_no_fault() {
    let server = Faulty::start(5);
    let keep = Memory::default();
    server.fail(3, At::Content, Fail::HangUp);
    let account = account(server.endpoint());
    let mut session = open(&account).unwrap();
    let reopen = &mut || {
        server.state.lock().unwrap().folders.get_mut("INBOX").unwrap().remove(&3);
        open(&account)
    };
    let report = pass_with(&keep, &mut session, &account, None, &mut |_| {}, reopen).unwrap();
    assert!(report.warnings.is_empty() && keep.aside("INBOX").is_empty(), "{report:?}");
    assert_eq!(uids(&keep, "INBOX"), [1, 2, 4, 5]);
}

#[test]
fn a_connection_that_can_not_be_opened_again_blames_no_mail() {
    let server = Faulty::start(5);
    let keep = Memory::default();
    server.fail(3, At::Content, Fail::HangUp);
    let account = account(server.endpoint());
    let mut session = open(&account).unwrap();
    let reopen = &mut || Err(ImapError::Refused.into());
    let error = pass_with(&keep, &mut session, &account, None, &mut |_| {}, reopen).unwrap_err();
    let error = error.into_imap().unwrap();
    assert!(matches!(error, ImapError::Refused), "{error}");
    assert!(keep.aside("INBOX").is_empty());
}

#[test]
fn a_server_of_which_every_mail_fails_is_at_fault_itself() {
    for (how, at) in [(Fail::HangUp, At::Content), (Fail::No, At::Content), (Fail::HangUp, At::Size)] {
        let server = Faulty::start(5);
        let keep = Memory::default();
        sync(&server, &keep).unwrap();
        server.folder("INBOX", 1..=9);
        server.state.lock().unwrap().all_fail = Some((at, how));
        match sync(&server, &keep) {
            Ok(report) => assert!(report.incomplete && report.warnings.len() == 1, "{how:?}: {report:?}"),
            Err(error) => assert!(matches!(error.into_imap(), Ok(ImapError::Lost(_))), "{how:?}"),
        }
        assert!(keep.aside("INBOX").is_empty(), "{how:?} {at:?}");
        assert!(server.connections() < 20, "{how:?} {at:?}: {}", server.connections());
        server.state.lock().unwrap().all_fail = None;
        assert_eq!(sync(&server, &keep).unwrap().fetched(), 4, "{how:?} {at:?}");
    }
}

#[test]
fn a_mail_that_the_store_does_not_take_keeps_no_other_out() {
    let server = Faulty::start(80);
    let keep = Memory::default();
    keep.refuse(Some(70));
    let report = sync(&server, &keep).unwrap();
    assert_eq!(uids(&keep, "INBOX"), (1..=80).collect::<Vec<_>>());
    assert!(report.warnings[0].message().contains("mail 70 in INBOX"), "{report:?}");
    assert!(report.warnings[0].message().contains("too odd"), "{report:?}");
    assert!(String::from_utf8_lossy(keep.mail("INBOX")[&70].bytes()).contains("can't be fetched"));
    assert!(sync(&server, &keep).unwrap().warnings.is_empty());
    keep.refuse(None);
    keep.later(2 * HOUR);
    sync(&server, &keep).unwrap();
    assert_eq!(keep.mail("INBOX")[&70].bytes(), mail(70).as_bytes());
}

#[test]
fn a_folder_that_can_not_be_opened_keeps_no_other_from_coming_and_is_told() {
    for how in ["EXAMINE", "STATUS"] {
        let server = Faulty::start(4);
        let keep = Memory::default();
        for name in ["Archive", "Broken", "Zoo"] {
            server.folder(name, 1..=3);
        }
        server.state.lock().unwrap().closed.insert("Broken".to_owned(), how);
        let mut account = account(server.endpoint());
        account.folders = ["Archive", "Broken", "Zoo"].map(str::to_owned).to_vec();
        let report = sync_of(&account, &keep).unwrap();
        assert_eq!((uids(&keep, "Archive").len(), uids(&keep, "Zoo").len()), (3, 3), "{how}");
        assert!(report.incomplete && report.warnings.len() == 1, "{how}: {report:?}");
        if how == "EXAMINE" {
            assert!(report.warnings[0].message().contains("Broken can't be read"), "{report:?}");
            let connections = server.connections();
            let report = sync_of(&account, &keep).unwrap();
            assert_eq!(server.connections(), connections + 1, "it waits before it is tried again");
            assert!(report.incomplete && report.warnings.len() == 1, "and is told: {report:?}");
            keep.later(HOUR);
        }
        server.state.lock().unwrap().closed.clear();
        let report = sync_of(&account, &keep).unwrap();
        assert!(!report.incomplete && uids(&keep, "Broken").len() == 3, "{how}: {report:?}");
    }
}

#[test]
fn an_account_whose_only_folder_ends_the_connection_is_told_as_a_fault_of_the_connection() {
    let server = Faulty::start(4);
    let keep = Memory::default();
    server.state.lock().unwrap().closed.insert("INBOX".to_owned(), "EXAMINE");
    let error = sync(&server, &keep).unwrap_err();
    let error = error.into_imap().unwrap();
    assert!(matches!(&error, ImapError::Lost(words) if words == "Internal error"), "{error:?}");
    assert!(keep.aside("INBOX").is_empty());
}

#[test]
fn a_folder_without_modseq_is_synced_and_its_flags_are_read_again() {
    for modseq in ["NIL", "0"] {
        let server = Faulty::start(4);
        let keep = Memory::default();
        server.state.lock().unwrap().modseq = Some(modseq);
        assert_eq!(sync(&server, &keep).unwrap().fetched(), 4, "{modseq}");
        server.state.lock().unwrap().flags = "\\Flagged";
        sync(&server, &keep).unwrap();
        assert_eq!(keep.mail("INBOX")[&2].flags, ["\\Flagged"], "{modseq}");
    }
}

#[test]
fn folders_are_called_what_they_are_called() {
    let Some(server) = Dovecot::start() else { return };
    let names = ["say \"hi\"", "back\\slash", "both\\\"", "\"", "Tom & \"Jerry\" é"];
    let mut account = server.account("alice");
    account.folders = names.map(str::to_owned).to_vec();
    let mut other = server.session("alice");
    for (n, name) in (1..).zip(names) {
        other.create(name).unwrap();
        other.append(name, &[], None, mail(n).as_bytes()).unwrap();
        assert_eq!(other.status(name).unwrap().messages, Some(1), "{name}");
        other.select(name).unwrap();
        other.uid_copy("1", names[0]).unwrap();
        other.uid_move("1", name).unwrap();
    }
    let listed = other.list_with_states().unwrap();
    for name in names {
        let found = listed.iter().find(|l| l.name == name);
        assert!(found.and_then(|l| l.state.as_ref()).is_some(), "{name}: {listed:?}");
    }
    let keep = Memory::default();
    let report = sync_of(&account, &keep).unwrap();
    assert!(report.warnings.is_empty() && !report.incomplete, "{report:?}");
    for name in names {
        assert!(!keep.mail(name).is_empty(), "{name}");
    }
    let states = other.states(&names.map(str::to_owned)).unwrap();
    assert_eq!(states.len(), names.len(), "{states:?}");
}

#[test]
fn a_folder_that_is_not_there_is_told_with_the_one_that_is_most_like_it() {
    let server = Faulty::start(2);
    server.folder("Support", 1..=3);
    let keep = Memory::default();
    let mut account = account(server.endpoint());
    account.folders = ["Suport", "Accounting"].map(str::to_owned).to_vec();
    let report = sync_of(&account, &keep).unwrap();
    assert!(report.incomplete && uids(&keep, "INBOX").len() == 2);
    let told: Vec<String> = report.warnings.iter().map(ToString::to_string).collect();
    assert!(told[0].contains("no folder \"Suport\"") && told[0].contains("did you mean \"Support\"?"), "{told:?}");
    assert!(told[1].contains("no folder \"Accounting\"") && !told[1].contains("did you mean"), "{told:?}");
}

/// Runs a pass into a store, a quarter of an hour after the last one.
fn sync_into(store: &Store, server: &Faulty) -> Pass {
    let account = account(server.endpoint());
    store.author().clock.advance(HOUR / 4);
    let mut session = open(&account).unwrap();
    let report = pass_with(store, &mut session, &account, None, &mut |_| {}, &mut || open(&account)).unwrap();
    session.logout();
    report
}

#[test]
fn a_mail_that_is_set_aside_bears_no_witness_and_a_restored_server_is_found_out_beside_it() {
    for at in [At::Content, At::All] {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
        let author = author("alice", clock, Ids::default());
        let options = StoreOptions { author, team: Team::default(), history_after: 0 };
        let store = Store::open(dir.path(), options).unwrap();
        let server = Faulty::start(60);
        server.fail(60, at, Fail::HangUp);
        let first = sync_into(&store, &server);
        assert_eq!((first.fetched(), first.warnings.len(), first.incomplete), (60, 1, false), "{at:?}: {first:?}");
        let again = sync_into(&store, &server);
        assert!(again.warnings.is_empty() && again.fetched() == 0 && again.reopened == 0, "{at:?}: {again:?}");
        // Put back to a time before the last ten, of which others have the UIDs by now; and another mail can't be read either.
        server
            .state
            .lock()
            .unwrap()
            .folders
            .get_mut("INBOX")
            .unwrap()
            .extend((51..=60).map(|uid| (uid, mail(uid + 100))));
        server.fail(30, at, Fail::HangUp);
        let found = sync_into(&store, &server);
        // Of a mail that does not even say who it is, nobody knows whether it is the one that was there.
        let lost = if at == At::Content { "9 mails that were there" } else { "10 mails that were there" };
        assert!(found.incomplete && found.warnings[0].message().contains(lost), "{at:?}: {found:?}");
        for n in (1..=29).chain(31..=50).chain(151..=159) {
            let raw = store.raw(&MessageId::new(&format!("{n}@example.org")).unwrap()).unwrap();
            assert_eq!(raw.as_deref(), Some(mail(n).as_bytes()), "{at:?}: {n}");
        }
    }
}
