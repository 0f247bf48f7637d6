//! One sentence for each operation: the audit trail, the time line, and the subject of the log's mails.

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::operation::{Known, Operation};
use crate::op::record::Record;

/// How moments are written in sentences: the caller knows the time zone.
pub type SayTime<'a> = &'a dyn Fn(Timestamp) -> String;

/// How many operations of a command the line that tells its undoing names.
const NAMED_MAX: usize = 3;
/// How many undos of undos are followed: beyond that the sentence says less.
const UNDOS_MAX: usize = 16;

/// What sentences name beyond the record itself. The caller knows where to look.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// How moments are written.
    pub time: SayTime<'a>,
    /// The subject of a message.
    pub subject: &'a dyn Fn(&MessageId) -> Option<String>,
    /// The records that an id stands for (one, or those of a batch), each with how many conversations it is about; none where they are
    /// not here.
    pub behind: &'a dyn Fn(OpId) -> Vec<(Record, usize)>,
}

impl<'a> Names<'a> {
    /// Knows how moments are written, and nothing else.
    pub fn of_time(time: SayTime<'a>) -> Self {
        Self { time, subject: &|_| None, behind: &|_| Vec::new() }
    }
}

/// Returns what the record did to `count` conversations as a sentence with its actor: `alice assigned this to bob`. No full stop at the
/// end.
pub fn sentence(record: &Record, count: usize, names: Names<'_>) -> SafeText {
    let what = match &record.op {
        Operation::Known(Known::Undo { of }) => took_back(*of, &record.actor, names),
        Operation::Known(known) => about(&told(known, &record.actor, names), count),
        Operation::Unknown(_) => format!("did something that a newer postroom knows ({})", record.op.name()),
    };
    SafeText::line_max(&format!("{} {what}", record.actor), 400)
}

/// Returns the sentence's second half, of one conversation: `assigned this to bob`.
pub fn predicate(op: &Known, actor: &Handle, say: SayTime<'_>) -> String {
    told(op, actor, Names::of_time(say))
}

/// Returns a predicate with the number of conversations in place of `this`: `closed 12 conversations`.
pub fn about(predicate: &str, count: usize) -> String {
    if count < 2 {
        return predicate.to_owned();
    }
    let many = conversations(count);
    // What a person wrote stands behind a colon and is left as it is.
    let own = predicate.split(':').next().unwrap_or(predicate);
    match own.find(" this").map(|at| predicate.split_at(at)) {
        Some((before, rest)) => format!("{before} {many}{}", rest.strip_prefix(" this").unwrap_or(rest)),
        None => format!("{predicate} ({many})"),
    }
}

/// Says a number of conversations: `10,000 conversations`.
pub fn conversations(count: usize) -> String {
    let noun = if count == 1 { "conversation" } else { "conversations" };
    format!("{} {noun}", grouped(count))
}

/// Writes a number with its thousands set apart: `10,000`.
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns the sentence's second half with all that can be named.
pub fn told(op: &Known, actor: &Handle, names: Names<'_>) -> String {
    match op {
        Known::Assign { to: Some(to) } if to == actor => "took this".into(),
        Known::Assign { to: Some(to) } => format!("assigned this to {to}"),
        Known::Assign { to: None } => "unassigned this".into(),
        Known::SetStatus { to } => match to {
            crate::model::status::Status::Open => "opened this".into(),
            crate::model::status::Status::InProgress => "started on this".into(),
            crate::model::status::Status::Waiting => "set this to waiting".into(),
            crate::model::status::Status::Closed => "closed this".into(),
        },
        Known::Snooze { until: Some(until) } => format!("snoozed this until {}", (names.time)(*until)),
        Known::Snooze { until: None } => "woke this".into(),
        Known::Tag { add, remove } => tags(add, remove),
        Known::Note { text, .. } => format!("noted: {}", beginning(text)),
        Known::EditNote { text, .. } => format!("edited a note: {}", beginning(text)),
        Known::SeenMentions => "saw the notes that mention them".into(),
        Known::Replied { then: Some(status), .. } => format!("replied and set this to {status}"),
        Known::Replied { then: None, .. } => "replied".into(),
        Known::Title { text } if text.trim().is_empty() => "took the title away".into(),
        Known::Title { text } => format!("titled this {}", beginning(text)),
        Known::Move { inbox, .. } => format!("moved this to {inbox}"),
        Known::Follow { who, on } => match (who == actor, on) {
            (true, true) => "followed this".into(),
            (true, false) => "stopped following this".into(),
            (false, true) => format!("made {who} a follower"),
            (false, false) => format!("removed the follower {who}"),
        },
        Known::Merge { into } => match (names.subject)(into) {
            Some(subject) => format!("merged this into \"{}\"", beginning(&subject)),
            None => "merged this with another conversation".into(),
        },
        Known::Split => "split this off".into(),
        Known::Replying { until } => format!("is replying (until {})", (names.time)(*until)),
        Known::StopReplying => "stopped replying".into(),
        Known::Undo { of } => took_back(*of, actor, names),
        Known::SavedReply { name, text } if text.is_empty() => format!("withdrew the saved reply {name}"),
        Known::SavedReply { name, .. } => format!("shared the saved reply {name}"),
        Known::HistoryBefore { mailbox, before } => {
            format!("keeps mail of {} from before {} closed", beginning(mailbox), (names.time)(*before))
        }
    }
}

