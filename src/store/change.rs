//! What a commit touched, told to whoever listens in this process and noticed across processes.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use super::{Store, StoreError};
use crate::model::change::Change;

/// So many changes wait for a reader before they become one [`Change::Everything`].
const WAITING_MAX: usize = 64;

/// One who listens.
pub(super) struct Listener {
    to: SyncSender<Change>,
    /// Some changes did not fit: everything is to be read again.
    missed: bool,
}

impl Listener {
    /// Sends, and tells whether anybody still listens.
    fn send(&mut self, change: Option<&Change>) -> bool {
        let change = match (self.missed, change) {
            (true, _) => Change::Everything,
            (false, Some(change)) => change.clone(),
            (false, None) => return true,
        };
        match self.to.try_send(change) {
            Ok(()) => self.missed = false,
            Err(TrySendError::Full(_)) => self.missed = true,
            Err(TrySendError::Disconnected(_)) => return false,
        }
        true
    }
}

impl Store {
    /// Returns a number that changes when anybody, this process or another, commits to the store.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        self.publish(None);
        let version = self.inner.connections.data_version()?;
        if self.inner.noticed.swap(version, Ordering::Relaxed) != version {
            self.notice_team()?;
        }
        Ok(version)
    }

    /// Returns a channel of what this process changes from now on. It is bounded: a reader that is late finds
    /// [`Change::Everything`] in the place of what did not fit, at the latest after the next commit or [`Store::data_version`].
    pub fn subscribe(&self) -> Receiver<Change> {
        let (to, from) = sync_channel(WAITING_MAX);
        self.inner.listeners().push(Listener { to, missed: false });
        from
    }

    /// Tells the listeners.
    pub(super) fn publish(&self, change: Option<&Change>) {
        self.inner.listeners().retain_mut(|listener| listener.send(change));
    }
}
