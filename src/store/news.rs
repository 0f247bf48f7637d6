//! News: what came to an agent of this store and was not looked at. Nothing of it goes to the log or to the server: whoever only reads
//! writes nothing there. What an agent's own records show as looked at, on whichever machine, is none.
//!
//! What is kept are the looks: mail that waits for one, records that had one. The rest is made of these, the mail and the records whenever
//! a conversation is folded, and so it follows mail and records through merges and late arrivals.

mod found;
mod tell;

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::code::Code;
use super::connection::Transaction;
use super::conversation::find;
use super::refold::{Folded, fold_conversation};
use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::conversation::ItemId;
use crate::model::ids::{ConversationId, Handle, OpId};
use crate::model::message::{AsOf, Direction, Origin};
use crate::model::news::{News, NewsKind};
use crate::model::shown::Shown;
use crate::model::text::SafeText;
use crate::op::news::{Kind, brought};
use crate::op::record::Record;

pub(super) use found::Reader;
use found::waiting;

const MAIL: i64 = 1;
const MENTION: i64 = 2;
const ANSWER: i64 = 4;
const GIVEN: i64 = 8;
const LOST: i64 = 16;
const BOUNCED: i64 = 32;
/// What records bring.
const OF_RECORDS: i64 = MENTION | GIVEN | LOST;
/// What a look clears, as SQL writes it: all but what came back, which stands until it is dealt with.
pub(super) const UNREAD: &str = "kinds & 27 <> 0";
/// What stands in the in-tray. The index of it is made for just these words.
pub(super) const TRAY: &str = "kinds & 62 <> 0";
/// Where that is looked up.
pub(super) const TRAY_FROM: &str = "conversation_news INDEXED BY conversation_news_tray";

impl Store {
    /// Notes that the author of this store uses it: what comes from now on is news to them, what is here is not.
    pub(super) fn register_reader(&self) -> Result<(), StoreError> {
        let me = self.author().actor.clone();
        let is_known = |tx: &Transaction<'_>| {
            let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM reader WHERE agent = ?1)")?;
            Ok(find.query_row([me.as_str()], |row| row.get::<_, bool>(0))?)
        };
        if self.read(is_known)? {
            return Ok(());
        }
        self.change(|batch| {
            batch
                .tx
                .prepare_cached("INSERT OR IGNORE INTO reader (agent, since) VALUES (?1, ?2)")?
                .execute(params![me.as_str(), batch.now.0])?;
            // What stands until somebody deals with it is there all the same. Left to itself, SQLite goes through all conversations.
            let mut find = batch.tx.prepare_cached(
                "SELECT conversation FROM conversation_mention WHERE agent = ?1
                 UNION SELECT rowid FROM conversation INDEXED BY conversation_bounced WHERE bounced IS NOT NULL",
            )?;
            let standing = find.query_map([me.as_str()], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            standing.into_iter().for_each(|conversation| batch.touch(conversation, false));
            Ok(())
        })?;
        Ok(())
    }

    /// Notes that the author looked at a conversation, as far as it was shown; without `as_of` at all of it. Nothing of that goes to the
    /// log. Returns `None` where nothing of it was news.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn look(&self, shown: &[(ConversationId, Option<AsOf>)]) -> Result<Option<Change>, StoreError> {
        let me = self.author().actor.clone();
        // Mostly nothing is: that must not take the write lock.
        let new = self.read(|tx| {
            let mut new = Vec::new();
            for (id, as_of) in shown {
                if unread_kinds(tx, id, &me)?.is_some() {
                    new.push((id, as_of.as_ref()));
                }
            }
            Ok(new)
        })?;
        if new.is_empty() {
            return Ok(None);
        }
        let ((), change, _) = self.change(|batch| {
            for (id, as_of) in new {
                // Another process may have looked at it meanwhile.
                let Some((number, kinds)) = unread_kinds(batch.tx, id, &me)? else { continue };
                look_at(batch.tx, number, &me, (kinds, as_of))?;
                batch.touch(number, false);
            }
            Ok(())
        })?;
        Ok(Some(change))
    }

    /// Tells whether a note of a conversation mentions the author, and no record says that they saw it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn has_unseen_mention(&self, id: &ConversationId) -> Result<bool, StoreError> {
        let me = &self.author().actor;
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(false) };
            let mut find = tx.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM conversation_mention WHERE conversation = ?1 AND agent = ?2)",
            )?;
            Ok(find.query_row(params![number, me.as_str()], |row| row.get(0))?)
        })
    }

    /// Marks these conversations as unread: the newest mail that a person wrote to us in each. Returns how many have one, and what changed.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn mark_unread(&self, ids: &[ConversationId]) -> Result<(usize, Change), StoreError> {
        let me = self.author().actor.clone();
        let (count, change, _) = self.change(|batch| {
            let mut count = 0;
            for id in ids {
                let Some((number, _)) = find(batch.tx, id)? else { continue };
                if put_back(batch.tx, number, &me)? {
                    batch.touch(number, false);
                    count += 1;
                }
            }
            Ok(count)
        })?;
        Ok((count, change))
    }
}

