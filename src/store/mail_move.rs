//! Mail on its way to another folder of the server, because its conversation was moved here.
//!
//! The rows are written in the transaction of the operation and die when the server has done it, so neither a crash nor a day offline
//! loses one. Only what this client's agent did writes rows: what colleagues move, their clients move.

mod queue;
mod turn;

use rusqlite::{Row, params};

pub(super) use queue::with_origin;
pub use turn::MoveTurn;

use super::facts::message_id;
use super::{Store, StoreError};
use crate::model::agent::Team;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};

/// A mail that is to be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailMove {
    /// The store's number.
    pub id: i64,
    /// The Message-ID that it bears; a derived one where it bears none.
    pub message: MessageId,
    /// RFC822.SIZE in bytes.
    pub size: u64,
    /// The folder it stands in, in UTF-8.
    pub source: String,
    /// UIDVALIDITY of the source and UID there, where they are known.
    pub at: Option<(u32, u32)>,
    /// The folder it goes to.
    pub target: String,
    /// UIDVALIDITY and UIDNEXT of the target just before the first try; a copy of ours has no lower UID. `None` before that.
    pub begun: Option<(u32, u32)>,
    /// Where it goes after that: somebody moved it on when this had begun.
    pub onward: Option<String>,
    /// Where a colleague's operation wants it since this has begun; their client brings there what it finds in the target.
    pub carried: Option<String>,
}

/// A mail that the server has moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailMoved {
    /// The number of its [`MailMove`].
    pub id: i64,
    /// Where it was in the source: UIDVALIDITY and UID, where that was learned.
    pub was: Option<(u32, u32)>,
    /// UIDVALIDITY of the target and its UID there, where they are known.
    pub now: Option<(u32, u32)>,
    /// Whether it still stands in the source, flagged as deleted.
    pub kept: bool,
}

/// Mails that wait to be moved, from where to where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovesWaiting {
    /// The account.
    pub account: AccountId,
    /// The folder they stand in.
    pub source: String,
    /// The folder they go to.
    pub target: String,
    /// Why the last try failed; empty where there was none.
    pub reason: String,
    /// How many.
    pub mails: u64,
}

const COLUMNS: &str = "v.id, coalesce(m.claimed, m.message_id), v.size, v.source, v.validity, v.uid, v.target, v.begun_validity, v.begun_next, v.onward, c.inbox";

