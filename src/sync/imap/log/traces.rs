//! Takes words of what was erased out of the log's folder.
//!
//! Every mail that holds some is written anew without them, and without names of conversations; each of its records says the place at
//! which it stood and keeps it so. A snapshot follows, then the old mails and the snapshots that hold words are removed. What is still
//! to be done is read from the folder each time, so whoever is interrupted goes on, and doing it twice changes nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::codec::{self, Decoded, Setting};
use super::establish::PAGE;
use super::folder::{LogFolder, LogMail};
use super::imap_log::{ImapLog, LogError, LogPass, State, say};
use super::reading::{Claims, Complete, Reading};
use super::snapshot::{self, Digest};
use crate::model::clock::Timestamp;
use crate::model::ids::OpId;
use crate::op::describe::Names;
use crate::op::operation::Known;
use crate::op::record::{LogPlace, Record};
use crate::store::{LogLine, LogTraces, Store, StoreError};

/// So often is the folder looked at in one go: mails are rewritten, then covered, then removed.
const ROUNDS: usize = 4;
/// What was refused is tried again after this time, in milliseconds: rights are granted by people.
const REFUSED: i64 = 5 * 60_000;
/// Where others wrote meanwhile it is tried again after this time, in milliseconds: most often they did the rest.
const CHANGED: i64 = 2_000;

/// What stands in the folder.
#[derive(Default)]
struct Found {
    /// The records of mails that hold words, by UID, each as it stands there.
    old: BTreeMap<u32, Vec<String>>,
    /// Records that stand at the place of another mail already, in mails that hold no words, and the highest UID of those.
    written: HashSet<OpId>,
    last: u32,
    /// Snapshots: the UIDs of their parts, and whether they hold words.
    snapshots: HashMap<OpId, (Vec<u32>, bool)>,
}

impl Found {
    fn holds_words(&self) -> bool {
        !self.old.is_empty() || self.snapshots.values().any(|(_, words)| *words)
    }

    /// Tells whether a snapshot without words has all that was written anew; `newest` is the first UID of the newest and what it covers.
    fn is_covered(&self, newest: Option<(u32, u32)>) -> bool {
        let Some((first, covers)) = newest else { return false };
        let clean = self.snapshots.values().any(|(uids, words)| !words && uids.iter().min() == Some(&first));
        clean && covers >= self.last.max(self.old.keys().next_back().copied().unwrap_or(0))
    }

    fn to_remove(&self) -> Vec<u32> {
        let parts = self.snapshots.values().filter(|(_, words)| *words).flat_map(|(uids, _)| uids);
        let mut uids: Vec<u32> = self.old.keys().chain(parts).copied().collect();
        uids.sort_unstable();
        uids
    }
}

impl ImapLog {
    /// Removes words of what this client erased from the folder, as far as the server lets us; why it does not stands in
    /// [`crate::store::Store::traces_waiting`].
    pub(super) fn remove_traces(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        let Some(traces) = self.store.log_traces(&self.account)? else { return Ok(()) };
        for _ in 0..ROUNDS {
            // Who reads the rewritten mails must know what was erased; and who does not know the order gives no places.
            let waits = !self.store.unpushed_of(&self.account, 1)?.is_empty();
            let Some(state) = self.state.clone().filter(|state| !state.guessed && !waits) else { return Ok(()) };
            let found = self.find_traces(folder, &state, &traces)?;
            if !found.holds_words() {
                return Ok(self.store.end_log_traces(&self.account)?);
            }
            let missing = found.old.iter().filter(|(_, lines)| lines.iter().any(|line| !found.is_written(line)));
            let mut any = false;
            self.ensure_key(folder, pass)?;
            for (uid, lines) in missing {
                any = true;
                let Some(raw) = self.written_anew(&state, &traces, *uid, lines)? else { continue };
                folder.append(&raw, None)?;
                pass.appended += 1;
            }
            if any {
                self.read(folder, pass)?;
                continue;
            }
            let newest = self.reading.as_ref().and_then(|reading| reading.newest_snapshot());
            if !found.is_covered(newest.map(|complete| (complete.first, complete.covers))) {
                self.snapshot(folder, pass)?;
                continue;
            }
            if !folder.remove(&found.to_remove())? {
                let reason = "the server does not let you remove single mails from the log's folder";
                return self.put_off(reason, REFUSED);
            }
        }
        self.put_off("the log's folder changed meanwhile", CHANGED)
    }

