//! What a pass needs of the store. A trait, so that the passes are tested without one.

use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::store::{
    Aside, Asked, Folder, FolderRole, Incoming, PassEnd, ReadMail, Relocated, Spool, Store, StoreError, Untold,
};

/// Keeps mail. The meanings and errors are those of the methods of [`Store`].
pub trait Keep: Sync {
    /// Mail that was read and is not kept yet.
    type Ready: Send;
    /// A large mail that comes in pieces.
    type Body;

    /// See [`Store::folder`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn folder(&self, account: &AccountId, name: &str, role: FolderRole) -> Result<Folder, StoreError>;
    /// See [`Store::folders`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn folders(&self, account: &AccountId) -> Result<Vec<Folder>, StoreError>;
    /// See [`Store::uids`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn uids(&self, folder: i64) -> Result<Vec<u32>, StoreError>;
    /// See [`Store::read_mail`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn read_mail(&self, folder: i64, batch: Vec<Incoming>) -> Result<Self::Ready, StoreError>;
    /// See [`Store::ingest_ready`]; returns how many messages were new.
    ///
    /// # Errors
    /// When the store can't be written.
    fn ingest(&self, ready: Self::Ready) -> Result<usize, StoreError>;
    /// See [`Store::begin_body`].
    ///
    /// # Errors
    /// When nothing can be written.
    fn begin_body(&self) -> Result<Self::Body, StoreError>;
    /// Takes the next piece of a body.
    ///
    /// # Errors
    /// When nothing can be written.
    fn push_body(&self, body: &mut Self::Body, piece: &[u8]) -> Result<(), StoreError>;
    /// See [`Store::ingest_spool`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn ingest_body(&self, folder: i64, uid: u32, body: Self::Body) -> Result<(), StoreError>;
    /// See [`Store::wanted_bodies`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn wanted_bodies(&self, folder: i64, limit: usize) -> Result<Vec<(u32, u64)>, StoreError>;
    /// See [`Store::asked_bodies`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn asked_bodies(&self, _account: &AccountId) -> Result<Vec<Asked>, StoreError> {
        Ok(Vec::new())
    }
    /// See [`Store::set_flags`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn set_flags(&self, folder: i64, flags: Vec<(u32, Vec<String>, Option<u64>)>) -> Result<(), StoreError>;
    /// See [`Store::set_adrift`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn expunge(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError>;
    /// See [`Store::let_go`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn let_go(&self, account: &AccountId, days: u32) -> Result<(), StoreError>;
    /// See [`Store::reset_folder`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn reset_folder(&self, folder: i64, validity: u32) -> Result<(), StoreError>;
    /// See [`Store::relocate`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn relocate(&self, folder: i64, found: Vec<Relocated>) -> Result<Vec<u32>, StoreError>;
    /// See [`Store::highest`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn highest(&self, _folder: i64, _count: usize) -> Result<Vec<(u32, MessageId, i64)>, StoreError> {
        Ok(Vec::new())
    }
    /// See [`Store::note_seen`].
    ///
    /// # Errors
    /// When the store can't be written.
    fn note_seen(&self, _folder: i64, _uid_next: u32, _modseq: Option<u64>) -> Result<(), StoreError> {
        Ok(())
    }
    /// See [`Store::lost`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn lost(&self, _folder: i64) -> Result<usize, StoreError> {
        Ok(0)
    }
    /// See [`Store::finish_pass`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn finish_pass(&self, folder: i64, end: PassEnd) -> Result<(), StoreError>;
    /// See [`Store::adrift`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn adrift(&self, _account: &AccountId) -> Result<Vec<i64>, StoreError> {
        Ok(Vec::new())
    }
    /// See [`Store::settle_adrift`].
    ///
    /// # Errors
    /// When the store can't be written.
    fn settle_adrift(&self, _account: &AccountId, _messages: &[i64]) -> Result<(), StoreError> {
        Ok(())
    }
    /// See [`Store::asides`].
    ///
    /// # Errors
    /// When the store can't be read.
    fn asides(&self, folder: i64) -> Result<Vec<Aside>, StoreError>;
    /// See [`Store::set_aside`].
    ///
    /// # Errors
    /// When the store can't be written.
    fn set_aside(&self, folder: i64, mails: &[Aside]) -> Result<(), StoreError>;
    /// See [`Store::forget_asides`].
    ///
    /// # Errors
    /// When the store can't be written.
    fn forget_asides(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError>;
    /// See [`Store::tell_asides`].
    ///
    /// # Errors
    /// When the store can't be read or written.
    fn tell_asides(&self, account: &AccountId) -> Result<Vec<Untold>, StoreError>;
    /// Returns the present moment, as the store's author has it.
    fn now(&self) -> Timestamp;
}

