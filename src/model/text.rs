//! [`SafeText`]: the only text that a screen or a table draws.
//!
//! Mail is hostile: a subject can hold escape sequences that reprogram the terminal, direction marks that make `exe.fdp` read
//! as a document, and characters that take no cell. All of it ends here.

pub mod breaks;
pub mod order;
pub mod places;
pub mod steps;
pub mod wrap;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use schemars::JsonSchema;
use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation as _;

pub use crate::model::columns::{columns, columns_of};

/// Text with no control bytes, no escape sequences, no direction overrides, and on one line.
///
/// There is no way to make one but through the sanitiser.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct SafeText {
    text: String,
    /// The marks of direction that its author set (U+200E, U+200F, U+061C), and of where a line may end (U+200B), with where they stood, in
    /// order. Nobody reads them with the text but who lays it out, and drops them then.
    #[serde(skip)]
    marks: Vec<(usize, char)>,
}

/// The most zero-width marks kept on one base character: real scripts stack three or four, "zalgo" stacks hundreds.
const MARKS_MAX: usize = 8;

/// The most marks for the layout kept at one place.
const DIRECTIONS_MAX: usize = 2;

impl SafeText {
    /// Makes any text safe on one line: line ends and tabs become single spaces.
    pub fn line(raw: &str) -> Self {
        Self::cleaned(raw, 0)
    }

    /// Like [`SafeText::line`], cut to `max` characters with `…` as the last.
    pub fn line_max(raw: &str, max: usize) -> Self {
        // Work on a bounded prefix: a 50 MB header costs no more than its first part.
        let prefix: String = raw.chars().take(max.saturating_mul(4).saturating_add(16)).collect();
        let full = Self::line(&prefix);
        if full.text.chars().count() <= max {
            return full;
        }
        let mut text: String = full.text.chars().take(max.saturating_sub(1)).collect();
        let marks = full.marks.into_iter().filter(|(at, _)| *at < text.len()).collect();
        text.push('…');
        Self { text, marks }
    }

    /// Makes each line of a text safe; tabs go to the next multiple of eight columns.
    pub fn lines(raw: &str) -> Vec<Self> {
        raw.split('\n')
            .map(|line| {
                let line = line.strip_suffix('\r').unwrap_or(line);
                Self::cleaned(line, 8)
            })
            .collect()
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Returns the text with the marks of direction and of line ends that its author set, for whoever lays it out.
    pub fn directed(&self) -> Cow<'_, str> {
        if self.marks.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let mut out = String::with_capacity(self.text.len() + 3 * self.marks.len());
        let mut from = 0;
        for (at, mark) in &self.marks {
            out.push_str(self.text.get(from..*at).unwrap_or_default());
            out.push(*mark);
            from = *at;
        }
        out.push_str(self.text.get(from..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// Returns where in [`SafeText::directed`] a stretch of the text stands.
    pub fn directed_at(&self, stretch: &Range<usize>) -> Range<usize> {
        let shift = |end: usize, counts: fn(usize, usize) -> bool| -> usize {
            self.marks.iter().filter(|(at, _)| counts(*at, end)).map(|(_, mark)| mark.len_utf8()).sum()
        };
        let before = shift(stretch.start, |at, end| at <= end);
        let within = shift(stretch.end, |at, end| at < end);
        stretch.start + before..stretch.end + within.max(before)
    }

    /// Tells whether nothing is left to draw.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Joins safe texts; what is safe alone is safe together.
    pub fn join(parts: &[SafeText], between: &'static str) -> Self {
        let texts: Vec<&str> = parts.iter().map(SafeText::as_str).collect();
        Self::line(&texts.join(between))
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<&'static str> for SafeText {
    /// Our own words; they still pass the sanitiser.
    fn from(words: &'static str) -> Self {
        Self::line(words)
    }
}

/// Tells whether text has letters that run from right to left.
pub fn runs_right_to_left(text: &str) -> bool {
    text.chars().any(|c| {
        matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfefe | 0x10800..=0x10fff | 0x1e800..=0x1efff)
    })
}

/// Quotes outside text within a sentence: as it is, but safe, and where it runs from right to left in isolates, so that it does not turn
/// what stands around it.
pub fn in_quotes(text: impl AsRef<str>) -> String {
    let shown = SafeText::line(text.as_ref());
    match runs_right_to_left(shown.as_str()) {
        true => format!("\"\u{2068}{shown}\u{2069}\""),
        false => format!("\"{shown}\""),
    }
}

/// Takes bytes for text.
///
/// # Errors
/// Where they are not UTF-8: the line and the byte in it, both from 1, of the first that can't be read.
pub fn as_utf8(bytes: Vec<u8>) -> Result<String, (usize, usize)> {
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        (line, byte)
    })
}

/// Tells whether `c` changes the direction of what stands around it (Unicode UAX #9 section 2).
pub fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Tells whether `c` may be drawn as it is: no control, no direction mark, nothing that takes no cell and joins nothing.
pub(crate) fn is_drawable(c: char) -> bool {
    !(c.is_control()
        || is_direction_control(c)
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{3164}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{13430}'..='\u{1345F}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E007F}' | '\u{E0080}'..='\u{E0FFF}'
            | '\u{F0000}'..='\u{10FFFF}' | '\u{E000}'..='\u{F8FF}'))
}

