//! The log: what is to be pushed, and what comes back.

use std::collections::BTreeSet;

use rusqlite::{Rows, params};

use super::connection::Transaction;
use super::record;
use super::types::{LogLine, LogPlace};
use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::ids::{AccountId, OpId};
use crate::model::stop::Stop;
use crate::op::record::{LogPosition, Record};

/// Bytes of records that are taken in by one transaction.
const PORTION: usize = 4 * 1024 * 1024;
/// About how many messages' conversations are threaded by one transaction; what is linked is never torn apart.
const THREADED: usize = 2_000;

/// How far a queue of records reached: what was done on this machine is numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueueEnd(i64);

impl Store {
    /// Returns records of all accounts that their logs do not have, in local order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn unpushed(&self, limit: usize) -> Result<Vec<(OpId, String)>, StoreError> {
        self.read(|tx| {
            let mut find =
                tx.prepare_cached("SELECT id, json FROM record WHERE epoch IS NULL ORDER BY local LIMIT ?1")?;
            waiting(find.query([count(limit)])?)
        })
    }

    /// Returns records of one account that its log does not have, in local order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn unpushed_of(&self, account: &AccountId, limit: usize) -> Result<Vec<(OpId, String)>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT id, json FROM record WHERE account = ?1 AND epoch IS NULL ORDER BY local LIMIT ?2",
            )?;
            waiting(find.query(params![account.as_str(), count(limit)])?)
        })
    }

    /// Returns how far the queue of records reaches that an account's log does not have; `None` where there are none.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn queue_end(&self, account: &AccountId) -> Result<Option<QueueEnd>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT max(local) FROM record WHERE account = ?1 AND epoch IS NULL")?;
            let last: Option<i64> = find.query_row([account.as_str()], |row| row.get(0))?;
            Ok(last.map(QueueEnd))
        })
    }

    /// Tells whether something waits still that was in an account's queue when it reached to `end`, whatever joined it since.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn waits_up_to(&self, account: &AccountId, end: QueueEnd) -> Result<bool, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM record WHERE account = ?1 AND epoch IS NULL AND local <= ?2)",
            )?;
            Ok(find.query_row(params![account.as_str(), end.0], |row| row.get(0))?)
        })
    }

    /// Returns the accounts with records that their logs do not have, by name.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn unpushed_accounts(&self) -> Result<Vec<AccountId>, StoreError> {
        self.read(|tx| {
            let mut find =
                tx.prepare_cached("SELECT DISTINCT account FROM record WHERE epoch IS NULL ORDER BY account")?;
            let names = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
            Ok(names.iter().filter_map(|name| AccountId::new(name).ok()).collect())
        })
    }

    /// Takes in lines of an account's log. The same record twice counts once, at its lowest place and with what it says there; what can't
    /// be read is kept as it is.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn ingest_log(&self, account: &AccountId, lines: Vec<LogLine>) -> Result<Change, StoreError> {
        self.ingest_log_until(account, lines, &Stop::never())
    }

    /// As [`Store::ingest_log`], in portions, each a transaction: where it is asked to stop, the portions that are done are kept.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where it was stopped; else when the store can't be written.
    pub fn ingest_log_until(
        &self,
        account: &AccountId,
        lines: Vec<LogLine>,
        stop: &Stop,
    ) -> Result<Change, StoreError> {
        let mut change: Option<Change> = None;
        let mut lines = lines.into_iter().peekable();
        while lines.peek().is_some() {
            let mut bytes = 0;
            let mut portion = Vec::new();
            while let Some(line) = lines.next_if(|line| bytes == 0 || bytes + line.json.len() <= PORTION) {
                bytes += line.json.len();
                let record = Record::parse(&line.json).ok();
                portion.push((line, record));
            }
            let taken = self.ingest_portion(account, &portion, stop)?;
            change = Some(joined(change, taken));
        }
        let threaded = self.thread_pending(stop)?;
        Ok(change.into_iter().chain(threaded).reduce(Change::and).unwrap_or(Change::Conversations(BTreeSet::new())))
    }

    fn ingest_portion(
        &self,
        account: &AccountId,
        portion: &[(LogLine, Option<Record>)],
        stop: &Stop,
    ) -> Result<Change, StoreError> {
        let account = account.as_str();
        let ((), change, _) = self.change(|batch| {
            batch.stop = stop.clone();
            batch.threads_later = true;
            let mut highest = record::lamport(batch.tx)?;
            for (line, record) in portion {
                batch.go_on()?;
                let Some(record) = record else {
                    keep_stray(batch.tx, account, line)?;
                    continue;
                };
                // A counter from a broken client must not use up the numbers.
                highest = highest.max(record.lamport.min(highest.saturating_add(1 << 32)));
                let redacted = batch.redacted(record)?.map(|record| (record.to_json(), record));
                let (json, record) = match &redacted {
                    Some((json, record)) => (json, record),
                    None => (&line.json, record),
                };
                if redacted.is_some() {
                    batch.words_came_back(account, record, self.author().actor.as_str())?;
                }
                match record::standing(batch.tx, record.id)? {
                    None => batch.append(account, record, Some(line.place), json)?,
                    Some(known) => batch.claim(&known, account, line.place, record, json)?,
                }
            }
            record::set_lamport(batch.tx, highest)
        })?;
        Ok(change)
    }

    /// Threads what merges and splits of the log link and what is not threaded yet, because its reading was interrupted. Costs nothing
    /// where there is nothing, and then returns nothing.
    ///
    /// # Errors
    /// As [`Store::ingest_log_until`].
    pub fn thread_pending(&self, stop: &Stop) -> Result<Option<Change>, StoreError> {
        let is_pending = |tx: &Transaction<'_>| {
            Ok(tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM rethread)")?.query_row([], |row| row.get(0))?)
        };
        if !self.read(is_pending)? {
            return Ok(None);
        }
        self.in_portions(stop, |batch| batch.thread_some(THREADED), || {})
    }

    /// Returns the newest position of an account's log that was read.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_head(&self, account: &AccountId) -> Result<Option<LogPosition>, StoreError> {
        self.read(|tx| record::head(tx, account.as_str()))
    }

    /// Notes the newest position of an account's log that was read.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_log_head(&self, account: &AccountId, head: LogPosition) -> Result<(), StoreError> {
        let head = serde_json::to_string(&head).unwrap_or_default();
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO log_account (account, head) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET head = ?2",
            )?
            .execute([account.as_str(), &head])?;
            Ok(())
        })
    }

    /// Returns everything known of an account's log behind a place, in order, none only at the end; lines that can't be read are among
    /// them. What stands at one place is never torn apart, so that asking for what is behind the last place misses nothing; where that is
    /// more than `limit`, all of it comes.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_lines(
        &self,
        account: &AccountId,
        after: Option<LogPlace>,
        limit: usize,
    ) -> Result<Vec<LogLine>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT epoch, validity, uid, idx, json, id FROM record
                 WHERE account = ?5 AND epoch IS NOT NULL AND (epoch, uid, idx) > (?1, ?2, ?3)
                 UNION ALL
                 SELECT epoch, validity, uid, idx, json, '' FROM log_stray
                 WHERE account = ?5 AND (epoch, uid, idx) > (?1, ?2, ?3)
                 UNION ALL
                 SELECT c.epoch, c.validity, c.uid, c.idx, coalesce(c.json, r.json), r.id FROM log_copy c JOIN record r ON r.seq = c.record
                 WHERE c.account = ?5 AND (c.epoch, c.uid, c.idx) > (?1, ?2, ?3)
                 ORDER BY 1, 3, 4, 6 LIMIT ?4",
            )?;
            let (epoch, uid, index) =
                after.map_or((-1, 0, 0), |p| (i64::from(p.epoch), i64::from(p.uid), i64::from(p.index)));
            let mut limit = limit;
            loop {
                let found = find.query_map(params![epoch, uid, index, count(limit), account.as_str()], |row| {
                    let place =
                        LogPlace { epoch: row.get(0)?, validity: row.get(1)?, uid: row.get(2)?, index: row.get(3)? };
                    Ok(LogLine { place, json: row.get(4)? })
                })?;
                let mut lines: Vec<LogLine> = found.collect::<Result<_, _>>()?;
                if lines.len() < limit {
                    return Ok(lines);
                }
                // As the query compares: records of two UIDVALIDITYs can share a place.
                let place = |line: &LogLine| (line.place.epoch, line.place.uid, line.place.index);
                let last = lines.last().map(place);
                let whole = lines.iter().filter(|line| Some(place(line)) != last).count();
                if whole > 0 || limit == 0 {
                    lines.truncate(whole);
                    return Ok(lines);
                }
                // A spoiled snapshot can claim one place for more records than a page has.
                limit = limit.saturating_mul(2);
            }
        })
    }
}

fn joined(before: Option<Change>, change: Change) -> Change {
    match before {
        Some(before) => before.and(change),
        None => change,
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Reads records that are on no log: id and text.
fn waiting(mut rows: Rows<'_>) -> Result<Vec<(OpId, String)>, StoreError> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let id = id.parse().map_err(|_| StoreError::Content(format!("{id} is no record id")))?;
        all.push((id, row.get(1)?));
    }
    Ok(all)
}

fn keep_stray(tx: &Transaction<'_>, account: &str, line: &LogLine) -> Result<(), StoreError> {
    let LogPlace { epoch, validity, uid, index } = line.place;
    tx.prepare_cached(
        "INSERT OR IGNORE INTO log_stray (account, epoch, validity, uid, idx, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![account, epoch, validity, uid, index, line.json])?;
    Ok(())
}
