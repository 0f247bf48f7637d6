//! The one place where the kind of an account decides what is made.

use std::sync::Arc;

use super::error::SyncError;
use super::imap::remote::ImapRemote;
use super::imap::roles::Wanted;
pub use super::imap::roles::beside as folder_beside;
use super::imap::{self, ImapAccount, once};
use super::local::LocalRemote;
use super::remote::{Alone, Connection, Remote};
use super::secret::SecretProvider;
use super::smtp::{self, Smtp};
use super::transport::{Envelope, Outcome};
use super::waker::Waker;
use crate::config::{Account, Remote as Kind, Secret};
use crate::error::{ErrorKind, UserError};
use crate::mime::compose::Built;
use crate::model::clock::Clock;
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
    /// The folders that are synced.
    pub folders: Vec<FoundFolder>,
    /// Folders that others share with whoever logs in, and what stands between the levels of their names.
    pub shared: Vec<(String, Option<char>)>,
    /// Who may do what with the folder that mail comes into.
    pub rights: Rights,
    /// Folders of the config that are not there, with what they are called there instead, where that is known.
    pub missing: Vec<(String, Option<String>)>,
    /// Where the team's log is, or will be; `None` where it is no folder.
    pub log: Option<String>,
}

/// A folder that is synced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFolder {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: FolderRole,
    /// How many mails it holds, where the server told.
    pub mails: Option<u32>,
}

/// What may be done with what a team shares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Whether mail may only be read, and not marked or moved.
    pub mail_read_only: bool,
    /// Whether the log may only be read: nothing that is done would reach the others.
    pub log_read_only: bool,
    /// Who else reads the folder that mail comes into, as the server names them.
    pub readers: Vec<String>,
}

/// Logs in to an account with this secret and looks around.
///
/// # Errors
/// In words for a person.
pub fn test_login(account: &Account, secret: &str) -> Result<Found, UserError> {
    let Kind::Imap(imap) = &account.remote else { return Ok(Found::default()) };
    let account = ImapAccount { id: account.id.clone(), config: (**imap).clone() };
    let found = once::test_login(&account, secret)?;
    let mails = |name: &str| found.folders.iter().find(|l| l.name == name)?.state.as_ref()?.messages;
    let folder =
        |wanted: &Wanted| FoundFolder { name: wanted.name.clone(), role: wanted.role, mails: mails(&wanted.name) };
    let delimiter = |name: &str| found.folders.iter().find(|l| l.name == name).and_then(|l| l.delimiter);
    let lacks = |rights: &Option<String>, right: char| rights.as_ref().is_some_and(|rights| !rights.contains(right));
    let me = account.imap.user.to_lowercase();
    // Behind a minus stands what somebody may not (RFC 4314 section 2).
    let is_other = |who: &str| who.to_lowercase() != me && !who.starts_with('-');
    let reads = |(who, rights): &(String, String)| (rights.contains('r') && is_other(who)).then(|| who.clone());
    Ok(Found {
        folders: found.wanted.iter().map(folder).collect(),
        shared: found.elsewhere.iter().map(|name| (name.clone(), delimiter(name))).collect(),
        rights: Rights {
            mail_read_only: lacks(&found.rights.inbox, 'w'),
            log_read_only: lacks(&found.rights.log, 'i'),
            readers: found.rights.others.iter().filter_map(reads).collect(),
        },
        missing: found.missing.into_iter().map(|folder| (folder.name, folder.called)).collect(),
        log: Some(found.log),
    })
}

/// Looks at the servers of an account as a doctor does: nothing is written there. `here` is the clock of this machine.
pub fn examine(account: &Account, secrets: &dyn SecretProvider, here: &Clock, waker: &Waker) -> Vec<Finding> {
    let Kind::Imap(imap) = &account.remote else { return Vec::new() };
    let of_imap = ImapAccount { id: account.id.clone(), config: (**imap).clone() };
    let mut found = imap::examine(&of_imap, secrets, here, waker);
    match &imap.smtp {
        Some(endpoint) => match smtp::examine(&account.id, endpoint, secrets, here) {
            Ok(more) => found.extend(more),
            // That there is no password was told already, where it is the same one.
            Err(_) if endpoint.secret == imap.imap.secret => {}
            Err(error) => found.push(Finding::fault(Topic::Server, error.for_user(account))),
        },
        None => found.push(Finding::ok(Topic::Server, phrase!("doctor-smtp-none"))),
    }
    found.into_iter().map(|finding| finding.of(&account.id)).collect()
}

/// Logs in where mail of an account goes out; `false` where none goes out.
///
/// # Errors
/// Says what the server said, and what to do.
pub fn test_outgoing(account: &Account, secret: &str) -> Result<bool, UserError> {
    let Some(mut smtp) = outgoing(account, secret) else { return Ok(false) };
    smtp.test()?;
    smtp.quit();
    Ok(true)
}

/// Sends one mail by an account, for whoever wants to see that it goes out.
///
/// # Errors
/// Says what the server said.
pub fn send_to_oneself(account: &Account, secret: &str, mail: &Built) -> Result<(), UserError> {
    let Some(mut smtp) = outgoing(account, secret) else { return Ok(()) };
    let envelope = Envelope { from: mail.from.clone(), recipients: mail.recipients.clone(), utf8: mail.utf8 };
    match smtp.send(&envelope, &mail.copy) {
        Outcome::Accepted { refused, .. } if refused.is_empty() => Ok(()),
        Outcome::Accepted { refused, .. } => {
            let words: Vec<&str> = refused.iter().map(|one| one.words.as_str()).collect();
            Err(UserError::new(ErrorKind::Remote, words.join("; ")))
        }
        Outcome::Blocked(error) => Err(error),
        Outcome::Later { words } | Outcome::Refused { words } | Outcome::Unknown { words } => {
            Err(UserError::new(ErrorKind::Remote, words))
        }
    }
}

fn outgoing(account: &Account, secret: &str) -> Option<Smtp> {
    let Kind::Imap(imap) = &account.remote else { return None };
    imap.smtp.as_ref().map(|endpoint| Smtp::new(endpoint, secret))
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
