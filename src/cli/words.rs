//! Words of the command line made into values: agents, moments, texts.

use std::io::Read;

use super::desk::Desk;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::op::operation::TEXT_MAX;

/// Makes a usage error of anything that a value's own rules say.
pub fn usage(error: impl std::fmt::Display) -> UserError {
    UserError::new(ErrorKind::Usage, error.to_string())
}

/// Reads an agent: a handle, `me`, or `nobody`. One whom neither the config nor the log knows is refused, unless the config names no
/// colleague at all.
///
/// # Errors
/// Names the nearest agent that is known.
pub fn agent(desk: &Desk, word: &str) -> Result<Option<Handle>, UserError> {
    match word {
        "me" => return Ok(Some(desk.config.me.clone())),
        "nobody" | "none" | "-" => return Ok(None),
        _ => {}
    }
    let handle = Handle::new(word.trim_start_matches('@')).map_err(usage)?;
    let mut known = desk.store.known_agents()?;
    known.extend(desk.config.agents.iter().map(|agent| agent.handle.clone()));
    known.sort();
    known.dedup();
    if known.contains(&handle) || known.len() <= 1 {
        return Ok(Some(handle));
    }
    let names: Vec<&str> = known.iter().map(Handle::as_str).collect();
    Err(UserError::new(ErrorKind::Usage, format!("nobody is called {handle}")).hint(format!(
        "{}; a new colleague gets a section [agent.{handle}] in the config",
        nearest(handle.as_str(), &names)
    )))
}

/// Reads an inbox of the config.
///
/// # Errors
/// Names those that there are.
pub fn inbox(desk: &Desk, word: &str) -> Result<InboxId, UserError> {
    let inbox = InboxId::new(word).map_err(usage)?;
    if desk.config.inboxes.iter().any(|known| known.id == inbox) {
        return Ok(inbox);
    }
    let names: Vec<&str> = desk.config.inboxes.iter().map(|known| known.id.as_str()).collect();
    Err(UserError::new(ErrorKind::Usage, format!("there is no inbox {inbox}")).hint(nearest(inbox.as_str(), &names)))
}

/// Reads a tag, with or without a `#` in front.
///
/// # Errors
/// Says which rule of names it breaks.
pub fn tag(word: &str) -> Result<Tag, UserError> {
    Tag::new(word.trim_start_matches('#')).map_err(usage)
}

/// Reads a moment to come; `None` for `now`, `wake` and `off`, which end a snooze.
///
/// # Errors
/// Says what to write.
pub fn moment(desk: &Desk, word: &str) -> Result<Option<Timestamp>, UserError> {
    match word.trim() {
        "now" | "wake" | "off" => Ok(None),
        word => crate::model::when::parse_when(word, desk.clock.now(), &desk.zone).map(Some).map_err(usage),
    }
}

/// Reads a text; `-` reads it from stdin.
///
/// # Errors
/// When it is empty, too long, or no UTF-8.
pub fn text(word: &str, what: &str) -> Result<String, UserError> {
    let mut text = word.to_owned();
    if word == "-" {
        text.clear();
        let most = TEXT_MAX.saturating_mul(4).saturating_add(1);
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        let read = std::io::stdin().lock().take(limit).read_to_string(&mut text);
        read.map_err(|error| usage(format!("stdin can't be read as {what}: {error}")))?;
    }
    let text = text.trim_end().to_owned();
    if text.trim().is_empty() {
        return Err(usage(format!("{what} is empty")));
    }
    if text.chars().count() > TEXT_MAX {
        return Err(usage(format!("{what} is over the bound of {TEXT_MAX} characters")));
    }
    Ok(text)
}

/// Writes a number with its noun: `1 operation`, `2 operations`.
pub fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// Says which known word is meant, or which there are.
pub fn nearest(word: &str, known: &[&str]) -> String {
    let best = known.iter().map(|k| (strsim::damerau_levenshtein(word, k), *k)).min();
    match best {
        Some((distance, near)) if distance <= 2 => format!("did you mean {near}?"),
        _ => format!("there are {}", known.join(", ")),
    }
}
