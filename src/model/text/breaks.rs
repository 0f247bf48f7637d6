//! Where a line may end (UAX #14), between words also where the script writes them without spaces: by the dictionaries of ICU.

use std::sync::LazyLock;

use icu_segmenter::{LineSegmenter, LineSegmenterBorrowed};

/// The dictionaries, not the neural networks that ICU has too: those are two thirds smaller and take a hundred times as long.
static LINES: LazyLock<LineSegmenterBorrowed<'static>> =
    LazyLock::new(|| LineSegmenter::new_dictionary(icu_segmenter::options::LineBreakOptions::default()));

/// Returns the places, in bytes, behind which a line may end; the last is the end of the text.
pub fn line_breaks(text: &str) -> impl Iterator<Item = usize> {
    LINES.segment_str(text).skip(1).filter(|at| *at == text.len() || may_part(text, *at))
}

/// Tells whether words of this script are written without spaces: Thai, Lao, Khmer, Burmese.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{19E0}'..='\u{19FF}'
        | '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}')
}

/// Tells whether a text may be parted at a place as far as Thai and Lao signs go: where a dictionary doesn't know a word it parts its
/// letters, and a vowel never stands without its consonant, nor a sign of repetition or abbreviation at the beginning of a line.
pub fn may_part(text: &str, at: usize) -> bool {
    let Some((before, after)) = text.split_at_checked(at) else { return false };
    let leads = before.ends_with(|c| matches!(c, '\u{0E40}'..='\u{0E44}' | '\u{0EC0}'..='\u{0EC4}'));
    let trails = after.starts_with(|c| {
        matches!(c,
            '\u{0E2F}'..='\u{0E3A}' | '\u{0E45}'..='\u{0E4E}' | '\u{0EAF}'..='\u{0EBC}' | '\u{0EC6}'..='\u{0ECE}')
    });
    !leads && !trails
}

#[cfg(test)]
#[path = "breaks_tests.rs"]
mod tests;
