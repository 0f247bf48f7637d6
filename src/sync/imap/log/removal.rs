//! What a snapshot has is removed from the folder after a time, and only after it was looked at whether the snapshot does have it.
//!
//! Anybody who can write to the folder can put a snapshot there, so what one says of itself counts for little: it covers only what stands
//! before it, it is as old as the server says, and what it leaves out is read from the mails that it says it covers.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::establish::{PAGE, Scan};
use super::folder::{LogFolder, LogMail};
use super::imap_log::{ImapLog, LogError, LogPass, State};
use super::reading::{Reading, Taken};
use super::sink::Sink;
use super::traces;
use super::trust::Trust;
use crate::model::clock::Timestamp;
use crate::model::ids::OpId;
use crate::op::record::Record;
use crate::store::LogLine;

/// What records say, by their ids.
type Said = HashMap<OpId, u64>;

/// What the mails hold that a snapshot covers, beside what it says.
struct Covered<'a> {
    said: &'a Said,
    now: Timestamp,
    /// Where each record stands lowest, and what it says there.
    first: HashMap<OpId, ((u32, u32), u64)>,
    /// The UIDs of mails of ours that are old enough to be removed.
    ours: Vec<u32>,
}

impl ImapLog {
    /// Removes mails of ours that a snapshot has covered for longer than anybody stays away. Mails of people stay. Where the snapshot
    /// lacks what these mails hold, nothing is removed, and there is a better one afterwards.
    pub(super) fn remove_old(
        &mut self,
        folder: &mut dyn LogFolder,
        present: &HashSet<u32>,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        let (Some(days), Some(state)) = (self.settings.keep_days, self.state.clone()) else { return Ok(()) };
        let now = self.store.author().clock.now();
        let is_old = |at: i64| now.0.saturating_sub(at) > i64::from(days).saturating_mul(Timestamp::DAY);
        if state.snapshot == 0 || !is_old(state.snapshot_at) || !present.contains(&state.snapshot) {
            return Ok(());
        }
        let Some((said, at)) = said(folder, &state, present, self.trust(state.validity)?)? else { return Ok(()) };
        if !is_old(at) {
            return Ok(());
        }
        let mut uids: Vec<u32> = present.iter().copied().filter(|uid| *uid <= state.covers).collect();
        uids.sort_unstable();
        let mut probe = Reading::new(state.validity, state.epoch, self.trust(state.validity)?);
        let mut covered = Covered { said: &said, now, first: HashMap::new(), ours: Vec::new() };
        let mut sink = Sink::new(&self.store, &self.account, &self.stop);
        let mut lacks = false;
        for uids in uids.chunks(PAGE) {
            folder.fetch(uids, &mut |mail| {
                let left_out = covered.take(&mail, probe.take(&mail), &is_old);
                lacks |= !left_out.is_empty();
                sink.add(left_out);
            })?;
        }
        lacks |= covered.differs();
        let ours = covered.ours;
        if let Some(change) = sink.finish()? {
            pass.touched(change);
        }
        if lacks {
            tracing::warn!(
                uid = state.snapshot,
                "a snapshot of the log lacks what the mails hold that it covers: they stay"
            );
            return self.snapshot(folder, pass);
        }
        if !ours.is_empty() {
            folder.remove(&ours)?;
        }
        Ok(())
    }

