//! Who takes part in a conversation, read of its messages: who is new in it, and which of them third parties wrote.

use std::collections::{HashMap, HashSet};

use rusqlite::params;

use super::code::Code;
use super::connection::Transaction;
use super::conversation::find;
use super::facts::{Facts, id_of};
use super::place::why_of;
use super::{Store, StoreError};
use crate::model::address::Address;
use crate::model::agent::Team;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::message::{Authorship, Direction, Origin};
use crate::thread::Why;
use crate::thread::people::{Part, newcomers, third_parties};

impl Facts {
    /// What it says of who takes part; whom it answers is left open.
    fn part(&self, team: &Team) -> Part {
        let envelope = &self.envelope;
        let keys = |all: &mut dyn Iterator<Item = &Address>| -> Vec<String> {
            all.filter(|one| !team.owns(&one.email)).map(Address::key).filter(|key| !key.is_empty()).collect()
        };
        let (mut from, mut to) = (Vec::new(), Vec::new());
        // What only says that it is from us brings nobody in.
        if !matches!(self.authorship, Authorship::Unproven | Authorship::Forged) {
            from = keys(&mut envelope.from.iter().chain(&envelope.original).chain(&envelope.reply_to));
            to = keys(&mut envelope.to.iter().chain(&envelope.cc));
        }
        let is_outside = matches!(self.authorship, Authorship::Sender | Authorship::Form);
        Part {
            id: self.id.clone(),
            parent: None,
            is_ours: self.direction == Direction::Outbound,
            is_human: self.origin == Origin::Human,
            refers: matches!(why_of(&self.why), Why::Refers(_) | Why::SharesOnList(_)),
            author: if is_outside { self.author.clone() } else { String::new() },
            from,
            to,
        }
    }
}

/// Returns the rows of the messages whose authors are new, of all messages of a conversation in the order of arrival.
pub(super) fn new_here(facts: &[Facts], team: &Team) -> HashSet<i64> {
    let parts: Vec<Part> = facts.iter().map(|one| one.part(team)).collect();
    facts.iter().zip(newcomers(&parts)).filter(|(_, is_new)| *is_new).map(|(one, _)| one.row).collect()
}

/// Returns the messages of a conversation that third parties wrote, each with its author, in the order of arrival. Where one person outside
/// alone wrote, nobody else can have, and no message is opened.
pub(super) fn by_third_parties(
    tx: &Transaction<'_>,
    conversation: i64,
    team: &Team,
) -> Result<Vec<(MessageId, Address)>, StoreError> {
    let mut count = tx.prepare_cached(
        "SELECT count(DISTINCT author) FROM message WHERE conversation = ?1 AND hidden = 0 AND direction = ?2 AND origin = ?3",
    )?;
    let human = params![conversation, Code(Direction::Inbound), Code(Origin::Human)];
    if count.query_row(human, |row| row.get::<_, i64>(0))? < 2 {
        return Ok(Vec::new());
    }
    let mut facts = Facts::of_conversation(tx, conversation)?;
    facts.retain(|one| !one.hidden);
    let mut find =
        tx.prepare_cached("SELECT id, parent FROM message WHERE conversation = ?1 AND parent IS NOT NULL")?;
    let mut parents: HashMap<i64, MessageId> =
        find.query_map([conversation], |row| Ok((row.get(0)?, id_of(row, 1)?)))?.collect::<Result<_, _>>()?;
    let part = |one: &Facts| Part { parent: parents.remove(&one.row), ..one.part(team) };
    let parts: Vec<Part> = facts.iter().map(part).collect();
    let thirds = facts.iter().zip(third_parties(&parts)).filter(|(_, is_third)| *is_third);
    Ok(thirds.filter_map(|(one, _)| Some((one.id.clone(), (*one.authors().first()?).clone()))).collect())
}

impl Store {
    /// Returns the messages of a conversation that third parties wrote, each with its author, in the order of arrival: people to whom we
    /// wrote of it without its customer, such as a supplier whom something was forwarded to.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn by_third_parties(&self, id: &ConversationId) -> Result<Vec<(MessageId, Address)>, StoreError> {
        let team = self.team();
        self.read(|tx| match find(tx, id)? {
            Some((conversation, _)) => by_third_parties(tx, conversation, &team),
            None => Ok(Vec::new()),
        })
    }
}

#[cfg(test)]
#[path = "people_tests.rs"]
mod tests;
