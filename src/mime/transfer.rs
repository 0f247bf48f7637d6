//! Content transfer encodings (RFC 2045 section 6) and uuencode. Decoders take what they can and pass over the rest.

use std::borrow::Cow;

use data_encoding::BASE64_MIME_PERMISSIVE;

use super::lines::{chomp, line_end, slice};

/// How a part's bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Transfer {
    /// 7bit, 8bit, binary, or a name nobody knows.
    #[default]
    Plain,
    /// base64.
    Base64,
    /// quoted-printable.
    Quoted,
    /// x-uuencode and its spellings.
    Uu,
}

impl Transfer {
    /// Reads `Content-Transfer-Encoding`.
    pub fn of(value: &[u8]) -> Self {
        let text = String::from_utf8_lossy(slice(value, 0..value.len().min(80))).to_ascii_lowercase();
        let word = text.split([';', '(']).next().unwrap_or_default();
        match word.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '.' | ':')) {
            "base64" | "base-64" | "b" => Transfer::Base64,
            "quoted-printable" | "quotedprintable" | "quoted_printable" | "q" => Transfer::Quoted,
            "x-uuencode" | "uuencode" | "x-uue" | "uue" => Transfer::Uu,
            _ => Transfer::Plain,
        }
    }

    /// Returns the name by which a header gives it.
    pub fn name(self) -> &'static str {
        match self {
            Transfer::Plain => "binary",
            Transfer::Base64 => "base64",
            Transfer::Quoted => "quoted-printable",
            Transfer::Uu => "x-uuencode",
        }
    }

    /// Decodes a body.
    pub fn decode(self, body: &[u8]) -> Cow<'_, [u8]> {
        match self {
            Transfer::Plain => Cow::Borrowed(body),
            Transfer::Base64 => Cow::Owned(base64(body)),
            Transfer::Quoted if !body.contains(&b'=') => Cow::Borrowed(body),
            Transfer::Quoted => Cow::Owned(quoted(body, false)),
            Transfer::Uu => match uu_find(body) {
                Some(block) => Cow::Owned(uu_decode(slice(body, block.data))),
                None => Cow::Borrowed(body),
            },
        }
    }

    /// Returns how long the decoded body is.
    pub fn decoded_len(self, body: &[u8]) -> u64 {
        let counted = if self == Transfer::Base64 { whole_base64_len(body) } else { None };
        u64::try_from(counted.unwrap_or_else(|| self.decode(body).len())).unwrap_or(u64::MAX)
    }
}

/// Counts what base64 that is whole stands for, without decoding it: of an attachment of 100 MB that took 48 MiB more, to say how large it
/// is. `None` where anything is amiss.
fn whole_base64_len(body: &[u8]) -> Option<usize> {
    let end = body.iter().rposition(|byte| !matches!(byte, b'=' | b'\r' | b'\n')).map_or(0, |last| last + 1);
    let mut digits = 0;
    for byte in slice(body, 0..end) {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => digits += 1,
            b'\r' | b'\n' => {}
            _ => return None,
        }
    }
    let padding = slice(body, end..body.len()).iter().filter(|byte| **byte == b'=').count();
    (padding < 3 && (digits + padding) % 4 == 0).then_some(digits * 3 / 4)
}

/// Decodes base64. Where it is broken, what is no digit is passed over, and text after padding begins anew (some programs join encoded
/// pieces).
pub(super) fn base64(body: &[u8]) -> Vec<u8> {
    if let Ok(bytes) = BASE64_MIME_PERMISSIVE.decode(body) {
        return bytes;
    }
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let mut digits = Vec::with_capacity(body.len() + 3);
    for piece in body.split(|b| *b == b'=').filter(|piece| !piece.is_empty()) {
        digits.clear();
        digits.extend(piece.iter().filter_map(|b| match b {
            // The URL alphabet, as some programs write it.
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(*b),
            _ => Some(*b).filter(u8::is_ascii_alphanumeric),
        }));
        match digits.len() % 4 {
            0 => {}
            1 => digits.truncate(digits.len() - 1),
            over => digits.resize(digits.len() + 4 - over, b'='),
        }
        out.extend(BASE64_MIME_PERMISSIVE.decode(&digits).unwrap_or_default());
    }
    out
}

