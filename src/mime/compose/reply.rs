//! What an answer says of the message that it answers: the line above the quote.

use crate::model::address::Address;
use crate::model::message::Envelope;

/// Returns the line above a quote of what an author wrote: `On 2026-11-22 10:00 UTC, Carla wrote:`. It stands among our own words, so braces of a name, which
/// would read as a variable of ours, become round.
pub fn attribution(of: &Envelope, author: Option<&Address>) -> String {
    let who = author.map_or("somebody", |a| a.short());
    let who = who.replace('{', "(").replace('}', ")");
    match of.date.and_then(|at| jiff::Timestamp::from_millisecond(at.0).ok()) {
        Some(at) => format!("On {}, {who} wrote:", at.strftime("%Y-%m-%d %H:%M UTC")),
        None => format!("{who} wrote:"),
    }
}
