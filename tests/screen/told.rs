//! What the screen says of mail and people: how ours stands, who wrote it, who is there.

use postroom::app::Event;
use postroom::model::change::Change;
use postroom::model::clock::Timestamp;
use postroom::model::ids::{ConversationId, Handle, MessageId};
use postroom::model::phrase::Phrase;
use postroom::model::reply::OutState;
use postroom::model::shown::Shown;
use postroom::op::wish::Wish;
use postroom::runtime::Harness;
use postroom::service::triage;
use postroom::store::Store;

use super::seed::Desk;

fn order(desk: &Desk) -> ConversationId {
    desk.store.conversation_of(&MessageId::new("order@shop").unwrap()).unwrap().unwrap()
}

fn wish(store: &Store, on: &ConversationId, wish: Wish) {
    let row = store.row_now(on).unwrap().unwrap();
    let _ = triage::plan(store, &[Shown::from(&row)], &[wish]).unwrap().carry_out(store).unwrap();
}

fn reply(desk: &Desk, size: (u16, u16)) -> Harness {
    let mut screen = desk.screen(size);
    screen.keys("r").unwrap().text("A new lamp is on its way.").unwrap().keys("<c-s><enter>").unwrap();
    screen
}

/// The head of the newest message of ours.
fn head(screen: &Harness) -> String {
    let rows: Vec<String> = screen.screen().lines().map(str::to_owned).collect();
    let last = rows.iter().rev().find(|row| row.contains("Alice Moor")).cloned().unwrap_or_default();
    last.rsplit('│').next().unwrap_or_default().trim().to_owned()
}

#[test]
fn only_a_mail_that_is_out_looks_like_one_and_ours_name_who_wrote_them() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = reply(&desk, size);
        let id = desk.store.outgoing().unwrap()[0].id;
        let mut seen = |from: Option<OutState>, to: OutState, reason: Option<Phrase>| {
            if let Some(from) = from {
                desk.store.advance(id, from, to, reason, None).unwrap();
            }
            screen.happen(Event::StoreChanged(Change::Everything)).unwrap().keys("<enter>G<c-l>").unwrap();
            insta::assert_snapshot!(
                format!("{}_in_the_conversation_at_{}x{}", to.name(), size.0, size.1),
                screen.screen()
            );
            let head = head(&screen);
            screen.keys("<esc>").unwrap();
            head
        };
        assert!(seen(None, OutState::Held, None).starts_with("~ held Alice Moor"));
        let why = Some(Phrase::said("550 no such user"));
        assert!(seen(Some(OutState::Held), OutState::Failed, why.clone()).starts_with("! NOT SENT Alice Moor"));
        desk.store.retry(id, desk.clock.now(), false).unwrap();
        assert!(seen(Some(OutState::Held), OutState::Sending, None).starts_with("~ sending Alice Moor"));
        assert!(seen(Some(OutState::Sending), OutState::Uncertain, why).starts_with("? uncertain Alice Moor"));
    }
}

#[test]
fn a_mail_of_ours_that_is_filed_names_its_agent_by_the_record() {
    let desk = Desk::new();
    let mut screen = reply(&desk, (80, 24));
    desk.clock.advance(11_000);
    assert_eq!(desk.deliver(), 1);
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap().keys("<enter>G<c-l>").unwrap();
    assert!(head(&screen).starts_with("› Alice Moor "), "{}", screen.screen());
}

#[test]
fn a_mail_for_tomorrow_is_nothing_that_waits_to_be_pushed() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen
        .keys("c")
        .unwrap()
        .text("mia@south.example")
        .unwrap()
        .keys("<tab><tab><tab>")
        .unwrap()
        .text("Quote")
        .unwrap();
    screen
        .keys("<tab>")
        .unwrap()
        .text("It costs 4,000.")
        .unwrap()
        .keys("<c-s>l")
        .unwrap()
        .text("tomorrow 8:00")
        .unwrap();
    screen.keys("<enter>").unwrap().happen(Event::StoreChanged(Change::Everything)).unwrap();
    assert!(!screen.status().contains("to push"), "{}", screen.status());
    desk.clock.advance(Timestamp::DAY);
    screen.wait(0).unwrap().happen(Event::Due).unwrap();
    assert!(screen.status().contains("1 to push"), "{}", screen.status());
}

#[test]
fn what_was_undone_stands_in_the_log_and_not_in_the_conversation() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen.keys("sw").unwrap().keys("u").unwrap().keys("<enter>").unwrap();
    screen.happen(Event::StoreChanged(Change::Everything)).unwrap();
    assert!(!screen.screen().contains("alice set this to waiting"), "{}", screen.screen());
    screen.keys("L").unwrap();
    assert!(screen.screen().contains("set this to waiting (undone)"), "{}", screen.screen());
}

#[test]
fn each_row_of_a_quoted_paragraph_bears_its_sign_while_it_is_written_and_looked_over() {
    for size in [(80, 24), (140, 40)] {
        let desk = Desk::new();
        let mut screen = desk.screen(size);
        screen.keys("r<esc>x").unwrap();
        let below = |screen: &Harness, first: &str| {
            let rows: Vec<String> = screen.screen().lines().map(str::to_owned).collect();
            let at = rows.iter().position(|row| row.trim_start().starts_with(first)).unwrap();
            rows[at + 1].trim_start_matches(['│', ' ']).to_owned()
        };
        assert!(below(&screen, "> Here it is.").starts_with('>'), "{}", screen.screen());
        screen.text("y").unwrap().keys("<c-s>").unwrap();
        assert!(below(&screen, "> Here it is.").starts_with("> "), "{}", screen.screen());
    }
}

#[test]
fn a_colleague_who_appears_on_the_log_is_offered_at_once() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("ja").unwrap();
    assert!(!screen.screen().contains("dana"), "{}", screen.screen());
    let on = order(&desk);
    wish(&desk.other("dana"), &on, Wish::Assign { to: Some(Handle::new("dana").unwrap()) });
    screen.happen(Event::StoreChanged(Change::of([on].into()))).unwrap();
    assert!(screen.screen().contains("dana"), "{}", screen.screen());
    screen.keys("<esc>a").unwrap().text("dan").unwrap();
    assert!(screen.screen().contains("\n  dana"), "{}", screen.screen());
}

#[test]
fn a_view_that_shows_the_same_rows_is_not_wiped_before_it_is_drawn() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("3").unwrap();
    let before = screen.engine.stats.cells;
    screen.keys("2").unwrap();
    let drawn = screen.engine.stats.cells - before;
    assert!(drawn < 300, "{drawn} cells for a heading that is another");
}

#[test]
fn an_empty_subject_is_named_before_the_mail_goes_out() {
    let desk = Desk::new();
    let mut screen = desk.screen((80, 24));
    screen.keys("c").unwrap().text("mia@south.example").unwrap().keys("<tab><tab><tab><tab>").unwrap();
    screen.text("Hello").unwrap().keys("<c-s>").unwrap();
    assert!(screen.screen().contains("(no subject)"), "{}", screen.screen());
}
