//! Address lists (RFC 5322 section 3.4): `mailparse` reads those that are as they should be. The reader here takes what it refuses or loses:
//! names in comments, quotes never closed, encoded words with commas, addresses without an `@`.

use std::borrow::Cow;

use mailparse::MailAddr;

use super::lines::cut;
use super::{charset, word};
use crate::model::address::Address;

/// The most addresses kept of one field.
const KEPT_MAX: usize = 1_000;
/// The most bytes of a name or an address that are kept.
const PIECE_MAX: usize = 1_000;

/// A list and how long it was before it was cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// The first [`KEPT_MAX`].
    pub kept: Vec<Address>,
    /// How many there are in all.
    pub count: usize,
}

impl List {
    /// Reads one more field into the list, of a mail whose text is in that charset (empty where it is not known).
    pub fn read(&mut self, value: &[u8], charset: &str) {
        let text = match std::str::from_utf8(value) {
            Ok(text) if !text.contains('\u{1b}') => Cow::Borrowed(text),
            _ => charset::decode(value, charset).text,
        };
        if let Some(pieces) = sound(&text) {
            pieces.iter().for_each(|piece| self.push(piece));
            return;
        }
        let mut scan = Scan {
            list: self,
            chars: text.char_indices(),
            text: &text,
            piece: Piece::default(),
            quotes: true,
            parens: true,
        };
        scan.run();
    }

    fn push(&mut self, piece: &Piece) {
        self.count += 1;
        if self.kept.len() < KEPT_MAX {
            self.kept.push(address(piece));
        }
    }
}

/// Reads a list with `mailparse`; `None` where it can't, or reads what it was not made for. Encoded words are left in, to be decoded together:
/// programs cut characters in two between them.
fn sound(text: &str) -> Option<Vec<Piece>> {
    // It drops comments, and with them the names that old programs write there.
    if text.contains('(') {
        return None;
    }
    let folded = text.contains(['\r', '\n', '\t']);
    let flat = if folded { Cow::Owned(text.replace(['\r', '\n', '\t'], " ")) } else { Cow::Borrowed(text) };
    let list = mailparse::addrparse(&flat).ok()?.into_inner();
    let people = list.into_iter().flat_map(|entry| match entry {
        MailAddr::Group(group) => group.addrs,
        MailAddr::Single(single) => vec![single],
    });
    people
        .map(|person| {
            if person.addr.contains([',', '<', '"', ':', '?']) {
                return None;
            }
            Some(match person.display_name {
                Some(name) => Piece { phrase: name, angle: Some(person.addr), comment: String::new() },
                // `John Doe john@example.com` comes as one address.
                None => Piece { phrase: person.addr, ..Piece::default() },
            })
        })
        .collect()
}

/// What was read since the last comma.
#[derive(Default)]
struct Piece {
    phrase: String,
    angle: Option<String>,
    comment: String,
}

struct Scan<'l, 't> {
    list: &'l mut List,
    chars: std::str::CharIndices<'t>,
    text: &'t str,
    piece: Piece,
    /// Whether a closing quote or parenthesis can still come: looking for it from every opening one would be quadratic.
    quotes: bool,
    parens: bool,
}

impl Scan<'_, '_> {
    fn run(&mut self) {
        while let Some((at, c)) = self.chars.next() {
            match c {
                ',' | ';' => self.flush(),
                '"' => self.quote(),
                '(' => self.comment(),
                '<' => self.angle(),
                '>' => {}
                ':' if self.piece.angle.is_none() && self.is_group() => self.piece = Piece::default(),
                '=' if self.text.get(at..).is_some_and(|rest| rest.starts_with("=?")) => self.encoded(at),
                '\r' | '\n' | '\t' => self.piece.phrase.push(' '),
                _ => self.piece.phrase.push(c),
            }
        }
        self.flush();
    }

    fn rest(&self) -> &str {
        self.chars.as_str()
    }

    fn skip(&mut self, bytes: usize) {
        let rest = self.chars.as_str();
        let offset = self.text.len() - rest.len();
        let end = offset + bytes;
        while self.chars.offset() < end && self.chars.next().is_some() {}
    }

    /// A colon ends a group's name (or `mailto`), unless it stands in an address.
    fn is_group(&self) -> bool {
        !self.piece.phrase.contains('@')
    }

