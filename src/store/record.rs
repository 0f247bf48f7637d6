//! Records as rows: appended, placed, and read back conversation by conversation.
//!
//! A bulk is one record with thousands of targets. Its targets are rows of their own, so that folding one of its conversations reads
//! one target, not all.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::batch::{Batch, get_meta, set_meta};
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::message_id;
use super::log_merge::{Key, in_order};
use super::types::LogPlace;
use super::undone;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId, OpId};
use crate::model::message::AsOf;
use crate::op::operation::{Expect, Known, Operation, Target};
use crate::op::record::{FORMAT, LogPosition, Record};

/// A record without its targets.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub seq: i64,
    /// Whose log it belongs to; empty while no account is known.
    pub account: String,
    pub place: Option<LogPlace>,
    pub local: i64,
    /// `on` is empty.
    pub record: Record,
}

/// The order within a log: by place (and by id where replicas gave two the same); then those that are on none, in local order.
pub(super) type Order = (bool, u32, u32, u32, i64, OpId);

pub(super) fn order(place: Option<LogPlace>, local: i64, id: OpId) -> Order {
    match place {
        Some(place) => (false, place.epoch, place.uid, place.index, 0, id),
        None => (true, 0, 0, 0, local, id),
    }
}

impl Kept {
    pub(super) fn key(&self) -> Key<'_> {
        let Record { id, lamport, .. } = self.record;
        Key { order: order(self.place, self.local, id), account: &self.account, lamport, id }
    }

    /// Returns the record with these targets.
    pub(super) fn with(&self, on: Vec<Target>) -> Record {
        Record { on, ..self.record.clone() }
    }
}

const COLUMNS: &str = "seq, id, batch, actor, host, at, lamport, epoch, validity, uid, idx, local, op, account";

pub(super) fn parse_id(text: &str) -> OpId {
    text.parse().unwrap_or(OpId(uuid::Uuid::nil()))
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let actor: String = row.get(3)?;
    let op: String = row.get(12)?;
    let epoch: Option<u32> = row.get(7)?;
    let place = match epoch {
        Some(epoch) => Some(LogPlace { epoch, validity: row.get(8)?, uid: row.get(9)?, index: row.get(10)? }),
        None => None,
    };
    let batch: Option<String> = row.get(2)?;
    Ok(Kept {
        seq: row.get(0)?,
        account: row.get(13)?,
        place,
        local: row.get(11)?,
        record: Record {
            v: FORMAT,
            id: parse_id(&row.get::<_, String>(1)?),
            batch: batch.as_deref().map(parse_id),
            actor: actor_of(&actor)?,
            host: row.get(4)?,
            by: None,
            at: Timestamp(row.get(5)?),
            lamport: u64::try_from(row.get::<_, i64>(6)?).unwrap_or(0),
            after: None,
            on: Vec::new(),
            op: serde_json::from_str(&op).unwrap_or(Operation::Unknown(serde_json::Map::new())),
            place: None,
        },
    })
}

/// Reads the actor of a record. One that the rules of names forbid must not make its conversations unreadable.
fn actor_of(kept: &str) -> rusqlite::Result<Handle> {
    let bad = |error| rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Text, Box::new(error));
    Handle::new(kept).or_else(|_| Handle::new("unknown")).map_err(bad)
}

/// The actor of what every client does by itself.
pub(super) fn system() -> Result<Handle, StoreError> {
    Handle::new("postroom").map_err(|e| StoreError::Content(e.to_string()))
}

#[derive(Serialize, Deserialize, Default)]
struct Seen {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    a: Option<AsOf>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    e: Option<Expect>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    g: bool,
}

fn target(id: &str, seen: Option<&str>) -> Target {
    let seen: Seen = seen.and_then(|s| serde_json::from_str(s).ok()).unwrap_or_default();
    Target { on: message_id(id), as_of: seen.a, expect: seen.e, gone: seen.g }
}

/// What is known of a record beside what it says.
pub(super) struct Standing {
    pub seq: i64,
    pub account: String,
    pub place: Option<LogPlace>,
}

const STANDING: &str = "SELECT seq, account, epoch, validity, uid, idx FROM record WHERE";

