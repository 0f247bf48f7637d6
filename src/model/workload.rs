//! How much each of the team has to do, when they were last heard of, and what they have to do with a conversation: whom to give it to.

use crate::model::clock::Timestamp;
use crate::model::phrase::Phrase;

/// Whoever was not heard of for so many milliseconds is taken to be away: a weekend and a day or two of leave are less.
const AWAY_AFTER: i64 = 6 * Timestamp::DAY;

/// What is known of somebody whom conversations can be given to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// The conversations that they have, as the view of theirs counts them: neither closed nor asleep.
    pub open: u64,
    /// When they last did something that stands on the log; `None` where nothing of theirs does.
    pub heard: Option<Timestamp>,
    /// What they have to do with the conversation that is to be given away.
    pub part: Option<Part>,
}

/// What somebody has to do with a conversation, what counts most first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// They answered in it.
    Answered,
    /// They have another conversation of the customer.
    HasAnother,
    /// They wrote a note in it.
    Noted,
    /// They follow it.
    Follows,
}

impl Part {
    /// Says it in a word or two.
    pub fn phrase(self) -> Phrase {
        match self {
            Part::Answered => phrase!("part-answered"),
            Part::HasAnother => phrase!("part-has-another"),
            Part::Noted => phrase!("part-noted"),
            Part::Follows => phrase!("part-follows"),
        }
    }
}

impl Workload {
    /// Tells whether they seem to be away. Of whom nothing was ever heard that is not known.
    pub fn is_away(&self, now: Timestamp) -> bool {
        self.heard.is_some_and(|at| now.since(at) > AWAY_AFTER)
    }

    /// Takes what they have to do with it, where that counts for more than what is known.
    pub fn takes_part(&mut self, part: Part) {
        self.part = Some(self.part.map_or(part, |known| known.min(part)));
    }
}
