//! Mail in: parsed, threaded, folded, counted and indexed, a batch a transaction.

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
    /// Takes in a batch of mail. It may be delivered again: a UID that is here is passed over.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn ingest(&self, _folder: i64, _batch: Vec<Incoming>) -> Result<Ingested, StoreError> {
        todo!()
    }

    /// Completes a message of which only the headers were here.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn ingest_body(&self, _folder: i64, _uid: u32, _raw: Vec<u8>) -> Result<Change, StoreError> {
        todo!()
    }

    /// Returns UID and size of messages without a body, those asked for first, then the newest.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn wanted_bodies(&self, _folder: i64, _limit: usize) -> Result<Vec<(u32, u64)>, StoreError> {
        todo!()
    }

    /// Asks for the body of a message: it is fetched first.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn want_body(&self, _id: &MessageId) -> Result<(), StoreError> {
        todo!()
    }
}
