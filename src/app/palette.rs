//! What the palette remembers: the lines that were done from it, newest first.

/// How many lines are remembered.
const KEPT: usize = 50;

/// The memory of the palette.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Palette {
    /// What was done from it, newest first, each once.
    pub recent: Vec<String>,
    /// Which of those stands in its line, while one walks over them.
    pub walked: Option<usize>,
}

impl Palette {
    /// Remembers a line that was done.
    pub(super) fn remember(&mut self, line: &str) {
        self.recent.retain(|old| old != line);
        self.recent.insert(0, line.to_owned());
        self.recent.truncate(KEPT);
    }

    /// Goes to the line before the one that stands there, or with `back` the one after it; `None` where there is none.
    pub(super) fn walk(&mut self, back: bool) -> Option<&String> {
        let next = match (self.walked, back) {
            (None, false) => 0,
            (Some(at), false) => at + 1,
            (Some(at), true) => at.checked_sub(1)?,
            (None, true) => return None,
        };
        let line = self.recent.get(next)?;
        self.walked = Some(next);
        Some(line)
    }
}

#[cfg(test)]
#[path = "palette_tests.rs"]
mod tests;