fn read_standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let epoch: Option<u32> = row.get(2)?;
    let place = match epoch {
        Some(epoch) => Some(LogPlace { epoch, validity: row.get(3)?, uid: row.get(4)?, index: row.get(5)? }),
        None => None,
    };
    Ok(Standing { seq: row.get(0)?, account: row.get(1)?, place })
}

pub(super) fn standing(tx: &Transaction<'_>, id: OpId) -> Result<Option<Standing>, StoreError> {
    let mut find = tx.prepare_cached(&format!("{STANDING} id = ?1"))?;
    Ok(find.query_map([id.to_string()], read_standing)?.next().transpose()?)
}

pub(super) fn standing_of(tx: &Transaction<'_>, seq: i64) -> Result<Option<Standing>, StoreError> {
    let mut find = tx.prepare_cached(&format!("{STANDING} seq = ?1"))?;
    Ok(find.query_map([seq], read_standing)?.next().transpose()?)
}

/// Returns one record without targets.
pub(super) fn by_seq(tx: &Transaction<'_>, seq: i64) -> Result<Option<Kept>, StoreError> {
    #[cfg(test)]
    super::undone::READ.with(|read| read.set((read.get().0 + 1, read.get().1)));
    let sql = format!("SELECT {COLUMNS} FROM record WHERE seq = ?1");
    Ok(tx.prepare_cached(&sql)?.query_map([seq], kept)?.next().transpose()?)
}

/// Returns one record without targets, read once for all that share a cache: the row of a bulk holds the targets of thousands, and
/// reading any of it costs as much as they do.
pub(super) fn cached(
    tx: &Transaction<'_>,
    seq: i64,
    cache: &mut HashMap<i64, Rc<Kept>>,
) -> Result<Option<Rc<Kept>>, StoreError> {
    if let Some(kept) = cache.get(&seq) {
        return Ok(Some(Rc::clone(kept)));
    }
    let Some(kept) = by_seq(tx, seq)?.map(Rc::new) else { return Ok(None) };
    // Bounded: a long history of large notes must not be held at once.
    if cache.len() < 4096 {
        cache.insert(seq, Rc::clone(&kept));
    }
    Ok(Some(kept))
}

/// Returns the records of an id: the one record, or all of a batch, in the order of the fold.
pub(super) fn of_id(tx: &Transaction<'_>, id: OpId) -> Result<Vec<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM record WHERE id = ?1 UNION SELECT {COLUMNS} FROM record WHERE batch = ?1");
    let mut all: Vec<Kept> = tx.prepare_cached(&sql)?.query_map([id.to_string()], kept)?.collect::<Result<_, _>>()?;
    in_order(&mut all, Kept::key);
    Ok(all)
}

/// Returns a record as it was written, targets included.
pub(super) fn whole(tx: &Transaction<'_>, seq: i64) -> Result<Option<Record>, StoreError> {
    let mut find = tx.prepare_cached("SELECT json FROM record WHERE seq = ?1")?;
    let json: Option<String> = find.query_map([seq], |row| row.get(0))?.next().transpose()?;
    Ok(json.and_then(|json| Record::parse(&json).ok()))
}

/// Records with the targets that they have in one conversation.
type Targeted = Vec<(Rc<Kept>, Record)>;

/// Returns the records with a target in a conversation, undos left out, with just those targets, in the order of the fold.
pub(super) fn of_conversation(
    tx: &Transaction<'_>,
    conversation: i64,
    cache: &mut HashMap<i64, Rc<Kept>>,
) -> Result<Targeted, StoreError> {
    Ok(with_absent(tx, conversation, &HashSet::new(), cache)?.0)
}

/// Like [`of_conversation`]; returns also the ids that belong to the conversation and are not among those `here`.
pub(super) fn with_absent(
    tx: &Transaction<'_>,
    conversation: i64,
    here: &HashSet<&str>,
    cache: &mut HashMap<i64, Rc<Kept>>,
) -> Result<(Targeted, BTreeSet<MessageId>), StoreError> {
    let mut targets: HashMap<i64, Vec<Target>> = HashMap::new();
    let mut absent = BTreeSet::new();
    let mut find = tx.prepare_cached(
        "SELECT m.message_id, t.record, t.seen FROM member m LEFT JOIN target t ON t.message_id = m.message_id
         WHERE m.conversation = ?1",
    )?;
    let mut rows = find.query([conversation])?;
    while let Some(row) = rows.next()? {
        let id = row.get_ref(0)?.as_str().unwrap_or_default();
        if !here.contains(id) {
            absent.insert(message_id(id));
        }
        if let Some(record) = row.get(1)? {
            let seen = row.get_ref(2)?.as_str_or_null().ok().flatten();
            targets.entry(record).or_default().push(target(id, seen));
        }
    }
    let mut all = Vec::with_capacity(targets.len());
    for (seq, mut on) in targets {
        let Some(kept) = cached(tx, seq, cache)? else { continue };
        on.sort_by(|a, b| a.on.cmp(&b.on));
        let record = kept.with(on);
        all.push((kept, record));
    }
    in_order(&mut all, |(kept, _)| kept.key());
    Ok((all, absent))
}

