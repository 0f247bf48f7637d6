//! Tokens into a tree. Recursive descent, bounded in depth and size.

use super::ast::{Age, Expr, Field, HAS_WORDS, IS_WORDS, Role, Term};
use super::guide::KEYS;
use super::lex::{Kind, Lexer, Piece, Token};
use super::signs::{is_star, plain};
use super::twin::only_pictures;
use super::value::{self, shorten};
use super::{CHARS_MAX, DEPTH_MAX, Query, QueryError, TERMS_MAX, TEXT_MAX};
use crate::model::ids::{InboxId, Tag};
use crate::model::status::Status;
use crate::model::text::in_quotes;

/// Returns the words of a query that stand alone, unquoted and without a key: what somebody may have meant as an id.
///
/// # Errors
/// As [`parse`], where the text can't be taken apart.
pub fn bare_words(text: &str) -> Result<Vec<String>, QueryError> {
    let tokens = Lexer::new(text).tokens()?;
    Ok(tokens
        .into_iter()
        .filter_map(|token| match token.kind {
            Kind::Word(word) => Some(word),
            _ => None,
        })
        .collect())
}

/// Reads a query. Empty text asks for every conversation.
///
/// # Errors
/// Names the column, what is wrong, and the nearest word that would be right.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    if text.chars().nth(CHARS_MAX).is_some() {
        return Err(too_long());
    }
    let tokens = Lexer::new(text).tokens()?;
    let end = text.chars().count();
    let mut parser = Parser { tokens, next: 0, end, terms: 0 };
    if parser.tokens.is_empty() {
        return Ok(Query::any());
    }
    let expr = parser.either(0)?;
    if let Some(token) = parser.peek() {
        // Only a closing parenthesis ends an expression early.
        return Err(QueryError::new(token.at, phrase!("query-not-opened"), phrase!("hint-query-take-away")));
    }
    let query = Query { expr };
    // What is written back may be longer than what was read, and must be readable too.
    if query.to_string().chars().nth(CHARS_MAX).is_some() {
        return Err(too_long());
    }
    Ok(query)
}

fn too_long() -> QueryError {
    QueryError::new(CHARS_MAX, phrase!("query-too-long", most = CHARS_MAX.to_string()), phrase!("hint-query-shorter"))
}

