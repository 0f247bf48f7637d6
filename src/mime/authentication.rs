//! What servers found out about the sender of a mail (`Authentication-Results`, RFC 8601), as far as it says for or against the domain of
//! `From`. Anybody can write such a field: whoever reads this must know which server to believe.

use super::lines::slice;
use crate::model::message::Vouch;

/// The most servers that are read.
const SERVERS_MAX: usize = 20;
/// The most domains that are kept of one server, each way.
const DOMAINS_MAX: usize = 20;
/// The most bytes of one field that are read; real ones have some 500.
const FIELD_MAX: usize = 16 * 1024;
/// The most bytes of a domain or of the name of a server (RFC 1035 section 2.3.4).
const NAME_MAX: usize = 255;

/// Reads the fields of a header block, the topmost first. Of each server only its topmost field counts: what stands below it was there
/// when the mail came to the server (RFC 8601 section 5).
pub(super) fn of<'a>(fields: impl Iterator<Item = &'a [u8]>) -> Vec<Vouch> {
    let mut all: Vec<Vouch> = Vec::new();
    for field in fields {
        if all.len() >= SERVERS_MAX {
            break;
        }
        let text = String::from_utf8_lossy(slice(field, 0..field.len().min(FIELD_MAX)));
        if let Some(vouch) = read(&text)
            && !all.iter().any(|above| above.by == vouch.by)
        {
            all.push(vouch);
        }
    }
    all.retain(|vouch| !vouch.passed.is_empty() || !vouch.failed.is_empty());
    all
}

/// Reads one field; `None` where it names no server. Of a version that is not known only the server is read.
fn read(text: &str) -> Option<Vouch> {
    let mut scan = Scan { rest: text };
    let mut parts = std::iter::from_fn(|| scan.part());
    let server = parts.next()?;
    let (by, version) = match server.as_slice() {
        [Piece { name, value: None }] => (name, None),
        [Piece { name, value: None }, Piece { name: version, value: None }] => (name, Some(version)),
        _ => return None,
    };
    let by = by.to_lowercase();
    if by.is_empty() || by.len() > NAME_MAX {
        return None;
    }
    let mut vouch = Vouch { by, ..Vouch::default() };
    if version.is_none_or(|version| version == "1") {
        parts.for_each(|result| note(&result, &mut vouch));
    }
    Some(vouch)
}

/// Notes one result: `dkim=pass header.d=example.com`. Other methods say nothing of `From`, other results neither yes nor no.
fn note(result: &[Piece], vouch: &mut Vouch) {
    let Some((Piece { name, value: Some(outcome) }, properties)) = result.split_first() else { return };
    let method = name.split('/').next().unwrap_or_default();
    let property = |wanted: &str| {
        let named = properties.iter().find(|piece| piece.name.eq_ignore_ascii_case(wanted));
        named.and_then(|piece| domain(piece.value.as_deref()?))
    };
    let of = if method.eq_ignore_ascii_case("dkim") {
        property("header.d").or_else(|| property("header.i"))
    } else if method.eq_ignore_ascii_case("dmarc") {
        property("header.from")
    } else {
        None
    };
    let list = if outcome.eq_ignore_ascii_case("pass") {
        &mut vouch.passed
    } else if outcome.eq_ignore_ascii_case("fail") {
        &mut vouch.failed
    } else {
        return;
    };
    if let Some(domain) = of.filter(|domain| list.len() < DOMAINS_MAX && !list.contains(domain)) {
        list.push(domain);
    }
}

/// Returns the domain of a value, which may be an address.
fn domain(value: &str) -> Option<String> {
    let domain = value.rsplit('@').next().unwrap_or_default().trim_end_matches('.').to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    let plain = !domain.is_empty() && domain.len() <= NAME_MAX && !domain.starts_with('.') && domain.chars().all(fits);
    plain.then_some(domain)
}

/// A word, or `name=value`.
#[derive(Debug, PartialEq, Eq)]
struct Piece {
    name: String,
    value: Option<String>,
}

/// What is still to be read of a field.
struct Scan<'a> {
    rest: &'a str,
}

impl Scan<'_> {
    /// Reads up to the next semicolon; `None` at the end.
    fn part(&mut self) -> Option<Vec<Piece>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut pieces = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                None => return Some(pieces),
                Some(';') => {
                    self.next();
                    return Some(pieces);
                }
                Some(_) => {}
            }
            let name = self.word(&[';', '=']);
            self.skip();
            let value = (self.peek() == Some('=')).then(|| {
                self.next();
                self.skip();
                // Addresses and signatures have equals signs of their own.
                self.word(&[';'])
            });
            pieces.push(Piece { name, value });
        }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Passes over white space and comments, which nest (RFC 5322 section 3.2.2).
    fn skip(&mut self) {
        let mut depth = 0usize;
        while let Some(c) = self.peek() {
            match c {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                '\\' if depth > 0 => drop(self.next()),
                c if depth > 0 || c.is_ascii_whitespace() => {}
                _ => return,
            }
            self.next();
        }
    }

    /// Reads a word up to white space, a comment or one of `ends`; what is quoted is part of it as it stands.
    fn word(&mut self, ends: &[char]) -> String {
        let mut word = String::new();
        let mut quoted = false;
        while let Some(c) = self.peek() {
            match c {
                '"' => quoted = !quoted,
                '\\' if quoted => {
                    self.next();
                    word.extend(self.peek());
                }
                c if !quoted && (c.is_ascii_whitespace() || c == '(' || ends.contains(&c)) => break,
                c => word.push(c),
            }
            self.next();
        }
        word
    }
}

#[cfg(test)]
#[path = "authentication_tests.rs"]
mod tests;
