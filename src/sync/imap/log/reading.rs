//! What a reading of the folder found: claims of records to places, and the epoch of the folder's UIDVALIDITY.
//!
//! The place of a record is the lowest that anything in the folder claims for it. That is a function of what lies there and of nothing
//! else, so all clients that have read the same mails have the same order, however and in whatever turn they read them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::codec::{self, Decoded};
use super::folder::{LogMail, Witness};
use super::keys::{KeyMail, KeyRecord};
use super::sign::Signature;
use super::snapshot::{self, EPOCH_MAX, Header};
use super::traces;
use super::trust::{Counted, Mark, Trust, is_delivered};
use super::values::Value;
use crate::model::clock::Timestamp;
use crate::model::ids::{MessageId, OpId};
use crate::op::record::Record;
use crate::store::{Held, Identity, LogLine, LogPlace};
use crate::sync::log::telling::Stranger;

/// How many mails bear witness that UIDs still name what they named: some of them may have been deleted meanwhile.
const WITNESSES: usize = 4;

/// A snapshot whose parts were all there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complete {
    /// Everything up to this UID is in it.
    pub covers: u32,
    /// The UID of its first part.
    pub first: u32,
    /// When the server took its last part in, in milliseconds since 1970; never where it does not say.
    pub at: i64,
    /// The digest of its records and places.
    pub digest: String,
    /// The epoch that it gives this UIDVALIDITY.
    pub epoch: u32,
    /// Whether all its parts are signed.
    pub signed: bool,
    /// When it was made, by the clock of who made it.
    pub made: Timestamp,
}

/// Which parts of a snapshot are here, the number of the last, and what is known of the whole.
type Parts = (BTreeSet<u32>, Option<u32>, Complete);

fn is_whole((parts, last, _): &Parts) -> bool {
    last.is_some_and(|last| parts.len() as u64 == u64::from(last) + 1)
}

/// What was read, without the lines.
#[derive(Debug)]
pub struct Reading {
    validity: u32,
    /// The epoch that places of this reading were given.
    pub epoch: u32,
    /// The highest epoch of snapshots made under this UIDVALIDITY.
    pub named_epoch: Option<u32>,
    /// The highest epoch of snapshots made under others.
    pub other_epoch: u32,
    /// The highest UID.
    pub last: u32,
    /// How many mails were read.
    pub mails: u64,
    /// Mails that are none of ours.
    pub foreign: u64,
    /// Mails of a newer version.
    pub newer: u64,
    /// Mails of ours with something unreadable.
    pub damaged: u64,
    /// The records that were seen in mails of operations, with the UIDs of those mails.
    pub seen: HashMap<OpId, u32>,
    /// When the server took in the mails of operations that were read since this was last looked at.
    pub arrived: BTreeMap<u32, Timestamp>,
    /// The Message-IDs of the mails with the highest UIDs.
    witnesses: BTreeMap<u32, Option<MessageId>>,
    parts: BTreeMap<OpId, Parts>,
    told: BTreeSet<OpId>,
    /// What decides which mails count.
    pub trust: Trust,
    /// The mails of ours in this portion, and whether they were taken.
    marks: Vec<(Mark, bool)>,
    /// The mails that hold records and don't count, of this portion.
    refused: BTreeMap<u32, Stranger>,
    /// The UIDs of such mails that are known from before.
    pub refused_before: BTreeSet<u32>,
    /// The keys of this portion that count.
    pub keys: Vec<KeyMail>,
    /// Whether one of them was not known before.
    learned: bool,
}

/// What one mail gave.
#[derive(Debug, Default)]
pub struct Taken {
    /// Its lines with the places that it claims.
    pub lines: Vec<LogLine>,
    /// The snapshot's header, where it is one that can know what it says.
    pub header: Option<Header>,
    /// Whether it only says what other mails hold.
    pub is_copy: bool,
    /// Whether that is signed.
    pub is_signed: bool,
}

impl Taken {
    /// Tells whether it is a snapshot that can't know what it says it covers, whose word on what records say counts least.
    pub fn is_doubtful(&self) -> bool {
        self.is_copy && self.header.is_none()
    }

    /// How much the word of this mail, with this UID, counts beside that of others on the same place: a record's own mail most, and of
    /// snapshots the newest.
    fn voice(&self, uid: u32) -> u32 {
        if self.is_copy { uid } else { u32::MAX }
    }
}

