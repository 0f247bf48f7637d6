use proptest::prelude::*;

use super::*;
use crate::model::text::is_direction_control;
use crate::model::text::order::lay_out;

/// Returns the column of every place of a text that fits on one row.
fn columns_of(text: &str, room: usize) -> Vec<isize> {
    let rows = rows(text, room, false);
    let places = text.grapheme_indices(true).map(|(at, _)| at).chain([text.len()]);
    places.map(|at| rows[0].column(at).0).collect()
}

#[test]
fn a_cursor_stands_on_the_letter_behind_it_and_at_the_end_where_the_text_goes_on() {
    assert_eq!(columns_of("abc", 10), [0, 1, 2, 3]);
    assert_eq!(columns_of("שלום", 10), [9, 8, 7, 6, 5], "from the right edge to the left");
    assert_eq!(columns_of("ab של c", 10), [0, 1, 2, 4, 3, 5, 6, 7]);
    assert_eq!(columns_of("של ab", 10), [9, 8, 7, 5, 6, 4]);
    assert_eq!(columns_of("小林x", 10), [0, 2, 4, 5]);
    assert_eq!(columns_of("", 10), [0]);
}

#[test]
fn a_row_of_a_paragraph_from_right_to_left_stays_at_the_right_when_it_begins_with_a_latin_word() {
    let text = "שלום רב hello there עולם";
    let rows = rows(text, 10, false);
    assert!(rows.len() > 1 && rows.iter().all(|row| row.is_right));
    let latin = rows.iter().find(|row| text.get(row.range.clone()).unwrap().starts_with("hello")).unwrap();
    assert_eq!(latin.column(latin.range.start).0, 5);
}

#[test]
fn spaces_at_the_end_of_a_row_reach_over_the_edge_and_move_no_letter() {
    let ending = rows("של    ", 4, false);
    assert_eq!(ending[0].column(0).0, 3);
    assert_eq!((ending[0].column(2).0, ending[0].column(4).0), (2, 1));
    assert_eq!(ending[0].column("של    ".len()).0, -3);
}

#[test]
fn a_column_is_of_the_letter_that_stands_there() {
    for text in ["abc", "שלום", "ab של c", "של ab של", "กำลัง ที่", "小林"] {
        let rows = rows(text, 20, false);
        for (at, _) in text.grapheme_indices(true) {
            assert_eq!(rows[0].place(rows[0].column(at).0), at, "{text} {at}");
        }
        assert_eq!(rows[0].place(rows[0].column(text.len()).0), text.len(), "{text}");
    }
}

#[test]
fn a_click_beside_a_row_that_goes_on_stays_in_it() {
    let text = "one two three";
    let rows = rows(text, 8, false);
    assert_eq!(rows[0].range, 0..8);
    assert_eq!(row_of(&rows, rows[0].place(70)), 0);
    assert_eq!(rows[1].place(70), text.len());
    assert_eq!(rows[0].place(-3), 0);
}

#[test]
fn a_terminal_that_orders_text_itself_has_letters_where_they_are_written() {
    assert_eq!(rows("שלום", 10, true)[0].column(2).0, 1);
}

/// What a paragraph is made of: words in both directions, web addresses, numbers, marks and signs.
fn paragraphs() -> impl Strategy<Value = String> {
    let words = [
        "שלום",
        "עולם",
        "بيت",
        "٤٤",
        "abc",
        "X-200",
        "12/11",
        "(א)",
        "https://a.example/x/12?y=1",
        "www.shop.example/א",
        "小林",
        "C++\u{200F}",
        "\u{200E}$25",
        "ไทย\u{200B}แบบ",
        "نعم،",
        "e\u{301}",
    ];
    let word = prop::sample::select(words.to_vec());
    prop::collection::vec(word, 1..9).prop_map(|words| words.join(" "))
}

proptest! {
    #[test]
    fn each_letter_is_placed_where_it_is_drawn(text in paragraphs(), room in 12usize..40) {
        let rows = rows(&text, room, false);
        let laid = lay_out(&text, room, false);
        prop_assert_eq!(rows.len(), laid.len());
        for (row, laid) in rows.iter().zip(&laid) {
            let drawn: String = laid.text.chars().filter(|c| !is_direction_control(*c)).collect();
            let mut column = if laid.right { signed(room) - signed(columns(&drawn)) } else { 0 };
            for letter in drawn.graphemes(true) {
                let place = row.place(column);
                let end = next(&text, place);
                let there: String = text.get(place..end).unwrap_or_default().chars().filter(|c| !is_direction_control(*c)).collect();
                prop_assert!(there == letter || letter == super::super::order::mirrored(&there), "{} at {}: {}", letter, column, there);
                prop_assert_eq!(row.column(place).0, column);
                column += signed(columns(letter));
            }
        }
    }
}
