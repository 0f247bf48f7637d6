//! The order of the log: places of records, given anew where the folder lost its own.

use std::collections::{BTreeSet, HashMap};

use rusqlite::params;

use super::batch::Batch;
use super::log_content::{self, is_same};
use super::types::LogPlace;
use super::{Store, StoreError, record};
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, MessageId, OpId};
use crate::model::stop::Stop;
use crate::model::text::{SafeText, in_quotes};

impl Store {
    /// Returns what the sync of an account's log noted of how far it is; its own words.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_state(&self, account: &AccountId) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT state FROM log_account WHERE account = ?1")?;
            let state: Option<Option<String>> =
                find.query_map([account.as_str()], |row| row.get(0))?.next().transpose()?;
            Ok(state.flatten())
        })
    }

    /// Notes how far the sync of an account's log is.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_log_state(&self, account: &AccountId, state: &str) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.prepare_cached(
                "INSERT INTO log_account (account, state) VALUES (?1, ?2) ON CONFLICT (account) DO UPDATE SET state = ?2",
            )?
            .execute([account.as_str(), state])?;
            Ok(())
        })
    }

    /// Returns the places of those of these records that are on an account's log.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_places(&self, account: &AccountId, ids: &[OpId]) -> Result<Vec<(OpId, LogPlace)>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT epoch, validity, uid, idx FROM record WHERE id = ?2 AND account = ?1 AND epoch IS NOT NULL
                 UNION ALL
                 SELECT c.epoch, c.validity, c.uid, c.idx FROM record r JOIN log_copy c ON c.record = r.seq
                 WHERE r.id = ?2 AND c.account = ?1",
            )?;
            let mut places = Vec::new();
            for id in ids {
                let place = find.query_map(params![account.as_str(), id.to_string()], place)?.next().transpose()?;
                places.extend(place.map(|place| (*id, place)));
            }
            Ok(places)
        })
    }

    /// Tells whether any record is on an account's log, as far as we know.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_places_any(&self, account: &AccountId) -> Result<bool, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM record WHERE account = ?1 AND epoch IS NOT NULL)
                     OR EXISTS (SELECT 1 FROM log_copy WHERE account = ?1)",
            )?;
            Ok(find.query_row([account.as_str()], |row| row.get(0))?)
        })
    }

    /// Returns the UIDs of the folder's mails that gave records their places on an account's log.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_uids(&self, account: &AccountId, epoch: u32, validity: u32) -> Result<BTreeSet<u32>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT uid FROM record WHERE account = ?1 AND epoch = ?2 AND validity = ?3
                 UNION
                 SELECT uid FROM log_copy WHERE account = ?1 AND epoch = ?2 AND validity = ?3",
            )?;
            let uids = find.query_map(params![account.as_str(), epoch, validity], |row| row.get(0))?;
            Ok(uids.collect::<Result<_, _>>()?)
        })
    }

    /// Returns ids and places of all records on an account's log up to a UID of an epoch, in no order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_places_to(
        &self,
        account: &AccountId,
        epoch: u32,
        uid: u32,
    ) -> Result<Vec<(OpId, LogPlace)>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT epoch, validity, uid, idx, id FROM record
                 WHERE account = ?1 AND epoch IS NOT NULL AND (epoch < ?2 OR (epoch = ?2 AND uid <= ?3))
                 UNION ALL
                 SELECT c.epoch, c.validity, c.uid, c.idx, r.id FROM log_copy c JOIN record r ON r.seq = c.record
                 WHERE c.account = ?1 AND (c.epoch < ?2 OR (c.epoch = ?2 AND c.uid <= ?3))",
            )?;
            let rows = find
                .query_map(params![account.as_str(), epoch, uid], |row| Ok((row.get::<_, String>(4)?, place(row)?)))?;
            let mut all = Vec::new();
            for row in rows {
                let (id, place) = row?;
                all.extend(id.parse().ok().map(|id| (id, place)));
            }
            Ok(all)
        })
    }

    /// Returns ids and places of records on an account's log that were written before a moment and say nothing a day after they were
    /// written ([`crate::op::operation::Known::is_ephemeral`]).
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_ephemera(&self, account: &AccountId, before: Timestamp) -> Result<Vec<(OpId, LogPlace)>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT epoch, validity, uid, idx, id FROM record
                 WHERE account = ?1 AND epoch IS NOT NULL AND at < ?2
                   AND kind IN ('replying', 'stop-replying', 'lease', 'runner')",
            )?;
            let rows =
                find.query_map(params![account.as_str(), before.0], |row| Ok((row.get::<_, String>(4)?, place(row)?)))?;
            let mut all = Vec::new();
            for row in rows {
                let (id, place) = row?;
                all.extend(id.parse().ok().map(|id| (id, place)));
            }
            Ok(all)
        })
    }

    /// Returns the subject of the conversation that a message belongs to.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn subject_of(&self, message: &MessageId) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT coalesce(c.title, c.subject) FROM member m JOIN conversation c ON c.rowid = m.conversation
                 WHERE m.message_id = ?1",
            )?;
            Ok(find.query_map([message.as_str()], |row| row.get(0))?.next().transpose()?)
        })
    }

    /// Returns the conversations that the author has.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_mine(&self) -> Result<Vec<ConversationId>, StoreError> {
        let me = self.author().actor.clone();
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT id FROM conversation WHERE assignee = ?1")?;
            let ids = find.query_map([me.as_str()], |row| row.get::<_, String>(0))?;
            Ok(ids.map(|id| id.map(ConversationId::from_kept)).collect::<Result<_, _>>()?)
        })
    }

    /// Says which of these conversations, which the author had, somebody else has now: claims that were overturned.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_overturned(&self, mine: &[ConversationId]) -> Result<Vec<Overturned>, StoreError> {
        let me = self.author().actor.clone();
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT assignee, coalesce(title, subject) FROM conversation
                 WHERE id = ?1 AND assignee IS NOT NULL AND assignee <> ?2",
            )?;
            let mut notices = Vec::new();
            for id in mine {
                let found = find
                    .query_map([id.as_str(), me.as_str()], |row| {
                        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
                    })?
                    .next()
                    .transpose()?;
                notices.extend(
                    found.map(|(who, subject)| Overturned {
                        conversation: id.clone(),
                        words: overturned(&who, &subject),
                    }),
                );
            }
            Ok(notices)
        })
    }
}

