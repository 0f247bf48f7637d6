//! Which mail was there before the team began: it starts closed. The log says from when, so that clients that begin on different days
//! agree.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::commit::append_new;
use super::connection::Transaction;
use super::log_merge::in_order;
use super::record::{self, Kept};
use super::types::Folder;
use super::{Store, StoreError};
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, OpId};
use crate::op::operation::{Known, Operation};
use crate::op::record::{BY, FORMAT, NewOperation, Record};

impl Store {
    /// Puts on an account's log from when on its mail is work, where that log does not say it. To be called when the log was read: the
    /// first on the log wins. Tells whether there is something new to push.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn settle_history(&self, account: &AccountId) -> Result<bool, StoreError> {
        // Nearly every call finds nothing to do: it must not take the write lock.
        if self.read(|tx| is_settled(tx, &self.team(), account))? {
            return Ok(false);
        }
        let after = self.inner.options.history_after;
        let (settled, _, _) = self.change(|batch| {
            if is_settled(batch.tx, batch.team(), account)? {
                return Ok(false);
            }
            let told = logged_for(&records(batch.tx)?, batch.team(), account);
            let own = own_cut(batch.tx, account, after)?;
            let before = told.or(own).unwrap_or_else(|| batch.now.plus(-after));
            let lamport = record::lamport(batch.tx)?.saturating_add(1);
            let record = Record {
                v: FORMAT,
                id: self.author().ids.next(),
                batch: None,
                actor: record::system()?,
                host: self.author().host.clone(),
                by: Some(BY.to_owned()),
                at: batch.now,
                lamport,
                after: record::head(batch.tx, account.as_str())?,
                on: Vec::new(),
                op: Operation::Known(Known::HistoryBefore { mailbox: name(batch.team(), account), before }),
                place: None,
            };
            record::set_lamport(batch.tx, lamport)?;
            batch.append(account.as_str(), &record, None, &record.to_json())?;
            Ok(true)
        })?;
        Ok(settled)
    }

    /// Sets right from when on an account's mail is work, where whoever said it had a clock that is more than a day off: mail has the
    /// server's time, and so has the mail that said it. `arrived` are the times at which the server took in the log's mails that were just
    /// read, by UID. Tells whether there is something new to push.
    ///
    /// What is said stays the first word on the log; a record whose id follows from its own is read in its place, by all clients that know
    /// of such. A clock that is ahead is seen by whoever reads the mail and lives in no such time. One that is behind looks like a log whose
    /// mails were delivered anew, later; only who has that clock can tell.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn correct_history(
        &self,
        account: &AccountId,
        validity: u32,
        arrived: &BTreeMap<u32, Timestamp>,
    ) -> Result<bool, StoreError> {
        let now = self.author().clock.now();
        let wrong = self.read(|tx| Ok(wrong(&all(tx)?, &self.team(), account, validity, arrived, now)))?;
        let Some((id, before)) = wrong else { return Ok(false) };
        let (written, _, _) = self.change(|batch| {
            let op = Known::HistoryBefore { mailbox: name(batch.team(), account), before };
            let operation = NewOperation::new(op, Vec::new()).with_id(id).by(record::system()?);
            Ok(!append_new(batch, self.author(), vec![(account.to_string(), operation)])?.is_empty())
        })?;
        Ok(written)
    }
}

/// The id of the record that sets right what one said whose clock was off.
fn correction(id: OpId) -> OpId {
    id.part("history-before", 0)
}

/// Returns what an account's own log should say instead of what it says first, and the id of the record that says so.
fn wrong(
    all: &[Kept],
    team: &Team,
    account: &AccountId,
    validity: u32,
    arrived: &BTreeMap<u32, Timestamp>,
    now: Timestamp,
) -> Option<(OpId, Timestamp)> {
    let own = |kept: &&Kept| kept.account == account.as_str() && says(kept, team, account).is_some();
    let first = all.iter().find(own)?;
    let place = first.place.filter(|place| place.validity == validity)?;
    let (said, arrived) = (says(first, team, account)?, *arrived.get(&place.uid)?);
    let (id, at) = (correction(first.record.id), first.record.at);
    // What another log had said was taken over: no clock of this author made it.
    let taken_over = |kept: &Kept| kept.account != first.account && says(kept, team, account) == Some(said);
    if all.iter().any(|kept| kept.record.id == id || taken_over(kept)) {
        return None;
    }
    let apart = |one: Timestamp, other: Timestamp| one.0.saturating_sub(other.0);
    let shared = apart(at, now).saturating_abs() < Timestamp::DAY;
    let ahead = apart(at, arrived) > Timestamp::DAY
        && (shared || apart(at, now) > Timestamp::DAY)
        && said > arrived.plus(-Timestamp::DAY);
    let behind = apart(arrived, at) > Timestamp::DAY && shared;
    (ahead || behind).then(|| (id, said.plus(apart(arrived, at))))
}

