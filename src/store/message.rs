//! Messages as they are kept.

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
    /// Returns the bytes of a mail.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn raw(&self, _id: &MessageId) -> Result<Option<Vec<u8>>, StoreError> {
        todo!()
    }

    /// Tells whether a message of that id is here, hidden ones included.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn has_message(&self, _id: &MessageId) -> Result<bool, StoreError> {
        todo!()
    }
}
