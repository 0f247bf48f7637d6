//! The tree of parts, and what each is encoded by.

use lettre::message::Body;
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, Header};
use sha2::{Digest, Sha256};

use super::{File, Mail, flowed, html};

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
    let plain = text_part(&mail.body);
    let html = mail
        .markdown
        .then(|| encoded_text("text/html; charset=utf-8", &html::from_markdown(&mail.body).replace('\n', "\r\n")));
    let calendar = mail.calendar.as_ref().map(|text| encoded_text("text/calendar; method=REPLY; charset=utf-8", text));
    let richer: Vec<Part> = html.into_iter().chain(calendar).collect();
    let text = if richer.is_empty() {
        plain
    } else {
        let parts = std::iter::once(plain).chain(richer).collect();
        Part::Multi { kind: "alternative", boundary: boundary(&seed, "alternative"), parts }
    };
    if mail.files.is_empty() {
        return text;
    }
    let mut parts = vec![text];
    parts.extend(mail.files.iter().map(attachment));
    Part::Multi { kind: "mixed", boundary: boundary(&seed, "mixed"), parts }
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

fn attachment(file: &File) -> Part {
    let name = wire_name(&file.name);
    let disposition = ContentDisposition::attachment(&name).display();
    let mut fields = lettre::message::header::Headers::new();
    fields.insert_raw(disposition);
    let media = media_type(&file.media, &file.bytes);
    // RFC 2046 section 5.2.1: an attached mail may not be encoded.
    let encoding =
        if media == "message/rfc822" { ContentTransferEncoding::SevenBit } else { ContentTransferEncoding::Base64 };
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
    while body.ends_with(b"\r\n") && encoding != ContentTransferEncoding::SevenBit {
        body.truncate(body.len() - 2);
    }
    Part::Leaf { header: format!("{fields}Content-Transfer-Encoding: {encoding}\r\n"), body }
}

/// The name without path, control and direction characters; bounded, never empty.
fn wire_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.chars().filter(|c| !c.is_control() && !crate::model::text::is_direction_control(*c)).take(200).collect();
    let clean = clean.trim().trim_matches('.').trim();
    if clean.is_empty() { "file".to_owned() } else { clean.to_owned() }
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
            if sub == "rfc822" && is_seven_bit(bytes) {
                given
            } else {
                fallback
            }
        }
        Some((kind, sub)) if token(kind) && token(sub) => given,
        _ => fallback,
    }
}

/// Tells whether bytes can go as they are: ASCII lines of bounded length that end in CRLF.
fn is_seven_bit(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.is_ascii()
        && !text.contains('\0')
        && text.split("\r\n").all(|line| line.len() <= LINE_MAX && !line.contains(['\r', '\n']))
}
