//! Taking in mails of the log that don't count, after somebody looked at who wrote them: a mailbox that was moved by delivering its mails
//! again looks like one that strangers wrote to. What comes in after that look is not taken in with it.

use std::collections::{BTreeMap, BTreeSet};

use super::folder::{FolderError, LogFolder, LogMail};
use super::imap_log::{ImapLog, LogError, LogPass};
use super::reading::Reading;
use crate::model::text::SafeText;
use crate::op::record::Record;
use crate::sync::log::keys::{Adoptable, UpTo, Waiting};
use crate::sync::log::telling::Stranger;

#[derive(Default)]
struct Authors(BTreeMap<(String, SafeText), Adoptable>);

impl Authors {
    fn add(&mut self, mail: &LogMail, record: &Record) {
        let from = Stranger::of(&mail.raw, true).from;
        let at = record.at;
        let of = self.0.entry((record.actor.as_str().to_owned(), from.clone())).or_insert_with(|| Adoptable {
            actor: SafeText::line_max(record.actor.as_str(), 64),
            from,
            records: 0,
            first: at,
            last: at,
        });
        of.records += 1;
        of.first = of.first.min(at);
        of.last = of.last.max(at);
    }
}

impl ImapLog {
    /// Reads what is new, and lists who wrote what in mails that don't count, those up to `up_to` where that is given. Nothing is taken in.
    ///
    /// # Errors
    /// As [`ImapLog::sync`].
    pub fn adoptable(&mut self, folder: &mut dyn LogFolder, up_to: Option<UpTo>) -> Result<Waiting, LogError> {
        self.pull(folder)?;
        let Some(state) = self.state.clone() else { return Ok(Waiting::default()) };
        let mut trust = self.trust(state.validity)?;
        trust.looked_at = Some(u32::MAX);
        let mut reading = Reading::new(state.validity, state.epoch, trust);
        let (uids, later): (BTreeSet<u32>, BTreeSet<u32>) = self
            .store
            .log_refused(&self.account, state.validity)?
            .into_iter()
            .partition(|uid| up_to.is_none_or(|up_to| *uid <= up_to.place));
        let last = uids.last().map(|uid| UpTo { log: state.validity, place: *uid });
        let uids: Vec<u32> = uids.into_iter().collect();
        let mut authors = Authors::default();
        for uids in uids.chunks(super::establish::PAGE) {
            folder.fetch(uids, &mut |mail| {
                let lines = reading.take(&mail).lines;
                let records = lines.iter().filter_map(|line| Record::parse(&line.json).ok());
                records.for_each(|record| authors.add(&mail, &record));
            })?;
        }
        let mut authors: Vec<Adoptable> = authors.0.into_values().collect();
        authors.sort_by_key(|of| std::cmp::Reverse(of.records));
        Ok(Waiting { authors, up_to: last, later: later.len() as u64 })
    }

    /// Takes in the mails that don't count up to the one that somebody looked at, and writes a signed snapshot, so that what they hold
    /// counts for everybody. `None`, and nothing taken in, where that look was at another folder, or left out mails whose records are
    /// here: those would be dropped.
    ///
    /// # Errors
    /// As [`ImapLog::sync`]; [`FolderError::ReadOnly`] where nothing can be written.
    pub fn adopt(&mut self, folder: &mut dyn LogFolder, up_to: UpTo) -> Result<Option<LogPass>, LogError> {
        let mut pass = self.pull(folder)?;
        if pass.read_only {
            return Err(FolderError::ReadOnly(String::new()).into());
        }
        let held = self.store.log_places_refused(&self.account)?;
        if held.iter().any(|(_, place)| place.validity == up_to.log && place.uid > up_to.place) {
            return Ok(None);
        }
        self.put_back_keys(folder, &mut pass)?;
        let opened = folder.open()?;
        if opened.validity != up_to.log {
            return Ok(None);
        }
        self.adopting = Some(up_to.place);
        let established = self.establish(folder, &opened, false, &mut pass);
        self.adopting = None;
        if let Some(reading) = &mut self.reading {
            reading.trust.looked_at = None;
        }
        established?;
        self.snapshot(folder, &mut pass)?;
        pass.unadopted = self.state.as_ref().is_some_and(|state| state.unadopted);
        Ok(Some(pass))
    }
}
