//! Mail in: parsed, threaded, folded, counted and indexed, a batch a transaction.

pub(super) mod import;

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use rusqlite::{OptionalExtension, params};

use super::author::{Place, keep_copies, put_copy};
use super::batch::Batch;
use super::code::Code;
use super::connection::Transaction;
use super::facts::{Facts, message_id};
use super::folder::get_folder;
use super::history;
use super::home::Homes;
use super::identity::sent_key;
use super::location::{is_draft_copy, put_location};
use super::log_mail::is_log_mail;
use super::message::{Packed, Packer, compress, packer, put_raw};
use super::search::{SearchText, search_text};
use super::spool::Spool;
use super::team::Roster;
use super::types::{Content, Folder, FolderRole, Incoming, Ingested};
use super::{Store, StoreError, outgoing, record};
use crate::mime;
use crate::model::change::Change;
use crate::model::ids::{MessageId, OpId};
use crate::model::message::{Direction, Origin};
use crate::model::status::Status;
use crate::op::operation::{Known, Operation, Target};
use crate::op::record::{BY, FORMAT, Record};

/// The most old mail that comes into a folder at once and is work; more is an import.
const MOVED_IN_MAX: usize = 20;

/// A mail that was read, before the transaction begins.
struct Ready {
    incoming: Incoming,
    facts: Facts,
    text: SearchText,
    packed: Packed,
    size: usize,
    /// Whether it is a mail of the team's log, which is no message wherever it stands.
    is_log: bool,
}

impl Ready {
    /// Sees to it that what follows from the team is by the one of this place.
    fn derive_by(&mut self, place: &Place<'_>) {
        if self.facts.derived != place.edition {
            let derived = place.derived(&self.facts, &[]);
            self.facts = self.facts.clone().with(derived, place.edition);
        }
    }
}

/// Mail that was read and is not in the store yet.
pub struct ReadMail {
    folder: Folder,
    ready: Vec<Ready>,
}

impl Store {
    /// Takes in a batch of mail. It may be delivered again: a UID that is here is passed over. A mail that stands in two folders is one
    /// message.
    ///
    /// # Errors
    /// When the store can't be written; nothing of the batch is kept then.
    pub fn ingest(&self, folder: i64, batch: Vec<Incoming>) -> Result<Ingested, StoreError> {
        self.ingest_ready(self.read_mail(folder, batch)?)
    }

