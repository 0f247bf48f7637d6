//! Queries that are watched: what enters, changes and leaves, as events that are kept until whoever watches has read them.
//!
//! Every commit numbers the conversations that it touched, while anybody watches. A look reads those behind the last look, asks the query
//! about each, compares with what answered before, and writes events: all in one transaction. So whoever reads events behind a cursor finds
//! each once, whenever a process ended. An idle watch reads one row.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params, params_from_iter};

use super::batch::Batch;
use super::connection::Transaction;
use super::facts::hash;
use super::list::row_by_id;
use super::search::{condition, condition_for_one};
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::view::ConversationRow;
use crate::query::{Context, Query};

/// So many conversations are looked at by one transaction.
const PORTION: usize = 500;
/// The most events of one watch, and how long they are kept, in milliseconds: a cursor in front of them is not known any more.
const EVENTS_MAX: i64 = 100_000;
/// How long events are kept, and a watch that nobody uses.
const KEPT_FOR: i64 = 30 * Timestamp::DAY;
/// The most watches of one store: of more, those go that were not used for longest.
const WATCHES_MAX: i64 = 100;

/// What became of a conversation in a watched query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The watch begins; of no conversation.
    Begins,
    /// It answers the query, and did not before.
    Enters,
    /// It answers it still, and what lists show of it is something else.
    Changes,
    /// It does not answer it any more, or is none any more.
    Leaves,
}

impl Happening {
    /// Returns its name in JSON, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Self::Begins => "begins",
            Self::Enters => "enters",
            Self::Changes => "changes",
            Self::Leaves => "leaves",
        }
    }

    pub(super) fn code(self) -> i64 {
        match self {
            Self::Begins => 0,
            Self::Enters => 1,
            Self::Changes => 2,
            Self::Leaves => 3,
        }
    }

    fn of(code: i64) -> Self {
        match code {
            0 => Self::Begins,
            1 => Self::Enters,
            2 => Self::Changes,
            _ => Self::Leaves,
        }
    }
}

/// A watched query, and how far its events were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    id: i64,
    name: String,
    read: i64,
    /// The event with which it began for this reader.
    began: i64,
}

/// A cursor as it is written: the name of the watch, the number of the event, its time.
fn cursor_of(name: &str, n: i64, at: i64) -> String {
    format!("{name}-{n:x}-{at:x}")
}

fn read_cursor(cursor: &str) -> Option<(&str, i64, i64)> {
    let mut parts = cursor.trim().split('-');
    let (name, n, at) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |hex| i64::from_str_radix(hex, 16).ok();
    Some((name, number(n)?, number(at)?)).filter(|_| parts.next().is_none())
}

/// One event of a watch.
#[derive(Clone, Debug)]
pub struct WatchEvent {
    /// Its place among all.
    pub(super) n: i64,
    /// Where to go on behind it.
    pub cursor: String,
    /// What happened.
    pub happening: Happening,
    /// To which conversation; `None` where the watch begins.
    pub conversation: Option<ConversationId>,
    /// The conversation as it is now; `None` where it is none any more.
    pub row: Option<ConversationRow>,
    /// When it was seen.
    pub at: Timestamp,
}

impl Batch<'_> {
    /// Numbers what this commit touched, where anybody watches.
    pub(super) fn number_changes(&self) -> Result<(), StoreError> {
        if self.changed.is_empty() || !is_watched(self.tx)? {
            return Ok(());
        }
        let mut note = self.tx.prepare_cached(
            "INSERT INTO conversation_change (id, n)
             VALUES (?1, (SELECT coalesce(max(n), 0) + 1 FROM conversation_change))
             ON CONFLICT (id) DO UPDATE SET n = excluded.n",
        )?;
        for id in &self.changed {
            note.execute([id.as_str()])?;
        }
        Ok(())
    }
}

