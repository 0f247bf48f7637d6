//! Addresses as people write them in a line: read without mending anything, checked, and written back.

use crate::model::address::Address;
use crate::model::phrase::Phrase;
use crate::model::text::{SafeText, in_quotes, is_direction_control};

/// The most bytes of an address (RFC 5321 section 4.5.3.1: 64 before the @, 255 behind it).
const BYTES_MAX: usize = 320;
/// Characters that can't be seen and part an address or hide in it.
const INVISIBLE: [char; 7] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{180e}'];

/// What is wrong with an address. Places are characters, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It has no @.
    NoAt,
    /// A second @ stands there.
    SecondAt(usize),
    /// White space stands there.
    Space(usize),
    /// This character can't stand there.
    Letter(char, usize),
    /// Something that can't be seen stands there.
    Invisible(usize),
    /// Nothing stands before the @.
    NoName,
    /// What stands behind the @ is no name of a server: empty, or with nothing between two dots.
    NoServer,
    /// It is longer than mail allows.
    TooLong,
}

impl Fault {
    /// Finds what is wrong with an address; `None` where it can be written to.
    pub fn of(email: &str) -> Option<Self> {
        let email = email.trim();
        if email.len() > BYTES_MAX {
            return Some(Fault::TooLong);
        }
        let (in_quotes, literal) = allowances(email);
        let mut at = None;
        for (n, c) in email.chars().enumerate() {
            match c {
                '@' if at.is_some() => return Some(Fault::SecondAt(n + 1)),
                '@' => at = Some(n),
                c if c.is_whitespace() => return Some(Fault::Space(n + 1)),
                c if c.is_control() || is_direction_control(c) || INVISIBLE.contains(&c) => {
                    return Some(Fault::Invisible(n + 1));
                }
                '"' | '\\' if in_quotes && at.is_none() => {}
                '[' | ']' | ':' if literal && at.is_some() => {}
                '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | ':' | '"' | '\\' => {
                    return Some(Fault::Letter(c, n + 1));
                }
                _ => {}
            }
        }
        let (local, domain) = email.split_once('@').unwrap_or((email, ""));
        match at {
            None => Some(Fault::NoAt),
            Some(_) if local.is_empty() => Some(Fault::NoName),
            Some(_) if domain.split('.').any(str::is_empty) => Some(Fault::NoServer),
            Some(_) => None,
        }
    }

    /// Returns what it says of that address, with what to do.
    pub fn phrase(self, email: &str) -> Phrase {
        // Long ones would hide what is said of them.
        let given = in_quotes(email.chars().take(80).collect::<String>());
        match self {
            Fault::NoAt => phrase!("address-no-at", given = given),
            Fault::SecondAt(at) => phrase!("address-second-at", given = given, at = at.to_string()),
            Fault::Space(at) => phrase!("address-space", given = given, at = at.to_string()),
            Fault::Letter(c, at) => {
                phrase!("address-letter", given = given, letter = c.to_string(), at = at.to_string())
            }
            Fault::Invisible(at) => phrase!("address-invisible", given = given, at = at.to_string()),
            Fault::NoName => phrase!("address-no-name", given = given),
            Fault::NoServer => phrase!("address-no-server", given = given),
            Fault::TooLong => phrase!("address-too-long", given = given),
        }
    }
}

/// Tells whether the part before the @ stands in quotes, and whether the part behind it is the number of a machine in brackets (RFC 5321
/// section 4.1.2): rare, and right.
fn allowances(email: &str) -> (bool, bool) {
    let (local, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let in_quotes = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
    (in_quotes, domain.starts_with('[') && domain.ends_with(']'))
}

/// Writes addresses as a list that [`parse_addresses`] reads back.
pub fn write_addresses(list: &[Address]) -> String {
    let one = |address: &Address| {
        let name = SafeText::line(address.name.trim());
        let email = SafeText::line(&address.email);
        if name.is_empty() {
            return email.to_string();
        }
        let plain = !name.as_str().contains(['"', ',', ';', '<', '>', '(', ')', '@', ':', '\\']);
        if plain {
            format!("{name} <{email}>")
        } else {
            format!("\"{}\" <{email}>", name.as_str().replace('\\', "\\\\").replace('"', "\\\""))
        }
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Reads addresses as people write them: `ana@x.example, "Berg, Jonas" <jonas@x.example>; li@x.example`. What is no address is kept as it
/// is, so that [`Fault`] can name it.
pub fn parse_addresses(text: &str) -> Vec<Address> {
    let mut list = Vec::new();
    let (mut item, mut in_quotes, mut escaped, mut angle) = (String::new(), false, false, false);
    for c in text.chars().chain(std::iter::once(',')) {
        if escaped {
            escaped = false;
            item.push(c);
            continue;
        }
        match c {
            '\\' if in_quotes => {
                escaped = true;
                item.push(c);
                continue;
            }
            '"' => in_quotes = !in_quotes,
            '<' if !in_quotes => angle = true,
            '>' if !in_quotes => angle = false,
            ',' | ';' | '\n' if !in_quotes && !angle => {
                list.extend(one_address(&item));
                item.clear();
                continue;
            }
            _ => {}
        }
        item.push(c);
    }
    // A quote that was never closed swallowed the comma at the end.
    list.extend(one_address(item.trim_end_matches(',')));
    list
}

fn one_address(item: &str) -> Option<Address> {
    let item = item.trim();
    if item.is_empty() {
        return None;
    }
    let angled = item.strip_suffix('>').and_then(|item| item.rsplit_once('<'));
    Some(match angled {
        Some((name, email)) => {
            let name = name.trim();
            let bare = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            let name = match bare {
                Some(bare) => bare.replace("\\\"", "\"").replace("\\\\", "\\"),
                None => name.to_owned(),
            };
            Address::new(name, email.trim())
        }
        None => Address::new("", item),
    })
}

#[cfg(test)]
#[path = "addresses_tests.rs"]
mod tests;
