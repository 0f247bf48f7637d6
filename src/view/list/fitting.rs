//! What of a row's subject, words and tags is drawn in so many columns. The order in which they give way is always the same: the snippet, the
//! subject down to 18, tags from the right, weak words, and then the subject alone: strong words never do.

use crate::theme::Role;
use crate::view::layout::width;

/// The subject gives way to tags and weak words down to so many columns.
const SUBJECT: usize = 18;
/// A snippet is drawn where it has so many columns.
const SNIPPET: usize = 20;

/// A word with its look.
pub(super) type Word = (String, Role);

/// What is said in a row beside its columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub subject: String,
    pub snippet: String,
    /// What is rare and serious.
    pub strong: Vec<Word>,
    /// What gives way, the last first.
    pub weak: Vec<Word>,
    pub tags: Vec<String>,
}

/// How much of each is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// The columns of the subject, at most.
    pub subject: usize,
    /// Those of the snippet with the blank in front of it; 0 for none.
    pub snippet: usize,
    pub weak: usize,
    pub tags: usize,
}

/// Returns how many columns words take, each with the blank in front of it.
pub(super) fn span<'a>(words: impl IntoIterator<Item = &'a str>) -> usize {
    words.into_iter().map(|word| width(word) + 1).sum()
}

impl Said {
    /// Divides so many columns.
    pub(super) fn fit(&self, room: usize, with_snippet: bool) -> Fit {
        let whole = width(&self.subject);
        let least = whole.min(SUBJECT);
        let strong = span(self.strong.iter().map(|(word, _)| word.as_str()));
        let weak = |n: usize| span(self.weak.iter().take(n).map(|(word, _)| word.as_str()));
        let tags = |n: usize| span(self.tags.iter().take(n).map(String::as_str));
        let all = self.weak.len();
        let fits = |weak_n: usize, tags_n: usize| least + strong + weak(weak_n) + tags(tags_n) <= room;
        let kept_tags = (0..=self.tags.len()).rev().find(|n| fits(all, *n));
        let kept_weak = if kept_tags.is_some() { all } else { (0..=all).rev().find(|n| fits(*n, 0)).unwrap_or(0) };
        let kept_tags = kept_tags.unwrap_or(0);
        let subject = room.saturating_sub(strong + weak(kept_weak) + tags(kept_tags));
        let left = subject.saturating_sub(whole);
        let all_is_drawn = kept_tags == self.tags.len() && kept_weak == all;
        let snippet = if with_snippet && all_is_drawn && left >= SNIPPET { left } else { 0 };
        Fit { subject, snippet, weak: kept_weak, tags: kept_tags }
    }
}

#[cfg(test)]
#[path = "fitting_tests.rs"]
mod tests;
