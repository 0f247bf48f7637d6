//! Web addresses that stand in the text of a mail. They are only found here; nothing is ever fetched.

use std::collections::HashSet;

use super::html::link;
use crate::model::message::{Link, Readable};
use crate::model::text::SafeText;

/// The most addresses of a mail.
const MAX: usize = 200;

/// Finds the web addresses in the text and the quotes of a mail, each once, without those that are among its links.
pub(super) fn addresses(readable: &Readable) -> Vec<Link> {
    let known = readable.links.iter().map(|link| link.target.as_str()).collect();
    in_lines(readable.blocks.iter().flat_map(|block| block.lines()).map(SafeText::as_str), known)
}

/// Finds the web addresses of a text, each once.
pub(super) fn in_text(text: &str) -> Vec<Link> {
    in_lines(text.lines(), HashSet::new())
}

fn in_lines<'t>(lines: impl Iterator<Item = &'t str>, mut known: HashSet<&'t str>) -> Vec<Link> {
    let fresh = lines.flat_map(in_line).filter(|target| known.insert(target));
    fresh.take(MAX).map(|target| link::make(0, target, "").0).collect()
}

/// Finds the web addresses of a line, as a reader would see where each ends.
fn in_line(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(colon) = rest.find("://") {
        let (before, after) = rest.split_at(colon);
        let scheme = ["https", "http"].into_iter().find(|scheme| ends_with_word(before, scheme));
        let length = after.find(ends_address).unwrap_or(after.len());
        let address = scheme.and_then(|scheme| rest.get(colon - scheme.len()..colon + length)).map(trimmed);
        found.extend(address.filter(|address| !address.ends_with("://")));
        rest = after.get(length.max(3)..).unwrap_or_default();
    }
    found
}

/// Tells whether `text` ends with `scheme`, and not with a longer word.
fn ends_with_word(text: &str, scheme: &str) -> bool {
    let Some(start) = text.len().checked_sub(scheme.len()) else { return false };
    let (Some(head), Some(tail)) = (text.get(..start), text.get(start..)) else { return false };
    tail.eq_ignore_ascii_case(scheme) && !head.ends_with(|c: char| c.is_ascii_alphanumeric())
}

fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '<' | '>' | '"' | '`' | '«' | '»' | '“' | '”' | '，' | '。' | '、' | '）' | '」' | '】')
}

/// Takes off what belongs to the sentence: its punctuation, and a bracket that was opened before the address.
fn trimmed(address: &str) -> &str {
    let mut address = address;
    loop {
        let open = |open: char, close: char| address.matches(open).count() < address.matches(close).count();
        let shorter = match address.chars().next_back() {
            Some('.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_') => true,
            Some(')') => open('(', ')'),
            Some(']') => open('[', ']'),
            Some('}') => open('{', '}'),
            _ => false,
        };
        match address.char_indices().next_back() {
            Some((at, _)) if shorter => address = address.get(..at).unwrap_or_default(),
            _ => return address,
        }
    }
}

#[cfg(test)]
#[path = "web_tests.rs"]
mod tests;
