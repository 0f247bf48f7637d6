//! How an account stands, as the threads that work on it tell it: one status, whoever of them learned what.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::account::Shared;
use super::bulletin;
use super::error::{Remedy, SyncError};
use super::retry::Backoff;
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::{Connectivity, Part, SyncStatus, Trouble};
use crate::model::clock::Timestamp;
use crate::model::pace::Pace;
use crate::sync::pass::Progress;

/// Tells how an account stands. Every clone tells of the same status.
#[derive(Clone)]
pub(super) struct Teller {
    shared: Shared,
    status: Arc<Mutex<Told>>,
}

struct Told {
    status: SyncStatus,
    /// Since when which folder is fetched.
    pace: Option<(String, Pace)>,
    /// What other processes were told last.
    posted: Option<SyncStatus>,
}

impl Teller {
    pub(super) fn new(shared: Shared, account: &Account) -> Self {
        let last_pass =
            shared.store.folders(&account.id).ok().and_then(|all| all.into_iter().filter_map(|f| f.last_pass).max());
        let status = SyncStatus { account: account.id.to_string(), last_pass, ..SyncStatus::default() };
        Self { shared, status: Arc::new(Mutex::new(Told { status, pace: None, posted: None })) }
    }

    /// Returns the time.
    pub(super) fn now(&self) -> Timestamp {
        self.shared.now()
    }

    /// Changes the status and tells it.
    fn change(&self, change: impl FnOnce(&mut SyncStatus)) {
        let mut told = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut told.status);
        // How far a pass has come concerns only who looks at it.
        let lasting = SyncStatus { progress: None, left: None, ..told.status.clone() };
        if told.posted.as_ref() != Some(&lasting) {
            bulletin::post(&self.shared.store, &lasting);
            told.posted = Some(lasting);
        }
        // Told under the lock, so that the last word is the last that is heard.
        (self.shared.on_status)(told.status.clone());
    }

    /// Tells that a connection is being made, unless why there is none stands there.
    pub(super) fn connecting(&self) {
        let quiet = self.status.lock().unwrap_or_else(PoisonError::into_inner).status.message.is_empty();
        if quiet {
            self.tell(Connectivity::Connecting);
        }
    }

    fn tell(&self, state: Connectivity) {
        self.change(|status| {
            (status.state, status.progress, status.next_try) = (state, None, None);
            status.message.clear();
        });
    }

    /// Tells how far a folder has come, and how long the rest takes.
    pub(super) fn progress(&self, Progress { folder, done, total }: Progress) {
        let left = self.left(folder, done, total);
        self.change(|status| {
            status.left = left;
            status.state = Connectivity::Working;
            status.message.clear();
            status.next_try = None;
            status.progress = Some((done, total));
        });
    }

    fn left(&self, folder: String, done: u64, total: u64) -> Option<i64> {
        let now = self.shared.now();
        let mut told = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        if told.pace.as_ref().is_none_or(|(of, _)| *of != folder) {
            told.pace = Some((folder, Pace::begin(now, done)));
        }
        told.pace.as_ref().and_then(|(_, pace)| pace.left(now, done, total))
    }

    /// Tells that a pass ended, with what it could not do; where it looked at everything, when that began.
    pub(super) fn current(&self, warnings: &[UserError], looked: Option<Timestamp>) {
        let now = self.shared.now();
        // Another pass over the same folder begins anew.
        self.status.lock().unwrap_or_else(PoisonError::into_inner).pace = None;
        self.change(|status| {
            (status.state, status.progress, status.next_try) = (Connectivity::Current, None, None);
            status.left = None;
            status.message.clear();
            status.last_pass = Some(now);
            status.looked = status.looked.max(looked);
            replace(&mut status.troubles, Part::Mail, warnings);
        });
    }

    /// Tells when a run of the errands began that has ended.
    pub(super) fn ran(&self, began: Timestamp) {
        self.change(|status| status.ran = Some(began));
    }

    /// Tells what of a part does not work; nothing where all of it does.
    pub(super) fn troubles(&self, part: Part, troubles: &[UserError]) {
        let same = {
            let told = self.status.lock().unwrap_or_else(PoisonError::into_inner);
            let mut after = told.status.troubles.clone();
            replace(&mut after, part, troubles);
            after == told.status.troubles
        };
        if !same {
            troubles.iter().for_each(|trouble| tracing::warn!(?part, %trouble, "the sync is in trouble"));
            self.change(|status| replace(&mut status.troubles, part, troubles));
        }
    }

    /// Tells of a failure of the connection, and returns how long to wait; `None` to stop.
    pub(super) fn failed(&self, error: SyncError, account: &Account, backoff: &mut Backoff) -> Option<Duration> {
        let remedy = error.remedy();
        if remedy == Remedy::Stop {
            return None;
        }
        let wait = backoff.next(remedy, fastrand::f64());
        let state = if error.needs_person() { Connectivity::Blocked } else { Connectivity::Offline };
        let message = error.for_user(account).to_string();
        tracing::warn!(%message, ?wait, "sync failed");
        let milliseconds = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        let next_try = self.shared.now().plus(milliseconds);
        self.change(|status| {
            (status.state, status.progress, status.next_try) = (state, None, Some(next_try));
            status.message = message;
        });
        Some(wait)
    }
}

/// Puts the troubles of a part in the place of those that stood there, in the order of the parts.
fn replace(all: &mut Vec<Trouble>, part: Part, troubles: &[UserError]) {
    all.retain(|trouble| trouble.part != part);
    all.extend(troubles.iter().map(|error| Trouble { part, text: error.message(), hint: error.advice() }));
    all.sort_by_key(|trouble| trouble.part);
}
