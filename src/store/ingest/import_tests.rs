use super::*;
use crate::model::hook::{Hook, HookEvent, Once};
use crate::store::testing::{Bench, START, incoming, main, mid, raw};
use crate::store::{LogLine, LogPlace};

const DAY: i64 = 86_400;

fn archived(n: i64, refs: &[&str]) -> ArchivedMail {
    let raw = raw(&format!("old{n}@x"), "ana@example.net", &format!("Old {n}"), refs);
    ArchivedMail { raw, arrived: Timestamp::from_seconds(START - n * DAY), flags: vec!["\\Seen".into()] }
}

fn inbox() -> (&'static str, FolderRole) {
    ("INBOX", FolderRole::Inbox)
}

fn announce(bench: &Bench, mails: &[ArchivedMail], open: bool) -> Vec<Fate> {
    let of = bench.store.author().ids.next();
    let (judged, _) = bench.store.announce_import(&main(), inbox(), mails, (open, of)).unwrap();
    judged.iter().map(|one| one.fate).collect()
}

/// Lets the server show the mails to a client, the first under this UID.
fn fetch(bench: &Bench, mails: &[ArchivedMail], uid: u32) {
    let seconds = |mail: &ArchivedMail| mail.arrived.seconds() - START;
    let all = mails.iter().zip(uid..).map(|(mail, uid)| incoming(uid, seconds(mail), mail.raw.clone()));
    bench.store.ingest(bench.inbox, all.collect()).unwrap();
}

/// Puts what a client has not pushed behind what is on the log, and reads it all.
fn push(bench: &Bench, log: &mut Vec<LogLine>) {
    for (_, json) in bench.store.unpushed(1000).unwrap() {
        let uid = u32::try_from(log.len()).unwrap() + 1;
        log.push(LogLine { place: LogPlace { epoch: 1, validity: 1, uid, index: 0 }, json });
    }
    let _ = bench.store.ingest_log(&main(), log.clone()).unwrap();
}

fn status(bench: &Bench, message: &str) -> Status {
    bench.row(message).status
}

/// A team that has begun, with one question, and its log.
fn team() -> (Bench, Bench, Vec<LogLine>) {
    let (alice, bob) = (Bench::of("alice", 1), Bench::of("bob", 2));
    let mut log = Vec::new();
    assert!(alice.store.settle_history(&main()).unwrap());
    for bench in [&alice, &bob] {
        push(bench, &mut log);
        bench.mail(0, "q@x", "ana@example.net", "Question", &[]);
        bench.finish();
    }
    (alice, bob, log)
}

#[test]
fn mails_of_any_age_are_closed_on_every_client_whichever_it_reads_first() {
    // Three days and a year old: behind and before where history ends.
    let mails = [archived(3, &[]), archived(365, &[])];
    for log_first in [true, false] {
        let (alice, bob, mut log) = team();
        assert_eq!(announce(&alice, &mails, false), [Fate::New; 2]);
        push(&alice, &mut log);
        if log_first {
            push(&bob, &mut log);
        }
        fetch(&bob, &mails, 100);
        push(&bob, &mut log);
        fetch(&alice, &mails, 100);
        push(&alice, &mut log);
        push(&bob, &mut log);
        for bench in [&alice, &bob] {
            assert_eq!((status(bench, "old3@x"), status(bench, "old365@x")), (Status::Closed, Status::Closed));
            assert_eq!(status(bench, "q@x"), Status::Open);
            bench.sound();
        }
        assert_eq!(alice.dump(), bob.dump(), "{log_first}");
        assert_eq!(announce(&alice, &mails, false), [Fate::There; 2]);
    }
}

#[test]
fn mails_that_are_to_be_open_are_open_however_old() {
    let (alice, bob, mut log) = team();
    let mails: Vec<ArchivedMail> = (300..330).map(|n| archived(n, &[])).collect();
    announce(&alice, &mails, true);
    push(&alice, &mut log);
    push(&bob, &mut log);
    for bench in [&alice, &bob] {
        fetch(bench, &mails, 100);
        assert!((300..330).all(|n| status(bench, &format!("old{n}@x")) == Status::Open));
        bench.sound();
    }
}

#[test]
fn a_conversation_that_a_mail_joins_stays_as_it_stands() {
    let (alice, bob, mut log) = team();
    let _ = alice.act("q@x", Known::SetStatus { to: Status::InProgress });
    let mails = [archived(2, &["q@x"])];
    announce(&alice, &mails, false);
    push(&alice, &mut log);
    push(&bob, &mut log);
    for bench in [&alice, &bob] {
        fetch(bench, &mails, 100);
        assert_eq!(bench.id("q@x"), bench.id("old2@x"));
        assert_eq!(status(bench, "q@x"), Status::InProgress);
    }
}

#[test]
fn no_hook_runs_for_what_is_imported() {
    let hook = |on| Hook {
        name: "one".to_owned(),
        on: vec![on],
        run: vec!["true".to_owned()],
        query: String::new(),
        once: Once::Client,
        timeout: 30,
    };
    for on in [HookEvent::New, HookEvent::Closed] {
        let hooks = [hook(on)];
        let (alice, _, mut log) = team();
        alice.store.gather_hooks(&hooks).unwrap();
        let mails = [archived(0, &[])];
        announce(&alice, &mails, false);
        push(&alice, &mut log);
        fetch(&alice, &mails, 100);
        alice.store.gather_hooks(&hooks).unwrap();
        let context = crate::store::testing::context(&alice.store);
        assert!(alice.store.look_at_hooks(&hooks, &context).unwrap().due.is_empty());
    }
}

#[test]
fn without_a_server_mails_are_history_whatever_the_log_says_and_come_once() {
    let bench = Bench::new();
    let mails = [archived(0, &[]), archived(400, &[]), archived(0, &[])];
    let fates = bench.store.import_here(&main(), inbox(), &mails, false).unwrap();
    assert_eq!(fates, [Fate::New, Fate::New, Fate::There]);
    assert!(bench.store.settle_history(&main()).unwrap());
    push(&bench, &mut Vec::new());
    assert_eq!((status(&bench, "old0@x"), status(&bench, "old400@x")), (Status::Closed, Status::Closed));
    let again = bench.store.import_here(&main(), inbox(), &mails, false).unwrap();
    assert_eq!(again, [Fate::There; 3]);
    let judged = bench.store.judge_import(&main(), &[archived(0, &[]), archived(1, &[])]).unwrap();
    assert_eq!(judged.iter().map(|one| one.fate).collect::<Vec<_>>(), [Fate::There, Fate::New]);
    assert!(bench.store.has_message(&mid("old0@x")).unwrap());
    bench.sound();
}
