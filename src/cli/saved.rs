//! Saved replies by the names that stand on the command line.

use std::collections::BTreeMap;

use super::desk::Desk;
use super::output::Output;
use super::words::{nearest, usage};
use crate::error::{ErrorKind, UserError};
use crate::model::shared_reply::{DiffLine, Difference};
use crate::model::text::in_quotes;
use crate::service::saved_replies::{self, SavedReply, Shelf};
use crate::text;

/// Reads all saved replies, and names those that can't be read.
///
/// # Errors
/// When the store can't be read.
pub fn all(desk: &Desk, out: &mut Output) -> Result<Shelf, UserError> {
    let shelf = saved_replies::all(&desk.store, &desk.config.replies_dir)?;
    for trouble in &shelf.troubles {
        let error = trouble.error();
        out.warn(&error.message());
        if error.remedy.is_some() {
            out.hint(&error.advice());
        }
    }
    Ok(shelf)
}

/// Finds the reply of that name.
///
/// # Errors
/// Says what is wrong with its file, or names the nearest where there is none.
pub fn find<'a>(desk: &Desk, shelf: &'a Shelf, name: &str) -> Result<&'a SavedReply, UserError> {
    if let Some(reply) = shelf.find(name) {
        return Ok(reply);
    }
    if let Some(trouble) = shelf.trouble_of(name) {
        return Err(trouble.error());
    }
    let names: Vec<&str> = shelf.replies.iter().map(|reply| reply.template.name.as_str()).collect();
    let hint = if names.is_empty() {
        phrase!("hint-first-reply", folder = desk.config.replies_dir.display().to_string())
    } else {
        nearest(name, &names)
    };
    Err(usage(phrase!("no-such-reply", name = in_quotes(name))).hint(hint))
}

/// Says where a reply comes from, and whether it was changed since it was last used.
pub fn origin(desk: &Desk, reply: &SavedReply) -> String {
    let Some(shared) = reply.from_team() else { return say!("reply-own-file") };
    let ago = text::age(shared.by.at, desk.clock.now());
    let origin = say!("reply-shared-by", who = shared.by.who.as_str(), ago = ago);
    match reply.last_used {
        Some(_) => format!("{origin} · {}", say!("reply-changed")),
        None => origin,
    }
}

/// Tells where a shared reply that is about to be used comes from, and what became of it since it was last used.
///
/// # Errors
/// When it was changed and that is not `accepted`.
pub fn look_at(desk: &Desk, out: &mut Output, reply: &SavedReply, accepted: bool) -> Result<(), UserError> {
    let Some(shared) = reply.from_team() else { return Ok(()) };
    let Some(change) = reply.change() else {
        out.talk(&say!("told-reply-origin", name = &shared.name, origin = origin(desk, reply)));
        return Ok(());
    };
    tell_change(desk, out, reply, &change);
    if accepted {
        return Ok(());
    }
    Err(UserError::new(ErrorKind::Precondition, phrase!("reply-not-looked-at", name = in_quotes(shared.name)))
        .hint(phrase!("hint-accept-changed")))
}

/// Tells how a reply that the team shares differs from what is known of it.
pub fn tell_change(desk: &Desk, out: &mut Output, reply: &SavedReply, change: &Difference) {
    if let Some(by) = &reply.by {
        let at = text::moment(by.at, &desk.zone);
        out.warn(&say!("told-reply-changed", name = &reply.template.name, who = by.who.as_str(), at = at));
    }
    for link in &change.links {
        out.warn(&say!("reply-new-link", target = link.target.as_str()));
        link.warning.iter().for_each(|warning| out.warn(&format!("  {warning}")));
    }
    for line in &change.lines {
        out.warn(&match line {
            DiffLine::Same(text) => format!("  {text}"),
            DiffLine::Old(text) => format!("- {text}"),
            DiffLine::New(text) => format!("+ {text}"),
            DiffLine::Skipped(count) => say!("reply-lines-same", count = *count),
        });
    }
}

/// Reads `--set name=value`.
///
/// # Errors
/// When there is no `=`.
pub fn settings(given: &[String]) -> Result<BTreeMap<String, String>, UserError> {
    given
        .iter()
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or_else(|| usage(phrase!("set-without-value", pair = pair)))?;
            Ok((name.trim().to_owned(), value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
#[path = "saved_tests.rs"]
mod tests;
