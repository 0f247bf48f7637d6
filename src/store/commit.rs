//! Operations in: one command is one transaction.

#![allow(unused_imports, clippy::todo)]

use super::types::*;
use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::conversation::{Conversation, LogEntry};
use crate::model::ids::{AccountId, ConversationId, Handle, InboxId, MessageId, OpId, Tag};
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Counts, PageKey};
use crate::op::operation::Target;
use crate::op::record::{LogPosition, NewOperation};
use crate::query::{Context, Query};

impl Store {
    /// Makes records of the operations, appends them and folds what they touch, in one transaction.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn commit(&self, _ops: Vec<NewOperation>) -> Result<Committed, StoreError> {
        todo!()
    }

    /// Folds again what has woken by now.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn wake(&self) -> Result<Change, StoreError> {
        todo!()
    }

    /// Returns when the next snoozed conversation wakes.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn next_wake(&self) -> Result<Option<Timestamp>, StoreError> {
        todo!()
    }
}
