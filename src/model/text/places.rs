//! Where each letter of a text stands on the screen: in which row, and in which column of it by the order of UAX #9. For cursors, and for
//! what is clicked on; what is drawn is laid out where it is drawn, to the same rows and columns.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation as _;

use super::columns;
use super::order::{Paragraph, Source, turns};
use super::steps::next;
use super::wrap::wrap;

/// A row of a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its bytes in the paragraph, spaces at its end among them.
    pub range: Range<usize>,
    /// Whether its paragraph runs from right to left: it stands at the right edge.
    pub is_right: bool,
    /// Whether the paragraph ends in it.
    pub is_last: bool,
    /// Its letters, from left to right.
    cells: Vec<Cell>,
    /// The columns of all of them.
    width: isize,
    /// The column of its left end, counted from the left edge of where it stands; spaces at its end may reach over that.
    indent: isize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Cell {
    range: Range<usize>,
    column: isize,
    width: isize,
}

/// Returns the rows of a paragraph in so many columns. `as_is` where the terminal puts the letters in order.
pub fn rows(paragraph: &str, room: usize, as_is: bool) -> Vec<Row> {
    let source = Source::of(paragraph);
    let order = (!as_is && turns(paragraph)).then(|| Paragraph::of(&source, None));
    let row = |range| row_of_range(paragraph, order.as_ref(), range, room);
    wrap(paragraph, room).into_iter().map(row).collect()
}

/// Returns a whole paragraph in one row, however wide it is; one that runs from right to left ends at the right edge of `room`.
pub fn row(paragraph: &str, room: usize, as_is: bool) -> Row {
    let source = Source::of(paragraph);
    let order = (!as_is && turns(paragraph)).then(|| Paragraph::of(&source, None));
    row_of_range(paragraph, order.as_ref(), 0..paragraph.len(), room)
}

fn row_of_range(paragraph: &str, order: Option<&Paragraph<'_>>, range: Range<usize>, room: usize) -> Row {
    let is_right = order.is_some_and(Paragraph::is_right);
    let cells = cells(paragraph, order, range.clone());
    let width = cells.last().map_or(0, |cell| cell.column + cell.width);
    let indent = if is_right { signed(room) - width } else { 0 };
    Row { is_last: range.end == paragraph.len(), range, is_right, cells, width, indent }
}

fn signed(columns: usize) -> isize {
    isize::try_from(columns).unwrap_or(isize::MAX)
}

fn cells(text: &str, paragraph: Option<&Paragraph<'_>>, range: Range<usize>) -> Vec<Cell> {
    let places: Vec<usize> = match paragraph {
        Some(paragraph) => paragraph.line(range).iter().map(|glyph| glyph.at).collect(),
        None => {
            let part = text.get(range.clone()).unwrap_or_default();
            if part.is_ascii() {
                let cell =
                    |at: usize| Cell { range: range.start + at..range.start + at + 1, column: signed(at), width: 1 };
                return (0..part.len()).map(cell).collect();
            }
            part.grapheme_indices(true).map(|(at, _)| range.start + at).collect()
        }
    };
    let mut column = 0;
    let cell = |at: usize| {
        let end = next(text, at);
        let width = signed(columns(text.get(at..end).unwrap_or_default()));
        let cell = Cell { range: at..end, column, width };
        column += width;
        cell
    };
    places.into_iter().map(cell).collect()
}

impl Row {
    /// Returns the column of the letter behind a place, and how wide that is; at the end of the row the column behind its last letter, on
    /// the side where the paragraph goes on.
    pub fn column(&self, place: usize) -> (isize, usize) {
        let cell = self.cells.iter().find(|cell| cell.range.contains(&place));
        match cell {
            Some(cell) => (self.indent + cell.column, usize::try_from(cell.width).unwrap_or(1)),
            None if self.is_right => (self.indent - 1, 1),
            None => (self.indent + self.width, 1),
        }
    }

    /// Returns the place in front of the letter at a column; of one beside the row the place at that end.
    pub fn place(&self, column: isize) -> usize {
        let column = column - self.indent;
        let is_behind = if self.is_right { column < 0 } else { column >= self.width };
        if is_behind && self.is_last {
            return self.range.end;
        }
        let first = self.cells.iter().find(|cell| cell.width > 0);
        let found = self.cells.iter().rev().find(|cell| cell.width > 0 && cell.column <= column).or(first);
        found.map_or(self.range.start, |cell| cell.range.start)
    }

    /// Returns the bytes of its letters that stand whole between two columns, those that follow each other as one, in the order of the text.
    pub fn between(&self, from: isize, to: isize) -> Vec<Range<usize>> {
        let is_inside = |cell: &&Cell| {
            let left = self.indent + cell.column;
            left >= from && left + cell.width <= to
        };
        let mut inside: Vec<Range<usize>> =
            self.cells.iter().filter(is_inside).map(|cell| cell.range.clone()).collect();
        inside.sort_by_key(|range| range.start);
        let mut joined: Vec<Range<usize>> = Vec::new();
        for range in inside {
            match joined.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => joined.push(range),
            }
        }
        joined
    }
}

impl Row {
    /// Returns the column of the leftmost letter of some parts of it, of what stands before `end`: the spaces there are not drawn.
    pub fn left(&self, parts: &[Range<usize>], end: usize) -> Option<isize> {
        let is_drawn =
            |cell: &&Cell| cell.range.start < end && parts.iter().any(|part| part.contains(&cell.range.start));
        self.cells.iter().find(is_drawn).map(|cell| self.indent + cell.column)
    }
}

/// Returns in which of its rows a place of a paragraph is: behind the letter with which a row ends it is in the next one.
pub fn row_of(rows: &[Row], place: usize) -> usize {
    rows.iter().rposition(|row| row.range.start <= place).unwrap_or(0)
}

/// Returns the place in a text of several lines of the letter at a column of the row that begins at `row_start`, each line laid out as a
/// paragraph in `room` columns.
pub fn place_at(text: &str, row_start: usize, column: isize, room: usize, as_is: bool) -> usize {
    let row_start = (0..=row_start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (before, behind) = text.split_at_checked(row_start).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = behind.find('\n').map_or(text.len(), |end| row_start + end);
    let rows = rows(text.get(start..end).unwrap_or_default(), room, as_is);
    let row = rows.get(row_of(&rows, row_start - start));
    start + row.map_or(0, |row| row.place(column))
}

#[cfg(test)]
#[path = "places_tests.rs"]
mod tests;
