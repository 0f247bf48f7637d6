//! Taking in mails of the log that don't count, after somebody looked at who wrote them: a mailbox that was moved by delivering its mails
//! again looks like one that strangers wrote to.

use std::collections::BTreeMap;

use super::folder::{FolderError, LogFolder};
use super::imap::{ImapLog, LogError, LogPass};
use super::reading::Reading;
use crate::model::clock::Timestamp;
use crate::model::text::SafeText;
use crate::op::record::Record;

/// What one author has in mails that don't count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoptable {
    /// Who wrote it, as it says.
    pub actor: SafeText,
    /// How many records.
    pub records: u64,
    /// When the first was made, as it says.
    pub first: Timestamp,
    /// When the last was made, as it says.
    pub last: Timestamp,
}

impl ImapLog {
    /// Reads what is new, and lists who wrote what in mails that don't count, most records first. Nothing is taken in.
    ///
    /// # Errors
    /// As [`ImapLog::sync`].
    pub fn adoptable(&mut self, folder: &mut dyn LogFolder) -> Result<(LogPass, Vec<Adoptable>), LogError> {
        let pass = self.pull(folder)?;
        let Some(state) = self.state.clone() else { return Ok((pass, Vec::new())) };
        let mut trust = self.trust(state.validity)?;
        trust.everything = true;
        let mut reading = Reading::new(state.validity, state.epoch, trust);
        let uids: Vec<u32> = self.store.log_refused(&self.account, state.validity)?.into_iter().collect();
        let mut by: BTreeMap<String, Adoptable> = BTreeMap::new();
        for uids in uids.chunks(super::establish::PAGE) {
            folder.fetch(uids, &mut |mail| {
                let lines = reading.take(&mail).lines;
                for record in lines.iter().filter_map(|line| Record::parse(&line.json).ok()) {
                    let actor = SafeText::line_max(record.actor.as_str(), 64);
                    let at = record.at;
                    let of = by.entry(record.actor.as_str().to_owned()).or_insert_with(|| Adoptable {
                        actor,
                        records: 0,
                        first: at,
                        last: at,
                    });
                    of.records += 1;
                    of.first = of.first.min(at);
                    of.last = of.last.max(at);
                }
            })?;
        }
        let mut all: Vec<Adoptable> = by.into_values().collect();
        all.sort_by_key(|of| std::cmp::Reverse(of.records));
        Ok((pass, all))
    }

    /// Takes in all mails that don't count, and writes a signed snapshot, so that what they hold counts for everybody.
    ///
    /// # Errors
    /// As [`ImapLog::sync`]; [`FolderError::ReadOnly`] where nothing can be written.
    pub fn adopt(&mut self, folder: &mut dyn LogFolder) -> Result<LogPass, LogError> {
        let mut pass = self.pull(folder)?;
        if pass.read_only {
            return Err(FolderError::ReadOnly(String::new()).into());
        }
        self.put_back_keys(folder, &mut pass)?;
        let opened = folder.open()?;
        self.adopting = true;
        let established = self.establish(folder, &opened, false, &mut pass);
        self.adopting = false;
        if let Some(reading) = &mut self.reading {
            reading.trust.everything = false;
        }
        established?;
        self.snapshot(folder, &mut pass)?;
        pass.unadopted = self.state.as_ref().is_some_and(|state| state.unadopted);
        Ok(pass)
    }
}
