//! Content lines (RFC 5545 section 3.1): unfolded, and taken apart into name, parameters and value.

use crate::mime::lines;
use crate::mime::work::step;

/// The most lines read of one calendar.
const LINES_MAX: usize = 20_000;
/// The most bytes of one line: a long description is some thousand.
const LINE_MAX: usize = 64 * 1024;

/// Joins folded lines of a calendar before its charset is read: a line may be folded within a character.
pub(in crate::mime) fn unfold(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = lines::line_end(bytes, at);
        let next = bytes.get(end);
        let line = lines::slice(bytes, at..end);
        if matches!(next, Some(b' ' | b'\t')) {
            out.extend_from_slice(lines::chomp(line));
            at = end + 1;
        } else {
            out.extend_from_slice(line);
            at = end;
        }
    }
    out
}

/// Returns the lines of a calendar, each whole. What is no line of its own belongs to the one before it: some programs break a text without
/// folding it.
pub(super) fn whole(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let separator = if text.contains('\n') { '\n' } else { '\r' };
    for line in text.split(separator).map(|line| line.trim_end_matches(['\r', '\n'])).take(LINES_MAX) {
        let folded = line.strip_prefix([' ', '\t']);
        let is_own = folded.is_none() && Line::read(line).is_some();
        match all.last_mut() {
            _ if line.is_empty() => {}
            Some(last) if !is_own => {
                if folded.is_none() {
                    last.push_str("\\n");
                }
                let room = LINE_MAX.saturating_sub(last.len());
                last.push_str(lines::cut(folded.unwrap_or(line), room));
            }
            _ => all.push(lines::cut(line.trim_start_matches('\u{feff}'), LINE_MAX).to_owned()),
        }
    }
    all
}

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'t> {
    /// The name, as it is written, without a group.
    pub name: &'t str,
    /// The parameters, as they are written.
    pub(super) params: &'t str,
    /// The value, as it is written.
    pub value: &'t str,
    /// All of it.
    pub text: &'t str,
}

impl<'t> Line<'t> {
    /// Takes a line apart; `None` where it is none.
    pub fn read(text: &'t str) -> Option<Self> {
        step(text.len() + 1);
        let end = text.find([':', ';'])?;
        let (name, rest) = text.split_at_checked(end)?;
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.len() <= 80
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_name {
            return None;
        }
        let colon = colon(rest).or_else(|| rest.find(':'))?;
        let (params, value) = rest.split_at_checked(colon)?;
        Some(Self { name, params, value: value.strip_prefix(':')?, text })
    }

    /// Returns the value of a parameter, without its quotes (RFC 6868); `None` where there is none.
    pub fn param(&self, name: &str) -> Option<String> {
        step(self.params.len() + 1);
        let mut quoted = false;
        let is_end = |c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        };
        self.params.split(is_end).find_map(|piece| {
            let (key, value) = piece.split_once('=')?;
            key.trim().eq_ignore_ascii_case(name).then(|| unquoted(value))
        })
    }

    /// Tells whether a parameter has that value.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.param(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    }
}

/// Returns where the value begins: the first colon outside quotes.
fn colon(rest: &str) -> Option<usize> {
    let mut quoted = false;
    rest.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == ':' && !quoted).then_some(at)
    })
}

fn unquoted(value: &str) -> String {
    let value = value.trim().trim_matches('"');
    if !value.contains('^') {
        return value.to_owned();
    }
    value.replace("^n", " ").replace("^'", "\"").replace("^^", "^")
}

/// Reads an escaped text (RFC 5545 section 3.3.11), line ends included.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            _ => out.push(c),
        }
    }
    out
}

/// Writes a text escaped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Writes a line folded: at most 75 bytes each, no character torn apart, CRLF at the end (RFC 5545 section 3.1).
pub(super) fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + line.len() / 24 + 2);
    let mut room = 75;
    for c in line.chars().filter(|c| !c.is_control()) {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = 74;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
    out
}
