//! Folders, and where in them messages stand.

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
    /// Returns the folder, made where it is missing. `name` is UTF-8.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn folder(&self, _account: &AccountId, _name: &str, _role: FolderRole) -> Result<Folder, StoreError> {
        todo!()
    }

    /// Returns the folders of an account.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn folders(&self, _account: &AccountId) -> Result<Vec<Folder>, StoreError> {
        todo!()
    }

    /// Returns the UIDs that are here, ascending.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn uids(&self, _folder: i64) -> Result<Vec<u32>, StoreError> {
        todo!()
    }

    /// Takes in what the server says of flags: UID, flags, MODSEQ.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn set_flags(&self, _folder: i64, _flags: Vec<(u32, Vec<String>, Option<u64>)>) -> Result<(), StoreError> {
        todo!()
    }

    /// Takes messages out of a folder. One that is in no folder any more leaves its conversation; its row is kept, so that operations on it still hold.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn expunge(&self, _folder: i64, _uids: &[u32]) -> Result<Change, StoreError> {
        todo!()
    }

    /// Forgets every UID of a folder whose UIDVALIDITY changed; the messages stay, to be found again by ingest or [`Store::relocate`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn reset_folder(&self, _folder: i64, _validity: u32) -> Result<(), StoreError> {
        todo!()
    }

    /// Gives known messages their new UIDs without their bodies. Returns the UIDs that must be fetched.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn relocate(&self, _folder: i64, _found: Vec<Relocated>) -> Result<Vec<u32>, StoreError> {
        todo!()
    }

    /// Notes that all of a folder is here.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn finish_pass(&self, _folder: i64, _end: PassEnd) -> Result<(), StoreError> {
        todo!()
    }
}
