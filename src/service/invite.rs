//! Answering an invitation: from the mail that holds it to a draft that carries the answer (RFC 5546 section 3.2.3, RFC 6047). From there
//! on it goes the way of every reply.

use super::{compose, review};
use crate::config::Sending;
use crate::error::{ErrorKind, UserError};
use crate::mime;
use crate::model::address::{Address, is_plain};
use crate::model::agent::Inbox;
use crate::model::clock::Timestamp;
use crate::model::conversation::{Conversation, Item, MessageItem};
use crate::model::ids::{ConversationId, MessageId};
use crate::model::invitation::{Answer, Invitation, InvitationAnswer, Later, Method};
use crate::model::message::{Direction, Envelope};
use crate::model::phrase::Phrase;
use crate::model::reply::{ComposeSession, Draft, DraftKind, Identity};
use crate::model::text::in_quotes;
use crate::model::warning::Warning;
use crate::store::Store;
use crate::text;

/// How far back in a conversation an invitation is looked for, in entries of its time line.
const LOOKED_AT: usize = 500;

/// What is answered, and how.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The conversation.
    pub conversation: &'a ConversationId,
    /// The message with the invitation; `None` is the newest that holds one.
    pub message: Option<&'a MessageId>,
    /// The answer.
    pub answer: Answer,
    /// What is said along with it; empty where nothing is.
    pub text: &'a str,
}

/// Begins the mail that answers an invitation: to the organizer, as the address that was invited, from the inbox. It is not kept yet, and
/// leaves the status as it is.
///
/// # Errors
/// When there is no invitation, its mail is not here, it asks for no answer, was cancelled or changed later, or names no organizer.
pub fn begin(store: &Store, sending: &Sending, wanted: Wanted<'_>) -> Result<Draft, UserError> {
    let gone = || UserError::new(ErrorKind::Precondition, phrase!("reply-conversation-gone"));
    let whole = store.conversation(wanted.conversation, LOOKED_AT)?.ok_or_else(gone)?;
    let (message, invitation) = find(&whole, wanted.message)?;
    let organizer = organizer(invitation)?.clone();
    let (inbox, _) = store.to_answer(wanted.conversation)?.ok_or_else(gone)?;
    let sending = Sending { quote: false, identity: Identity::SendAs, ..sending.clone() };
    let draft = compose::begin(store, &sending, DraftKind::Reply, wanted.conversation, &inbox, &message.id)?;
    let team = store.team();
    let inbox = compose::inbox_of(&team, &draft)?;
    let said = text::invitation_answer(inbox.address.short(), wanted.answer, invitation);
    let source = store.raw(&message.id)?.and_then(|raw| mime::invitation_source(&raw, &invitation.uid));
    let source = source.ok_or_else(|| {
        refused(phrase!("invite-unreadable", what = titled(invitation))).hint(phrase!("hint-invite-reply"))
    })?;
    let (attendee, invited) = attendee(invitation, inbox);
    let text = if wanted.text.trim().is_empty() { String::new() } else { format!("\n\n{}", wanted.text.trim()) };
    Ok(Draft {
        to: vec![organizer.clone()],
        cc: Vec::new(),
        subject: text::invitation_subject(wanted.answer, invitation),
        body: format!("{said}{text}{}", draft.body),
        then: None,
        invitation: Some(Box::new(InvitationAnswer {
            answer: wanted.answer,
            attendee,
            invited,
            organizer: organizer.email,
            said,
            events: source.events,
            zones: source.zones,
        })),
        ..draft
    })
}

/// As [`begin`], for whoever goes on writing. Where an answer to an invitation stands as a draft there, this one takes its place and keeps
/// what was said in it.
///
/// # Errors
/// Those of [`begin`], and where another draft stands in the conversation.
pub fn take_up(store: &Store, sending: &Sending, wanted: Wanted<'_>) -> Result<ComposeSession, UserError> {
    let Some(standing) = store.draft_in(wanted.conversation)? else {
        return Ok(compose::session(store, begin(store, sending, wanted)?, false)?);
    };
    let Some(before) = &standing.invitation else {
        return Err(refused(phrase!("invite-other-draft")).hint(phrase!("hint-invite-other-draft")));
    };
    let said = comment(before, &standing.body);
    let text = if wanted.text.is_empty() { said.as_str() } else { wanted.text };
    let fresh = begin(store, sending, Wanted { text, ..wanted })?;
    let draft = Draft { id: standing.id, saved_at: standing.saved_at, ..fresh };
    Ok(compose::session(store, draft, false)?)
}

