//! The sheet that asks who is to have a conversation: who has how much, who is likely meant, who is away.

use std::cell::Cell;
use std::collections::BTreeSet;

use postroom::app::{Layer, Picker};
use postroom::model::clock::Timestamp;
use postroom::model::ids::{Handle, MessageId};
use postroom::op::operation::{Known, Target};
use postroom::op::record::NewOperation;
use postroom::runtime::Harness;

use super::seed::Desk;

fn handle(name: &str) -> Handle {
    Handle::new(name).unwrap()
}

thread_local! {
    /// Where the ids of the next one begin who does something.
    static SEED: Cell<u64> = const { Cell::new(200) };
}

/// What somebody does to the conversation of a message.
fn does(desk: &Desk, who: &str, message: &str, op: Known) {
    let seed = SEED.replace(SEED.get() + 1);
    let on = vec![Target::on(MessageId::new(message).unwrap())];
    let _ = desk.other_with(who, seed).commit(vec![NewOperation::new(op, on)]).unwrap();
}

fn gives(desk: &Desk, who: &str, message: &str, to: &str) {
    does(desk, who, message, Known::Assign { to: Some(handle(to)) });
}

/// Bob was last heard of ten days ago and has one; cleo has two and was here an hour ago.
fn team() -> Desk {
    let mut desk = Desk::in_a_team();
    let then = |ago: i64| desk.clock.now().plus(-ago);
    let clocks = [then(10 * Timestamp::DAY), then(60 * 60_000)];
    let now = desk.clock.clone();
    desk.clock = postroom::model::clock::Clock::fixed(clocks[0]);
    gives(&desk, "bob", "thanks@omar", "bob");
    desk.clock = postroom::model::clock::Clock::fixed(clocks[1]);
    gives(&desk, "cleo", "press@daily", "cleo");
    gives(&desk, "cleo", "login@dana", "cleo");
    desk.clock = now;
    desk
}

fn picker(screen: &Harness) -> &Picker {
    match screen.app().layers.last() {
        Some(Layer::Picker(picker)) => picker,
        other => panic!("no picker: {other:?}"),
    }
}

fn labels(screen: &Harness) -> Vec<String> {
    let picker = picker(screen);
    picker.shown.iter().map(|place| picker.choices[*place].label.clone()).collect()
}

/// The line of the sheet that begins with a label.
fn row(screen: &Harness, label: &str) -> String {
    let lines = screen.screen();
    let top = usize::from(screen.app().sheet().unwrap().y);
    let found = lines.lines().skip(top + 1).find(|line| line.contains(&format!("  {label} ")));
    found.unwrap_or_else(|| panic!("no {label}:\n{lines}")).to_owned()
}

#[test]
fn the_assign_sheet_says_how_much_each_has_and_when_they_were_last_heard_of() {
    for size in [(40, 12), (80, 24), (140, 40)] {
        let mut screen = team().screen(size);
        screen.keys("a").unwrap();
        insta::assert_snapshot!(format!("sheet_{}x{}", size.0, size.1), screen.screen());
    }
    let mut screen = team().screen((80, 24));
    screen.keys("a").unwrap();
    assert!(row(&screen, "cleo").contains("2 open") && row(&screen, "cleo").contains("1h ago"), "{}", screen.screen());
    assert!(row(&screen, "bob").contains("1 open") && row(&screen, "bob").contains("away 10d"), "{}", screen.screen());
}

#[test]
fn whoever_was_not_heard_of_for_days_stands_last_and_can_be_chosen_all_the_same() {
    let desk = team();
    let mut screen = desk.screen((80, 24));
    screen.keys("a").unwrap();
    assert_eq!(labels(&screen), ["alice (me)", "cleo", "billing", "care", "bob", "nobody"]);
    screen.keys("bob<enter>").unwrap();
    assert_eq!(
        desk.store
            .conversation_of(&MessageId::new("order@shop").unwrap())
            .unwrap()
            .map(|id| { desk.store.rows(&[id]).unwrap().remove(0).assignee }),
        Some(Some(handle("bob")))
    );
}

#[test]
fn who_has_to_do_with_the_conversation_stands_before_who_has_less() {
    let desk = Desk::new();
    gives(&desk, "cleo", "press@daily", "cleo");
    gives(&desk, "cleo", "login@dana", "cleo");
    let mut screen = desk.screen((80, 24));
    screen.keys("a").unwrap();
    assert_eq!(labels(&screen)[..3], ["alice (me)", "bob", "cleo"], "bob has nothing");
    screen.keys("<esc>").unwrap();
    let note = Known::Note { text: "I know her".into(), mentions: BTreeSet::new() };
    does(&desk, "cleo", "order@shop", note);
    screen.look().unwrap();
    screen.keys("a").unwrap();
    assert_eq!(labels(&screen)[..3], ["alice (me)", "cleo", "bob"], "cleo wrote a note");
    assert!(row(&screen, "cleo").contains("noted here"), "{}", screen.screen());
}

#[test]
fn whoever_has_it_already_is_told_and_of_several_how_many() {
    let desk = Desk::new();
    gives(&desk, "cleo", "order@shop", "cleo");
    let mut screen = desk.screen((80, 24));
    screen.keys(":view<space>all<enter>a").unwrap();
    assert!(row(&screen, "cleo").contains("has it"), "{}", screen.screen());
    screen.keys("<esc><space><space>a").unwrap();
    assert!(row(&screen, "cleo").contains("has 1 of 2"), "{}", screen.screen());
}

#[test]
fn nothing_that_is_told_of_somebody_is_matched_by_what_is_typed() {
    let mut screen = team().screen((80, 24));
    screen.keys("aopen").unwrap();
    assert_eq!(labels(&screen), Vec::<String>::new());
}

#[test]
fn the_cursor_of_the_sheet_stays_where_it_was_put_when_more_is_known() {
    let desk = team();
    let mut screen = desk.screen((80, 24));
    screen.keys("ab").unwrap();
    assert_eq!(picker(&screen).chosen().map(|one| one.label.as_str()), Some("billing"), "bob is away");
    screen.keys("o").unwrap();
    assert_eq!(picker(&screen).chosen().map(|one| one.label.as_str()), Some("bob"));
}
