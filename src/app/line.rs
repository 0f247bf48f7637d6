//! A line of text being typed. The cursor moves over what a reader sees as one letter, so that an accent never stands without its own.

use crate::model::text::steps::{self, Words};

/// The most bytes that can be typed or pasted.
const MAX: usize = 100_000;

/// Text with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    text: String,
    /// The place of the cursor, in bytes.
    cursor: usize,
}

impl Line {
    /// Makes a line with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), cursor: text.len() }
    }

    /// Makes a line with the cursor at a place in it, in bytes.
    pub fn at(text: &str, place: usize) -> Self {
        let cursor = if text.is_char_boundary(place) { place } else { text.len() };
        Self { text: text.to_owned(), cursor }
    }

    /// Returns the whole text.
    pub fn text(&self) -> String {
        self.text.clone()
    }

    /// Returns the text before the cursor.
    pub fn before(&self) -> &str {
        self.text.get(..self.cursor).unwrap_or_default()
    }

    /// Returns the text from the cursor on.
    pub fn after(&self) -> &str {
        self.text.get(self.cursor..).unwrap_or_default()
    }

    /// Tells whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Types text.
    pub fn insert(&mut self, text: &str) {
        if self.text.len() + text.len() <= MAX {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
    }

    /// Moves the cursor back by a cluster: left in text that runs from left to right, in the other right.
    pub fn left(&mut self) {
        self.cursor = steps::back(&self.text, self.cursor);
    }

    /// Moves the cursor on by a cluster.
    pub fn right(&mut self) {
        self.cursor = steps::next(&self.text, self.cursor);
    }

    /// Moves the cursor to the beginning of the word in front of it.
    pub fn word_left(&mut self) {
        self.cursor = steps::word_back(&self.text, self.cursor, Words::Signs);
    }

    /// Moves the cursor to the end of the word behind it.
    pub fn word_right(&mut self) {
        self.cursor = steps::word_on(&self.text, self.cursor, Words::Signs);
    }

    /// Moves the cursor to the beginning.
    pub fn start(&mut self) {
        self.cursor = 0;
    }

    /// Moves the cursor to the end.
    pub fn end(&mut self) {
        self.cursor = self.text.len();
    }

    /// Moves the cursor to a place, in bytes.
    pub fn jump(&mut self, place: usize) {
        if self.text.is_char_boundary(place) {
            self.cursor = place;
        }
    }

    /// Erases the code point before the cursor, of a picture, a flag or a Korean syllable the whole of it.
    pub fn erase_back(&mut self) {
        self.erase_from(steps::erased_back(&self.text, self.cursor));
    }

    /// Erases the cluster under the cursor.
    pub fn erase_forward(&mut self) {
        let end = steps::next(&self.text, self.cursor);
        self.text.drain(self.cursor..end);
    }

    /// Erases the word before the cursor, with the spaces behind it.
    pub fn erase_word(&mut self) {
        self.erase_from(steps::word_back(&self.text, self.cursor, Words::Spaces));
    }

    /// Erases from the cursor to the end.
    pub fn erase_to_end(&mut self) {
        self.text.truncate(self.cursor);
    }

    /// Erases everything.
    pub fn clear(&mut self) {
        self.text.clear();
        self.cursor = 0;
    }

    /// Puts `word` in the place of the word before the cursor.
    pub fn replace_word(&mut self, word: &str) {
        self.erase_from(self.cursor - self.word().len());
        self.insert(word);
    }

    /// Returns the word before the cursor.
    pub fn word(&self) -> &str {
        self.before().rsplit(char::is_whitespace).next().unwrap_or_default()
    }

    fn erase_from(&mut self, start: usize) {
        self.text.drain(start..self.cursor);
        self.cursor = start;
    }
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
