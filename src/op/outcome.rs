//! What came of wishes, as facts: each front end makes its own words of them.

use crate::model::change::Change;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::op::fold::Lost;
use crate::op::record::Record;
use crate::op::wish::Wish;

/// What came of one command.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "tell of lost claims and of what was left out"]
pub struct Outcome {
    /// The records that were written, in order.
    pub records: Vec<Record>,
    /// What they touched.
    pub change: Change,
    /// What came of each wish, in the order of the wishes.
    pub came: Vec<Came>,
    /// Claims of these records that came second, as far as is known here: the team's log may yet say otherwise.
    pub lost: Vec<Lost>,
    /// What was not done, and why.
    pub left_out: Vec<LeftOut>,
    /// How many operations of a plan stood on the log already, or came there while this one looked.
    pub applied: usize,
}

/// What came of one wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// The wish.
    pub wish: Wish,
    /// For how many conversations an operation was needed, lost claims included.
    pub changed: usize,
    /// In how many it was so already.
    pub already: usize,
}

/// Something that was not done to one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its short id.
    pub short: String,
    /// Its title.
    pub title: SafeText,
    /// The operation's kind, such as `set-status`.
    pub operation: &'static str,
    /// Why not.
    pub why: WhyNot,
}

/// Why something was not done to a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// These messages are here, and were not when the conversation was shown to whoever decided, oldest first.
    LaterMail(Vec<MessageId>),
    /// The conversation is not here: it was deleted.
    Gone,
}

impl WhyNot {
    /// Returns what it says. Its code is its name in JSON.
    pub fn phrase(&self) -> Phrase {
        match self {
            Self::LaterMail(_) => phrase!("later-mail"),
            Self::Gone => phrase!("gone"),
        }
    }
}

impl Outcome {
    /// Returns how many operations were needed, over all wishes.
    pub fn changed(&self) -> usize {
        self.came.iter().map(|came| came.changed).sum()
    }

    /// Returns how many were so already, over all wishes.
    pub fn already(&self) -> usize {
        self.came.iter().map(|came| came.already).sum()
    }
}
