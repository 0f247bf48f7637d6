//! Messages as they are kept: the bytes, compressed.

use std::cell::RefCell;
use std::fs::File;
use std::io::{BufReader, Read};

use rusqlite::{MAIN_DB, OptionalExtension, params};

use super::code::Code;
use super::connection::Transaction;
use super::facts::row_of;
use super::spool::{LEVEL, written};
use super::{Store, StoreError};
use crate::model::ids::MessageId;
use crate::model::message::Origin;

/// A mail that is larger than this, compressed, is read and written in pieces.
const PIECES_ABOVE: i64 = 1 << 20;

/// Room made for a mail before it is unpacked: no mail is larger, and a damaged row can claim what it likes.
const SIZE_TRUSTED: usize = 128 << 20;

/// The compressed bytes of a mail.
pub(super) enum Packed {
    Bytes(Vec<u8>),
    /// So many bytes of a file, from where it stands.
    File(File, u64),
}

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

/// Returns the bytes of a mail that was compressed in memory; `None` of one in a file.
pub(super) fn unpacked(packed: &Packed) -> Result<Option<Vec<u8>>, StoreError> {
    match packed {
        Packed::Bytes(bytes) => unpack(bytes.as_slice(), 0, u64::MAX).map(Some),
        Packed::File(..) => Ok(None),
    }
}

/// Keeps the bytes of a message, in the place of what was kept of it.
pub(super) fn put_raw(tx: &Transaction<'_>, message: i64, size: usize, packed: &Packed) -> Result<(), StoreError> {
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    match packed {
        Packed::Bytes(bytes) => {
            tx.prepare_cached("INSERT OR REPLACE INTO raw (message, size, zstd) VALUES (?1, ?2, ?3)")?
                .execute(params![message, size, bytes])?;
        }
        Packed::File(file, length) => {
            let mut put =
                tx.prepare_cached("INSERT OR REPLACE INTO raw (message, size, zstd) VALUES (?1, ?2, zeroblob(?3))")?;
            put.execute(params![message, size, i64::try_from(*length).unwrap_or(i64::MAX)])?;
            let mut blob = tx.blob_open(MAIN_DB, "raw", "zstd", message, false)?;
            let mut file: &File = file;
            // Whoever retries the transaction begins at the beginning.
            std::io::Seek::rewind(&mut file).map_err(written)?;
            std::io::copy(&mut file.take(*length), &mut blob).map_err(written)?;
            blob.close()?;
        }
    }
    Ok(())
}

/// Returns the first `max` bytes of a message.
pub(super) fn get_raw(tx: &Transaction<'_>, message: i64, max: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let mut find =
        tx.prepare_cached("SELECT size, CASE WHEN length(zstd) <= ?2 THEN zstd END FROM raw WHERE message = ?1")?;
    let found = find.query_row([message, PIECES_ABOVE], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((size, packed)): Option<(i64, Option<Vec<u8>>)> = found else { return Ok(None) };
    let whole = u64::try_from(size).unwrap_or(0);
    let size = whole.min(max);
    match packed {
        Some(packed) => match (whole <= max).then(|| unpack_whole(&packed, whole)).flatten() {
            Some(raw) => Ok(raw),
            None => unpack(packed.as_slice(), size, max),
        },
        None => unpack(BufReader::new(tx.blob_open(MAIN_DB, "raw", "zstd", message, true)?), size, max),
    }
    .map(Some)
}

thread_local! {
    /// What unpacks mails; making one costs more than most mails do.
    static UNPACKER: RefCell<Option<zstd::bulk::Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Unpacks a mail of which all is wanted and known how much that is; `None` where it is another size than was noted.
fn unpack_whole(packed: &[u8], size: u64) -> Option<Vec<u8>> {
    let room = usize::try_from(size).ok().filter(|size| *size <= SIZE_TRUSTED)?;
    UNPACKER.with_borrow_mut(|kept| {
        let unpacker = match kept {
            Some(unpacker) => unpacker,
            None => kept.insert(zstd::bulk::Decompressor::new().ok()?),
        };
        unpacker.decompress(packed, room).ok().filter(|raw| raw.len() == room)
    })
}

/// Unpacks at most `max` bytes; `size` is how many are expected.
fn unpack(packed: impl std::io::BufRead, size: u64, max: u64) -> Result<Vec<u8>, StoreError> {
    let bad = |e: std::io::Error| StoreError::Content(format!("a mail can't be unpacked: {e}"));
    // One byte more, so that the end is found without growing.
    let mut raw = Vec::with_capacity(usize::try_from(size.saturating_add(1)).unwrap_or(0).min(SIZE_TRUSTED));
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

    /// Tells who wrote a message, as it is judged for the team; `None` where it is not here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn origin(&self, id: &MessageId) -> Result<Option<Origin>, StoreError> {
        self.read(|tx| {
            let Some(row) = row_of(tx, id)? else { return Ok(None) };
            let mut find = tx.prepare_cached("SELECT origin FROM message WHERE id = ?1")?;
            let found: Option<Code<Origin>> = find.query_row([row], |row| row.get(0)).optional()?;
            Ok(found.map(|Code(origin)| origin))
        })
    }

    /// Tells whether a message of that id is here, also where it stands in no folder any more.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn has_message(&self, id: &MessageId) -> Result<bool, StoreError> {
        self.read(|tx| Ok(row_of(tx, id)?.is_some()))
    }

    /// Tells whether the log says that this mail was sent.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn is_recorded_as_sent(&self, id: &MessageId) -> Result<bool, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM sending WHERE message_id = ?1)")?;
            Ok(find.query_row([id.as_str()], |row| row.get(0))?)
        })
    }

    /// Tells whether this mail stands in a folder of the mailbox, as far as that was fetched.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn is_in_mailbox(&self, id: &MessageId) -> Result<bool, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                // By the names of mails, and the others of one name: no index holds the Message-IDs of all.
                "SELECT EXISTS (SELECT 1 FROM member b CROSS JOIN location l ON l.message = b.message WHERE b.message_id = ?1)
                     OR EXISTS (SELECT 1 FROM message m CROSS JOIN location l ON l.message = m.id
                         WHERE m.message_id = ?1 AND m.twin = 1)",
            )?;
            Ok(find.query_row([id.as_str()], |row| row.get(0))?)
        })
    }
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
