//! The audit trail: who did what, in the order of the log, which is the same for all clients.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{OptionalExtension, params};

use super::batch::conversation_of;
use super::connection::Transaction;
use super::conversation::find as find_conversation;
use super::log_merge::Rank;
use super::record::{self, Kept};
use super::refold::fold_conversation;
use super::resolve::short_ids;
use super::tell::{say_moment, with_names};
use super::types::LogFilter;
use super::{Store, StoreError, undone};
use crate::model::conversation::{LogEntry, LogTarget};
use crate::model::ids::{ConversationId, MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::describe;
use crate::op::fold::Lost;
use crate::op::operation::Known;
use crate::op::record::Record;
use crate::text;

/// The most conversations named in one entry.
const NAMED_MAX: usize = 20;

impl Store {
    /// Returns the audit trail, newest first: what the log does not have yet, then the log backwards.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log(&self, filter: &LogFilter) -> Result<Vec<LogEntry>, StoreError> {
        self.read(|tx| {
            let seqs = match &filter.conversation {
                Some(id) => of_conversation(tx, id, filter)?,
                None => of_all(tx, filter)?,
            };
            entries(tx, seqs, filter)
        })
    }
}

/// Returns the entries of these records, in this order.
pub(super) fn entries(tx: &Transaction<'_>, seqs: Vec<i64>, filter: &LogFilter) -> Result<Vec<LogEntry>, StoreError> {
    let active: BTreeMap<i64, bool> = undone::with_active(tx, &seqs.iter().copied().collect())?
        .into_iter()
        .map(|(kept, active)| (kept.seq, active))
        .collect();
    let mut losses = Losses::default();
    let mut entries = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if let Some(kept) = record::by_seq(tx, seq)? {
            let undone = !active.get(&seq).copied().unwrap_or(true);
            entries.push(entry(tx, &kept, undone, filter, &mut losses)?);
        }
    }
    Ok(entries)
}

fn of_conversation(tx: &Transaction<'_>, id: &ConversationId, filter: &LogFilter) -> Result<Vec<i64>, StoreError> {
    let Some((number, _)) = find_conversation(tx, id)? else { return Ok(Vec::new()) };
    let mut links = undone::links(tx, number)?;
    if let Some(before) = filter.before {
        let at = links.iter().position(|link| link.step.id == before);
        links.truncate(at.unwrap_or(links.len()));
    }
    Ok(links.iter().rev().take(filter.limit).map(|link| link.seq).collect())
}

/// Returns what no log has, newest first, then the logs backwards: one log by its places, several merged as the fold merges them.
fn of_all(tx: &Transaction<'_>, filter: &LogFilter) -> Result<Vec<i64>, StoreError> {
    let before = match filter.before {
        Some(id) => record::of_id(tx, id)?.into_iter().find(|kept| kept.record.id == id),
        None => None,
    };
    let limit = i64::try_from(filter.limit).unwrap_or(i64::MAX);
    let mut seqs: Vec<i64> = Vec::new();
    if before.as_ref().is_none_or(|kept| kept.place.is_none()) {
        let local = before.as_ref().map_or(i64::MAX, |kept| kept.local);
        let mut find = tx
            .prepare_cached("SELECT seq FROM record WHERE epoch IS NULL AND local < ?1 ORDER BY local DESC LIMIT ?2")?;
        seqs = find.query_map(params![local, limit], |row| row.get(0))?.collect::<Result<_, _>>()?;
    }
    let behind = before.as_ref().filter(|kept| kept.place.is_some());
    let left = filter.limit.saturating_sub(seqs.len());
    seqs.extend(match record::logs(tx)? {
        None => Vec::new(),
        Some((first, last)) if first == last => of_one_log(tx, &first, behind, left)?,
        Some(_) => of_logs(tx, behind, left)?,
    });
    Ok(seqs)
}

fn of_one_log(
    tx: &Transaction<'_>,
    account: &str,
    before: Option<&Kept>,
    limit: usize,
) -> Result<Vec<i64>, StoreError> {
    // What stands at one place, which replicas can bring about, is told apart by the id.
    let place = before.and_then(|kept| Some((kept.place?, kept.record.id.to_string())));
    let (epoch, uid, index, id) = place.map_or((i64::MAX, 0, 0, String::new()), |(p, id)| {
        (i64::from(p.epoch), i64::from(p.uid), i64::from(p.index), id)
    });
    let mut find = tx.prepare_cached(
        "SELECT seq FROM record WHERE account = ?6 AND epoch IS NOT NULL AND (epoch, uid, idx) <= (?1, ?2, ?3)
             AND ((epoch, uid, idx) < (?1, ?2, ?3) OR id < ?4)
         ORDER BY epoch DESC, uid DESC, idx DESC, id DESC LIMIT ?5",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = find.query_map(params![epoch, uid, index, id, limit, account], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// Several logs have no order that an index could hold: all of them is put in order, without reading the records themselves.
fn of_logs(tx: &Transaction<'_>, before: Option<&Kept>, limit: usize) -> Result<Vec<i64>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT seq, account, lamport, id FROM record WHERE epoch IS NOT NULL ORDER BY account, epoch, uid, idx, id",
    )?;
    let mut rows = find.query([])?;
    let mut ranked: Vec<(Rank, i64)> = Vec::new();
    let mut highest: Option<(String, Rank)> = None;
    while let Some(row) = rows.next()? {
        let account: String = row.get(1)?;
        let id: String = row.get(3)?;
        let Ok(id) = id.parse() else { continue };
        let own = (u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0), id);
        let rank = match &highest {
            Some((of, rank)) if *of == account && own.0 <= rank.0 => *rank,
            _ => own,
        };
        highest = Some((account, rank));
        ranked.push((rank, row.get(0)?));
    }
    // Stable: records of one rank stand in the order of their log.
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut newest_first = ranked.into_iter().rev().map(|(_, seq)| seq);
    if let Some(before) = before {
        newest_first.by_ref().find(|seq| *seq == before.seq);
    }
    Ok(newest_first.take(limit).collect())
}

