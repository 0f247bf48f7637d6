//! Keys of the log, the mails of its folder that don't count, and what is dropped because it stands only in such mails.

use std::collections::BTreeSet;

use rusqlite::params;

use super::batch::Batch;
use super::types::LogPlace;
use super::{Store, StoreError, record};
use crate::model::change::Change;
use crate::model::ids::{AccountId, OpId};

/// A key of an account's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogKey {
    /// What it is called.
    pub fingerprint: String,
    /// The key and what it says of itself, as it stands in its mail.
    pub json: String,
    /// Whether it counts whatever the config says.
    pub counts: bool,
    /// Where it stands in the folder, where that is known.
    pub at: Option<LogKeyPlace>,
}

/// Where a key stands in the log's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogKeyPlace {
    /// The folder's UIDVALIDITY.
    pub validity: u32,
    /// The UID of the lowest mail that ever held it.
    pub uid: u32,
    /// The UID of a mail that holds it.
    pub here: u32,
}

impl Store {
    /// Returns the keys of an account's log, by fingerprint.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_keys(&self, account: &AccountId) -> Result<Vec<LogKey>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT fingerprint, json, counts, validity, uid, here FROM log_key WHERE account = ?1 ORDER BY fingerprint",
            )?;
            let keys = find.query_map([account.as_str()], |row| {
                let at = match row.get(3)? {
                    Some(validity) => Some(LogKeyPlace { validity, uid: row.get(4)?, here: row.get(5)? }),
                    None => None,
                };
                Ok(LogKey { fingerprint: row.get(0)?, json: row.get(1)?, counts: row.get(2)?, at })
            })?;
            Ok(keys.collect::<Result<_, _>>()?)
        })
    }

    /// Keeps a key. One that counted goes on counting; under one UIDVALIDITY the lowest place is kept.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn keep_log_key(&self, account: &AccountId, key: &LogKey) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO log_key (account, fingerprint, json, counts, validity, uid, here)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (account, fingerprint) DO UPDATE SET counts = max(counts, ?4),
                     uid = CASE WHEN ?5 IS NULL THEN uid WHEN validity = ?5 THEN min(uid, ?6) ELSE ?6 END,
                     here = CASE WHEN ?5 IS NULL THEN here WHEN validity = ?5 THEN max(here, ?7) ELSE ?7 END,
                     validity = coalesce(?5, validity)",
            )?
            .execute(params![
                account.as_str(),
                key.fingerprint,
                key.json,
                key.counts,
                key.at.map(|at| at.validity),
                key.at.map(|at| at.uid),
                key.at.map(|at| at.here)
            ])?;
            Ok(())
        })
    }

    /// Returns the UIDs of mails of an account's log that hold records and don't count.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_refused(&self, account: &AccountId, validity: u32) -> Result<BTreeSet<u32>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT uid FROM log_refused WHERE account = ?1 AND validity = ?2")?;
            let uids = find.query_map(params![account.as_str(), validity], |row| row.get(0))?;
            Ok(uids.collect::<Result<_, _>>()?)
        })
    }

    /// Notes mails of an account's log that don't count; `all` says that these are all there are. Returns those that were not known.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn note_log_refused(
        &self,
        account: &AccountId,
        validity: u32,
        uids: &BTreeSet<u32>,
        all: bool,
    ) -> Result<BTreeSet<u32>, StoreError> {
        // Nearly every pass notes none, and what is known grows with what strangers send.
        if uids.is_empty() && !all {
            return Ok(BTreeSet::new());
        }
        let known = self.log_refused(account, validity)?;
        let new: BTreeSet<u32> = uids.difference(&known).copied().collect();
        if new.is_empty() && (!all || known == *uids) {
            return Ok(new);
        }
        self.write(|tx| {
            if all {
                tx.prepare_cached("DELETE FROM log_refused WHERE account = ?1")?.execute([account.as_str()])?;
            }
            let mut insert =
                tx.prepare_cached("INSERT OR IGNORE INTO log_refused (account, validity, uid) VALUES (?1, ?2, ?3)")?;
            for uid in uids {
                insert.execute(params![account.as_str(), validity, uid])?;
            }
            Ok(())
        })?;
        Ok(new)
    }

    /// Returns the records whose place on an account's log is a mail that does not count.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_places_refused(&self, account: &AccountId) -> Result<Vec<(OpId, LogPlace)>, StoreError> {
        let account = account.as_str();
        self.read(|tx| {
            let mut refused = tx.prepare_cached("SELECT validity, uid FROM log_refused WHERE account = ?1")?;
            let refused = refused.query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let refused: BTreeSet<(u32, u32)> = refused.collect::<Result<_, _>>()?;
            let mut all = Vec::new();
            if refused.is_empty() {
                return Ok(all);
            }
            // Epochs are few: by each the index leads to the mails.
            let mut next = tx.prepare_cached("SELECT min(epoch) FROM record WHERE account = ?1 AND epoch > ?2")?;
            let mut at = tx.prepare_cached(
                "SELECT epoch, validity, uid, idx, id FROM record
                 WHERE account = ?1 AND epoch = ?2 AND uid = ?3 AND validity = ?4",
            )?;
            let mut epoch = -1;
            while let Some(found) = next.query_row(params![account, epoch], |row| row.get::<_, Option<i64>>(0))? {
                epoch = found;
                for (validity, uid) in &refused {
                    for row in at.query_map(params![account, epoch, uid, validity], placed)? {
                        all.push(row?);
                    }
                }
            }
            let mut copies = tx.prepare_cached(
                "SELECT c.epoch, c.validity, c.uid, c.idx, r.id FROM log_copy c JOIN record r ON r.seq = c.record
                 WHERE c.account = ?1",
            )?;
            for row in copies.query_map([account], placed)? {
                let (id, place) = row?;
                all.extend(refused.contains(&(place.validity, place.uid)).then_some((id, place)));
            }
            Ok(all)
        })
    }

    /// Takes records off an account's log. What was made here is to be pushed again, what stands on another account's log too counts from
    /// there; everything else is dropped, and what it touched is folded again.
    ///
    /// # Errors
    /// When the store can't be written; nothing is changed then.
    pub fn drop_log_records(&self, account: &AccountId, ids: &[OpId]) -> Result<Change, StoreError> {
        let ((), change, _) = self.change(|batch| {
            for id in ids {
                batch.drop_from(account.as_str(), *id)?;
            }
            Ok(())
        })?;
        Ok(change)
    }
}

