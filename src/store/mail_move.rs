//! Mail on its way to another folder of the server, because its conversation was moved here.
//!
//! The rows are written in the transaction of the operation and die when the server has done it, so neither a crash nor a day offline
//! loses one. Only what this client's agent did writes rows: what colleagues move, their clients move.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::batch::Batch;
use super::facts::{Facts, message_id};
use super::ingest::put_location;
use super::record;
use super::{Store, StoreError};
use crate::model::agent::{Inbox, Team};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, InboxId, MessageId, OpId};
use crate::op::operation::Known;
use crate::op::record::{NewOperation, Record};

/// A mail that is to be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailMove {
    /// The store's number.
    pub id: i64,
    /// Its Message-ID; a derived one where it has none.
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

const COLUMNS: &str =
    "v.id, m.message_id, v.size, v.source, v.validity, v.uid, v.target, v.begun_validity, v.begun_next, v.onward";

fn read(row: &Row<'_>) -> rusqlite::Result<MailMove> {
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
    })
}

/// Returns the folder that holds an inbox's mail, and tells INBOX in any case as one (RFC 3501 section 5.1).
pub(super) fn folder_of(inbox: &Inbox) -> &str {
    match inbox.folder.as_deref() {
        Some(folder) if !folder.eq_ignore_ascii_case("INBOX") => folder,
        _ => "INBOX",
    }
}

