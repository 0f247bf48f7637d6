//! What an answer takes over from the message that it answers: recipients and the line above the quote.

use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::message::Envelope;

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

/// Returns the line above a quote: `On 2026-11-22 10:00 UTC, Carla wrote:`. It stands among our own words, so braces of a name, which
/// would read as a variable of ours, become round.
pub fn attribution(of: &Envelope) -> String {
    let who = of.from.first().map_or("somebody", |a| a.short());
    let who = who.replace('{', "(").replace('}', ")");
    match of.date.and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok()) {
        Some(at) => format!("On {}, {who} wrote:", at.strftime("%Y-%m-%d %H:%M UTC")),
        None => format!("{who} wrote:"),
    }
}
