//! Lines of a byte slice with their place. Mail ends its lines in CRLF, LF or, from very old programs, CR alone; everything above reads
//! lines through here, and nothing here allocates but [`unix_lines`].

use std::borrow::Cow;
use std::ops::Range;

use super::work::step;

/// Returns the bytes of a range, empty where it lies outside.
pub(super) fn slice(bytes: &[u8], range: Range<usize>) -> &[u8] {
    bytes.get(range).unwrap_or_default()
}

/// Returns what stands from `start` on.
pub(super) fn from(bytes: &[u8], start: usize) -> &[u8] {
    bytes.get(start..).unwrap_or_default()
}

/// Returns where the line that begins at `start` ends, past its LF.
pub(super) fn line_end(bytes: &[u8], start: usize) -> usize {
    match memchr::memchr(b'\n', from(bytes, start)) {
        Some(at) => start + at + 1,
        None => bytes.len(),
    }
}

/// Returns a line without its CR and LF.
pub(super) fn chomp(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Returns the mail with LF line ends where all it has are lone CRs; untouched otherwise.
pub(super) fn unix_lines(raw: &[u8]) -> Cow<'_, [u8]> {
    // Only the beginning decides, so that a mail with LF costs nothing.
    let head = slice(raw, 0..raw.len().min(64 * 1024));
    if head.contains(&b'\n') || !head.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.iter().map(|&b| if b == b'\r' { b'\n' } else { b }).collect())
}

/// Returns where `needle` first stands in `hay`.
pub(super) fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    let found = memchr::memmem::find(hay, needle);
    step(found.unwrap_or(hay.len()) + 1);
    found
}

/// Returns `text` cut to at most `max` bytes at a character's end.
pub(super) fn cut(text: &str, max: usize) -> &str {
    let mut end = max.min(text.len());
    while end > 0 && !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}