fn read(row: &Row<'_>, team: &Team, account: &AccountId, comes_into: &str) -> rusqlite::Result<MailMove> {
    let inbox: Option<String> = row.get(10)?;
    let wanted = inbox.and_then(|name| queue::stands_in(team, account, &name, comes_into).map(str::to_owned));
    let mut found = read_row(row)?;
    let goes_to = found.onward.as_ref().unwrap_or(&found.target);
    found.carried = wanted.filter(|wanted| found.begun.is_some() && wanted != goes_to);
    Ok(found)
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<MailMove> {
    let pair = |a: Option<u32>, b: Option<u32>| a.zip(b);
    Ok(MailMove {
        id: row.get(0)?,
        message: message_id(&row.get::<_, String>(1)?),
        size: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
        source: row.get(3)?,
        at: pair(row.get(4)?, row.get(5)?),
        target: row.get(6)?,
        begun: pair(row.get(7)?, row.get(8)?),
        onward: row.get(9)?,
        carried: None,
    })
}

impl Store {
    /// Returns the moves of an account whose time has come, oldest first, and drops those that another move has made void. `by` may lie
    /// in the future for a person who does not want to wait.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn mail_moves(&self, account: &AccountId, by: Timestamp, limit: usize) -> Result<Vec<MailMove>, StoreError> {
        // Nearly every call finds nothing: it must not take the write lock.
        let none = self.read(|tx| {
            let mut find =
                tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM mail_move WHERE account = ?1 AND due <= ?2)")?;
            Ok(!find.query_row(params![account.as_str(), by.0], |row| row.get::<_, bool>(0))?)
        })?;
        if none {
            return Ok(Vec::new());
        }
        let (found, _, _) = self.change(|batch| {
            batch.drop_void_moves(account)?;
            let sql = format!(
                "SELECT {COLUMNS} FROM mail_move v JOIN message m ON m.id = v.message
                     LEFT JOIN conversation c ON c.rowid = m.conversation
                 WHERE v.account = ?1 AND v.due <= ?2 ORDER BY v.source, v.target, v.id LIMIT ?3"
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut find = batch.tx.prepare_cached(&sql)?;
            let (team, inbox) = (batch.team(), batch.comes_into(account.as_str())?);
            let found =
                find.query_map(params![account.as_str(), by.0, limit], |row| read(row, team, account, &inbox))?;
            Ok(found.collect::<Result<Vec<_>, _>>()?)
        })?;
        Ok(found)
    }

    /// Tells what waits to be moved, for all accounts.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn moves_waiting(&self) -> Result<Vec<MovesWaiting>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT account, source, coalesce(onward, target), reason, count(*) FROM mail_move
                 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            )?;
            let mut all = Vec::new();
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                let account: String = row.get(0)?;
                let Ok(account) = AccountId::new(&account) else { continue };
                all.push(MovesWaiting {
                    account,
                    source: row.get(1)?,
                    target: row.get(2)?,
                    reason: row.get(3)?,
                    mails: u64::try_from(row.get::<_, i64>(4)?).unwrap_or(0),
                });
            }
            Ok(all)
        })
    }

    /// Notes that moves begin: from here on a copy may stand in the target. On the disk when it returns, since a copy that nobody
    /// remembers would be made twice.
    ///
    /// # Errors
    /// When the store can't be written; nothing must be copied then.
    pub fn begin_moves(&self, ids: &[i64], validity: u32, next: u32) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            let mut update =
                tx.prepare_cached("UPDATE mail_move SET begun_validity = ?2, begun_next = ?3 WHERE id = ?1")?;
            for id in ids {
                update.execute(params![id, validity, next])?;
            }
            Ok(())
        })
    }

    /// Takes in what the server has done: the messages stand in their new places, and what was moved on meanwhile goes on from there.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn finish_moves(&self, done: &[MailMoved]) -> Result<Change, StoreError> {
        let ((), change, _) = self.change(|batch| {
            for moved in done {
                batch.finish_move(moved)?;
            }
            batch.place_linked()
        })?;
        Ok(change)
    }

    /// Notes why moves failed, in words for a person, and when they are tried again.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn put_off_moves(&self, ids: &[i64], reason: &str, due: Timestamp) -> Result<(), StoreError> {
        self.change(|batch| {
            let mut update = batch
                .tx
                .prepare_cached("UPDATE mail_move SET reason = ?2, due = ?3, attempts = attempts + 1 WHERE id = ?1")?;
            for id in ids {
                update.execute(params![id, reason, due.0])?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Lets mails of which it has turned out that nothing was done yet take the way that they were given since: from where they are to
    /// these folders after all, or none.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn redirect_moves(&self, ways: &[(i64, &str)]) -> Result<(), StoreError> {
        self.change(|batch| {
            for (id, folder) in ways {
                batch.touch_moved(*id)?;
                for sql in [
                    "DELETE FROM mail_move WHERE id = ?1 AND source = ?2",
                    "UPDATE mail_move SET target = ?2, onward = NULL, begun_validity = NULL, begun_next = NULL,
                         reason = '', due = 0 WHERE id = ?1",
                ] {
                    batch.tx.prepare_cached(sql)?.execute(params![id, folder])?;
                }
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Decides about a mail that is not in its source any more: it is fetched from where a colleague moved it meanwhile, or given up
    /// where it was deleted or has arrived. `due` is when it is looked for again where that is not known yet. Tells whether it was found.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn move_astray(&self, id: i64, reason: &str, due: Timestamp) -> Result<bool, StoreError> {
        let (found, _, _) = self.change(|batch| batch.move_astray(id, reason, due))?;
        Ok(found)
    }

    /// Moves the mails of an account that has no server: they stand in the other folder at once.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn move_here(&self, account: &AccountId) -> Result<(), StoreError> {
        let moves = self.mail_moves(account, Timestamp(i64::MAX), usize::MAX)?;
        for mail in moves {
            let folder = self.folder(account, &mail.target, super::FolderRole::Other)?;
            let uid = folder.highest_fetched.map_or(1, |last| last.saturating_add(1));
            let now = Some((folder.validity.unwrap_or(1), uid));
            self.finish_moves(&[MailMoved { id: mail.id, was: mail.at, now, kept: false }])?;
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "mail_move_tests.rs"]
mod tests;