    /// Does the part of [`Store::ingest`] that writes nothing, so that one batch can be read while another is written.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn read_mail(&self, folder: i64, batch: Vec<Incoming>) -> Result<ReadMail, StoreError> {
        let (roster, folder, cut, known) = self.read(|tx| {
            let roster = Roster::fresh(self.roster(), tx, self.config_team())?;
            let folder = get_folder(tx, folder)?;
            let cut = history::cut(tx, &roster.team, &folder, self.history_after())?;
            let mut known = BTreeSet::new();
            for incoming in &batch {
                if is_here(tx, folder.id, incoming.uid)? {
                    known.insert(incoming.uid);
                }
            }
            Ok((roster, folder, cut, known))
        })?;
        let place = Place::of(&roster, &folder, cut);
        let mut packer = packer()?;
        let mut ready = Vec::with_capacity(batch.len());
        for incoming in batch.into_iter().filter(|i| !known.contains(&i.uid)) {
            ready.push(read(&place, incoming, &mut packer)?);
        }
        Ok(ReadMail { folder, ready })
    }

    /// Does the part of [`Store::ingest`] that writes: one transaction.
    ///
    /// # Errors
    /// When the store can't be written; nothing of the batch is kept then.
    pub fn ingest_ready(&self, read: ReadMail) -> Result<Ingested, StoreError> {
        let ReadMail { folder, ready } = read;
        if ready.is_empty() {
            return Ok(Ingested { change: Change::Conversations(BTreeSet::new()), new: 0 });
        }
        let (new, change, _) = self.change(|batch| {
            let mut new = 0;
            let mut late = Vec::new();
            // The log may have been read since.
            let cut = history::cut(batch.tx, batch.team(), &folder, self.history_after())?;
            let roster = Arc::clone(&batch.roster);
            for mut mail in ready {
                // So may the team.
                mail.derive_by(&Place::of(&roster, &folder, cut));
                mail.facts.history = cut.is_some_and(|before| mail.facts.arrived < before);
                new += usize::from(batch.take_in(&folder, mail, &mut late)?);
            }
            batch.place_linked()?;
            batch.reopen_late(&folder, &late, &self.author().host)?;
            batch.keep_links(self.author())?;
            Ok(new)
        })?;
        Ok(Ingested { change, new })
    }

    /// Completes a message of which only the headers were here.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn ingest_body(&self, folder: i64, uid: u32, raw: &[u8]) -> Result<Change, StoreError> {
        let mut spool = self.begin_body()?;
        spool.push(raw)?;
        self.ingest_spool(folder, uid, spool)
    }

    /// Begins a mail that comes in pieces, to be handed to [`Store::ingest_spool`]. It takes no memory that grows with it.
    ///
    /// # Errors
    /// When no file can be made beside the store's.
    pub fn begin_body(&self) -> Result<Spool, StoreError> {
        Spool::begin(self.path().parent().unwrap_or_else(|| std::path::Path::new(".")))
    }

    /// Completes a message of which only the headers were here with what came in pieces; another mail that came in its place is let go.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn ingest_spool(&self, folder: i64, uid: u32, spool: Spool) -> Result<Change, StoreError> {
        let found = self.read(|tx| {
            let folder = get_folder(tx, folder)?;
            let mut find = tx.prepare_cached("SELECT message FROM location WHERE folder = ?1 AND uid = ?2")?;
            let row: Option<i64> = find.query_row(params![folder.id, uid], |row| row.get(0)).optional()?;
            let facts = row.map(|row| Facts::by_row(tx, row)).transpose()?.flatten();
            Ok(facts.map(|facts| (folder, facts)))
        })?;
        let Some((folder, known)) = found else { return Ok(Change::Conversations(BTreeSet::new())) };
        let came = spool.end()?;
        let incoming = Incoming {
            uid,
            flags: Vec::new(),
            arrived: known.arrived,
            size: u64::try_from(came.size).unwrap_or(u64::MAX),
            modseq: None,
            content: Content::Headers(Vec::new()),
        };
        let packed = Packed::File(came.file, came.packed);
        let ready =
            taken_apart(&Place::of(&self.roster(), &folder, None), incoming, &came.gist, packed, (came.size, false));
        // A server that was restored can have given the UID to another mail, which the next pass finds.
        if ready.facts.id != *known.borne() && !known.borne().is_derived() {
            return Ok(Change::Conversations(BTreeSet::new()));
        }
        let ((), change, _) = self.change(|batch| {
            batch.complete(&known, &ready)?;
            if folder.role == FolderRole::Sent {
                batch.note_sent(known.row)?;
            }
            batch.place_linked()
        })?;
        Ok(change)
    }

    fn history_after(&self) -> i64 {
        self.inner.options.history_after
    }
}

fn is_here(tx: &Transaction<'_>, folder: i64, uid: u32) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM location WHERE folder = ?1 AND uid = ?2)")?;
    Ok(find.query_row(params![folder, uid], |row| row.get(0))?)
}

/// Reads a mail: all that needs no store happens here, before anybody is kept waiting.
fn read(place: &Place<'_>, mut incoming: Incoming, packer: &mut Packer) -> Result<Ready, StoreError> {
    let (raw, partial) = match std::mem::replace(&mut incoming.content, Content::Headers(Vec::new())) {
        Content::Whole(raw) => (raw, false),
        Content::Headers(raw) => (raw, true),
    };
    let packed = Packed::Bytes(compress(packer, &raw)?);
    Ok(taken_apart(place, incoming, &raw, packed, (raw.len(), partial)))
}

fn taken_apart(
    place: &Place<'_>,
    incoming: Incoming,
    raw: &[u8],
    packed: Packed,
    (size, partial): (usize, bool),
) -> Ready {
    let parsed = mime::parse(raw);
    let facts = place.facts(&parsed, raw, incoming.arrived, partial);
    let is_log = is_log_mail(&parsed, raw, partial);
    Ready { packed, size, text: search_text(&parsed), facts, incoming, is_log }
}

