//! What the second connection of an account does: the team's log, as an errand.

use super::error::SyncError;
use super::imap::{ImapError, Session};
use super::log::folder::FolderError;
use super::log::imap::{ImapLog, LogError, LogSettings};
use super::log::session::{FolderName, SessionFolder};
use super::supervisor::Errand;
use crate::config::Account;
use crate::store::{Store, StoreError};

/// Reads and writes the team's log.
pub struct LogErrand {
    log: ImapLog,
    name: FolderName,
}

impl LogErrand {
    /// Takes up the log of an account where the store left it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new(store: &Store, account: &Account, settings: LogSettings) -> Result<Self, StoreError> {
        Ok(Self { log: ImapLog::new(store.clone(), settings)?, name: FolderName::new(account.log_folder.clone()) })
    }
}

impl Errand for LogErrand {
    fn run(&mut self, session: &mut Session) -> Result<(), SyncError> {
        let mut folder = SessionFolder::new(session, &mut self.name);
        match self.log.sync(&mut folder) {
            Ok(_) => Ok(()),
            Err(LogError::Store(error)) => Err(error.into()),
            Err(LogError::Folder(FolderError::Lost(words))) => Err(ImapError::Lost(words).into()),
            Err(LogError::Folder(FolderError::Throttled { wait, text })) => {
                Err(ImapError::Throttled { wait, text }.into())
            }
            Err(other) => Err(SyncError::User(other.into())),
        }
    }

    fn watch(&self) -> Option<String> {
        self.name.found.clone()
    }
}
