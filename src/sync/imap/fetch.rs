//! One pass over one folder: what changed, what went, what is new. Whatever was stored stays stored, wherever it is interrupted.
//!
//! What happens is decided here; how new mail comes in is `inflow`'s.

use std::collections::VecDeque;

use super::aside::{self, Fault};
use super::error::ImapError;
use super::fetched::Fetched;
use super::inflow::Inflow;
use super::keep::Keep;
use super::line::Line;
use super::pipeline::{self, Stored};
use super::plan::{self, Mode, Start};
use super::portion::REST;
use super::session::{FolderState, Selected};
use super::trust;
use crate::model::ids::MessageId;
use crate::store::{Aside, Folder, PassEnd, WHOLE_FOLDER};
use crate::sync::error::SyncError;
use crate::sync::pass::{FolderPass, Progress};

/// A pass over one folder.
pub(super) struct FolderRun<'a, 's, K> {
    pub keep: &'a K,
    pub line: &'a mut Line<'s>,
    pub folder: Folder,
    pub body_limit: u64,
    pub progress: &'a mut dyn FnMut(Progress),
    /// What kept flags from being read.
    pub flags_fault: Option<ImapError>,
}

impl<K: Keep> FolderRun<'_, '_, K> {
    /// Runs it. `state` is what STATUS told.
    pub(super) fn run(mut self, state: &FolderState) -> Result<FolderPass, SyncError> {
        let mode = Mode::of(self.line.session.capabilities());
        let mut report = FolderPass { name: self.folder.name.clone(), ..FolderPass::default() };
        if self.is_unchanged(mode, state)? {
            report.unchanged = true;
            return Ok(report);
        }
        let here = self.keep.uids(self.folder.id)?;
        let (selected, mode) = self.open(mode, state)?;
        let told = trust::told(&selected, state);
        let validity = told.validity.unwrap_or(1);
        // A single folder may have no MODSEQ on a server that offers it (NOMODSEQ, RFC 7162 section 3.1.2.2).
        let mode = if selected.state.modseq.is_some_and(|n| n > 0) { mode } else { Mode::Plain };
        let uid_next = self.uid_next(&selected, state, &here)?;
        let start = self.trust(&told, validity)?;
        let mut begun = self.begin(start, &told, (validity, uid_next), here)?;
        if let Start::From(next) = start {
            let gone = self.changes(mode, &selected, &begun.here, (next, validity), &mut report)?;
            begun.here = plan::without(&begun.here, &gone);
        }
        // Mail comes in even where its flags can't be had.
        let messages = self.bring_in(begun, uid_next, validity, &selected, &mut report)?;
        if let Some(fault) = self.flags_fault.take() {
            return Err(fault.into());
        }
        let modseq = selected.state.modseq.filter(|n| *n > 0);
        let flags_below = self.folder.flags_below;
        let end = PassEnd { validity, uid_next, modseq, messages: Some(messages), flags_below, at: self.keep.now() };
        report.lost = self.keep.lost(self.folder.id)?;
        self.keep.finish_pass(self.folder.id, end)?;
        Ok(report)
    }