fn is_watched(tx: &Transaction<'_>) -> Result<bool, StoreError> {
    Ok(tx.prepare_cached("SELECT EXISTS (SELECT 1 FROM watch)")?.query_row([], |row| row.get(0))?)
}

impl Store {
    /// Begins to watch a query, with what matches now for its first events where `all` says so. Who watches the same shares what is kept.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn watch(&self, query: &Query, context: &Context, all: bool) -> Result<Watch, StoreError> {
        let text = query.to_string();
        let shared = self.write_durable(|tx| {
            let now = context.now.0;
            drop_unused(tx, now)?;
            let known = if all { None } else { find_shared(tx, context.me.as_str(), &text)? };
            let (id, name) = match known {
                Some(known) => known,
                None => begin(tx, query, context, (&text, self.author().ids.next().0.simple().to_string()), all)?,
            };
            tx.execute("UPDATE watch SET used_at = ?2 WHERE id = ?1", params![id, now])?;
            prune(tx, id, now)?;
            Ok(Watch { id, name, read: 0, began: 0 })
        })?;
        if all {
            let began = self.read(|tx| {
                let mut first = tx.prepare_cached("SELECT min(n) FROM watch_event WHERE watch = ?1")?;
                Ok(first.query_row([shared.id], |row| row.get(0))?)
            })?;
            return Ok(Watch { began, ..shared });
        }
        // What changed before does not belong to who begins now.
        while self.look_at_watch(&shared, query, context)? {}
        let began = self.write_durable(|tx| add_event(tx, shared.id, Happening::Begins, "", context.now))?;
        // The beginning itself is the first event.
        Ok(Watch { read: began - 1, began, ..shared })
    }

    /// Returns the watch of this query at a cursor of it; `None` where this store does not know that, or not any more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn watch_behind(&self, query: &Query, context: &Context, cursor: &str) -> Result<Option<Watch>, StoreError> {
        let Some((name, n, at)) = read_cursor(cursor) else { return Ok(None) };
        self.write(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT w.id FROM watch w JOIN watch_event e ON e.watch = w.id
                 WHERE w.name = ?1 AND w.actor = ?2 AND w.query = ?3 AND e.n = ?4 AND e.at = ?5",
            )?;
            let wanted = params![name, context.me.as_str(), query.to_string(), n, at];
            let Some(id) = find.query_row(wanted, |row| row.get::<_, i64>(0)).optional()? else { return Ok(None) };
            tx.execute("UPDATE watch SET used_at = ?2 WHERE id = ?1", params![id, context.now.0])?;
            Ok(Some(Watch { id, name: name.to_owned(), read: n, began: 0 }))
        })
    }

    /// Looks what changed since the last look, a portion of it. Returns whether there is more.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn look_at_watch(&self, watch: &Watch, query: &Query, context: &Context) -> Result<bool, StoreError> {
        let any = self.read(|tx| {
            let sql =
                "SELECT EXISTS (SELECT 1 FROM conversation_change WHERE n > (SELECT seen FROM watch WHERE id = ?1))";
            Ok(tx.prepare_cached(sql)?.query_row([watch.id], |row| row.get::<_, bool>(0))?)
        })?;
        if !any {
            return Ok(false);
        }
        // A cursor is handed out on the strength of it.
        self.write_durable(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT id, n FROM conversation_change WHERE n > (SELECT seen FROM watch WHERE id = ?1) ORDER BY n LIMIT ?2",
            )?;
            let limit = i64::try_from(PORTION).unwrap_or(i64::MAX);
            let changed = find.query_map(params![watch.id, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let changed: Vec<(String, i64)> = changed.collect::<Result<_, _>>()?;
            let mut look = Look::new(tx, watch.id, query, context)?;
            for (id, _) in &changed {
                look.at(id)?;
            }
            if let Some((_, last)) = changed.last() {
                tx.execute("UPDATE watch SET seen = ?2, used_at = ?3 WHERE id = ?1", params![
                    watch.id,
                    last,
                    context.now.0
                ])?;
            }
            Ok(changed.len() == PORTION)
        })
    }

    /// Looks which conversations answer the query now though nothing changed in them, and which do no more: where it asks for the time, for
    /// drafts or for mail on its way out. Reads all that match.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn sweep_watch(&self, watch: &Watch, query: &Query, context: &Context) -> Result<(), StoreError> {
        let others = self.read(|tx| {
            let sql = condition(tx, query, context)?;
            let all = format!(
                "SELECT id FROM conversation c WHERE ({c}) AND NOT EXISTS
                     (SELECT 1 FROM watch_member w WHERE w.watch = ? AND w.conversation = c.id)
                 UNION ALL
                 SELECT conversation FROM watch_member WHERE watch = ? AND conversation NOT IN
                     (SELECT c.id FROM conversation c WHERE {c})",
                c = sql.condition
            );
            let mut values = sql.values.clone();
            values.extend([Value::Integer(watch.id), Value::Integer(watch.id)]);
            values.extend(sql.values);
            let mut find = tx.prepare_cached(&all)?;
            let found = find.query_map(params_from_iter(values), |row| row.get(0))?;
            Ok(found.collect::<Result<Vec<String>, _>>()?)
        })?;
        for portion in others.chunks(PORTION) {
            self.write_durable(|tx| {
                let mut look = Look::new(tx, watch.id, query, context)?;
                portion.iter().try_for_each(|id| look.at(id))
            })?;
        }
        Ok(())
    }

    /// Returns the next events of a watch and goes behind them.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn watch_events(&self, watch: &mut Watch, limit: usize) -> Result<Vec<WatchEvent>, StoreError> {
        let events = self.read(|tx| {
            let mut find = tx.prepare_cached(
                // Where others begin is no news.
                "SELECT n, kind, conversation, at FROM watch_event
                 WHERE watch = ?1 AND n > ?2 AND (kind <> ?5 OR n = ?4) ORDER BY n LIMIT ?3",
            )?;
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
            let begins = Happening::Begins.code();
            let found = find.query_map(params![watch.id, watch.read, limit, watch.began, begins], read)?;
            let found: Vec<(i64, i64, String, i64)> = found.collect::<Result<_, _>>()?;
            found.into_iter().map(|event| self.event(tx, &watch.name, event)).collect::<Result<Vec<_>, _>>()
        })?;
        if let Some(last) = events.last() {
            watch.read = last.n;
        }
        Ok(events)
    }

    /// Says that a watch is in use still. Returns `false` where it was dropped meanwhile, because too many were begun.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn use_watch(&self, watch: &Watch) -> Result<bool, StoreError> {
        let now = self.author().clock.now().0;
        self.write(|tx| {
            let known = tx.execute("UPDATE watch SET used_at = ?2 WHERE id = ?1", params![watch.id, now])?;
            prune(tx, watch.id, now)?;
            Ok(known == 1)
        })
    }

    pub(super) fn event(
        &self,
        tx: &Transaction<'_>,
        name: &str,
        (n, kind, conversation, at): (i64, i64, String, i64),
    ) -> Result<WatchEvent, StoreError> {
        let happening = Happening::of(kind);
        let conversation = (happening != Happening::Begins).then(|| ConversationId::from_kept(conversation));
        let (now, me) = (self.author().clock.now(), &self.author().actor);
        let row = conversation.as_ref().map(|id| row_by_id(tx, id, now, me)).transpose()?.flatten();
        Ok(WatchEvent { n, cursor: cursor_of(name, n, at), happening, conversation, row, at: Timestamp(at) })
    }
}

