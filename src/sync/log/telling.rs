//! What people must be told of a pass over the log, or of one that failed, in words. What of their own work did not stand is told apart: see
//! [`crate::model::refusal`].

use super::folder::FolderError;
use super::imap::{LogError, LogPass};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::{Arg, Phrase};

impl LogPass {
    /// Returns what a person must read of this pass, each with what to do about it.
    pub fn told(&self) -> Vec<UserError> {
        let mut told: Vec<UserError> = Vec::new();
        let of = || of(self.account.as_ref());
        for notice in &self.notices {
            let what = Phrase::from(&notice.words);
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-assign-again")));
        }
        if self.read_only {
            let what = phrase!("log-read-only", of = of());
            told.push(UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-log-insert")));
        }
        if self.newer > 0 {
            let what = phrase!("log-newer", count = self.newer, of = of());
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-newer")));
        }
        let strays = self.foreign + self.damaged;
        if strays > 0 {
            let what = phrase!("log-strays", count = strays, of = of());
            told.push(UserError::new(ErrorKind::Precondition, what).hint(phrase!("hint-log-strays")));
        }
        told
    }
}

impl LogError {
    /// Tells it to a person: what the server said, and what to do. `account` is named where there are several.
    pub fn told(self, account: Option<&AccountId>) -> UserError {
        let error = match self {
            Self::Store(error) => return error.into(),
            Self::NotShown => {
                let what = phrase!("log-trouble", of = of(account), what = phrase!("log-not-shown"));
                return UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-log-later"));
            }
            Self::Folder(error) => error,
        };
        let hint = match &error {
            FolderError::ReadOnly(_) => phrase!("hint-log-insert"),
            FolderError::Missing(_) => phrase!("hint-log-missing"),
            FolderError::NotMade { name, .. } => phrase!("hint-log-not-made", folder = format!("{name:?}")),
            FolderError::Full(_) => phrase!("hint-log-full"),
            FolderError::Refused(_) => phrase!("hint-log-refused"),
            FolderError::Lost(_) | FolderError::Throttled { .. } => phrase!("hint-log-later"),
        };
        UserError::new(ErrorKind::Remote, phrase!("log-trouble", of = of(account), what = error.phrase())).hint(hint)
    }
}

/// Names the account where there are several, so that people know which.
fn of(account: Option<&AccountId>) -> Arg {
    account.map_or_else(|| Arg::from(""), |account| Arg::from(phrase!("sync-of-account", account = account.as_str())))
}

impl From<LogError> for UserError {
    fn from(error: LogError) -> Self {
        error.told(None)
    }
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
