//! What a query can ask of conversations, read for whoever evaluates it without SQL.

use std::collections::BTreeSet;

use rusqlite::params;

use super::super::connection::Transaction;
use super::sql::{NOT_OUT, NOT_SENT};
use super::text::search_text;
use crate::mime;
use crate::model::ids::{ConversationId, Handle, InboxId, Tag};
use crate::query::{ConversationFacts, Part, Passage, Person};
use crate::store::code::Code;
use crate::store::conversation::find as find_conversation;
use crate::store::line::{Line, read_line};
use crate::store::message::get_raw;
use crate::store::news::{TRAY, UNREAD};
use crate::store::refold::fold_conversation;
use crate::store::upgrade::is_upgraded;
use crate::store::{Store, StoreError};

impl Store {
    /// Returns what a query can ask of these conversations, in this order; those that are gone are left out. With `text` every mail of
    /// them is unpacked and parsed, because the index gives no text back: only a query that asks for words needs it
    /// ([`crate::query::Query::asks_words`]).
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn query_facts(&self, ids: &[ConversationId], text: bool) -> Result<Vec<ConversationFacts>, StoreError> {
        self.read(|tx| {
            let mut all = Vec::with_capacity(ids.len());
            for id in ids {
                let Some((number, _)) = find_conversation(tx, id)? else { continue };
                let Some(line) = read_line(tx, number)? else { continue };
                let text = if text { passages(tx, number)? } else { Vec::new() };
                all.push(facts(tx, number, line, text)?);
            }
            Ok(all)
        })
    }
}

fn facts(tx: &Transaction<'_>, number: i64, line: Line, text: Vec<Passage>) -> Result<ConversationFacts, StoreError> {
    let inbox = InboxId::new(&line.inbox).map_err(|e| StoreError::Content(format!("conversation {}: {e}", line.id)))?;
    let agents = |names: &BTreeSet<String>| names.iter().filter_map(|n| Handle::new(n).ok()).collect::<BTreeSet<_>>();
    Ok(ConversationFacts {
        former_ids: former_ids(tx, number)?,
        inbox,
        status: line.status,
        assignee: line.assignee.as_deref().and_then(|name| Handle::new(name).ok()),
        snoozed_until: line.snoozed_until,
        last_at: line.last_at,
        waiting_since: line.waiting_since,
        tags: line.tags.iter().filter_map(|name| Tag::new(name).ok()).collect(),
        followers: agents(&line.followers),
        mentions: agents(&line.mentions)
            .difference(&having(tx, "SELECT agent FROM conversation_mention_looked WHERE conversation = ?1", number)?)
            .cloned()
            .collect(),
        unread: having(
            tx,
            &format!("SELECT agent FROM conversation_news WHERE conversation = ?1 AND {UNREAD}"),
            number,
        )?,
        in_tray: in_tray(tx, number, &line.id)?,
        bounced: line.bounced.is_some(),
        gone: line.gone,
        upgraded: is_upgraded(tx, number)?,
        outgoing: is_outgoing(tx, &line.id)?,
        drafts: drafts(tx, &line.id)?,
        people: people(tx, number)?,
        id: line.id,
        subject: line.subject,
        title: line.title,
        messages: line.messages,
        notes: line.notes,
        attachments: line.attachments,
        text,
    })
}

/// Returns the agents that a question about a conversation finds.
fn having(tx: &Transaction<'_>, sql: &str, number: i64) -> Result<BTreeSet<Handle>, StoreError> {
    let mut find = tx.prepare_cached(sql)?;
    let names = find.query_map([number], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(names.iter().filter_map(|name| Handle::new(name).ok()).collect())
}

fn in_tray(tx: &Transaction<'_>, number: i64, id: &ConversationId) -> Result<BTreeSet<Handle>, StoreError> {
    let sql = format!("SELECT agent FROM conversation_news WHERE conversation = ?1 AND {TRAY}");
    let mut all = having(tx, &sql, number)?;
    let mut find = tx.prepare_cached("SELECT actor FROM outgoing WHERE conversation = ?1 AND state IN (?2, ?3, ?4)")?;
    let [stopped, uncertain, failed] = NOT_SENT.map(Code);
    let names = find.query_map(params![id.as_str(), stopped, uncertain, failed], |row| row.get::<_, String>(0))?;
    all.extend(names.collect::<Result<Vec<_>, _>>()?.iter().filter_map(|name| Handle::new(name).ok()));
    Ok(all)
}

fn former_ids(tx: &Transaction<'_>, number: i64) -> Result<BTreeSet<ConversationId>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT a.id FROM member m JOIN conversation_alias a ON a.message_id = m.message_id WHERE m.conversation = ?1",
    )?;
    let ids = find.query_map([number], |row| Ok(ConversationId::from_kept(row.get::<_, String>(0)?)))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

fn is_outgoing(tx: &Transaction<'_>, id: &ConversationId) -> Result<bool, StoreError> {
    let mut find =
        tx.prepare_cached("SELECT 1 FROM outgoing WHERE conversation = ?1 AND state IN (?2, ?3, ?4, ?5, ?6)")?;
    let [held, stopped, sending, uncertain, failed] = NOT_OUT.map(Code);
    Ok(find.exists(params![id.as_str(), held, stopped, sending, uncertain, failed])?)
}

fn drafts(tx: &Transaction<'_>, id: &ConversationId) -> Result<BTreeSet<Handle>, StoreError> {
    let mut find = tx.prepare_cached("SELECT actor FROM draft WHERE conversation = ?1 AND discarded_at IS NULL")?;
    let names = find.query_map([id.as_str()], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(names.iter().filter_map(|name| Handle::new(name).ok()).collect())
}

fn people(tx: &Transaction<'_>, number: i64) -> Result<Vec<Person>, StoreError> {
    let mut find = tx.prepare_cached("SELECT role, email, name FROM conversation_person WHERE conversation = ?1")?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Person { side: row.get::<_, Code<_>>(0)?.0, email: row.get(1)?, name: row.get(2)? })
    };
    Ok(find.query_map([number], read)?.collect::<Result<_, _>>()?)
}

/// Returns the text that the index holds of a conversation; it holds no text that could be read back.
fn passages(tx: &Transaction<'_>, number: i64) -> Result<Vec<Passage>, StoreError> {
    let (mails, folded) = fold_conversation(tx, number)?;
    let notes = folded.state.notes.iter().map(|note| Passage::new(Part::Note, &note.text));
    let mut all: Vec<Passage> = notes.collect();
    for mail in mails {
        if let Some(raw) = get_raw(tx, mail.row, u64::MAX)? {
            all.extend(search_text(&mime::parse(&raw)).passages());
        }
    }
    Ok(all)
}