    /// Tells whether what we have is what a snapshot says. It may say what is over, as those of older programs do, or leave it out.
    pub(super) fn has_all_of(&self, epoch: u32, snapshot: &Complete) -> Result<bool, LogError> {
        let mut digest = Digest::default();
        for (id, place) in self.store.log_places_to(&self.account, epoch, snapshot.covers)? {
            digest.add(id, &place);
        }
        if digest.text() == snapshot.digest {
            return Ok(true);
        }
        let covered = |place: &LogPlace| place.epoch < epoch || (place.epoch == epoch && place.uid <= snapshot.covers);
        let over = self.store.log_ephemera(&self.account, snapshot.made.plus(-Timestamp::DAY))?;
        over.iter().filter(|(_, place)| covered(place)).for_each(|(id, place)| digest.remove(*id, place));
        Ok(digest.text() == snapshot.digest)
    }

    /// Lets what is over keep its place where it stands nowhere any more: it says nothing, and need not be pushed again.
    pub(super) fn keep_ephemera(&self, claims: &mut Claims) -> Result<(), LogError> {
        let now = self.store.author().clock.now();
        for (id, place) in self.store.log_ephemera(&self.account, now.plus(-Timestamp::DAY))? {
            claims.places.entry(id).or_insert(place);
        }
        Ok(())
    }

    fn put_off(&self, reason: &str, wait: i64) -> Result<(), LogError> {
        let again = self.store.author().clock.now().plus(wait);
        Ok(self.store.put_off_log_traces(&self.account, reason, again)?)
    }

    fn find_traces(&self, folder: &mut dyn LogFolder, state: &State, traces: &LogTraces) -> Result<Found, LogError> {
        let mut found = Found::default();
        let mut probe = Reading::new(state.validity, state.epoch, self.trust(state.validity)?);
        let mut uids = folder.uids()?;
        uids.sort_unstable();
        for uids in uids.chunks(PAGE) {
            folder.fetch(uids, &mut |mail| {
                let taken = probe.take(&mail);
                // What a stranger put here must not be signed by us.
                if !taken.lines.is_empty() || taken.header.is_some() {
                    found.take(&mail, state, traces);
                }
            })?;
        }
        Ok(found)
    }

    /// Makes the mail that takes the place of one that holds words.
    fn written_anew(
        &self,
        state: &State,
        traces: &LogTraces,
        uid: u32,
        lines: &[String],
    ) -> Result<Option<Vec<u8>>, LogError> {
        let ids: Vec<OpId> = lines.iter().filter_map(|line| super::reading::id_of(line)).collect();
        let places: HashMap<OpId, LogPlace> = self.store.log_places(&self.account, &ids)?.into_iter().collect();
        let mut anew = Vec::with_capacity(lines.len());
        for (line, index) in lines.iter().zip(0..) {
            let Some(id) = super::reading::id_of(line) else { continue };
            let here = LogPlace { epoch: state.epoch, validity: state.validity, uid, index };
            let place = places.get(&id).copied().unwrap_or(here);
            anew.push(without_words(line, place, traces));
        }
        let lines: Vec<&str> = anew.iter().map(String::as_str).collect();
        let key = self.signing_key();
        let setting = Setting {
            from: &self.settings.from,
            subject_of: &|_| None,
            names: Names::NONE,
            time: &say,
            key: key.as_ref(),
        };
        Ok(codec::encode(&lines, &setting))
    }
}

impl Found {
    fn is_written(&self, line: &str) -> bool {
        super::reading::id_of(line).is_none_or(|id| self.written.contains(&id))
    }

    fn take(&mut self, mail: &LogMail, state: &State, traces: &LogTraces) {
        match codec::decode(&mail.raw) {
            Decoded::Records { values, .. } => {
                let lines: Vec<String> = values.into_iter().map(|value| value.json).collect();
                let records: Vec<Record> = lines.iter().filter_map(|line| Record::parse(line).ok()).collect();
                let neutral = !records.is_empty() && records.iter().all(|record| record.place.is_some());
                let words = records.iter().any(|record| traces.has_words(record));
                let named = || records.iter().any(|record| traces.is_named(record, mail.uid, state));
                if words || (!neutral && named()) {
                    self.old.insert(mail.uid, lines);
                } else if neutral {
                    self.last = self.last.max(mail.uid);
                    self.written.extend(records.iter().map(|record| record.id));
                }
            }
            Decoded::Snapshot { lines, .. } => {
                let Some((header, lines)) = snapshot::decode(lines) else { return };
                let records = lines.iter().filter_map(|line| Record::parse(&line.json).ok());
                let words = records.into_iter().any(|record| traces.has_words(&record));
                let (uids, holds) = self.snapshots.entry(header.snapshot).or_default();
                uids.push(mail.uid);
                *holds |= words;
            }
            _ => {}
        }
    }
}

