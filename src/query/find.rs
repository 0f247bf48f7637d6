//! Where in a line that is read the words stand that are looked for, by the same folding as search has.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::Query;
use super::ast::{Expr, Field, Term};
use super::fold::{fold_text, is_of_a_run};
use super::twin::{is_twin, twins_in, ways_of_writing};
use super::words::Wanted;

/// The most needles of one query.
const NEEDLES_MAX: usize = 40;

/// Something that is looked for in lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Needle {
    /// Letters and digits as [`fold_text`] leaves them, words apart by a space.
    Words {
        /// The letters.
        letters: Vec<char>,
        /// Where a word has to begin and end.
        bounds: Bounds,
    },
    /// Signs of which folding leaves nothing, as they are.
    Signs(String),
    /// A word that has another form of what is looked for: see [`super::indexed_text`].
    Form {
        /// What the index holds of such a word.
        twin: String,
        /// Whether that may go on.
        begins: bool,
    },
}

/// Where what is found has to begin and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// Anywhere.
    Anywhere,
    /// At whole words.
    Words,
    /// Where a word begins.
    Beginning,
}

impl Needle {
    /// Makes one of what was typed; `None` of nothing.
    pub fn new(text: &str, bounds: Bounds) -> Option<Self> {
        let text = text.trim();
        let mut letters: Vec<char> = folded(text).into_iter().map(|(c, _)| c).collect();
        while letters.last() == Some(&' ') {
            letters.pop();
        }
        match (letters.is_empty(), text.is_empty()) {
            (true, true) => None,
            (true, false) => Some(Self::Signs(text.to_owned())),
            _ => Some(Self::Words { letters, bounds }),
        }
    }

    /// Returns what was typed, and the other forms of it: all by which a search would find it. Nothing of nothing.
    pub fn typed(text: &str) -> Vec<Self> {
        let mut needles: Vec<Self> = Self::new(text, Bounds::Anywhere).into_iter().collect();
        if !needles.is_empty() {
            put_forms(text, false, false, &mut needles);
        }
        needles
    }

    /// Returns what a query looks for in texts, so that it can be shown where they stand; nothing of what it rules out.
    pub fn of_query(query: &Query) -> Vec<Self> {
        // What was typed goes before other forms of it, where there is too much of both.
        let (mut needles, mut forms) = (Vec::new(), Vec::new());
        gather(&query.expr, &mut needles, &mut forms);
        forms.into_iter().for_each(|form| put(Some(form), &mut needles));
        needles.truncate(NEEDLES_MAX);
        needles
    }
}

impl Needle {
    /// Tells whether a twin of a word is what is looked for.
    fn is_of(&self, word: &str) -> bool {
        match self {
            Self::Form { twin, begins: true } => word.starts_with(twin.as_str()),
            Self::Form { twin, begins: false } => word == twin,
            Self::Words { .. } | Self::Signs(_) => false,
        }
    }
}

fn gather(expr: &Expr, out: &mut Vec<Needle>, forms: &mut Vec<Needle>) {
    match expr {
        Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| gather(part, out, forms)),
        // A subject stands over the conversation.
        Expr::Term(Term::Text { field: Field::Subject, .. }) => {}
        Expr::Term(Term::Text { text, prefix, exact, .. }) => {
            put(Needle::new(text, bounds_of(*prefix)), out);
            put_forms(text, *prefix, *exact, forms);
        }
        Expr::Any | Expr::Not(_) | Expr::Term(_) => {}
    }
}

fn bounds_of(begins: bool) -> Bounds {
    if begins { Bounds::Beginning } else { Bounds::Words }
}

fn put(needle: Option<Needle>, out: &mut Vec<Needle>) {
    out.extend(needle.filter(|needle| !out.contains(needle)));
}

/// Adds by what else a search finds a text. Names that are parted otherwise stand among people, over the conversation.
fn put_forms(text: &str, begins: bool, exact: bool, out: &mut Vec<Needle>) {
    let ways = if exact { Vec::new() } else { ways_of_writing(text.trim()) };
    // As letters: the index holds pairs of them.
    ways.iter().for_each(|way| put(Needle::new(way, bounds_of(begins)), out));
    match Wanted::of(text, begins, exact) {
        Wanted::Words(phrases) => {
            for phrase in phrases.into_iter().skip(1).filter(|phrase| !phrase.people) {
                let is_of_pairs = phrase.folded.chars().any(is_of_a_run);
                if is_twin(&phrase.folded) {
                    put(Some(Needle::Form { twin: phrase.folded, begins: phrase.begins }), out);
                } else if !is_of_pairs {
                    let letters = phrase.folded.chars().collect();
                    put(Some(Needle::Words { letters, bounds: bounds_of(phrase.begins) }), out);
                }
            }
        }
        Wanted::Signs { picture, .. } => {
            put(picture.map(|twin| Needle::Form { twin, begins: false }), out);
        }
    }
}

