//! What each operation did, as a value: the words are made in `text`.

use crate::model::description::{Act, Description, Undone};
use crate::model::ids::{Handle, MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::operation::{Known, Operation};
use crate::op::record::Record;

/// How many operations of a command its undoing names.
const NAMED_MAX: usize = 3;
/// How many undos of undos are followed: beyond that less is known.
const UNDOS_MAX: usize = 16;
/// How much of what a person wrote is named, in characters.
const BEGINNING_MAX: usize = 120;

/// What descriptions name beyond the record itself. The caller knows where to look.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// The subject of a message.
    pub subject: &'a dyn Fn(&MessageId) -> Option<String>,
    /// The records that an id stands for (one, or those of a batch), each with how many conversations it is about; none where they are
    /// not here.
    pub behind: &'a dyn Fn(OpId) -> Vec<(Record, usize)>,
}

impl Names<'_> {
    /// Knows nothing beyond the record.
    pub const NONE: Names<'static> = Names { subject: &|_| None, behind: &|_| Vec::new() };
}

/// Returns what the record did to `count` conversations.
pub fn describe(record: &Record, count: usize, names: Names<'_>) -> Description {
    let act = match &record.op {
        Operation::Known(known) => act(known, &record.actor, names),
        Operation::Unknown(_) => Act::Unknown(SafeText::line(record.op.name())),
    };
    Description { actor: record.actor.clone(), act, count }
}

/// Returns what the operation does when `actor` does it.
pub fn act(op: &Known, actor: &Handle, names: Names<'_>) -> Act {
    match op {
        Known::Assign { to: Some(to) } if to == actor => Act::Took,
        Known::Assign { to: Some(to) } => Act::Assigned(to.clone()),
        Known::Assign { to: None } => Act::Unassigned,
        Known::SetStatus { to } => Act::SetStatus(*to),
        Known::Snooze { until: Some(until) } => Act::Snoozed(*until),
        Known::Snooze { until: None } => Act::Woke,
        Known::Tag { add, remove } => Act::Tagged { add: add.clone(), remove: remove.clone() },
        Known::Note { text, .. } => Act::Noted(beginning(text)),
        Known::EditNote { text, .. } => Act::EditedNote(beginning(text)),
        Known::SeenMentions => Act::SawMentions,
        Known::Replied { then, .. } => Act::Replied(*then),
        Known::Title { text } if text.trim().is_empty() => Act::Untitled,
        Known::Title { text } => Act::Titled(beginning(text)),
        Known::Move { inbox, .. } => Act::Moved(inbox.clone()),
        Known::Follow { who, on } => match (who == actor, on) {
            (true, true) => Act::Followed,
            (true, false) => Act::Unfollowed,
            (false, true) => Act::MadeFollower(who.clone()),
            (false, false) => Act::RemovedFollower(who.clone()),
        },
        Known::Merge { into } => Act::Merged((names.subject)(into).map(|subject| beginning(&subject))),
        Known::Split => Act::Split,
        Known::Replying { waiting: Some(since), .. } => Act::AnswerWaits(*since),
        Known::Replying { until, .. } => Act::Replying(*until),
        Known::StopReplying => Act::StoppedReplying,
        Known::Undo { of } => Act::TookBack(took_back(*of, actor, names)),
        Known::SavedReply { name, text } if text.is_empty() => Act::WithdrewReply(SafeText::line(name)),
        Known::SavedReply { name, .. } => Act::SharedReply(SafeText::line(name)),
        Known::HistoryBefore { mailbox, before } => Act::KeptHistory { mailbox: beginning(mailbox), before: *before },
        Known::Team(_) => Act::SetTeam,
        Known::Lease { worker, until, .. } => Act::Leased { worker: beginning(worker), until: *until },
        Known::Runner { host, until, .. } => Act::Ran { host: beginning(host), until: *until },
        Known::Claim { what, .. } => Act::Claimed(beginning(what)),
        Known::Erase { records, messages } => Act::Erased { records: records.len(), messages: messages.len() },
    }
}

/// Returns what taking back `taken` did. Taking back an undo is redoing.
pub fn undone(taken: &[Record], names: Names<'_>) -> Undone {
    let undo = taken.iter().find_map(|record| match record.known() {
        Some(Known::Undo { of }) => Some(*of),
        _ => None,
    });
    let (behind, undos) = match undo {
        Some(of) => {
            let (behind, undos) = root(of, names);
            (behind, undos + 1)
        }
        None => (taken.iter().map(|record| (record.clone(), record.on.len())).collect(), 0),
    };
    let (what, more) = listed(&behind, names);
    Undone { again: !undos.is_multiple_of(2), whose: None, what, more }
}

fn beginning(text: &str) -> SafeText {
    SafeText::line_max(text.trim(), BEGINNING_MAX)
}

/// Returns what an undo took back, or brought back where it undoes an undo.
fn took_back(of: OpId, actor: &Handle, names: Names<'_>) -> Undone {
    let (behind, undos) = root(of, names);
    let whose = behind.first().map(|(first, _)| first.actor.clone()).filter(|first| first != actor);
    let (what, more) = listed(&behind, names);
    Undone { again: !undos.is_multiple_of(2), whose, what, more }
}

/// Returns what stands behind an id once undos are followed to what they undo, and how many undos lie between.
fn root(of: OpId, names: Names<'_>) -> (Vec<(Record, usize)>, usize) {
    let mut behind = (names.behind)(of);
    for undos in 0..UNDOS_MAX {
        let next = behind.iter().find_map(|(record, _)| match record.known() {
            Some(Known::Undo { of }) => Some(*of),
            _ => None,
        });
        match next {
            Some(next) => behind = (names.behind)(next),
            None => return (behind, undos),
        }
    }
    (Vec::new(), 0)
}

/// Returns the first operations of a command, and how many others there are. What can't be taken back is left out.
fn listed(records: &[(Record, usize)], names: Names<'_>) -> (Vec<(Act, usize)>, usize) {
    let mut all: Vec<(Act, usize)> = Vec::new();
    for (record, count) in records {
        let Some(known) = record.known().filter(|known| known.is_undoable()) else { continue };
        let act = act(known, &record.actor, names);
        match all.iter_mut().find(|(old, _)| *old == act) {
            Some((_, sum)) => *sum += count,
            None => all.push((act, *count)),
        }
    }
    let more = all.len().saturating_sub(NAMED_MAX);
    all.truncate(NAMED_MAX);
    (all, more)
}

#[cfg(test)]
#[path = "describe_tests.rs"]
mod tests;
