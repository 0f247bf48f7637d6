//! What a draft was begun on, and what has happened since: the check before sending.

use rusqlite::{OptionalExtension, params};
use serde::Serialize;

use super::super::batch::conversation_of;
use super::super::code::Code;
use super::super::connection::Transaction;
use super::super::{Store, StoreError};
use super::types::Delivery;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, MessageId, OpId};
use crate::model::message::{AsOf, Envelope, Origin};
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::text;
use crate::thread::author;

/// The most news that are named.
const NEWS_MAX: usize = 20;

/// What somebody who begins a draft now has seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// A message of the conversation: its newest.
    pub anchor: MessageId,
    /// The messages.
    pub as_of: Option<AsOf>,
    /// The newest record that touched the conversation.
    pub seen_op: Option<OpId>,
    /// Whether all mail of the conversation has left.
    pub gone: bool,
}

/// Something that happened since a draft was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct News {
    /// When.
    pub at: Timestamp,
    /// What: `Carla wrote: Re: Refund`.
    pub what: Phrase,
    /// The mail, where it is one.
    pub message: Option<MessageId>,
    /// Who did it.
    #[serde(skip)]
    pub who: SafeText,
    /// The beginning of the mail; empty where it is none.
    #[serde(skip)]
    pub said: SafeText,
}

impl News {
    /// Returns it in words.
    pub fn words(&self) -> SafeText {
        SafeText::line_max(&text::render(&self.what), 200)
    }
}

impl Store {
    /// Returns what somebody who begins a draft in this conversation now has seen; `None` where it has no message.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn basis(&self, conversation: &ConversationId) -> Result<Option<Basis>, StoreError> {
        self.read(|tx| {
            let messages = arrivals(tx, conversation)?;
            let Some((_, anchor)) = messages.last().cloned() else { return Ok(None) };
            let as_of = AsOf::all_of(messages.iter().map(|(at, id)| (*at, id)));
            let seen_op = match conversation_of(tx, &anchor)? {
                Some(number) => newest_record(tx, number)?,
                None => None,
            };
            let gone = tx
                .prepare_cached("SELECT gone FROM conversation WHERE id = ?1")?
                .query_row([conversation.as_str()], |row| row.get(0))
                .optional()?
                .unwrap_or_default();
            Ok(Some(Basis { anchor, as_of, seen_op, gone }))
        })
    }

    /// Returns what happened in a mail's conversation since its draft was begun: mail that people wrote, replies and notes of colleagues.
    /// Answers by machines don't count, nor what this store sent itself.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn news(&self, delivery: &Delivery) -> Result<Vec<News>, StoreError> {
        let Some(anchor) = &delivery.anchor else { return Ok(Vec::new()) };
        self.news_since(anchor, delivery.as_of.as_ref(), delivery.seen_op)
    }

    /// Returns the accounts in whose mailboxes the conversation of `anchor` has mail, or on whose logs it has records.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn accounts_of(&self, anchor: &MessageId) -> Result<Vec<AccountId>, StoreError> {
        self.read(|tx| {
            let Some(conversation) = conversation_of(tx, anchor)? else { return Ok(Vec::new()) };
            let mut find = tx.prepare_cached(
                "SELECT f.account FROM message m JOIN location l ON l.message = m.id JOIN folder f ON f.id = l.folder
                 WHERE m.conversation = ?1 AND m.hidden = 0
                 UNION
                 SELECT r.account FROM member b JOIN target t ON t.message_id = b.message_id JOIN record r ON r.seq = t.record
                 WHERE b.conversation = ?1
                 UNION
                 SELECT r.account FROM member b CROSS JOIN undo_target t ON t.message_id = b.message_id
                     CROSS JOIN record r INDEXED BY record_undo ON r.seq = t.record
                 WHERE b.conversation = ?1 AND r.undoes IS NOT NULL ORDER BY 1",
            )?;
            let names = find.query_map([conversation], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
            Ok(names.iter().filter_map(|name| AccountId::new(name).ok()).collect())
        })
    }

    /// Returns what happened in the conversation of `anchor` since somebody had read it up to `as_of` and `seen_op`, oldest first.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn news_since(
        &self,
        anchor: &MessageId,
        as_of: Option<&AsOf>,
        seen_op: Option<OpId>,
    ) -> Result<Vec<News>, StoreError> {
        self.read(|tx| {
            let Some(conversation) = conversation_of(tx, anchor)? else { return Ok(Vec::new()) };
            let mut news = match as_of {
                Some(seen) => new_mail(tx, conversation, seen)?,
                None => Vec::new(),
            };
            news.append(&mut new_records(tx, conversation, seen_op, self.author().actor.as_str())?);
            news.sort_by_key(|n| n.at);
            news.truncate(NEWS_MAX);
            Ok(news)
        })
    }
}