impl Watch {
    pub(super) fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn kept(id: i64, name: String, read: i64) -> Self {
        Self { id, name, read, began: 0 }
    }

    pub(super) fn read(&self) -> i64 {
        self.read
    }
}

/// Compares conversations with what a watch knew of them.
struct Look<'t> {
    tx: &'t Transaction<'t>,
    watch: i64,
    sql: String,
    values: Vec<Value>,
    context: &'t Context,
}

impl<'t> Look<'t> {
    fn new(tx: &'t Transaction<'t>, watch: i64, query: &Query, context: &'t Context) -> Result<Self, StoreError> {
        let one = condition_for_one(tx, query, context)?;
        let sql = format!("SELECT EXISTS (SELECT 1 FROM conversation c WHERE ({}) AND c.id = ?)", one.condition);
        Ok(Self { tx, watch, sql, values: one.values, context })
    }

    fn at(&mut self, id: &str) -> Result<(), StoreError> {
        let mut asked = self.values.clone();
        asked.push(Value::Text(id.to_owned()));
        let answers: bool = self.tx.prepare_cached(&self.sql)?.query_row(params_from_iter(asked), |row| row.get(0))?;
        let mut find =
            self.tx.prepare_cached("SELECT mark FROM watch_member WHERE watch = ?1 AND conversation = ?2")?;
        let known: Option<Option<i64>> = find.query_row(params![self.watch, id], |row| row.get(0)).optional()?;
        if !answers {
            return match known {
                Some(_) => self.leaves(id),
                None => Ok(()),
            };
        }
        let conversation = ConversationId::from_kept(id);
        let row = row_by_id(self.tx, &conversation, self.context.now, &self.context.me)?;
        let mark = row.as_ref().map(mark_of);
        let happening = match known {
            None => Happening::Enters,
            Some(before) if before == mark => return Ok(()),
            Some(_) => Happening::Changes,
        };
        put_member(self.tx, self.watch, id, mark)?;
        add_event(self.tx, self.watch, happening, id, self.context.now).map(|_| ())
    }

