use super::*;
use crate::keymap::parse_keys;

fn pressed(closing: &mut Closing, at: i64, keys: &str) -> Vec<Option<Dropped>> {
    parse_keys(keys).unwrap().into_iter().map(|key| closing.press(Timestamp(at), key)).collect()
}

#[test]
fn what_is_typed_behind_a_line_that_did_not_open_is_dropped_through_its_enter() {
    let mut closing = Closing::default();
    closing.refuse(Timestamp(0), 0);
    let dropped: Vec<_> = (1..=4).map(|count| Some(Dropped::NotOpened(count))).collect();
    assert_eq!(pressed(&mut closing, 100, "vip<enter>"), dropped);
    assert_eq!(pressed(&mut closing, 101, "j"), [None]);
}

#[test]
fn slow_typing_is_dropped_as_long_as_no_pause_parts_it() {
    let mut closing = Closing::default();
    closing.refuse(Timestamp(0), 0);
    for n in 1..=20 {
        assert_eq!(pressed(&mut closing, i64::from(n) * 400, "e"), [Some(Dropped::NotOpened(n))]);
    }
    assert_eq!(pressed(&mut closing, 20 * 400 + 500, "e"), [None]);
}

#[test]
fn a_key_that_types_nothing_acts_and_escape_belongs_to_what_was_typed() {
    let refused = || {
        let mut closing = Closing::default();
        closing.refuse(Timestamp(0), 0);
        closing
    };
    assert_eq!(pressed(&mut refused(), 1, "<down>j"), [None, None]);
    assert_eq!(pressed(&mut refused(), 1, "<esc>"), [None]);
    let dropped = |count| Some(Dropped::NotOpened(count));
    assert_eq!(pressed(&mut refused(), 1, "v<esc>j"), [dropped(1), dropped(2), None]);
}