    fn quote(&mut self) {
        let mut inner = String::new();
        let mut escaped = false;
        let mut end = None;
        if self.quotes {
            for (at, c) in self.rest().char_indices() {
                match c {
                    _ if escaped => {
                        inner.push(c);
                        escaped = false;
                    }
                    '\\' => escaped = true,
                    '"' => {
                        end = Some(at + 1);
                        break;
                    }
                    '\r' | '\n' => {}
                    _ => inner.push(c),
                }
            }
            self.quotes = end.is_some();
        }
        let Some(end) = end else { return };
        self.skip(end);
        // A quoted local part: the address goes on behind it.
        if self.rest().starts_with('@') {
            self.piece.phrase.push('"');
            self.piece.phrase.push_str(&inner);
            self.piece.phrase.push('"');
        } else {
            self.piece.phrase.push_str(&inner);
        }
    }

    fn comment(&mut self) {
        let mut inner = String::new();
        let mut depth = 1usize;
        let mut end = None;
        if self.parens {
            for (at, c) in self.rest().char_indices() {
                match c {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    end = Some(at + 1);
                    break;
                }
                inner.push(c);
            }
            self.parens = end.is_some();
        }
        match end {
            Some(end) => {
                self.skip(end);
                if self.piece.comment.is_empty() {
                    self.piece.comment = inner;
                }
            }
            None => self.piece.phrase.push('('),
        }
    }

    fn angle(&mut self) {
        let rest = self.rest();
        // An address never closed ends at the next comma.
        let end = rest.find(['>', '<', ',']).unwrap_or(rest.len());
        let inner: String = rest.get(..end).unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
        self.skip(end);
        if self.piece.angle.as_ref().is_none_or(|known| !known.contains('@')) {
            self.piece.angle = Some(inner);
        }
    }

    /// An encoded word goes into the phrase whole: a comma inside is no separator.
    fn encoded(&mut self, at: usize) {
        let rest = self.text.get(at..).unwrap_or_default();
        let mut questions = rest.match_indices('?').map(|(at, _)| at).skip(2);
        let end = questions.next().and_then(|third| {
            let text = cut(rest.get(third + 1..)?, 1_000);
            text.find("?=").map(|end| third + 1 + end + 2)
        });
        match end {
            Some(end) if end <= 1_100 => {
                self.piece.phrase.push_str(rest.get(..end).unwrap_or_default());
                self.skip(end - 1);
            }
            _ => self.piece.phrase.push('='),
        }
    }

    fn flush(&mut self) {
        let piece = std::mem::take(&mut self.piece);
        if piece.phrase.trim().is_empty() && piece.angle.as_ref().is_none_or(String::is_empty) {
            return;
        }
        self.list.push(&piece);
    }
}

fn address(piece: &Piece) -> Address {
    let phrase = word::decode(cut(&piece.phrase, PIECE_MAX).as_bytes());
    let phrase = phrase.trim();
    match piece.angle.as_deref().map(email) {
        Some(found) if !found.is_empty() => Address::new(name(phrase), found),
        _ => bare(phrase, &piece.comment),
    }
}

/// An address without angle brackets; its name may stand in a comment, or the whole was inside an encoded word.
fn bare(phrase: &str, comment: &str) -> Address {
    if let Some((before, rest)) = phrase.split_once('<')
        && let Some((inner, _)) = rest.split_once('>')
        && inner.contains('@')
    {
        return Address::new(name(before.trim()), email(inner));
    }
    let comment = word::decode(cut(comment, PIECE_MAX).as_bytes());
    // A quoted local part may hold spaces.
    let quoted_local = phrase.starts_with('"') && phrase.contains("\"@");
    if !quoted_local && phrase.contains('@') && phrase.contains(' ') {
        // `John Doe john@example.com`, as some forms write it.
        if let Some((before, last)) = phrase.rsplit_once(' ')
            && last.contains('@')
            && !before.contains('@')
        {
            return Address::new(name(before), email(last));
        }
        let joined: String = phrase.chars().filter(|c| !c.is_whitespace()).collect();
        return Address::new(name(comment.trim()), email(&joined));
    }
    Address::new(name(comment.trim()), email(phrase))
}

fn name(text: &str) -> String {
    let text = text.trim().trim_matches(['"', '\'']).trim();
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        if !(c == ' ' && out.ends_with(' ')) {
            out.push(c);
        }
    }
    out
}

fn email(text: &str) -> String {
    let text = cut(text.trim(), PIECE_MAX).trim_matches(['<', '>']);
    let text = if text.contains("\"@") { text } else { text.trim_matches(['"', '\'']) };
    let text = text.strip_prefix("mailto:").or_else(|| text.strip_prefix("MAILTO:")).unwrap_or(text);
    // A source route (RFC 5322 section 4.4): `@relay,@relay:local@domain`.
    let text = match text.strip_prefix('@').and_then(|rest| rest.rsplit_once(':')) {
        Some((_, address)) => address,
        None => text,
    };
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
#[path = "address_tests.rs"]
mod tests;
