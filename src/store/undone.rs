//! Which records are taken back, found out from numbers and ids alone: undos of undos can be a hundred thousand, and none of them is
//! read as a whole for it. Of a conversation with many undos the answer is kept, until something comes that can change it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use rusqlite::{Row, params};

use super::connection::Transaction;
use super::error::StoreError;
use super::log_merge::{Key, in_order};
use super::record::{self, Kept, order, parse_id};
use super::types::LogPlace;
use crate::model::ids::{Handle, OpId};
use crate::op::record::Record;
use crate::op::undo::{self, Step};

/// Of conversations with more undos than this the answer is kept; with fewer it costs less to find it again.
const FEW: usize = if cfg!(test) { 2 } else { 32 };

#[cfg(test)]
thread_local! {
    /// Records read by their numbers, and undos read without their texts: what the work is measured by.
    pub(super) static READ: std::cell::Cell<(usize, usize)> = const { std::cell::Cell::new((0, 0)) };
}

/// A record as far as it decides what counts.
#[derive(Debug)]
pub(super) struct Link {
    pub seq: i64,
    pub step: Step,
    account: String,
    place: Option<LogPlace>,
    local: i64,
    lamport: u64,
}

impl Link {
    fn of(kept: &Kept) -> Self {
        let Kept { seq, place, local, .. } = *kept;
        let step = Step::of(&kept.record);
        Self { seq, step, account: kept.account.clone(), place, local, lamport: kept.record.lamport }
    }

    fn key(&self) -> Key<'_> {
        let id = self.step.id;
        Key { order: order(self.place, self.local, id), account: &self.account, lamport: self.lamport, id }
    }
}

const COLUMNS: &str =
    "r.seq, r.id, r.batch, r.undoes, r.account, r.epoch, r.validity, r.uid, r.idx, r.local, r.lamport";

fn read_link(row: &Row<'_>) -> rusqlite::Result<Link> {
    #[cfg(test)]
    READ.with(|read| read.set((read.get().0, read.get().1 + 1)));
    let id = |column: usize| -> rusqlite::Result<Option<OpId>> {
        Ok(row.get_ref(column)?.as_str_or_null().ok().flatten().map(parse_id))
    };
    let place = match row.get(5)? {
        Some(epoch) => Some(LogPlace { epoch, validity: row.get(6)?, uid: row.get(7)?, index: row.get(8)? }),
        None => None,
    };
    Ok(Link {
        seq: row.get(0)?,
        // Undos can be taken back, and of the others only the order is asked.
        step: Step { id: id(1)?.unwrap_or_else(|| parse_id("")), batch: id(2)?, undoes: id(3)?, undoable: true },
        account: row.get(4)?,
        place,
        local: row.get(9)?,
        lamport: u64::try_from(row.get::<_, i64>(10)?).unwrap_or(0),
    })
}

fn put_in_order(links: &mut [Link]) {
    in_order(links, Link::key);
}

fn judge(links: &[Link]) -> Vec<bool> {
    undo::active_steps(&links.iter().map(|link| link.step).collect::<Vec<_>>())
}

/// Returns which of the records with these numbers count, undos of undos considered; in the order of the fold.
pub(super) fn with_active(tx: &Transaction<'_>, seqs: &BTreeSet<i64>) -> Result<Vec<(Kept, bool)>, StoreError> {
    let (links, mut asked) = with_undos(tx, seqs)?;
    let active = judge(&links);
    Ok(links.iter().zip(active).filter_map(|(link, active)| Some((asked.remove(&link.seq)?, active))).collect())
}

/// Returns which of these records counts, the last one that does, from each place of a log on at which one of them or of the undos that
/// matter to them stands: judged by what stands up to there. `None` where none does. Records without a place say nothing here.
pub(super) fn last_at_each_place(
    tx: &Transaction<'_>,
    seqs: &BTreeSet<i64>,
) -> Result<Vec<(LogPlace, Option<Kept>)>, StoreError> {
    let (mut links, asked) = with_undos(tx, seqs)?;
    links.retain(|link| link.place.is_some());
    let mut all = Vec::with_capacity(links.len());
    for (at, place) in links.iter().enumerate().filter_map(|(at, link)| Some((at, link.place?))) {
        let below = links.get(..=at).unwrap_or_default();
        let counts = below.iter().zip(judge(below)).rev();
        let last = counts.filter(|(_, active)| *active).find_map(|(link, _)| asked.get(&link.seq));
        all.push((place, last.cloned()));
    }
    Ok(all)
}

