//! How many columns of a terminal text takes. The one place where that is told: what counts otherwise draws rows that don't fit.
//!
//! Terminals differ. Told is the most that one of those that are known gives a grapheme, as far as it is drawn at all (see [`drawn`]), so
//! that no row is wider than it says; where one gives less, whoever writes to it says where the next grapheme goes.

use std::borrow::Cow;

use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use unicode_normalization::UnicodeNormalization as _;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

/// Makes a picture of the sign before it, in colours (VS16).
const PICTURE: char = '\u{FE0F}';
/// Joins pictures, and letters of some scripts (ZWJ).
const JOINER: char = '\u{200D}';

/// Returns how many columns of a terminal `text` takes. Counted grapheme by grapheme, as it is drawn: over a whole string Unicode makes
/// one column of the Arabic lam and alef, which terminals without ligatures draw in two.
pub fn columns(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(columns_of).sum()
}

/// Returns how many columns a grapheme takes.
pub fn columns_of(grapheme: &str) -> usize {
    let mut chars = grapheme.chars();
    let Some(first) = chars.next() else { return 0 };
    if chars.as_str().is_empty() {
        return columns_alone(first);
    }
    if is_picture(grapheme) {
        return 2;
    }
    // A syllable of Korean is drawn as one letter.
    let is_jamo = |c: char| matches!(c, '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}');
    grapheme.chars().filter(|c| !is_jamo(*c)).map(columns_alone).sum()
}

fn columns_alone(c: char) -> usize {
    match c {
        // Half a flag, which some draw as wide as a whole one.
        '\u{1F1E6}'..='\u{1F1FF}' => 2,
        // Numbers in circles on black, and tone marks of Korean, which some draw wide.
        '\u{3248}'..='\u{324F}' | '\u{302E}' | '\u{302F}' => 2,
        // Signs with a place of their own, though Unicode has some of them extend what stands before them.
        c => match c.width().unwrap_or(0) {
            0 if c >= '\u{900}'
                && CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::SpacingMark =>
            {
                1
            }
            wide => wide,
        },
    }
}

/// Tells whether a grapheme of several code points is one picture: of several joined, with a skin, in colours, a flag.
fn is_picture(grapheme: &str) -> bool {
    let Some(first) = grapheme.chars().next() else { return false };
    let is_wide = |text: &str| text.width() == 2 && !text.chars().all(char::is_alphanumeric);
    let coloured = || is_wide(&format!("{first}{PICTURE}")) && grapheme.contains(PICTURE);
    matches!(first, '\u{1F1E6}'..='\u{1F1FF}')
        || coloured()
        || (is_wide(first.encode_utf8(&mut [0; 4])) && grapheme.chars().any(|c| c == JOINER || is_skin(c)))
}

fn is_skin(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

/// Returns what is drawn of a grapheme: of pictures that are joined the first alone, since terminals that don't know them draw one behind the
/// other; without its skin, which they draw as one more; the letters of a Korean syllable as one.
pub fn drawn(grapheme: &str) -> Cow<'_, str> {
    let mut chars = grapheme.chars();
    let (Some(first), false) = (chars.next(), grapheme.is_ascii()) else { return Cow::Borrowed(grapheme) };
    if matches!(first, '\u{1100}'..='\u{115F}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7A3}')
        && !chars.as_str().is_empty()
    {
        return Cow::Owned(grapheme.nfc().collect());
    }
    if !is_picture(grapheme) || matches!(first, '\u{1F1E6}'..='\u{1F1FF}') {
        return Cow::Borrowed(grapheme);
    }
    let one = grapheme.split(JOINER).next().unwrap_or(grapheme);
    Cow::Owned(one.chars().enumerate().filter(|(at, c)| *at == 0 || !is_skin(*c)).map(|(_, c)| c).collect())
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
