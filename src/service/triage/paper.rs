//! Plans: operations on paper, one a line, each with its id and the value that it expects to find.
//!
//! A plan comes from outside: it may have been edited, and it may be applied by many at once. So each line is looked at as an operation that
//! somebody types would be, and its id makes it count once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Plan, Step, refusal};
use crate::error::UserError;
use crate::model::agent::Team;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, MessageId, OpId, Tag};
use crate::model::phrase::Phrase;
use crate::model::status::Status;
use crate::model::view::ConversationRow;
use crate::op::operation::{Expect, Known, Target};
use crate::op::wish::{Unfit, Wish};
use crate::store::{Applied, Store, StoreError};

/// The schema that a line of a plan is of: the same as that of all that `--json` prints.
pub const SCHEMA: &str = "postroom/1";

/// `"type":"plan"`: one operation on one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlanLine {
    /// The schema, `postroom/1`.
    pub schema: String,
    /// Always `plan`.
    pub r#type: String,
    /// The operation's id: however often and by however many the plan is applied, it is carried out once. Plans of older programs have
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<OpId>,
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
    /// Puts a step on paper, with its id or else this one; `None` for one that a plan can't hold.
    pub fn of(step: &Step, id: Option<OpId>) -> Option<Self> {
        let Step { row, target, op, id: own } = step;
        Some(Self {
            schema: SCHEMA.to_owned(),
            r#type: "plan".to_owned(),
            id: own.or(id),
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

/// A plan compared with what stands now.
#[derive(Debug, Default)]
pub struct Checked {
    /// What can be carried out.
    pub plan: Plan,
    /// The lines that can't, and why.
    pub refused: Vec<(PlanLine, Phrase)>,
    /// How many were carried out before, by whomever, and stand.
    pub applied: usize,
}

/// Compares the lines of a plan with what stands now.
///
/// # Errors
/// When the store can't be read.
pub fn check(store: &Store, lines: Vec<PlanLine>) -> Result<Checked, UserError> {
    let ids: Vec<OpId> = lines.iter().filter_map(|line| line.id).collect();
    let standing = store.applied(&ids)?;
    let (mut steps, mut checked) = (Vec::new(), Checked::default());
    for line in lines {
        if let Some(applied) = line.id.and_then(|id| standing.get(&id)) {
            match line.came_before(applied) {
                None => checked.applied += 1,
                Some(why) => checked.refused.push((line, why)),
            }
            continue;
        }
        let id = store.conversation_of(&line.target.on)?;
        let now = match &id {
            Some(id) => store.targets(std::slice::from_ref(id))?.pop(),
            None => None,
        };
        let Some((row, seen)) = now else {
            checked.refused.push((line, phrase!("gone")));
            continue;
        };
        let why = match &line.op {
            Known::Merge { into } if store.conversation_of(into)?.is_none() => Some(phrase!("merge-into-gone")),
            _ => line.refusal(&row, &seen),
        };
        let step = Step { row, target: line.target.clone(), op: line.op.clone(), id: line.id };
        match why.map_or_else(|| refusal(store, &step), |why| Ok(Some(why)))? {
            Some(why) => checked.refused.push((line, why)),
            None => steps.push(step),
        }
    }
    checked.plan = Plan::of(steps);
    checked.look_again(store)?;
    Ok(checked)
}

impl Checked {
    /// Looks whether another command carried out what is refused, while this one looked: then that is why it is so no more.
    fn look_again(&mut self, store: &Store) -> Result<(), UserError> {
        let ids: Vec<OpId> = self.refused.iter().filter_map(|(line, _)| line.id).collect();
        let standing = store.applied(&ids)?;
        let refused = std::mem::take(&mut self.refused);
        for (line, why) in refused {
            match line.id.and_then(|id| standing.get(&id)).map(|applied| line.came_before(applied)) {
                Some(None) => self.applied += 1,
                Some(Some(why)) => self.refused.push((line, why)),
                None => self.refused.push((line, why)),
            }
        }
        Ok(())
    }
}

impl PlanLine {
    /// Says why the line is refused though a record bears its id; `None` where that is the line, carried out.
    fn came_before(&self, applied: &Applied) -> Option<Phrase> {
        let Applied { record, undone } = applied;
        let same =
            record.known().is_some_and(|known| says(known, &self.op) || *known == self.op.clone().without_words());
        if !same || !matches!(record.on.as_slice(), [on] if on.on == self.target.on) {
            return Some(phrase!("plan-id-taken"));
        }
        undone.then(|| phrase!("plan-applied-undone"))
    }
}

/// Tells whether an operation does what another does, what the store fills in left aside.
fn says(one: &Known, other: &Known) -> bool {
    match (one, other) {
        (Known::Note { text: one, .. }, Known::Note { text: other, .. }) => one == other,
        (Known::EditNote { note, text, .. }, Known::EditNote { note: of, text: other, .. }) => {
            note == of && text == other
        }
        (Known::Move { inbox, .. }, Known::Move { inbox: other, .. }) => inbox == other,
        _ => one == other,
    }
}

/// A line of a plan, by its number, that nobody could have planned so, and what is wrong with it.
pub type BadLine = (usize, Phrase);

/// Looks at the lines of a plan, each with its number, as at what somebody types: only what the verbs would take can be applied. Returns
/// them as they are to be carried out.
///
/// # Errors
/// The inner one names the first bad line; the outer one is that of a store that can't be read.
pub fn validate(store: &Store, lines: Vec<(usize, PlanLine)>) -> Result<Result<Vec<PlanLine>, BadLine>, StoreError> {
    let known = Names::of(store)?;
    let mut seen = Seen::default();
    let mut good = Vec::with_capacity(lines.len());
    for (number, line) in lines {
        match known.fit(line).and_then(|line| seen.first(number, line)) {
            Ok(line) => good.push(line),
            Err(why) => return Ok(Err((number, why))),
        }
    }
    Ok(Ok(good))
}

/// The lines seen so far, by what they are to be once.
#[derive(Default)]
struct Seen {
    ids: HashMap<OpId, usize>,
    says: HashMap<(String, MessageId), usize>,
}

impl Seen {
    /// Refuses a line that stands there already.
    fn first(&mut self, number: usize, line: PlanLine) -> Result<PlanLine, Phrase> {
        let op = serde_json::to_string(&line.op).unwrap_or_default();
        let same = self.says.insert((op, line.target.on.clone()), number);
        if let Some(first) = same {
            return Err(phrase!("plan-line-again", line = first.to_string()));
        }
        match line.id.and_then(|id| self.ids.insert(id, number)) {
            Some(first) => Err(phrase!("plan-id-again", line = first.to_string())),
            None => Ok(line),
        }
    }
}

/// Whom and what the lines of a plan may name.
struct Names {
    agents: BTreeSet<Handle>,
    team: Arc<Team>,
}

impl Names {
    fn of(store: &Store) -> Result<Self, StoreError> {
        let mut agents: BTreeSet<Handle> = store.known_agents()?.into_iter().collect();
        agents.insert(store.author().actor.clone());
        Ok(Self { agents, team: store.team() })
    }

    /// Returns a line as it is to be carried out: what only says again what the rest says is made anew.
    fn fit(&self, line: PlanLine) -> Result<PlanLine, Phrase> {
        let PlanLine { op, target, .. } = &line;
        let wish = match op {
            Known::Assign { to } => {
                to.as_ref().map_or(Ok(()), |who| self.agent(who, true))?;
                Wish::Assign { to: to.clone() }
            }
            Known::SetStatus { to } => Wish::Status { to: *to },
            Known::Snooze { until } => Wish::Snooze { until: *until },
            Known::Tag { add, remove } => Wish::Tag { add: add.clone(), remove: remove.clone() },
            Known::Note { text, .. } => Wish::Note { text: text.clone() },
            Known::EditNote { note, text, .. } => Wish::EditNote { note: *note, text: text.clone() },
            Known::Title { text } => Wish::Title { text: text.clone() },
            Known::Move { inbox, .. } => {
                self.inbox(inbox)?;
                Wish::Move { inbox: inbox.clone() }
            }
            Known::Follow { who, on } => {
                self.agent(who, false)?;
                Wish::Follow { who: who.clone(), on: *on }
            }
            Known::Split => Wish::Split { message: target.on.clone() },
            Known::SeenMentions => Wish::SeenMentions,
            Known::Merge { .. } => return Ok(line),
            _ => return Err(phrase!("plan-cant-hold")),
        };
        wish.check().map_err(Unfit::phrase)?;
        let op = wish.op().filter(Known::is_within_bounds).ok_or_else(|| phrase!("plan-cant-hold"))?;
        let op = op.mentioning(|named| self.team.people(named));
        let target = Target {
            on: target.on.clone(),
            as_of: target.as_of.clone().filter(|_| op.covers_messages()),
            expect: match &line.expect {
                Expected::Assignee(who) => Some(Expect::of(who.as_ref())),
                _ => None,
            },
            gone: target.gone && op.covers_messages(),
        };
        Ok(PlanLine { op, target, ..line })
    }

    fn agent(&self, who: &Handle, or_team: bool) -> Result<(), Phrase> {
        // Where nobody knows of any colleague, everybody may be one.
        let known = self.agents.contains(who) || self.agents.len() < 2;
        let is_team = self.team.groups.iter().any(|group| group.name == *who);
        if (known && !is_team) || (is_team && or_team) {
            return Ok(());
        }
        Err(phrase!("agent-nobody-called", agent = who.as_str()))
    }

    fn inbox(&self, inbox: &InboxId) -> Result<(), Phrase> {
        let known = self.team.inboxes.is_empty() || self.team.inbox(inbox).is_some();
        if known { Ok(()) } else { Err(phrase!("no-inbox", inbox = inbox.as_str())) }
    }
}

#[cfg(test)]
#[path = "paper_tests.rs"]
mod tests;
