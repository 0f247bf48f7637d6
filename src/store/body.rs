//! Mails of which only the headers are here: which bodies are asked for, and whether they can come. Fetching them is the sync's.

use rusqlite::{OptionalExtension, params};

use super::connection::Transaction;
use super::facts::row_of;
use super::folder::get_folder;
use super::message::get_raw;
use super::types::Folder;
use super::{Store, StoreError};
use crate::model::ids::{AccountId, MessageId};

/// The most bodies asked for that are looked at together.
const ASKED_MAX: usize = 200;

/// What is known of a mail's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// It is here.
    Here,
    /// It is on the server, and so many bytes long with its headers.
    OnServer(u64),
    /// It is not here, and the mail stands in no folder any more.
    Gone,
    /// It was here, and was let go so many days after the mail had left all folders.
    LetGo(u32),
    /// There is no such mail.
    Unknown,
}

/// A body that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The folder that it is to be fetched from.
    pub folder: Folder,
    /// Its UID there.
    pub uid: u32,
    /// Its size in bytes, as far as it is known.
    pub size: u64,
}

impl Asked {
    /// Returns what tells it from the others.
    pub fn key(&self) -> (i64, u32) {
        (self.folder.id, self.uid)
    }
}

impl Store {
    /// Returns the bytes of a mail; `None` while only its headers are here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn whole(&self, id: &MessageId) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|tx| match row_of(tx, id)? {
            Some(row) if !is_partial(tx, row)? => get_raw(tx, row, u64::MAX),
            _ => Ok(None),
        })
    }

    /// Tells where the body of a mail is.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn body(&self, id: &MessageId) -> Result<Body, StoreError> {
        self.read(|tx| body(tx, id))
    }

    /// Asks for the body of a message: it is fetched before all others. What was asked for already is not written again.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn want_body(&self, id: &MessageId) -> Result<Body, StoreError> {
        let (found, asked) = self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT partial FROM message WHERE id = ?1")?;
            let row = row_of(tx, id)?;
            let partial: Option<i64> = row.map(|row| find.query_row([row], |row| row.get(0))).transpose()?;
            Ok((body(tx, id)?, partial == Some(2)))
        })?;
        if !asked && matches!(found, Body::OnServer(_)) {
            self.write(|tx| {
                if let Some(row) = row_of(tx, id)? {
                    let mut ask = tx.prepare_cached("UPDATE message SET partial = 2 WHERE id = ?1 AND partial = 1")?;
                    ask.execute([row])?;
                    // Who asks is not made to wait for the next try.
                    tx.execute(
                        "UPDATE set_aside SET next_try = 0 WHERE EXISTS (SELECT 1 FROM location l
                             WHERE l.message = ?1 AND l.folder = set_aside.folder AND l.uid = set_aside.uid)",
                        [row],
                    )?;
                }
                Ok(())
            })?;
        }
        Ok(found)
    }

    /// Returns the bodies that were asked for and are not here, of one account or of all, the newest first; a mail that stands in several
    /// folders once. What was set aside is left out until it is to be tried again.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn asked_bodies(&self, account: Option<&AccountId>) -> Result<Vec<Asked>, StoreError> {
        let now = self.author().clock.now();
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT min(l.folder), l.uid, l.size FROM message m CROSS JOIN location l ON l.message = m.id
                 CROSS JOIN folder f ON f.id = l.folder AND f.account = coalesce(?1, f.account)
                 WHERE m.partial > 0 AND m.partial = 2
                   AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.folder = l.folder AND s.uid = l.uid AND s.next_try > ?3)
                 GROUP BY m.id ORDER BY m.arrived DESC LIMIT ?2",
            )?;
            let limit = i64::try_from(ASKED_MAX).unwrap_or(i64::MAX);
            let found = find.query_map(params![account.map(AccountId::as_str), limit, now.0], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, u32>(1)?, row.get::<_, i64>(2)?))
            })?;
            let mut asked = Vec::new();
            for row in found {
                let (folder, uid, size) = row?;
                asked.push(Asked { folder: get_folder(tx, folder)?, uid, size: u64::try_from(size).unwrap_or(0) });
            }
            Ok(asked)
        })
    }

    /// Returns UID and size of messages without a body, those asked for first, then the newest. What was set aside is left out until it
    /// is to be tried again.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn wanted_bodies(&self, folder: i64, limit: usize) -> Result<Vec<(u32, u64)>, StoreError> {
        let now = self.author().clock.now();
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT l.uid, l.size FROM message m CROSS JOIN location l ON l.message = m.id AND l.folder = ?1
                 WHERE m.partial > 0
                   AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.folder = l.folder AND s.uid = l.uid AND s.next_try > ?3)
                 ORDER BY m.partial DESC, m.arrived DESC LIMIT ?2",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = find.query_map(params![folder, limit, now.0], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            found
                .map(|row| row.map(|(uid, size)| (uid, u64::try_from(size).unwrap_or(0))).map_err(Into::into))
                .collect()
        })
    }
}

fn is_partial(tx: &Transaction<'_>, row: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached("SELECT partial > 0 FROM message WHERE id = ?1")?;
    Ok(find.query_row([row], |row| row.get(0))?)
}

pub(super) fn body(tx: &Transaction<'_>, id: &MessageId) -> Result<Body, StoreError> {
    let Some(row) = row_of(tx, id)? else { return Ok(Body::Unknown) };
    if !is_partial(tx, row)? {
        return Ok(Body::Here);
    }
    let mut find = tx.prepare_cached("SELECT size FROM location WHERE message = ?1 ORDER BY folder LIMIT 1")?;
    let size: Option<i64> = find.query_row([row], |row| row.get(0)).optional()?;
    if let Some(size) = size {
        return Ok(Body::OnServer(u64::try_from(size).unwrap_or(0)));
    }
    let mut find = tx.prepare_cached("SELECT let_go FROM message WHERE id = ?1")?;
    let let_go: Option<u32> = find.query_row([row], |row| row.get(0))?;
    Ok(let_go.map_or(Body::Gone, Body::LetGo))
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
