//! Who else is at a conversation, by the reply lease and by a source that tells it live.

use postroom::app::Event;
use postroom::model::ids::{ConversationId, Handle, MessageId};
use postroom::model::presence::{Does, Present};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;

use super::seed::Desk;
use super::wishes::id;

fn bob_writes(desk: &Desk) {
    let until = desk.clock.now().plus(60_000);
    let on = vec![Target::on(MessageId::new("order@shop").unwrap())];
    let _ = desk.other("bob").commit(vec![NewOperation::new(Known::Replying { until, waiting: None }, on)]).unwrap();
}

fn looks(desk: &Desk, who: &str) -> Present {
    Present { who: Handle::new(who).unwrap(), does: Does::Looks, until: desk.clock.now().plus(30_000) }
}

fn order(desk: &Desk) -> ConversationId {
    id(desk, "order@shop")
}

#[test]
fn whoever_writes_an_answer_stands_in_the_place_of_the_owner_and_above_the_conversation() {
    for (columns, rows) in [(40, 12), (80, 24), (140, 40)] {
        let desk = Desk::new();
        bob_writes(&desk);
        let mut screen = desk.screen((columns, rows));
        assert!(screen.screen().contains("bob…"), "{}", screen.screen());
        screen.keys("<enter>").unwrap();
        assert!(screen.screen().contains("bob writes…"), "{}", screen.screen());
        // Time alone ends it where nothing is heard any more.
        screen.wait(61_000).unwrap();
        assert!(!screen.screen().contains("bob writes"), "{}", screen.screen());
    }
}

#[test]
fn a_live_source_tells_who_looks_and_whom_it_names_no_more_is_gone() {
    let desk = Desk::new();
    let mut screen = desk.screen((140, 40));
    screen.keys("<enter>").unwrap();
    screen.happen(Event::Present(order(&desk), vec![looks(&desk, "cleo"), looks(&desk, "alice")])).unwrap();
    assert!(screen.screen().contains("cleo looks"), "{}", screen.screen());
    assert!(!screen.screen().contains("alice looks"), "nobody is told of themselves: {}", screen.screen());
    screen.happen(Event::Present(order(&desk), Vec::new())).unwrap();
    assert!(!screen.screen().contains("cleo looks"), "{}", screen.screen());
}

#[test]
fn whoever_is_known_by_both_stands_there_once_as_writing() {
    let desk = Desk::new();
    bob_writes(&desk);
    let mut screen = desk.screen((140, 40));
    screen.keys("<enter>").unwrap();
    screen.happen(Event::Present(order(&desk), vec![looks(&desk, "bob"), looks(&desk, "cleo")])).unwrap();
    let shown = screen.screen();
    assert!(shown.contains("bob writes…  cleo looks") && !shown.contains("bob looks"), "{shown}");
}
