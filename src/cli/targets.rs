//! What a verb is done to: ids, queries, or ids from stdin.

use std::io::BufRead;

use super::desk::Desk;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{ConversationId, MessageId};
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
    let message = format!("{error}\n  {text}\n  {}^", " ".repeat(error.at));
    UserError::new(ErrorKind::Usage, message).hint(error.hint.clone())
}

/// Finds the conversations that the arguments mean, each once, in their order.
///
/// # Errors
/// When an id leads nowhere or to several, or a query can't be read.
pub fn find(desk: &Desk, given: &[String]) -> Result<Vec<ConversationId>, UserError> {
    let words = match given {
        [dash] if dash == "-" => from_stdin()?,
        _ => given.to_vec(),
    };
    if given.is_empty() {
        return Err(UserError::new(ErrorKind::Usage, "no conversation is named")
            .hint("name ids, or a query such as 'status:open tag:billing'; 'is:any' means every conversation"));
    }
    if words.iter().any(|word| is_query(word)) {
        return Ok(desk.store.ids(&query(&words)?, &desk.context())?);
    }
    let mut found = Vec::new();
    for word in &words {
        let id = one(desk, word)?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

/// Finds the one conversation of an id or of a message's Message-ID.
///
/// # Errors
/// When it leads nowhere or to several.
pub fn one(desk: &Desk, word: &str) -> Result<ConversationId, UserError> {
    if word.contains('@')
        && let Some(message) = MessageId::new(word)
        && let Some(id) = desk.store.conversation_of(&message)?
    {
        return Ok(id);
    }
    match desk.store.resolve(word)? {
        Resolved::One(id) => Ok(id),
        Resolved::None => Err(UserError::new(ErrorKind::Nothing, format!("there is no conversation {word:?}"))
            .hint(format!("to search for the word, write the query in full: postroom list '{word}'"))),
        Resolved::Many(ids) => Err(UserError::new(ErrorKind::Usage, format!("{word:?} begins several ids"))
            .hint(format!("it may be {}", ids.join(", ")))),
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
        let line = line.map_err(|error| UserError::new(ErrorKind::Usage, format!("stdin can't be read: {error}")))?;
        // The first word only, so that the lines of a table do as well.
        ids.extend(line.split_whitespace().next().map(str::to_owned));
    }
    Ok(ids)
}
