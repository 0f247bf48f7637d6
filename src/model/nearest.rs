//! Which known word somebody meant: for "did you mean".

/// Returns the word of `known` that `word` is most like; `None` where more letters differ than a slip explains: two, or of a long word
/// a third. Of several that are as near the first in the order of letters counts.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // What is longer is no slip, and the measure's cost grows with both lengths.
    let word: String = word.chars().take(64).collect();
    let most = (word.chars().count() / 3).max(2);
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
}
