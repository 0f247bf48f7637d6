//! The log as it comes: each record once, in the order in which this store got to know it.

use rusqlite::{OptionalExtension, params};

use super::connection::Transaction;
use super::conversation::find as find_conversation;
use super::types::LogFilter;
use super::{Store, StoreError, facts, trail};
use crate::model::clock::Timestamp;
use crate::model::conversation::LogEntry;
use crate::model::ids::{ConversationId, Handle};

/// So many records are read by one question, whatever the filter leaves of them.
const PORTION: i64 = 1000;

/// Which records are wanted.
#[derive(Clone, Debug, Default)]
pub struct LogWanted {
    /// Only what this agent did.
    pub actor: Option<Handle>,
    /// Only this kind of operation.
    pub kind: Option<String>,
    /// Only what was done since then, by the clocks of those who did it.
    pub since: Option<Timestamp>,
    /// Only what was done to this conversation.
    pub conversation: Option<ConversationId>,
}

impl LogWanted {
    /// Tells whether an entry is wanted, wherever the conversation is looked at already.
    pub fn takes(&self, entry: &LogEntry) -> bool {
        self.actor.as_ref().is_none_or(|actor| entry.actor.as_str() == actor.as_str())
            && self.kind.as_ref().is_none_or(|kind| entry.kind == *kind)
            && self.since.is_none_or(|since| entry.at >= since)
    }
}

/// How far the log was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPoint {
    seq: i64,
    /// A hash of the record's id: numbers begin anew in another store.
    check: i64,
}

impl LogPoint {
    /// In front of all records.
    pub const BEGIN: Self = Self { seq: 0, check: 0 };

    /// Returns it as a cursor.
    pub fn cursor(self) -> String {
        format!("{:x}-{:x}", self.seq, self.check)
    }

    fn read(cursor: &str) -> Option<Self> {
        let (seq, check) = cursor.trim().split_once('-')?;
        let number = |hex| u64::from_str_radix(hex, 16).ok();
        Some(Self { seq: i64::try_from(number(seq)?).ok()?, check: number(check)?.cast_signed() })
    }
}

fn point(seq: i64, id: &str) -> LogPoint {
    LogPoint { seq, check: facts::hash(&[id]) }
}

impl Store {
    /// Returns the place behind the last record that is here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_end(&self) -> Result<LogPoint, StoreError> {
        self.read(|tx| {
            let mut last = tx.prepare_cached("SELECT seq, id FROM record ORDER BY seq DESC LIMIT 1")?;
            let found = last.query_row([], |row| Ok(point(row.get(0)?, &row.get::<_, String>(1)?))).optional()?;
            Ok(found.unwrap_or(LogPoint::BEGIN))
        })
    }

    /// Returns the place of a cursor; `None` where this store has no record there, or another one.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_point(&self, cursor: &str) -> Result<Option<LogPoint>, StoreError> {
        let Some(wanted) = LogPoint::read(cursor) else { return Ok(None) };
        if wanted == LogPoint::BEGIN {
            return Ok(Some(wanted));
        }
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT id FROM record WHERE seq = ?1")?;
            let id: Option<String> = find.query_row([wanted.seq], |row| row.get(0)).optional()?;
            Ok(id.map(|id| point(wanted.seq, &id)).filter(|found| *found == wanted))
        })
    }

    /// Returns records behind a place with the place behind each, and the place to go on from; the same one where there is nothing more.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_behind(
        &self,
        behind: LogPoint,
        wanted: &LogWanted,
    ) -> Result<(Vec<(LogPoint, LogEntry)>, LogPoint), StoreError> {
        self.read(|tx| {
            let last: Option<(i64, String)> = tx
                .prepare_cached(
                    "SELECT seq, id FROM (SELECT seq, id FROM record WHERE seq > ?1 ORDER BY seq LIMIT ?2)
                     ORDER BY seq DESC LIMIT 1",
                )?
                .query_row(params![behind.seq, PORTION], |row| Ok((row.get(0)?, row.get(1)?)))
                .optional()?;
            let Some((last, id)) = last else { return Ok((Vec::new(), behind)) };
            let entries = portion(tx, behind.seq, last, wanted)?;
            Ok((entries, point(last, &id)))
        })
    }
}

/// Returns what is wanted of the records behind `after` up to `last`.
fn portion(
    tx: &Transaction<'_>,
    after: i64,
    last: i64,
    wanted: &LogWanted,
) -> Result<Vec<(LogPoint, LogEntry)>, StoreError> {
    let number = match &wanted.conversation {
        // What was merged away or is not here any more has nothing done to it.
        Some(id) => match find_conversation(tx, id)? {
            Some((number, _)) => Some(number),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let of_one = "AND seq IN (SELECT t.record FROM member m JOIN target t ON t.message_id = m.message_id
                              WHERE m.conversation = ?6
                              UNION SELECT t.record FROM member m JOIN undo_target t ON t.message_id = m.message_id
                              WHERE m.conversation = ?6)";
    let sql = format!(
        "SELECT seq, id FROM record WHERE seq > ?1 AND seq <= ?2 AND (?3 IS NULL OR actor = ?3)
             AND (?4 IS NULL OR kind = ?4) AND (?5 IS NULL OR at >= ?5) {} ORDER BY seq",
        if number.is_some() { of_one } else { "AND ?6 IS NULL" }
    );
    let mut find = tx.prepare_cached(&sql)?;
    let actor = wanted.actor.as_ref().map(|actor| actor.as_str());
    let values = params![after, last, actor, wanted.kind, wanted.since.map(|at| at.0), number];
    let found = find.query_map(values, |row| Ok(point(row.get(0)?, &row.get::<_, String>(1)?)))?;
    let points: Vec<LogPoint> = found.collect::<Result<_, _>>()?;
    let filter = LogFilter { conversation: wanted.conversation.clone(), before: None, limit: 0 };
    let entries = trail::entries(tx, points.iter().map(|point| point.seq).collect(), &filter)?;
    Ok(points.into_iter().zip(entries).collect())
}

#[cfg(test)]
#[path = "log_follow_tests.rs"]
mod tests;
