//! Where a record stands when it is met again: at a lower place of its log, on another account's log, or under an account's new name.

use rusqlite::{OptionalExtension, params};

use super::batch::Batch;
use super::error::StoreError;
use super::home::{is_gone, rename};
use super::record::{self, Standing};
use super::types::LogPlace;
use crate::op::operation::Known;
use crate::op::record::Record;

/// What decides between two places, of two logs too: all clients must choose alike.
fn rank(place: LogPlace) -> (u32, u32, u32, u32) {
    (place.epoch, place.uid, place.index, place.validity)
}

/// Tells whether a place is in front of another.
fn before(a: LogPlace, b: LogPlace) -> bool {
    (a.epoch, a.uid, a.index) < (b.epoch, b.uid, b.index)
}

impl Batch<'_> {
    /// Takes in that a record which is known stands at a place of an account's log.
    pub(super) fn claim(
        &mut self,
        known: &Standing,
        account: &str,
        place: LogPlace,
        record: &Record,
    ) -> Result<(), StoreError> {
        if known.account == account {
            return match known.place {
                Some(at) if !before(place, at) => Ok(()),
                _ => self.take_place(known, place, record),
            };
        }
        if known.place == Some(place) && is_gone(self.team, &known.account) {
            // The same folder, in a config that gives the account another name.
            self.kept.clear();
            return rename(self.tx, &known.account, account);
        }
        self.keep_copy(known.seq, account, place)?;
        if self.prefer_lowest(known.seq)? {
            let kept = record::whole(self.tx, known.seq)?;
            self.touch_record(known.seq, kept.as_ref().unwrap_or(record))?;
        }
        Ok(())
    }

    /// Gives a record its place on the log of its account, or a lower one. Where that leaves the order of the fold as it was, nothing is
    /// folded.
    fn take_place(&mut self, known: &Standing, place: LogPlace, record: &Record) -> Result<(), StoreError> {
        let stays = known.place.is_none() && record::keeps_order(self.tx, known, place)?;
        self.set_place(known, Some(place))?;
        let stays = !self.prefer_lowest(known.seq)? && stays;
        let kept = record::whole(self.tx, known.seq)?;
        let record = kept.as_ref().unwrap_or(record);
        let others = stays && record::any_of_others(self.tx, &known.account)?;
        let stays = stays
            && match record.known() {
                // Of these the first on the log counts: being on it is what they wait for.
                Some(Known::HistoryBefore { .. }) => false,
                // These count for more than the conversations that they name.
                Some(Known::Merge { .. } | Known::Split | Known::Undo { .. }) => !others,
                _ => true,
            };
        if stays { self.place_record(known, record, others) } else { self.touch_record(known.seq, record) }
    }

    /// Writes the place of a record on the log of its account, and keeps the count of those to be pushed.
    fn set_place(&mut self, known: &Standing, place: Option<LogPlace>) -> Result<(), StoreError> {
        self.tx
            .prepare_cached("UPDATE record SET epoch = ?2, validity = ?3, uid = ?4, idx = ?5 WHERE seq = ?1")?
            .execute(params![
                known.seq,
                place.map(|p| p.epoch),
                place.map(|p| p.validity),
                place.map(|p| p.uid),
                place.map(|p| p.index)
            ])?;
        self.tally("to-push", i64::from(place.is_none()) - i64::from(known.place.is_none()));
        Ok(())
    }

    /// Notes that a record stands on another account's log too, at its lowest place there.
    pub(super) fn keep_copy(&self, seq: i64, account: &str, place: LogPlace) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO log_copy (account, record, epoch, validity, uid, idx) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (account, record) DO UPDATE SET epoch = ?3, validity = ?4, uid = ?5, idx = ?6
                 WHERE (?3, ?5, ?6) < (epoch, uid, idx)",
            )?
            .execute(params![account, seq, place.epoch, place.validity, place.uid, place.index])?;
        Ok(())
    }

    /// Makes the lowest of a record's places the one that counts; tells whether that changed. One that is not yet on the log of its own
    /// account stays that account's until it is: whoever shares only that mailbox must get it too.
    pub(super) fn prefer_lowest(&mut self, seq: i64) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT account, epoch, validity, uid, idx FROM log_copy WHERE record = ?1 ORDER BY epoch, uid, idx, validity LIMIT 1",
        )?;
        let lowest = find.query_row([seq], |row| {
            let place = LogPlace { epoch: row.get(1)?, validity: row.get(2)?, uid: row.get(3)?, index: row.get(4)? };
            Ok((row.get::<_, String>(0)?, place))
        });
        let Some((account, place)) = lowest.optional()? else { return Ok(false) };
        let Some(Standing { account: own, place: Some(at), .. }) = record::standing_of(self.tx, seq)? else {
            return Ok(false);
        };
        if rank(at) <= rank(place) {
            return Ok(false);
        }
        self.tx
            .prepare_cached("DELETE FROM log_copy WHERE account = ?1 AND record = ?2")?
            .execute(params![account, seq])?;
        self.keep_copy(seq, &own, at)?;
        self.tx
            .prepare_cached(
                "UPDATE record SET account = ?2, epoch = ?3, validity = ?4, uid = ?5, idx = ?6 WHERE seq = ?1",
            )?
            .execute(params![seq, account, place.epoch, place.validity, place.uid, place.index])?;
        Ok(true)
    }
}
