//! Mail as bytes made into what can be read, searched and threaded; and back. Pure, and never fails on outside data: what can't be read
//! is shown as what it is.

mod address;
mod alternative;
mod authentication;
mod body;
mod calendar;
mod charset;
pub mod compose;
mod date;
mod enriched;
mod envelope;
mod flowed;
mod forward;
mod header;
mod html;
mod lines;
mod msgid;
mod name;
mod origin;
mod param;
mod part;
mod plan;
pub mod quote;
mod reply;
mod report;
mod tongue;
mod transfer;
mod unpack;
mod web;
mod word;
mod work;

pub use calendar::{Source as InvitationSource, reply as invitation_reply};
pub use forward::{Enclosed, FILES_MAX as ENCLOSED_MAX, Original};
pub use header::FIELDS_READ;
pub use origin::in_team as origin_in_team;
pub use reply::{forward_subject, quote_for_reply, reply_subject};
pub use tongue::language;

use std::borrow::Cow;

use sha2::{Digest, Sha256};

use crate::model::clock::Timestamp;
use crate::model::message::{Block, Envelope, Link, Origin, Readable, TextPart};

/// The most bytes of text that are shown of one mail.
const TEXT_MAX: usize = 1024 * 1024;

/// A mail taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// The headers.
    pub envelope: Envelope,
    /// What a person reads.
    pub readable: Readable,
    /// What search finds: the body text and attachment names, at most 256 KiB.
    pub search_text: String,
    /// What of what a person reads other mails could tell ([`readable_beside`]).
    pub asks: quote::Asks,
}

/// The bytes of one attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachmentBytes {
    /// The cleaned file name: no path, no control or direction marks, never empty, never `.` or `..`.
    pub name: String,
    /// The media type in lower case.
    pub media: String,
    /// The decoded bytes.
    pub bytes: Vec<u8>,
}

/// Reads the headers of a mail; `raw` may be the headers alone or the whole mail.
pub fn envelope(raw: &[u8]) -> Envelope {
    envelope::read(raw)
}

/// Reads a date as mails and archives write them, in whichever form; `None` where it names no day.
pub fn date(value: &[u8]) -> Option<Timestamp> {
    date::parse(value)
}

/// Takes a whole mail apart.
pub fn parse(raw: &[u8]) -> Parsed {
    read(raw, body::Outer::default())
}

/// Takes a mail apart that stands, encoded, in another.
fn read(raw: &[u8], outer: body::Outer<'_>) -> Parsed {
    read_open(&lines::unix_lines(raw), outer).0
}

#[cfg(test)]
thread_local! {
    /// Mails taken apart: what work on them is measured by.
    pub(crate) static TAKEN_APART: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// As [`read`], of a mail whose lines end in LF; returns also its parts.
fn read_open<'r>(raw: &'r [u8], outer: body::Outer<'_>) -> (Parsed, Opened<'r>) {
    #[cfg(test)]
    TAKEN_APART.set(TAKEN_APART.get() + 1);
    let place = header::block(raw);
    let block = lines::slice(raw, place.0.clone());
    let mut headers = header::Headers::parse(block);
    headers.find_charset(raw, block);
    let mut envelope = envelope::of(block, &headers);
    let opened = Opened::of(raw, part::parse(raw, place, &headers), None);
    let (raw, tree) = (&opened.raw, &opened.tree);
    let to = reply::names_of(&envelope);
    let body = body::render(raw, tree, &opened.plan, outer.of(&envelope, &to));
    if origin::asks_text(&envelope) {
        let verdict = origin::of(&headers, &envelope.subject, &envelope.from, Some(&body.readable));
        (envelope.origin, envelope.marks) = (verdict.origin, verdict.marks);
    }
    if envelope.origin == Origin::Bounce {
        envelope.about = report::about(raw, tree, &envelope);
        envelope.fates = report::fates(raw, tree, &headers, &envelope);
    }
    let parsed = Parsed { envelope, asks: body.asks(), readable: body.readable, search_text: body.search };
    (parsed, opened)
}

/// A mail with what is packed in it written out, and what is to be done with it.
struct Opened<'r> {
    raw: Cow<'r, [u8]>,
    tree: part::Tree,
    plan: plan::Plan,
}

