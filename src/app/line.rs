//! A line of text being typed. Moves and erases whole graphemes, so that an accent never stays behind without its letter.

use unicode_segmentation::UnicodeSegmentation as _;

/// The most bytes that can be typed or pasted.
const MAX: usize = 100_000;

/// Text with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    before: String,
    after: String,
}

impl Line {
    /// Makes a line with the cursor at its end.
    pub fn new(text: &str) -> Self {
        Self { before: text.to_owned(), after: String::new() }
    }

    /// Makes a line with the cursor at a place in it, in bytes.
    pub fn at(text: &str, place: usize) -> Self {
        let (before, after) = text.split_at_checked(place).unwrap_or((text, ""));
        Self { before: before.to_owned(), after: after.to_owned() }
    }

    /// Returns the whole text.
    pub fn text(&self) -> String {
        format!("{}{}", self.before, self.after)
    }

    /// Returns the text before the cursor.
    pub fn before(&self) -> &str {
        &self.before
    }

    /// Returns the text from the cursor on.
    pub fn after(&self) -> &str {
        &self.after
    }

    /// Tells whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.before.is_empty() && self.after.is_empty()
    }

    /// Types text.
    pub fn insert(&mut self, text: &str) {
        if self.before.len() + self.after.len() + text.len() <= MAX {
            self.before.push_str(text);
        }
    }

    /// Moves the cursor left by a grapheme.
    pub fn left(&mut self) {
        if let Some(last) = self.pop() {
            self.after.insert_str(0, &last);
        }
    }

    /// Moves the cursor right by a grapheme.
    pub fn right(&mut self) {
        if let Some(first) = self.pop_front() {
            self.before.push_str(&first);
        }
    }

    /// Moves the cursor to the beginning.
    pub fn start(&mut self) {
        self.after = self.text();
        self.before.clear();
    }

    /// Moves the cursor to the end.
    pub fn end(&mut self) {
        self.before = self.text();
        self.after.clear();
    }

    /// Erases the grapheme before the cursor.
    pub fn erase_back(&mut self) {
        self.pop();
    }

    /// Erases the grapheme under the cursor.
    pub fn erase_forward(&mut self) {
        self.pop_front();
    }

    /// Erases the word before the cursor, with the spaces behind it.
    pub fn erase_word(&mut self) {
        let kept = self.before.trim_end().trim_end_matches(|c: char| !c.is_whitespace()).len();
        self.before.truncate(kept);
    }

    /// Erases from the cursor to the end.
    pub fn erase_to_end(&mut self) {
        self.after.clear();
    }

    /// Erases everything.
    pub fn clear(&mut self) {
        self.before.clear();
        self.after.clear();
    }

    /// Puts `word` in the place of the word before the cursor.
    pub fn replace_word(&mut self, word: &str) {
        let kept = self.before.trim_end_matches(|c: char| !c.is_whitespace()).len();
        self.before.truncate(kept);
        self.insert(word);
    }

    /// Returns the word before the cursor.
    pub fn word(&self) -> &str {
        self.before.rsplit(char::is_whitespace).next().unwrap_or_default()
    }

    fn pop(&mut self) -> Option<String> {
        let last = self.before.graphemes(true).next_back()?.to_owned();
        self.before.truncate(self.before.len() - last.len());
        Some(last)
    }

    fn pop_front(&mut self) -> Option<String> {
        let first = self.after.graphemes(true).next()?.to_owned();
        self.after.drain(..first.len());
        Some(first)
    }
}