/// The most conversations of one bulk claim that are folded to count its losses.
const LOOKED_AT: usize = 2000;

/// The claims that came second, of each conversation that was looked at.
#[derive(Default)]
struct Losses(HashMap<i64, Vec<Lost>>);

impl Losses {
    /// Tells who was first, where this claim of one conversation came second, and of how many conversations it came second. In the
    /// trail of one conversation it is told of that one who was first.
    fn of(
        &mut self,
        tx: &Transaction<'_>,
        kept: &Kept,
        on: &[MessageId],
        shown: Option<i64>,
    ) -> Result<(Option<String>, u64), StoreError> {
        let Some(Known::Assign { .. }) = kept.record.known() else { return Ok((None, 0)) };
        let mut first = None;
        let (mut count, mut folded) = (0, 0);
        let mut seen = BTreeSet::new();
        for message in on {
            let Some(number) = conversation_of(tx, message)? else { continue };
            if folded >= LOOKED_AT || !seen.insert(number) || !is_contested(tx, number, kept.seq)? {
                continue;
            }
            folded += 1;
            let Some(lost) = self.of_conversation(tx, kept.record.id, number)? else { continue };
            count += 1;
            if on.len() == 1 || shown == Some(number) {
                first = Some(lost.held_by.map_or_else(|| "nobody".to_owned(), |(who, _)| who.to_string()));
            }
        }
        Ok((first, count))
    }

    fn of_conversation(&mut self, tx: &Transaction<'_>, id: OpId, number: i64) -> Result<Option<Lost>, StoreError> {
        let losses = match self.0.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(fold_conversation(tx, number)?.1.state.lost),
        };
        Ok(losses.iter().find(|lost| lost.id == id).cloned())
    }
}

/// Tells whether others than this record gave the conversation to anybody: only then can a claim have come second.
fn is_contested(tx: &Transaction<'_>, conversation: i64, seq: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT 1 FROM member m CROSS JOIN target t ON t.message_id = m.message_id JOIN record r ON r.seq = t.record
         WHERE m.conversation = ?1 AND r.kind = 'assign' AND r.seq <> ?2 LIMIT 1",
    )?;
    Ok(find.exists(params![conversation, seq])?)
}

fn entry(
    tx: &Transaction<'_>,
    kept: &Kept,
    undone: bool,
    filter: &LogFilter,
    losses: &mut Losses,
) -> Result<LogEntry, StoreError> {
    let mut find = tx.prepare_cached("SELECT targets, json FROM record WHERE seq = ?1")?;
    let (touched, json): (i64, String) =
        find.query_row([kept.seq], |row| Ok((row.get(0)?, row.get(1)?))).optional()?.unwrap_or_default();
    let on: Vec<MessageId> =
        Record::parse(&json).map(|record| record.on.into_iter().map(|t| t.on).collect()).unwrap_or_default();
    let named: Vec<String> = on.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    let shown = match &filter.conversation {
        Some(id) => find_conversation(tx, id)?.map(|(number, _)| number),
        None => None,
    };
    let (lost_to, lost) = losses.of(tx, kept, &on, shown)?;
    let record = &kept.record;
    let touched = u64::try_from(touched).unwrap_or(0);
    // In the trail of one conversation the sentence speaks of that one.
    let count = if filter.conversation.is_some() { 1 } else { usize::try_from(touched).unwrap_or(usize::MAX) };
    Ok(LogEntry {
        id: record.id,
        batch: record.batch,
        account: SafeText::line_max(&kept.account, 64),
        actor: SafeText::line_max(record.actor.as_str(), 64),
        host: SafeText::line_max(&record.host, 255),
        at: record.at,
        kind: SafeText::line_max(record.op.name(), 64).to_string(),
        sentence: text::sentence(&with_names(tx, |names| describe::describe(record, count, names)), &say_moment),
        conversations: short_ids(tx, &named, NAMED_MAX)?,
        touched,
        on_server: kept.place.map(|place| u64::from(place.uid)),
        undone,
        lost_to,
        lost,
        operation: serde_json::to_value(&record.op).unwrap_or_default(),
    })
}

impl Store {
    /// Returns all targets of a record, each with the conversation that it is of by now; none where the record is not here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn log_targets(&self, id: OpId) -> Result<Vec<LogTarget>, StoreError> {
        self.read(|tx| {
            let Some(standing) = record::standing(tx, id)? else { return Ok(Vec::new()) };
            let on = record::whole(tx, standing.seq)?.map(|record| record.on).unwrap_or_default();
            let mut find = tx.prepare_cached(
                "SELECT c.id FROM member m CROSS JOIN conversation c ON c.rowid = m.conversation WHERE m.message_id = ?1",
            )?;
            on.into_iter()
                .map(|target| {
                    let id: Option<String> = find.query_row([target.on.as_str()], |row| row.get(0)).optional()?;
                    let conversation = id.map(ConversationId::from_kept);
                    Ok(LogTarget { conversation, target: serde_json::to_value(&target).unwrap_or_default() })
                })
                .collect()
        })
    }
}

#[cfg(test)]
#[path = "trail_tests.rs"]
mod tests;
