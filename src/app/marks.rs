//! Which conversations a bulk action acts on. Each is marked as it was shown then; "all matching" is a set that is fixed when the key is
//! pressed, and never a page.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::message::AsOf;
use crate::model::shown::Shown;
use crate::model::view::{ConversationRow, PageKey};

/// The marked conversations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Marked one by one.
    pub these: BTreeMap<ConversationId, Shown>,
    /// All that matched when they were marked.
    pub all: Option<All>,
    /// Taken out of those.
    pub except: BTreeSet<ConversationId>,
    /// The row at which an open range begins.
    pub range: Option<PageKey>,
    /// How far the rows in sight were shown when all that match were marked, or a range was begun.
    pub seen: BTreeMap<ConversationId, Option<AsOf>>,
    /// When that was.
    pub since: Timestamp,
}

/// A fixed set of conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct All {
    /// Its name.
    pub token: u64,
    /// Those in it; `None` until it is known.
    pub ids: Option<Arc<HashSet<ConversationId>>>,
}

impl All {
    fn holds(&self, id: &ConversationId) -> bool {
        self.ids.as_ref().is_none_or(|ids| ids.contains(id))
    }
}

impl Marks {
    /// Tells whether `id` is marked, open ranges left aside.
    pub fn contains(&self, id: &ConversationId) -> bool {
        self.these.contains_key(id) || (self.is_in_all(id) && !self.except.contains(id))
    }

    /// Tells whether nothing is marked.
    pub fn is_empty(&self) -> bool {
        self.these.is_empty() && self.all.is_none() && self.range.is_none()
    }

    /// Marks a conversation as it is shown, or takes the mark away.
    pub fn toggle(&mut self, shown: Shown) {
        if self.is_in_all(&shown.id) {
            if !self.except.remove(&shown.id) {
                self.except.insert(shown.id);
            }
        } else if self.these.remove(&shown.id).is_none() {
            self.these.insert(shown.id.clone(), shown);
        }
    }

    /// Marks a conversation as it is shown; one that is marked stays as it was.
    pub fn add(&mut self, shown: Shown) {
        if self.is_in_all(&shown.id) {
            self.except.remove(&shown.id);
        } else {
            self.these.entry(shown.id.clone()).or_insert(shown);
        }
    }

    /// Notes how far rows are shown that are marked together.
    pub fn see<'a>(&mut self, rows: impl Iterator<Item = &'a ConversationRow>, now: Timestamp) {
        self.seen.extend(rows.map(|row| (row.id.clone(), row.as_of.clone())));
        self.since = now;
    }

    /// Tells whether a marked row has mail that came in since it was marked.
    pub fn is_newer(&self, row: &ConversationRow) -> bool {
        match (self.these.get(&row.id), self.seen.get(&row.id)) {
            (Some(shown), _) => shown.as_of != row.as_of,
            (None, Some(as_of)) => *as_of != row.as_of,
            // It was not in sight then.
            (None, None) => row.as_of.as_ref().is_some_and(|as_of| as_of.at * 1_000 > self.since.0),
        }
    }

    /// Takes every mark away.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns how many are marked, where that is known; an open range is not counted.
    pub fn count(&self) -> Option<u64> {
        let all = match &self.all {
            Some(All { ids: Some(ids), .. }) => ids.len() - self.except.iter().filter(|id| ids.contains(*id)).count(),
            Some(All { ids: None, .. }) => return None,
            None => 0,
        };
        Some((all + self.these.len()) as u64)
    }

    fn is_in_all(&self, id: &ConversationId) -> bool {
        self.all.as_ref().is_some_and(|all| all.holds(id))
    }
}

/// Tells whether `key` stands between two others, both included, in list order.
pub fn between(key: &PageKey, one: &PageKey, other: &PageKey) -> bool {
    let (first, last) = if one.compare(other).is_le() { (one, other) } else { (other, one) };
    first.compare(key).is_le() && key.compare(last).is_le()
}
