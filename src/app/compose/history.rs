//! What was done to the text, to be undone word by word: a run of letters with the space behind it is one step, and so is a paste.

use std::collections::VecDeque;

use crate::model::text::steps::{self, Words};

/// The most steps that are remembered.
const STEPS_MAX: usize = 2_000;
/// The most bytes of text that they hold together; the newest step is kept whatever it holds.
const BYTES_MAX: usize = 4 << 20;

/// What changed the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// A letter was typed.
    Letter,
    /// A letter was erased.
    Erase,
    /// Anything else: a paste, a saved reply, a new line, a quote put in.
    Whole,
}

/// A text with the place of its cursor in it, in bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// The text.
    pub text: String,
    /// The cursor.
    pub cursor: usize,
}

/// One step: at a place, a text gave way to another.
#[derive(Clone, Debug)]
struct Step {
    at: usize,
    removed: String,
    put: String,
    before: usize,
    after: usize,
    stroke: Stroke,
}

impl Step {
    fn bytes(&self) -> usize {
        self.removed.len() + self.put.len()
    }

    /// Returns what became of the text between two spots; `None` where it is the same.
    fn between(before: &Spot, after: &Spot, stroke: Stroke) -> Option<Self> {
        if before.text == after.text {
            return None;
        }
        // Of two equal letters side by side the one at the cursor is meant: what is typed next joins it.
        let most = match stroke {
            Stroke::Whole => usize::MAX,
            Stroke::Letter | Stroke::Erase => before.cursor.min(after.cursor),
        };
        let same = |(a, b): &(char, char)| a == b;
        let front = before.text.chars().zip(after.text.chars()).take_while(same);
        let mut at = 0;
        for (c, _) in front {
            if at + c.len_utf8() > most {
                break;
            }
            at += c.len_utf8();
        }
        let (old, new) = (before.text.get(at..)?, after.text.get(at..)?);
        let back: usize = old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let removed = old.get(..old.len() - back)?.to_owned();
        let put = new.get(..new.len() - back)?.to_owned();
        Some(Self { at, removed, put, before: before.cursor, after: after.cursor, stroke })
    }

    /// Leaves the last word in this step, and returns what was typed before it: in a script without spaces only the whole of what was typed
    /// tells its words.
    fn split(&mut self) -> Option<Self> {
        if self.stroke != Stroke::Letter || !self.removed.is_empty() {
            return None;
        }
        let last = steps::word_back(&self.put, self.put.len(), Words::Spaces);
        let before = self.put.get(..last).filter(|before| !before.is_empty())?.to_owned();
        let at = self.at + last;
        let first = Self { put: before, after: at, ..self.clone() };
        self.put.drain(..last);
        (self.at, self.before) = (at, at);
        Some(first)
    }

    /// Takes a later step into this one, where both are one run of letters typed or erased.
    fn join(&mut self, next: &Self) -> bool {
        if self.stroke != next.stroke {
            return false;
        }
        match self.stroke {
            Stroke::Letter if next.removed.is_empty() && next.at == self.at + self.put.len() => {
                let begins_word = ends_in_space(&self.put) && !ends_in_space(&next.put);
                if begins_word {
                    return false;
                }
                self.put.push_str(&next.put);
            }
            Stroke::Erase if !self.put.is_empty() || !next.put.is_empty() => return false,
            Stroke::Erase if next.at + next.removed.len() == self.at => {
                let leaves_word = self.removed.starts_with(char::is_whitespace) != ends_in_space(&next.removed);
                if leaves_word && !self.removed.starts_with(char::is_whitespace) {
                    return false;
                }
                self.removed.insert_str(0, &next.removed);
                self.at = next.at;
            }
            Stroke::Erase if next.at == self.at => self.removed.push_str(&next.removed),
            _ => return false,
        }
        self.after = next.after;
        true
    }
}

fn ends_in_space(text: &str) -> bool {
    text.ends_with(char::is_whitespace)
}

/// What was done, and what of it was undone.
#[derive(Clone, Debug, Default)]
pub struct History {
    done: VecDeque<Step>,
    undone: Vec<Step>,
    /// Whether the next letter begins a step of its own, because the cursor was moved.
    closed: bool,
}

impl History {
    /// Notes what became of a text; what was undone can't be redone any more.
    pub fn note(&mut self, before: &Spot, after: &Spot, stroke: Stroke) {
        let Some(step) = Step::between(before, after, stroke) else { return };
        self.undone.clear();
        let joined = !self.closed && self.done.back_mut().is_some_and(|last| last.join(&step));
        self.closed = false;
        if !joined {
            self.done.push_back(step);
        }
        let mut bytes: usize = self.done.iter().map(Step::bytes).sum();
        while self.done.len() > 1 && (self.done.len() > STEPS_MAX || bytes > BYTES_MAX) {
            bytes -= self.done.pop_front().map_or(0, |step| step.bytes());
        }
    }

    /// Has the next letter begin a step of its own.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Takes the last step back; `None` where there is none.
    pub fn undo(&mut self, text: &str) -> Option<Spot> {
        let mut step = self.done.pop_back()?;
        self.done.extend(step.split());
        let found = swap(text, step.at, &step.put, &step.removed, step.before);
        self.closed = true;
        self.undone.push(step);
        self.or_forget(found)
    }

    /// Does again what was undone last; `None` where there is nothing.
    pub fn redo(&mut self, text: &str) -> Option<Spot> {
        let step = self.undone.pop()?;
        let found = swap(text, step.at, &step.removed, &step.put, step.after);
        self.closed = true;
        self.done.push_back(step);
        self.or_forget(found)
    }

    /// Forgets everything where a text is none that it knows: nothing is ever put into the wrong place.
    fn or_forget(&mut self, found: Option<Spot>) -> Option<Spot> {
        if found.is_none() {
            *self = Self::default();
        }
        found
    }
}

/// Puts `new` where `old` stands.
fn swap(text: &str, at: usize, old: &str, new: &str, cursor: usize) -> Option<Spot> {
    let (front, rest) = text.split_at_checked(at)?;
    let back = rest.strip_prefix(old)?;
    Some(Spot { text: format!("{front}{new}{back}"), cursor })
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
