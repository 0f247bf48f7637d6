//! A record: an operation with who, where, when, and on what.

use serde::{Deserialize, Serialize};

use crate::model::clock::{Clock, Ids, Timestamp};
use crate::model::ids::{Handle, OpId};
use crate::op::operation::{Known, Operation, TARGETS_MAX, Target};

/// The version of the record format; a higher one is carried, and read as far as it is understood.
pub const FORMAT: u32 = 1;
/// What records of this version say in [`Record::by`].
pub const BY: &str = concat!("postroom/", env!("CARGO_PKG_VERSION"));
/// The first version that signs what it writes.
const FIRST_SIGNING: [u64; 3] = [0, 2, 0];

/// Tells whether the program that [`Record::by`] names signs what it puts on the log. One that says nothing does not.
pub fn signs(by: &str) -> bool {
    let (Some((program, version)), Some((own, _))) = (by.split_once('/'), BY.split_once('/')) else { return false };
    let plain = version.split(['-', '+']).next().unwrap_or_default();
    let parts: Option<Vec<u64>> = plain.split('.').map(|part| part.parse().ok()).collect();
    program == own && parts.is_some_and(|parts| parts.as_slice() >= FIRST_SIGNING.as_slice())
}

/// One entry of the log, and its JSON form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The format version, [`FORMAT`].
    pub v: u32,
    /// The record's identity: counted once however often it is delivered.
    pub id: OpId,
    /// Shared by all records of one command, so that one undo takes back all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<OpId>,
    /// Who did it. On plain IMAP this is what its author claimed.
    pub actor: Handle,
    /// On which machine, at most 255 characters.
    pub host: String,
    /// Program and version that made it, `postroom/0.1.0`, at most 255 characters; those before records said so leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When, by that machine's clock. Decides nothing; people read it.
    pub at: Timestamp,
    /// One more than the highest counter that the author had seen on any of the author's logs (Lamport): orders records where the log's own
    /// order was lost, and those of two logs.
    pub lamport: u64,
    /// The newest entry of the same log that the author had folded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<LogPosition>,
    /// The conversations that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Target>,
    /// What it does.
    pub op: Operation,
    /// Where the record stood before it was erased: it was written anew without its words, and keeps its place by this. Only a signed mail
    /// can say so, and only of a place lower than its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<LogPlace>,
}

/// Where a record stands on the log: the order of all clients. In JSON `[epoch, validity, uid, index]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "(u32, u32, u32, u32)", into = "(u32, u32, u32, u32)")]
pub struct LogPlace {
    /// The generation of the order: it rises when the folder's UIDVALIDITY changes.
    pub epoch: u32,
    /// The folder's UIDVALIDITY; it decides nothing within an epoch.
    pub validity: u32,
    /// The message's UID.
    pub uid: u32,
    /// Which record of the message, from 0.
    pub index: u32,
}

impl From<(u32, u32, u32, u32)> for LogPlace {
    fn from((epoch, validity, uid, index): (u32, u32, u32, u32)) -> Self {
        Self { epoch, validity, uid, index }
    }
}

impl From<LogPlace> for (u32, u32, u32, u32) {
    fn from(place: LogPlace) -> Self {
        (place.epoch, place.validity, place.uid, place.index)
    }
}

/// A place in the log folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogPosition {
    /// The folder's UIDVALIDITY (RFC 3501 section 2.3.1.1).
    pub validity: u32,
    /// The message's UID.
    pub uid: u32,
}

/// Why a line of the log can't be read as a record.
#[derive(Debug, thiserror::Error)]
pub enum BadRecord {
    /// Not the JSON of a record.
    #[error("not a record: {0}")]
    Json(#[from] serde_json::Error),
    /// Over [`TARGETS_MAX`] targets.
    #[error("a record on {0} conversations is over the bound of {TARGETS_MAX}")]
    TooManyTargets(usize),
}

impl Record {
    /// Reads the JSON of a record.
    ///
    /// # Errors
    /// When it is no JSON, lacks who, where or when, or has too many targets. A kind or field that is not known is no error.
    pub fn parse(json: &str) -> Result<Self, BadRecord> {
        let mut record: Record = serde_json::from_str(json)?;
        if record.on.len() > TARGETS_MAX {
            return Err(BadRecord::TooManyTargets(record.on.len()));
        }
        if record.host.chars().count() > 255 {
            record.host = record.host.chars().take(255).collect();
        }
        if record.by.as_ref().is_some_and(|by| by.chars().count() > 255) {
            record.by = record.by.map(|by| by.chars().take(255).collect());
        }
        Ok(record)
    }

    /// Returns what one undo takes back with it: the batch that it is part of, else itself.
    pub fn command(&self) -> OpId {
        self.batch.unwrap_or(self.id)
    }

