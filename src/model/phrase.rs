//! [`Phrase`]: something to be said to a person, as the id of a sentence and what it names. The sentence itself is made in `text`, in the
//! language of whoever reads it; what is stored, compared and decided by is the id and the arguments.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::text::SafeText;

/// What a sentence names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Arg {
    /// A number of things; decides singular and plural, and is written with its thousands set apart.
    Count(u64),
    /// A name, a subject, an address: what stands the same in every language.
    Text(String),
    /// A length of time.
    Span {
        /// In milliseconds.
        span: i64,
    },
    /// A phrase within the phrase.
    Phrase(Box<Phrase>),
    /// Several of them, one after the other.
    All(Vec<Phrase>),
}

/// What a phrase names, by the names that the catalogue has for it.
pub type Args = BTreeMap<Cow<'static, str>, Arg>;

/// What is said, not yet in words. Made by the macro `phrase!`, whose ids and arguments a test compares with the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Phrase {
    /// The id of the sentence in the catalogue, by which code decides.
    pub code: Cow<'static, str>,
    /// What the sentence names, by the names that the catalogue has for it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: Args,
}

impl Phrase {
    /// Makes a phrase without arguments; code writes `phrase!("id", name = value)` instead.
    pub fn new(code: &'static str) -> Self {
        Self { code: Cow::Borrowed(code), args: BTreeMap::new() }
    }

    /// Makes a phrase of words that are there already: what a server said, what an older store kept.
    pub fn said(words: impl Into<String>) -> Self {
        Self::new("said").with("text", words.into())
    }

    /// Adds an argument, or gives it another value.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.insert(Cow::Borrowed(name), value.into());
        self
    }

    /// Tells whether it says this.
    pub fn is(&self, code: &str) -> bool {
        self.code == code
    }

    /// Returns an argument that is a text; `None` where there is none of that name, or it is none.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.args.get(name) {
            Some(Arg::Text(text)) => Some(text),
            _ => None,
        }
    }
}

impl From<&str> for Phrase {
    fn from(words: &str) -> Self {
        Self::said(words)
    }
}

impl From<String> for Phrase {
    fn from(words: String) -> Self {
        Self::said(words)
    }
}

impl From<&SafeText> for Phrase {
    fn from(words: &SafeText) -> Self {
        Self::said(words.as_str())
    }
}

/// Makes an [`Arg`] of what code has at hand.
macro_rules! args_of {
    ($($from:ty, $value:ident => $arg:expr;)*) => {
        $(impl From<$from> for Arg {
            fn from($value: $from) -> Self {
                $arg
            }
        })*
    };
}

args_of! {
    &str, text => Arg::Text(text.to_owned());
    String, text => Arg::Text(text);
    &String, text => Arg::Text(text.clone());
    SafeText, text => Arg::Text(text.to_string());
    &SafeText, text => Arg::Text(text.to_string());
    Cow<'_, str>, text => Arg::Text(text.into_owned());
    u64, count => Arg::Count(count);
    u32, count => Arg::Count(u64::from(count));
    u16, count => Arg::Count(u64::from(count));
    usize, count => Arg::Count(u64::try_from(count).unwrap_or(u64::MAX));
    Phrase, phrase => Arg::Phrase(Box::new(phrase));
    Vec<Phrase>, all => Arg::All(all);
}

/// Makes a [`Phrase`]: `phrase!("id")`, `phrase!("id", name = value)`. The id is a literal, so that a test can find it.
macro_rules! phrase {
    ($id:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::model::phrase::Phrase::new($id)$(.with(stringify!($name), $value))*
    };
}
