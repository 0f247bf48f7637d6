//! Mail on its way out. Each step is on the disk before the step over the network that it allows.
//!
//! ```text
//! held -> sending -> sent -> filed
//!   |        |-> held (nothing was taken: tried again), failed, uncertain
//!   |-> stopped, failed, cancelled
//! stopped, failed -> held, cancelled      uncertain -> sent, held, cancelled
//! ```
//!
//! `held` and `sent` may also stay what they are, with another reason and time.

mod file;
mod news;
mod returned;
mod sending;
mod twice;
mod types;

use rusqlite::{OptionalExtension, Row, params};

use super::code::Code;
use super::commit::append_new;
use super::connection::Transaction;
use super::home::Homes;
use super::{Store, StoreError, draft};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, MessageId};
use crate::model::phrase::Phrase;
use crate::model::reply::{Draft, OutState, Outgoing};
use crate::op::record::NewOperation;
pub use news::{Basis, News};
pub(super) use returned::came_back;
pub use types::{Answer, Delivery, NewOutgoing, Recipient};

/// Filed mail is kept in the list this long; its bytes stand in the Sent folder.
const FILED_KEPT: i64 = 14 * Timestamp::DAY;
/// A file that nothing names is kept this long: somebody may be writing the mail that will.
const FILE_KEPT: i64 = 7 * Timestamp::DAY;

/// How far the outbox reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxEnd(i64);

/// Tells whether a mail may go from one state to the other.
pub fn is_step(from: OutState, to: OutState) -> bool {
    use OutState::{Cancelled, Failed, Filed, Held, Sending, Sent, Stopped, Uncertain};
    matches!(
        (from, to),
        (Held, Held | Sending | Stopped | Failed | Cancelled)
            | (Sending, Held | Failed | Uncertain | Sent)
            | (Stopped | Failed, Held | Cancelled)
            | (Uncertain, Sent | Held | Cancelled)
            | (Sent, Sent | Filed)
    )
}

impl Store {
    /// Puts a mail into the outbox, held until `due`, and takes its draft out of the drafts: one transaction. Queueing the same
    /// Message-ID again returns what stands there.
    ///
    /// # Errors
    /// When the store can't be written, or another terminal has sent the draft.
    pub fn queue(&self, new: &NewOutgoing) -> Result<Outgoing, StoreError> {
        let mut queued = self.queue_all(std::slice::from_ref(new), None)?;
        queued.pop().ok_or_else(gone)
    }