/// Returns where in `line` any of `needles` stands, in order, none over another. No grapheme is cut. `turkish` says that the line is one of
/// a Turkish text, whose words have forms that the same letters have nowhere else.
pub fn find_in(line: &str, needles: &[Needle], turkish: bool) -> Vec<Range<usize>> {
    if needles.is_empty() || line.is_empty() {
        return Vec::new();
    }
    let hay = folded(line);
    let mut found: Vec<Range<usize>> = Vec::new();
    let has_signs = needles.iter().any(|needle| matches!(needle, Needle::Signs(_)));
    let begins: Vec<usize> =
        if has_signs { line.grapheme_indices(true).map(|(at, _)| at).collect() } else { Vec::new() };
    for needle in needles {
        match needle {
            Needle::Words { letters, bounds } => words_in(&hay, letters, *bounds, &mut found),
            Needle::Signs(signs) => {
                let all = line.match_indices(signs.as_str());
                found.extend(all.map(|(at, part)| whole(&begins, line.len(), at..at + part.len())));
            }
            Needle::Form { .. } => {}
        }
    }
    if needles.iter().any(|needle| matches!(needle, Needle::Form { .. })) {
        twins_in(line, turkish, |place, twin| {
            if needles.iter().any(|needle| needle.is_of(&twin)) {
                found.push(place);
            }
        });
    }
    found.sort_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
    let mut kept: Vec<Range<usize>> = Vec::new();
    for range in found {
        if kept.last().is_none_or(|last| last.end <= range.start) {
            kept.push(range);
        }
    }
    kept
}

fn words_in(hay: &[(char, Range<usize>)], letters: &[char], bounds: Bounds, found: &mut Vec<Range<usize>>) {
    let Some(first) = letters.first() else { return };
    let mut at = 0;
    while let Some(window) = hay.get(at..at + letters.len()) {
        let is_same = window.iter().zip(letters).all(|((c, _), wanted)| c == wanted);
        if !is_same || !is_bounded(hay, at, letters.len(), bounds, *first) {
            at += 1;
            continue;
        }
        if let (Some((_, from)), Some((_, to))) = (window.first(), window.last()) {
            found.push(from.start..to.end);
        }
        at += letters.len();
    }
}

/// Tells whether a stretch begins, and ends, where a word does. Scripts without spaces have no words.
fn is_bounded(hay: &[(char, Range<usize>)], at: usize, count: usize, bounds: Bounds, first: char) -> bool {
    let splits = |place: Option<usize>| {
        let letter = place.and_then(|place| hay.get(place));
        letter.is_none_or(|(c, _)| *c == ' ' || is_of_a_run(*c))
    };
    let last = hay.get(at + count - 1).map_or(' ', |(c, _)| *c);
    let begins = is_of_a_run(first) || splits(at.checked_sub(1));
    let ends = is_of_a_run(last) || splits(Some(at + count));
    match bounds {
        Bounds::Anywhere => true,
        Bounds::Beginning => begins,
        Bounds::Words => begins && ends,
    }
}

/// Folds a line grapheme by grapheme: each letter that is left, with the grapheme that it is of. What is no letter or digit is one space.
fn folded(line: &str) -> Vec<(char, Range<usize>)> {
    let mut out: Vec<(char, Range<usize>)> = Vec::with_capacity(line.len());
    for (at, grapheme) in line.grapheme_indices(true) {
        let range = at..at + grapheme.len();
        let letters = fold_text(grapheme);
        if letters.is_empty() {
            // What is written or not without a difference parts no word.
            let is_gap = grapheme.is_ascii() || fold_text(&format!("a{grapheme}a")) != "aa";
            if is_gap && out.last().is_some_and(|(c, _)| *c != ' ') {
                out.push((' ', range));
            }
            continue;
        }
        out.extend(letters.chars().map(|c| (c, range.clone())));
    }
    out
}

/// Widens a range to whole graphemes of a line of so many bytes, of which it is known where each begins.
fn whole(begins: &[usize], bytes: usize, range: Range<usize>) -> Range<usize> {
    let before = begins.partition_point(|at| *at <= range.start).checked_sub(1);
    let start = before.and_then(|place| begins.get(place)).map_or(range.start, |at| *at);
    let end = begins.get(begins.partition_point(|at| *at < range.end)).map_or(bytes, |at| *at);
    start..end
}

#[cfg(test)]
#[path = "find_tests.rs"]
mod tests;
