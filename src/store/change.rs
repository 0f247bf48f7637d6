//! What a commit touched, told to whoever listens in this process and noticed across processes.

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
    /// Returns a number that changes when anybody, this process or another, commits to the store.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        todo!()
    }

    /// Returns a channel of what this process changes from now on. It is bounded: a reader that is late finds [`Change::Everything`].
    pub fn subscribe(&self) -> std::sync::mpsc::Receiver<Change> {
        todo!()
    }
}
