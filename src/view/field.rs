//! A line that is typed in one row: the part of it around the cursor, and where that stands.

use crate::app::line::Line;
use crate::model::text::places::row;
use crate::model::text::{SafeText, steps};
use crate::view::layout::{lay_out_marked, width};

/// Around the cursor of a very long line so many bytes are looked at.
const NEAR: usize = 4_096;

/// What is seen of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// What is drawn, with the blanks in front of it where it stands at the right.
    pub text: String,
    /// The column of the cursor in it.
    pub cursor: usize,
    /// The column of the line that stands at its left.
    pub scrolled: isize,
}

/// Returns what is seen of a line in so many columns, the cursor among them. Text that runs from right to left stands at the right.
pub(super) fn seen(line: &Line, room: usize, as_is: bool) -> Seen {
    let (before, after) = near(line);
    let (before, after) = (SafeText::line(before).to_string(), SafeText::line(after).to_string());
    let text = format!("{before}{after}");
    let row = row(&text, room, as_is);
    let (column, wide) = row.column(before.len());
    let columns = isize::try_from(room).unwrap_or(isize::MAX);
    let wide = isize::try_from(wide).unwrap_or(1).max(1);
    let from = if column < 0 { column } else { (column + wide - columns).max(0) };
    let parts = row.between(from, from.saturating_add(columns));
    let laid = lay_out_marked(&text, usize::MAX, as_is, &parts).into_iter().next();
    let pieces = laid.into_iter().flat_map(|laid| laid.pieces).filter(|(_, part)| part.is_some());
    let shown: String = pieces.map(|(piece, _)| piece).collect();
    let left = row.left(&parts, text.trim_end().len()).unwrap_or(from);
    let gap = usize::try_from(left - from).unwrap_or(0).min(room.saturating_sub(width(&shown)));
    let cursor = usize::try_from(column - from).unwrap_or(0).min(room.saturating_sub(1));
    Seen { text: format!("{}{shown}", " ".repeat(gap)), cursor, scrolled: from }
}

/// Returns what stands before the cursor and behind it, no more than can be near.
fn near(line: &Line) -> (&str, &str) {
    let (before, after) = (line.before(), line.after());
    let from = match before.len().checked_sub(NEAR) {
        Some(from) => {
            (from..=before.len()).find(|at| before.is_char_boundary(*at)).map_or(0, |at| steps::next(before, at))
        }
        None => 0,
    };
    let to = (0..=NEAR.min(after.len())).rev().find(|at| after.is_char_boundary(*at)).unwrap_or(0);
    let to = if to < after.len() { steps::back(after, to) } else { to };
    (before.get(from..).unwrap_or_default(), after.get(..to).unwrap_or_default())
}

#[cfg(test)]
#[path = "field_tests.rs"]
mod tests;