/// Decodes quoted-printable (RFC 2045 section 6.7). The `quoted_printable` crate is not used: it drops bytes over 127, which much mail has
/// unencoded, cuts white space off line ends, and makes every line end CRLF, in attachments too. With `word` it is the Q encoding of headers (RFC 2047 section 4.2).
pub(super) fn quoted(body: &[u8], word: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr2(b'=', if word { b'_' } else { b'=' }, rest) {
        out.extend_from_slice(slice(rest, 0..at));
        let b = rest.get(at).copied();
        let tail = rest.get(at + 1..).unwrap_or_default();
        rest = tail;
        match b {
            Some(b'_') => out.push(b' '),
            _ => match (tail.first().copied().and_then(hex), tail.get(1).copied().and_then(hex)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = tail.get(2..).unwrap_or_default();
                }
                _ => match soft_break(tail) {
                    Some(after) if !word => rest = after,
                    _ => out.push(b'='),
                },
            },
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Returns what stands behind a soft line break: `=`, white space that a relay added, and the line end or the end of all.
fn soft_break(tail: &[u8]) -> Option<&[u8]> {
    let blank = tail.iter().take(80).take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
    let after = tail.get(blank..)?;
    if after.is_empty() { Some(after) } else { after.strip_prefix(b"\n") }
}

fn hex(b: u8) -> Option<u8> {
    match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'A'..=b'F' => Some(b - b'A' + 10),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    }
}

/// A uuencoded file inside a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UuBlock {
    /// From the `begin` line to past the `end` line.
    pub whole: std::ops::Range<usize>,
    /// The encoded lines.
    pub data: std::ops::Range<usize>,
    /// The name on the `begin` line.
    pub name: Vec<u8>,
}

/// Finds the first uuencoded file. `begin` at a line's start is not enough, as a sentence can begin so: a mode and a name must follow,
/// and a line of the right length.
pub(super) fn uu_find(body: &[u8]) -> Option<UuBlock> {
    let mut at = 0;
    while at < body.len() {
        let end = line_end(body, at);
        let line = slice(body, at..end);
        if line.starts_with(b"begin ")
            && let Some(name) = uu_name(chomp(line))
            && uu_line(chomp(slice(body, end..line_end(body, end))))
        {
            let mut line_at = end;
            while line_at < body.len() {
                let line_stop = line_end(body, line_at);
                let line = chomp(slice(body, line_at..line_stop));
                if line.trim_ascii() == b"end" {
                    return Some(UuBlock { whole: at..line_stop, data: end..line_at, name });
                }
                if !uu_line(line) && !line.is_empty() {
                    break;
                }
                line_at = line_stop;
            }
            return Some(UuBlock { whole: at..line_at, data: end..line_at, name });
        }
        at = end;
    }
    None
}

fn uu_name(line: &[u8]) -> Option<Vec<u8>> {
    let rest = line.strip_prefix(b"begin ")?.trim_ascii();
    let mode = rest.iter().take_while(|b| matches!(b, b'0'..=b'7')).count();
    let name = rest.get(mode..)?;
    ((3..=4).contains(&mode) && name.first() == Some(&b' ') && name.len() < 1024).then(|| name.trim_ascii().to_vec())
}

/// Tells whether a line is uuencoded: its first byte gives the length of the rest.
fn uu_line(line: &[u8]) -> bool {
    let Some((&first, data)) = line.split_first() else { return false };
    if !(b' '..=b'`').contains(&first) || data.iter().any(|b| !(b' '..=b'`').contains(b)) {
        return false;
    }
    let bytes = usize::from((first - b' ') & 63);
    let chars = bytes.div_ceil(3) * 4;
    data.len() <= chars + 2 && data.len() + 4 >= chars.min(61)
}

/// Decodes the lines of a uuencoded file.
pub(super) fn uu_decode(data: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() / 4 * 3);
    let mut at = 0;
    while at < data.len() {
        let end = line_end(data, at);
        if let Some((&first, line)) = chomp(slice(data, at..end)).split_first() {
            let want = usize::from(first.wrapping_sub(b' ') & 63);
            let before = out.len();
            for group in line.chunks(4) {
                let held = (0..4).fold(0u32, |held, n| {
                    held << 6 | u32::from(group.get(n).copied().unwrap_or(b' ').wrapping_sub(b' ') & 63)
                });
                let [_, a, b, c] = held.to_be_bytes();
                out.extend_from_slice(&[a, b, c]);
            }
            out.truncate(out.len().min(before + want));
        }
        at = end;
    }
    out
}

#[cfg(test)]
#[path = "transfer_tests.rs"]
mod tests;
