//! What hooks are run for: events are gathered from the log and from new mail behind a cursor, wait until they stand, and are run once.
//!
//! An event of a record waits until the log has the record, and is dropped where that lost or was taken back. One that is to be run once in
//! the team waits for its claim: a record of its own, of which the first on the log counts. It is noted as being run before it is run, so
//! that whenever a process ends, no event is run twice.

use rusqlite::{OptionalExtension, params};

use super::batch::{Batch, conversation_of};
use super::code::Code;
use super::commit::append_new;
use super::connection::Transaction;
use super::facts::{hash, message_id};
use super::home::Homes;
use super::ingest::import;
use super::list::row_by_number;
use super::record::{self, Kept};
use super::refold::fold_conversation;
use super::search::condition_for_one;
use super::{Store, StoreError, undone};
use crate::model::clock::Timestamp;
use crate::model::hook::{Hook, HookEvent, Once};
use crate::model::ids::{Handle, MessageId, OpId};
use crate::model::message::{Direction, Origin};
use crate::model::phrase::Phrase;
use crate::model::status::Status;
use crate::model::view::ConversationRow;
use crate::op::holder;
use crate::op::operation::{Known, Target};
use crate::op::record::{NewOperation, Record};
use crate::query::{self, Context};

/// Events older than this, in milliseconds, are run by no hook: whoever starts after a holiday is not told of all of it.
pub const HOOK_AGE_MAX: i64 = Timestamp::DAY;
/// The most events that wait for one hook; of more, the oldest are left out.
pub const HOOK_BACKLOG_MAX: usize = 1000;
/// The most failures that are kept of one hook.
const FAILURES_MAX: i64 = 100;
/// The kind of doing that claims of hooks name.
const WHAT: &str = "hook";

const WAITS: i64 = 0;
const CLAIMED: i64 = 1;
const RUNS: i64 = 2;
const FAILED: i64 = 3;

/// An event that a hook is to be run for.
#[derive(Clone, Debug)]
pub struct HookDue {
    n: i64,
    /// The hook's name.
    pub hook: String,
    /// What happened.
    pub event: HookEvent,
    /// To which conversation, as it is now.
    pub row: ConversationRow,
    /// The mail that came; `None` where it is of a record.
    pub message: Option<MessageId>,
    /// Who did it; `None` where a mail came.
    pub actor: Option<Handle>,
    /// When, by the clock of whoever did it.
    pub at: Timestamp,
    /// The operation; `None` where a mail came.
    pub operation: Option<serde_json::Value>,
}

/// What came of a look at the events.
#[derive(Debug, Default)]
pub struct HookLook {
    /// To be run now, in their order.
    pub due: Vec<HookDue>,
    /// Whether a claim was made that is to be brought to the log.
    pub claimed: bool,
}

/// A hook that failed and did not succeed since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFailure {
    /// The hook's name.
    pub hook: String,
    /// For how many events, a hundred at most.
    pub events: u32,
    /// Why the last one failed.
    pub reason: Phrase,
    /// When that happened.
    pub at: Timestamp,
}

/// An event as it is kept.
struct Waiting {
    n: i64,
    hook: String,
    event: Option<HookEvent>,
    record: Option<i64>,
    message: MessageId,
    at: Timestamp,
    claim: Option<OpId>,
}

/// What becomes of an event now.
enum Verdict {
    /// It is none, or none any more.
    Drop,
    /// The log does not have what it is of, or its claim.
    Wait,
    Claim,
    Run(Box<HookDue>),
}

