//! An account's log in a folder of its mailbox: pull, push, and reading back what was pushed.
//!
//! A record is pushed when it was read back, not when the server said so: a lost answer means that nobody knows. Every pass therefore
//! begins with reading, which finds what an earlier try left there, and only what still has no place is appended.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::codec::{self, Setting};
use super::folder::{FolderError, LogFolder, LogMail, Opened, Witness};
use super::history::is_founding;
use super::reading::{self, Claims, Complete, Reading};
use super::sign::{Fingerprint, Key};
use super::sink::Sink;
use super::values::targets;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, OpId};
use crate::model::stop::Stop;
use crate::op::describe::Names;
use crate::op::operation::TARGETS_MAX;
use crate::op::record::{LogPosition, Record};
use crate::store::{LogLine, Store, StoreError};
pub use crate::sync::log::LogPass;

/// How the log is kept.
#[derive(Clone, Debug)]
pub struct LogSettings {
    /// The address that the log's mails come from: the inbox's.
    pub from: Address,
    /// A snapshot is made after so many mails: servers get slow with many (Courier from 5,000 on).
    pub compact_after: u64,
    /// Mails that a snapshot covers are removed after so many days, at the earliest; `None` keeps them.
    pub keep_days: Option<u32>,
    /// Bytes of records in one mail, before compression.
    pub mail_bytes: usize,
    /// Records in one mail.
    pub mail_records: usize,
    /// Keys that the config names: they count wherever they stand.
    pub named: Vec<Fingerprint>,
}

impl LogSettings {
    /// Returns the usual settings with this address.
    pub fn new(from: Address) -> Self {
        Self {
            from,
            compact_after: 5_000,
            keep_days: Some(90),
            mail_bytes: 8 * 1024 * 1024,
            mail_records: 5_000,
            named: Vec::new(),
        }
    }
}

/// Why a pass ended early.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The folder or the connection.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The local store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server took a mail and never shows it.
    #[error("{}", say!("log-not-shown"))]
    NotShown,
}

impl LogError {
    /// Tells whether the server refused something and the connection goes on: mail can come and go all the same.
    pub fn is_refusal(&self) -> bool {
        match self {
            Self::Store(_) | Self::Folder(FolderError::Lost(_) | FolderError::Missing(_)) => false,
            Self::Folder(FolderError::Throttled { .. }) => false,
            Self::Folder(_) | Self::NotShown => true,
        }
    }
}

/// How far this client has read. Kept in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// The folder's UIDVALIDITY.
    pub validity: u32,
    /// The epoch that belongs to it.
    pub epoch: u32,
    /// The highest UID that was read.
    pub head: u32,
    /// What the newest snapshot covers; 0 without one.
    pub covers: u32,
    /// The UID of its first part.
    pub snapshot: u32,
    /// When the server took its last part in, in milliseconds since 1970.
    pub snapshot_at: i64,
    /// Mails since then.
    pub since: u64,
    /// Whether the epoch is only our guess, because we could not write a snapshot that says it.
    #[serde(default)]
    pub guessed: bool,
    /// Whether parts of a snapshot were still missing.
    #[serde(default)]
    pub incomplete: bool,
    /// The highest UIDNEXT that was told under this UIDVALIDITY; 0 where none was.
    #[serde(default)]
    pub seen_next: u32,
    /// The highest HIGHESTMODSEQ that was told under it; 0 where none was.
    #[serde(default)]
    pub seen_modseq: u64,
    /// The Message-IDs of the mails with the highest UIDs that were read: whether these still stand there.
    #[serde(default)]
    pub witnesses: Vec<Witness>,
    /// Conversations that the agent had before the order was established anew, while nobody was told what became of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mine: Vec<ConversationId>,
    /// The rules by which mails were judged.
    #[serde(default)]
    pub rules: u32,
    /// Whether the server writes fields of delivery into what clients put into the folder.
    #[serde(default)]
    pub adds_headers: bool,
    /// Whether most mails look delivered and nobody has looked at them.
    #[serde(default)]
    pub unadopted: bool,
    /// The keys that the config named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
}