    /// Returns how far the outbox reaches: what is put into it from now on lies behind.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn outbox_end(&self) -> Result<OutboxEnd, StoreError> {
        self.read(|tx| Ok(OutboxEnd(tx.query_row("SELECT coalesce(max(id), 0) FROM outgoing", [], |row| row.get(0))?)))
    }

    /// As [`Store::queue`], for many: all are in the outbox, or none is. Of what no draft was kept, a mail that says the same and is not out
    /// yet counts as the one that is to be queued, and so does one that was queued behind `since`, be it out by now: another command
    /// answered meanwhile.
    ///
    /// # Errors
    /// As [`Store::queue`].
    pub fn queue_all(&self, new: &[NewOutgoing], since: Option<OutboxEnd>) -> Result<Vec<Outgoing>, StoreError> {
        let pack = |mail: &NewOutgoing| zstd::encode_all(mail.copy.as_slice(), 3);
        let packed: Vec<Vec<u8>> =
            new.iter().map(pack).collect::<Result<_, _>>().map_err(|e| StoreError::Content(e.to_string()))?;
        let queued = self.write_durable(|tx| {
            new.iter()
                .zip(packed)
                .map(|(mail, bytes)| self.put_into_outbox(tx, mail, bytes, since))
                .collect::<Result<Vec<_>, _>>()
        })?;
        for mail in &queued {
            self.tell(&mail.conversation);
        }
        Ok(queued)
    }

    fn put_into_outbox(
        &self,
        tx: &Transaction<'_>,
        new: &NewOutgoing,
        bytes: Vec<u8>,
        since: Option<OutboxEnd>,
    ) -> Result<Outgoing, StoreError> {
        let author = self.author();
        if let Some(standing) = by_message(tx, &new.message_id)? {
            return Ok(standing);
        }
        // A draft is taken once. What a command wrote has none: two that say the same at once both looked before either queued it.
        if let (Some(conversation), Some(draft)) = (&new.conversation, &new.delivery.draft)
            && draft.id == 0
            && let Some(id) = self.standing_in(tx, conversation, draft, since)?
            && let Some(standing) = by_id(tx, id)?
        {
            return Ok(standing);
        }
        let values = params![
            new.message_id.as_str(),
            new.conversation.as_ref().map(ConversationId::as_str),
            author.actor.as_str(),
            Code(OutState::Held),
            new.to,
            new.subject,
            new.due.0,
            i64::try_from(new.copy.len()).unwrap_or(i64::MAX),
            types::to_json(&new.delivery)?,
            bytes,
            author.clock.now().0
        ];
        tx.prepare_cached(
            "INSERT INTO outgoing (message_id, conversation, actor, state, to_text, subject, due, size, json, bytes, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(values)?;
        let id = tx.last_insert_rowid();
        if let Some(draft) = new.delivery.draft.as_ref().filter(|d| d.id != 0) {
            let took = tx
                .prepare_cached("DELETE FROM draft WHERE id = ?1 AND actor = ?2")?
                .execute(params![draft.id, author.actor.as_str()])?;
            if took == 0 {
                return Err(StoreError::Content("this draft is in the outbox already".to_owned()));
            }
        }
        by_id(tx, id)?.ok_or_else(gone)
    }

    /// Returns the outbox: what is not yet filed or cancelled, and what was in the last days; oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn outgoing(&self) -> Result<Vec<Outgoing>, StoreError> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM outgoing ORDER BY id");
            let mut statement = tx.prepare_cached(&sql)?;
            let rows = statement.query_map([], row)?.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(Kept::read).collect()
        })
    }

    /// Returns one mail of the outbox.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn outgoing_by_id(&self, id: i64) -> Result<Option<Outgoing>, StoreError> {
        self.read(|tx| by_id(tx, id))
    }

    /// Returns the mail of the outbox that bears this Message-ID, whatever became of it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn outgoing_of(&self, message: &MessageId) -> Result<Option<Outgoing>, StoreError> {
        self.read(|tx| by_message(tx, message))
    }

    /// Returns how a mail is to be delivered and what its sender had seen.
    ///
    /// # Errors
    /// When the store can't be read, or there is no such mail.
    pub fn delivery(&self, id: i64) -> Result<Delivery, StoreError> {
        self.read(|tx| delivery(tx, id))
    }

    /// Returns our copy of a mail, `Bcc` included; nothing once it is filed and let go.
    ///
    /// # Errors
    /// When the store can't be read or the copy is damaged.
    pub fn outgoing_bytes(&self, id: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let packed: Option<Vec<u8>> = self.read(|tx| {
            let mut statement = tx.prepare_cached("SELECT bytes FROM outgoing WHERE id = ?1")?;
            Ok(statement.query_row([id], |row| row.get(0)).optional()?.flatten())
        })?;
        let unpack =
            |packed: Vec<u8>| zstd::decode_all(packed.as_slice()).map_err(|e| StoreError::Content(e.to_string()));
        packed.map(unpack).transpose()
    }

    /// Returns the mails in a state, due by `by`, in the order in which they were queued.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn outgoing_due(&self, state: OutState, by: Timestamp, limit: usize) -> Result<Vec<Outgoing>, StoreError> {
        self.read(|tx| {
            let sql = format!("SELECT {COLUMNS} FROM outgoing WHERE state = ?1 AND due <= ?2 ORDER BY id LIMIT ?3");
            let mut statement = tx.prepare_cached(&sql)?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let rows = statement.query_map(params![Code(state), by.0, limit], row)?.collect::<Result<Vec<_>, _>>()?;
            rows.into_iter().map(Kept::read).collect()
        })
    }

    /// Returns when a mail was put into the outbox; `None` where there is no such mail.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn queued_at(&self, id: i64) -> Result<Option<Timestamp>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT created_at FROM outgoing WHERE id = ?1")?;
            Ok(find.query_row([id], |row| row.get(0)).optional()?.map(Timestamp))
        })
    }

    /// Returns the number of a mail of this agent that says the same to the same people, with the same files, in the same conversation and
    /// is not out yet.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn standing(&self, conversation: &ConversationId, draft: &Draft) -> Result<Option<i64>, StoreError> {
        self.read(|tx| self.standing_in(tx, conversation, draft, None))
    }

    fn standing_in(
        &self,
        tx: &Transaction<'_>,
        conversation: &ConversationId,
        draft: &Draft,
        since: Option<OutboxEnd>,
    ) -> Result<Option<i64>, StoreError> {
        let files =
            |of: &Draft| of.files.iter().map(|file| (file.name.clone(), file.digest.clone())).collect::<Vec<_>>();
        let same = |other: &Draft| {
            (&other.body, &other.subject, &other.to, &other.cc, &other.bcc)
                == (&draft.body, &draft.subject, &draft.to, &draft.cc, &draft.bcc)
                && files(other) == files(draft)
        };
        let mut statement = tx.prepare_cached(STANDING)?;
        let since = since.map_or(i64::MAX, |end| end.0);
        let rows = statement.query_map(params![conversation.as_str(), self.author().actor.as_str(), since], |row| {
            Ok((row.get(0)?, row.get::<_, String>(1)?))
        })?;
        for row in rows {
            let (id, json) = row?;
            let delivery: Delivery = types::from_json(id, &json)?;
            if delivery.draft.as_ref().is_some_and(same) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Returns when the next mail is due later than `after`. What is overdue and can't leave does not hide it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, StoreError> {
        self.read(|tx| {
            let mut statement =
                tx.prepare_cached("SELECT min(due) FROM outgoing WHERE state IN ('held', 'sent') AND due > ?1")?;
            Ok(statement.query_row([after.0], |row| row.get::<_, Option<i64>>(0))?.map(Timestamp))
        })
    }

    /// Takes a mail from one state to the next, with the reason, and `due` where it changes. Returns whether it was in `from`:
    /// of two processes that try the same step one is told no. It is on the disk when this returns.
    ///
    /// # Errors
    /// When the store can't be written, or there is no such step.
    pub fn advance(
        &self,
        id: i64,
        from: OutState,
        to: OutState,
        reason: Option<Phrase>,
        due: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let moved = self.write_durable(|tx| step(tx, id, from, to, reason.as_ref(), due))?;
        self.tell_of(id)?;
        Ok(moved)
    }

    /// Writes down what became of each recipient, and takes the mail to the next state: one transaction.
    ///
    /// # Errors
    /// When the store can't be written, or there is no such step.
    pub fn record_delivery(
        &self,
        id: i64,
        to: OutState,
        reason: Option<Phrase>,
        due: Option<Timestamp>,
        delivery: &Delivery,
    ) -> Result<bool, StoreError> {
        let moved = self.write_durable(|tx| {
            let json = types::to_json(delivery)?;
            tx.prepare_cached("UPDATE outgoing SET json = ?2 WHERE id = ?1")?.execute(params![id, json])?;
            step(tx, id, OutState::Sending, to, reason.as_ref(), due)
        })?;
        self.tell_of(id)?;
        Ok(moved)
    }

    /// Sends a stopped or failed mail again at `due`, or one that still waits; `anyway` leaves out the check for news, and without it a
    /// mail that may have arrived is left alone. Returns whether it was in such a state.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn retry(&self, id: i64, due: Timestamp, anyway: bool) -> Result<bool, StoreError> {
        let moved = self.write_durable(|tx| {
            let Some(mail) = by_id(tx, id)? else { return Ok(false) };
            let waits = mail.state == OutState::Held;
            let may_have_arrived = mail.state == OutState::Uncertain;
            if !(waits || mail.state.wants_attention() && (anyway || !may_have_arrived)) {
                return Ok(false);
            }
            let mut how = delivery(tx, id)?;
            how.anyway |= anyway;
            how.out = false;
            for recipient in &mut how.recipients {
                recipient.retry();
            }
            tx.execute(
                "UPDATE outgoing SET json = ?2, attempts = 0 WHERE id = ?1",
                params![id, types::to_json(&how)?],
            )?;
            step(tx, id, mail.state, OutState::Held, None, Some(due))
        })?;
        self.tell_of(id)?;
        Ok(moved)
    }

    /// Takes a mail back: it becomes a draft again, which is returned. `None` where it is too late: it is on its way or out, also where
    /// only some recipients have it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn cancel(&self, id: i64) -> Result<Option<Draft>, StoreError> {
        let author = self.author();
        let back = self.write_durable(|tx| {
            let Some(mail) = by_id(tx, id)? else { return Ok(None) };
            let how = delivery(tx, id)?;
            if !is_step(mail.state, OutState::Cancelled) || how.recipients.iter().any(Recipient::is_accepted) {
                return Ok(None);
            }
            step(tx, id, mail.state, OutState::Cancelled, Some(&phrase!("outgoing-taken-back")), None)?;
            let now = author.clock.now();
            let draft = how.draft.unwrap_or_else(|| Draft { subject: mail.subject.clone(), ..Draft::default() });
            draft::save(tx, &author.actor, now, &Draft { id: 0, once: None, ..draft }).map(Some)
        })?;
        self.tell_of(id)?;
        Ok(back)
    }

    /// Forgets mails that were filed or cancelled long ago, and files that no draft names.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn clean_outbox(&self) -> Result<(), StoreError> {
        let now = self.author().clock.now();
        let before = now.plus(-FILED_KEPT).0;
        self.write(|tx| {
            tx.execute("DELETE FROM outgoing WHERE state IN ('filed', 'cancelled') AND created_at < ?1", [before])?;
            file::clean(tx, now.plus(-FILE_KEPT))
        })
    }

    /// Marks a mail as filed and commits its `replied` record, and a note about recipients who were refused: one transaction. The bytes are
    /// let go: the copy in the Sent folder has them. Returns whether it was `sent`.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn file(&self, id: i64, operations: Vec<NewOperation>) -> Result<bool, StoreError> {
        let (filed, _, _) = self.change(|batch| {
            let reason = by_id(batch.tx, id)?.and_then(|m| m.reason);
            let filed = step(batch.tx, id, OutState::Sent, OutState::Filed, reason.as_ref(), None)?;
            if filed {
                batch.tx.execute("UPDATE outgoing SET bytes = NULL WHERE id = ?1", [id])?;
                let Delivery { account, draft, .. } = delivery(batch.tx, id)?;
                // The first mail of a conversation is not here before the next pass.
                let homes = Homes::of(batch.tx, batch.team())?.or_home(&account);
                let records = append_new(batch, self.author(), homes.split(operations)?)?;
                records.iter().try_for_each(|record| batch.tell_dealt_with(record))?;
                batch.tell_answered(draft.as_ref())?;
                batch.forget_erased_outgoing(id)?;
            }
            Ok(filed)
        })?;
        self.tell_of(id)?;
        Ok(filed)
    }

    fn tell_of(&self, id: i64) -> Result<(), StoreError> {
        let mail = self.outgoing_by_id(id)?;
        self.tell(&mail.and_then(|m| m.conversation));
        Ok(())
    }
}

