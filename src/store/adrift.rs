//! Mail that left one folder and may stand in another: it stays in its conversation until all folders were looked at, so that nothing
//! flickers while somebody moves mail.

use rusqlite::{OptionalExtension, params};

use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::ids::AccountId;

impl Store {
    /// Takes messages out of a folder, as [`Store::expunge`] does, but lets those that are in no folder now stay until
    /// [`Store::settle_adrift`].
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_adrift(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut find = tx.prepare_cached("SELECT message FROM location WHERE folder = ?1 AND uid = ?2")?;
            let mut note = tx.prepare_cached(
                "INSERT OR IGNORE INTO adrift (message, account, folder) SELECT ?1, account, id FROM folder WHERE id = ?2",
            )?;
            let mut delete = tx.prepare_cached("DELETE FROM location WHERE folder = ?1 AND uid = ?2")?;
            for uid in uids {
                let message: Option<i64> = find.query_row(params![folder, uid], |row| row.get(0)).optional()?;
                if let Some(message) = message {
                    note.execute(params![message, folder])?;
                    delete.execute(params![folder, uid])?;
                }
            }
            Ok(())
        })
    }

    /// Returns the messages of an account that left a folder and were not found in another.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn adrift(&self, account: &AccountId) -> Result<Vec<i64>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT a.message FROM adrift a WHERE a.account = ?1
                   AND NOT EXISTS (SELECT 1 FROM location l WHERE l.message = a.message)",
            )?;
            Ok(find.query_map([account.as_str()], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
    }

    /// Lets those of `messages` go that are in no folder now; every folder of the account was looked at since they went. What turned up
    /// again is not adrift any more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn settle_adrift(&self, account: &AccountId, messages: &[i64]) -> Result<Change, StoreError> {
        let any = self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM adrift WHERE account = ?1)")?;
            Ok(find.query_row([account.as_str()], |row| row.get::<_, bool>(0))?)
        })?;
        if !any {
            return Ok(Change::Conversations(Default::default()));
        }
        let ((), change, _) = self.change(|batch| {
            let mut find = batch.tx.prepare_cached(
                "SELECT message, folder FROM adrift WHERE account = ?1
                   AND EXISTS (SELECT 1 FROM location l WHERE l.message = adrift.message)",
            )?;
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let found: Vec<(i64, Option<i64>)> = find.query_map([account.as_str()], read)?.collect::<Result<_, _>>()?;
            let mut from = batch.tx.prepare_cached("SELECT folder FROM adrift WHERE message = ?1")?;
            let mut delete = batch.tx.prepare_cached("DELETE FROM adrift WHERE message = ?1")?;
            for (message, folder) in found {
                delete.execute([message])?;
                batch.see_standing(message, folder)?;
            }
            for message in messages {
                let folder: Option<Option<i64>> = from.query_row([message], |row| row.get(0)).optional()?;
                delete.execute([message])?;
                batch.see_standing(*message, folder.flatten())?;
            }
            batch.place_linked()?;
            batch.keep_links(self.author())
        })?;
        Ok(change)
    }
}
