//! The row of a conversation: what the list shows of it, made, read and written. What has not changed is not written again.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, ToSql, params};

use super::code::Code;
use super::connection::Transaction;
use super::error::StoreError;
use super::facts::message_id;
use super::mailed::Mailed;
use super::refold::Folded;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::status::Status;
use crate::op::fold::State;

/// What the list shows of a conversation: the columns of its row, and what stands in the tables beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub id: ConversationId,
    pub root: MessageId,
    pub inbox: String,
    pub status: Status,
    pub assignee: Option<String>,
    pub snoozed_until: Option<Timestamp>,
    pub active: bool,
    pub last_at: Timestamp,
    pub first_at: Timestamp,
    pub waiting_since: Option<Timestamp>,
    pub subject: String,
    pub title: Option<String>,
    pub people: String,
    pub snippet: String,
    pub messages: u32,
    pub notes: u32,
    pub attachments: bool,
    pub last_inbound: Option<Timestamp>,
    pub last_outbound: Option<Timestamp>,
    /// How far the messages are here, as [`super::shown::as_of_text`] writes it; `None` in rows of before it was kept.
    pub as_of: Option<String>,
    pub tags: BTreeSet<String>,
    pub followers: BTreeSet<String>,
    pub mentions: BTreeSet<String>,
    pub leases: BTreeMap<String, Timestamp>,
    pub worker: Option<Worker>,
    pub pending: bool,
    /// Who sent the mail that came back, where nobody has dealt with that; empty where it is not known.
    pub bounced: Option<String>,
    /// Whether another program took all of its mail away.
    pub gone: bool,
}

/// The newest lease of a worker, as it is kept beside the row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Worker {
    pub lease: String,
    pub agent: String,
    pub worker: String,
    pub until: Timestamp,
    pub before: Option<String>,
    /// Whether it has been neither dealt with, given back nor given away.
    pub at_work: bool,
}

impl Worker {
    fn of(state: &State) -> Option<Self> {
        let held = state.worker.as_ref()?;
        Some(Self {
            lease: held.id.to_string(),
            agent: held.agent.to_string(),
            worker: held.worker.clone(),
            until: held.until,
            before: held.before.as_ref().map(ToString::to_string),
            at_work: state.worker_at_work().is_some(),
        })
    }

    fn write(&self, tx: &Transaction<'_>, conversation: i64) -> Result<(), StoreError> {
        let Self { lease, agent, worker, until, before, at_work } = self;
        tx.prepare_cached(
            "INSERT OR REPLACE INTO conversation_worker (conversation, lease, agent, worker, until, before, at_work)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![conversation, lease, agent, worker, until.0, before, at_work])?;
        Ok(())
    }
}

/// Reads the newest lease of a worker that a conversation has.
pub(super) fn read_worker(tx: &Transaction<'_>, conversation: i64) -> Result<Option<Worker>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT lease, agent, worker, until, before, at_work FROM conversation_worker WHERE conversation = ?1",
    )?;
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Worker {
            lease: row.get(0)?,
            agent: row.get(1)?,
            worker: row.get(2)?,
            until: Timestamp(row.get(3)?),
            before: row.get(4)?,
            at_work: row.get(5)?,
        })
    };
    Ok(find.query_row([conversation], read).optional()?)
}