    /// Takes what we know from mails that a snapshot says it covers, and that it lacks, from those mails, where they are still there.
    pub(super) fn take_unsaid(
        &self,
        folder: &mut dyn LogFolder,
        scan: &mut Scan,
        validity: u32,
        covers: u32,
    ) -> Result<(), LogError> {
        let Some(state) = self.state.as_ref().filter(|state| covers > 0 && state.validity == validity) else {
            return Ok(());
        };
        let known = self.store.log_places_to(&self.account, state.epoch, covers)?;
        let here = known.into_iter().filter(|(_, place)| (place.epoch, place.validity) == (state.epoch, validity));
        let unsaid = here.filter(|(id, _)| !scan.claims.places.contains_key(id));
        let mut uids: Vec<u32> = unsaid.map(|(_, place)| place.uid).collect();
        if uids.is_empty() {
            return Ok(());
        }
        let present: HashSet<u32> = folder.uids()?.into_iter().collect();
        uids.retain(|uid| present.contains(uid));
        uids.sort_unstable();
        uids.dedup();
        let mut failed = Ok(());
        for uids in uids.chunks(PAGE) {
            folder.fetch(uids, &mut |mail| {
                if failed.is_ok() {
                    failed = self.take(scan, &mail);
                }
            })?;
        }
        failed
    }
}

impl Covered<'_> {
    /// Takes a covered mail in. Returns those of its records that the snapshot leaves out.
    fn take(&mut self, mail: &LogMail, taken: Taken, is_old: &dyn Fn(i64) -> bool) -> Vec<LogLine> {
        if !taken.is_copy && taken.lines.is_empty() {
            return Vec::new();
        }
        if mail.arrived.is_some_and(|at| is_old(at.0)) {
            self.ours.push(mail.uid);
        }
        let mut left_out = Vec::new();
        for line in taken.lines {
            let Ok(record) = Record::parse(&line.json) else { continue };
            if traces::is_over(&record, self.now) {
                continue;
            }
            if !self.said.contains_key(&record.id) {
                left_out.push(line);
                continue;
            }
            // What another snapshot claims is no more sure than what this one does.
            if taken.is_copy {
                continue;
            }
            let found = ((line.place.uid, line.place.index), content(&line.json));
            match self.first.entry(record.id) {
                Entry::Vacant(new) => drop(new.insert(found)),
                Entry::Occupied(mut known) if found.0 < known.get().0 => drop(known.insert(found)),
                Entry::Occupied(_) => {}
            }
        }
        left_out
    }

    /// Tells whether the snapshot says something else of a record than the mail in which it stands first.
    fn differs(&self) -> bool {
        self.first.iter().any(|(id, (_, content))| self.said.get(id) != Some(content))
    }
}

/// Reads what the snapshot says that we took for the newest, and when the server took it in. `None` where it is not what we took it for.
fn said(
    folder: &mut dyn LogFolder,
    state: &State,
    present: &HashSet<u32>,
    trust: Trust,
) -> Result<Option<(Said, i64)>, LogError> {
    let mut uids = folder.find_snapshots()?;
    if uids.is_empty() {
        uids = present.iter().copied().collect();
    }
    uids.retain(|uid| *uid > state.covers && present.contains(uid));
    uids.sort_unstable();
    let mut probe = Reading::new(state.validity, state.epoch, trust);
    let mut said: HashMap<OpId, (u32, Said)> = HashMap::new();
    for uids in uids.chunks(PAGE) {
        folder.fetch(uids, &mut |mail| {
            let taken = probe.take(&mail);
            let Some(header) = taken.header.filter(|header| header.covers == state.covers) else { return };
            let (first, said) = said.entry(header.snapshot).or_insert_with(|| (mail.uid, Said::new()));
            *first = mail.uid.min(*first);
            for line in taken.lines {
                said.extend(Record::parse(&line.json).ok().map(|record| (record.id, content(&line.json))));
            }
        })?;
    }
    let newest = probe.newest_snapshot().filter(|c| (c.first, c.covers) == (state.snapshot, state.covers));
    let found = said.into_values().find(|(first, _)| *first == state.snapshot);
    Ok(newest.zip(found).map(|(complete, (_, said))| (said, complete.at)))
}

/// A number for what a record says, however its JSON is spelt.
fn content(json: &str) -> u64 {
    let mut hash = DefaultHasher::new();
    let value: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    value.to_string().hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
#[path = "removal_tests.rs"]
mod tests;
