//! A text of several lines with a cursor: what the keys of the composer do to it.
//!
//! Left and Right follow the text as it is read, not as it stands on the screen, as in a shell: in text that runs from right to left, Left
//! goes on to the right. Up and Down keep the column on the screen.

use std::ops::Range;

use crate::model::text::places::{Row, place_at, row_of, rows};
use crate::model::text::steps::{self, Words};

/// How a text stands on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// In how many columns.
    pub columns: usize,
    /// Whether the terminal puts its letters in order.
    pub as_is: bool,
}

/// A text with a cursor in it. All places are in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    text: String,
    cursor: usize,
    /// The other end of what is held: what is typed takes its place.
    held: Option<usize>,
    /// The column that Up and Down keep.
    goal: Option<isize>,
}

impl Typed {
    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the lines of the text; at least one.
    pub fn lines(&self) -> Vec<&str> {
        self.text.split('\n').collect()
    }

    /// Returns the place of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Returns the number of the line with the cursor, from 0.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count()
    }

    /// Returns what is held.
    pub fn held(&self) -> Option<Range<usize>> {
        let other = self.held?;
        Some(other.min(self.cursor)..other.max(self.cursor)).filter(|held| !held.is_empty())
    }

    /// Holds a stretch of the text with the cursor in front of it: what is typed takes its place.
    pub fn hold(&mut self, stretch: Range<usize>) {
        self.jump(stretch.start);
        self.held = Some(self.fit(stretch.end));
    }

    /// Lets go what is held.
    pub fn cancel_selection(&mut self) {
        self.held = None;
    }

    /// Puts another text in its place.
    pub fn set(&mut self, text: &str) {
        *self = Self { text: text.to_owned(), cursor: text.len(), ..Self::default() };
    }

    /// Moves the cursor to a place.
    pub fn jump(&mut self, place: usize) {
        (self.cursor, self.goal) = (self.fit(place), None);
    }

    /// Types text.
    pub fn insert(&mut self, text: &str) {
        self.erase_held();
        self.text.insert_str(self.cursor, text);
        self.jump(self.cursor + text.len());
    }

    /// Erases the code point before the cursor, of a picture, a flag or a Korean syllable the whole of it. Like all that erases it takes
    /// what is held instead, and tells whether anything went.
    pub fn erase_back(&mut self) -> bool {
        self.erase_held() || self.erase(steps::erased_back(&self.text, self.cursor)..self.cursor)
    }

    /// Erases the cluster behind the cursor.
    pub fn erase_forward(&mut self) -> bool {
        self.erase_held() || self.erase(self.cursor..steps::next(&self.text, self.cursor))
    }

    /// Erases the word before the cursor, with the spaces behind it.
    pub fn erase_word(&mut self) -> bool {
        self.erase_held() || self.erase(steps::word_back(&self.text, self.cursor, Words::Signs)..self.cursor)
    }

    /// Erases the rest of the line; at its end the end of the line.
    pub fn erase_to_end(&mut self) -> bool {
        let end = match self.line_end() {
            end if end == self.cursor => self.text.len().min(end + 1),
            end => end,
        };
        self.erase_held() || self.erase(self.cursor..end)
    }

    /// Moves the cursor back by a cluster.
    pub fn back(&mut self) {
        self.jump(steps::back(&self.text, self.cursor));
    }

    /// Moves the cursor on by a cluster.
    pub fn on(&mut self) {
        self.jump(steps::next(&self.text, self.cursor));
    }

    /// Moves the cursor to the beginning of the word in front of it.
    pub fn word_back(&mut self) {
        self.jump(steps::word_back(&self.text, self.cursor, Words::Signs));
    }

    /// Moves the cursor to the end of the word behind it.
    pub fn word_on(&mut self) {
        self.jump(steps::word_on(&self.text, self.cursor, Words::Signs));
    }

    /// Moves the cursor to the beginning of its line.
    pub fn to_line_start(&mut self) {
        self.jump(self.line_start());
    }

    /// Moves the cursor to the end of its line.
    pub fn to_line_end(&mut self) {
        self.jump(self.line_end());
    }

    /// Moves the cursor to the paragraph above: the line behind the next empty one.
    pub fn paragraph_up(&mut self) {
        let above = self.text.get(..self.line_start()).unwrap_or_default().trim_end_matches('\n');
        self.jump(above.rfind("\n\n").map_or(0, |at| at + 2));
    }

    /// Moves the cursor to the paragraph below: the line behind the next empty one.
    pub fn paragraph_down(&mut self) {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        let to = rest.find("\n\n").map_or(self.text.len(), |at| {
            let from = self.cursor + at;
            let below = self.text.get(from..).unwrap_or_default();
            from + below.len() - below.trim_start_matches('\n').len()
        });
        self.jump(to);
    }

    /// Moves the cursor a row up, in its column as far as there are letters. Tells whether there is one.
    pub fn up(&mut self, shape: Shape) -> bool {
        let start = self.line_start();
        let here = self.rows(start, shape);
        let at = row_of(&here, self.cursor - start);
        match at.checked_sub(1) {
            Some(above) => self.go_to(start, here.get(above), self.column(start, here.get(at))),
            None => {
                let column = self.column(start, here.get(at));
                let Some(end) = start.checked_sub(1) else { return false };
                let start = self.text.get(..end).and_then(|above| above.rfind('\n')).map_or(0, |end| end + 1);
                self.go_to(start, self.rows(start, shape).last(), column);
            }
        }
        true
    }

    /// Moves the cursor a row down.
    pub fn down(&mut self, shape: Shape) -> bool {
        let start = self.line_start();
        let here = self.rows(start, shape);
        let at = row_of(&here, self.cursor - start);
        let column = self.column(start, here.get(at));
        if let Some(below) = here.get(at + 1) {
            self.go_to(start, Some(below), column);
            return true;
        }
        let end = self.line_end();
        if end == self.text.len() {
            return false;
        }
        self.go_to(end + 1, self.rows(end + 1, shape).first(), column);
        true
    }

    /// Moves the cursor to the letter at a column of the row that begins at a place.
    pub fn click(&mut self, row_start: usize, column: isize, shape: Shape) {
        self.cancel_selection();
        self.jump(place_at(&self.text, row_start, column, shape.columns, shape.as_is));
    }

    fn column(&self, start: usize, row: Option<&Row>) -> isize {
        self.goal.unwrap_or_else(|| row.map_or(0, |row| row.column(self.cursor - start).0))
    }

    fn go_to(&mut self, start: usize, row: Option<&Row>, column: isize) {
        let Some(row) = row else { return };
        self.jump(start + row.place(column));
        self.goal = Some(column);
    }

    fn rows(&self, start: usize, shape: Shape) -> Vec<Row> {
        let rest = self.text.get(start..).unwrap_or_default();
        rows(rest.split('\n').next().unwrap_or_default(), shape.columns, shape.as_is)
    }

    fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    fn line_start(&self) -> usize {
        self.before().rfind('\n').map_or(0, |end| end + 1)
    }

    fn line_end(&self) -> usize {
        let rest = self.text.get(self.cursor..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |end| self.cursor + end)
    }

    fn erase(&mut self, stretch: Range<usize>) -> bool {
        if stretch.is_empty() {
            return false;
        }
        self.jump(stretch.start);
        self.text.drain(stretch);
        true
    }

    fn erase_held(&mut self) -> bool {
        let held = self.held();
        self.cancel_selection();
        held.is_some_and(|held| self.erase(held))
    }

    /// Returns the nearest place in front that parts no letter's bytes.
    fn fit(&self, place: usize) -> usize {
        (0..=place.min(self.text.len())).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(0)
    }
}

#[cfg(test)]
#[path = "typed_tests.rs"]
mod tests;