    fn is_unchanged(&self, mode: Mode, state: &FolderState) -> Result<bool, SyncError> {
        let mut asides = self.keep.asides(self.folder.id)?;
        asides.retain(|aside| aside.uid != WHOLE_FOLDER);
        if plan::is_to_check(&self.folder, self.keep.now()) || !self.to_try_again(&asides).0.is_empty() {
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
            match self.line.session.examine_since(&name, validity, modseq, next.saturating_sub(1)) {
                Ok(selected) => return Ok((selected, mode)),
                // What a server offers is not always what it does.
                Err(ImapError::Bad(_) | ImapError::No { .. }) if self.line.session.is_usable() => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mode = if mode == Mode::Qresync { Mode::Condstore } else { mode };
        Ok((self.line.session.examine(&name)?, mode))
    }

    fn uid_next(&mut self, selected: &Selected, state: &FolderState, here: &[u32]) -> Result<u32, SyncError> {
        if let Some(next) = selected.state.uid_next.max(state.uid_next) {
            return Ok(next.max(1));
        }
        let highest = self.line.session.search("ALL")?.last().copied().max(here.last().copied());
        Ok(highest.unwrap_or(0).saturating_add(1))
    }

    /// Takes in what changed of the messages below `next`; returns the UIDs that went.
    fn changes(
        &mut self,
        mode: Mode,
        selected: &Selected,
        here: &[u32],
        (next, validity): (u32, u32),
        report: &mut FolderPass,
    ) -> Result<Vec<u32>, SyncError> {
        let highest = next.saturating_sub(1);
        let flags = match mode {
            Mode::Qresync => selected.changed.clone(),
            Mode::Condstore => match (self.folder.modseq, selected.state.modseq) {
                (Some(old), Some(new)) if old != new && highest > 0 => {
                    self.flags(&format!("1:{highest}"), &format!("(UID FLAGS) (CHANGEDSINCE {old})"), validity)?
                }
                _ => Vec::new(),
            },
            Mode::Plain => {
                let (windows, below) = plan::flag_windows(here, self.folder.flags_below);
                self.folder.flags_below = below;
                let set: Vec<String> = windows.iter().map(|w| format!("{}:{}", w.start(), w.end())).collect();
                self.flags(&set.join(","), "(UID FLAGS)", validity)?
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

    /// Reads flags, as far as they come.
    fn flags(&mut self, set: &str, items: &str, validity: u32) -> Result<Vec<Fetched>, SyncError> {
        if set.is_empty() {
            return Ok(Vec::new());
        }
        let (told, fault) = self.line.session.uid_fetch_as_far(set, items, REST);
        if let Some(fault) = fault {
            self.flags_fault = Some(self.line.survive(fault)?);
            self.line.at(&self.folder.name, validity)?;
        }
        Ok(told)
    }

    pub(super) fn expunge(&self, gone: &[u32], report: &mut FolderPass) -> Result<(), SyncError> {
        if !gone.is_empty() {
            report.expunged += gone.len();
            self.keep.expunge(self.folder.id, gone)?;
            self.keep.forget_asides(self.folder.id, gone)?;
        }
        Ok(())
    }

    /// Fetches what is new and what is to be tried again, then compares the count and makes up for what the numbers hid. Returns how many
    /// messages are here then.
    fn bring_in(
        &mut self,
        begun: Begun,
        uid_next: u32,
        validity: u32,
        selected: &Selected,
        report: &mut FolderPass,
    ) -> Result<u32, SyncError> {
        let exists = selected.state.messages.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let Begun { here, lowest, listed } = begun;
        let (keep, id) = (self.keep, self.folder.id);
        let asides: Vec<Aside> = keep.asides(id)?.into_iter().filter(|aside| aside.uid != WHOLE_FOLDER).collect();
        let (due, left_out) = self.to_try_again(&asides);
        let mut here = plan::without(&here, &due);
        here.extend(plan::without(&left_out, &here));
        here.sort_unstable();
        let (stored, messages) = pipeline::run(keep, id, |send| {
            let (fetched, suspects) = (Vec::new(), VecDeque::new());
            let mut inflow = Inflow {
                run: self,
                send,
                here,
                fetched,
                total: 0,
                report,
                exists,
                validity,
                suspects,
                asides,
                given_up: 0,
            };
            match listed {
                Some(uids) => inflow.fetch_listed(&uids)?,
                None => {
                    for window in plan::windows(lowest, uid_next.saturating_sub(1)) {
                        inflow.fetch_window(*window.start(), *window.end())?;
                    }
                }
            }
            inflow.fetch_listed(&due)?;
            inflow.settle()?;
            inflow.compare(uid_next)?;
            Ok(count(inflow.here.len() + inflow.fetched.len()))
        })?;
        report.new += stored.new;
        self.set_refused_aside(stored, validity)?;
        Ok(messages)
    }

    /// Returns the UIDs of mails that are to be fetched now though a message says that they can't be, and of those that are neither here
    /// nor to be fetched now.
    fn to_try_again(&self, asides: &[Aside]) -> (Vec<u32>, Vec<u32>) {
        let now = self.keep.now();
        let hidden = asides.iter().filter(|aside| !aside.shown);
        let (due, left_out): (Vec<&Aside>, Vec<&Aside>) = hidden.partition(|aside| aside.next_try <= now);
        (due.iter().map(|aside| aside.uid).collect(), left_out.iter().map(|aside| aside.uid).collect())
    }

    /// Sets mails aside that the store did not take; a message that says so is a mail that it may take.
    fn set_refused_aside(&self, stored: Stored, validity: u32) -> Result<(), SyncError> {
        let (keep, id, now) = (self.keep, self.folder.id, self.keep.now());
        if stored.refused.is_empty() {
            return Ok(());
        }
        let before = keep.asides(id)?;
        for (mail, words) in stored.refused {
            let known = before.iter().find(|aside| aside.uid == mail.uid);
            let aside = aside::new(known, mail.uid, validity, Fault::of_store(&words), now);
            let about = Fetched {
                size: Some(mail.size),
                flags: Some(mail.flags),
                date: Some(mail.arrived),
                ..Fetched::default()
            };
            let stand_in = aside::stand_in(&self.folder, &aside, Some(about), None, now);
            match pipeline::one(keep, id, stand_in) {
                Err(error) if !pipeline::is_of_mail(&error) => return Err(error.into()),
                _ => keep.set_aside(id, &[aside])?,
            }
        }
        Ok(())
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

fn count(messages: usize) -> u32 {
    u32::try_from(messages).unwrap_or(u32::MAX)
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

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
