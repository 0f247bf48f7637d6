//! Why a line can't be read.

use std::fmt;

use super::Action;
use crate::model::ids::{BadName, Handle, InboxId};
use crate::model::list_look::{Column, Density};
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::model::view::Sort;
use crate::model::when::WhenError;
use crate::op::wish::Unfit;
use crate::text;

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
        let column = (self.at + 1).to_string();
        f.write_str(&text::render(&phrase!("command-column", column = column, what = self.problem.what())))
    }
}

impl std::error::Error for CommandError {}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in it.
    Empty,
    /// It is over [`super::CHARS_MAX`] characters.
    TooLong,
    /// A quote is not closed.
    OpenQuote,
    /// No action is called so.
    NoAction {
        /// The word, cut to 40 characters.
        word: String,
        /// The action that may be meant.
        near: Option<&'static str>,
    },
    /// The action does not make a wish: it is for whoever sits at the screen.
    ScreenOnly(Action),
    /// A parameter is missing.
    Missing {
        /// The action.
        action: Action,
        /// The parameter's name.
        param: &'static str,
    },
    /// There are more words than parameters.
    TooMany {
        /// The action.
        action: Action,
        /// The first word that is too many, cut to 40 characters.
        word: String,
    },
    /// An agent is wanted, and nobody is none.
    Nobody,
    /// An agent is wanted, and this is a team.
    Team(Handle),
    /// Neither the config nor the log knows the agent.
    NoAgent {
        /// The handle.
        handle: Handle,
        /// The agent that may be meant.
        near: Option<String>,
        /// Everybody who is known.
        known: Vec<Handle>,
    },
    /// No status is called so.
    NoStatus {
        /// The word, cut to 40 characters.
        word: String,
        /// The status that may be meant.
        near: Option<String>,
    },
    /// No tag is named.
    NoTag,
    /// The config has no such inbox.
    NoInbox {
        /// The inbox.
        inbox: InboxId,
        /// The inbox that may be meant.
        near: Option<String>,
        /// Those that there are.
        known: Vec<InboxId>,
    },
    /// No view is called so.
    NoView {
        /// The word, cut to 40 characters.
        word: String,
        /// The view that may be meant.
        near: Option<String>,
    },
    /// No theme is called so.
    NoTheme {
        /// The word, cut to 40 characters.
        word: String,
        /// The theme that may be meant.
        near: Option<String>,
    },
    /// Lists are not sorted by that.
    NoSort {
        /// The word, cut to 40 characters.
        word: String,
        /// What may be meant.
        near: Option<String>,
    },
    /// A row of a list does not take lines in that way.
    NoDensity {
        /// The word, cut to 40 characters.
        word: String,
        /// What may be meant.
        near: Option<String>,
    },
    /// Lists have no such column.
    NoColumn {
        /// The word, cut to 40 characters.
        word: String,
        /// What may be meant.
        near: Option<String>,
    },
    /// No saved reply is called so.
    NoReply {
        /// The word, cut to 40 characters.
        word: String,
        /// The reply that may be meant.
        near: Option<String>,
    },
    /// The word can be no conversation's id.
    NoId {
        /// The word, cut to 40 characters.
        word: String,
    },
    /// The word can be no Message-ID.
    NoMessageId {
        /// The word, cut to 40 characters.
        word: String,
    },
    /// The word can be no operation's id.
    NoOperationId {
        /// The word, cut to 40 characters.
        word: String,
    },
    /// A name breaks a rule.
    Name(BadName),
    /// A moment can't be read.
    When(WhenError),
    /// What is wished breaks a bound.
    Unfit(Unfit),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::render(&self.what()))
    }
}

impl From<BadName> for Problem {
    fn from(bad: BadName) -> Self {
        Problem::Name(bad)
    }
}

impl From<WhenError> for Problem {
    fn from(error: WhenError) -> Self {
        Problem::When(error)
    }
}

