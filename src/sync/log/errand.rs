//! An account's log as an errand on the account's second connection.

use std::sync::Arc;

use super::folder::FolderError;
use super::imap::{ImapLog, LogError, LogPass, LogSettings};
use super::keywords;
use super::session::{FolderName, SessionFolder};
use crate::config::Account;
use crate::model::change::Change;
use crate::model::ids::AccountId;
use crate::store::{Store, StoreError};
use crate::sync::errand::Errand;
use crate::sync::error::SyncError;
use crate::sync::imap::{ImapError, Session};

/// Is told of each pass that did something, with its notices.
pub type OnPass = Arc<dyn Fn(&LogPass) + Send + Sync>;

/// Keeps an account's log while the program runs.
pub struct LogErrand {
    store: Store,
    log: ImapLog,
    name: FolderName,
    on_pass: OnPass,
    mirror: Mirror,
    /// Mails of others that the last run found.
    found: u64,
}

impl LogErrand {
    /// Makes the errand of an account. The log's mails come from the address of the account's first inbox.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn new(store: &Store, account: &Account, on_pass: OnPass) -> Result<Self, StoreError> {
        let log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
        let name = FolderName::new(account.log_folder.clone());
        let mirror = Mirror { account: account.id.clone(), on: account.mirror_keywords, begun: false };
        Ok(Self { store: store.clone(), log, name, on_pass, mirror, found: 0 })
    }
}

/// Reads and pushes an account's log once: what `postroom sync` and `--wait` run.
///
/// # Errors
/// What ended it; what was done is kept and goes on at the next call.
pub fn sync_log_once(store: &Store, account: &Account, session: &mut Session) -> Result<LogPass, SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    let pass = run(store, &mut log, &mut SessionFolder::new(session, &mut name))?;
    let mut mirror = Mirror { account: account.id.clone(), on: account.mirror_keywords, begun: true };
    mirror.follow(store, session, pass.change.as_ref())?;
    Ok(pass)
}

/// Reads what is new on an account's log, and writes nothing there: what the check before sending asks of other accounts.
///
/// # Errors
/// What ended it.
pub fn read_log_once(store: &Store, account: &Account, session: &mut Session) -> Result<(), SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    log.pull(&mut SessionFolder::new(session, &mut name))?;
    Ok(())
}

/// The keyword mirror of an account.
struct Mirror {
    account: AccountId,
    on: bool,
    /// Whether everything was compared once.
    begun: bool,
}

impl Mirror {
    fn follow(&mut self, store: &Store, session: &mut Session, change: Option<&Change>) -> Result<(), SyncError> {
        let change = if self.begun { change } else { Some(&Change::Everything) };
        if let Some(change) = change.filter(|_| self.on) {
            keywords::mirror(store, session, &self.account, change)?;
            self.begun = true;
        }
        Ok(())
    }
}

/// One pass, with what of the agent's own work did not stand.
fn run(store: &Store, log: &mut ImapLog, folder: &mut SessionFolder<'_>) -> Result<LogPass, SyncError> {
    store.remember_waiting(log.account())?;
    let mut pass = log.sync(folder)?;
    // Only who has read the log knows that it does not say yet where history ends.
    if !pass.read_only && store.settle_history(log.account())? {
        let settled = log.sync(folder)?;
        pass.pushed += settled.pushed;
        pass.appended += settled.appended;
    }
    pass.refused = store.refusals(log.account(), false)?;
    Ok(pass)
}

fn settings(store: &Store, account: &Account) -> LogSettings {
    let inbox = store.team().default_inbox(&account.id);
    LogSettings::new(inbox.map(|inbox| inbox.address.clone()).unwrap_or_default())
}

impl From<LogError> for SyncError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(StoreError::Stopped) => ImapError::Stopped.into(),
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

impl Errand for LogErrand {
    fn run(&mut self, session: &mut Session) -> Result<(), SyncError> {
        let pass = run(&self.store, &mut self.log, &mut SessionFolder::new(session, &mut self.name))?;
        self.found = pass.pulled.saturating_sub(pass.appended);
        self.mirror.follow(&self.store, session, pass.change.as_ref())?;
        let did_something = pass.change.is_some() || !pass.told().is_empty() || !pass.refused.is_empty();
        if did_something {
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
