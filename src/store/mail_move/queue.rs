//! How mail gets into the queue of moves, changes its mind there, and leaves it; within a transaction.

use rusqlite::{OptionalExtension, params};

use super::super::connection::Transaction;
use super::MailMoved;
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, InboxId, OpId};
use crate::op::operation::Known;
use crate::op::record::{NewOperation, Record};
use crate::store::author::put_said;
use crate::store::batch::Batch;
use crate::store::code::Code;
use crate::store::facts::Facts;
use crate::store::folder::shown_as;
use crate::store::location::put_location;
use crate::store::record;
use crate::store::{FolderRole, StoreError};

/// The SQL that compares a folder's name with a parameter.
const IS_FOLDER: &str = "(f.name = ?2 OR (?2 = 'INBOX' AND upper(f.name) = 'INBOX'))";
/// The SQL that tells that a place is not one that somebody has marked as deleted.
const NOT_DELETED: &str = "instr(' ' || lower(l.flags) || ' ', ' \\deleted ') = 0";

/// Splits moves by the inbox that their conversations are in, so that each says where it came from.
pub(in crate::store) fn with_origin(
    tx: &Transaction<'_>,
    ops: Vec<NewOperation>,
) -> Result<Vec<NewOperation>, StoreError> {
    let mut all = Vec::with_capacity(ops.len());
    for mut operation in ops {
        let Known::Move { inbox, from: None } = operation.op.clone() else {
            all.push(operation);
            continue;
        };
        let mut by_origin: Vec<(Option<InboxId>, Vec<_>)> = Vec::new();
        let mut find = tx.prepare_cached(
            "SELECT c.inbox FROM member b JOIN conversation c ON c.rowid = b.conversation WHERE b.message_id = ?1",
        )?;
        for target in std::mem::take(&mut operation.on) {
            let from: Option<String> = find.query_row([target.on.as_str()], |row| row.get(0)).optional()?;
            let from = from.and_then(|name| InboxId::new(&name).ok());
            match by_origin.iter_mut().find(|(known, _)| *known == from) {
                Some((_, on)) => on.push(target),
                None => by_origin.push((from, vec![target])),
            }
        }
        let several = by_origin.len() > 1;
        all.extend(by_origin.into_iter().map(|(from, on)| {
            let origin = from.as_ref().map_or("", InboxId::as_str);
            let id = operation.id.map(|id| if several { id.part(origin, 0) } else { id });
            NewOperation { op: Known::Move { inbox: inbox.clone(), from }, on, id, ..operation.clone() }
        }));
    }
    Ok(all)
}

/// Returns the folder that is meant by the one of an inbox, where mail comes into `comes_into`.
fn here<'f>(folder: &'f str, comes_into: &'f str) -> &'f str {
    if folder == "INBOX" { comes_into } else { folder }
}

/// Returns the folder of an account in which the mail of an inbox is wanted; `None` where the inbox is of another account or there is none.
pub(super) fn stands_in<'t>(team: &'t Team, account: &AccountId, inbox: &str, comes_into: &'t str) -> Option<&'t str> {
    let inbox = team.inbox_named(inbox).filter(|inbox| inbox.account == *account)?;
    Some(here(inbox.mailbox(), comes_into))
}

