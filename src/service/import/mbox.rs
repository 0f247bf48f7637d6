//! Reading an mbox, mail by mail, as real archives have them.
//!
//! The line in front of each mail begins with `From ` and names a time; programs differ in the rest (RFC 4155 appendix A, mboxo, mboxrd,
//! mboxcl, Thunderbird, Mailman, Takeout). A line of a text that begins so is told apart by what it lacks: a time, an empty line before it,
//! a header behind it. Where `Content-Length` says how long a mail is and a mail or the end follows there, that is believed.

mod held;

use std::io::{ErrorKind, Read};

use memchr::memmem;

use held::Held;

use super::is_field;
use crate::mime;
use crate::model::calendar::weekday;
use crate::model::clock::Timestamp;

/// The most bytes of a mail; what is longer is passed over.
pub const MAIL_MAX: usize = 128 << 20;

/// So much is read at a time.
const CHUNK: usize = 256 << 10;
/// So much is read behind a line in front of a mail to see what follows.
const AHEAD: usize = 2000;
/// A longer line in front of a mail is none.
const SEPARATOR_MAX: usize = 1000;

const FROM: &[u8] = b"From ";

/// What stands in an mbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A mail, without the marks that the mbox put on its lines.
    Mail {
        /// Its bytes.
        raw: Vec<u8>,
        /// The time that the line in front of it names.
        at: Option<Timestamp>,
    },
    /// One that is longer than [`MAIL_MAX`].
    TooLarge,
    /// What is no mail: it has no header, or stands in front of the first.
    Unreadable,
}

/// An mbox that is read.
pub struct Mbox<R> {
    input: R,
    /// What was read and not handed over. It begins with a line in front of a mail.
    buffer: Held,
    /// The number of the line that the buffer begins with, from 1.
    line: u64,
    ended: bool,
}

impl<R: Read> Mbox<R> {
    /// Begins to read; `begun` was read already.
    pub fn new(input: R, begun: Vec<u8>) -> Self {
        Self { input, buffer: Held::new(begun), line: 1, ended: false }
    }

    /// Returns the next entry with the number of its first line; `None` at the end.
    ///
    /// # Errors
    /// When it can't be read further.
    pub fn read_entry(&mut self) -> std::io::Result<Option<(u64, Entry)>> {
        self.skip_empty_lines()?;
        if self.buffer.is_empty() {
            return Ok(None);
        }
        let line = self.line;
        let (first, second) = (self.line_at(0)?, self.line_behind(0)?);
        let at = separator(&first, true, &second);
        if at.is_none() {
            // Bounded: what is no mail is not kept.
            self.pass_to_next(0)?;
            return Ok(Some((line, Entry::Unreadable)));
        }
        let begin = first.len();
        let Some((end, is_plain)) = self.end_of_mail(begin)? else {
            self.pass_to_next(begin)?;
            return Ok(Some((line, Entry::TooLarge)));
        };
        let raw = without_last_line_end(self.buffer.get(begin..end).unwrap_or_default());
        let raw = if is_plain { raw.to_vec() } else { unquoted(raw) };
        self.drop_front(end);
        let raw = without_second_separator(raw);
        let is_mail = raw.split(|byte| *byte == b'\n').next().is_some_and(is_field);
        let entry = if is_mail { Entry::Mail { raw, at: at.flatten() } } else { Entry::Unreadable };
        Ok(Some((line, entry)))
    }

    /// Finds where the mail ends that begins at `begin`, and whether its lines bear no marks; `None` where it is too large.
    fn end_of_mail(&mut self, begin: usize) -> std::io::Result<Option<(usize, bool)>> {
        if let Some(end) = self.end_by_length(begin)? {
            let body = self.buffer.get(begin..end).unwrap_or_default();
            return Ok(Some((end, memmem::find(body, b"\nFrom ").is_some())));
        }
        Ok(self.next_separator(begin, Some(MAIL_MAX))?.map(|end| (end, false)))
    }

