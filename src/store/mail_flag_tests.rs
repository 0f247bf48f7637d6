use super::super::testing::*;
use super::*;
use crate::op::record::NewOperation;
use crate::store::{FolderRole, PassEnd};

/// Takes in a mail that nobody has read yet.
fn unread(bench: &Bench, folder: i64, uid: u32, id: &str, refs: &[&str]) {
    let mail = incoming(uid, i64::from(uid), raw(id, "ana@example.net", "Broken", refs));
    let _ = bench.store.ingest(folder, vec![crate::store::Incoming { flags: Vec::new(), ..mail }]).unwrap();
}

/// What waits for the server of the account: UID, flag, and whether it has it.
fn wanted(bench: &Bench) -> Vec<(u32, MailFlag, bool)> {
    let all = bench.store.flags_wanted(&main(), Timestamp(i64::MAX)).unwrap();
    all.into_iter().map(|wanted| (wanted.uid, wanted.flag, wanted.is_there)).collect()
}

fn end(bench: &Bench, told: bool) {
    let all = bench.store.flags_wanted(&main(), Timestamp(i64::MAX)).unwrap();
    bench.store.flags_told(&main(), if told { &all } else { &[] }, &all).unwrap();
}

fn close() -> Known {
    Known::SetStatus { to: Status::Closed }
}

#[test]
fn what_is_opened_is_wanted_as_seen_once_and_waits_for_the_server_in_the_store() {
    let bench = Bench::new();
    unread(&bench, bench.inbox, 1, "m1@x", &[]);
    unread(&bench, bench.inbox, 2, "m2@x", &["m1@x"]);
    unread(&bench, bench.inbox, 3, "other@x", &["nobody@x"]);
    assert!(bench.store.note_opened(&bench.id("m1@x")).unwrap());
    let both = vec![(1, MailFlag::Seen, false), (2, MailFlag::Seen, false)];
    assert_eq!(wanted(&bench), both);
    assert_eq!(bench.again().flags_wanted(&main(), Timestamp(i64::MAX)).unwrap().len(), 2);
    end(&bench, true);
    assert_eq!(wanted(&bench), Vec::new());
    assert!(!bench.store.note_opened(&bench.id("m1@x")).unwrap(), "the server has it");
    assert_eq!(bench.row("m1@x").status, Status::Open);
    bench.sound();
}

#[test]
fn what_is_closed_is_seen_as_far_as_whoever_closed_it_had_read() {
    let bench = Bench::new();
    unread(&bench, bench.inbox, 1, "m1@x", &[]);
    let target = bench.store.targets(&[bench.id("m1@x")]).unwrap().remove(0).1;
    unread(&bench, bench.inbox, 2, "m2@x", &["m1@x"]);
    let _ = bench.store.commit(vec![NewOperation::new(close(), vec![target])]).unwrap();
    assert_eq!(wanted(&bench), [(1, MailFlag::Seen, false)]);
    let _ = bench.act("m1@x", close());
    assert_eq!(wanted(&bench), [(1, MailFlag::Seen, false), (2, MailFlag::Seen, false)]);
    let _ = bench.act("m1@x", Known::SetStatus { to: Status::Open });
    assert_eq!(wanted(&bench).len(), 2, "what was read stays read");
}

#[test]
fn what_a_colleague_closes_is_told_by_the_colleague() {
    let (bob, alice) = (Bench::of("bob", 2), Bench::new());
    for bench in [&bob, &alice] {
        unread(bench, bench.inbox, 1, "m1@x", &[]);
    }
    let _ = bob.act("m1@x", close());
    let lines = bob.store.unpushed_of(&main(), 10).unwrap();
    let place = |uid: u32| crate::store::LogPlace { epoch: 1, validity: 1, uid, index: 0 };
    let lines =
        lines.into_iter().zip(1..).map(|((_, json), n)| crate::store::LogLine { place: place(n), json }).collect();
    let _ = alice.store.ingest_log(&main(), lines).unwrap();
    assert_eq!(alice.row("m1@x").status, Status::Closed);
    assert_eq!((wanted(&bob).len(), wanted(&alice).len()), (1, 0));
}

