//! Counts beside views: kept, never counted.

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
    /// Returns how many conversations each view holds for `me`.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn counts(&self, _me: &Handle) -> Result<Counts, StoreError> {
        todo!()
    }
}
