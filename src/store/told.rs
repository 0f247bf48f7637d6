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

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
