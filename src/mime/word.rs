//! Header text to characters: encoded words (RFC 2047) as they should be and as they come, and unencoded bytes beside them.
//!
//! `mailparse` decodes each word for itself, so that a character cut in two between words is lost, and looks for the words' ends in quadratic
//! time; so this is read here.

use super::charset;
use super::lines::{find, from, slice};
use super::transfer;

/// The most bytes of one header that are decoded.
const HEADER_MAX: usize = 64 * 1024;

/// Decodes a header's text: folds undone, encoded words decoded wherever they stand, other bytes as UTF-8 or else in a charset that is guessed.
pub(super) fn decode(raw: &[u8]) -> String {
    decode_in(raw, "")
}

/// Decodes a header's text likewise, of a mail whose text is in `charset`: so are raw bytes over 127, which no standard allows, and words
/// that name no charset. Empty where it names none.
pub(super) fn decode_in(raw: &[u8], charset: &str) -> String {
    let raw = slice(raw, 0..raw.len().min(HEADER_MAX));
    if raw.is_ascii() && find(raw, b"=?").is_none() && !raw.contains(&0x1b) {
        return unfold(&String::from_utf8_lossy(raw));
    }
    decode_words(raw, charset)
}

/// Undoes folds: each line end with the white space around it is one space.
fn unfold(text: &str) -> String {
    if !text.contains(['\r', '\n', '\t']) {
        return text.trim().to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split(['\r', '\n']) {
        let line = if out.is_empty() { line.trim() } else { line.trim_matches(['\t', ' ']) };
        if !line.is_empty() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            out.push_str(line);
        }
    }
    out.replace('\t', " ")
}

/// One encoded word taken apart.
struct Word<'a> {
    label: &'a [u8],
    base64: bool,
    text: &'a [u8],
    /// Its length with all its marks.
    len: usize,
}

/// Reads the encoded word that `raw` begins with. White space inside its text is against RFC 2047 and common.
fn word(raw: &[u8]) -> Option<Word<'_>> {
    let rest = raw.strip_prefix(b"=?")?;
    let question = slice(rest, 0..rest.len().min(64)).iter().position(|&b| b == b'?')?;
    let label = slice(rest, 0..question);
    if label.iter().any(|b| b.is_ascii_whitespace() || *b == b'=') {
        return None;
    }
    let kind = rest.get(question + 1)?.to_ascii_lowercase();
    if !matches!(kind, b'q' | b'b') || rest.get(question + 2) != Some(&b'?') {
        return None;
    }
    let begin = question + 3;
    let end = find(from(rest, begin), b"?=")?;
    Some(Word { label, base64: kind == b'b', text: slice(rest, begin..begin + end), len: 2 + begin + end + 2 })
}

fn decode_words(raw: &[u8], charset: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    // Bytes of adjacent words of one charset are decoded together, as programs cut characters in two.
    let mut held: Option<(Vec<u8>, String)> = None;
    let mut at = 0;
    let mut none_left = false;
    while at < raw.len() {
        let next = if none_left { None } else { find(from(raw, at), b"=?").map(|n| at + n) };
        let Some(next) = next else {
            release(&mut out, &mut held, charset);
            plain(&mut out, from(raw, at), charset);
            break;
        };
        let between = slice(raw, at..next);
        let Some(word) = word(from(raw, next)) else {
            release(&mut out, &mut held, charset);
            plain(&mut out, slice(raw, at..next + 2), charset);
            // Without any end mark ahead no word can follow: looking again from every `=?` would be quadratic.
            none_left = find(from(raw, next + 2), b"?=").is_none();
            at = next + 2;
            continue;
        };
        if held.is_none() || !between.trim_ascii().is_empty() {
            release(&mut out, &mut held, charset);
            plain(&mut out, between, charset);
        }
        hold(&mut out, &mut held, &word, charset);
        at = next + word.len;
    }
    release(&mut out, &mut held, charset);
    let text = out.trim();
    if text.contains(['\r', '\n', '\t']) { unfold(text) } else { text.to_owned() }
}

fn hold(out: &mut String, held: &mut Option<(Vec<u8>, String)>, word: &Word<'_>, charset: &str) {
    let bytes = if word.base64 { transfer::base64(word.text) } else { transfer::quoted(word.text, true) };
    let label = String::from_utf8_lossy(word.label).to_ascii_lowercase();
    match held {
        Some((before, of)) if *of == label => before.extend_from_slice(&bytes),
        _ => {
            release(out, held, charset);
            *held = Some((bytes, label));
        }
    }
}

fn release(out: &mut String, held: &mut Option<(Vec<u8>, String)>, charset: &str) {
    if let Some((bytes, label)) = held.take() {
        let label = if charset::is_vague(&label) { charset } else { &label };
        out.push_str(&charset::decode(&bytes, label).text);
    }
}

fn plain(out: &mut String, bytes: &[u8], charset: &str) {
    let raw = std::str::from_utf8(bytes).map(std::borrow::Cow::Borrowed);
    out.push_str(&raw.unwrap_or_else(|_| charset::decode(bytes, charset).text));
}

#[cfg(test)]
#[path = "word_tests.rs"]
mod tests;
