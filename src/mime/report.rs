//! Which mail a delivery report is about: reports differ in everything but that a copy of the mail, or of its headers, stands in them.

mod fate;

use super::header::Headers;
use super::lines::{chomp, from, line_end, slice};
use super::msgid;
use super::part::{Kind, Tree};
use crate::model::ids::MessageId;
use crate::model::message::{Envelope, Fate};

/// How much of a report's text is looked through.
const LOOKED_AT: usize = 512 * 1024;

/// Returns what became of the mail that the report is about, for each recipient that did not get it or has not got it yet.
pub(super) fn fates(raw: &[u8], tree: &Tree, headers: &Headers<'_>, envelope: &Envelope) -> Vec<Fate> {
    fate::all(raw, tree, headers, &envelope.subject)
}

/// Finds the Message-ID of the mail that bounced: in the copy inside, in its headers, in text that quotes them, or in what the report says
/// that it answers.
pub(super) fn about(raw: &[u8], tree: &Tree, envelope: &Envelope) -> Option<MessageId> {
    let own = envelope.message_id.as_ref();
    let copies = tree.parts.iter().filter(|part| part.kind == Kind::Message).filter_map(|part| {
        let inner = tree.parts.get(*part.children.first()?)?;
        Headers::parse(slice(raw, inner.header.clone())).get("message-id").and_then(msgid::one)
    });
    let texts =
        tree.parts.iter().filter(|part| part.kind == Kind::Leaf && part.media() != "text/html").filter_map(|part| {
            let body = slice(raw, part.body.clone());
            let bytes = part.transfer.decode(slice(body, 0..body.len().min(LOOKED_AT)));
            in_text(&bytes)
        });
    let answered = envelope.in_reply_to.iter().chain(envelope.references.last()).cloned();
    copies.chain(texts).chain(answered).find(|id| Some(id) != own)
}

/// Finds a `Message-ID:` line, also behind quote marks.
fn in_text(text: &[u8]) -> Option<MessageId> {
    let mut at = 0;
    while at < text.len() {
        let end = line_end(text, at);
        let line = chomp(slice(text, at..end));
        let bare = line.iter().take_while(|b| matches!(b, b'>' | b' ' | b'\t' | b'|')).count();
        let line = from(line, bare);
        let name = slice(line, 0..line.len().min(22)).to_ascii_lowercase();
        for prefix in [&b"message-id:"[..], b"original-message-id:", b"x-original-message-id:"] {
            if name.starts_with(prefix) {
                let value = from(line, prefix.len());
                // A long id stands on the next line.
                let value = if value.trim_ascii().is_empty() { slice(text, end..line_end(text, end)) } else { value };
                if value.contains(&b'@') {
                    return msgid::one(value);
                }
            }
        }
        at = end;
    }
    None
}
