//! One sentence for each operation: the audit trail, the time line, and the subject of the log's mails.

use crate::model::clock::Timestamp;
use crate::model::ids::Handle;
use crate::model::text::SafeText;
use crate::op::operation::{Known, Operation};
use crate::op::record::Record;

/// How moments are written in sentences: the caller knows the time zone.
pub type SayTime<'a> = &'a dyn Fn(Timestamp) -> String;

/// How many operations of a command the line that tells its undoing names.
const NAMED_MAX: usize = 3;

/// Returns what the record did as a sentence with its actor: `alice assigned this to bob`. No full stop at the end.
pub fn sentence(record: &Record, say: SayTime<'_>) -> SafeText {
    let what = match &record.op {
        Operation::Known(known) => predicate(known, &record.actor, say),
        Operation::Unknown(_) => format!("did something that this version does not know ({})", record.op.name()),
    };
    SafeText::line_max(&format!("{} {what}", record.actor), 400)
}

/// Returns the sentence's second half: `assigned this to bob`.
pub fn predicate(op: &Known, actor: &Handle, say: SayTime<'_>) -> String {
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
        Known::Snooze { until: Some(until) } => format!("snoozed this until {}", say(*until)),
        Known::Snooze { until: None } => "woke this".into(),
        Known::Tag { add, remove } => tags(add, remove),
        Known::Note { text, .. } => format!("noted: {}", beginning(text)),
        Known::EditNote { text, .. } => format!("edited a note: {}", beginning(text)),
        Known::SeenMentions => "has seen the mentions".into(),
        Known::Replied { then: Some(status), .. } => format!("replied and set this to {status}"),
        Known::Replied { then: None, .. } => "replied".into(),
        Known::Title { text } if text.trim().is_empty() => "took the title away".into(),
        Known::Title { text } => format!("titled this {}", beginning(text)),
        Known::Move { inbox, .. } => format!("moved this to {inbox}"),
        Known::Follow { who, on } => match (who == actor, on) {
            (true, true) => "follows this".into(),
            (true, false) => "no longer follows this".into(),
            (false, true) => format!("made {who} a follower"),
            (false, false) => format!("removed the follower {who}"),
        },
        Known::Merge { .. } => "merged this with another conversation".into(),
        Known::Split => "split this off".into(),
        Known::Replying { until } => format!("is replying (until {})", say(*until)),
        Known::StopReplying => "stopped replying".into(),
        Known::Undo { .. } => "took something back".into(),
        Known::SavedReply { name, text } if text.is_empty() => format!("withdrew the saved reply {name}"),
        Known::SavedReply { name, .. } => format!("shared the saved reply {name}"),
        Known::HistoryBefore { mailbox, before } => {
            format!("keeps mail of {} from before {} closed", beginning(mailbox), say(*before))
        }
    }
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

/// Returns what undoing or redoing a command did, for the line that tells it: `undid: closed this (12 conversations)`.
pub fn undo_notice(undone: &[Record], say: SayTime<'_>) -> SafeText {
    let touched: std::collections::BTreeSet<_> = undone.iter().flat_map(|r| &r.on).map(|t| &t.on).collect();
    let all: Vec<String> =
        undone.iter().filter_map(|r| r.known().map(|known| predicate(known, &r.actor, say))).collect();
    // A move out of several inboxes is a record for each.
    let mut all = all;
    all.dedup();
    let mut what: Vec<String> = all.iter().take(NAMED_MAX).cloned().collect();
    if all.len() > NAMED_MAX {
        what.push(format!("and {} more", all.len() - NAMED_MAX));
    }
    let redo = undone.iter().all(|r| matches!(r.known(), Some(Known::Undo { .. })));
    let verb = if redo { "Redid" } else { "Undid" };
    let scope = if touched.len() > 1 { format!(" ({} conversations)", touched.len()) } else { String::new() };
    SafeText::line_max(&format!("{verb}: {}{scope}", what.join(", ")), 200)
}
