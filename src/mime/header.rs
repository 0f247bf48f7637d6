//! The header block of a mail or of a part (RFC 5322 section 2.2): where it ends, and its fields as `mailparse` splits them. They are split one by
//! one, because `mailparse::parse_headers` gives up a whole block at its first broken line.

use std::ops::Range;

use mailparse::MailHeader;

use super::lines::{chomp, from, line_end, slice};
use super::{charset, word};

/// The most fields read of one header block; real mails have some 60, the worst relayed ones 300. Beyond them as many again of those in
/// [`FIELDS_READ`] count, wherever they stand.
const FIELDS_MAX: usize = 2_000;
/// The fields that say what a mail is, in lower case: whatever is cut off of a long header, these are not.
pub const FIELDS_READ: [&str; 24] = [
    "date",
    "from",
    "sender",
    "reply-to",
    "to",
    "cc",
    "bcc",
    "subject",
    "message-id",
    "in-reply-to",
    "references",
    "return-path",
    "auto-submitted",
    "precedence",
    "list-id",
    "list-post",
    "delivered-to",
    "x-delivered-to",
    "x-original-from",
    "x-original-sender",
    AUTHENTICATION,
    "mime-version",
    "content-type",
    "content-transfer-encoding",
];
/// What servers found out about the sender (RFC 8601).
const AUTHENTICATION: &str = "authentication-results";
/// The most of these that are kept: a mail that passed many servers has some 10.
const AUTHENTICATIONS_MAX: usize = 50;
/// The most bytes of one field's value that are looked at.
const VALUE_MAX: usize = 1024 * 1024;

/// How the names of fields begin, in lower case, that make up most of a header block and that nothing here reads.
const PASSED_OVER: &[&str] = &[
    "received",
    "arc-",
    "dkim-",
    "domainkey",
    AUTHENTICATION,
    "x-ms-",
    "x-microsoft-",
    "x-forefront-",
    "x-google-",
    "x-gm-",
    "x-exchange-",
    "x-received",
];

/// The fields of one header block, but for [`PASSED_OVER`].
#[derive(Debug, Default)]
pub(super) struct Headers<'a> {
    fields: Vec<MailHeader<'a>>,
    authentications: Vec<&'a [u8]>,
    /// The charset that its raw bytes over 127 are in: that of the mail's text. Empty where there are none, or it is not known.
    pub charset: String,
}

impl<'a> Headers<'a> {
    /// Splits a header block. Lines that are no field are passed over; it ends at the first empty line.
    pub fn parse(block: &'a [u8]) -> Self {
        let mut fields = Vec::with_capacity(32);
        let mut authentications = Vec::new();
        let mut at = 0;
        while fields.len() < 2 * FIELDS_MAX && !matches!(from(block, at), [] | [b'\n', ..] | [b'\r', b'\n', ..]) {
            if is_passed_over(from(block, at)) || (fields.len() >= FIELDS_MAX && !is_read(from(block, at))) {
                let end = field_end(block, at);
                if authentications.len() < AUTHENTICATIONS_MAX {
                    authentications.extend(authentication(slice(block, at..end)));
                }
                at = end;
                continue;
            }
            match mailparse::parse_header(from(block, at)) {
                Ok((field, length)) => {
                    at += length.max(1);
                    if is_name(field.get_key_raw().trim_ascii_end()) {
                        fields.push(field);
                    }
                }
                Err(_) => at = line_end(block, at),
            }
        }
        let mut headers = Self { fields, authentications, charset: String::new() };
        if std::str::from_utf8(block).is_err() {
            let named = headers.get("content-type").map(charset::named_in).unwrap_or_default();
            headers.charset = named;
        }
        headers
    }

    /// Finds the charset of raw bytes over 127 where the header itself names none: the one that a part of the mail names, else a guess by
    /// all of its bytes, which are more than those of one field.
    pub fn find_charset(&mut self, mail: &[u8], block: &[u8]) {
        if self.charset.is_empty() && std::str::from_utf8(block).is_err() {
            let named = charset::named_in(mail);
            self.charset = if named.is_empty() { charset::guess(mail).name().to_owned() } else { named };
        }
    }

    /// Returns the text of the first field of that name (lower case), decoded.
    pub fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| word::decode_in(value, &self.charset))
    }

    /// Returns the values of every `Authentication-Results`, the topmost first, with folds left in.
    pub fn authentications(&self) -> impl Iterator<Item = &[u8]> {
        self.authentications.iter().copied()
    }

    /// Returns the value of the first field of that name (lower case), without the space around it and with folds left in; `None` where
    /// it is missing.
    pub fn get<'s>(&'s self, name: &'s str) -> Option<&'s [u8]> {
        self.all(name).next()
    }

    /// Returns the values of every field of that name (lower case).
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s [u8]> {
        self.fields
            .iter()
            .filter(move |field| field.get_key_raw().trim_ascii_end().eq_ignore_ascii_case(name.as_bytes()))
            .map(|field| field.get_value_raw())
            .map(|value| slice(value, 0..value.len().min(VALUE_MAX)).trim_ascii())
    }

    /// Tells whether there is a field of that name (lower case).
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

/// Returns the value of a field where that is `Authentication-Results`; names that only begin so are others.
fn authentication(field: &[u8]) -> Option<&[u8]> {
    let (name, value) = field.split_at_checked(AUTHENTICATION.len())?;
    let value = value.trim_ascii_start().strip_prefix(b":")?;
    name.eq_ignore_ascii_case(AUTHENTICATION.as_bytes()).then_some(value)
}

fn is_passed_over(field: &[u8]) -> bool {
    PASSED_OVER
        .iter()
        .any(|name| field.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes())))
}

fn is_read(field: &[u8]) -> bool {
    let name = memchr::memchr(b':', slice(field, 0..field.len().min(64))).map(|colon| slice(field, 0..colon));
    name.is_some_and(|name| FIELDS_READ.iter().any(|read| name.trim_ascii_end().eq_ignore_ascii_case(read.as_bytes())))
}

/// Returns where the field ends that begins at `at`, past its folds.
fn field_end(block: &[u8], at: usize) -> usize {
    let mut end = line_end(block, at);
    while matches!(block.get(end), Some(b' ' | b'\t')) {
        end = line_end(block, end);
    }
    end
}

fn is_name(name: &[u8]) -> bool {
    !name.is_empty() && name.len() < 1024 && name.iter().all(|b| *b > b' ' && *b != 0x7f)
}

/// Tells whether a line is a field.
fn is_field(line: &[u8]) -> bool {
    memchr::memchr(b':', slice(line, 0..line.len().min(1024)))
        .is_some_and(|colon| is_name(slice(line, 0..colon).trim_ascii_end()))
}

/// Tells whether a line can stand in a header block: a field, a fold, or an mbox `From ` line.
pub(super) fn is_header_line(line: &[u8]) -> bool {
    if matches!(line.first(), Some(b' ' | b'\t')) {
        return true;
    }
    is_from_line(line) || is_field(line)
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
            if !is_field(next) && !chomp(next).is_empty() {
                return (start..at, at);
            }
        } else if !is_header_line(line) {
            return (start..start, start);
        }
        at = end;
    }
    (start..raw.len(), raw.len())
}