fn arrivals(tx: &Transaction<'_>, conversation: &ConversationId) -> Result<Vec<(Timestamp, MessageId)>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT m.arrived, m.message_id FROM message m JOIN conversation c ON c.rowid = m.conversation
         WHERE c.id = ?1 AND m.hidden = 0 ORDER BY m.arrived, m.id",
    )?;
    let rows = statement.query_map([conversation.as_str()], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (at, id) = row?;
        if let Some(id) = MessageId::new(&id) {
            found.push((Timestamp(at), id));
        }
    }
    Ok(found)
}

fn newest_record(tx: &Transaction<'_>, conversation: i64) -> Result<Option<OpId>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT r.id FROM member m JOIN target t ON t.message_id = m.message_id JOIN record r ON r.seq = t.record
         WHERE m.conversation = ?1 ORDER BY r.seq DESC LIMIT 1",
    )?;
    let id: Option<String> = statement.query_map([conversation], |row| row.get(0))?.next().transpose()?;
    Ok(id.and_then(|id| id.parse().ok()))
}

fn new_mail(tx: &Transaction<'_>, conversation: i64, seen: &AsOf) -> Result<Vec<News>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT m.message_id, m.arrived, m.envelope, m.authorship, m.author, m.snippet FROM message m
         WHERE m.conversation = ?1 AND m.arrived >= ?2 AND m.hidden = 0 AND m.origin = ?3
           AND NOT EXISTS (SELECT 1 FROM outgoing o WHERE o.message_id = m.message_id)
         ORDER BY m.arrived",
    )?;
    let rows =
        statement.query_map(params![conversation, Timestamp::from_seconds(seen.at).0, Code(Origin::Human)], |row| {
            let wrote = (row.get::<_, Code<_>>(3)?.0, row.get::<_, String>(4)?, row.get::<_, String>(5)?);
            Ok((row.get::<_, String>(0)?, Timestamp(row.get(1)?), row.get::<_, String>(2)?, wrote))
        })?;
    let mut news = Vec::new();
    for row in rows {
        let (id, at, envelope, (authorship, first, snippet)) = row?;
        let message = MessageId::new(&id);
        let covered = at.seconds() == seen.at && message.as_ref().is_some_and(|id| seen.ids.contains(id));
        if !covered {
            let envelope: Envelope = serde_json::from_str(&envelope).unwrap_or_default();
            let authors = author::named(&envelope, authorship, &first);
            let who = authors.first().map_or("somebody", |a| a.short());
            let subject = SafeText::line_max(&envelope.subject, 200);
            let (who, said) = (SafeText::line_max(who, 100), SafeText::line_max(&snippet, 200));
            let what = phrase!("news-wrote", who = &who, subject = subject);
            news.push(News { at, what, message, who, said });
        }
    }
    Ok(news)
}

fn new_records(tx: &Transaction<'_>, conversation: i64, seen: Option<OpId>, me: &str) -> Result<Vec<News>, StoreError> {
    let mut statement = tx.prepare_cached(
        "SELECT DISTINCT r.actor, r.kind, r.at, CASE r.kind WHEN 'replied' THEN r.op ->> '$.message' END FROM member m JOIN target t ON t.message_id = m.message_id JOIN record r ON r.seq = t.record
         WHERE m.conversation = ?1 AND r.kind IN ('replied', 'note') AND r.actor <> ?2
           AND r.seq > coalesce((SELECT seq FROM record WHERE id = ?3), 0)
         ORDER BY r.seq",
    )?;
    let rows = statement.query_map(params![conversation, me, seen.map(|id| id.to_string())], |row| {
        let what = (row.get::<_, String>(1)?, row.get::<_, Option<String>>(3)?);
        Ok((row.get::<_, String>(0)?, what, Timestamp(row.get(2)?)))
    })?;
    let mut news = Vec::new();
    for row in rows {
        let (actor, (kind, message), at) = row?;
        let who = SafeText::line_max(&actor, 100);
        let what = match kind.as_str() {
            "note" => phrase!("news-note", who = actor),
            _ => phrase!("news-replied", who = actor),
        };
        let message = message.as_deref().and_then(MessageId::new);
        news.push(News { at, what, message, who, said: SafeText::default() });
    }
    Ok(news)
}
