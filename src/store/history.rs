//! Which mail was there before the team began: it starts closed. The log says from when, so that clients that begin on different days
//! agree.

use rusqlite::{OptionalExtension, Transaction, params};

use super::batch::Batch;
use super::record::{self, Kept};
use super::types::Folder;
use super::{Store, StoreError};
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::op::operation::{Known, Operation};
use crate::op::record::{FORMAT, Record};

impl Store {
    /// Puts on the log from when on an account's mail is work, for each account of the team of which the log does not say it. To be
    /// called when the log was read: the first on the log wins. Tells whether there is something new to push.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn settle_history(&self) -> Result<bool, StoreError> {
        // Nearly every call finds nothing to do: it must not take the write lock.
        if self.read(|tx| unsettled(tx, self.team()))?.is_empty() {
            return Ok(false);
        }
        let after = self.inner.options.history_after;
        let (settled, _, _) = self.change(|batch| {
            let accounts = unsettled(batch.tx, batch.team)?;
            for account in &accounts {
                let before = own_cut(batch.tx, account, after)?.unwrap_or_else(|| batch.now.plus(-after));
                let lamport = record::lamport(batch.tx)?.saturating_add(1);
                let record = Record {
                    v: FORMAT,
                    id: self.author().ids.next(),
                    batch: None,
                    actor: record::system()?,
                    host: self.author().host.clone(),
                    at: batch.now,
                    lamport,
                    after: record::head(batch.tx)?,
                    on: Vec::new(),
                    op: Operation::Known(Known::HistoryBefore { mailbox: name(batch.team, account), before }),
                };
                record::set_lamport(batch.tx, lamport)?;
                batch.append(&record, None, &record.to_json())?;
            }
            Ok(!accounts.is_empty())
        })?;
        Ok(settled)
    }
}

/// The name of an account that all clients share: the address of its first inbox.
fn name(team: &Team, account: &AccountId) -> String {
    team.default_inbox(account).map_or_else(|| account.to_string(), |inbox| inbox.address.key())
}

fn unsettled(tx: &Transaction<'_>, team: &Team) -> Result<Vec<AccountId>, StoreError> {
    let mut accounts: Vec<&AccountId> = team.inboxes.iter().map(|inbox| &inbox.account).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let logged = records(tx)?;
    Ok(accounts.into_iter().filter(|account| logged_for(&logged, team, account).is_none()).cloned().collect())
}

/// Returns all records of the kind, in the order of the fold.
fn records(tx: &Transaction<'_>) -> Result<Vec<Kept>, StoreError> {
    let mut find = tx.prepare_cached("SELECT seq FROM record WHERE kind = 'history-before'")?;
    let seqs = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut all = Vec::with_capacity(seqs.len());
    for seq in seqs {
        all.extend(record::by_seq(tx, seq)?);
    }
    all.sort_by_key(Kept::order);
    Ok(all)
}

fn logged_for(records: &[Kept], team: &Team, account: &AccountId) -> Option<Timestamp> {
    records.iter().find_map(|kept| match kept.record.known() {
        Some(Known::HistoryBefore { mailbox, before })
            if team.inbox_for(account, mailbox).is_some() || mailbox == account.as_str() =>
        {
            Some(*before)
        }
        _ => None,
    })
}

fn own_cut(tx: &Transaction<'_>, account: &AccountId, after: i64) -> Result<Option<Timestamp>, StoreError> {
    let mut find = tx.prepare_cached("SELECT first_sync FROM account WHERE name = ?1")?;
    let first: Option<i64> = find.query_row([account.as_str()], |row| row.get(0)).optional()?;
    Ok(first.map(|first| Timestamp(first).plus(-after)))
}

/// Returns the moment before which mail of this folder is history. Where the log does not say it, it is ours, and holds only while the
/// folder's first pass is not done.
pub(super) fn cut(
    tx: &Transaction<'_>,
    team: &Team,
    folder: &Folder,
    after: i64,
) -> Result<Option<Timestamp>, StoreError> {
    if let Some(before) = logged_for(&records(tx)?, team, &folder.account) {
        return Ok(Some(before));
    }
    if folder.last_pass.is_some() {
        return Ok(None);
    }
    own_cut(tx, &folder.account, after)
}

impl Batch<'_> {
    /// Marks the mail that is here by what the log says now, and folds again what that changes.
    pub(super) fn mark_history(&mut self) -> Result<(), StoreError> {
        let records = records(self.tx)?;
        let mut find = self.tx.prepare_cached("SELECT name FROM account")?;
        let accounts = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        for account in accounts.iter().filter_map(|name| AccountId::new(name).ok()) {
            let Some(before) = logged_for(&records, self.team, &account) else { continue };
            let mut find = self.tx.prepare_cached(
                "SELECT DISTINCT m.id, m.conversation FROM folder f CROSS JOIN location l ON l.folder = f.id
                     CROSS JOIN message m ON m.id = l.message
                 WHERE f.account = ?1 AND m.history <> (m.arrived < ?2)",
            )?;
            let wrong = find
                .query_map(params![account.as_str(), before.0], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<Vec<(i64, i64)>, _>>()?;
            let mut update = self.tx.prepare_cached("UPDATE message SET history = 1 - history WHERE id = ?1")?;
            for (message, conversation) in wrong {
                update.execute([message])?;
                self.alone.remove(&conversation);
                self.touch(conversation, false);
            }
        }
        Ok(())
    }
}
