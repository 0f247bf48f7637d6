//! Plans: operations on paper, one a line, each with the value that it expects to find.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Plan, Step, refusal};
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::phrase::Phrase;
use crate::model::status::Status;
use crate::model::view::ConversationRow;
use crate::op::operation::{Known, Target};
use crate::store::Store;

/// The schema that a line of a plan is of: the same as that of all that `--json` prints.
pub const SCHEMA: &str = "postroom/1";

/// `"type":"plan"`: one operation on one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanLine {
    /// The schema, `postroom/1`.
    pub schema: String,
    /// Always `plan`.
    pub r#type: String,
    /// The conversation's id, for people; `target` decides.
    pub conversation: String,
    /// Its title, for people.
    pub title: String,
    /// The operation as it goes to the log.
    pub op: Known,
    /// What the operation changes, as it stood when the plan was made.
    pub expect: Expected,
    /// The message that it is anchored on, and how far the planner had read.
    pub target: Target,
}

/// The value that an operation replaces.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    /// Who has it.
    Assignee(Option<Handle>),
    /// The status.
    Status(Status),
    /// When it wakes, in milliseconds since 1970.
    SnoozedUntil(Option<Timestamp>),
    /// Which of the operation's tags are on it.
    Tags(BTreeSet<Tag>),
    /// How many notes it has.
    Notes(u32),
    /// The title.
    Title(String),
    /// The inbox.
    Inbox(InboxId),
    /// How many messages it has.
    Messages(u32),
    /// Whatever: doing it once more does no harm.
    Anything,
}

impl Expected {
    /// Returns what stands now where `op` would write; `None` for an operation that a plan can't hold.
    pub fn now(op: &Known, row: &ConversationRow) -> Option<Self> {
        Some(match op {
            Known::Assign { .. } => Self::Assignee(row.assignee.clone()),
            Known::SetStatus { .. } => Self::Status(row.status),
            Known::Snooze { .. } => Self::SnoozedUntil(row.snoozed_until),
            Known::Tag { add, remove } => {
                Self::Tags(row.tags.iter().filter(|tag| add.contains(tag) || remove.contains(tag)).cloned().collect())
            }
            Known::Note { .. } | Known::EditNote { .. } => Self::Notes(row.notes),
            Known::Title { .. } => Self::Title(row.title.to_string()),
            Known::Move { .. } => Self::Inbox(row.inbox.clone()),
            Known::Merge { .. } | Known::Split => Self::Messages(row.messages),
            Known::Follow { .. } | Known::SeenMentions => Self::Anything,
            _ => return None,
        })
    }

    /// Returns what the value is; `None` where none is expected.
    pub fn phrase(&self) -> Option<Phrase> {
        Some(match self {
            Self::Assignee(None) => phrase!("nobody-has-it"),
            Self::Assignee(Some(who)) => phrase!("somebody-has-it", who = who.as_str()),
            Self::Status(status) => phrase!("plan-is-status", status = status.to_string()),
            Self::SnoozedUntil(None) => phrase!("plan-is-awake"),
            Self::SnoozedUntil(Some(_)) => phrase!("plan-is-snoozed"),
            Self::Tags(tags) if tags.is_empty() => phrase!("plan-has-no-tag"),
            Self::Tags(tags) => {
                let tags: Vec<String> = tags.iter().map(|tag| format!("#{tag}")).collect();
                phrase!("plan-has-tags", tags = tags.join(" "))
            }
            Self::Notes(n) => phrase!("plan-has-notes", count = *n),
            Self::Title(title) => phrase!("plan-has-title", title = title),
            Self::Inbox(inbox) => phrase!("plan-is-in", inbox = inbox.as_str()),
            Self::Messages(n) => phrase!("plan-has-messages", count = *n),
            Self::Anything => return None,
        })
    }
}

impl PlanLine {
    /// Puts a step on paper; `None` for one that a plan can't hold.
    pub fn of(step: &Step) -> Option<Self> {
        let Step { row, target, op } = step;
        Some(Self {
            schema: SCHEMA.to_owned(),
            r#type: "plan".to_owned(),
            conversation: row.id.to_string(),
            title: row.title.to_string(),
            op: op.clone(),
            expect: Expected::now(op, row)?,
            target: target.clone(),
        })
    }

    /// Tells why the line can't be carried out on the conversation as it stands now; `None` when it can.
    pub fn refusal(&self, row: &ConversationRow, seen_now: &Target) -> Option<Phrase> {
        let now = Expected::now(&self.op, row);
        if now.as_ref() != Some(&self.expect) {
            let now = now.map_or_else(|| Some(phrase!("plan-cant-hold")), |now| now.phrase());
            let said = |value: Option<Phrase>| value.unwrap_or_else(|| phrase!("plan-anything"));
            return Some(phrase!("plan-expected", now = said(now), then = said(self.expect.phrase())));
        }
        (self.op.covers_messages() && self.target.as_of != seen_now.as_of).then(|| phrase!("plan-news"))
    }
}

/// A plan that can be carried out, and the lines that can't with why.
pub type Checked = (Plan, Vec<(PlanLine, Phrase)>);

/// Compares the lines of a plan with what stands now.
///
/// # Errors
/// When the store can't be read.
pub fn check(store: &Store, lines: Vec<PlanLine>) -> Result<Checked, UserError> {
    let (mut steps, mut refused) = (Vec::new(), Vec::new());
    for line in lines {
        let id = store.conversation_of(&line.target.on)?;
        let now = match &id {
            Some(id) => store.targets(std::slice::from_ref(id))?.pop(),
            None => None,
        };
        let Some((row, seen)) = now else {
            refused.push((line, phrase!("gone")));
            continue;
        };
        let why = line.refusal(&row, &seen);
        let step = Step { row, target: line.target.clone(), op: line.op.clone() };
        match why.map_or_else(|| refusal(store, &step), |why| Ok(Some(why)))? {
            Some(why) => refused.push((line, why)),
            None => steps.push(step),
        }
    }
    Ok((Plan::of(steps), refused))
}

#[cfg(test)]
#[path = "paper_tests.rs"]
mod tests;
