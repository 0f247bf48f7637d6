//! What is worked on next: chosen and claimed in one transaction, so that no two processes of a store get the same.
//!
//! A claim is a worker's lease with an assignment behind it, which older programs read too. Of two stores the first on the log has it.

use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};

use super::code::Code;
use super::commit::append_new;
use super::connection::Transaction;
use super::conversation::find;
use super::counts::unsigned;
use super::home::Homes;
use super::line::{Worker, read_worker};
use super::list::{anchor, row_by_number};
use super::record::parse_id;
use super::search::condition;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, OpId};
use crate::model::status::Status;
use crate::model::view::ConversationRow;
use crate::op::operation::{Expect, Known, Target};
use crate::op::record::NewOperation;
use crate::query::{Context, Query};

/// What comes into question, and how many are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// Which conversations.
    pub query: &'a Query,
    /// Who asks, and when.
    pub context: &'a Context,
    /// The teams whose conversations may be taken too.
    pub teams: &'a [Handle],
    /// At most so many.
    pub count: usize,
}

/// For whom conversations are taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What the worker calls itself, at most 255 characters.
    pub worker: String,
    /// When its lease ends by itself.
    pub until: Timestamp,
}

/// What was claimed here. Whether it stands is known once the log has it: see [`Store::claims_standing`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "look whether the claims stand once the log has them"]
pub struct Claimed {
    /// The conversations, those first whose customers have waited longest.
    pub ids: Vec<ConversationId>,
    records: Vec<OpId>,
}

/// What came of claiming one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "tell who has it"]
pub enum ClaimedOne {
    /// It is claimed.
    Done(Claimed),
    /// Somebody has it, a worker is at it, or somebody else is answering it: as it stands.
    Held(Box<ConversationRow>),
    /// It is not here.
    Gone,
}

/// What orders conversations: those with a customer who waits first, by how long; the others by their last activity.
type Key = (bool, i64, i64, String);

/// A conversation that may be claimed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Picked {
    key: Key,
    number: i64,
    assignee: Option<String>,
}

impl Picked {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let waiting: Option<i64> = row.get(1)?;
        let key = (waiting.is_none(), waiting.unwrap_or_default(), row.get(2)?, row.get(3)?);
        Ok(Self { key, number: row.get(0)?, assignee: row.get(4)? })
    }

    fn id(&self) -> ConversationId {
        ConversationId::from_kept(self.key.3.clone())
    }
}

/// What one holder has, walked through an index in the order in which it is handed out. Whoever waits comes first, so there are two walks.
const FREE: [&str; 2] = [
    "SELECT c.rowid, c.waiting_since, c.last_at, c.id, c.assignee FROM conversation c INDEXED BY conversation_workable_waits
     WHERE c.workable = 1 AND c.assignee IS ? AND c.waiting_since IS NOT NULL AND",
    "SELECT c.rowid, c.waiting_since, c.last_at, c.id, c.assignee FROM conversation c INDEXED BY conversation_workable_waits
     WHERE c.workable = 1 AND c.assignee IS ? AND c.waiting_since IS NULL AND",
];
const FREE_ORDER: [&str; 2] = ["ORDER BY c.waiting_since, c.last_at, c.id LIMIT ?", "ORDER BY c.last_at, c.id LIMIT ?"];

/// What workers left behind, whose leases ended by themselves.
const EXPIRED: &str = "SELECT c.rowid, c.waiting_since, c.last_at, c.id, c.assignee
     FROM conversation_worker w CROSS JOIN conversation c ON c.rowid = w.conversation
     WHERE w.at_work = 1 AND w.until <= ? AND";

/// Returns what of all that is free is wanted, and what of it nobody answers just now.
fn suitable(tx: &Transaction<'_>, wanted: &Wanted<'_>) -> Result<(String, Vec<Value>), StoreError> {
    let sql = condition(tx, wanted.query, wanted.context)?;
    let mut values = sql.values;
    values.push(Value::Text(wanted.context.me.to_string()));
    values.push(Value::Integer(wanted.context.now.0));
    let replying = "SELECT 1 FROM conversation_lease l WHERE l.conversation = c.rowid AND l.agent <> ? AND l.until > ?";
    Ok((format!("({}) AND c.workable = 1 AND NOT EXISTS ({replying})", sql.condition), values))
}

