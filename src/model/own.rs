//! What somebody set up for themselves in the config: keys, and views.

use std::collections::BTreeSet;

use crate::model::list_look::{Column, Density};
use crate::model::phrase::Phrase;
use crate::model::view::Sort;

/// A key that the config binds over those of the keymap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKey {
    /// The table of the keymap, as it was written: `list`.
    pub context: String,
    /// The keys, as they were written: `gs`.
    pub keys: String,
    /// The action or the line, as it was written; empty where it is no text.
    pub line: String,
    /// The file and its line, to be told with what is wrong.
    pub at: Phrase,
}

/// A named query of one's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnView {
    /// What it is called: letters, digits, `-` and `_`, at most [`OwnView::NAME_MAX`] characters.
    pub name: String,
    /// The query, in the search language.
    pub query: String,
    /// The digit from 1 to 9 that shows it.
    pub key: Option<u8>,
    /// Whether the number of its conversations stands beside it.
    pub count: bool,
    /// By what it is put in order.
    pub sort: Sort,
    /// Whether that order is turned round.
    pub reverse: bool,
    /// How many lines a row takes; `None` where it is as in all lists.
    pub density: Option<Density>,
    /// Which columns it has; `None` where those are as in all lists.
    pub columns: Option<BTreeSet<Column>>,
}

impl OwnView {
    /// The longest name, in characters.
    pub const NAME_MAX: usize = 40;

    /// Makes a view in the order of every list, with its number beside it.
    pub fn new(name: impl Into<String>, query: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            query: query.into(),
            key: None,
            count: true,
            sort: Sort::Activity,
            reverse: false,
            density: None,
            columns: None,
        }
    }

    /// Tells whether a view may be called so.
    pub fn is_name(name: &str) -> bool {
        let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let length = name.chars().count();
        (1..=Self::NAME_MAX).contains(&length) && name.chars().all(plain)
    }
}
