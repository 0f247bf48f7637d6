//! The two marks around handing a mail over: that the talk with the server began, and that its last byte is about to leave.

use rusqlite::params;

use super::super::{Store, StoreError};
use super::{delivery, step, types};
use crate::model::reply::OutState;

impl Store {
    /// Takes a mail from `held` to `sending`, where `copy` is given with new bytes: one transaction. Returns whether it was held.
    ///
    /// It need not be on the disk: a power cut that takes it back leaves a mail in `held`, and without [`Store::mark_out`], which is on
    /// the disk with all that was written before it, the server has nothing.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn begin_sending(&self, id: i64, copy: Option<&[u8]>) -> Result<bool, StoreError> {
        let packed = copy.map(|copy| zstd::encode_all(copy, 3)).transpose();
        let packed = packed.map_err(|e| StoreError::Content(e.to_string()))?;
        let moved = self.write(|tx| {
            let moved = step(tx, id, OutState::Held, OutState::Sending, None, None)?;
            if let Some(packed) = packed.as_ref().filter(|_| moved) {
                tx.prepare_cached("UPDATE outgoing SET bytes = ?2 WHERE id = ?1")?.execute(params![id, packed])?;
            }
            Ok(moved)
        })?;
        self.tell_of(id)?;
        Ok(moved)
    }

    /// Marks that the last byte of a mail in `sending` is about to leave. A mail without the mark can be sent again: a server takes
    /// nothing before the final dot (RFC 5321 section 4.1.1.4). Returns whether it was in `sending`; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the store can't be written: then the byte must not leave.
    pub fn mark_out(&self, id: i64) -> Result<bool, StoreError> {
        self.write_durable(|tx| {
            let mut how = delivery(tx, id)?;
            (how.out, how.fixed) = (true, true);
            let changed = tx
                .prepare_cached("UPDATE outgoing SET json = ?2 WHERE id = ?1 AND state = 'sending'")?
                .execute(params![id, types::to_json(&how)?])?;
            Ok(changed == 1)
        })
    }
}
