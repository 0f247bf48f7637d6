//! The headers that a mail is known by before its body is there.

use super::header::{self, Headers};
use super::lines::{chomp, cut, line_end, slice};
use super::{address, authentication, date, msgid, origin};
use crate::model::address::Address;
use crate::model::ids::MessageId;
use crate::model::message::Envelope;

/// The most characters of a subject that are kept.
const SUBJECT_MAX: usize = 2_000;
/// The most addresses of rewritten mail that are kept.
const ORIGINAL_MAX: usize = 10;
/// The most bytes of a `List-Id` that are read; RFC 2919 section 2 allows 255 characters.
const LIST_ID_MAX: usize = 1_000;

/// Reads the envelope of a header block.
pub(super) fn of(block: &[u8], headers: &Headers<'_>) -> Envelope {
    let subject = subject(headers);
    let from = list(headers, "from");
    let to = list(headers, "to");
    let cc = list(headers, "cc");
    let sender = list(headers, "sender").kept.into_iter().next();
    let sender = sender.filter(|sender| !from.kept.iter().any(|author| author.key() == sender.key()));
    let mut delivered = address::List::default();
    for name in ["delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to"] {
        headers.all(name).take(50).for_each(|value| delivered.read(value, &headers.charset));
    }
    let mut delivered_to = delivered.kept;
    let mut seen = std::collections::HashSet::new();
    delivered_to.retain(|address| address.email.contains('@') && seen.insert(address.key()));
    let verdict = origin::of(headers, &subject, &from.kept, None);
    Envelope {
        message_id: Some(headers.get("message-id").and_then(msgid::one).unwrap_or_else(|| derived(block))),
        in_reply_to: headers.get("in-reply-to").map(msgid::in_reply_to).unwrap_or_default(),
        references: headers.get("references").map(msgid::references).unwrap_or_default(),
        subject,
        from: from.kept,
        sender,
        reply_to: list(headers, "reply-to").kept,
        original: original(headers),
        is_delivered: headers.has("delivered-to") || headers.has("x-delivered-to"),
        list_id: headers.get("list-id").map(list_id).unwrap_or_default(),
        vouches: authentication::of(headers.authentications()),
        recipients: to.count + cc.count,
        to: to.kept,
        cc: cc.kept,
        bcc: list(headers, "bcc").kept,
        delivered_to,
        date: headers.get("date").and_then(date::parse),
        origin: verdict.origin,
        marks: verdict.marks,
        about: None,
        fates: Vec::new(),
    }
}

fn subject(headers: &Headers<'_>) -> String {
    let text = headers.text("subject").unwrap_or_default();
    let end = text.char_indices().nth(SUBJECT_MAX).map_or(text.len(), |(at, _)| at);
    cut(&text, end).to_owned()
}

/// Returns whom a group that rewrote `From` names as the author.
fn original(headers: &Headers<'_>) -> Vec<Address> {
    let mut all = list(headers, "x-original-from").kept;
    all.extend(list(headers, "x-original-sender").kept);
    all.truncate(ORIGINAL_MAX);
    all
}

/// Reads the identifier of `List-Id`: what stands in the last angle brackets (RFC 2919 section 3), else the whole value.
fn list_id(value: &[u8]) -> String {
    let text = String::from_utf8_lossy(slice(value, 0..value.len().min(LIST_ID_MAX)));
    let inner = text.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(text.as_ref(), |(id, _)| id);
    inner.trim().to_lowercase()
}

fn list(headers: &Headers<'_>, name: &str) -> address::List {
    let mut list = address::List::default();
    headers.all(name).for_each(|value| list.read(value, &headers.charset));
    list
}

/// Derives an id from the header block, line by line: whether a server sent the headers alone or the whole mail, with CRLF or LF, it
/// is the same.
fn derived(block: &[u8]) -> MessageId {
    let mut plain = Vec::with_capacity(block.len());
    let mut at = 0;
    while at < block.len() {
        let end = line_end(block, at);
        let line = chomp(slice(block, at..end));
        if !line.is_empty() {
            plain.extend_from_slice(line);
            plain.push(b'\n');
        }
        at = end;
    }
    MessageId::derived(&plain)
}

/// Reads the envelope of a mail, whole or headers alone.
pub(super) fn read(raw: &[u8]) -> Envelope {
    let raw = super::lines::unix_lines(raw);
    let (range, _) = header::block(&raw);
    let block = slice(&raw, range);
    let mut headers = Headers::parse(block);
    headers.find_charset(&raw, block);
    of(block, &headers)
}
