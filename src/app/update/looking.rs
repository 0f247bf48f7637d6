//! A look before the deed: at what is marked before something is done to it, and at the conversations that are to become one.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::app::layer::Side;
use crate::app::picker::COMPARES;
use crate::app::tickets::Purpose;
use crate::app::{App, Ask, Effect, Layer, Page, Severity};
use crate::keymap::Key;
use crate::model::ids::ConversationId;
use crate::model::view::ConversationRow;

/// The most of the marked that are looked through.
const LOOKED_THROUGH: usize = 500;

impl App {
    /// Takes the key of a look, where nothing is typed in the sheet that lies topmost.
    pub(super) fn look_before(&mut self, key: Key) -> Option<Vec<Effect>> {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return None };
        let typed = key.typed().filter(|_| picker.line.is_empty())?;
        if typed == 'l' && picker.is_deed_on_many() {
            return Some(self.look_through());
        }
        let is_key = |key| key == typed || typed == COMPARES;
        picker.compare_key().is_some_and(is_key).then(|| self.compare())
    }

    /// Shows the conversations that are to become one beside each other, or one after the other.
    fn compare(&mut self) -> Vec<Effect> {
        let Some(Layer::Picker(picker)) = self.layers.last() else { return Vec::new() };
        let rows: Vec<&ConversationRow> = picker.rows_to_merge().collect();
        let shorts: Vec<&str> = rows.iter().map(|row| row.short.as_str()).collect();
        let shorts = shorts.join(" ");
        let ids = rows.iter().map(|row| row.id.clone()).collect();
        let mut effects = self.push(Layer::Page(Page::Compared { shorts, sides: None, lines: 0, scroll: 0 }));
        effects.push(self.ask(Purpose::Compare, Ask::Compare(ids)));
        effects
    }

    pub(super) fn take_compared(&mut self, came: Vec<Side>) {
        if let Some(Layer::Page(Page::Compared { sides, .. })) = self.layers.last_mut() {
            *sides = Some(Arc::new(came));
        }
    }

    /// Learns how many lines the compared conversations take.
    pub(super) fn learn_lines(&mut self, count: usize) {
        if let Some(Layer::Page(Page::Compared { lines, .. })) = self.layers.last_mut() {
            *lines = count;
        }
        let end = self.page_end();
        if let Some(Layer::Page(Page::Compared { scroll, .. })) = self.layers.last_mut() {
            *scroll = (*scroll).min(end);
        }
    }

    /// Shows what is marked: first what is somebody else's or has mail which came in since, then the others as the list has them.
    fn look_through(&mut self) -> Vec<Effect> {
        let Some(ids) = self.marked_ids() else {
            self.tell(Severity::Info, &say!("merge-not-counted"), "");
            return Vec::new();
        };
        let notable = self.notable_marked();
        let places = self.places();
        let mut ordered = ids;
        ordered.sort_by_key(|id| (!notable.contains(id), places.get(id).copied().unwrap_or(usize::MAX)));
        let more = ordered.len().saturating_sub(LOOKED_THROUGH);
        ordered.truncate(LOOKED_THROUGH);
        let mut effects = self.push(Layer::Page(Page::Marked { rows: None, more, at: 0 }));
        effects.push(self.ask(Purpose::Marked, Ask::RowsOf(ordered)));
        effects
    }

    pub(super) fn take_rows_of(&mut self, mut came: Vec<ConversationRow>) {
        let places = self.places();
        let place = |row: &ConversationRow| places.get(&row.id).copied().unwrap_or(usize::MAX);
        came.sort_by_key(|row| (!self.is_notable(row), place(row), std::cmp::Reverse(row.last_at)));
        if let Some(Layer::Page(Page::Marked { rows, .. })) = self.layers.last_mut() {
            *rows = Some(came);
        }
    }

    /// Returns where in the window each row stands.
    fn places(&self) -> HashMap<ConversationId, usize> {
        self.list.rows.iter().enumerate().map(|(place, row)| (row.id.clone(), place)).collect()
    }

    /// Returns those of the marked that are to be looked at twice, as far as they are in the window or were marked one by one.
    pub(super) fn notable_marked(&self) -> BTreeSet<ConversationId> {
        let in_window = self.list.rows.iter().filter(|row| self.is_marked(row));
        let in_window = in_window.filter(|row| self.is_notable(row)).map(|row| row.id.clone());
        let others = self.marks.these.values().filter(|shown| {
            let is_in_window = self.list.rows.iter().any(|row| row.id == shown.id);
            !is_in_window && shown.assignee.as_ref().is_some_and(|who| self.is_others(who))
        });
        in_window.chain(others.map(|shown| shown.id.clone())).collect()
    }

    /// Tells whether something is to be said of a marked row before a deed on many: that it is somebody else's, or has newer mail.
    pub fn is_notable(&self, row: &ConversationRow) -> bool {
        row.assignee.as_ref().is_some_and(|who| self.is_others(who)) || self.marks.is_newer(row)
    }
}
