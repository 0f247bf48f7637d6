//! What front ends show of conversations, and what has come since: what an operation may be done to.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params, params_from_iter};

use super::code::Code;
use super::connection::Transaction;
use super::conversation::find;
use super::facts::message_id;
use super::list::source;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, MessageId};
use crate::model::message::{AsOf, Direction, Origin};
use crate::model::shown::Shown;
use crate::op::operation::{Known, Operation};
use crate::query::{Context, Query};

/// How far the messages of a conversation `c` are here, for [`as_of_column`]: as its row says or, where that was written before the row
/// said it, from the newest messages, which an index finds however many there are.
pub(super) const AS_OF: &str = "
    coalesce(c.as_of, (SELECT group_concat(n.arrived || ' ' || n.message_id, char(10)) FROM message n
        WHERE n.conversation = c.rowid AND n.hidden = 0
        AND n.arrived >= (SELECT o.arrived - (o.arrived % 1000 + 1000) % 1000 FROM message o
            WHERE o.conversation = c.rowid AND o.hidden = 0 ORDER BY o.arrived DESC LIMIT 1)))";

/// Writes how far messages are here, as [`AS_OF`] reads it: the messages of the newest second, a line each, with their moments.
pub(super) fn as_of_text<'a>(messages: impl IntoIterator<Item = (Timestamp, &'a MessageId)>) -> String {
    let Some(as_of) = AsOf::all_of(messages) else { return String::new() };
    let at = Timestamp::from_seconds(as_of.at).0;
    let lines: Vec<String> = as_of.ids.iter().map(|id| format!("{at} {id}")).collect();
    lines.join("\n")
}

/// Reads [`AS_OF`]: the messages of one second, a line each, with their moments.
pub(super) fn as_of_column(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<AsOf>> {
    let Some(lines) = row.get_ref(column)?.as_str_or_null().ok().flatten() else { return Ok(None) };
    let read = |line: &str| {
        let (arrived, id) = line.split_once(' ')?;
        Some((Timestamp(arrived.parse().ok()?), message_id(id)))
    };
    let all: Vec<(Timestamp, MessageId)> = lines.lines().filter_map(read).collect();
    Ok(AsOf::all_of(all.iter().map(|(at, id)| (*at, id))))
}

fn shown(row: &Row<'_>) -> rusqlite::Result<Shown> {
    let assignee: Option<String> = row.get(1)?;
    Ok(Shown {
        id: ConversationId::from_kept(row.get::<_, String>(0)?),
        as_of: as_of_column(row, 2)?,
        assignee: assignee.and_then(|agent| Handle::new(&agent).ok()),
        gone: row.get(3)?,
    })
}

impl Store {
    /// Returns all that match as they stand now, in the order of the list.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn shown_of(&self, query: &Query, context: &Context) -> Result<Vec<Shown>, StoreError> {
        self.read(|tx| {
            let source = source(tx, query, context)?;
            let sql = format!(
                "SELECT c.id, c.assignee, {AS_OF}, c.gone FROM {} WHERE {} ORDER BY {o}.last_at DESC, {o}.id DESC",
                source.from,
                source.condition,
                o = source.order
            );
            let mut find = tx.prepare_cached(&sql)?;
            Ok(find.query_map(params_from_iter(source.values), shown)?.collect::<Result<_, _>>()?)
        })
    }

    /// Returns conversations as they stand now, in this order; those that are gone are left out.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn shown(&self, ids: &[ConversationId]) -> Result<Vec<Shown>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(&format!(
                "SELECT c.id, c.assignee, {AS_OF}, c.gone FROM conversation c WHERE c.id = ?1"
            ))?;
            let mut all = Vec::with_capacity(ids.len());
            for id in ids {
                all.extend(find.query_row([id.as_str()], shown).optional()?);
            }
            Ok(all)
        })
    }

    /// Returns the messages of a conversation that arrived in a second since 1970.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn arrived_in(&self, id: &ConversationId, second: i64) -> Result<Vec<MessageId>, StoreError> {
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(Vec::new()) };
            let mut find = tx.prepare_cached(
                "SELECT message_id FROM message WHERE conversation = ?1 AND hidden = 0 AND arrived >= ?2 AND arrived < ?3",
            )?;
            let (from, to) = (Timestamp::from_seconds(second), Timestamp::from_seconds(second.saturating_add(1)));
            let found = find.query_map(params![number, from.0, to.0], |row| row.get::<_, String>(0))?;
            found.map(|id| Ok(message_id(&id?))).collect()
        })
    }

    /// Returns the messages of a conversation that somebody who had read so far has not seen, and that would change how it stands: those
    /// that people wrote, imported history and recorded replies of ours left aside. Oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn later(&self, id: &ConversationId, as_of: Option<&AsOf>) -> Result<Vec<MessageId>, StoreError> {
        self.read(|tx| {
            let Some((number, _)) = find(tx, id)? else { return Ok(Vec::new()) };
            let from = as_of.map_or(i64::MIN, |as_of| Timestamp::from_seconds(as_of.at).0);
            let mut find = tx.prepare_cached(
                "SELECT message_id, direction FROM message
                 WHERE conversation = ?1 AND hidden = 0 AND origin = ?3 AND history = 0 AND arrived >= ?2
                 ORDER BY arrived, message_id",
            )?;
            let read = |row: &Row<'_>| Ok((message_id(&row.get::<_, String>(0)?), row.get::<_, Code<Direction>>(1)?.0));
            let mut all =
                find.query_map(params![number, from, Code(Origin::Human)], read)?.collect::<Result<Vec<_>, _>>()?;
            all.retain(|(id, _)| !as_of.is_some_and(|as_of| as_of.ids.contains(id)));
            if all.iter().any(|(_, direction)| *direction == Direction::Outbound) {
                let recorded = recorded(tx, number)?;
                all.retain(|(id, _)| !recorded.contains(id));
            }
            Ok(all.into_iter().map(|(id, _)| id).collect())
        })
    }

    /// Returns the title that the team gave a conversation, and not its subject.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn own_title(&self, id: &ConversationId) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached("SELECT title FROM conversation WHERE id = ?1")?;
            Ok(find.query_row([id.as_str()], |row| row.get(0)).optional()?.flatten())
        })
    }

    /// Returns who follows a conversation.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn followers(&self, id: &ConversationId) -> Result<BTreeSet<Handle>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT f.agent FROM conversation c JOIN conversation_follower f ON f.conversation = c.rowid WHERE c.id = ?1",
            )?;
            let names = find.query_map([id.as_str()], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(names.iter().filter_map(|name| Handle::new(name).ok()).collect())
        })
    }
}

/// Returns the mails of ours that records of a conversation speak for: they change nothing by arriving.
fn recorded(tx: &Transaction<'_>, conversation: i64) -> Result<BTreeSet<MessageId>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT r.op FROM member m CROSS JOIN target t ON t.message_id = m.message_id CROSS JOIN record r ON r.seq = t.record
         WHERE m.conversation = ?1 AND r.kind = 'replied'",
    )?;
    let ops = find.query_map([conversation], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let message = |op: &String| match serde_json::from_str(op).ok()? {
        Operation::Known(Known::Replied { message, .. }) => Some(message),
        _ => None,
    };
    Ok(ops.iter().filter_map(message).collect())
}

#[cfg(test)]
#[path = "shown_tests.rs"]
mod tests;
