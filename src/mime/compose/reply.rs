//! What an answer takes over from the message that it answers: recipients, subject, quote.

use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::message::Envelope;

/// Prefixes of answers and forwards in the languages that mail programs write them in.
const PREFIXES: [&str; 21] = [
    "re", "aw", "sv", "vs", "antw", "ynt", "odp", "回复", "答复", "返信", "رد", "fwd", "fw", "wg", "tr", "rv", "enc",
    "vb", "转发", "転送", "ilt",
];

/// Whom an answer goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
}

/// Returns whom an answer to a message goes to; `all` adds its other recipients. None of our own addresses is among them, unless nobody
/// else is left.
pub fn recipients(of: &Envelope, team: &Team, all: bool) -> Recipients {
    let ours = of.from.iter().any(|a| team.owns(&a.email));
    // An answer to our own mail goes on to whom that went to.
    let first: &[Address] = if ours {
        &of.to
    } else if of.reply_to.iter().any(|a| !team.owns(&a.email)) {
        &of.reply_to
    } else {
        &of.from
    };
    let mut seen = std::collections::HashSet::new();
    let mut take = |list: &[Address]| -> Vec<Address> {
        list.iter().filter(|a| a.email.contains('@') && !team.owns(&a.email) && seen.insert(a.key())).cloned().collect()
    };
    let mut to = take(first);
    let mut cc = Vec::new();
    if all {
        if !ours {
            cc.append(&mut take(&of.to));
        }
        cc.append(&mut take(&of.cc));
    }
    if to.is_empty() && !cc.is_empty() {
        std::mem::swap(&mut to, &mut cc);
    }
    if to.is_empty() {
        to = of.from.iter().filter(|a| a.email.contains('@')).cloned().collect();
    }
    Recipients { to, cc }
}

/// Returns the subject without the prefixes of answers and forwards.
pub fn without_prefix(subject: &str) -> &str {
    let mut rest = subject.trim();
    for _ in 0..10 {
        let Some((head, tail)) = rest.split_once([':', '：']) else { break };
        let word = head.trim().split(['[', '(']).next().unwrap_or_default().trim().to_lowercase();
        if !PREFIXES.contains(&word.as_str()) {
            break;
        }
        rest = tail.trim_start();
    }
    rest
}

/// Returns the subject of an answer.
pub fn reply_subject(subject: &str) -> String {
    format!("Re: {}", without_prefix(subject)).trim_end().to_owned()
}

/// Returns the subject of a forward.
pub fn forward_subject(subject: &str) -> String {
    format!("Fwd: {}", without_prefix(subject)).trim_end().to_owned()
}

/// Returns the line above a quote: `On 2026-11-22 10:00 UTC, Carla wrote:`.
pub fn attribution(of: &Envelope) -> String {
    let who = of.from.first().map_or("somebody", |a| a.short());
    match of.date.and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok()) {
        Some(at) => format!("On {}, {who} wrote:", at.strftime("%Y-%m-%d %H:%M UTC")),
        None => format!("{who} wrote:"),
    }
}

/// Returns the text with `>` before each line.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 20);
    for line in text.trim_end().lines() {
        out.push('>');
        if !line.starts_with('>') && !line.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}
