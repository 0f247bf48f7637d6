//! The team's log on an account's connection: once for a verb, and as an errand beside the screen.

use crate::config::Account;
use crate::store::{Store, StoreError};
use crate::sync::Errand;
use crate::sync::error::SyncError;
use crate::sync::imap::{ImapError, Session};
use crate::sync::log::folder::FolderError;
use crate::sync::log::imap::{ImapLog, LogError, LogSettings};
use crate::sync::log::session::{FolderName, SessionFolder};

/// Keeps the team's log while the screen is open.
pub struct LogErrand {
    store: Store,
    log: ImapLog,
    name: FolderName,
}

impl LogErrand {
    /// Makes the errand of an account. The log's mails come from the address of the account's first inbox.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new(store: &Store, account: &Account) -> Result<Self, StoreError> {
        let inbox = store.team().default_inbox(&account.id);
        let from = inbox.map(|inbox| inbox.address.clone()).unwrap_or_default();
        let log = ImapLog::new(store.clone(), LogSettings::new(from))?;
        Ok(Self { store: store.clone(), log, name: FolderName::new(account.log_folder.clone()) })
    }
}

impl Errand for LogErrand {
    fn run(&mut self, session: &mut Session) -> Result<(), SyncError> {
        let mut folder = SessionFolder::new(session, &mut self.name);
        self.log.sync(&mut folder).map_err(told)?;
        // Only who has read the log knows that it says nothing of this yet.
        if self.store.settle_history()? {
            self.log.sync(&mut folder).map_err(told)?;
        }
        Ok(())
    }

    fn watch(&self) -> Option<String> {
        Some(self.name.found.clone().unwrap_or_else(|| self.name.wanted.clone()))
    }
}

fn told(error: LogError) -> SyncError {
    match error {
        LogError::Store(error) => error.into(),
        LogError::Folder(FolderError::Lost(text)) => ImapError::Lost(text).into(),
        LogError::Folder(FolderError::Missing(name)) => ImapError::NoFolder(name).into(),
        LogError::Folder(FolderError::Throttled { wait, text }) => ImapError::Throttled { wait, text }.into(),
        other => ImapError::No { code: String::new(), text: format!("the team's log: {other}") }.into(),
    }
}