impl Line {
    /// Makes the row at `now`.
    pub(super) fn of(mailed: Mailed, folded: &Folded, root: &MessageId, now: Timestamp) -> Self {
        let state = &folded.state;
        let status = state.status_at(now);
        let asleep = state.sleeps_at(now);
        let woke = state.snoozed_until.filter(|until| *until <= now);
        let bounced = mailed.bounced(state, &folded.records);
        Self {
            id: ConversationId::of_root(root),
            root: root.clone(),
            // Who moved it decides, not the folder that its mail stands in by now.
            inbox: state.moved_to.as_ref().or(state.moved_from.as_ref()).map_or(mailed.inbox, |i| i.to_string()),
            status,
            assignee: state.assignee.as_ref().map(|a| a.to_string()),
            snoozed_until: state.snoozed_until.filter(|_| asleep),
            active: status != Status::Closed && !asleep,
            last_at: woke.map_or(mailed.newest, |woke| mailed.newest.max(woke)),
            first_at: mailed.first_at,
            waiting_since: state.waiting_since,
            subject: mailed.subject,
            title: state.title.clone(),
            people: mailed.people,
            snippet: mailed.snippet,
            messages: mailed.messages,
            notes: u32::try_from(state.notes.len()).unwrap_or(u32::MAX),
            attachments: mailed.attachments,
            last_inbound: mailed.last_inbound,
            last_outbound: mailed.last_outbound,
            as_of: Some(mailed.as_of),
            tags: state.tags.iter().map(ToString::to_string).collect(),
            followers: state.followers.iter().map(ToString::to_string).collect(),
            mentions: state.mentioned.iter().map(ToString::to_string).collect(),
            leases: state.leases.iter().map(|l| (l.agent.to_string(), l.until)).collect(),
            worker: Worker::of(state),
            pending: folded.waits(),
            bounced,
            gone: state.gone,
        }
    }

    /// The counts that the row takes part in.
    pub(super) fn contributions(&self) -> Vec<String> {
        let mut names = vec!["all".to_owned()];
        if self.snoozed_until.is_some() {
            names.push("snoozed".into());
        }
        if self.status == Status::Closed {
            names.push("closed".into());
        } else if self.snoozed_until.is_none() {
            names.push(self.status.name().into());
        }
        if self.active {
            match &self.assignee {
                Some(agent) => names.push(format!("mine:{agent}")),
                None => names.push("unassigned".into()),
            }
            if self.assignee.is_none() && self.status == Status::Waiting {
                names.push("unassigned-waiting".into());
            }
            names.push(format!("inbox:{}", self.inbox));
            names.extend(self.tags.iter().map(|tag| format!("tag:{tag}")));
        }
        // Names for completion stay known while any conversation carries them, active or not.
        names.extend(self.tags.iter().map(|tag| format!("known-tag:{tag}")));
        names.push(format!("known-inbox:{}", self.inbox));
        names.extend(self.assignee.iter().map(|agent| format!("known-agent:{agent}")));
        names.extend(self.mentions.iter().map(|agent| format!("mention:{agent}")));
        names
    }

