//! The log as an errand on an account's second connection.

use std::sync::Arc;

use super::folder::FolderError;
use super::imap::{ImapLog, LogError, LogPass, LogSettings};
use super::keywords;
use super::session::{FolderName, SessionFolder};
use crate::config::Account;
use crate::model::change::Change;
use crate::model::ids::AccountId;
use crate::store::{Store, StoreError};
use crate::sync::error::SyncError;
use crate::sync::imap::{ImapError, Session};
use crate::sync::supervisor::Errand;

/// Is told of each pass that did something; [`LogPass::told`] is what a person must learn of it.
pub type OnPass = Arc<dyn Fn(&LogPass) + Send + Sync>;

/// Keeps the team's log while the program runs.
pub struct LogErrand {
    log: ImapLog,
    name: FolderName,
    on_pass: OnPass,
    mirror: Mirror,
    /// Mails of others that the last run found.
    found: u64,
    /// Whether it was told that the mailbox lets nobody write: once is enough.
    read_only: bool,
}

impl LogErrand {
    /// Makes the errand of an account. The log's mails come from the address of the account's first inbox.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new(store: &Store, account: &Account, on_pass: OnPass) -> Result<Self, StoreError> {
        let log = ImapLog::new(store.clone(), settings(store, account))?;
        let name = FolderName::new(account.log_folder.clone());
        let mirror = Mirror { store: store.clone(), account: account.id.clone(), on: account.mirror_keywords, begun: false };
        Ok(Self { log, name, on_pass, mirror, found: 0, read_only: false })
    }
}

/// Reads and pushes the log once: what `postroom sync` and `--wait` run.
///
/// # Errors
/// What ended it; what was done is kept and goes on at the next call.
pub fn sync_log_once(store: &Store, account: &Account, session: &mut Session) -> Result<LogPass, SyncError> {
    let mut log = ImapLog::new(store.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    let pass = log.sync(&mut SessionFolder::new(session, &mut name))?;
    let mut mirror = Mirror { store: store.clone(), account: account.id.clone(), on: account.mirror_keywords, begun: true };
    mirror.follow(session, pass.change.as_ref())?;
    Ok(pass)
}

fn settings(store: &Store, account: &Account) -> LogSettings {
    let inbox = store.team().default_inbox(&account.id);
    LogSettings::new(inbox.map(|inbox| inbox.address.clone()).unwrap_or_default())
}

impl From<LogError> for SyncError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(error) => error.into(),
            LogError::Folder(FolderError::Lost(text)) => ImapError::Lost(text).into(),
            LogError::Folder(FolderError::Missing(name)) => ImapError::NoFolder(name).into(),
            LogError::Folder(FolderError::Throttled { wait, text }) => ImapError::Throttled { wait, text }.into(),
            other @ (LogError::Folder(_) | LogError::NotShown) => {
                let text = format!("the team's log: {other}");
                ImapError::No { code: String::new(), text }.into()
            }
        }
    }
}

/// The keyword mirror of an account.
struct Mirror {
    store: Store,
    account: AccountId,
    on: bool,
    /// Whether everything was compared once.
    begun: bool,
}

impl Mirror {
    fn follow(&mut self, session: &mut Session, change: Option<&Change>) -> Result<(), SyncError> {
        let change = if self.begun { change } else { Some(&Change::Everything) };
        if let Some(change) = change.filter(|_| self.on) {
            keywords::mirror(&self.store, session, &self.account, change)?;
            self.begun = true;
        }
        Ok(())
    }
}

impl Errand for LogErrand {
    fn run(&mut self, session: &mut Session) -> Result<(), SyncError> {
        let mut pass = self.log.sync(&mut SessionFolder::new(session, &mut self.name))?;
        self.found = pass.pulled.saturating_sub(pass.appended);
        let known = std::mem::replace(&mut self.read_only, pass.read_only);
        pass.read_only &= !known;
        self.mirror.follow(session, pass.change.as_ref())?;
        if pass.change.is_some() || !pass.told().is_empty() {
            (self.on_pass)(&pass);
        }
        Ok(())
    }

    fn found(&self) -> u64 {
        self.found
    }

    fn watch(&self) -> Option<String> {
        Some(self.name.found.clone().unwrap_or_else(|| self.name.wanted.clone()))
    }
}
