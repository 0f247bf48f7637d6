//! Working off the queue: what is in hand, and how much waits.

use super::clock::Timestamp;
use super::phrase::Phrase;
use super::view::ConversationRow;

/// How the queue stands for an agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueStand {
    /// How many conversations could be taken now.
    pub waiting: u64,
    /// How many the agent took today and dealt with.
    pub done: u64,
    /// Where nothing can be taken: the conversation whose customer has waited longest, and who has it.
    pub longest: Option<Box<(ConversationRow, Phrase)>>,
    /// How what is in hand stands; `None` where nothing is.
    pub hand: Option<Hand>,
}

/// How a conversation stands that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hand {
    /// It is this worker's until then, unless it is dealt with before.
    Held(Timestamp),
    /// It is still the agent's, without a lease: it was dealt with, or the lease ended by itself.
    Kept,
    /// It is somebody else's, or nobody's, or no conversation any more: who has it.
    Lost(Phrase),
}

/// A conversation that was taken just now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its row.
    pub row: ConversationRow,
    /// When the lease ends by itself.
    pub until: Timestamp,
}
