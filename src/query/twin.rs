//! Twins: what a word is found by beside itself. The index holds them behind the words of a text, each with a mark in front that no word
//! has, so that a quoted phrase finds what stands there and nothing else.
//!
//! A word that is looked for without quotes is found where it stands; where its stem does, or another of the same; and where it is a stem
//! of what stands there. What belongs together is decided per script: [`arabic`] (with Persian), [`hebrew`], [`indic`], [`turkish`] in texts
//! that are Turkish, letters with dots as two letters (`ö` as `oe`), pictures, and for Chinese and Japanese other ways of writing what is
//! looked for.

mod arabic;
mod east;
mod emoji;
mod hebrew;
mod indic;
mod turkish;

use std::collections::HashSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::fold::fold_text;
use super::words::Stretch;

pub(in crate::query) use emoji::only_pictures;

/// The version of the twins: the store keeps it with its notes, and whoever changes what is made here raises it and the version of the
/// rules that mails are derived by.
pub const TWIN_VERSION: &str = "1";

/// Before a stem or another spelling.
const TWIN: char = '\u{F7F0}';
/// Before the stem of a word of a Turkish text: the same letters are a word of another language elsewhere.
const TURKISH: char = '\u{F7F1}';
/// Before a picture.
const PICTURE: char = '\u{F7F2}';

/// No word that somebody looks for is longer.
const LETTERS_MAX: usize = 40;

/// Folds text for the index: its words as [`fold_text`] has them, with their twins behind. `turkish` says that it belongs to a Turkish one.
pub fn indexed_text(text: &str, turkish: bool) -> String {
    let mut out = fold_text(text);
    if text.is_ascii() && !turkish {
        return out;
    }
    put_twins(text, turkish || turkish::is_turkish(text), &mut out);
    out
}

/// Tells whether a text is Turkish: the parts of one mail are taken together, because a subject is short.
pub fn is_turkish(text: &str) -> bool {
    !text.is_ascii() && turkish::is_turkish(text)
}

/// Tells whether text as the index has it holds twins.
pub fn has_twins(indexed: &str) -> bool {
    indexed.contains([TWIN, TURKISH, PICTURE])
}

/// Puts the twins of a text behind its words, each once.
fn put_twins(text: &str, turkish: bool, out: &mut String) {
    let mut had = HashSet::new();
    each(text, turkish, |_, twin| {
        if !had.contains(&twin) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(&twin);
            had.insert(twin);
        }
    });
}

/// Hands over each twin of a text with the place of the word that it is of.
fn each(text: &str, turkish: bool, mut take: impl FnMut(Range<usize>, String)) {
    let mut put = |place: Range<usize>, mark: char, word: &str| {
        if !word.is_empty() && !word.contains(' ') {
            take(place, format!("{mark}{word}"));
        }
    };
    let (mut last, mut begins) = (String::new(), 0);
    for word in words(text) {
        let at = word.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        let place = at..at + word.len();
        if turkish && is_latin(word) {
            put(place, TURKISH, &turkish_stem(word));
            continue;
        }
        if word.is_ascii() {
            last.clear();
            continue;
        }
        let mut stems = Vec::new();
        stems_of(word, &mut stems);
        let folded = fold_text(word);
        stems.iter().for_each(|stem| put(place.clone(), TWIN, stem));
        if arabic::joins_next(&last) || (!last.is_empty() && arabic::joins_last(&folded)) {
            put(begins..place.end, TWIN, &format!("{last}{folded}"));
        }
        (last, begins) = if is_arabic(word) { (folded, at) } else { (String::new(), at) };
    }
    for (place, picture) in emoji::names(text) {
        put(place, PICTURE, &picture);
    }
}

/// Hands over each twin of a line that is read, with its place. `turkish` says that it stands in a Turkish text.
pub(super) fn twins_in(line: &str, turkish: bool, take: impl FnMut(Range<usize>, String)) {
    let turkish = turkish || is_turkish(line);
    if turkish || !line.is_ascii() {
        each(line, turkish, take);
    }
}

/// The words of a text as people see them: with joiners, points and quotes inside.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !is_inside(c) && !is_quote(c));
    parts.map(|part| part.trim_matches(is_quote)).filter(|word| !word.is_empty() && !is_long(word)).flat_map(|word| {
        // Only in Hebrew a quote stands inside words.
        let inside = word.contains(is_quote) && !is_hebrew(word);
        word.split(move |c: char| inside && is_quote(c)).filter(|word| !word.is_empty())
    })
}

fn is_inside(c: char) -> bool {
    c.is_alphanumeric()
        || unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{AD}' | '\u{640}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{5F3}' | '\u{5F4}' | '”' | '“' | '’')
}

fn is_long(word: &str) -> bool {
    word.chars().nth(LETTERS_MAX).is_some()
}

