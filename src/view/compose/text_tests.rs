use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;

use super::*;

const LETTERS: [&str; 16] = [
    "a",
    "b ",
    " ",
    "(",
    ")",
    "12",
    "ש",
    "לָ",
    "ب",
    "ما",
    "ที่",
    "क्ष",
    "👨\u{200D}👩\u{200D}👧",
    "小",
    "https://a.example/b ",
    ".",
];

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&LETTERS[..]), 1..40).prop_map(|letters| letters.concat())
}

proptest! {
    #[test]
    fn the_cursor_stands_where_the_letter_behind_it_is_drawn(text in text(), columns in 4..30usize) {
        let rows = rows(&text, columns, false);
        let places: Vec<(usize, &str)> = text.grapheme_indices(true).collect();
        for (at, letter) in places {
            let (n, row) = rows.iter().enumerate().find(|(_, row)| row.range.contains(&at)).unwrap();
            let marked = lay_out_marked(&text, columns, false, std::slice::from_ref(&(at..at + letter.len()))).swap_remove(n);
            prop_assert_eq!(marked.right, row.is_right);
            let Some(piece) = marked.pieces.iter().position(|(_, mark)| mark.is_some()) else {
                prop_assert!(letter == " ", "{} is not drawn", letter);
                continue;
            };
            let span = |pieces: &[(String, Option<usize>)]| pieces.iter().map(|(piece, _)| width(piece)).sum::<usize>();
            let all = span(&marked.pieces);
            let gap = if row.is_right { columns as isize - all as isize } else { 0 };
            let drawn = gap + span(&marked.pieces[..piece]) as isize;
            prop_assert_eq!(row.column(at), (drawn, width(letter)), "{} of {}", letter, text);
        }
    }
}