/// Tells whether a record that has no place yet stays where it is in the order of its log when it gets this one: it goes behind all that
/// have one, and it is the first of those that have none.
pub(super) fn keeps_order(tx: &Transaction<'_>, known: &Standing, place: LogPlace) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM record WHERE account = ?2 AND epoch IS NOT NULL
                                AND (epoch, uid, idx) >= (?3, ?4, ?5))
            AND NOT EXISTS (SELECT 1 FROM record WHERE account = ?2 AND epoch IS NULL AND seq <> ?1
                                AND local <= (SELECT local FROM record WHERE seq = ?1))",
    )?;
    Ok(find.query_row(params![known.seq, known.account, place.epoch, place.uid, place.index], |row| row.get(0))?)
}

/// Tells whether there are records of other accounts too.
pub(super) fn any_of_others(tx: &Transaction<'_>, account: &str) -> Result<bool, StoreError> {
    // Each of these looks once into an index, which `<>` would read from end to end.
    let mut find = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM record WHERE account < ?1 AND epoch IS NOT NULL)
             OR EXISTS (SELECT 1 FROM record WHERE account > ?1 AND epoch IS NOT NULL)
             OR EXISTS (SELECT 1 FROM record WHERE account < ?1 AND epoch IS NULL)
             OR EXISTS (SELECT 1 FROM record WHERE account > ?1 AND epoch IS NULL)",
    )?;
    Ok(find.query_row([account], |row| row.get(0))?)
}

/// Tells whether any record has no place on its log.
pub(super) fn any_unplaced(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM record WHERE epoch IS NULL)")?;
    Ok(find.query_row([], |row| row.get(0))?)
}

/// Tells whether a record with a target in a conversation has no place on its log.
pub(super) fn has_unplaced(tx: &Transaction<'_>, conversation: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM member m CROSS JOIN target t ON t.message_id = m.message_id
                                               CROSS JOIN record r ON r.seq = t.record
                        WHERE m.conversation = ?1 AND r.epoch IS NULL)",
    )?;
    Ok(find.query_row([conversation], |row| row.get(0))? || undone::has_unplaced(tx, conversation)?)
}

/// Returns the first and the last account, by name, whose log is here: one twice where there is one. Reads the ends of an index.
pub(super) fn logs(tx: &Transaction<'_>) -> Result<Option<(String, String)>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT (SELECT min(account) FROM record WHERE epoch IS NOT NULL),
                (SELECT max(account) FROM record WHERE epoch IS NOT NULL)",
    )?;
    let (first, last): (Option<String>, Option<String>) = find.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(first.zip(last))
}

/// Tells whether the logs of several accounts are here.
fn several_logs(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    Ok(logs(tx)?.is_some_and(|(first, last)| first != last))
}

/// Tells whether a record is an undo, or named by one that is here.
fn has_undos(tx: &Transaction<'_>, record: &Record) -> Result<bool, StoreError> {
    if let Some(Known::Undo { .. }) = record.known() {
        return Ok(true);
    }
    let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM record WHERE undoes IN (?1, ?2))")?;
    let id = record.id.to_string();
    let batch = record.batch.map_or_else(|| id.clone(), |batch| batch.to_string());
    Ok(find.query_row([&id, &batch], |row| row.get(0))?)
}

