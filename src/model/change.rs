//! What a commit touched. Ids only: whoever shows something reads it again, so nothing stale is ever drawn.

use std::collections::BTreeSet;

use crate::model::ids::ConversationId;

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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// What the sync of one account tells the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SyncStatus {
    /// The account's name.
    pub account: String,
    /// How it stands.
    pub state: Connectivity,
    /// What happened, to what, what to do: empty while all is well.
    pub message: String,
    /// Messages fetched and expected in this pass.
    pub progress: Option<(u64, u64)>,
    /// When the last complete pass ended.
    pub last_pass: Option<crate::model::clock::Timestamp>,
    /// When the next try begins, while waiting.
    pub next_try: Option<crate::model::clock::Timestamp>,
}