/// Returns the records with these numbers and all undos that matter to them, as links in the order of the fold; and the records.
fn with_undos(tx: &Transaction<'_>, seqs: &BTreeSet<i64>) -> Result<(Vec<Link>, HashMap<i64, Kept>), StoreError> {
    let mut asked: HashMap<i64, Kept> = HashMap::with_capacity(seqs.len());
    let mut links = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if let Some(kept) = record::by_seq(tx, *seq)? {
            links.push(Link::of(&kept));
            asked.insert(*seq, kept);
        }
    }
    let mut here: HashSet<i64> = asked.keys().copied().collect();
    let mut find = tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM record n INDEXED BY record_undoes CROSS JOIN record r INDEXED BY record_undo ON r.seq = n.seq
         WHERE n.undoes = ?1 AND r.undoes IS NOT NULL"
    ))?;
    // Who undid it is asked once of each id, however many records and undos bear it.
    let mut names: HashSet<OpId> = HashSet::new();
    let mut at = 0;
    while let Some(link) = links.get(at) {
        at += 1;
        let Step { id, batch, .. } = link.step;
        for name in [Some(id), batch].into_iter().flatten().filter(|name| names.insert(*name)) {
            let mut rows = find.query([name.to_string()])?;
            while let Some(row) = rows.next()? {
                if here.insert(row.get(0)?) {
                    links.push(read_link(row)?);
                }
            }
        }
    }
    put_in_order(&mut links);
    Ok((links, asked))
}

/// What is to be asked of undos: a bulk folds thousands of conversations, of which few have any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Undos {
    /// Nobody ever took anything back.
    None,
    /// Some did, and what they took back is kept of no conversation.
    NoneKept,
    /// It may be kept of some.
    SomeKept,
}

impl Undos {
    pub(super) fn of(tx: &Transaction<'_>) -> Result<Self, StoreError> {
        let any = "SELECT EXISTS (SELECT 1 FROM undo_target), EXISTS (SELECT 1 FROM undone)";
        Ok(tx.query_row(any, [], |row| {
            Ok(match (row.get(0)?, row.get(1)?) {
                (false, _) => Self::None,
                (true, false) => Self::NoneKept,
                (true, true) => Self::SomeKept,
            })
        })?)
    }
}

/// What undos do in a conversation.
#[derive(Debug, Default)]
pub(super) struct Judged {
    /// The records that are taken back, undos left out, each with the last undo that names it.
    pub undone: HashMap<i64, i64>,
    /// Whether any of its undos is on no log.
    pub waits: bool,
    /// Where each record stands among all, undos among them, where records of several logs meet: those of one log then stand among those
    /// of another by what the undos have counted. What came since and is on no log stands behind them.
    places: Option<HashMap<i64, i64>>,
    /// How many undos were looked at for it; 0 where it was known.
    looked: usize,
}

/// Says what undos do to these records of a conversation, which must be all of it but the undos: as it is kept, or found out.
pub(super) fn judged(
    tx: &Transaction<'_>,
    conversation: i64,
    records: &[(Rc<Kept>, Record)],
    undos: Undos,
) -> Result<Judged, StoreError> {
    match undos {
        Undos::None => return Ok(Judged::default()),
        Undos::NoneKept => return found(tx, conversation, records),
        Undos::SomeKept => {}
    }
    let mut find = tx.prepare_cached("SELECT record, named_by, at FROM undone WHERE conversation = ?1")?;
    let mut rows = find.query([conversation])?;
    let (mut undone, mut places) = (HashMap::new(), HashMap::new());
    let mut is_kept = false;
    while let Some(row) = rows.next()? {
        let record: i64 = row.get(0)?;
        is_kept |= record == 0;
        undone.extend(row.get::<_, Option<i64>>(1)?.map(|by| (record, by)));
        places.extend(row.get::<_, Option<i64>>(2)?.map(|at| (record, at)));
    }
    if !is_kept {
        return found(tx, conversation, records);
    }
    let places = (!places.is_empty()).then_some(places);
    Ok(Judged { undone, waits: has_unplaced(tx, conversation)?, places, looked: 0 })
}

/// As [`judged`], found out whatever is kept.
pub(super) fn found(
    tx: &Transaction<'_>,
    conversation: i64,
    records: &[(Rc<Kept>, Record)],
) -> Result<Judged, StoreError> {
    let mut links = undos(tx, conversation)?;
    if links.is_empty() {
        return Ok(Judged::default());
    }
    let looked = links.len();
    let waits = links.iter().any(|link| link.place.is_none());
    links.extend(records.iter().map(|(kept, _)| Link::of(kept)));
    put_in_order(&mut links);
    let mut named: HashMap<OpId, (usize, i64)> = HashMap::new();
    for (at, link) in links.iter().enumerate() {
        if let Some(of) = link.step.undoes {
            named.insert(of, (at, link.seq));
        }
    }
    let last = |step: &Step| {
        let by_batch = step.batch.and_then(|batch| named.get(&batch));
        named.get(&step.id).max(by_batch).map_or(0, |(_, seq)| *seq)
    };
    let active = judge(&links);
    let taken = links.iter().zip(active).filter(|(link, active)| !active && link.step.undoes.is_none());
    let undone = taken.map(|(link, _)| (link.seq, last(&link.step))).collect();
    let placed = |link: &&Link| link.place.is_some();
    let first = links.iter().find(placed).map(|link| &link.account);
    let meet = links.iter().filter(placed).any(|link| Some(&link.account) != first);
    let others = links.iter().zip(0..).filter(|(link, _)| link.step.undoes.is_none());
    let places = meet.then(|| others.map(|(link, at)| (link.seq, at)).collect());
    Ok(Judged { undone, waits, places, looked })
}