impl Keep for Store {
    type Ready = ReadMail;
    type Body = Spool;

    fn folder(&self, account: &AccountId, name: &str, role: FolderRole) -> Result<Folder, StoreError> {
        Store::folder(self, account, name, role)
    }

    fn folders(&self, account: &AccountId) -> Result<Vec<Folder>, StoreError> {
        Store::folders(self, account)
    }

    fn uids(&self, folder: i64) -> Result<Vec<u32>, StoreError> {
        Store::uids(self, folder)
    }

    fn read_mail(&self, folder: i64, batch: Vec<Incoming>) -> Result<ReadMail, StoreError> {
        Store::read_mail(self, folder, batch)
    }

    fn ingest(&self, ready: ReadMail) -> Result<usize, StoreError> {
        Ok(Store::ingest_ready(self, ready)?.new)
    }

    fn begin_body(&self) -> Result<Spool, StoreError> {
        Store::begin_body(self)
    }

    fn push_body(&self, body: &mut Spool, piece: &[u8]) -> Result<(), StoreError> {
        body.push(piece)
    }

    fn ingest_body(&self, folder: i64, uid: u32, body: Spool) -> Result<(), StoreError> {
        Store::ingest_spool(self, folder, uid, body).map(|_| ())
    }

    fn wanted_bodies(&self, folder: i64, limit: usize) -> Result<Vec<(u32, u64)>, StoreError> {
        Store::wanted_bodies(self, folder, limit)
    }

    fn asked_bodies(&self, account: &AccountId) -> Result<Vec<Asked>, StoreError> {
        Store::asked_bodies(self, Some(account))
    }

    fn set_flags(&self, folder: i64, flags: Vec<(u32, Vec<String>, Option<u64>)>) -> Result<(), StoreError> {
        Store::set_flags(self, folder, flags).map(|_| ())
    }

    fn expunge(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError> {
        Store::set_adrift(self, folder, uids)
    }

    fn adrift(&self, account: &AccountId) -> Result<Vec<i64>, StoreError> {
        Store::adrift(self, account)
    }

    fn settle_adrift(&self, account: &AccountId, messages: &[i64]) -> Result<(), StoreError> {
        Store::settle_adrift(self, account, messages).map(|_| ())
    }

    fn let_go(&self, account: &AccountId, days: u32) -> Result<(), StoreError> {
        Store::let_go(self, account, days)
    }

    fn reset_folder(&self, folder: i64, validity: u32) -> Result<(), StoreError> {
        Store::reset_folder(self, folder, validity)
    }

    fn relocate(&self, folder: i64, found: Vec<Relocated>) -> Result<Vec<u32>, StoreError> {
        Store::relocate(self, folder, found)
    }

    fn highest(&self, folder: i64, count: usize) -> Result<Vec<(u32, MessageId, i64)>, StoreError> {
        Store::highest(self, folder, count)
    }

    fn note_seen(&self, folder: i64, uid_next: u32, modseq: Option<u64>) -> Result<(), StoreError> {
        Store::note_seen(self, folder, uid_next, modseq)
    }

    fn lost(&self, folder: i64) -> Result<usize, StoreError> {
        Store::lost(self, folder)
    }

    fn finish_pass(&self, folder: i64, end: PassEnd) -> Result<(), StoreError> {
        Store::finish_pass(self, folder, end)
    }

    fn asides(&self, folder: i64) -> Result<Vec<Aside>, StoreError> {
        Store::asides(self, folder)
    }

    fn set_aside(&self, folder: i64, mails: &[Aside]) -> Result<(), StoreError> {
        Store::set_aside(self, folder, mails)
    }

    fn forget_asides(&self, folder: i64, uids: &[u32]) -> Result<(), StoreError> {
        Store::forget_asides(self, folder, uids)
    }

    fn tell_asides(&self, account: &AccountId) -> Result<Vec<Untold>, StoreError> {
        Store::tell_asides(self, account)
    }

    fn now(&self) -> Timestamp {
        self.author().clock.now()
    }
}
