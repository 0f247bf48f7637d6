//! Which conversations a bulk action acts on. "All matching" is kept as a query: it never means a page.

use std::collections::BTreeSet;

use crate::model::ids::ConversationId;
use crate::model::view::PageKey;

/// The marked conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Marked one by one.
    pub these: BTreeSet<ConversationId>,
    /// All that match this query but for `except`, with their number when they were marked.
    pub all: Option<(String, Option<u64>)>,
    /// Taken out of "all that match".
    pub except: BTreeSet<ConversationId>,
    /// The row at which an open range begins.
    pub range: Option<PageKey>,
}

impl Marks {
    /// Tells whether `id` is marked, open ranges left aside.
    pub fn contains(&self, id: &ConversationId) -> bool {
        if self.all.is_some() { !self.except.contains(id) } else { self.these.contains(id) }
    }

    /// Tells whether nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.these.is_empty() && self.all.is_none() && self.range.is_none()
    }

    /// Marks `id`, or takes the mark away.
    pub fn toggle(&mut self, id: &ConversationId) {
        let set = if self.all.is_some() { &mut self.except } else { &mut self.these };
        if !set.remove(id) {
            set.insert(id.clone());
        }
    }

    /// Marks `id`.
    pub fn add(&mut self, id: &ConversationId) {
        if self.all.is_some() {
            self.except.remove(id);
        } else {
            self.these.insert(id.clone());
        }
    }

    /// Takes every mark away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns how many are marked, where that is known; an open range is not counted.
    pub fn count(&self) -> Option<u64> {
        match &self.all {
            Some((_, total)) => total.map(|total| total.saturating_sub(self.except.len() as u64)),
            None => Some(self.these.len() as u64),
        }
    }
}

/// Tells whether `key` stands between two others, both included, in list order.
pub fn between(key: &PageKey, one: &PageKey, other: &PageKey) -> bool {
    let order = |key: &PageKey| (key.last_at, key.id.clone());
    let (key, one, other) = (order(key), order(one), order(other));
    (one.clone().min(other.clone())..=one.max(other)).contains(&key)
}
