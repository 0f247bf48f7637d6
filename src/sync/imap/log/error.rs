//! Why a pass over the log ended early, in words, and as an error of the sync.

use super::folder::FolderError;
use super::imap_log::LogError;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::text::in_quotes;
use crate::store::StoreError;
use crate::sync::error::SyncError;
use crate::sync::imap::ImapError;
use crate::sync::log::telling::of;

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
            FolderError::NotMade { name, .. } => phrase!("hint-log-not-made", folder = in_quotes(name)),
            FolderError::Full(_) => phrase!("hint-log-full"),
            FolderError::Refused(_) => phrase!("hint-log-refused"),
            FolderError::Lost(_) | FolderError::Throttled { .. } => phrase!("hint-log-later"),
        };
        UserError::new(ErrorKind::Remote, phrase!("log-trouble", of = of(account), what = error.phrase())).hint(hint)
    }
}

impl From<LogError> for UserError {
    fn from(error: LogError) -> Self {
        error.told(None)
    }
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
