//! What was erased for good: its words go from every table, and what comes later with such an id is kept without its words.
//!
//! An erasure names ids. It acts on what is here, and on what comes later: a record or mail that comes behind it, or comes back, is met
//! by the ids in `erased`. Of a record stays who did what kind of thing when; of a mail that it is a mail of its conversation, so that
//! threads and records stay where they are.

mod plan;
mod queue;
mod scrub;

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::Facts;
use super::identity::{name_of, second_name};
use super::record;
use crate::model::conversation::Erased;
use crate::model::ids::{MessageId, OpId};
use crate::model::message::{Envelope, Origin};
use crate::model::reply::Draft;
use crate::op::operation::Known;
use crate::op::record::Record;
pub use plan::{ErasedMail, ErasedRecord, Reach, SharedMail, Writer, Writing};
pub use queue::{LogTraces, MailTrace, TracesWaiting};

/// `erased.kind` of a record.
const RECORD: i64 = 0;
/// `erased.kind` of a message.
const MESSAGE: i64 = 1;

/// Outgoing mail that is not on its way: nothing of it need stay.
const AT_REST: &str = "state NOT IN ('sending', 'sent')";

impl Facts {
    /// Returns what stays of an erased mail: which mail of which conversation it is, and when it came.
    pub(super) fn without_words(self) -> Self {
        let Envelope { message_id, in_reply_to, references, .. } = self.envelope;
        Self {
            variant: 0,
            twin: false,
            origin: Origin::Human,
            hidden: true,
            partial: false,
            base_subject: String::new(),
            is_reply: false,
            customer: String::new(),
            attachments: false,
            snippet: String::new(),
            author: String::new(),
            text_hash: None,
            sent_key: None,
            outside: String::new(),
            notice: None,
            envelope: Envelope { message_id, in_reply_to, references, ..Envelope::default() },
            ..self
        }
    }
}

