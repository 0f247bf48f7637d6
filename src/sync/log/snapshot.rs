//! Snapshots: the whole log in one mail or a few, so that a new client reads that and what follows.
//!
//! A snapshot claims for each record the place that its author knows. Claims only ever lower a place and don't depend on each other, so
//! the order of the log stays a function of what lies in the folder: parts may come in any order, twice, or from two authors at once.

use serde::{Deserialize, Serialize};

use super::codec::{self, Head, SNAPSHOT_SUBJECT};
use super::payload::{self, Kind};
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, OpId};
use crate::store::{LogLine, LogPlace};

/// Bytes of records in one part, before compression: some hundred kilobytes of mail.
const PART: usize = 8 * 1024 * 1024;

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
    /// Whether it carries places that only its author knew: the folder had lost them.
    #[serde(default)]
    pub founding: bool,
    /// When it was made.
    pub at: Timestamp,
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
}

/// Collects lines and makes the mails, each as soon as it is full.
pub struct Builder<'a> {
    making: Making<'a>,
    pending: Vec<LogLine>,
    bytes: usize,
    mails: Vec<Vec<u8>>,
}

impl<'a> Builder<'a> {
    /// Begins a snapshot.
    pub fn new(making: Making<'a>) -> Self {
        Self { making, pending: Vec::new(), bytes: 0, mails: Vec::new() }
    }

    /// Adds a record at its place.
    pub fn push(&mut self, line: LogLine) {
        if self.bytes + line.json.len() > PART && !self.pending.is_empty() {
            self.close(false);
        }
        self.bytes += line.json.len() + 32;
        self.pending.push(line);
    }

    /// Returns the mails, in order.
    pub fn finish(mut self) -> Vec<Vec<u8>> {
        self.close(true);
        self.mails
    }

    fn close(&mut self, last: bool) {
        let lines = std::mem::take(&mut self.pending);
        self.bytes = 0;
        let Making { header, actor, from } = &self.making;
        let part = u32::try_from(self.mails.len()).unwrap_or(u32::MAX);
        let header = Header { part, last, ..header.clone() };
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
            payload::write(Kind::Snapshot, &values)
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

/// Reads a part: its header and its claims. `None` when the header can't be read.
pub fn decode(lines: Vec<String>) -> Option<(Header, Vec<LogLine>)> {
    let mut lines = lines.into_iter();
    let header: Header = serde_json::from_str(&lines.next()?).ok()?;
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
