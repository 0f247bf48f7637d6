//! The list of conversations: a window of rows on a list that may hold millions.
//!
//! Rows come in pages by key, in both directions, and the window never grows over [`WINDOW`]. When the list changes under the cursor, the
//! cursor stays on its conversation, and that on its line of the screen. A conversation that leaves the list while the cursor is on it stays
//! until the cursor moves: no colleague and no mail changes what the next key acts on.

use std::collections::BTreeMap;

use crate::model::ids::{ConversationId, Handle};
use crate::model::phrase::Phrase;
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, ListOrder, PageKey};

/// Rows asked for at once.
pub const PAGE: usize = 100;
/// The most rows kept.
pub const WINDOW: usize = 400;
/// More rows are asked for when the cursor is this near to the window's end.
const NEAR: usize = 40;

/// What became of the row under the cursor that is in the list no longer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Why it left; `None` until that is known, or where nothing of it tells.
    pub why: Option<Phrase>,
    /// Whether a key that acts was told of it: the next one acts.
    pub told: bool,
}

/// The window, the cursor, and what the list shows.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The search that is shown in place of the view.
    pub search: Option<String>,
    /// The order of the rows.
    pub order: ListOrder,
    /// How many the search, or the view of one's own, found, once counted.
    pub found: Option<u64>,
    /// Where the search found nothing: the query that may have been meant, and how many that finds.
    pub meant: Option<(String, u64)>,
    /// What was told of names of the search that are not known.
    pub unknown: Vec<SafeText>,
    /// The rows of the window.
    pub rows: Vec<ConversationRow>,
    /// The cursor's row in the window.
    pub cursor: usize,
    /// The row at the top of the screen.
    pub top: usize,
    /// Whether the window begins at the list's first row.
    pub at_start: bool,
    /// Whether the window ends at the list's last row.
    pub at_end: bool,
    /// Whether rows were ever loaded for what is shown now.
    pub loaded: bool,
    /// Whether the store changed while rows were being loaded.
    pub stale: bool,
    /// Of the row under the cursor, where it left the list.
    pub left: Option<Left>,
    /// Whether I did something to the row under the cursor since the cursor came there.
    pub mine: bool,
}

impl List {
    /// Returns the row under the cursor.
    pub fn current(&self) -> Option<&ConversationRow> {
        self.rows.get(self.cursor)
    }

    /// Forgets the rows, to show another list.
    pub fn reset(&mut self, search: Option<String>, order: ListOrder) {
        *self = Self { search, order, ..Self::default() };
    }

    /// Takes the first rows, or with `bottom` the last.
    pub fn fill(&mut self, rows: Vec<ConversationRow>, bottom: bool, screen: usize) {
        let all = rows.len() < PAGE;
        self.rows = rows;
        self.at_start = !bottom || all;
        self.at_end = bottom || all;
        self.loaded = true;
        (self.left, self.mine) = (None, false);
        self.cursor = if bottom { self.rows.len().saturating_sub(1) } else { 0 };
        self.top = 0;
        self.follow(screen);
    }

    /// Takes the window's rows anew. The row under the cursor stays, also where it is among them no more.
    pub fn refresh(&mut self, rows: Vec<ConversationRow>, asked: usize, screen: usize) {
        let on = self.current().cloned();
        let line = self.cursor.saturating_sub(self.top);
        self.at_end = rows.len() < asked;
        let old = std::mem::replace(&mut self.rows, rows);
        match on.as_ref().and_then(|row| self.place_of(&row.id)) {
            Some(place) => (self.cursor, self.left) = (place, None),
            None => self.stay(on, &old),
        }
        self.top = self.cursor.saturating_sub(line);
        self.follow(screen);
    }

    /// Takes the rows in front of the cursor's and those from it on, in another order. The cursor stays on its row, and that on its line.
    pub fn sorted(&mut self, before: Vec<ConversationRow>, behind: Vec<ConversationRow>, screen: usize) {
        (self.at_start, self.at_end) = (before.len() < PAGE, behind.len() < PAGE);
        let (line, on) = (self.cursor.saturating_sub(self.top), self.current().cloned());
        let place = before.len();
        self.rows = before;
        self.rows.extend(behind);
        match on.as_ref().and_then(|row| self.place_of(&row.id)) {
            Some(place) => (self.cursor, self.left) = (place, None),
            None => {
                self.cursor = place.min(self.rows.len());
                if let Some(row) = on {
                    // What left the list stays where it would stand.
                    self.rows.insert(self.cursor, row);
                    self.left.get_or_insert_default();
                }
            }
        }
        self.top = self.cursor.saturating_sub(line);
        self.follow(screen);
    }

    /// Puts a row that left back to its old neighbours.
    fn stay(&mut self, row: Option<ConversationRow>, old: &[ConversationRow]) {
        let Some(row) = row else { return self.cursor = 0 };
        let place = {
            let places: BTreeMap<&ConversationId, usize> = self.rows.iter().map(|row| &row.id).zip(0..).collect();
            let now = |old: &ConversationRow| places.get(&old.id).copied();
            let above = old.iter().take(self.cursor).rev().find_map(now).map(|place| place + 1);
            above.or_else(|| old.iter().skip(self.cursor + 1).find_map(now)).unwrap_or(0)
        };
        self.rows.insert(place, row);
        self.cursor = place;
        self.left.get_or_insert_default();
    }

