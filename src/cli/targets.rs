//! What a verb is done to: ids, queries, or ids from stdin.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, Read as _};

use super::desk::Desk;
use super::output::Output;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::{ConversationId, MessageId, SHORT_ID_MIN};
use crate::model::shown::{Mark, Shown};
use crate::model::text::{SafeText, in_quotes};
use crate::query::{self, Query, QueryError};
use crate::service::known::{self, Unknown};
use crate::store::Resolved;
use crate::text;

/// What a query is asked for: what nobody meant does more harm where something is changed.
pub enum Use<'o> {
    /// To show what it finds; what may be a slip is told there.
    Read(&'o mut Output),
    /// To change what it finds.
    Change,
}

/// Reads a query of words joined by spaces, and looks whether the names in it are known.
///
/// # Errors
/// As [`query()`]. Names an agent, inbox or tag that is not known, with the nearest, unless `--allow-unknown` says that it is right so.
pub fn asked(desk: &Desk, words: &[String], how: Use<'_>) -> Result<Query, UserError> {
    let query = query(words)?;
    admit(desk, &query, how)?;
    Ok(query)
}

/// Refuses a query that names what is not known, or tells of it: to read by a tag that nothing bears yet finds nothing, and harms nobody.
///
/// # Errors
/// As [`asked`].
pub fn admit(desk: &Desk, query: &Query, how: Use<'_>) -> Result<(), UserError> {
    if desk.allow_unknown {
        return Ok(());
    }
    let unknown = known::unknown(&desk.store, query)?;
    if let Some(first) = unknown.iter().find(|one| matches!(how, Use::Change) || one.is_slip()) {
        return Err(refused(first));
    }
    if let Use::Read(out) = how {
        unknown.iter().for_each(|one| tell(out, one));
    }
    Ok(())
}

/// Returns the error that a name is not known.
pub fn refused(unknown: &Unknown) -> UserError {
    let hint = match &unknown.near {
        Some(near) => phrase!("hint-unknown-near", near = near),
        None if unknown.others.is_empty() => phrase!("hint-unknown"),
        None => phrase!("hint-unknown-among", names = unknown.others.join(", ")),
    };
    UserError::new(ErrorKind::Usage, unknown.phrase()).hint(hint)
}

/// Tells of a name that is not known.
pub fn tell(out: &mut Output, unknown: &Unknown) {
    out.warn(&text::render(&unknown.phrase()));
    if let Some(meant) = unknown.meant() {
        out.hint(&text::render(&meant));
    }
}

/// Reads a query, its words joined by spaces.
///
/// # Errors
/// Names the column and what would be right. When a word is blank: joined with the others it would say nothing, and alone everything.
pub fn query(words: &[String]) -> Result<Query, UserError> {
    refuse_blank(words)?;
    let text = words.join(" ");
    query::parse(&text).map_err(|error| bad_query(&text, &error))
}