    /// The columns of the row with their values.
    fn columns(&self) -> [(&'static str, ValueRef<'_>); 22] {
        fn text(text: &str) -> ValueRef<'_> {
            ValueRef::Text(text.as_bytes())
        }
        let time = |at: Option<Timestamp>| at.map_or(ValueRef::Null, |at| ValueRef::Integer(at.0));
        let number = ValueRef::Integer;
        [
            ("id", text(self.id.as_str())),
            ("root", text(self.root.as_str())),
            ("inbox", text(&self.inbox)),
            ("status", Code(self.status).value()),
            ("assignee", self.assignee.as_deref().map_or(ValueRef::Null, text)),
            ("snoozed_until", time(self.snoozed_until)),
            ("active", number(self.active.into())),
            ("last_at", number(self.last_at.0)),
            ("first_at", number(self.first_at.0)),
            ("waiting_since", time(self.waiting_since)),
            ("subject", text(&self.subject)),
            ("title", self.title.as_deref().map_or(ValueRef::Null, text)),
            ("people", text(&self.people)),
            ("snippet", text(&self.snippet)),
            ("messages", number(self.messages.into())),
            ("notes", number(self.notes.into())),
            ("attachments", number(self.attachments.into())),
            ("last_inbound_at", time(self.last_inbound)),
            ("last_outbound_at", time(self.last_outbound)),
            ("as_of", self.as_of.as_deref().map_or(ValueRef::Null, text)),
            ("bounced", self.bounced.as_deref().map_or(ValueRef::Null, text)),
            ("gone", number(self.gone.into())),
        ]
    }

    /// Writes the row and what stands beside it, as far as it is not as `before`.
    pub(super) fn write(
        &self,
        tx: &Transaction<'_>,
        conversation: i64,
        before: Option<&Self>,
    ) -> Result<(), StoreError> {
        match before {
            Some(before) if before == self => return Ok(()),
            Some(before) => self.update(tx, conversation, before)?,
            None => self.insert(tx, conversation)?,
        }
        self.write_sides(tx, conversation, before)
    }

    fn insert(&self, tx: &Transaction<'_>, conversation: i64) -> Result<(), StoreError> {
        let columns = self.columns();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let marks = ", ?".repeat(columns.len());
        let sql = format!("INSERT INTO conversation (rowid, {}) VALUES (?{marks})", names.join(", "));
        bind(tx, &sql, std::iter::once(ValueRef::Integer(conversation)).chain(columns.map(|(_, value)| value)))
    }

    /// Names only the columns that change: SQLite writes each index anew that holds a column named.
    fn update(&self, tx: &Transaction<'_>, conversation: i64, before: &Self) -> Result<(), StoreError> {
        let old = before.columns();
        let columns = self.columns();
        let changed: Vec<_> = columns.iter().zip(&old).filter(|(new, old)| new != old).map(|(new, _)| new).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let sets: Vec<String> = changed.iter().map(|(name, _)| format!("{name} = ?")).collect();
        let sql = format!("UPDATE conversation SET {} WHERE rowid = ?", sets.join(", "));
        bind(tx, &sql, changed.iter().map(|(_, value)| *value).chain([ValueRef::Integer(conversation)]))
    }

    fn write_sides(&self, tx: &Transaction<'_>, conversation: i64, before: Option<&Self>) -> Result<(), StoreError> {
        let empty = BTreeSet::new();
        self.write_tags(tx, conversation, before)?;
        for (table, old, new) in [
            ("follower", before.map_or(&empty, |b| &b.followers), &self.followers),
            ("mention", before.map_or(&empty, |b| &b.mentions), &self.mentions),
        ] {
            if old != new {
                let delete = format!("DELETE FROM conversation_{table} WHERE conversation = ?1");
                tx.prepare_cached(&delete)?.execute([conversation])?;
                let insert = format!("INSERT INTO conversation_{table} (conversation, agent) VALUES (?1, ?2)");
                let mut insert = tx.prepare_cached(&insert)?;
                for agent in new {
                    insert.execute(params![conversation, agent])?;
                }
            }
        }
        if before.map_or(!self.leases.is_empty(), |b| b.leases != self.leases) {
            tx.prepare_cached("DELETE FROM conversation_lease WHERE conversation = ?1")?.execute([conversation])?;
            let mut insert = tx.prepare_cached(
                "INSERT OR REPLACE INTO conversation_lease (conversation, agent, until) VALUES (?1, ?2, ?3)",
            )?;
            for (agent, until) in &self.leases {
                insert.execute(params![conversation, agent, until.0])?;
            }
        }
        match (before.and_then(|b| b.worker.as_ref()), &self.worker) {
            (old, Some(worker)) if old != Some(worker) => worker.write(tx, conversation)?,
            (Some(_), None) => {
                tx.prepare_cached("DELETE FROM conversation_worker WHERE conversation = ?1")?
                    .execute([conversation])?;
            }
            _ => {}
        }
        match (before.is_some_and(|b| b.pending), self.pending) {
            (false, true) => set_pending(tx, conversation),
            (true, false) => end_pending(tx, conversation),
            _ => Ok(()),
        }
    }

    /// A tag's row repeats the order of the conversation's: where that is another, all are written anew.
    fn write_tags(&self, tx: &Transaction<'_>, conversation: i64, before: Option<&Self>) -> Result<(), StoreError> {
        let stays = |b: &Self, tag: &String| {
            let order = b.active == self.active && b.last_at == self.last_at && b.id == self.id;
            order && b.tags.contains(tag) && self.tags.contains(tag)
        };
        let mut delete = tx.prepare_cached("DELETE FROM conversation_tag WHERE conversation = ?1 AND tag = ?2")?;
        for tag in before.into_iter().flat_map(|b| b.tags.iter().filter(|tag| !stays(b, tag))) {
            delete.execute(params![conversation, tag])?;
        }
        let mut insert = tx.prepare_cached(
            "INSERT INTO conversation_tag (conversation, tag, active, last_at, id) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for tag in self.tags.iter().filter(|tag| !before.is_some_and(|b| stays(b, tag))) {
            insert.execute(params![conversation, tag, self.active, self.last_at.0, self.id.as_str()])?;
        }
        Ok(())
    }
}

