//! Folders, and where in them messages stand.

use rusqlite::{OptionalExtension, Row, params};

use super::code::Code;
use super::connection::Transaction;
use super::facts::{Facts, id_of};
use super::location::{flags_kept, is_draft_copy, put_location};
use super::log_mail::is_kept_log_mail;
use super::types::{Folder, FolderRole, PassEnd, Relocated};
use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, InboxId, MessageId};

const COLUMNS: &str = "id, account, name, role, validity, uid_next, modseq, last_pass, messages, flags_below,
    (SELECT min(uid) FROM location WHERE folder = folder.id), (SELECT max(uid) FROM location WHERE folder = folder.id),
    seen_next, seen_modseq";

fn read(row: &Row<'_>) -> rusqlite::Result<Folder> {
    let account: String = row.get(1)?;
    let modseq: Option<i64> = row.get(6)?;
    Ok(Folder {
        id: row.get(0)?,
        account: AccountId::new(&account).map_err(|e| bad(1, e))?,
        name: row.get(2)?,
        role: row.get::<_, Code<_>>(3)?.0,
        validity: row.get(4)?,
        uid_next: row.get(5)?,
        modseq: modseq.and_then(|m| u64::try_from(m).ok()),
        last_pass: row.get::<_, Option<i64>>(7)?.map(Timestamp),
        messages: row.get(8)?,
        flags_below: row.get(9)?,
        lowest_fetched: row.get(10)?,
        highest_fetched: row.get(11)?,
        seen_next: row.get(12)?,
        seen_modseq: row.get::<_, Option<i64>>(13)?.and_then(|m| u64::try_from(m).ok()),
    })
}

fn bad(column: usize, error: crate::model::ids::BadName) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
}

pub(super) fn get_folder(tx: &Transaction<'_>, id: i64) -> Result<Folder, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM folder WHERE id = ?1");
    let found = tx.prepare_cached(&sql)?.query_row([id], read).optional()?;
    found.ok_or_else(|| StoreError::Content(format!("there is no folder {id}")))
}

/// Returns since when all inboxes of an account have been looked over; `None` where it has none, or one was never done.
pub(super) fn last_inbox_pass(tx: &Transaction<'_>, account: &AccountId) -> Result<Option<Timestamp>, StoreError> {
    let mut find = tx.prepare_cached("SELECT last_pass FROM folder WHERE account = ?1 AND role = ?2")?;
    let inboxes = params![account.as_str(), Code(FolderRole::Inbox)];
    let passes = find.query_map(inboxes, |row| row.get(0))?.collect::<Result<Vec<Option<i64>>, _>>()?;
    Ok(passes.into_iter().collect::<Option<Vec<i64>>>().and_then(|all| all.into_iter().min()).map(Timestamp))
}

