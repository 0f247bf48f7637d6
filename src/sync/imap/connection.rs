//! A connection to an IMAP server as the rounds see it. Each part of it is spoken of in a file of its own: `logging`, `mailing`, `filing`.

use std::sync::{Arc, Mutex};

use super::account::ImapAccount;
use super::mailing::Watching;
use super::remote::{Kept, Opener};
use super::session::{Appended, FolderState, Session};
use crate::model::stop::Stop;
use crate::store::Store;
use crate::sync::error::SyncError;
use crate::sync::remote::{Alone, Connection, Log, Mailbox, Post};
use crate::sync::remotes::Remotes;
use crate::sync::smtp::Smtp;
use crate::sync::waker::Waker;

/// A connection that is logged in, and the way to send beside it.
pub struct ImapConnection {
    /// The connection.
    pub session: Session,
    pub(super) store: Store,
    pub(super) account: Arc<ImapAccount>,
    pub(super) opener: Opener,
    pub(super) kept: Arc<Mutex<Kept>>,
    pub(super) watching: Watching,
    /// The log's folder, where its news end a wait for mail, as it stood before it was last worked on.
    pub(super) beside: Option<(String, FolderState)>,
    /// Whether the last wait for the log ended with news.
    pub(super) told: Option<bool>,
    /// The Sent folder's name in UTF-8, once it was asked for.
    pub(super) sent: Option<String>,
    /// Copies that are not yet shown.
    pub(super) filed: Vec<Appended>,
    pub(super) smtp: Option<Smtp>,
}

impl ImapConnection {
    pub(super) fn new(session: Session, opener: Opener, kept: Arc<Mutex<Kept>>) -> Self {
        Self {
            session,
            store: opener.remotes.store.clone(),
            account: Arc::clone(&opener.account),
            opener,
            kept,
            watching: Watching::default(),
            beside: None,
            told: None,
            sent: None,
            filed: Vec::new(),
            smtp: None,
        }
    }

    /// Makes one of a session that is open.
    ///
    /// # Errors
    /// When the system has no pipe left.
    pub fn over(session: Session, remotes: &Remotes, account: &ImapAccount) -> Result<Self, SyncError> {
        let (account, remotes, waker) = (Arc::new(account.clone()), remotes.clone(), Waker::unwatched()?);
        Ok(Self::new(session, Opener { account, remotes, waker, gate: Arc::new(Alone) }, Arc::default()))
    }
}

impl Connection for ImapConnection {
    fn is_usable(&self) -> bool {
        self.session.is_usable()
    }

    fn stands(&mut self) -> bool {
        self.session.noop().is_ok()
    }

    fn stop(&self) -> Stop {
        self.session.stop()
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

    fn close(self: Box<Self>) {
        self.session.logout();
    }
}
