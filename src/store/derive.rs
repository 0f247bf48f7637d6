//! What rows say of authors, direction, inbox, people and history, derived again where the team or the rules are others than those they
//! were made by; where the rules are, from the kept bytes. In portions, the newest mail first. Each row says by which edition it was made,
//! so whoever is interrupted goes on where it was, and several processes can work on it.

use super::batch::Batch;
use super::connection::Transaction;
use super::facts::Facts;
use super::message::get_raw;
use super::search::search_text;
use super::{Store, StoreError, team};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::message::{Authorship, Origin};
use crate::model::stop::Stop;
use crate::{mime, thread};

/// About how many messages one transaction derives again; what changes of one conversation is never torn apart.
const PORTION: usize = 200;

/// The same where mails are read again because older rules made their rows: others wait for the write lock meanwhile.
const PORTION_READ: usize = 50;

/// The most bytes of a mail that are read again; what lies behind is an attachment's end.
const READ_MAX: u64 = 64 * 1024 * 1024;

/// How far the deriving is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deriving {
    /// Messages that are done.
    pub done: u64,
    /// Messages that were to be done when it began.
    pub all: u64,
}

impl Store {
    /// Returns how many messages are to be derived again, by this process or another.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn to_derive(&self) -> Result<u64, StoreError> {
        self.read(left)
    }

    /// Tells whether this process has anything to derive again: one look into an index.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn is_behind(&self) -> Result<bool, StoreError> {
        let roster = self.roster();
        self.read(|tx| {
            let roster = team::Roster::fresh(roster, tx, self.config_team())?;
            Ok(roster.is_of_store() && newest_behind(tx, roster.edition)?.is_some())
        })
    }

    /// Derives again what the team or the rules make other than it is here, at most about `most` messages, and calls `told` after each
    /// portion. Costs nothing where there is nothing, and then returns nothing. Where the config here is not the one that the store is
    /// derived by, because it was edited since this process began, it is left to a process that has read it.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where it was stopped: what is done is kept, and the next call goes on from there. Else when the store can't
    /// be written.
    pub fn derive_behind(
        &self,
        most: u64,
        stop: &Stop,
        told: &mut dyn FnMut(Deriving),
    ) -> Result<Option<Change>, StoreError> {
        if !self.is_behind()? {
            return Ok(None);
        }
        let all = self.to_derive()?;
        let done = std::cell::Cell::new(0);
        self.in_portions(
            stop,
            |batch| {
                let derived = batch.derive_some(PORTION)?;
                done.set(done.get() + u64::try_from(derived).unwrap_or(u64::MAX));
                let more = derived > 0 && done.get() < most;
                Ok(more && newest_behind(batch.tx, batch.roster.edition)?.is_some())
            },
            || told(Deriving { done: done.get(), all: all.max(done.get()) }),
        )
    }
}

/// Returns how many messages are to be derived again. Where there are none it costs one look into an index.
pub(super) fn left(tx: &Transaction<'_>) -> Result<u64, StoreError> {
    if !is_behind(tx)? {
        return Ok(0);
    }
    let mut count = tx.prepare_cached("SELECT count(*) FROM message WHERE derived < ?1")?;
    let behind: i64 = count.query_row([team::edition(tx)?], |row| row.get(0))?;
    Ok(u64::try_from(behind).unwrap_or(0))
}

/// Tells whether any message is to be derived again, by whichever process.
pub(super) fn is_behind(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    Ok(newest_behind(tx, team::edition(tx)?)?.is_some())
}

/// Returns the newest of the editions before this one that any message is of.
fn newest_behind(tx: &Transaction<'_>, edition: i64) -> Result<Option<i64>, StoreError> {
    let mut find = tx.prepare_cached("SELECT max(derived) FROM message WHERE derived < ?1")?;
    Ok(find.query_row([edition], |row| row.get(0))?)
}

