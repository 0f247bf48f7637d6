//! What came of a line of a batch, and how that is told.

use schemars::JsonSchema;
use serde::Serialize;

use super::line::{Typed, verb_of};
use crate::cli::act::{self, Settled};
use crate::cli::desk::Desk;
use crate::cli::error_json::ErrorJson;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::{DoneOperation, RefusedJson, SCHEMA};
use crate::cli::output::Output;
use crate::cli::verbs::undo;
use crate::error::{ErrorKind, UserError};
use crate::model::change::Change;
use crate::model::ids::{ConversationId, Handle, OpId};
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::op::operation::Known;
use crate::op::outcome::LeftOut;
use crate::op::record::Record;
use crate::service::triage::{Plan, Step};
use crate::store::{Takeback, Undone};

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// It was done.
    Done,
    /// It was so already.
    Already,
    /// Nothing matched.
    Nothing,
    /// It was only to be shown.
    Planned,
    /// Some of it, or all, was left out or lost to somebody who was faster.
    Partly,
    /// It can't be read, or not be done.
    Failed,
    /// It could have been done, and was not since another line failed.
    HeldBack,
}

/// What came of a line.
#[derive(Clone, Debug)]
pub struct Told {
    /// The line's number, from 1.
    pub number: usize,
    verb: String,
    /// How it ended, but for what was left out or lost.
    pub way: Way,
    /// Why it failed.
    pub error: Option<UserError>,
    /// The conversations that it means.
    pub meant: Vec<ConversationId>,
    /// What it would do, where that is only to be shown.
    pub steps: Vec<Step>,
    /// What was left out, and why.
    pub left_out: Vec<LeftOut>,
    /// Claims: of which conversation, and for whom.
    pub claims: Vec<(ConversationId, Option<Handle>)>,
    /// Claims that were lost, and to whom.
    pub lost: Vec<(ConversationRow, Phrase)>,
    /// Conversations of which something was taken back.
    pub taken_back: Vec<ConversationId>,
    records: Vec<Record>,
    rows: Vec<ConversationId>,
    said: Vec<SafeText>,
}

impl Told {
    /// Begins with nothing done.
    pub fn new(line: &Typed, verb: String) -> Self {
        Self {
            number: line.number,
            verb,
            way: Way::Done,
            error: None,
            meant: Vec::new(),
            steps: Vec::new(),
            left_out: Vec::new(),
            claims: Vec::new(),
            lost: Vec::new(),
            taken_back: Vec::new(),
            records: Vec::new(),
            rows: Vec::new(),
            said: Vec::new(),
        }
    }

    /// Makes what is told of a line that failed.
    pub fn failed(line: &Typed, error: UserError) -> Self {
        Self { way: Way::Failed, error: Some(error), ..Self::new(line, verb_of(&line.text)) }
    }

    /// Returns it as of a batch of which nothing was done.
    pub fn held_back(self) -> Self {
        if self.has_failed() || self.way == Way::Nothing {
            return Self { records: Vec::new(), rows: Vec::new(), ..self };
        }
        Self { way: Way::HeldBack, records: Vec::new(), rows: Vec::new(), said: Vec::new(), ..self }
    }

    /// Tells whether not all of it could be done.
    pub fn has_failed(&self) -> bool {
        self.error.is_some() || !self.left_out.is_empty() || !self.lost.is_empty()
    }

    /// Returns what the verb alone would have ended with.
    pub fn exit(&self) -> Exit {
        match (&self.error, self.way) {
            (Some(error), _) => Exit::from(error.kind),
            _ if self.has_failed() => Exit::Precondition,
            (None, Way::Nothing) => Exit::Nothing,
            (None, _) => Exit::Done,
        }
    }

    /// Says which line it is.
    pub fn place(&self) -> Phrase {
        phrase!("batch-line", line = self.number.to_string())
    }

    /// Carries out a plan, and keeps what is to be said of it.
    ///
    /// # Errors
    /// When the store refuses it, or can't be written.
    pub fn carry_out(mut self, desk: &Desk, plan: Plan) -> Result<Self, UserError> {
        let rows = plan.rows();
        for step in &plan.steps {
            if let Known::Assign { to } = &step.op {
                self.claims.push((step.row.id.clone(), to.clone()));
            }
        }
        let outcome = plan.carry_out(&desk.store)?;
        let Settled { rows, .. } = act::settle(desk, rows, &[])?;
        self.rows = rows.iter().map(|row| row.id.clone()).collect();
        self.said = act::sentences(desk, &outcome.records, &Settled { rows, lost: Vec::new() })?;
        self.records = outcome.records;
        if self.records.is_empty() {
            self.way = Way::Already;
        }
        Ok(self)
    }

    /// Returns it as of a line that wrote no record, but kept what was looked at.
    pub fn looked(self, request: &act::Request, count: usize) -> Self {
        let said = vec![SafeText::line(&request.looked(count))];
        match count {
            0 => Self { way: Way::Nothing, said, ..self },
            _ => Self { rows: self.meant.clone(), said, ..self },
        }
    }

