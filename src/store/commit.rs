//! Operations in: one command is one transaction.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use super::home::Homes;
use super::types::Committed;
use super::{Store, StoreError, batch::Batch, mail_move, record};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::op::record::{Author, NewOperation, Record};

impl Store {
    /// Makes records of the operations, appends them and folds what they touch, in one transaction. Each goes to the log of the account
    /// that holds its mails; what lies in several accounts becomes one record for each, all of one batch. A record whose given id is here
    /// already counts once: it is not written again.
    ///
    /// # Errors
    /// When the store can't be written, an operation is over its bounds, or would carry a conversation from one account to another;
    /// nothing is changed then.
    pub fn commit(&self, ops: Vec<NewOperation>) -> Result<Committed, StoreError> {
        if let Some(over) = ops.iter().find(|new| !new.op.is_within_bounds()) {
            return Err(StoreError::TooLong(over.op.name()));
        }
        let (records, change, lost) = self.change(|batch| {
            let ops = mail_move::with_origin(batch.tx, ops)?;
            let ops = Homes::of(batch.tx, batch.team())?.split(ops)?;
            let records = append_new(batch, self.author(), ops)?;
            records.iter().try_for_each(|record| batch.tell_dealt_with(record))?;
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

/// Makes the records of one command, each for the log of its account, and appends them.
pub(super) fn append_new(
    batch: &mut Batch<'_>,
    author: &Author,
    ops: Vec<(String, NewOperation)>,
) -> Result<Vec<Record>, StoreError> {
    let lamport = record::lamport(batch.tx)?;
    let mut with_heads = Vec::with_capacity(ops.len());
    let mut given = BTreeSet::new();
    for (account, op) in ops {
        if let Some(id) = op.id
            && (!given.insert(id) || record::standing(batch.tx, id)?.is_some())
        {
            continue;
        }
        let head = record::head(batch.tx, &account)?;
        with_heads.push((account, head, op));
    }
    let made = author.batch_of_logs(lamport, with_heads);
    if let Some((_, last)) = made.last() {
        record::set_lamport(batch.tx, last.lamport)?;
    }
    let mut records = Vec::with_capacity(made.len());
    for (account, record) in made {
        batch.made.insert(record.id);
        batch.append(&account, &record, None, &record.to_json())?;
        batch.follow_move(&record)?;
        records.push(record);
    }
    Ok(records)
}
