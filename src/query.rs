//! The search language: one for `/`, views, batch verbs and rules.
//!
//! [`parse`] reads text into a tree, `Display` writes the tree as text that reads back the same, [`Query::matches`] tells whether a
//! conversation answers it, from plain values. [`fold_text`] is what makes text findable. How a list is found among a million
//! conversations is the store's affair; it must find what [`Query::matches`] says.

mod ast;
mod display;
mod facts;
mod find;
mod fold;
mod guide;
mod lex;
mod matches;
mod moment;
mod names;
mod parser;
mod signs;
mod twin;
mod value;
mod words;

use std::fmt;

use crate::model::clock::Timestamp;
use crate::model::ids::Handle;
use crate::model::phrase::Phrase;
use crate::text;

pub use ast::{Age, Compare, Day, Expr, Field, Has, Is, Pattern, Role, Span, Term, Unit, Who};
pub use facts::{ConversationFacts, Part, Passage, Person, Side};
pub use find::{Bounds, Needle, find_in};
pub use fold::{FOLD_VERSION, fold_text, fold_wanted};
pub use guide::{KEYS, guide, values_of};
pub use names::{NameAsked, Naming};
pub use parser::{bare_words, parse};
pub use twin::{TWIN_VERSION, has_twins, indexed_text, is_turkish};
pub use words::{Stretch, Wanted, index_words};

/// The most characters of a query.
pub const CHARS_MAX: usize = 4000;
/// The most conditions and values of a query.
pub const TERMS_MAX: usize = 200;
/// How deep parentheses may nest.
pub const DEPTH_MAX: usize = 64;
/// The most characters of one word or quoted text.
pub const TEXT_MAX: usize = 500;

/// A query that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What it asks, as a tree.
    pub expr: Expr,
}

/// What a query's relative words mean.
#[derive(Clone, Debug)]
pub struct Context {
    /// Who `me` is.
    pub me: Handle,
    /// Now.
    pub now: Timestamp,
    /// The time zone of `2026-11-22` and `today`.
    pub zone: jiff::tz::TimeZone,
}

/// A query that can't be read: where, why, and what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The place, in characters from the beginning, from 0.
    pub at: usize,
    /// What is wrong.
    pub message: Phrase,
    /// What to write instead; `None` where nothing is near.
    pub hint: Option<Phrase>,
}

impl QueryError {
    fn new(at: usize, message: Phrase, hint: impl Into<Option<Phrase>>) -> Self {
        Self { at, message, hint: hint.into() }
    }

    /// Returns what it says, with the column.
    pub fn phrase(&self) -> Phrase {
        phrase!("query-column", column = (self.at + 1).to_string(), what = self.message.clone())
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::render(&self.phrase()))
    }
}

impl std::error::Error for QueryError {}

impl Query {
    /// Returns the query that every conversation answers.
    pub fn any() -> Self {
        Self { expr: Expr::Any }
    }

    /// Tells whether it asks for words of the text.
    pub fn asks_words(&self) -> bool {
        fn asks(expr: &Expr) -> bool {
            match expr {
                Expr::Any => false,
                Expr::Not(inner) => asks(inner),
                Expr::And(parts) | Expr::Or(parts) => parts.iter().any(asks),
                Expr::Term(term) => matches!(term, ast::Term::Text { .. }),
            }
        }
        asks(&self.expr)
    }

    /// Tells whether a conversation can come to answer it, or cease to, though nothing changes in it: it asks for the time, for a draft or for
    /// mail on its way out.
    pub fn drifts(&self) -> bool {
        fn does(expr: &Expr) -> bool {
            match expr {
                Expr::Any => false,
                Expr::Not(inner) => does(inner),
                Expr::And(parts) | Expr::Or(parts) => parts.iter().any(does),
                Expr::Term(Term::Activity(_) | Term::Waiting(_) | Term::Has(Has::Draft | Has::Outbox)) => true,
                Expr::Term(Term::Before(day) | Term::After(day) | Term::On(day)) => !matches!(day, Day::Date(_)),
                Expr::Term(_) => false,
            }
        }
        does(&self.expr)
    }

    /// Returns the query that asks both for what this asks and for what `other` asks.
    pub fn and(self, other: Query) -> Query {
        Query { expr: Expr::and(vec![self.expr, other.expr]) }
    }
}

#[cfg(test)]
#[path = "query/query_tests.rs"]
mod tests;
