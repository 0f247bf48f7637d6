//! What a conversation still needs for a wish: what is so already needs nothing, so that a key pressed twice or a script run twice writes
//! once, and an undo takes back what was done and not its repetition.

use std::collections::BTreeSet;

use crate::error::{ErrorKind, UserError};
use crate::model::conversation::Item;
use crate::model::ids::{ConversationId, Handle, MessageId, OpId, Tag};
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::op::operation::Known;
use crate::op::wish::Wish;
use crate::store::{Resolved, Store};

/// Wishes with what they name looked up.
pub(super) struct Needs<'w> {
    pub wishes: &'w [Wish],
    /// Whether one of them says how long a conversation sleeps.
    snoozes: bool,
    /// The conversations that merges name, and their anchors.
    into: Vec<(ConversationId, ConversationId, MessageId)>,
}

impl<'w> Needs<'w> {
    pub(super) fn of(store: &Store, wishes: &'w [Wish]) -> Result<Self, UserError> {
        let mut into = Vec::new();
        for wish in wishes {
            if let Wish::Merge { into: named } = wish {
                let (id, anchor) = anchor_of(store, named)?;
                into.push((named.clone(), id, anchor));
            }
        }
        let snoozes = wishes.iter().any(|wish| matches!(wish, Wish::Snooze { .. }));
        Ok(Self { wishes, snoozes, into })
    }

    /// Returns the operation that a conversation needs for a wish; `None` where it is so already.
    pub(super) fn of_row(&self, store: &Store, wish: &Wish, row: &ConversationRow) -> Result<Option<Known>, UserError> {
        let is_so = match wish {
            Wish::Assign { to } => row.assignee == *to,
            // Setting the status deals with mail that came back, and ends a sleep unless another wish says until when.
            Wish::Status { to } => row.status == *to && !row.bounced && (row.snoozed_until.is_none() || self.snoozes),
            Wish::Snooze { until } => row.snoozed_until == *until,
            Wish::Tag { add, remove } => return Ok(tags(add, remove, row)),
            Wish::Note { .. } => false,
            Wish::EditNote { note, text } => is_text_of(store, row, *note, text)?,
            Wish::Title { text } => is_titled(store, row, text.trim())?,
            Wish::Move { inbox } => row.inbox == *inbox,
            Wish::Follow { who, on } => follows(store, row, who)? == *on,
            Wish::Merge { into } => return Ok(self.merge(into, row)),
            Wish::Split { message } => store.message_ids(&row.id)?.first() == Some(message),
            // Also where they were only looked at on this machine: the others are told.
            Wish::SeenMentions => !store.has_unseen_mention(&row.id)?,
        };
        Ok(if is_so { None } else { wish.op().map(|op| op.mentioning(|named| store.team().people(named))) })
    }

    fn merge(&self, into: &ConversationId, row: &ConversationRow) -> Option<Known> {
        let (_, id, anchor) = self.into.iter().find(|(named, _, _)| named == into)?;
        (row.id != *id).then(|| Known::Merge { into: anchor.clone() })
    }
}

/// Finds the conversation to merge into.
fn anchor_of(store: &Store, named: &ConversationId) -> Result<(ConversationId, MessageId), UserError> {
    let gone = || UserError::new(ErrorKind::Precondition, phrase!("merge-into-gone"));
    let Resolved::One(id) = store.resolve(named.as_str())? else { return Err(gone()) };
    let (_, target) = store.targets(std::slice::from_ref(&id))?.pop().ok_or_else(gone)?;
    Ok((id, target.on))
}

/// Leaves out the tags that are as they should be.
fn tags(add: &BTreeSet<Tag>, remove: &BTreeSet<Tag>, row: &ConversationRow) -> Option<Known> {
    let on = |tag: &Tag| row.tags.contains(tag);
    let add_now: BTreeSet<Tag> = add.iter().filter(|tag| !on(tag)).cloned().collect();
    let remove: BTreeSet<Tag> = remove.difference(add).filter(|tag| on(tag)).cloned().collect();
    (!add_now.is_empty() || !remove.is_empty()).then_some(Known::Tag { add: add_now, remove })
}

/// Tells whether it has this title of its own; an empty one means that it has none.
fn is_titled(store: &Store, row: &ConversationRow, text: &str) -> Result<bool, UserError> {
    if text.is_empty() {
        return Ok(store.own_title(&row.id)?.is_none());
    }
    Ok(row.title.as_str() == text)
}

fn follows(store: &Store, row: &ConversationRow, who: &Handle) -> Result<bool, UserError> {
    if *who == store.author().actor {
        return Ok(row.followed);
    }
    Ok(store.followers(&row.id)?.contains(who))
}

fn is_text_of(store: &Store, row: &ConversationRow, note: OpId, text: &str) -> Result<bool, UserError> {
    let items = store.conversation(&row.id, usize::MAX)?.map(|whole| whole.items).unwrap_or_default();
    Ok(items.iter().any(|item| match item {
        Item::Note(old) if old.id == note => old.lines.iter().map(SafeText::as_str).eq(text.trim_end().lines()),
        _ => false,
    }))
}
