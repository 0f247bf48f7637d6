//! Which known word somebody meant: for "did you mean".

/// Returns the word of `known` that `word` is most like; `None` where more letters differ than a slip explains: one of a word of up to three,
/// else two, or of a long word a third. Of several that are as near the first in the order of letters counts.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // What is longer is no slip, and the measure's cost grows with both lengths.
    let word: String = word.chars().take(64).collect();
    // Of two letters one is left at least: else every name of two letters would be near to each other.
    let most = match word.chars().count() {
        ..=3 => 1,
        letters => (letters / 3).max(2),
    };
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        let known = ["status-open", "assign", "snooze"];
        assert_eq!(nearest("asign", known), Some("assign"));
        assert_eq!(nearest("satus-opne", known), Some("status-open"));
        assert_eq!(nearest("reply", known), None);
    }

    #[test]
    fn a_short_word_is_near_to_what_differs_by_one_letter_only() {
        let known = ["ar", "ru", "uk"];
        assert_eq!(nearest("rus", known), Some("ru"));
        assert_eq!(nearest("ur", known), Some("ar"));
        assert_eq!(nearest("xx", known), None);
        assert_eq!(nearest("de", known), None);
    }
}
