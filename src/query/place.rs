//! Folded text with the way back to where each letter of it stands: for finding within a text that is shown.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::fold::fold_cluster;

/// A text as search sees it, letter by letter: folded like [`super::fold_text`], but runs of scripts without spaces stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    folded: String,
    /// Where each cluster begins in the folded text, and where it stands in the text.
    clusters: Vec<(usize, Range<usize>)>,
}

impl Placed {
    /// Folds a text.
    pub fn of(text: &str) -> Self {
        let mut placed = Self { folded: String::with_capacity(text.len()), clusters: Vec::new() };
        for (at, cluster) in text.grapheme_indices(true) {
            let Some(letters) = fold_cluster(cluster) else { continue };
            let begin = placed.folded.len();
            if !letters.is_empty() {
                placed.folded.push_str(&letters);
            } else if !placed.folded.is_empty() && !placed.folded.ends_with(' ') {
                placed.folded.push(' ');
            }
            if placed.folded.len() > begin {
                placed.clusters.push((begin, at..at + cluster.len()));
            }
        }
        placed
    }

    /// Returns the folded text.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Returns where a text stands in this one, in bytes of what was folded: whole clusters, from left to right, none twice.
    pub fn find(&self, wanted: &str) -> Vec<Range<usize>> {
        let wanted = Self::of(wanted);
        let wanted = wanted.folded.trim();
        if wanted.is_empty() {
            return Vec::new();
        }
        let all = self.folded.match_indices(wanted).filter_map(|(at, found)| self.source(at..at + found.len()));
        // One letter may be two when folded, and be found twice.
        let mut ranges: Vec<Range<usize>> = Vec::new();
        for range in all {
            if ranges.last().is_none_or(|last| last.end <= range.start) {
                ranges.push(range);
            }
        }
        ranges
    }

    /// Returns where a part of the folded text came from; nothing where it is no part.
    pub fn source(&self, folded: Range<usize>) -> Option<Range<usize>> {
        let cluster = |at: usize| {
            let behind = self.clusters.partition_point(|(begin, _)| *begin <= at);
            self.clusters.get(behind.checked_sub(1)?)
        };
        if folded.is_empty() || folded.end > self.folded.len() {
            return None;
        }
        let (first, last) = (cluster(folded.start)?, cluster(folded.end - 1)?);
        Some(first.1.start..last.1.end)
    }
}

#[cfg(test)]
#[path = "place_tests.rs"]
mod tests;