impl Reading {
    /// Begins a reading of a folder with this UIDVALIDITY, whose epoch is taken to be `epoch`.
    pub fn new(validity: u32, epoch: u32, trust: Trust) -> Self {
        Self {
            trust,
            marks: Vec::new(),
            refused: BTreeMap::new(),
            refused_before: BTreeSet::new(),
            keys: Vec::new(),
            learned: false,
            validity,
            epoch,
            named_epoch: None,
            other_epoch: 0,
            last: 0,
            mails: 0,
            foreign: 0,
            newer: 0,
            damaged: 0,
            seen: HashMap::new(),
            arrived: BTreeMap::new(),
            witnesses: BTreeMap::new(),
            parts: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }

    /// Begins the next portion of the same folder: parts of snapshots are remembered, counts and what was seen are not.
    pub fn begin(&mut self) {
        self.mails = 0;
        self.foreign = 0;
        self.newer = 0;
        self.damaged = 0;
        self.seen.clear();
        self.marks.clear();
        self.keys.clear();
        self.learned = false;
        self.refused_before.extend(std::mem::take(&mut self.refused).into_keys());
    }

    /// Adds what was counted to a pass.
    pub(super) fn count(&self, pass: &mut super::imap_log::LogPass) {
        pass.pulled += self.mails;
        pass.foreign += self.foreign;
        pass.newer += self.newer;
        pass.damaged += self.damaged;
    }

    /// Adds the mails that don't count and of which nobody was told to a pass.
    pub(super) fn count_refused(&self, new: &BTreeSet<u32>, pass: &mut super::imap_log::LogPass) {
        for stranger in new.iter().filter_map(|uid| self.refused.get(uid)) {
            pass.refuse(stranger);
        }
    }

    /// Takes a mail in.
    pub fn take(&mut self, mail: &LogMail) -> Taken {
        self.last = self.last.max(mail.uid);
        self.mails += 1;
        self.witness(mail);
        match codec::decode_signed(&mail.raw, self.trust.keys()) {
            Decoded::Foreign => self.foreign += 1,
            Decoded::Newer(_) => self.newer += 1,
            Decoded::Key(json) => self.key(mail, &json),
            Decoded::Records { values, damaged, signature } => {
                let judged = if values.is_empty() { Some(false) } else { self.judge(mail, signature) };
                let Some(is_signed) = judged else { return Taken::default() };
                self.damaged += u64::from(damaged);
                self.arrived.extend(mail.arrived.map(|at| (mail.uid, at)));
                return Taken { lines: self.operations(mail.uid, values, is_signed), ..Taken::default() };
            }
            Decoded::Snapshot { lines, damaged, signature } => {
                let Some(is_signed) = self.judge(mail, signature) else { return Taken::default() };
                self.damaged += u64::from(damaged);
                let Some((header, mut lines)) = snapshot::decode(lines) else { return Taken::default() };
                let header = self.is_possible(mail.uid, &header).then_some(header);
                if let Some(header) = &header {
                    self.part(mail, header, damaged, is_signed);
                }
                if !is_signed {
                    lines.retain(|line| !self.is_refused(&line.place));
                }
                return Taken { lines, header, is_copy: true, is_signed };
            }
        }
        Taken::default()
    }

    /// Judges a mail of ours: `None` where it does not count, else whether a key that counts has signed it.
    fn judge(&mut self, mail: &LogMail, signature: Signature) -> Option<bool> {
        let mark = Mark { uid: mail.uid, signature, delivered: is_delivered(&mail.raw) };
        let accepted = self.trust.accepts(&mark);
        self.marks.push((mark, accepted));
        if !accepted {
            self.refused.insert(mail.uid, Stranger::of(&mail.raw, mark.delivered));
            return None;
        }
        Some(self.trust.is_signed(&mark))
    }

    /// Takes in a key where it counts: in a mail that was not delivered, or one that is known or that the config names.
    fn key(&mut self, mail: &LogMail, json: &str) {
        let Some((record, key)) = KeyRecord::read(json) else {
            self.damaged += 1;
            return;
        };
        let fingerprint = key.fingerprint();
        let delivered = is_delivered(&mail.raw);
        let named = self.trust.named.contains(&fingerprint);
        if delivered && !named && self.trust.counted(fingerprint).is_none() {
            self.foreign += 1;
            return;
        }
        self.learned |= self.trust.counted(fingerprint).is_none();
        // Where it was put back it says where it stood.
        let stood = record.stood.filter(|(validity, _)| *validity == self.validity).map(|(_, uid)| uid);
        let stands = (!delivered || named || self.trust.adds_headers).then(|| stood.unwrap_or(mail.uid).min(mail.uid));
        let here = stands.map(|_| mail.uid);
        self.trust.add(Counted { key, uid: stands, here, replaces: record.replaced().collect() });
        self.keys.push(KeyMail { record, fingerprint, uid: mail.uid, stands, delivered });
    }

    /// Counts the mails of these UIDs that hold keys which count.
    pub fn keys_at(&self, uids: &HashSet<u32>) -> usize {
        self.trust.all().filter(|(_, counted)| counted.here.is_some_and(|uid| uids.contains(&uid))).count()
    }

    /// Tells whether a place is that of a mail which does not count.
    pub fn is_refused(&self, place: &LogPlace) -> bool {
        place.validity == self.validity
            && (self.refused.contains_key(&place.uid) || self.refused_before.contains(&place.uid))
    }

    /// Returns the UIDs of the mails of this portion that don't count.
    pub fn refused(&self) -> BTreeSet<u32> {
        self.refused.keys().copied().collect()
    }

    /// Tells whether most mails of ours in this portion, and `others` that are not in it, don't count.
    pub fn is_mostly_refused(&self, others: usize) -> bool {
        let refused = self.refused.values().filter(|stranger| stranger.delivered).count();
        refused.saturating_mul(2) > self.marks.len().saturating_add(others)
    }

    /// Tells whether by what is known now a mail would be judged otherwise, of this portion or of those before.
    pub fn is_unsettled(&self) -> bool {
        let before = self.learned && !self.refused_before.is_empty();
        before || self.marks.iter().any(|(mark, accepted)| self.trust.differs(mark, *accepted))
    }

    /// Tells whether a mail of this portion which somebody here has just put there looks delivered.
    pub fn looks_delivered(&self, uid: u32) -> Option<bool> {
        let found = self.marks.iter().find(|(mark, _)| mark.uid == uid);
        found.filter(|(mark, _)| self.trust.is_signed(mark)).map(|(mark, _)| mark.delivered)
    }

    fn witness(&mut self, mail: &LogMail) {
        let lowest = self.witnesses.first_key_value().map_or(0, |(uid, _)| *uid);
        // Of a mail that is too large nothing was fetched.
        if mail.raw.is_empty() || (self.witnesses.len() >= WITNESSES && mail.uid < lowest) {
            return;
        }
        self.witnesses.insert(mail.uid, Identity::read(&mail.raw).message);
        if self.witnesses.len() > WITNESSES {
            self.witnesses.pop_first();
        }
    }

    /// Returns the Message-IDs of the mails with the highest UIDs; `known` are those of before.
    pub fn witnesses(&self, known: &[Witness]) -> Vec<Witness> {
        let mut all: BTreeMap<u32, Option<MessageId>> = known.iter().cloned().collect();
        all.extend(self.witnesses.iter().map(|(uid, id)| (*uid, id.clone())));
        all.into_iter().rev().take(WITNESSES).collect()
    }

    fn operations(&mut self, uid: u32, values: Vec<Value>, may_say: bool) -> Vec<LogLine> {
        let mut placed = Vec::with_capacity(values.len());
        for Value { json, index } in values {
            let own = LogPlace { epoch: self.epoch, validity: self.validity, uid, index };
            if may_say
                && let Some((place, json)) = traces::at_its_place(&json).filter(|(place, _)| is_before(place, &own))
            {
                placed.push(LogLine { place, json });
                continue;
            }
            if let Some(id) = id_of(&json) {
                let first = self.seen.entry(id).or_insert(uid);
                *first = uid.min(*first);
            }
            placed.push(LogLine { place: own, json });
        }
        placed
    }

    /// Tells whether a snapshot can know what it says it covers: only what stood in the folder before it. Whoever missed that the folder
    /// was restored from a backup says what the backup lost under UIDs that are yet to come; of such a snapshot only the records count.
    fn is_possible(&self, uid: u32, header: &Header) -> bool {
        header.validity != self.validity || header.covers < uid
    }

    fn part(&mut self, mail: &LogMail, header: &Header, damaged: bool, signed: bool) {
        if header.validity != self.validity {
            self.other_epoch = self.other_epoch.max(header.epoch);
            return;
        }
        self.named_epoch = self.named_epoch.max(Some(header.epoch));
        if damaged {
            return;
        }
        let digest = String::new();
        let (uid, at) = (mail.uid, mail.arrived.map_or(i64::MAX, |at| at.0));
        let (covers, epoch, made) = (header.covers, header.epoch, header.at);
        let complete = Complete { covers, first: uid, at, digest, epoch, signed, made };
        let (parts, last, whole) = self.parts.entry(header.snapshot).or_insert((BTreeSet::new(), None, complete));
        parts.insert(header.part);
        whole.signed &= signed;
        whole.first = whole.first.min(uid);
        whole.at = whole.at.max(at);
        // Parts that differ in what they cover cover what all of them do.
        whole.covers = whole.covers.min(header.covers);
        if header.last {
            *last = Some(header.part);
            whole.digest = header.digest.clone().unwrap_or_default();
        }
    }

    /// Returns the snapshot under this UIDVALIDITY that covers most of its newest epoch, of those that are whole.
    pub fn newest_snapshot(&self) -> Option<Complete> {
        self.parts
            .values()
            .filter(|set| is_whole(set))
            .map(|(_, _, complete)| complete)
            .max_by_key(|c| (c.epoch, c.covers))
            .cloned()
    }

    /// Takes the snapshots that have become whole since the last call.
    pub fn take_whole(&mut self) -> Vec<Complete> {
        let mut taken = Vec::new();
        for (id, set) in &self.parts {
            if is_whole(set) && self.told.insert(*id) {
                taken.push(set.2.clone());
            }
        }
        taken
    }

    /// Forgets snapshots that are gone.
    pub fn retain(&mut self, present: &HashSet<u32>) {
        self.parts.retain(|_, (_, _, complete)| present.contains(&complete.first));
    }

    /// Tells whether parts of a snapshot are still to come.
    pub fn is_incomplete(&self) -> bool {
        self.parts.values().any(|set| !is_whole(set))
    }

    /// Returns the epoch that the folder's own snapshots give its UIDVALIDITY; where there are none, the one after all others.
    pub fn true_epoch(&self) -> u32 {
        self.named_epoch.unwrap_or(self.other_epoch.saturating_add(1)).max(1)
    }
}

/// Tells whether a record that stands at `own` can have stood at `place`: in front of it. While the epoch is not known, UIDs of the same
/// UIDVALIDITY tell.
fn is_before(place: &LogPlace, own: &LogPlace) -> bool {
    let before = (place.epoch, place.uid, place.index) < (own.epoch, own.uid, own.index);
    before && place.epoch <= EPOCH_MAX && (place.validity != own.validity || place.uid < own.uid)
}

/// Returns the record's id without reading all of it.
pub fn id_of(json: &str) -> Option<OpId> {
    #[derive(serde::Deserialize)]
    struct Id {
        id: OpId,
    }
    serde_json::from_str::<Id>(json).ok().map(|found| found.id)
}

/// What decides whose word on what a record says counts: the least does.
type Word = (bool, (u32, u32, u32), Reverse<u32>);

/// Claims of many lines: the lowest place of each record, and what it says there.
#[derive(Debug, Default)]
pub struct Claims {
    /// The places.
    pub places: HashMap<OpId, LogPlace>,
    words: HashMap<OpId, Word>,
    /// What records say that the store has at no place.
    unplaced: HashMap<OpId, String>,
    /// What records say that the store has with other content.
    pub other: HashMap<OpId, String>,
}

impl Claims {
    /// Takes a line of a mail in; `held` says what the store has of it. All clients must choose alike, in whatever turn they read.
    pub fn take(&mut self, id: OpId, line: &LogLine, (mail, uid): (&Taken, u32), held: Held) {
        let place = self.lower(id, line.place);
        let word = (mail.is_doubtful(), place, Reverse(mail.voice(uid)));
        if self.words.get(&id).is_some_and(|known| *known <= word) {
            return;
        }
        self.words.insert(id, word);
        match held {
            Held::Nothing => drop(self.unplaced.insert(id, line.json.clone())),
            Held::Same => drop(self.other.remove(&id)),
            Held::Other => drop(self.other.insert(id, line.json.clone())),
        }
    }