    /// Finds the next line in front of a mail from `from` on, or the end; `None` where neither comes within `most` bytes.
    fn next_separator(&mut self, from: usize, most: Option<usize>) -> std::io::Result<Option<usize>> {
        let mut at = from;
        loop {
            let found = self.buffer.get(at..).and_then(|rest| memmem::find(rest, b"\nFrom ")).map(|found| at + found);
            let Some(found) = found else {
                if self.ended {
                    return Ok(Some(self.buffer.len()));
                }
                if most.is_some_and(|most| self.buffer.len().saturating_sub(from) > most) {
                    return Ok(None);
                }
                // A line can begin in what was read and end behind it.
                at = self.buffer.len().saturating_sub(FROM.len()).max(at);
                self.fill(self.buffer.len() + CHUNK)?;
                continue;
            };
            let (line, next) = (self.line_at(found + 1)?, self.line_behind(found + 1)?);
            let before = self.buffer.get(..found).unwrap_or_default();
            let is_behind_empty = before.ends_with(b"\n") || before.ends_with(b"\n\r");
            if separator(&line, is_behind_empty, &next).is_some() {
                return Ok(Some(found + 1));
            }
            at = found + 1;
        }
    }

    /// Finds where the mail ends by its `Content-Length`, where that leads to the next or to the end.
    fn end_by_length(&mut self, begin: usize) -> std::io::Result<Option<usize>> {
        let Some((header, length)) = self.content_length(begin)? else { return Ok(None) };
        let end = header.saturating_add(length);
        if end.saturating_sub(begin) > MAIL_MAX {
            return Ok(None);
        }
        self.fill(end.saturating_add(AHEAD))?;
        let Some(rest) = self.buffer.get(end..) else { return Ok(None) };
        let empty = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
        let is_end = self.ended && empty == rest.len();
        let behind = end + empty;
        let ends_line = self.buffer.get(..behind).is_some_and(|before| before.ends_with(b"\n"));
        let (line, next) = (self.line_at(behind)?, self.line_behind(behind)?);
        let is_next = ends_line && separator(&line, true, &next).is_some();
        Ok((is_end || is_next).then_some(behind))
    }

    /// Reads `Content-Length` of the header at `begin`; returns where the body begins too.
    fn content_length(&mut self, begin: usize) -> std::io::Result<Option<(usize, usize)>> {
        self.fill(begin.saturating_add(CHUNK))?;
        let window = self.buffer.get(begin..).unwrap_or_default();
        let window = window.get(..window.len().min(CHUNK)).unwrap_or_default();
        let unix = memmem::find(window, b"\n\n").map(|end| end + 2);
        // No farther than the other way of ending lines leads: the rest is text.
        let before = window.get(..unix.unwrap_or(window.len())).unwrap_or_default();
        let Some(end) = memmem::find(before, b"\r\n\r\n").map(|end| end + 4).or(unix) else { return Ok(None) };
        let header = window.get(..end).unwrap_or_default();
        let length = field(header, b"content-length:").and_then(|value| value.trim().parse().ok());
        Ok(length.map(|length| (begin + end, length)))
    }

    /// Drops everything up to the next line in front of a mail, without keeping it.
    fn pass_to_next(&mut self, from: usize) -> std::io::Result<()> {
        let mut from = from;
        loop {
            if let Some(end) = self.next_separator(from, Some(CHUNK))? {
                self.drop_front(end);
                return Ok(());
            }
            // What may be the beginning of a line stays.
            let last = memchr::memrchr(b'\n', &self.buffer).filter(|at| *at > 0);
            self.drop_front(last.unwrap_or(self.buffer.len().saturating_sub(1)));
            from = 0;
        }
    }

    fn skip_empty_lines(&mut self) -> std::io::Result<()> {
        loop {
            self.fill(AHEAD)?;
            let empty = self.buffer.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
            self.drop_front(empty);
            if empty == 0 || (self.buffer.is_empty() && self.ended) {
                return Ok(());
            }
        }
    }

