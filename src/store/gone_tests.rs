use super::*;
use crate::model::conversation::{Conversation, Item, MessageItem};
use crate::model::ids::{AccountId, OpId};
use crate::model::status::Status;
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::query;
use crate::store::testing::{Bench, Desk, context, incoming, main, mid, raw};
use crate::store::{FolderRole, LogFilter, LogLine, Resolved};
use crate::text;

const SET: fn(Status) -> Known = |to| Known::SetStatus { to };

fn ana(bench: &Bench, seconds: i64, id: &str, refs: &[&str]) {
    bench.mail(seconds, id, "ana@example.net", &format!("About {id}"), refs);
}

/// Another program takes a mail out of a folder, and all folders were looked at.
fn takes_away(bench: &Bench, folder: i64, id: &str) {
    let uid =
        bench.store.highest(folder, 1000).unwrap().into_iter().find(|(_, message, _)| *message == mid(id)).unwrap().0;
    bench.store.set_adrift(folder, &[uid]).unwrap();
    let adrift = bench.store.adrift(&main()).unwrap();
    let _ = bench.store.settle_adrift(&main(), &adrift).unwrap();
}

fn shown(bench: &Bench, id: &str) -> Conversation {
    bench.store.conversation(&bench.id(id), 99).unwrap().unwrap()
}

fn message(bench: &Bench, id: &str) -> MessageItem {
    let items = shown(bench, id).items.into_iter();
    let mut mails = items.filter_map(|item| if let Item::Message(mail) = item { Some(mail) } else { None });
    *mails.find(|mail| mail.id == mid(id)).unwrap()
}

fn events(bench: &Bench, id: &str) -> Vec<String> {
    let items = shown(bench, id).items.into_iter();
    items
        .filter_map(|item| if let Item::Event(event) = item { Some(event.sentence.to_string()) } else { None })
        .collect()
}

fn found(bench: &Bench, words: &str) -> usize {
    bench.store.ids(&query::parse(words).unwrap(), &context(&bench.store)).unwrap().len()
}

fn archive(bench: &Bench) -> i64 {
    bench.store.folder(&main(), "Archive", FolderRole::Archive).unwrap().id
}

fn taken_by(bench: &Bench, id: &str, who: &str) {
    let _ = bench.act(id, Known::Assign { to: Some(Handle::new(who).unwrap()) });
}

#[test]
fn mail_that_another_program_deleted_stays_to_be_read_and_says_so() {
    let bench = Bench::new();
    ana(&bench, 1, "a@x", &[]);
    let shown_before = bench.row("a@x");
    let _ = bench.act("a@x", Known::Note { text: "ask the warehouse".into(), mentions: Default::default() });
    takes_away(&bench, bench.inbox, "a@x");
    assert_eq!(bench.store.resolve(shown_before.id.as_str()).unwrap(), Resolved::One(shown_before.id.clone()));
    let mail = message(&bench, "a@x");
    assert!(mail.gone && mail.missing.is_none());
    assert_eq!(text::render(&mail.left.unwrap()), "left INBOX, moved or deleted by another program");
    let why = bench.store.why(&shown_before.id).unwrap().remove(0).why;
    assert!(why.as_str().ends_with("; left INBOX, moved or deleted by another program"), "{why}");
    assert_eq!(
        events(&bench, "a@x"),
        ["closed, because all of its mail has left: left INBOX, moved or deleted by another program"]
    );
    assert_eq!(bench.row("a@x").notes, 1);
    assert_eq!((found(&bench, "is:gone"), found(&bench, "is:any"), found(&bench, "is:active")), (1, 1, 0));
    assert_eq!((found(&bench, "parcel"), found(&bench, "status:closed")), (1, 1));
    bench.sound();
}

