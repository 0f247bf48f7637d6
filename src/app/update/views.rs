//! The column of views.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::effect::Timer;
use crate::app::tickets::Purpose;
use crate::app::views::Entry;
use crate::app::{App, Ask, Effect, Pane, Severity};
use crate::keymap::Action;
use crate::model::own::OwnView;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::model::view::View;

/// Milliseconds that the store rests before views of one's own are counted.
const COUNT_AFTER: u64 = 400;

impl App {
    pub(super) fn act_views(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Down => self.view_cursor = self.view_cursor_by(1),
            Action::Up => self.view_cursor = self.view_cursor_by(-1),
            Action::Top => self.view_cursor = self.view_cursor_by(isize::MIN),
            Action::Bottom => self.view_cursor = self.view_cursor_by(isize::MAX),
            Action::Open => match self.view_entry() {
                Entry::View(place) => return self.show_view(place),
                _ => self.tags_unfolded = !self.tags_unfolded,
            },
            _ => {}
        }
        Vec::new()
    }

    /// Shows the list of a view.
    pub(crate) fn show_view(&mut self, number: usize) -> Vec<Effect> {
        if self.view != number {
            self.last_view = self.views.get(self.view).cloned();
        }
        self.view = number;
        self.view_cursor = number;
        self.focus = Pane::List;
        self.open = None;
        let mut effects = self.fill_list(None);
        effects.push(self.ask(Purpose::Counts, Ask::Counts));
        effects.extend(self.count_soon());
        effects
    }

    /// Shows the view that was shown before this one.
    pub(super) fn show_last_view(&mut self) -> Vec<Effect> {
        let last = self.last_view.as_ref().and_then(|last| self.views.iter().position(|view| view == last));
        last.map_or_else(Vec::new, |place| self.show_view(place))
    }

    /// Returns the view that a digit from 1 to 9 shows.
    pub(super) fn view_of_digit(&self, digit: usize) -> Option<usize> {
        View::of_digit(&self.views, digit)
    }

    /// Returns the digit that shows the view at a place.
    pub fn digit_of_view(&self, place: usize) -> Option<usize> {
        View::digit(&self.views, place)
    }

    /// Returns the number beside a view; `None` where it has none.
    pub fn count_of_view(&self, view: &View) -> Option<u64> {
        match view {
            View::Own(own) => self.own_counts.get(&own.name).copied().filter(|_| own.count),
            view => Some(self.counts.get(view)),
        }
    }

    /// Returns the views of one's own that are counted: name and query.
    fn counted_views(&self) -> (Vec<String>, Vec<String>) {
        let own = self.views.iter().filter_map(|view| match view {
            View::Own(own) if own.count => Some((own.name.clone(), own.query.clone())),
            _ => None,
        });
        own.unzip()
    }

    /// Has the views of one's own counted once the store has rested: what is counted is gone through, unlike the numbers that are kept. What
    /// changes while they are counted may not be in the numbers: they are counted again behind that.
    pub(super) fn count_soon(&mut self) -> Option<Effect> {
        if self.tickets.has(&Purpose::OwnCounts(Vec::new())) {
            self.count_again = true;
            return None;
        }
        let any = !self.counted_views().0.is_empty();
        any.then_some(Effect::SetTimer(Timer::Count, COUNT_AFTER))
    }

    pub(super) fn count_own(&mut self) -> Option<Effect> {
        let (names, queries) = self.counted_views();
        self.count_again = false;
        (!names.is_empty()).then(|| self.ask(Purpose::OwnCounts(names), Ask::CountAll(queries)))
    }

    pub(super) fn take_own_counts(&mut self, names: Vec<String>, counts: Vec<Option<u64>>) -> Option<Effect> {
        let counted = names.into_iter().zip(counts).filter_map(|(name, count)| Some((name, count?)));
        self.own_counts = counted.collect();
        std::mem::take(&mut self.count_again).then(|| self.count_soon()).flatten()
    }

    /// Keeps the search that is shown as a view of that name.
    ///
    /// # Errors
    /// When no view can be called so, or one is.
    pub(super) fn save_view(&mut self, name: &str) -> Result<Vec<Effect>, Phrase> {
        let name = name.trim();
        if !OwnView::is_name(name) {
            return Err(phrase!("view-name-bad", name = in_quotes(name)));
        }
        if self.views.iter().any(|view| view.name().to_lowercase() == name.to_lowercase()) {
            return Err(phrase!("view-name-taken", name = name));
        }
        let Some(query) = self.list.search.clone() else { return Ok(Vec::new()) };
        let (order, look) = (self.list.order, self.list_look());
        let view = OwnView {
            sort: order.sort,
            reverse: order.reverse,
            density: (look.density != self.around.look.density).then_some(look.density),
            columns: (look.columns != self.around.look.columns).then_some(look.columns),
            ..OwnView::new(name, query)
        };
        Ok(vec![self.ask(Purpose::SaveView, Ask::SaveView(view))])
    }

    /// Shows a view that was just kept.
    pub(super) fn take_saved_view(&mut self, view: OwnView) -> Vec<Effect> {
        let name = view.name.clone();
        let place = self.views.iter().position(|view| matches!(view, View::Tag(_))).unwrap_or(self.views.len());
        self.views.insert(place, View::Own(Arc::new(view)));
        let hint = say!("hint-view-kept", file = crate::config::VIEWS_FILE, key = self.key_of(Action::View));
        let effects = self.show_view(place);
        self.tell(Severity::Info, &say!("view-kept", name = name), &hint);
        effects
    }

    /// Takes the teams that I am in and the tags that conversations have as views of their own: teams behind what nobody has, tags at the
    /// end. The one that is shown stays, though it be empty by now.
    pub(super) fn take_views(&mut self) {
        let shown = self.views.get(self.view).cloned();
        let under_cursor = self.views.get(self.view_cursor).cloned();
        let was_on_tags = under_cursor.is_none();
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
        // Behind them all stands the line of the tags.
        self.view_cursor = cursor.unwrap_or(if was_on_tags { self.views.len() } else { self.view });
    }
}
