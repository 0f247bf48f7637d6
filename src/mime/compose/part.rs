//! The tree of parts, and what each is encoded by.

use lettre::message::Body;
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, Header};
use sha2::{Digest, Sha256};

use super::{File, Mail, flowed, html};
use crate::mime::name;

/// The longest line of a part that is sent as it is (RFC 5322 section 2.1.1).
const LINE_MAX: usize = 998;

/// A part, its header written.
pub(super) enum Part {
    /// A part with its body, encoded, without the line end that closes it.
    Leaf {
        /// The header fields.
        header: String,
        /// The encoded body.
        body: Vec<u8>,
    },
    /// Parts between boundaries.
    Multi {
        /// `mixed` or `alternative`.
        kind: &'static str,
        /// The boundary.
        boundary: String,
        /// The parts.
        parts: Vec<Part>,
    },
}

impl Part {
    /// Tells whether a line of the encoded body begins so.
    fn has_line(&self, beginning: &[u8]) -> bool {
        match self {
            Part::Leaf { body, .. } => body.split(|b| *b == b'\n').any(|line| line.starts_with(beginning)),
            Part::Multi { .. } => false,
        }
    }

    /// Writes header, empty line and body.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Part::Leaf { header, body } => {
                out.extend_from_slice(header.as_bytes());
                out.extend_from_slice(b"\r\n");
                out.extend_from_slice(body);
                out.extend_from_slice(b"\r\n");
            }
            Part::Multi { kind, boundary, parts } => {
                let header = format!("Content-Type: multipart/{kind};\r\n boundary=\"{boundary}\"\r\n\r\n");
                out.extend_from_slice(header.as_bytes());
                for part in parts {
                    out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
                    part.write(out);
                }
                out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
            }
        }
    }
}

/// Returns the mail's parts.
pub(super) fn root(mail: &Mail) -> Part {
    let seed = mail.message_id.as_ref().map(|id| id.as_str().to_owned()).unwrap_or_default();
    let multi = |kind, parts| Part::Multi { kind, boundary: boundary(&seed, kind), parts };
    let plain = text_part(&mail.body);
    let calendar = mail.calendar.as_ref().map(|text| encoded_text("text/calendar; method=REPLY; charset=utf-8", text));
    let html = html::of(mail);
    let is_shown = |file: &&File| {
        let source = format!("src=\"cid:{}\"", file.cid);
        !file.cid.is_empty() && html.as_ref().is_some_and(|html| html.contains(&source))
    };
    let (shown, attached): (Vec<&File>, Vec<&File>) = mail.files.iter().partition(is_shown);
    let html = html.map(|html| {
        let html = encoded_text("text/html; charset=utf-8", &html.replace('\n', "\r\n"));
        if shown.is_empty() {
            return html;
        }
        let images = shown.iter().map(|file| enclosed(file, true));
        multi("related", std::iter::once(html).chain(images).collect())
    });
    let richer: Vec<Part> = html.into_iter().chain(calendar).collect();
    let text =
        if richer.is_empty() { plain } else { multi("alternative", std::iter::once(plain).chain(richer).collect()) };
    if attached.is_empty() {
        return text;
    }
    let files = attached.into_iter().map(|file| enclosed(file, false));
    multi("mixed", std::iter::once(text).chain(files).collect())
}

/// A boundary that no part can hold: `=_` never stands in quoted-printable or base64 (RFC 2045 section 6.7), and a plain text part would
/// have to know the hash.
fn boundary(seed: &str, kind: &str) -> String {
    let digest = Sha256::digest(format!("{seed}\n{kind}").as_bytes());
    let half: Vec<u8> = digest.iter().copied().take(16).collect();
    format!("=_{}", data_encoding::HEXLOWER.encode(&half))
}

fn text_part(text: &str) -> Part {
    let flowed = flowed::flow(text).join("\r\n");
    let charset = if flowed.is_ascii() { "us-ascii" } else { "utf-8" };
    encoded_text(&format!("text/plain; charset={charset}; format=flowed"), &flowed)
}