fn gone() -> StoreError {
    StoreError::Content("the mail that was just queued is gone".to_owned())
}

/// The compare-and-set behind every change of state.
pub(super) fn step(
    tx: &Transaction<'_>,
    id: i64,
    from: OutState,
    to: OutState,
    reason: Option<&Phrase>,
    due: Option<Timestamp>,
) -> Result<bool, StoreError> {
    if !is_step(from, to) {
        return Err(StoreError::Content(format!("a mail can't go from {from} to {to}")));
    }
    let tried = i64::from(to == OutState::Sending);
    let (code, args) = columns(reason)?;
    let changed = tx
        .prepare_cached(
            "UPDATE outgoing SET state = ?3, code = ?4, args = ?5, due = coalesce(?6, due), attempts = attempts + ?7
             WHERE id = ?1 AND state = ?2",
        )?
        .execute(params![id, Code(from), Code(to), code, args, due.map(|t| t.0), tried])?;
    Ok(changed == 1)
}

/// Asked for each mail of a batch: it must not read the whole outbox each time.
const STANDING: &str = "SELECT id, json FROM outgoing WHERE conversation = ?1 AND actor = ?2
    AND (state IN ('held', 'stopped', 'sending', 'uncertain', 'failed') OR id > ?3 AND state IN ('sent', 'filed')) ORDER BY id";