/// A claim that was confirmed and no longer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overturned {
    /// The conversation.
    pub conversation: ConversationId,
    /// What happened, in words.
    pub words: SafeText,
}

fn overturned(who: &str, subject: &str) -> SafeText {
    SafeText::line_max(
        &format!(
            "Your claim was overturned: {who} has {}, since the server put the log in another order",
            in_quotes(subject)
        ),
        200,
    )
}

fn place(row: &rusqlite::Row<'_>) -> rusqlite::Result<LogPlace> {
    Ok(LogPlace { epoch: row.get(0)?, validity: row.get(1)?, uid: row.get(2)?, index: row.get(3)? })
}

impl Store {
    /// Gives every record of an account's log just the place that is named, and the content that `said` has for it; those not named have
    /// no place and are pushed again. What stands in another order now, or says something else, is folded again.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] where `stop` ended it; else when the store can't be written. Nothing is changed then.
    pub fn renumber_log(
        &self,
        account: &AccountId,
        places: &HashMap<OpId, LogPlace>,
        said: &HashMap<OpId, String>,
        stop: &Stop,
    ) -> Result<Change, StoreError> {
        let account = account.as_str();
        let ((), change, _) = self.change(|batch| {
            batch.stop = stop.clone();
            let moved = moved(batch, account, places)?;
            let lost = moved.iter().filter(|m| m.after.is_none()).filter_map(|m| Some((m.before?, m.seq)));
            let lost: Vec<(LogPlace, i64)> = lost.collect();
            let mut write = batch
                .tx
                .prepare_cached("UPDATE record SET epoch = ?2, validity = ?3, uid = ?4, idx = ?5 WHERE seq = ?1")?;
            for Moved { seq, after, .. } in &moved {
                batch.go_on()?;
                write.execute(params![
                    seq,
                    after.map(|p| p.epoch),
                    after.map(|p| p.validity),
                    after.map(|p| p.uid),
                    after.map(|p| p.index)
                ])?;
            }
            line_up(batch, account, lost)?;
            let mut touched: BTreeSet<i64> = moved.into_iter().map(|moved| moved.seq).collect();
            for (id, json) in said {
                batch.go_on()?;
                if let Some(known) = record::standing(batch.tx, *id)?.filter(|known| known.account == account) {
                    let _ = batch.say(known.seq, json)?;
                }
            }
            touched.extend(renumber_copies(batch, account, places, said)?);
            for seq in touched {
                batch.go_on()?;
                if let Some(record) = record::whole(batch.tx, seq)? {
                    batch.touch_record(seq, &record)?;
                }
            }
            Ok(())
        })?;
        Ok(change)
    }
}

