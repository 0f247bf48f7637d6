//! The same id with other content: what stands at the lowest place is the record. Whoever holds something else under that id takes this
//! and folds again what either of them touches.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::batch::Batch;
use super::connection::Transaction;
use super::record::{standing_of, undone_id};
use super::types::LogLine;
use super::{Store, StoreError};
use crate::model::ids::{AccountId, OpId};
use crate::op::operation::Known;
use crate::op::record::Record;

/// What the store has of a line of an account's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// No record of that id has a place on this log.
    Nothing,
    /// The record, and it says the same.
    Same,
    /// The record, and it says something else.
    Other,
}

/// Tells whether two texts are the same JSON, however it is spelt.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let value = |json: &str| serde_json::from_str::<Value>(json).ok();
    one == other || value(one).is_some_and(|one| Some(one) == value(other))
}

impl Store {
    /// Says of each line of an account's log, which comes with the id of its record, whether the store has it.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_holds(&self, account: &AccountId, lines: &[(OpId, &LogLine)]) -> Result<Vec<Held>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT json FROM record WHERE id = ?2 AND account = ?1 AND epoch IS NOT NULL
                 UNION ALL
                 SELECT coalesce(c.json, r.json) FROM record r JOIN log_copy c ON c.record = r.seq
                 WHERE r.id = ?2 AND c.account = ?1",
            )?;
            let held = |(id, line): &(OpId, &LogLine)| {
                let mut rows = find.query(params![account.as_str(), id.to_string()])?;
                let Some(row) = rows.next()? else { return Ok(Held::Nothing) };
                let json = row.get_ref(0)?.as_str().unwrap_or_default();
                Ok(if is_same(json, &line.json) { Held::Same } else { Held::Other })
            };
            lines.iter().map(held).collect()
        })
    }
}

impl Store {
    /// Returns these lines of an account's log, each with what the store has for its record, where it has that.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_as_held(&self, account: &AccountId, lines: Vec<LogLine>) -> Result<Vec<LogLine>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT coalesce(c.json, r.json) FROM record r
                     LEFT JOIN log_copy c ON c.record = r.seq AND c.account = ?1 WHERE r.id = ?2",
            )?;
            let held = |line: LogLine| {
                let Ok(Record { id, .. }) = Record::parse(&line.json) else { return Ok(line) };
                let json = find.query_row(params![account.as_str(), id.to_string()], |row| row.get(0)).optional()?;
                Ok(LogLine { json: json.unwrap_or(line.json), ..line })
            };
            lines.into_iter().map(held).collect()
        })
    }
}

/// What a record says, as it was written.
pub(super) fn said(tx: &Transaction<'_>, seq: i64) -> Result<String, StoreError> {
    let mut find = tx.prepare_cached("SELECT json FROM record WHERE seq = ?1")?;
    Ok(find.query_row([seq], |row| row.get(0)).optional()?.unwrap_or_default())
}

impl Batch<'_> {
    /// Makes a record say what this JSON says, where it says something else. Everything that hangs on its content is done again, also
    /// where only the former content had to do with it. Tells whether there was anything to do.
    pub(super) fn say(&mut self, seq: i64, json: &str) -> Result<bool, StoreError> {
        let before = said(self.tx, seq)?;
        let Ok(record) = Record::parse(json) else { return Ok(false) };
        if let Some(redacted) = self.redacted(&record)? {
            return self.say(seq, &redacted.to_json());
        }
        if is_same(&before, json) {
            return Ok(false);
        }
        self.keep_copies(seq, &before, json)?;
        let before = Record::parse(&before).ok();
        if let Some(record) = &before {
            self.drop_targets(record, seq)?;
        }
        self.write_content(seq, &record, json)?;
        self.write_targets(&record, seq)?;
        self.records_changed();
        for record in before.iter().chain([&record]) {
            self.touch_targets(seq, record, true)?;
        }
        if let Some(Known::Erase { .. }) = record.known()
            && let Some(standing) = standing_of(self.tx, seq)?
        {
            self.erase(&standing.account, seq, &record)?;
        }
        Ok(true)
    }

    /// Keeps what other logs say of a record whose content becomes another.
    fn keep_copies(&self, seq: i64, before: &str, json: &str) -> Result<(), StoreError> {
        let mut find = self.tx.prepare_cached("SELECT account, json FROM log_copy WHERE record = ?1")?;
        let copies = find.query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let copies: Vec<(String, Option<String>)> = copies.collect::<Result<_, _>>()?;
        let mut write = self.tx.prepare_cached("UPDATE log_copy SET json = ?3 WHERE account = ?1 AND record = ?2")?;
        for (account, said) in copies {
            let said = said.as_deref().unwrap_or(before);
            write.execute(params![account, seq, (!is_same(said, json)).then_some(said)])?;
        }
        Ok(())
    }

    /// Forgets what a record is about.
    pub(super) fn drop_targets(&mut self, record: &Record, seq: i64) -> Result<(), StoreError> {
        self.drop_sending(record, seq)?;
        let sql = match record.known() {
            Some(Known::Undo { .. }) => "DELETE FROM undo_target WHERE message_id = ?1 AND record = ?2",
            _ => "DELETE FROM target WHERE message_id = ?1 AND record = ?2",
        };
        let mut delete = self.tx.prepare_cached(sql)?;
        for on in &record.on {
            delete.execute(params![on.on.as_str(), seq])?;
        }
        self.tx.prepare_cached("DELETE FROM repair WHERE record = ?1")?.execute([seq])?;
        Ok(())
    }

    fn write_content(&self, seq: i64, record: &Record, json: &str) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "UPDATE record SET batch = ?2, actor = ?3, host = ?4, at = ?5, lamport = ?6, kind = ?7, undoes = ?8,
                     targets = ?9, op = ?10, json = ?11 WHERE seq = ?1",
            )?
            .execute(params![
                seq,
                record.batch.map(|b| b.to_string()),
                record.actor.as_str(),
                record.host,
                record.at.0,
                i64::try_from(record.lamport).unwrap_or(i64::MAX),
                record.op.name(),
                undone_id(record),
                i64::try_from(record.on.len()).unwrap_or(i64::MAX),
                serde_json::to_string(&record.op).unwrap_or_default(),
                json,
            ])?;
        Ok(())
    }
}