const COLUMNS: &str = "id, message_id, conversation, actor, state, code, args, to_text, subject, attempts, due, size";

struct Kept {
    id: i64,
    message_id: String,
    conversation: Option<String>,
    actor: String,
    state: OutState,
    reason: Option<Phrase>,
    to: String,
    subject: String,
    attempts: u32,
    due: i64,
    size: i64,
}

fn row(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        id: row.get(0)?,
        message_id: row.get(1)?,
        conversation: row.get(2)?,
        actor: row.get(3)?,
        state: row.get::<_, Code<_>>(4)?.0,
        reason: reason(row.get(5)?, &row.get::<_, String>(6)?),
        to: row.get(7)?,
        subject: row.get(8)?,
        attempts: row.get(9)?,
        due: row.get(10)?,
        size: row.get(11)?,
    })
}

impl Kept {
    fn read(self) -> Result<Outgoing, StoreError> {
        let bad = |what: &str| StoreError::Content(format!("outgoing mail {} has no {what}", self.id));
        Ok(Outgoing {
            id: self.id,
            message_id: MessageId::new(&self.message_id).ok_or_else(|| bad("Message-ID"))?,
            conversation: self.conversation.map(ConversationId::from_kept),
            actor: Handle::new(&self.actor).map_err(|_| bad("actor"))?,
            state: self.state,
            reason: self.reason,
            to: self.to,
            subject: self.subject,
            attempts: self.attempts,
            due: Timestamp(self.due),
            size: u64::try_from(self.size).unwrap_or(0),
        })
    }
}