/// The SQL that compares a folder's name with a parameter.
const IS_FOLDER: &str = "(f.name = ?2 OR (?2 = 'INBOX' AND upper(f.name) = 'INBOX'))";
/// The SQL that tells that a place is not one that somebody has marked as deleted.
const NOT_DELETED: &str = "instr(' ' || lower(l.flags) || ' ', ' \\deleted ') = 0";

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
                 WHERE v.account = ?1 AND v.due <= ?2 ORDER BY v.source, v.target, v.id LIMIT ?3"
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut find = batch.tx.prepare_cached(&sql)?;
            Ok(find.query_map(params![account.as_str(), by.0, limit], read)?.collect::<Result<Vec<_>, _>>()?)
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
        self.inner.connections.write_durable(|tx| {
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
    /// where they go after all, or none.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn redirect_moves(&self, ids: &[i64]) -> Result<(), StoreError> {
        self.change(|batch| {
            for id in ids {
                batch.touch_moved(*id)?;
                for sql in [
                    "DELETE FROM mail_move WHERE id = ?1 AND onward = source",
                    "UPDATE mail_move SET target = onward, onward = NULL, begun_validity = NULL, begun_next = NULL,
                         reason = '', due = 0 WHERE id = ?1 AND onward IS NOT NULL",
                ] {
                    batch.tx.prepare_cached(sql)?.execute([id])?;
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

/// Splits moves by the inbox that their conversations are in, so that each says where it came from.
pub(super) fn with_origin(tx: &Transaction<'_>, ops: Vec<NewOperation>) -> Result<Vec<NewOperation>, StoreError> {
    let mut all = Vec::with_capacity(ops.len());
    for NewOperation { op, on } in ops {
        let Known::Move { inbox, from: None } = &op else {
            all.push(NewOperation { op, on });
            continue;
        };
        let mut by_origin: Vec<(Option<InboxId>, Vec<_>)> = Vec::new();
        let mut find = tx.prepare_cached(
            "SELECT c.inbox FROM member b JOIN conversation c ON c.rowid = b.conversation WHERE b.message_id = ?1",
        )?;
        for target in on {
            let from: Option<String> = find.query_row([target.on.as_str()], |row| row.get(0)).optional()?;
            let from = from.and_then(|name| InboxId::new(&name).ok());
            match by_origin.iter_mut().find(|(known, _)| *known == from) {
                Some((_, on)) => on.push(target),
                None => by_origin.push((from, vec![target])),
            }
        }
        let split =
            by_origin.into_iter().map(|(from, on)| NewOperation { op: Known::Move { inbox: inbox.clone(), from }, on });
        all.extend(split);
    }
    Ok(all)
}

impl Batch<'_> {
    /// Notes the conversations whose mail follows a record made here: a move, and what takes one back or brings it again.
    pub(super) fn follow_move(&mut self, record: &Record) -> Result<(), StoreError> {
        let moves = match record.known() {
            Some(Known::Move { .. }) => true,
            Some(Known::Undo { of }) => self.is_about_a_move(*of)?,
            _ => false,
        };
        if moves {
            for on in &record.on {
                let found = self.conversation_of(&on.on)?;
                self.moving.extend(found);
            }
        }
        Ok(())
    }

    fn is_about_a_move(&self, of: OpId) -> Result<bool, StoreError> {
        let mut open = vec![of];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            for kept in record::of_id(self.tx, id)? {
                match kept.record.known() {
                    Some(Known::Move { .. }) => return Ok(true),
                    Some(Known::Undo { of }) => open.push(*of),
                    _ => {}
                }
            }
        }
        Ok(false)
    }

    /// Lets the mail of a conversation follow it from one inbox to another, as far as it stands in the old one's folder.
    pub(super) fn queue_moves(&mut self, conversation: i64, before: &str, after: &str) -> Result<(), StoreError> {
        let Some((account, source, target)) = way(self.team, before, after) else { return Ok(()) };
        let insert = format!(
            "INSERT INTO mail_move (account, message, size, source, validity, uid, target)
             SELECT f.account, m.id, l.size, ?2, f.validity, l.uid, ?3
             FROM message m CROSS JOIN location l ON l.message = m.id CROSS JOIN folder f ON f.id = l.folder
             WHERE m.conversation = ?4 AND m.hidden = 0 AND f.account = ?1 AND {IS_FOLDER} AND {NOT_DELETED}
               AND NOT EXISTS (SELECT 1 FROM mail_move v WHERE v.message = m.id)"
        );
        self.tx.prepare_cached(&insert)?.execute(params![account, source, target, conversation])?;
        // What is on its way already changes its mind. Nobody knows how far one got that has begun, so that one arrives first.
        const OF: &str = "account = ?1 AND message IN (SELECT id FROM message WHERE conversation = ?4)";
        for sql in [
            format!(
                "UPDATE mail_move SET onward = CASE WHEN target = ?3 THEN NULL ELSE ?3 END, due = 0
                 WHERE begun_next IS NOT NULL AND coalesce(onward, target) = ?2 AND {OF}"
            ),
            format!("DELETE FROM mail_move WHERE begun_next IS NULL AND target = ?2 AND source = ?3 AND {OF}"),
            format!(
                "UPDATE mail_move SET target = ?3, attempts = 0, due = 0, reason = ''
                 WHERE begun_next IS NULL AND target = ?2 AND {OF}"
            ),
        ] {
            self.tx.prepare_cached(&sql)?.execute(params![account, source, target, conversation])?;
        }
        Ok(())
    }

    /// Drops what nobody wants moved any more: the conversation is in another inbox now, by an operation of somebody else, whose client
    /// moves the mail.
    fn drop_void_moves(&mut self, account: &AccountId) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT v.id, v.target, c.inbox FROM mail_move v JOIN message m ON m.id = v.message
                 LEFT JOIN conversation c ON c.rowid = m.conversation
             WHERE v.account = ?1 AND v.begun_next IS NULL",
        )?;
        let mut void = Vec::new();
        let mut rows = find.query([account.as_str()])?;
        while let Some(row) = rows.next()? {
            let (target, inbox): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let wanted = inbox.and_then(|name| named(self.team, &name).map(folder_of));
            if wanted != Some(target.as_str()) {
                void.push(row.get::<_, i64>(0)?);
            }
        }
        let mut delete = self.tx.prepare_cached("DELETE FROM mail_move WHERE id = ?1")?;
        for id in void {
            delete.execute([id])?;
        }
        Ok(())
    }

    /// Marks the conversation of a mail that moves: its line tells that something is on its way.
    fn touch_moved(&mut self, id: i64) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT m.conversation FROM mail_move v JOIN message m ON m.id = v.message WHERE v.id = ?1",
        )?;
        if let Some(conversation) = find.query_row([id], |row| row.get(0)).optional()? {
            self.touch(conversation, false);
        }
        Ok(())
    }

    fn finish_move(&mut self, moved: &MailMoved) -> Result<(), StoreError> {
        let Some(row) = self.move_row(moved.id)? else { return Ok(()) };
        self.touch_moved(moved.id)?;
        let old = self.folder_named(&row.account, &row.source)?;
        let mut flags = String::new();
        if let (Some((folder, validity)), Some((was, uid))) = (old, moved.was)
            && validity == Some(was)
        {
            let mut find = self.tx.prepare_cached("SELECT flags FROM location WHERE folder = ?1 AND uid = ?2")?;
            flags = find.query_row(params![folder, uid], |row| row.get(0)).optional()?.unwrap_or_default();
            let sql = if moved.kept {
                "UPDATE location SET flags = trim('\\Deleted ' || flags) WHERE folder = ?1 AND uid = ?2"
            } else {
                "DELETE FROM location WHERE folder = ?1 AND uid = ?2"
            };
            self.tx.prepare_cached(sql)?.execute(params![folder, uid])?;
        }
        let new = self.folder_named(&row.account, &row.target)?;
        if let (Some((folder, validity)), Some((now, uid))) = (new, moved.now)
            && validity.is_none_or(|known| known == now)
        {
            let flags: Vec<String> = flags.split_ascii_whitespace().map(str::to_owned).collect();
            put_location(self.tx, folder, uid, row.message, &flags, row.size, None)?;
            self.show(row.message)?;
        }
        self.tx.prepare_cached("DELETE FROM mail_move WHERE id = ?1")?.execute([moved.id])?;
        if let Some(onward) = row.onward {
            self.tx
                .prepare_cached(
                    "INSERT INTO mail_move (account, message, size, source, validity, uid, target)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    row.account,
                    row.message,
                    i64::try_from(row.size).unwrap_or(i64::MAX),
                    row.target,
                    moved.now.map(|(validity, _)| validity),
                    moved.now.map(|(_, uid)| uid),
                    onward
                ])?;
        }
        Ok(())
    }

    /// Shows a message that was thought to have gone.
    fn show(&mut self, message: i64) -> Result<(), StoreError> {
        if let Some(known) = Facts::by_row(self.tx, message)?.filter(|known| known.hidden) {
            self.update(&known, &Facts { hidden: false, ..known.clone() })?;
        }
        Ok(())
    }

    fn move_astray(&mut self, id: i64, reason: &str, due: Timestamp) -> Result<bool, StoreError> {
        let Some(row) = self.move_row(id)? else { return Ok(false) };
        let (mut arrived, mut unread, mut elsewhere) = (false, false, None);
        for (folder, validity, uid) in self.places(&row)? {
            if folder == row.target {
                arrived = true;
            } else if folder == row.source {
                // The pass has not heard yet that it went, or the UID is a new one.
                unread |= Some(uid) == row.uid;
                if Some(uid) != row.uid {
                    elsewhere = elsewhere.max(Some((validity, uid, folder)));
                }
            } else if self.team.inboxes.iter().any(|i| i.account.as_str() == row.account && folder_of(i) == folder) {
                elsewhere = elsewhere.max(Some((validity, uid, folder)));
            }
        }
        let adrift: bool = self
            .tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM adrift WHERE message = ?1)")?
            .query_row([row.message], |row| row.get(0))?;
        if let Some((validity, uid, folder)) = elsewhere.filter(|_| !arrived) {
            self.tx
                .prepare_cached(
                    "UPDATE mail_move SET source = ?2, validity = ?3, uid = ?4, begun_validity = NULL, begun_next = NULL
                     WHERE id = ?1",
                )?
                .execute(params![id, folder, validity, uid])?;
            return Ok(true);
        }
        if !arrived && (unread || adrift) {
            self.tx
                .prepare_cached("UPDATE mail_move SET attempts = attempts + 1, due = ?2, reason = ?3 WHERE id = ?1")?
                .execute(params![id, due.0, reason])?;
        } else {
            self.tx.prepare_cached("DELETE FROM mail_move WHERE id = ?1")?.execute([id])?;
        }
        Ok(false)
    }

    /// Where a message stands, without what is marked as deleted: folder, UIDVALIDITY, UID.
    fn places(&self, row: &MoveRow) -> Result<Vec<(String, Option<u32>, u32)>, StoreError> {
        let sql = format!(
            "SELECT f.name, f.validity, l.uid FROM location l JOIN folder f ON f.id = l.folder
             WHERE l.message = ?1 AND f.account = ?2 AND {NOT_DELETED}"
        );
        let mut find = self.tx.prepare_cached(&sql)?;
        let found =
            find.query_map(params![row.message, row.account], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let mut all: Vec<(String, Option<u32>, u32)> = found.collect::<Result<_, _>>()?;
        for (name, _, _) in &mut all {
            if name.eq_ignore_ascii_case("INBOX") {
                "INBOX".clone_into(name);
            }
        }
        Ok(all)
    }

    fn move_row(&self, id: i64) -> Result<Option<MoveRow>, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT account, message, size, source, uid, target, onward FROM mail_move WHERE id = ?1",
        )?;
        let row = find.query_row([id], |row| {
            Ok(MoveRow {
                account: row.get(0)?,
                message: row.get(1)?,
                size: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                source: row.get(3)?,
                uid: row.get(4)?,
                target: row.get(5)?,
                onward: row.get(6)?,
            })
        });
        Ok(row.optional()?)
    }

    /// A folder's number and UIDVALIDITY.
    fn folder_named(&self, account: &str, name: &str) -> Result<Option<(i64, Option<u32>)>, StoreError> {
        let sql = format!("SELECT f.id, f.validity FROM folder f WHERE f.account = ?1 AND {IS_FOLDER}");
        let mut find = self.tx.prepare_cached(&sql)?;
        Ok(find.query_row([account, name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }
}

/// What the end of a move needs of it.
struct MoveRow {
    account: String,
    message: i64,
    size: u64,
    source: String,
    uid: Option<u32>,
    target: String,
    onward: Option<String>,
}

fn named<'a>(team: &'a Team, inbox: &str) -> Option<&'a Inbox> {
    team.inboxes.iter().find(|known| known.id.as_str() == inbox)
}

/// The account and the folders between which mail goes; `None` where it stays: another account, the same folder, an inbox that is not
/// in the config.
fn way<'a>(team: &'a Team, before: &str, after: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, after) = (named(team, before)?, named(team, after)?);
    let (source, target) = (folder_of(before), folder_of(after));
    (before.account == after.account && source != target).then_some((before.account.as_str(), source, target))
}

#[cfg(test)]
#[path = "mail_move_tests.rs"]
mod tests;
