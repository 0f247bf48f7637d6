//! Conversations and changes to operations, operations to the store, and what came of it to the person.

use std::collections::{BTreeSet, HashMap};

use super::desk::{Desk, Surroundings};
use super::dry::{self, Dry};
use super::exit::Exit;
use super::global::Format;
use super::json::{DoneJson, RefusedJson};
use super::output::Output;
use super::plan::Step;
use super::{remote, targets};
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, MessageId, Tag};
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::op::describe::Names;
use crate::op::operation::{Known, Target, mentions_in};
use crate::op::record::{NewOperation, Record};

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
            && (row.status != to || row.bounced || (row.snoozed_until.is_some() && self.snooze.is_none()))
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
    dry: Dry,
) -> Result<Exit, UserError> {
    let steps = steps(desk, given, changes)?;
    match steps {
        None => nothing(out),
        Some(steps) => carry_out(around, desk, out, steps, dry),
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

/// Commits the steps as one command, tells what came of it, and brings it to the server. A dry run only prints them.
///
/// # Errors
/// When the store fails. A server that fails is told, with exit code 3.
pub fn carry_out(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    steps: Vec<Step>,
    dry: Dry,
) -> Result<Exit, UserError> {
    if steps.is_empty() {
        out.talk("nothing to change: it is so already");
        return Ok(Exit::Done);
    }
    if dry.run {
        return Ok(dry::show(desk, out, &steps));
    }
    let mut rows: Vec<ConversationRow> = Vec::new();
    let mut claims: Vec<(usize, Option<Handle>)> = Vec::new();
    let mut operations: Vec<NewOperation> = Vec::new();
    let mut seen = HashMap::new();
    let mut grouped: HashMap<String, usize> = HashMap::new();
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
    // Words about a bulk name none of its conversations, and what was claimed is read when the server has it.
    let unnamed = out.format() == Format::Table && committed.records.iter().all(|record| record.on.len() > 1);
    let settled = if committed.lost.is_empty() && (unnamed || !claims.is_empty()) {
        Settled { rows, lost: Vec::new(), told: false }
    } else {
        settle(desk, rows, &claims)?
    };
    if claims.is_empty() || !settled.lost.is_empty() {
        tell(desk, out, &committed.records, &settled)?;
        let exit = if settled.lost.is_empty() { Exit::Done } else { Exit::Precondition };
        return remote::bring(around, desk, out, exit);
    }
    // Whether a claim holds is known when the server has it.
    let exit = remote::bring(around, desk, out, Exit::Done)?;
    let settled = Settled { told: true, ..settle(desk, settled.rows, &claims)? };
    tell(desk, out, &committed.records, &settled)?;
    Ok(exit)
}

/// How the conversations of a command stand after it.
struct Settled {
    rows: Vec<ConversationRow>,
    /// Those among them that were claimed and are somebody else's.
    lost: Vec<ConversationRow>,
    /// Whether the losses were told already.
    told: bool,
}

/// Reads the conversations anew, each at its place.
fn settle(desk: &Desk, before: Vec<ConversationRow>, claims: &[(usize, Option<Handle>)]) -> Result<Settled, UserError> {
    let ids: Vec<_> = before.iter().map(|row| row.id.clone()).collect();
    let mut now: HashMap<_, _> = desk.store.rows(&ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let lost = claims.iter().filter_map(|(at, to)| {
        let row = now.get(&before.get(*at)?.id)?;
        (row.assignee != *to).then(|| row.clone())
    });
    let lost = lost.collect();
    // What was merged away is told as it was.
    let rows = before.into_iter().map(|row| now.remove(&row.id).unwrap_or(row)).collect();
    Ok(Settled { rows, lost, told: false })
}

/// Says of each operation to how many conversations it was done.
fn sentences(desk: &Desk, records: &[Record], settled: &Settled) -> Result<Vec<SafeText>, UserError> {
    let time = |at| desk.time(at);
    let subject = |id: &MessageId| desk.store.message_subject(id).ok().flatten();
    let names = Names { time: &time, subject: &subject, behind: &|_| Vec::new() };
    let mut said: Vec<(&Record, usize)> = Vec::new();
    for record in records {
        let lost = if matches!(record.known(), Some(Known::Assign { .. })) { settled.lost.len() } else { 0 };
        match said.iter_mut().find(|(first, _)| first.op == record.op) {
            Some((_, count)) => *count += record.on.len(),
            None => said.push((record, record.on.len().saturating_sub(lost))),
        }
    }
    let mut all = Vec::with_capacity(said.len());
    for (record, count) in said.into_iter().filter(|(_, count)| *count > 0) {
        let mut sentence = crate::op::describe::sentence(record, count, names);
        if count == 1 {
            let only = match (settled.rows.as_slice(), record.on.as_slice()) {
                ([row], _) => Some(row.id.clone()),
                (_, [target]) => desk.store.conversation_of(&target.on)?,
                // Of a claim of several only one was not lost.
                _ => None,
            };
            let row = only.and_then(|id| settled.rows.iter().find(|row| row.id == id));
            if let Some(row) = row {
                sentence = SafeText::line(&format!("{sentence} · {} {}", row.short, row.title));
            }
        }
        all.push(sentence);
    }
    Ok(all)
}

fn tell(desk: &Desk, out: &mut Output, records: &[Record], settled: &Settled) -> Result<(), UserError> {
    match out.format() {
        Format::Json => {
            let time = |at| desk.time(at);
            let names = Names::of_time(&time);
            let said: Vec<SafeText> =
                records.iter().map(|r| crate::op::describe::sentence(r, r.on.len(), names)).collect();
            out.json(&DoneJson::new(&settled.rows, records, &said));
            settled.lost.iter().filter(|_| !settled.told).for_each(|row| out.json(&RefusedJson::claim(row)));
        }
        Format::Ids => settled.rows.iter().for_each(|row| out.line(&SafeText::line(row.id.as_str()))),
        Format::Table => {}
    }
    for sentence in sentences(desk, records, settled)? {
        out.talk(sentence.as_str());
    }
    for row in settled.lost.iter().filter(|_| !settled.told) {
        let holder = row.assignee.as_ref().map_or_else(|| "nobody".to_owned(), Handle::to_string);
        out.warn(&format!("{} is not yours: {holder} has it · {}", row.short, row.title));
    }
    Ok(())
}