/// Reads a reason back; where there is none the code is empty. Arguments that can't be read are left out.
pub(super) fn reason(code: String, args: &str) -> Option<Phrase> {
    (!code.is_empty()).then(|| Phrase { code: code.into(), args: serde_json::from_str(args).unwrap_or_default() })
}

/// Returns a reason as it is kept: the code, and the arguments as JSON.
fn columns(reason: Option<&Phrase>) -> Result<(&str, String), StoreError> {
    let Some(phrase) = reason else { return Ok(("", "{}".to_owned())) };
    let args = serde_json::to_string(&phrase.args).map_err(|e| StoreError::Content(e.to_string()))?;
    Ok((&phrase.code, args))
}

pub(super) fn by_id(tx: &Transaction<'_>, id: i64) -> Result<Option<Outgoing>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outgoing WHERE id = ?1");
    tx.prepare_cached(&sql)?.query_row([id], row).optional()?.map(Kept::read).transpose()
}

fn by_message(tx: &Transaction<'_>, id: &MessageId) -> Result<Option<Outgoing>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM outgoing WHERE message_id = ?1");
    tx.prepare_cached(&sql)?.query_row([id.as_str()], row).optional()?.map(Kept::read).transpose()
}

pub(super) fn delivery(tx: &Transaction<'_>, id: i64) -> Result<Delivery, StoreError> {
    let mut statement = tx.prepare_cached("SELECT json FROM outgoing WHERE id = ?1")?;
    let json: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
    let json = json.ok_or_else(|| StoreError::Content(format!("there is no outgoing mail {id}")))?;
    types::from_json(id, &json)
}

#[cfg(test)]
#[path = "outgoing_tests.rs"]
mod tests;
