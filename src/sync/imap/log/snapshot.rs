//! Snapshots: the whole log in one mail or a few, so that a new client reads that and what follows.
//!
//! A snapshot claims for each record the place that its author knows. Claims only ever lower a place and don't depend on each other, so
//! the order of the log stays a function of what lies in the folder: parts may come in any order, twice, or from two authors at once.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::codec::{self, Head, SNAPSHOT_SUBJECT};
use super::payload::{self, Kind};
use super::sign::Key;
use super::traces;
use super::values::{PLACE_BYTES, UNSIGNED_BYTES, is_record, targets};
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, OpId};
use crate::op::operation::TARGETS_MAX;
use crate::op::record::Record;
use crate::store::{LogLine, LogPlace};

/// Bytes of records in one part, before compression: some hundred kilobytes of mail.
const PART: usize = UNSIGNED_BYTES;

/// The highest epoch that is believed. One is used up each time a folder loses its UIDs, so a higher one is a lie, and one near the end
/// of the numbers would leave none for later.
pub const EPOCH_MAX: u32 = 1_000_000;

/// What a part says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The snapshot, shared by its parts.
    pub snapshot: OpId,
    /// Which part, from 0.
    pub part: u32,
    /// Whether no part follows.
    pub last: bool,
    /// The generation of the order that began with this UIDVALIDITY.
    pub epoch: u32,
    /// The folder's UIDVALIDITY when it was made.
    pub validity: u32,
    /// Everything up to this UID is in it.
    pub covers: u32,
    /// On the last part: the digest of all its records and places, see [`Digest`]. Who has the same need not read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// When it was made.
    pub at: Timestamp,
}

impl Header {
    /// Makes the header of part 0 of a snapshot of this version.
    pub fn new(snapshot: OpId, epoch: u32, validity: u32, covers: u32, at: Timestamp) -> Self {
        Self { snapshot, part: 0, last: false, epoch, validity, covers, digest: None, at }
    }
}

/// A sum over records and their places that does not depend on the order of adding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(u128);

impl Digest {
    /// Adds a record at its place.
    pub fn add(&mut self, id: OpId, place: &LogPlace) {
        let mut hash = Sha256::new();
        hash.update(id.0.as_bytes());
        for number in [place.epoch, place.uid, place.index] {
            hash.update(number.to_be_bytes());
        }
        let sum = hash.finalize().iter().take(16).fold(0u128, |sum, byte| sum << 8 | u128::from(*byte));
        self.0 = self.0.wrapping_add(sum);
    }

    /// Takes a record at its place out again.
    pub fn remove(&mut self, id: OpId, place: &LogPlace) {
        let mut one = Self::default();
        one.add(id, place);
        self.0 = self.0.wrapping_sub(one.0);
    }

    /// Returns it as it stands in a header.
    pub fn text(&self) -> String {
        format!("{:032x}", self.0)
    }
}

/// What a snapshot is made of, beside its records.
#[derive(Clone, Debug)]
pub struct Making<'a> {
    /// The header of part 0; the number of each part is filled in.
    pub header: Header,
    /// Who makes it.
    pub actor: &'a Handle,
    /// The address that the mails come from.
    pub from: &'a Address,
    /// What its parts are signed with.
    pub key: Option<Key>,
}

/// Collects lines and makes the mails, each as soon as it is full.
pub struct Builder<'a> {
    making: Making<'a>,
    pending: Vec<LogLine>,
    bytes: usize,
    targets: usize,
    mails: Vec<Vec<u8>>,
    digest: Digest,
}

impl<'a> Builder<'a> {
    /// Begins a snapshot.
    pub fn new(making: Making<'a>) -> Self {
        Self { making, pending: Vec::new(), bytes: 0, targets: 0, mails: Vec::new(), digest: Digest::default() }
    }

    /// Adds a record at its place. What no reader would take, because it is no record or over the bound of targets, is left out, and what
    /// says nothing any more a day after it was written.
    pub fn push(&mut self, line: LogLine) {
        let targets = targets(&line.json);
        if !is_record(&line.json) || targets > TARGETS_MAX {
            return;
        }
        let record = Record::parse(&line.json).ok();
        if record.as_ref().is_some_and(|record| traces::is_over(record, self.making.header.at)) {
            return;
        }
        let full = self.bytes + line.json.len() > PART || self.targets + targets > TARGETS_MAX;
        if full && !self.pending.is_empty() {
            self.close(false);
        }
        self.bytes += line.json.len() + PLACE_BYTES;
        self.targets += targets;
        // Lines that are no records have a place, and no part in the order.
        if let Some(record) = record {
            self.digest.add(record.id, &line.place);
        }
        self.pending.push(line);
    }

    /// Returns the mails, in order.
    pub fn finish(mut self) -> Vec<Vec<u8>> {
        self.close(true);
        self.mails
    }

    fn close(&mut self, last: bool) {
        let lines = std::mem::take(&mut self.pending);
        (self.bytes, self.targets) = (0, 0);
        let Making { header, actor, from, key } = &self.making;
        let part = u32::try_from(self.mails.len()).unwrap_or(u32::MAX);
        let digest = last.then(|| self.digest.text());
        let header = Header { part, last, digest, ..header.clone() };
        let places: Vec<String> = lines.iter().map(|line| place_json(&line.place)).collect();
        let head = serde_json::to_string(&header).unwrap_or_default();
        let mut values = vec![head.as_str()];
        for (line, place) in lines.iter().zip(&places) {
            values.push(place);
            values.push(&line.json);
        }
        let which = if last && part == 0 { String::new() } else { format!(", part {}", part + 1) };
        let body = format!(
            "This is a copy of the team's log up to this moment, with {} records in this mail.\r\n\
             New members of the team read it first. Please don't delete it.\r\n\r\n{}",
            lines.len(),
            payload::write_signed(Kind::Snapshot, &values, key.as_ref())
        );
        self.mails.push(codec::mail(&Head {
            subject: &format!("{SNAPSHOT_SUBJECT} of the log by {actor}{which}"),
            author: actor.as_str(),
            from,
            id: &format!("{}.{part}@snapshot.postroom.invalid", header.snapshot),
            answers: None,
            at: header.at,
            body: &body,
        }));
    }
}

fn place_json(place: &LogPlace) -> String {
    format!("[{},{},{},{}]", place.epoch, place.validity, place.uid, place.index)
}

/// Reads a part: its header and its claims. `None` when the header can't be read, or its epoch is over [`EPOCH_MAX`].
pub fn decode(lines: Vec<String>) -> Option<(Header, Vec<LogLine>)> {
    let mut lines = lines.into_iter();
    let header: Header = serde_json::from_str(&lines.next()?).ok()?;
    if header.epoch > EPOCH_MAX {
        return None;
    }
    let mut claims = Vec::new();
    while let (Some(place), Some(json)) = (lines.next(), lines.next()) {
        let (epoch, validity, uid, index) = serde_json::from_str(&place).ok()?;
        claims.push(LogLine { place: LogPlace { epoch, validity, uid, index }, json });
    }
    Some((header, claims))
}

#[cfg(test)]
#[path = "snapshot_tests.rs"]
mod tests;
