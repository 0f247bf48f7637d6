//! New mail of one folder on its way in: window by window and portion by portion, and what stops one of them last.
//!
//! A portion that fails is halved until the mail is found that can't be taken; that one is set aside, and everything else comes.

use std::collections::VecDeque;
use std::sync::mpsc::SyncSender;

use super::aside::{self, Fault};
use super::error::ImapError;
use super::fetch::FolderRun;
use super::fetched::Fetched;
use super::keep::Keep;
use super::plan::{self, Portion};
use super::portion;
use super::session::uid_sets;
use crate::store::{Aside, Incoming};
use crate::sync::error::SyncError;
use crate::sync::pass::{FolderPass, Progress};

/// How many mails of a folder one pass sets aside. More are no fault of mails.
const ASIDE_MAX: usize = 50;

pub(super) struct Inflow<'a, 'b, 's, K> {
    pub run: &'a mut FolderRun<'b, 's, K>,
    pub send: &'a SyncSender<Vec<Incoming>>,
    /// What was here before, ascending.
    pub here: Vec<u32>,
    pub fetched: Vec<u32>,
    pub total: u64,
    pub report: &'a mut FolderPass,
    pub exists: usize,
    pub validity: u32,
    /// Portions that failed, and are looked into after all others have come.
    pub suspects: VecDeque<Portion>,
    /// What is set aside, by UID.
    pub asides: Vec<Aside>,
    /// How many were set aside in this pass.
    pub given_up: usize,
}

