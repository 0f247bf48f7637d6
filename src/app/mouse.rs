//! The mouse: what was drawn where, and what it is for. A click is for what stood there long enough to be aimed at.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};

use crate::app::compose::Field;
use crate::app::geometry::Pane;
use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;

/// For how many milliseconds a row that moved takes no click: the hand was on its way to another.
pub const SETTLES: i64 = 300;

/// Something that the mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// The column, from 0.
    pub column: u16,
    /// The row, from 0.
    pub row: u16,
    /// What it did there.
    pub did: Did,
}

/// What a mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Did {
    /// The left button went down.
    Press,
    /// The mouse moved with the button down.
    Drag,
    /// The button went up.
    Release,
    /// The wheel turned up.
    WheelUp,
    /// The wheel turned down.
    WheelDown,
}

/// What stands at a place of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A pane.
    Pane(Pane),
    /// A row of the list.
    Row(ConversationId),
    /// A view, by its place.
    View(usize),
    /// A choice of a picker, by its place among those shown.
    Choice(usize),
    /// A row of the text that is written: where it begins in it, in bytes, and at which column of the screen.
    Text {
        /// Its first byte.
        row: usize,
        /// Its left edge.
        left: u16,
    },
    /// A row of the line that is asked for: where it begins in that, in bytes, and where it stands.
    Line {
        /// Its first byte.
        row: usize,
        /// Its left edge.
        left: u16,
        /// Its columns.
        room: usize,
    },
    /// What is typed to find something in the list below it.
    Filter {
        /// Its left edge.
        left: u16,
        /// How many columns of it are scrolled away.
        scrolled: isize,
        /// Its columns.
        room: usize,
    },
    /// A header field of the mail that is written.
    Field {
        /// Which.
        field: Field,
        /// Its left edge.
        left: u16,
        /// How many columns of it are scrolled away.
        scrolled: isize,
        /// Its columns.
        room: usize,
    },
    /// A key of the last row, in the notation of keymaps.
    Key(String),
    /// The line between the list and the conversation.
    Split,
}

/// What was drawn where, as it is on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    /// The places, what lies on top last.
    places: Vec<(Rect, Hit)>,
    /// When rows came to where they are.
    moved: BTreeMap<ConversationId, (Rect, Timestamp)>,
    /// Whether the line between the panes is held.
    pub is_dragging: bool,
}

impl Hits {
    /// Takes what was drawn just now.
    pub fn take(&mut self, places: Vec<(Rect, Hit)>, now: Timestamp) {
        let mut moved = BTreeMap::new();
        for (place, hit) in &places {
            if let Hit::Row(id) = hit {
                let since = match self.moved.get(id) {
                    Some((was, at)) if was == place => *at,
                    // At the first look nothing was aimed at yet.
                    _ if self.moved.is_empty() => Timestamp(i64::MIN / 2),
                    _ => now,
                };
                moved.insert(id.clone(), (*place, since));
            }
        }
        (self.places, self.moved) = (places, moved);
    }

    /// Returns what stands at a place, what lies on top first.
    pub fn at(&self, column: u16, row: u16) -> impl Iterator<Item = &Hit> {
        let position = Position::new(column, row);
        self.places.iter().rev().filter(move |(place, _)| place.contains(position)).map(|(_, hit)| hit)
    }

    /// Tells whether a row stands where it is for so short that the hand was aiming at another.
    pub fn is_settling(&self, id: &ConversationId, now: Timestamp) -> bool {
        self.moved.get(id).is_some_and(|(_, at)| now.since(*at) < SETTLES)
    }
}

#[cfg(test)]
#[path = "mouse_tests.rs"]
mod tests;