impl Problem {
    /// Returns what is wrong.
    pub fn what(&self) -> Phrase {
        match self {
            Problem::Empty => phrase!("command-empty"),
            Problem::TooLong => phrase!("too-long"),
            Problem::OpenQuote => phrase!("command-open-quote"),
            Problem::NoAction { word, .. } => phrase!("command-no-action", word = in_quotes(word)),
            Problem::ScreenOnly(action) => phrase!("command-screen-only", action = action.name()),
            Problem::Missing { action, param } => phrase!("command-missing", action = action.name(), param = *param),
            Problem::TooMany { action, word } => {
                phrase!("command-too-many", action = action.name(), word = in_quotes(word))
            }
            Problem::Nobody => phrase!("command-nobody"),
            Problem::Team(team) => phrase!("command-team", team = team.as_str()),
            Problem::NoAgent { handle, .. } => phrase!("agent-nobody-called", agent = handle.as_str()),
            Problem::NoStatus { word, .. } => phrase!("status-unknown", word = in_quotes(word)),
            Problem::NoTag => phrase!("tags-none"),
            Problem::NoInbox { inbox, .. } => phrase!("no-inbox", inbox = inbox.as_str()),
            Problem::NoView { word, .. } => phrase!("no-view", name = in_quotes(word)),
            Problem::NoTheme { word, .. } => phrase!("theme-missing", name = in_quotes(word)),
            Problem::NoSort { word, .. } => phrase!("sort-unknown", word = in_quotes(word)),
            Problem::NoDensity { word, .. } => phrase!("density-unknown", word = in_quotes(word)),
            Problem::NoColumn { word, .. } => phrase!("column-unknown", word = in_quotes(word)),
            Problem::NoReply { word, .. } => phrase!("no-saved-reply", name = in_quotes(word)),
            Problem::NoId { word } => phrase!("conversation-id-bad", word = in_quotes(word)),
            Problem::NoMessageId { word } => phrase!("message-id-bad", word = in_quotes(word)),
            Problem::NoOperationId { word } => phrase!("operation-id-bad", word = in_quotes(word)),
            Problem::Name(bad) => bad.phrase(),
            Problem::When(error) => error.phrase(),
            Problem::Unfit(unfit) => unfit.phrase(),
        }
    }

    /// Returns what to write instead; `None` where the sentence says it already.
    pub fn hint(&self) -> Option<Phrase> {
        let meant = |near: &Option<String>, all: Vec<String>| match near {
            Some(near) => phrase!("hint-did-you-mean", near = near),
            None => phrase!("hint-there-are", names = all.join(", ")),
        };
        Some(match self {
            Problem::NoAction { near: Some(near), .. } => phrase!("hint-did-you-mean", near = *near),
            Problem::Empty | Problem::NoAction { .. } => phrase!("hint-keys-lists"),
            Problem::NoAgent { handle, near, known } => {
                let who = meant(near, known.iter().map(ToString::to_string).collect());
                phrase!("hint-new-colleague", who = who, agent = handle.as_str())
            }
            Problem::NoInbox { near, known, .. } => meant(near, known.iter().map(ToString::to_string).collect()),
            Problem::NoStatus { near: Some(near), .. }
            | Problem::NoView { near: Some(near), .. }
            | Problem::NoSort { near: Some(near), .. }
            | Problem::NoDensity { near: Some(near), .. }
            | Problem::NoColumn { near: Some(near), .. }
            | Problem::NoTheme { near: Some(near), .. }
            | Problem::NoReply { near: Some(near), .. } => phrase!("hint-did-you-mean", near = near),
            Problem::NoView { .. } => phrase!("hint-views-lists"),
            Problem::NoSort { .. } => phrase!("hint-there-are", names = Sort::ALL.map(Sort::name).join(", ")),
            Problem::NoDensity { .. } => {
                phrase!("hint-there-are", names = Density::ALL.map(Density::name).join(", "))
            }
            Problem::NoColumn { .. } => phrase!("hint-there-are", names = Column::ALL.map(Column::name).join(", ")),
            Problem::OpenQuote => phrase!("hint-close-quote"),
            Problem::Missing { action, .. } | Problem::TooMany { action, .. } => {
                phrase!("hint-write", usage = usage(*action))
            }
            Problem::NoOperationId { .. } => phrase!("hint-log-prints"),
            Problem::NoMessageId { .. } => phrase!("hint-why-lists"),
            _ => return None,
        })
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