fn pick(tx: &Transaction<'_>, wanted: &Wanted<'_>) -> Result<Vec<Picked>, StoreError> {
    let (condition, values) = suitable(tx, wanted)?;
    let limit = Value::Integer(i64::try_from(wanted.count).unwrap_or(i64::MAX));
    let mut found: Vec<Picked> = Vec::new();
    let mut run = |sql: &str, first: Value| -> Result<usize, StoreError> {
        let before = found.len();
        let all = std::iter::once(first).chain(values.iter().cloned()).chain([limit.clone()]);
        let mut find = tx.prepare_cached(sql)?;
        for one in find.query_map(params_from_iter(all), Picked::read)? {
            found.push(one?);
        }
        Ok(found.len() - before)
    };
    let teams = wanted.teams.iter().map(|team| Value::Text(team.to_string()));
    for holder in std::iter::once(Value::Null).chain(teams) {
        for (free, order) in FREE.iter().zip(FREE_ORDER) {
            // Where enough wait, those on whom nobody does come behind all of them.
            if run(&format!("{free} {condition} {order}"), holder.clone())? == wanted.count {
                break;
            }
        }
    }
    let order = "ORDER BY c.waiting_since IS NULL, c.waiting_since, c.last_at, c.id LIMIT ?";
    let _ = run(&format!("{EXPIRED} {condition} {order}"), Value::Integer(wanted.context.now.0))?;
    found.sort();
    found.dedup();
    found.truncate(wanted.count);
    Ok(found)
}

/// Counts what [`pick`] picks from.
fn count(tx: &Transaction<'_>, wanted: &Wanted<'_>) -> Result<u64, StoreError> {
    let (condition, values) = suitable(tx, wanted)?;
    let (mut parts, mut all) = (Vec::new(), Vec::new());
    let teams = wanted.teams.iter().map(|team| Value::Text(team.to_string()));
    for holder in std::iter::once(Value::Null).chain(teams) {
        parts.push(format!(
            "SELECT c.rowid FROM conversation c WHERE c.workable = 1 AND c.assignee IS ? AND {condition}"
        ));
        all.extend(std::iter::once(holder).chain(values.iter().cloned()));
    }
    parts.push(format!(
        "SELECT c.rowid FROM conversation_worker w CROSS JOIN conversation c ON c.rowid = w.conversation
         WHERE w.at_work = 1 AND w.until <= ? AND {condition}"
    ));
    all.extend(std::iter::once(Value::Integer(wanted.context.now.0)).chain(values));
    // What a worker left behind may have become nobody's since: it counts once.
    let mut find = tx.prepare_cached(&format!("SELECT count(*) FROM ({})", parts.join(" UNION ")))?;
    Ok(unsigned(find.query_row(params_from_iter(all), |row| row.get(0))?))
}

/// Returns the operations that claim these for an agent: leases first, then the assignment.
fn claiming(
    tx: &Transaction<'_>,
    picked: &[Picked],
    claim: &Claim,
    me: &Handle,
) -> Result<(Vec<NewOperation>, Vec<ConversationId>), StoreError> {
    let lease = |over| Known::Lease { worker: claim.worker.clone(), until: claim.until, over };
    let (mut fresh, mut assigned, mut ids) = (Vec::new(), Vec::new(), Vec::new());
    let mut operations = Vec::new();
    for one in picked {
        let id = one.id();
        let Some(on) = anchor(tx, &id)? else { continue };
        let target = Target::on(on);
        match read_worker(tx, one.number)? {
            Some(before) => {
                operations.push(NewOperation::new(lease(Some(parse_id(&before.lease))), vec![target.clone()]));
            }
            None => fresh.push(target.clone()),
        }
        let now = one.assignee.as_deref().and_then(|who| Handle::new(who).ok());
        if now.as_ref() != Some(me) {
            assigned.push(Target { expect: Some(Expect::of(now.as_ref())), ..target });
        }
        ids.push(id);
    }
    if !fresh.is_empty() {
        operations.push(NewOperation::new(lease(None), fresh));
    }
    if !assigned.is_empty() {
        operations.push(NewOperation::new(Known::Assign { to: Some(me.clone()) }, assigned));
    }
    Ok((operations, ids))
}

