//! Where a record stands when it is met again: at a lower place of its log, on another account's log, or under an account's new name.

use rusqlite::params;

use super::batch::Batch;
use super::error::StoreError;
use super::history::name;
use super::home::{is_gone, rename};
use super::log_content::{is_same, said};
use super::record::{self, Standing};
use super::types::LogPlace;
use crate::model::ids::AccountId;
use crate::op::operation::Known;
use crate::op::record::Record;

/// What decides between two places, of two logs too: all clients must choose alike.
type Rank = (u32, u32, u32, u32, String);

/// A record on another account's log.
pub(super) struct Copy {
    pub account: String,
    pub place: LogPlace,
    /// What it says there, where that is something else than what counts.
    pub other: Option<String>,
}

/// Tells whether a place is in front of another.
fn before(a: LogPlace, b: LogPlace) -> bool {
    (a.epoch, a.uid, a.index) < (b.epoch, b.uid, b.index)
}

impl Batch<'_> {
    /// Takes in that a record which is known stands at a place of an account's log, with this content.
    pub(super) fn claim(
        &mut self,
        known: &Standing,
        account: &str,
        place: LogPlace,
        record: &Record,
        json: &str,
    ) -> Result<(), StoreError> {
        if known.account == account {
            return match known.place {
                Some(at) if !before(place, at) => Ok(()),
                _ => self.take_place(known, place, record, json),
            };
        }
        if known.place == Some(place) && is_gone(self.team(), &known.account) {
            // The same folder, in a config that gives the account another name.
            self.kept.clear();
            self.touch_team();
            return rename(self.tx, &known.account, account);
        }
        let other = !is_same(&said(self.tx, known.seq)?, json);
        self.keep_copy(known.seq, account, place, other.then_some(json))?;
        if self.prefer_lowest(known.seq)? {
            let kept = record::whole(self.tx, known.seq)?;
            self.touch_record(known.seq, kept.as_ref().unwrap_or(record))?;
        }
        Ok(())
    }

    /// Gives a record its place on the log of its account, or a lower one, and the content that stands there. Where that leaves content
    /// and order of the fold as they were, nothing is folded.
    fn take_place(&mut self, known: &Standing, place: LogPlace, record: &Record, json: &str) -> Result<(), StoreError> {
        let stays = known.place.is_none() && record::keeps_order(self.tx, known, place)?;
        self.set_place(known, Some(place))?;
        let is_other = self.say(known.seq, json)?;
        if self.prefer_lowest(known.seq)? {
            let kept = record::whole(self.tx, known.seq)?;
            return self.touch_record(known.seq, kept.as_ref().unwrap_or(record));
        }
        let stays = stays && !is_other;
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
    pub(super) fn set_place(&mut self, known: &Standing, place: Option<LogPlace>) -> Result<(), StoreError> {
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

    /// Notes that a record stands on another account's log too, at its lowest place there, and what it says there, where that is
    /// something else than what counts.
    pub(super) fn keep_copy(
        &self,
        seq: i64,
        account: &str,
        place: LogPlace,
        other: Option<&str>,
    ) -> Result<(), StoreError> {
        self.tx
            .prepare_cached(
                "INSERT INTO log_copy (account, record, epoch, validity, uid, idx, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (account, record) DO UPDATE SET epoch = ?3, validity = ?4, uid = ?5, idx = ?6, json = ?7
                 WHERE (?3, ?5, ?6) < (epoch, uid, idx)",
            )?
            .execute(params![account, seq, place.epoch, place.validity, place.uid, place.index, other])?;
        Ok(())
    }

    fn rank(&self, account: &str, place: LogPlace) -> Rank {
        // Folders made in one second can have one UIDVALIDITY; what clients call the accounts is each one's own matter.
        let name = AccountId::new(account).map_or_else(|_| account.to_owned(), |account| name(self.team(), &account));
        (place.epoch, place.uid, place.index, place.validity, name)
    }

    pub(super) fn lowest_copy(&self, seq: i64) -> Result<Option<Copy>, StoreError> {
        let mut find = self
            .tx
            .prepare_cached("SELECT account, epoch, validity, uid, idx, json FROM log_copy WHERE record = ?1")?;
        let copies = find.query_map([seq], |row| {
            let place = LogPlace { epoch: row.get(1)?, validity: row.get(2)?, uid: row.get(3)?, index: row.get(4)? };
            Ok(Copy { account: row.get(0)?, place, other: row.get(5)? })
        })?;
        let copies: Vec<Copy> = copies.collect::<Result<_, _>>()?;
        Ok(copies.into_iter().min_by_key(|copy| self.rank(&copy.account, copy.place)))
    }

    /// Makes the lowest of a record's places the one that counts, with what the record says there; tells whether that changed. One that
    /// is not yet on the log of its own account stays that account's until it is: whoever shares only that mailbox must get it too, and
    /// gets what the other log says.
    pub(super) fn prefer_lowest(&mut self, seq: i64) -> Result<bool, StoreError> {
        let Some(Copy { account, place, other }) = self.lowest_copy(seq)? else { return Ok(false) };
        let Some(Standing { account: own, place: at, .. }) = record::standing_of(self.tx, seq)? else {
            return Ok(false);
        };
        let Some(at) = at else {
            return other.map_or(Ok(false), |other| self.say(seq, &other));
        };
        if self.rank(&own, at) <= self.rank(&account, place) {
            return Ok(false);
        }
        self.tx
            .prepare_cached("DELETE FROM log_copy WHERE account = ?1 AND record = ?2")?
            .execute(params![account, seq])?;
        self.keep_copy(seq, &own, at, None)?;
        self.tx
            .prepare_cached(
                "UPDATE record SET account = ?2, epoch = ?3, validity = ?4, uid = ?5, idx = ?6 WHERE seq = ?1",
            )?
            .execute(params![seq, account, place.epoch, place.validity, place.uid, place.index])?;
        if let Some(other) = other {
            let _ = self.say(seq, &other)?;
        }
        Ok(true)
    }
}

#[cfg(test)]
#[path = "log_claim_tests.rs"]
mod tests;
