//! How long customers usually wait here: the team's own measure of what is late.

use rusqlite::params;

use super::code::Code;
use super::connection::Transaction;
use super::{Store, StoreError};
use crate::model::ids::ConversationId;
use crate::model::message::Direction;
use crate::model::stats::WaitEnd;

/// So many conversations that we wrote in are looked at, those of the latest activity.
const LOOKED_AT: i64 = 200;
/// They are looked for among so many.
const AMONG: i64 = 1_000;
/// A conversation of more mails is left out: what happened in it costs the square of them.
const MAILS_MAX: i64 = 30;
/// Fewer answers tell nothing.
const ANSWERS_MIN: usize = 20;

impl Store {
    /// Returns how long nine of ten of the answers of late let their customer wait at most, in milliseconds; `None` where fewer than twenty
    /// tell. What it costs is bounded, whatever the store holds.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn usual_wait(&self) -> Result<Option<i64>, StoreError> {
        let mut waits = Vec::new();
        for stats in self.stats(&self.read(answered)?)? {
            let replied = stats.waits.iter().filter(|wait| wait.end == Some(WaitEnd::Replied));
            waits.extend(replied.filter_map(|wait| Some(wait.to?.since(wait.from))));
        }
        Ok(nine_of_ten(waits))
    }
}

/// Returns the conversations of the latest activity that we wrote in.
fn answered(tx: &Transaction<'_>) -> Result<Vec<ConversationId>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT c.id FROM (SELECT rowid, id, messages, last_outbound_at FROM conversation ORDER BY last_at DESC, id DESC LIMIT ?1) c
         WHERE c.last_outbound_at IS NOT NULL AND c.messages BETWEEN 2 AND ?2 AND EXISTS (
             SELECT 1 FROM message m WHERE m.conversation = c.rowid AND m.direction = ?3 AND m.history = 0) LIMIT ?4",
    )?;
    let asked = params![AMONG, MAILS_MAX, Code(Direction::Outbound), LOOKED_AT];
    let found = find.query_map(asked, |row| row.get::<_, String>(0))?;
    found.map(|id| Ok(ConversationId::from_kept(id?))).collect()
}

/// Returns the smallest wait that nine of ten are not longer than.
fn nine_of_ten(mut waits: Vec<i64>) -> Option<i64> {
    if waits.len() < ANSWERS_MIN {
        return None;
    }
    waits.sort_unstable();
    let rank = (waits.len() * 9).div_ceil(10);
    waits.get(rank.saturating_sub(1)).copied().filter(|wait| *wait > 0)
}

#[cfg(test)]
#[path = "usual_tests.rs"]
mod tests;