/// Tells whether `c` is a mark for the layout: it says which way what stands beside it runs, and overrides nothing, or where a line may end.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}')
}

impl SafeText {
    /// Makes the safe form of one line. `tab` is the tab width, or 0 to fold every run of white space into one space.
    fn cleaned(raw: &str, tab: usize) -> Self {
        let mut out = String::with_capacity(raw.len());
        let mut directions: Vec<(usize, char)> = Vec::new();
        // Most lines are printable ASCII, of which nothing is taken out.
        if raw.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            out.push_str(raw);
            return Self { text: out, marks: directions };
        }
        let mut marks = 0usize;
        let mut column = 0usize;
        let mut chars = raw.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '\u{1b}' || c == '\u{9b}' {
                skip_escape(&mut chars, c);
                continue;
            }
            if is_mark(c) && directions.iter().rev().take_while(|(at, _)| *at == out.len()).count() < DIRECTIONS_MAX {
                directions.push((out.len(), c));
                continue;
            }
            if c == '\t' && tab > 0 {
                let width = tab - column % tab;
                out.extend(std::iter::repeat_n(' ', width));
                column += width;
                continue;
            }
            if matches!(c, '\t' | '\n' | '\r') {
                if !out.ends_with(' ') && !out.is_empty() {
                    out.push(' ');
                    column += 1;
                }
                continue;
            }
            if !is_drawable(c) {
                continue;
            }
            let width = columns_of(c.encode_utf8(&mut [0; 4]));
            marks = if width == 0 { marks + 1 } else { 0 };
            if marks > MARKS_MAX {
                continue;
            }
            out.push(c);
            column += width;
        }
        Self { text: out, marks: directions }
    }
}

/// Passes over an escape sequence (ECMA-48 section 5): CSI to its final byte, OSC, DCS, APC, PM and SOS to BEL or ST. The body of a string
/// that never ends is bounded to 4,096 characters, so that a lone `ESC ]` can't swallow a mail.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, introducer: char) {
    let kind = if introducer == '\u{9b}' { Some('[') } else { chars.peek().copied() };
    if introducer == '\u{1b}' {
        if !kind.is_some_and(|c| c.is_ascii_graphic()) {
            return;
        }
        chars.next();
    }
    match kind {
        Some('[') => {
            for _ in 0..64 {
                match chars.peek() {
                    Some(c) if (' '..='?').contains(c) => {
                        chars.next();
                    }
                    Some(c) if ('@'..='~').contains(c) => {
                        chars.next();
                        return;
                    }
                    _ => return,
                }
            }
        }
        Some(']' | 'P' | '_' | '^' | 'X') => {
            let end = chars.clone().take(4096).position(|c| matches!(c, '\u{7}' | '\u{9c}' | '\u{1b}'));
            if let Some(end) = end {
                for _ in 0..end {
                    chars.next();
                }
                if chars.next() == Some('\u{1b}') && chars.peek() == Some(&'\\') {
                    chars.next();
                }
            }
        }
        _ => {}
    }
}

/// Cuts `text` to `room` columns, with `…` as the last where something was cut off. Never cuts a grapheme in two. It is cut in the order in
/// which it is read; what begins a direction in it (an isolate, an override) is ended behind the sign, so that it reaches no farther.
pub fn cut(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut ends: Vec<char> = Vec::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let wide = columns_of(grapheme);
        if used + wide + 1 > room {
            break;
        }
        match grapheme.chars().next() {
            Some('\u{2066}'..='\u{2068}') => ends.push('\u{2069}'),
            Some('\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}') => ends.push('\u{202C}'),
            Some('\u{2069}' | '\u{202C}') => drop(ends.pop()),
            _ => {}
        }
        out.push_str(grapheme);
        used += wide;
    }
    if room > 0 {
        out.push('…');
    }
    out.extend(ends.into_iter().rev());
    out
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
