//! What people must be told of a pass over the log. It reads the store before and after; it changes nothing.

use super::imap::LogPass;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{AccountId, MessageId, OpId};
use crate::model::text::SafeText;
use crate::model::when::span;
use crate::op::operation::{Known, Operation};
use crate::op::record::Record;
use crate::store::{Store, StoreError};

/// The most records and conversations that are looked at: a bulk claim is told in part, not slowly.
const LOOKED_AT: usize = 1000;

/// What the author took and the server of an account has not seen yet: the claims, each with a message of each conversation.
#[derive(Debug, Default)]
pub struct Claims(Vec<(OpId, MessageId)>);

impl Claims {
    /// Looks which claims of the author are still on their way.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn waiting(store: &Store, account: &AccountId) -> Result<Self, StoreError> {
        let me = &store.author().actor;
        let mut found = Vec::new();
        for (_, json) in store.unpushed_of(account, LOOKED_AT)? {
            let Ok(record) = Record::parse(&json) else { continue };
            let Operation::Known(Known::Assign { to: Some(to) }) = &record.op else { continue };
            if to == me {
                let room = LOOKED_AT.saturating_sub(found.len());
                found.extend(record.on.iter().take(room).map(|target| (record.id, target.on.clone())));
            }
        }
        Ok(Self(found))
    }

    /// Says which of them came second in the order of the log: who was first, how long ago, and with what.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn lost(&self, store: &Store) -> Result<Vec<SafeText>, StoreError> {
        let now = store.author().clock.now();
        let mut told = Vec::new();
        for lost in store.lost_claims(&self.0)? {
            let title = SafeText::line_max(lost.row.title.as_str(), 60);
            let what = format!("{} {title}", lost.row.short);
            told.push(SafeText::line(&match &lost.held_by {
                Some((who, since)) => format!("{who} took it first, {} ago: {what}", span(now.since(*since))),
                None => format!("your claim came too late, nobody has it: {what}"),
            }));
        }
        Ok(told)
    }
}

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
