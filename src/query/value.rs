//! Values behind a key: how each is read, and what is said where it can't be.

use jiff::civil::Date;

use super::QueryError;
use super::ast::{Age, COMPARES, Compare, Day, Pattern, Span, Who};
use super::lex::Piece;
use crate::model::ids::{BadName, ConversationId, Handle};
use crate::model::text::in_quotes;
use crate::model::when::read_span;
pub(super) use crate::model::when::shorten;

/// Returns the word of `known` that is most like `word`, where one is.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: String = word.to_lowercase().chars().take(40).collect();
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, candidate), candidate))
        .filter(|(score, _)| *score > 0.78)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Looks a word up in a table of the language.
pub(super) fn one_of<T: Copy>(key: &str, piece: &Piece, table: &[(&'static str, T)]) -> Result<T, QueryError> {
    let word = piece.text.to_lowercase();
    if let Some((_, value)) = table.iter().find(|(name, _)| *name == word) {
        return Ok(*value);
    }
    Err(unknown(key, piece, table.iter().map(|(name, _)| *name)))
}

/// Says that a value is none of `known`.
pub(super) fn unknown<'a>(key: &str, piece: &Piece, known: impl IntoIterator<Item = &'a str>) -> QueryError {
    let known: Vec<&str> = known.into_iter().collect();
    let hint = match nearest(&piece.text, known.iter().copied()) {
        Some(near) => phrase!("hint-query-value", key = key, near = near),
        None => phrase!("hint-use-one-of", names = known.join(", ")),
    };
    QueryError::new(piece.at, phrase!("query-knows-no", key = key, given = quoted(piece)), hint)
}

/// Reads a name of the model: a tag, an inbox, an agent.
pub(super) fn name<T>(piece: &Piece, new: impl Fn(&str) -> Result<T, BadName>) -> Result<T, QueryError> {
    new(&piece.text).map_err(|bad| QueryError::new(piece.at, bad.phrase(), bad.why))
}

fn quoted(piece: &Piece) -> String {
    in_quotes(shorten(&piece.text))
}

pub(super) fn who(piece: &Piece) -> Result<Who, QueryError> {
    match piece.text.to_lowercase().as_str() {
        "me" => Ok(Who::Me),
        "none" | "nobody" => Ok(Who::Nobody),
        _ => name(piece, Handle::new).map(Who::Agent),
    }
}

pub(super) fn person(piece: &Piece) -> Pattern {
    let text = piece.text.trim();
    let lower = text.to_lowercase();
    match lower.split_once('@') {
        Some(("", domain)) if !domain.is_empty() && !domain.contains('@') => Pattern::Domain(domain.to_owned()),
        Some((local, domain)) if !local.is_empty() && !domain.is_empty() => Pattern::Address(lower),
        // The end of a part is open anyway.
        _ => match text.strip_suffix('*') {
            Some(part) if !piece.quoted && !part.is_empty() => Pattern::Part(part.to_owned()),
            _ => Pattern::Part(text.to_owned()),
        },
    }
}

pub(super) fn span(key: &str, piece: &Piece, text: &str) -> Result<Span, QueryError> {
    read_span(text).ok_or_else(|| {
        let hint = phrase!("hint-query-span", key = key);
        QueryError::new(piece.at, phrase!("query-no-span", given = quoted(piece)), hint)
    })
}

/// Reads `>2d`, `<1h`, `2d`; without a sign it is "more than".
pub(super) fn age(key: &str, piece: &Piece) -> Result<Age, QueryError> {
    let (compare, rest) = compared(&piece.text);
    let span = span(key, piece, rest)?;
    Ok(match compare {
        Compare::Under | Compare::AtMost => Age::Under(span),
        Compare::Over | Compare::AtLeast | Compare::Equal => Age::Over(span),
    })
}

pub(super) fn compared(text: &str) -> (Compare, &str) {
    COMPARES
        .iter()
        .find_map(|(sign, compare)| text.strip_prefix(sign).map(|rest| (*compare, rest)))
        .unwrap_or((Compare::Equal, text))
}

pub(super) fn count(key: &str, piece: &Piece) -> Result<(Compare, u32), QueryError> {
    let (compare, rest) = compared(&piece.text);
    let number = rest.parse().map_err(|_| {
        QueryError::new(
            piece.at,
            phrase!("query-no-number", given = quoted(piece)),
            phrase!("hint-query-number", key = key),
        )
    })?;
    Ok((compare, number))
}

pub(super) fn day(key: &str, piece: &Piece) -> Result<Day, QueryError> {
    match piece.text.to_lowercase().as_str() {
        "today" => Ok(Day::Today),
        "yesterday" => Ok(Day::Yesterday),
        text => text.parse::<Date>().ok().filter(|date| is_plain(text, *date)).map(Day::Date).ok_or_else(|| {
            let hint = phrase!("hint-query-day", key = key);
            QueryError::new(piece.at, phrase!("query-no-day", given = quoted(piece)), hint)
        }),
    }
}

/// Only the form that is written back: jiff takes more.
fn is_plain(text: &str, date: Date) -> bool {
    date.year() >= 1 && date.to_string() == text
}

pub(super) fn id(piece: &Piece) -> Result<String, QueryError> {
    ConversationId::normalise(&piece.text).ok_or_else(|| {
        QueryError::new(piece.at, phrase!("query-no-id", given = quoted(piece)), phrase!("hint-query-id"))
    })
}
