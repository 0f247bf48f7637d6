//! What somebody did and what did not stand: what a screen lists and a verb prints after a pass over the log.

use crate::model::ids::ConversationId;
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;

/// Something that I did to one conversation and that does not stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its short id.
    pub short: String,
    /// Its title.
    pub title: SafeText,
    /// The operation's name, such as `assign`.
    pub operation: String,
    /// What I did: `closed this`.
    pub did: Phrase,
    /// Why it does not stand, and what stands instead: `bob took it first, 5 min ago`.
    pub why: Phrase,
}

/// All that did not stand, in the order in which it was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    /// The first of them, at most [`Refusals::LISTED_MAX`].
    pub listed: Vec<Refusal>,
    /// How many more there are.
    pub more: usize,
}

impl Refusals {
    /// The most that are listed one by one.
    pub const LISTED_MAX: usize = 1000;

    /// Tells whether everything stands.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.listed.len() + self.more
    }

    /// Takes in one more.
    pub fn push(&mut self, refusal: Refusal) {
        if self.listed.len() < Self::LISTED_MAX {
            self.listed.push(refusal);
        } else {
            self.more += 1;
        }
    }

    /// Takes in those of a later look.
    pub fn extend(&mut self, others: Self) {
        self.more += others.more;
        others.listed.into_iter().for_each(|refusal| self.push(refusal));
    }
}
