//! Establishing the order of the log: at the first reading, when the folder's UIDVALIDITY changed, when mails got other UIDs, and when
//! the folder was restored from a backup.
//!
//! The folder is read as a newcomer would, and places are what it says, not what we remember. Only where the folder has forgotten the
//! order do we tell it ours, in a founding snapshot; then everybody reads the same again. A restored folder keeps its order and has lost
//! its end: the founding snapshot says its places under a new epoch, so that who has read the lost ones sees that UIDs name others now,
//! and everybody pushes what is lost again.

use std::collections::HashSet;

use super::folder::{FolderError, LogFolder, LogMail, Opened};
use super::imap_log::{ImapLog, LogError, LogPass, RULES, State, claim_held, knew};
use super::reading::{Claims, Reading, Taken, by_cause, id_of};
use super::sign::Key;
use super::snapshot::{Builder, Header, Making};
use super::traces::ErasedWords;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, OpId};
use crate::store::{LogLine, LogPlace, StoreError};

/// The epoch of places while the true one is not known: behind all others.
const UNKNOWN_EPOCH: u32 = u32::MAX;
/// Mails of snapshots that are tried before the whole folder is read: a long log has many parts.
const SNAPSHOTS_TRIED: usize = 512;
/// How often the folder is read anew because what it says changes which of its mails count.
const SCANS: usize = 3;
/// Lines read from the store at a time.
pub(super) const PAGE: usize = 500;

/// The folder, read from the beginning or from its newest snapshot.
pub(super) struct Scan {
    reading: Reading,
    pub(super) claims: Claims,
    /// Lines that are no records.
    strays: Vec<LogLine>,
    /// What snapshots claim that nobody signed, with their UIDs: it counts where the mails that it names do.
    unsigned: Vec<(Taken, u32)>,
    /// Mails that were not read because a snapshot has them.
    covered: usize,
}

impl Scan {
    /// Returns the lines that the store does not have.
    fn unplaced(&self) -> Vec<LogLine> {
        let mut lines = self.claims.unplaced();
        lines.extend(self.strays.iter().cloned());
        lines
    }
}

/// Why the order is told anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Founding {
    /// UIDVALIDITY is another, and nobody has said an order under it.
    OrderLost,
    /// The server was put back to an older state.
    Restored,
}

impl Founding {
    fn of(state: &State, reading: &Reading, validity: u32, restored: bool) -> Option<Self> {
        let same = state.validity == validity;
        let found = match reading.named_epoch {
            None if same => restored,
            None => return Some(Founding::OrderLost),
            // Whoever was here before has done it already where the folder names a newer epoch than ours.
            Some(named) if same => restored && named <= state.epoch,
            // UIDVALIDITY itself was put back.
            Some(named) => named < state.epoch && !state.guessed,
        };
        found.then_some(Founding::Restored)
    }
}

impl ImapLog {
    /// Reads the folder as if for the first time and gives every record the place that the folder says. Once more where what was read says
    /// that the team wants signatures, and mails were taken that it says don't count.
    pub(super) fn establish(
        &mut self,
        folder: &mut dyn LogFolder,
        opened: &Opened,
        restored: bool,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        for scan in 0..SCANS {
            self.establish_once(folder, opened, restored && scan == 0, pass)?;
            let signing = self.signing()?;
            let Some(reading) = self.reading.as_mut().filter(|reading| reading.trust.signing != signing) else { break };
            reading.trust.signing = signing;
            if !reading.is_unsettled() {
                break;
            }
        }
        self.reading.iter().for_each(|reading| reading.count(pass));
        Ok(())
    }

