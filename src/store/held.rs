//! What is held beside the mails of a conversation when they are opened: by it their quotes are told from what is new.
//!
//! Only what is shown goes by it. What is kept of a mail (its snippet, what search finds) goes by the mail alone, so that the order in which
//! mails come in makes no difference.

use std::collections::{BTreeSet, HashMap};

use super::connection::Transaction;
use super::error::StoreError;
use super::facts::Facts;
use super::message::get_raw;
use crate::mime::quote::{Asks, Held, Mail, TEXTS_MAX};
use crate::mime::{self, Parsed};
use crate::model::message::{Block, Readable};

/// A mail is held up to this many bytes: its text stands in front, what lies behind is attachments.
const HELD_MAX: u64 = 512 * 1024;
/// A mail is shown up to this many bytes; what lies behind is an attachment's end.
const SHOWN_MAX: u64 = 64 * 1024 * 1024;
/// The most mails of other conversations that are looked up by id.
const NAMED_MAX: usize = 8;

/// Reads the mails to be shown of a conversation, by their numbers. One is read beside the others where those can tell more of it, and the
/// others are read for it only then: `all` are the messages of the conversation, `notices` what it answers.
pub(super) fn bodies(
    tx: &Transaction<'_>,
    all: &[Facts],
    notices: &[Facts],
    shown: &[&Facts],
) -> Result<HashMap<i64, Readable>, StoreError> {
    let mut texts = Texts { tx, alone: HashMap::new() };
    for one in shown.iter().filter(|one| !one.partial) {
        texts.read(one, SHOWN_MAX)?;
    }
    let asks = |one: &&&Facts| texts.alone.get(&one.row).is_some_and(|text| text.asks != Asks::default());
    let mut asking: Vec<&Facts> = shown.iter().filter(asks).copied().collect();
    if !asking.is_empty() {
        let named = named(tx, all)?;
        let own = all.iter().rev().take(TEXTS_MAX);
        let others = notices.iter().chain(&named).chain(own).filter(|one| !one.partial && !one.hidden);
        let others: Vec<&Facts> = others.collect();
        texts.drop_those_that_nobody_can_tell(&mut asking, &others)?;
        let held = if asking.is_empty() { Held::default() } else { texts.held(&others)? };
        for one in asking {
            let Some(raw) = get_raw(tx, one.row, SHOWN_MAX)? else { continue };
            let text = mime::readable_beside(&raw, held.beside(mail(one)));
            texts.alone.entry(one.row).and_modify(|alone| alone.readable = text);
        }
    }
    Ok(texts.alone.into_iter().map(|(row, text)| (row, text.readable)).collect())
}

/// What a mail says by itself.
struct Alone {
    readable: Readable,
    asks: Asks,
    /// Whether more of it was read than is held of a mail.
    is_long: bool,
}

/// Mails, each read once by itself.
struct Texts<'t> {
    tx: &'t Transaction<'t>,
    alone: HashMap<i64, Alone>,
}

impl Texts<'_> {
    fn read(&mut self, one: &Facts, max: u64) -> Result<(), StoreError> {
        let Some(raw) = get_raw(self.tx, one.row, max)? else { return Ok(()) };
        let Parsed { readable, asks, .. } = mime::parse(&raw);
        let is_long = u64::try_from(raw.len()).is_ok_and(|len| len > HELD_MAX);
        self.alone.insert(one.row, Alone { readable, asks, is_long });
        Ok(())
    }

    /// Does `with` the text of a mail as it is held.
    fn with_text<T>(&mut self, one: &Facts, with: impl FnOnce(&Readable) -> T) -> Result<Option<T>, StoreError> {
        if !self.alone.contains_key(&one.row) {
            self.read(one, HELD_MAX)?;
        }
        match self.alone.get(&one.row) {
            Some(text) if !text.is_long => Ok(Some(with(&text.readable))),
            Some(_) => Ok(get_raw(self.tx, one.row, HELD_MAX)?.map(|raw| with(&mime::readable(&raw)))),
            None => Ok(None),
        }
    }

    /// Leaves out those that ask only whether their end is a signature, where nobody who wrote them signed another.
    fn drop_those_that_nobody_can_tell(
        &mut self,
        asking: &mut Vec<&Facts>,
        others: &[&Facts],
    ) -> Result<(), StoreError> {
        let asks = |one: &Facts| self.alone.get(&one.row).map(|text| text.asks).unwrap_or_default();
        let (certain, unsure): (Vec<&Facts>, Vec<&Facts>) = asking.iter().partition(|one| asks(one).quotes);
        *asking = certain;
        let authors: BTreeSet<&str> = unsure.iter().map(|one| one.author.as_str()).collect();
        let mut signed = Vec::new();
        for other in others.iter().filter(|other| authors.contains(other.author.as_str())) {
            let is_signed = |text: &Readable| text.blocks.iter().any(|block| matches!(block, Block::Signature(_)));
            if self.with_text(other, is_signed)? == Some(true) {
                signed.push(mail(other));
            }
        }
        let can_tell = |one: &&Facts| {
            let Mail { key, author, .. } = mail(one);
            signed.iter().any(|other| other.author == author && other.key != key)
        };
        asking.extend(unsure.into_iter().filter(can_tell));
        Ok(())
    }

    /// Holds the mails, as many as are held at a time.
    fn held(&mut self, others: &[&Facts]) -> Result<Held, StoreError> {
        let mut held = Held::default();
        if others.len() < 2 {
            return Ok(held);
        }
        for other in others {
            if self.with_text(other, |text| held.add(mail(other), text))? == Some(false) {
                break;
            }
        }
        Ok(held)
    }
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

/// Says which mail it is. Mail that was copied to another server may have come in one second; then its own date tells what was first.
fn mail(facts: &Facts) -> Mail<'_> {
    let key = facts.text_hash.as_deref().unwrap_or_default();
    let date = facts.envelope.date.map_or(i64::MAX, |date| date.0);
    Mail { key, author: &facts.author, order: (facts.arrived.seconds(), date, facts.row) }
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
