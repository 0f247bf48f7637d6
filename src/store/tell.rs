//! What the sentences of operations name, looked up where it is kept.

use rusqlite::OptionalExtension;

use super::connection::Transaction;
use super::facts::Facts;
use super::record;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{MessageId, OpId};
use crate::op::describe::Names;
use crate::op::record::Record;

impl Store {
    /// Returns the records that an id stands for (one, or those of a batch), without targets, each with the number of its targets.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn behind(&self, of: OpId) -> Result<Vec<(Record, usize)>, StoreError> {
        self.read(|tx| behind(tx, of))
    }

    /// Returns the subject of a message.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn message_subject(&self, message: &MessageId) -> Result<Option<String>, StoreError> {
        self.read(|tx| subject(tx, message))
    }
}

fn behind(tx: &Transaction<'_>, of: OpId) -> Result<Vec<(Record, usize)>, StoreError> {
    let mut count = tx.prepare_cached("SELECT targets FROM record WHERE seq = ?1")?;
    let mut all = Vec::new();
    for kept in record::of_id(tx, of)? {
        let targets: Option<i64> = count.query_row([kept.seq], |row| row.get(0)).optional()?;
        all.push((kept.record, targets.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)));
    }
    Ok(all)
}

fn subject(tx: &Transaction<'_>, message: &MessageId) -> Result<Option<String>, StoreError> {
    Ok(Facts::by_id(tx, message)?.map(|facts| facts.envelope.subject))
}

/// Writes a moment of a sentence, in the time zone of whoever reads, which it names.
pub(super) fn say_moment(at: Timestamp) -> String {
    crate::text::moment(at, &crate::text::readers_zone())
}

/// Hands over what sentences can name. What can't be read goes unnamed: a sentence is no reason to fail.
pub(super) fn with_names<T>(tx: &Transaction<'_>, tell: impl FnOnce(Names<'_>) -> T) -> T {
    let subject = |id: &MessageId| subject(tx, id).ok().flatten();
    let behind = |of: OpId| behind(tx, of).unwrap_or_default();
    tell(Names { subject: &subject, behind: &behind })
}
