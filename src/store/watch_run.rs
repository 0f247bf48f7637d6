//! How far a command was run over the events of a watch, and those for which it failed again and again.

use rusqlite::{OptionalExtension, params};

use super::connection::Transaction;
use super::watch::{Watch, WatchEvent};
use super::{Store, StoreError};
use crate::model::phrase::Phrase;
use crate::query::{Context, Query};

/// An event for which a command failed as often as it may.
#[derive(Clone, Debug)]
pub struct AsideEvent {
    /// The event.
    pub event: WatchEvent,
    /// How often it was tried.
    pub tries: u32,
    /// Why the last try failed.
    pub reason: Phrase,
}

impl Store {
    /// Returns the watch of a query behind the last event that a command was run for; it begins now where it never was. `at` says that it
    /// goes on from there, whatever was run.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn watch_for(
        &self,
        query: &Query,
        context: &Context,
        command: &str,
        at: Option<Watch>,
    ) -> Result<Watch, StoreError> {
        if let Some(watch) = at {
            self.write(|tx| put_done(tx, &watch, command, watch.read()))?;
            return Ok(watch);
        }
        let run = self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT w.id, w.name, r.done FROM watch w JOIN watch_run r ON r.watch = w.id
                 WHERE w.actor = ?1 AND w.query = ?2 AND w.shared = 1 AND r.command = ?3",
            )?;
            let known = params![context.me.as_str(), query.to_string(), command];
            Ok(find.query_row(known, |row| Ok(Watch::kept(row.get(0)?, row.get(1)?, row.get(2)?))).optional()?)
        })?;
        if let Some(watch) = run {
            self.use_watch(&watch)?;
            return Ok(watch);
        }
        let watch = self.watch(query, context, false)?;
        self.write(|tx| put_done(tx, &watch, command, watch.read()))?;
        Ok(watch)
    }

    /// Notes that a command was run well for an event. It is on the disk when this returns.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn ran(&self, watch: &Watch, command: &str, event: &WatchEvent) -> Result<(), StoreError> {
        self.write_durable(|tx| put_done(tx, watch, command, event.n))
    }

    /// Sets an event aside for which a command fails, and goes on behind it.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn set_event_aside(
        &self,
        watch: &Watch,
        command: &str,
        AsideEvent { event, tries, reason }: &AsideEvent,
    ) -> Result<(), StoreError> {
        let reason = serde_json::to_string(reason).unwrap_or_default();
        let id = event.conversation.as_ref().map_or("", |id| id.as_str());
        self.write_durable(|tx| {
            tx.execute(
                "INSERT OR REPLACE INTO watch_aside (watch, command, n, kind, conversation, at, tries, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![watch.id(), command, event.n, event.happening.code(), id, event.at.0, tries, reason],
            )?;
            put_done(tx, watch, command, event.n)
        })
    }

    /// Notes that a command failed again for an event that was set aside.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn still_aside(&self, watch: &Watch, command: &str, aside: &AsideEvent) -> Result<(), StoreError> {
        let reason = serde_json::to_string(&aside.reason).unwrap_or_default();
        self.write(|tx| {
            tx.execute(
                "UPDATE watch_aside SET tries = ?4, reason = ?5 WHERE watch = ?1 AND command = ?2 AND n = ?3",
                params![watch.id(), command, aside.event.n, aside.tries, reason],
            )?;
            Ok(())
        })
    }

    /// Returns the events that were set aside, in their order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn events_aside(&self, watch: &Watch, command: &str) -> Result<Vec<AsideEvent>, StoreError> {
        self.read(|tx| {
            let mut find = tx.prepare_cached(
                "SELECT n, kind, conversation, at, tries, reason FROM watch_aside WHERE watch = ?1 AND command = ?2 ORDER BY n",
            )?;
            let mut rows = find.query(params![watch.id(), command])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let kept = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
                let reason: String = row.get(5)?;
                all.push(AsideEvent {
                    event: self.event(tx, watch.name(), kept)?,
                    tries: row.get(4)?,
                    reason: serde_json::from_str(&reason).unwrap_or_else(|_| Phrase::said(reason)),
                });
            }
            Ok(all)
        })
    }

    /// Notes that a command was run well for an event that was set aside.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn ran_aside(&self, watch: &Watch, command: &str, event: &WatchEvent) -> Result<(), StoreError> {
        self.write_durable(|tx| {
            tx.execute(
                "DELETE FROM watch_aside WHERE watch = ?1 AND command = ?2 AND n = ?3",
                params![watch.id(), command, event.n],
            )?;
            Ok(())
        })
    }
}

fn put_done(tx: &Transaction<'_>, watch: &Watch, command: &str, done: i64) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO watch_run (watch, command, done) VALUES (?1, ?2, ?3)
         ON CONFLICT (watch, command) DO UPDATE SET done = excluded.done",
    )?
    .execute(params![watch.id(), command, done])?;
    Ok(())
}