    /// Takes the place in at which the store has a record that it had read before all that was taken.
    pub fn keep(&mut self, id: OpId, place: LogPlace) {
        let order = self.lower(id, place);
        if self.words.get(&id).is_none_or(|word| order < word.1) {
            self.other.remove(&id);
        }
    }

    /// Returns a record, of which `json` is known, at its lowest place and with what it says there. `None` where nothing claims a place.
    pub fn at_lowest(&self, id: OpId, json: String) -> Option<LogLine> {
        let place = *self.places.get(&id)?;
        Some(LogLine { place, json: self.other.get(&id).cloned().unwrap_or(json) })
    }

    fn lower(&mut self, id: OpId, place: LogPlace) -> (u32, u32, u32) {
        let order = |place: &LogPlace| (place.epoch, place.uid, place.index);
        let kept = self.places.entry(id).or_insert(place);
        if order(&place) < order(kept) {
            *kept = place;
        }
        order(&place)
    }

    /// Returns the lines of records that the store has at no place, in the order of their places.
    pub fn unplaced(&self) -> Vec<LogLine> {
        let line = |(id, json): (&OpId, &String)| Some(LogLine { place: *self.places.get(id)?, json: json.clone() });
        let mut lines: Vec<LogLine> = self.unplaced.iter().filter_map(line).collect();
        lines.sort_unstable_by_key(|line| (line.place.epoch, line.place.uid, line.place.index));
        lines
    }
}

/// Sorts records that nobody has placed yet, for the snapshot after the folder lost its order: what was caused stands behind its cause.
pub fn by_cause(mut lines: Vec<LogLine>) -> Vec<LogLine> {
    lines.sort_by_cached_key(|line| match Record::parse(&line.json) {
        Ok(record) => (record.lamport, Some(record.id)),
        Err(_) => (u64::MAX, None),
    });
    lines
}