#[test]
fn mail_that_is_found_in_the_archive_was_archived_whichever_folder_is_read_first() {
    for archive_first in [true, false] {
        let bench = Bench::new();
        ana(&bench, 1, "a@x", &[]);
        let (folder, copy) = (archive(&bench), raw("a@x", "ana@example.net", "About a@x", &[]));
        if archive_first {
            bench.store.ingest(folder, vec![incoming(1, 1, copy.clone())]).unwrap();
            assert_eq!(bench.row("a@x").status, Status::Open, "it stands in INBOX too");
        }
        bench.store.set_adrift(bench.inbox, &[1]).unwrap();
        if !archive_first {
            bench.store.ingest(folder, vec![incoming(1, 1, copy)]).unwrap();
        }
        let adrift = bench.store.adrift(&main()).unwrap();
        let _ = bench.store.settle_adrift(&main(), &adrift).unwrap();
        let mail = message(&bench, "a@x");
        assert_eq!(text::render(&mail.left.unwrap()), "left INBOX, archived by another program");
        assert!(!mail.gone, "it stands on the server");
        assert_eq!((bench.row("a@x").status, bench.row("a@x").gone), (Status::Closed, true));
        takes_away(&bench, folder, "a@x");
        let mail = message(&bench, "a@x");
        assert_eq!(text::render(&mail.left.unwrap()), "left Archive, moved or deleted by another program");
        bench.sound();
    }
}

#[test]
fn what_is_met_in_the_archive_first_opens_nothing_and_is_open_once_it_stands_in_the_inbox() {
    let bench = Bench::new();
    let folder = archive(&bench);
    bench.store.ingest(folder, vec![incoming(1, 1, raw("a@x", "ana@example.net", "Order", &[]))]).unwrap();
    assert_eq!(bench.row("a@x").status, Status::Closed);
    assert_eq!(text::render(&message(&bench, "a@x").left.unwrap()), "archived by another program");
    bench.mail(1, "a@x", "ana@example.net", "Order", &[]);
    assert_eq!((bench.row("a@x").status, bench.row("a@x").gone), (Status::Open, false));
    assert!(message(&bench, "a@x").left.is_none());
    bench.sound();
}

#[test]
fn a_folder_that_becomes_the_archive_closes_what_stands_there_alone() {
    let bench = Bench::new();
    let folder = bench.store.folder(&main(), "Archive", FolderRole::Other).unwrap().id;
    let mails = (1..=450).map(|n| incoming(n, 1, raw(&format!("{n}@x"), "ana@example.net", &format!("No {n}"), &[])));
    bench.store.ingest(folder, mails.collect()).unwrap();
    assert_eq!(found(&bench, "is:active"), 450);
    archive(&bench);
    assert_eq!((found(&bench, "is:active"), found(&bench, "is:gone")), (0, 450));
    bench.store.folder(&main(), "Archive", FolderRole::Other).unwrap();
    assert_eq!(found(&bench, "is:active"), 450);
    bench.sound();
}

#[test]
fn mail_that_comes_back_is_as_it_was_before_it_left() {
    let bench = Bench::new();
    ana(&bench, 1, "a@x", &[]);
    taken_by(&bench, "a@x", "alice");
    let _ = bench.act("a@x", SET(Status::InProgress));
    let before = bench.dump();
    takes_away(&bench, bench.inbox, "a@x");
    assert_eq!(bench.row("a@x").status, Status::Closed);
    let at = crate::store::Relocated { uid: 77, message: mid("a@x"), variant: None, flags: Vec::new(), size: 1 };
    assert_eq!(bench.store.relocate(bench.inbox, vec![at]).unwrap(), Vec::<u32>::new());
    assert_eq!(bench.dump(), before);
    takes_away(&bench, bench.inbox, "a@x");
    ana(&bench, 1, "a@x", &[]);
    assert_eq!(bench.dump(), before);
    bench.sound();
}

#[test]
fn whoever_knows_that_the_mail_left_can_open_it_undo_that_and_a_new_mail_opens_it_too() {
    let bench = Bench::new();
    ana(&bench, 1, "a@x", &[]);
    takes_away(&bench, bench.inbox, "a@x");
    let _ = bench.act_blind("a@x", SET(Status::Open));
    assert_eq!(bench.row("a@x").status, Status::Closed, "nobody saw that it was gone");
    let _ = bench.act("a@x", SET(Status::Open));
    assert_eq!((bench.row("a@x").status, bench.row("a@x").gone), (Status::Open, true));
    assert_eq!(found(&bench, "is:active is:gone"), 1);
    let _ = bench.store.undo().unwrap().unwrap();
    assert_eq!(bench.row("a@x").status, Status::Closed);
    ana(&bench, 2, "b@x", &["a@x"]);
    assert_eq!((bench.row("a@x").status, bench.row("a@x").gone, bench.row("a@x").messages), (Status::Open, false, 2));
    bench.sound();
}

