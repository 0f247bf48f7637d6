//! The line above a quote, and the language that it and dates are of.

use std::collections::HashSet;

use crate::mime::{self, compose};
use crate::model::agent::Team;
use crate::model::ids::InboxId;
use crate::model::language::Language;
use crate::model::message::{Authorship, Envelope};
use crate::model::reply::{Draft, DraftKind};
use crate::model::text::SafeText;
use crate::service::review;
use crate::store::{Store, StoreError};
use crate::thread::author;

/// Returns the line above the quote of the message that a draft answers, in whichever language it stands there; empty where it answers none,
/// or where its author took the line away.
pub(in crate::service) fn attribution_in(store: &Store, draft: &Draft) -> Result<String, StoreError> {
    let Some(id) = draft.parent.as_ref().filter(|_| draft.kind != DraftKind::Forward) else {
        return Ok(String::new());
    };
    let (parent, authorship, team) = (review::parent(store, draft)?, store.authorship(id)?, store.team());
    let lines: HashSet<&str> = draft.body.lines().map(str::trim_end).collect();
    let all = Language::ALL.into_iter().map(|language| attribution(&parent, authorship, &team, language));
    Ok(all.into_iter().find(|line| lines.contains(line.as_str())).unwrap_or_default())
}

/// Puts the line above the quote of a draft into another language, as a saved reply of that language wants it.
///
/// # Errors
/// When the store can't be read.
pub fn attribute_in(store: &Store, draft: &mut Draft, language: Language) -> Result<(), StoreError> {
    let line = attribution_in(store, draft)?;
    let (Some(id), false) = (&draft.parent, line.is_empty()) else { return Ok(()) };
    let other = attribution(&review::parent(store, draft)?, store.authorship(id)?, &store.team(), language);
    let body: Vec<&str> =
        draft.body.split('\n').map(|one| if one.trim_end() == line { other.as_str() } else { one }).collect();
    draft.body = body.join("\n");
    Ok(())
}

/// Returns the line above the quote of a mail.
pub(super) fn attribution(of: &Envelope, authorship: Authorship, team: &Team, language: Language) -> String {
    let line = compose::attribution(of, author::authors(of, authorship, team).first().copied(), language);
    SafeText::line(&line).to_string()
}

/// Returns the language in which a draft speaks of itself: that of the mail that it answers, else of its inbox, else of whoever writes.
pub(super) fn language_of(store: &Store, draft: &Draft) -> Result<Language, StoreError> {
    let raw = match &draft.parent {
        Some(parent) => store.raw(parent)?,
        None => None,
    };
    Ok(match raw {
        Some(raw) => language_in(store, draft.inbox.as_ref(), &mime::parse(&raw), &raw),
        None => usual_language(store, draft.inbox.as_ref()),
    })
}

pub(super) fn language_in(store: &Store, inbox: Option<&InboxId>, parsed: &mime::Parsed, raw: &[u8]) -> Language {
    mime::language(parsed, raw).unwrap_or_else(|| usual_language(store, inbox))
}

/// Returns the language of an inbox, else that of whoever writes.
fn usual_language(store: &Store, inbox: Option<&InboxId>) -> Language {
    let of_inbox = inbox.and_then(|id| store.team().inbox(id).and_then(|inbox| inbox.language));
    of_inbox.or_else(Language::readers).unwrap_or(Language::En)
}
