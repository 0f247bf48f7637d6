//! The header block of a mail or of a part, split into fields (RFC 5322 section 2.2). It decodes nothing.

use std::ops::Range;

use super::lines::{chomp, from, line_end, slice};

/// The most fields read of one header block; real mails have some 60, the worst relayed ones 300.
const FIELDS_MAX: usize = 2_000;
/// The most bytes of one field's value that are looked at.
const VALUE_MAX: usize = 1024 * 1024;

/// One field: its name and its value with folds left in, both as found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field<'a> {
    /// The name, without the colon.
    pub name: &'a [u8],
    /// The value, without the space around it.
    pub value: &'a [u8],
}

/// The fields of one header block.
#[derive(Clone, Debug, Default)]
pub(super) struct Headers<'a> {
    fields: Vec<Field<'a>>,
}

impl<'a> Headers<'a> {
    /// Splits a header block. Lines that are no field are passed over; it ends at the first empty line.
    pub fn parse(block: &'a [u8]) -> Self {
        let mut fields = Vec::with_capacity(32);
        let mut at = 0;
        while at < block.len() && fields.len() < FIELDS_MAX {
            let start = at;
            let first_end = line_end(block, at);
            at = first_end;
            if chomp(slice(block, start..first_end)).is_empty() {
                break;
            }
            while matches!(block.get(at), Some(b' ' | b'\t')) {
                let end = line_end(block, at);
                // A line of white space alone ends nothing by RFC 5322 section 4.2 (obs-FWS).
                at = end;
            }
            if let Some(field) = split_field(slice(block, start..at)) {
                fields.push(field);
            }
        }
        Self { fields }
    }

    /// Returns the value of the first field of that name (lower case), `None` where it is missing.
    pub fn get<'s>(&'s self, name: &'s str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// Returns the values of every field of that name (lower case).
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.value)
    }

    /// Tells whether there is a field of that name (lower case).
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

fn split_field(line: &[u8]) -> Option<Field<'_>> {
    let colon = slice(line, 0..line.len().min(1024)).iter().position(|&b| b == b':')?;
    let name = slice(line, 0..colon).trim_ascii_end();
    if name.is_empty() || name.iter().any(|b| *b <= b' ' || *b == 0x7f) {
        return None;
    }
    let value = from(line, colon + 1);
    Some(Field { name, value: slice(value, 0..value.len().min(VALUE_MAX)).trim_ascii() })
}

/// Tells whether a line can stand in a header block: a field, a fold, or an mbox `From ` line.
pub(super) fn is_header_line(line: &[u8]) -> bool {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return true;
    }
    is_from_line(line) || split_field(line).is_some()
}

/// Tells whether a line is an mbox separator, as found at the top of exported mails.
pub(super) fn is_from_line(line: &[u8]) -> bool {
    line.starts_with(b"From ") || line.starts_with(b">From ")
}

/// Returns the header block at the top of a mail: past an mbox `From ` line and leading empty lines, up to the empty line that ends it;
/// and where the body begins.
pub(super) fn block(raw: &[u8]) -> (Range<usize>, usize) {
    let mut start = if raw.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    loop {
        let end = line_end(raw, start);
        let line = slice(raw, start..end);
        if end > start && (chomp(line).is_empty() || is_from_line(line)) {
            start = end;
        } else {
            break;
        }
    }
    let mut at = start;
    while at < raw.len() {
        let end = line_end(raw, at);
        let line = chomp(slice(raw, at..end));
        if line.is_empty() {
            return (start..at, end);
        }
        if !is_header_line(line) && at > start {
            // A missing empty line: what can't be a header is the body. Very broken headers are rarer than that, except for lines
            // that a program folded without white space, which the next line tells.
            let next = slice(raw, end..line_end(raw, end));
            if split_field(next).is_none() && !chomp(next).is_empty() {
                return (start..at, at);
            }
        } else if !is_header_line(line) {
            return (start..start, start);
        }
        at = end;
    }
    (start..raw.len(), raw.len())
}
