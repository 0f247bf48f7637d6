//! Why a line can't be read.

use std::fmt;

use super::Action;
use crate::model::ids::{BadName, Handle, InboxId};
use crate::model::when::WhenError;
use crate::op::wish::Unfit;

/// A line that can't be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandError {
    /// The place, in characters from the beginning, from 0.
    pub at: usize,
    /// What is wrong there.
    pub problem: Problem,
}

impl CommandError {
    pub(super) fn new(at: usize, problem: Problem) -> Self {
        Self { at, problem }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.at + 1, self.problem)
    }
}

impl std::error::Error for CommandError {}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// There is nothing in it.
    #[error("no action is named")]
    Empty,
    /// It is over [`super::CHARS_MAX`] characters.
    #[error("it is too long")]
    TooLong,
    /// A quote is not closed.
    #[error("a quote is not closed")]
    OpenQuote,
    /// No action is called so.
    #[error("{word:?} is no action")]
    NoAction {
        /// The word, cut to 40 characters.
        word: String,
        /// The action that may be meant.
        near: Option<&'static str>,
    },
    /// The action does not make a wish: it is for whoever sits at the screen.
    #[error("{} is for the screen alone", .0.name())]
    ScreenOnly(Action),
    /// A parameter is missing.
    #[error("{} needs its {param}", action.name())]
    Missing {
        /// The action.
        action: Action,
        /// The parameter's name.
        param: &'static str,
    },
    /// There are more words than parameters.
    #[error("{} takes no {word:?}", action.name())]
    TooMany {
        /// The action.
        action: Action,
        /// The first word that is too many, cut to 40 characters.
        word: String,
    },
    /// An agent is wanted, and nobody is none.
    #[error("somebody has to be named, and nobody is none")]
    Nobody,
    /// Neither the config nor the log knows the agent.
    #[error("nobody is called {handle}")]
    NoAgent {
        /// The handle.
        handle: Handle,
        /// The agent that may be meant.
        near: Option<String>,
        /// Everybody who is known.
        known: Vec<Handle>,
    },
    /// No status is called so.
    #[error("{word:?} is no status: use open, in-progress, waiting or closed")]
    NoStatus {
        /// The word, cut to 40 characters.
        word: String,
        /// The status that may be meant.
        near: Option<String>,
    },
    /// No tag is named.
    #[error("no tag is named")]
    NoTag,
    /// The config has no such inbox.
    #[error("there is no inbox {inbox}")]
    NoInbox {
        /// The inbox.
        inbox: InboxId,
        /// The inbox that may be meant.
        near: Option<String>,
        /// Those that there are.
        known: Vec<InboxId>,
    },
    /// The word can be no conversation's id.
    #[error("{word:?} is no conversation's id")]
    NoId {
        /// The word, cut to 40 characters.
        word: String,
    },
    /// The word can be no Message-ID.
    #[error("{word:?} is no Message-ID")]
    NoMessageId {
        /// The word, cut to 40 characters.
        word: String,
    },
    /// The word can be no operation's id.
    #[error("{word:?} is no operation's id")]
    NoOperationId {
        /// The word, cut to 40 characters.
        word: String,
    },
    /// A name breaks a rule.
    #[error(transparent)]
    Name(#[from] BadName),
    /// A moment can't be read.
    #[error(transparent)]
    When(#[from] WhenError),
    /// What is wished breaks a bound.
    #[error(transparent)]
    Unfit(#[from] Unfit),
}

impl Problem {
    /// Returns what to write instead; empty where the sentence says it already.
    pub fn hint(&self) -> String {
        let list = |words: &[String]| format!("there are {}", words.join(", "));
        let meant = |near: &Option<String>, all: Vec<String>| match near {
            Some(near) => format!("did you mean {near}?"),
            None => list(&all),
        };
        match self {
            Problem::NoAction { near: Some(near), .. } => format!("did you mean {near}?"),
            Problem::Empty | Problem::NoAction { .. } => "`postroom keys` lists the actions".to_owned(),
            Problem::NoAgent { handle, near, known } => {
                let who = meant(near, known.iter().map(ToString::to_string).collect());
                format!("{who}; a new colleague gets a section [agent.{handle}] in the config")
            }
            Problem::NoInbox { near, known, .. } => meant(near, known.iter().map(ToString::to_string).collect()),
            Problem::NoStatus { near: Some(near), .. } => format!("did you mean {near}?"),
            Problem::OpenQuote => "put \" at its end, or \\\" where the sign itself is meant".to_owned(),
            Problem::Missing { action, .. } | Problem::TooMany { action, .. } => format!("write {}", usage(*action)),
            Problem::NoOperationId { .. } => "`postroom log` prints the ids".to_owned(),
            Problem::NoMessageId { .. } => "`postroom why ID` lists them".to_owned(),
            _ => String::new(),
        }
    }
}

/// Writes how an action is used: `snooze UNTIL`, `follow [AGENT]`.
pub(super) fn usage(action: Action) -> String {
    let params = action.params().iter().map(|param| {
        let name = param.name.to_uppercase();
        if param.optional { format!(" [{name}]") } else { format!(" {name}") }
    });
    format!("{}{}", action.name(), params.collect::<String>())
}