impl<'r> Opened<'r> {
    fn of(raw: &'r [u8], tree: part::Tree, wish: Option<TextPart>) -> Self {
        let (raw, tree) = match unpack::open(raw, &tree) {
            Some((raw, tree)) => (Cow::Owned(raw), tree),
            None => (Cow::Borrowed(raw), tree),
        };
        let plan = plan::plan(&raw, &tree, wish);
        Self { raw, tree, plan }
    }
}

/// Returns the bytes of the attachment with that index, as counted in [`Readable::attachments`].
pub fn attachment(raw: &[u8], index: usize) -> Option<AttachmentBytes> {
    let raw = lines::unix_lines(raw);
    let Opened { raw, tree, plan } = Opened::of(&raw, unpack::tree_of(&raw), None);
    let source = plan.attachments.get(index)?;
    let part = tree.parts.get(source.part)?;
    let bytes = part.transfer.decode(lines::slice(&raw, part.body.clone()));
    let bytes = match &source.uu {
        Some(block) => transfer::uu_decode(lines::slice(&bytes, block.data.clone())),
        None => bytes.into_owned(),
    };
    Some(AttachmentBytes {
        name: body::file_name(&raw, &tree, source, index),
        media: body::media(part, source).to_owned(),
        bytes,
    })
}

/// Returns what an answer to the event of that id takes over from a mail's calendar; `None` where the mail holds no such event.
pub fn invitation_source(raw: &[u8], uid: &str) -> Option<InvitationSource> {
    let raw = lines::unix_lines(raw);
    let Opened { raw, tree, plan } = Opened::of(&raw, unpack::tree_of(&raw), None);
    body::source(&raw, &tree, &plan, uid)
}

/// Makes the readable part of a mail out of its plain text, or out of its HTML; `None` where it has no such text. Its attachments are those
/// that it has in [`parse`].
pub fn readable_as(raw: &[u8], part: TextPart) -> Option<Readable> {
    let usual = parse(raw);
    let raw = lines::unix_lines(raw);
    let opened = Opened::of(&raw, unpack::tree_of(&raw), Some(part));
    if !opened.plan.shows(part) {
        return None;
    }
    let to = reply::names_of(&usual.envelope);
    let outer = body::Outer::default().of(&usual.envelope, &to);
    let body = body::render(&opened.raw, &opened.tree, &opened.plan, outer);
    let turned = body.readable.part != usual.readable.part;
    Some(Readable { attachments: usual.readable.attachments, turned, ..body.readable })
}

/// Finds the web addresses that stand in a text, each once, 200 at most, with what is strange about each.
pub fn links_in(text: &str) -> Vec<Link> {
    web::in_text(text)
}

/// Makes only the readable part, for the screen.
pub fn readable(raw: &[u8]) -> Readable {
    parse(raw).readable
}

/// Makes the readable part where other mails are held: what stands in one of them is told from what its author wrote.
pub fn readable_beside(raw: &[u8], beside: quote::Beside<'_>) -> Readable {
    read(raw, body::Outer::beside(beside)).readable
}

/// Returns a hash of what a mail says, the same for its copies: white space, line breaks, transfer encoding and headers do not count.
/// 32 hexadecimal digits.
pub fn text_hash(raw: &[u8]) -> String {
    hash_of(&parse(raw).readable)
}

/// Returns the same of a mail that was taken apart already.
pub fn hash_of(readable: &Readable) -> String {
    let mut hash = Sha256::new();
    for line in readable.blocks.iter().flat_map(Block::lines) {
        line.as_str().split_whitespace().for_each(|word| hash.update(word.as_bytes()));
    }
    let digest: Vec<u8> = hash.finalize().iter().copied().take(16).collect();
    data_encoding::HEXLOWER.encode(&digest)
}

/// Returns the words of a mail that was taken apart, with one space between them: what tells whether one mail contains another.
pub fn words_of(readable: &Readable) -> String {
    let lines = readable.blocks.iter().flat_map(Block::lines);
    lines.flat_map(|line| line.as_str().split_whitespace()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[path = "mime_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "mime/hostile_tests.rs"]
mod hostile_tests;
