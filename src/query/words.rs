//! Folded text as the words that the index holds, and whether one stretch of words stands in another.
//!
//! The index is SQLite's FTS5 with the tokeniser `unicode61 remove_diacritics 0`. It splits folded text at spaces, and at some signs that
//! [`fold_text`] leaves in words because Unicode calls them letters or marks. A test compares this with the real index, sign by sign.

use super::fold::{fold_text, fold_wanted};
use super::twin::{phrase_fronts, phrases_of, picture};

/// What a text that is looked for asks of the text of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these phrases in one passage: what was asked for first, behind it what is found with it.
    Words(Vec<Stretch>),
    /// Signs of which the index holds no word, such as a lone `€`.
    Signs {
        /// The subject and the title are looked through for these as they are, ASCII letters in any case.
        signs: String,
        /// What the index holds of a picture.
        picture: Option<String>,
    },
}

/// Words that stand one behind the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The words as the index has them, with a space between.
    pub folded: String,
    /// Whether the last word is only the beginning of one.
    pub begins: bool,
    /// Whether it is the name of somebody, and stands among people only.
    pub people: bool,
}

impl Stretch {
    /// Returns the phrase that text is found by.
    pub(super) fn wanted(text: &str, prefix: bool) -> Self {
        let (folded, begins) = if prefix { (fold_text(text), true) } else { fold_wanted(text) };
        Self { folded, begins, people: false }
    }

    /// Returns a word with a mark in front.
    pub(super) fn marked(mark: char, word: &str, begins: bool) -> Self {
        Self { folded: format!("{mark}{word}"), begins, people: false }
    }
}

impl Wanted {
    /// Reads what is asked for: `prefix` says that the last word goes on, `exact` that it was quoted and nothing else is to be found.
    pub fn of(text: &str, prefix: bool, exact: bool) -> Self {
        let first = Stretch::wanted(text, prefix);
        if first.folded.is_empty() {
            return Self::Signs { signs: without_nul(text.trim()), picture: picture(text.trim()) };
        }
        let more = if exact { fronted(text, &first, prefix) } else { phrases_of(text, &first.folded, prefix) };
        let mut all = vec![first];
        for phrase in more {
            if !phrase.folded.is_empty() && !all.contains(&phrase) {
                all.push(phrase);
            }
        }
        Self::Words(all)
    }

    /// Returns the beginnings of words of a folded name by which somebody is found; none where nothing is left of the text.
    pub fn names(text: &str) -> Vec<String> {
        match Self::of(text, false, false) {
            Self::Words(phrases) => phrases.into_iter().map(|phrase| phrase.folded).collect(),
            Self::Signs { .. } => Vec::new(),
        }
    }
}

/// Returns a phrase of several words with what Arabic and Hebrew write onto the first of them: the words stand there all the same.
fn fronted(text: &str, first: &Stretch, begins: bool) -> Vec<Stretch> {
    if text.split_whitespace().nth(1).is_none() {
        return Vec::new();
    }
    let fronted = phrase_fronts(&first.folded).into_iter();
    fronted.map(|folded| Stretch { folded, begins: begins || first.begins, people: false }).collect()
}

/// SQLite ends a pattern at a NUL.
pub(super) fn without_nul(text: &str) -> String {
    text.replace('\0', "")
}

/// Tells whether the words of `folded` hold those of `wanted`, one behind the other; with `begins` the last may go on. No words at all
/// are found nowhere.
pub(super) fn holds_words(folded: &str, wanted: &str, begins: bool) -> bool {
    let wanted = index_words(wanted);
    let Some((last, before)) = wanted.split_last() else { return false };
    index_words(folded).windows(wanted.len()).any(|window| {
        window.split_last().is_some_and(|(word, front)| {
            front == before && if begins { word.starts_with(last.as_str()) } else { word == last }
        })
    })
}

