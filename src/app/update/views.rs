//! The column of views.

use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Pane};
use crate::keymap::Action;
use crate::model::view::View;

impl App {
    pub(super) fn act_views(&mut self, action: Action) -> Vec<Effect> {
        let last = self.views.len().saturating_sub(1);
        match action {
            Action::Down => self.view_cursor = (self.view_cursor + 1).min(last),
            Action::Up => self.view_cursor = self.view_cursor.saturating_sub(1),
            Action::Top => self.view_cursor = 0,
            Action::Bottom => self.view_cursor = last,
            Action::Open => return self.show_view(self.view_cursor),
            _ => {}
        }
        Vec::new()
    }

    /// Shows the list of a view.
    pub(crate) fn show_view(&mut self, number: usize) -> Vec<Effect> {
        self.view = number;
        self.view_cursor = number;
        self.focus = Pane::List;
        self.open = None;
        let mut effects = self.fill_list(None);
        effects.push(self.ask(Purpose::Counts, Ask::Counts));
        effects
    }

    /// Takes the tags in use as views of their own.
    pub(super) fn take_tags(&mut self) {
        let shown = self.views.get(self.view).cloned();
        self.views.retain(|view| !matches!(view, View::Tag(_)));
        self.views.extend(self.tags.iter().cloned().map(View::Tag));
        self.view = shown.and_then(|shown| self.views.iter().position(|view| *view == shown)).unwrap_or(0);
        self.view_cursor = self.view_cursor.min(self.views.len().saturating_sub(1));
    }
}
