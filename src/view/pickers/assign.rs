//! A row of the sheet that asks who is to have a conversation: who it is, how much they have, what they have to do with it, when they were
//! last heard of. Where there is no room the name gives way, then what they have to do with it, then when they were heard of.

use crate::app::{Choice, Picker};
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::Brush;
use crate::view::layout::{cut, field, fit, width};
use crate::view::paint::Pieces;

/// The columns of a name where all else has room.
const NAME: usize = 24;
/// A name gives way down to so many columns, and then wholly.
const NAME_MIN: usize = 6;
/// The facts in the order in which they give way: what they have to do with it, when they were last heard of. How much they have stays.
const YIELD: [usize; 2] = [1, 2];

/// Returns the pieces of one row of so many columns, of which the first so many are the label's.
pub(super) fn line(
    brush: &Brush<'_>,
    picker: &Picker,
    choice: &Choice,
    is_chosen: bool,
    (labels, columns): (usize, usize),
) -> Pieces {
    let quiet = |role: Role| brush.style(if choice.quiet { Role::Dim } else { role });
    let label = SafeText::line(&choice.label);
    let label = fit(label.as_str(), labels);
    let mut pieces: Pieces = vec![(format!("  {label}"), quiet(if is_chosen { Role::Strong } else { Role::Text }))];
    let room = columns.saturating_sub(labels + 3);
    let detail = SafeText::line(&choice.detail);
    if choice.facts.is_empty() {
        pieces.push((format!("  {}", cut(detail.as_str(), room.saturating_sub(2))), quiet(Role::Hint)));
        return pieces;
    }
    let (name, facts) = places(picker, room);
    if name > 0 {
        let name = fit(&field(&cut(detail.as_str(), name)), name);
        pieces.push((format!("  {name}"), quiet(Role::Hint)));
    }
    for (fact, wide) in choice.facts.iter().zip(facts).filter(|(_, wide)| *wide > 0) {
        pieces.push((format!("  {}", fit(&cut(fact, wide), wide)), quiet(Role::Hint)));
    }
    pieces
}

/// Returns the columns of the name and of each fact, the same in all rows; 0 of what has no room.
fn places(picker: &Picker, room: usize) -> (usize, Vec<usize>) {
    let count = picker.choices.iter().map(|choice| choice.facts.len()).max().unwrap_or(0);
    let widest = |n: usize| {
        let all = picker.choices.iter().filter_map(|choice| choice.facts.get(n));
        all.map(|fact| width(fact)).max().unwrap_or(0)
    };
    let mut facts: Vec<usize> = (0..count).map(widest).collect();
    let with_facts = picker.choices.iter().filter(|choice| !choice.facts.is_empty());
    let longest = with_facts.map(|choice| width(&choice.detail)).max().unwrap_or(0).min(NAME);
    let taken = |facts: &[usize]| facts.iter().filter(|wide| **wide > 0).map(|wide| wide + 2).sum::<usize>();
    let left = |facts: &[usize]| room.saturating_sub(taken(facts) + 2).min(longest);
    for n in YIELD {
        // What they have to do with it is worth more than a name that is cut to nothing, and costs a short one.
        let is_tight = taken(&facts) > room || left(&facts) < NAME_MIN.min(longest);
        if let Some(fact) = facts.get_mut(n).filter(|_| is_tight) {
            *fact = 0;
        }
    }
    let name = left(&facts);
    (if name < NAME_MIN.min(longest) { 0 } else { name }, facts)
}