impl Store {
    /// Gathers what happened since the last time, for these hooks. Events begin when the first hook is configured. Returns how many events
    /// were left out because too many wait.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn gather_hooks(&self, hooks: &[Hook]) -> Result<u64, StoreError> {
        let now = self.author().clock.now();
        let (records, messages) = self.read(|tx| Ok((cursor(tx, "record")?, cursor(tx, "message")?)))?;
        let ends = self.read(|tx| Ok((last(tx, "record")?, last(tx, "message")?)))?;
        if hooks.is_empty() {
            if records.or(messages).is_some() {
                self.write(|tx| Ok(tx.execute_batch("DELETE FROM hook_cursor; DELETE FROM hook_event")?))?;
            }
            return Ok(0);
        }
        if (records, messages) == (Some(ends.0), Some(ends.1)) {
            return Ok(0);
        }
        let oldest = now.0.saturating_sub(HOOK_AGE_MAX);
        self.write(|tx| {
            if let Some(behind) = records {
                gather_records(tx, hooks, behind, oldest)?;
            }
            if let Some(behind) = messages {
                gather_messages(tx, hooks, behind, oldest)?;
            }
            for (source, end) in [("record", last(tx, "record")?), ("message", last(tx, "message")?)] {
                tx.execute("INSERT OR REPLACE INTO hook_cursor (source, last) VALUES (?1, ?2)", params![source, end])?;
            }
            leave_out(tx, hooks)
        })
    }

    /// Looks what of the events that wait is to be run now, makes the claims that are needed first, and drops what is none any more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn look_at_hooks(&self, hooks: &[Hook], context: &Context) -> Result<HookLook, StoreError> {
        let mut look = HookLook::default();
        let waiting = self.read(waiting)?;
        for event in &waiting {
            match self.read(|tx| judge(tx, event, hooks, context))? {
                Verdict::Wait => {}
                Verdict::Drop => {
                    self.write(|tx| Ok(tx.execute("DELETE FROM hook_event WHERE n = ?1", [event.n])?))?;
                }
                Verdict::Claim => {
                    self.change(|batch| claim(batch, event))?;
                    look.claimed = true;
                }
                Verdict::Run(due) => look.due.push(*due),
            }
        }
        Ok(look)
    }

    /// Notes that an event is being run: from now on it is not run again, whatever happens. Returns `false` where it was run meanwhile.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn begin_hook(&self, due: &HookDue) -> Result<bool, StoreError> {
        self.write_durable(|tx| {
            let begun = tx.execute(
                "UPDATE hook_event SET state = ?2 WHERE n = ?1 AND state IN (?3, ?4)",
                params![due.n, RUNS, WAITS, CLAIMED],
            )?;
            Ok(begun == 1)
        })
    }

    /// Notes how it ended. Where it ended well, earlier failures of the hook are over.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn end_hook(&self, due: &HookDue, failed: Option<&Phrase>) -> Result<(), StoreError> {
        let now = self.author().clock.now();
        self.write(|tx| match failed {
            None => {
                tx.execute("DELETE FROM hook_event WHERE n = ?1", [due.n])?;
                tx.execute("DELETE FROM hook_event WHERE hook = ?1 AND state = ?2", params![due.hook, FAILED])?;
                Ok(())
            }
            Some(why) => fail(tx, "n = ?4", due.n, why, now),
        })
    }

    /// Notes as failed what was being run when a process ended. Whoever calls it runs the hooks alone.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn hooks_were_interrupted(&self) -> Result<(), StoreError> {
        let any = self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM hook_event WHERE state = ?1)")?;
            Ok(find.query_row([RUNS], |row| row.get::<_, bool>(0))?)
        })?;
        if !any {
            return Ok(());
        }
        let now = self.author().clock.now();
        self.write(|tx| fail(tx, "state = ?4", RUNS, &phrase!("hook-interrupted"), now))
    }

    /// Returns the hooks that failed and did not succeed since, by name.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn hook_failures(&self) -> Result<Vec<HookFailure>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                // With max(n) the other columns are those of that row.
                "SELECT hook, count(*), reason, at, max(n) FROM hook_event WHERE state = ?1 GROUP BY hook ORDER BY hook",
            )?;
            let mut rows = find.query([FAILED])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let reason: String = row.get(2)?;
                all.push(HookFailure {
                    hook: row.get(0)?,
                    events: row.get(1)?,
                    reason: serde_json::from_str(&reason).unwrap_or_else(|_| Phrase::said(reason)),
                    at: Timestamp(row.get(3)?),
                });
            }
            Ok(all)
        })
    }
}