fn too_deep(at: usize) -> QueryError {
    QueryError::new(at, phrase!("query-too-deep", most = DEPTH_MAX.to_string()), phrase!("hint-query-flatten"))
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    end: usize,
    terms: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token { kind: Kind::Word(w), .. }) if w.eq_ignore_ascii_case(word))
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn either(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while self.is_word("or") {
            self.next += 1;
            parts.push(self.all(depth)?);
        }
        Ok(Expr::or(parts))
    }

    fn all(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let mut parts = Vec::new();
        loop {
            if self.is_word("and") && !parts.is_empty() {
                self.next += 1;
                parts.push(self.unary(depth)?);
                continue;
            }
            match self.peek() {
                None | Some(Token { kind: Kind::Close, .. }) => break,
                Some(_) if self.is_word("or") => break,
                Some(_) => parts.push(self.unary(depth)?),
            }
        }
        if parts.is_empty() {
            return Err(self.missing());
        }
        // "is:any" beside something else adds nothing.
        Ok(Expr::and(parts))
    }

    fn missing(&self) -> QueryError {
        let at = self.peek().map_or(self.end, |token| token.at);
        QueryError::new(at, phrase!("query-missing"), phrase!("hint-query-words"))
    }

    fn unary(&mut self, depth: usize) -> Result<Expr, QueryError> {
        let mut negated = false;
        loop {
            let minus = matches!(self.peek(), Some(Token { kind: Kind::Minus, .. }));
            if !minus && !self.is_word("not") {
                break;
            }
            self.next += 1;
            negated = !negated;
        }
        let inner = self.primary(depth)?;
        Ok(if negated { Expr::negate(inner) } else { inner })
    }

    fn primary(&mut self, depth: usize) -> Result<Expr, QueryError> {
        if self.is_word("or") || self.is_word("and") {
            return Err(self.missing());
        }
        let missing = self.missing();
        let Some(token) = self.take() else { return Err(missing) };
        match token.kind {
            Kind::Open => {
                if depth >= DEPTH_MAX {
                    return Err(too_deep(token.at));
                }
                let inner = self.either(depth + 1)?;
                match self.take() {
                    Some(Token { kind: Kind::Close, .. }) => Ok(inner),
                    _ => Err(QueryError::new(token.at, phrase!("query-not-closed"), phrase!("hint-query-close"))),
                }
            }
            Kind::Close | Kind::Minus => Err(missing),
            Kind::Word(word) => {
                let pictures = only_pictures(&word);
                self.counted(token.at, pictures.len().max(1))?;
                if pictures.len() > 1 {
                    let mut each = Vec::with_capacity(pictures.len());
                    for picture in pictures {
                        each.push(Expr::Term(text_term(token.at, Field::Any, Asked::bare(picture))?));
                    }
                    each.dedup();
                    return Ok(Expr::and(each));
                }
                text_term(token.at, Field::Any, Asked::bare(&word)).map(Expr::Term)
            }
            Kind::Quoted { text, star } => {
                self.counted(token.at, 1)?;
                text_term(token.at, Field::Any, Asked { text, prefix: star, exact: true }).map(Expr::Term)
            }
            Kind::Pair { key, values } => match self.pair(token.at, &key, &values)? {
                // A list of values may be written back with parentheses of its own.
                Expr::Or(_) if depth >= DEPTH_MAX => Err(too_deep(token.at)),
                expr => Ok(expr),
            },
        }
    }

    fn counted(&mut self, at: usize, more: usize) -> Result<(), QueryError> {
        self.terms += more;
        if self.terms > TERMS_MAX {
            let message = phrase!("query-too-many", most = TERMS_MAX.to_string());
            return Err(QueryError::new(at, message, phrase!("hint-query-shorter")));
        }
        Ok(())
    }

    fn pair(&mut self, at: usize, key: &str, values: &[Piece]) -> Result<Expr, QueryError> {
        let lower = key.to_lowercase();
        let plainly: Vec<Piece>;
        let values = if takes_words(&lower) {
            plainly = values.iter().map(|piece| Piece { text: plain(&piece.text), ..piece.clone() }).collect();
            &plainly
        } else {
            values
        };
        if !KEYS.contains(&lower.as_str()) {
            return self.unknown_key(at, key, values);
        }
        self.counted(at, values.len())?;
        let Some(first) = values.first() else {
            let hint = phrase!("hint-query-behind", key = &lower);
            return Err(QueryError::new(at, phrase!("query-no-value", key = lower), hint));
        };
        if let Some(long) = values.iter().find(|piece| piece.text.chars().nth(TEXT_MAX).is_some()) {
            return Err(long_text(long.at));
        }
        if lower == "is" {
            return is_term(values);
        }
        let term = match lower.as_str() {
            "status" => Term::Status(each(values, status)?),
            "assignee" => Term::Assignee(each(values, value::who)?),
            "tag" => Term::Tag(each(values, |piece| value::name(piece, Tag::new))?),
            "inbox" => Term::Inbox(each(values, |piece| value::name(piece, InboxId::new))?),
            "from" => person(Role::From, values)?,
            "to" => person(Role::To, values)?,
            "with" => person(Role::With, values)?,
            "subject" => return text_of(Field::Subject, values),
            "body" => return text_of(Field::Body, values),
            "note" => return text_of(Field::Note, values),
            "attachment" => return text_of(Field::Attachment, values),
            "id" => return Ok(Expr::or(each(values, |piece| value::id(piece).map(|id| Expr::Term(Term::Id(id))))?)),
            _ => {
                only_one(&lower, values)?;
                single(&lower, first)?
            }
        };
        Ok(Expr::Term(term))
    }

    /// `Re:` and `colour:` alone are text; `statsu:open` is a slip of the hand.
    fn unknown_key(&mut self, at: usize, key: &str, values: &[Piece]) -> Result<Expr, QueryError> {
        if values.is_empty() {
            self.counted(at, 1)?;
            let asked = Asked { text: format!("{key}:"), prefix: false, exact: false };
            return text_term(at, Field::Any, asked).map(Expr::Term);
        }
        let quotes = phrase!("hint-query-quotes", key = shorten(key));
        let hint = match value::nearest(key, KEYS) {
            Some(near) => phrase!("hint-query-key", near = near, quotes = quotes),
            None => quotes,
        };
        Err(QueryError::new(at, phrase!("query-no-key", given = in_quotes(shorten(key))), hint))
    }
}

