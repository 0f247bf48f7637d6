//! Search: the text of mail in its index, a query as SQL, and what a query can ask of a conversation.

mod facts;
#[cfg(test)]
mod languages_tests;
mod near;
mod reindex;
mod sql;
mod text;
mod vocabulary;

pub use near::WordOf;
pub(super) use sql::{condition, condition_for_one};
pub(super) use text::{SearchText, search_text};
