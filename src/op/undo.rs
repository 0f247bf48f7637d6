//! Which records an undo takes out of the fold.
//!
//! Undo is itself a record, so it can be undone: that is redo. A later undo speaks before an earlier one. What can't be taken back, such
//! as mail that went out, stays even where its whole batch is undone.

use std::collections::HashSet;

use crate::model::ids::OpId;
use crate::op::operation::{Known, Target};
use crate::op::record::{NewOperation, Record};

/// What the rule asks of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The record.
    pub id: OpId,
    /// The batch that it is of.
    pub batch: Option<OpId>,
    /// The record or batch that it takes back, where it is an undo.
    pub undoes: Option<OpId>,
    /// Whether it can be taken back.
    pub undoable: bool,
}

impl Step {
    /// What the rule asks of this record.
    pub fn of(record: &Record) -> Self {
        let known = record.known();
        let undoes = match known {
            Some(Known::Undo { of }) => Some(*of),
            _ => None,
        };
        Self { id: record.id, batch: record.batch, undoes, undoable: known.is_none_or(Known::is_undoable) }
    }

    fn is_among(&self, undone: &HashSet<OpId>) -> bool {
        self.undoable && (undone.contains(&self.id) || self.batch.is_some_and(|batch| undone.contains(&batch)))
    }
}

/// Returns for each record, which must be in log order, whether the fold takes it.
pub fn active(records: &[&Record]) -> Vec<bool> {
    active_steps(&records.iter().map(|record| Step::of(record)).collect::<Vec<_>>())
}

/// As [`active`], for whoever has no more of the records at hand.
pub fn active_steps(steps: &[Step]) -> Vec<bool> {
    let mut undone: HashSet<OpId> = HashSet::new();
    // Last to first: whether an undo counts is known before what it undoes is looked at.
    for step in steps.iter().rev() {
        if let Some(of) = step.undoes
            && !step.is_among(&undone)
            && step.id != of
            && step.batch != Some(of)
        {
            undone.insert(of);
        }
    }
    steps.iter().map(|step| !step.is_among(&undone)).collect()
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