#[test]
fn what_was_seen_to_be_gone_travels_with_the_record() {
    let (bench, bob) = (Bench::new(), Bench::of("bob", 2));
    for bench in [&bench, &bob] {
        ana(bench, 1, "a@x", &[]);
        takes_away(bench, bench.inbox, "a@x");
    }
    let _ = bench.act("a@x", SET(Status::InProgress));
    let json = bench.store.unpushed(9).unwrap().remove(0).1;
    assert!(json.contains("\"gone\":true"), "{json}");
    let place = crate::store::LogPlace { epoch: 1, validity: 1, uid: 1, index: 0 };
    let _ = bob.store.ingest_log(&main(), vec![LogLine { place, json }]).unwrap();
    assert_eq!(bob.row("a@x").status, Status::InProgress);
}

#[test]
fn the_assignee_of_what_was_closed_by_leaving_is_told_once_and_nobody_else() {
    let bench = Bench::new();
    for (n, id, who) in [(1, "a@x", "alice"), (2, "b@x", "bob"), (3, "c@x", "alice"), (4, "d@x", "alice")] {
        ana(&bench, n, id, &[]);
        taken_by(&bench, id, who);
    }
    let _ = bench.act("c@x", SET(Status::Closed));
    for id in ["a@x", "b@x", "c@x", "d@x"] {
        takes_away(&bench, bench.inbox, id);
    }
    // It came back before anybody was told.
    ana(&bench, 4, "d@x", &[]);
    let told = |who: &str| bench.store.counts(&Handle::new(who).unwrap()).unwrap().departed;
    let alices = told("alice");
    assert_eq!(alices.keys().collect::<Vec<_>>(), [&bench.id("a@x")]);
    assert_eq!(told("bob").len(), 1);
    bench.store.departed_are_told(&alices.into_keys().collect::<Vec<_>>()).unwrap();
    assert!(told("alice").is_empty());
    assert!(bench.again().counts(&Handle::new("alice").unwrap()).unwrap().departed.is_empty());
    assert_eq!(told("bob").len(), 1);
    takes_away(&bench, bench.inbox, "d@x");
    assert_eq!(told("alice").len(), 1);
}

#[test]
fn a_folder_that_another_program_emptied_puts_nothing_on_the_log() {
    let bench = Bench::new();
    let mails = (1..=300).map(|n| {
        let refs = if n % 3 == 1 { Vec::new() } else { vec![format!("{}@x", n - 1)] };
        let refs: Vec<&str> = refs.iter().map(String::as_str).collect();
        incoming(n, i64::from(n), raw(&format!("{n}@x"), "ana@example.net", &format!("No {n}"), &refs))
    });
    bench.store.ingest(bench.inbox, mails.collect()).unwrap();
    let _ = bench.store.expunge(bench.inbox, &(1..=300).collect::<Vec<u32>>()).unwrap();
    assert_eq!(bench.store.unpushed(10).unwrap(), []);
    assert_eq!(found(&bench, "is:gone"), 100);
    bench.sound();
}

#[test]
fn drafts_stay_with_the_conversation_that_they_were_begun_in() {
    let bench = Bench::new();
    ana(&bench, 1, "a@x", &[]);
    ana(&bench, 2, "other@x", &[]);
    let id = bench.id("a@x");
    let draft = crate::model::reply::Draft {
        conversation: Some(id.clone()),
        parent: Some(mid("a@x")),
        body: "half a sen".into(),
        ..Default::default()
    };
    bench.store.save_draft(&draft).unwrap();
    bench.store.keep_note(id.as_str(), "half a note").unwrap();
    takes_away(&bench, bench.inbox, "a@x");
    assert_eq!(bench.store.draft_in(&bench.id("a@x")).unwrap().unwrap().body, "half a sen");
    assert_eq!(bench.store.kept_note(bench.id("a@x").as_str()).unwrap().as_deref(), Some("half a note"));
    assert_eq!(bench.store.draft_in(&bench.id("other@x")).unwrap(), None);
}

/// Alice saw all three, bob came when the middle one had been deleted; `late` says that the last came after that.
fn chain(late: bool) -> (Bench, Bench) {
    let (alice, bob) = (Bench::new(), Bench::of("bob", 2));
    ana(&alice, 1, "m1@x", &[]);
    ana(&bob, 1, "m1@x", &[]);
    let _ = alice.act("m1@x", SET(Status::Closed));
    ana(&alice, 2, "m2@x", &["m1@x"]);
    if late {
        takes_away(&alice, alice.inbox, "m2@x");
        ana(&alice, 3, "m3@x", &["m2@x"]);
    } else {
        ana(&alice, 3, "m3@x", &["m2@x"]);
        takes_away(&alice, alice.inbox, "m2@x");
    }
    ana(&bob, 3, "m3@x", &["m2@x"]);
    (alice, bob)
}