impl Batch<'_> {
    /// Appends a record of an account's log and marks what it touches.
    pub(super) fn append(
        &mut self,
        account: &str,
        record: &Record,
        place: Option<LogPlace>,
        json: &str,
    ) -> Result<(), StoreError> {
        if let Some(redacted) = self.redacted(record)? {
            return self.append(account, &redacted, place, &redacted.to_json());
        }
        let op = serde_json::to_string(&record.op).unwrap_or_default();
        self.tx
            .prepare_cached(
                "INSERT INTO record (id, batch, actor, host, at, lamport, kind, undoes, epoch, validity, uid, idx, local,
                     targets, op, json, account, made)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
                     (SELECT coalesce(max(seq), 0) + 1 FROM record), ?13, ?14, ?15, ?16, ?9 IS NULL)",
            )?
            .execute(params![
                record.id.to_string(),
                record.batch.map(|b| b.to_string()),
                record.actor.as_str(),
                record.host,
                record.at.0,
                i64::try_from(record.lamport).unwrap_or(i64::MAX),
                record.op.name(),
                undone_id(record),
                place.map(|p| p.epoch),
                place.map(|p| p.validity),
                place.map(|p| p.uid),
                place.map(|p| p.index),
                i64::try_from(record.on.len()).unwrap_or(i64::MAX),
                op,
                json,
                account,
            ])?;
        let seq = self.tx.last_insert_rowid();
        self.write_targets(record, seq)?;
        if place.is_none() {
            self.tally("to-push", 1);
        }
        self.records_changed();
        // What is on no log stands behind all others and moves none of them.
        let judges = (place.is_some() && several_logs(self.tx)?) || has_undos(self.tx, record)?;
        self.touch_targets(seq, record, judges)?;
        if let Some(Known::Replied { message, .. }) = record.known() {
            self.note_replied(message)?;
        }
        self.erase(account, seq, record)
    }

    pub(super) fn write_targets(&mut self, record: &Record, seq: i64) -> Result<(), StoreError> {
        self.write_sending(record, seq)?;
        if let Some(Known::Undo { .. }) = record.known() {
            let mut insert =
                self.tx.prepare_cached("INSERT OR IGNORE INTO undo_target (message_id, record) VALUES (?1, ?2)")?;
            for on in &record.on {
                insert.execute(params![on.on.as_str(), seq])?;
            }
            return Ok(());
        }
        let mut insert =
            self.tx.prepare_cached("INSERT OR IGNORE INTO target (message_id, record, seen) VALUES (?1, ?2, ?3)")?;
        for on in &record.on {
            let seen = (on.as_of.is_some() || on.expect.is_some() || on.gone).then(|| {
                serde_json::to_string(&Seen { a: on.as_of.clone(), e: on.expect.clone(), g: on.gone })
                    .unwrap_or_default()
            });
            insert.execute(params![on.on.as_str(), seq, seen])?;
        }
        if let Some(Known::Merge { .. } | Known::Split) = record.known() {
            let mut insert =
                self.tx.prepare_cached("INSERT OR IGNORE INTO repair (message_id, record) VALUES (?1, ?2)")?;
            for id in repaired(record) {
                insert.execute(params![id.as_str(), seq])?;
            }
        }
        Ok(())
    }

    /// Notes that a record got a place which left it where it was in the order of its log: its conversations stay as they are, and may
    /// have nothing more to be pushed. Only those in which it meets records of another log, where `others` says that there are any, are
    /// folded again.
    pub(super) fn place_record(&mut self, known: &Standing, record: &Record, others: bool) -> Result<(), StoreError> {
        self.kept.remove(&known.seq);
        for on in &record.on {
            let Some(conversation) = self.conversation_of(&on.on)? else { continue };
            if others && self.meets_others(conversation, &known.account)? {
                self.touch(conversation, false);
                self.unjudged.insert(conversation);
            } else {
                self.placed.insert(conversation);
            }
        }
        Ok(())
    }

    /// Tells whether records of other accounts have a target in a conversation. Whose a record is stands behind all its targets in its row:
    /// it is read once for all conversations of a bulk.
    fn meets_others(&mut self, conversation: i64, account: &str) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached(
            "SELECT t.record FROM member m CROSS JOIN target t ON t.message_id = m.message_id WHERE m.conversation = ?1",
        )?;
        let records = find.query_map([conversation], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
        for seq in records {
            if cached(self.tx, seq, &mut self.kept)?.is_some_and(|kept| kept.account != account) {
                return Ok(true);
            }
        }
        let mut find = self.tx.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM member m CROSS JOIN undo_target t ON t.message_id = m.message_id
                                                   CROSS JOIN record r INDEXED BY record_undo ON r.seq = t.record
                            WHERE m.conversation = ?1 AND r.undoes IS NOT NULL AND r.account <> ?2)",
        )?;
        Ok(find.query_row(params![conversation, account], |row| row.get(0))?)
    }

    /// Marks what a record touches, and what is to be threaded again where it changes what belongs together.
    pub(super) fn touch_record(&mut self, seq: i64, record: &Record) -> Result<(), StoreError> {
        let judges = several_logs(self.tx)? || has_undos(self.tx, record)?;
        self.touch_targets(seq, record, judges)
    }

    /// As [`Batch::touch_record`]; `judges` says that by this record others, or it, may count that did not before, or the other way round.
    pub(super) fn touch_targets(&mut self, seq: i64, record: &Record, judges: bool) -> Result<(), StoreError> {
        self.kept.remove(&seq);
        for on in &record.on {
            if let Some(conversation) = self.conversation_of(&on.on)? {
                self.touch(conversation, false);
                if judges {
                    self.unjudged.insert(conversation);
                }
            }
        }
        match record.known() {
            Some(Known::Merge { .. } | Known::Split) => self.repaired.extend(repaired(record).into_iter().cloned()),
            Some(Known::Undo { of }) => {
                self.touch_team_by_undo()?;
                self.find_repairs_behind(*of)?;
            }
            Some(Known::Team(_)) => self.touch_team(),
            Some(Known::HistoryBefore { .. }) => return self.mark_history(),
            _ => {}
        }
        Ok(())
    }

    /// Finds the merges and splits that an undo, or an undo of an undo, is about.
    fn find_repairs_behind(&mut self, of: OpId) -> Result<(), StoreError> {
        if !self.has_repairs()? {
            return Ok(());
        }
        let mut find = self.tx.prepare_cached(
            "SELECT seq, undoes FROM record WHERE id = ?1 AND (undoes IS NOT NULL OR kind IN ('merge', 'split'))
             UNION SELECT seq, undoes FROM record WHERE batch = ?1 AND (undoes IS NOT NULL OR kind IN ('merge', 'split'))",
        )?;
        let mut open = vec![of];
        while let Some(id) = open.pop() {
            if !self.undone.insert(id) {
                continue;
            }
            self.go_on()?;
            let mut rows = find.query([id.to_string()])?;
            while let Some(row) = rows.next()? {
                match row.get::<_, Option<String>>(1)? {
                    Some(of) => open.push(parse_id(&of)),
                    None => {
                        let whole = whole(self.tx, row.get(0)?)?;
                        let known = whole.filter(|r| matches!(r.known(), Some(Known::Merge { .. } | Known::Split)));
                        self.repaired.extend(known.iter().flat_map(repaired).cloned());
                    }
                }
            }
        }
        Ok(())
    }
}

