//! The customer beside the conversation: what was loaded, what the panels of the config said, where the cursor is.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::geometry::Pane;
use crate::model::clock::Timestamp;
use crate::model::customer::{Customer, CustomerConversation};
use crate::model::ids::ConversationId;
use crate::model::panel::{PanelHead, PanelSaid};

/// The most of their other conversations that are asked for.
pub const OTHERS_SHOWN: usize = 20;
/// Of how many conversations it is kept what the panels said.
const KEPT_MAX: usize = 30;

/// A panel as it stands on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownPanel {
    /// What is known of it.
    pub head: PanelHead,
    /// What came of it; `None` while it runs.
    pub said: Option<PanelSaid>,
    /// When that came.
    pub at: Timestamp,
}

impl ShownPanel {
    /// Makes one that is being asked.
    pub fn asked(head: PanelHead, at: Timestamp) -> Self {
        Self { head, said: None, at }
    }

    /// Tells whether what it said may be shown again without asking it.
    fn is_fresh(&self, now: Timestamp) -> bool {
        let keeps = matches!(self.said, Some(PanelSaid::Lines { .. }));
        keeps && now.since(self.at) < i64::from(self.head.keep) * 1000
    }
}

/// What the cursor of the pane can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// The conversation at this place.
    Conversation(usize),
    /// The panel at this place.
    Panel(usize),
}

/// The pane.
#[derive(Clone, Debug)]
pub struct CustomerPane {
    /// Whether it is shown where there is room; `None` as the width says.
    pub shown: Option<bool>,
    /// The pane that gets the keys back.
    pub from: Pane,
    /// The conversation that it is about, while it is in sight.
    pub of: Option<ConversationId>,
    /// Who that is with; `None` while it is loaded.
    pub data: Option<Arc<Customer>>,
    /// The panels that are asked about it, in the order of the config.
    pub panels: Vec<ShownPanel>,
    /// The entry under the cursor.
    pub at: usize,
    /// The lines of the panel under the cursor that are scrolled away.
    pub scroll: usize,
    /// Whether the store changed since it was asked.
    pub stale: bool,
    kept: VecDeque<(ConversationId, Vec<ShownPanel>)>,
}

impl Default for CustomerPane {
    fn default() -> Self {
        Self {
            shown: None,
            from: Pane::List,
            of: None,
            data: None,
            panels: Vec::new(),
            at: 0,
            scroll: 0,
            stale: false,
            kept: VecDeque::new(),
        }
    }
}

impl CustomerPane {
    /// Returns all that the cursor can be on.
    pub fn entries(&self) -> Vec<Entry> {
        let theirs = self.data.as_ref().map_or(0, |data| data.conversations.len());
        (0..theirs).map(Entry::Conversation).chain((0..self.panels.len()).map(Entry::Panel)).collect()
    }

    /// Returns what the cursor is on.
    pub fn entry(&self) -> Option<Entry> {
        self.entries().get(self.at).copied()
    }

    /// Returns the conversation that the cursor is on.
    pub fn conversation(&self) -> Option<&CustomerConversation> {
        match self.entry()? {
            Entry::Conversation(place) => self.data.as_ref()?.conversations.get(place),
            Entry::Panel(_) => None,
        }
    }

    /// Moves the cursor by `by` entries.
    pub fn step(&mut self, by: isize) {
        let last = self.entries().len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
        self.scroll = 0;
    }

    /// Tells whether a panel is being asked.
    pub fn is_asking(&self) -> bool {
        self.panels.iter().any(|panel| panel.said.is_none())
    }

    /// Turns to another conversation, or to none, and keeps what the panels said of the one before.
    pub fn turn_to(&mut self, of: Option<ConversationId>) {
        let said: Vec<ShownPanel> =
            std::mem::take(&mut self.panels).into_iter().filter(|panel| panel.said.is_some()).collect();
        if let Some(was) = std::mem::replace(&mut self.of, of)
            && !said.is_empty()
        {
            self.kept.retain(|(kept, _)| *kept != was);
            self.kept.push_back((was, said));
            while self.kept.len() > KEPT_MAX {
                self.kept.pop_front();
            }
        }
        (self.data, self.at, self.scroll, self.stale) = (None, 0, 0, false);
    }

    /// Takes who the customer is, the cursor staying on its conversation or panel, and returns the names of the panels that are to be asked.
    pub fn take(&mut self, customer: Customer, heads: Vec<PanelHead>, now: Timestamp) -> Vec<String> {
        let on = self.conversation().map(|one| one.row.id.clone());
        let panel = match self.entry() {
            Some(Entry::Panel(place)) => self.panels.get(place).map(|panel| panel.head.name.clone()),
            _ => None,
        };
        let mut old = std::mem::take(&mut self.panels);
        if let Some(kept) = self.kept.iter().find(|(kept, _)| Some(kept) == self.of.as_ref()) {
            old.extend(kept.1.iter().filter(|panel| panel.is_fresh(now)).cloned());
        }
        let mut ask = Vec::new();
        for head in heads {
            let known = old.iter().find(|known| known.head == head).cloned();
            if known.is_none() {
                ask.push(head.name.clone());
            }
            self.panels.push(known.unwrap_or_else(|| ShownPanel::asked(head, now)));
        }
        self.data = Some(Arc::new(customer));
        let data = self.data.as_ref().map(|data| data.conversations.as_slice()).unwrap_or_default();
        let place = match (&on, &panel) {
            (Some(on), _) => data.iter().position(|one| one.row.id == *on),
            (None, Some(name)) => {
                self.panels.iter().position(|panel| panel.head.name == *name).map(|place| data.len() + place)
            }
            (None, None) => None,
        };
        self.at = place.unwrap_or(self.at).min(self.entries().len().saturating_sub(1));
        ask
    }

    /// Takes what a panel said.
    pub fn take_said(&mut self, name: &str, said: PanelSaid, now: Timestamp) {
        if let Some(panel) = self.panels.iter_mut().find(|panel| panel.head.name == name) {
            (panel.said, panel.at) = (Some(said), now);
        }
    }
}

#[cfg(test)]
#[path = "customer_tests.rs"]
mod tests;