fn lines(bench: &Bench) -> Vec<LogLine> {
    let waiting = bench.store.unpushed(100).unwrap().into_iter().zip(1..);
    let place = |uid| crate::store::LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    waiting.map(|((_, json), uid)| LogLine { place: place(uid), json }).collect()
}

#[test]
fn a_link_that_only_a_mail_which_left_held_joins_it_for_those_who_never_saw_that_mail() {
    for late in [false, true] {
        let (alice, bob) = chain(late);
        assert_ne!(bob.id("m1@x"), bob.id("m3@x"));
        let log = lines(&alice);
        let _ = bob.store.ingest_log(&main(), log.clone()).unwrap();
        let _ = alice.store.ingest_log(&main(), log).unwrap();
        for bench in [&alice, &bob] {
            assert_eq!(bench.id("m1@x"), bench.id("m3@x"), "late: {late}");
            bench.sound();
        }
        assert_eq!(alice.id("m1@x"), bob.id("m1@x"));
        assert_eq!((alice.row("m1@x").status, bob.row("m1@x").status), (Status::Open, Status::Open));
        assert_eq!((alice.row("m1@x").messages, bob.row("m1@x").messages), (3, 2));
    }
}

#[test]
fn two_who_see_a_mail_leave_write_one_link_and_one_that_was_taken_back_is_not_written_again() {
    let (alice, carol) = (chain(false).0, chain(true).0);
    let links = |bench: &Bench| -> Vec<OpId> {
        let log = bench.store.log(&LogFilter { conversation: None, before: None, limit: 99 }).unwrap();
        log.iter().filter(|entry| entry.kind == "merge").map(|entry| entry.id).collect()
    };
    assert_eq!(links(&alice).len(), 1);
    assert_eq!(links(&alice), links(&carol));
    let _ = alice.store.undo_operation(links(&alice)[0]).unwrap();
    ana(&alice, 4, "m4@x", &["m3@x"]);
    assert_eq!(links(&alice).len(), 1);
    alice.sound();
}

#[test]
fn a_link_between_two_accounts_or_in_imported_history_is_not_kept() {
    let desk = Desk::both("alice", 1);
    desk.mail("support", 1, "a@x", &[]);
    desk.mail("support", 2, "b@x", &["a@x"]);
    desk.mail("sales", 3, "c@x", &["b@x"]);
    let folder = desk.place("support").unwrap().2;
    let _ = desk.bench.store.expunge(folder, &[2]).unwrap();
    assert_eq!(desk.bench.store.unpushed_of(&AccountId::new("main").unwrap(), 9).unwrap(), []);
    let bench = Bench::new();
    let old = -40 * 86_400;
    ana(&bench, old, "a@x", &[]);
    ana(&bench, old + 1, "b@x", &["a@x"]);
    ana(&bench, old + 2, "c@x", &["b@x"]);
    takes_away(&bench, bench.inbox, "b@x");
    assert_eq!(bench.store.unpushed(9).unwrap(), []);
}

#[test]
fn a_mail_that_stands_in_for_another_is_no_mail_that_left() {
    let bench = Bench::new();
    bench.mail(1, "7.9.494e@set-aside.postroom.invalid", "", "A mail that can't be fetched", &[]);
    let _ = bench.store.expunge(bench.inbox, &[1]).unwrap();
    assert_eq!(found(&bench, "is:any"), 0);
    bench.sound();
}

#[test]
fn operations_on_mail_that_left_go_to_the_log_of_its_account() {
    let desk = Desk::both("alice", 1);
    desk.mail("sales", 1, "a@x", &[]);
    let _ = desk.bench.store.expunge(desk.place("sales").unwrap().2, &[1]).unwrap();
    let note = Known::Note { text: "gone?".into(), mentions: Default::default() };
    let _ = desk.bench.store.commit(vec![NewOperation::new(note, vec![Target::on(mid("a@x"))])]).unwrap();
    assert_eq!((desk.waiting("sales").len(), desk.waiting("support").len()), (1, 0));
}