/// Returns what the operation would do, in the words of [`told`] but with its verbs as yet to be done: `close this`.
pub fn planned(op: &Known, actor: &Handle, names: Names<'_>) -> String {
    let told = told(op, actor, names);
    let (first, rest) = told
        .split_once([' ', ':'])
        .map_or((told.as_str(), ""), |(first, _)| (first, told.get(first.len()..).unwrap_or_default()));
    let verb = match first {
        "took" => "take",
        "began" => "begin",
        "woke" => "wake",
        "set" => "set",
        "split" => "split",
        "made" => "make",
        "stopped" => "stop",
        "closed" | "noted" | "merged" | "moved" | "titled" | "removed" | "snoozed" | "shared" => {
            first.strip_suffix('d').unwrap_or(first)
        }
        "tagged" => "tag",
        "saw" => "see",
        "is" => "be",
        "replied" => "reply",
        other => other.strip_suffix("ed").unwrap_or(other),
    };
    // Only tags come off in the same sentence as they go on, and what a person wrote has no part in that one.
    let rest = match op {
        Known::Tag { .. } => rest.replace(" and took ", " and take "),
        _ => rest.to_owned(),
    };
    format!("{verb}{rest}")
}

fn tags(
    add: &std::collections::BTreeSet<crate::model::ids::Tag>,
    remove: &std::collections::BTreeSet<crate::model::ids::Tag>,
) -> String {
    let list = |set: &std::collections::BTreeSet<crate::model::ids::Tag>| {
        set.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ")
    };
    match (add.is_empty(), remove.is_empty()) {
        (false, true) => format!("tagged this {}", list(add)),
        (true, false) => format!("took {} off", list(remove)),
        (false, false) => format!("tagged this {} and took {} off", list(add), list(remove)),
        (true, true) => "tagged this with nothing".into(),
    }
}

fn beginning(text: &str) -> String {
    SafeText::line_max(text.trim(), 120).to_string()
}

/// Says what an undo took back, or brought back where it undoes an undo: `took back: closed this`.
fn took_back(of: OpId, actor: &Handle, names: Names<'_>) -> String {
    let (behind, undos) = root(of, names);
    if behind.is_empty() {
        return "took something back".into();
    }
    let verb = if undos.is_multiple_of(2) { "took back" } else { "brought back" };
    let whose = match behind.first() {
        Some((first, _)) if first.actor != *actor => format!(" what {} did", first.actor),
        _ => String::new(),
    };
    format!("{verb}{whose}: {}", listed(&behind, names))
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

/// Names the first operations of a command, and counts the others. What can't be taken back is left out.
fn listed(records: &[(Record, usize)], names: Names<'_>) -> String {
    let mut all: Vec<(String, usize)> = Vec::new();
    for (record, count) in records {
        let Some(known) = record.known().filter(|known| known.is_undoable()) else { continue };
        let said = told(known, &record.actor, names);
        match all.iter_mut().find(|(old, _)| *old == said) {
            Some((_, sum)) => *sum += count,
            None => all.push((said, *count)),
        }
    }
    let mut what: Vec<String> = all.iter().take(NAMED_MAX).map(|(said, count)| about(said, *count)).collect();
    if all.len() > NAMED_MAX {
        what.push(format!("and {} more", all.len() - NAMED_MAX));
    }
    what.join(", ")
}

/// Returns what taking back `taken` did, for the line that tells it: `Undid: closed 12 conversations`. Taking back an undo is redoing.
pub fn undo_notice(taken: &[Record], names: Names<'_>) -> SafeText {
    let undone = taken.iter().find_map(|record| match record.known() {
        Some(Known::Undo { of }) => Some(*of),
        _ => None,
    });
    let (behind, undos) = match undone {
        Some(of) => {
            let (behind, undos) = root(of, names);
            (behind, undos + 1)
        }
        None => (taken.iter().map(|record| (record.clone(), record.on.len())).collect(), 0),
    };
    let verb = if undos.is_multiple_of(2) { "Undid" } else { "Redid" };
    SafeText::line_max(&format!("{verb}: {}", listed(&behind, names)), 200)
}

#[cfg(test)]
#[path = "describe_tests.rs"]
mod tests;
