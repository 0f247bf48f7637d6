//! What of a plan stands on the log already: its operations carry their ids, so that each counts once whoever applies it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::record;
use super::undone;
use super::{Store, StoreError};
use crate::model::ids::OpId;
use crate::op::record::Record;

/// A record that bears the id of an operation of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The record, as it stands.
    pub record: Record,
    /// Whether it was taken back.
    pub undone: bool,
}

impl Store {
    /// Returns the records that are here under these ids.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn applied(&self, ids: &[OpId]) -> Result<HashMap<OpId, Applied>, StoreError> {
        self.read(|tx| {
            let mut found: BTreeMap<i64, Record> = BTreeMap::new();
            for id in ids {
                if let Some(standing) = record::standing(tx, *id)?
                    && let Some(whole) = record::whole(tx, standing.seq)?
                {
                    found.insert(standing.seq, whole);
                }
            }
            let seqs: BTreeSet<i64> = found.keys().copied().collect();
            let active = undone::with_active(tx, &seqs)?;
            let undone: BTreeSet<i64> =
                active.into_iter().filter(|(_, active)| !active).map(|(kept, _)| kept.seq).collect();
            let applied = |(seq, record): (i64, Record)| (record.id, Applied { undone: undone.contains(&seq), record });
            Ok(found.into_iter().map(applied).collect())
        })
    }
}