fn cursor(tx: &Transaction<'_>, source: &str) -> Result<Option<i64>, StoreError> {
    let mut find = tx.prepare_cached("SELECT last FROM hook_cursor WHERE source = ?1")?;
    Ok(find.query_row([source], |row| row.get(0)).optional()?)
}

/// Returns the number of the newest row of one of the two sources.
fn last(tx: &Transaction<'_>, source: &str) -> Result<i64, StoreError> {
    let sql = if source == "record" { "SELECT max(seq) FROM record" } else { "SELECT max(id) FROM message" };
    Ok(tx.prepare_cached(sql)?.query_row([], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0))
}

/// Returns for what of the events a record counts.
fn events_of(op: &Known) -> Vec<HookEvent> {
    match op {
        Known::Assign { to: Some(_) } => vec![HookEvent::Assigned],
        Known::SetStatus { to: Status::Closed } => vec![HookEvent::Closed],
        Known::Replied { then: Some(Status::Closed), .. } => vec![HookEvent::Sent, HookEvent::Closed],
        Known::Replied { .. } => vec![HookEvent::Sent],
        Known::Note { mentions, .. } | Known::EditNote { mentions, .. } if !mentions.is_empty() => {
            vec![HookEvent::Mention]
        }
        _ => Vec::new(),
    }
}

fn gather_records(tx: &Transaction<'_>, hooks: &[Hook], behind: i64, oldest: i64) -> Result<(), StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT seq, json FROM record WHERE seq > ?1 AND at >= ?2
             AND kind IN ('assign', 'set-status', 'replied', 'note', 'edit-note') ORDER BY seq",
    )?;
    let mut rows = find.query(params![behind, oldest])?;
    while let Some(row) = rows.next()? {
        let (seq, json): (i64, String) = (row.get(0)?, row.get(1)?);
        let Ok(record) = Record::parse(&json) else { continue };
        if import::is_of_import(&record) {
            continue;
        }
        for event in record.known().map(events_of).unwrap_or_default() {
            for hook in hooks.iter().filter(|hook| hook.on.contains(&event)) {
                for target in record.on.iter().rev().take(HOOK_BACKLOG_MAX).rev() {
                    put(tx, hook, event, Some(seq), target.on.as_str(), record.at.0)?;
                }
            }
        }
    }
    Ok(())
}

fn gather_messages(tx: &Transaction<'_>, hooks: &[Hook], behind: i64, oldest: i64) -> Result<(), StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT message_id, arrived FROM message WHERE id > ?1 AND arrived >= ?2 AND direction = ?3 AND origin = ?4
             AND history = 0 AND hidden = 0 AND copy = 0 ORDER BY id",
    )?;
    let human = params![behind, oldest, Code(Direction::Inbound), Code(Origin::Human)];
    let found = find.query_map(human, |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (message, arrived) in found.collect::<Result<Vec<(String, i64)>, _>>()? {
        if import::came_dealt_with(tx, &message_id(&message))? {
            continue;
        }
        for hook in hooks.iter().filter(|hook| hook.on.contains(&HookEvent::New)) {
            put(tx, hook, HookEvent::New, None, &message, arrived)?;
        }
    }
    Ok(())
}

fn put(
    tx: &Transaction<'_>,
    hook: &Hook,
    event: HookEvent,
    record: Option<i64>,
    message: &str,
    at: i64,
) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT INTO hook_event (hook, event, record, message_id, at) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![hook.name, event.name(), record, message, at])?;
    Ok(())
}

