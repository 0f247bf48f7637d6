//! The steps of a cursor in a text: over what a reader sees as one letter, over words, and what a key that erases takes.
//!
//! A cluster is what UAX #29 makes one letter: a letter with its accents and vowel signs, a flag, a family. All places are in bytes.

use unicode_segmentation::GraphemeCursor;

use super::breaks::{is_unspaced, line_breaks, may_part};

/// Returns the end of the cluster that begins at a place, or that it stands in.
pub fn next(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at.min(text.len()), text.len(), true);
    cursor.next_boundary(text, 0).ok().flatten().unwrap_or(text.len())
}

/// Returns the beginning of the cluster in front of a place, or that it stands in.
pub fn back(text: &str, at: usize) -> usize {
    let mut cursor = GraphemeCursor::new(at.min(text.len()), text.len(), true);
    cursor.prev_boundary(text, 0).ok().flatten().unwrap_or(0)
}

/// Returns where that begins which Backspace erases: the last code point, so that a wrong vowel sign or accent can be typed anew without
/// its letter. Of a picture, a flag or a Korean syllable that would leave something that nobody typed: they go whole.
pub fn erased_back(text: &str, at: usize) -> usize {
    let begin = back(text, at);
    let cluster = text.get(begin..at).unwrap_or_default();
    match cluster.chars().next_back() {
        Some(last) if !is_whole(cluster) => at - last.len_utf8(),
        _ => begin,
    }
}

fn is_whole(cluster: &str) -> bool {
    let is_picture = |c: char| {
        matches!(c,
            '\u{A9}' | '\u{AE}' | '\u{203C}' | '\u{2049}' | '\u{20E3}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21FF}'
            | '\u{2300}'..='\u{23FF}' | '\u{2460}'..='\u{2BFF}' | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'
            | '\u{1F000}'..='\u{1FAFF}')
    };
    let is_korean = |c: char| matches!(c, '\u{1100}'..='\u{11FF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}');
    cluster == "\r\n" || cluster.chars().any(is_picture) || cluster.starts_with(is_korean)
}

/// What parts words of scripts that have spaces. Those of the others end by their own rule in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// White space alone, as a shell has it.
    Spaces,
    /// White space, and where letters and signs meet, as an editor has it.
    Signs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Space,
    Sign,
    Letter,
    /// A script without spaces whose words a dictionary tells.
    Unspaced,
    Han,
    Hiragana,
    Katakana,
}

fn kind(c: char) -> Kind {
    match c {
        _ if c.is_whitespace() => Kind::Space,
        _ if is_unspaced(c) => Kind::Unspaced,
        '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}'
        | '々' => Kind::Han,
        '\u{3041}'..='\u{309F}' => Kind::Hiragana,
        '\u{30A0}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9F}' => Kind::Katakana,
        _ if c.is_alphanumeric() || c == '_' => Kind::Letter,
        _ => Kind::Sign,
    }
}

/// Tells whether words meet between two letters; one that joins the letter in front never begins a word.
fn meet(before: Kind, after: Kind, words: Words) -> bool {
    let spaced = |kind: Kind| matches!(kind, Kind::Letter | Kind::Sign);
    match (before, after) {
        _ if before == after => false,
        // A word begins with Chinese signs and goes on in hiragana: 住んで.
        (Kind::Han, Kind::Hiragana) => false,
        (a, b) if spaced(a) && spaced(b) => words == Words::Signs,
        _ => true,
    }
}

/// Returns the places where words meet in one line, the beginning and the end of the line among them.
fn meetings(line: &str, words: Words) -> Vec<usize> {
    let mut places = vec![0];
    let mut at = 0;
    let mut before: Option<Kind> = None;
    let mut unspaced: Option<usize> = None;
    let part = |from: usize, to: usize, places: &mut Vec<usize>| {
        let run = line.get(from..to).unwrap_or_default();
        places.extend(line_breaks(run).filter(|end| *end < run.len() && may_part(run, *end)).map(|end| from + end));
    };
    while at < line.len() {
        let end = next(line, at);
        let kind = line.get(at..end).and_then(|cluster| cluster.chars().next()).map_or(Kind::Sign, kind);
        if before.is_some_and(|before| meet(before, kind, words)) {
            if let Some(from) = unspaced.take() {
                part(from, at, &mut places);
            }
            places.push(at);
        }
        if kind == Kind::Unspaced {
            unspaced.get_or_insert(at);
        }
        (before, at) = (Some(kind), end);
    }
    if let Some(from) = unspaced {
        part(from, line.len(), &mut places);
    }
    places.push(line.len());
    places
}

fn is_blank(part: &str) -> bool {
    part.chars().all(char::is_whitespace)
}

/// Returns the beginning of the word in front of a place, the spaces behind it passed over; at the beginning of a line the end of the one
/// above.
pub fn word_back(text: &str, at: usize, words: Words) -> usize {
    let before = text.get(..at).unwrap_or(text);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    if start == before.len() {
        return start.saturating_sub(1);
    }
    // What stands behind the cursor tells which words they are, but never where one that is erased ends.
    let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| start + end);
    let line = text.get(start..end).unwrap_or_default();
    let places = meetings(line, words);
    let here = before.len() - start;
    let mut to = here;
    for from in places.into_iter().rev().filter(|place| *place < here) {
        let is_spaces = is_blank(line.get(from..to).unwrap_or_default());
        to = from;
        if !is_spaces {
            break;
        }
    }
    start + to
}

/// Returns the end of the word behind a place, the spaces in front of it passed over; at the end of a line the beginning of the next.
pub fn word_on(text: &str, at: usize, words: Words) -> usize {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| at + end);
    if end == at {
        return text.len().min(at + 1);
    }
    let line = text.get(start..end).unwrap_or_default();
    let here = at - start;
    let mut from = here;
    for to in meetings(line, words).into_iter().filter(|place| *place > here) {
        let is_spaces = is_blank(line.get(from..to).unwrap_or_default());
        from = to;
        if !is_spaces {
            break;
        }
    }
    start + from
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
