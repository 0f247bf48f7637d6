//! Arabic letters as they stand in a word, for terminals that put each letter of a font into its cell as it is: the forms that Unicode has
//! for that (U+FB50…, U+FE70…), one for each letter, so that no column is gained or lost. Lam and alef stay two.

use std::borrow::Cow;

use icu_properties::CodePointMapData;
use icu_properties::props::JoiningType;

/// Letters with the first of their forms and how many there are: alone, at the end, at the beginning, in the middle. Those with two join
/// nothing behind them.
const FORMS: &[(char, u32, u32)] = &[
    ('\u{621}', 0xFE80, 1),
    ('\u{622}', 0xFE81, 2),
    ('\u{623}', 0xFE83, 2),
    ('\u{624}', 0xFE85, 2),
    ('\u{625}', 0xFE87, 2),
    ('\u{626}', 0xFE89, 4),
    ('\u{627}', 0xFE8D, 2),
    ('\u{628}', 0xFE8F, 4),
    ('\u{629}', 0xFE93, 2),
    ('\u{62A}', 0xFE95, 4),
    ('\u{62B}', 0xFE99, 4),
    ('\u{62C}', 0xFE9D, 4),
    ('\u{62D}', 0xFEA1, 4),
    ('\u{62E}', 0xFEA5, 4),
    ('\u{62F}', 0xFEA9, 2),
    ('\u{630}', 0xFEAB, 2),
    ('\u{631}', 0xFEAD, 2),
    ('\u{632}', 0xFEAF, 2),
    ('\u{633}', 0xFEB1, 4),
    ('\u{634}', 0xFEB5, 4),
    ('\u{635}', 0xFEB9, 4),
    ('\u{636}', 0xFEBD, 4),
    ('\u{637}', 0xFEC1, 4),
    ('\u{638}', 0xFEC5, 4),
    ('\u{639}', 0xFEC9, 4),
    ('\u{63A}', 0xFECD, 4),
    ('\u{641}', 0xFED1, 4),
    ('\u{642}', 0xFED5, 4),
    ('\u{643}', 0xFED9, 4),
    ('\u{644}', 0xFEDD, 4),
    ('\u{645}', 0xFEE1, 4),
    ('\u{646}', 0xFEE5, 4),
    ('\u{647}', 0xFEE9, 4),
    ('\u{648}', 0xFEED, 2),
    ('\u{649}', 0xFEEF, 2),
    ('\u{64A}', 0xFEF1, 4),
    ('\u{671}', 0xFB50, 2),
    ('\u{679}', 0xFB66, 4),
    ('\u{67A}', 0xFB5E, 4),
    ('\u{67B}', 0xFB52, 4),
    ('\u{67E}', 0xFB56, 4),
    ('\u{67F}', 0xFB62, 4),
    ('\u{680}', 0xFB5A, 4),
    ('\u{683}', 0xFB76, 4),
    ('\u{684}', 0xFB72, 4),
    ('\u{686}', 0xFB7A, 4),
    ('\u{687}', 0xFB7E, 4),
    ('\u{688}', 0xFB88, 2),
    ('\u{68C}', 0xFB84, 2),
    ('\u{68D}', 0xFB82, 2),
    ('\u{68E}', 0xFB86, 2),
    ('\u{691}', 0xFB8C, 2),
    ('\u{698}', 0xFB8A, 2),
    ('\u{6A4}', 0xFB6A, 4),
    ('\u{6A6}', 0xFB6E, 4),
    ('\u{6A9}', 0xFB8E, 4),
    ('\u{6AD}', 0xFBD3, 4),
    ('\u{6AF}', 0xFB92, 4),
    ('\u{6B1}', 0xFB9A, 4),
    ('\u{6B3}', 0xFB96, 4),
    ('\u{6BA}', 0xFB9E, 2),
    ('\u{6BB}', 0xFBA0, 4),
    ('\u{6BE}', 0xFBAA, 4),
    ('\u{6C0}', 0xFBA4, 2),
    ('\u{6C1}', 0xFBA6, 4),
    ('\u{6C5}', 0xFBE0, 2),
    ('\u{6C6}', 0xFBD9, 2),
    ('\u{6C7}', 0xFBD7, 2),
    ('\u{6C8}', 0xFBDB, 2),
    ('\u{6C9}', 0xFBE2, 2),
    ('\u{6CB}', 0xFBDE, 2),
    ('\u{6CC}', 0xFBFC, 4),
    ('\u{6D0}', 0xFBE4, 4),
    ('\u{6D2}', 0xFBAE, 2),
    ('\u{6D3}', 0xFBB0, 2),
];

/// Keeps two letters apart (ZWNJ).
const APART: char = '\u{200C}';
/// Has a letter join as if another stood there (ZWJ).
const JOINED: char = '\u{200D}';

/// How a cell joins: to the letter that is read before it, and to the one behind it.
#[derive(Clone, Copy, Default)]
struct Joins {
    before: bool,
    behind: bool,
}

fn joins(cell: &str) -> Joins {
    let kinds = CodePointMapData::<JoiningType>::new();
    let Some(letter) = cell.chars().next() else { return Joins::default() };
    let kind = kinds.get(letter);
    let is_open = matches!(kind, JoiningType::DualJoining | JoiningType::JoinCausing);
    let mut joins = Joins {
        before: is_open || kind == JoiningType::RightJoining,
        behind: is_open || kind == JoiningType::LeftJoining,
    };
    // What stands behind the letter and its marks is the last word.
    for mark in cell.chars().skip(1) {
        match mark {
            APART => joins.behind = false,
            JOINED => joins.behind = true,
            _ => {}
        }
    }
    joins
}

/// Gives the Arabic letters of a row, which stand as they are seen, the forms that they have in their words.
pub(super) fn join<S>(row: &mut [(Cow<'_, str>, S)]) {
    let known: Vec<Joins> = row.iter().map(|(cell, _)| joins(cell)).collect();
    let joins_at = |at: Option<usize>| at.and_then(|at| known.get(at)).copied().unwrap_or_default();
    for (at, (cell, _)) in row.iter_mut().enumerate() {
        let Some(letter) = cell.chars().next().filter(|c| ('\u{600}'..='\u{6FF}').contains(c)) else { continue };
        // What is read before a letter stands at its right.
        let own = joins_at(Some(at));
        let to_before = own.before && joins_at(at.checked_add(1)).behind;
        let to_behind = own.behind && (joins_at(at.checked_sub(1)).before || cell.contains(JOINED));
        let form = form(letter, to_before, to_behind).unwrap_or(letter);
        let marks = cell.chars().skip(1).filter(|c| !matches!(*c, APART | JOINED));
        let shown: String = std::iter::once(form).chain(marks).collect();
        if *shown != **cell {
            *cell = Cow::Owned(shown);
        }
    }
}

/// Returns the form of a letter that joins so; `None` where Unicode has none.
fn form(letter: char, to_before: bool, to_behind: bool) -> Option<char> {
    let place = match (to_before, to_behind) {
        (false, false) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (true, true) => 3,
    };
    // Alef maksura has its other two elsewhere.
    if let ('\u{649}', 2..) = (letter, place) {
        return char::from_u32(0xFBE8 + place - 2);
    }
    let at = FORMS.binary_search_by_key(&letter, |(letter, ..)| *letter).ok()?;
    let (_, first, count) = FORMS.get(at)?;
    (place < *count).then(|| char::from_u32(first + place)).flatten()
}

#[cfg(test)]
#[path = "joining_tests.rs"]
mod tests;
