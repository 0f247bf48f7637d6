use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;

const SHAPE: Shape = Shape { columns: 20, as_is: false };

fn typed(text: &str, cursor: usize) -> Typed {
    let mut typed = Typed::default();
    typed.set(text);
    typed.jump(cursor);
    typed
}

/// Returns the column and the row of the line in which the cursor stands.
fn stands(typed: &Typed) -> (usize, isize) {
    let start = typed.line_start();
    let rows = typed.rows(start, SHAPE);
    let at = row_of(&rows, typed.cursor - start);
    (at, rows[at].column(typed.cursor - start).0)
}

#[test]
fn up_and_down_keep_the_column_through_shorter_rows() {
    let mut text = typed("a long first line\nno\nthe third line is long", 12);
    assert!(text.down(SHAPE));
    assert_eq!(text.cursor(), "a long first line\nno".len());
    assert!(text.down(SHAPE));
    assert_eq!(text.before().rsplit('\n').next(), Some("the third li"));
    assert!(text.up(SHAPE) && text.up(SHAPE));
    assert_eq!(text.cursor(), 12);
    assert!(!text.up(SHAPE), "there is no row above");
}

#[test]
fn down_goes_through_the_rows_of_one_long_line() {
    let mut text = typed("one two three four five six seven eight nine", 4);
    assert!(text.down(SHAPE));
    assert_eq!(stands(&text), (1, 4));
    assert!(text.down(SHAPE));
    assert!(!text.down(SHAPE), "it is the last row");
}

#[test]
fn up_and_down_keep_the_column_on_the_screen_between_lines_that_run_in_other_directions() {
    let mut text = typed("abcdefghij klmnopqrs\nשלום רב לכם חברים", 18);
    assert_eq!(stands(&text), (0, 18));
    assert!(text.down(SHAPE));
    assert_eq!(stands(&text), (0, 18));
    assert_eq!(text.before().rsplit('\n').next(), Some("ש"));
}

#[test]
fn a_click_comes_to_the_letter_that_stands_there() {
    let mut text = typed("one\nשלום רב", 0);
    text.click(4, 19, SHAPE);
    assert_eq!(text.before(), "one\n");
    text.click(4, 17, SHAPE);
    assert_eq!(text.before(), "one\nשל");
    text.click(4, 0, SHAPE);
    assert_eq!(text.cursor(), text.text().len(), "left of a line that runs to the left is its end");
    text.click(0, 19, SHAPE);
    assert_eq!(text.before(), "one");
}

#[test]
fn what_is_held_gives_way_to_what_is_typed_and_to_what_erases() {
    let mut text = typed("your order {order} is", 0);
    text.hold(11..18);
    assert_eq!(text.held(), Some(11..18));
    text.insert("4412");
    assert_eq!(text.text(), "your order 4412 is");
    text.hold(11..15);
    assert!(text.erase_back());
    assert_eq!((text.text(), text.held()), ("your order  is", None));
}

#[test]
fn erasing_to_the_end_takes_the_end_of_the_line_where_nothing_else_is_left() {
    let mut text = typed("one two\nthree", 4);
    assert!(text.erase_to_end());
    assert_eq!(text.text(), "one \nthree");
    assert!(text.erase_to_end());
    assert_eq!(text.text(), "one three");
    text.to_line_end();
    assert!(!text.erase_to_end() && !text.erase_forward());
}

#[test]
fn a_page_goes_to_the_paragraph_above_or_below() {
    let mut text = typed("one\none\n\ntwo\n\n\nthree", 0);
    text.paragraph_down();
    assert_eq!(text.before(), "one\none\n\n");
    text.paragraph_down();
    assert_eq!(text.before(), "one\none\n\ntwo\n\n\n");
    text.paragraph_up();
    assert_eq!(text.before(), "one\none\n\n");
    text.paragraph_up();
    assert_eq!(text.cursor(), 0);
}

/// Letters of every kind, each whole.
const LETTERS: [&str; 18] = [
    "a",
    "b",
    " ",
    "\n",
    "ก",
    "ที่",
    "กำ",
    "क्ष",
    "कि",
    "ש",
    "לָ",
    "ب",
    "👨\u{200D}👩\u{200D}👧",
    "🇩🇪",
    "e\u{301}",
    "각",
    "小",
    "3",
];

#[derive(Clone, Debug)]
enum Key {
    Type(&'static str),
    Move(usize),
    Delete,
}

fn keys() -> impl Strategy<Value = Vec<Key>> {
    let one = prop_oneof![
        3 => proptest::sample::select(&LETTERS[..]).prop_map(Key::Type),
        2 => (0..8usize).prop_map(Key::Move),
        1 => Just(Key::Delete),
    ];
    proptest::collection::vec(one, 1..60)
}

proptest! {
    #[test]
    fn moving_and_deleting_never_leave_half_a_letter(keys in keys()) {
        let mut text = Typed::default();
        for key in keys {
            match key {
                Key::Type(letter) => text.insert(letter),
                Key::Delete => drop(text.erase_forward()),
                Key::Move(0) => text.back(),
                Key::Move(1) => text.on(),
                Key::Move(2) => text.word_back(),
                Key::Move(3) => text.word_on(),
                Key::Move(4) => drop(text.up(SHAPE)),
                Key::Move(5) => drop(text.down(SHAPE)),
                Key::Move(6) => text.to_line_start(),
                Key::Move(_) => text.to_line_end(),
            }
            for cluster in text.text().graphemes(true) {
                prop_assert!(LETTERS.contains(&cluster), "{cluster} of {}", text.text());
            }
            let places: Vec<usize> = text.text().grapheme_indices(true).map(|(at, _)| at).collect();
            prop_assert!(places.contains(&text.cursor()) || text.cursor() == text.text().len(), "{} in {}", text.cursor(), text.text());
        }
    }
}
