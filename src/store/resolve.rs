//! Ids as people type them, and names for completion.

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
    /// Finds the conversation that `typed`, an id or the beginning of one, means. Any id ever shown keeps resolving.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn resolve(&self, _typed: &str) -> Result<Resolved, StoreError> {
        todo!()
    }

    /// Returns the conversation that holds a message.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn conversation_of(&self, _message: &MessageId) -> Result<Option<ConversationId>, StoreError> {
        todo!()
    }

    /// Returns the tags in use.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn known_tags(&self) -> Result<Vec<Tag>, StoreError> {
        todo!()
    }

    /// Returns the agents in use: of the config and of the log.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn known_agents(&self) -> Result<Vec<Handle>, StoreError> {
        todo!()
    }

    /// Returns the inboxes in use.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn known_inboxes(&self) -> Result<Vec<InboxId>, StoreError> {
        todo!()
    }
}
