//! Addresses that are completed while they are typed.

use crate::app::line::Line;
use crate::model::addresses::write_addresses;
use crate::model::reply::Known;

/// People whom what is being typed can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What was typed.
    pub typed: String,
    /// The people; never empty.
    pub found: Vec<Known>,
    /// The one that was chosen; `None` before an arrow was pressed.
    pub at: Option<usize>,
}

impl Completion {
    /// Goes to the next, or with -1 to the one before.
    pub fn step(&mut self, by: isize) {
        let last = self.found.len().saturating_sub(1);
        self.at = match (self.at, by) {
            (None, 1..) => Some(0),
            (None, _) => Some(last),
            (Some(0), ..=-1) => None,
            (Some(at), _) => Some(at.saturating_add_signed(by).min(last)),
        };
    }

    /// Returns the one that is chosen, without a choice the first.
    pub fn choice(&self) -> Option<&Known> {
        self.found.get(self.at.unwrap_or(0))
    }
}

/// Returns what of a line of addresses is being typed: what stands between the last comma outside quotes and the cursor. `None` where that
/// is nothing, or a whole address already.
pub fn typed(line: &Line) -> Option<&str> {
    let before = line.before();
    let part = before.get(begins(before)..)?.trim_start();
    let next = line.after().chars().next();
    let ends = next.is_none_or(|c| matches!(c, ',' | ';' | ' '));
    (ends && !part.is_empty() && !part.contains('>')).then_some(part)
}

fn begins(before: &str) -> usize {
    let mut quoted = false;
    let mut start = 0;
    for (at, c) in before.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => start = at + c.len_utf8(),
            // Behind a whole address a blank parts as a comma does: what is typed there is somebody else.
            c if c.is_whitespace() && !quoted && before.get(start..at).is_some_and(is_whole) => start = at,
            _ => {}
        }
    }
    start
}

fn is_whole(part: &str) -> bool {
    let part = part.trim();
    part.ends_with('>') || (part.contains('@') && !part.contains(char::is_whitespace))
}

/// Types a letter. A comma, or a blank, that stands there already is not typed twice.
pub fn type_letter(line: &mut Line, letter: char) {
    let is_parted = line.before().trim_end().ends_with([',', ';']);
    let stands_there = match letter {
        ',' | ';' => is_parted,
        ' ' => is_parted && line.before().ends_with(' '),
        _ => false,
    };
    if !stands_there {
        line.insert(letter.encode_utf8(&mut [0; 4]));
    }
}

/// Takes away a comma at the end, behind which nobody stands.
pub fn tidy(line: &mut Line) {
    let text = line.text();
    let kept = text.trim_end().trim_end_matches([',', ';']).trim_end();
    if kept.len() < text.trim_end().len() {
        *line = Line::at(kept, line.before().len().min(kept.len()));
    }
}

/// Puts an address in the place of what was typed of it, parted from those before and behind it.
pub fn put(line: &mut Line, known: &Known) {
    let before = line.before();
    let head = before.get(..begins(before)).unwrap_or_default().trim_end();
    let parted = match head.chars().next_back() {
        None => "",
        Some(',' | ';') => " ",
        Some(_) => ", ",
    };
    let whole = format!("{head}{parted}{}", write_addresses(std::slice::from_ref(&known.address)));
    let after = line.after().trim_start();
    *line = match after.chars().next() {
        // Whoever is typed next is somebody else.
        None => Line::new(&format!("{whole}, ")),
        Some(',' | ';') => Line::at(&format!("{whole}{after}"), whole.len()),
        Some(_) => Line::at(&format!("{whole}, {after}"), whole.len()),
    };
}

#[cfg(test)]
#[path = "complete_tests.rs"]
mod tests;
