//! Who is at a conversation just now, whichever way that is known.

use super::clock::Timestamp;
use super::ids::Handle;
use super::phrase::Phrase;
use super::view::Lease;

/// Somebody at a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Present {
    /// Who.
    pub who: Handle,
    /// What they do there.
    pub does: Does,
    /// Until when that is known: whoever is heard of no more by then is gone.
    pub until: Timestamp,
}

/// What somebody does at a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// They have written an answer that waits to go out, since then.
    Waits(Timestamp),
    /// They write an answer.
    Writes,
    /// They look at it.
    Looks,
}

impl From<&Lease> for Present {
    fn from(lease: &Lease) -> Self {
        let does = lease.waiting.map_or(Does::Writes, Does::Waits);
        Self { who: lease.agent.clone(), does, until: lease.until }
    }
}

impl Present {
    /// Says what they do.
    pub fn phrase(&self, since: impl Fn(Timestamp) -> String) -> Phrase {
        let who = self.who.to_string();
        match self.does {
            Does::Waits(at) => phrase!("has-answer-waiting", who = who, since = since(at)),
            Does::Writes => phrase!("present-writes", who = who),
            Does::Looks => phrase!("present-looks", who = who),
        }
    }
}
