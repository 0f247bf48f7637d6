//! An account's log as an errand on the account's second connection.

use std::sync::Arc;

use super::adopt::{UpTo, Waiting};
use super::folder::FolderError;
use super::imap::{ImapLog, LogError, LogPass, LogSettings};
use super::keys::KeyLine;
use super::keywords;
use super::session::{FolderName, SessionFolder};
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::{Change, Part};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId};
use crate::store::{Store, StoreError};
use crate::sync::errand::Errand;
use crate::sync::error::SyncError;
use crate::sync::imap::error::Remedy;
use crate::sync::imap::{ImapError, Session};
use crate::sync::retry::Backoff;

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
    /// What the server refused with the last try to write.
    trouble: Option<UserError>,
    /// What stands until somebody does something about it.
    standing: Option<UserError>,
    /// When writing is tried again after a refusal, and how often it was refused.
    again: Option<Timestamp>,
    refusals: Backoff,
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
        Ok(Self {
            store: store.clone(),
            log,
            name,
            on_pass,
            mirror,
            found: 0,
            trouble: None,
            standing: None,
            again: None,
            refusals: Backoff::default(),
        })
    }
}

/// Reads and pushes an account's log once: what `postroom sync` and `--wait` run.
///
/// # Errors
/// What ended it; what was done is kept and goes on at the next call.
pub fn sync_log_once(store: &Store, account: &Account, session: &mut Session) -> Result<LogPass, SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    let pass = run(store, &mut log, &mut SessionFolder::new(session, &mut name), true)?;
    let mut mirror = Mirror { account: account.id.clone(), on: account.mirror_keywords, begun: true };
    mirror.follow(store, session, pass.change.as_ref())?;
    Ok(pass)
}

/// Reads what is new on an account's log, and writes nothing there: what the check before sending asks of other accounts.
///
/// # Errors
/// What ended it.
pub fn read_log_once(store: &Store, account: &Account, session: &mut Session) -> Result<LogPass, SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    Ok(log.pull(&mut SessionFolder::new(session, &mut name))?)
}

/// Lists who wrote what in mails of an account's log that don't count; see [`ImapLog::adoptable`].
///
/// # Errors
/// What ended it.
pub fn adoptable_once(
    store: &Store,
    account: &Account,
    session: &mut Session,
    up_to: Option<UpTo>,
) -> Result<Waiting, SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    Ok(log.adoptable(&mut SessionFolder::new(session, &mut name), up_to)?)
}

/// Takes in the mails of an account's log that don't count, up to the one that somebody looked at; see [`ImapLog::adopt`].
///
/// # Errors
/// What ended it.
pub fn adopt_once(
    store: &Store,
    account: &Account,
    session: &mut Session,
    up_to: UpTo,
) -> Result<Option<LogPass>, SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    Ok(log.adopt(&mut SessionFolder::new(session, &mut name), up_to)?)
}

/// Lists the keys of an account's log, after reading what is new; where it is to `rotate`, once a new one has taken their place.
///
/// # Errors
/// What ended it.
pub fn keys_once(
    store: &Store,
    account: &Account,
    session: &mut Session,
    rotate: bool,
) -> Result<(LogPass, Vec<KeyLine>), SyncError> {
    let mut log = ImapLog::new(store.clone(), account.id.clone(), settings(store, account))?;
    let mut name = FolderName::new(account.log_folder.clone());
    let mut folder = SessionFolder::new(session, &mut name);
    let pass = if rotate { log.rotate(&mut folder)? } else { log.pull(&mut folder)? };
    Ok((pass, log.keys()?))
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

/// One pass, with what of the agent's own work did not stand. Where it is not to `write`, the log is only read.
fn run(store: &Store, log: &mut ImapLog, folder: &mut SessionFolder<'_>, write: bool) -> Result<LogPass, SyncError> {
    store.remember_waiting(log.account())?;
    let mut pass = if write { log.sync(folder)? } else { log.pull(folder)? };
    if write && !pass.read_only && pass.trouble.is_none() {
        log.settle_history(folder, &mut pass)?;
    }
    if pass.read_only || pass.pushed > 0 {
        store.note_log_rights(log.account(), !pass.read_only)?;
    }
    pass.refused = store.refusals(log.account(), false)?;
    // What is told as a change that does not stand need not be told as a claim that fell.
    let told = |of: &ConversationId| pass.refused.listed.iter().any(|refusal| refusal.conversation == *of);
    pass.notices.retain(|fallen| !told(&fallen.conversation));
    Ok(pass)
}

fn settings(store: &Store, account: &Account) -> LogSettings {
    let team = store.team();
    let inbox = team.default_inbox(&account.id);
    // The config was checked for what is no fingerprint.
    let named = account.log_keys.iter().filter_map(|key| key.parse().ok()).collect();
    LogSettings { named, ..LogSettings::new(inbox.map(|inbox| inbox.address.clone()).unwrap_or_default()) }
}

impl From<LogError> for SyncError {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Store(StoreError::Stopped) => ImapError::Stopped.into(),
            LogError::Store(error) => error.into(),
            LogError::Folder(FolderError::Lost(text)) => ImapError::Lost(text).into(),
            LogError::Folder(FolderError::Missing(name)) => ImapError::NoFolder(name).into(),
            LogError::Folder(FolderError::Throttled { wait, text }) => ImapError::Throttled { wait, text }.into(),
            other @ (LogError::Folder(_) | LogError::NotShown) => Self::Refused(other.into()),
        }
    }
}

impl LogErrand {
    /// Notes how a try to write ended: after a refusal the next one waits, and reading goes on meanwhile.
    fn note(&mut self, trouble: Option<UserError>, now: Timestamp) {
        self.again = match &trouble {
            Some(_) => {
                let wait = self.refusals.next(Remedy::Wait, fastrand::f64());
                Some(now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
            }
            None => {
                self.refusals.reset();
                None
            }
        };
        self.trouble = trouble;
    }
}

impl Errand for LogErrand {
    fn run(&mut self, session: &mut Session) -> Result<(), SyncError> {
        let now = self.store.author().clock.now();
        let write = self.again.is_none_or(|again| again <= now);
        if !write && self.name.found.is_none() {
            // There is no folder to read.
            return Ok(());
        }
        let pass = run(&self.store, &mut self.log, &mut SessionFolder::new(session, &mut self.name), write)?;
        if write {
            self.note(pass.trouble.clone(), now);
        }
        self.standing = pass.standing();
        self.found = pass.pulled.saturating_sub(pass.appended);
        let did_something = pass.change.is_some() || !pass.told().is_empty() || !pass.refused.is_empty();
        if did_something {
            (self.on_pass)(&pass);
        }
        // Last: what was read is told even where keywords fail.
        self.mirror.follow(&self.store, session, pass.change.as_ref())
    }

    fn part(&self) -> Part {
        Part::Log
    }

    fn troubles(&self) -> Vec<UserError> {
        self.trouble.iter().chain(&self.standing).cloned().collect()
    }

    fn urge(&mut self) {
        self.again = None;
    }

    fn found(&self) -> u64 {
        self.found
    }

    fn watch(&self) -> Option<String> {
        self.name.found.clone()
    }
}
