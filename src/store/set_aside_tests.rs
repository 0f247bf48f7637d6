use super::super::testing::{Bench, START, incoming, main, mid, raw};
use super::super::{Body, Content};
use super::*;

fn aside(uid: u32, next_try: i64) -> Aside {
    Aside {
        uid,
        validity: 7,
        reason: AsideReason::Ended,
        words: "Bye".into(),
        shown: true,
        first_at: Timestamp::from_seconds(START),
        tries: 1,
        next_try: Timestamp::from_seconds(START + next_try),
    }
}

#[test]
fn what_was_set_aside_is_told_once_with_its_sender_and_again_only_under_another_uidvalidity() {
    let bench = Bench::new();
    bench.store.ingest(bench.inbox, vec![incoming(3, 1, raw("a@x", "ana@example.net", "Order", &[]))]).unwrap();
    let folder = Aside { uid: WHOLE_FOLDER, validity: 0, ..aside(0, 60) };
    bench.store.set_aside(bench.inbox, &[aside(3, 60), aside(4, 60), folder.clone()]).unwrap();
    assert_eq!(bench.store.asides(bench.inbox).unwrap(), [folder, aside(3, 60), aside(4, 60)]);
    let told = bench.store.tell_asides(&main()).unwrap();
    let told: Vec<_> = told.iter().map(|t| (t.name.as_str(), t.aside.uid, t.sender.as_deref())).collect();
    assert_eq!(told, [("INBOX", 3, Some("ana@example.net")), ("INBOX", 4, None)]);
    bench.store.set_aside(bench.inbox, &[Aside { tries: 2, ..aside(3, 120) }]).unwrap();
    assert!(bench.store.tell_asides(&main()).unwrap().is_empty());
    bench.store.set_aside(bench.inbox, &[Aside { validity: 8, ..aside(3, 120) }]).unwrap();
    assert_eq!(bench.store.tell_asides(&main()).unwrap().len(), 1);
    bench.store.forget_asides(bench.inbox, &[3, 4]).unwrap();
    assert_eq!(bench.store.asides(bench.inbox).unwrap().len(), 1);
    let version = bench.store.data_version().unwrap();
    bench.store.forget_asides(bench.inbox, &[3, 4]).unwrap();
    assert_eq!(bench.store.data_version().unwrap(), version, "nothing is written for nothing");
}

#[test]
fn a_body_that_was_set_aside_is_left_out_until_its_time_comes_or_somebody_asks() {
    let bench = Bench::new();
    let mut mail = incoming(3, 1, Vec::new());
    (mail.size, mail.content) = (5_000_000, Content::Headers(raw("a@x", "ana@example.net", "Order", &[])));
    bench.store.ingest(bench.inbox, vec![mail]).unwrap();
    let wanted = || bench.store.wanted_bodies(bench.inbox, 10).unwrap().len();
    assert_eq!(wanted(), 1);
    bench.store.set_aside(bench.inbox, &[aside(3, 60)]).unwrap();
    assert_eq!(wanted(), 0);
    bench.store.set_aside(bench.inbox, &[aside(3, 0)]).unwrap();
    assert_eq!(wanted(), 1, "its time has come");
    bench.store.set_aside(bench.inbox, &[aside(3, 60)]).unwrap();
    assert_eq!(bench.store.want_body(&mid("a@x")).unwrap(), Body::OnServer(5_000_000));
    assert_eq!((wanted(), bench.store.asked_bodies(None).unwrap().len()), (1, 1));
    bench.store.set_aside(bench.inbox, &[aside(3, 60)]).unwrap();
    let _ = bench.store.want_body(&mid("a@x")).unwrap();
    assert!(bench.store.asked_bodies(None).unwrap().is_empty(), "what was asked for before is not tried at every look");
    bench.store.reset_folder(bench.inbox, 9).unwrap();
    assert!(bench.store.asides(bench.inbox).unwrap().is_empty());
}

#[test]
fn what_only_stands_for_a_mail_bears_no_witness_and_is_not_lost_when_the_uids_become_void() {
    let bench = Bench::new();
    let mails = [(3, "a@x"), (4, "b@x"), (5, "c@x")];
    let mails = mails.map(|(uid, id)| incoming(uid, 1, raw(id, "ana@example.net", "Order", &[]))).into();
    bench.store.ingest(bench.inbox, mails).unwrap();
    let stands_for_it = Aside { shown: false, ..aside(5, 60) };
    bench.store.set_aside(bench.inbox, &[aside(4, 60), stands_for_it]).unwrap();
    let witnesses = bench.store.highest(bench.inbox, 4).unwrap();
    assert_eq!(witnesses.iter().map(|(uid, ..)| *uid).collect::<Vec<_>>(), [3]);
    bench.store.reset_folder(bench.inbox, 9).unwrap();
    assert_eq!(bench.store.lost(bench.inbox).unwrap(), 2, "the others are, until they are found again");
}