impl Store {
    /// Returns the folder, made where it is missing. `name` is UTF-8. An account's first sync begins with its first folder.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn folder(&self, account: &AccountId, name: &str, role: FolderRole) -> Result<Folder, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM folder WHERE account = ?1 AND name = ?2");
        let find = |tx: &Transaction<'_>| -> Result<Option<Folder>, StoreError> {
            Ok(tx.prepare_cached(&sql)?.query_row([account.as_str(), name], read).optional()?)
        };
        if let Some(folder) = self.read(find)?.filter(|folder| folder.role == role) {
            return Ok(folder);
        }
        let now = self.author().clock.now();
        let was = self.read(find)?.map(|folder| folder.role);
        let folder = self.write(|tx| {
            tx.execute(
                "INSERT OR IGNORE INTO account (name, first_sync) VALUES (?1, ?2)",
                params![account.as_str(), now.0],
            )?;
            tx.execute(
                "INSERT INTO folder (account, name, role) VALUES (?1, ?2, ?3)
                 ON CONFLICT (account, name) DO UPDATE SET role = ?3",
                params![account.as_str(), name, Code(role)],
            )?;
            // Who wrote what stands in it follows from its role too.
            tx.execute(
                "UPDATE message SET derived = -1 WHERE id IN (SELECT l.message FROM location l
                     JOIN folder f ON f.id = l.folder WHERE f.account = ?1 AND f.name = ?2)",
                params![account.as_str(), name],
            )?;
            find(tx)?.ok_or_else(|| StoreError::Content(format!("the folder {name} could not be made")))
        })?;
        if was.is_some() && [was, Some(role)].contains(&Some(FolderRole::Archive)) {
            self.see_all_standing(folder.id)?;
        }
        Ok(folder)
    }

    /// Returns the folders of an account, by name.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn folders(&self, account: &AccountId) -> Result<Vec<Folder>, StoreError> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM folder WHERE account = ?1 ORDER BY name");
            let mut find = tx.prepare_cached(&sql)?;
            Ok(find.query_map([account.as_str()], read)?.collect::<Result<_, _>>()?)
        })
    }

    /// Returns the folders of an account that mail comes into: INBOX, and those that inboxes of the config have for themselves.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn inbox_folders(&self, account: &AccountId) -> Result<Vec<Folder>, StoreError> {
        let team = self.team();
        let of_inbox = |folder: &Folder| {
            let mut inboxes = team.inboxes.iter().filter(|inbox| inbox.account == *account);
            inboxes.any(|inbox| inbox.folder.as_ref() == Some(&folder.name))
        };
        let mut folders = self.folders(account)?;
        folders.retain(|folder| folder.role == FolderRole::Inbox || of_inbox(folder));
        Ok(folders)
    }

    /// Returns the UIDs that are here, ascending.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn uids(&self, folder: i64) -> Result<Vec<u32>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT uid FROM location WHERE folder = ?1 ORDER BY uid")?;
            Ok(find.query_map([folder], |row| row.get(0))?.collect::<Result<_, _>>()?)
        })
    }

    /// Takes in what the server says of flags: UID, flags, MODSEQ. UIDs that are not here are passed over.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_flags(&self, folder: i64, flags: Vec<(u32, Vec<String>, Option<u64>)>) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut update = tx.prepare_cached(
                "UPDATE location SET flags = ?3, modseq = coalesce(?4, modseq) WHERE folder = ?1 AND uid = ?2",
            )?;
            for (uid, flags, modseq) in flags {
                let modseq = modseq.map(|m| i64::try_from(m).unwrap_or(i64::MAX));
                update.execute(params![folder, uid, flags_kept(&flags), modseq])?;
            }
            Ok(())
        })
    }

    /// Takes messages out of a folder. One that is in no folder any more stays in its conversation, as gone.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn expunge(&self, folder: i64, uids: &[u32]) -> Result<Change, StoreError> {
        let ((), change, _) = self.change(|batch| {
            for uid in uids {
                let mut find =
                    batch.tx.prepare_cached("SELECT message FROM location WHERE folder = ?1 AND uid = ?2")?;
                let message: Option<i64> = find.query_row(params![folder, uid], |row| row.get(0)).optional()?;
                let Some(message) = message else { continue };
                batch
                    .tx
                    .prepare_cached("DELETE FROM location WHERE folder = ?1 AND uid = ?2")?
                    .execute(params![folder, uid])?;
                batch.see_standing(message, Some(folder))?;
            }
            batch.place_linked()?;
            batch.keep_links(self.author())
        })?;
        Ok(change)
    }

    /// Returns Message-ID and variant ([`crate::store::Identity`]) of the messages with the `count` highest UIDs, the highest first; of
    /// those only that came whole, because of others it may have been cut off what they are.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn highest(&self, folder: i64, count: usize) -> Result<Vec<(u32, MessageId, i64)>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT l.uid, coalesce(m.claimed, m.message_id), m.variant FROM location l JOIN message m ON m.id = l.message
                 WHERE l.folder = ?1 AND m.partial = 0
                   AND NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.folder = l.folder AND s.uid = l.uid)
                 ORDER BY l.uid DESC LIMIT ?2",
            )?;
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            let rows = find.query_map(params![folder, count], |row| Ok((row.get(0)?, id_of(row, 1)?, row.get(2)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Remembers what the server tells of a folder before anything is taken from it, so that it is known even where the pass breaks off.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn note_seen(&self, folder: i64, uid_next: u32, modseq: Option<u64>) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached("UPDATE folder SET seen_next = ?2, seen_modseq = ?3 WHERE id = ?1")?.execute(params![
                folder,
                uid_next,
                modseq.map(|m| i64::try_from(m).unwrap_or(i64::MAX))
            ])?;
            Ok(())
        })
    }

    /// Forgets every UID of a folder whose UIDs are void: its UIDVALIDITY changed, or it was restored from a backup. The messages stay, to
    /// be found again by ingest or [`Store::relocate`]. What is not found again stays readable, as gone from the server: nobody said
    /// that it was deleted.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn reset_folder(&self, folder: i64, validity: u32) -> Result<(), StoreError> {
        self.change(|batch| {
            let tx = batch.tx;
            // What only stands for a mail that could not be had is no mail that the server lost.
            let mut find = tx.prepare_cached(
                "SELECT l.message FROM set_aside s JOIN location l ON l.folder = s.folder AND l.uid = s.uid
                 WHERE s.folder = ?1 AND s.shown = 0",
            )?;
            let stand_ins = find.query_map([folder], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            tx.execute(
                "DELETE FROM location WHERE folder = ?1
                   AND uid IN (SELECT uid FROM set_aside WHERE folder = ?1 AND shown = 0)",
                [folder],
            )?;
            tx.execute("DELETE FROM set_aside WHERE folder = ?1 AND uid > 0", [folder])?;
            tx.execute(
                "INSERT OR IGNORE INTO lost_location (folder, message, copy)
                     SELECT folder, message, copy FROM location WHERE folder = ?1",
                [folder],
            )?;
            tx.execute("DELETE FROM location WHERE folder = ?1", [folder])?;
            tx.execute(
                "UPDATE folder SET validity = ?2, uid_next = NULL, modseq = NULL, messages = NULL,
                     flags_below = NULL, seen_next = NULL, seen_modseq = NULL WHERE id = ?1",
                params![folder, validity],
            )?;
            for message in stand_ins {
                batch.see_standing(message, None)?;
            }
            batch.place_linked()
        })?;
        Ok(())
    }

    /// Gives known messages their new UIDs without their bodies. Returns the UIDs that must be fetched.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn relocate(&self, folder: i64, found: Vec<Relocated>) -> Result<Vec<u32>, StoreError> {
        let (unknown, _, _) = self.change(|batch| {
            let mut unknown = Vec::new();
            for at in found {
                let Some(row) = found_row(batch.tx, folder, &at)? else {
                    unknown.push(at.uid);
                    continue;
                };
                put_location(batch.tx, folder, at.uid, row, &at.flags, at.size, None)?;
                batch.derive_again(row)?;
                if let Some(known) = shown_as(batch.tx, row)?.filter(|known| known.hidden) {
                    let hidden = is_draft_copy(&known.id, &at.flags) || is_kept_log_mail(batch.tx, &known)?;
                    batch.update(&known, &Facts { hidden, ..known.clone() })?;
                }
                batch.see_standing(row, None)?;
            }
            batch.place_linked()?;
            Ok(unknown)
        })?;
        Ok(unknown)
    }

    /// Counts the messages that stood in a folder before its UIDs became void, and that stand nowhere now.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn lost(&self, folder: i64) -> Result<usize, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT count(*) FROM lost_location t JOIN message m ON m.id = t.message
                 WHERE t.folder = ?1 AND m.hidden = 0
                   AND NOT EXISTS (SELECT 1 FROM location l WHERE l.message = t.message)
                   AND NOT EXISTS (
                       SELECT 1 FROM message c JOIN location l ON l.message = c.id WHERE c.copy = 1 AND c.beside = m.message_id)",
            )?;
            Ok(usize::try_from(find.query_row([folder], |row| row.get::<_, i64>(0))?).unwrap_or(0))
        })
    }

    /// Notes that all of a folder is here.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn finish_pass(&self, folder: i64, end: PassEnd) -> Result<(), StoreError> {
        self.change(|batch| {
            batch.tx.execute(
                "UPDATE folder SET validity = ?2, uid_next = ?3, modseq = ?4, last_pass = ?5, messages = ?6,
                     flags_below = ?7 WHERE id = ?1",
                params![
                    folder,
                    end.validity,
                    end.uid_next,
                    end.modseq.map(|m| i64::try_from(m).unwrap_or(i64::MAX)),
                    end.at.0,
                    end.messages,
                    end.flags_below,
                ],
            )?;
            let mut find = batch.tx.prepare_cached("SELECT message FROM lost_location WHERE folder = ?1")?;
            let lost = find.query_map([folder], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            batch.tx.execute("DELETE FROM lost_location WHERE folder = ?1", [folder])?;
            for message in lost {
                batch.see_found(message, folder)?;
                // Whether it is marked as gone shows in its conversation.
                if let Some(known) = Facts::by_row(batch.tx, message)? {
                    batch.touch(known.conversation, true);
                    batch.derive_again(message)?;
                }
            }
            batch.place_linked()
        })?;
        Ok(())
    }

    /// Returns the inbox that mail of this folder goes to when no address tells.
    pub fn default_inbox(&self, account: &AccountId) -> Option<InboxId> {
        self.team().default_inbox(account).map(|inbox| inbox.id.clone())
    }
}