/// Tells whether words of the language, numbers and days stand behind a key, in whichever script's digits and signs; text and names stay
/// as they are.
fn takes_words(key: &str) -> bool {
    !matches!(key, "assignee" | "tag" | "inbox" | "from" | "to" | "with" | "subject" | "body" | "note" | "attachment")
}

/// Text that is asked for.
struct Asked {
    text: String,
    prefix: bool,
    exact: bool,
}

impl Asked {
    /// Takes a word that stands without quotes.
    fn bare(word: &str) -> Self {
        match word.strip_suffix(is_star) {
            Some(rest) if !rest.is_empty() => Self { text: rest.to_owned(), prefix: true, exact: false },
            _ => Self { text: word.to_owned(), prefix: false, exact: false },
        }
    }
}

fn long_text(at: usize) -> QueryError {
    QueryError::new(at, phrase!("query-long-word", most = TEXT_MAX.to_string()), phrase!("hint-query-shorter"))
}

fn text_term(at: usize, field: Field, asked: Asked) -> Result<Term, QueryError> {
    let Asked { text, prefix, exact } = asked;
    if text.chars().nth(TEXT_MAX).is_some() {
        return Err(long_text(at));
    }
    if text.trim().is_empty() {
        return Err(QueryError::new(at, phrase!("query-blank-quotes"), None));
    }
    Ok(Term::Text { field, text, prefix, exact })
}

/// `subject:a,b` asks for either.
fn text_of(field: Field, values: &[Piece]) -> Result<Expr, QueryError> {
    let mut parts = Vec::new();
    for piece in values {
        let quoted = || Asked { text: piece.text.clone(), prefix: piece.star, exact: true };
        let asked = if piece.quoted { quoted() } else { Asked::bare(&piece.text) };
        parts.push(Expr::Term(text_term(piece.at, field, asked)?));
    }
    Ok(Expr::or(parts))
}

fn each<T>(values: &[Piece], read: impl Fn(&Piece) -> Result<T, QueryError>) -> Result<Vec<T>, QueryError> {
    values.iter().map(read).collect()
}

fn status(piece: &Piece) -> Result<Status, QueryError> {
    piece.text.parse().map_err(|_| value::unknown("status", piece, Status::ALL.map(Status::name)))
}

fn person(role: Role, values: &[Piece]) -> Result<Term, QueryError> {
    let who = each(values, |piece| {
        if piece.text.trim().is_empty() {
            return Err(QueryError::new(piece.at, phrase!("query-blank-quotes"), None));
        }
        Ok(value::person(piece))
    })?;
    Ok(Term::Person { role, who })
}

fn only_one(key: &str, values: &[Piece]) -> Result<(), QueryError> {
    match values.get(1) {
        Some(second) => {
            let hint = phrase!("hint-query-twice", key = key);
            Err(QueryError::new(second.at, phrase!("query-one-value", key = key), hint))
        }
        None => Ok(()),
    }
}

/// `is:open` is a status.
fn is_term(values: &[Piece]) -> Result<Expr, QueryError> {
    let read = |piece: &Piece| {
        if let Some(status) = Status::ALL.into_iter().find(|s| s.name() == piece.text.to_lowercase()) {
            return Ok(Expr::Term(Term::Status(vec![status])));
        }
        let known: Vec<&str> = IS_WORDS.iter().map(|(word, _)| *word).chain(Status::ALL.map(Status::name)).collect();
        match value::one_of("is", piece, &IS_WORDS) {
            Ok(super::Is::Any) => Ok(Expr::Any),
            Ok(is) => Ok(Expr::Term(Term::Is(is))),
            Err(_) => Err(value::unknown("is", piece, known)),
        }
    };
    Ok(Expr::or(each(values, read)?))
}

fn single(key: &str, piece: &Piece) -> Result<Term, QueryError> {
    Ok(match key {
        "has" => Term::Has(value::one_of("has", piece, &HAS_WORDS)?),
        "older" => Term::Activity(Age::Over(value::span(key, piece, &piece.text)?)),
        "newer" => Term::Activity(Age::Under(value::span(key, piece, &piece.text)?)),
        "waiting" => Term::Waiting(value::age(key, piece)?),
        "before" => Term::Before(value::day(key, piece)?),
        "after" => Term::After(value::day(key, piece)?),
        "on" => Term::On(value::day(key, piece)?),
        "messages" => {
            let (compare, count) = value::count(key, piece)?;
            Term::Messages(compare, count)
        }
        _ => Term::Id(value::id(piece)?),
    })
}
