//! From wishes to records: which operations are still needed, what each expects, and what came of them.
//!
//! What a front end showed comes with the wish ([`Shown`]) and is never looked up anew: an operation that says how a conversation stands
//! is not done to one that has mail which was not shown, and a claim of one that was another's is lost.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::error::{ErrorKind, UserError};
use crate::model::change::Change;
use crate::model::ids::{ConversationId, MessageId, OpId};
use crate::model::message::AsOf;
use crate::model::phrase::Phrase;
use crate::model::shown::Shown;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::op::operation::{Expect, Known, Target};
use crate::op::outcome::{Came, LeftOut, Outcome, WhyNot};
use crate::op::record::NewOperation;
use crate::op::wish::Wish;
use crate::store::{Committed, Resolved, Store, StoreError};

mod needed;
pub mod paper;

/// One operation on one conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The conversation as it stood when the plan was made.
    pub row: ConversationRow,
    /// Where the operation is anchored, how far its author had read, and whom they saw.
    pub target: Target,
    /// What it does.
    pub op: Known,
    /// Its id, where it has one already: it is of a plan on paper, and counts once whoever carries that out.
    pub id: Option<OpId>,
}

/// The operations that wishes come to.
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use = "commit it, or show it"]
pub struct Plan {
    /// What is still needed, conversation by conversation.
    pub steps: Vec<Step>,
    /// How many each wish changes, and how many are so already.
    pub came: Vec<Came>,
    /// What can't be done.
    pub left_out: Vec<LeftOut>,
    /// The key under which each conversation gets its note once.
    once: Option<String>,
    /// The command that it is part of, where that is of several plans.
    command: Option<OpId>,
}

/// Works out what the wishes come to for conversations as they were shown.
///
/// # Errors
/// When a wish is out of bounds or names what is not here, and when the store can't be read.
pub fn plan(store: &Store, shown: &[Shown], wishes: &[Wish]) -> Result<Plan, UserError> {
    for wish in wishes {
        wish.check().map_err(|unfit| UserError::new(ErrorKind::Usage, unfit.phrase()))?;
    }
    let needs = needed::Needs::of(store, wishes)?;
    let mut plan = Plan { came: wishes.iter().map(|wish| came_of(wish.clone())).collect(), ..Plan::default() };
    let found = find(store, shown)?;
    for (shown, found) in shown.iter().zip(found) {
        match found {
            Some((row, target)) => plan.take(store, &needs, shown, &row, &target)?,
            None => plan.left_out.push(gone(shown)),
        }
    }
    Ok(plan)
}

fn came_of(wish: Wish) -> Came {
    Came { wish, changed: 0, already: 0 }
}

fn gone(shown: &Shown) -> LeftOut {
    LeftOut {
        conversation: shown.id.clone(),
        short: shown.id.to_string(),
        title: SafeText::default(),
        operation: "",
        why: WhyNot::Gone,
    }
}

/// A row with its anchor; `None` where the conversation is not here.
type Found = Option<(ConversationRow, Target)>;

/// Reads the conversations as they stand, each at its place. An id that one had before leads to it.
fn find(store: &Store, shown: &[Shown]) -> Result<Vec<Found>, UserError> {
    let ids: Vec<ConversationId> = shown.iter().map(|shown| shown.id.clone()).collect();
    let mut by_id: HashMap<ConversationId, (ConversationRow, Target)> =
        store.targets(&ids)?.into_iter().map(|found| (found.0.id.clone(), found)).collect();
    ids.iter()
        .map(|id| match by_id.remove(id) {
            Some(found) => Ok(Some(found)),
            None => match store.resolve(id.as_str())? {
                Resolved::One(now) => Ok(store.targets(std::slice::from_ref(&now))?.pop()),
                Resolved::None | Resolved::Many(_) => Ok(None),
            },
        })
        .collect()
}

/// Returns the messages of a conversation that have come since it was shown and that say how it stands.
fn unseen(store: &Store, shown: &Shown, row: &ConversationRow) -> Result<Vec<MessageId>, StoreError> {
    if row.as_of == shown.as_of { Ok(Vec::new()) } else { store.later(&row.id, shown.as_of.as_ref()) }
}

fn unshown(row: &ConversationRow, operation: &'static str, unseen: Vec<MessageId>) -> LeftOut {
    LeftOut {
        conversation: row.id.clone(),
        short: row.short.clone(),
        title: row.title.clone(),
        operation,
        why: WhyNot::LaterMail(unseen),
    }
}

/// Conversations that stand as they were shown, and the others.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AsShown {
    /// Those without mail that was not shown, each as it stands and how far its messages were shown.
    pub rows: Vec<(ConversationRow, Option<AsOf>)>,
    /// Those with later mail, and those that are gone.
    pub left_out: Vec<LeftOut>,
}

/// Tells the conversations apart that have mail which was not shown. For what is about all that was written, such as an answer;
/// `operation` names it.
///
/// # Errors
/// When the store can't be read.
pub fn as_shown(store: &Store, shown: &[Shown], operation: &'static str) -> Result<AsShown, UserError> {
    let AsShown { mut rows, mut left_out } = AsShown::default();
    for (shown, found) in shown.iter().zip(find(store, shown)?) {
        let Some((row, _)) = found else {
            left_out.push(gone(shown));
            continue;
        };
        let unseen = unseen(store, shown, &row)?;
        if unseen.is_empty() {
            rows.push((row, shown.as_of.clone()));
        } else {
            left_out.push(unshown(&row, operation, unseen));
        }
    }
    Ok(AsShown { rows, left_out })
}

impl Plan {
    /// Makes a plan of steps that are known already, such as those of a plan on paper.
    pub fn of(steps: Vec<Step>) -> Self {
        Self { steps, ..Self::default() }
    }

