//! What ends a pass: the server, the store, or us.

use std::time::Duration;

use crate::config::Endpoint;
use crate::error::UserError;
use crate::model::ids::AccountId;
use crate::store::StoreError;
use crate::sync::imap::ImapError;
use crate::sync::imap::error::Remedy;

/// A failure of a pass.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The server or the way to it.
    #[error(transparent)]
    Imap(#[from] ImapError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The server refused a part of the work, in words for a person; the connection goes on.
    #[error(transparent)]
    Refused(UserError),
    /// Anything else, in words for a person: no secret, no folder.
    #[error(transparent)]
    User(#[from] UserError),
}

impl SyncError {
    /// Tells it to a person.
    pub fn for_user(self, account: &AccountId, endpoint: &Endpoint) -> UserError {
        match self {
            Self::Imap(error) => error.for_user(account, endpoint),
            Self::Store(error) => error.into(),
            Self::Refused(error) | Self::User(error) => error,
        }
    }

    /// Tells whether other work over the same connection can go on: the server said no to this, or something stands in the way of this
    /// alone.
    pub fn is_of_one_part(&self) -> bool {
        match self {
            Self::Imap(error) => error.leaves_session_usable(),
            Self::Refused(_) | Self::User(_) => true,
            Self::Store(_) => false,
        }
    }

    /// Tells whether the server has no place for another connection.
    pub fn is_of_too_many(&self) -> bool {
        matches!(self, Self::Imap(error) if error.is_of_too_many())
    }

    /// Tells whether somebody has to do something before it can go on.
    pub fn needs_person(&self) -> bool {
        self.remedy() == Remedy::Person || matches!(self, Self::Store(error) if error.is_of_disk())
    }

    /// Returns what it means for trying again.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Imap(error) => error.remedy(),
            Self::Refused(_) => Remedy::Wait,
            Self::Store(error) if error.is_passing() => Remedy::Wait,
            // Space comes back without anybody telling us.
            Self::Store(error) if error.is_of_disk() => Remedy::WaitAtLeast(Duration::from_secs(60)),
            Self::Store(_) | Self::User(_) => Remedy::Person,
        }
    }
}
