//! Waits for changes in all folders of an account over one connection.
//!
//! INBOX is open and idles. Where the server has NOTIFY (RFC 5465) it tells of the other folders at once; elsewhere the IDLE is ended now
//! and then and one question asks how they stand. Either way a complete pass comes now and then, because no server is believed for ever.
//! It must not fetch mail: what it returns is where to look.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::divert::IdleEnd;
use super::keep::Keep;
use super::session::{Event, FolderState};
use super::{Session, Waker, plan, quirks};
use crate::model::ids::AccountId;
use crate::store::Folder;
use crate::sync::error::SyncError;

/// How long the waits are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// From one complete pass to the next.
    pub complete: Duration,
    /// From one question about all folders to the next, where nobody tells.
    pub round: Duration,
    /// The same where INBOX is not told of either: IDLE is missing or not to be trusted.
    pub poll: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { complete: Duration::from_secs(120), round: Duration::from_secs(30), poll: Duration::from_secs(5) }
    }
}

/// What ended a wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The server told of changes in these folders.
    Told(BTreeSet<String>),
    /// The server was asked, and these folders have changed.
    Found(BTreeSet<String>),
    /// It is time for a complete pass.
    Due,
    /// These folders changed before the wait began.
    Before(BTreeSet<String>),
    /// Somebody woke us.
    Woken,
}

/// Watches the folders of one connection.
#[derive(Debug)]
pub struct Watch {
    pace: Pace,
    account: AccountId,
    /// The folders, INBOX first.
    folders: Vec<String>,
    /// Whether the server tells of changes by itself.
    told: bool,
    /// The folders that have to be asked about.
    asked: Vec<String>,
    due: Instant,
    /// A folder that no pass looks at, and how it stood when it was last worked on.
    beside: Option<(String, FolderState)>,
    /// Whether the last wait was skipped because the numbers did not agree: a server whose numbers never do gets its wait the next time.
    skipped: bool,
}