/// The record or batch that an undo takes back.
pub(super) fn undone_id(record: &Record) -> Option<String> {
    match record.known() {
        Some(Known::Undo { of }) => Some(of.to_string()),
        _ => None,
    }
}

/// The messages that a merge or a split names.
pub(super) fn repaired(record: &Record) -> Vec<&MessageId> {
    let mut named: Vec<&MessageId> = record.on.iter().map(|t| &t.on).collect();
    if let Some(Known::Merge { into }) = record.known() {
        named.push(into);
    }
    named
}

/// The highest Lamport counter seen, on any log: what was read on one counts for what is then written to another.
pub(super) fn lamport(tx: &Transaction<'_>) -> Result<u64, StoreError> {
    Ok(get_meta(tx, "lamport")?.and_then(|n| n.parse().ok()).unwrap_or(0))
}

pub(super) fn set_lamport(tx: &Transaction<'_>, lamport: u64) -> Result<(), StoreError> {
    set_meta(tx, "lamport", &lamport.to_string())
}

/// The newest position of an account's log that was read.
pub(super) fn head(tx: &Transaction<'_>, account: &str) -> Result<Option<LogPosition>, StoreError> {
    let mut find = tx.prepare_cached("SELECT head FROM log_account WHERE account = ?1")?;
    let head: Option<Option<String>> = find.query_map([account], |row| row.get(0))?.next().transpose()?;
    Ok(head.flatten().and_then(|json| serde_json::from_str(&json).ok()))
}
