//! Header fields: folded, encoded by RFC 2047, and proof against what people paste into a subject or a name.

use std::fmt::Write as _;

use jiff::tz::TimeZone;

use super::BadMail;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;

/// The line length that folding aims at (RFC 5322 section 2.1.1 asks for 78, RFC 2047 section 2 for 76).
const LINE: usize = 76;
/// Bytes of text in one encoded word: 45 bytes are 60 of base64, 72 with the marks, within the 75 of RFC 2047 section 2.
const WORD_BYTES: usize = 45;
/// A plain word longer than this is encoded, so that the line can be folded.
const PLAIN_WORD_MAX: usize = 60;
/// The most characters of an unstructured field.
const TEXT_MAX: usize = 2000;

/// Fields as they are written, in order.
#[derive(Default)]
pub(super) struct Fields {
    out: String,
}

impl Fields {
    /// Writes a field of words that may be folded between them. A field without words is left out.
    pub(super) fn tokens(&mut self, name: &str, tokens: impl IntoIterator<Item = String>) {
        let mut tokens = tokens.into_iter().peekable();
        if tokens.peek().is_none() {
            return;
        }
        let _ = write!(self.out, "{name}:");
        let mut column = name.len() + 1;
        for (index, token) in tokens.enumerate() {
            // Never before the first word: a field whose first line is empty is rewritten by some servers.
            if index > 0 && column + 1 + token.len() > LINE {
                self.out.push_str("\r\n");
                column = 0;
            }
            self.out.push(' ');
            self.out.push_str(&token);
            column += 1 + token.len();
        }
        self.out.push_str("\r\n");
    }

    /// Writes an unstructured field.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        let value = one_line(value);
        if value.is_empty() {
            let _ = write!(self.out, "{name}:\r\n");
        } else if is_plain(&value) {
            self.tokens(name, value.split(' ').map(str::to_owned));
        } else {
            self.tokens(name, encoded_words(&value, name.len() + 2));
        }
    }

    /// Writes a field of addresses.
    pub(super) fn addresses(&mut self, name: &str, addresses: &[Address]) {
        let mut tokens = Vec::new();
        for (index, address) in addresses.iter().enumerate() {
            let used = if index == 0 { name.len() + 2 } else { 1 };
            let mut words = phrase(&address.name, used);
            if words.is_empty() {
                words.push(address.email.clone());
            } else {
                words.push(format!("<{}>", address.email));
            }
            if index + 1 < addresses.len()
                && let Some(last) = words.last_mut()
            {
                last.push(',');
            }
            tokens.append(&mut words);
        }
        self.tokens(name, tokens);
    }

    /// Returns the fields, without the empty line that ends a header.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.out.into_bytes()
    }
}

/// Returns the id in brackets, or nothing where it can't stand in a header (RFC 5322 section 3.6.4 allows ASCII without brackets and
/// space).
pub(super) fn id_token(id: &MessageId) -> Option<String> {
    let fits = id.as_str().bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>'));
    (fits && id.as_str().len() <= super::REFERENCE_BYTES_MAX).then(|| format!("<{id}>"))
}

/// Returns the moment as RFC 5322 section 3.3 writes it, in UTC: where an agent sits is nobody's business.
pub(super) fn date(at: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default().to_zoned(TimeZone::UTC);
    zoned.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// Returns the address as it goes on the wire: its domain in ASCII (RFC 5891), its local part as it is.
pub(super) fn wire_address(address: &Address) -> Result<Address, BadMail> {
    let bad = || BadMail::BadAddress(address.email.chars().take(80).collect());
    let email = address.email.trim();
    let (local, domain) = email.rsplit_once('@').ok_or_else(bad)?;
    let domain =
        if domain.is_ascii() { domain.to_owned() } else { idna::domain_to_ascii(domain).map_err(|_| bad())? };
    let unfit = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';');
    if local.chars().any(unfit) || domain.chars().any(unfit) || email.len() > 320 {
        return Err(bad());
    }
    let checked = lettre::Address::new(local, domain).map_err(|_| bad())?;
    Ok(Address { name: one_line(&address.name), email: checked.to_string() })
}

/// One line, trimmed, without control characters; a line end becomes a space.
fn one_line(value: &str) -> String {
    let mut out = String::with_capacity(value.len().min(TEXT_MAX));
    for c in value.chars().take(TEXT_MAX) {
        match c {
            '\r' | '\n' | '\t' => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out.trim().to_owned()
}

/// Tells whether a value can stand as it is: ASCII words with single spaces, none of which reads as an encoded word.
fn is_plain(value: &str) -> bool {
    value.is_ascii()
        && !value.contains("=?")
        && value.split(' ').all(|word| !word.is_empty() && word.len() <= PLAIN_WORD_MAX)
}

/// A display name as words: atoms, a quoted string, or encoded words (RFC 5322 section 3.2.5, RFC 2047 section 5).
fn phrase(name: &str, used: usize) -> Vec<String> {
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    if name.is_empty() {
        Vec::new()
    } else if is_plain(name) && name.bytes().all(|b| b == b' ' || atom(b)) {
        name.split(' ').map(str::to_owned).collect()
    } else if is_plain(name) && name.len() <= PLAIN_WORD_MAX {
        vec![format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))]
    } else {
        encoded_words(name, used)
    }
}

/// Text as encoded words, each holding whole characters; the first one fits on a line where `used` columns are taken.
fn encoded_words(value: &str, used: usize) -> Vec<String> {
    let marks = "=?utf-8?B??=".len();
    let mut room = ((LINE.saturating_sub(used + marks)) / 4 * 3).clamp(6, WORD_BYTES);
    let mut words = Vec::new();
    let mut part = String::new();
    for c in value.chars() {
        if part.len() + c.len_utf8() > room {
            words.push(encoded_word(&part));
            part.clear();
            room = WORD_BYTES;
        }
        part.push(c);
    }
    if !part.is_empty() {
        words.push(encoded_word(&part));
    }
    words
}

fn encoded_word(part: &str) -> String {
    format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(part.as_bytes()))
}
