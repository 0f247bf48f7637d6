//! Reads FETCH responses (RFC 3501 section 7.4.2). Pure.
//!
//! A reader of our own, because items that nobody asked for, odd flags or a wrong date must not cost the message, and because the
//! literals are no longer in the line: each stands there as a NUL byte, which no line from outside can hold.

use super::envelope;
use crate::model::calendar;
use crate::model::clock::Timestamp;

/// What one FETCH response told of one message. What was not told is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The sequence number.
    pub seq: u32,
    /// The UID; 0 where an unasked-for response left it out.
    pub uid: u32,
    /// The flags and keywords as the server spells them.
    pub flags: Option<Vec<String>>,
    /// INTERNALDATE: when the server took the message in.
    pub date: Option<Timestamp>,
    /// RFC822.SIZE in bytes: what the server claims, which can be wrong.
    pub size: Option<u64>,
    /// MODSEQ (RFC 7162 section 3.1.3).
    pub modseq: Option<u64>,
    /// `BODY[]`: the mail, or a part of it where a range was asked for.
    pub body: Option<Vec<u8>>,
    /// `BODY[HEADER]` or `BODY[HEADER.FIELDS (…)]`, or its beginning where a range was asked for.
    pub header: Option<Vec<u8>>,
    /// ENVELOPE, written as the header fields that it was read from.
    pub envelope: Option<Vec<u8>>,
}

/// A value as IMAP writes it.
pub(super) enum Value {
    Text(Vec<u8>),
    List(Vec<Value>),
    Nil,
}

impl Value {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Value::Text(bytes) => std::str::from_utf8(bytes).ok(),
            Value::List(_) | Value::Nil => None,
        }
    }

    fn into_bytes(self) -> Option<Vec<u8>> {
        match self {
            Value::Text(bytes) => Some(bytes),
            // An empty body may come as NIL.
            Value::Nil => Some(Vec::new()),
            Value::List(_) => None,
        }
    }

    pub(super) fn number<T: std::str::FromStr>(&self) -> Option<T> {
        match self {
            Value::List(inner) => inner.first()?.number(),
            other => other.text()?.parse().ok(),
        }
    }
}

/// Lists nest in body structures; deeper than this is an attack on the stack.
const DEPTH: usize = 32;

/// Reads values one behind the other.
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    literals: std::vec::IntoIter<Vec<u8>>,
}

impl<'a> Cursor<'a> {
    /// Begins at the beginning of `rest`, in which each literal is a NUL.
    pub(super) fn new(rest: &'a [u8], literals: Vec<Vec<u8>>) -> Self {
        Self { rest, literals: literals.into_iter() }
    }

    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    fn bump(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(|b| b == b' ' || b == b'\r' || b == b'\n') {
            self.bump();
        }
    }

    fn take_while(&mut self, keep: impl Fn(u8) -> bool) -> Vec<u8> {
        let n = self.rest.iter().position(|b| !keep(*b)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(n);
        self.rest = rest;
        taken.to_vec()
    }

    /// The name of an item, with its section and offset: `BODY[HEADER.FIELDS (MESSAGE-ID)]<0>`.
    fn key(&mut self) -> Option<String> {
        self.skip_blanks();
        let mut key = self.take_while(|b| !b" []()\0".contains(&b));
        if self.peek() == Some(b'[') {
            key.extend(self.take_while(|b| b != b']'));
            key.push(self.bump()?);
            key.extend(self.take_while(|b| !b" ()\0".contains(&b)));
        }
        (!key.is_empty()).then(|| String::from_utf8_lossy(&key).to_ascii_uppercase())
    }

    /// Reads the next value; `None` at the end, or where there is none.
    pub(super) fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_blanks();
        match self.peek()? {
            b'\0' => {
                self.bump();
                self.literals.next().map(Value::Text)
            }
            b'"' => self.quoted(),
            b'(' if depth < DEPTH => {
                self.bump();
                let mut inner = Vec::new();
                loop {
                    self.skip_blanks();
                    if self.peek()? == b')' {
                        self.bump();
                        return Some(Value::List(inner));
                    }
                    inner.push(self.value(depth + 1)?);
                }
            }
            b'(' | b')' => None,
            _ => {
                let atom = self.take_while(|b| !b" ()\"\0\r\n".contains(&b));
                if atom.is_empty() {
                    return None;
                }
                Some(if atom.eq_ignore_ascii_case(b"NIL") { Value::Nil } else { Value::Text(atom) })
            }
        }
    }

