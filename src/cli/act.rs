//! Arguments and wishes to the service, and what came of it to the person.

use std::collections::HashMap;

use super::desk::{Desk, Surroundings};
use super::dry::{self, Dry};
use super::exit::Exit;
use super::global::Format;
use super::json::{DoneJson, RefusedJson};
use super::output::Output;
use super::targets::Use;
use super::{remote, targets};
use crate::error::UserError;
use crate::model::ids::{ConversationId, Handle, MessageId};
use crate::model::phrase::Phrase;
use crate::model::shown::Shown;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::op::describe::{Names, describe};
use crate::op::operation::Known;
use crate::op::outcome::{LeftOut, WhyNot};
use crate::op::record::Record;
use crate::op::wish::Wish;
use crate::service::triage::{self, Plan};
use crate::store::looks;
use crate::text;

/// So many conversations may take over a second.
const MANY: usize = 1000;

/// What a verb that changes conversations asks for.
#[derive(Clone, Debug)]
pub struct Request {
    /// The conversations that its arguments mean, as they were shown.
    pub shown: Vec<Shown>,
    /// What is to be so with them.
    pub wishes: Vec<Wish>,
    /// The key under which each gets its note once.
    pub once: Option<String>,
    /// What it does to what is new to the agent in them.
    pub looks: Looks,
    /// Whether it is done, and to how many.
    pub dry: Dry,
}

/// What a verb does to what is new to the agent: that is kept in the store alone, and no record says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// It stays as it is.
    Stay,
    /// It was looked at, as far as it was shown.
    Done,
    /// The newest mail waits for a look again.
    Again,
}

impl Request {
    /// Makes one of arguments that mean conversations.
    ///
    /// # Errors
    /// As [`targets::shown`].
    pub fn of(desk: &Desk, given: &[String], wishes: Vec<Wish>, dry: Dry) -> Result<Self, UserError> {
        Ok(Self { shown: targets::shown(desk, given, Use::Change)?, wishes, once: None, looks: Looks::Stay, dry })
    }

    /// Works out what it comes to.
    ///
    /// # Errors
    /// As [`triage::plan`].
    pub fn plan(&self, desk: &Desk) -> Result<Plan, UserError> {
        let plan = triage::plan(&desk.store, &self.shown, &self.wishes)?;
        match &self.once {
            Some(key) => plan.once(&desk.store, key),
            None => Ok(plan),
        }
    }

    /// Keeps what was looked at, or is to be looked at again. Returns of how many conversations; `None` where that is not asked for, or
    /// nothing of them was news.
    ///
    /// # Errors
    /// When the store can't be read or written.
    pub fn look(&self, desk: &Desk) -> Result<Option<usize>, UserError> {
        match self.looks {
            Looks::Stay => Ok(None),
            Looks::Done => Ok(desk.store.look(&looks(&self.shown))?.map(|_| self.shown.len())),
            Looks::Again => {
                let ids: Vec<ConversationId> = self.shown.iter().map(|shown| shown.id.clone()).collect();
                Ok(Some(desk.store.mark_unread(&ids)?.0))
            }
        }
    }

    /// Says of how many conversations that was kept.
    pub fn looked(&self, count: usize) -> String {
        match self.looks {
            Looks::Again => say!("marked-unread", count = count),
            _ => say!("marked-looked-at", count = count),
        }
    }
}

/// Does what a verb asks for, where it means any conversations.
///
/// # Errors
/// When it is out of bounds, or the store or the server fails.
pub fn change(around: &Surroundings, desk: &Desk, out: &mut Output, request: &Request) -> Result<Exit, UserError> {
    if !request.dry.admits(out, request.shown.len())? {
        return Ok(Exit::Nothing);
    }
    if request.shown.is_empty() {
        return nothing(out);
    }
    if request.shown.len() >= MANY {
        out.progress(&say!("told-changing", count = request.shown.len()));
    }
    let plan = request.plan(desk)?;
    let looked = if request.dry.run { None } else { request.look(desk)? };
    match looked {
        Some(count) if plan.steps.is_empty() && plan.left_out.is_empty() => {
            out.talk(&request.looked(count));
            Ok(if count == 0 { Exit::Nothing } else { Exit::Done })
        }
        _ => carry_out(around, desk, out, plan, request.dry),
    }
}

/// Says that nothing matched.
pub fn nothing(out: &mut Output) -> Result<Exit, UserError> {
    out.talk(&say!("told-nothing-matched"));
    Ok(Exit::Nothing)
}