impl LogTraces {
    fn is_erased(&self, record: &Record) -> bool {
        let note = match record.known() {
            Some(Known::EditNote { note, .. }) => Some(note),
            _ => None,
        };
        self.records.contains(&record.id) || note.is_some_and(|note| self.records.contains(note))
    }

    /// Tells whether a record holds words that were erased.
    fn has_words(&self, record: &Record) -> bool {
        self.is_erased(record) && record.op.clone().without_words() != record.op
    }

    /// Tells whether the sentences of a mail with this record can name what was erased: the subject of a conversation, as it was when the
    /// mail was written, or a text that was taken back.
    fn is_named(&self, record: &Record, uid: u32, state: &State) -> bool {
        if let Some(Known::Undo { of }) = record.known()
            && self.records.contains(of)
        {
            return true;
        }
        let before = |erased: &Option<(u32, u32)>| match erased {
            Some((validity, erased)) if *validity == state.validity => {
                let knew = record.after.is_some_and(|after| after.validity == *validity && after.uid >= *erased);
                uid < *erased || !knew
            }
            _ => true,
        };
        let is_erase = matches!(record.known(), Some(Known::Erase { .. }));
        !is_erase && record.on.iter().any(|target| self.subjects.get(&target.on).is_some_and(before))
    }
}

/// Returns a record as it is written anew: at its place, and without words where they were erased. What is not to change is carried as
/// it is.
fn without_words(json: &str, place: LogPlace, traces: &LogTraces) -> String {
    match Record::parse(json) {
        Ok(record) if traces.is_erased(&record) => record.redacted(place).to_json(),
        _ => {
            let Ok(mut fields) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(json) else {
                return json.to_owned();
            };
            fields.insert("place".to_owned(), serde_json::to_value(place).unwrap_or_default());
            serde_json::to_string(&fields).unwrap_or_else(|_| json.to_owned())
        }
    }
}

/// The records whose words are not to be written any more.
pub(super) struct ErasedWords(LogTraces);

impl ErasedWords {
    /// Knows those of the store, and of erasures among lines that are not in it yet.
    pub fn of(store: &Store, lines: &[LogLine]) -> Result<Self, StoreError> {
        let mut records = store.erased_records()?;
        for line in lines.iter().filter(|line| line.json.contains("\"erase\"")) {
            let record = Record::parse(&line.json).ok();
            if let Some(Known::Erase { records: more, .. }) = record.as_ref().and_then(Record::known) {
                records.extend(more);
            }
        }
        Ok(Self(LogTraces { records, ..LogTraces::default() }))
    }

    /// Returns a line without words that were erased.
    pub fn taken_out_of(&self, line: LogLine) -> LogLine {
        if self.0.records.is_empty() {
            return line;
        }
        match Record::parse(&line.json) {
            Ok(record) if self.0.has_words(&record) => {
                let record = Record { op: record.op.clone().without_words(), ..record };
                LogLine { json: record.to_json(), ..line }
            }
            _ => line,
        }
    }
}

/// Returns the record of a line that says the place at which it stood, as it would stand there, and the place; `None` where it says none.
pub(super) fn at_its_place(json: &str) -> Option<(LogPlace, String)> {
    #[derive(serde::Deserialize)]
    struct Placed {
        place: LogPlace,
    }
    // Nearly no record says one.
    if !json.contains("\"place\"") {
        return None;
    }
    let Placed { place } = serde_json::from_str(json).ok()?;
    let mut fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).ok()?;
    fields.remove("place");
    Some((place, serde_json::to_string(&fields).ok()?))
}

/// Tells whether a record says nothing any more at `now`: snapshots leave it out.
pub(super) fn is_over(record: &Record, now: Timestamp) -> bool {
    record.known().is_some_and(Known::is_ephemeral) && now.0.saturating_sub(record.at.0) > Timestamp::DAY
}

#[cfg(test)]
#[path = "traces_tests.rs"]
mod tests;
