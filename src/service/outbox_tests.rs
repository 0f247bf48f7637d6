use super::*;
use crate::model::clock::Timestamp;
use crate::service::compose::{prepare, tests};

/// A store with an answer in its outbox, and the answer's number.
fn waiting() -> (tempfile::TempDir, Store, i64) {
    let (dir, store) = tests::store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let draft = Draft { body: "Mine, @bob.\n\n> Hi".into(), ..tests::answer(&store) };
    let id = store.queue(&prepare(&store, &draft, Timestamp(0), false).unwrap()).unwrap().id;
    (dir, store, id)
}

#[test]
fn a_mail_that_may_have_arrived_is_sent_again_only_in_as_many_words() {
    let (_dir, store, id) = waiting();
    assert_eq!(send_again(&store, id, false).unwrap(), Again::Due);
    store.advance(id, OutState::Held, OutState::Sending, None, None).unwrap();
    assert_eq!(send_again(&store, id, true).unwrap(), Again::Settled(OutState::Sending));
    store.advance(id, OutState::Sending, OutState::Uncertain, None, None).unwrap();
    assert_eq!(send_again(&store, id, false).unwrap(), Again::MayHaveArrived);
    assert_eq!(store.outgoing_by_id(id).unwrap().unwrap().state, OutState::Uncertain);
    assert_eq!(send_again(&store, id, true).unwrap(), Again::Due);
    assert_eq!(send_again(&store, 99, true).unwrap(), Again::Unknown);
}

#[test]
fn a_mail_becomes_a_note_of_its_own_words_once() {
    let (_dir, store, id) = waiting();
    assert!(matches!(make_note(&store, id).unwrap(), Noted::Done { kept, .. } if kept.is_empty()));
    assert_eq!(make_note(&store, id).unwrap(), Noted::TooLate);
    assert!(store.drafts().unwrap().is_empty());
    let draft = store.discarded_drafts().unwrap().remove(0);
    assert_eq!(own_lines(&draft), ["Mine, @bob.", ""]);
    let conversation = store.conversation(&draft.conversation.unwrap(), 10).unwrap().unwrap();
    let notes = conversation.items.iter().filter(|item| matches!(item, crate::model::conversation::Item::Note(_)));
    assert_eq!(notes.count(), 1);
}

#[test]
fn a_mail_is_dropped_in_time_and_its_draft_can_be_brought_back() {
    let (_dir, store, id) = waiting();
    assert!(drop_mail(&store, id).unwrap());
    assert!(!drop_mail(&store, id).unwrap());
    assert_eq!(store.discarded_drafts().unwrap().len(), 1);
}

#[test]
fn what_becomes_a_note_loses_no_file() {
    let (_dir, store) = tests::store("From: Carla <carla@c.example>\r\nSubject: Refund\r\n\r\nHi\r\n");
    let files = vec![store.put_file("bill.pdf", "application/pdf", b"%PDF").unwrap()];
    let draft = Draft { body: "Mine.".into(), files: files.clone(), ..tests::answer(&store) };
    let id = store.queue(&prepare(&store, &draft, Timestamp(0), false).unwrap()).unwrap().id;
    assert!(matches!(make_note(&store, id).unwrap(), Noted::Done { kept, .. } if kept == ["bill.pdf"]));
    let kept = store.drafts().unwrap().remove(0);
    assert_eq!((kept.files, kept.body), (files, "Mine.".to_owned()));
}