/// A text part in the shortest encoding that survives every server: as it is, quoted-printable, or base64 for scripts that
/// quoted-printable would triple.
fn encoded_text(content_type: &str, text: &str) -> Part {
    let text = text.strip_suffix("\r\n").unwrap_or(text);
    let wide = text.bytes().filter(|b| !b.is_ascii()).count();
    let long = text.split("\r\n").any(|line| line.len() > LINE_MAX);
    let encode = |encoding| leaf(format!("Content-Type: {content_type}\r\n"), text.as_bytes().to_vec(), encoding);
    if wide == 0 && !long {
        return encode(ContentTransferEncoding::SevenBit);
    }
    if wide * 6 <= text.len() {
        let quoted = encode(ContentTransferEncoding::QuotedPrintable);
        // A line may be broken just before this word, which a mailbox in one file would change.
        if !quoted.has_line(b"From ") {
            return quoted;
        }
    }
    encode(ContentTransferEncoding::Base64)
}

/// A file: attached, or shown inside the HTML.
fn enclosed(file: &File, inline: bool) -> Part {
    let name = wire_name(&file.name);
    let mut fields = lettre::message::header::Headers::new();
    fields.insert_raw(match inline {
        true => ContentDisposition::inline_with_name(&name).display(),
        false => ContentDisposition::attachment(&name).display(),
    });
    let fields = if inline { format!("{fields}Content-ID: <{}>\r\n", file.cid) } else { fields.to_string() };
    let media = media_type(&file.media, &file.bytes);
    // RFC 2046 section 5.2.1: an attached mail may not be encoded.
    let encoding = match media.as_str() {
        "message/rfc822" if file.bytes.is_ascii() => ContentTransferEncoding::SevenBit,
        "message/rfc822" => ContentTransferEncoding::EightBit,
        _ => ContentTransferEncoding::Base64,
    };
    leaf(format!("Content-Type: {media}\r\n{fields}"), file.bytes.clone(), encoding)
}

fn leaf(fields: String, bytes: Vec<u8>, encoding: ContentTransferEncoding) -> Part {
    let body = match encoding {
        ContentTransferEncoding::QuotedPrintable => {
            // lettre takes bytes for binary and escapes their line ends; text keeps them.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            Body::new_with_encoding(text, encoding).map_or(bytes, Body::into_vec)
        }
        ContentTransferEncoding::Base64 => {
            Body::new_with_encoding(bytes.clone(), encoding).map_or(bytes, Body::into_vec)
        }
        _ => bytes,
    };
    let mut body = body;
    let is_as_it_is = matches!(encoding, ContentTransferEncoding::SevenBit | ContentTransferEncoding::EightBit);
    while body.ends_with(b"\r\n") && !is_as_it_is {
        body.truncate(body.len() - 2);
    }
    Part::Leaf { header: format!("{fields}Content-Transfer-Encoding: {encoding}\r\n"), body }
}

/// The name without path, control and direction characters; bounded, never empty.
fn wire_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.chars().filter(|c| !c.is_control() && !crate::model::text::is_direction_control(*c)).collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.is_empty() { "file".to_owned() } else { name::bound(clean) }
}

/// The media type where it is one that may be attached as it is, else `application/octet-stream`.
fn media_type(given: &str, bytes: &[u8]) -> String {
    let fallback = "application/octet-stream".to_owned();
    let given = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |part: &str| {
        !part.is_empty() && part.len() <= 60 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b))
    };
    match given.split_once('/') {
        Some(("multipart", _)) => fallback,
        Some(("message", sub)) => {
            if sub == "rfc822" && can_go_as_it_is(bytes) {
                given
            } else {
                fallback
            }
        }
        Some((kind, sub)) if token(kind) && token(sub) => given,
        _ => fallback,
    }
}

/// Tells whether bytes can go as they are, where need be as `8bit` (RFC 2045 section 2.8): lines of bounded length that end in CRLF.
fn can_go_as_it_is(bytes: &[u8]) -> bool {
    let fits = |line: &[u8]| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        line.len() <= LINE_MAX && !line.contains(&b'\r') && !line.contains(&0)
    };
    bytes.split(|b| *b == b'\n').all(fits) && !has_bare_line_end(bytes)
}

fn has_bare_line_end(bytes: &[u8]) -> bool {
    let mut before = 0;
    bytes.iter().any(|b| std::mem::replace(&mut before, *b) != b'\r' && *b == b'\n')
}
