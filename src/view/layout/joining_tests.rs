use unicode_normalization::UnicodeNormalization as _;

use super::*;

/// Joins a word given as it is read, and returns it as it is read.
fn joined(word: &str) -> String {
    use unicode_segmentation::UnicodeSegmentation as _;
    let mut row: Vec<(Cow<'_, str>, ())> = word.graphemes(true).rev().map(|one| (Cow::Borrowed(one), ())).collect();
    join(&mut row);
    row.into_iter().rev().map(|(cell, ())| cell).collect()
}

#[test]
fn every_form_is_one_of_its_letter() {
    assert!(FORMS.is_sorted_by_key(|(letter, ..)| *letter));
    let all = FORMS.iter().flat_map(|(letter, first, count)| (*first..first + count).map(move |form| (*letter, form)));
    for (letter, form) in all.chain([('\u{649}', 0xFBE8), ('\u{649}', 0xFBE9)]) {
        let form = char::from_u32(form).unwrap();
        assert!(form.nfkc().eq(letter.to_string().nfkc()), "{form} is no form of {letter}");
    }
}

#[test]
fn letters_take_the_form_of_their_place_in_the_word() {
    assert_eq!(joined("بيت"), "\u{FE91}\u{FEF4}\u{FE96}");
    assert_eq!(joined("ب"), "\u{FE8F}");
    // Alef and dal join nothing behind them.
    assert_eq!(joined("دار"), "\u{FEA9}\u{FE8D}\u{FEAD}");
    assert_eq!(joined("باب"), "\u{FE91}\u{FE8E}\u{FE8F}");
}

#[test]
fn lam_and_alef_stay_two_letters() {
    assert_eq!(joined("سلام"), "\u{FEB3}\u{FEE0}\u{FE8E}\u{FEE1}");
}

#[test]
fn persian_letters_have_their_forms_and_a_joiner_of_no_width_parts_them() {
    assert_eq!(joined("پنج"), "\u{FB58}\u{FEE8}\u{FE9E}");
    assert_eq!(joined("می\u{200c}خواهم"), "\u{FEE3}\u{FBFD}\u{FEA7}\u{FEEE}\u{FE8D}\u{FEEB}\u{FEE2}");
    assert_eq!(joined("ه\u{200d}"), "\u{FEEB}");
}

#[test]
fn marks_join_nothing_and_stay_with_their_letter() {
    assert_eq!(joined("بَيْت"), "\u{FE91}\u{64E}\u{FEF4}\u{652}\u{FE96}");
}

#[test]
fn a_letter_beside_a_latin_one_or_a_digit_joins_nothing() {
    assert_eq!(joined("ب1"), "\u{FE8F}1");
    assert_eq!(joined("ب ب"), "\u{FE8F} \u{FE8F}");
}