    fn leaves(&self, id: &str) -> Result<(), StoreError> {
        self.tx
            .prepare_cached("DELETE FROM watch_member WHERE watch = ?1 AND conversation = ?2")?
            .execute(params![self.watch, id])?;
        add_event(self.tx, self.watch, Happening::Leaves, id, self.context.now).map(|_| ())
    }
}

fn put_member(tx: &Transaction<'_>, watch: i64, id: &str, mark: Option<i64>) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO watch_member (watch, conversation, mark) VALUES (?1, ?2, ?3)")?
        .execute(params![watch, id, mark])?;
    Ok(())
}

fn add_event(
    tx: &Transaction<'_>,
    watch: i64,
    happening: Happening,
    id: &str,
    at: Timestamp,
) -> Result<i64, StoreError> {
    tx.prepare_cached("INSERT INTO watch_event (watch, kind, conversation, at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![watch, happening.code(), id, at.0])?;
    Ok(tx.last_insert_rowid())
}

/// Returns a hash of what a list shows of a conversation, but for what concerns its writer alone or passes by itself: drafts, leases, what
/// waits for the server, and the length of its short id.
fn mark_of(row: &ConversationRow) -> i64 {
    let tags: Vec<&str> = row.tags.iter().map(AsRef::as_ref).collect();
    let time = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.0.to_string());
    hash(&[
        row.inbox.as_str(),
        row.title.as_str(),
        row.people.as_str(),
        row.snippet.as_str(),
        row.status.name(),
        row.assignee.as_ref().map_or("", |who| who.as_str()),
        &tags.join(" "),
        &time(row.snoozed_until),
        &time(Some(row.last_at)),
        &time(row.waiting_since),
        &format!("{} {} {}", row.messages, row.notes, row.answered),
        &format!("{} {} {} {}", row.attachments, row.bounced, row.gone, row.failed),
        &format!("{} {}", row.mentioned, row.followed),
    ])
}