impl PartialEq for Judged {
    fn eq(&self, other: &Self) -> bool {
        (&self.undone, self.waits) == (&other.undone, other.waits)
    }
}

impl Judged {
    /// Puts the records of the conversation into the order of the fold.
    pub(super) fn put_in_order(&self, records: &mut [(Rc<Kept>, Record)]) {
        if let Some(places) = &self.places {
            records.sort_by_key(|(kept, _)| places.get(&kept.seq).copied().unwrap_or(i64::MAX));
        }
    }

    /// Keeps this of a conversation, where finding it again would cost more. Tells whether it is so.
    pub(super) fn keep(&self, tx: &Transaction<'_>, conversation: i64) -> Result<bool, StoreError> {
        if self.looked <= FEW {
            return Ok(false);
        }
        let mut insert =
            tx.prepare_cached("INSERT INTO undone (conversation, record, named_by, at) VALUES (?1, ?2, ?3, ?4)")?;
        let empty = HashMap::new();
        let places = self.places.as_ref().unwrap_or(&empty);
        let records: BTreeSet<i64> = self.undone.keys().chain(places.keys()).chain([&0]).copied().collect();
        for record in records {
            insert.execute(params![conversation, record, self.undone.get(&record), places.get(&record)])?;
        }
        Ok(true)
    }

    /// Returns who last took back each of these records that is taken back.
    pub(super) fn who(
        &self,
        tx: &Transaction<'_>,
        records: &[(Rc<Kept>, Record)],
        cache: &mut HashMap<i64, Rc<Kept>>,
    ) -> Result<HashMap<OpId, Handle>, StoreError> {
        let mut who = HashMap::with_capacity(self.undone.len());
        for (kept, record) in records {
            let Some(by) = self.undone.get(&kept.seq) else { continue };
            let undo = record::cached(tx, *by, cache)?;
            who.extend(undo.map(|undo| (record.id, undo.record.actor.clone())));
        }
        Ok(who)
    }
}

/// Forgets what is kept of a conversation.
pub(super) fn forget(tx: &Transaction<'_>, conversation: i64) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM undone WHERE conversation = ?1")?.execute([conversation])?;
    Ok(())
}

/// Returns the undos with a target in a conversation, in no order.
fn undos(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<Link>, StoreError> {
    read_links(
        tx,
        &format!(
            "SELECT {COLUMNS} FROM member m CROSS JOIN undo_target t ON t.message_id = m.message_id
                 CROSS JOIN record r INDEXED BY record_undo ON r.seq = t.record
             WHERE m.conversation = ?1 AND r.undoes IS NOT NULL"
        ),
        conversation,
    )
}

fn read_links(tx: &Transaction<'_>, sql: &str, conversation: i64) -> Result<Vec<Link>, StoreError> {
    let mut find = tx.prepare_cached(sql)?;
    let mut rows = find.query([conversation])?;
    let mut seen: HashSet<i64> = HashSet::new();
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        // One with several targets here comes several times.
        if seen.insert(row.get(0)?) {
            links.push(read_link(row)?);
        }
    }
    Ok(links)
}

/// Returns all records with a target in a conversation, undos among them, in the order of the fold.
pub(super) fn links(tx: &Transaction<'_>, conversation: i64) -> Result<Vec<Link>, StoreError> {
    let mut all = undos(tx, conversation)?;
    all.append(&mut read_links(
        tx,
        &format!(
            "SELECT {COLUMNS} FROM member m CROSS JOIN target t ON t.message_id = m.message_id
                 CROSS JOIN record r ON r.seq = t.record WHERE m.conversation = ?1"
        ),
        conversation,
    )?);
    put_in_order(&mut all);
    Ok(all)
}

/// Tells whether an undo with a target in a conversation has no place on its log. Those are few, however many undos there are.
pub(super) fn has_unplaced(tx: &Transaction<'_>, conversation: i64) -> Result<bool, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM record r INDEXED BY record_undo_waiting CROSS JOIN member m
                            CROSS JOIN undo_target t ON t.message_id = m.message_id AND t.record = r.seq
                        WHERE r.undoes IS NOT NULL AND r.epoch IS NULL AND m.conversation = ?1)",
    )?;
    Ok(find.query_row([conversation], |row| row.get(0))?)
}

#[cfg(test)]
#[path = "undone_tests.rs"]
mod tests;