/// Returns which message it is; `None` where its headers don't tell it from another: two mails of one Message-ID can differ in the text
/// alone, and one mail does not stand twice in a folder as a rule.
fn found_row(tx: &Transaction<'_>, folder: i64, at: &Relocated) -> Result<Option<i64>, StoreError> {
    let Some(first) = Facts::by_id(tx, &at.message)? else { return Ok(None) };
    let mut all = Facts::sharing(tx, &at.message)?;
    all.push(first);
    all.retain(|known| at.variant.is_none_or(|variant| variant == known.variant));
    let [only] = all.as_slice() else { return Ok(None) };
    let mut find =
        tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM location WHERE message = ?1 AND folder = ?2 AND uid <> ?3)")?;
    let twice: bool = find.query_row(params![only.row, folder, at.uid], |row| row.get(0))?;
    Ok((!twice).then_some(only.row))
}

/// Returns a message, or the one that it is a copy of.
pub(super) fn shown_as(tx: &Transaction<'_>, message: i64) -> Result<Option<Facts>, StoreError> {
    let Some(known) = Facts::by_row(tx, message)? else { return Ok(None) };
    match known.beside.as_ref().filter(|_| known.copy) {
        Some(beside) => Facts::by_id(tx, beside),
        None => Ok(Some(known)),
    }
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
