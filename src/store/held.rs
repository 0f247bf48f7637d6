//! What is held beside the mails of a conversation when they are opened: by it their quotes are told from what is new.
//!
//! Only what is shown goes by it. What is kept of a mail (its snippet, what search finds) goes by the mail alone, so that the order in which
//! mails come in makes no difference.

use std::collections::BTreeSet;

use rusqlite::Transaction;

use super::error::StoreError;
use super::facts::Facts;
use super::message::get_raw;
use crate::mime;
use crate::mime::quote::{Held, Mail, TEXTS_MAX};
use crate::model::message::Readable;

/// A mail is held up to this many bytes: its text stands in front, what lies behind is attachments.
const READ_MAX: u64 = 512 * 1024;
/// The most mails of other conversations that are looked up by id.
const NAMED_MAX: usize = 8;

/// Reads the other mails: the notices that a conversation answers, its own messages, those of other conversations that they name; the newest
/// first.
pub(super) fn beside(tx: &Transaction<'_>, facts: &[Facts], notices: &[Facts]) -> Result<Held, StoreError> {
    let mut held = Held::default();
    let named = named(tx, facts)?;
    let own = facts.iter().rev().take(TEXTS_MAX);
    let all: Vec<&Facts> = notices.iter().chain(&named).chain(own).filter(|one| !one.partial && !one.hidden).collect();
    if all.len() < 2 {
        return Ok(held);
    }
    for one in all {
        let Some(raw) = get_raw(tx, one.row, READ_MAX)? else { continue };
        if !held.add(mail(one), &mime::readable(&raw)) {
            break;
        }
    }
    Ok(held)
}

/// Finds the mails of other conversations that these name last.
fn named(tx: &Transaction<'_>, facts: &[Facts]) -> Result<Vec<Facts>, StoreError> {
    let own: BTreeSet<_> = facts.iter().map(|one| &one.id).collect();
    let ids = facts.iter().rev().take(TEXTS_MAX).flat_map(|one| one.parents().into_iter().rev().take(2));
    let mut ids: Vec<_> = ids.filter(|id| !own.contains(id)).take(NAMED_MAX).collect();
    ids.dedup();
    let mut found = Vec::new();
    for id in ids {
        found.extend(Facts::by_id(tx, &id)?.filter(|one| !one.hidden));
    }
    Ok(found)
}

/// Reads the text of a mail beside them.
pub(super) fn readable(raw: &[u8], facts: &Facts, held: &Held) -> Readable {
    mime::readable_beside(raw, held.beside(mail(facts)))
}

/// Says which mail it is. Mail that was copied to another server may have come in one second; then its own date tells what was first.
fn mail(facts: &Facts) -> Mail<'_> {
    let key = facts.text_hash.as_deref().unwrap_or_default();
    let date = facts.envelope.date.map_or(i64::MAX, |date| date.0);
    Mail { key, author: &facts.author, order: (facts.arrived.seconds(), date, facts.row) }
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
