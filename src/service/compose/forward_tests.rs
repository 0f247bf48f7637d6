use super::super::tests::{put, sending, store};
use super::*;
use crate::mime::TAKEN_APART;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::warning::{FILES_BYTES_MAX, Warning};
use crate::service::compose::{begin_in, prepare};
use crate::service::review::warnings;

const RICH: &str = "From: Ann <ann@a.example>\r\nSubject: Lamp\r\nContent-Type: multipart/alternative; boundary=A\r\n\r\n--A\r\n\r\nplain\r\n\
    --A\r\nContent-Type: text/html\r\n\r\n<b>rich</b>\r\n--A--\r\n";

fn forward(store: &Store) -> Draft {
    let conversation = store.conversation_of(&MessageId::new("a@c.example").unwrap()).unwrap().unwrap();
    let draft = begin_in(store, &sending(), DraftKind::Forward, &conversation, None).unwrap();
    Draft { to: vec![Address::new("", "fac@f.example")], ..draft }
}

fn sent(store: &Store, draft: &Draft) -> String {
    let mail = prepare(store, draft, Timestamp(0), false).unwrap();

    String::from_utf8(mail.copy).unwrap()
}

#[test]
fn what_was_taken_out_of_the_forwarded_text_does_not_go_along_as_html() {
    let (_dir, store) = store(RICH);
    let whole = forward(&store);
    assert!(sent(&store, &whole).contains("<b>rich</b>"));
    assert_eq!(warnings(&store, &whole).unwrap(), []);
    let spaced = Draft { body: format!("Look.{}\r\n\n", whole.body.replace("plain\n", "plain \n")), ..whole.clone() };
    assert!(sent(&store, &spaced).contains("<b>rich</b>"), "what editors do by themselves changes nothing");
    let cut = Draft { body: whole.body.replace("plain", ""), ..whole.clone() };
    assert!(!sent(&store, &cut).contains("rich"));
    assert_eq!(warnings(&store, &cut).unwrap(), [Warning::ForwardChanged]);
    let own = Draft { body: "Just this.".into(), ..whole };
    assert!(!sent(&store, &own).contains("rich"));
}

#[test]
fn the_mail_is_taken_apart_once_for_all_that_is_asked_of_it() {
    let (_dir, store) = store(RICH);
    let apart = |work: &dyn Fn()| {
        let before = TAKEN_APART.get();
        work();
        TAKEN_APART.get() - before
    };
    let draft = forward(&store);
    assert_eq!(apart(&|| drop(forward(&store))), 1);
    assert_eq!(apart(&|| assert_eq!(warnings(&store, &draft).unwrap(), [])), 1);
    assert_eq!(apart(&|| drop(sent(&store, &draft))), 1);
}

#[test]
fn files_that_are_too_many_to_go_along_are_told() {
    let parts: String =
        (0..502).map(|n| format!("--B\r\nContent-Disposition: attachment; filename={n}.txt\r\n\r\nx\r\n")).collect();
    let raw = format!(
        "From: ann@a.example\r\nSubject: Many\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n{parts}--B--\r\n"
    );
    let (_dir, store) = store(&raw);
    let draft = forward(&store);
    assert_eq!(warnings(&store, &draft).unwrap(), [Warning::FilesLeft { all: 502, most: 500 }]);
    let as_file = forward_as_file(&store, &sending(), draft.conversation.as_ref().unwrap(), None).unwrap();
    assert_eq!(warnings(&store, &Draft { to: draft.to, ..as_file }).unwrap(), []);
}

#[test]
fn html_that_goes_along_and_says_more_than_the_text_is_told() {
    let (_dir, store) = store(&RICH.replace("<b>rich</b>", "<b>plain, approved by our accounting</b>"));
    let draft = forward(&store);
    assert_eq!(warnings(&store, &draft).unwrap(), [Warning::ForwardUnseen]);
    let cut = Draft { body: draft.body.replace("plain", ""), ..draft };
    assert_eq!(warnings(&store, &cut).unwrap(), [Warning::ForwardChanged]);
}

#[test]
fn braces_of_the_forwarded_mail_keep_no_forward_back_and_ones_own_do() {
    let (_dir, store) = store("From: ann@a.example\r\nSubject: Pay\r\n\r\n{link.pay}\r\n");
    let draft = forward(&store);
    prepare(&store, &draft, Timestamp(0), false).unwrap();
    let own = Draft { body: format!("{{link.pay}}{}", draft.body), ..draft };
    assert!(prepare(&store, &own, Timestamp(0), false).is_err());
}

#[test]
fn more_than_goes_with_one_mail_is_refused_in_the_review_and_before_it_is_sent() {
    let (_dir, store) = store("From: ann@a.example\r\nSubject: Film\r\n\r\nHi\r\n");
    let file = OutgoingFile { size: FILES_BYTES_MAX / 2 + 1, ..store.put_file("film.mp4", "video/mp4", b"x").unwrap() };
    let draft = Draft { files: vec![file.clone(), file], ..forward(&store) };
    assert_eq!(warnings(&store, &draft).unwrap(), [Warning::TooLarge(FILES_BYTES_MAX + 2)]);
    let refused = prepare(&store, &draft, Timestamp(0), false).unwrap_err();
    assert_eq!(
        refused.message(),
        "the files have 101 MiB together, and no more than 100 go with one mail: take some off"
    );
}

#[test]
fn a_mail_without_line_ends_of_the_wire_gets_them_and_a_name_of_its_subject() {
    let (_dir, store) = store("From: ann@a.example\r\nSubject: ../Bill / 1\r\n\r\nHi\r\n");
    put(&store, 2, "b@c.example", "From: ann@a.example\nReferences: <a@c.example>\nSubject: \n\nHi\n");
    let conversation = store.conversation_of(&MessageId::new("a@c.example").unwrap()).unwrap().unwrap();
    let file = |message: &str| {
        let message = MessageId::new(message).unwrap();
        let draft = forward_as_file(&store, &sending(), &conversation, Some(&message)).unwrap();
        assert_eq!(draft.body, "");
        let file = draft.files[0].clone();
        (file.name, store.file_bytes(&file.digest).unwrap().unwrap())
    };
    let (name, bytes) = file("a@c.example");
    assert_eq!(name, "_Bill _ 1.eml");
    assert_eq!(bytes, store.raw(&MessageId::new("a@c.example").unwrap()).unwrap().unwrap());
    let (name, bytes) = file("b@c.example");
    assert_eq!(name, "mail.eml");
    assert!(bytes.ends_with(b"Subject: \r\n\r\nHi\r\n"), "{}", String::from_utf8_lossy(&bytes));
}