#[test]
fn a_flag_waits_for_each_place_of_its_mail_and_for_each_account() {
    let desk = Desk::both("alice", 1);
    let bench = &desk.bench;
    let second = desk.place("sales").unwrap().2;
    unread(bench, bench.inbox, 1, "m1@x", &[]);
    unread(bench, second, 9, "m1@x", &[]);
    bench.store.note_opened(&bench.id("m1@x")).unwrap();
    assert_eq!(wanted(bench), [(1, MailFlag::Seen, false)]);
    end(bench, true);
    let theirs = bench.store.flags_wanted(desk.account("sales"), Timestamp(i64::MAX)).unwrap();
    assert_eq!(theirs.iter().map(|wanted| wanted.uid).collect::<Vec<_>>(), [9]);
    assert_eq!(wanted(bench), [(1, MailFlag::Seen, true)], "the server of the first has it");
    bench.store.forget_flags(desk.account("sales")).unwrap();
    end(bench, true);
    assert_eq!(wanted(bench), Vec::new());
}

#[test]
fn a_flag_that_is_refused_is_put_off_and_given_up_in_the_end() {
    let bench = Bench::new();
    unread(&bench, bench.inbox, 1, "m1@x", &[]);
    bench.store.note_opened(&bench.id("m1@x")).unwrap();
    let now = bench.store.author().clock.now();
    for n in 1..=ATTEMPTS_MAX {
        let refused = bench.store.flags_wanted(&main(), Timestamp(i64::MAX)).unwrap();
        assert_eq!(refused.len(), 1, "try {n}");
        bench.store.put_off_flags(&refused, now.plus(1000)).unwrap();
        assert_eq!(bench.store.flags_wanted(&main(), now).unwrap(), Vec::new());
    }
    assert_eq!(wanted(&bench), Vec::new());
    bench.store.note_opened(&bench.id("m1@x")).unwrap();
    assert_eq!(wanted(&bench).len(), 1, "whoever opens it again asks again");
}

#[test]
fn a_flag_finds_its_mail_where_it_was_moved_meanwhile_and_outlives_its_having_no_place_for_days_only() {
    let bench = Bench::new();
    let archive = bench.store.folder(&main(), "Done", FolderRole::Other).unwrap().id;
    for folder in [bench.inbox, archive] {
        let at = Timestamp::from_seconds(START);
        let end = PassEnd { validity: 1, uid_next: 9, modseq: None, messages: None, flags_below: None, at };
        bench.store.finish_pass(folder, end).unwrap();
    }
    unread(&bench, bench.inbox, 1, "m1@x", &[]);
    bench.store.note_opened(&bench.id("m1@x")).unwrap();
    bench.store.expunge(bench.inbox, &[1]).unwrap();
    end(&bench, false);
    assert_eq!(wanted(&bench), Vec::new());
    unread(&bench, archive, 5, "m1@x", &[]);
    assert_eq!(wanted(&bench), [(5, MailFlag::Seen, false)]);
    bench.store.expunge(archive, &[5]).unwrap();
    let late = bench.opened_with(two_weeks_later());
    end(&late, false);
    unread(&late, late.inbox, 7, "m1@x", &[]);
    assert_eq!(wanted(&late), Vec::new());
}

fn two_weeks_later() -> crate::store::StoreOptions {
    let mut options = options("alice", 77);
    options.author.clock = crate::model::clock::Clock::fixed(Timestamp::from_seconds(START).plus(14 * Timestamp::DAY));
    options
}

#[test]
fn the_mail_that_a_reply_answers_is_answered_when_the_reply_is_filed_and_that_of_a_forward_is_not() {
    for (kind, flags) in [(DraftKind::Reply, vec![MailFlag::Seen, MailFlag::Answered]), (DraftKind::Forward, vec![])] {
        let bench = Bench::new();
        unread(&bench, bench.inbox, 1, "m1@x", &[]);
        unread(&bench, bench.inbox, 2, "m2@x", &["m1@x"]);
        let draft = Draft { kind, parent: Some(mid("m1@x")), ..Draft::default() };
        bench.store.change(|batch| batch.tell_answered(Some(&draft))).unwrap();
        let found: Vec<MailFlag> = wanted(&bench)
            .into_iter()
            .map(|(uid, flag, _)| {
                assert_eq!(uid, 1);
                flag
            })
            .collect();
        assert_eq!(found, flags);
    }
}
