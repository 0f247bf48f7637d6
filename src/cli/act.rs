//! Conversations and changes to operations, operations to the store, and what came of it to the person.

use std::collections::BTreeSet;

use super::args::Format;
use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::json::{DoneJson, RefusedJson};
use super::output::Output;
use super::{remote, targets};
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::op::operation::{Known, Target, mentions_in};
use crate::op::record::NewOperation;

/// What is to be done to each conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// The assignee; `Some(None)` takes it from whoever has it.
    pub assign: Option<Option<Handle>>,
    /// Tags to put on.
    pub add: BTreeSet<Tag>,
    /// Tags to take off.
    pub remove: BTreeSet<Tag>,
    /// The status.
    pub status: Option<Status>,
    /// A note.
    pub note: Option<String>,
    /// Until when to sleep; `Some(None)` wakes.
    pub snooze: Option<Option<Timestamp>>,
    /// The title.
    pub title: Option<String>,
    /// The inbox.
    pub inbox: Option<InboxId>,
}

impl Changes {
    /// Returns the operations that a conversation still needs: what is so already is left out, so that a script may run twice.
    pub fn needed(&self, row: &ConversationRow) -> Vec<Known> {
        let mut ops = Vec::new();
        if let Some(text) = &self.note {
            ops.push(Known::Note { text: text.clone(), mentions: mentions_in(text) });
        }
        if let Some(to) = &self.assign
            && row.assignee != *to
        {
            ops.push(Known::Assign { to: to.clone() });
        }
        let on = |tag: &Tag| row.tags.contains(tag);
        let add: BTreeSet<Tag> = self.add.iter().filter(|tag| !on(tag)).cloned().collect();
        let remove: BTreeSet<Tag> = self.remove.iter().filter(|tag| on(tag)).cloned().collect();
        if !(add.is_empty() && remove.is_empty()) {
            ops.push(Known::Tag { add, remove });
        }
        if let Some(to) = self.status
            && (row.status != to || (row.snoozed_until.is_some() && self.snooze.is_none()))
        {
            ops.push(Known::SetStatus { to });
        }
        if let Some(until) = self.snooze
            && row.snoozed_until != until
        {
            ops.push(Known::Snooze { until });
        }
        if let Some(text) = &self.title
            && row.title.as_str() != text.trim()
        {
            ops.push(Known::Title { text: text.trim().to_owned() });
        }
        if let Some(inbox) = &self.inbox
            && row.inbox != *inbox
        {
            ops.push(Known::Move { inbox: inbox.clone(), from: None });
        }
        ops
    }
}

/// An operation for one conversation.
pub type Step = (ConversationRow, Target, Known);

/// Does the changes to the conversations that the arguments mean.
///
/// # Errors
/// When the arguments can't be read, or the store or the server fails.
pub fn change(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    given: &[String],
    changes: &Changes,
) -> Result<Exit, UserError> {
    let steps = steps(desk, given, changes)?;
    match steps {
        None => nothing(out),
        Some(steps) => carry_out(around, desk, out, steps),
    }
}

/// Says that nothing matched.
pub fn nothing(out: &mut Output) -> Result<Exit, UserError> {
    out.talk("nothing matched");
    Ok(Exit::Nothing)
}

/// Returns the operations that the changes come to; `None` where no conversation matched.
///
/// # Errors
/// When the arguments can't be read, or the store fails.
pub fn steps(desk: &Desk, given: &[String], changes: &Changes) -> Result<Option<Vec<Step>>, UserError> {
    let ids = targets::find(desk, given)?;
    if ids.is_empty() {
        return Ok(None);
    }
    let mut steps = Vec::new();
    for (row, target) in desk.store.targets(&ids)? {
        for op in changes.needed(&row) {
            steps.push((row.clone(), for_op(&target, &op), op));
        }
    }
    Ok(Some(steps))
}

/// Keeps of a target what the operation reads.
pub fn for_op(target: &Target, op: &Known) -> Target {
    Target {
        on: target.on.clone(),
        as_of: target.as_of.clone().filter(|_| op.covers_messages()),
        expect: target.expect.clone().filter(|_| matches!(op, Known::Assign { .. })),
    }
}

/// Commits the steps as one command, tells what came of it, and brings it to the server.
///
/// # Errors
/// When the store fails. A server that fails is told, with exit code 3.
pub fn carry_out(around: &Surroundings, desk: &Desk, out: &mut Output, steps: Vec<Step>) -> Result<Exit, UserError> {
    if steps.is_empty() {
        out.talk("nothing to change: it is so already");
        return Ok(Exit::Done);
    }
    let mut rows: Vec<ConversationRow> = Vec::new();
    let mut claims: Vec<(usize, Option<Handle>)> = Vec::new();
    let mut operations: Vec<NewOperation> = Vec::new();
    let mut seen = std::collections::HashMap::new();
    let mut grouped: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    for (row, target, op) in steps {
        let at = *seen.entry(row.id.clone()).or_insert_with(|| {
            rows.push(row);
            rows.len() - 1
        });
        if let Known::Assign { to } = &op {
            claims.push((at, to.clone()));
        }
        let key = serde_json::to_string(&op).unwrap_or_default();
        let group = *grouped.entry(key).or_insert(operations.len());
        match operations.get_mut(group) {
            Some(group) => group.on.push(target),
            None => operations.push(NewOperation::new(op, vec![target])),
        }
    }
    let committed = desk.store.commit(operations)?;
    // Conversations keep their place: `rows` answers in the order of the ids.
    let ids: Vec<_> = rows.iter().map(|row| row.id.clone()).collect();
    let now = desk.store.rows(&ids)?;
    // What was merged away is told as it was.
    let after: Vec<ConversationRow> =
        rows.iter().map(|row| now.iter().find(|now| now.id == row.id).unwrap_or(row).clone()).collect();
    let lost: Vec<&ConversationRow> = if committed.lost.is_empty() {
        Vec::new()
    } else {
        let wanted = |at: usize| rows.get(at).and_then(|row| after.iter().find(|now| now.id == row.id));
        claims.iter().filter_map(|(at, to)| wanted(*at).filter(|now| now.assignee != *to)).collect()
    };
    let said: Vec<SafeText> =
        committed.records.iter().map(|r| crate::op::describe::sentence(r, &|at| desk.time(at))).collect();
    tell(out, &after, &said, &committed.records, &lost);
    let exit = if lost.is_empty() { Exit::Done } else { Exit::Precondition };
    remote::bring(around, desk, out, exit)
}

fn tell(
    out: &mut Output,
    rows: &[ConversationRow],
    said: &[SafeText],
    records: &[crate::op::Record],
    lost: &[&ConversationRow],
) {
    match out.format() {
        Format::Json => {
            out.json(&DoneJson::new(rows, records, said));
            lost.iter().for_each(|row| out.json(&RefusedJson::claim(row)));
        }
        Format::Ids => rows.iter().for_each(|row| out.line(&SafeText::line(row.id.as_str()))),
        Format::Table => {}
    }
    let scope = match rows {
        [one] => format!("{} {}", one.short, one.title),
        many => format!("{} conversations", many.len()),
    };
    for sentence in said.iter().collect::<BTreeSet<_>>() {
        out.talk(&format!("{sentence} · {scope}"));
    }
    for row in lost {
        let holder = row.assignee.as_ref().map_or_else(|| "nobody".to_owned(), Handle::to_string);
        out.warn(&format!("{} is not yours: {holder} has it · {}", row.short, row.title));
    }
}
