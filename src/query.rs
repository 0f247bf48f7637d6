//! The search language: one for `/`, views, batch verbs and rules.

use std::fmt;

use crate::model::clock::Timestamp;
use crate::model::ids::Handle;

/// A query that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// What it asks, as a tree.
    pub expr: Expr,
}

/// The tree of a query; see README for the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Every conversation.
    Any,
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

/// A value bound to the SQL of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
}

/// A condition on the table `conversation AS c`, with `?` for each of `params` in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sql {
    /// The condition, to stand behind `WHERE`.
    pub condition: String,
    /// The values.
    pub params: Vec<Param>,
}

/// A query that can't be read: where, why, and what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The place, in characters from the beginning, from 0.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead; empty where nothing is near.
    pub hint: String,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "query, column {}: {}", self.at + 1, self.message)
    }
}

impl std::error::Error for QueryError {}

/// Reads a query. Empty text asks for every conversation.
///
/// # Errors
/// Names the column, what is wrong, and the nearest word that would be right.
pub fn parse(_text: &str) -> Result<Query, QueryError> {
    todo!()
}

impl Query {
    /// Returns the query as a condition in SQL.
    pub fn to_sql(&self, _context: &Context) -> Sql {
        todo!()
    }
}

/// Folds text for search, both when it is indexed and when it is looked for: case, width, diacritics, Arabic letter forms, Turkish i.
/// Replaceable as a whole: the store indexes what this returns and asks for what this returns.
pub fn fold_text(_text: &str) -> String {
    todo!()
}
