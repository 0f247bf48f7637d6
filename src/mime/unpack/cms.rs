//! The few elements that lead to the content of a CMS message (RFC 5652): in DER, and in BER as clients write it, with lengths that are not told
//! and strings in pieces (X.690 section 8.1.3.6, 8.7.3). RustCrypto's `cms` takes DER alone. Nothing is verified.
//!
//! Linear in the bytes, without recursion; what is cut off is read as far as it goes.

use crate::mime::lines::{from, slice};
use crate::mime::work::step;

/// How deep elements without a length may lie in one another.
const DEPTH_MAX: usize = 32;

/// What a CMS message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::mime) enum Cms {
    /// Signed, or a bundle of certificates, which has the same form without content.
    Signed,
    /// Encrypted: enveloped-data, authEnveloped-data.
    Encrypted,
    /// Compressed (RFC 3274).
    Compressed,
}

/// 1.2.840.113549.1.7, under which the kinds of content stand.
const PKCS7: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
/// 1.2.840.113549.1.9.16.1, where the later ones do.
const SMIME: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x10, 0x01];

const SEQUENCE: u8 = 0x30;
const OBJECT: u8 = 0x06;
const EXPLICIT_0: u8 = 0xa0;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;

/// The head of an element.
#[derive(Clone, Copy, Debug)]
struct Head {
    tag: u8,
    /// Where its content begins.
    start: usize,
    /// The length of its content; `None` where an end mark tells it.
    len: Option<usize>,
}

fn head(bytes: &[u8], at: usize) -> Option<Head> {
    step(1);
    let tag = *bytes.get(at)?;
    let mut start = at + 1;
    if tag & 0x1f == 0x1f {
        // A tag of several bytes: none that is looked for.
        start += from(bytes, start).iter().position(|b| b & 0x80 == 0)? + 1;
    }
    let first = *bytes.get(start)?;
    start += 1;
    if first < 0x80 {
        return Some(Head { tag, start, len: Some(usize::from(first)) });
    }
    let count = usize::from(first & 0x7f);
    if count == 0 {
        return Some(Head { tag, start, len: None });
    }
    let digits = bytes.get(start..start.checked_add(count)?)?;
    let len = digits.iter().try_fold(0usize, |len, b| len.checked_mul(256)?.checked_add(usize::from(*b)));
    Some(Head { tag, start: start + count, len: Some(len.unwrap_or(usize::MAX)) })
}

/// Returns where an element ends, past its end mark.
fn end(bytes: &[u8], head: Head) -> Option<usize> {
    if let Some(len) = head.len {
        return Some(head.start.saturating_add(len).min(bytes.len()));
    }
    let (mut at, mut depth) = (head.start, 1);
    while depth > 0 && at < bytes.len() {
        if from(bytes, at).starts_with(&[0, 0]) {
            depth -= 1;
            at += 2;
            continue;
        }
        let inner = self::head(bytes, at)?;
        at = match inner.len {
            Some(len) => inner.start.saturating_add(len).min(bytes.len()),
            None if depth < DEPTH_MAX => {
                depth += 1;
                inner.start
            }
            None => return None,
        };
    }
    Some(at)
}

/// Returns the head of the element at `at` where it has that tag.
fn expect(bytes: &[u8], at: usize, tag: u8) -> Option<Head> {
    head(bytes, at).filter(|head| head.tag == tag)
}

/// Reads the outermost elements: what kind of message it is, and where its content begins.
fn content(bytes: &[u8]) -> Option<(Cms, usize)> {
    let outer = expect(bytes, 0, SEQUENCE)?;
    let kind = expect(bytes, outer.start, OBJECT)?;
    let after = end(bytes, kind)?;
    let id = slice(bytes, kind.start..after);
    let kind = match (id.strip_prefix(PKCS7), id.strip_prefix(SMIME)) {
        (Some([2]), _) => Cms::Signed,
        (Some([3 | 4 | 6]), _) | (_, Some([23])) => Cms::Encrypted,
        (_, Some([9])) => Cms::Compressed,
        _ => return None,
    };
    Some((kind, expect(bytes, after, EXPLICIT_0)?.start))
}

/// Tells what a CMS message is by its first bytes; `None` where it is none.
pub(in crate::mime) fn kind(bytes: &[u8]) -> Option<Cms> {
    content(bytes).map(|(kind, _)| kind)
}

/// Returns what was signed, where a message is signed and holds that (RFC 5652 section 5.1 and 5.2).
pub(in crate::mime) fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    let (Cms::Signed, at) = content(bytes)? else { return None };
    let signed = expect(bytes, at, SEQUENCE)?;
    let version = head(bytes, signed.start)?;
    let digests = head(bytes, end(bytes, version)?)?;
    let encapsulated = expect(bytes, end(bytes, digests)?, SEQUENCE)?;
    let kind = expect(bytes, encapsulated.start, OBJECT)?;
    let at = end(bytes, kind)?;
    if encapsulated.len.is_some_and(|len| at >= encapsulated.start.saturating_add(len)) {
        return None;
    }
    let content = expect(bytes, at, EXPLICIT_0)?;
    octets(bytes, content.start)
}

/// Reads an octet string, also one in pieces.
fn octets(bytes: &[u8], at: usize) -> Option<Vec<u8>> {
    let string = head(bytes, at)?;
    match string.tag {
        OCTETS => return Some(slice(bytes, string.start..end(bytes, string)?).to_vec()),
        OCTETS_IN_PIECES => {}
        _ => return None,
    }
    let mut out = Vec::new();
    let mut ends = vec![string.len.map(|len| string.start.saturating_add(len))];
    let mut at = string.start;
    while let Some(end_of) = ends.last().copied() {
        let marked = end_of.is_none() && from(bytes, at).starts_with(&[0, 0]);
        if marked || end_of.is_some_and(|end| at >= end) || at >= bytes.len() {
            at += if marked { 2 } else { 0 };
            ends.pop();
            continue;
        }
        let Some(piece) = head(bytes, at) else { break };
        match piece.tag {
            OCTETS_IN_PIECES if ends.len() < DEPTH_MAX => {
                ends.push(piece.len.map(|len| piece.start.saturating_add(len)));
                at = piece.start;
            }
            OCTETS => {
                at = end(bytes, piece)?;
                out.extend_from_slice(slice(bytes, piece.start..at));
            }
            _ => break,
        }
    }
    Some(out)
}

#[cfg(test)]
#[path = "cms_tests.rs"]
mod tests;
