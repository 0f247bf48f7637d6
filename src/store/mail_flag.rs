//! Flags that the server is to be told, so that other mail programs see what was opened, dealt with and answered here.
//!
//! The rows are written in the transaction of what was done and die when the server has the flag wherever the mail stands, so neither a
//! crash nor a day offline loses one. Only what this client's agent did writes rows, and nothing is ever read from them: what a mail's flags
//! say changes nothing of a conversation.

use rusqlite::{Row, params};

use super::batch::{Batch, conversation_of};
use super::code::Code;
use super::connection::Transaction;
use super::conversation::find;
use super::location::flags_kept;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, MessageId};
use crate::model::message::AsOf;
use crate::model::reply::{Draft, DraftKind};
use crate::model::status::Status;
use crate::op::operation::Known;
use crate::op::record::Record;

/// A flag is given up after so many refusals.
const ATTEMPTS_MAX: u32 = 5;
/// So long it waits for a mail that stands nowhere to turn up again: another program may just be moving it.
const NOWHERE_MAX: i64 = 7 * Timestamp::DAY;

/// A flag that the server is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MailFlag {
    /// Somebody opened the mail here, or dealt with it.
    Seen,
    /// It was answered.
    Answered,
}

impl MailFlag {
    /// Returns its name (RFC 3501 section 2.3.2).
    pub fn name(self) -> &'static str {
        match self {
            Self::Seen => "\\Seen",
            Self::Answered => "\\Answered",
        }
    }
}

/// A flag that is wanted of a mail, at one place where that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagWanted {
    /// The store's number of the mail.
    pub message: i64,
    /// The flag.
    pub flag: MailFlag,
    /// The store's number of the folder.
    pub folder: i64,
    /// Its UID there.
    pub uid: u32,
    /// Whether the server has it there already, by what it said last.
    pub is_there: bool,
}

/// The SQL that tells that a place `l` lacks a flag, whose name in lower case it is given.
fn lacks(name: &str) -> String {
    format!("instr(' ' || lower(l.flags) || ' ', ' {name} ') = 0")
}

/// As [`lacks`], for the flag of a row `q`.
fn lacks_wanted() -> String {
    format!("CASE q.flag WHEN 0 THEN {} ELSE {} END", lacks("\\seen"), lacks("\\answered"))
}

/// The SQL that tells that a row `q` is wanted in another account than the first parameter.
fn wanted_elsewhere() -> String {
    format!(
        "EXISTS (SELECT 1 FROM location l JOIN folder f ON f.id = l.folder
            WHERE l.message = q.message AND f.account <> ?1 AND {})",
        lacks_wanted()
    )
}

impl Store {
    /// Has the server told that somebody opened a conversation: its mails, as far as they are here. Returns whether that is news to it.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn note_opened(&self, id: &ConversationId) -> Result<bool, StoreError> {
        // Most conversations are opened again and again.
        let unseen = |tx: &Transaction<'_>| match find(tx, id)? {
            Some((number, _)) => unseen(tx, number, None),
            None => Ok(Vec::new()),
        };
        if self.read(unseen)?.is_empty() {
            return Ok(false);
        }
        let now = self.author().clock.now();
        self.write(|tx| unseen(tx)?.into_iter().try_for_each(|message| want(tx, message, MailFlag::Seen, now)))?;
        Ok(true)
    }

    /// Returns the flags that an account's server is to be told by now, by folder and UID. `by` may lie in the future for a person who does
    /// not want to wait.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn flags_wanted(&self, account: &AccountId, by: Timestamp) -> Result<Vec<FlagWanted>, StoreError> {
        self.read(|tx| {
            let sql = format!(
                "SELECT q.message, q.flag, l.folder, l.uid, {} FROM mail_flag q CROSS JOIN location l ON l.message = q.message
                 CROSS JOIN folder f ON f.id = l.folder WHERE f.account = ?1 AND q.due <= ?2
                     AND q.flag IN (0, 1)",
                lacks_wanted()
            );
            let read = |row: &Row<'_>| {
                Ok(FlagWanted {
                    message: row.get(0)?,
                    flag: row.get::<_, Code<_>>(1)?.0,
                    folder: row.get(2)?,
                    uid: row.get(3)?,
                    is_there: !row.get::<_, bool>(4)?,
                })
            };
            let mut find = tx.prepare_cached(&sql)?;
            let found = find.query_map(params![account.as_str(), by.0], read)?;
            let mut all: Vec<FlagWanted> = found.collect::<Result<_, _>>()?;
            all.sort_unstable_by_key(|wanted| (wanted.folder, wanted.flag, wanted.uid));
            Ok(all)
        })
    }

    /// Takes in that an account's server has these flags; those of `over` need not be told to it any more, told or not.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn flags_told(&self, account: &AccountId, told: &[FlagWanted], over: &[FlagWanted]) -> Result<(), StoreError> {
        let before = self.author().clock.now().plus(-NOWHERE_MAX);
        self.write(|tx| {
            for at in told {
                add_flag(tx, at)?;
            }
            let sql = format!(
                "DELETE FROM mail_flag AS q WHERE q.message = ?2 AND q.flag = ?3 AND NOT {}",
                wanted_elsewhere()
            );
            let mut end = tx.prepare_cached(&sql)?;
            for at in over {
                end.execute(params![account.as_str(), at.message, Code(at.flag)])?;
            }
            tx.prepare_cached(
                "DELETE FROM mail_flag AS q WHERE q.at < ?1 AND NOT EXISTS (SELECT 1 FROM location l WHERE l.message = q.message)",
            )?
            .execute([before.0])?;
            Ok(())
        })
    }

    /// Notes that a server refused flags: they are told again at `due`, a few times.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn put_off_flags(&self, refused: &[FlagWanted], due: Timestamp) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut put_off = tx.prepare_cached(
                "UPDATE mail_flag SET attempts = attempts + 1, due = ?3 WHERE message = ?1 AND flag = ?2",
            )?;
            let mut give_up =
                tx.prepare_cached("DELETE FROM mail_flag WHERE message = ?1 AND flag = ?2 AND attempts >= ?3")?;
            for at in refused {
                put_off.execute(params![at.message, Code(at.flag), due.0])?;
                give_up.execute(params![at.message, Code(at.flag), ATTEMPTS_MAX])?;
            }
            Ok(())
        })
    }

    /// Forgets what an account's server was to be told: it has none, or is not to be told.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn forget_flags(&self, account: &AccountId) -> Result<(), StoreError> {
        let wanted = self.flags_wanted(account, Timestamp(i64::MAX))?;
        if wanted.is_empty() { Ok(()) } else { self.flags_told(account, &[], &wanted) }
    }
}