    /// Returns the JSON of the record, on one line.
    pub fn to_json(&self) -> String {
        // A record holds only strings, numbers and maps with string keys, which always serialise.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns the record without what people wrote in it, at the place where it stood: who did what kind of thing when stays, so that
    /// reports keep their counts.
    #[must_use]
    pub fn redacted(self, place: LogPlace) -> Self {
        Self { op: self.op.without_words(), place: Some(self.place.unwrap_or(place)), ..self }
    }

    /// Returns the operation where this version knows it.
    pub fn known(&self) -> Option<&Known> {
        self.op.known()
    }
}

/// Who makes records, and with what clock and ids. One a process.
#[derive(Clone, Debug)]
pub struct Author {
    /// The agent.
    pub actor: Handle,
    /// The machine's name.
    pub host: String,
    /// The clock.
    pub clock: Clock,
    /// The ids.
    pub ids: Ids,
}

/// An operation with its targets, before the store gives it id, time and counter.
#[derive(Clone, Debug, PartialEq)]
pub struct NewOperation {
    /// What to do.
    pub op: Known,
    /// On what.
    pub on: Vec<Target>,
    /// Its id where more than one client makes it (rules, late mail): the record that stands lowest on the log counts, on every client.
    /// Where it becomes several records, each has an [`OpId::part`] of it, and it is their batch unless that is given too. Without one it
    /// gets a fresh id.
    pub id: Option<OpId>,
    /// Who does it, where that is not the author of the process.
    pub actor: Option<Handle>,
    /// The command that it is part of, where that has an id already.
    pub batch: Option<OpId>,
}

impl NewOperation {
    /// Makes a new operation, with a fresh id, of the author, part of the command that it is committed with.
    pub fn new(op: Known, on: Vec<Target>) -> Self {
        Self { op, on, id: None, actor: None, batch: None }
    }

    /// Gives it this id.
    #[must_use]
    pub fn with_id(self, id: OpId) -> Self {
        Self { id: Some(id), ..self }
    }

    /// Gives it this actor.
    #[must_use]
    pub fn by(self, actor: Handle) -> Self {
        Self { actor: Some(actor), ..self }
    }

    /// Makes it part of this command.
    #[must_use]
    pub fn in_batch(self, batch: OpId) -> Self {
        Self { batch: Some(batch), ..self }
    }

    /// Makes of it one operation for each account, with the targets that lie there, none of them over [`TARGETS_MAX`]. `address` gives
    /// that of an account's first inbox: it makes the ids of several out of a given one.
    pub fn split<L: Clone>(self, parts: Vec<(L, Vec<Target>)>, address: impl Fn(&L) -> String) -> Vec<(L, Self)> {
        let several = parts.len() > 1 || parts.iter().any(|(_, on)| on.len() > TARGETS_MAX);
        let mut all = Vec::with_capacity(parts.len());
        for (log, on) in parts {
            let given = self.id.filter(|_| several).map(|id| (id, address(&log)));
            for (part, on) in chunks(on).into_iter().enumerate() {
                let id = given.as_ref().map_or(self.id, |(id, address)| Some(id.part(address, part)));
                // On each log another client's can be in front: they are one command all the same.
                let batch = self.batch.or(given.as_ref().map(|(id, _)| *id));
                let (op, actor) = (self.op.clone(), self.actor.clone());
                all.push((log.clone(), Self { op, on, id, actor, batch }));
            }
        }
        all
    }
}

impl Author {
    /// Makes the records of one command: one batch, split where a bulk exceeds [`TARGETS_MAX`], with rising counters from
    /// `lamport + 1`.
    pub fn batch(&self, lamport: u64, after: Option<LogPosition>, operations: Vec<NewOperation>) -> Vec<Record> {
        let operations = operations.into_iter().map(|operation| ((), after, operation)).collect();
        self.batch_of_logs(lamport, operations).into_iter().map(|((), record)| record).collect()
    }

    /// Makes the records of one command that go to several logs: each operation comes with its log and the newest entry of that log
    /// that the author has folded, each record goes with its log. They share one batch and one run of counters.
    pub fn batch_of_logs<L: Clone>(
        &self,
        lamport: u64,
        operations: Vec<(L, Option<LogPosition>, NewOperation)>,
    ) -> Vec<(L, Record)> {
        let at = self.clock.now();
        let batch = self.ids.next();
        let mut records = Vec::new();
        for (log, after, operation) in operations {
            let mut operation = operation;
            let on = vec![(log, std::mem::take(&mut operation.on))];
            for (log, NewOperation { op, on, id, actor, batch: of }) in operation.split(on, |_| String::new()) {
                let lamport = lamport.saturating_add(1).saturating_add(records.len() as u64);
                let record = Record {
                    v: FORMAT,
                    id: id.unwrap_or_else(|| self.ids.next()),
                    batch: Some(of.unwrap_or(batch)),
                    actor: actor.unwrap_or_else(|| self.actor.clone()),
                    host: self.host.clone(),
                    by: Some(BY.to_owned()),
                    at,
                    lamport,
                    after,
                    on,
                    op: Operation::Known(op),
                    place: None,
                };
                records.push((log, record));
            }
        }
        records
    }
}

fn chunks(mut on: Vec<Target>) -> Vec<Vec<Target>> {
    let mut parts = Vec::new();
    while on.len() > TARGETS_MAX {
        let rest = on.split_off(TARGETS_MAX);
        parts.push(std::mem::replace(&mut on, rest));
    }
    parts.push(on);
    parts
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
