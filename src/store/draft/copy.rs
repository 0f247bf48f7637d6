//! What is known of the copies of drafts in the Drafts folder of a server. A row stands from before the first byte leaves until the copy
//! is removed, so that a crash at any step leaves no copy that nobody knows of.

use rusqlite::{Row, params};

use super::super::{Store, StoreError};
use super::{COLUMNS, Kept, kept};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::model::reply::Draft;
use crate::store::facts::message_id;

/// A copy of one version of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftCopy {
    /// The store's number.
    pub id: i64,
    /// The draft's number; it may be gone.
    pub draft: i64,
    /// The `saved_at` of the version that was copied.
    pub version: Timestamp,
    /// The folder, in UTF-8.
    pub folder: String,
    /// Its Message-ID, which no other mail has.
    pub message_id: MessageId,
    /// UIDVALIDITY and UID, as the server gave them; `None` while nobody knows whether it is there. A UID of 0: it is there, but the
    /// server did not say where.
    pub place: Option<(u32, u32)>,
    /// Whether it is to be removed, whatever becomes of the draft.
    pub doomed: bool,
}

impl Store {
    /// Returns the drafts of all agents of this store that are being written.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn drafts_of_all(&self) -> Result<Vec<Draft>, StoreError> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM draft WHERE discarded_at IS NULL ORDER BY id");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([], kept)?.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(Kept::read).collect()
        })
    }

    /// Tells whether a draft was kept last within (`after`, `by`].
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn drafts_kept_within(&self, after: Timestamp, by: Timestamp) -> Result<bool, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM draft WHERE discarded_at IS NULL AND saved_at > ?1 AND saved_at <= ?2)",
            )?;
            Ok(find.query_row([after.0, by.0], |row| row.get(0))?)
        })
    }

    /// Returns all that may stand on the server of an account, oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn draft_copies(&self, account: &AccountId) -> Result<Vec<DraftCopy>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT id, draft, version, folder, message_id, validity, uid, doomed FROM draft_copy WHERE account = ?1 ORDER BY id",
            )?;
            Ok(find.query_map([account.as_str()], copy)?.collect::<Result<_, _>>()?)
        })
    }

    /// Notes that a copy is about to be put on the server, and returns its number. It is on the disk when this returns.
    ///
    /// # Errors
    /// When the store can't be written: then it must not be put there.
    pub fn begin_draft_copy(
        &self,
        account: &AccountId,
        draft: &Draft,
        folder: &str,
        message_id: &MessageId,
    ) -> Result<i64, StoreError> {
        self.write_durable(|tx| {
            tx.prepare_cached(
                "INSERT INTO draft_copy (draft, version, account, folder, message_id) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                draft.id,
                draft.saved_at.0,
                account.as_str(),
                folder,
                message_id.as_str()
            ])?;
            Ok(tx.last_insert_rowid())
        })
    }

    /// Notes where a copy stands.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn place_draft_copy(&self, id: i64, validity: u32, uid: u32) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            tx.prepare_cached("UPDATE draft_copy SET validity = ?2, uid = ?3 WHERE id = ?1")?
                .execute(params![id, validity, uid])?;
            Ok(())
        })
    }

    /// Notes that a copy is about to be removed: from now on it is none. It is on the disk when this returns.
    ///
    /// # Errors
    /// When the store can't be written: then it must not be removed.
    pub fn doom_draft_copy(&self, id: i64) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            tx.prepare_cached("UPDATE draft_copy SET doomed = 1 WHERE id = ?1")?.execute([id])?;
            Ok(())
        })
    }

    /// Forgets a copy that is no longer on the server.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn forget_draft_copy(&self, id: i64) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            tx.prepare_cached("DELETE FROM draft_copy WHERE id = ?1")?.execute([id])?;
            Ok(())
        })
    }
}

fn copy(row: &Row<'_>) -> rusqlite::Result<DraftCopy> {
    let place = row.get::<_, Option<u32>>(5)?.zip(row.get::<_, Option<u32>>(6)?);
    Ok(DraftCopy {
        id: row.get(0)?,
        draft: row.get(1)?,
        version: Timestamp(row.get(2)?),
        folder: row.get(3)?,
        message_id: message_id(&row.get::<_, String>(4)?),
        place,
        doomed: row.get(7)?,
    })
}