/// The name of an account that all clients share: the address of its first inbox.
pub(super) fn name(team: &Team, account: &AccountId) -> String {
    team.default_inbox(account).map_or_else(|| account.to_string(), |inbox| inbox.address.key())
}

/// Tells whether an account's own log says where its history ends. An account without an inbox has none.
fn is_settled(tx: &Transaction<'_>, team: &Team, account: &AccountId) -> Result<bool, StoreError> {
    Ok(team.default_inbox(account).is_none() || own_log(&records(tx)?, team, account).is_some())
}

/// Returns all records of the kind, in the order of the fold. Of those that were set right, each says what is right.
fn records(tx: &Transaction<'_>) -> Result<Vec<Kept>, StoreError> {
    let mut all = all(tx)?;
    let said = all.iter().filter_map(|kept| match kept.record.known() {
        Some(Known::HistoryBefore { before, .. }) => Some((kept.record.id, *before)),
        _ => None,
    });
    let said: HashMap<OpId, Timestamp> = said.collect();
    for Kept { record, .. } in &mut all {
        if let Operation::Known(Known::HistoryBefore { before, .. }) = &mut record.op
            && let Some(right) = said.get(&correction(record.id))
        {
            *before = *right;
        }
    }
    Ok(all)
}

/// Returns all records of the kind as they were written, in the order of the fold.
fn all(tx: &Transaction<'_>) -> Result<Vec<Kept>, StoreError> {
    let mut find = tx.prepare_cached("SELECT seq FROM record WHERE kind = 'history-before'")?;
    let seqs = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut all = Vec::with_capacity(seqs.len());
    for seq in seqs {
        all.extend(record::by_seq(tx, seq)?);
    }
    in_order(&mut all, Kept::key);
    Ok(all)
}

fn says(kept: &Kept, team: &Team, account: &AccountId) -> Option<Timestamp> {
    match kept.record.known() {
        Some(Known::HistoryBefore { mailbox, before })
            if team.inbox_for(account, mailbox).is_some() || mailbox == account.as_str() =>
        {
            Some(*before)
        }
        _ => None,
    }
}

fn own_log(records: &[Kept], team: &Team, account: &AccountId) -> Option<Timestamp> {
    let own = |kept: &&Kept| kept.account == account.as_str();
    records.iter().filter(own).find_map(|kept| says(kept, team, account))
}

/// What the account's own log says, which all who share the account see; else what another one says: that of the first account, while
/// one log served all.
fn logged_for(records: &[Kept], team: &Team, account: &AccountId) -> Option<Timestamp> {
    own_log(records, team, account).or_else(|| records.iter().find_map(|kept| says(kept, team, account)))
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
    /// Marks the mail that is here by what the logs say now, and folds again what that changes. Mail of several accounts is history where
    /// it is that in all of them.
    pub(super) fn mark_history(&mut self) -> Result<(), StoreError> {
        let cuts = self.cuts()?;
        for (account, before) in &cuts {
            let mut find = self.tx.prepare_cached(
                "SELECT DISTINCT m.id, m.conversation, m.history, m.arrived FROM folder f
                     CROSS JOIN location l ON l.folder = f.id CROSS JOIN message m ON m.id = l.message
                 WHERE f.account = ?1 AND m.imported = 0 AND m.history <> (m.arrived < ?2)",
            )?;
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, Timestamp(row.get(3)?)));
            let wrong = find
                .query_map(params![account, before.0], read)?
                .collect::<Result<Vec<(i64, i64, bool, Timestamp)>, _>>()?;
            let mut update = self.tx.prepare_cached("UPDATE message SET history = 1 - history WHERE id = ?1")?;
            for (message, conversation, history, arrived) in wrong {
                let earliest = match cuts.len() {
                    1 => Some(*before),
                    _ => self.cuts_of(message, &cuts)?.min(),
                };
                if earliest.is_some_and(|before| history != (arrived < before)) {
                    update.execute([message])?;
                    self.alone.remove(&conversation);
                    self.touch(conversation, false);
                }
            }
        }
        Ok(())
    }

    /// Returns the moments before which mail is history, of the accounts whose logs say it.
    pub(super) fn cuts(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let records = records(self.tx)?;
        let mut find = self.tx.prepare_cached("SELECT name FROM account")?;
        let accounts = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        let cut = |name: &str| AccountId::new(name).ok().and_then(|id| logged_for(&records, self.team(), &id));
        Ok(accounts.into_iter().filter_map(|name| cut(&name).map(|cut| (name, cut))).collect())
    }

    /// Returns the cuts of the accounts in which a message stands.
    pub(super) fn cuts_of<'c>(
        &self,
        message: i64,
        cuts: &'c [(String, Timestamp)],
    ) -> Result<impl Iterator<Item = Timestamp> + use<'c>, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT DISTINCT f.account FROM location l JOIN folder f ON f.id = l.folder WHERE l.message = ?1",
        )?;
        let here = find.query_map([message], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        Ok(cuts.iter().filter(move |(account, _)| here.contains(account)).map(|(_, before)| *before))
    }
}
