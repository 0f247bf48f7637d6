//! Search: the text of mail in its index, a query as SQL, and what a query can ask of a conversation.

mod facts;
mod few;
#[cfg(test)]
mod languages_tests;
mod near;
mod reindex;
mod sql;
mod text;
mod vocabulary;

pub(super) use few::{Plan, plan_of};
pub use near::WordOf;
pub(super) use sql::{condition, condition_for_one};
pub(super) use text::{SearchText, search_text};