    fn establish_once(
        &mut self,
        folder: &mut dyn LogFolder,
        opened: &Opened,
        restored: bool,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        let before = self.state.clone();
        (self.compared, self.counted) = (false, None);
        let mut scan = self.settled(folder, opened, pass)?;
        let unadopted = self.is_unadopted(before.as_ref(), &scan);
        if !unadopted {
            self.drop_refused(&scan.claims, pass)?;
        }
        if let Some(state) = before.as_ref().filter(|_| !opened.read_only && !unadopted)
            && let Some(why) = Founding::of(state, &scan.reading, opened.validity, restored)
        {
            tracing::warn!(account = %self.account, ?why, "the log's order is founded anew");
            let mails = match why {
                Founding::OrderLost => self.with_our_order(state, &mut scan, opened.validity)?,
                Founding::Restored => self.with_its_order(state, &scan, opened.validity)?,
            };
            append_all(folder, mails, self.store.author().clock.now(), pass)?;
            folder.noop()?;
            scan = self.settled(folder, opened, pass)?;
        }
        if unadopted {
            // Nothing is dropped in silence: what we have keeps its places.
            for (id, place) in self.store.log_places_refused(&self.account)? {
                scan.claims.keep(id, place);
            }
        }
        self.take_over(before.as_ref(), scan, opened, pass)?;
        if let Some(state) = self.state.clone().filter(|state| state.unadopted != unadopted) {
            self.save(State { unadopted, ..state })?;
        }
        pass.reordered |= before.is_some();
        Ok(())
    }

    /// Tells whether most of the folder looks delivered, so that it is likelier to be a mailbox which was moved than somebody's mails.
    fn is_unadopted(&self, before: Option<&State>, scan: &Scan) -> bool {
        // Who has judged the mails of this log has nothing from those that don't count.
        let judged = before.is_some_and(|state| self.is_judged(state) && !state.unadopted);
        !judged && self.adopting.is_none() && scan.reading.is_mostly_refused(scan.covered)
    }

    /// Scans the folder until every mail is judged by all that the folder says: a key may stand behind what it signs. Puts in the keys
    /// that it lacks.
    fn settled(&mut self, folder: &mut dyn LogFolder, opened: &Opened, pass: &mut LogPass) -> Result<Scan, LogError> {
        let mut scan = self.scan(folder, opened.validity)?;
        self.keep_keys(&scan.reading, opened.validity)?;
        let here: HashSet<u32> = scan.reading.trust.all().filter_map(|(_, counted)| counted.here).collect();
        let missing = match opened.read_only || self.state.is_none() {
            true => Vec::new(),
            false => {
                let present: HashSet<u32> = folder.uids()?.into_iter().filter(|uid| here.contains(uid)).collect();
                self.missing_keys(&scan.reading.trust, opened.validity, &present)?
            }
        };
        if !missing.is_empty() {
            self.append_keys(folder, &missing, pass)?;
            folder.noop()?;
        }
        for _ in 0..SCANS {
            if missing.is_empty() && !scan.reading.is_unsettled() {
                break;
            }
            scan = self.scan(folder, opened.validity)?;
            self.keep_keys(&scan.reading, opened.validity)?;
            if !scan.reading.is_unsettled() {
                break;
            }
        }
        let new = self.store.note_log_refused(&self.account, opened.validity, &scan.reading.refused(), true)?;
        scan.reading.count_refused(&new, pass);
        Ok(scan)
    }

    /// Notes the mails of a portion that don't count, and drops what stands only there.
    pub(super) fn refuse(&self, reading: &Reading, state: &State, pass: &mut LogPass) -> Result<(), LogError> {
        let new = self.store.note_log_refused(&self.account, state.validity, &reading.refused(), false)?;
        reading.count_refused(&new, pass);
        if new.is_empty() || state.unadopted { Ok(()) } else { self.drop_refused(&Claims::default(), pass) }
    }

