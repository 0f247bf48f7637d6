//! The files of drafts: copies, named by their content, so that they can neither vanish nor change before they are sent.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::connection::Transaction;
use super::super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::reply::OutgoingFile;

impl Store {
    /// Keeps a copy of a file. The same bytes are kept once.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn put_file(&self, name: &str, media: &str, bytes: &[u8]) -> Result<OutgoingFile, StoreError> {
        let digest = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO outgoing_file (digest, bytes, put_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (digest) DO UPDATE SET put_at = max(put_at, excluded.put_at)",
            )?
            .execute(params![digest, bytes, self.author().clock.now().0])?;
            Ok(())
        })?;
        let (name, media) = (name.to_owned(), media.to_owned());
        Ok(OutgoingFile { name, media, size: bytes.len() as u64, digest, cid: String::new() })
    }

    /// Returns the bytes of a file that was kept.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn file_bytes(&self, digest: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT bytes FROM outgoing_file WHERE digest = ?1")?;
            Ok(statement.query_row([digest], |row| row.get(0)).optional()?)
        })
    }
}

/// Forgets the files put here before `before` that neither a draft nor a mail of the outbox names. Later ones may be about to be named.
pub(super) fn clean(tx: &Transaction<'_>, before: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM outgoing_file WHERE put_at < ?1 AND NOT EXISTS (SELECT 1 FROM draft WHERE instr(draft.json, outgoing_file.digest) > 0)
             AND NOT EXISTS (SELECT 1 FROM outgoing WHERE instr(outgoing.json, outgoing_file.digest) > 0)",
        [before.0],
    )?;
    Ok(())
}
