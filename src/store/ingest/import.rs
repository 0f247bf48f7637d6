//! Mail of archives: which of it is here already, how it is taken into an account without a server, and what the log says of it before
//! it is put on one.
//!
//! It has been dealt with unless somebody says otherwise. Without a server it is history, which a fold passes over. On a server every
//! client reads it for itself: old mail that comes into a folder would be work there ([`Batch::reopen_late`]), and mail that is younger
//! than where history ends would be. So the log gets a record for each mail before the mail, under the id of the one that a client
//! derives of a late mail: whoever meets the mail finds that record there, or gives up its own for it.

use rusqlite::{OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::super::connection::Transaction;
use super::super::identity::name_of;
use super::super::team::Roster;
use super::{
    Arc, BY, Batch, Change, Code, Content, FORMAT, Facts, Folder, FolderRole, Incoming, Known, MessageId, OpId,
    Operation, Place, Ready, Record, Status, Store, StoreError, Target, history, is_draft_copy, packer, read, record,
};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::message::AsOf;

/// A mail of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivedMail {
    /// Its bytes, lines ended with CRLF.
    pub raw: Vec<u8>,
    /// When it arrived where it was archived.
    pub arrived: Timestamp,
    /// Its flags, such as `\Seen`.
    pub flags: Vec<String>,
}

/// What becomes of a mail of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is not here.
    New,
    /// The same mail stands in a folder.
    There,
    /// It is never taken: it was erased, or is no customer's mail but one of the team's log or the copy of a draft.
    LeftOut,
}

/// Tells mails of an archive apart: by Message-ID, From, Date, Subject and text.
pub type MailKey = [u8; 16];

/// What is found of a mail of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// What becomes of it.
    pub fate: Fate,
    /// Which one it is.
    pub key: MailKey,
}

/// The id of the record that opens a mail which came late, on every client.
pub(in crate::store) fn late_arrival(id: &MessageId) -> OpId {
    OpId::derived("late-arrival", id)
}

/// Tells whether a record says of a mail of an archive how it stands.
pub(in crate::store) fn is_of_import(record: &Record) -> bool {
    match record.on.as_slice() {
        [on] => record.id == late_arrival(&on.on) && on.as_of.is_some(),
        _ => false,
    }
}

/// Tells whether a mail is one of an archive that had been dealt with when it was put on the server.
pub(in crate::store) fn came_dealt_with(tx: &Transaction<'_>, id: &MessageId) -> Result<bool, StoreError> {
    let Some(standing) = record::standing(tx, late_arrival(id))? else { return Ok(false) };
    Ok(record::whole(tx, standing.seq)?.is_some_and(|record| is_of_import(&record)))
}