/// Adds what a word that is not ASCII alone is found by beside itself, folded.
fn stems_of(word: &str, out: &mut Vec<String>) {
    let at = out.len();
    if is_arabic(word) {
        let folded = fold_text(word);
        arabic::stems(&folded, out);
        // `می‌خواهم` also as the two words that it is.
        let parts: Vec<String> = word.split('\u{200C}').map(fold_text).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 {
            for part in parts {
                arabic::stems(&part, out);
                out.push(part);
            }
        }
    } else if is_hebrew(word) {
        let joined = fold_text(word).replace(' ', "");
        hebrew::stems(&joined, out);
        out.push(joined);
    } else if word.chars().any(|c| ('\u{900}'..='\u{97F}').contains(&c) || ('\u{A00}'..='\u{A7F}').contains(&c)) {
        out.push(fold_text(&indic::plain(&word.nfkc().collect::<String>())));
    } else if let Some(spelled) = with_two_letters(word) {
        out.push(fold_text(&spelled));
    }
    let folded = fold_text(word);
    let mut had = HashSet::new();
    let new: Vec<String> = out.drain(at..).filter(|stem| *stem != folded && had.insert(stem.clone())).collect();
    out.extend(new);
}

/// Spells letters with dots and rings with two letters, as people do whose keyboard has none.
fn with_two_letters(word: &str) -> Option<String> {
    let word: String = word.nfc().collect();
    let spelled: String = word.chars().fold(String::new(), |mut out, c| {
        match c {
            'ä' | 'Ä' => out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'å' | 'Å' => out.push_str("aa"),
            other => out.push(other),
        }
        out
    });
    (spelled != word).then_some(spelled)
}

fn turkish_stem(word: &str) -> String {
    let small: String = word.nfc().flat_map(small_turkish).collect();
    fold_text(&turkish::stem(&small))
}

fn small_turkish(c: char) -> impl Iterator<Item = char> {
    let special = match c {
        'I' => Some('ı'),
        'İ' => Some('i'),
        _ => None,
    };
    special.into_iter().chain(c.to_lowercase().filter(move |_| special.is_none()))
}

fn is_latin(word: &str) -> bool {
    word.chars()
        .all(|c| c.is_ascii_alphabetic() || ('\u{C0}'..='\u{24F}').contains(&c) || ('\u{300}'..='\u{36F}').contains(&c))
}

fn is_arabic(word: &str) -> bool {
    word.chars().any(|c| ('\u{620}'..='\u{6FF}').contains(&c) || ('\u{FB50}'..='\u{FEFC}').contains(&c))
}

fn is_hebrew(word: &str) -> bool {
    word.chars().any(|c| ('\u{5D0}'..='\u{5EA}').contains(&c))
}

fn chars(text: &str) -> usize {
    text.chars().count()
}

/// Returns other ways of writing a word of Chinese or Japanese: what is looked for is found in each of them, the index holds but one.
pub(super) fn ways_of_writing(text: &str) -> Vec<String> {
    let mut forms = Vec::new();
    east::forms(&text.nfkc().collect::<String>(), &mut forms);
    forms
}

/// Tells whether a phrase of [`phrases_of`] is a twin, which stands in no text as it is.
pub(super) fn is_twin(folded: &str) -> bool {
    folded.starts_with([TWIN, TURKISH, PICTURE])
}

/// Returns the phrases by which a word is found beside itself. `begins` says that it is only a beginning.
pub(super) fn phrases_of(text: &str, folded: &str, begins: bool) -> Vec<Stretch> {
    let mut phrases = Vec::new();
    let text = text.trim();
    phrases.extend(ways_of_writing(text).iter().map(|form| Stretch::wanted(form, begins)));
    phrases.extend(east::parted(text).iter().map(|name| Stretch { people: true, ..Stretch::wanted(name, begins) }));
    let mut found = words(text);
    let (Some(word), None) = (found.next(), found.next()) else { return phrases };
    let mut stems = Vec::new();
    if !word.is_ascii() {
        stems_of(word, &mut stems);
    }
    // A beginning goes on anyway; what is left of it without an ending would begin too much.
    if begins {
        stems.retain(|stem| chars(stem) > 2);
    } else if is_latin(word) {
        phrases.push(Stretch::marked(TURKISH, &turkish_stem(word), begins));
    }
    for stem in &stems {
        phrases.push(Stretch { folded: stem.clone(), begins, people: false });
    }
    for key in std::iter::once(folded).chain(stems.iter().map(String::as_str)).filter(|key| !key.contains(' ')) {
        phrases.push(Stretch::marked(TWIN, key, begins));
    }
    phrases
}

/// Returns a folded phrase with each conjunction and preposition that can be written onto its first word.
pub(super) fn phrase_fronts(folded: &str) -> Vec<String> {
    let first = folded.split(' ').next().unwrap_or_default();
    if is_arabic(first) {
        arabic::fronts().map(|front| arabic::fronted(front, folded)).collect()
    } else if is_hebrew(first) {
        hebrew::FRONTS.iter().map(|front| format!("{front}{folded}")).collect()
    } else {
        Vec::new()
    }
}

/// Returns what the index holds of a picture; nothing where the text is none.
pub(super) fn picture(text: &str) -> Option<String> {
    let mut pictures = only_pictures(text).into_iter();
    let (Some(only), None) = (pictures.next(), pictures.next()) else { return None };
    emoji::names(only).next().map(|(_, name)| format!("{PICTURE}{name}"))
}

#[cfg(test)]
#[path = "twin_tests.rs"]
mod tests;