fn placed(row: &rusqlite::Row<'_>) -> rusqlite::Result<(OpId, LogPlace)> {
    let place = LogPlace { epoch: row.get(0)?, validity: row.get(1)?, uid: row.get(2)?, index: row.get(3)? };
    Ok((record::parse_id(&row.get::<_, String>(4)?), place))
}

impl Batch<'_> {
    fn drop_from(&mut self, account: &str, id: OpId) -> Result<(), StoreError> {
        let Some(known) = record::standing(self.tx, id)? else { return Ok(()) };
        let Some(record) = record::whole(self.tx, known.seq)? else { return Ok(()) };
        if known.account != account {
            self.tx
                .prepare_cached("DELETE FROM log_copy WHERE account = ?1 AND record = ?2")?
                .execute(params![account, known.seq])?;
            return self.touch_record(known.seq, &record);
        }
        let made: bool = self
            .tx
            .prepare_cached("SELECT made FROM record WHERE seq = ?1")?
            .query_row([known.seq], |row| row.get(0))?;
        if made {
            self.set_place(&known, None)?;
            return self.touch_record(known.seq, &record);
        }
        if let Some(copy) = self.lowest_copy(known.seq)? {
            self.tx
                .prepare_cached("DELETE FROM log_copy WHERE account = ?1 AND record = ?2")?
                .execute(params![copy.account, known.seq])?;
            self.tx
                .prepare_cached("UPDATE record SET account = ?2 WHERE seq = ?1")?
                .execute(params![known.seq, copy.account])?;
            self.set_place(&known, Some(copy.place))?;
            if let Some(other) = &copy.other {
                self.say(known.seq, other)?;
            }
            return self.touch_record(known.seq, &record);
        }
        if known.place.is_none() {
            self.tally("to-push", -1);
        }
        self.drop_targets(&record, known.seq)?;
        self.tx.prepare_cached("DELETE FROM record WHERE seq = ?1")?.execute([known.seq])?;
        self.records_changed();
        // What it took back counts again.
        for on in &record.on {
            if let Some(conversation) = self.conversation_of(&on.on)? {
                self.unjudged.insert(conversation);
            }
        }
        self.touch_record(known.seq, &record)
    }
}

#[cfg(test)]
#[path = "log_trust_tests.rs"]
mod tests;
