use super::super::testing::{Bench, incoming, main, mid, raw};
use super::super::{Content, FolderRole};
use super::*;

/// A mail of which only the headers came.
fn headers(bench: &Bench, folder: i64, uid: u32, id: &str) {
    let text = String::from_utf8(raw(id, "ana@example.net", "A large file", &[])).unwrap();
    let head = text.split_once("\r\n\r\n").unwrap().0;
    let mut mail = incoming(uid, i64::from(uid), Vec::new());
    (mail.size, mail.content) = (5_000_000, Content::Headers(format!("{head}\r\n\r\n").into_bytes()));
    bench.store.ingest(folder, vec![mail]).unwrap();
}

#[test]
fn a_body_that_is_not_here_can_be_asked_for_and_is_whole_when_it_came() {
    let bench = Bench::new();
    headers(&bench, bench.inbox, 7, "big@x");
    let id = mid("big@x");
    assert_eq!(bench.store.body(&id).unwrap(), Body::OnServer(5_000_000));
    assert!(bench.store.raw(&id).unwrap().is_some() && bench.store.whole(&id).unwrap().is_none());
    assert!(bench.store.asked_bodies(None).unwrap().is_empty());

    assert_eq!(bench.store.want_body(&id).unwrap(), Body::OnServer(5_000_000));
    let asked = bench.store.asked_bodies(Some(&main())).unwrap();
    assert_eq!(asked.iter().map(|a| (a.folder.id, a.uid, a.size)).collect::<Vec<_>>(), [(bench.inbox, 7, 5_000_000)]);
    let other = AccountId::new("other").unwrap();
    assert!(bench.store.asked_bodies(Some(&other)).unwrap().is_empty());

    let bytes = raw("big@x", "ana@example.net", "A large file", &[]);
    bench.store.ingest_body(bench.inbox, 7, &bytes).unwrap();
    assert_eq!(bench.store.whole(&id).unwrap().unwrap(), bytes);
    assert_eq!(bench.store.want_body(&id).unwrap(), Body::Here);
    assert!(bench.store.asked_bodies(None).unwrap().is_empty());
}

#[test]
fn asking_twice_writes_once_so_that_nobody_is_told_of_a_change() {
    let bench = Bench::new();
    headers(&bench, bench.inbox, 7, "big@x");
    bench.store.want_body(&mid("big@x")).unwrap();
    let before = bench.store.data_version().unwrap();
    bench.store.want_body(&mid("big@x")).unwrap();
    assert_eq!(bench.store.data_version().unwrap(), before);
}

#[test]
fn a_mail_in_two_folders_is_asked_for_once_and_one_in_none_can_not_come() {
    let bench = Bench::new();
    headers(&bench, bench.inbox, 7, "big@x");
    let archive = bench.store.folder(&main(), "Archive", FolderRole::Other).unwrap().id;
    headers(&bench, archive, 3, "big@x");
    bench.store.want_body(&mid("big@x")).unwrap();
    assert_eq!(bench.store.asked_bodies(None).unwrap().len(), 1);
    bench.store.expunge(bench.inbox, &[7]).unwrap();
    bench.store.expunge(archive, &[3]).unwrap();
    assert_eq!(bench.store.want_body(&mid("big@x")).unwrap(), Body::Gone);
    assert!(bench.store.asked_bodies(None).unwrap().is_empty());
    assert_eq!(bench.store.want_body(&mid("nobody@x")).unwrap(), Body::Unknown);
}

#[test]
fn another_mail_that_comes_under_the_uid_of_one_completes_nothing() {
    let bench = Bench::new();
    headers(&bench, bench.inbox, 7, "big@x");
    let other = raw("other@x", "eve@example.net", "Another", &[]);
    let _ = bench.store.ingest_body(bench.inbox, 7, &other).unwrap();
    assert_eq!(bench.store.whole(&mid("big@x")).unwrap(), None);
    assert_eq!(bench.store.body(&mid("big@x")).unwrap(), Body::OnServer(5_000_000));
}
