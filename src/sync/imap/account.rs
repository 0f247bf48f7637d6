//! An account of this kind: its name, with what the config says of it.

use std::ops::{Deref, DerefMut};

use super::names::is_inbox;
use crate::config::{Account, Imap, Remote};
use crate::model::ids::AccountId;

/// An account whose mail lies on an IMAP server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImapAccount {
    /// The account's name.
    pub id: AccountId,
    /// What the config says of it.
    pub config: Imap,
}

impl ImapAccount {
    /// Returns it with something changed.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Imap)) -> Self {
        change(&mut self.config);
        self
    }

    /// Tells whether a folder is the one that the account's mail comes into. A server may have put its prefix in front of the name that the
    /// config gives.
    pub fn is_inbox(&self, name: &str) -> bool {
        match &self.config.inbox_folder {
            Some(folder) => name.ends_with(folder.as_str()),
            None => is_inbox(name),
        }
    }
}

impl Deref for ImapAccount {
    type Target = Imap;

    fn deref(&self) -> &Imap {
        &self.config
    }
}

impl DerefMut for ImapAccount {
    fn deref_mut(&mut self) -> &mut Imap {
        &mut self.config
    }
}

impl From<ImapAccount> for Account {
    fn from(account: ImapAccount) -> Self {
        Self { id: account.id, remote: Remote::Imap(Box::new(account.config)) }
    }
}

impl From<&ImapAccount> for Account {
    fn from(account: &ImapAccount) -> Self {
        account.clone().into()
    }
}