fn find_shared(tx: &Transaction<'_>, actor: &str, query: &str) -> Result<Option<(i64, String)>, StoreError> {
    let mut find = tx.prepare_cached("SELECT id, name FROM watch WHERE actor = ?1 AND query = ?2 AND shared = 1")?;
    Ok(find.query_row([actor, query], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Begins a watch with what matches now: as its first events, or without a word of it.
fn begin(
    tx: &Transaction<'_>,
    query: &Query,
    context: &Context,
    (text, name): (&str, String),
    all: bool,
) -> Result<(i64, String), StoreError> {
    tx.execute(
        "INSERT INTO watch (name, actor, query, shared, seen, used_at)
         VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(n), 0) FROM conversation_change), ?5)",
        params![name, context.me.as_str(), text, !all, context.now.0],
    )?;
    let id = tx.last_insert_rowid();
    let sql = condition(tx, query, context)?;
    let found = format!("SELECT c.id FROM conversation c WHERE ({})", sql.condition);
    if all {
        add_event(tx, id, Happening::Begins, "", context.now)?;
        let mut find = tx.prepare(&format!("{found} ORDER BY c.last_at, c.id"))?;
        let ids = find.query_map(params_from_iter(sql.values), |row| row.get::<_, String>(0))?;
        for conversation in ids.collect::<Result<Vec<_>, _>>()? {
            put_member(tx, id, &conversation, None)?;
            add_event(tx, id, Happening::Enters, &conversation, context.now)?;
        }
    } else {
        let mut values = vec![Value::Integer(id)];
        values.extend(sql.values);
        tx.prepare(&format!("INSERT INTO watch_member (watch, conversation) SELECT ?, id FROM ({found})"))?
            .execute(params_from_iter(values))?;
    }
    // What waits for the server is touched once more when it has arrived there: that is no change.
    let waiting = "SELECT c.id FROM conversation_pending p JOIN conversation c ON c.rowid = p.conversation
                   JOIN watch_member w ON w.watch = ?1 AND w.conversation = c.id";
    let mut find = tx.prepare(waiting)?;
    let waiting: Vec<String> = find.query_map([id], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for conversation in waiting {
        let row = row_by_id(tx, &ConversationId::from_kept(conversation.as_str()), context.now, &context.me)?;
        put_member(tx, id, &conversation, row.as_ref().map(mark_of))?;
    }
    Ok((id, name))
}

/// Drops events that nobody will come back for; the newest stays, so that who read all of them can go on.
fn prune(tx: &Transaction<'_>, watch: i64, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM watch_event WHERE watch = ?1 AND n < (SELECT max(n) FROM watch_event WHERE watch = ?1)
             AND (at < ?2 OR n <= (SELECT n FROM watch_event WHERE watch = ?1 ORDER BY n DESC LIMIT 1 OFFSET ?3))",
        params![watch, now.saturating_sub(KEPT_FOR), EVENTS_MAX],
    )?;
    Ok(())
}

/// Drops watches that were not used for long, and those over the bound.
fn drop_unused(tx: &Transaction<'_>, now: i64) -> Result<(), StoreError> {
    let mut find = tx.prepare(
        "SELECT id FROM watch WHERE used_at < ?1
         UNION SELECT id FROM (SELECT id FROM watch ORDER BY used_at DESC LIMIT -1 OFFSET ?2)",
    )?;
    let old: Vec<i64> = find
        .query_map(params![now.saturating_sub(KEPT_FOR), WATCHES_MAX - 1], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    for watch in old {
        for sql in [
            "DELETE FROM watch_member WHERE watch = ?1",
            "DELETE FROM watch_event WHERE watch = ?1",
            "DELETE FROM watch_run WHERE watch = ?1",
            "DELETE FROM watch_aside WHERE watch = ?1",
            "DELETE FROM watch WHERE id = ?1",
        ] {
            tx.execute(sql, [watch])?;
        }
    }
    if !is_watched(tx)? {
        tx.execute("DELETE FROM conversation_change", [])?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "watch_tests.rs"]
mod tests;