    /// Writes each conversation's note once, however often and by however many this key comes: the note's id follows from both. Takes out
    /// those that are here.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn once(self, store: &Store, key: &str) -> Result<Self, UserError> {
        let Self { steps, mut came, left_out, command, .. } = self;
        let mut left = Vec::with_capacity(steps.len());
        for step in steps {
            if !is_note(&step.op) || store.behind(once_id(key, &step.target))?.is_empty() {
                left.push(step);
                continue;
            }
            if let Some(came) = came.iter_mut().find(|came| matches!(came.wish, Wish::Note { .. })) {
                came.changed = came.changed.saturating_sub(1);
                came.already += 1;
            }
        }
        Ok(Self { steps: left, came, left_out, once: Some(key.to_owned()), command })
    }

    /// Makes it part of a command of several plans, which one undo takes back as a whole.
    pub fn part_of(self, command: OpId) -> Self {
        Self { command: Some(command), ..self }
    }

    /// Returns the conversations that it changes, each once.
    pub fn rows(&self) -> Vec<ConversationRow> {
        let mut seen = HashSet::new();
        self.steps.iter().filter(|step| seen.insert(&step.row.id)).map(|step| step.row.clone()).collect()
    }

    /// Takes in what one conversation needs.
    fn take(
        &mut self,
        store: &Store,
        needs: &needed::Needs,
        shown: &Shown,
        row: &ConversationRow,
        target: &Target,
    ) -> Result<(), UserError> {
        let mut later: Option<Vec<MessageId>> = None;
        for (wish, came) in needs.wishes.iter().zip(&mut self.came) {
            let Some(op) = needs.of_row(store, wish, row)? else {
                came.already += 1;
                continue;
            };
            if op.covers_messages() {
                let unseen = match later.take() {
                    Some(known) => known,
                    None => unseen(store, shown, row)?,
                };
                let unseen = later.insert(unseen);
                if !unseen.is_empty() {
                    self.left_out.push(unshown(row, op.name(), unseen.clone()));
                    continue;
                }
            }
            came.changed += 1;
            let target = aim(&op, wish, shown, target);
            self.steps.push(Step { row: row.clone(), target, op, id: None });
        }
        Ok(())
    }

    /// Carries it out as one command, in one transaction.
    ///
    /// # Errors
    /// When the store can't be written, or refuses an operation; nothing is changed then.
    pub fn carry_out(self, store: &Store) -> Result<Outcome, UserError> {
        let notes = self.notes();
        let Self { steps, came, left_out, once, command } = self;
        let mut operations: Vec<NewOperation> = Vec::new();
        let mut grouped: HashMap<String, usize> = HashMap::new();
        let mut given: HashSet<OpId> = HashSet::new();
        for Step { target, op, id, .. } in steps {
            given.extend(id);
            let by_key = once.as_ref().filter(|_| is_note(&op)).map(|key| once_id(key, &target));
            if let Some(id) = id.or(by_key) {
                operations.push(NewOperation::new(op, vec![target]).with_id(id));
                continue;
            }
            let key = serde_json::to_string(&op).unwrap_or_default();
            let group = *grouped.entry(key).or_insert(operations.len());
            match operations.get_mut(group) {
                Some(group) => group.on.push(target),
                None => operations.push(NewOperation::new(op, vec![target])),
            }
        }
        if let Some(command) = command {
            operations = operations.into_iter().map(|operation| operation.in_batch(command)).collect();
        }
        let Committed { records, change, lost } = if operations.is_empty() {
            Committed { records: Vec::new(), change: Change::of(BTreeSet::new()), lost: Vec::new() }
        } else {
            store.commit(operations)?
        };
        for text in notes {
            store.note_is_written(&text)?;
        }
        // Another command can have carried out the same plan since it was looked at.
        records.iter().for_each(|record| {
            given.remove(&record.id);
        });
        Ok(Outcome { records, change, came, lost, left_out, applied: given.len() })
    }

    /// Returns the texts that are notes once it is carried out, those among them that stand there already: what is kept of them while
    /// they are typed can go.
    fn notes(&self) -> BTreeSet<String> {
        let so_already = self.came.iter().filter(|came| came.already > 0).filter_map(|came| came.wish.op());
        so_already.chain(self.steps.iter().map(|step| step.op.clone())).filter_map(text_of_note).collect()
    }
}

/// Returns the target of an operation: what of the shown it reads, and nothing else.
fn aim(op: &Known, wish: &Wish, shown: &Shown, anchor: &Target) -> Target {
    let on = match wish {
        Wish::Split { message } => message.clone(),
        _ => anchor.on.clone(),
    };
    Target {
        on,
        as_of: shown.as_of.clone().filter(|_| op.covers_messages()),
        expect: matches!(op, Known::Assign { .. }).then(|| Expect::of(shown.assignee.as_ref())),
        gone: shown.gone && op.covers_messages(),
    }
}

fn is_note(op: &Known) -> bool {
    matches!(op, Known::Note { .. })
}

fn once_id(key: &str, target: &Target) -> OpId {
    OpId::derived(&format!("once:{key}"), &target.on)
}

fn text_of_note(op: Known) -> Option<String> {
    match op {
        Known::Note { text, .. } | Known::EditNote { text, .. } => Some(text),
        _ => None,
    }
}

/// Tells why the store would refuse a step, such as a move to another account; `None` where it would not.
///
/// # Errors
/// When the store can't be read.
pub fn refusal(store: &Store, step: &Step) -> Result<Option<Phrase>, UserError> {
    match store.allows(NewOperation::new(step.op.clone(), vec![step.target.clone()])) {
        Err(StoreError::Refused { message, .. }) => Ok(Some(message)),
        allowed => Ok(allowed.map(|()| None)?),
    }
}