impl Batch<'_> {
    /// Has the server told of what a record that was made here dealt with: the mails of a conversation that was closed or answered, as far
    /// as its author had seen them. What came since is unread.
    pub(super) fn tell_dealt_with(&mut self, record: &Record) -> Result<(), StoreError> {
        let deals = matches!(record.known(), Some(Known::SetStatus { to: Status::Closed } | Known::Replied { .. }));
        if !deals {
            return Ok(());
        }
        for target in &record.on {
            let Some(conversation) = conversation_of(self.tx, &target.on)? else { continue };
            for message in unseen(self.tx, conversation, target.as_of.as_ref())? {
                want(self.tx, message, MailFlag::Seen, self.now)?;
            }
        }
        Ok(())
    }

    /// Has the server told which mail was answered by one that is filed.
    pub(super) fn tell_answered(&mut self, draft: Option<&Draft>) -> Result<(), StoreError> {
        let Some(draft) = draft.filter(|draft| matches!(draft.kind, DraftKind::Reply | DraftKind::ReplyAll)) else {
            return Ok(());
        };
        let Some(parent) = &draft.parent else { return Ok(()) };
        let mut find =
            self.tx.prepare_cached("SELECT message FROM member WHERE message_id = ?1 AND message IS NOT NULL")?;
        let found = find.query_map([parent.as_str()], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        for message in found {
            want(self.tx, message, MailFlag::Seen, self.now)?;
            want(self.tx, message, MailFlag::Answered, self.now)?;
        }
        Ok(())
    }
}

/// Returns the mails of a conversation that the server has as unread somewhere; those only that whoever had read so far has seen.
fn unseen(tx: &Transaction<'_>, conversation: i64, as_of: Option<&AsOf>) -> Result<Vec<i64>, StoreError> {
    let sql = format!(
        "SELECT m.id, m.message_id, m.arrived FROM message m WHERE m.conversation = ?1 AND (m.hidden = 0 OR m.copy = 1)
            AND EXISTS (SELECT 1 FROM location l WHERE l.message = m.id AND {})",
        lacks("\\seen")
    );
    let mut find = tx.prepare_cached(&sql)?;
    let rows = find.query_map([conversation], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?)))?;
    let mut all = Vec::new();
    for row in rows {
        let (message, id, arrived) = row?;
        if as_of.is_none_or(|as_of| is_covered(as_of, &id, Timestamp(arrived))) {
            all.push(message);
        }
    }
    Ok(all)
}

/// Tells whether somebody who had read so far has seen a mail.
fn is_covered(as_of: &AsOf, id: &str, arrived: Timestamp) -> bool {
    let second = arrived.seconds();
    second < as_of.at || second == as_of.at && as_of.ids.iter().map(MessageId::as_str).any(|seen| seen == id)
}

/// Notes that a flag is wanted of a mail. Asked for again it is told again, whatever was refused before.
fn want(tx: &Transaction<'_>, message: i64, flag: MailFlag, now: Timestamp) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO mail_flag (message, flag, at) VALUES (?1, ?2, ?3)
         ON CONFLICT (message, flag) DO UPDATE SET at = ?3, attempts = 0, due = 0",
    )?
    .execute(params![message, Code(flag), now.0])?;
    Ok(())
}

/// Keeps that a mail bears a flag at a place.
fn add_flag(tx: &Transaction<'_>, at: &FlagWanted) -> Result<(), StoreError> {
    let mut find = tx.prepare_cached("SELECT flags FROM location WHERE folder = ?1 AND uid = ?2 AND message = ?3")?;
    let rows = find.query_map(params![at.folder, at.uid, at.message], |row| row.get::<_, String>(0))?;
    for flags in rows.collect::<Result<Vec<_>, _>>()? {
        let mut flags: Vec<String> = flags.split_ascii_whitespace().map(str::to_owned).collect();
        flags.retain(|flag| !flag.eq_ignore_ascii_case(at.flag.name()));
        flags.push(at.flag.name().to_owned());
        tx.prepare_cached("UPDATE location SET flags = ?3 WHERE folder = ?1 AND uid = ?2")?.execute(params![
            at.folder,
            at.uid,
            flags_kept(&flags)
        ])?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "mail_flag_tests.rs"]
mod tests;
