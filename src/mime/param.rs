//! `Content-Type` and `Content-Disposition` with their parameters (RFC 2045 section 5.1, RFC 2231), as `mailparse` reads them.
//!
//! What it does not take is mended here: paths whose backslashes escape nothing, quotes never closed, encoded words in names, a plain name
//! beside a better one of RFC 2231.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::lines::{cut, slice};
use super::{charset, word};

/// The most bytes of a field that are looked at. `mailparse` compares each continuation with each other.
const FIELD_MAX: usize = 8 * 1024;
/// The most continuations joined of one parameter.
const PIECES_MAX: usize = 200;

/// A value with parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Params {
    /// The value before the first semicolon, in lower case, without comments.
    pub value: String,
    /// Values by their names in lower case.
    params: BTreeMap<String, String>,
}

impl Params {
    /// Reads a field's value.
    pub fn parse(field: &[u8]) -> Self {
        Self::parse_in(field, "")
    }

    /// Reads a field's value whose raw bytes over 127 are in that charset.
    pub fn parse_in(field: &[u8], charset: &str) -> Self {
        let field = slice(field, 0..field.len().min(FIELD_MAX));
        // Relays encode the whole value where it holds bytes over 127, semicolons and all.
        let text = if field.starts_with(b"=?") { word::decode_in(field, charset).into() } else { text(field, charset) };
        let text = mended(&text);
        // A media type is a value with parameters too; this reader of the two makes nothing up where it is missing.
        let read = mailparse::parse_content_disposition(&text);
        let value = text.split([';', '(']).next().unwrap_or_default();
        let value = cut(value.trim(), 128).chars().filter(|c| !c.is_whitespace() && !c.is_control());
        Self { value: value.collect::<String>().to_ascii_lowercase(), params: read.params }
    }

    /// Returns a parameter decoded: RFC 2231 first, then the plain one with any encoded words in it decoded.
    pub fn get(&self, name: &str) -> Option<String> {
        let better = if self.params.keys().any(|key| key.contains('*')) { self.beside(name) } else { None };
        let value = better.or_else(|| self.params.get(name).cloned())?;
        // A comment may follow a value without quotes.
        let value = match value.split_once(" (") {
            Some((before, comment)) if comment.ends_with(')') && !before.contains(' ') => before.trim_end(),
            _ => value.as_str(),
        };
        Some(if value.contains("=?") { word::decode(value.as_bytes()) } else { value.to_owned() })
    }

    /// Returns a parameter as it stands: what a boundary is compared by.
    pub fn undecoded(&self, name: &str) -> Option<&str> {
        self.params.get(name).map(String::as_str)
    }

    /// Reads the RFC 2231 form of a parameter that stands beside a plain one: `mailparse` leaves it for the plain one's sake.
    fn beside(&self, name: &str) -> Option<String> {
        if let Some(raw) = self.params.get(&format!("{name}*")) {
            let known = charset::web_name(raw.split('\'').next().unwrap_or_default());
            let text = raw.splitn(3, '\'').last().unwrap_or_default();
            let mut read = mailparse::parse_content_disposition(&format!("x; n*={known}''{text}"));
            return read.params.remove("n");
        }
        // Some programs count from 1.
        let first = usize::from(!self.params.contains_key(&format!("{name}*0")));
        let pieces: Vec<&str> = (first..PIECES_MAX)
            .map_while(|number| self.params.get(&format!("{name}*{number}")).map(String::as_str))
            .collect();
        (!pieces.is_empty()).then(|| pieces.concat())
    }
}

fn text<'f>(field: &'f [u8], charset: &str) -> Cow<'f, str> {
    std::str::from_utf8(field).map_or_else(|_| charset::decode(field, charset).text, Cow::Borrowed)
}

/// Returns a field's text on one line, with what `mailparse` does not expect taken out.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut quote = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' | '\n' => {}
            // Only quotes and backslashes are escaped by anybody; `C:\file` is a path.
            '\\' if quote.is_some() => {
                out.push('\\');
                out.push(chars.next_if(|next| matches!(next, '"' | '\\')).unwrap_or('\\'));
            }
            '"' => {
                quote = if quote.is_some() { None } else { Some(out.len()) };
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    if let Some(at) = quote {
        out.remove(at);
    }
    out
}

#[cfg(test)]
#[path = "param_tests.rs"]
mod tests;