impl Batch<'_> {
    /// Returns the id by which a mail that comes was erased: the one that it bears, or its own.
    pub(super) fn erased_as(&mut self, facts: &Facts) -> Result<Option<MessageId>, StoreError> {
        if self.is_erased_message(&facts.id)? {
            return Ok(Some(facts.id.clone()));
        }
        let Some(text_hash) = facts.text_hash.as_ref().filter(|_| self.any_erased == Some(true)) else {
            return Ok(None);
        };
        let name = name_of(&facts.id, facts.variant, text_hash);
        Ok(self.is_erased_message(&name)?.then_some(name))
    }

    /// Tells whether the words of a mail that is here were erased, by whichever of its ids.
    pub(super) fn is_erased_row(&mut self, known: &Facts) -> Result<bool, StoreError> {
        if self.is_erased_message(&known.id)? {
            return Ok(true);
        }
        if self.any_erased != Some(true) {
            return Ok(false);
        }
        let second = second_name(self.tx, known.row)?;
        second.map_or(Ok(false), |name| self.is_erased_message(&name))
    }

    /// Tells whether the words of a message were erased.
    pub(super) fn is_erased_message(&mut self, id: &MessageId) -> Result<bool, StoreError> {
        self.is_erased(id.as_str(), MESSAGE)
    }

    fn is_erased(&mut self, id: &str, kind: i64) -> Result<bool, StoreError> {
        let any = match self.any_erased {
            Some(any) => any,
            None => {
                let mut find = self.tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM erased)")?;
                let any = find.query_row([], |row| row.get(0))?;
                self.any_erased = Some(any);
                any
            }
        };
        if !any {
            return Ok(false);
        }
        let mut find = self.tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM erased WHERE id = ?1 AND kind = ?2)")?;
        Ok(find.query_row(params![id, kind], |row| row.get(0))?)
    }

    /// Returns what may be kept of a record whose words were erased and that says some; `None` where it may be kept as it is. An edit of
    /// an erased note goes with the note.
    pub(super) fn redacted(&mut self, record: &Record) -> Result<Option<Record>, StoreError> {
        let mut erased = self.is_erased(&record.id.to_string(), RECORD)?;
        if let Some(Known::EditNote { note, .. }) = record.known() {
            erased = erased || self.is_erased(&note.to_string(), RECORD)?;
        }
        if !erased {
            return Ok(None);
        }
        let op = record.op.clone().without_words();
        Ok((op != record.op).then(|| Record { op, ..record.clone() }))
    }

    /// Does what a record of an account's log says, where it is an `erase`.
    pub(super) fn erase(&mut self, account: &str, seq: i64, record: &Record) -> Result<(), StoreError> {
        let Some(Known::Erase { records, messages }) = record.known() else { return Ok(()) };
        if self.made.contains(&record.id) {
            self.queue_erased(account, record)?;
        }
        let (mut new, mut mails) = (BTreeSet::new(), Vec::new());
        for id in records {
            if self.note_erased(&id.to_string(), RECORD, seq)? {
                new.insert(*id);
            }
        }
        for id in messages {
            if self.note_erased(id.as_str(), MESSAGE, seq)? {
                mails.push(id);
            }
        }
        self.any_erased = None;
        self.erase_records(&new)?;
        let mut conversations = BTreeSet::new();
        for id in mails {
            conversations.extend(self.erase_message(id)?);
        }
        for conversation in conversations {
            self.erase_writing(conversation)?;
        }
        self.place_linked()?;
        scrub::ask(self.tx)
    }

    /// Notes that an id is erased; tells whether that is new.
    fn note_erased(&self, id: &str, kind: i64, seq: i64) -> Result<bool, StoreError> {
        let mut note = self.tx.prepare_cached("INSERT OR IGNORE INTO erased (id, kind, record) VALUES (?1, ?2, ?3)")?;
        Ok(note.execute(params![id, kind, seq])? > 0)
    }

    /// Takes the words out of records that are here, and out of edits of notes among them.
    fn erase_records(&mut self, ids: &BTreeSet<OpId>) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut seqs = BTreeSet::new();
        for id in ids {
            seqs.extend(record::standing(self.tx, *id)?.map(|known| known.seq));
            self.tx.prepare_cached("DELETE FROM log_stray WHERE instr(json, ?1) > 0")?.execute([id.to_string()])?;
            self.tx.prepare_cached("DELETE FROM note_draft WHERE place = ?1")?.execute([id.to_string()])?;
        }
        let mut find = self.tx.prepare_cached("SELECT seq FROM record WHERE kind = 'edit-note'")?;
        let edits = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        for seq in edits {
            let kept = record::by_seq(self.tx, seq)?;
            if let Some(Known::EditNote { note, .. }) = kept.as_ref().and_then(|kept| kept.record.known())
                && ids.contains(note)
            {
                seqs.insert(seq);
            }
        }
        for seq in seqs {
            let Some(record) = record::whole(self.tx, seq)? else { continue };
            if let Some(record) = self.redacted(&record)? {
                self.tx.prepare_cached("UPDATE record SET op = ?2, json = ?3 WHERE seq = ?1")?.execute(params![
                    seq,
                    serde_json::to_string(&record.op).unwrap_or_default(),
                    record.to_json()
                ])?;
                self.touch_record(seq, &record)?;
            }
        }
        self.erase_copies()
    }

    /// Takes the words out of what other logs say of erased records.
    fn erase_copies(&mut self) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT account, record, json FROM log_copy WHERE json IS NOT NULL")?;
        let copies = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let copies = copies.collect::<Result<Vec<(String, i64, String)>, _>>()?;
        for (account, seq, json) in copies {
            let redacted = Record::parse(&json).ok().map(|record| self.redacted(&record)).transpose()?.flatten();
            if let Some(redacted) = redacted {
                self.tx
                    .prepare_cached("UPDATE log_copy SET json = ?3 WHERE account = ?1 AND record = ?2")?
                    .execute(params![account, seq, redacted.to_json()])?;
            }
        }
        Ok(())
    }

    /// Takes the words of a mail that is here. Returns its conversation.
    fn erase_message(&mut self, id: &MessageId) -> Result<Option<i64>, StoreError> {
        let conversation = self.conversation_of(id)?;
        let Some(first) = self.named(id)? else {
            self.erase_outgoing(id)?;
            return Ok(conversation);
        };
        // Its copies go with it; a mail that only bears the same Message-ID stays.
        let mut find = self.tx.prepare_cached("SELECT id FROM message WHERE copy = 1 AND beside = ?1 AND id <> ?2")?;
        let copies = find.query_map(params![first.id.as_str(), first.row], |row| row.get(0))?;
        for copy in copies.collect::<Result<Vec<i64>, _>>()? {
            self.forget_words(copy)?;
            if let Some(copy) = Facts::by_row(self.tx, copy)? {
                self.give_place(&copy, first.row)?;
            }
        }
        self.take_name(id, first.row, first.conversation, first.id != *id)?;
        self.contest(&first)?;
        self.blank(first)?;
        self.erase_outgoing(id)?;
        Ok(conversation)
    }

    /// Finds a mail by its id, or by the one that it would have if another bore its Message-ID too: who erased it may know of such.
    fn named(&self, id: &MessageId) -> Result<Option<Facts>, StoreError> {
        let known = Facts::by_id(self.tx, id)?;
        if known.is_some() || !id.is_derived() {
            return Ok(known);
        }
        let mut find = self.tx.prepare_cached(
            "SELECT id, message_id, variant, text_hash FROM message WHERE text_hash IS NOT NULL AND claimed IS NULL",
        )?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let bears = super::facts::message_id(&row.get::<_, String>(1)?);
            if name_of(&bears, row.get(2)?, &row.get::<_, String>(3)?) == *id {
                return Facts::by_row(self.tx, row.get(0)?);
            }
        }
        Ok(None)
    }

    /// Leaves of a mail what [`Facts::without_words`] does.
    fn blank(&mut self, facts: Facts) -> Result<(), StoreError> {
        let (row, conversation) = (facts.row, facts.conversation);
        self.forget_words(row)?;
        let left = facts.without_words();
        self.tx
            .prepare_cached(
                "UPDATE message SET variant = ?2, twin = 0, origin = ?3, hidden = 1, partial = 0, base_subject = '',
                     is_reply = 0, customer = '', subject_key = NULL, attachments = 0, snippet = '', envelope = ?4,
                     author = '', outside = '', notice = NULL, text_hash = NULL, sent_key = NULL
                 WHERE id = ?1",
            )?
            .execute(params![
                row,
                left.variant,
                super::code::Code(left.origin),
                serde_json::to_string(&left.envelope).unwrap_or_default(),
            ])?;
        self.alone.remove(&conversation);
        self.unplaced.insert(conversation);
        self.touch(conversation, true);
        Ok(())
    }

    fn forget_words(&self, row: i64) -> Result<(), StoreError> {
        for sql in [
            "DELETE FROM raw WHERE message = ?1",
            "DELETE FROM search WHERE rowid = ?1",
            "DELETE FROM mail_move WHERE message = ?1",
            "UPDATE location SET copy = NULL WHERE message = ?1",
            "UPDATE lost_location SET copy = NULL WHERE message = ?1",
            "DELETE FROM set_aside WHERE EXISTS (SELECT 1 FROM location l
                 WHERE l.message = ?1 AND l.folder = set_aside.folder AND l.uid = set_aside.uid)",
        ] {
            self.tx.prepare_cached(sql)?.execute([row])?;
        }
        Ok(())
    }

    /// Takes the words of what was sent or is to be, but for what is on its way: that goes once it is filed.
    pub(super) fn erase_outgoing(&self, id: &MessageId) -> Result<(), StoreError> {
        let sql = format!("SELECT json FROM outgoing WHERE message_id = ?1 AND {AT_REST}");
        let mut find = self.tx.prepare_cached(&sql)?;
        let found: Option<String> = find.query_row([id.as_str()], |row| row.get(0)).optional()?;
        if let Some(json) = found {
            let sql = format!("DELETE FROM outgoing WHERE message_id = ?1 AND {AT_REST}");
            self.tx.prepare_cached(&sql)?.execute([id.as_str()])?;
            self.drop_files(&json)?;
        }
        Ok(())
    }

    /// Forgets an outgoing mail that was erased while it was on its way.
    pub(super) fn forget_erased_outgoing(&mut self, id: i64) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT message_id FROM outgoing WHERE id = ?1")?;
        let message: Option<String> = find.query_row([id], |row| row.get(0)).optional()?;
        let Some(message) = message.map(|id| super::facts::message_id(&id)) else { return Ok(()) };
        if self.is_erased_message(&message)? {
            self.erase_outgoing(&message)?;
            scrub::ask(self.tx)?;
        }
        Ok(())
    }

    /// Drops what people are writing in a conversation some of whose mails were erased: drafts that answer one of them, and all that
    /// is being written where nothing is left. Copies of drafts that other programs see go with it.
    fn erase_writing(&mut self, conversation: i64) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT id FROM conversation WHERE rowid = ?1")?;
        let id: Option<String> = find.query_row([conversation], |row| row.get(0)).optional()?;
        let Some(id) = id else { return Ok(()) };
        let facts = Facts::of_conversation(self.tx, conversation)?;
        let whole = facts.iter().all(|facts| facts.hidden);
        let mut find = self.tx.prepare_cached("SELECT id, json FROM draft WHERE conversation = ?1")?;
        let drafts =
            find.query_map([&id], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<Vec<(i64, String)>, _>>()?;
        for (draft, json) in drafts {
            let parent = serde_json::from_str::<Draft>(&json).ok().and_then(|draft| draft.parent);
            let answers = parent.map(|parent| self.is_erased_message(&parent)).transpose()?.unwrap_or(false);
            if whole || answers {
                self.tx.prepare_cached("DELETE FROM draft WHERE id = ?1")?.execute([draft])?;
                self.drop_files(&json)?;
            }
        }
        if !whole {
            return Ok(());
        }
        self.tx.prepare_cached("DELETE FROM note_draft WHERE place = ?1")?.execute([&id])?;
        let sql = format!("SELECT message_id FROM outgoing WHERE conversation = ?1 AND {AT_REST}");
        let mut find = self.tx.prepare_cached(&sql)?;
        let mails = find.query_map([&id], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        for mail in mails {
            self.erase_outgoing(&super::facts::message_id(&mail))?;
        }
        for copy in facts {
            if copy.id.is_draft_copy() && !self.is_erased_message(&copy.id)? {
                self.blank(copy)?;
            }
        }
        Ok(())
    }

    /// Forgets the files that a draft named and nothing names any more.
    fn drop_files(&self, json: &str) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "DELETE FROM outgoing_file WHERE instr(?1, digest) > 0
                     AND NOT EXISTS (SELECT 1 FROM draft WHERE instr(draft.json, outgoing_file.digest) > 0)
                     AND NOT EXISTS (SELECT 1 FROM outgoing WHERE instr(outgoing.json, outgoing_file.digest) > 0)",
            )?
            .execute([json])?;
        Ok(())
    }
}

