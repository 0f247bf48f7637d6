//! The text of mail that left long ago: it is let go, and only what the headers say stays.

use std::cell::Cell;

use rusqlite::params;

use super::batch::Batch;
use super::connection::Transaction;
use super::facts::header_block;
use super::message::{Packed, compress, get_raw, packer, put_raw};
use super::search::search_text;
use super::{Store, StoreError};
use crate::mime;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::stop::Stop;

/// So many mails are cut at once: everybody else has their turn after each portion.
const PORTION: usize = 50;
/// The most that one round cuts; the next goes on.
const ROUND: usize = 2000;
/// A header block ends within so many bytes.
const HEADER_MAX: u64 = 1 << 20;

impl Store {
    /// Lets the text go of mail of an account that has stood in no folder for `days` days, at most 2,000 mails a call: what is kept of
    /// them is their headers, as of a mail whose body never came.
    ///
    /// # Errors
    /// When the store can't be read or written; the portions that are done are kept.
    pub fn let_go(&self, account: &AccountId, days: u32) -> Result<(), StoreError> {
        let before = self.author().clock.now().plus(-i64::from(days).saturating_mul(Timestamp::DAY));
        // Nearly every round finds nothing: it must not take the write lock.
        if self.read(|tx| due(tx, account, before, 1))?.is_empty() {
            return Ok(());
        }
        let done = Cell::new(0);
        let portion = |batch: &mut Batch<'_>| {
            let mails = due(batch.tx, account, before, PORTION)?;
            for mail in &mails {
                batch.cut_to_headers(*mail, days)?;
            }
            done.set(done.get() + mails.len());
            Ok(mails.len() == PORTION && done.get() < ROUND)
        };
        self.in_portions(&Stop::never(), portion, || {})?;
        Ok(())
    }
}

/// Returns mails whose text is to go, those that left first in front.
fn due(tx: &Transaction<'_>, account: &AccountId, before: Timestamp, most: usize) -> Result<Vec<i64>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT m.id FROM message m CROSS JOIN folder f ON f.id = m.gone_from
         WHERE m.gone_at IS NOT NULL AND m.partial = 0 AND m.gone_at <= ?2 AND f.account = ?1 AND m.hidden = 0
         ORDER BY m.gone_at LIMIT ?3",
    )?;
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let found = find.query_map(params![account.as_str(), before.0, most], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

impl Batch<'_> {
    /// Cuts a mail to its header block. The hash of its text stays, by which another copy is told from another mail.
    fn cut_to_headers(&mut self, message: i64, days: u32) -> Result<(), StoreError> {
        let raw = get_raw(self.tx, message, HEADER_MAX)?.unwrap_or_default();
        let block = header_block(&raw);
        put_raw(self.tx, message, block.len(), &Packed::Bytes(compress(&mut packer()?, block)?))?;
        self.tx
            .prepare_cached("UPDATE message SET partial = 1, snippet = '', attachments = 0, let_go = ?2 WHERE id = ?1")?
            .execute(params![message, days])?;
        self.tx.prepare_cached("DELETE FROM search WHERE rowid = ?1")?.execute([message])?;
        self.index(message, &search_text(&mime::parse(block)))?;
        let mut find = self.tx.prepare_cached("SELECT conversation FROM message WHERE id = ?1")?;
        let conversation = find.query_row([message], |row| row.get(0))?;
        self.alone.remove(&conversation);
        self.touch(conversation, true);
        Ok(())
    }
}

#[cfg(test)]
#[path = "let_go_tests.rs"]
mod tests;
