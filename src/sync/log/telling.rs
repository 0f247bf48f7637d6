//! What people must be told of a pass over the log, or of one that failed, in words. What of their own work did not stand is told apart: see
//! [`crate::model::refusal`].

use super::folder::FolderError;
use super::imap::{LogError, LogPass};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::text::SafeText;

impl LogPass {
    /// Returns what a person must read of this pass, each with what to do about it.
    pub fn told(&self) -> Vec<UserError> {
        let mut told: Vec<UserError> = Vec::new();
        // Where there are several, people must know which.
        let of = self.account.as_ref().map(|account| format!(" of {account}")).unwrap_or_default();
        for notice in &self.notices {
            let hint = "assign it again to take it over";
            told.push(UserError::new(ErrorKind::Precondition, notice.words.to_string()).hint(hint));
        }
        if self.read_only {
            told.push(
                UserError::new(
                    ErrorKind::Remote,
                    format!("the mailbox{of} lets you read the team's log but not write to it"),
                )
                .hint(
                    "what you do stays on this machine until the mailbox's owner grants the right to insert (ACL `i`)",
                ),
            );
        }
        if self.newer > 0 {
            let text = format!("{} mails of the team's log{of} were written by a newer postroom", self.newer);
            told.push(UserError::new(ErrorKind::Precondition, text).hint("update postroom to see what they say"));
        }
        let strays = self.foreign + self.damaged;
        if strays > 0 {
            let text = format!("{strays} mails in the folder of the team's log{of} are not postroom's or are spoiled");
            told.push(UserError::new(ErrorKind::Precondition, text).hint("they are left where they are and not read"));
        }
        told
    }
}

impl LogError {
    /// Tells it to a person: what the server said, and what to do. `account` is named where there are several.
    pub fn told(self, account: Option<&AccountId>) -> UserError {
        let hint = match &self {
            Self::Store(_) => {
                return match self {
                    Self::Store(store) => store.into(),
                    _ => UserError::new(ErrorKind::Internal, "log"),
                };
            }
            Self::Folder(FolderError::ReadOnly(_)) => {
                "what you do stays on this machine until the mailbox's owner grants the right to insert (ACL `i`)"
                    .to_owned()
            }
            Self::Folder(FolderError::Missing(_)) => {
                "it is made again at the next try, from the copies of all clients".to_owned()
            }
            Self::Folder(FolderError::NotMade { name, .. }) => format!(
                "make a folder {name:?} with another mail program, or set `log_folder` to one that is there; what you do stays on this \
                 machine until then"
            ),
            Self::Folder(FolderError::Full(_)) => {
                "make room in the mailbox; what you did is kept, and goes there with the next try".to_owned()
            }
            Self::Folder(FolderError::Refused(_)) => {
                "what you did is kept and tried again; ask the mailbox's owner if it stays".to_owned()
            }
            Self::Folder(_) | Self::NotShown => "what you did is kept and pushed later by itself".to_owned(),
        };
        let of = account.map(|account| format!(" of {account}")).unwrap_or_default();
        let text = SafeText::line_max(&format!("the team's log{of}: {self}"), 400);
        UserError::new(ErrorKind::Remote, text.as_str()).hint(hint)
    }
}

impl From<LogError> for UserError {
    fn from(error: LogError) -> Self {
        error.told(None)
    }
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
