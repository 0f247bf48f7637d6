//! What ends a pass: the remote, the store, or us.

use std::any::Any;
use std::time::Duration;

use crate::config::Account;
use crate::error::UserError;
use crate::store::StoreError;

/// What a failure means for trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// It mends itself: try again soon, then later and later.
    Wait,
    /// Try again no sooner than this.
    WaitAtLeast(Duration),
    /// Somebody has to do something; a try now and then finds out whether they did.
    Person,
    /// We were asked to stop.
    Stop,
}

/// What a remote did not do, or why it can't be reached. Each kind of remote has its own.
pub trait Failure: std::error::Error + Any + Send + Sync {
    /// Returns what it means for trying again.
    fn remedy(&self) -> Remedy;

    /// Tells whether the remote answered and said no: the connection goes on.
    fn leaves_connection_usable(&self) -> bool;

    /// Tells whether the remote has no place for another connection.
    fn is_of_too_many(&self) -> bool {
        false
    }

    /// Tells whether the remote wants to hear nothing for a while.
    fn is_throttle(&self) -> bool {
        false
    }

    /// Tells it to a person: whose remote, which, what to do.
    fn told(&self, account: &Account) -> UserError;
}

/// A failure of a pass.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The remote or the way to it.
    #[error("{0}")]
    Remote(Box<dyn Failure>),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The remote refused a part of the work, in words for a person; the connection goes on.
    #[error(transparent)]
    Refused(UserError),
    /// Anything else, in words for a person: no secret, no folder.
    #[error(transparent)]
    User(#[from] UserError),
}

impl SyncError {
    /// Tells it to a person.
    pub fn for_user(self, account: &Account) -> UserError {
        match self {
            Self::Remote(failure) => failure.told(account),
            Self::Store(error) => error.into(),
            Self::Refused(error) | Self::User(error) => error,
        }
    }

    /// Tells whether other work over the same connection can go on: the remote said no to this, or something stands in the way of this
    /// alone.
    pub fn is_of_one_part(&self) -> bool {
        match self {
            Self::Remote(failure) => failure.leaves_connection_usable(),
            Self::Refused(_) | Self::User(_) => true,
            Self::Store(_) => false,
        }
    }

    /// Tells whether the remote has no place for another connection.
    pub fn is_of_too_many(&self) -> bool {
        matches!(self, Self::Remote(failure) if failure.is_of_too_many())
    }

    /// Tells whether the remote wants to hear nothing for a while.
    pub fn is_throttle(&self) -> bool {
        matches!(self, Self::Remote(failure) if failure.is_throttle())
    }

    /// Tells whether somebody has to do something before it can go on.
    pub fn needs_person(&self) -> bool {
        self.remedy() == Remedy::Person || matches!(self, Self::Store(error) if error.is_of_disk())
    }

    /// Returns what it means for trying again.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Remote(failure) => failure.remedy(),
            Self::Refused(_) => Remedy::Wait,
            Self::Store(error) if error.is_passing() => Remedy::Wait,
            // Space comes back without anybody telling us.
            Self::Store(error) if error.is_of_disk() => Remedy::WaitAtLeast(Duration::from_secs(60)),
            Self::Store(_) | Self::User(_) => Remedy::Person,
        }
    }
}
