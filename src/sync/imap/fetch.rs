//! One pass over one folder: what changed, what went, what is new. Whatever was stored stays stored, wherever it is interrupted.
//!
//! The network runs on the caller's thread; mail is read on a second and written on a third, each a portion behind.

use std::sync::mpsc::{SyncSender, sync_channel};

use super::error::ImapError;
use super::fetched::Fetched;
use super::keep::Keep;
use super::plan::{self, Mode, Portion, Start};
use super::session::{FolderState, Selected, Session, uid_sets};
use super::trust;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::store::{Content, Folder, Incoming, PassEnd, StoreError};
use crate::sync::error::SyncError;

const WHOLE: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])";
const HEADERS: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])";
/// A large body comes in pieces of this many bytes, so that it can be interrupted and a slow line does not run into a timeout.
const PIECE: usize = 1 << 20;
/// No body larger than this is fetched: it could not be shown either.
pub const BODY_MAX: usize = 128 << 20;

/// How far a pass is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The folder.
    pub folder: String,
    /// Messages fetched in this pass over the folder.
    pub done: u64,
    /// Messages that it will fetch, as far as is known.
    pub total: u64,
}

/// What a pass over one folder did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderPass {
    /// The folder.
    pub name: String,
    /// Messages fetched.
    pub fetched: usize,
    /// Messages that were not known before, in any folder.
    pub new: usize,
    /// Messages that went.
    pub expunged: usize,
    /// Messages that the server lost: its UIDs became void, and they are not there any more. They stay readable here.
    pub lost: usize,
    /// Messages whose flags were told.
    pub flagged: usize,
    /// Whether the folder did not even have to be opened.
    pub unchanged: bool,
    /// The latest INTERNALDATE among the new messages.
    pub newest: Option<Timestamp>,
}

/// A pass over one folder.
pub(super) struct FolderRun<'a, K> {
    pub keep: &'a K,
    pub session: &'a mut Session,
    pub folder: Folder,
    pub body_limit: u64,
    pub progress: &'a mut dyn FnMut(Progress),
}

