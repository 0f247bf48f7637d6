//! Taking in mails of the log that don't count, after somebody looked at who wrote them: a mailbox that was moved by delivering its mails
//! again looks like one that strangers wrote to. What comes in after that look is not taken in with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::folder::{FolderError, LogFolder, LogMail};
use super::imap::{ImapLog, LogError, LogPass};
use super::reading::Reading;
use super::telling::Stranger;
use crate::model::clock::Timestamp;
use crate::model::text::SafeText;
use crate::op::record::Record;

/// Up to which mail somebody looked: UIDs only rise under one UIDVALIDITY (RFC 3501 section 2.3.1.1), so all that comes later is above.
/// Written as `UIDVALIDITY.UID`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpTo {
    /// UIDVALIDITY of the folder.
    pub validity: u32,
    /// The UID of the last mail.
    pub uid: u32,
}

impl fmt::Display for UpTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.validity, self.uid)
    }
}

impl FromStr for UpTo {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse::<u32>().ok();
        let read = text.split_once('.').and_then(|(validity, uid)| Some((number(validity)?, number(uid)?)));
        read.map(|(validity, uid)| Self { validity, uid })
            .ok_or("two numbers with a dot between, as the list says them")
    }
}

/// What one author has in mails of one sender that don't count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoptable {
    /// Who wrote it, as it says.
    pub actor: SafeText,
    /// Who the mails are from, as they say.
    pub from: SafeText,
    /// How many records.
    pub records: u64,
    /// When the first was made, as it says.
    pub first: Timestamp,
    /// When the last was made, as it says.
    pub last: Timestamp,
}

/// What waits to be taken in.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Who wrote what, most records first.
    pub authors: Vec<Adoptable>,
    /// The last of the mails that were looked at; `None` where there are none.
    pub up_to: Option<UpTo>,
    /// How many mails that don't count stand behind the bound that was given.
    pub later: u64,
}

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
            .partition(|uid| up_to.is_none_or(|up_to| *uid <= up_to.uid));
        let last = uids.last().map(|uid| UpTo { validity: state.validity, uid: *uid });
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
        if held.iter().any(|(_, place)| place.validity == up_to.validity && place.uid > up_to.uid) {
            return Ok(None);
        }
        self.put_back_keys(folder, &mut pass)?;
        let opened = folder.open()?;
        if opened.validity != up_to.validity {
            return Ok(None);
        }
        self.adopting = Some(up_to.uid);
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