/// Returns the operations by which a worker gives these back, to whoever had them.
fn returning(tx: &Transaction<'_>, numbers: &[i64], me: &Handle, now: Timestamp) -> Result<Returned, StoreError> {
    let mut back: Vec<(Option<Handle>, Vec<Target>)> = Vec::new();
    let mut returned = Returned { operations: Vec::new(), ids: Vec::new() };
    let mut id_of = tx.prepare_cached("SELECT id FROM conversation WHERE rowid = ?1")?;
    for number in numbers {
        let Some(Worker { lease, worker, before, .. }) = read_worker(tx, *number)? else { continue };
        let id = ConversationId::from_kept(id_of.query_row([number], |row| row.get::<_, String>(0))?);
        let Some(on) = anchor(tx, &id)? else { continue };
        let target = Target::on(on);
        let over = Some(parse_id(&lease));
        returned.operations.push(NewOperation::new(Known::Lease { worker, until: now, over }, vec![target.clone()]));
        let before = before.and_then(|who| Handle::new(&who).ok());
        let target = Target { expect: Some(Expect::of(Some(me))), ..target };
        match back.iter_mut().find(|(who, _)| *who == before) {
            Some((_, on)) => on.push(target),
            None => back.push((before, vec![target])),
        }
        returned.ids.push(id);
    }
    returned.operations.extend(back.into_iter().map(|(to, on)| NewOperation::new(Known::Assign { to }, on)));
    Ok(returned)
}

struct Returned {
    operations: Vec<NewOperation>,
    ids: Vec<ConversationId>,
}

/// Tells whether one conversation may be claimed by whoever asks: nobody has it, or a team of theirs, or a worker whose lease is over, or
/// themselves without another worker at it.
fn may_claim(row: &ConversationRow, worker: Option<&Worker>, wanted: &Wanted<'_>, claim: &Claim) -> bool {
    let me = &wanted.context.me;
    if row.replying.is_some() {
        return false;
    }
    match worker.filter(|worker| worker.at_work) {
        Some(worker) if worker.until <= wanted.context.now => true,
        Some(worker) => worker.agent == me.as_str() && worker.worker == claim.worker,
        None => row.assignee.as_ref().is_none_or(|who| who == me || wanted.teams.contains(who)),
    }
}

/// Tells whether the lease of this very worker is still at work, over or not.
fn may_renew(row: &ConversationRow, worker: Option<&Worker>, wanted: &Wanted<'_>, claim: &Claim) -> bool {
    let is_theirs = |worker: &Worker| worker.agent == wanted.context.me.as_str() && worker.worker == claim.worker;
    row.replying.is_none() && worker.is_some_and(|worker| worker.at_work && is_theirs(worker))
}

