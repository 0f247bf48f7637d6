//! The saved replies that the team shares on its logs, and the text of each that an agent has last used.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::{Store, StoreError, undone};
use crate::model::shared_reply::{SharedReply, Sharing};
use crate::op::operation::Known;

impl Store {
    /// Returns the saved replies that the team shares, by name; of several texts of one name the last counts.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn saved_replies(&self) -> Result<Vec<SharedReply>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT seq FROM record WHERE kind = 'saved-reply'")?;
            let seqs = find.query_map([], |row| row.get(0))?.collect::<Result<BTreeSet<i64>, _>>()?;
            let mut replies = BTreeMap::new();
            for (kept, active) in undone::with_active(tx, &seqs)? {
                if let (true, Some(Known::SavedReply { name, text })) = (active, kept.record.known()) {
                    let by = Sharing { who: kept.record.actor.clone(), at: kept.record.at };
                    replies.insert(name.clone(), SharedReply { name: name.clone(), text: text.clone(), by });
                }
            }
            Ok(replies.into_values().filter(|reply| !reply.text.is_empty()).collect())
        })
    }

    /// Returns the texts that this agent has last used or was shown, by [`reply_key`].
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn seen_replies(&self) -> Result<BTreeMap<String, String>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT name, text FROM reply_seen WHERE actor = ?1")?;
            let rows = find.query_map([self.author().actor.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Notes that this agent knows this text of a shared reply.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn reply_is_seen(&self, name: &str, text: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO reply_seen (actor, name, text) VALUES (?1, ?2, ?3)
                 ON CONFLICT (actor, name) DO UPDATE SET text = ?3 WHERE text <> ?3",
            )?
            .execute(params![self.author().actor.as_str(), reply_key(name), text])?;
            Ok(())
        })
    }
}

/// Returns by what a reply's text is remembered: its name in lower case, as replies are found. A name in other capitals would else be a
/// way past what is known of the reply.
pub fn reply_key(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
#[path = "shared_reply_tests.rs"]
mod tests;