impl Batch<'_> {
    /// Keeps one mail; tells whether it is new. Mail that may have come late is put into `late`.
    fn take_in(&mut self, folder: &Folder, mut mail: Ready, late: &mut Vec<MessageId>) -> Result<bool, StoreError> {
        if is_here(self.tx, folder.id, mail.incoming.uid)? {
            return Ok(false);
        }
        let erased_as = self.erased_as(&mail.facts)?;
        let erased = erased_as.is_some();
        if erased {
            mail.facts = mail.facts.without_words();
        }
        let incoming = &mail.incoming;
        let first = Facts::by_id(self.tx, &mail.facts.id)?;
        let known = match (&first, &erased_as) {
            (_, Some(name)) => Facts::by_id(self.tx, name)?,
            (Some(first), None) => self.same_mail(first, &mail.facts, incoming.size, &mail.packed)?,
            (None, None) => None,
        };
        let put = |tx: &Transaction<'_>, row| {
            put_location(tx, folder.id, incoming.uid, row, &incoming.flags, incoming.size, incoming.modseq)
        };
        if let Some(mut known) = known {
            if self.is_elsewhere(known.row, folder)? {
                // Mail of two accounts is history where it is that in both, whichever was read first.
                mail.facts.history = mail.facts.history && known.history;
                self.update(&known, &Facts { history: mail.facts.history, ..known.clone() })?;
                known.history = mail.facts.history;
            }
            put(self.tx, known.row)?;
            put_copy(self.tx, (folder.id, incoming.uid), &known.envelope, &mail.facts.envelope)?;
            if known.has_left() || folder.role == FolderRole::Archive {
                self.see_standing(known.row, None)?;
                (known.gone_at, known.archived) = self.left(known.row)?;
            }
            mail.facts.hidden = erased || is_draft_copy(&known.id, &incoming.flags) || mail.is_log;
            self.meet(&known, &mail.facts)?;
            self.contest(&known)?;
            if known.partial && !mail.facts.partial {
                self.complete(&known, &mail)?;
            }
            if folder.role == FolderRole::Sent {
                self.note_sent(known.row)?;
            }
            return Ok(false);
        }
        mail.facts.hidden = erased || is_draft_copy(&mail.facts.id, &mail.incoming.flags) || mail.is_log;
        mail.facts.archived = folder.role == FolderRole::Archive;
        let is_work = !mail.facts.hidden;
        let row = self.add_row(folder, &mut mail.facts, first.is_some(), erased_as)?;
        put(self.tx, row)?;
        if !erased {
            self.put_content(row, &mail)?;
        }
        if folder.last_pass.is_some()
            && !mail.facts.archived
            && mail.facts.direction == Direction::Inbound
            && mail.facts.origin == Origin::Human
            && is_work
        {
            late.push(mail.facts.id.clone());
            if !mail.facts.history {
                self.note_news(row, &mail.facts)?;
            }
        }
        if mail.facts.claimed.is_none() {
            self.place_new(mail.facts)?;
        }
        Ok(!erased)
    }

    /// Makes the row of a mail, that of another that bears its Message-ID beside it where there is one.
    fn add_row(
        &mut self,
        folder: &Folder,
        facts: &mut Facts,
        shared: bool,
        erased_as: Option<MessageId>,
    ) -> Result<i64, StoreError> {
        self.derive_new(facts, folder)?;
        if folder.role == FolderRole::Sent {
            let team = self.team();
            facts.sent_key = sent_key(facts, &|email| team.owns(email));
            self.sent.extend(facts.sent_key);
        }
        if shared {
            return self.add_bearer(facts, erased_as);
        }
        facts.conversation = self.new_conversation()?;
        facts.row = facts.insert(self.tx)?;
        if let Some(name) = erased_as.filter(|name| *name != facts.id) {
            self.take_name(&name, facts.row, facts.conversation, true)?;
        }
        Ok(facts.row)
    }

    /// Keeps what a new mail says.
    fn put_content(&mut self, row: i64, mail: &Ready) -> Result<(), StoreError> {
        put_raw(self.tx, row, mail.size, &mail.packed)?;
        self.index(row, &mail.text)?;
        outgoing::came_back(self.tx, &mail.facts.envelope)
    }

    /// Tells whether a message stands in a folder of another account.
    fn is_elsewhere(&self, message: i64, folder: &Folder) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM location l JOIN folder f ON f.id = l.folder WHERE l.message = ?1 AND f.account <> ?2)",
        )?;
        Ok(find.query_row(params![message, folder.account.as_str()], |row| row.get(0))?)
    }

    /// A known message was met at another place. What is kept of it must not depend on which place was read first.
    pub(super) fn meet(&mut self, known: &Facts, other: &Facts) -> Result<(), StoreError> {
        // Where either is behind, both are looked at again.
        let mut merged = known.clone().with(self.derived(known)?, known.derived.min(other.derived));
        merged.hidden = known.hidden && other.hidden;
        merged.arrived = known.arrived.min(other.arrived);
        merged.history = match other.arrived.cmp(&known.arrived) {
            Ordering::Less => other.history,
            Ordering::Equal if known.hidden => other.history,
            Ordering::Equal => known.history && other.history,
            Ordering::Greater => known.history,
        };
        self.update(known, &merged)
    }

    /// Writes what changed of a message and marks its conversation.
    pub(super) fn update(&mut self, known: &Facts, new: &Facts) -> Result<(), StoreError> {
        if known.hidden && !new.hidden && self.is_erased_row(known)? {
            return self.update(known, &Facts { hidden: true, ..new.clone() });
        }
        if known.copy && !new.hidden {
            return self.update(known, &Facts { hidden: true, ..new.clone() });
        }
        let same = known.hidden == new.hidden
            && known.arrived == new.arrived
            && known.direction == new.direction
            && known.authorship == new.authorship
            && known.author == new.author
            && known.outside == new.outside
            && known.notice == new.notice
            && known.origin == new.origin
            && known.customer == new.customer
            && known.inbox == new.inbox
            && known.history == new.history
            && known.gone_at == new.gone_at
            && known.archived == new.archived;
        if same && known.inbox_rank == new.inbox_rank {
            if known.derived != new.derived {
                self.tx
                    .prepare_cached("UPDATE message SET derived = ?2 WHERE id = ?1")?
                    .execute([known.row, new.derived])?;
            }
            return Ok(());
        }
        self.tx
            .prepare_cached(
                "UPDATE message SET hidden = ?2, arrived = ?3, direction = ?4, inbox = ?5, inbox_rank = ?6, history = ?7,
                     customer = ?8, subject_key = ?9, origin = ?10, derived = ?11, authorship = ?12, author = ?13,
                     gone_at = ?14, archived = ?15, outside = ?16, notice = ?17 WHERE id = ?1",
            )?
            .execute(params![
                known.row,
                new.hidden,
                new.arrived.0,
                Code(new.direction),
                new.inbox,
                new.inbox_rank,
                new.history,
                new.customer,
                new.subject_key(),
                Code(new.origin),
                new.derived,
                Code(new.authorship),
                new.author,
                new.gone_at.map(|at| at.0),
                new.archived,
                new.outside,
                new.notice,
            ])?;
        if same {
            return Ok(());
        }
        if known.direction != new.direction || known.arrived != new.arrived || known.author != new.author {
            self.contest(known)?;
        }
        self.alone.remove(&known.conversation);
        self.unplaced.insert(known.conversation);
        // Whether what names it joins it depends on who wrote it to whom.
        let naming = self.naming(&known.id)?;
        self.unplaced.extend(naming);
        self.touch(known.conversation, true);
        Ok(())
    }

    /// Keeps what was read again of a message.
    pub(super) fn write_read(&mut self, known: &Facts, new: &Facts) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE message SET base_subject = ?2, is_reply = ?3, attachments = ?4, snippet = ?5, envelope = ?6,
                     text_hash = ?7, subject_key = ?8 WHERE id = ?1",
            )?
            .execute(params![
                known.row,
                new.base_subject,
                new.is_reply,
                new.attachments,
                new.snippet,
                serde_json::to_string(&new.envelope).unwrap_or_default(),
                new.text_hash,
                new.subject_key(),
            ])?;
        // Also where it says just what it said: what belongs together by that may be other mail.
        self.alone.remove(&known.conversation);
        self.unplaced.insert(known.conversation);
        self.touch(known.conversation, true);
        Ok(())
    }

    /// Puts the body to a message that had only its headers.
    fn complete(&mut self, known: &Facts, mail: &Ready) -> Result<(), StoreError> {
        if self.is_erased_row(known)? {
            return Ok(());
        }
        put_raw(self.tx, known.row, mail.size, &mail.packed)?;
        keep_copies(self.tx, known, &mail.facts.envelope)?;
        self.tx
            .prepare_cached(
                "UPDATE message SET partial = 0, snippet = ?2, attachments = ?3, envelope = ?4, text_hash = ?5 WHERE id = ?1",
            )?
            .execute(params![
                known.row,
                mail.facts.snippet,
                mail.facts.attachments,
                serde_json::to_string(&mail.facts.envelope).unwrap_or_default(),
                mail.facts.text_hash,
            ])?;
        self.tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([known.row])?;
        self.index(known.row, &mail.text)?;
        outgoing::came_back(self.tx, &mail.facts.envelope)?;
        // Only now it is sure whether it is a mail of the log.
        let hidden = mail.is_log || (known.hidden && known.id.log_record().is_none());
        if hidden != known.hidden {
            self.update(known, &Facts { hidden, ..known.clone() })?;
            self.place_linked()?;
        }
        // So it is what its text agrees with.
        self.derive_again(known.row)?;
        self.place_linked()?;
        self.alone.remove(&known.conversation);
        self.meet_bearers(known)?;
        if known.envelope != mail.facts.envelope {
            self.unplaced.insert(known.conversation);
            self.place_linked()?;
        }
        self.touch(self.home(known.row)?.unwrap_or(known.conversation), true);
        Ok(())
    }

    fn home(&self, row: i64) -> Result<Option<i64>, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT conversation FROM message WHERE id = ?1")?;
        Ok(find.query_row([row], |row| row.get(0)).optional()?)
    }

    /// Mail whose time of arrival lies before what somebody had already read (a delayed server, mail moved in from elsewhere) would stay
    /// covered for ever: an operation that every client derives alike opens its conversation. Old mail in numbers is an import instead,
    /// and stays closed.
    fn reopen_late(&mut self, folder: &Folder, late: &[MessageId], host: &str) -> Result<(), StoreError> {
        if folder.last_pass.is_none() {
            return Ok(());
        }
        let mut by_conversation: HashMap<i64, Vec<&MessageId>> = HashMap::new();
        let mut moved_in = Vec::new();
        for id in late {
            if let Some(conversation) = self.conversation_of(id)? {
                by_conversation.entry(conversation).or_default().push(id);
            }
        }
        for (conversation, ids) in by_conversation {
            let records = match self.has_targets()? {
                true => record::of_conversation(self.tx, conversation, &mut self.kept)?,
                false => Vec::new(),
            };
            for id in ids {
                let Some(facts) = Facts::by_id(self.tx, id)?.filter(|facts| !facts.copy) else { continue };
                let id = &facts.id;
                let covers = |r: &Record| {
                    r.known().is_some_and(Known::covers_messages)
                        && r.on
                            .iter()
                            .filter_map(|t| t.as_of.as_ref())
                            .any(|seen| seen.at > facts.arrived.seconds() && !seen.ids.contains(id))
                };
                if facts.history {
                    moved_in.push(id.clone());
                } else if records.iter().any(|(_, record)| covers(record)) {
                    self.append_late(id, host)?;
                }
            }
        }
        for id in moved_in.iter().filter(|_| moved_in.len() <= MOVED_IN_MAX) {
            self.append_late(id, host)?;
        }
        Ok(())
    }

    fn append_late(&mut self, id: &MessageId, host: &str) -> Result<(), StoreError> {
        let op_id = import::late_arrival(id);
        if record::standing(self.tx, op_id)?.is_some() {
            return Ok(());
        }
        let account = Homes::of(self.tx, self.team())?.of_message(id)?;
        let lamport = record::lamport(self.tx)?.saturating_add(1);
        let record = Record {
            v: FORMAT,
            id: op_id,
            batch: None,
            actor: record::system()?,
            host: host.to_owned(),
            by: Some(BY.to_owned()),
            at: self.now,
            lamport,
            after: record::head(self.tx, &account)?,
            on: vec![Target::on(message_id(id.as_str()))],
            op: Operation::Known(Known::SetStatus { to: Status::Open }),
            place: None,
        };
        record::set_lamport(self.tx, lamport)?;
        self.append(&account, &record, None, &record.to_json())
    }
}