    fn quoted(&mut self) -> Option<Value> {
        self.bump();
        let mut text = Vec::new();
        loop {
            match self.bump()? {
                b'"' => return Some(Value::Text(text)),
                b'\\' => text.push(self.bump()?),
                byte => text.push(byte),
            }
        }
    }
}

/// Returns the sequence number and the rest of the line after `FETCH`, where the line is a FETCH response.
pub(super) fn is_fetch(line: &[u8]) -> Option<(u32, &[u8])> {
    let rest = line.strip_prefix(b"* ")?;
    let digits = rest.iter().position(|b| !b.is_ascii_digit())?;
    let (number, rest) = rest.split_at(digits);
    let (word, rest) = rest.split_at_checked(7)?;
    if !word.eq_ignore_ascii_case(b" FETCH ") {
        return None;
    }
    Some((std::str::from_utf8(number).ok()?.parse().ok()?, rest))
}

/// Reads a line of a server, in which each literal is a NUL; `None` where it is no FETCH response.
pub fn read(line: &[u8], literals: Vec<Vec<u8>>) -> Option<Fetched> {
    let (seq, rest) = is_fetch(line)?;
    Some(parse(seq, rest, literals))
}

/// Reads a FETCH response. What can't be read ends the reading; what was read before it is kept.
pub(super) fn parse(seq: u32, rest: &[u8], literals: Vec<Vec<u8>>) -> Fetched {
    let mut fetched = Fetched { seq, ..Fetched::default() };
    let mut cursor = Cursor::new(rest, literals);
    cursor.skip_blanks();
    if cursor.bump() != Some(b'(') {
        return fetched;
    }
    while let Some(key) = cursor.key() {
        let Some(value) = cursor.value(0) else { break };
        match key.as_str() {
            "UID" => fetched.uid = value.number().unwrap_or(0),
            "RFC822.SIZE" => fetched.size = value.number(),
            "MODSEQ" => fetched.modseq = value.number(),
            "INTERNALDATE" => fetched.date = value.text().and_then(internal_date),
            "FLAGS" => {
                if let Value::List(flags) = &value {
                    fetched.flags = Some(flags.iter().filter_map(|f| f.text().map(str::to_owned)).collect());
                }
            }
            "RFC822" | "BODY[]" => fetched.body = value.into_bytes(),
            "RFC822.HEADER" => fetched.header = value.into_bytes(),
            "ENVELOPE" => fetched.envelope = envelope::header(&value),
            key if key.starts_with("BODY[]<") => fetched.body = value.into_bytes(),
            key if key.starts_with("BODY[HEADER") => fetched.header = value.into_bytes(),
            _ => {}
        }
    }
    fetched
}

/// Reads `17-Jul-1996 02:44:25 -0700` (RFC 3501 section 9, date-time).
pub fn internal_date(text: &str) -> Option<Timestamp> {
    let mut words = text.split_ascii_whitespace();
    let (date, time, zone) = (words.next()?, words.next()?, words.next().unwrap_or("+0000"));
    let mut date = date.splitn(3, '-');
    let day: i8 = date.next()?.parse().ok()?;
    let month = calendar::month(date.next().filter(|name| name.len() == 3)?)?;
    let year: i16 = date.next()?.parse().ok()?;
    let mut time = time.splitn(3, ':').map(|part| part.parse::<i8>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??.min(59));
    let moment = jiff::civil::DateTime::new(year, month, day, hour, minute, second, 0).ok()?;
    let (sign, digits) = zone.split_at_checked(1)?;
    let zone: i64 = digits.parse().ok().filter(|zone| (0..=9999).contains(zone))?;
    let offset = (zone / 100 * 60 + zone % 100) * 60 * if sign == "-" { -1 } else { 1 };
    let utc = moment.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    Some(Timestamp::from_seconds(utc.checked_sub(offset)?))
}

/// Writes a moment as IMAP wants it in APPEND, in UTC.
pub fn to_internal_date(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_second(at.seconds()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    moment.strftime("%d-%b-%Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
#[path = "fetched_tests.rs"]
mod tests;
