//! Saved replies by the names that stand on the command line.

use std::collections::BTreeMap;

use super::desk::Desk;
use super::output::Output;
use super::words::{nearest, usage};
use crate::error::UserError;
use crate::service::saved_replies::{self, SavedReply, Shelf};

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
    Err(usage(phrase!("no-such-reply", name = format!("{name:?}"))).hint(hint))
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