impl Batch<'_> {
    /// Derives again what is behind, the newest first, until about `most` messages are done, or fewer where they are read again. Returns
    /// how many.
    pub(super) fn derive_some(&mut self, most: usize) -> Result<usize, StoreError> {
        let edition = self.roster.edition;
        let mut done = 0;
        if !self.roster.is_of_store() {
            return Ok(done);
        }
        let cuts = self.cuts()?;
        let mut find =
            self.tx.prepare_cached("SELECT id FROM message WHERE derived = ?1 ORDER BY arrived DESC LIMIT ?2")?;
        let mut most = most;
        while done < most
            && let Some(behind) = newest_behind(self.tx, edition)?
        {
            if !team::is_of_these_rules(self.tx, behind)? {
                self.begin_upgrade();
                most = most.min(PORTION_READ);
            }
            let left = i64::try_from(most.saturating_sub(done)).unwrap_or(i64::MAX);
            let rows = find.query_map([behind, left], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
            for row in rows {
                self.go_on()?;
                done += self.derive_with_its_conversation(row, edition, &cuts)?;
            }
        }
        self.place_linked()?;
        Ok(done)
    }

    /// Derives again what of these messages older rules made, before they are threaded: rows of two rules would be torn apart. Tells
    /// whether there were any.
    pub(super) fn derive_older(&mut self, facts: &[Facts]) -> Result<bool, StoreError> {
        let edition = self.roster.edition;
        if !self.roster.is_of_store() {
            return Ok(false);
        }
        let mut any = false;
        for fact in facts.iter().filter(|fact| fact.derived >= 0 && fact.derived < edition) {
            if !team::is_of_these_rules(self.tx, fact.derived)? {
                self.begin_upgrade();
                let cuts = self.cuts()?;
                self.derive_one(fact, edition, &cuts)?;
                any = true;
            }
        }
        Ok(any)
    }

    /// Derives a message again, and where that changes it, all of its conversation that is behind: the fold reads them together.
    fn derive_with_its_conversation(
        &mut self,
        row: i64,
        edition: i64,
        cuts: &[(String, Timestamp)],
    ) -> Result<usize, StoreError> {
        // Another of its conversation may have brought it.
        let Some(known) = Facts::by_row(self.tx, row)?.filter(|known| known.derived < edition) else { return Ok(0) };
        if !self.derive_one(&known, edition, cuts)? {
            return Ok(1);
        }
        let mut done = 1;
        for other in Facts::of_conversation(self.tx, known.conversation)? {
            if other.derived < edition {
                self.derive_one(&other, edition, cuts)?;
                done += 1;
            }
        }
        Ok(done)
    }

    /// Derives one message again. Tells whether it is another now.
    fn derive_one(&mut self, known: &Facts, edition: i64, cuts: &[(String, Timestamp)]) -> Result<bool, StoreError> {
        let read = self.read_again(known)?;
        let was = read.as_ref().unwrap_or(known);
        let mut new = was.clone().with(self.derived(was)?, edition);
        if let Some(before) = self.cuts_of(known.row, cuts)?.min() {
            new.history = known.arrived < before;
        }
        let changed = read.is_some() || new.derived() != known.derived() || new.history != known.history;
        self.update(known, &new)?;
        self.contest(known)?;
        if new.authorship == Authorship::Filed {
            self.note_sent(known.row)?;
        }
        Ok(changed)
    }

    /// Reads again what is kept of a mail beside its bytes, where that was made by other rules.
    fn read_again(&mut self, known: &Facts) -> Result<Option<Facts>, StoreError> {
        if team::is_of_these_rules(self.tx, known.derived)? {
            return Ok(None);
        }
        let Some(raw) = get_raw(self.tx, known.row, READ_MAX)? else { return Ok(None) };
        let parsed = mime::parse(&raw);
        let (base_subject, is_reply) = thread::base_subject(&parsed.envelope.subject);
        let whole = |of: Facts| Facts {
            attachments: parsed.readable.attachments.iter().any(|a| !a.inline),
            snippet: parsed.readable.snippet(200).to_string(),
            text_hash: Some(mime::hash_of(&parsed.readable)),
            ..of
        };
        let mut envelope = parsed.envelope.clone();
        if known.partial && known.text_hash.is_some() {
            // Its text was let go, and what a report said in it with that.
            let had = &known.envelope;
            (envelope.about, envelope.fates) = (had.about.clone(), had.fates.clone());
            if had.origin == Origin::Bounce {
                envelope.origin = had.origin;
            }
        }
        let new = Facts { base_subject, is_reply, envelope, ..known.clone() };
        let new = if known.partial { new } else { whole(new) };
        self.write_read(known, &new)?;
        let says_another = new.text_hash != known.text_hash || new.envelope.subject != known.envelope.subject;
        let text = search_text(&parsed);
        if says_another
            || !parsed.envelope.original.is_empty()
            || !parsed.envelope.reply_to.is_empty()
            || text.has_twins()
        {
            self.tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([known.row])?;
            self.index(known.row, &text)?;
        }
        // Folding its conversation writes likewise by what the names of people and the notes are found.
        let mut notes = self.tx.prepare_cached("SELECT 1 FROM note_doc WHERE conversation = ?1")?;
        if text.has_twins_of_people() || notes.exists([known.conversation])? {
            self.touch(known.conversation, true);
        }
        Ok(Some(new))
    }
}

#[cfg(test)]
#[path = "derive_tests.rs"]
mod tests;
