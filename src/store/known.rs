//! Which names are known: of agents and teams, inboxes and tags, in use now or ever.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use rusqlite::params;

use super::connection::Transaction;
use super::counts::tally;
use super::{Store, StoreError};
use crate::model::ids::{Handle, InboxId, Tag};

/// To whom records behind a number gave a conversation. Asked only where nothing else knows a name: it walks through all of them.
const ASSIGNED: &str =
    "SELECT json_extract(op, '$.to') FROM record WHERE seq > ?1 AND kind = 'assign' AND json_valid(op)";

/// Which tags records behind a number put on; likewise.
const TAGGED: &str = "SELECT t.value FROM record r, json_each(r.op, '$.add') t
     WHERE r.seq > ?1 AND r.kind = 'tag' AND json_valid(r.op)";

/// So many of the newest records are read each time: a number can be given anew when the record that had it is given up.
const READ_AGAIN: i64 = 1_000;

/// The names that records ever gave, as far as they were read: records come to them, and none of the old ones has to be read again.
#[derive(Clone, Debug, Default)]
pub(super) struct Ever {
    /// The newest record that was read.
    through: i64,
    tags: BTreeSet<String>,
    agents: BTreeSet<String>,
}

impl Ever {
    fn read_on(&mut self, tx: &Transaction<'_>) -> Result<(), StoreError> {
        let newest: i64 = tx.query_row("SELECT coalesce(max(seq), 0) FROM record", [], |row| row.get(0))?;
        let behind = self.through.min(newest).saturating_sub(READ_AGAIN);
        for (sql, names) in [(TAGGED, &mut self.tags), (ASSIGNED, &mut self.agents)] {
            let mut find = tx.prepare_cached(sql)?;
            let mut rows = find.query([behind])?;
            while let Some(row) = rows.next()? {
                // Whatever else stands there is no name.
                names.extend(row.get_ref(0)?.as_str().ok().map(str::to_owned));
            }
        }
        self.through = newest;
        Ok(())
    }
}

impl Store {
    /// Tells whether an agent or a team of this name is known: to the config, the team's record, or as somebody who ever acted or was given
    /// a conversation.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn knows_agent(&self, agent: &Handle) -> Result<bool, StoreError> {
        let team = self.team();
        if team.agents.iter().any(|one| one.handle == *agent) || team.groups.iter().any(|one| one.name == *agent) {
            return Ok(true);
        }
        self.read(|tx| {
            Ok(tally(tx, &format!("known-agent:{agent}"))? > 0
                || holds(tx, "SELECT EXISTS (SELECT 1 FROM record WHERE actor = ?1)", agent.as_str())?
                || self.ever(tx, |ever| ever.agents.contains(agent.as_str()))?)
        })
    }

    /// Tells whether an inbox of this name is known: to the config, the team's record, or as that of a conversation.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn knows_inbox(&self, inbox: &InboxId) -> Result<bool, StoreError> {
        if self.team().inbox(inbox).is_some() {
            return Ok(true);
        }
        self.read(|tx| holds(tx, "SELECT EXISTS (SELECT 1 FROM conversation WHERE inbox = ?1)", inbox.as_str()))
    }

    /// Tells whether a tag is in use, or ever was.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn knows_tag(&self, tag: &Tag) -> Result<bool, StoreError> {
        self.read(|tx| {
            Ok(tally(tx, &format!("known-tag:{tag}"))? > 0 || self.ever(tx, |ever| ever.tags.contains(tag.as_str()))?)
        })
    }

    /// Asks something of the names that records ever gave.
    fn ever<T>(&self, tx: &Transaction<'_>, ask: impl FnOnce(&Ever) -> T) -> Result<T, StoreError> {
        let mut kept = self.inner.ever.lock().unwrap_or_else(PoisonError::into_inner);
        if self.inner.connections.held().is_some() {
            // What is done here may be taken back.
            let mut ever = kept.clone();
            ever.read_on(tx)?;
            return Ok(ask(&ever));
        }
        kept.read_on(tx)?;
        Ok(ask(&kept))
    }

    /// Returns the inboxes of the config, of the team's record and of the conversations here, sorted.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn known_inboxes(&self) -> Result<Vec<InboxId>, StoreError> {
        let mut inboxes: BTreeSet<InboxId> = self.team().inboxes.iter().map(|inbox| inbox.id.clone()).collect();
        let names = self.read(|tx| {
            // One seek for each name, however many conversations there are.
            let mut next = tx.prepare_cached("SELECT min(inbox) FROM conversation WHERE inbox > ?1")?;
            let (mut names, mut last) = (Vec::new(), String::new());
            while let Some(name) = next.query_row([&last], |row| row.get::<_, Option<String>>(0))? {
                names.push(name.clone());
                last = name;
            }
            Ok(names)
        })?;
        inboxes.extend(names.iter().filter_map(|name| InboxId::new(name).ok()));
        Ok(inboxes.into_iter().collect())
    }
}

fn holds(tx: &Transaction<'_>, sql: &str, name: &str) -> Result<bool, StoreError> {
    Ok(tx.prepare_cached(sql)?.query_row(params![name], |row| row.get(0))?)
}

#[cfg(test)]
#[path = "known_tests.rs"]
mod tests;
