//! Which names are known: of agents and teams, inboxes and tags, in use now or ever.

use std::collections::BTreeSet;

use rusqlite::params;

use super::connection::Transaction;
use super::counts::tally;
use super::{Store, StoreError};
use crate::model::ids::{Handle, InboxId, Tag};

/// Whether a record ever gave a conversation to an agent. Asked only of a name that nothing else knows: it walks through all records.
const ASSIGNED: &str =
    "SELECT EXISTS (SELECT 1 FROM record WHERE kind = 'assign' AND json_valid(op) AND json_extract(op, '$.to') = ?1)";

/// Whether a record ever put a tag on; likewise.
const TAGGED: &str = "SELECT EXISTS (SELECT 1 FROM record r, json_each(r.op, '$.add') t
     WHERE r.kind = 'tag' AND json_valid(r.op) AND t.value = ?1)";

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
                || holds(tx, ASSIGNED, agent.as_str())?)
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
        self.read(|tx| Ok(tally(tx, &format!("known-tag:{tag}"))? > 0 || holds(tx, TAGGED, tag.as_str())?))
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
