//! What a person decides about a mail on its way out.

use crate::model::change::Change;
use crate::model::phrase::Phrase;
use crate::model::reply::{Draft, OutState, Outgoing};
use crate::op::operation::{Known, Target, mentions_in};
use crate::op::record::NewOperation;
use crate::service::compose;
use crate::store::{Store, StoreError};
use crate::text;

/// What came of sending a mail again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It is due now.
    Due,
    /// It may have arrived already: only somebody who has looked sends it again, in as many words (`anyway`).
    MayHaveArrived,
    /// There is nothing to try again: it stands so.
    Settled(OutState),
    /// There is no such mail.
    Unknown,
}

/// Sends a mail now that waits, was stopped, failed or is uncertain. `anyway` says that its author wants it sent whatever happened
/// meanwhile; without, an uncertain mail is left alone.
///
/// # Errors
/// When the store can't be written.
pub fn send_again(store: &Store, id: i64, anyway: bool) -> Result<Again, StoreError> {
    if store.retry(id, store.author().clock.now(), anyway)? {
        return Ok(Again::Due);
    }
    Ok(match store.outgoing_by_id(id)?.map(|mail| mail.state) {
        None => Again::Unknown,
        Some(OutState::Uncertain) => Again::MayHaveArrived,
        Some(state) => Again::Settled(state),
    })
}

/// Takes a mail back: it becomes a draft again, which is returned, and nobody is told any more that an answer waits. `None` where it is too
/// late.
///
/// # Errors
/// When the store can't be written.
pub fn take_back(store: &Store, id: i64) -> Result<Option<Draft>, StoreError> {
    let Some(draft) = store.cancel(id)? else { return Ok(None) };
    if let Some(conversation) = &draft.conversation {
        // The mail is taken back: what colleagues are told of it is over by itself within a day.
        let told = store.answer_is_said_to_wait(conversation);
        let told = told.and_then(|told| if told { compose::lease(store, conversation, None) } else { Ok(None) });
        if let Err(error) = told {
            tracing::warn!(mail = id, %error, "untold");
        }
    }
    Ok(Some(draft))
}

/// Has every mail tried at once that waits for another try, and those that failed for a reason that may be over: a login that was refused,
/// a server that was not reached for too long. Returns how many there are; what a server refused in its own words is left to a person.
///
/// # Errors
/// When the store can't be written.
pub fn try_now(store: &Store) -> Result<usize, StoreError> {
    let now = store.author().clock.now();
    let is_put_off = |mail: &Outgoing| mail.state == OutState::Held && mail.due > now && mail.reason.is_some();
    let may_be_over = |why: &Phrase| !why.is("said") && !why.is("outgoing-no-bytes");
    let is_blocked = |mail: &Outgoing| mail.state == OutState::Failed && mail.reason.as_ref().is_some_and(may_be_over);
    let mut tried = 0;
    for mail in store.outgoing()?.iter().filter(|mail| is_put_off(mail) || is_blocked(mail)) {
        tried += usize::from(store.retry(mail.id, now, false)?);
    }
    Ok(tried)
}

/// Takes a mail back and discards its draft, which can be brought back. Returns whether it was not too late.
///
/// # Errors
/// When the store can't be written.
pub fn drop_mail(store: &Store, id: i64) -> Result<bool, StoreError> {
    match take_back(store, id)? {
        Some(draft) => store.discard_draft(draft.id),
        None => Ok(false),
    }
}

/// What came of making a note of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Noted {
    /// Its text is a note, and the mail does not go out.
    Done {
        /// What changed.
        change: Change,
        /// The names of its files. Notes carry none: where there are any, the draft is kept with them.
        kept: Vec<String>,
    },
    /// It belongs to no conversation that a note could stand in.
    NoConversation,
    /// It is on its way, or gone.
    TooLate,
}

/// Takes a mail back and puts what its author wrote into its conversation as a note. A note carries no files: the draft of a mail that has
/// some is kept, else it is discarded.
///
/// # Errors
/// When the store can't be written.
pub fn make_note(store: &Store, id: i64) -> Result<Noted, StoreError> {
    let Some(anchor) = store.delivery(id)?.anchor else { return Ok(Noted::NoConversation) };
    let Some(draft) = take_back(store, id)? else { return Ok(Noted::TooLate) };
    // The team reads it: in English, as all that stands on the log.
    let text = format!("{}\n{}", text::english(&phrase!("note-not-sent")), own_lines(&draft).join("\n").trim());
    let note = Known::Note { mentions: store.team().people(mentions_in(&text)), text };
    let done = store.commit(vec![NewOperation::new(note, vec![Target::on(anchor)])])?;
    let kept: Vec<String> = draft.files.iter().map(|file| file.name.clone()).collect();
    if kept.is_empty() {
        // Until the note stands, the draft is the only copy of the text.
        store.discard_draft(draft.id)?;
    }
    Ok(Noted::Done { change: done.change, kept })
}

/// Returns the lines of a draft that are no quote.
pub fn own_lines(draft: &Draft) -> Vec<&str> {
    draft.own().lines().filter(|line| !line.starts_with('>')).collect()
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