    /// Returns the line at `at` with its end.
    fn line_at(&mut self, at: usize) -> std::io::Result<Vec<u8>> {
        self.fill(at.saturating_add(AHEAD))?;
        let rest = self.buffer.get(at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
        Ok(rest.get(..end.min(SEPARATOR_MAX)).unwrap_or_default().to_vec())
    }

    /// Returns the line behind the one at `at`.
    fn line_behind(&mut self, at: usize) -> std::io::Result<Vec<u8>> {
        let first = self.line_at(at)?;
        self.line_at(at + first.len())
    }

    /// Reads until the buffer holds so many bytes, or to the end.
    fn fill(&mut self, wanted: usize) -> std::io::Result<()> {
        while self.buffer.len() < wanted && !self.ended {
            self.ended = match self.buffer.read_from(&mut self.input, CHUNK) {
                Err(error) if error.kind() == ErrorKind::Interrupted => false,
                read => read? == 0,
            };
        }
        Ok(())
    }

    fn drop_front(&mut self, bytes: usize) {
        let bytes = bytes.min(self.buffer.len());
        let lines = memchr::memchr_iter(b'\n', self.buffer.get(..bytes).unwrap_or_default()).count();
        self.line = self.line.saturating_add(lines as u64);
        self.buffer.drop_front(bytes);
    }
}

/// Tells whether a line stands in front of a mail, and reads its time. `next` is the line behind it.
fn separator(line: &[u8], is_behind_empty: bool, next: &[u8]) -> Option<Option<Timestamp>> {
    let rest = line.strip_prefix(FROM).filter(|_| line.len() < SEPARATOR_MAX)?;
    let rest = String::from_utf8_lossy(rest);
    let words: Vec<&str> = rest.split_ascii_whitespace().collect();
    let before_header = is_field(next) || next.starts_with(b">From ");
    let at = time(&words);
    // Without a time only a sender tells that it is none of a text.
    let sender = words.first().is_some_and(|word| *word == "-" || *word == "MAILER-DAEMON" || word.contains('@'));
    let stands = match at {
        Some(_) => is_behind_empty || before_header,
        None => is_behind_empty && before_header && sender && words.len() < 10,
    };
    stands.then_some(at)
}

/// Reads the time from the first word on that names a day of the week.
fn time(words: &[&str]) -> Option<Timestamp> {
    let is_day = |word: &&str| matches!(word.trim_end_matches(','), day if day.len() == 3 && weekday(day).is_some());
    let begin = words.iter().position(is_day)?;
    let rest = words.get(begin..)?;
    let text = rest.join(" ");
    if rest.len() > 8 || !text.contains(':') {
        return None;
    }
    mime::date(text.as_bytes())
}

/// Returns the value of a field of a header; `name` is in lower case, with its colon.
pub fn field(header: &[u8], name: &[u8]) -> Option<String> {
    let is_it = |line: &&[u8]| line.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
    let line = header.split(|byte| *byte == b'\n').find(is_it)?;
    Some(String::from_utf8_lossy(line.get(name.len()..)?).trim().to_owned())
}

/// The mbox ends each mail with an empty line.
fn without_last_line_end(raw: &[u8]) -> &[u8] {
    let shorter = raw.strip_suffix(b"\r\n").or_else(|| raw.strip_suffix(b"\n"));
    shorter.filter(|rest| rest.is_empty() || rest.ends_with(b"\n")).unwrap_or(raw)
}

/// Takes one `>` off each line that begins with several and `From `.
fn unquoted(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let is_quoted = marks > 0 && line.get(marks..).is_some_and(|rest| rest.starts_with(FROM));
        out.extend_from_slice(line.get(usize::from(is_quoted)..).unwrap_or_default());
    }
    out
}

/// Some programs leave such a line, quoted or not, as the first of the header.
fn without_second_separator(mut raw: Vec<u8>) -> Vec<u8> {
    while raw.starts_with(FROM) || raw.starts_with(b">From ") {
        let end = memchr::memchr(b'\n', &raw).map_or(raw.len(), |end| end + 1);
        raw.drain(..end);
    }
    raw
}

#[cfg(test)]
#[path = "mbox_tests.rs"]
mod tests;
