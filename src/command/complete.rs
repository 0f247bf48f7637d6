//! What a line that is still being typed can go on with.

use super::lex::rest;
use super::param::{Kind, Param, offers, teams};
use super::{Action, Context};

/// The most that is offered at once.
const OFFERS_MAX: usize = 200;

/// What can stand in place of the word under the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Where that word begins, in characters from the beginning of the line, from 0.
    pub at: usize,
    /// What can stand there, best first; at most 200.
    pub offers: Vec<Offer>,
}

/// One thing that can stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The word.
    pub word: String,
    /// What it means or does; may be empty.
    pub about: String,
}

/// Completes a line whose cursor stands at its end: the name of an action first, then what its parameters take.
pub fn complete(line: &str, context: &Context<'_>) -> Completion {
    let begun = line.trim_start();
    let indent = line.chars().count() - begun.chars().count();
    let Some((name, behind)) = begun.split_once(char::is_whitespace) else {
        return Completion { at: indent, offers: actions(begun) };
    };
    let at = indent + name.chars().count() + 1;
    let Some(action) = Action::from_name(name) else { return Completion { at, offers: Vec::new() } };
    let (param, at, typed) = under_cursor(action, behind, at);
    let Some(param) = param else { return Completion { at, offers: Vec::new() } };
    let (kind, at, sign, typed) = match param.kind {
        Kind::Tags => {
            let (at, sign, typed) = last_tag(at, typed);
            (Kind::Tags, at, sign, typed)
        }
        Kind::Text => match mention(at, typed) {
            Some((at, typed)) => (Kind::Agent, at, "@", typed),
            None => return Completion { at, offers: Vec::new() },
        },
        kind => (kind, at, "", typed.trim_start_matches('@')),
    };
    let typed = typed.to_lowercase();
    // Nobody is mentioned as `@me`.
    let fits = |word: &str| word.starts_with(&typed) && !(sign == "@" && word == "me");
    let mentioned = (sign == "@").then(|| teams(context)).into_iter().flatten();
    let fits = offers(kind, context).into_iter().chain(mentioned).filter(|(word, _)| fits(&word.to_lowercase()));
    let offers = fits.map(|(word, about)| Offer { word: format!("{sign}{word}"), about }).take(OFFERS_MAX);
    Completion { at, offers: offers.collect() }
}

/// Names that begin so first, then those of which a later part does: `open` finds `status-open`.
fn actions(typed: &str) -> Vec<Offer> {
    let typed = typed.to_lowercase();
    let begins = |action: &&Action| action.name().starts_with(&typed);
    let part =
        |action: &&Action| !begins(action) && action.name().split('-').skip(1).any(|part| part.starts_with(&typed));
    let offer = |action: &Action| Offer { word: action.name().to_owned(), about: action.sentence() };
    let first = Action::ALL.iter().filter(begins);
    first.chain(Action::ALL.iter().filter(part)).map(offer).take(OFFERS_MAX).collect()
}

/// Returns the parameter that the cursor is in, where what is typed of it begins, and that.
fn under_cursor(action: Action, behind: &str, at: usize) -> (Option<&'static Param>, usize, &str) {
    let params = action.params();
    for (n, param) in params.iter().enumerate() {
        let left = rest(behind, n);
        let open = !left.text.contains(char::is_whitespace) && !behind.ends_with(char::is_whitespace);
        if param.kind == Kind::Tags && behind.ends_with(char::is_whitespace) {
            return (Some(param), at + behind.chars().count(), "");
        }
        if param.kind.takes_rest() || open || left.text.is_empty() {
            return (Some(param), at + left.at, left.text);
        }
    }
    (None, at + behind.chars().count(), "")
}

/// Of tags that are typed with commas or blanks between, the last is completed, behind its sign.
fn last_tag(at: usize, typed: &str) -> (usize, &str, &str) {
    let divides = |(_, c): &(usize, char)| *c == ',' || c.is_whitespace();
    let begin = typed.char_indices().rev().find(divides).map_or(0, |(place, c)| place + c.len_utf8());
    let (before, last) = typed.split_at_checked(begin).unwrap_or(("", typed));
    let name = last.trim_start_matches(['+', '-', '#']);
    let sign = last.strip_suffix(name).unwrap_or_default();
    (at + before.chars().count(), sign, name)
}

/// In a text the colleague or the team is completed that its last word mentions.
fn mention(at: usize, typed: &str) -> Option<(usize, &str)> {
    let word = typed.rsplit(char::is_whitespace).next()?;
    let before = typed.strip_suffix(word)?;
    Some((at + before.chars().count(), word.strip_prefix('@')?))
}
