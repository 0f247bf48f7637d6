//! A conversation's status.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// What is to be done with a conversation, as every helpdesk knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Somebody has to act.
    #[default]
    Open,
    /// Somebody is acting.
    InProgress,
    /// The customer has to act.
    Waiting,
    /// Nothing is left to do.
    Closed,
}

impl Status {
    /// Every status, in the order of the work.
    pub const ALL: [Status; 4] = [Status::Open, Status::InProgress, Status::Waiting, Status::Closed];

    /// Returns the name used in queries, the log and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::InProgress => "in-progress",
            Status::Waiting => "waiting",
            Status::Closed => "closed",
        }
    }

    /// Returns what a reader calls it; [`Status::name`] is what is typed.
    pub fn phrase(self) -> Phrase {
        match self {
            Status::Open => phrase!("status-open"),
            Status::InProgress => phrase!("status-in-progress"),
            Status::Waiting => phrase!("status-waiting"),
            Status::Closed => phrase!("status-closed"),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that is no status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadStatus(pub String);

impl BadStatus {
    /// Returns what it says.
    pub fn phrase(&self) -> Phrase {
        phrase!("status-unknown", word = in_quotes(&self.0))
    }
}

impl FromStr for Status {
    type Err = BadStatus;
    fn from_str(word: &str) -> Result<Self, BadStatus> {
        match word.to_ascii_lowercase().as_str() {
            "open" | "o" => Ok(Status::Open),
            "in-progress" | "in_progress" | "inprogress" | "progress" | "p" | "i" => Ok(Status::InProgress),
            "waiting" | "w" => Ok(Status::Waiting),
            "closed" | "close" | "c" => Ok(Status::Closed),
            _ => Err(BadStatus(word.chars().take(40).collect())),
        }
    }
}
