//! One pass and out: what the set-up runs, and whoever needs no more.

use super::account::ImapAccount;
use super::roles::{Missing, Wanted};
use super::session::Listed;
use super::{ImapError, Session, pass_with, roles};
use crate::config::Endpoint;
use crate::error::{ErrorKind, UserError};
use crate::store::{FolderRole, Store};
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
    /// Which of the folders are others' that are shared, or everybody's, by name.
    pub elsewhere: Vec<String>,
    /// What may be done with the folder that mail comes into, and with the log where it is there already.
    pub rights: FolderRights,
}

/// Who may do what with the folders that a team shares (RFC 4314), as letters; `None` and nobody where the server has no ACL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderRights {
    /// What whoever logs in may do with the folder that mail comes into.
    pub inbox: Option<String>,
    /// The same with the log.
    pub log: Option<String>,
    /// Who else may do what with the folder that mail comes into, where that may be asked.
    pub others: Vec<(String, String)>,
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

/// A server that does not tell says nothing against it.
fn may(rights: Result<Option<String>, ImapError>) -> Result<Option<String>, ImapError> {
    match rights {
        Err(error) if error.leaves_session_usable() => Ok(None),
        other => other,
    }
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
        let mut folders = match account.inbox_folder {
            None => session.list_with_states()?,
            Some(_) => session.list()?,
        };
        let sent = roles::sent(account, &folders).map(|l| l.name.clone());
        let capabilities = session.capabilities().all().to_vec();
        let (wanted, missing) = roles::chosen(&mut session, account, &folders)?;
        if account.inbox_folder.is_some() {
            let names: Vec<String> = wanted.iter().map(|want| want.name.clone()).collect();
            for (name, state) in session.states(&names)? {
                folders
                    .iter_mut()
                    .filter(|folder| folder.name == name)
                    .for_each(|folder| folder.state = Some(state.clone()));
            }
        }
        let log = session.called(&folders, &account.log_folder)?;
        let namespace = session.namespace()?.unwrap_or_default();
        let is_shared = |l: &&Listed| l.is_selectable() && namespace.is_elsewhere(&l.name);
        let elsewhere = folders.iter().filter(is_shared).map(|l| l.name.clone()).collect();
        let mut rights = FolderRights::default();
        if let Some(inbox) = wanted.iter().find(|want| want.role == FolderRole::Inbox) {
            rights.inbox = may(session.my_rights(&inbox.name))?;
            rights.others = session.rights_of_all(&inbox.name)?;
        }
        if folders.iter().any(|l| l.name == log) {
            rights.log = may(session.my_rights(&log))?;
        }
        session.logout();
        Ok(Discovered { folders, sent, capabilities, wanted, missing, log, elsewhere, rights })
    };
    run().map_err(|e| e.of_imap(account))
}