impl Batch<'_> {
    /// Notes the conversations whose mail follows a record made here: a move, and what takes one back or brings it again.
    pub(in crate::store) fn follow_move(&mut self, record: &Record) -> Result<(), StoreError> {
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
    pub(in crate::store) fn queue_moves(
        &mut self,
        conversation: i64,
        before: &str,
        after: &str,
    ) -> Result<(), StoreError> {
        let Some((account, source, target)) = way(self.team(), before, after) else { return Ok(()) };
        let inbox = self.comes_into(account)?;
        let (account, source, target) =
            (account.to_owned(), here(source, &inbox).to_owned(), here(target, &inbox).to_owned());
        let insert = format!(
            "INSERT INTO mail_move (account, message, size, source, validity, uid, target)
             SELECT f.account, m.id, l.size, ?2, f.validity, l.uid, ?3
             FROM message m CROSS JOIN location l ON l.message = m.id CROSS JOIN folder f ON f.id = l.folder
             WHERE m.conversation = ?4 AND (m.hidden = 0 OR m.copy = 1) AND f.account = ?1 AND {IS_FOLDER} AND {NOT_DELETED}
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
    pub(super) fn drop_void_moves(&mut self, account: &AccountId) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT v.id, v.target, c.inbox FROM mail_move v JOIN message m ON m.id = v.message
                 LEFT JOIN conversation c ON c.rowid = m.conversation
             WHERE v.account = ?1 AND v.begun_next IS NULL",
        )?;
        let comes_into = self.comes_into(account.as_str())?;
        let mut void = Vec::new();
        let mut rows = find.query([account.as_str()])?;
        while let Some(row) = rows.next()? {
            let (target, inbox): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let wanted = inbox.and_then(|name| stands_in(self.team(), account, &name, &comes_into));
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
    pub(super) fn touch_moved(&mut self, id: i64) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT m.conversation FROM mail_move v JOIN message m ON m.id = v.message WHERE v.id = ?1",
        )?;
        if let Some(conversation) = find.query_row([id], |row| row.get(0)).optional()? {
            self.touch(conversation, false);
        }
        Ok(())
    }

    pub(super) fn finish_move(&mut self, moved: &MailMoved) -> Result<(), StoreError> {
        let Some(row) = self.move_row(moved.id)? else { return Ok(()) };
        self.touch_moved(moved.id)?;
        let old = self.folder_named(&row.account, &row.source)?;
        let mut flags = String::new();
        let mut copy: Option<String> = None;
        if let (Some((folder, validity)), Some((was, uid))) = (old, moved.was)
            && validity == Some(was)
        {
            let mut find = self.tx.prepare_cached("SELECT flags, copy FROM location WHERE folder = ?1 AND uid = ?2")?;
            let said = find.query_row(params![folder, uid], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            (flags, copy) = said.unwrap_or_default();
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
            put_said(self.tx, (folder, uid), copy)?;
            self.derive_again(row.message)?;
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
        if let Some(known) = shown_as(self.tx, message)?.filter(|known| known.hidden) {
            self.update(&known, &Facts { hidden: false, ..known.clone() })?;
        }
        self.see_standing(message, None)
    }

    pub(super) fn move_astray(&mut self, id: i64, reason: &str, due: Timestamp) -> Result<bool, StoreError> {
        let Some(row) = self.move_row(id)? else { return Ok(false) };
        let (mut arrived, mut unread, mut elsewhere) = (false, false, None);
        let inbox = self.comes_into(&row.account)?;
        for (folder, validity, uid) in self.places(&row)? {
            if folder == row.target {
                arrived = true;
            } else if folder == row.source {
                // The pass has not heard yet that it went, or the UID is a new one.
                unread |= Some(uid) == row.uid;
                if Some(uid) != row.uid {
                    elsewhere = elsewhere.max(Some((validity, uid, folder)));
                }
            } else if folder == inbox
                || self.team().inboxes.iter().any(|i| i.account.as_str() == row.account && i.mailbox() == folder)
            {
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

    /// The folder that an account's mail comes into, as the last pass knew it: another than INBOX where a team's mailbox is read by logins of
    /// people's own.
    pub(super) fn comes_into(&self, account: &str) -> Result<String, StoreError> {
        let mut find =
            self.tx.prepare_cached("SELECT name FROM folder WHERE account = ?1 AND role = ?2 ORDER BY id")?;
        let found: Option<String> =
            find.query_row(params![account, Code(FolderRole::Inbox)], |row| row.get(0)).optional()?;
        Ok(found.filter(|name| !name.eq_ignore_ascii_case("INBOX")).unwrap_or_else(|| "INBOX".to_owned()))
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

/// The account and the folders between which mail goes; `None` where it stays: another account, the same folder, an inbox that is not
/// in the config.
fn way<'a>(team: &'a Team, before: &str, after: &str) -> Option<(&'a str, &'a str, &'a str)> {
    let (before, after) = (team.inbox_named(before)?, team.inbox_named(after)?);
    let (source, target) = (before.mailbox(), after.mailbox());
    (before.account == after.account && source != target).then_some((before.account.as_str(), source, target))
}
