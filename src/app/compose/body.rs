//! The text of a mail as it is written: the author's own words, what stands below them folded away, and every step of it to
//! be undone.

use crate::app::compose::history::{History, Spot, Stroke};
use crate::app::compose::rest::{Folded, rest_at};
use crate::app::compose::typed::Typed;
use crate::model::template::Unresolved;
use crate::model::text::SafeText;

/// The text of a mail that is being written.
#[derive(Clone, Debug)]
pub struct Body {
    /// What is typed in.
    pub area: Typed,
    /// What is folded away below it.
    rest: String,
    /// Whether all of it stands in the area.
    unfolded: bool,
    /// The line above the quote; empty where nothing is quoted.
    attribution: String,
    history: History,
}

impl Body {
    /// Shows a text, with what stands below the author's own words folded; `attribution` is the line above a quote.
    pub fn new(text: &str, attribution: &str) -> Self {
        let text = clean(text).join("\n");
        let mut body = Self {
            area: Typed::default(),
            rest: String::new(),
            unfolded: false,
            attribution: attribution.to_owned(),
            history: History::default(),
        };
        body.show(&text, 0);
        body
    }

    /// Returns the whole text, with what is folded.
    pub fn whole(&self) -> String {
        format!("{}{}", self.area.text(), self.rest)
    }

    /// Returns what is folded away; `None` where nothing is.
    pub fn folded(&self) -> Option<Folded> {
        (!self.rest.is_empty()).then(|| Folded::of(&self.rest))
    }

    /// Tells whether there is something that can be folded, or is.
    pub fn can_fold(&self) -> bool {
        let text = self.whole();
        rest_at(&text, &self.attribution) < text.len()
    }

    /// Shows what is folded, or folds it again.
    pub fn turn_fold(&mut self) {
        let (text, cursor) = (self.whole(), self.offset());
        self.unfolded = !self.unfolded;
        self.history.close();
        let cursor = if self.unfolded { cursor } else { cursor.min(rest_at(&text, &self.attribution)) };
        self.show(&text, cursor);
    }

    /// Shows a whole text with the cursor at a place in it.
    fn show(&mut self, text: &str, cursor: usize) {
        // Where the cursor is nothing is folded: what is typed there next is the author's own.
        let line_end =
            |from: usize| text.get(from..).and_then(|rest| rest.find('\n')).map_or(text.len(), |end| from + end);
        let at = match rest_at(text, &self.attribution) {
            _ if self.unfolded => text.len(),
            at if cursor > at => line_end(cursor),
            at => at,
        };
        let (own, rest) = text.split_at_checked(at).unwrap_or((text, ""));
        rest.clone_into(&mut self.rest);
        if self.area.text() != own {
            self.area.set(own);
        }
        self.area.cancel_selection();
        self.jump(cursor.min(own.len()));
    }

    fn spot(&self) -> Spot {
        Spot { text: self.whole(), cursor: self.offset() }
    }

    /// Does something to the text, as one step or part of one, and returns what that says.
    pub fn change<T>(&mut self, stroke: Stroke, how: impl FnOnce(&mut Typed) -> T) -> T {
        let before = self.spot();
        let done = how(&mut self.area);
        let after = self.spot();
        self.history.note(&before, &after, stroke);
        done
    }

    /// Has the next letter begin a step of its own, the cursor having moved.
    pub fn moved(&mut self) {
        self.history.close();
    }

    /// Puts `text` where the cursor is, as a step of its own.
    pub fn insert(&mut self, text: &str) {
        self.history.close();
        self.change(Stroke::Whole, |area| area.insert(&clean(text).join("\n")));
        self.history.close();
    }

    /// Puts `text` in the place of the whole text, with the cursor at a place in it; undo brings the old one back.
    pub fn replace(&mut self, text: &str, cursor: usize) {
        let before = self.spot();
        self.history.close();
        self.show(&clean(text).join("\n"), cursor);
        let after = self.spot();
        self.history.note(&before, &after, Stroke::Whole);
        self.history.close();
    }

    /// Takes the last step back, or with `again` does it again. Tells whether there was one.
    pub fn step(&mut self, again: bool) -> bool {
        let text = self.whole();
        let found = if again { self.history.redo(&text) } else { self.history.undo(&text) };
        if let Some(spot) = &found {
            self.show(&spot.text, spot.cursor);
        }
        found.is_some()
    }

    /// Moves the cursor to a place in the text, in bytes.
    pub fn jump(&mut self, offset: usize) {
        self.area.jump(offset);
    }

    /// Returns the place of the cursor in the text, in bytes.
    pub fn offset(&self) -> usize {
        self.area.cursor()
    }

    /// Takes a variable in hand: what is typed takes its place.
    pub fn take_in_hand(&mut self, variable: &Unresolved) {
        let end = variable.offset + variable.length;
        if end > self.area.text().len() {
            let text = self.whole();
            self.unfolded = true;
            self.show(&text, variable.offset);
        }
        self.history.close();
        self.area.hold(variable.offset..end);
    }
}

/// Makes text fit to be drawn as it stands: nothing in it may reach the terminal as a command. Where its author let a line end (U+200B, as
/// writers of Thai and Khmer do) or said which way it runs (U+200E, U+200F) goes out with it.
fn clean(text: &str) -> Vec<String> {
    SafeText::lines(text).iter().map(|line| line.directed().into_owned()).collect()
}