/// The rules by which mails are judged; who has judged them by older ones reads the folder again.
pub(super) const RULES: u32 = 1;

impl State {
    /// Forgets a snapshot that said it covers itself: older versions believed it.
    fn possible(self) -> Self {
        if self.snapshot > 0 && self.covers >= self.snapshot { self.without_snapshot() } else { self }
    }

    /// As if no snapshot had been read.
    pub(super) fn without_snapshot(self) -> Self {
        Self { covers: 0, snapshot: 0, snapshot_at: 0, ..self }
    }

    pub(super) fn covered_by(&mut self, complete: &Complete, mails_after: u64) {
        if complete.covers > self.covers || self.snapshot == 0 {
            self.covers = complete.covers;
            self.snapshot = complete.first;
            self.snapshot_at = complete.at;
            self.since = mails_after;
        }
    }
}

/// The log over IMAP. The folder is handed to each call, so that one connection can serve the log and the mail in turn.
pub struct ImapLog {
    pub(super) store: Store,
    /// Whose log it is.
    pub(super) account: AccountId,
    pub(super) settings: LogSettings,
    pub(super) state: Option<State>,
    pub(super) reading: Option<Reading>,
    /// Records that the server acknowledged and has not shown: not appended again while this lives.
    acknowledged: HashSet<OpId>,
    /// Whether the folder was compared with what we know.
    pub(super) compared: bool,
    /// Asked in the middle of long work; that of the folder at hand.
    pub(super) stop: Stop,
    /// How many mails the folder has by our count since it was compared.
    pub(super) counted: Option<u32>,
    /// When the witnesses were last asked for.
    pub(super) asked: Option<Timestamp>,
    /// All mails up to this UID count, because somebody looked at them.
    pub(super) adopting: Option<u32>,
    /// From where on the team wants signatures, beside what the store says.
    #[cfg(test)]
    pub(super) wanted: Vec<(crate::store::LogPlace, bool)>,
}

/// How often a mail that was appended is looked for.
pub(super) const LOOKS: usize = 8;

