//! Makes the bytes of erased words go from the store's files: SQLite leaves them in free pages, in the log of writes and, of the search
//! index, in segments that are not merged yet.
//!
//! The steps are kept, so that whoever is interrupted goes on: the index is merged in portions, then the file is written anew with what
//! it holds, then the log of writes is emptied. The last needs a moment in which nobody reads.

use super::super::batch::{get_meta, set_meta};
use super::super::connection::Transaction;
use super::super::{Store, StoreError};
use crate::model::stop::Stop;

/// The name in `meta` of the step that is to be done.
const STEP: &str = "scrub";
/// The first step, and the same once somebody is at it: what is erased meanwhile asks for it again.
const INDEX: &str = "index";
const AT_INDEX: &str = "at-index";
/// Pages of the search index that one transaction merges at most.
const MERGED: i64 = 2_000;

/// Notes that words were erased.
pub(super) fn ask(tx: &Transaction<'_>) -> Result<(), StoreError> {
    set_meta(tx, STEP, INDEX)
}

impl Store {
    /// Tells whether bytes of erased words are to go from the store's files.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn is_to_scrub(&self) -> Result<bool, StoreError> {
        Ok(self.read(|tx| get_meta(tx, STEP))?.is_some())
    }

    /// Makes the bytes of erased words go from the store's files. Costs a look where there are none. Returns whether all is done: where
    /// others are reading the last step waits for the next call.
    ///
    /// The file is written anew: that takes as long as copying it, and whoever writes meanwhile waits.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where it was stopped; else when the store can't be written.
    pub fn scrub(&self, stop: &Stop) -> Result<bool, StoreError> {
        let mut step = self.read(|tx| get_meta(tx, STEP))?;
        while let Some(at) = step {
            let next = match at.as_str() {
                INDEX => Some(AT_INDEX),
                AT_INDEX => {
                    self.merge_index(stop)?;
                    Some("file")
                }
                "file" => {
                    self.inner.connections.write_anew()?;
                    Some("log")
                }
                _ if self.inner.connections.empty_log()? => None,
                _ => return Ok(false),
            };
            step = self.next_step(&at, next)?;
        }
        Ok(true)
    }

    /// Notes the step behind this one, unless words were erased meanwhile. Returns the one that is to be done.
    pub(in crate::store) fn next_step(&self, at: &str, next: Option<&str>) -> Result<Option<String>, StoreError> {
        self.write(|tx| {
            let now = get_meta(tx, STEP)?;
            if now.as_deref() != Some(at) {
                return Ok(now);
            }
            match next {
                Some(next) => set_meta(tx, STEP, next)?,
                None => drop(tx.execute("DELETE FROM meta WHERE name = ?1", [STEP])?),
            }
            Ok(next.map(ToOwned::to_owned))
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