/// Returns folded text as the words that the index makes of it.
pub fn index_words(folded: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    for c in folded.chars() {
        if is_in(c, &INNER) {
            // Goes on with a word, and begins none.
            if !word.is_empty() {
                word.push(c);
            }
        } else if c == ' ' || is_in(c, &SPLITS) {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
        } else {
            word.push(c);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

fn is_in(c: char, ranges: &[(u32, u32)]) -> bool {
    let code = u32::from(c);
    if code < 0x300 {
        return false;
    }
    ranges
        .binary_search_by(|(first, last)| {
            if *last < code {
                std::cmp::Ordering::Less
            } else if *first > code {
                std::cmp::Ordering::Greater
            } else {
                std::cmp::Ordering::Equal
            }
        })
        .is_ok()
}

/// Marks that the tokeniser takes for part of a word that has begun.
#[rustfmt::skip]
const INNER: [(u32, u32); 8] = [
    (0x300, 0x304), (0x306, 0x30c), (0x30f, 0x30f), (0x311, 0x311), (0x31b, 0x31b), (0x323, 0x328), (0x32d, 0x32e),
    (0x330, 0x331),
];

/// Signs at which the tokeniser splits, of those that folded text can hold. What lies in a range and never stands in folded text is of
/// no account.
#[rustfmt::skip]
const SPLITS: [(u32, u32); 78] = [
    (0x305, 0x305), (0x30d, 0x30e), (0x310, 0x310), (0x312, 0x31a), (0x31c, 0x322), (0x329, 0x32c), (0x32f, 0x32f),
    (0x332, 0x36f), (0x483, 0x489), (0x591, 0x5c7), (0x610, 0x61a), (0x64b, 0x65f), (0x670, 0x670), (0x6d6, 0x6e4),
    (0x6e7, 0x6ed), (0x711, 0x711), (0x730, 0x74a), (0x7a6, 0x7b0), (0x7eb, 0x7f3), (0x816, 0x819), (0x81b, 0x823),
    (0x825, 0x827), (0x829, 0x82d), (0x859, 0x85b), (0x8e4, 0x8fe), (0xe3f, 0xe3f), (0x19b0, 0x19c0),
    (0x19c8, 0x19c9), (0x1cf2, 0x1cf3), (0x20d0, 0x20f0), (0x2cef, 0x2cf1), (0x2d7f, 0x2d7f), (0x2de0, 0x2dff),
    (0x302a, 0x302f), (0x3099, 0x309a), (0xa66f, 0xa67d), (0xa69f, 0xa69f), (0xa6f0, 0xa6f1), (0xa802, 0xa802),
    (0xa806, 0xa806), (0xa80b, 0xa80b), (0xa823, 0xa827), (0xa880, 0xa881), (0xa8b4, 0xa8c4), (0xa8e0, 0xa8f1),
    (0xa926, 0xa92d), (0xa947, 0xa953), (0xa980, 0xa983), (0xa9b3, 0xa9c0), (0xaa29, 0xaa36), (0xaa43, 0xaa43),
    (0xaa4c, 0xaa4d), (0xaa7b, 0xaa7b), (0xaab0, 0xaab0), (0xaab2, 0xaab4), (0xaab7, 0xaab8), (0xaabe, 0xaabf),
    (0xaac1, 0xaac1), (0xaaeb, 0xaaef), (0xaaf5, 0xaaf6), (0xabe3, 0xabed), (0xfb1e, 0xfe26), (0x101fd, 0x101fd),
    (0x10a01, 0x10a0f), (0x10a38, 0x10a3f), (0x11000, 0x11002), (0x11038, 0x11046), (0x11080, 0x11082),
    (0x110b0, 0x110ba), (0x11100, 0x11102), (0x11127, 0x11134), (0x11180, 0x11182), (0x111b3, 0x111c0),
    (0x116ab, 0x116b7), (0x16f51, 0x16f7e), (0x16f8f, 0x16f92), (0x1d165, 0x1d244), (0x1f150, 0x1f189),
];
