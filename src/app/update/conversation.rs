//! The conversation: scrolling, opening the next, leaving.

use crate::app::conversation::{NEWEST, Open};
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Pane};
use crate::keymap::Action;
use crate::op::operation::Known;

impl App {
    pub(super) fn act_conversation(&mut self, action: Action) -> Vec<Effect> {
        let Some(open) = &mut self.open else { return Vec::new() };
        let half = (open.laid.height / 2).max(1) as isize;
        match action {
            Action::Down => open.scroll(1),
            Action::Up => open.scroll(-1),
            Action::PageDown => open.scroll(half),
            Action::PageUp => open.scroll(-half),
            Action::Top => open.top = Some(0),
            Action::Bottom => {
                open.top = Some(open.laid.last_top());
                open.selected = None;
            }
            Action::NextMessage => open.select(1),
            Action::PreviousMessage => open.select(-1),
            Action::Unfold => open.unfolded = !open.unfolded,
            Action::Earlier => {
                open.newest += NEWEST;
                open.growing = true;
                return self.load_open();
            }
            Action::NextConversation => return self.open_neighbour(1),
            Action::PreviousConversation => return self.open_neighbour(-1),
            _ => {}
        }
        Vec::new()
    }

    /// Gives the keys to the conversation under the list's cursor.
    pub(super) fn enter_conversation(&mut self) -> Vec<Effect> {
        let Some(id) = self.list.current().map(|row| row.id.clone()) else { return Vec::new() };
        self.focus = Pane::Conversation;
        let mut effects = Vec::new();
        if self.open.as_ref().map(|open| &open.id) != Some(&id) {
            self.open = Some(Open::new(id));
            effects = self.load_open();
        }
        if self.list.current().is_some_and(|row| row.mentioned) {
            effects.extend(self.operate_quietly(Known::SeenMentions));
        }
        effects
    }

    pub(super) fn leave_conversation(&mut self) -> Vec<Effect> {
        // A note that came in while it was open has been seen too.
        let mut effects = match self.current_row() {
            Some(row) if row.mentioned => self.operate_quietly(Known::SeenMentions),
            _ => Vec::new(),
        };
        self.focus = Pane::List;
        effects.extend(self.preview());
        effects
    }

    fn open_neighbour(&mut self, by: isize) -> Vec<Effect> {
        let screen = self.list_rows();
        if !self.list.step(by, screen) {
            return Vec::new();
        }
        let mut effects = self.want_rows();
        effects.extend(self.enter_conversation());
        effects
    }

    /// Asks for the open conversation.
    pub(super) fn load_open(&mut self) -> Vec<Effect> {
        let Some(open) = &self.open else { return Vec::new() };
        let (id, newest) = (open.id.clone(), open.newest);
        vec![self.ask(Purpose::Conversation(id.clone()), Ask::Conversation { id, newest })]
    }
}
