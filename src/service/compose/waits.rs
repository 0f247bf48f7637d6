//! What colleagues are told of an answer before it is out: that it is being written, and that it waits.

use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::reply::{OutState, Outgoing};
use crate::op::operation::{Known, Target};
use crate::op::record::NewOperation;
use crate::store::{Committed, Store, StoreError};

/// The lease of whoever wrote a mail lasts longer than this, in milliseconds: only a mail for later needs to be told of by itself.
pub(super) const LATER: i64 = 5 * 60_000;
/// The most mails on their way that are told of when a program is left.
const LEFT_MAX: usize = 100;

/// Says on the log that an answer waits which goes out in more than `least` milliseconds: colleagues see it as long as its lease lasts,
/// which is a day at most, because the log keeps none for longer.
pub(super) fn say_it_waits(store: &Store, mail: &Outgoing, least: i64) -> Result<Option<Committed>, StoreError> {
    let now = store.author().clock.now();
    let Some(conversation) = mail.conversation.as_ref().filter(|_| mail.due.since(now) > least) else {
        return Ok(None);
    };
    let Some(basis) = store.basis(conversation)? else { return Ok(None) };
    let since = store.queued_at(mail.id)?.unwrap_or(now);
    let op = Known::Replying { until: now.plus(Timestamp::DAY), waiting: Some(since) };
    store.commit(vec![NewOperation::new(op, vec![Target::on(basis.anchor)])]).map(Some)
}

/// Returns an answer of mine that waits in a conversation for longer than the lease of whoever wrote it.
fn waiting(store: &Store, conversation: &ConversationId) -> Result<Option<Outgoing>, StoreError> {
    let late = store.author().clock.now().plus(LATER);
    let mut held = store.outgoing_due(OutState::Held, Timestamp(i64::MAX), usize::MAX)?.into_iter();
    let is_mine =
        |mail: &Outgoing| mail.actor == store.author().actor && mail.conversation.as_ref() == Some(conversation);
    Ok(held.find(|mail| mail.due > late && is_mine(mail)))
}

/// Leaves what is on its way to whichever postroom runs next on this store, and tells the others that an answer waits. Returns what changed.
///
/// # Errors
/// When the store can't be read or written.
pub fn leave(store: &Store) -> Result<Option<Change>, StoreError> {
    let mut change = None;
    for mail in store.outgoing_due(OutState::Held, Timestamp(i64::MAX), LEFT_MAX)? {
        let is_mine = mail.actor == store.author().actor;
        let is_said = match &mail.conversation {
            Some(conversation) if is_mine => store.answer_is_said_to_wait(conversation)?,
            _ => true,
        };
        if !is_said && let Some(done) = say_it_waits(store, &mail, i64::MIN)? {
            change = Some(done.change);
        }
    }
    Ok(change)
}

/// Tells the others that a reply is being written in a conversation until then, or with `None` that it is not any more: where an answer of
/// mine waits there, that again. Returns nothing where the conversation has no message.
///
/// # Errors
/// When the store can't be written.
pub fn lease(
    store: &Store,
    conversation: &ConversationId,
    until: Option<Timestamp>,
) -> Result<Option<Committed>, StoreError> {
    if until.is_none()
        && let Some(mail) = waiting(store, conversation)?
    {
        return say_it_waits(store, &mail, i64::MIN);
    }
    let Some(basis) = store.basis(conversation)? else { return Ok(None) };
    let op = until.map_or(Known::StopReplying, |until| Known::Replying { until, waiting: None });
    store.commit(vec![NewOperation::new(op, vec![Target::on(basis.anchor)])]).map(Some)
}