impl<K: Keep> Inflow<'_, '_, '_, K> {
    pub(super) fn fetch_window(&mut self, from: u32, to: u32) -> Result<(), SyncError> {
        if self.here.is_empty() && self.fetched.len() >= self.exists {
            // Everything that exists has come; what lies below are UIDs of the past.
            return Ok(());
        }
        // A range beyond the last message returns the last message (RFC 3501 section 6.4.8).
        let mut told = self.sizes(&format!("{from}:{to}"))?;
        told.retain(|(uid, _)| (from..=to).contains(uid));
        self.fetch(told)
    }

    pub(super) fn fetch_listed(&mut self, uids: &[u32]) -> Result<(), SyncError> {
        for set in uid_sets(uids) {
            let mut told = self.sizes(&set)?;
            told.retain(|(uid, _)| uids.binary_search(uid).is_ok());
            self.fetch(told)?;
        }
        Ok(())
    }

    /// Asks for sizes. Where they can't be had, the messages are taken for large ones.
    fn sizes(&mut self, set: &str) -> Result<Vec<(u32, Option<u64>)>, SyncError> {
        self.open()?;
        let (told, fault) = self.run.line.session.uid_fetch_as_far(set, "(UID RFC822.SIZE)", portion::REST);
        let told: Vec<(u32, Option<u64>)> = told.into_iter().map(|f| (f.uid, f.size)).collect();
        let Some(fault) = fault else { return Ok(told) };
        self.run.line.survive(fault)?;
        self.open()?;
        let all = self.run.line.session.search(&format!("UID {set}"))?;
        let size = |uid: u32| told.iter().find(|(told, _)| *told == uid).map_or(Some(u64::MAX), |(_, size)| *size);
        Ok(all.into_iter().map(|uid| (uid, size(uid))).collect())
    }

    fn open(&mut self) -> Result<(), ImapError> {
        self.run.line.at(&self.run.folder.name, self.validity)
    }

    fn fetch(&mut self, mut told: Vec<(u32, Option<u64>)>) -> Result<(), SyncError> {
        told.retain(|(uid, _)| self.here.binary_search(uid).is_err() && !self.came(*uid));
        self.total += wide(told.len());
        let first = self.fetched.is_empty();
        for portion in plan::portions(told, self.run.body_limit, first) {
            if self.take(&portion)?.is_some() {
                self.suspects.push_back(portion.without(&self.fetched));
            }
        }
        Ok(())
    }

    fn came(&self, uid: u32) -> bool {
        self.fetched.binary_search(&uid).is_ok()
    }

    /// Fetches a portion; returns what ended it, where the connection can be used further.
    fn take(&mut self, portion: &Portion) -> Result<Option<ImapError>, SyncError> {
        self.open()?;
        let came = portion::fetch(self.run.line.session, portion, self.run.keep.now());
        if !came.mails.is_empty() {
            self.run.line.fruitful();
        }
        self.hand_on(came.mails)?;
        came.fault.map(|fault| self.run.line.survive(fault)).transpose()
    }

    /// Hands mail to the store.
    fn hand_on(&mut self, batch: Vec<Incoming>) -> Result<(), SyncError> {
        let uids: Vec<u32> = batch.iter().map(|mail| mail.uid).collect();
        let again: Vec<u32> = uids.iter().copied().filter(|uid| self.aside(*uid).is_some()).collect();
        if !again.is_empty() {
            // What stood in their places only said that they could not be had.
            self.run.keep.expunge(self.run.folder.id, &again)?;
            self.run.keep.forget_asides(self.run.folder.id, &again)?;
        }
        self.fetched.extend(uids);
        self.fetched.sort_unstable();
        self.fetched.dedup();
        self.report.fetched += batch.len();
        self.report.newest = self.report.newest.max(batch.iter().map(|m| m.arrived).max());
        if !batch.is_empty() {
            // Only a store that failed hangs up, and its error is the one that is told.
            self.send.send(batch).map_err(|_| ImapError::Stopped)?;
        }
        let total = self.total.max(wide(self.exists.saturating_sub(self.here.len())));
        let folder = self.run.folder.name.clone();
        (self.run.progress)(Progress { folder, done: wide(self.report.fetched), total });
        Ok(())
    }

    fn aside(&self, uid: u32) -> Option<&Aside> {
        self.asides.binary_search_by_key(&uid, |aside| aside.uid).ok().and_then(|at| self.asides.get(at))
    }

    /// Looks into the portions that failed.
    pub(super) fn settle(&mut self) -> Result<(), SyncError> {
        while let Some(portion) = self.suspects.pop_front() {
            if portion.len() < 2 {
                self.single(&portion)?;
                continue;
            }
            for part in portion.split() {
                let Some(error) = self.take(&part)? else { continue };
                let left = part.without(&self.fetched);
                // Where nothing else can be had either, it is no use to look further.
                if !self.another_comes(left.first(), true)? {
                    return Err(error.into());
                }
                self.suspects.push_back(left);
            }
        }
        Ok(())
    }

    /// Tries one mail twice more, and sets it aside where it fails while another comes.
    fn single(&mut self, portion: &Portion) -> Result<(), SyncError> {
        let Some(uid) = portion.first() else { return Ok(()) };
        let mut about = None;
        let mut failed = None;
        for _ in 0..2 {
            if about.is_none() {
                self.open()?;
                let (told, fault) = portion::about(self.run.line.session, uid);
                about = told;
                match fault {
                    Some(fault) => failed = Some(self.run.line.survive(fault)?),
                    None if about.is_none() && !self.stands(uid)? => return Ok(()),
                    None => {}
                }
            }
            match self.take(portion)? {
                Some(fault) => failed = Some(fault),
                None if self.came(uid) => return Ok(()),
                None => {}
            }
        }
        if let Some(error) = failed.take_if(|_| self.given_up >= ASIDE_MAX) {
            return Err(error.into());
        }
        let fault = match failed {
            Some(error) if self.another_comes(Some(uid), about.is_some())? => Fault::of(&error),
            Some(error) => return Err(error.into()),
            None => Fault::not_sent(),
        };
        self.give_up(uid, about, fault)
    }

    /// Tells whether the server has a mail.
    fn stands(&mut self, uid: u32) -> Result<bool, SyncError> {
        self.open()?;
        Ok(!self.run.line.session.search(&format!("UID {uid}"))?.is_empty())
    }

    /// Tells whether the text of another mail can be had now: the proof that it is the fault of this one. `known` is what to say where
    /// there is no other.
    fn another_comes(&mut self, uid: Option<u32>, known: bool) -> Result<bool, SyncError> {
        let other = self.fetched.iter().rev().chain(self.here.iter().rev());
        let other = other.copied().find(|other| Some(*other) != uid && self.aside(*other).is_none());
        let Some(other) = other else { return Ok(known) };
        self.open()?;
        let session = &mut *self.run.line.session;
        let (came, fault) = session.uid_fetch_as_far(&other.to_string(), "(UID BODY.PEEK[]<0.256>)", portion::REST);
        if let Some(fault) = fault {
            self.run.line.survive(fault)?;
            return Ok(false);
        }
        self.run.line.fruitful();
        Ok(came.iter().any(|f| f.body.is_some()))
    }

    /// Sets a mail aside, and shows of it what can be had.
    fn give_up(&mut self, uid: u32, about: Option<Fetched>, fault: Fault) -> Result<(), SyncError> {
        let mut header = None;
        for items in portion::GLIMPSES {
            self.open()?;
            let (came, failed) = portion::glimpse(self.run.line.session, uid, &items());
            if let Some(failed) = failed {
                self.run.line.survive(failed)?;
            }
            header = came;
            if header.is_some() {
                break;
            }
        }
        self.given_up += 1;
        let (id, now) = (self.run.folder.id, self.run.keep.now());
        let mut aside = aside::new(self.aside(uid), uid, self.validity, fault, now);
        aside.shown = header.is_some();
        tracing::warn!(
            folder = self.run.folder.name,
            uid,
            reason = aside.reason.name(),
            words = aside.words,
            "set aside"
        );
        if header.is_some() || self.aside(uid).is_none() {
            let stand_in = aside::stand_in(&self.run.folder, &aside, about, header, now);
            self.hand_on(vec![stand_in])?;
        } else {
            // What says so stands there already.
            self.fetched.push(uid);
            self.fetched.sort_unstable();
        }
        self.run.keep.set_aside(id, std::slice::from_ref(&aside))?;
        self.asides.retain(|known| known.uid != uid);
        let at = self.asides.partition_point(|known| known.uid < uid);
        self.asides.insert(at, aside);
        Ok(())
    }

    /// Where the count is not what the server says, the UIDs are compared one by one.
    pub(super) fn compare(&mut self, uid_next: u32) -> Result<(), SyncError> {
        if self.here.len() + self.fetched.len() == self.exists {
            return Ok(());
        }
        self.open()?;
        let server = self.run.line.session.search("ALL")?;
        let gone = plan::without(&self.here, &server);
        self.run.expunge(&gone, self.report)?;
        let mut known = plan::without(&self.here, &gone);
        known.extend(&self.fetched);
        known.sort_unstable();
        self.here = known;
        // What arrived during the pass is left to the next one, which begins with it.
        let missing: Vec<u32> = server.into_iter().filter(|uid| *uid < uid_next).collect();
        let missing = plan::without(&missing, &self.here);
        self.fetched = Vec::new();
        self.fetch_listed(&missing)?;
        self.settle()?;
        self.not_sent(&missing)
    }

    /// Looks into mails that the server has and does not send.
    fn not_sent(&mut self, missing: &[u32]) -> Result<(), SyncError> {
        for set in uid_sets(&plan::without(missing, &self.fetched)) {
            self.open()?;
            for uid in self.run.line.session.search(&format!("UID {set}"))? {
                if missing.binary_search(&uid).is_ok() && !self.came(uid) && self.given_up < ASIDE_MAX {
                    self.single(&Portion { headers: vec![uid], bytes: plan::HEADER_MAX, ..Portion::default() })?;
                }
            }
        }
        Ok(())
    }
}

fn wide(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
