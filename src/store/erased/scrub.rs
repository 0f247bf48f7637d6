//! Makes the bytes of erased words go from the store's files: SQLite leaves them in free pages, in the log of writes and, of the search
//! index, in segments that are not merged yet.
//!
//! The steps are kept, so that whoever is interrupted goes on: the index is merged in portions, then the file is written anew with what
//! it holds, then the log of writes is emptied. The last needs a moment in which nobody reads.

use rusqlite::Transaction;

use super::super::batch::{get_meta, set_meta};
use super::super::{Store, StoreError};
use crate::model::stop::Stop;

/// The name in `meta` of the step that is to be done.
const STEP: &str = "scrub";
/// Pages of the search index that one transaction merges at most.
const MERGED: i64 = 2_000;

/// Notes that words were erased.
pub(super) fn ask(tx: &Transaction<'_>) -> Result<(), StoreError> {
    set_meta(tx, STEP, "index")
}

impl Store {
    /// Makes the bytes of erased words go from the store's files. Costs a look where there are none. Returns whether all is done: where
    /// others are reading the last step waits for the next call.
    ///
    /// The file is written anew: that takes as long as copying it, and whoever writes meanwhile waits.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where it was stopped; else when the store can't be written.
    pub fn scrub(&self, stop: &Stop) -> Result<bool, StoreError> {
        let mut step = self.read(|tx| get_meta(tx, STEP))?;
        if step.as_deref() == Some("index") {
            self.merge_index(stop)?;
            step = self.next_step(Some("file"))?;
        }
        if step.as_deref() == Some("file") {
            self.inner.connections.write_anew()?;
            step = self.next_step(Some("log"))?;
        }
        if step.as_deref() == Some("log") {
            if !self.inner.connections.empty_log()? {
                return Ok(false);
            }
            step = self.next_step(None)?;
        }
        Ok(step.is_none())
    }

    /// Notes the next step, unless words were erased meanwhile.
    fn next_step(&self, step: Option<&str>) -> Result<Option<String>, StoreError> {
        self.write(|tx| {
            match step {
                Some(step) => set_meta(tx, STEP, step)?,
                None => drop(tx.execute("DELETE FROM meta WHERE name = ?1", [STEP])?),
            }
            Ok(step.map(ToOwned::to_owned))
        })
    }

    /// Merges the whole search index, which is when deleted words leave it.
    fn merge_index(&self, stop: &Stop) -> Result<(), StoreError> {
        let mut pages = -MERGED;
        loop {
            if stop.is_asked() {
                return Err(StoreError::Stopped);
            }
            let changed = self.write(|tx| {
                let before = tx.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0))?;
                tx.execute("INSERT INTO search (search, rank) VALUES ('merge', ?1)", [pages])?;
                Ok(tx.query_row("SELECT total_changes()", [], |row| row.get::<_, i64>(0))? - before)
            })?;
            if changed < 2 {
                return Ok(());
            }
            pages = MERGED;
        }
    }
}
