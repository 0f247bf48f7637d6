//! Messages as they are kept: the bytes, compressed.

use std::io::Read;

use rusqlite::{OptionalExtension, Transaction, params};

use super::facts::row_of;
use super::{Store, StoreError};
use crate::model::ids::MessageId;

/// The fastest level: mail is text and halves at any.
const LEVEL: i32 = 1;

/// What compresses mails; making one costs more than most mails do.
pub(super) type Packer = zstd::bulk::Compressor<'static>;

pub(super) fn packer() -> Result<Packer, StoreError> {
    zstd::bulk::Compressor::new(LEVEL).map_err(bad)
}

/// Compresses a mail.
pub(super) fn compress(packer: &mut Packer, raw: &[u8]) -> Result<Vec<u8>, StoreError> {
    packer.compress(raw).map_err(bad)
}

fn bad(error: std::io::Error) -> StoreError {
    StoreError::Content(format!("a mail can't be compressed: {error}"))
}

/// Keeps the bytes of a message, in the place of what was kept of it.
pub(super) fn put_raw(tx: &Transaction<'_>, message: i64, size: usize, packed: &[u8]) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO raw (message, size, zstd) VALUES (?1, ?2, ?3)")?.execute(params![
        message,
        i64::try_from(size).unwrap_or(i64::MAX),
        packed
    ])?;
    Ok(())
}

/// Returns the first `max` bytes of a message.
pub(super) fn get_raw(tx: &Transaction<'_>, message: i64, max: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let mut find = tx.prepare_cached("SELECT zstd FROM raw WHERE message = ?1")?;
    let packed: Option<Vec<u8>> = find.query_row([message], |row| row.get(0)).optional()?;
    packed.map(|packed| unpack(&packed, max)).transpose()
}

fn unpack(packed: &[u8], max: u64) -> Result<Vec<u8>, StoreError> {
    let bad = |e: std::io::Error| StoreError::Content(format!("a mail can't be unpacked: {e}"));
    let mut raw = Vec::new();
    zstd::stream::read::Decoder::with_buffer(packed).map_err(bad)?.take(max).read_to_end(&mut raw).map_err(bad)?;
    Ok(raw)
}

impl Store {
    /// Returns the bytes of a mail; its headers alone while its body is not here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn raw(&self, id: &MessageId) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|tx| match row_of(tx, id)? {
            Some(row) => get_raw(tx, row, u64::MAX),
            None => Ok(None),
        })
    }

    /// Tells whether a message of that id is here, also where it stands in no folder any more.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn has_message(&self, id: &MessageId) -> Result<bool, StoreError> {
        self.read(|tx| Ok(row_of(tx, id)?.is_some()))
    }
}
