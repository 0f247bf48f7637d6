//! Taking back and bringing back what was done, across restarts.

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
    /// Takes back the newest own command that can be taken back.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn undo(&self) -> Result<Option<Undone>, StoreError> {
        todo!()
    }

    /// Brings back what the newest own undo took back, unless something was done since.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn redo(&self) -> Result<Option<Undone>, StoreError> {
        todo!()
    }

    /// Takes back one record, or a batch, whoever made it.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn undo_operation(&self, _of: OpId) -> Result<Option<Undone>, StoreError> {
        todo!()
    }
}
