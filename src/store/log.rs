//! The log: what is to be pushed, and what comes back.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Transaction, params};

use super::record;
use super::types::{LogLine, LogPlace};
use super::{Store, StoreError};
use crate::model::change::Change;
use crate::model::ids::OpId;
use crate::op::operation::Known;
use crate::op::record::{LogPosition, Record};

impl Store {
    /// Returns records that the log does not have, in local order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn unpushed(&self, limit: usize) -> Result<Vec<(OpId, String)>, StoreError> {
        self.read(|tx| {
            let mut find =
                tx.prepare_cached("SELECT id, json FROM record WHERE epoch IS NULL ORDER BY local LIMIT ?1")?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = find.query_map([limit], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
            let mut all = Vec::new();
            for row in found {
                let (id, json) = row?;
                let id = id.parse().map_err(|_| StoreError::Content(format!("{id} is no record id")))?;
                all.push((id, json));
            }
            Ok(all)
        })
    }

    /// Takes in lines of the log. The same record twice counts once, at its lowest place; what can't be read is kept as it is.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn ingest_log(&self, lines: Vec<LogLine>) -> Result<Change, StoreError> {
        let parsed: Vec<(LogLine, Option<Record>)> =
            lines.into_iter().map(|line| (line.clone(), Record::parse(&line.json).ok())).collect();
        if parsed.is_empty() {
            return Ok(Change::Conversations(BTreeSet::new()));
        }
        let ((), change, _) = self.change(|batch| {
            let mut highest = record::lamport(batch.tx)?;
            for (line, record) in &parsed {
                let Some(record) = record else {
                    keep_stray(batch.tx, line)?;
                    continue;
                };
                // A counter from a broken client must not use up the numbers.
                highest = highest.max(record.lamport.min(highest.saturating_add(1 << 32)));
                match record::standing(batch.tx, record.id)? {
                    None => batch.append(record, Some(line.place), &line.json)?,
                    Some(known) if known.place.is_none_or(|place| before(line.place, place)) => {
                        batch
                            .tx
                            .prepare_cached(
                                "UPDATE record SET epoch = ?2, validity = ?3, uid = ?4, idx = ?5 WHERE seq = ?1",
                            )?
                            .execute(params![
                                known.seq,
                                line.place.epoch,
                                line.place.validity,
                                line.place.uid,
                                line.place.index
                            ])?;
                        if known.place.is_none() {
                            batch.tally("to-push", -1);
                        }
                        let kept = record::whole(batch.tx, known.seq)?;
                        batch.touch_record(known.seq, kept.as_ref().unwrap_or(record))?;
                    }
                    Some(_) => {}
                }
            }
            record::set_lamport(batch.tx, highest)
        })?;
        Ok(change)
    }

    /// Returns the newest position read.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_head(&self) -> Result<Option<LogPosition>, StoreError> {
        self.read(record::head)
    }

    /// Notes the newest position read.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_log_head(&self, head: LogPosition) -> Result<(), StoreError> {
        self.write(|tx| super::batch::set_meta(tx, "log-head", &serde_json::to_string(&head).unwrap_or_default()))
    }

    /// Returns everything known of the log behind a place, in order, none only at the end; lines that can't be read are among them. What
    /// stands at one place is never torn apart, so that asking for what is behind the last place misses nothing.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_lines(&self, after: Option<LogPlace>, limit: usize) -> Result<Vec<LogLine>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT epoch, validity, uid, idx, json, id FROM record
                 WHERE epoch IS NOT NULL AND (epoch, uid, idx) > (?1, ?2, ?3)
                 UNION ALL
                 SELECT epoch, validity, uid, idx, json, '' FROM log_stray WHERE (epoch, uid, idx) > (?1, ?2, ?3)
                 ORDER BY 1, 3, 4, 6 LIMIT ?4",
            )?;
            let (epoch, uid, index) =
                after.map_or((-1, 0, 0), |p| (i64::from(p.epoch), i64::from(p.uid), i64::from(p.index)));
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = find.query_map(params![epoch, uid, index, limit], |row| {
                let place =
                    LogPlace { epoch: row.get(0)?, validity: row.get(1)?, uid: row.get(2)?, index: row.get(3)? };
                Ok(LogLine { place, json: row.get(4)? })
            })?;
            let mut lines: Vec<LogLine> = found.collect::<Result<_, _>>()?;
            if i64::try_from(lines.len()).unwrap_or(i64::MAX) == limit {
                let last = lines.last().map(|line| line.place);
                let whole = lines.iter().filter(|line| Some(line.place) != last).count();
                lines.truncate(if whole > 0 { whole } else { lines.len() });
            }
            Ok(lines)
        })
    }

    /// Takes the places of all records away: they are pushed again, those in `order` first, then the others that were on the log in their
    /// order there, then those never pushed. A folder that lost its UIDs has lost its order; the order of before goes on.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn requeue_log(&self, order: &[OpId]) -> Result<Change, StoreError> {
        let (_, change, _) = self.change(|batch| {
            let named: HashMap<String, usize> = order.iter().enumerate().map(|(n, id)| (id.to_string(), n)).collect();
            let mut find = batch.tx.prepare_cached(
                "SELECT seq, id, epoch IS NULL FROM record ORDER BY epoch IS NULL, epoch, uid, idx, local",
            )?;
            let mut all: Vec<(i64, String, bool)> =
                find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
            all.sort_by_key(|(_, id, unplaced)| (*unplaced, named.get(id).copied().unwrap_or(usize::MAX)));
            let mut update = batch.tx.prepare_cached(
                "UPDATE record SET local = ?2, epoch = NULL, validity = NULL, uid = NULL, idx = NULL WHERE seq = ?1",
            )?;
            for (n, (seq, _, unplaced)) in all.iter().enumerate() {
                update.execute(params![seq, i64::try_from(n).unwrap_or(i64::MAX)])?;
                if !unplaced {
                    batch.tally("to-push", 1);
                }
            }
            batch.tx.execute("DELETE FROM meta WHERE name = 'log-head'", [])?;
            for (seq, _, _) in &all {
                if let Some(record) = record::whole(batch.tx, *seq)? {
                    batch.touch_record(*seq, &record)?;
                }
            }
            Ok(())
        })?;
        Ok(change)
    }

    /// Returns the saved replies that the team shares: name and text, by name.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn saved_replies(&self) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT seq FROM record WHERE kind = 'saved-reply'")?;
            let seqs = find.query_map([], |row| row.get(0))?.collect::<Result<BTreeSet<i64>, _>>()?;
            let mut replies = BTreeMap::new();
            for (kept, active) in record::with_active(tx, &seqs)? {
                if let (true, Some(Known::SavedReply { name, text })) = (active, kept.record.known()) {
                    replies.insert(name.clone(), text.clone());
                }
            }
            Ok(replies.into_iter().filter(|(_, text)| !text.is_empty()).collect())
        })
    }
}

fn before(a: LogPlace, b: LogPlace) -> bool {
    (a.epoch, a.uid, a.index) < (b.epoch, b.uid, b.index)
}

fn keep_stray(tx: &Transaction<'_>, line: &LogLine) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR IGNORE INTO log_stray (epoch, validity, uid, idx, json) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![line.place.epoch, line.place.validity, line.place.uid, line.place.index, line.json])?;
    Ok(())
}