    /// Drops records that stand only in mails which don't count, and folds anew what they touched.
    fn drop_refused(&self, claims: &Claims, pass: &mut LogPass) -> Result<(), LogError> {
        let refused = self.store.log_places_refused(&self.account)?;
        let ids: Vec<OpId> =
            refused.into_iter().map(|(id, _)| id).filter(|id| !claims.places.contains_key(id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        tracing::warn!(account = %self.account, count = ids.len(), "records that stand only in mails which don't count are dropped");
        pass.touched(self.store.drop_log_records(&self.account, &ids)?);
        Ok(())
    }

    /// Takes over what a scan found.
    fn take_over(
        &mut self,
        before: Option<&State>,
        mut scan: Scan,
        opened: &Opened,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        let mine = self.remember_mine(before)?;
        let same = before.filter(|state| state.validity == opened.validity).map_or(0, |state| state.epoch);
        let other =
            before.filter(|state| state.validity != opened.validity).map_or(0, |state| state.epoch.saturating_add(1));
        let epoch = scan.reading.named_epoch.unwrap_or_else(|| scan.reading.true_epoch().max(same).max(other));
        // Nobody has said the order of this UIDVALIDITY and we can't: what we remember goes before what we read.
        let guessed = other > 0 && scan.reading.named_epoch.is_none();
        let fix = |place: &mut LogPlace| {
            if place.epoch == UNKNOWN_EPOCH {
                place.epoch = epoch;
            }
        };
        scan.strays.iter_mut().for_each(|line| fix(&mut line.place));
        scan.claims.places.values_mut().for_each(fix);
        if guessed {
            self.each_line(|line| claim_held(&mut scan.claims, &line))?;
        }
        self.keep_ephemera(&mut scan.claims)?;
        pass.touched(self.store.ingest_log_until(&self.account, scan.unplaced(), &self.stop)?);
        if before.is_some() {
            let (places, said) = (&scan.claims.places, &scan.claims.other);
            let change = self.store.renumber_log(&self.account, places, said, &self.stop)?;
            pass.touched(change);
        }
        let mut state = State {
            validity: opened.validity,
            epoch,
            head: scan.reading.last,
            covers: 0,
            snapshot: 0,
            snapshot_at: 0,
            since: scan.reading.mails,
            guessed,
            incomplete: scan.reading.is_incomplete(),
            seen_next: 0,
            seen_modseq: 0,
            witnesses: scan.reading.witnesses(&[]),
            mine,
            rules: RULES,
            adds_headers: before.is_some_and(|state| state.adds_headers),
            unadopted: before.is_some_and(|state| state.unadopted),
            named: self.named(),
        };
        state.note_seen(opened);
        if let Some(complete) = scan.reading.newest_snapshot() {
            state.covered_by(&complete, u64::from(scan.reading.last.saturating_sub(complete.covers)));
        }
        scan.reading.epoch = epoch;
        drop(scan.reading.take_whole());
        self.save(state)?;
        self.reading = Some(scan.reading);
        Ok(())
    }

    /// Notes which conversations the agent has, so that they are told what fell though the pass breaks off.
    fn remember_mine(&mut self, before: Option<&State>) -> Result<Vec<ConversationId>, LogError> {
        let Some(before) = before else { return Ok(Vec::new()) };
        let mut mine = self.store.log_mine()?;
        mine.extend(before.mine.iter().cloned());
        mine.sort();
        mine.dedup();
        if mine != before.mine {
            self.save(State { mine: mine.clone(), ..before.clone() })?;
        }
        Ok(mine)
    }

    /// Reads the newest whole snapshot and what follows it, or everything where there is none. Of what a snapshot that nobody signed says
    /// it covers, the mails that were delivered are looked at too.
    fn scan(&self, folder: &mut dyn LogFolder, validity: u32) -> Result<Scan, LogError> {
        let mut scan = Scan {
            reading: Reading::new(validity, UNKNOWN_EPOCH, self.trust(validity)?),
            claims: Claims::default(),
            strays: Vec::new(),
            unsigned: Vec::new(),
            covered: 0,
        };
        let mut taken: HashSet<u32> = HashSet::new();
        let keys = folder.find_keys()?;
        self.fetch(folder, &keys, &mut scan, &mut taken)?;
        let mut snapshots = folder.find_snapshots()?;
        snapshots.sort_unstable_by(|a, b| b.cmp(a));
        for uid in snapshots.into_iter().take(SNAPSHOTS_TRIED) {
            self.fetch(folder, &[uid], &mut scan, &mut taken)?;
            if scan.reading.newest_snapshot().is_some() {
                break;
            }
        }
        let newest = scan.reading.newest_snapshot();
        let from = newest.as_ref().map_or(0, |complete| complete.covers);
        if newest.is_some_and(|complete| !complete.signed) {
            let mut below: Vec<u32> = folder.uids()?.into_iter().filter(|uid| *uid <= from).collect();
            scan.covered = below.len();
            below = folder.delivered(&below)?;
            below.retain(|uid| !taken.contains(uid));
            scan.covered = scan.covered.saturating_sub(below.len());
            self.fetch(folder, &below, &mut scan, &mut taken)?;
        }
        if let Some(up_to) = self.adopting {
            // A snapshot that covers the place of a mail which did not count lacks what that holds.
            let below = self.store.log_refused(&self.account, validity)?;
            let of_it = |uid: &u32| *uid <= up_to.min(from) && !taken.contains(uid);
            let below: Vec<u32> = below.into_iter().filter(of_it).collect();
            self.fetch(folder, &below, &mut scan, &mut taken)?;
        }
        self.take_unsaid(folder, &mut scan, validity, from)?;
        let mut failed = None;
        folder.fetch_after(from, &mut |mail: LogMail| {
            if mail.uid > from && !taken.contains(&mail.uid) && failed.is_none() {
                failed = self.take(&mut scan, &mail).err();
            }
        })?;
        if let Some(failed) = failed {
            return Err(failed);
        }
        for (mut taken, uid) in std::mem::take(&mut scan.unsigned) {
            taken.lines.retain(|line| !scan.reading.is_refused(&line.place));
            self.take_lines(&mut scan, &taken, uid)?;
        }
        scan.reading.trust.signing = self.signing()?;
        Ok(scan)
    }

    /// Takes in mails of these UIDs, each once.
    fn fetch(
        &self,
        folder: &mut dyn LogFolder,
        uids: &[u32],
        scan: &mut Scan,
        taken: &mut HashSet<u32>,
    ) -> Result<(), LogError> {
        let mut failed = Ok(());
        for uids in uids.chunks(PAGE) {
            folder.fetch(uids, &mut |mail| {
                if failed.is_ok() && taken.insert(mail.uid) {
                    failed = self.take(scan, &mail);
                }
            })?;
        }
        failed
    }

    pub(super) fn take(&self, scan: &mut Scan, mail: &LogMail) -> Result<(), LogError> {
        if self.stop.is_asked() {
            return Err(StoreError::Stopped.into());
        }
        let taken = scan.reading.take(mail);
        if taken.is_copy && !taken.is_signed {
            scan.unsigned.push((taken, mail.uid));
            return Ok(());
        }
        self.take_lines(scan, &taken, mail.uid)
    }

    fn take_lines(&self, scan: &mut Scan, taken: &Taken, uid: u32) -> Result<(), LogError> {
        for lines in taken.lines.chunks(PAGE) {
            let ids = lines.iter().map(|line| id_of(&line.json).map(|id| (id, line)));
            let (records, strays): (Vec<_>, Vec<_>) = ids.zip(lines).partition(|(id, _)| id.is_some());
            scan.strays.extend(strays.into_iter().map(|(_, line)| line.clone()));
            let records: Vec<(OpId, &LogLine)> = records.into_iter().filter_map(|(record, _)| record).collect();
            let held = self.store.log_holds(&self.account, &records)?;
            for ((id, line), held) in records.into_iter().zip(held) {
                scan.claims.take(id, line, (taken, uid), held);
            }
        }
        Ok(())
    }

    /// Makes the snapshot that gives a new UIDVALIDITY its epoch and keeps the order that we know, as far as older snapshots that still lie
    /// there claim nothing lower: whoever reads all of the folder goes by them too. What we never read stands behind that by cause, since
    /// its UIDs say nothing any more; what was written under the new UIDVALIDITY keeps its UIDs' order.
    fn with_our_order(&self, state: &State, scan: &mut Scan, validity: u32) -> Result<Vec<Vec<u8>>, LogError> {
        let epoch = state.epoch.max(scan.reading.other_epoch).saturating_add(1);
        let mut builder = self.builder(epoch, validity, scan.reading.last, scan.reading.trust.newest());
        let words = ErasedWords::of(&self.store, &scan.unplaced())?;
        self.each_line(|line| {
            let Some(id) = id_of(&line.json) else { return builder.push(line) };
            scan.claims.keep(id, line.place);
            let lowest = scan.claims.at_lowest(id, line.json);
            lowest.into_iter().for_each(|line| builder.push(words.taken_out_of(line)));
        })?;
        let unplaced = scan.unplaced().into_iter().map(|line| words.taken_out_of(line));
        let (new, old): (Vec<_>, Vec<_>) = unplaced.partition(|line| knew(&line.json, validity));
        let behind = LogPlace { epoch: state.epoch, validity: state.validity, uid: u32::MAX, index: 0 };
        for (line, index) in by_cause(old).into_iter().zip(0..) {
            let place = if line.place.epoch == UNKNOWN_EPOCH { LogPlace { index, ..behind } } else { line.place };
            builder.push(LogLine { place, ..line });
        }
        for line in new {
            builder.push(LogLine { place: LogPlace { epoch, ..line.place }, ..line });
        }
        Ok(builder.finish())
    }

    /// Makes the snapshot that gives a restored folder its epoch: what stands in it, at the places that it says. What the backup lost is
    /// not in it, and is pushed again behind all that was written since.
    fn with_its_order(&self, state: &State, scan: &Scan, validity: u32) -> Result<Vec<Vec<u8>>, LogError> {
        let named = scan.reading.named_epoch;
        let own = named.unwrap_or(state.epoch);
        let epoch = state.epoch.max(scan.reading.other_epoch).max(own).saturating_add(1);
        let of = |place: &LogPlace| match place.epoch {
            UNKNOWN_EPOCH => LogPlace { epoch: own, ..*place },
            _ => *place,
        };
        let mut builder = self.builder(epoch, validity, scan.reading.last, scan.reading.trust.newest());
        let words = ErasedWords::of(&self.store, &scan.unplaced())?;
        let (mut put, mut strays): (HashSet<OpId>, HashSet<String>) = Default::default();
        let mut put_line = |line: LogLine| {
            let Some(id) = id_of(&line.json) else {
                if strays.insert(line.json.clone()) {
                    builder.push(line);
                }
                return;
            };
            if let Some(line) = scan.claims.at_lowest(id, line.json).filter(|_| put.insert(id)) {
                builder.push(words.taken_out_of(LogLine { place: of(&line.place), ..line }));
            }
        };
        self.each_line(&mut put_line)?;
        for line in scan.unplaced() {
            put_line(LogLine { place: of(&line.place), ..line });
        }
        Ok(builder.finish())
    }

    /// Appends a snapshot of all that we know to be on the log.
    pub(super) fn snapshot(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        if self.state.as_ref().is_none_or(|state| state.guessed || state.unadopted) {
            return Ok(());
        }
        self.ensure_key(folder, pass)?;
        self.drop_refused(&Claims::default(), pass)?;
        let Some(state) = self.state.clone().filter(|state| !state.guessed && !state.unadopted) else {
            return Ok(());
        };
        let mut builder = self.builder(state.epoch, state.validity, state.head, self.signing_key());
        self.each_line(|line| builder.push(line))?;
        append_all(folder, builder.finish(), self.store.author().clock.now(), pass)?;
        self.read(folder, pass)?;
        // A server that refuses it is not asked again before as many mails have come.
        match self.state.clone() {
            Some(state) if state.since >= self.settings.compact_after => self.save(State { since: 0, ..state }),
            _ => Ok(()),
        }
    }

    /// Begins a snapshot, signed with this key.
    fn builder(&self, epoch: u32, validity: u32, covers: u32, key: Option<Key>) -> Builder<'_> {
        let author = self.store.author();
        let header = Header::new(author.ids.next(), epoch, validity, covers, author.clock.now());
        Builder::new(Making { header, actor: &author.actor, from: &self.settings.from, key })
    }

    fn named(&self) -> Vec<String> {
        self.settings.named.iter().map(ToString::to_string).collect()
    }

    /// Tells whether the mails that were read were judged by the rules of now.
    pub(super) fn is_judged(&self, state: &State) -> bool {
        state.rules >= RULES && state.named == self.named()
    }

    fn each_line(&self, mut each: impl FnMut(LogLine)) -> Result<(), LogError> {
        let mut after = None;
        loop {
            let lines = self.store.log_lines(&self.account, after, PAGE)?;
            let Some(last) = lines.last() else { return Ok(()) };
            after = Some(last.place);
            lines.into_iter().for_each(&mut each);
        }
    }

    /// Forgets that most of the folder looked delivered where that is so no more, and nothing that is here depends on it.
    fn outgrow(&mut self) -> Result<(), LogError> {
        let Some(state) = self.state.clone().filter(|state| state.unadopted) else { return Ok(()) };
        let refused = self.store.log_refused(&self.account, state.validity)?.len();
        let few = u64::try_from(refused).is_ok_and(|refused| refused.saturating_mul(2) <= state.since);
        if few && self.store.log_places_refused(&self.account)?.is_empty() {
            self.save(State { unadopted: false, ..state })?;
        }
        Ok(())
    }

    /// Looks after the folder: mails that somebody deleted come back as a snapshot, a long log is compacted, and what an old snapshot
    /// covers is removed.
    pub(super) fn look_after(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        self.outgrow()?;
        let Some(state) = self.state.clone() else { return Ok(()) };
        if !self.compared {
            let present: HashSet<u32> = folder.uids()?.into_iter().collect();
            self.counted = u32::try_from(present.len()).ok();
            let covers = if present.contains(&state.snapshot) { state.covers } else { 0 };
            let known = self.store.log_uids(&self.account, state.epoch, state.validity)?;
            let gone = known.iter().any(|uid| *uid > covers && !present.contains(uid));
            let unsnapped = state.snapshot > 0 && covers == 0;
            let keys = self.reading.as_ref().map_or(0, |reading| reading.keys_at(&present));
            let emptied = present.len() <= keys && self.store.log_places_any(&self.account)?;
            if unsnapped {
                // What is gone covers nothing: the next one does, whatever this one said.
                self.save(state.without_snapshot())?;
                self.reading.iter_mut().for_each(|reading| reading.retain(&present));
            }
            if gone || unsnapped || emptied {
                self.snapshot(folder, pass)?;
            }
            self.compared = true;
            self.remove_old(folder, &present, pass)?;
        }
        // Whoever pushes compacts; whoever only reads waits, so that not everybody does it at once.
        let enough = self.settings.compact_after.saturating_mul(if pass.pushed > 0 { 1 } else { 2 });
        if self.state.as_ref().is_some_and(|state| state.since >= enough) {
            self.snapshot(folder, pass)?;
        }
        Ok(())
    }
}

fn append_all(
    folder: &mut dyn LogFolder,
    mails: Vec<Vec<u8>>,
    at: Timestamp,
    pass: &mut LogPass,
) -> Result<(), LogError> {
    for mail in mails {
        match folder.append(&mail, Some(at)) {
            Ok(_) => pass.appended += 1,
            Err(error @ (FolderError::Refused(_) | FolderError::Full(_))) => {
                tracing::warn!(%error, "the server refused a snapshot of the log");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