    /// Takes back the last thing, or this.
    ///
    /// # Errors
    /// When it can't be taken back, or the store can't be written.
    pub fn undone(self, desk: &Desk, of: Option<String>) -> Result<Self, UserError> {
        match undo::take_back(desk, of.as_deref())? {
            None => Ok(Self { way: Way::Nothing, said: vec![SafeText::line(&say!("nothing-to-undo"))], ..self }),
            Some(Takeback::Done(undone)) => Ok(self.took_back(desk, *undone)),
            Some(Takeback::Already(what)) => {
                let said = SafeText::line(&say!("told-undone-already", what = &what));
                Ok(Self { way: Way::Already, said: vec![said], ..self })
            }
            Some(Takeback::Unknown) => {
                let what = phrase!("told-no-operation", id = of.unwrap_or_default());
                Err(UserError::new(ErrorKind::Nothing, what))
            }
            Some(Takeback::Never(what)) => {
                let what = phrase!("take-back-never", what = &what);
                Err(UserError::new(ErrorKind::Precondition, what))
            }
        }
    }

    /// Brings back what the last undo took back.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn redone(self, desk: &Desk) -> Result<Self, UserError> {
        Ok(match desk.store.redo()? {
            Some(redone) => self.took_back(desk, redone),
            None => Self { way: Way::Nothing, said: vec![SafeText::line(&say!("nothing-to-redo"))], ..self },
        })
    }

    fn took_back(self, desk: &Desk, undone: Undone) -> Self {
        let notice = undone.named_notice(&desk.zone);
        let touched: Vec<ConversationId> = match undone.committed.change {
            Change::Conversations(ids) => ids.into_iter().collect(),
            _ => Vec::new(),
        };
        let (said, records) = (vec![notice], undone.committed.records);
        Self { taken_back: touched.clone(), meant: touched.clone(), rows: touched, said, records, ..self }
    }

    /// Prints it in the format that was asked for.
    pub fn print(&self, desk: &Desk, out: &mut Output) {
        match out.format() {
            Format::Json => self.json(desk, out),
            Format::Ids => self.rows.iter().for_each(|id| out.line(&SafeText::line(id.as_str()))),
            Format::Table => out.line(&self.line()),
        }
    }

    /// Says it in one line.
    pub fn line(&self) -> SafeText {
        let mut said: Vec<String> = match (&self.error, self.way) {
            (Some(error), _) => vec![say!("batch-line-failed", what = error.whole())],
            (None, Way::Nothing) if self.said.is_empty() => vec![say!("told-nothing-matched")],
            (None, Way::Already) if self.said.is_empty() && self.left_out.is_empty() => vec![say!("told-so-already")],
            (None, Way::HeldBack) => vec![say!("batch-held-back")],
            (None, Way::Planned) => vec![say!("told-planned", count = self.steps.len())],
            _ => self.said.iter().map(ToString::to_string).collect(),
        };
        let left_out = |left: &LeftOut| say!("batch-left-out", what = &left.short, why = left.why.phrase());
        said.extend(self.left_out.iter().map(left_out));
        let lost =
            |(row, why): &(ConversationRow, Phrase)| say!("told-not-yours", what = &row.short, why = why.clone());
        said.extend(self.lost.iter().map(lost));
        SafeText::line(&format!("{}  {}  {}", self.number, self.verb, said.join(" · ")))
    }

    fn json(&self, desk: &Desk, out: &mut Output) {
        let said = act::in_english(desk, &self.records);
        let left_out = self.left_out.iter().map(|left| (left.conversation.as_str(), left.operation, left.why.phrase()));
        let lost = self.lost.iter().map(|(row, why)| (row.id.as_str(), "assign", why.clone()));
        let refused: Vec<(&str, &str, Phrase)> = left_out.chain(lost).collect();
        let way = if self.has_failed() && self.error.is_none() { Way::Partly } else { self.way };
        out.json(&LineJson {
            schema: SCHEMA,
            r#type: "line",
            line: self.number,
            verb: &self.verb,
            outcome: way,
            exit: self.exit().code(),
            changed: self.rows.len().saturating_sub(self.lost.len()),
            batch: self.records.first().and_then(|record| record.batch),
            operations: DoneOperation::all(&self.records, &said),
            conversations: self.rows.iter().map(ConversationId::as_str).collect(),
            refused: refused.iter().map(|(id, operation, why)| RefusedJson::new(Some(id), operation, why)).collect(),
            error: self.error.as_ref().map(ErrorJson::new),
        });
    }
}

/// `"type":"line"`: what came of a line of a batch.
#[derive(Serialize, JsonSchema)]
pub struct LineJson<'a> {
    schema: &'static str,
    r#type: &'static str,
    /// Its number, from 1.
    line: usize,
    verb: &'a str,
    outcome: Way,
    /// What the verb alone would have ended with.
    exit: u8,
    /// How many conversations it changed.
    changed: usize,
    batch: Option<OpId>,
    operations: Vec<DoneOperation<'a>>,
    conversations: Vec<&'a str>,
    refused: Vec<RefusedJson<'a>>,
    error: Option<ErrorJson>,
}
