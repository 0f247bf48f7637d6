//! Mail of ours that stands twice among sent mail: the server files what it sends by itself (Gmail and Exchange do).

use rusqlite::params;

use super::super::batch::{get_meta, set_meta};
use super::super::code::Code;
use super::super::{FolderRole, Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::reply::OutState;

/// How far back it is looked.
const LOOKED_BACK: i64 = 2 * Timestamp::DAY;

fn key(account: &AccountId) -> String {
    format!("server-files-sent:{account}")
}

impl Store {
    /// Tells whether it was learned that an account's server files sent mail by itself.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn server_files_sent(&self, account: &AccountId) -> Result<bool, StoreError> {
        Ok(self.read(|tx| get_meta(tx, &key(account)))?.is_some())
    }

    /// Keeps that an account's server files sent mail by itself.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn learn_server_files_sent(&self, account: &AccountId) -> Result<(), StoreError> {
        self.write(|tx| set_meta(tx, &key(account), "yes"))
    }

    /// Tells whether a mail that was filed from here in the last days stands twice in an account's folder of sent mail, under one
    /// Message-ID or under two.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn sent_stands_twice(&self, account: &AccountId) -> Result<bool, StoreError> {
        let since = self.author().clock.now().plus(-LOOKED_BACK);
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM outgoing o JOIN member b ON b.message_id = o.message_id
                 WHERE o.state = ?3 AND o.created_at >= ?2 AND b.message IS NOT NULL AND 1 < (
                     SELECT count(*) FROM location l JOIN folder f ON f.id = l.folder
                     WHERE f.account = ?1 AND f.role = ?4 AND l.message IN (
                         SELECT b.message UNION ALL SELECT m.id FROM message m WHERE m.copy = 1 AND m.beside = o.message_id)))",
            )?;
            let values = params![account.as_str(), since.0, Code(OutState::Filed), Code(FolderRole::Sent)];
            Ok(find.query_row(values, |row| row.get(0))?)
        })
    }
}
