//! What the records of a conversation are to one agent: news, or a sign that they looked at it. Pure, as the fold is: the same records and
//! looks give the same on every machine, in whatever order they came.

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId, OpId};
use crate::op::fold::State;
use crate::op::operation::Known;
use crate::op::record::Record;

/// What records can bring to an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A note mentions them.
    Mention,
    /// The conversation was given to them.
    Given,
    /// They claimed it and somebody else had it before.
    Lost,
}

/// One thing that a record brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// What.
    pub kind: Kind,
    /// The record.
    pub record: OpId,
    /// Who did it: wrote the note, gave it, has it.
    pub who: Option<Handle>,
    /// When, by that agent's clock.
    pub at: Timestamp,
    /// The words of a note.
    pub words: String,
}

/// Tells whether a record shows that its author looked at the conversation. Tags and titles are put on many at once, and following is
/// asking for news.
pub fn is_a_look(record: &Record) -> bool {
    matches!(
        record.known(),
        Some(
            Known::Assign { .. }
                | Known::SetStatus { .. }
                | Known::Snooze { .. }
                | Known::Note { .. }
                | Known::EditNote { .. }
                | Known::SeenMentions
                | Known::Replied { .. }
                | Known::Move { .. }
                | Known::Merge { .. }
                | Known::Split
        )
    )
}

/// Tells whether a record shows that `agent` looked at a message. One that doesn't say how far its author had read does where the message
/// was here before the record was, `came_before`, by the clocks too: whoever did something may not have had the mail yet.
pub fn saw(record: &Record, agent: &Handle, id: &MessageId, arrived: Timestamp, came_before: bool) -> bool {
    let covers = |as_of: &crate::model::message::AsOf| arrived.seconds() < as_of.at || as_of.ids.contains(id);
    let told = |target: &crate::op::operation::Target| {
        target.as_of.as_ref().map_or(came_before && record.at >= arrived, covers)
    };
    record.actor == *agent && is_a_look(record) && record.on.iter().any(told)
}

/// Returns what the records of a conversation bring to `agent` that none of their own records behind it shows as looked at: the newest
/// mention, the claim that gave it to them, each claim of theirs that lost. `records` are all of them in the order of the fold.
pub fn brought(agent: &Handle, state: &State, records: &[&Record]) -> Vec<Brought> {
    let counts = |record: &&Record| !state.undone.contains(&record.id);
    let look = records.iter().rposition(|record| record.actor == *agent && is_a_look(record));
    // Their own claim is the last look there is, and brings the loss.
    let is_new = |place: usize| look.is_none_or(|look| place >= look);
    let mut all = Vec::new();
    let mut given = None;
    let mut mention = None;
    for (place, record) in records.iter().enumerate().filter(|(_, record)| counts(record)) {
        match record.known() {
            Some(Known::Assign { to: Some(to) }) if to == agent && record.actor != *agent => {
                given = Some((place, *record))
            }
            Some(Known::Note { mentions, .. } | Known::EditNote { mentions, .. })
                if mentions.contains(agent) && record.actor != *agent =>
            {
                mention = Some((place, *record));
            }
            _ => {}
        }
        if let Some(lost) = state.lost.iter().find(|lost| lost.id == record.id && lost.actor == *agent)
            && is_new(place)
        {
            let who = lost.held_by.as_ref().map(|(who, _)| who.clone());
            all.push(Brought { kind: Kind::Lost, record: record.id, who, at: record.at, words: String::new() });
        }
    }
    if let Some((place, record)) = mention
        && is_new(place)
        && state.mentioned.contains(agent)
    {
        let note = match record.known() {
            Some(Known::EditNote { note, .. }) => *note,
            _ => record.id,
        };
        let words = state.notes.iter().find(|one| one.id == note).map(|one| one.text.clone()).unwrap_or_default();
        let who = Some(record.actor.clone());
        all.push(Brought { kind: Kind::Mention, record: record.id, who, at: record.at, words });
    }
    if let Some((place, record)) = given
        && is_new(place)
        && state.assignee.as_ref() == Some(agent)
        && !state.lost.iter().any(|lost| lost.id == record.id)
    {
        let who = Some(record.actor.clone());
        all.push(Brought { kind: Kind::Given, record: record.id, who, at: record.at, words: String::new() });
    }
    all
}

#[cfg(test)]
#[path = "news_tests.rs"]
mod tests;
