//! Pictures and flags as words: they are no letters, so that folding leaves nothing of them.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Returns the pictures of a text, each with its place and as a word of its code points. Skin and the sign for colour make no difference.
pub(super) fn names(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    let clusters = text.grapheme_indices(true);
    let pictures = clusters.filter(|(_, cluster)| cluster.chars().next().is_some_and(is_picture));
    pictures.map(|(at, cluster)| (at..at + cluster.len(), name(cluster)))
}

fn name(cluster: &str) -> String {
    let told = cluster.chars().filter(|c| !matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}'));
    told.map(|c| format!("{:x}", u32::from(c))).collect::<Vec<_>>().join("z")
}

/// Returns a text of nothing but pictures as these; nothing where it holds anything else.
pub(in crate::query) fn only_pictures(text: &str) -> Vec<&str> {
    let clusters: Vec<&str> = text.graphemes(true).collect();
    let all = clusters.iter().all(|cluster| cluster.chars().next().is_some_and(is_picture));
    if all { clusters } else { Vec::new() }
}

fn is_picture(c: char) -> bool {
    matches!(c, '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23FA}' | '\u{2600}'..='\u{27BF}' | '\u{2B05}'..='\u{2B07}' | '\u{2B1B}' | '\u{2B1C}'
        | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..='\u{1F0FF}' | '\u{1F1E6}'..='\u{1F1FF}' | '\u{1F300}'..='\u{1FAFF}')
}
