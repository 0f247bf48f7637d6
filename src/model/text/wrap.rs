//! Text in lines of so many columns: they end between words, and inside one where it is longer than a line.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::breaks::{line_breaks, may_part};
use super::columns as width;
use super::order::addresses;

/// Returns the byte ranges of the lines of `text`, which has no line ends, none wider than `columns` unless a single grapheme is.
/// Spaces at the end of a line may go over it.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let columns = columns.max(1);
    // Most lines of mail fit: nothing to do.
    if width(text) <= columns {
        return std::iter::once(0..text.len()).collect();
    }
    let mut lines = Lines { text, columns, done: Vec::new(), start: 0, used: 0 };
    let mut from = 0;
    // They stay in one piece where they fit on a line, so that they can be copied.
    let mut addresses = addresses(text).into_iter().peekable();
    for to in line_breaks(text) {
        while addresses.next_if(|address| address.end <= from).is_some() {}
        if addresses.peek().is_some_and(|address| address.start < to && to < address.end) {
            continue;
        }
        lines.word(from, to);
        from = to;
    }
    lines.end(text.len());
    lines.done
}

struct Lines<'a> {
    text: &'a str,
    columns: usize,
    done: Vec<Range<usize>>,
    start: usize,
    used: usize,
}

impl Lines<'_> {
    fn end(&mut self, at: usize) {
        if at > self.start || self.done.is_empty() {
            self.done.push(self.start..at);
        }
        self.start = at;
        self.used = 0;
    }

    fn word(&mut self, from: usize, to: usize) {
        let word = self.text.get(from..to).unwrap_or_default();
        let bare = width(word.trim_end());
        if self.used + bare > self.columns {
            if bare > self.columns {
                return self.long_word(from, word);
            }
            self.end(from);
        }
        self.used += width(word);
    }

    /// A word that is wider than a line begins a line of its own, unless little stands in front of it.
    fn long_word(&mut self, from: usize, word: &str) {
        if self.used > 0 && self.used * 3 > self.columns {
            self.end(from);
        }
        let mut safe = None;
        for (at, grapheme) in word.grapheme_indices(true) {
            let at = from + at;
            if at > self.start && may_part(self.text, at) {
                safe = Some(at);
            }
            let wide = width(grapheme);
            if self.used + wide > self.columns && at > self.start && !grapheme.trim().is_empty() {
                let here = safe.filter(|safe| *safe > self.start).unwrap_or(at);
                let carried = self.text.get(here..at).map_or(0, width);
                self.end(here);
                self.used = carried;
            }
            self.used += wide;
        }
    }
}
