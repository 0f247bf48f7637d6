//! Which records an undo takes out of the fold.
//!
//! Undo is itself a record, so it can be undone: that is redo. A later undo speaks before an earlier one. What can't be taken back, such
//! as mail that went out, stays even where its whole batch is undone.

use std::collections::HashSet;

use crate::model::ids::OpId;
use crate::op::operation::{Known, Target};
use crate::op::record::{NewOperation, Record};

/// Returns for each record, which must be in log order, whether the fold takes it.
pub fn active(records: &[&Record]) -> Vec<bool> {
    let mut undone: HashSet<OpId> = HashSet::new();
    let is_undone = |undone: &HashSet<OpId>, r: &Record| {
        let named = undone.contains(&r.id) || r.batch.is_some_and(|b| undone.contains(&b));
        named && r.known().is_none_or(Known::is_undoable)
    };
    // Last to first: whether an undo counts is known before what it undoes is looked at.
    for record in records.iter().rev() {
        if let Some(Known::Undo { of }) = record.known()
            && !is_undone(&undone, record)
            && record.id != *of
            && record.batch != Some(*of)
        {
            undone.insert(*of);
        }
    }
    records.iter().map(|record| !is_undone(&undone, record)).collect()
}

/// Returns the operation that takes back `records`, which are one command's: an undo of their batch on all their targets, each once.
/// `None` where there is nothing that can be taken back.
pub fn undo_of(records: &[Record]) -> Option<NewOperation> {
    let can: Vec<&Record> = records.iter().filter(|r| r.known().is_some_and(Known::is_undoable)).collect();
    let first = can.first()?;
    let whole_batch = records.len() > 1 && first.batch.is_some() && records.iter().all(|r| r.batch == first.batch);
    let of = if whole_batch { first.batch? } else { first.id };
    let mut seen = HashSet::new();
    let on = can
        .iter()
        .filter(|r| whole_batch || r.id == of)
        .flat_map(|r| &r.on)
        .filter(|target| seen.insert(&target.on))
        .map(|target| Target::on(target.on.clone()))
        .collect();
    Some(NewOperation::new(Known::Undo { of }, on))
}

#[cfg(test)]
#[path = "undo_tests.rs"]
mod tests;