/// A record whose place is another now.
struct Moved {
    seq: i64,
    before: Option<LogPlace>,
    after: Option<LogPlace>,
}

/// Puts records that lost their places in front of those that never had one, in the order of the places: they are pushed again in the
/// order in which they stood.
fn line_up(batch: &Batch<'_>, account: &str, mut lost: Vec<(LogPlace, i64)>) -> Result<(), StoreError> {
    if lost.is_empty() {
        return Ok(());
    }
    lost.sort_unstable_by_key(|(place, seq)| (place.epoch, place.uid, place.index, *seq));
    let mut order: Vec<i64> = lost.into_iter().map(|(_, seq)| seq).collect();
    let known: BTreeSet<i64> = order.iter().copied().collect();
    let mut find =
        batch.tx.prepare_cached("SELECT seq, local FROM record WHERE account = ?1 AND epoch IS NULL ORDER BY local")?;
    let waiting = find.query_map([account], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let waiting: Vec<(i64, i64)> = waiting.collect::<Result<_, _>>()?;
    order.extend(waiting.iter().map(|(seq, _)| *seq).filter(|seq| !known.contains(seq)));
    let mut write = batch.tx.prepare_cached("UPDATE record SET local = ?2 WHERE seq = ?1")?;
    for (seq, (_, local)) in order.iter().zip(&waiting) {
        batch.go_on()?;
        write.execute([seq, local])?;
    }
    Ok(())
}

/// Returns the records of an account whose place is another now, and keeps the count of those to be pushed.
fn moved(batch: &mut Batch<'_>, account: &str, places: &HashMap<OpId, LogPlace>) -> Result<Vec<Moved>, StoreError> {
    let mut moved = Vec::new();
    let mut to_push = 0;
    let mut all =
        batch.tx.prepare_cached("SELECT epoch, validity, uid, idx, seq, id FROM record WHERE account = ?1")?;
    let mut rows = all.query([account])?;
    while let Some(row) = rows.next()? {
        batch.go_on()?;
        let before = match row.get::<_, Option<u32>>(0)? {
            Some(_) => Some(place(row)?),
            None => None,
        };
        let id: String = row.get(5)?;
        let after = id.parse().ok().and_then(|id: OpId| places.get(&id)).copied();
        if before != after {
            moved.push(Moved { seq: row.get(4)?, before, after });
            to_push += i64::from(after.is_none()) - i64::from(before.is_none());
        }
    }
    batch.tally("to-push", to_push);
    Ok(moved)
}

/// Does the same for records of other accounts that stand on this one's log too. Returns those whose place is another now.
fn renumber_copies(
    batch: &mut Batch<'_>,
    account: &str,
    places: &HashMap<OpId, LogPlace>,
    said: &HashMap<OpId, String>,
) -> Result<Vec<i64>, StoreError> {
    let mut find = batch.tx.prepare_cached(
        "SELECT c.record, r.id, c.json FROM log_copy c JOIN record r ON r.seq = c.record WHERE c.account = ?1",
    )?;
    let copies = find.query_map([account], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let copies: Vec<(i64, String, Option<String>)> = copies.collect::<Result<_, _>>()?;
    batch.tx.execute("DELETE FROM log_copy WHERE account = ?1", [account])?;
    for (seq, id, other) in copies {
        batch.go_on()?;
        let Ok(id) = id.parse::<OpId>() else { continue };
        let Some(place) = places.get(&id) else { continue };
        let other = match said.get(&id) {
            Some(said) if is_same(said, &log_content::said(batch.tx, seq)?) => None,
            Some(said) => Some(said),
            None => other.as_ref(),
        };
        batch.keep_copy(seq, account, *place, other.map(String::as_str))?;
    }
    let mut find = batch.tx.prepare_cached("SELECT DISTINCT record FROM log_copy")?;
    let all = find.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut changed = Vec::new();
    for seq in all {
        batch.go_on()?;
        if batch.prefer_lowest(seq)? {
            changed.push(seq);
        }
    }
    Ok(changed)
}