/// Tells who erased the words of a record, and when.
pub(super) fn who(tx: &Transaction<'_>, id: OpId) -> Result<Option<Erased>, StoreError> {
    let mut find = tx.prepare_cached("SELECT record FROM erased WHERE id = ?1 AND kind = ?2")?;
    let seq: Option<i64> = find.query_row(params![id.to_string(), RECORD], |row| row.get(0)).optional()?;
    let kept = seq.map(|seq| record::by_seq(tx, seq)).transpose()?.flatten();
    Ok(kept.map(|kept| Erased { who: kept.record.actor, at: kept.record.at }))
}

/// Refuses to keep a draft whose mail was erased: it quotes it.
pub(super) fn refuse_draft(tx: &Transaction<'_>, draft: &Draft) -> Result<(), StoreError> {
    let Some(parent) = &draft.parent else { return Ok(()) };
    let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM erased WHERE id = ?1 AND kind = ?2)")?;
    if !find.query_row(params![parent.as_str(), MESSAGE], |row| row.get::<_, bool>(0))? {
        return Ok(());
    }
    let (message, hint) = (phrase!("store-draft-of-erased"), phrase!("hint-draft-of-erased"));
    Err(StoreError::Refused { message, hint })
}

#[cfg(test)]
#[path = "erased_tests.rs"]
mod tests;
