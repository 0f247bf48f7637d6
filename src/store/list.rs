//! The list: pages by key, ids, exact numbers.

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
    /// Returns rows of the list behind `after`, newest first.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn page(
        &self,
        _query: &Query,
        _context: &Context,
        _after: Option<&PageKey>,
        _limit: usize,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        todo!()
    }

    /// Returns the rows in front of `before`, in the order of the list.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn page_before(
        &self,
        _query: &Query,
        _context: &Context,
        _before: &PageKey,
        _limit: usize,
    ) -> Result<Vec<ConversationRow>, StoreError> {
        todo!()
    }

    /// Returns all that match, in the order of the list.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn ids(&self, _query: &Query, _context: &Context) -> Result<Vec<ConversationId>, StoreError> {
        todo!()
    }

    /// Returns how many match.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn count(&self, _query: &Query, _context: &Context) -> Result<u64, StoreError> {
        todo!()
    }

    /// Returns the rows of these conversations, in this order; those that are gone are left out.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn rows(&self, _ids: &[ConversationId]) -> Result<Vec<ConversationRow>, StoreError> {
        todo!()
    }

    /// Returns the rows with targets for an operation that has seen all that is here now.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn targets(&self, _ids: &[ConversationId]) -> Result<Vec<(ConversationRow, Target)>, StoreError> {
        todo!()
    }
}
