//! Whether this client may write to an account's log, as far as a server has shown it.

use super::batch::{get_meta, set_meta};
use super::{Store, StoreError};
use crate::model::ids::AccountId;

fn key(account: &AccountId) -> String {
    format!("log-rights:{account}")
}

impl Store {
    /// Tells whether what is done here can be put on an account's log; `None` before it was ever asked.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn may_write_log(&self, account: &AccountId) -> Result<Option<bool>, StoreError> {
        Ok(self.read(|tx| get_meta(tx, &key(account)))?.map(|rights| rights == "write"))
    }

    /// Keeps whether what is done here can be put on an account's log.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn note_log_rights(&self, account: &AccountId, may_write: bool) -> Result<(), StoreError> {
        if self.may_write_log(account)? == Some(may_write) {
            return Ok(());
        }
        self.write(|tx| set_meta(tx, &key(account), if may_write { "write" } else { "read" }))
    }
}
