//! What a delivery report says of each recipient (RFC 3464), and what can be told of reports by programs that write no such part.

use super::super::header::Headers;
use super::super::lines::{line_end, slice};
use super::super::part::{Kind, Tree};
use super::super::word;
use crate::model::message::{Fate, Outcome};

/// The most recipients read of one report.
const FATES_MAX: usize = 100;
/// The most characters of an address, and of the words about it.
const TEXT_MAX: usize = 320;
/// The most lines of a plain report that are looked through for a recipient.
const LINES_MAX: usize = 200;
/// The most bytes of it.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// What the subject of a plain report says where the mail is still being tried, in lower case.
const DELAYED: &[&str] = &[
    "delay",
    "warning",
    "could not send message for past",
    "will retry",
    "still being retried",
    "not yet been delivered",
    "verzögert",
    "différée",
    "retrasado",
    "ritardata",
    "配信遅延",
];
/// What it says where all went well, in lower case.
const DELIVERED: &[&str] =
    &["success", "(relay)", "relayed", "delivered:", "delivery report: ok", "mail delivery notification: ok"];

/// Returns what became of the mail: for each recipient that did not get it, or has not got it yet.
pub(super) fn all(raw: &[u8], tree: &Tree, headers: &Headers<'_>, subject: &str) -> Vec<Fate> {
    let mut fates = Vec::new();
    let mut formal = false;
    for part in tree.parts.iter().filter(|part| part.kind == Kind::Leaf) {
        if matches!(part.media(), "message/delivery-status" | "message/global-delivery-status") {
            formal = true;
            let bytes = part.transfer.decode(slice(raw, part.body.clone()));
            groups(&bytes, &mut fates);
        }
    }
    // A report that says well of everybody says nothing here.
    if fates.is_empty() && !formal {
        fates = plain(raw, tree, headers, subject);
    }
    fates.truncate(FATES_MAX);
    fates
}

/// Reads the groups of fields, which empty lines part; the first is about the whole mail and names no recipient.
fn groups(bytes: &[u8], fates: &mut Vec<Fate>) {
    let mut at = 0;
    while at < bytes.len() && fates.len() < FATES_MAX {
        let start = at;
        while at < bytes.len() {
            let end = line_end(bytes, at);
            let empty = slice(bytes, at..end).trim_ascii().is_empty();
            at = end;
            if empty {
                break;
            }
        }
        fates.extend(group(&Headers::parse(slice(bytes, start..at))));
    }
}

fn group(fields: &Headers<'_>) -> Option<Fate> {
    let text = |name: &str| fields.get(name).map(|value| unfolded(&word::decode(value))).unwrap_or_default();
    let address = |name: &str| bare(after_type(&text(name)));
    let recipient = [address("original-recipient"), address("final-recipient")];
    let recipient = recipient.into_iter().find(|a| a.contains('@')).unwrap_or_else(|| address("final-recipient"));
    let diagnostic = text("diagnostic-code");
    let mut status = text("status");
    status = status.split_whitespace().next().map(str::to_owned).filter(|s| is_status(s)).unwrap_or_default();
    let action = text("action").to_ascii_lowercase();
    if recipient.is_empty() && action.is_empty() {
        return None;
    }
    let words = said(after_type(&diagnostic), &mut status);
    // Who it is stands beside it already.
    let named = words.strip_prefix(&format!("<{recipient}>")).or_else(|| words.strip_prefix(&recipient));
    let words = named.unwrap_or(&words).trim_start_matches([':', '.', ',', ' ']).to_owned();
    let outcome = match action.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default() {
        "failed" | "failure" => Outcome::Failed,
        "delayed" => Outcome::Delayed,
        "delivered" | "relayed" | "expanded" => return None,
        _ if status.starts_with('4') => Outcome::Delayed,
        _ if status.starts_with('2') => return None,
        _ => Outcome::Failed,
    };
    Some(Fate { recipient, outcome, status, words })
}

