//! What people decide of a log whose records are signed: which unsigned ones count, and which keys sign.

use std::fmt;
use std::str::FromStr;

use crate::model::clock::Timestamp;
use crate::model::text::SafeText;

/// A key of the team's log, for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// What it is called.
    pub fingerprint: String,
    /// Who made it.
    pub actor: SafeText,
    /// When, by that machine's clock.
    pub at: Timestamp,
    /// Whether new mails are signed with it.
    pub signs: bool,
    /// Whether another one has taken its place.
    pub replaced: bool,
}

/// Up to which place of a log somebody looked: places only rise, so all that comes later is above. Written as `LOG.PLACE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpTo {
    /// Which log it was: one that is made anew counts from the beginning.
    pub log: u32,
    /// The place of the last one that was looked at.
    pub place: u32,
}

impl fmt::Display for UpTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.log, self.place)
    }
}

impl FromStr for UpTo {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str| text.parse::<u32>().ok();
        let read = text.split_once('.').and_then(|(log, place)| Some((number(log)?, number(place)?)));
        read.map(|(log, place)| Self { log, place }).ok_or("two numbers with a dot between, as the list says them")
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
