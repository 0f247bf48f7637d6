//! What stands behind an account without a server: the sample, and whoever works alone or tries an archive. The store itself takes the
//! place of the server. The log's order is that of the commits, and a record has its place as soon as somebody looks; mail goes nowhere, and
//! its copy is filed as if it had been sent, so that everything else happens as it would.

use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::OpenOptionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use super::error::SyncError;
use super::log::LogPass;
use super::moves::Moves;
use super::pass::{Pass, Progress};
use super::remote::{Connection, Filing, Gate, Log, Look, Mailbox, News, Post, Remote, Waited};
use super::transport::{Envelope, Outcome, Place, Transport};
use super::waker::Waker;
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::model::stop::Stop;
use crate::store::{Store, StoreError};

/// How long it is from one look for mail to the next. None comes by itself.
const LOOK: Duration = Duration::from_secs(120);

/// What stands behind an account of this kind.
pub(super) struct LocalRemote {
    store: Store,
    account: AccountId,
}

impl LocalRemote {
    pub(super) fn new(store: Store, account: AccountId) -> Self {
        Self { store, account }
    }
}

impl Remote for LocalRemote {
    fn connect(&self, waker: &Waker, gate: Arc<dyn Gate>) -> Result<Box<dyn Connection>, SyncError> {
        gate.ended(None);
        Ok(Box::new(Local { store: self.store.clone(), account: self.account.clone(), waker: waker.clone() }))
    }
}

/// The store in the place of a server.
struct Local {
    store: Store,
    account: AccountId,
    waker: Waker,
}

impl Local {
    /// Takes the lock under which one process at a time stands for the server.
    fn lock(&self) -> Result<File, StoreError> {
        let path = self.store.path().with_file_name("local.lock");
        let failed = |source| StoreError::File { path: path.clone(), source };
        let lock = File::options().create(true).append(true).mode(0o600).open(&path).map_err(failed)?;
        lock.lock().map_err(failed)?;
        Ok(lock)
    }
}

impl Connection for Local {
    fn is_usable(&self) -> bool {
        true
    }

    fn stands(&mut self) -> bool {
        true
    }

    fn stop(&self) -> Stop {
        let waker = self.waker.clone();
        Stop::when(move || waker.is_stopped())
    }

    fn log(&mut self) -> &mut dyn Log {
        self
    }

    fn mailbox(&mut self) -> &mut dyn Mailbox {
        self
    }

    fn post(&mut self) -> &mut dyn Post {
        self
    }

    fn close(self: Box<Self>) {}
}

impl Log for Local {
    fn read(&mut self) -> Result<LogPass, SyncError> {
        Ok(LogPass::default())
    }

    fn append(&mut self) -> Result<LogPass, SyncError> {
        let _lock = self.lock()?;
        let (pushed, change) = self.store.settle_log_here(&self.account)?;
        Ok(LogPass { pushed, change, ..LogPass::default() })
    }

    fn wait(&mut self, at_most: Duration) -> Result<Waited, SyncError> {
        Ok(if self.waker.wait(at_most) { Waited::Woken } else { Waited::Timeout })
    }

    fn follow(&mut self) -> Result<bool, SyncError> {
        Ok(true)
    }

    fn unfollow(&mut self) {}
}

impl Mailbox for Local {
    fn fetch(&mut self, _look: &Look, _progress: &mut dyn FnMut(Progress)) -> Result<Pass, SyncError> {
        Ok(Pass::default())
    }

    fn fetch_asked(&mut self) -> Result<usize, SyncError> {
        Ok(0)
    }

    fn wait(&mut self) -> Result<News, SyncError> {
        Ok(if self.waker.wait(LOOK) { News::Woken } else { News::Look(Look::All) })
    }

    fn move_due(&mut self, _by: Timestamp) -> Result<Moves, SyncError> {
        let _lock = self.lock()?;
        self.store.move_here(&self.account)?;
        Ok(Moves::default())
    }

    fn erase_due(&mut self, _by: Timestamp) -> Result<u64, SyncError> {
        self.store.end_traces_here(&self.account)?;
        Ok(0)
    }

    /// No other program looks.
    fn tell_flags(&mut self, _by: Timestamp) -> Result<u64, SyncError> {
        self.store.forget_flags(&self.account)?;
        Ok(0)
    }

    /// The drafts themselves are here.
    fn copy_drafts(&mut self, _on: bool, _rested: Timestamp) -> Result<(), SyncError> {
        Ok(())
    }
}

impl Transport for Local {
    fn ready(&mut self) -> Result<(), SyncError> {
        Ok(())
    }

    fn send(&mut self, _envelope: &Envelope, _bytes: &[u8], mark: &mut dyn FnMut() -> Result<(), String>) -> Outcome {
        match mark() {
            Ok(()) => Outcome::Accepted { words: String::new(), refused: Vec::new() },
            Err(words) => Outcome::Later { words },
        }
    }

    /// What was handed over here can't have got lost on the way.
    fn find(&mut self, _id: &MessageId) -> Result<Place, UserError> {
        Ok(Place::Sent)
    }
}

impl Filing for Local {
    fn refresh(&mut self) -> Result<(), UserError> {
        Ok(())
    }

    fn filed(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        let mut there = HashSet::new();
        for id in ids {
            if self.store.has_message(id)? {
                there.insert(id.clone());
            }
        }
        Ok(there)
    }

    fn file(&mut self, _id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        Ok(self.store.file_here(&self.account, copy, self.store.author().clock.now())?)
    }
}

#[cfg(test)]
#[path = "local_tests.rs"]
mod tests;