fn kinds_of(tx: &Transaction<'_>, conversation: i64, agent: &Handle) -> Result<i64, StoreError> {
    let mut find = tx.prepare_cached("SELECT kinds FROM conversation_news WHERE agent = ?1 AND conversation = ?2")?;
    Ok(find.query_row(params![agent.as_str(), conversation], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Returns the number of a conversation and what of it an agent has not looked at; `None` where that is nothing.
fn unread_kinds(tx: &Transaction<'_>, id: &ConversationId, agent: &Handle) -> Result<Option<(i64, i64)>, StoreError> {
    let Some((number, _)) = find(tx, id)? else { return Ok(None) };
    let kinds = kinds_of(tx, number, agent)?;
    Ok((kinds & (MAIL | OF_RECORDS) != 0).then_some((number, kinds)))
}

/// Keeps that an agent looked at a conversation of which this was news to them.
fn look_at(
    tx: &Transaction<'_>,
    conversation: i64,
    agent: &Handle,
    (kinds, as_of): (i64, Option<&AsOf>),
) -> Result<(), StoreError> {
    let mut drop = tx.prepare_cached("DELETE FROM news_mail WHERE message = ?1 AND agent = ?2")?;
    for one in waiting(tx, conversation, agent)? {
        let shown = |as_of: &AsOf| one.arrived.seconds() < as_of.at || as_of.ids.contains(&one.id);
        if as_of.is_none_or(shown) {
            drop.execute(params![one.row, agent.as_str()])?;
        }
    }
    if kinds & OF_RECORDS == 0 {
        // Reading all records of a conversation is dear, and none of them is news.
        return Ok(());
    }
    let (_, folded) = fold_conversation(tx, conversation)?;
    let records: Vec<&Record> = folded.records.iter().map(|(_, record)| record).collect();
    let mut keep = tx.prepare_cached("INSERT OR IGNORE INTO news_looked (agent, record) VALUES (?1, ?2)")?;
    for one in brought(agent, &folded.state, &records) {
        keep.execute([agent.as_str(), &one.record.to_string()])?;
    }
    Ok(())
}

/// Has the newest mail of a person wait for an agent's look again. What was recorded until now tells nothing of that.
fn put_back(tx: &Transaction<'_>, conversation: i64, agent: &Handle) -> Result<bool, StoreError> {
    let mut put = tx.prepare_cached(
        "INSERT OR REPLACE INTO news_mail (message, agent, behind, by_hand)
         SELECT m.id, ?2, coalesce((SELECT max(seq) FROM record), 0), 1 FROM message m
         WHERE m.conversation = ?1 AND m.hidden = 0 AND m.direction = ?3 AND m.origin = ?4 AND m.history = 0
         ORDER BY m.arrived DESC, m.message_id DESC LIMIT 1",
    )?;
    let human = params![conversation, agent.as_str(), Code(Direction::Inbound), Code(Origin::Human)];
    Ok(put.execute(human)? > 0)
}

/// Returns the items of a conversation that an agent has not looked at.
pub(super) fn new_items(
    tx: &Transaction<'_>,
    conversation: i64,
    agent: &Handle,
    folded: &Folded,
) -> Result<BTreeSet<ItemId>, StoreError> {
    if kinds_of(tx, conversation, agent)? == 0 {
        return Ok(BTreeSet::new());
    }
    let mut all: BTreeSet<ItemId> =
        waiting(tx, conversation, agent)?.into_iter().map(|one| ItemId::Message(one.id)).collect();
    let records: Vec<&Record> = folded.records.iter().map(|(_, record)| record).collect();
    let mut looked = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM news_looked WHERE agent = ?1 AND record = ?2)")?;
    for one in brought(agent, &folded.state, &records).into_iter().filter(|one| one.kind == Kind::Mention) {
        let is_looked_at: bool = looked.query_row([agent.as_str(), &one.record.to_string()], |row| row.get(0))?;
        if !is_looked_at {
            all.insert(ItemId::Note(note_of(&records, one.record)));
        }
    }
    Ok(all)
}

/// Returns the note that a record wrote or edited.
fn note_of(records: &[&Record], id: OpId) -> OpId {
    use crate::op::operation::Known;
    let edited = records.iter().find(|record| record.id == id).and_then(|record| match record.known() {
        Some(Known::EditNote { note, .. }) => Some(*note),
        _ => None,
    });
    edited.unwrap_or(id)
}

/// Reads what a row of the list holds of it: whether anything was not looked at, and what stands in the in-tray.
pub(super) fn of_column(kept: Option<&str>, failed: bool) -> (bool, Option<News>) {
    let mut lines = kept.unwrap_or_default().splitn(3, '\n');
    let kinds: i64 = lines.next().and_then(|n| n.parse().ok()).unwrap_or(0);
    let who = lines.next().and_then(|who| Handle::new(who).ok());
    let words = SafeText::line(lines.next().unwrap_or_default());
    let on = |bit| kinds & bit != 0;
    let kind = if on(MENTION) {
        Some(NewsKind::Mention)
    } else if on(ANSWER) {
        Some(NewsKind::Answer)
    } else if on(GIVEN) {
        Some(NewsKind::Given)
    } else if on(LOST) {
        Some(NewsKind::Lost)
    } else if on(BOUNCED) {
        Some(NewsKind::Bounced)
    } else {
        failed.then_some(NewsKind::NotSent)
    };
    (on(MAIL | MENTION | GIVEN | LOST), kind.map(|kind| News { kind, who, words }))
}

/// Takes what was shown for a look.
pub fn looks(shown: &[Shown]) -> Vec<(ConversationId, Option<AsOf>)> {
    shown.iter().map(|shown| (shown.id.clone(), shown.as_of.clone())).collect()
}

#[cfg(test)]
#[path = "news_tests.rs"]
mod tests;
