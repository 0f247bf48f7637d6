//! The mail that carries records: a sentence for people on top, the records for postroom below.
//!
//! Whoever opens the folder with another program reads who did what to which mail. Nothing depends on headers or on the MIME structure,
//! because some servers rebuild both; the records stand in the text alone.

use std::collections::HashSet;
use std::fmt::Write as _;

use mailparse::ParsedMail;
use sha2::{Digest, Sha256};

use super::payload::{self, Found, Kind};
use super::sign::{Key, Keys, Signature};
use super::values::Value;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::describe;
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::text::{self, SayTime};

/// Sentences in one mail beyond which the rest is only counted.
const SENTENCES_MAX: usize = 200;
/// The most lines below the sentences of a mail: texts of notes and names of conversations.
const DETAILS_MAX: usize = 300;
/// How many conversations of a bulk are named.
const NAMED_MAX: usize = 20;
/// How many operations on one conversation a subject names.
const JOINED_MAX: usize = 3;
/// How the subjects of all our mails begin.
const SUBJECT_TAG: &str = "[postroom]";
/// How the subject of a snapshot begins; a new client looks for it.
pub const SNAPSHOT_SUBJECT: &str = "[postroom] snapshot";
/// How the subject of a key begins; a new client looks for it.
pub const KEY_SUBJECT: &str = "[postroom] key";

/// What a mail says beside its records.
pub struct Setting<'a> {
    /// The inbox's address, which the mails come from.
    pub from: &'a Address,
    /// The subject of the conversation that a message belongs to.
    pub subject_of: &'a dyn Fn(&MessageId) -> Option<String>,
    /// What the sentences name.
    pub names: describe::Names<'a>,
    /// How its sentences write moments.
    pub time: SayTime<'a>,
    /// What it is signed with.
    pub key: Option<&'a Key>,
}

/// What a mail of the folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// Nothing of ours: somebody's mail.
    Foreign,
    /// A format of a newer version.
    Newer(u32),
    /// Records, in order.
    Records {
        /// Each on one line.
        values: Vec<Value>,
        /// Whether something could not be read.
        damaged: bool,
        /// Who signed them.
        signature: Signature,
    },
    /// A key, as JSON.
    Key(String),
    /// A part of a snapshot: its header and its claims.
    Snapshot {
        /// Each on one line, the header first.
        lines: Vec<String>,
        /// Whether something could not be read.
        damaged: bool,
        /// Who signed them.
        signature: Signature,
    },
}

/// Makes the mail of these records, which are JSON on one line each. `None` when there are none.
pub fn encode(lines: &[&str], setting: &Setting<'_>) -> Option<Vec<u8>> {
    let records: Vec<Record> = lines.iter().filter_map(|line| Record::parse(line).ok()).collect();
    let first = records.first()?;
    let mut body = String::new();
    for sentence in sentences(&records, setting) {
        body.push_str(&sentence);
        body.push_str("\r\n");
    }
    body.push_str("\r\n");
    body.push_str(&payload::write_signed(Kind::Log, lines, setting.key));
    let anchor = first.on.first().map(|target| &target.on);
    Some(mail(&Head {
        subject: &subject(&records, setting),
        author: &author(&records),
        from: setting.from,
        id: &mail_id(records.iter().map(|r| r.id), first.id, setting.key, written_anew(&records, lines)),
        answers: anchor,
        at: first.at,
        body: &body,
    }))
}

/// What the headers of a mail are made of.
pub(super) struct Head<'a> {
    pub subject: &'a str,
    pub author: &'a str,
    pub from: &'a Address,
    pub id: &'a str,
    pub answers: Option<&'a MessageId>,
    pub at: Timestamp,
    pub body: &'a str,
}

pub(super) fn mail(head: &Head<'_>) -> Vec<u8> {
    let mut out = String::with_capacity(head.body.len() + 1024);
    let author = encode_words(&format!("{} (postroom)", head.author), true);
    let address: String = head.from.email.chars().filter(|c| c.is_ascii_graphic() && !"<>\"".contains(*c)).collect();
    let address = if address.is_empty() { "postroom@localhost" } else { &address };
    let date = jiff::Timestamp::from_millisecond(head.at.0)
        .ok()
        .and_then(|at| jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).ok());
    let encoding = if head.body.is_ascii() { "7bit" } else { "8bit" };
    let charset = if head.body.is_ascii() { "us-ascii" } else { "utf-8" };
    let _ = write!(out, "From: {author} <{address}>\r\nSubject: {}\r\n", encode_words(head.subject, false));
    if let Some(date) = date {
        let _ = write!(out, "Date: {date}\r\n");
    }
    let _ = write!(out, "Message-ID: <{}>\r\n", head.id);
    // A header line has at most 998 octets; longer ids are legal nowhere.
    if let Some(id) = head.answers.filter(|id| id.as_str().len() < 900 && id.as_str().is_ascii()) {
        let _ = write!(out, "In-Reply-To: <{id}>\r\nReferences:\r\n <{id}>\r\n");
    }
    let _ = write!(
        out,
        "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset={charset}\r\n\
         Content-Transfer-Encoding: {encoding}\r\n\r\n{}",
        head.body
    );
    out.into_bytes()
}

