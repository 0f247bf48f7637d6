//! A reply takes what nobody has, by its first letter.

use postroom::model::status::Status;
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;

use super::seed::Desk;
use super::wishes::{id, records};

fn taking() -> Desk {
    let mut desk = Desk::new();
    desk.reply_takes = true;
    desk
}

fn owner(desk: &Desk) -> Option<String> {
    desk.store.row_now(&id(desk, "order@shop")).unwrap().unwrap().assignee.map(|who| who.to_string())
}

#[test]
fn the_first_letter_of_a_reply_takes_what_nobody_has() {
    let desk = taking();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap();
    assert_eq!(owner(&desk), None, "who only looks leaves it to the others");
    screen.text("H").unwrap();
    assert_eq!(owner(&desk).as_deref(), Some("alice"));
    assert!(screen.status().contains("Ana Lima t1z9: you took this"), "{}", screen.status());
    screen.text("ello").unwrap();
    assert_eq!(records(&desk).iter().filter(|(op, _)| op.contains("assign")).count(), 1);
}

#[test]
fn a_reply_that_was_only_opened_leaves_it_to_the_others() {
    let desk = taking();
    desk.screen((80, 24)).keys("r<esc>").unwrap();
    assert_eq!(owner(&desk), None);
}

#[test]
fn a_reply_that_is_discarded_gives_back_what_it_took() {
    let desk = taking();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("Hm").unwrap().keys("<c-s>d").unwrap();
    assert_eq!(owner(&desk).as_deref(), Some("alice"));
    screen.keys("y").unwrap();
    assert_eq!(owner(&desk), None, "{}", screen.status());
}

#[test]
fn one_undo_gives_back_what_a_reply_took_and_the_draft_stays() {
    let desk = taking();
    let mut screen = desk.screen((80, 24));
    screen.keys("r").unwrap().text("Hm").unwrap().keys("<esc><esc>").unwrap();
    screen.wait(1_000).unwrap().keys("u").unwrap();
    assert_eq!(owner(&desk), None, "{}", screen.status());
    assert_eq!(desk.store.drafts().unwrap().len(), 1);
}

#[test]
fn what_somebody_has_or_is_answering_is_not_taken() {
    let desk = taking();
    desk.screen((80, 24)).keys("abo<enter>r").unwrap().text("Hi").unwrap();
    assert_eq!(owner(&desk).as_deref(), Some("bob"));
    let desk = taking();
    let until = desk.clock.now().plus(60_000);
    let on = vec![Target::on(postroom::model::ids::MessageId::new("order@shop").unwrap())];
    let _ = desk.other("bob").commit(vec![NewOperation::new(Known::Replying { until, waiting: None }, on)]).unwrap();
    desk.screen((80, 24)).keys("r").unwrap().text("Hi").unwrap();
    assert_eq!(owner(&desk), None);
}

#[test]
fn the_config_leaves_taking_to_its_own_key() {
    let desk = Desk::new();
    desk.screen((80, 24)).keys("r").unwrap().text("Hello").unwrap();
    assert_eq!(owner(&desk), None);
}

#[test]
fn the_view_of_what_nobody_has_is_without_what_waits_for_the_customer() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    let before = (screen.app().total().unwrap(), screen.app().list.rows.len());
    screen.keys("sw").unwrap();
    assert_eq!(desk.store.row_now(&id(&desk, "order@shop")).unwrap().unwrap().status, Status::Waiting);
    screen.keys("3").unwrap();
    let now = (screen.app().total().unwrap(), screen.app().list.rows.len());
    assert_eq!(now, (before.0 - 1, before.1 - 1), "{}", screen.screen());
    assert!(desk.store.check().unwrap().is_empty());
}
