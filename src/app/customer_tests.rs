use super::*;
use crate::model::text::SafeText;

fn head(name: &str) -> PanelHead {
    PanelHead { name: name.into(), title: SafeText::line(name), keep: 60 }
}

fn id(name: &str) -> ConversationId {
    ConversationId::from_kept(name)
}

fn lines() -> PanelSaid {
    PanelSaid::Lines { lines: vec!["4412".into()], cut: false }
}

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn later(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds * 1000)
}

#[test]
fn what_a_panel_said_is_shown_again_until_its_time_is_over_and_its_failures_never() {
    let mut pane = CustomerPane::default();
    let heads = || vec![head("a"), head("b")];
    pane.turn_to(Some(id("one")));
    assert_eq!(pane.take(Customer::default(), heads(), NOW), ["a", "b"]);
    pane.take_said("a", lines(), NOW);
    pane.take_said("b", PanelSaid::Slow(5), NOW);
    assert!(!pane.is_asking());
    pane.turn_to(Some(id("two")));
    assert_eq!(pane.take(Customer::default(), heads(), later(1)), ["a", "b"]);
    assert!(pane.is_asking());
    pane.turn_to(Some(id("one")));
    assert_eq!(pane.take(Customer::default(), heads(), later(59)), ["b"]);
    pane.turn_to(None);
    pane.turn_to(Some(id("one")));
    assert_eq!(pane.take(Customer::default(), heads(), later(60)), ["a", "b"]);
}

#[test]
fn news_keep_what_panels_said_and_the_cursor_on_its_panel() {
    let mut pane = CustomerPane::default();
    pane.turn_to(Some(id("one")));
    let _ = pane.take(Customer::default(), vec![head("a"), head("b")], NOW);
    pane.take_said("a", lines(), NOW);
    pane.take_said("b", PanelSaid::Slow(5), NOW);
    pane.step(1);
    assert_eq!(pane.take(Customer::default(), vec![head("c"), head("a"), head("b")], later(900)), ["c"]);
    assert_eq!(pane.entry(), Some(Entry::Panel(2)));
}