/// What a report without a part for machines tells: Exim names the recipients in a header, qmail in its text.
fn plain(raw: &[u8], tree: &Tree, headers: &Headers<'_>, subject: &str) -> Vec<Fate> {
    let subject = subject.to_lowercase();
    if DELIVERED.iter().any(|word| subject.contains(word)) {
        return Vec::new();
    }
    let delayed = DELAYED.iter().any(|word| subject.contains(word));
    let outcome = if delayed { Outcome::Delayed } else { Outcome::Failed };
    let fate = |recipient: String, status: String, words: String| Fate { recipient, outcome, status, words };
    if let Some(named) = headers.get("x-failed-recipients") {
        let named = String::from_utf8_lossy(named).into_owned();
        let named = named.split(',').map(bare).filter(|address| address.contains('@'));
        return named.map(|address| fate(address, String::new(), String::new())).collect();
    }
    let text = tree.parts.iter().find(|part| part.kind == Kind::Leaf && part.media() != "text/html");
    let text = text.map(|part| part.transfer.decode(slice(raw, part.body.clone()))).unwrap_or_default();
    let (recipient, line) = named(&text).unwrap_or_default();
    let mut status = String::new();
    let words = said(&line, &mut status);
    vec![fate(recipient, status, words)]
}

/// Finds `<address>:` at the beginning of a line, and what is said behind it; else a line that is an address and nothing more, as it
/// stands above the copy of the mail.
fn named(text: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(slice(text, 0..text.len().min(TEXT_BYTES_MAX)));
    let lines: Vec<&str> = text.lines().map(str::trim).take(LINES_MAX).collect();
    for (n, line) in lines.iter().enumerate() {
        let inside = line.strip_prefix('<').and_then(|rest| rest.split_once('>'));
        let Some((address, rest)) = inside.filter(|(address, _)| is_address(address)) else { continue };
        let mut said = rest.trim_start_matches([':', ' ']).trim();
        // "Remote host said:" says nothing by itself.
        let mut below = lines.iter().skip(n + 1).take(2);
        while said.is_empty() || said.ends_with(':') {
            let Some(next) = below.next() else { break };
            said = next;
        }
        return Some((bare(address), unfolded(said)));
    }
    let copy =
        |line: &&str| ["Received:", "Return-Path:", "From:", "Message-ID:"].iter().any(|name| line.starts_with(name));
    let above = lines.iter().take_while(|line| !copy(line));
    let alone = above.map(|line| line.trim_matches(['<', '>', '"', ',', ':', ';'])).find(|line| is_address(line));
    alone.map(|address| (bare(address), String::new()))
}

fn is_address(text: &str) -> bool {
    let halves = text.split_once('@');
    halves.is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '/' | '='))
}

/// Takes `rfc822;` or `smtp;` off.
fn after_type(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if kind.trim().len() < 20 && !kind.trim().contains(char::is_whitespace) => rest.trim(),
        _ => value.trim(),
    }
}

fn bare(address: &str) -> String {
    cut(address.trim().trim_start_matches('<').trim_end_matches('>').trim())
}

fn unfolded(text: &str) -> String {
    cut(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn cut(text: &str) -> String {
    text.chars().take(TEXT_MAX).collect()
}

/// Takes the codes off the front of what a server said, `550-5.1.1 `, and fills in the status where it is not known yet.
fn said(text: &str, status: &mut String) -> String {
    let mut rest = text.trim();
    // Once more: several lines of one answer have the codes each, and here they stand in one line.
    for _ in 0..3 {
        let first = rest.split([' ', '-', ':']).next().unwrap_or_default();
        let is_reply = first.len() == 3 && first.bytes().all(|b| b.is_ascii_digit());
        let code = rest.split_whitespace().next().unwrap_or_default();
        let code = code.trim_matches(|c: char| !c.is_ascii_digit());
        if is_reply && first != rest {
            rest = rest.get(first.len() + 1..).unwrap_or_default().trim_start();
        } else if is_status(code) {
            if status.is_empty() {
                code.clone_into(status);
            }
            rest = rest.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        } else {
            break;
        }
    }
    rest.trim_start_matches([':', ' ']).to_owned()
}

/// Tells whether this is an enhanced status code (RFC 3463 section 2).
fn is_status(text: &str) -> bool {
    let mut parts = text.split('.');
    let number =
        |part: Option<&str>| part.is_some_and(|p| (1..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()));
    let class = matches!(parts.next(), Some("2" | "4" | "5"));
    class && number(parts.next()) && number(parts.next()) && parts.next().is_none()
}

#[cfg(test)]
#[path = "fate_tests.rs"]
mod tests;
