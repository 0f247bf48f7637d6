//! An invitation on the screen: what it shows, and how it is answered by key.

use postroom::model::reply::OutState;
use postroom::runtime::Harness;

use super::seed::{Desk, look};

const INVITATION: &str = "Message-ID: <i1@lima.example>\nFrom: Ana Lima <ana@lima.example>\nTo: support@team.example\nSubject: Pallets\n\
    MIME-Version: 1.0\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n\
    UID:u1\nDTSTART;TZID=America/New_York:20261130T090000\nDTEND;TZID=America/New_York:20261130T100000\nSUMMARY:Delivery of pallets\n\
    RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;COUNT=10\nLOCATION:Gate 4\nORGANIZER;CN=Ana Lima:mailto:ana@lima.example\n\
    ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:support@team.example\nDESCRIPTION:Join: https://meet.example/j/1\nEND:VEVENT\nEND:VCALENDAR\n";

/// A screen with the invitation open.
fn invited(desk: &Desk) -> Harness {
    desk.raw_mail(40, INVITATION);
    let mut screen = desk.screen((100, 40));
    screen.keys("/").unwrap().text("subject:Pallets").unwrap().keys("<enter>").unwrap().keys("<enter>").unwrap();
    screen
}

#[test]
fn an_invitation_is_shown_and_accepted_by_key_after_a_look() {
    let desk = Desk::new();
    let mut screen = invited(&desk);
    insta::assert_snapshot!("an_invitation", screen.screen());
    screen.keys("Ia").unwrap();
    insta::assert_snapshot!("an_answer_looked_over", screen.screen());
    screen.keys("k").unwrap();
    assert!(screen.status().contains("Goes to Ana Lima in 10 s"), "{}", screen.status());
    look(&mut screen);
    assert!(screen.screen().contains("Our answer: accepted, still on its way out"), "{}", screen.screen());
    screen.wait(11_000).unwrap();
    assert_eq!(desk.deliver(), 1);
    look(&mut screen);
    assert!(screen.screen().contains("Our answer: accepted, Fri 2026-11-20 10:00"), "{}", screen.screen());
    let mail = desk.store.outgoing().unwrap().pop().unwrap();
    assert_eq!((mail.state, mail.subject.as_str()), (OutState::Filed, "Accepted: Delivery of pallets"));
    let copy = String::from_utf8(desk.store.raw(&mail.message_id).unwrap().unwrap()).unwrap();
    assert!(copy.contains("ATTENDEE;PARTSTAT=ACCEPTED"), "{copy}");
}

#[test]
fn something_can_be_said_along_with_an_answer_and_another_answer_takes_its_place() {
    let desk = Desk::new();
    let mut screen = invited(&desk);
    screen.keys("Id").unwrap();
    assert!(screen.screen().contains("Declined: Delivery of pallets"), "{}", screen.screen());
    screen.keys("e<end>").unwrap().text(" Sorry.").unwrap().keys("<esc><esc>").unwrap();
    screen.keys("It").unwrap();
    let shown = screen.screen();
    assert!(shown.contains("Tentative: Delivery of pallets") && shown.contains("Sorry."), "{shown}");
    screen.keys("<enter>").unwrap().wait(11_000).unwrap();
    assert_eq!(desk.deliver(), 1);
    let mail = desk.store.outgoing().unwrap().pop().unwrap();
    let copy = String::from_utf8(desk.store.raw(&mail.message_id).unwrap().unwrap()).unwrap();
    assert!(copy.contains("PARTSTAT=TENTATIVE") && copy.contains("COMMENT:Sorry."), "{copy}");
}

#[test]
fn what_is_no_invitation_is_not_answered() {
    let desk = Desk::new();
    let mut screen = desk.screen((100, 30));
    screen.keys("<enter>Ia").unwrap();
    assert!(screen.status().contains("nobody asks for an answer in it"), "{}", screen.status());
}
