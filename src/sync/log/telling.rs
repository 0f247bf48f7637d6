//! What people must be told of a pass over the log, in words. What of their own work did not stand is told apart: see
//! [`crate::model::refusal`].

use super::imap::LogPass;
use crate::error::{ErrorKind, UserError};

impl LogPass {
    /// Returns what a person must read of this pass, each with what to do about it.
    pub fn told(&self) -> Vec<UserError> {
        let mut told: Vec<UserError> = Vec::new();
        // Where there are several, people must know which.
        let of = self.account.as_ref().map(|account| format!(" of {account}")).unwrap_or_default();
        for notice in &self.notices {
            let hint = "assign it again to take it over";
            told.push(UserError::new(ErrorKind::Precondition, notice.to_string()).hint(hint));
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

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
