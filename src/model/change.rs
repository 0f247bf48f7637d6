//! What a commit touched. Ids only: whoever shows something reads it again, so nothing stale is ever drawn.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::phrase::Phrase;

/// The ids that a commit touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These conversations, and with them counts and lists.
    Conversations(BTreeSet<ConversationId>),
    /// Only counts, drafts or the outbox.
    Counts,
    /// More than is worth naming: read all again.
    Everything,
}

/// More conversations than this in one commit are reported as [`Change::Everything`].
pub const CHANGE_MAX: usize = 256;

impl Change {
    /// Makes the change of these conversations.
    pub fn of(ids: BTreeSet<ConversationId>) -> Self {
        match ids.len() {
            0 => Self::Counts,
            n if n > CHANGE_MAX => Self::Everything,
            _ => Self::Conversations(ids),
        }
    }

    /// Joins two changes into one.
    pub fn and(self, other: Change) -> Self {
        match (self, other) {
            (Self::Everything, _) | (_, Self::Everything) => Self::Everything,
            (Self::Counts, change) | (change, Self::Counts) => change,
            (Self::Conversations(mut left), Self::Conversations(right)) => {
                left.extend(right);
                Self::of(left)
            }
        }
    }
}

/// How the connection of one account stands, worst last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Connectivity {
    /// Everything is here and push is on.
    #[default]
    Current,
    /// A pass is running.
    Working,
    /// Not tried yet, or trying.
    Connecting,
    /// No connection; it will be tried again by itself.
    Offline,
    /// It can't mend itself: wrong password, refused certificate, full disk.
    Blocked,
}

/// A part of the work on an account that can be in trouble by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// The mail that comes in.
    Mail,
    /// The team's log.
    Log,
    /// The mail that goes out.
    Outbox,
    /// Anything else: mail that is moved, copies of drafts.
    Other,
}

impl Part {
    /// Returns its name in JSON: `mail`, `log`, `outbox` or `other`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mail => "mail",
            Self::Log => "log",
            Self::Outbox => "outbox",
            Self::Other => "other",
        }
    }

    /// Returns what a reader calls it.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::Mail => phrase!("part-mail"),
            Self::Log => phrase!("part-log"),
            Self::Outbox => phrase!("part-outbox"),
            Self::Other => phrase!("part-other"),
        }
    }
}

/// Something that does not work though there is a connection. It stands until its cause is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Trouble {
    /// What it concerns.
    pub part: Part,
    /// What happened, to what, with the server's own words.
    pub text: String,
    /// What to do now; empty where there is nothing.
    pub hint: String,
}

/// What the sync of one account tells the screen, and other processes on the same store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncStatus {
    /// The account's name.
    pub account: String,
    /// How it stands.
    pub state: Connectivity,
    /// What happened, to what, what to do: empty while all is well.
    pub message: String,
    /// Messages fetched and expected in this pass.
    pub progress: Option<(u64, u64)>,
    /// How many milliseconds the rest of it takes, as far as that can be told.
    #[serde(default)]
    pub left: Option<i64>,
    /// When the last complete pass ended.
    pub last_pass: Option<Timestamp>,
    /// When the last look at all of its mail began that has ended.
    #[serde(default)]
    pub looked: Option<Timestamp>,
    /// When the last run of everything else began that has ended: the team's log, the mail that goes out.
    #[serde(default)]
    pub ran: Option<Timestamp>,
    /// When the next try begins, while waiting.
    pub next_try: Option<Timestamp>,
    /// What does not work though there is a connection.
    #[serde(default)]
    pub troubles: Vec<Trouble>,
}

impl SyncStatus {
    /// Tells whether all of the account was looked at, by a look that began no earlier than that. What is in trouble is not waited for.
    pub fn has_looked_since(&self, at: Timestamp) -> bool {
        let since = |began: Option<Timestamp>| began.is_some_and(|began| began >= at);
        since(self.looked) && (since(self.ran) || !self.troubles.is_empty())
    }
}