/// Leaves the oldest out where too many wait. Returns how many.
fn leave_out(tx: &Transaction<'_>, hooks: &[Hook]) -> Result<u64, StoreError> {
    let mut left_out = 0;
    for hook in hooks {
        left_out += tx.execute(
            "DELETE FROM hook_event WHERE hook = ?1 AND state IN (?2, ?3) AND n <= (
                 SELECT n FROM hook_event WHERE hook = ?1 AND state IN (?2, ?3) ORDER BY n DESC LIMIT 1 OFFSET ?4)",
            params![hook.name, WAITS, CLAIMED, i64::try_from(HOOK_BACKLOG_MAX).unwrap_or(i64::MAX)],
        )?;
    }
    Ok(u64::try_from(left_out).unwrap_or(u64::MAX))
}

fn waiting(tx: &Transaction<'_>) -> Result<Vec<Waiting>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT n, hook, event, record, message_id, at, claim FROM hook_event WHERE state IN (?1, ?2) ORDER BY n",
    )?;
    let found = find.query_map([WAITS, CLAIMED], |row| {
        Ok(Waiting {
            n: row.get(0)?,
            hook: row.get(1)?,
            event: HookEvent::named(row.get_ref(2)?.as_str().unwrap_or_default()),
            record: row.get(3)?,
            message: super::facts::message_id(&row.get::<_, String>(4)?),
            at: Timestamp(row.get(5)?),
            claim: row.get::<_, Option<String>>(6)?.as_deref().map(record::parse_id),
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

fn judge(tx: &Transaction<'_>, waiting: &Waiting, hooks: &[Hook], context: &Context) -> Result<Verdict, StoreError> {
    let hook = hooks.iter().find(|hook| hook.name == waiting.hook);
    let (Some(hook), Some(event)) = (hook, waiting.event) else { return Ok(Verdict::Drop) };
    if waiting.at.0 < context.now.0.saturating_sub(HOOK_AGE_MAX) {
        return Ok(Verdict::Drop);
    }
    let Some(number) = conversation_of(tx, &waiting.message)? else { return Ok(Verdict::Drop) };
    let kept = match waiting.record {
        None => None,
        Some(seq) => match stands(tx, seq, number)? {
            Stands::Not => return Ok(Verdict::Drop),
            Stands::Unknown => return Ok(Verdict::Wait),
            Stands::Yes(kept) => Some(kept),
        },
    };
    if !answers(tx, hook, number, context)? {
        return Ok(Verdict::Drop);
    }
    let Some(row) = row_by_number(tx, number, context.now, &context.me)? else { return Ok(Verdict::Drop) };
    if event == HookEvent::Closed && row.status != Status::Closed {
        return Ok(Verdict::Drop);
    }
    if hook.once == Once::Team {
        let key = key_of(waiting, kept.as_ref().map(|kept| kept.record.id));
        match (claimed_by(tx, &key)?, waiting.claim) {
            (Some(first), Some(own)) if first == own => {}
            (Some(_), _) => return Ok(Verdict::Drop),
            (None, Some(_)) => return Ok(Verdict::Wait),
            (None, None) => return Ok(Verdict::Claim),
        }
    }
    let message = kept.is_none().then(|| waiting.message.clone());
    let record = kept.map(|kept| kept.record);
    Ok(Verdict::Run(Box::new(HookDue {
        n: waiting.n,
        hook: hook.name.clone(),
        event,
        row,
        message,
        actor: record.as_ref().map(|record| record.actor.clone()),
        at: waiting.at,
        operation: record.map(|record| serde_json::to_value(&record.op).unwrap_or_default()),
    })))
}

/// Whether a record counts.
enum Stands {
    Yes(Box<Kept>),
    Not,
    /// Its log does not have it yet.
    Unknown,
}

fn stands(tx: &Transaction<'_>, seq: i64, number: i64) -> Result<Stands, StoreError> {
    let active = undone::with_active(tx, &[seq].into_iter().collect())?;
    let Some((kept, true)) = active.into_iter().next() else { return Ok(Stands::Not) };
    if kept.place.is_none() {
        return Ok(Stands::Unknown);
    }
    let is_claim = matches!(kept.record.known(), Some(Known::Assign { .. }));
    if is_claim && fold_conversation(tx, number)?.1.state.lost.iter().any(|lost| lost.id == kept.record.id) {
        return Ok(Stands::Not);
    }
    Ok(Stands::Yes(Box::new(kept)))
}

/// Tells whether a conversation answers the query of a hook. A query that can't be read, which the config refuses, finds nothing.
fn answers(tx: &Transaction<'_>, hook: &Hook, number: i64, context: &Context) -> Result<bool, StoreError> {
    if hook.query.is_empty() {
        return Ok(true);
    }
    let Ok(query) = query::parse(&hook.query) else { return Ok(false) };
    let mut sql = condition_for_one(tx, &query, context)?;
    sql.values.push(rusqlite::types::Value::Integer(number));
    let asked = format!("SELECT EXISTS (SELECT 1 FROM conversation c WHERE ({}) AND c.rowid = ?)", sql.condition);
    Ok(tx.prepare_cached(&asked)?.query_row(rusqlite::params_from_iter(sql.values), |row| row.get(0))?)
}

/// Returns what all clients call this event of this hook.
fn key_of(waiting: &Waiting, record: Option<OpId>) -> String {
    let of = record.map_or_else(String::new, |id| id.to_string());
    let event = waiting.event.map_or("", HookEvent::name);
    format!("{} {event} {of} {:016x}", waiting.hook, hash(&[waiting.message.as_str()]))
}

/// Returns the record that has claimed the event, by what is on the logs.
fn claimed_by(tx: &Transaction<'_>, key: &str) -> Result<Option<OpId>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT json FROM record WHERE kind = 'claim' AND json_extract(op, '$.key') = ?1 AND epoch IS NOT NULL
         ORDER BY account, epoch, uid, idx, id",
    )?;
    let records = find.query_map([key], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let records: Vec<Record> = records.iter().filter_map(|json| Record::parse(json).ok()).collect();
    Ok(holder::claimant(&records, WHAT, key).map(|record| record.id))
}

/// Claims an event on the log of the account in which the conversation lies.
fn claim(batch: &mut Batch<'_>, waiting: &Waiting) -> Result<(), StoreError> {
    let of = match waiting.record {
        Some(seq) => record::by_seq(batch.tx, seq)?.map(|kept| kept.record.id),
        None => None,
    };
    let op = Known::Claim { what: WHAT.to_owned(), key: key_of(waiting, of), over: None };
    let there = vec![NewOperation::new(op, vec![Target::on(waiting.message.clone())])];
    let mut ops = Homes::of(batch.tx, batch.team())?.split(there)?;
    // It is about no conversation: the account is what was wanted of the target.
    ops.iter_mut().for_each(|(_, op)| op.on.clear());
    let author = batch.author;
    let made = append_new(batch, author, ops)?;
    let claim = made.first().map(|record| record.id.to_string());
    batch.tx.execute(
        "UPDATE hook_event SET state = ?2, claim = ?3 WHERE n = ?1 AND state = ?4",
        params![waiting.n, CLAIMED, claim, WAITS],
    )?;
    Ok(())
}

/// Notes events as failed, and forgets old failures over the bound. `which` names its value as `?4`.
fn fail(tx: &Transaction<'_>, which: &str, value: i64, why: &Phrase, now: Timestamp) -> Result<(), StoreError> {
    let reason = serde_json::to_string(why).unwrap_or_default();
    let sql = format!("UPDATE hook_event SET state = ?1, reason = ?2, at = ?3 WHERE {which}");
    tx.execute(&sql, params![FAILED, reason, now.0, value])?;
    tx.execute(
        "DELETE FROM hook_event WHERE state = ?1 AND n IN (
             SELECT n FROM (SELECT n, row_number() OVER (PARTITION BY hook ORDER BY n DESC) AS nth FROM hook_event
                            WHERE state = ?1) WHERE nth > ?2)",
        params![FAILED, FAILURES_MAX],
    )?;
    Ok(())
}

#[cfg(test)]
#[path = "hook_tests.rs"]
mod tests;
