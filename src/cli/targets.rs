//! What a verb is done to: ids, queries, or ids from stdin.

use std::collections::{BTreeSet, HashMap};
use std::io::BufRead;

use super::desk::Desk;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{ConversationId, MessageId};
use crate::model::shown::{Mark, Shown};
use crate::query::{self, Query, QueryError};
use crate::store::Resolved;

/// Reads a query, its words joined by spaces.
///
/// # Errors
/// Names the column and what would be right.
pub fn query(words: &[String]) -> Result<Query, UserError> {
    let text = words.join(" ");
    query::parse(&text).map_err(|error| bad_query(&text, &error))
}

/// Shows the query with a mark under the place.
fn bad_query(text: &str, error: &QueryError) -> UserError {
    let mark = format!("\n  {text}\n  {}^", " ".repeat(error.at));
    UserError::new(ErrorKind::Usage, phrase!("query-wrong", why = error.to_string(), mark = mark))
        .hint_any(error.hint.clone())
}

/// Finds the conversations that the arguments mean, each once, in their order.
///
/// # Errors
/// When an id leads nowhere or to several, or a query can't be read.
pub fn find(desk: &Desk, given: &[String]) -> Result<Vec<ConversationId>, UserError> {
    Ok(shown(desk, given)?.into_iter().map(|shown| shown.id).collect())
}

/// Finds the conversations that the arguments mean as they were shown, each once, in their order: as the mark behind an id says, or as
/// they stand now where there is none.
///
/// # Errors
/// When an id leads nowhere or to several, or a query can't be read.
pub fn shown(desk: &Desk, given: &[String]) -> Result<Vec<Shown>, UserError> {
    let words = match given {
        [dash] if dash == "-" => from_stdin()?,
        _ => given.to_vec(),
    };
    if given.is_empty() {
        return Err(
            UserError::new(ErrorKind::Usage, phrase!("no-conversation-named")).hint(phrase!("hint-name-conversations"))
        );
    }
    if words.iter().any(|word| is_query(word)) {
        return Ok(desk.store.shown_of(&query(&words)?, &desk.context())?);
    }
    let whole = in_full(desk, &words)?;
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for word in &words {
        if let Some(shown) = whole.get(word.as_str()) {
            found.extend(seen.insert(shown.id.clone()).then(|| shown.clone()));
            continue;
        }
        let (id, mark) = read(desk, word)?;
        if !seen.insert(id.clone()) {
            continue;
        }
        match mark {
            Some(mark) => found.push(as_marked(desk, id, mark)?),
            None => found.extend(desk.store.shown(&[id])?),
        }
    }
    Ok(found)
}

/// Finds those that are named by ids in full, as scripts name them by the hundred thousand: all at once.
fn in_full(desk: &Desk, words: &[String]) -> Result<HashMap<String, Shown>, UserError> {
    let ids: Vec<ConversationId> = words.iter().map(|word| ConversationId::from_kept(word.as_str())).collect();
    Ok(desk.store.shown(&ids)?.into_iter().map(|shown| (shown.id.to_string(), shown)).collect())
}

/// Returns a conversation as its mark says that it was shown.
fn as_marked(desk: &Desk, id: ConversationId, mark: Mark) -> Result<Shown, UserError> {
    let now = mark.at.map(|at| desk.store.arrived_in(&id, at)).transpose()?.unwrap_or_default();
    Ok(Shown { id, as_of: mark.as_of(now), assignee: mark.assignee, gone: mark.gone })
}

/// Finds the one conversation of an id or of a message's Message-ID.
///
/// # Errors
/// When it leads nowhere or to several.
pub fn one(desk: &Desk, word: &str) -> Result<ConversationId, UserError> {
    Ok(read(desk, word)?.0)
}

/// Reads `ID`, `ID@MARK` or a Message-ID. What stands behind the `@` of a Message-ID is no mark: a mark holds no dot, and checks itself.
fn read(desk: &Desk, word: &str) -> Result<(ConversationId, Option<Mark>), UserError> {
    let marked = word.split_once('@').and_then(|(id, mark)| Some((id, Mark::parse(mark)?)));
    if let Some((id, mark)) = marked
        && let Resolved::One(id) = desk.store.resolve(id)?
    {
        return Ok((id, Some(mark)));
    }
    Ok((plain(desk, word)?, None))
}

fn plain(desk: &Desk, word: &str) -> Result<ConversationId, UserError> {
    if word.contains('@')
        && let Some(message) = MessageId::new(word)
        && let Some(id) = desk.store.conversation_of(&message)?
    {
        return Ok(id);
    }
    match desk.store.resolve(word)? {
        Resolved::One(id) => Ok(id),
        Resolved::None => {
            Err(UserError::new(ErrorKind::Nothing, phrase!("no-such-conversation", word = format!("{word:?}")))
                .hint(phrase!("hint-search-in-full", word = word)))
        }
        Resolved::Many(ids) => {
            Err(UserError::new(ErrorKind::Usage, phrase!("begins-several-ids", word = format!("{word:?}")))
                .hint(phrase!("hint-may-be", ids = ids.join(", "))))
        }
    }
}

/// Tells a query from an id: it has a field, a space, a sign or a quote. A mere word is an id, so that a mistyped id never becomes
/// a search that matches half the mailbox.
fn is_query(word: &str) -> bool {
    let message_id = word.contains('@') && !word.contains(':');
    !message_id && word.contains(|c: char| c.is_whitespace() || ":\"()|-".contains(c))
}

fn from_stdin() -> Result<Vec<String>, UserError> {
    let mut ids = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let line = line
            .map_err(|error| UserError::new(ErrorKind::Usage, phrase!("stdin-unreadable", why = error.to_string())))?;
        // The first word only, so that the lines of a table do as well.
        ids.extend(line.split_whitespace().next().map(str::to_owned));
    }
    Ok(ids)
}