fn refuse_blank(words: &[String]) -> Result<(), UserError> {
    if words.iter().any(|word| word.trim().is_empty()) {
        return Err(UserError::new(ErrorKind::Usage, phrase!("blank-argument")).hint(phrase!("hint-blank-argument")));
    }
    Ok(())
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
/// When an id leads nowhere or to several, or a query can't be read or names what is not known.
pub fn find(desk: &Desk, given: &[String], how: Use<'_>) -> Result<Vec<ConversationId>, UserError> {
    Ok(shown(desk, given, how)?.into_iter().map(|shown| shown.id).collect())
}

/// Finds the conversations that the arguments mean as they were shown, each once, in their order: as the mark behind an id says, or as
/// they stand now where there is none.
///
/// # Errors
/// When an id leads nowhere or to several, or a query can't be read or names what is not known.
pub fn shown(desk: &Desk, given: &[String], how: Use<'_>) -> Result<Vec<Shown>, UserError> {
    if given.is_empty() {
        return Err(
            UserError::new(ErrorKind::Usage, phrase!("no-conversation-named")).hint(phrase!("hint-name-conversations"))
        );
    }
    refuse_blank(given)?;
    let (stdin, beside): (Vec<String>, Vec<String>) = given.iter().cloned().partition(|word| word == STDIN);
    if !stdin.is_empty() {
        return of_stdin(desk, &beside, how);
    }
    if given.iter().any(|word| is_query(word)) {
        return Ok(desk.store.shown_of(&query_of(desk, given, how)?, &desk.context())?);
    }
    of_ids(desk, given)
}

/// So much of a line of stdin is looked at: more than an id or a Message-ID is long, with what may stand before it.
const LINE_MAX: u64 = 64 << 10;
/// Stands for ids from stdin.
const STDIN: &str = "-";

/// Returns what stdin names, as far as it is what the query beside it finds.
fn of_stdin(desk: &Desk, beside: &[String], how: Use<'_>) -> Result<Vec<Shown>, UserError> {
    let wanted = match beside {
        [] => None,
        words if words.iter().any(|word| is_query(word)) => Some(query_of(desk, words, how)?),
        words => {
            let words = words.join(" ");
            return Err(UserError::new(ErrorKind::Usage, phrase!("ids-beside-stdin", words = words.as_str()))
                .hint(phrase!("hint-ids-beside-stdin", words = words)));
        }
    };
    let mut found = of_ids(desk, &from_stdin(desk)?)?;
    if let Some(query) = wanted {
        let found_by_it: HashSet<ConversationId> = desk.store.ids(&query, &desk.context())?.into_iter().collect();
        found.retain(|shown| found_by_it.contains(&shown.id));
    }
    Ok(found)
}

/// Reads a query of a verb that takes ids too: a word of it that is one may be meant as such.
fn query_of(desk: &Desk, words: &[String], how: Use<'_>) -> Result<Query, UserError> {
    let query = query(words)?;
    for word in query::bare_words(&words.join(" ")).unwrap_or_default() {
        if word.chars().count() < SHORT_ID_MIN {
            continue;
        }
        if let Ok((id, _)) = read(desk, &word) {
            let rows = desk.store.rows(&[id])?;
            let title = rows.first().map(|row| text::titled(row.title.as_str())).unwrap_or_default();
            return Err(UserError::new(ErrorKind::Usage, phrase!("bare-id", word = word.as_str(), title = title))
                .hint(phrase!("hint-bare-id", word = word)));
        }
    }
    admit(desk, &query, how)?;
    Ok(query)
}

/// Finds conversations by their ids. Whole ids, which programs hand on by the thousands, are looked up all at once.
fn of_ids(desk: &Desk, words: &[String]) -> Result<Vec<Shown>, UserError> {
    let whole: Vec<ConversationId> = words.iter().filter_map(|word| whole_id(word)).collect();
    let here: HashMap<ConversationId, Shown> =
        desk.store.shown(&whole)?.into_iter().map(|shown| (shown.id.clone(), shown)).collect();
    let mut seen = HashSet::new();
    let mut found = Vec::with_capacity(words.len());
    for word in words {
        if let Some(shown) = whole_id(word).and_then(|id| here.get(&id)) {
            let mark = word.split_once('@').and_then(|(_, mark)| Mark::parse(mark));
            if seen.insert(shown.id.clone()) {
                found.push(mark.map_or_else(|| Ok(shown.clone()), |mark| as_marked(desk, shown, mark))?);
            }
            continue;
        }
        let (id, mark) = read(desk, word)?;
        if !seen.insert(id.clone()) {
            continue;
        }
        let now = desk.store.shown(&[id])?;
        match mark {
            Some(mark) => {
                for shown in &now {
                    found.push(as_marked(desk, shown, mark.clone())?);
                }
            }
            None => found.extend(now),
        }
    }
    Ok(found)
}

/// Returns the id where all of it is written, with or without a mark. What stands behind the `@` of a Message-ID is no mark.
fn whole_id(word: &str) -> Option<ConversationId> {
    let id = match word.split_once('@') {
        Some((id, mark)) => Mark::parse(mark).map(|_| id)?,
        None => word,
    };
    let id = ConversationId::normalise(id).filter(|id| id.len() == ConversationId::LEN)?;
    Some(ConversationId::from_kept(id))
}

/// Returns a conversation as its mark says that it was shown; `now` is how it stands.
fn as_marked(desk: &Desk, now: &Shown, mark: Mark) -> Result<Shown, UserError> {
    let arrived = match (mark.at, &now.as_of) {
        // The newest second is known.
        (Some(at), Some(as_of)) if as_of.at == at => as_of.ids.clone(),
        (Some(at), _) => desk.store.arrived_in(&now.id, at)?,
        (None, _) => Vec::new(),
    };
    Ok(Shown { id: now.id.clone(), as_of: mark.as_of(arrived), assignee: mark.assignee, gone: mark.gone })
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
            Err(UserError::new(ErrorKind::Nothing, phrase!("no-such-conversation", word = in_quotes(word)))
                .hint(phrase!("hint-search-in-full", word = word)))
        }
        Resolved::Many(ids) => {
            Err(UserError::new(ErrorKind::Usage, phrase!("begins-several-ids", word = in_quotes(word)))
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

/// Reads the beginning of the next line, as much as a word may be of, and passes the rest of it over; `None` at the end.
fn read_line(from: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    let read = from.by_ref().take(LINE_MAX).read_until(b'\n', &mut line)?;
    if read as u64 == LINE_MAX && !line.ends_with(b"\n") {
        from.skip_until(b'\n')?;
        // Half a letter may stand at the end.
        return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
    }
    let wrong = |error| std::io::Error::new(std::io::ErrorKind::InvalidData, error);
    (read > 0).then(|| String::from_utf8(line).map_err(wrong)).transpose()
}

/// Reads the ids of stdin, the first word of each line, so that the lines of a table do as well.
fn from_stdin(desk: &Desk) -> Result<Vec<String>, UserError> {
    desk.take_stdin()?;
    let mut ids = Vec::new();
    let mut stdin = std::io::stdin().lock();
    for number in 0.. {
        let line = read_line(&mut stdin)
            .map_err(|error| UserError::new(ErrorKind::Usage, phrase!("stdin-unreadable", why = error.to_string())))?;
        let Some(line) = line else { break };
        let Some(word) = line.split_whitespace().next() else { continue };
        if is_query(word) {
            let (line, word) = ((number + 1).to_string(), SafeText::line_max(word, 100));
            return Err(UserError::new(ErrorKind::Usage, phrase!("stdin-no-id", line = line, word = word.as_str()))
                .hint(phrase!("hint-stdin-no-id")));
        }
        ids.push(word.to_owned());
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_line_without_end_the_beginning_is_read_and_the_next_line_is_the_next() {
        let long = b"x6c0 ".chain(std::io::repeat(b'y').take(100 << 20)).chain(&b"\n jm3n\n\xff\n"[..]);
        let mut from = std::io::BufReader::new(long);
        let first = read_line(&mut from).unwrap().unwrap();
        assert!(first.starts_with("x6c0 y") && first.len() as u64 == LINE_MAX);
        assert_eq!(read_line(&mut from).unwrap().unwrap(), " jm3n\n");
        assert!(read_line(&mut from).is_err());
        assert_eq!(read_line(&mut from).unwrap(), None);
    }
}
