//! Mails and folders that can't be fetched: why, since when, and when they are tried again. Whether one is at fault is the sync's to find
//! out; here it is only kept, so that a new start does not run into it again.

use rusqlite::{Row, params};

use super::code::Code;
use super::facts::Facts;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;

/// The UID that stands for a whole folder. No message has it (RFC 3501 section 2.3.1.1).
pub const WHOLE_FOLDER: u32 = 0;

/// What kept a mail or a folder from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsideReason {
    /// The server refuses it.
    Refused,
    /// The connection ends each time.
    Ended,
    /// The server sends more than it may.
    TooMuch,
    /// The server's answer is too slow, or does not come.
    TooSlow,
    /// What the server sends can't be read.
    Unreadable,
    /// The server has it and does not send it.
    NotSent,
    /// The store does not take it.
    Store,
}

impl AsideReason {
    /// Returns its name, which is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Ended => "ended",
            Self::TooMuch => "too-much",
            Self::TooSlow => "too-slow",
            Self::Unreadable => "unreadable",
            Self::NotSent => "not-sent",
            Self::Store => "store",
        }
    }
}

/// A mail that was set aside, or a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its UID; [`WHOLE_FOLDER`] for the folder itself.
    pub uid: u32,
    /// The UIDVALIDITY that the UID belongs to; 0 for a folder.
    pub validity: u32,
    /// What kept it from coming.
    pub reason: AsideReason,
    /// The server's words, or the store's; may be empty.
    pub words: String,
    /// Whether its own headers stand in the lists. Elsewhere only a message that says so does, which is to go once it comes.
    pub shown: bool,
    /// When it was set aside first.
    pub first_at: Timestamp,
    /// How often it was tried since, this time included.
    pub tries: u32,
    /// When it is tried again.
    pub next_try: Timestamp,
}

/// A mail that was set aside and of which nobody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Untold {
    /// The store's number of the folder.
    pub folder: i64,
    /// The folder's name.
    pub name: String,
    /// What is kept of it.
    pub aside: Aside,
    /// The address that it is from, where that could be had.
    pub sender: Option<String>,
}

const COLUMNS: &str = "s.uid, s.validity, s.reason, s.words, s.shown, s.first_at, s.tries, s.next_try";

fn read(row: &Row<'_>) -> rusqlite::Result<Aside> {
    let Code(reason) = row.get(2)?;
    Ok(Aside {
        uid: row.get(0)?,
        validity: row.get(1)?,
        reason,
        words: row.get(3)?,
        shown: row.get(4)?,
        first_at: Timestamp(row.get(5)?),
        tries: row.get(6)?,
        next_try: Timestamp(row.get(7)?),
    })
}

impl Store {
    /// Returns what is set aside of a folder, by UID.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn asides(&self, folder: i64) -> Result<Vec<Aside>, StoreError> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM set_aside s WHERE s.folder = ?1 ORDER BY s.uid");
            let mut find = tx.prepare_cached(&sql)?;
            Ok(find.query_map([folder], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// Sets mails of a folder aside, or the folder itself. What was told of one of them stays told.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_aside(&self, folder: i64, mails: &[Aside]) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut put = tx.prepare_cached(
                "INSERT INTO set_aside (folder, uid, validity, reason, words, shown, first_at, tries, next_try)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (folder, uid) DO UPDATE SET told = told AND validity = excluded.validity,
                     validity = excluded.validity, reason = excluded.reason, words = excluded.words, shown = excluded.shown,
                     first_at = excluded.first_at, tries = excluded.tries, next_try = excluded.next_try",
            )?;
            for mail in mails {
                put.execute(params![
                    folder,
                    mail.uid,
                    mail.validity,
                    Code(mail.reason),
                    mail.words,
                    mail.shown,
                    mail.first_at.0,
                    mail.tries,
                    mail.next_try.0,
                ])?;
            }
            Ok(())
        })
    }

    /// Forgets that these were set aside: they came, or are no longer on the server. Where none was, nothing is written: every commit wakes
    /// other processes.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn forget_asides(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError> {
        if !self.asides(folder)?.iter().any(|aside| uids.contains(&aside.uid)) {
            return Ok(());
        }
        self.write(|tx| {
            let mut delete = tx.prepare_cached("DELETE FROM set_aside WHERE folder = ?1 AND uid = ?2")?;
            for uid in uids {
                delete.execute(params![folder, uid])?;
            }
            Ok(())
        })
    }

    /// Returns the mails of an account that were set aside and of which nobody was told, and notes that somebody is told now. Folders are
    /// not among them: they are told as long as they stay away.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn tell_asides(&self, account: &AccountId) -> Result<Vec<Untold>, StoreError> {
        let untold = self.read(|tx| {
            let sql = format!(
                "SELECT {COLUMNS}, s.folder, f.name, l.message FROM set_aside s JOIN folder f ON f.id = s.folder
                 LEFT JOIN location l ON l.folder = s.folder AND l.uid = s.uid
                 WHERE f.account = ?1 AND s.told = 0 AND s.uid > 0 ORDER BY f.name, s.uid"
            );
            let mut find = tx.prepare_cached(&sql)?;
            let rows = find.query_map([account.as_str()], |row| {
                let untold = Untold { folder: row.get(8)?, name: row.get(9)?, aside: read(row)?, sender: None };
                Ok((untold, row.get::<_, Option<i64>>(10)?))
            })?;
            let mut all = Vec::new();
            for row in rows {
                let (mut untold, message) = row?;
                let facts = message.map(|message| Facts::by_row(tx, message)).transpose()?.flatten();
                untold.sender = facts.and_then(|facts| facts.envelope.from.into_iter().next()).map(|from| from.email);
                all.push(untold);
            }
            Ok(all)
        })?;
        if !untold.is_empty() {
            self.write(|tx| {
                let mut tell = tx.prepare_cached("UPDATE set_aside SET told = 1 WHERE folder = ?1 AND uid = ?2")?;
                for mail in &untold {
                    tell.execute(params![mail.folder, mail.aside.uid])?;
                }
                Ok(())
            })?;
        }
        Ok(untold)
    }
}

#[cfg(test)]
#[path = "set_aside_tests.rs"]
mod tests;
