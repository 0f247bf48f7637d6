//! What is read from a remote that names places by their order alone, and what a server does for other accounts, done in the store for one
//! that has none: the log gets its order, and sent mail its copy.

use super::{Content, FolderRole, Incoming, LogLine, LogPlace, Store, StoreError};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::op::record::LogPosition;

/// How many records are taken at a time.
const BATCH: usize = 1000;

/// The UIDVALIDITY of a log that is no folder.
const VALIDITY: u32 = 1;

impl Store {
    /// Returns how many records of an account's log were read, where each takes the place behind the one before.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_read(&self, account: &AccountId) -> Result<u32, StoreError> {
        Ok(self.log_head(account)?.map_or(0, |head| head.uid))
    }

    /// Takes in the next records of an account's log, in their order.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn take_in_log(&self, account: &AccountId, records: Vec<String>) -> Result<Change, StoreError> {
        let head = self.log_read(account)?;
        let place = |uid| LogPlace { epoch: 0, validity: VALIDITY, uid, index: 0 };
        let lines = records.into_iter().zip(head.saturating_add(1)..);
        let lines: Vec<LogLine> = lines.map(|(json, uid)| LogLine { place: place(uid), json }).collect();
        let last = lines.last().map_or(head, |line| line.place.uid);
        let change = self.ingest_log(account, lines)?;
        self.set_log_head(account, LogPosition { validity: VALIDITY, uid: last })?;
        Ok(change)
    }

    /// Gives every record that has no place on the log of an account without a server the next one there; the order is that of the commits.
    /// Returns how many got one, and what that changed. The caller sees to it that no other process does so at the same time.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn settle_log_here(&self, account: &AccountId) -> Result<(u64, Option<Change>), StoreError> {
        let (mut settled, mut change): (u64, Option<Change>) = (0, None);
        loop {
            let records: Vec<String> = self.unpushed_of(account, BATCH)?.into_iter().map(|(_, json)| json).collect();
            if records.is_empty() {
                return Ok((settled, change));
            }
            settled += records.len() as u64;
            let changed = self.take_in_log(account, records)?;
            change = Some(match change {
                Some(before) => before.and(changed),
                None => changed,
            });
        }
    }

    /// Takes in mails of a folder, each behind the one before, with the time at which it arrived there.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn take_in_mail(
        &self,
        account: &AccountId,
        (name, role): (&str, FolderRole),
        mails: Vec<(Timestamp, Vec<u8>)>,
    ) -> Result<(), StoreError> {
        let folder = self.folder(account, name, role)?;
        let next = self.uids(folder.id)?.last().map_or(1, |last| last.saturating_add(1));
        let incoming = mails.into_iter().zip(next..).map(|((arrived, raw), uid)| {
            let (size, content) = (raw.len() as u64, Content::Whole(raw));
            Incoming { uid, flags: vec!["\\Seen".to_owned()], arrived, size, modseq: None, content }
        });
        self.ingest(folder.id, incoming.collect())?;
        Ok(())
    }

    /// Puts the copy of a sent mail among those of an account without a server.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn file_here(&self, account: &AccountId, copy: &[u8], at: Timestamp) -> Result<(), StoreError> {
        self.take_in_mail(account, ("Sent", FolderRole::Sent), vec![(at, copy.to_vec())])
    }
}