impl<K: Keep> FolderRun<'_, K> {
    /// Runs it. `state` is what STATUS told.
    pub(super) fn run(mut self, state: &FolderState) -> Result<FolderPass, SyncError> {
        let mode = Mode::of(self.session.capabilities());
        let mut report = FolderPass { name: self.folder.name.clone(), ..FolderPass::default() };
        if self.is_unchanged(mode, state)? {
            report.unchanged = true;
            return Ok(report);
        }
        let here = self.keep.uids(self.folder.id)?;
        let (selected, mode) = self.open(mode, state)?;
        let told = trust::told(&selected, state);
        let validity = told.validity.unwrap_or(1);
        let uid_next = self.uid_next(&selected, state, &here)?;
        let start = self.trust(&told, validity)?;
        let mut begun = self.begin(start, &told, (validity, uid_next), here)?;
        if let Start::From(next) = start {
            let gone = self.changes(mode, &selected, &begun.here, next, &mut report)?;
            begun.here = plan::without(&begun.here, &gone);
        }
        let messages = self.bring_in(begun, uid_next, &selected, &mut report)?;
        let modseq = selected.state.modseq.filter(|n| *n > 0);
        let flags_below = self.folder.flags_below;
        let end = PassEnd { validity, uid_next, modseq, messages: Some(messages), flags_below, at: self.keep.now() };
        report.lost = self.keep.lost(self.folder.id)?;
        self.keep.finish_pass(self.folder.id, end)?;
        Ok(report)
    }

    fn is_unchanged(&self, mode: Mode, state: &FolderState) -> Result<bool, SyncError> {
        if plan::is_to_check(&self.folder, self.keep.now()) {
            return Ok(false);
        }
        if let Some(here) = self.folder.messages {
            return Ok(plan::is_unchanged(mode, &self.folder, here, state));
        }
        // A store of an older postroom does not know its number: it is counted once.
        let here = count(self.keep.uids(self.folder.id)?.len());
        let unchanged = plan::is_unchanged(mode, &self.folder, here, state);
        if let (true, Some(validity), Some(uid_next)) = (unchanged, state.validity, state.uid_next) {
            let (modseq, at) = (self.folder.modseq, self.keep.now());
            let end = PassEnd { validity, uid_next, modseq, messages: Some(here), flags_below: None, at };
            self.keep.finish_pass(self.folder.id, end)?;
        }
        Ok(unchanged)
    }

    /// Opens the folder; returns by which way changes are told then.
    fn open(&mut self, mode: Mode, state: &FolderState) -> Result<(Selected, Mode), SyncError> {
        let name = self.folder.name.clone();
        // A server that was restored does not know our MODSEQ.
        let went_back = plan::went_back(&self.folder, state);
        let complete = self.folder.last_pass.and(self.folder.uid_next).filter(|_| !went_back);
        if let (Mode::Qresync, Some(validity), Some(modseq), Some(next)) =
            (mode, self.folder.validity, self.folder.modseq, complete)
        {
            match self.session.examine_since(&name, validity, modseq, next.saturating_sub(1)) {
                Ok(selected) => return Ok((selected, mode)),
                // What a server offers is not always what it does.
                Err(ImapError::Bad(_) | ImapError::No { .. }) if self.session.is_usable() => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mode = if mode == Mode::Qresync { Mode::Condstore } else { mode };
        Ok((self.session.examine(&name)?, mode))
    }

    fn uid_next(&mut self, selected: &Selected, state: &FolderState, here: &[u32]) -> Result<u32, SyncError> {
        if let Some(next) = selected.state.uid_next.max(state.uid_next) {
            return Ok(next.max(1));
        }
        let highest = self.session.search("ALL")?.last().copied().max(here.last().copied());
        Ok(highest.unwrap_or(0).saturating_add(1))
    }

    /// Takes in what changed of the messages below `next`; returns the UIDs that went.
    fn changes(
        &mut self,
        mode: Mode,
        selected: &Selected,
        here: &[u32],
        next: u32,
        report: &mut FolderPass,
    ) -> Result<Vec<u32>, SyncError> {
        let highest = next.saturating_sub(1);
        let flags = match mode {
            Mode::Qresync => selected.changed.clone(),
            Mode::Condstore => match (self.folder.modseq, selected.state.modseq) {
                (Some(old), Some(new)) if old != new && highest > 0 => {
                    self.session.uid_fetch(&format!("1:{highest}"), &format!("(UID FLAGS) (CHANGEDSINCE {old})"))?
                }
                _ => Vec::new(),
            },
            Mode::Plain => {
                let (windows, below) = plan::flag_windows(here, self.folder.flags_below);
                self.folder.flags_below = below;
                let set: Vec<String> = windows.iter().map(|w| format!("{}:{}", w.start(), w.end())).collect();
                self.session.uid_fetch(&set.join(","), "(UID FLAGS)")?
            }
        };
        let told: Vec<_> = flags
            .into_iter()
            .filter(|f| here.binary_search(&f.uid).is_ok())
            .filter_map(|f| Some((f.uid, f.flags?, f.modseq)))
            .collect();
        if !told.is_empty() {
            report.flagged = told.len();
            self.keep.set_flags(self.folder.id, told)?;
        }
        let gone = plan::within(here, &selected.vanished);
        self.expunge(&gone, report)?;
        Ok(gone)
    }

    fn expunge(&self, gone: &[u32], report: &mut FolderPass) -> Result<(), SyncError> {
        if !gone.is_empty() {
            report.expunged += gone.len();
            self.keep.expunge(self.folder.id, gone)?;
        }
        Ok(())
    }

    /// Fetches what is new, then compares the count and makes up for what the numbers hid. Returns how many messages are here then.
    fn bring_in(
        &mut self,
        begun: Begun,
        uid_next: u32,
        selected: &Selected,
        report: &mut FolderPass,
    ) -> Result<u32, SyncError> {
        let exists = selected.state.messages.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let Begun { here, lowest, listed } = begun;
        let (keep, id) = (self.keep, self.folder.id);
        let (new, messages) = pipeline(keep, id, |send| {
            let mut inflow = Inflow { run: self, send, here, fetched: Vec::new(), total: 0, report, exists };
            match listed {
                Some(uids) => inflow.fetch_listed(&uids)?,
                None => {
                    for window in plan::windows(lowest, uid_next.saturating_sub(1)) {
                        inflow.fetch_window(*window.start(), *window.end())?;
                    }
                }
            }
            inflow.compare(uid_next)?;
            Ok(count(inflow.here.len() + inflow.fetched.len()))
        })?;
        report.new += new;
        Ok(messages)
    }
}

/// Where a pass begins.
pub(super) struct Begun {
    /// The UIDs that are here.
    pub here: Vec<u32>,
    /// The lowest UID to look at.
    pub lowest: u32,
    /// The UIDs to fetch, where they are known already.
    pub listed: Option<Vec<u32>>,
}

struct Inflow<'a, 'b, K> {
    run: &'a mut FolderRun<'b, K>,
    send: &'a SyncSender<Vec<Incoming>>,
    /// What was here before, ascending.
    here: Vec<u32>,
    fetched: Vec<u32>,
    total: u64,
    report: &'a mut FolderPass,
    exists: usize,
}

impl<K: Keep> Inflow<'_, '_, K> {
    fn fetch_window(&mut self, from: u32, to: u32) -> Result<(), SyncError> {
        if self.here.is_empty() && self.fetched.len() >= self.exists {
            // Everything that exists has come; what lies below are UIDs of the past.
            return Ok(());
        }
        let told = self.run.session.uid_fetch(&format!("{from}:{to}"), "(UID RFC822.SIZE)")?;
        // A range beyond the last message returns the last message (RFC 3501 section 6.4.8).
        let told = told.into_iter().filter(|f| (from..=to).contains(&f.uid)).map(|f| (f.uid, f.size)).collect();
        self.fetch(told)
    }

    fn fetch_listed(&mut self, uids: &[u32]) -> Result<(), SyncError> {
        for set in uid_sets(uids) {
            let told = self.run.session.uid_fetch(&set, "(UID RFC822.SIZE)")?;
            let told = told.into_iter().filter(|f| uids.binary_search(&f.uid).is_ok()).map(|f| (f.uid, f.size));
            self.fetch(told.collect())?;
        }
        Ok(())
    }

    fn fetch(&mut self, mut told: Vec<(u32, Option<u64>)>) -> Result<(), SyncError> {
        told.retain(|(uid, _)| self.here.binary_search(uid).is_err() && self.fetched.binary_search(uid).is_err());
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        self.total += count(told.len());
        let first = self.fetched.is_empty();
        for portion in plan::portions(told, self.run.body_limit, first) {
            let batch = fetch_portion(self.run.session, &portion, self.run.keep.now())?;
            self.fetched.extend(batch.iter().map(|m| m.uid));
            self.fetched.sort_unstable();
            self.report.fetched += batch.len();
            self.report.newest = self.report.newest.max(batch.iter().map(|m| m.arrived).max());
            if !batch.is_empty() {
                // Only a store that failed hangs up, and its error is the one that is told.
                self.send.send(batch).map_err(|_| ImapError::Stopped)?;
            }
            let left = self.exists.saturating_sub(self.here.len());
            let total = self.total.max(count(left));
            let folder = self.run.folder.name.clone();
            (self.run.progress)(Progress { folder, done: count(self.report.fetched), total });
        }
        Ok(())
    }

    /// Where the count is not what the server says, the UIDs are compared one by one.
    fn compare(&mut self, uid_next: u32) -> Result<(), SyncError> {
        if self.here.len() + self.fetched.len() == self.exists {
            return Ok(());
        }
        let server = self.run.session.search("ALL")?;
        let gone = plan::without(&self.here, &server);
        self.run.expunge(&gone, self.report)?;
        let mut known = plan::without(&self.here, &gone);
        known.extend(&self.fetched);
        known.sort_unstable();
        let mut missing = plan::without(&server, &known);
        // What came in meanwhile is for the next pass.
        missing.retain(|uid| *uid < uid_next);
        self.here = known;
        self.fetched.clear();
        self.fetch_listed(&missing)
    }
}

fn count(messages: usize) -> u32 {
    u32::try_from(messages).unwrap_or(u32::MAX)
}

/// Runs `work` with a channel to the store, which works on other threads; returns how many messages were new, and what `work` did.
fn pipeline<K: Keep, T>(
    keep: &K,
    folder: i64,
    work: impl FnOnce(&SyncSender<Vec<Incoming>>) -> Result<T, SyncError>,
) -> Result<(usize, T), SyncError> {
    std::thread::scope(|scope| {
        // Nothing waits in a channel: portions are held only by the three that work.
        let (send, receive) = sync_channel::<Vec<Incoming>>(0);
        let (hand, take) = sync_channel::<K::Ready>(0);
        let reader = scope.spawn(move || {
            for batch in receive {
                // Only a store that failed hangs up, and its error is the one that is told.
                if hand.send(keep.read_mail(folder, batch)?).is_err() {
                    break;
                }
            }
            Ok::<(), StoreError>(())
        });
        let writer = scope.spawn(move || {
            let mut new = 0;
            for ready in take {
                new += keep.ingest(ready)?;
            }
            Ok::<usize, StoreError>(new)
        });
        let worked = work(&send);
        drop(send);
        let panicked = || StoreError::Content("a mail could not be taken in".to_owned());
        let read = reader.join().unwrap_or_else(|_| Err(panicked()));
        let stored = writer.join().unwrap_or_else(|_| Err(panicked()));
        match (worked, read, stored) {
            (_, _, Err(error)) | (_, Err(error), _) => Err(error.into()),
            (Err(error), Ok(()), _) => Err(error),
            (Ok(done), Ok(()), Ok(new)) => Ok((new, done)),
        }
    })
}

fn fetch_portion(session: &mut Session, portion: &Portion, now: Timestamp) -> Result<Vec<Incoming>, SyncError> {
    let mut batch = Vec::with_capacity(portion.len());
    for (uids, items) in [(&portion.whole, WHOLE), (&portion.headers, HEADERS)] {
        for set in uid_sets(uids) {
            for fetched in session.uid_fetch(&set, items)? {
                if uids.binary_search(&fetched.uid).is_ok() {
                    batch.extend(incoming(fetched, now));
                }
            }
        }
    }
    batch.sort_by_key(|m| m.uid);
    batch.dedup_by_key(|m| m.uid);
    Ok(batch)
}

fn incoming(fetched: Fetched, now: Timestamp) -> Option<Incoming> {
    let content = match (fetched.body, fetched.header) {
        (Some(body), _) => Content::Whole(body),
        (None, Some(header)) => Content::Headers(header),
        (None, None) => return None,
    };
    let length = match &content {
        Content::Whole(bytes) | Content::Headers(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    };
    Some(Incoming {
        uid: fetched.uid,
        flags: fetched.flags.unwrap_or_default(),
        arrived: fetched.date.unwrap_or(now),
        size: match &content {
            Content::Whole(_) => length,
            Content::Headers(_) => fetched.size.unwrap_or(length),
        },
        modseq: fetched.modseq,
        content,
    })
}

/// Reads the Message-ID from `BODY[HEADER.FIELDS (MESSAGE-ID)]`; folded lines are one.
pub(in crate::sync) fn message_id(header: &[u8]) -> Option<MessageId> {
    let text = std::str::from_utf8(header).ok()?;
    let (name, value) = text.split_once(':')?;
    if !name.trim().eq_ignore_ascii_case("message-id") {
        return None;
    }
    let mut value = value.to_owned();
    // A second field would be another opinion: the first counts, as everywhere.
    if let Some(end) = value.find("\r\n").filter(|at| !value.get(at + 2..).is_some_and(|r| r.starts_with([' ', '\t'])))
    {
        value.truncate(end);
    }
    MessageId::new(&value)
}

/// Fetches bodies of which only the headers are here, at most `count` of them and `bytes` altogether. What somebody asks for meanwhile
/// comes first. Returns how many came.
pub(super) fn bodies<K: Keep>(
    keep: &K,
    session: &mut Session,
    folder: &Folder,
    count: usize,
    bytes: u64,
) -> Result<usize, SyncError> {
    let mut left = bytes;
    let mut done = 0;
    for (uid, size) in keep.wanted_bodies(folder.id, count)? {
        if is_too_large(size) || (size > left && done > 0) {
            continue;
        }
        done += asked_bodies(keep, session, &folder.account)?;
        left = left.saturating_sub(size);
        if session.selected().is_none_or(|s| s.name != folder.name) {
            session.examine(&folder.name)?;
        }
        if let Some(came) = body(keep, session, uid)? {
            keep.ingest_body(folder.id, uid, came)?;
            done += 1;
        }
    }
    Ok(done)
}

/// Fetches the bodies that somebody asked for, in whichever folder of the account. Returns how many came.
pub(super) fn asked_bodies<K: Keep>(keep: &K, session: &mut Session, account: &AccountId) -> Result<usize, SyncError> {
    let mut done = 0;
    for asked in keep.asked_bodies(account)?.into_iter().filter(|asked| !is_too_large(asked.size)) {
        let selected = match session.examine(&asked.folder.name) {
            Ok(selected) => selected,
            Err(error) if error.leaves_session_usable() => continue,
            Err(error) => return Err(error.into()),
        };
        // UIDs of before would name other mails; the pass finds it by its new one.
        let void = selected.state.validity != asked.folder.validity || plan::went_back(&asked.folder, &selected.state);
        if selected.state.validity.is_none() || void {
            continue;
        }
        if let Some(came) = body(keep, session, asked.uid)? {
            keep.ingest_body(asked.folder.id, asked.uid, came)?;
            done += 1;
        }
    }
    Ok(done)
}

/// Tells whether a mail of so many bytes is never fetched whole.
pub fn is_too_large(size: u64) -> bool {
    usize::try_from(size).map_or(true, |n| n > BODY_MAX)
}

fn body<K: Keep>(keep: &K, session: &mut Session, uid: u32) -> Result<Option<K::Body>, SyncError> {
    let mut came = keep.begin_body()?;
    let mut bytes = 0;
    loop {
        let items = format!("(UID BODY.PEEK[]<{bytes}.{PIECE}>)");
        let told = session.uid_fetch(&uid.to_string(), &items)?;
        let Some(piece) = told.into_iter().find(|f| f.uid == uid).and_then(|f| f.body) else { return Ok(None) };
        bytes += piece.len();
        keep.push_body(&mut came, &piece)?;
        if piece.len() < PIECE {
            return Ok((bytes > 0).then_some(came));
        }
        if bytes > BODY_MAX {
            return Ok(None);
        }
    }
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
