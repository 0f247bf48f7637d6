//! The customer beside the conversation: shown, asked for, and what its keys do.

use std::sync::Arc;

use crate::app::conversation::Open;
use crate::app::customer::{Entry, OTHERS_SHOWN, ShownPanel};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Pane, Severity};
use crate::keymap::Action;
use crate::model::customer::Customer;
use crate::model::ids::ConversationId;
use crate::model::panel::{PanelHead, PanelSaid};
use crate::model::phrase::Phrase;

impl App {
    /// Gives the keys to the customer of the current conversation; a second time puts the pane away.
    pub(super) fn show_customer(&mut self) -> Vec<Effect> {
        if self.focus == Pane::Customer {
            self.customer.shown = Some(false);
            return self.leave_customer();
        }
        let Some(id) = self.current_id() else { return Vec::new() };
        self.customer.from = if self.focus == Pane::Conversation { Pane::Conversation } else { Pane::List };
        self.customer.shown = Some(true);
        self.focus = Pane::Customer;
        if self.open.as_ref().is_some_and(|open| open.id == id) {
            return Vec::new();
        }
        self.open = Some(Open::new(id));
        self.load_open()
    }

    /// Gives the keys back to where they came from.
    pub(super) fn leave_customer(&mut self) -> Vec<Effect> {
        self.focus = self.customer.from;
        if self.focus == Pane::List { self.preview() } else { Vec::new() }
    }

    /// Turns the pane to the conversation that is shown, once it is loaded: a key that is held down asks for nobody.
    pub(super) fn follow_customer(&mut self) -> Vec<Effect> {
        let open = self.open.as_ref().filter(|open| open.data.is_some()).map(|open| open.id.clone());
        let wanted = open.filter(|_| self.geometry().customer.is_some());
        if wanted != self.customer.of {
            let mut effects = self.stop_panels();
            self.customer.turn_to(wanted.clone());
            effects.extend(wanted.map(|id| self.ask_customer(id)));
            return effects;
        }
        match wanted {
            Some(id) if self.customer.stale && !self.tickets.is_open(&Purpose::Customer(id.clone())) => {
                vec![self.ask_customer(id)]
            }
            _ => Vec::new(),
        }
    }

    fn stop_panels(&mut self) -> Vec<Effect> {
        if !self.customer.is_asking() {
            return Vec::new();
        }
        self.tickets.forget(&Purpose::Panel { of: ConversationId::from_kept(""), name: String::new() });
        vec![Effect::StopPanels]
    }

    fn ask_customer(&mut self, id: ConversationId) -> Effect {
        self.customer.stale = false;
        self.ask(Purpose::Customer(id.clone()), Ask::Customer { of: id, others: OTHERS_SHOWN })
    }

    fn ask_panel(&mut self, of: &ConversationId, name: String) -> Effect {
        self.ask(Purpose::Panel { of: of.clone(), name: name.clone() }, Ask::Panel { of: of.clone(), name })
    }

    /// Takes who the customer is, and asks the panels that have said nothing of the conversation yet.
    pub(super) fn take_customer(
        &mut self,
        id: &ConversationId,
        customer: Customer,
        heads: Vec<PanelHead>,
    ) -> Vec<Effect> {
        if self.customer.of.as_ref() != Some(id) {
            return Vec::new();
        }
        let now = self.now;
        let ask = self.customer.take(customer, heads, now);
        ask.into_iter().map(|name| self.ask_panel(id, name)).collect()
    }

    pub(super) fn take_panel(&mut self, of: &ConversationId, name: &str, said: PanelSaid) {
        if self.customer.of.as_ref() == Some(of) {
            self.customer.take_said(name, said, self.now);
        }
    }

    pub(super) fn act_customer(&mut self, action: Action) -> Vec<Effect> {
        let half = isize::from(i16::try_from(self.size.1 / 4).unwrap_or(1).max(1));
        match action {
            Action::Down => self.customer.step(1),
            Action::Up => self.customer.step(-1),
            Action::PageDown => self.page_customer(half),
            Action::PageUp => self.page_customer(-half),
            Action::Top => self.customer.step(isize::MIN),
            Action::Bottom => self.customer.step(isize::MAX),
            Action::Open => return self.open_theirs(),
            _ => {}
        }
        Vec::new()
    }

    /// Scrolls the panel under the cursor, or moves on by several conversations.
    fn page_customer(&mut self, by: isize) {
        let lines = match self.customer.entry() {
            Some(Entry::Panel(place)) => self.customer.panels.get(place).map_or(0, lines_of),
            _ => return self.customer.step(by),
        };
        self.customer.scroll = self.customer.scroll.saturating_add_signed(by).min(lines.saturating_sub(1));
    }

    /// Opens the conversation under the cursor, or asks the panel there again.
    fn open_theirs(&mut self) -> Vec<Effect> {
        if let Some(Entry::Panel(place)) = self.customer.entry() {
            return self.ask_again(place);
        }
        let Some(id) = self.customer.conversation().map(|one| one.row.id.clone()) else { return Vec::new() };
        self.focus = Pane::Conversation;
        self.open = Some(Open::new(id));
        self.load_open()
    }

    fn ask_again(&mut self, place: usize) -> Vec<Effect> {
        let (Some(of), now) = (self.customer.of.clone(), self.now) else { return Vec::new() };
        let Some(panel) = self.customer.panels.get_mut(place).filter(|panel| panel.said.is_some()) else {
            return Vec::new();
        };
        *panel = ShownPanel::asked(panel.head.clone(), now);
        let name = panel.head.name.clone();
        self.customer.scroll = 0;
        vec![self.ask_panel(&of, name)]
    }

    /// Sets about merging the conversation that is shown with the one under the pane's cursor; which of them stays is asked.
    pub(super) fn merge_theirs(&mut self) -> Vec<Effect> {
        let other = self.customer.conversation().map(|one| one.row.id.clone());
        let (Some(open), Some(other)) = (self.customer.of.clone(), other) else { return Vec::new() };
        let ids = vec![open, other];
        vec![self.ask(Purpose::MergeTheirs(ids.clone()), Ask::Merging(ids))]
    }

    /// Returns why an action can't act while the customer has the keys: it would not be seen what it acts on.
    pub(super) fn why_not_beside(&self, action: Action, is_operation: bool) -> Option<Phrase> {
        if self.focus != Pane::Customer || !self.layers.is_empty() {
            return None;
        }
        match action {
            Action::Merge if self.customer.conversation().is_none() => Some(phrase!("not-on-theirs")),
            Action::Merge | Action::NewConversation | Action::CopyAddress => None,
            Action::Mark | Action::MarkRange | Action::MarkAll => Some(phrase!("not-beside")),
            _ if is_operation => Some(phrase!("not-beside")),
            _ => None,
        }
    }

    /// Tells that a line can't act here, where it can't.
    pub(super) fn say_beside(&mut self, line: &str) -> bool {
        if self.focus != Pane::Customer || !self.layers.is_empty() {
            return false;
        }
        self.tell(Severity::Info, &say!("cant-act", what = line, why = phrase!("not-beside")), "");
        true
    }

    /// Returns the customer who is shown beside the conversation.
    pub fn customer(&self) -> Option<&Arc<Customer>> {
        self.customer.data.as_ref()
    }
}

/// Returns how many lines a panel has.
fn lines_of(panel: &ShownPanel) -> usize {
    match &panel.said {
        Some(PanelSaid::Lines { lines, .. }) => lines.len(),
        _ => 1,
    }
}
