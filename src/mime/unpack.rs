//! Mail that is packed into a part of another format, written out as ordinary parts: S/MIME that is signed opaquely (RFC 8551 section 3.5.2), and
//! Outlook's winmail.dat (MS-OXTNEF). What comes of it is a mail again, so that all that reads mails reads it too, and bounds it.
//!
//! Each round unpacks what stands open, so that what is packed in one another takes several; a round adds to a mail at most what it unpacks.

pub(super) mod cms;
mod rtf;
mod tnef;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::TEXT_MAX;
use super::header::{self, Headers};
use super::lines::{chomp, line_end, slice};
use super::part::{self, Kind, Part, Tree};
use tnef::{File, Tnef};

/// How deep in one another parts are unpacked.
const ROUNDS: usize = 4;
/// What is packed and is larger, in bytes, stays an attachment.
const PACKED_MAX: usize = 64 * 1024 * 1024;
/// The parameter that tells a part which was unpacked, and is kept for whoever wants its bytes: `whole`, or `part` where it is damaged.
pub(super) const UNPACKED: &str = "x-unpacked";

/// Takes the tree of a mail.
pub(super) fn tree_of(raw: &[u8]) -> Tree {
    let place = header::block(raw);
    part::parse(raw, place.clone(), &Headers::parse(slice(raw, place.0)))
}

/// Returns a mail with what is packed in it written out, and its tree; `None` where nothing is packed.
pub(super) fn open(raw: &[u8], tree: &Tree) -> Option<(Vec<u8>, Tree)> {
    let mut left = 2 * TEXT_MAX;
    let mut mail = round(raw, tree, &mut left)?;
    let mut tree = tree_of(&mail);
    for _ in 1..ROUNDS {
        let Some(next) = round(&mail, &tree, &mut left) else { break };
        tree = tree_of(&next);
        mail = next;
    }
    Some((mail, tree))
}

/// Unpacks each part that stands open; `left` is how much text may still be made of compressed text.
fn round(raw: &[u8], tree: &Tree, left: &mut usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut texts = None;
    for (index, part) in tree.parts.iter().enumerate().filter(|(_, part)| part.kind == Kind::Leaf && is_packed(part)) {
        let packed = slice(raw, part.body.clone());
        if packed.len() > PACKED_MAX || part.header.start < at {
            continue;
        }
        let bytes = part.transfer.decode(packed);
        let has_text = texts.get_or_insert_with(|| Texts::of(raw, tree)).beside(index);
        let Some(inner) = unpacked(part, has_text, &bytes, left) else { continue };
        out.extend_from_slice(slice(raw, at..part.header.start));
        out.extend_from_slice(&other_fields(slice(raw, part.header.clone())));
        out.extend_from_slice(&inner.parts(part, packed));
        at = part.body.end;
    }
    (at > 0).then(|| {
        out.extend_from_slice(slice(raw, at..raw.len()));
        out
    })
}

/// Tells whether a part may hold a mail in another format.
pub(super) fn is_packed(part: &Part) -> bool {
    part.content.get(UNPACKED).is_none() && (is_smime(part) || is_tnef(part))
}

/// Tells whether a part is S/MIME, signed or encrypted as a whole. Relays and old programs make octets of it.
pub(super) fn is_smime(part: &Part) -> bool {
    match part.media() {
        "application/pkcs7-mime" | "application/x-pkcs7-mime" => true,
        "application/octet-stream" => named(part, ".p7m"),
        _ => false,
    }
}

/// Tells whether a part is Outlook's winmail.dat.
pub(super) fn is_tnef(part: &Part) -> bool {
    match part.media() {
        "application/ms-tnef" | "application/vnd.ms-tnef" => true,
        "application/octet-stream" => named(part, "winmail.dat"),
        _ => false,
    }
}

fn named(part: &Part, end: &str) -> bool {
    part.file_name().is_some_and(|name| name.to_ascii_lowercase().ends_with(end))
}

/// What a part was made of.
enum Inner {
    /// Signed: a whole MIME part.
    Signed(Vec<u8>),
    /// TNEF: parts, each with its header, and whether all could be read.
    Tnef(Vec<Vec<u8>>, bool),
}

/// Unpacks a part; `has_text` tells whether text stands beside it.
fn unpacked(part: &Part, has_text: bool, bytes: &[u8], left: &mut usize) -> Option<Inner> {
    if is_smime(part) {
        return cms::signed_content(bytes).map(Inner::Signed);
    }
    let tnef = tnef::read(bytes, left)?;
    let mut parts: Vec<Vec<u8>> = Vec::new();
    if !has_text {
        parts.extend(body(&tnef));
    }
    parts.extend(tnef.files.iter().map(attached));
    // Where it holds but a copy of the text, it is unpacked with that.
    (!parts.is_empty() || has_text && tnef.whole).then_some(Inner::Tnef(parts, tnef.whole))
}

