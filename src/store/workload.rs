//! How much each of the team has to do, and what they have to do with a conversation that is to be given to one of them.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};

use super::connection::Transaction;
use super::conversation::find;
use super::counts::tally;
use super::customer::owners_of_others;
use super::refold::fold_conversation;
use super::{Store, StoreError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::workload::{Part, Workload};
use crate::op::operation::Known;

/// So many of somebody's newest records are looked at for one that a person made.
const LOOKED_AT_MAX: i64 = 200;

impl Store {
    /// Returns what each agent and each team has, when the agents were last heard of, and what they have to do with `of`.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn workloads(&self, of: Option<&ConversationId>) -> Result<BTreeMap<Handle, Workload>, StoreError> {
        let team = self.team();
        let agents = self.known_agents()?;
        self.read(|tx| {
            let mut all = BTreeMap::new();
            for agent in agents {
                let open = tally(tx, &format!("mine:{agent}"))?;
                let heard = heard(tx, &agent)?;
                all.insert(agent, Workload { open, heard, part: None });
            }
            for group in &team.groups {
                let open = tally(tx, &format!("mine:{}", group.name))?;
                all.insert(group.name.clone(), Workload { open, ..Workload::default() });
            }
            let Some((number, _)) = of.map_or(Ok(None), |id| find(tx, id))? else { return Ok(all) };
            let others = owners_of_others(tx, number, &team)?;
            let parts = others.into_iter().map(|who| (who, Part::HasAnother)).chain(parts(tx, number)?);
            for (who, part) in parts {
                if let Some(known) = all.get_mut(&who) {
                    known.takes_part(part);
                }
            }
            Ok(all)
        })
    }
}

/// Returns when somebody last did something. What a machine of theirs does by itself says nothing of them.
fn heard(tx: &Transaction<'_>, agent: &Handle) -> Result<Option<Timestamp>, StoreError> {
    let mut find = tx.prepare_cached(
        "SELECT at FROM (SELECT at, kind FROM record WHERE actor = ?1 ORDER BY seq DESC LIMIT ?2)
         WHERE kind NOT IN ('runner', 'claim') LIMIT 1",
    )?;
    let at = find.query_row(params![agent.as_str(), LOOKED_AT_MAX], |row| row.get(0)).optional()?;
    Ok(at.map(Timestamp))
}

/// Returns who did what in a conversation that makes them know it.
fn parts(tx: &Transaction<'_>, number: i64) -> Result<Vec<(Handle, Part)>, StoreError> {
    let (_, folded) = fold_conversation(tx, number)?;
    let answered = folded.records.iter().filter_map(|(_, record)| match record.known() {
        Some(Known::Replied { .. }) if !folded.state.undone.contains(&record.id) => Some(record.actor.clone()),
        _ => None,
    });
    let noted = folded.state.notes.iter().map(|note| (note.actor.clone(), Part::Noted));
    let follow = folded.state.followers.iter().map(|who| (who.clone(), Part::Follows));
    Ok(answered.map(|who| (who, Part::Answered)).chain(noted).chain(follow).collect())
}

#[cfg(test)]
#[path = "workload_tests.rs"]
mod tests;
