//! What the team shares as saved replies: who shared a text and when, and how two texts of one name differ. Whoever can write the log can
//! write what everybody sends, so a change is read before it is used.

use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices};

use crate::model::clock::Timestamp;
use crate::model::ids::Handle;
use crate::model::message::Link;
use crate::model::text::{SafeText, is_drawable};

/// Lines around a change that are shown with it.
const AROUND: usize = 2;
/// Longer stretches of other lines, old and new together, are shown as all old and all new: to compare them line by line takes time that
/// grows with the square.
const COMPARED_MAX: usize = 4_000;

/// Who shared a text, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sharing {
    /// The author, as the log says; on plain IMAP anybody who can write the log can claim it.
    pub who: Handle,
    /// When, by the author's clock.
    pub at: Timestamp,
}

/// A saved reply as the team shares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedReply {
    /// Its name on the log.
    pub name: String,
    /// The whole text, header included.
    pub text: String,
    /// Who shared it last.
    pub by: Sharing,
}

/// A line of a difference, fit to be shown. What no terminal draws stands as its number, `<U+202E>`, so that nothing in it is hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffLine {
    /// It stands in both texts.
    Same(SafeText),
    /// It stands in the old text alone.
    Old(SafeText),
    /// It stands in the new text alone.
    New(SafeText),
    /// So many lines that stand in both are left out.
    Skipped(usize),
}

/// How a text differs from what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The web addresses of the new text that the old one does not have, each with what is strange about it.
    pub links: Vec<Link>,
    /// The lines that are other, with a few around them.
    pub lines: Vec<DiffLine>,
}

/// Tells whether two texts are the same but for the ends of their lines, which make no other mail.
pub fn is_same(old: &str, new: &str) -> bool {
    old == new || old.lines().eq(new.lines())
}

/// Compares two texts line by line.
pub fn compare(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let before = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let rest = |lines: &[&str]| lines.len().saturating_sub(before);
    let pairs = old.iter().rev().take(rest(&old)).zip(new.iter().rev().take(rest(&new)));
    let after = pairs.take_while(|(old, new)| old == new).count();
    let middle = |lines: &[&str]| before..lines.len().saturating_sub(after);
    let (was, is) = (old.get(middle(&old)).unwrap_or_default(), new.get(middle(&new)).unwrap_or_default());
    let same = |lines: &[&str]| lines.iter().map(|line| DiffLine::Same(revealed(line))).collect::<Vec<_>>();
    let mut lines = same(old.get(..before).unwrap_or_default());
    lines.extend(changes(was, is));
    lines.extend(same(old.get(old.len().saturating_sub(after)..).unwrap_or_default()));
    shortened(lines)
}

/// Returns every line of two texts in their order.
fn changes(old: &[&str], new: &[&str]) -> Vec<DiffLine> {
    let whole = DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() };
    let ops = match old.len().saturating_add(new.len()) {
        0..=COMPARED_MAX => capture_diff_slices(Algorithm::Myers, old, new),
        _ => vec![whole],
    };
    let changes = ops.iter().flat_map(|op| op.iter_changes(old, new));
    let line = |change: similar::Change<&str>| {
        let text = revealed(change.value());
        match change.tag() {
            ChangeTag::Equal => DiffLine::Same(text),
            ChangeTag::Delete => DiffLine::Old(text),
            ChangeTag::Insert => DiffLine::New(text),
        }
    };
    changes.map(line).collect()
}

/// Leaves out lines that stand in both texts and far from a change.
fn shortened(lines: Vec<DiffLine>) -> Vec<DiffLine> {
    let is_same = |line: &DiffLine| matches!(line, DiffLine::Same(_));
    let mut out: Vec<DiffLine> = Vec::with_capacity(lines.len());
    let mut same: Vec<DiffLine> = Vec::new();
    let put = |same: &mut Vec<DiffLine>, out: &mut Vec<DiffLine>, is_last: bool| {
        let first = if out.is_empty() { 0 } else { AROUND };
        let last = if is_last { 0 } else { AROUND };
        let left_out = same.len().saturating_sub(first + last);
        let behind = first + left_out;
        for (n, line) in same.drain(..).enumerate() {
            // In the place of one line the words that it is left out would be no shorter.
            if left_out < 2 || n < first || n >= behind {
                out.push(line);
            } else if n == first {
                out.push(DiffLine::Skipped(left_out));
            }
        }
    };
    for line in lines {
        if is_same(&line) {
            same.push(line);
        } else {
            put(&mut same, &mut out, false);
            out.push(line);
        }
    }
    put(&mut same, &mut out, true);
    out
}

/// Makes a line fit to be shown with everything that stands in it.
fn revealed(line: &str) -> SafeText {
    let mut out = String::with_capacity(line.len());
    for c in line.chars() {
        if c == '\t' || is_drawable(c) {
            out.push(c);
        } else {
            out.push_str(&format!("<U+{:04X}>", u32::from(c)));
        }
    }
    SafeText::lines(&out).into_iter().next().unwrap_or_default()
}

#[cfg(test)]
#[path = "shared_reply_tests.rs"]
mod tests;
