use super::*;

#[test]
fn a_picture_of_several_takes_two_columns_and_is_drawn_as_its_first() {
    assert_eq!(columns("👩\u{200d}💻"), 2);
    assert_eq!(drawn("👩\u{200d}💻"), "👩");
    assert_eq!(drawn("👨\u{200d}👩\u{200d}👧\u{200d}👦"), "👨");
    assert_eq!(columns("👍🏽"), 2);
    assert_eq!(drawn("👍🏽"), "👍");
    assert_eq!(drawn("❤\u{fe0f}\u{200d}🔥"), "❤\u{fe0f}");
    assert_eq!(columns("❤\u{fe0f}"), 2);
    assert_eq!(drawn("❤\u{fe0f}"), "❤\u{fe0f}");
}

#[test]
fn a_flag_and_half_of_one_take_two_columns() {
    assert_eq!(columns("🇩🇪"), 2);
    assert_eq!(columns("🇩"), 2);
    assert_eq!(drawn("🇩🇪"), "🇩🇪");
}

#[test]
fn vowel_signs_of_bengali_tamil_and_malayalam_have_a_column_of_their_own() {
    for (word, wide) in [("বা", 2), ("மா", 2), ("മാ", 2), ("का", 2), ("កា", 2), ("ทำ", 2)] {
        assert_eq!(columns(word), wide, "{word}");
    }
}

#[test]
fn letters_that_unicode_joins_are_counted_one_by_one_as_terminals_do() {
    assert_eq!(columns("سلام"), 4);
    assert_eq!(columns("ក្ក"), 2);
    assert_eq!(columns("क्ष"), 2);
    assert_eq!(columns("小林"), 4);
}

#[test]
fn a_korean_syllable_of_single_letters_is_drawn_as_one() {
    assert_eq!(columns("\u{1112}\u{1161}\u{11ab}"), 2);
    assert_eq!(drawn("\u{1112}\u{1161}\u{11ab}"), "한");
}

#[test]
fn marks_and_controls_of_direction_take_none() {
    assert_eq!(columns("e\u{301}"), 1);
    assert_eq!(columns("\u{2068}שָׁלוֹם\u{2069}"), 4);
    assert_eq!(columns("می\u{200c}خواهم"), 7);
}
