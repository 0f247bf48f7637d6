//! Breaking lines by UAX #14, and inside a run where the script has no spaces or a word is longer than the line.

use std::ops::Range;

use unicode_linebreak::{BreakOpportunity, linebreaks};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::view::layout::width;

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
    let mut addresses = addresses(text).into_iter().peekable();
    for (to, opportunity) in linebreaks(text) {
        while addresses.next_if(|address| address.end <= from).is_some() {}
        let inside = addresses.peek().is_some_and(|address| address.start < to && to < address.end);
        if inside && opportunity == BreakOpportunity::Allowed {
            continue;
        }
        lines.word(from, to);
        from = to;
        if opportunity == BreakOpportunity::Mandatory && to < text.len() {
            lines.end(to);
        }
    }
    lines.end(text.len());
    lines.done
}

/// Finds the web addresses of a line: they stay in one piece where they fit on a line, so that they can be copied.
fn addresses(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in text.split(char::is_whitespace) {
        if word.contains("://") {
            found.push(at..at + word.len());
        }
        at += word.len();
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
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
        let unspaced = word.chars().any(is_unspaced);
        if self.used + bare > self.columns {
            if bare <= self.columns && !unspaced {
                self.end(from);
            } else {
                return self.long_word(from, word, unspaced);
            }
        }
        self.used += width(word);
    }

    /// A word that is wider than a line begins a line of its own; a run of a script without spaces fills the line it stands in.
    fn long_word(&mut self, from: usize, word: &str, unspaced: bool) {
        if !unspaced && self.used > 0 && self.used * 3 > self.columns {
            self.end(from);
        }
        let mut safe = None;
        let mut before = "";
        for (at, grapheme) in word.grapheme_indices(true) {
            let at = from + at;
            if at > self.start && may_break(before, grapheme) {
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
            before = grapheme;
        }
    }
}

/// Tells whether words of this script are written without spaces: Thai, Lao, Khmer, Burmese.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}')
}

/// Tells whether a line may end between two graphemes. Without a dictionary a Thai line can't always end between words, but it never
/// ends between a vowel and its consonant.
fn may_break(before: &str, after: &str) -> bool {
    let last = before.chars().next_back().unwrap_or(' ');
    let first = after.chars().next().unwrap_or(' ');
    // Thai and Lao vowels that stand in front of their consonant, and those and the signs that stand behind it.
    let leads = matches!(last, '\u{0E40}'..='\u{0E44}' | '\u{0EC0}'..='\u{0EC4}');
    let trails = matches!(first, '\u{0E2F}'..='\u{0E3A}' | '\u{0E45}'..='\u{0E4E}' | '\u{0EAF}'..='\u{0EBC}' | '\u{0EC6}'..='\u{0ECE}');
    !leads && !trails
}
