//! One pass and out: what the set-up runs, and whoever needs no more.

use super::account::ImapAccount;
use super::roles::{Missing, Wanted};
use super::session::Listed;
use super::{ImapError, Session, pass_with, roles};
use crate::config::Endpoint;
use crate::error::{ErrorKind, UserError};
use crate::store::Store;
use crate::sync::error::SyncError;
use crate::sync::lock::SyncLock;
use crate::sync::pass::{Pass, Progress};
use crate::sync::waker::Waker;

/// What a server turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// Its folders.
    pub folders: Vec<Listed>,
    /// The folder of sent mail, where one could be told.
    pub sent: Option<String>,
    /// What it offers after the login, in upper case.
    pub capabilities: Vec<String>,
    /// The folders that the account syncs.
    pub wanted: Vec<Wanted>,
    /// Those of the config that are not there.
    pub missing: Vec<Missing>,
    /// What the folder of the team's log is called here.
    pub log: String,
}

/// Runs one pass over an account. [`Waker::stop`] ends it from another thread; what was stored stays.
///
/// # Errors
/// In words for a person. Where another process is syncing the store, that is one of kind [`ErrorKind::Precondition`].
pub fn sync_once(
    store: &Store,
    account: &ImapAccount,
    secret: &str,
    progress: &mut dyn FnMut(Progress),
    waker: &Waker,
) -> Result<Pass, UserError> {
    let Some(_lock) = SyncLock::try_take(store)? else {
        return Err(UserError::new(ErrorKind::Precondition, phrase!("sync-another")).hint(phrase!("hint-sync-another")));
    };
    let mut run = || -> Result<Pass, SyncError> {
        let mut session = Session::open(&account.imap, secret, waker)?;
        let reopen = &mut || Ok(Session::open(&account.imap, secret, waker)?);
        let report = pass_with(store, &mut session, account, None, progress, reopen)?;
        session.logout();
        Ok(report)
    };
    run().map_err(|e| e.of_imap(account))
}

/// Logs in and looks around.
///
/// # Errors
/// In words for a person.
pub fn test_login(account: &ImapAccount, secret: &str) -> Result<Discovered, UserError> {
    let endpoint: &Endpoint = &account.imap;
    let run = || -> Result<Discovered, SyncError> {
        let waker = Waker::new().map_err(ImapError::Io)?;
        let mut session = Session::open(endpoint, secret, &waker)?;
        let folders = session.list()?;
        let sent = roles::sent(&folders).map(|l| l.name.clone());
        let capabilities = session.capabilities().all().to_vec();
        let (wanted, missing) = roles::chosen(&mut session, account, &folders)?;
        let log = session.called(&folders, &account.log_folder)?;
        session.logout();
        Ok(Discovered { folders, sent, capabilities, wanted, missing, log })
    };
    run().map_err(|e| e.of_imap(account))
}
