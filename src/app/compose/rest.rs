//! What stands below an author's own words: the signature and what is quoted. While writing it is folded into one line.

use crate::model::reply::FORWARDED;

/// What is folded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// Whether a signature is among it.
    pub signature: bool,
    /// How many lines of somebody else's words.
    pub quoted: usize,
    /// Whether they are a mail that is forwarded.
    pub forwarded: bool,
}

impl Folded {
    /// Returns what stands in such a text; `attribution` is the line above a quote.
    pub fn of(rest: &str) -> Self {
        let mut found = Self::default();
        for line in rest.lines() {
            if line.trim_end() == FORWARDED {
                found.forwarded = true;
            } else if !found.forwarded && is_signature(line) {
                found.signature = true;
            } else if line.starts_with('>') || found.forwarded {
                found.quoted += usize::from(!line.trim().is_empty());
            }
        }
        found
    }

    /// Returns it in words: `signature, 3 quoted lines`.
    pub fn words(self) -> String {
        let signature = self.signature.then(|| say!("rest-signature"));
        let quoted = (self.quoted > 0).then(|| match self.forwarded {
            true => say!("rest-forwarded", count = self.quoted),
            false => say!("rest-quoted", count = self.quoted),
        });
        signature.into_iter().chain(quoted).collect::<Vec<_>>().join(", ")
    }
}

fn is_signature(line: &str) -> bool {
    line == "-- "
}

/// Returns where what stands below the author's own words begins, with the empty lines above it; the end of the text where there is nothing.
pub fn rest_at(text: &str, attribution: &str) -> usize {
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line.trim_end_matches('\n')));
        at += line.len();
    }
    let forwarded = lines.iter().position(|(_, line)| line.trim_end() == FORWARDED);
    let mut from = forwarded.unwrap_or(lines.len());
    if let Some(signature) = lines.iter().take(from).rposition(|(_, line)| is_signature(line)) {
        from = signature;
    }
    let is_theirs = |line: &str| line.starts_with('>') || (!attribution.is_empty() && line.trim_end() == attribution);
    while let Some((_, line)) = from.checked_sub(1).and_then(|above| lines.get(above)) {
        if !line.trim().is_empty() && !is_theirs(line) {
            break;
        }
        from -= 1;
    }
    let Some((at, _)) = lines.get(from) else { return text.len() };
    // Empty lines alone are the author's own.
    if lines.iter().skip(from).all(|(_, line)| line.trim().is_empty()) {
        return text.len();
    }
    at.saturating_sub(usize::from(*at > 0))
}

#[cfg(test)]
#[path = "rest_tests.rs"]
mod tests;
