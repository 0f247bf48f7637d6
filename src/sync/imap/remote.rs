//! A mailbox on an IMAP server as what stands behind an account: what outlives its connections, and how one is made.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::account::ImapAccount;
use super::connection::ImapConnection;
use super::error::ImapError;
use super::log::once::LogKeeper;
use super::push::{Push, Trust};
use super::session::Session;
use crate::config::Imap;
use crate::model::ids::AccountId;
use crate::sync::error::SyncError;
use crate::sync::remote::{Connection, Gate, Remote};
use crate::sync::remotes::Remotes;
use crate::sync::waker::Waker;

/// What stands behind an account of this kind.
pub struct ImapRemote {
    account: Arc<ImapAccount>,
    remotes: Remotes,
    kept: Arc<Mutex<Kept>>,
}

/// What was learned over connections that ended.
#[derive(Default)]
pub(super) struct Kept {
    /// The keeper of the log, where no connection uses it just now.
    pub log: Option<LogKeeper>,
    /// Whether INBOX is told of.
    pub push: Push,
    /// Whether the other folders are told of, where NOTIFY is on.
    pub notify: Push,
    /// Whether IDLE is quick enough for the log.
    pub idle: Trust,
}

/// How a connection is made, and made anew.
pub(super) struct Opener {
    pub account: Arc<ImapAccount>,
    pub remotes: Remotes,
    pub waker: Waker,
    pub gate: Arc<dyn Gate>,
}

impl ImapRemote {
    /// Makes it; nothing is connected yet.
    pub fn new(remotes: Remotes, id: AccountId, config: Imap) -> Self {
        Self { account: Arc::new(ImapAccount { id, config }), remotes, kept: Arc::default() }
    }
}

impl Remote for ImapRemote {
    fn connect(&self, waker: &Waker, gate: Arc<dyn Gate>) -> Result<Box<dyn Connection>, SyncError> {
        let (account, remotes) = (Arc::clone(&self.account), self.remotes.clone());
        let opener = Opener { account, remotes, waker: waker.clone(), gate };
        let session = opener.open()?;
        Ok(Box::new(ImapConnection::new(session, opener, Arc::clone(&self.kept))))
    }
}

impl Opener {
    /// Connects and logs in; where the server lets no further connection in, once more after room was made.
    pub(super) fn open(&self) -> Result<Session, SyncError> {
        let opened = match self.try_open() {
            Err(error) if error.is_of_too_many() && self.gate.make_room() => self.try_open(),
            other => other,
        };
        self.gate.ended(opened.as_ref().err());
        opened
    }

    fn try_open(&self) -> Result<Session, SyncError> {
        let (secrets, id, endpoint) = (&self.remotes.secrets, &self.account.id, &self.account.imap);
        let secret = secrets.secret(id, endpoint)?;
        match Session::open(endpoint, &secret, &self.waker) {
            // A token may be over before its time.
            Err(refused @ ImapError::Login(_)) => match secrets.another(id, endpoint, &secret)? {
                Some(another) => Ok(Session::open(endpoint, &another, &self.waker)?),
                None => Err(refused.into()),
            },
            opened => Ok(opened?),
        }
    }
}

/// Locks what is kept: for moments, never across the network.
pub(super) fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
