//! `Content-Type` and `Content-Disposition` with their parameters (RFC 2045 section 5.1, RFC 2231, and what is sent instead).

use super::lines::{cut, slice};
use super::transfer::hex;
use super::{charset, word};

/// The most parameters read of one field.
const PARAMS_MAX: usize = 200;
/// The most bytes of a field that are looked at.
const FIELD_MAX: usize = 64 * 1024;

/// A value with parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Params {
    /// The value before the first semicolon, in lower case, without comments.
    pub value: String,
    /// Names in lower case and raw values, in order; later ones of the same name do not count.
    raw: Vec<(String, Vec<u8>)>,
}

impl Params {
    /// Reads a field's value.
    pub fn parse(field: &[u8]) -> Self {
        let field = slice(field, 0..field.len().min(FIELD_MAX));
        let mut pieces = split(field).into_iter();
        let value = pieces.next().unwrap_or_default();
        let value =
            String::from_utf8_lossy(value.split(|&b| b == b'(').next().unwrap_or_default()).to_ascii_lowercase();
        let value: String = cut(value.trim(), 128).chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        let mut raw: Vec<(String, Vec<u8>)> = Vec::new();
        for piece in pieces.take(PARAMS_MAX) {
            let Some(equals) = piece.iter().position(|&b| b == b'=') else { continue };
            let name = String::from_utf8_lossy(slice(piece, 0..equals)).trim().to_ascii_lowercase();
            let text = piece.get(equals + 1..).unwrap_or_default().trim_ascii();
            if !name.is_empty() && !raw.iter().any(|(known, _)| *known == name) {
                raw.push((name, unquote(text)));
            }
        }
        Self { value, raw }
    }

    fn raw(&self, name: &str) -> Option<&[u8]> {
        self.raw.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// Returns a parameter as the bytes that stand there: what a boundary is compared by.
    pub fn bytes(&self, name: &str) -> Option<Vec<u8>> {
        match self.raw(name) {
            Some(value) => Some(value.to_vec()),
            None => self.get(name).map(String::into_bytes),
        }
    }

    /// Returns a parameter decoded: RFC 2231 first, then the plain one with any encoded words in it decoded.
    pub fn get(&self, name: &str) -> Option<String> {
        if let Some(value) = self.extended(name) {
            return Some(value);
        }
        let raw = self.raw(name)?;
        Some(word::decode(raw))
    }

    fn extended(&self, name: &str) -> Option<String> {
        if let Some(value) = self.raw(&format!("{name}*")) {
            let (label, text) = charset_mark(value);
            return Some(charset::decode(&percent(text), &label).text.into_owned());
        }
        let mut label = String::new();
        let mut bytes = Vec::new();
        let mut any_percent = false;
        for number in 0..PARAMS_MAX {
            if let Some(value) = self.raw(&format!("{name}*{number}*")) {
                any_percent = true;
                let text = if number == 0 {
                    let (found, text) = charset_mark(value);
                    label = found;
                    text
                } else {
                    value
                };
                bytes.extend(percent(text));
            } else if let Some(value) = self.raw(&format!("{name}*{number}")) {
                bytes.extend_from_slice(value);
            } else if number > 0 {
                break;
            }
            // Some programs count from 1.
        }
        if bytes.is_empty() {
            return None;
        }
        Some(if any_percent { charset::decode(&bytes, &label).text.into_owned() } else { word::decode(&bytes) })
    }
}

/// Splits at semicolons that stand in no quotes. A quote that is never closed is a plain character.
fn split(field: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(&b) = field.get(at) {
        match b {
            b'"' => at = closing_quote(field, at + 1).unwrap_or(at),
            b';' => {
                pieces.push(slice(field, start..at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    pieces.push(slice(field, start..field.len()));
    pieces
}

fn closing_quote(field: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(&b) = field.get(at) {
        match b {
            b'\\' => at += 1,
            b'"' => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn unquote(text: &[u8]) -> Vec<u8> {
    let Some(inner) = text.strip_prefix(b"\"") else {
        // A comment may follow an unquoted value.
        return match text.iter().position(|&b| b == b'(') {
            Some(at) if at > 0 && text.ends_with(b")") && text.get(at - 1) == Some(&b' ') => {
                slice(text, 0..at).trim_ascii().to_vec()
            }
            _ => text.to_vec(),
        };
    };
    let mut out = Vec::with_capacity(inner.len());
    let mut iter = inner.iter().copied().peekable();
    while let Some(b) = iter.next() {
        match b {
            b'"' => break,
            // Only quotes and backslashes are escaped by anybody; `C:\file` is a path.
            b'\\' if matches!(iter.peek(), Some(b'"' | b'\\')) => out.extend(iter.next()),
            b'\r' | b'\n' => {}
            _ => out.push(b),
        }
    }
    out
}

/// Takes `charset'language'` off the front of an extended value.
fn charset_mark(value: &[u8]) -> (String, &[u8]) {
    let mut quotes = value.iter().enumerate().filter(|(_, b)| **b == b'\'').map(|(at, _)| at);
    match (quotes.next(), quotes.next()) {
        (Some(first), Some(second)) if first < 64 => {
            let label = String::from_utf8_lossy(slice(value, 0..first)).into_owned();
            (label, value.get(second + 1..).unwrap_or_default())
        }
        _ => (String::new(), value),
    }
}

fn percent(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&b, tail)) = rest.split_first() {
        rest = tail;
        match (b, tail.first().copied().and_then(hex), tail.get(1).copied().and_then(hex)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high << 4 | low);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => out.push(b),
        }
    }
    out
}

#[cfg(test)]
#[path = "param_tests.rs"]
mod tests;
