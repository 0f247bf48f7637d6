//! The list of conversations: a window of rows on a list that may hold millions.
//!
//! Rows come in pages by key, in both directions, and the window never grows over [`WINDOW`]. When the list changes under the cursor, the
//! cursor stays on its conversation, and that on its line of the screen.

use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::view::{ConversationRow, PageKey};

/// Rows asked for at once.
pub const PAGE: usize = 100;
/// The most rows kept.
pub const WINDOW: usize = 400;
/// More rows are asked for when the cursor is this near to the window's end.
const NEAR: usize = 40;

/// The window, the cursor, and what the list shows.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The search that is shown in place of the view.
    pub search: Option<String>,
    /// How many the search found, once counted.
    pub found: Option<u64>,
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
}

impl List {
    /// Returns the row under the cursor.
    pub fn current(&self) -> Option<&ConversationRow> {
        self.rows.get(self.cursor)
    }

    /// Forgets the rows, to show another list.
    pub fn reset(&mut self, search: Option<String>) {
        *self = Self { search, ..Self::default() };
    }

    /// Takes the first rows, or with `bottom` the last.
    pub fn fill(&mut self, rows: Vec<ConversationRow>, bottom: bool, screen: usize) {
        let all = rows.len() < PAGE;
        self.rows = rows;
        self.at_start = !bottom || all;
        self.at_end = bottom || all;
        self.loaded = true;
        self.cursor = if bottom { self.rows.len().saturating_sub(1) } else { 0 };
        self.top = 0;
        self.follow(screen);
    }

    /// Takes the window's rows anew.
    pub fn refresh(&mut self, rows: Vec<ConversationRow>, asked: usize, screen: usize) {
        let on = self.current().map(|row| row.id.clone());
        let line = self.cursor.saturating_sub(self.top);
        self.at_end = rows.len() < asked;
        self.rows = rows;
        let again = on.and_then(|id| self.place_of(&id));
        self.cursor = again.unwrap_or(self.cursor).min(self.rows.len().saturating_sub(1));
        self.top = self.cursor.saturating_sub(line);
        self.follow(screen);
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
        self.follow(screen);
        self.cursor != was
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
        // `~` sorts behind every letter of an id, and rows of one moment are ordered by falling id.
        let first = self.rows.first()?;
        Some(PageKey { last_at: first.last_at, id: ConversationId::from_kept(format!("{}~", first.id)) })
    }

    /// Returns the key behind the list's last row.
    pub fn end_key() -> PageKey {
        PageKey { last_at: Timestamp(i64::MIN), id: ConversationId::from_kept("") }
    }

    fn place_of(&self, id: &ConversationId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == *id)
    }
}
