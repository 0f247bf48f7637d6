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

    /// Takes the teams that I am in and the tags that conversations have as views of their own: teams behind what nobody has, tags at the
    /// end. The one that is shown stays, though it be empty by now.
    pub(super) fn take_views(&mut self) {
        let shown = self.views.get(self.view).cloned();
        let under_cursor = self.views.get(self.view_cursor).cloned();
        let is_taken = |view: &View| matches!(view, View::Team(_) | View::Tag(_));
        let counted = self.counts.of.iter().filter(|(view, held)| **held > 0 || matches!(view, View::Team(_)));
        let counted = counted.map(|(view, _)| view).chain(&shown).filter(|view| is_taken(view)).cloned();
        let (teams, tags): (BTreeSet<View>, BTreeSet<View>) = counted.partition(|view| matches!(view, View::Team(_)));
        self.views.retain(|view| !is_taken(view));
        let behind = self.views.iter().position(|view| *view == View::Unassigned).map_or(0, |place| place + 1);
        self.views.splice(behind..behind, teams);
        self.views.extend(tags);
        let place = |wanted: Option<View>| self.views.iter().position(|view| Some(view) == wanted.as_ref());
        let (view, cursor) = (place(shown).unwrap_or(0), place(under_cursor));
        self.view = view;
        self.view_cursor = cursor.unwrap_or_else(|| self.view_cursor.min(self.views.len().saturating_sub(1)));
    }
}
