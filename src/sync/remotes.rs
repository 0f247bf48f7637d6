//! The one place where the kind of an account decides what is made.

use std::sync::Arc;

use super::error::SyncError;
use super::imap::remote::ImapRemote;
use super::imap::{self, ImapAccount, once};
use super::local::LocalRemote;
use super::remote::{Alone, Connection, Remote};
use super::secret::SecretProvider;
use super::smtp::{self, Smtp};
use super::waker::Waker;
use crate::config::{Account, Remote as Kind, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::service::doctor::{Finding, Topic};
use crate::store::{FolderRole, Store};

/// Makes what stands behind accounts.
#[derive(Clone)]
pub struct Remotes {
    /// The store that they read into.
    pub store: Store,
    /// The secrets of the accounts.
    pub secrets: Arc<dyn SecretProvider>,
    /// Whether their connections stay, as those of the screen do; else a command makes them for its own work.
    pub stay: bool,
}

impl Remotes {
    /// Makes what stands behind an account; nothing is connected yet.
    ///
    /// # Errors
    /// When this version has nothing for its kind.
    pub fn of(&self, account: &Account) -> Result<Arc<dyn Remote>, UserError> {
        let (store, id) = (self.store.clone(), account.id.clone());
        Ok(match &account.remote {
            Kind::Local => Arc::new(LocalRemote::new(store, id)),
            Kind::Imap(imap) => Arc::new(ImapRemote::new(self.clone(), id, (**imap).clone())),
            Kind::Team { .. } => {
                let what = phrase!("config-team-later", account = id.as_str());
                return Err(UserError::new(ErrorKind::Config, what).hint(phrase!("hint-team-later")));
            }
            #[cfg(test)]
            Kind::Scripted(name) => super::scripted::ScriptedRemote::named(name, store, id),
        })
    }

    /// Connects to an account for one piece of work, with nobody who could wake or end it.
    ///
    /// # Errors
    /// What kept it from that.
    pub fn connect(&self, account: &Account) -> Result<Box<dyn Connection>, SyncError> {
        self.of(account)?.connect(&Waker::unwatched()?, Arc::new(Alone))
    }
}

/// What an account turned out to hold, for whoever sets it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The folders that are synced, with what each is for.
    pub folders: Vec<(String, FolderRole)>,
    /// Folders of the config that are not there, with what they are called there instead, where that is known.
    pub missing: Vec<(String, Option<String>)>,
    /// Where the team's log is, or will be; `None` where it is no folder.
    pub log: Option<String>,
}

/// Logs in to an account with this secret and looks around.
///
/// # Errors
/// In words for a person.
pub fn test_login(account: &Account, secret: &str) -> Result<Found, UserError> {
    let Kind::Imap(imap) = &account.remote else { return Ok(Found::default()) };
    let account = ImapAccount { id: account.id.clone(), config: (**imap).clone() };
    let found = once::test_login(&account, secret)?;
    Ok(Found {
        folders: found.wanted.into_iter().map(|folder| (folder.name, folder.role)).collect(),
        missing: found.missing.into_iter().map(|folder| (folder.name, folder.called)).collect(),
        log: Some(found.log),
    })
}

/// Looks at the servers of an account as a doctor does: nothing is written there. `now` is the time on this machine.
pub fn examine(account: &Account, secrets: &dyn SecretProvider, now: Timestamp, waker: &Waker) -> Vec<Finding> {
    let Kind::Imap(imap) = &account.remote else { return Vec::new() };
    let of_imap = ImapAccount { id: account.id.clone(), config: (**imap).clone() };
    let mut found = imap::examine(&of_imap, secrets, now, waker);
    match &imap.smtp {
        Some(endpoint) => match smtp::examine(&account.id, endpoint, secrets, now) {
            Ok(more) => found.extend(more),
            // That there is no password was told already, where it is the same one.
            Err(_) if endpoint.secret == imap.imap.secret => {}
            Err(error) => found.push(Finding::fault(Topic::Server, error.for_user(account))),
        },
        None => found.push(Finding::ok(Topic::Server, phrase!("doctor-smtp-none"))),
    }
    found.into_iter().map(|finding| finding.of(&account.id)).collect()
}

/// Logs in where mail of an account goes out with a token; `false` where none goes out with it.
///
/// # Errors
/// Says what the server said, and what to do.
pub fn test_sending(account: &Account, token: &str) -> Result<bool, UserError> {
    let Kind::Imap(imap) = &account.remote else { return Ok(false) };
    let Some(endpoint) = imap.smtp.as_ref().filter(|smtp| matches!(smtp.secret, Secret::OAuth2(_))) else {
        return Ok(false);
    };
    let mut smtp = Smtp::new(endpoint, token);
    smtp.test()?;
    smtp.quit();
    Ok(true)
}