/// Which mails, of those in one another, have text of their own: there Outlook's copy of it would say it a second time.
struct Texts {
    /// The mail that each part stands in, by its part.
    home: Vec<usize>,
    with_text: BTreeSet<usize>,
}

impl Texts {
    fn of(raw: &[u8], tree: &Tree) -> Self {
        let mut home = vec![0; tree.parts.len()];
        let mut with_text = BTreeSet::new();
        for (at, part) in tree.parts.iter().enumerate() {
            let own = home.get(at).copied().unwrap_or(0);
            let of = if part.kind == Kind::Message { at } else { own };
            for child in &part.children {
                if let Some(home) = home.get_mut(*child) {
                    *home = of;
                }
            }
            let text = part.kind == Kind::Leaf && matches!(part.media(), "text/plain" | "text/html");
            if text && part.disposition.value != "attachment" && !slice(raw, part.body.clone()).trim_ascii().is_empty()
            {
                with_text.insert(own);
            }
        }
        Self { home, with_text }
    }

    /// Tells whether the mail that a part stands in has text.
    fn beside(&self, part: usize) -> bool {
        self.home.get(part).is_some_and(|home| self.with_text.contains(home))
    }
}

impl Inner {
    /// Writes it out, with the packed part behind it: its header from the content's type on, and its body.
    fn parts(&self, part: &Part, packed: &[u8]) -> Vec<u8> {
        let (kind, parts, original) = match self {
            Inner::Signed(entity) => (
                "multipart/signed; protocol=\"application/pkcs7-signature\"",
                std::slice::from_ref(entity),
                format!("application/pkcs7-signature; {UNPACKED}=whole"),
            ),
            Inner::Tnef(parts, whole) => (
                "multipart/mixed",
                parts.as_slice(),
                format!("application/ms-tnef; {UNPACKED}={}", if *whole { "whole" } else { "part" }),
            ),
        };
        let boundary = format!("postroom-{}", data_encoding::HEXLOWER.encode(&Sha256::digest(packed)));
        let name =
            part.file_name().unwrap_or_else(|| if is_smime(part) { "smime.p7m" } else { "winmail.dat" }.to_owned());
        let mut out = format!("Content-Type: {kind}; boundary=\"{boundary}\"\r\n\r\n").into_bytes();
        for inner in parts {
            out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            out.extend_from_slice(inner);
            out.extend_from_slice(b"\r\n");
        }
        let transfer = part.transfer.name();
        let disposition = disposition(&name);
        out.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Type: {original}\r\n{disposition}Content-Transfer-Encoding: {transfer}\r\n\r\n"
            )
            .as_bytes(),
        );
        out.extend_from_slice(packed);
        out.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        out
    }
}

/// Returns a header block without what it says of the content, which is another then.
fn other_fields(block: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(block.len());
    let mut at = 0;
    let mut left_out = false;
    while at < block.len() {
        let end = line_end(block, at);
        let line = slice(block, at..end);
        if !matches!(line.first(), Some(b' ' | b'\t')) {
            left_out =
                chomp(line).is_empty() || line.get(..8).is_some_and(|start| start.eq_ignore_ascii_case(b"content-"));
        }
        if !left_out {
            out.extend_from_slice(line);
        }
        at = end;
    }
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend_from_slice(b"\r\n");
    }
    out
}

fn body(tnef: &Tnef<'_>) -> Option<Vec<u8>> {
    let (subtype, text) = match (&tnef.html, &tnef.plain) {
        (Some(html), _) => ("html", html),
        (None, Some(plain)) => ("plain", plain),
        (None, None) => return None,
    };
    let head = format!("Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    Some([head.as_bytes(), text.as_bytes()].concat())
}

/// Writes a file of a TNEF out as it is, without an encoding.
fn attached(file: &File<'_>) -> Vec<u8> {
    let mut head = String::new();
    if file.is_mail {
        let subject = data_encoding::BASE64.encode(file.name.as_bytes());
        head.push_str(&format!(
            "Content-Type: message/rfc822\r\n\r\nSubject: =?utf-8?B?{subject}?=\r\nContent-Type: application/ms-tnef\r\n"
        ));
    } else {
        head.push_str(&format!("Content-Type: {}\r\n{}", file.media(), disposition(&file.name)));
        if let Some(id) = &file.content_id {
            head.push_str(&format!("Content-ID: <{id}>\r\n"));
        }
    }
    head.push_str("Content-Transfer-Encoding: binary\r\n\r\n");
    [head.as_bytes(), file.bytes].concat()
}

/// Writes `Content-Disposition` with a name of any letters (RFC 2231).
fn disposition(name: &str) -> String {
    let mut out = "Content-Disposition: attachment; filename*=utf-8''".to_owned();
    for byte in name.bytes().take(600) {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
#[path = "unpack_tests.rs"]
mod tests;
