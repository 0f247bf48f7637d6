//! Who else is at which conversation. It is known from what a source tells: the reply leases of the log come with the rows of the store;
//! whoever knows more, such as a server of the team, tells it live, by [`crate::app::Event::Present`].

use std::collections::BTreeMap;

use crate::app::App;
use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::presence::{Does, Present};
use crate::model::view::ConversationRow;

/// What live sources told, by conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Presence(BTreeMap<ConversationId, Vec<Present>>);

impl Presence {
    /// Takes who is at a conversation by now, in the place of what was told of it before.
    pub fn take(&mut self, of: ConversationId, who: Vec<Present>) {
        if who.is_empty() {
            self.0.remove(&of);
        } else {
            self.0.insert(of, who);
        }
    }

    /// Forgets who was not heard of any more.
    pub fn expire(&mut self, now: Timestamp) {
        self.0.retain(|_, all| {
            all.retain(|one| one.until > now);
            !all.is_empty()
        });
    }
}

impl App {
    /// Returns who else is at a conversation now, those who write first, each once by the most that they do.
    pub fn present_at(&self, row: &ConversationRow) -> Vec<Present> {
        let live = self.presence.0.get(&row.id).into_iter().flatten().cloned();
        let mut all: Vec<Present> = row.replying.iter().map(Present::from).chain(live).collect();
        all.retain(|one| one.until > self.now && one.who != self.around.me);
        all.sort_by(|a, b| a.does.cmp(&b.does).then_with(|| a.who.cmp(&b.who)));
        let mut once: Vec<Present> = Vec::with_capacity(all.len());
        for one in all {
            if once.iter().all(|known| known.who != one.who) {
                once.push(one);
            }
        }
        once
    }

    /// Returns who writes an answer there just now.
    pub fn writer_at(&self, row: &ConversationRow) -> Option<Present> {
        self.present_at(row).into_iter().find(|one| one.does == Does::Writes)
    }
}

#[cfg(test)]
#[path = "presence_tests.rs"]
mod tests;
