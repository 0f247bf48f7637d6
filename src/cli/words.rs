//! Words of the command line made into wishes, moments and texts.

use std::io::Read;

use super::desk::Desk;
use crate::command::{self, Action, Context};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId};
use crate::model::phrase::Phrase;
use crate::op::operation::TEXT_MAX;
use crate::op::wish::Wish;

/// Makes a usage error.
pub fn usage(what: impl Into<Phrase>) -> UserError {
    UserError::new(ErrorKind::Usage, what)
}

/// Reads what an action takes, as lines and keys do, into what is wished.
///
/// # Errors
/// Names the nearest agent, inbox or status; says what else is wrong. When the store can't be read.
pub fn wish(desk: &Desk, action: Action, given: &[&str]) -> Result<Wish, UserError> {
    let mut agents = desk.store.known_agents()?;
    agents.extend(desk.config.agents.iter().map(|agent| agent.handle.clone()));
    in_context(desk, &agents, |context| command::wish(action, given, context).map_err(|error| error.problem))
}

/// Reads an inbox of the config.
///
/// # Errors
/// Names the nearest, or those that there are.
pub fn inbox(desk: &Desk, word: &str) -> Result<InboxId, UserError> {
    in_context(desk, &[], |context| command::inbox(word, context))
}

/// Reads a moment to come; `None` for `now`, `wake` and `off`, which end a snooze.
///
/// # Errors
/// Says what to write.
pub fn moment(desk: &Desk, word: &str) -> Result<Option<Timestamp>, UserError> {
    in_context(desk, &[], |context| command::moment(word, context))
}

fn in_context<T>(
    desk: &Desk,
    agents: &[Handle],
    read: impl FnOnce(&Context<'_>) -> Result<T, command::Problem>,
) -> Result<T, UserError> {
    let inboxes: Vec<InboxId> = desk.config.inboxes.iter().map(|inbox| inbox.id.clone()).collect();
    let (me, now, zone) = (&desk.config.me, desk.clock.now(), &desk.zone);
    let team = desk.store.team();
    let teams: Vec<Handle> = team.groups.iter().map(|group| group.name.clone()).collect();
    let context = Context {
        me,
        now,
        zone,
        agents,
        teams: &teams,
        inboxes: &inboxes,
        tags: &[],
        views: &[],
        themes: &[],
        replies: &[],
        conversations: &[],
    };
    read(&context).map_err(|problem| usage(problem.what()).hint_any(problem.hint()))
}

/// Reads the text of a note; `-` reads it from stdin.
///
/// # Errors
/// When it is empty, too long, or no UTF-8.
pub fn text(desk: &Desk, word: &str) -> Result<String, UserError> {
    let mut text = word.to_owned();
    if word == "-" {
        desk.take_stdin()?;
        text.clear();
        let most = TEXT_MAX.saturating_mul(4).saturating_add(1);
        let limit = u64::try_from(most).unwrap_or(u64::MAX);
        let read = std::io::stdin().lock().take(limit).read_to_string(&mut text);
        read.map_err(|error| usage(phrase!("note-unreadable", why = error.to_string())))?;
    }
    let text = text.trim_end().to_owned();
    if text.trim().is_empty() {
        return Err(usage(phrase!("note-empty")));
    }
    if text.chars().count() > TEXT_MAX {
        return Err(usage(phrase!("note-too-long", most = TEXT_MAX.to_string())));
    }
    Ok(text)
}

/// Says which known word is meant, or which there are.
pub fn nearest(word: &str, known: &[&str]) -> Phrase {
    match crate::model::nearest::nearest(word, known.iter().copied()) {
        Some(near) => phrase!("hint-did-you-mean", near = near),
        None => phrase!("hint-there-are", names = known.join(", ")),
    }
}
