//! The log: what is to be pushed, what comes back, and the audit trail.

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
    /// Returns the audit trail, newest first.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn log(&self, _filter: &LogFilter) -> Result<Vec<LogEntry>, StoreError> {
        todo!()
    }

    /// Returns records that the log does not have, in local order.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn unpushed(&self, _limit: usize) -> Result<Vec<(OpId, String)>, StoreError> {
        todo!()
    }

    /// Takes in lines of the log. The same record twice counts once, at its lowest place; what can't be read is kept as it is.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn ingest_log(&self, _lines: Vec<LogLine>) -> Result<Change, StoreError> {
        todo!()
    }

    /// Returns the newest position read.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn log_head(&self) -> Result<Option<LogPosition>, StoreError> {
        todo!()
    }

    /// Notes the newest position read.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn set_log_head(&self, _head: LogPosition) -> Result<(), StoreError> {
        todo!()
    }

    /// Returns everything known of the log behind a place, in order.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn log_lines(&self, _after: Option<LogPlace>, _limit: usize) -> Result<Vec<LogLine>, StoreError> {
        todo!()
    }

    /// Takes the places of all records away: they are pushed again, in `order`, and those not named after them in (Lamport, id) order.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn requeue_log(&self, _order: &[OpId]) -> Result<Change, StoreError> {
        todo!()
    }

    /// Returns the saved replies that the team shares: name and text.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn saved_replies(&self) -> Result<Vec<(String, String)>, StoreError> {
        todo!()
    }
}