/// Commits the plan as one command, tells what came of it, and brings it to the server. A dry run only prints it.
///
/// # Errors
/// When the store fails. A server that fails is told, with exit code 3.
pub fn carry_out(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    plan: Plan,
    dry: Dry,
) -> Result<Exit, UserError> {
    tell_left_out(out, &plan.left_out);
    let left = if plan.left_out.is_empty() { Exit::Done } else { Exit::Precondition };
    if plan.steps.is_empty() {
        if left == Exit::Done {
            out.talk(&say!("told-so-already"));
        }
        return Ok(left);
    }
    if dry.run {
        return Ok(left.or_worse(dry::show(desk, out, &plan.steps)));
    }
    let rows = plan.rows();
    let mut claims: Vec<(ConversationId, Option<Handle>)> = Vec::new();
    for step in &plan.steps {
        if let Known::Assign { to } = &step.op {
            claims.push((step.row.id.clone(), to.clone()));
        }
    }
    let outcome = plan.carry_out(&desk.store)?;
    if outcome.applied > 0 {
        out.talk(&say!("told-applied-already", count = outcome.applied));
    }
    if outcome.records.is_empty() {
        return Ok(left.or_worse(remote::bring(around, desk, out, Exit::Done)?));
    }
    // Words about a bulk name none of its conversations, and what was claimed is read when the server has it.
    let unnamed = out.format() == Format::Table && outcome.records.iter().all(|record| record.on.len() > 1);
    let settled = if outcome.lost.is_empty() && (unnamed || !claims.is_empty()) {
        Settled { rows, lost: Vec::new() }
    } else {
        settle(desk, rows, &claims)?
    };
    if claims.is_empty() || !settled.lost.is_empty() {
        tell(desk, out, &outcome.records, &settled)?;
        let exit = if settled.lost.is_empty() { Exit::Done } else { Exit::Precondition };
        return Ok(left.or_worse(remote::bring(around, desk, out, exit)?));
    }
    // Whether a claim holds is known when the server has it.
    let exit = remote::bring(around, desk, out, Exit::Done)?;
    let settled = settle(desk, settled.rows, &claims)?;
    tell(desk, out, &outcome.records, &settled)?;
    // The pass over the log may have been another process's, which told of the loss there.
    let exit = if settled.lost.is_empty() { exit } else { Exit::Precondition };
    Ok(left.or_worse(exit))
}

/// Says what was not done, and why.
pub fn tell_left_out(out: &mut Output, left_out: &[LeftOut]) {
    for left in left_out {
        let why = left.why.phrase();
        let what_now = match &left.why {
            WhyNot::LaterMail(_) => phrase!("hint-later-mail"),
            WhyNot::Gone => phrase!("hint-gone"),
        };
        if out.format() == Format::Json {
            out.json(&RefusedJson::new(Some(left.conversation.as_str()), left.operation, &why));
        }
        let left_out = say!("told-left-out", what = &left.short, why = why, hint = what_now);
        out.warn(&format!("{left_out} · {}", text::titled(left.title.as_str())));
    }
}

/// How the conversations of a command stand after it.
pub struct Settled {
    /// They, each at its place.
    pub rows: Vec<ConversationRow>,
    /// Those among them that were claimed and are somebody else's.
    pub lost: Vec<ConversationRow>,
}

/// Reads the conversations anew, each at its place.
///
/// # Errors
/// When the store can't be read.
pub fn settle(
    desk: &Desk,
    before: Vec<ConversationRow>,
    claims: &[(ConversationId, Option<Handle>)],
) -> Result<Settled, UserError> {
    let ids: Vec<_> = before.iter().map(|row| row.id.clone()).collect();
    let mut now: HashMap<_, _> = desk.store.rows(&ids)?.into_iter().map(|row| (row.id.clone(), row)).collect();
    let lost = claims.iter().filter_map(|(id, to)| {
        let row = now.get(id)?;
        (row.assignee != *to).then(|| row.clone())
    });
    let lost = lost.collect();
    // What was merged away is told as it was.
    let rows = before.into_iter().map(|row| now.remove(&row.id).unwrap_or(row)).collect();
    Ok(Settled { rows, lost })
}

/// Says of each operation to how many conversations it was done.
///
/// # Errors
/// When the store can't be read.
pub fn sentences(desk: &Desk, records: &[Record], settled: &Settled) -> Result<Vec<SafeText>, UserError> {
    let time = |at| desk.time(at);
    let subject = |id: &MessageId| desk.store.message_subject(id).ok().flatten();
    let names = Names { subject: &subject, behind: &|_| Vec::new() };
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
        let mut sentence = text::sentence(&describe(record, count, names), &time);
        if count == 1 {
            let only = match (settled.rows.as_slice(), record.on.as_slice()) {
                ([row], _) => Some(row.id.clone()),
                (_, [target]) => desk.store.conversation_of(&target.on)?,
                // Of a claim of several only one was not lost.
                _ => None,
            };
            let row = only.and_then(|id| settled.rows.iter().find(|row| row.id == id));
            if let Some(row) = row {
                sentence = SafeText::line(&format!("{sentence} · {} {}", row.short, text::titled(row.title.as_str())));
            }
        }
        all.push(sentence);
    }
    Ok(all)
}

fn tell(desk: &Desk, out: &mut Output, records: &[Record], settled: &Settled) -> Result<(), UserError> {
    match out.format() {
        Format::Json => {
            out.json(&DoneJson::new(&settled.rows, records, &in_english(desk, records)));
            for row in settled.lost.iter().filter(|row| !out.has_told(&row.id)).collect::<Vec<_>>() {
                out.json(&RefusedJson::new(Some(row.id.as_str()), "assign", &holder(row)));
            }
        }
        Format::Ids => settled.rows.iter().for_each(|row| out.line(&SafeText::line(row.id.as_str()))),
        Format::Table => {}
    }
    for sentence in sentences(desk, records, settled)? {
        out.talk(sentence.as_str());
    }
    for row in settled.lost.iter().filter(|row| !out.has_told(&row.id)).collect::<Vec<_>>() {
        let lost = say!("told-not-yours", what = &row.short, why = holder(row));
        out.warn(&format!("{lost} · {}", text::titled(row.title.as_str())));
    }
    Ok(())
}

/// Says in English what records did, one by one.
pub fn in_english(desk: &Desk, records: &[Record]) -> Vec<SafeText> {
    let time = |at| desk.time(at);
    records.iter().map(|r| text::english_sentence(&describe(r, r.on.len(), Names::NONE), &time)).collect()
}

/// Says who has a conversation.
pub fn holder(row: &ConversationRow) -> Phrase {
    match &row.assignee {
        Some(who) => phrase!("somebody-has-it", who = who.as_str()),
        None => phrase!("nobody-has-it"),
    }
}