/// Derives a mail's Message-ID from what it carries and the key that it is signed with: the same mail sent again has the same, any other
/// has another. Servers that drop repeated Message-IDs (Gmail) then drop just the repetition.
pub(super) fn mail_id(ids: impl Iterator<Item = OpId>, first: OpId, key: Option<&Key>, anew: &[&str]) -> String {
    let mut hash = Sha256::new();
    for id in ids {
        hash.update(id.0.as_bytes());
    }
    if let Some(key) = key {
        hash.update(key.fingerprint().to_string());
    }
    for line in anew {
        hash.update(line.as_bytes());
    }
    let digest: Vec<u8> = hash.finalize().iter().copied().take(6).collect();
    format!("{first}.{}@log.postroom.invalid", data_encoding::HEXLOWER.encode(&digest))
}

/// Returns the lines of a mail that was written anew without words: beside the one that holds them it is another mail.
fn written_anew<'l>(records: &[Record], lines: &'l [&'l str]) -> &'l [&'l str] {
    if records.iter().any(|record| record.place.is_some()) { lines } else { &[] }
}

fn author(records: &[Record]) -> String {
    let mut actors: Vec<&str> = records.iter().map(|r| r.actor.as_str()).collect();
    actors.dedup();
    match actors.as_slice() {
        [one] => (*one).to_owned(),
        [first, ..] => format!("{first} and others"),
        [] => "somebody".to_owned(),
    }
}

fn subject(records: &[Record], setting: &Setting<'_>) -> String {
    let targets: HashSet<&MessageId> = records.iter().flat_map(|r| &r.on).map(|target| &target.on).collect();
    let one_actor = records.iter().all(|r| records.first().is_some_and(|first| first.actor == r.actor));
    let said = match records {
        [first, rest @ ..] if rest.iter().all(|r| r.op == first.op) && one_actor => said(first, targets.len(), setting),
        _ if one_actor && targets.len() == 1 && records.len() <= JOINED_MAX => joined(records, setting),
        _ => {
            format!("{} did {} things to {}", author(records), records.len(), text::conversations(targets.len()))
        }
    };
    let about = records.iter().find(|r| !r.on.is_empty()).filter(|_| targets.len() == 1);
    let line = match about.and_then(|r| titled(r, setting)) {
        Some(about) => format!("{SUBJECT_TAG} {said} · {about}"),
        None => format!("{SUBJECT_TAG} {said}"),
    };
    SafeText::line_max(&line, 180).to_string()
}

/// Says several things that one agent did to one conversation: `alice took this, tagged this #late`.
fn joined(records: &[Record], setting: &Setting<'_>) -> String {
    let Some((first, rest)) = records.split_first() else { return String::new() };
    let did = |record: &Record| {
        text::english(&text::did_phrase(&describe::describe(record, 1, setting.names).act, 1, setting.time))
    };
    std::iter::once(said(first, 1, setting)).chain(rest.iter().map(did)).collect::<Vec<_>>().join(", ")
}

fn titled(record: &Record, setting: &Setting<'_>) -> Option<String> {
    let subject = (setting.subject_of)(&record.on.first()?.on)?;
    Some(SafeText::line_max(subject.trim(), 80).to_string()).filter(|s| !s.is_empty())
}

/// Says what a record did to `count` conversations.
fn said(record: &Record, count: usize, setting: &Setting<'_>) -> String {
    text::english_sentence(&describe::describe(record, count, setting.names), setting.time).to_string()
}

fn sentences(records: &[Record], setting: &Setting<'_>) -> Vec<String> {
    let mut out = Vec::new();
    let mut room = DETAILS_MAX;
    for record in records.iter().take(SENTENCES_MAX) {
        let said = said(record, record.on.len(), setting);
        let about = if record.on.len() == 1 { titled(record, setting) } else { None };
        let when = (setting.time)(record.at);
        let host = SafeText::line_max(&record.host, 64);
        let tail = about.map_or(String::new(), |about| format!(" · {about}"));
        // A text line has at most 998 octets (RFC 5322 section 2.1.1). How it ends tells it from a marker, whatever it says.
        out.push(SafeText::line_max(&format!("{said}{tail} ({when}, {host})"), 240).to_string());
        let mut details = whole_text(record);
        details.extend(conversations(record, setting));
        details.truncate(room);
        room = room.saturating_sub(details.len());
        out.extend(details);
    }
    let left = records.len().saturating_sub(SENTENCES_MAX);
    if left > 0 {
        out.push(format!("… and {left} more."));
    }
    out
}

/// Returns the text of a note that one sentence does not hold, line by line, marked so that none is taken for a marker of ours.
fn whole_text(record: &Record) -> Vec<String> {
    let Some(Known::Note { text, .. } | Known::EditNote { text, .. }) = record.known() else { return Vec::new() };
    let text = text.trim();
    if text.chars().count() <= 100 && !text.contains('\n') {
        return Vec::new();
    }
    let mut out = Vec::new();
    for line in SafeText::lines(text) {
        let mut rest: Vec<char> = line.as_str().chars().collect();
        while rest.len() > 200 {
            let more = rest.split_off(200);
            out.push(format!("  | {}", rest.iter().collect::<String>()));
            rest = more;
        }
        out.push(format!("  | {}", rest.iter().collect::<String>()));
    }
    out
}

/// Names the conversations of a bulk.
fn conversations(record: &Record, setting: &Setting<'_>) -> Vec<String> {
    if record.on.len() < 2 {
        return Vec::new();
    }
    let named = record.on.iter().take(NAMED_MAX);
    let mut out: Vec<String> = named
        .map(|target| match (setting.subject_of)(&target.on) {
            Some(subject) if !subject.trim().is_empty() => format!("  · {}", SafeText::line_max(subject.trim(), 80)),
            _ => format!("  · <{}>", SafeText::line_max(target.on.as_str(), 80)),
        })
        .collect();
    let left = record.on.len().saturating_sub(out.len());
    if left > 0 {
        out.push(format!("  … and {left} more"));
    }
    out
}

/// Writes text for a header: as it is where it is plain, else as encoded words (RFC 2047).
fn encode_words(text: &str, phrase: bool) -> String {
    let plain = text.bytes().all(|b| (0x20..0x7f).contains(&b)) && !text.contains("=?");
    if plain && phrase {
        return format!("\"{}\"", text.replace(['"', '\\'], ""));
    }
    if plain {
        return fold(text);
    }
    let mut words = Vec::new();
    let mut part = String::new();
    for c in text.chars() {
        if part.len() + c.len_utf8() > 42 {
            words.push(std::mem::take(&mut part));
        }
        part.push(c);
    }
    words.push(part);
    let words: Vec<String> =
        words.iter().map(|w| format!("=?utf-8?B?{}?=", data_encoding::BASE64.encode(w.as_bytes()))).collect();
    words.join("\r\n ")
}

/// Folds a plain header at blanks.
fn fold(text: &str) -> String {
    let mut out = String::new();
    let mut column = 10;
    for (n, word) in text.split(' ').enumerate() {
        if n > 0 {
            let breaks = column + word.len() > 74 && !word.is_empty();
            out.push_str(if breaks { "\r\n " } else { " " });
            column = if breaks { 1 } else { column + 1 };
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

/// Reads a mail of the folder, whatever a server made of it.
pub fn decode(raw: &[u8]) -> Decoded {
    decode_signed(raw, &Keys::new())
}

/// As [`decode`], and tells whether one of these keys signed it.
pub fn decode_signed(raw: &[u8], keys: &Keys) -> Decoded {
    let mut damaged = None;
    for text in texts(raw) {
        match payload::read_signed(&text, keys) {
            Found::Nothing => {}
            Found::Newer(format) => return Decoded::Newer(format),
            Found::Values { kind, values, damaged: bad, signature } => {
                let decoded = match kind {
                    Kind::Log => Decoded::Records { values, damaged: bad, signature },
                    Kind::Snapshot => {
                        let lines = values.into_iter().map(|value| value.json).collect();
                        Decoded::Snapshot { lines, damaged: bad, signature }
                    }
                    Kind::Key => match values.into_iter().next().filter(|_| !bad) {
                        Some(value) => return Decoded::Key(value.json),
                        None => continue,
                    },
                };
                if !bad {
                    return decoded;
                }
                damaged.get_or_insert(decoded);
            }
        }
    }
    damaged.unwrap_or(Decoded::Foreign)
}

/// Returns the readable texts of a mail, the plain ones first, and last the whole mail as it is.
fn texts(raw: &[u8]) -> Vec<String> {
    let mut plain = Vec::new();
    let mut html = Vec::new();
    if let Ok(parsed) = mailparse::parse_mail(raw) {
        collect(&parsed, 0, &mut plain, &mut html);
    }
    plain.extend(html.iter().map(|html| strip_tags(html)));
    plain
}

fn collect(part: &ParsedMail<'_>, depth: usize, plain: &mut Vec<String>, html: &mut Vec<String>) {
    if depth > 8 || plain.len() + html.len() > 16 {
        return;
    }
    let kind = part.ctype.mimetype.as_str();
    if part.subparts.is_empty() && kind.starts_with("text/") {
        let Ok(text) = part.get_body() else { return };
        if kind == "text/html" { html.push(text) } else { plain.push(text) }
    }
    for sub in &part.subparts {
        collect(sub, depth + 1, plain, html);
    }
}

/// Returns an HTML text without its tags, with a line end where a block ends: enough for text that a server turned into HTML.
fn strip_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        out.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        let name = tag.trim_start_matches('/').to_ascii_lowercase();
        if ["br", "p", "div", "pre", "body", "tr"].iter().any(|block| name.starts_with(block)) {
            out.push('\n');
        }
        rest = after;
    }
    out.push_str(rest);
    out.replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

#[cfg(test)]
#[path = "codec_tests.rs"]
mod tests;
