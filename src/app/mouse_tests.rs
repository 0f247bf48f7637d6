use super::*;

fn row(id: &str, y: u16) -> (Rect, Hit) {
    (Rect::new(0, y, 10, 1), Hit::Row(ConversationId::from_kept(id.to_owned())))
}

#[test]
fn a_row_that_came_to_a_place_just_now_settles_first() {
    let (one, two) = (ConversationId::from_kept("one".to_owned()), ConversationId::from_kept("two".to_owned()));
    let mut hits = Hits::default();
    hits.take(vec![row("one", 1), row("two", 2)], Timestamp(1_000));
    assert!(!hits.is_settling(&one, Timestamp(1_000)), "a screen that appears is aimed at afterwards");
    hits.take(vec![row("two", 1), row("one", 2)], Timestamp(2_000));
    assert!(hits.is_settling(&one, Timestamp(2_299)) && hits.is_settling(&two, Timestamp(2_299)));
    hits.take(vec![row("two", 1), row("one", 2)], Timestamp(2_200));
    assert!(!hits.is_settling(&one, Timestamp(2_300)), "what is drawn again where it was has not moved");
}

#[test]
fn what_lies_on_top_is_hit_first() {
    let mut hits = Hits::default();
    hits.take(vec![(Rect::new(0, 0, 20, 9), Hit::Pane(Pane::List)), row("one", 1)], Timestamp(0));
    assert_eq!(hits.at(3, 1).count(), 2);
    assert!(matches!(hits.at(3, 1).next(), Some(Hit::Row(_))));
    assert_eq!(hits.at(3, 2).next(), Some(&Hit::Pane(Pane::List)));
    assert_eq!(hits.at(30, 2).next(), None);
}