impl ImapLog {
    /// Takes up an account's log where the store left it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new(store: Store, account: AccountId, settings: LogSettings) -> Result<Self, StoreError> {
        if store.team().inboxes.is_empty() {
            // Nobody said which accounts there are: this is the one.
            store.adopt_log(&account)?;
        }
        let state: Option<State> = store.log_state(&account)?.and_then(|json| serde_json::from_str(&json).ok());
        Ok(Self {
            store,
            account,
            settings,
            state: state.map(State::possible),
            reading: None,
            acknowledged: HashSet::new(),
            compared: false,
            counted: None,
            asked: None,
            adopting: None,
            #[cfg(test)]
            wanted: Vec::new(),
            stop: Stop::never(),
        })
    }

    /// Returns whose log it is.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    fn begin(&self) -> LogPass {
        let several = self.store.team().inboxes.iter().any(|inbox| inbox.account != self.account);
        LogPass { account: several.then(|| self.account.clone()), ..LogPass::default() }
    }

    /// Reads what is new, pushes what is not on the server, and looks after the folder. What the server refuses is no error: it stands in
    /// [`LogPass::trouble`], because what was read counts all the same.
    ///
    /// # Errors
    /// When the connection ends, the server throttles or does not open the folder, or the store fails. Nothing is lost: the next pass goes on.
    pub fn sync(&mut self, folder: &mut dyn LogFolder) -> Result<LogPass, LogError> {
        let mut pass = self.begin();
        let Some(opened) = self.look(folder, &mut pass)? else { return Ok(pass) };
        // Fewer than there were and came: somebody removed some.
        self.compared &= self.counted.zip(opened.messages).is_none_or(|(counted, told)| told >= counted);
        if !pass.read_only {
            match self.write(folder, &mut pass) {
                // The right to insert can be missing where the folder itself can be opened for writing.
                Err(LogError::Folder(FolderError::ReadOnly(_))) => pass.read_only = true,
                Err(error) if error.is_refusal() => pass.trouble = Some(error.told(pass.account.as_ref())),
                done => done?,
            }
        }
        self.tell_overturned(&mut pass)?;
        pass.unadopted = self.state.as_ref().is_some_and(|state| state.unadopted);
        Ok(pass)
    }

    /// Tells which claims fell when the order was established anew, once what was lost has been pushed again.
    fn tell_overturned(&mut self, pass: &mut LogPass) -> Result<(), LogError> {
        let Some(state) = self.state.clone().filter(|state| !state.mine.is_empty()) else { return Ok(()) };
        pass.notices.extend(self.store.log_overturned(&state.mine)?);
        self.save(State { mine: Vec::new(), ..state })
    }

    /// Reads what is new. A folder that is not there and can't be made holds nothing: that stands in [`LogPass::trouble`].
    ///
    /// # Errors
    /// As [`ImapLog::sync`].
    pub fn pull(&mut self, folder: &mut dyn LogFolder) -> Result<LogPass, LogError> {
        let mut pass = self.begin();
        self.look(folder, &mut pass)?;
        pass.unadopted = self.state.as_ref().is_some_and(|state| state.unadopted);
        Ok(pass)
    }

    /// Opens the folder and reads what is new; `None` where it is not there and can't be made.
    fn look(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<Option<Opened>, LogError> {
        let opened = match self.arrive(folder, pass) {
            Err(error @ LogError::Folder(FolderError::NotMade { .. })) => {
                pass.trouble = Some(error.told(pass.account.as_ref()));
                return Ok(None);
            }
            opened => opened?,
        };
        self.read(folder, pass)?;
        Ok(Some(opened))
    }

    /// Writes a snapshot now, after reading what is new.
    ///
    /// # Errors
    /// As [`ImapLog::sync`].
    pub fn compact(&mut self, folder: &mut dyn LogFolder) -> Result<LogPass, LogError> {
        let mut pass = self.pull(folder)?;
        self.snapshot(folder, &mut pass)?;
        Ok(pass)
    }

    /// Opens the folder and reads it from the beginning where it is new to us or has become another.
    fn arrive(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<Opened, LogError> {
        self.stop = folder.stop();
        let opened = folder.open()?;
        pass.read_only = opened.read_only;
        let restored = self.was_restored(folder, &opened)?;
        let forgot = |state: &State| state.incomplete && self.reading.is_none() || !self.is_judged(state);
        if restored || self.state.as_ref().is_none_or(|state| state.validity != opened.validity || forgot(state)) {
            self.reading = None;
            self.establish(folder, &opened, restored, pass)?;
        }
        if let Some(state) = &mut self.state {
            state.note_seen(&opened);
        }
        Ok(opened)
    }

    /// Reads what lies behind the head.
    pub(super) fn read(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        let Some(mut state) = self.state.clone() else { return Ok(()) };
        folder.noop()?;
        if let Some(change) = self.store.thread_pending(&self.stop)? {
            pass.touched(change);
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            None => {
                let mut reading = Reading::new(state.validity, state.epoch, self.trust(state.validity)?);
                reading.refused_before = self.store.log_refused(&self.account, state.validity)?;
                reading
            }
        };
        reading.begin();
        reading.trust.signing = self.signing()?;
        let head = state.head;
        let stop = self.stop.clone();
        let mut sink = Sink::new(&self.store, &self.account, &stop);
        let mut doubtful = Vec::new();
        let fetched = folder.fetch_after(head, &mut |mail: LogMail| {
            // `n:*` names the last mail even where its UID is lower (RFC 3501 section 6.4.8).
            if mail.uid <= head || stop.is_asked() {
                return;
            }
            let taken = reading.take(&mail);
            // A snapshot says what we have, or what has to be read from the beginning.
            if taken.is_doubtful() {
                doubtful.extend(taken.lines);
            } else if taken.header.is_none() {
                sink.add(taken.lines);
            }
        });
        let change = sink.finish()?;
        if !doubtful.is_empty() {
            let lines = self.store.log_as_held(&self.account, doubtful)?;
            pass.touched(self.store.ingest_log_until(&self.account, lines, &stop)?);
        }
        fetched?;
        if stop.is_asked() {
            return Err(StoreError::Stopped.into());
        }
        reading.count(pass);
        if let Some(change) = change {
            pass.touched(change);
        }
        self.keep_keys(&reading, state.validity)?;
        self.refuse(&reading, &state, pass)?;
        reading.trust.signing = self.signing()?;
        let anew = reading.is_unsettled() || self.must_establish(folder, &state, &mut reading)?;
        if anew {
            let opened = folder.open()?;
            return self.establish(folder, &opened, false, pass);
        }
        self.counted = self.counted.map(|n| n.saturating_add(u32::try_from(reading.mails).unwrap_or(u32::MAX)));
        if reading.last > head {
            state.head = reading.last;
            state.witnesses = reading.witnesses(&state.witnesses);
            state.since += reading.mails;
            state.incomplete = reading.is_incomplete();
            if let Some(complete) = reading.newest_snapshot() {
                state.covered_by(&complete, u64::from(reading.last.saturating_sub(complete.covers)));
            }
            self.save(state)?;
        }
        self.reading = Some(reading);
        Ok(())
    }

    /// Tells whether what was read shows that the places we gave are not those of the folder: the epoch is another, a snapshot says
    /// something else than what we have, or mails have got new UIDs under the same UIDVALIDITY (Dovecot's dsync does that to mails in
    /// conflict).
    fn must_establish(
        &self,
        folder: &mut dyn LogFolder,
        state: &State,
        reading: &mut Reading,
    ) -> Result<bool, LogError> {
        if reading.named_epoch.is_some_and(|named| named > state.epoch || state.guessed) {
            return Ok(true);
        }
        for snapshot in reading.take_whole() {
            if !self.has_all_of(state.epoch, &snapshot)? {
                return Ok(true);
            }
        }
        let ids: Vec<OpId> = reading.seen.keys().copied().collect();
        let mut moved = HashSet::new();
        for (id, place) in self.store.log_places(&self.account, &ids)? {
            let here = reading.seen.get(&id).copied().unwrap_or(0);
            if place.epoch == state.epoch && place.uid > state.covers && place.uid != here {
                moved.insert(place.uid);
            }
        }
        if moved.is_empty() {
            return Ok(false);
        }
        let present: HashSet<u32> = folder.uids()?.into_iter().collect();
        Ok(moved.iter().any(|uid| !present.contains(uid)))
    }

    pub(super) fn save(&mut self, state: State) -> Result<(), LogError> {
        let json = serde_json::to_string(&state).unwrap_or_default();
        self.store.set_log_state(&self.account, &json)?;
        self.store.set_log_head(&self.account, LogPosition { validity: state.validity, uid: state.head })?;
        self.state = Some(state);
        Ok(())
    }

    /// Appends what has no place, and reads it back.
    pub(super) fn push(&mut self, folder: &mut dyn LogFolder, pass: &mut LogPass) -> Result<(), LogError> {
        let mut at_most = self.settings.mail_records;
        loop {
            let waiting: Vec<(OpId, String)> = self
                .store
                .unpushed_of(&self.account, at_most + self.acknowledged.len())?
                .into_iter()
                .filter(|(id, _)| !self.acknowledged.contains(id))
                .collect();
            let batch = self.one_mail(waiting, at_most);
            if batch.is_empty() {
                return if self.acknowledged.is_empty() { Ok(()) } else { Err(LogError::NotShown) };
            }
            self.ensure_key(folder, pass)?;
            let key = self.signing_key();
            let Some(raw) = self.mail_of(&batch, key.as_ref()) else { return Ok(()) };
            // Where history ends is said in the server's time, and this mail tells it.
            let at = Some(self.store.author().clock.now()).filter(|_| !batch.iter().any(|(_, json)| is_founding(json)));
            let uid = match folder.append(&raw, at) {
                Ok(placed) => placed.map(|(_, uid)| uid),
                // Too large for this server, perhaps: half of it may pass.
                Err(FolderError::Refused(_) | FolderError::Full(_)) if batch.len() > 1 => {
                    at_most = batch.len() / 2;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            pass.appended += 1;
            self.read_back(folder, &batch, uid, pass)?;
        }
    }

    fn one_mail(&self, waiting: Vec<(OpId, String)>, at_most: usize) -> Vec<(OpId, String)> {
        let (mut bytes, mut on) = (0, 0);
        let fits = |(_, json): &(OpId, String)| {
            let first = bytes == 0;
            bytes += json.len();
            on += targets(json);
            first || (bytes <= self.settings.mail_bytes && on <= TARGETS_MAX)
        };
        waiting.into_iter().take(at_most).take_while(fits).collect()
    }

    pub(super) fn mail_of(&self, batch: &[(OpId, String)], key: Option<&Key>) -> Option<Vec<u8>> {
        let lines: Vec<&str> = batch.iter().map(|(_, json)| json.as_str()).collect();
        let setting = Setting {
            from: &self.settings.from,
            subject_of: &|id| self.store.subject_of(id).ok().flatten(),
            names: Names {
                subject: &|id| self.store.message_subject(id).ok().flatten(),
                behind: &|of| self.store.behind(of).unwrap_or_default(),
            },
            time: &say,
            key,
        };
        codec::encode(&lines, &setting)
    }

    /// Reads until the records just appended have a place.
    fn read_back(
        &mut self,
        folder: &mut dyn LogFolder,
        batch: &[(OpId, String)],
        uid: Option<u32>,
        pass: &mut LogPass,
    ) -> Result<(), LogError> {
        let ids: Vec<OpId> = batch.iter().map(|(id, _)| *id).collect();
        for _ in 0..LOOKS {
            self.read(folder, pass)?;
            let reading = self.reading.as_ref();
            let seen = || ids.first().and_then(|id| reading?.seen.get(id).copied());
            if let Some(adds) = uid.or_else(seen).and_then(|uid| reading?.looks_delivered(uid)) {
                self.adds_headers(folder, adds, pass)?;
            }
            if self.store.log_places(&self.account, &ids)?.len() == ids.len() {
                pass.pushed += ids.len() as u64;
                return Ok(());
            }
        }
        self.acknowledged.extend(ids);
        Ok(())
    }
}

/// Writes a moment for the sentences of the log: in UTC, because people of several zones read it.
pub(super) fn say(at: Timestamp) -> String {
    match jiff::Timestamp::from_millisecond(at.0) {
        Ok(at) => at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        Err(_) => "at an unknown time".to_owned(),
    }
}

/// Reads the record of a line and tells whether its author had already folded this UIDVALIDITY.
pub(super) fn knew(json: &str, validity: u32) -> bool {
    Record::parse(json).is_ok_and(|record| record.after.is_some_and(|after| after.validity == validity))
}

/// Takes in the place of a record as the store has it.
pub(super) fn claim_held(claims: &mut Claims, line: &LogLine) {
    if let Some(id) = reading::id_of(&line.json) {
        claims.keep(id, line.place);
    }
}

#[cfg(test)]
#[path = "imap_log_tests.rs"]
pub(super) mod tests;

#[cfg(test)]
#[path = "accounts_tests.rs"]
mod accounts_tests;
