//! What was told once, so that it is not told again until it is otherwise; and who signs what they put on the log.

use rusqlite::params;

use super::batch::{get_meta, set_meta};
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, Handle};
use crate::op::record::signs;

impl Store {
    /// Tells whether `words` are other than what was told about `what` the last time, and keeps them as told. About what nothing was told
    /// yet nothing is new in saying nothing.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn is_news(&self, what: &str, words: &str) -> Result<bool, StoreError> {
        let key = format!("told:{what}");
        // Mostly nothing is: that must not take the write lock.
        if self.read(|tx| get_meta(tx, &key))?.unwrap_or_default() == words {
            return Ok(false);
        }
        self.write(|tx| set_meta(tx, &key, words))?;
        Ok(true)
    }

    /// Returns who wrote to an account's log since then, in order, and whether the program of one such record signs.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn signers(&self, account: &AccountId, since: Timestamp) -> Result<Vec<(Handle, bool)>, StoreError> {
        self.read(|tx| {
            let mut next = tx.prepare_cached("SELECT min(actor) FROM record WHERE actor > ?1")?;
            let mut newest = tx.prepare_cached(
                "SELECT json ->> '$.by' FROM record WHERE actor = ?1 AND account = ?2 AND at >= ?3 ORDER BY seq DESC",
            )?;
            let mut all = Vec::new();
            let mut last = String::new();
            while let Some(name) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
                let mut rows = newest.query(params![name, account.as_str(), since.0])?;
                let (mut wrote, mut signed) = (false, false);
                while let (false, Some(row)) = (signed, rows.next()?) {
                    wrote = true;
                    signed = row.get::<_, Option<String>>(0)?.is_some_and(|by| signs(&by));
                }
                if let (true, Ok(handle)) = (wrote, Handle::new(&name)) {
                    all.push((handle, signed));
                }
                last = name;
            }
            let system = super::record::system()?;
            all.retain(|(handle, _)| *handle != system);
            Ok(all)
        })
    }
}

/// A program of an agent on a machine, as its records say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogClient {
    /// The agent.
    pub agent: Handle,
    /// The machine.
    pub host: String,
    /// Program and version of its newest record; `None` where that is of before records said so.
    pub by: Option<String>,
    /// When it wrote that, by its own clock.
    pub at: Timestamp,
    /// How many records it wrote that are kept.
    pub records: u64,
}

impl Store {
    /// Returns each client that wrote to an account's log, in no order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_clients(&self, account: &AccountId) -> Result<Vec<LogClient>, StoreError> {
        self.read(|tx| {
            // With `max` the other columns are those of its row (SQLite, "bare columns in an aggregate query").
            let mut find = tx.prepare_cached(
                "SELECT actor, host, max(at), json ->> '$.by', count(*) FROM record WHERE account = ?1 GROUP BY actor, host",
            )?;
            let mut rows = find.query([account.as_str()])?;
            let (mut all, system) = (Vec::new(), super::record::system()?);
            while let Some(row) = rows.next()? {
                let Ok(agent) = Handle::new(&row.get::<_, String>(0)?) else { continue };
                if agent != system {
                    let (host, at, by, records) = (row.get(1)?, Timestamp(row.get(2)?), row.get(3)?, row.get::<_, i64>(4)?);
                    let records = u64::try_from(records).unwrap_or(0);
                    all.push(LogClient { agent, host, by, at, records });
                }
            }
            Ok(all)
        })
    }
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