impl Store {
    /// Tells what becomes of mails of an archive; writes nothing. Of those that are twice among `mails` neither is there.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn judge_import(&self, account: &AccountId, mails: &[ArchivedMail]) -> Result<Vec<Judged>, StoreError> {
        let folder = self.inbox_like(account, "INBOX", FolderRole::Inbox);
        let ready = self.read_archived(&folder, mails)?;
        self.read(|tx| {
            let roster = Roster::fresh(self.roster(), tx, self.config_team())?;
            let mut batch = Batch::new(tx, self.config_team(), roster, self.author());
            ready.iter().map(|mail| batch.judge(mail)).collect()
        })
    }

    /// Takes mails of an archive into a folder of an account without a server, all or none; unless they are to be `open`, as history. Those
    /// that are there already are passed over.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn import_here(
        &self,
        account: &AccountId,
        (name, role): (&str, FolderRole),
        mails: &[ArchivedMail],
        open: bool,
    ) -> Result<Vec<Fate>, StoreError> {
        let folder = self.folder(account, name, role)?;
        let ready = self.read_archived(&folder, mails)?;
        let (fates, _, _) = self.change(|batch| {
            let mut uid = highest_uid(batch.tx, folder.id)?;
            let mut fates = Vec::with_capacity(ready.len());
            let roster = Arc::clone(&batch.roster);
            for mut mail in ready {
                mail.derive_by(&Place::of(&roster, &folder, None));
                let fate = batch.judge(&mail)?.fate;
                if fate == Fate::New {
                    uid = uid.saturating_add(1);
                    (mail.incoming.uid, mail.facts.history) = (uid, !open);
                    batch.take_in(&folder, mail, &mut Vec::new())?;
                    mark_imported(batch.tx, (folder.id, uid), open)?;
                }
                fates.push(fate);
            }
            batch.place_linked()?;
            batch.keep_links(self.author())?;
            Ok(fates)
        })?;
        Ok(fates)
    }

    /// Puts on the log of an account how mails stand that are then put into a folder of its server, and tells what becomes of each. `batch`
    /// is the command that they are part of. It is on the log when that was pushed.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn announce_import(
        &self,
        account: &AccountId,
        (name, role): (&str, FolderRole),
        mails: &[ArchivedMail],
        (open, of): (bool, OpId),
    ) -> Result<(Vec<Judged>, Change), StoreError> {
        let folder = self.folder(account, name, role)?;
        let ready = self.read_archived(&folder, mails)?;
        let (judged, change, _) = self.change(|batch| {
            let cut = history::cut(batch.tx, batch.team(), &folder, self.history_after())?;
            let mut all = Vec::with_capacity(ready.len());
            for mail in ready {
                let judged = batch.judge(&mail)?;
                if judged.fate == Fate::New {
                    let before = cut.is_some_and(|before| mail.facts.arrived < before);
                    let op = batch.how_it_stands(&mail.facts, before, open)?;
                    batch.announce(account, op, &self.author().host, of)?;
                }
                all.push(judged);
            }
            Ok(all)
        })?;
        Ok((judged, change))
    }

    /// A folder to read mails by where it need not be there.
    fn inbox_like(&self, account: &AccountId, name: &str, role: FolderRole) -> Folder {
        Folder {
            id: 0,
            account: account.clone(),
            name: name.to_owned(),
            role,
            validity: None,
            uid_next: None,
            modseq: None,
            seen_next: None,
            seen_modseq: None,
            last_pass: None,
            messages: None,
            flags_below: None,
            lowest_fetched: None,
            highest_fetched: None,
        }
    }

    fn read_archived(&self, folder: &Folder, mails: &[ArchivedMail]) -> Result<Vec<Ready>, StoreError> {
        let roster = self.read(|tx| Roster::fresh(self.roster(), tx, self.config_team()))?;
        let (place, mut packer) = (Place::of(&roster, folder, None), packer()?);
        let incoming = |mail: &ArchivedMail| Incoming {
            uid: 0,
            flags: mail.flags.clone(),
            arrived: mail.arrived,
            size: mail.raw.len() as u64,
            modseq: None,
            content: Content::Whole(mail.raw.clone()),
        };
        mails.iter().map(|mail| read(&place, incoming(mail), &mut packer)).collect()
    }
}

fn highest_uid(tx: &Transaction<'_>, folder: i64) -> Result<u32, StoreError> {
    let mut find = tx.prepare_cached("SELECT coalesce(max(uid), 0) FROM location WHERE folder = ?1")?;
    Ok(find.query_row([folder], |row| row.get(0))?)
}

fn mark_imported(tx: &Transaction<'_>, (folder, uid): (i64, u32), open: bool) -> Result<(), StoreError> {
    let mut mark = tx.prepare_cached(
        "UPDATE message SET imported = ?3 WHERE id = (SELECT message FROM location WHERE folder = ?1 AND uid = ?2)",
    )?;
    mark.execute(params![folder, uid, !open])?;
    Ok(())
}

