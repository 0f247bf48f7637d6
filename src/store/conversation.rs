//! One conversation with its time line.

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
    /// Returns a conversation with the newest `newest` items of its time line.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn conversation(&self, _id: &ConversationId, _newest: usize) -> Result<Option<Conversation>, StoreError> {
        todo!()
    }

    /// Returns for each message, in time order, its subject and why it is in the conversation.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn why(&self, _id: &ConversationId) -> Result<Vec<(MessageId, SafeText, SafeText)>, StoreError> {
        todo!()
    }

    /// Returns the messages in time order.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn message_ids(&self, _id: &ConversationId) -> Result<Vec<MessageId>, StoreError> {
        todo!()
    }
}
