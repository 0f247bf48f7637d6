//! Ids as people type them, and names for completion.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;
use serde_json::Value;

use super::batch::conversation_of;
use super::connection::Transaction;
use super::counts::named;
use super::facts::message_id;
use super::types::Resolved;
use super::{Store, StoreError};
use crate::model::ids::{ConversationId, Handle, MessageId, SHORT_ID_MIN, Tag};

/// How many of the newest records tell which tags are in use lately: what is read does not grow with the store.
const USED_LATELY: i64 = 5_000;
/// The most candidates told of an id that is too short.
const CANDIDATES_MAX: usize = 20;

impl Store {
    /// Finds the conversation that `typed`, an id or the beginning of one, means. Any id ever shown keeps resolving.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn resolve(&self, typed: &str) -> Result<Resolved, StoreError> {
        let Some(prefix) = ConversationId::normalise(typed) else { return Ok(Resolved::None) };
        self.read(|tx| {
            let mut found = BTreeSet::new();
            // `~` sorts behind every letter of an id.
            let end = format!("{prefix}~");
            let limit = i64::try_from(CANDIDATES_MAX + 1).unwrap_or(i64::MAX);
            let mut find =
                tx.prepare_cached("SELECT rowid FROM conversation WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3")?;
            for number in find.query_map(rusqlite::params![prefix, end, limit], |row| row.get::<_, i64>(0))? {
                found.insert(number?);
            }
            let mut find = tx.prepare_cached(
                "SELECT m.conversation FROM conversation_alias a JOIN member m ON m.message_id = a.message_id
                 WHERE a.id >= ?1 AND a.id < ?2 ORDER BY a.id LIMIT ?3",
            )?;
            for number in find.query_map(rusqlite::params![prefix, end, limit], |row| row.get::<_, i64>(0))? {
                found.insert(number?);
            }
            let mut ids = ids_of(tx, &found)?;
            ids.sort();
            match (ids.pop(), ids.len()) {
                (None, _) => Ok(Resolved::None),
                (Some(one), 0) => Ok(Resolved::One(one)),
                (Some(last), _) => {
                    ids.push(last);
                    ids.truncate(CANDIDATES_MAX);
                    let short: Result<Vec<String>, StoreError> = ids.iter().map(|id| short_id(tx, id)).collect();
                    Ok(Resolved::Many(short?))
                }
            }
        })
    }

    /// Returns the conversation that holds a message, or that one of its messages names.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn conversation_of(&self, message: &MessageId) -> Result<Option<ConversationId>, StoreError> {
        self.read(|tx| match conversation_of(tx, message)? {
            Some(number) => Ok(ids_of(tx, &BTreeSet::from([number]))?.into_iter().next()),
            None => Ok(None),
        })
    }

    /// Returns the tags in use, sorted.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn known_tags(&self) -> Result<Vec<Tag>, StoreError> {
        let names = self.read(|tx| named(tx, "known-tag:"))?;
        Ok(names.iter().filter_map(|(name, _)| Tag::new(name).ok()).collect())
    }

    /// Returns the tags that were put on lately, the last one first, each with how often: as far as the newest records tell.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn tags_used(&self) -> Result<Vec<(Tag, u64)>, StoreError> {
        let mut used: Vec<(Tag, u64)> = Vec::new();
        self.read(|tx| {
            let newest: i64 = tx.query_row("SELECT coalesce(max(seq), 0) FROM record", [], |row| row.get(0))?;
            let mut find =
                tx.prepare_cached("SELECT op FROM record WHERE seq > ?1 AND kind = 'tag' ORDER BY seq DESC")?;
            let mut rows = find.query([newest.saturating_sub(USED_LATELY)])?;
            while let Some(row) = rows.next()? {
                let op = row.get_ref(0)?.as_str().ok().and_then(|op| serde_json::from_str::<Value>(op).ok());
                let added = op.as_ref().and_then(|op| op.get("add")).and_then(Value::as_array);
                let names = added.into_iter().flatten().filter_map(Value::as_str);
                for tag in names.filter_map(|name| Tag::new(name).ok()) {
                    match used.iter_mut().find(|(known, _)| *known == tag) {
                        Some((_, count)) => *count += 1,
                        None => used.push((tag, 1)),
                    }
                }
            }
            Ok(())
        })?;
        Ok(used)
    }

    /// Returns the agents in use, of the config, the log and the assignments, sorted.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn known_agents(&self) -> Result<Vec<Handle>, StoreError> {
        let mut agents: BTreeSet<Handle> = self.team().agents.iter().map(|a| a.handle.clone()).collect();
        let names = self.read(|tx| {
            let mut names: Vec<String> = named(tx, "known-agent:")?.into_iter().map(|(name, _)| name).collect();
            // One seek for each name, however many records there are.
            let mut next = tx.prepare_cached("SELECT min(actor) FROM record WHERE actor > ?1")?;
            let mut last = String::new();
            while let Some(name) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
                names.push(name.clone());
                last = name;
            }
            Ok(names)
        })?;
        agents.extend(names.iter().filter_map(|name| Handle::new(name).ok()));
        agents.remove(&super::record::system()?);
        // A team that has a conversation is no agent.
        for group in &self.team().groups {
            agents.remove(&group.name);
        }
        Ok(agents.into_iter().collect())
    }
}

/// Returns the shortest beginning of an id that no other has or had: its neighbours in the order of ids decide.
fn short_id(tx: &Transaction<'_>, id: &ConversationId) -> Result<String, StoreError> {
    let mut near: Vec<String> = Vec::new();
    for sql in [
        "SELECT id FROM conversation WHERE id < ?1 ORDER BY id DESC LIMIT 1",
        "SELECT id FROM conversation WHERE id > ?1 ORDER BY id LIMIT 1",
        "SELECT id FROM conversation_alias WHERE id < ?1 ORDER BY id DESC LIMIT 1",
        "SELECT id FROM conversation_alias WHERE id > ?1 ORDER BY id LIMIT 1",
    ] {
        near.extend(tx.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get::<_, String>(0)).optional()?);
    }
    Ok(shortest(id, near.iter()))
}

/// Returns the shortest beginning of an id that none of its neighbours has.
pub(super) fn shortest<'n>(id: &ConversationId, near: impl Iterator<Item = &'n String>) -> String {
    let same = |near: &String| near.bytes().zip(id.as_str().bytes()).take_while(|(a, b)| a == b).count();
    let shared = near.map(same).max().unwrap_or(0);
    id.as_str().chars().take((shared + 1).max(SHORT_ID_MIN)).collect()
}

/// Returns the short ids of the conversations that hold these messages, at most `max`.
pub(super) fn short_ids(tx: &Transaction<'_>, messages: &[String], max: usize) -> Result<Vec<String>, StoreError> {
    let mut numbers = BTreeSet::new();
    for id in messages.iter().take(max) {
        numbers.extend(conversation_of(tx, &message_id(id))?);
    }
    ids_of(tx, &numbers)?.iter().map(|id| short_id(tx, id)).collect()
}

/// Returns the ids of a set that are conversations now, for callers that hold numbers.
fn ids_of(tx: &Transaction<'_>, numbers: &BTreeSet<i64>) -> Result<Vec<ConversationId>, StoreError> {
    let mut find = tx.prepare_cached("SELECT id FROM conversation WHERE rowid = ?1")?;
    let mut ids = Vec::new();
    for number in numbers {
        if let Some(id) = find.query_row([number], |row| row.get::<_, String>(0)).optional()? {
            ids.push(ConversationId::from_kept(id));
        }
    }
    Ok(ids)
}