impl Watch {
    /// Begins to watch `folders`, INBOX first, after a complete pass over them, and a folder `beside` them that no pass looks at, as it
    /// stood when it was last worked on. `notify` allows NOTIFY, which a connection can begin once.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn begin(
        session: &mut Session,
        account: &AccountId,
        folders: Vec<String>,
        beside: Option<(String, FolderState)>,
        notify: bool,
        pace: Pace,
    ) -> Result<Self, SyncError> {
        let mut asked: Vec<String> = folders.iter().chain(beside.iter().map(|(name, _)| name)).cloned().collect();
        let mut told = false;
        let can = ["IDLE", "NOTIFY"].iter().all(|name| session.capabilities().has(name));
        if let (true, Some(inbox)) = (notify && can, folders.first()) {
            session.examine(inbox)?;
            if let Some(understood) = session.notify(&asked)? {
                told = true;
                asked.retain(|name| name != inbox && !understood.contains(name));
            }
        }
        tracing::debug!(account = %account, told, ?asked, "watch");
        let due = Instant::now() + pace.complete;
        Ok(Self { pace, account: account.clone(), folders, told, asked, due, beside, skipped: false })
    }

    /// Tells whether the server tells of changes by itself.
    pub fn is_told(&self) -> bool {
        self.told
    }

    /// Asks from now on how the folders stand: passes found what the server had not told of.
    pub fn distrust(&mut self) {
        self.told = false;
        self.asked = self.all();
    }

    /// Returns the names of all that is watched.
    fn all(&self) -> Vec<String> {
        self.folders.iter().chain(self.beside.iter().map(|(name, _)| name)).cloned().collect()
    }

    /// Watches a folder that no pass looks at, from how it stood when it was last worked on; `None` watches none.
    pub fn beside(&mut self, folder: Option<(String, FolderState)>) {
        let name = |beside: &Option<(String, FolderState)>| beside.as_ref().map(|(name, _)| name.clone());
        let (was, is) = (name(&self.beside), name(&folder));
        self.beside = folder;
        if was != is {
            self.asked.retain(|asked| Some(asked) != was.as_ref() || self.folders.contains(asked));
            // What NOTIFY tells of was said when it began.
            self.asked.extend(is);
        }
    }

    /// Notes a complete pass over `folders`, INBOX first; tells whether all of them are watched. A folder that is missing now may only have
    /// been refused.
    pub fn completed(&mut self, folders: Vec<String>) -> bool {
        self.due = Instant::now() + self.pace.complete;
        if folders.iter().all(|name| self.folders.contains(name)) {
            return true;
        }
        self.folders = folders;
        let stays = !self.told;
        self.distrust();
        stays
    }

    /// Waits for news. `opened` are the folders beside INBOX that the last pass opened; `poll` is to ask every few seconds and not to rely
    /// on being told.
    ///
    /// # Errors
    /// Errors of the connection and of the store.
    pub fn wait<K: Keep>(
        &mut self,
        keep: &K,
        session: &mut Session,
        waker: &Waker,
        opened: &[String],
        poll: bool,
    ) -> Result<News, SyncError> {
        let poll = poll || !session.capabilities().has("IDLE");
        if !poll {
            let changed = self.behind(keep, session, opened)?;
            self.skipped = !changed.is_empty() && !self.skipped;
            if self.skipped {
                return Ok(News::Before(changed));
            }
        }
        let mut changed = BTreeSet::new();
        loop {
            if self.overflowed(keep, session, &mut changed)? {
                // What was lost is found by looking at everything once.
                return Ok(News::Due);
            }
            if !changed.is_empty() {
                return Ok(News::Told(changed));
            }
            let left = self.due.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(News::Due);
            }
            match self.rest(session, waker, left, poll)? {
                IdleEnd::Woken => return Ok(News::Woken),
                IdleEnd::Timeout => {
                    let names = if poll { self.all() } else { self.asked.clone() };
                    let mut found = self.ask(keep, session, &names)?;
                    if poll {
                        // Of the folder that is open some tell only how it stood when they last spoke of it.
                        session.noop()?;
                        if self.overflowed(keep, session, &mut found)? {
                            return Ok(News::Due);
                        }
                    }
                    if !found.is_empty() {
                        return Ok(News::Found(found));
                    }
                }
                IdleEnd::Changed => {}
            }
        }
    }

    /// Opens INBOX and returns what changed since it, and the folders that were open meanwhile, were passed over: that is announced by
    /// the numbers only.
    fn behind<K: Keep>(
        &self,
        keep: &K,
        session: &mut Session,
        opened: &[String],
    ) -> Result<BTreeSet<String>, SyncError> {
        let mut changed = BTreeSet::new();
        if let Some(inbox) = self.folders.first() {
            let selected = session.examine(inbox)?;
            let kept = keep.folders(&self.account)?;
            let next = selected.state.uid_next;
            if next.is_some() && kept.iter().any(|folder| folder.name == *inbox && folder.uid_next != next) {
                changed.insert(inbox.clone());
            }
        }
        if self.told {
            // A server may take for read what came while a folder was open.
            changed.extend(self.ask(keep, session, opened)?);
        }
        Ok(changed)
    }

    /// Waits, at most as long as `left`.
    fn rest(&self, session: &mut Session, waker: &Waker, left: Duration, poll: bool) -> Result<IdleEnd, SyncError> {
        if poll {
            let woken = waker.wait(self.pace.poll.min(left));
            return Ok(if woken { IdleEnd::Woken } else { IdleEnd::Timeout });
        }
        let most = if self.asked.is_empty() { left } else { left.min(self.pace.round) };
        Ok(session.idle(most.min(quirks::IDLE_FOR))?)
    }

    /// Asks how `names` stand, and returns those that have changed.
    fn ask<K: Keep>(&self, keep: &K, session: &mut Session, names: &[String]) -> Result<BTreeSet<String>, SyncError> {
        if names.is_empty() {
            return Ok(BTreeSet::new());
        }
        let states = session.states(names)?;
        let kept = keep.folders(&self.account)?;
        Ok(states.into_iter().filter(|(name, state)| self.differs(&kept, name, state)).map(|(name, _)| name).collect())
    }

    /// Reads what the server said by itself into `changed`; tells whether it gave up telling, which makes it one that is asked.
    fn overflowed<K: Keep>(
        &mut self,
        keep: &K,
        session: &mut Session,
        changed: &mut BTreeSet<String>,
    ) -> Result<bool, SyncError> {
        let events = session.take_events();
        if events.is_empty() {
            return Ok(false);
        }
        let open = session.selected().map(|selected| selected.name.clone());
        let kept = keep.folders(&self.account)?;
        let mut overflowed = false;
        for event in events {
            let name = match event {
                Event::Overflow => {
                    overflowed = true;
                    continue;
                }
                // Some tell the state of every folder when one has changed.
                Event::Folder(name, state) if self.differs(&kept, &name, &state) => Some(name),
                Event::Folder(..) => None,
                _ => open.clone(),
            };
            let watched = |name: &String| self.folders.contains(name) || self.is_beside(name);
            changed.extend(name.filter(watched));
        }
        if overflowed {
            tracing::info!(account = %self.account, "the server tells of no changes any more");
            self.distrust();
        }
        Ok(overflowed)
    }

    /// Tells whether this is the folder that no pass looks at.
    pub fn is_beside(&self, name: &str) -> bool {
        self.beside.as_ref().is_some_and(|(beside, _)| beside == name)
    }

    fn differs(&self, kept: &[Folder], name: &str, state: &FolderState) -> bool {
        match &self.beside {
            Some((beside, seen)) if beside == name => moved_on(seen, state),
            _ => kept.iter().find(|folder| folder.name == name).is_none_or(|folder| plan::differs(folder, state)),
        }
    }
}

/// Tells whether something that a server said of a folder is not as it was `seen`; where it said nothing, that something happened.
fn moved_on(seen: &FolderState, told: &FolderState) -> bool {
    fn other<T: PartialEq>(seen: &Option<T>, told: &Option<T>) -> bool {
        told.is_some() && seen != told
    }
    *told == FolderState::default()
        || other(&seen.validity, &told.validity)
        || other(&seen.uid_next, &told.uid_next)
        || other(&seen.messages, &told.messages)
}
