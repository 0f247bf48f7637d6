//! The signs and digits of the search language as keyboards of other scripts give them.

use unicode_normalization::UnicodeNormalization;

use super::fold::digit;

pub(super) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

/// Between the values behind a key.
pub(super) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | '、' | '،' | '؛')
}

/// Behind what is asked, out of habit.
pub(super) fn is_question(c: char) -> bool {
    matches!(c, '؟' | '？')
}

pub(super) fn is_minus(c: char) -> bool {
    matches!(c, '-' | '－' | '﹣' | '−')
}

pub(super) fn is_star(c: char) -> bool {
    matches!(c, '*' | '＊' | '٭')
}

/// What ends the quote that this sign begins; empty where it begins none.
pub(super) fn closings(open: char) -> &'static [char] {
    match open {
        '"' => &['"'],
        '＂' => &['＂'],
        '“' => &['”'],
        '„' => &['“', '”'],
        '«' => &['»'],
        '»' => &['«'],
        '「' => &['」'],
        '『' => &['』'],
        _ => &[],
    }
}

/// Returns a word of the language in plain letters, digits and signs: `２d`, `＞٣`, `٢٠٢٦-٠١-٠٥`.
pub(super) fn plain(text: &str) -> String {
    let letter = |c: char| match c {
        c if is_minus(c) => '-',
        c => digit(c).unwrap_or(c),
    };
    let told: String = text.nfkc().filter(|c| !crate::model::text::is_direction_control(*c)).map(letter).collect();
    told.replace('≥', ">=").replace('≤', "<=")
}
