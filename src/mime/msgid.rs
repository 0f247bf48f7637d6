//! Message-IDs in `Message-ID`, `References` and `In-Reply-To` (RFC 5322 section 3.6.4), and the talk that stands between them.

use super::lines::slice;
use crate::model::ids::MessageId;

/// How many of the oldest references are kept.
const OLDEST: usize = 16;
/// How many of the newest references are kept.
const NEWEST: usize = 48;
/// The most bytes of a field that are read.
const FIELD_MAX: usize = 256 * 1024;

/// The ids of a field and whether other words stand around them.
fn bracketed(value: &[u8]) -> (Vec<MessageId>, bool) {
    let text = String::from_utf8_lossy(slice(value, 0..value.len().min(FIELD_MAX)));
    let mut ids = Vec::new();
    let mut talk = false;
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('<') {
        talk |= before.chars().any(char::is_alphanumeric);
        let end = after.find(['>', '<']).unwrap_or(after.len());
        if let Some(id) = after.get(..end).and_then(MessageId::new) {
            ids.push(id);
        }
        rest = after.get(end..).unwrap_or_default();
        rest = rest.strip_prefix('>').unwrap_or(rest);
    }
    talk |= rest.chars().any(char::is_alphanumeric);
    (ids, talk)
}

/// Reads `Message-ID`: the first id, or the whole value where no brackets stand.
pub(super) fn one(value: &[u8]) -> Option<MessageId> {
    let (ids, _) = bracketed(value);
    ids.into_iter().next().or_else(|| {
        let text = String::from_utf8_lossy(slice(value, 0..value.len().min(FIELD_MAX)));
        MessageId::new(&text)
    })
}

/// Reads `References`: every id, oldest first, each once, bounded to the first 16 and the last 48.
pub(super) fn references(value: &[u8]) -> Vec<MessageId> {
    let (mut ids, _) = bracketed(value);
    if ids.is_empty() {
        ids = loose(value);
    }
    let mut seen = std::collections::HashSet::new();
    ids.retain(|id| seen.insert(id.clone()));
    if ids.len() > OLDEST + NEWEST {
        ids.drain(OLDEST..ids.len() - NEWEST);
    }
    ids
}

/// Reads `In-Reply-To`. Old programs wrote `Your message of "Mon, 1 Jan" <id>` or `Message from Joe <joe@example.com> of Monday <id>`: with
/// talk around them only the last of several is taken, and an address in talk is no id.
pub(super) fn in_reply_to(value: &[u8]) -> Vec<MessageId> {
    let (mut ids, talk) = bracketed(value);
    if ids.is_empty() {
        let loose = loose(value);
        return if loose.len() == 1 { loose } else { Vec::new() };
    }
    if talk && ids.len() > 1 {
        ids.drain(..ids.len() - 1);
    }
    ids.truncate(NEWEST);
    ids.dedup();
    ids
}

/// Ids without brackets: words with an `@`. Words without one mean that it is talk.
fn loose(value: &[u8]) -> Vec<MessageId> {
    let text = String::from_utf8_lossy(slice(value, 0..value.len().min(FIELD_MAX)));
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
    if words.iter().any(|word| !word.contains('@')) {
        return Vec::new();
    }
    words.into_iter().filter_map(MessageId::new).collect()
}

#[cfg(test)]
#[path = "msgid_tests.rs"]
mod tests;
