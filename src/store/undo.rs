//! Taking back and bringing back what was done, across restarts: the log itself remembers.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;

use super::record::{self, Kept};
use super::tell::{say_moment, with_names};
use super::types::{Committed, Takeback, Undone};
use super::{Store, StoreError, batch::Batch, commit::append_new, undone};
use crate::model::ids::{Handle, OpId};
use crate::op::describe;
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::op::undo;
use crate::text;

/// How many of the own newest records are looked through.
const LOOKED_AT_MAX: i64 = 2000;

impl Store {
    /// Takes back the newest own command that can be taken back; `None` where there is none.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn undo(&self) -> Result<Option<Undone>, StoreError> {
        self.take_back(|tx, me| {
            for (kept, active) in newest_own(tx, me)? {
                let plain = kept.record.known().is_some_and(|k| k.is_undoable() && !matches!(k, Known::Undo { .. }));
                if plain && active {
                    return Ok(Some(kept.record.batch.unwrap_or(kept.record.id)));
                }
            }
            Ok(None)
        })
    }

    /// Brings back what the newest own undo took back, unless something was done since.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn redo(&self) -> Result<Option<Undone>, StoreError> {
        self.take_back(|tx, me| {
            for (kept, active) in newest_own(tx, me)? {
                match kept.record.known() {
                    Some(Known::Undo { of }) if active && !is_redo(tx, *of)? => {
                        return Ok(Some(kept.record.batch.unwrap_or(kept.record.id)));
                    }
                    Some(known) if known.is_undoable() && !matches!(known, Known::Undo { .. }) => return Ok(None),
                    _ => {}
                }
            }
            Ok(None)
        })
    }

    /// Takes back one record, or a batch, whoever made it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn undo_operation(&self, of: OpId) -> Result<Takeback, StoreError> {
        let refused = self.read(|tx| {
            let known = record::of_id(tx, of)?;
            let Some(first) = known.first() else { return Ok(Some(Takeback::Unknown)) };
            let what = with_names(tx, |names| describe::describe(&first.record, 1, names));
            let said = text::sentence(&what, &say_moment);
            if !known.iter().any(|kept| kept.record.known().is_some_and(Known::is_undoable)) {
                return Ok(Some(Takeback::Never(said)));
            }
            let active = undone::with_active(tx, &known.iter().map(|kept| kept.seq).collect())?;
            let can = |kept: &Kept| kept.record.known().is_some_and(Known::is_undoable);
            let gone = active.iter().filter(|(kept, _)| can(kept)).all(|(_, active)| !active);
            Ok(gone.then_some(Takeback::Already(said)))
        })?;
        match refused {
            Some(refused) => Ok(refused),
            None => Ok(self.take_back(|_, _| Ok(Some(of)))?.map_or(Takeback::Unknown, Takeback::Done)),
        }
    }

    fn take_back(
        &self,
        choose: impl FnOnce(&Transaction<'_>, &Handle) -> Result<Option<OpId>, StoreError>,
    ) -> Result<Option<Undone>, StoreError> {
        let author = self.author();
        let (done, change, lost) = self.change(|batch| {
            let Some(of) = choose(batch.tx, &author.actor)? else { return Ok(None) };
            let by_account = whole_of(batch, of)?;
            // Each undo goes to the log of what it takes back, so that whoever saw that sees this.
            let undone = |(account, taken): (&String, &Vec<Record>)| Some((account.clone(), undo::undo_of(taken)?));
            let operations: Vec<_> = by_account.iter().filter_map(undone).collect();
            if operations.is_empty() {
                return Ok(None);
            }
            let records = append_new(batch, author, operations)?;
            let taken: Vec<Record> = by_account.into_values().flatten().collect();
            let undone = with_names(batch.tx, |names| describe::undone(&taken, names));
            Ok(Some((text::undo_notice(&undone, &say_moment), records)))
        })?;
        Ok(done.map(|(notice, records)| Undone { notice, committed: Committed { records, change, lost } }))
    }
}

/// Returns the records of an id, or of a batch, with their targets, by account.
fn whole_of(batch: &Batch<'_>, of: OpId) -> Result<BTreeMap<String, Vec<Record>>, StoreError> {
    let mut all: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    for kept in record::of_id(batch.tx, of)? {
        all.entry(kept.account).or_default().extend(record::whole(batch.tx, kept.seq)?);
    }
    Ok(all)
}

/// Returns the own newest records, newest first, and whether each counts.
fn newest_own(tx: &Transaction<'_>, me: &Handle) -> Result<Vec<(Kept, bool)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT seq FROM record WHERE actor = ?1 ORDER BY seq DESC LIMIT ?2")?;
    let seqs = find
        .query_map(rusqlite::params![me.as_str(), LOOKED_AT_MAX], |row| row.get(0))?
        .collect::<Result<BTreeSet<i64>, _>>()?;
    let mut all = undone::with_active(tx, &seqs)?;
    all.sort_by_key(|(kept, _)| std::cmp::Reverse(kept.seq));
    Ok(all)
}

/// Tells whether what an undo took back was itself an undo.
fn is_redo(tx: &Transaction<'_>, of: OpId) -> Result<bool, StoreError> {
    let behind = record::of_id(tx, of)?;
    Ok(!behind.is_empty() && behind.iter().all(|kept| matches!(kept.record.known(), Some(Known::Undo { .. }))))
}