/// Writes the calendar that goes along with an answer whose text is `body`, made at `at`.
pub(super) fn calendar(answer: &InvitationAnswer, body: &str, at: Timestamp) -> String {
    mime::invitation_reply(answer, &comment(answer, body), at)
}

/// Returns what the author says beside the answer itself.
fn comment(answer: &InvitationAnswer, body: &str) -> String {
    let own = review::own_words(body, "");
    own.strip_prefix(answer.said.as_str()).unwrap_or(&own).trim().to_owned()
}

/// Returns what the author of an answer should look at. `parent` is the header of the mail with the invitation.
pub(super) fn warnings(answer: &InvitationAnswer, parent: &Envelope) -> Vec<Warning> {
    let mut found = Vec::new();
    if !answer.invited {
        found.push(Warning::NotInvited(answer.attendee.email.clone()));
    }
    let wrote = parent.from.iter().chain(&parent.reply_to).chain(&parent.sender);
    let organizer = Address::new("", answer.organizer.as_str());
    if let Some(from) = parent.from.first().filter(|_| wrote.clone().all(|one| one.key() != organizer.key())) {
        found.push(Warning::Organizer { to: organizer.email, from: from.email.clone() });
    }
    found
}

/// Finds the invitation that is meant: of the message that is named, else the newest that can be answered.
fn find<'a>(
    whole: &'a Conversation,
    message: Option<&MessageId>,
) -> Result<(&'a MessageItem, &'a Invitation), UserError> {
    let messages = || {
        let all = whole.items.iter().rev().filter_map(|item| match item {
            Item::Message(one) => Some(&**one),
            _ => None,
        });
        all.filter(|one| one.direction == Direction::Inbound && message.is_none_or(|id| one.id == *id))
    };
    let all: Vec<_> = messages().flat_map(|one| one.body.invitations.iter().map(move |event| (one, event))).collect();
    if let Some(found) = all.iter().find(|(_, event)| refusal(event).is_none()) {
        return Ok(*found);
    }
    // Why the newest can't be answered; what asks for something says more than what does not.
    let asks = |event: &Invitation| matches!(event.method, Method::Request | Method::Cancel);
    let newest = all.iter().find(|(_, event)| asks(event)).or(all.first());
    if let Some(why) = newest.and_then(|(_, event)| refusal(event)) {
        return Err(why);
    }
    if messages().any(|one| one.partial) {
        return Err(refused(phrase!("invite-not-here")).hint(phrase!("hint-sync")));
    }
    let place = match message {
        Some(_) => phrase!("invite-in-message"),
        None => phrase!("invite-in-conversation"),
    };
    Err(refused(phrase!("invite-none", place = place)))
}

/// Tells why an event can't be answered; `None` where it can.
fn refusal(event: &Invitation) -> Option<UserError> {
    let what = titled(event);
    let why = match (event.method, event.later) {
        (Method::Cancel, _) | (_, Later::Cancelled) => phrase!("invite-was-cancelled", what = what),
        _ if event.cancelled => phrase!("invite-was-cancelled", what = what),
        (Method::Request, Later::Updated) => {
            return Some(refused(phrase!("invite-was-changed", what = what)).hint(phrase!("hint-invite-newest")));
        }
        (Method::Request, Later::Stands) => return organizer(event).err(),
        (Method::Publish | Method::None | Method::Add, _) => phrase!("invite-no-question", what = what),
        _ => phrase!("invite-is-answer", what = what),
    };
    Some(refused(why))
}

fn organizer(event: &Invitation) -> Result<&Address, UserError> {
    let named = event.organizer.as_ref().filter(|who| is_plain(&who.email));
    named
        .ok_or_else(|| refused(phrase!("invite-no-organizer", what = titled(event))).hint(phrase!("hint-invite-reply")))
}

/// Returns as whom an inbox answers, and whether that address was invited.
fn attendee(event: &Invitation, inbox: &Inbox) -> (Address, bool) {
    match event.attendees.iter().find(|one| inbox.receives(&one.who.key())) {
        Some(one) => {
            let name = if one.who.name.is_empty() { &inbox.address.name } else { &one.who.name };
            (Address::new(name.as_str(), one.who.email.as_str()), true)
        }
        None => (inbox.address.clone(), false),
    }
}

fn titled(event: &Invitation) -> String {
    in_quotes(text::invitation_title(event))
}

fn refused(why: Phrase) -> UserError {
    UserError::new(ErrorKind::Precondition, why)
}

#[cfg(test)]
#[path = "invite_tests.rs"]
mod tests;
