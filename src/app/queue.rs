//! Working off the queue: what is in hand, and how the queue stands.

use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::phrase::Phrase;
use crate::model::queue::{QueueStand, Taken};
use crate::model::view::ConversationRow;

/// The queue while one works it off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// What was taken last; it stays until the next is taken.
    pub hand: Option<InHand>,
    /// How the queue stands.
    pub stand: QueueStand,
    /// What was given back: it is not offered again before all else is.
    pub passed: Vec<ConversationId>,
    /// Whether the next one is being taken.
    pub is_taking: bool,
    /// What was in hand before and was dealt with, the newest last: one undo, and it is in hand again.
    pub earlier: Vec<InHand>,
    /// What went back to the queue, as it is told with what is taken instead.
    pub returned: Option<String>,
}

/// So many that were dealt with can come back.
const EARLIER_MAX: usize = 20;

/// A conversation that was taken from the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InHand {
    /// Its row, as it was taken.
    pub row: ConversationRow,
    /// When the lease ends by itself.
    pub until: Timestamp,
    /// What became of it.
    pub fate: Fate,
    /// Whether I gave it to somebody: nobody need tell me that it is theirs.
    pub is_given: bool,
    /// Whether the lease is being lengthened.
    pub is_renewing: bool,
}

/// What became of a conversation in hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// It is being worked on.
    #[default]
    Held,
    /// It was dealt with.
    DealtWith,
    /// Somebody else has it, or nobody.
    Lost(Phrase),
}

impl InHand {
    /// Takes what was handed out.
    pub fn new(taken: Taken) -> Self {
        let Taken { row, until } = taken;
        Self { row, until, fate: Fate::Held, is_given: false, is_renewing: false }
    }

    /// Tells whether it is to be given back where nobody works on it any more.
    pub fn is_held(&self) -> bool {
        self.fate == Fate::Held
    }
}

impl Queue {
    /// Takes something in hand, and returns what was.
    pub fn take_in_hand(&mut self, hand: InHand) -> Option<InHand> {
        self.earlier.retain(|one| one.row.id != hand.row.id);
        let (id, before) = (hand.row.id.clone(), self.hand.replace(hand));
        if let Some(before) = before.clone().filter(|before| before.row.id != id) {
            self.earlier.push(before);
            let over = self.earlier.len().saturating_sub(EARLIER_MAX);
            self.earlier.drain(..over);
        }
        before
    }

    /// Returns what is in hand, where that is the conversation of this id.
    pub fn hand_of(&mut self, id: &ConversationId) -> Option<&mut InHand> {
        self.hand.as_mut().filter(|hand| hand.row.id == *id)
    }
}
