//! Who holds what only one may have: the runner of a log, the doing of a thing that is done once. A pure function of the log's records;
//! no clock takes part, because each lease names the one that it follows.

use crate::model::ids::OpId;
use crate::op::operation::Known;
use crate::op::record::Record;

/// Returns the record that makes a machine the runner of the log, the newest that counts; compare its `until` with the clock. `records`
/// are those of one log, in its order.
pub fn runner<'r>(records: impl IntoIterator<Item = &'r Record>) -> Option<&'r Record> {
    holder(records.into_iter().filter_map(|record| match record.known()? {
        Known::Runner { over, .. } => Some((record, *over)),
        _ => None,
    }))
}

/// Returns the record by which somebody has claimed the doing of `what` for `key`, the newest that counts. `records` are those of one log,
/// in its order.
pub fn claimant<'r>(records: impl IntoIterator<Item = &'r Record>, what: &str, key: &str) -> Option<&'r Record> {
    holder(records.into_iter().filter_map(|record| match record.known()? {
        Known::Claim { what: kind, key: which, over } if kind == what && which == key => Some((record, *over)),
        _ => None,
    }))
}

/// The first holds it; another takes over by naming the one that holds it then. A record that stands twice counts at its first place.
fn holder<'r>(records: impl Iterator<Item = (&'r Record, Option<OpId>)>) -> Option<&'r Record> {
    records.fold(None, |held: Option<&Record>, (record, over)| match held {
        None => Some(record),
        Some(now) if over == Some(now.id) => Some(record),
        held => held,
    })
}

#[cfg(test)]
#[path = "holder_tests.rs"]
mod tests;