    /// Takes what the row that left is by now; `None` where it is a conversation no longer.
    pub fn learn(&mut self, id: &ConversationId, now: Option<ConversationRow>, me: &Handle) {
        let Some(left) = &mut self.left else { return };
        let Some(was) = self.rows.get_mut(self.cursor).filter(|row| row.id == *id) else { return };
        if let Some(why) = why_left(was, now.as_ref(), me) {
            left.why = Some(why);
        }
        if let Some(now) = now.filter(|now| now.id == *id) {
            // What it stood there for is still what keys are about.
            let news = now.news.clone().or_else(|| was.news.clone());
            *was = ConversationRow { news, ..now };
        }
    }

    /// Returns the row that left and why, where a colleague or a mail made it leave and no key was told of it yet.
    pub fn unseen_leave(&self) -> Option<(&ConversationRow, Phrase)> {
        let left = self.left.as_ref().filter(|left| !left.told && !self.mine)?;
        Some((self.current()?, left.why.clone().unwrap_or_else(|| phrase!("left-view"))))
    }

    /// Takes the row that left away, the cursor having moved from it.
    fn let_go(&mut self, place: usize) {
        self.mine = false;
        if self.left.take().is_none() || place >= self.rows.len() {
            return;
        }
        self.rows.remove(place);
        self.cursor -= usize::from(self.cursor > place);
        self.top -= usize::from(self.top > place);
    }

    /// Takes rows behind the last one.
    pub fn append(&mut self, rows: Vec<ConversationRow>, screen: usize) -> Vec<ConversationRow> {
        self.at_end = rows.len() < PAGE;
        self.rows.extend(rows);
        let over = self.rows.len().saturating_sub(WINDOW).min(self.top);
        let gone: Vec<ConversationRow> = self.rows.drain(..over).collect();
        if over > 0 {
            self.at_start = false;
        }
        self.cursor -= over;
        self.top -= over;
        self.follow(screen);
        gone
    }

    /// Takes rows in front of the first one.
    pub fn prepend(&mut self, mut rows: Vec<ConversationRow>, screen: usize) -> Vec<ConversationRow> {
        self.at_start = rows.len() < PAGE;
        let more = rows.len();
        rows.append(&mut self.rows);
        self.rows = rows;
        self.cursor += more;
        self.top += more;
        let kept = WINDOW.max(self.cursor + screen);
        let gone = if self.rows.len() > kept { self.rows.split_off(kept) } else { Vec::new() };
        if !gone.is_empty() {
            self.at_end = false;
        }
        self.follow(screen);
        gone
    }

    /// Moves the cursor by `by` rows and tells whether it moved.
    pub fn step(&mut self, by: isize, screen: usize) -> bool {
        let was = self.cursor;
        self.cursor = self.cursor.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
        let moved = self.cursor != was;
        if moved {
            self.let_go(was);
        }
        self.follow(screen);
        moved
    }

    /// Keeps the cursor on the screen.
    pub fn follow(&mut self, screen: usize) {
        if self.cursor < self.top {
            self.top = self.cursor;
        }
        if self.cursor >= self.top + screen {
            self.top = self.cursor + 1 - screen;
        }
        self.top = self.top.min(self.rows.len().saturating_sub(screen));
    }

    /// Tells whether rows behind the window will soon be seen.
    pub fn wants_more(&self) -> bool {
        self.loaded && !self.at_end && self.cursor + NEAR >= self.rows.len()
    }

    /// Tells whether rows in front of the window will soon be seen.
    pub fn wants_earlier(&self) -> bool {
        self.loaded && !self.at_start && self.cursor < NEAR
    }

    /// Returns the key behind which the window begins; `None` at the list's start. It lies just in front of the first row, so the first
    /// row is read again too.
    pub fn begins_after(&self) -> Option<PageKey> {
        if self.at_start {
            return None;
        }
        Some(PageKey::before(self.rows.first()?, self.order))
    }

    fn place_of(&self, id: &ConversationId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == *id)
    }
}

/// Returns what a row says of why it left the list, beside how it was shown there; `None` where it tells nothing of that.
fn why_left(was: &ConversationRow, now: Option<&ConversationRow>, me: &Handle) -> Option<Phrase> {
    let Some(now) = now else { return Some(phrase!("left-deleted")) };
    if now.id != was.id {
        return Some(phrase!("left-merged", short = &now.short));
    }
    if now.assignee != was.assignee {
        return Some(match &now.assignee {
            None => phrase!("left-nobody"),
            Some(who) if who == me => phrase!("left-mine"),
            Some(who) => phrase!("left-taken", who = who.to_string()),
        });
    }
    if now.snoozed_until.is_some() && was.snoozed_until.is_none() {
        return Some(phrase!("left-snoozed"));
    }
    if now.gone && !was.gone {
        return Some(phrase!("left-gone"));
    }
    if now.status != was.status {
        return Some(phrase!("left-status", status = now.status.name()));
    }
    if now.inbox != was.inbox {
        return Some(phrase!("left-moved", inbox = now.inbox.to_string()));
    }
    if now.news.is_none() && was.news.is_some() {
        return Some(phrase!("left-looked"));
    }
    (now.tags != was.tags || now.followed != was.followed || now.mentioned != was.mentioned)
        .then(|| phrase!("left-view"))
}