impl Store {
    /// Returns what would be handed out next, in order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn next_up(&self, wanted: &Wanted<'_>) -> Result<Vec<ConversationRow>, StoreError> {
        self.read(|tx| {
            let mut rows = Vec::new();
            for one in pick(tx, wanted)? {
                rows.extend(row_by_number(tx, one.number, wanted.context.now, &wanted.context.me)?);
            }
            Ok(rows)
        })
    }

    /// Returns how many conversations could be handed out now.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn next_count(&self, wanted: &Wanted<'_>) -> Result<u64, StoreError> {
        self.read(|tx| count(tx, wanted))
    }

    /// Returns how many conversations that workers of the agent took are dealt with since then, and still the agent's.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn dealt_with_since(&self, since: Timestamp) -> Result<u64, StoreError> {
        let me = &self.author().actor;
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT count(*) FROM conversation_worker w CROSS JOIN conversation c ON c.rowid = w.conversation
                 WHERE w.agent = ?1 AND w.at_work = 0 AND w.until >= ?2 AND c.assignee = ?1 AND c.status IN (?3, ?4)",
            )?;
            let by = params![me.as_str(), since.0, Code(Status::Waiting), Code(Status::Closed)];
            Ok(unsigned(find.query_row(by, |row| row.get(0))?))
        })
    }

    /// Chooses what is to be handed out and claims it, in one transaction. Claims nothing where nothing is free.
    ///
    /// # Errors
    /// When the store can't be written, and when the worker's name is too long.
    pub fn claim_next(&self, wanted: &Wanted<'_>, claim: &Claim) -> Result<Claimed, StoreError> {
        // Who waits for work asks again and again: to find none must not take the write lock.
        if self.read(|tx| Ok(pick(tx, wanted)?.is_empty()))? {
            return Ok(Claimed::default());
        }
        self.claim_picked(claim, |tx| pick(tx, wanted))
    }

    /// Claims one conversation, where it may be had. A lease of the same worker is renewed.
    ///
    /// # Errors
    /// As [`Store::claim_next`].
    pub fn claim_one(&self, id: &ConversationId, wanted: &Wanted<'_>, claim: &Claim) -> Result<ClaimedOne, StoreError> {
        self.claim_where(id, wanted, claim, |row, worker| may_claim(row, worker, wanted, claim))
    }

    /// Lengthens the lease of a worker that is at a conversation, also one that ended by itself: never of what was dealt with, given back or
    /// given away meanwhile.
    ///
    /// # Errors
    /// As [`Store::claim_next`].
    pub fn renew_one(&self, id: &ConversationId, wanted: &Wanted<'_>, claim: &Claim) -> Result<ClaimedOne, StoreError> {
        self.claim_where(id, wanted, claim, |row, worker| may_renew(row, worker, wanted, claim))
    }

    fn claim_where(
        &self,
        id: &ConversationId,
        wanted: &Wanted<'_>,
        claim: &Claim,
        may: impl Fn(&ConversationRow, Option<&Worker>) -> bool,
    ) -> Result<ClaimedOne, StoreError> {
        let Context { now, me, .. } = wanted.context;
        let mut held = None;
        let claimed = self.claim_picked(claim, |tx| {
            let Some((number, id)) = find(tx, id)? else { return Ok(Vec::new()) };
            let Some(row) = row_by_number(tx, number, *now, me)? else { return Ok(Vec::new()) };
            if !may(&row, read_worker(tx, number)?.as_ref()) {
                held = Some(Box::new(row));
                return Ok(Vec::new());
            }
            let assignee = row.assignee.map(|who| who.to_string());
            Ok(vec![Picked { key: (true, 0, 0, id.to_string()), number, assignee }])
        })?;
        Ok(match held {
            Some(row) => ClaimedOne::Held(row),
            None if claimed.ids.is_empty() => ClaimedOne::Gone,
            None => ClaimedOne::Done(claimed),
        })
    }

    fn claim_picked(
        &self,
        claim: &Claim,
        pick: impl FnOnce(&Transaction<'_>) -> Result<Vec<Picked>, StoreError>,
    ) -> Result<Claimed, StoreError> {
        let me = &self.author().actor;
        let (claimed, _, _) = self.change(|batch| {
            let (operations, ids) = claiming(batch.tx, &pick(batch.tx)?, claim, me)?;
            if let Some(over) = operations.iter().find(|new| !new.op.is_within_bounds()) {
                return Err(StoreError::TooLong(over.op.name()));
            }
            let operations = Homes::of(batch.tx, batch.team())?.split(operations)?;
            let records = append_new(batch, self.author(), operations)?;
            Ok(Claimed { ids, records: records.into_iter().map(|record| record.id).collect() })
        })?;
        Ok(claimed)
    }

    /// Returns which of the claims stand and which do not, each with the conversation as it stands by now: those that do not are another
    /// agent's or another worker's.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn claims_standing(&self, claimed: &Claimed) -> Result<Vec<(ConversationRow, bool)>, StoreError> {
        let (now, me) = (self.author().clock.now(), &self.author().actor);
        self.read(|tx| {
            let mut all = Vec::with_capacity(claimed.ids.len());
            for id in &claimed.ids {
                let Some((number, _)) = find(tx, id)? else { continue };
                let Some(row) = row_by_number(tx, number, now, me)? else { continue };
                let lease = read_worker(tx, number)?.map(|worker| parse_id(&worker.lease));
                let stands = row.assignee.as_ref() == Some(me) && lease.is_some_and(|id| claimed.records.contains(&id));
                all.push((row, stands));
            }
            Ok(all)
        })
    }

    /// Gives back what workers of the agent have: those of these conversations, or all that `worker` has. Each goes to whoever had it
    /// before. Returns what was given back.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn give_back(
        &self,
        ids: Option<&[ConversationId]>,
        worker: Option<&str>,
    ) -> Result<Vec<ConversationId>, StoreError> {
        let me = &self.author().actor;
        let (given, _, _) = self.change(|batch| {
            let mut find = batch.tx.prepare_cached(
                "SELECT w.conversation, w.worker, c.id FROM conversation_worker w CROSS JOIN conversation c
                     ON c.rowid = w.conversation
                 WHERE w.at_work = 1 AND w.agent = ?1 ORDER BY w.conversation",
            )?;
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?));
            let mut numbers = Vec::new();
            for found in find.query_map(params![me.as_str()], read)? {
                let (number, name, id) = found?;
                let is_asked = ids.is_none_or(|ids| ids.iter().any(|asked| asked.as_str() == id));
                if is_asked && worker.is_none_or(|worker| worker == name) {
                    numbers.push(number);
                }
            }
            let returned = returning(batch.tx, &numbers, me, batch.now)?;
            let operations = Homes::of(batch.tx, batch.team())?.split(returned.operations)?;
            let _ = append_new(batch, self.author(), operations)?;
            Ok(returned.ids)
        })?;
        Ok(given)
    }
}

#[cfg(test)]
#[path = "next_tests.rs"]
mod tests;
