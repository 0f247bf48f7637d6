//! The column of views.

use std::collections::BTreeSet;

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

    /// Takes the tags that conversations have as views of their own. The one that is shown stays, though it be empty by now.
    pub(super) fn take_tags(&mut self) {
        let shown = self.views.get(self.view).cloned();
        let under_cursor = self.views.get(self.view_cursor).cloned();
        let held = self.counts.of.iter().filter(|(_, held)| **held > 0).map(|(view, _)| view);
        let tags: BTreeSet<View> = held.chain(&shown).filter(|view| matches!(view, View::Tag(_))).cloned().collect();
        self.views.retain(|view| !matches!(view, View::Tag(_)));
        self.views.extend(tags);
        let place = |wanted: Option<View>| self.views.iter().position(|view| Some(view) == wanted.as_ref());
        let (view, cursor) = (place(shown).unwrap_or(0), place(under_cursor));
        self.view = view;
        self.view_cursor = cursor.unwrap_or_else(|| self.view_cursor.min(self.views.len().saturating_sub(1)));
    }
}