impl Batch<'_> {
    fn judge(&mut self, mail: &Ready) -> Result<Judged, StoreError> {
        let facts = &mail.facts;
        let is_ours = mail.is_log || is_draft_copy(&facts.id, &mail.incoming.flags);
        let fate = if is_ours || self.erased_as(facts)?.is_some() {
            Fate::LeftOut
        } else if self.is_there(mail)? {
            Fate::There
        } else {
            Fate::New
        };
        let text = facts.text_hash.as_deref().unwrap_or_default();
        let digest = Sha256::digest(format!("{}\n{}\n{text}", facts.id, facts.variant).as_bytes());
        let mut key = MailKey::default();
        key.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Ok(Judged { fate, key })
    }

    fn is_there(&self, mail: &Ready) -> Result<bool, StoreError> {
        let Some(first) = Facts::by_id(self.tx, &mail.facts.id)? else { return Ok(false) };
        let known = match self.same_mail(&first, &mail.facts, mail.incoming.size, &mail.packed)? {
            Some(known) => Some(known),
            // Of a large one only the headers may be here, and what tells its size.
            None => Some(first).filter(|first| first.partial && first.variant == mail.facts.variant),
        };
        let Some(known) = known else { return Ok(false) };
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM location WHERE message = ?1 AND (?2 IS NULL OR size = ?2))",
        )?;
        let size = known.partial.then(|| i64::try_from(mail.incoming.size).unwrap_or(i64::MAX));
        Ok(find.query_row(params![known.row, size], |row| row.get(0))?)
    }

    /// Returns what the log is to say of a mail: what leaves the conversation as it is where it joins one. `before` tells whether it is
    /// history, which needs no word.
    fn how_it_stands(&mut self, facts: &Facts, before: bool, open: bool) -> Result<(Known, Target), StoreError> {
        let id = match (Facts::by_id(self.tx, &facts.id)?, &facts.text_hash) {
            (Some(_), Some(text)) => name_of(&facts.id, facts.variant, text),
            _ => facts.id.clone(),
        };
        if open {
            return Ok((Known::SetStatus { to: Status::Open }, Target::on(id)));
        }
        // Of this mail alone: what lies before it in the conversation nobody has seen by that.
        let seen = AsOf { at: 0, ids: vec![id.clone()] };
        let target = Target { as_of: Some(seen), ..Target::on(id) };
        if before {
            let nothing =
                Known::Tag { add: std::collections::BTreeSet::new(), remove: std::collections::BTreeSet::new() };
            return Ok((nothing, target));
        }
        let op = match self.joined(facts)? {
            Some((_, Some(until))) => Known::Snooze { until: Some(until) },
            Some((status, None)) => Known::SetStatus { to: status },
            None => Known::SetStatus { to: Status::Closed },
        };
        Ok((op, target))
    }

    /// Returns how the conversation stands that a mail will join, as far as what it names and what names it tells.
    fn joined(&mut self, facts: &Facts) -> Result<Option<(Status, Option<Timestamp>)>, StoreError> {
        let named = facts.envelope.references.iter().rev().chain(&facts.envelope.in_reply_to);
        let mut conversations = Vec::new();
        for id in named {
            conversations.extend(self.conversation_of(id)?);
        }
        conversations.extend(self.naming(&facts.id)?);
        let mut find = self.tx.prepare_cached("SELECT status, snoozed_until FROM conversation WHERE rowid = ?1")?;
        for number in conversations {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Code<Status>>(0)?.0, row.get::<_, Option<i64>>(1)?));
            if let Some((status, until)) = find.query_row([number], read).optional()? {
                return Ok(Some((status, until.map(Timestamp))));
            }
        }
        Ok(None)
    }

    fn announce(
        &mut self,
        account: &AccountId,
        (op, target): (Known, Target),
        host: &str,
        of: OpId,
    ) -> Result<(), StoreError> {
        let id = late_arrival(&target.on);
        if record::standing(self.tx, id)?.is_some() {
            return Ok(());
        }
        let lamport = record::lamport(self.tx)?.saturating_add(1);
        let record = Record {
            v: FORMAT,
            id,
            batch: Some(of),
            actor: record::system()?,
            host: host.to_owned(),
            by: Some(BY.to_owned()),
            at: self.now,
            lamport,
            after: record::head(self.tx, account.as_str())?,
            on: vec![target],
            op: Operation::Known(op),
            place: None,
        };
        record::set_lamport(self.tx, lamport)?;
        self.append(account.as_str(), &record, None, &record.to_json())
    }
}

#[cfg(test)]
#[path = "import_tests.rs"]
mod tests;
