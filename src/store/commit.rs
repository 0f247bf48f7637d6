//! Operations in: one command is one transaction.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::types::Committed;
use super::{Store, StoreError, batch::Batch, mail_move, record};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::op::record::{NewOperation, Record};

impl Store {
    /// Makes records of the operations, appends them and folds what they touch, in one transaction.
    ///
    /// # Errors
    /// When the store can't be written; nothing is changed then.
    pub fn commit(&self, ops: Vec<NewOperation>) -> Result<Committed, StoreError> {
        let (records, change, lost) = self.change(|batch| {
            let lamport = record::lamport(batch.tx)?;
            let ops = mail_move::with_origin(batch.tx, ops)?;
            let records = self.author().batch(lamport, record::head(batch.tx)?, ops);
            append_all(batch, &records)?;
            Ok(records)
        })?;
        Ok(Committed { records, change, lost })
    }

    /// Folds again what has woken by now.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn wake(&self) -> Result<Change, StoreError> {
        let now = self.author().clock.now();
        // Most calls find nothing: they must not take the write lock.
        if self.next_wake()?.is_none_or(|at| at > now) {
            return Ok(Change::Conversations(BTreeSet::new()));
        }
        let ((), change, _) = self.change(|batch| {
            let mut find = batch.tx.prepare_cached("SELECT rowid FROM conversation WHERE snoozed_until <= ?1")?;
            let woken = find.query_map([batch.now.0], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for conversation in woken {
                batch.touch(conversation, false);
            }
            Ok(())
        })?;
        Ok(change)
    }

    /// Returns when the next snoozed conversation wakes.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT snoozed_until FROM conversation WHERE snoozed_until IS NOT NULL ORDER BY snoozed_until LIMIT 1",
            )?;
            Ok(find.query_row([], |row| row.get(0)).optional()?.map(Timestamp))
        })
    }
}

/// Appends records made here.
pub(super) fn append_all(batch: &mut Batch<'_>, records: &[Record]) -> Result<(), StoreError> {
    for record in records {
        batch.made.insert(record.id);
        batch.append(record, None, &record.to_json())?;
        batch.follow_move(record)?;
    }
    if let Some(highest) = records.iter().map(|r| r.lamport).max() {
        record::set_lamport(batch.tx, highest)?;
    }
    Ok(())
}