fn set_pending(tx: &Transaction<'_>, conversation: i64) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR IGNORE INTO conversation_pending (conversation) VALUES (?1)")?
        .execute([conversation])?;
    Ok(())
}

/// Says that the log has all records of a conversation.
pub(super) fn end_pending(tx: &Transaction<'_>, conversation: i64) -> Result<(), StoreError> {
    tx.prepare_cached("DELETE FROM conversation_pending WHERE conversation = ?1")?.execute([conversation])?;
    Ok(())
}

fn bind<'v>(tx: &Transaction<'_>, sql: &str, values: impl IntoIterator<Item = ValueRef<'v>>) -> Result<(), StoreError> {
    struct Borrowed<'v>(ValueRef<'v>);
    impl ToSql for Borrowed<'_> {
        fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
            Ok(ToSqlOutput::Borrowed(self.0))
        }
    }
    tx.prepare_cached(sql)?.execute(rusqlite::params_from_iter(values.into_iter().map(Borrowed)))?;
    Ok(())
}

/// Reads the row of a conversation as it is.
pub(super) fn read_line(tx: &Transaction<'_>, conversation: i64) -> Result<Option<Line>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT id, root, inbox, status, assignee, snoozed_until, active, last_at, first_at, waiting_since, subject, title,
             people, snippet, messages, notes, attachments, last_inbound_at, last_outbound_at, bounced, as_of, gone
         FROM conversation WHERE rowid = ?1",
    )?;
    let time = |t: Option<i64>| t.map(Timestamp);
    let line = find
        .query_row([conversation], |row| {
            Ok(Line {
                id: ConversationId::from_kept(row.get::<_, String>(0)?),
                root: message_id(&row.get::<_, String>(1)?),
                inbox: row.get(2)?,
                status: row.get::<_, Code<_>>(3)?.0,
                assignee: row.get(4)?,
                snoozed_until: time(row.get(5)?),
                active: row.get(6)?,
                last_at: Timestamp(row.get(7)?),
                first_at: Timestamp(row.get(8)?),
                waiting_since: time(row.get(9)?),
                subject: row.get(10)?,
                title: row.get(11)?,
                people: row.get(12)?,
                snippet: row.get(13)?,
                messages: row.get(14)?,
                notes: row.get(15)?,
                attachments: row.get(16)?,
                last_inbound: time(row.get(17)?),
                last_outbound: time(row.get(18)?),
                as_of: row.get(20)?,
                tags: BTreeSet::new(),
                followers: BTreeSet::new(),
                mentions: BTreeSet::new(),
                leases: BTreeMap::new(),
                worker: None,
                pending: false,
                bounced: row.get(19)?,
                gone: row.get(21)?,
            })
        })
        .optional()?;
    let Some(mut line) = line else { return Ok(None) };
    line.tags = side(tx, "SELECT tag FROM conversation_tag WHERE conversation = ?1", conversation)?;
    line.followers = side(tx, "SELECT agent FROM conversation_follower WHERE conversation = ?1", conversation)?;
    line.mentions = side(tx, "SELECT agent FROM conversation_mention WHERE conversation = ?1", conversation)?;
    let mut find = tx.prepare_cached("SELECT agent, until FROM conversation_lease WHERE conversation = ?1")?;
    let leases = find.query_map([conversation], |row| Ok((row.get(0)?, Timestamp(row.get(1)?))))?;
    line.leases = leases.collect::<Result<_, _>>()?;
    line.worker = read_worker(tx, conversation)?;
    line.pending = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM conversation_pending WHERE conversation = ?1)")?
        .query_row([conversation], |row| row.get(0))?;
    Ok(Some(line))
}

fn side(tx: &Transaction<'_>, sql: &str, conversation: i64) -> Result<BTreeSet<String>, StoreError> {
    let mut find = tx.prepare_cached(sql)?;
    Ok(find.query_map([conversation], |row| row.get(0))?.collect::<Result<_, _>>()?)
}
