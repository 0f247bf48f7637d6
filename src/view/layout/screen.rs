//! A row of the screen: pieces of text, in the order in which they are read, become what stands in its cells from left to right.

use std::borrow::Cow;

use ratatui::style::{Modifier, Style};
use unicode_bidi::{BidiClass, Level, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::columns::{columns_of, drawn};
use crate::model::screen_order::{Order, ScreenOrder};
use crate::model::text::is_direction_control;
use crate::model::text::order::{Paragraph, Source, turns};
use crate::view::layout::joining::join;

/// Takes no column, and keeps what stands on one side of it from being turned together with what stands on the other (LRM).
pub const FENCE: char = '\u{200E}';

/// The terminal turns words, whatever stands between them.
const BY_WORDS: ScreenOrder = ScreenOrder { order: Order::Words, fences: false, joins: false };

/// How a cell looks.
pub trait Look: Copy {
    /// Returns the look that a terminal draws with another face of its font, as like the first as can be.
    #[must_use]
    fn in_other_face(self) -> Self;
}

impl Look for () {
    fn in_other_face(self) -> Self {}
}

impl Look for Style {
    fn in_other_face(self) -> Self {
        if self.add_modifier.contains(Modifier::ITALIC) {
            self.remove_modifier(Modifier::ITALIC)
        } else {
            self.add_modifier(Modifier::ITALIC)
        }
    }
}

/// Returns what stands in the cells of a row, from left to right, of parts that are read one after the other. Each is laid out by itself,
/// from left to right as a whole.
pub fn arranged<'t, S: Look>(parts: &[(&'t str, S)], order: ScreenOrder) -> Vec<(Cow<'t, str>, S)> {
    let mut row: Vec<(Cow<'t, str>, S)> = Vec::with_capacity(parts.iter().map(|(text, _)| text.len()).sum());
    let mut is_turned = false;
    for (text, look) in parts {
        if is_plain(text) {
            // Most of a screen is this: a cell each, in their order.
            row.extend((0..text.len()).filter_map(|at| text.get(at..=at)).map(|cell| (Cow::Borrowed(cell), *look)));
            continue;
        }
        is_turned |= order == BY_WORDS && text.chars().any(is_eastern_digit);
        if !turns(text) {
            row.extend(cells(text).into_iter().map(|cell| (cell, *look)));
            continue;
        }
        is_turned = true;
        let owned = match order.order {
            Order::Terminal => read(text, order.fences),
            Order::Ours | Order::Words => seen(text),
        };
        row.extend(owned.into_iter().map(|cell| (Cow::Owned(cell), *look)));
    }
    if is_turned && order.joins && order.order == Order::Ours {
        join(&mut row);
    }
    match (order.order, order.fences) {
        _ if !is_turned => {}
        (Order::Words, false) => {
            let kinds = kinds(&row);
            turn_runs(&mut row, &kinds, |kind| matches!(kind, Kind::Right | Kind::Digit));
            part(&mut row, &kinds);
        }
        (Order::Words, true) => {
            let kinds = phrases(kinds(&row));
            turn_runs(&mut row, &kinds, |kind| kind == Kind::Right);
            fence(&mut row, &kinds);
        }
        (Order::Ours, true) => {
            let kinds = phrases(kinds(&row));
            fence(&mut row, &kinds);
        }
        _ => {}
    }
    row
}

/// Returns one line as it is written to a terminal.
pub fn written(text: &str, order: ScreenOrder) -> String {
    arranged(&[(text, ())], order).into_iter().map(|(cell, ())| cell).collect()
}

/// The cells of a text in the order of the screen.
fn seen(text: &str) -> Vec<String> {
    let source = Source::said(text);
    let glyphs = Paragraph::of(&source, Some(Level::ltr())).line(0..text.len());
    glyphs.iter().flat_map(|glyph| cells(&glyph.text)).map(Cow::into_owned).collect()
}

/// The cells of a text in the order in which it is read, for a terminal that turns them. Each field is kept within its own cells.
fn read(text: &str, fences: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fence_next = false;
    for grapheme in Source::said(text).text().graphemes(true) {
        if !grapheme.chars().all(is_direction_control) {
            let first = std::mem::take(&mut fence_next);
            out.extend(cells(grapheme).into_iter().map(Cow::into_owned));
            if let Some(cell) = out.last_mut().filter(|_| first) {
                cell.insert(0, FENCE);
            }
        } else if fences {
            match out.last_mut() {
                Some(cell) if !cell.ends_with(FENCE) => cell.push(FENCE),
                Some(_) => {}
                None => fence_next = true,
            }
        }
    }
    out
}

/// What a terminal that turns words takes a cell for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A letter from right to left.
    Right,
    /// A digit of Arabic, which some turn with the letters.
    Digit,
    /// A letter or digit from left to right.
    Left,
    /// A sign, which belongs to no script.
    Common,
    Blank,
}

fn kind(cell: &str) -> Kind {
    let Some(c) = cell.chars().next() else { return Kind::Blank };
    match bidi_class(c) {
        _ if c == ' ' => Kind::Blank,
        BidiClass::R | BidiClass::AL => Kind::Right,
        BidiClass::AN => Kind::Digit,
        _ if is_eastern_digit(c) => Kind::Digit,
        BidiClass::L | BidiClass::EN => Kind::Left,
        _ => Kind::Common,
    }
}

/// Tells whether it is a digit of Persian or Urdu: in order they are as those of Latin, to a terminal they are Arabic letters.
fn is_eastern_digit(c: char) -> bool {
    ('\u{6F0}'..='\u{6F9}').contains(&c)
}

fn kinds<S>(row: &[(Cow<'_, str>, S)]) -> Vec<Kind> {
    row.iter().map(|(cell, _)| kind(cell)).collect()
}

/// Takes the blanks between words that run from right to left for letters of them: the terminal turns such a phrase as a whole. mlterm 3.9
/// cuts as many columns off the end of a row as fences stand in it, so that the fewest are the best.
fn phrases(mut kinds: Vec<Kind>) -> Vec<Kind> {
    let mut word_end = None;
    for at in 0..kinds.len() {
        match kinds.get(at) {
            Some(Kind::Right) => {
                if let Some(end) = word_end
                    && let Some(blanks) = kinds.get_mut(end..at)
                {
                    blanks.fill(Kind::Right);
                }
                word_end = Some(at + 1);
            }
            Some(Kind::Blank) => {}
            _ => word_end = None,
        }
    }
    kinds
}

/// Puts each run of right-to-left letters back into the order in which it is read, for a terminal that turns it.
fn turn_runs<S>(row: &mut [(Cow<'_, str>, S)], kinds: &[Kind], is_turned: impl Fn(Kind) -> bool) {
    let (mut rest, mut kinds) = (row, kinds);
    while !rest.is_empty() {
        let run = kinds.iter().take_while(|kind| is_turned(**kind)).count().max(1);
        let (now, behind) = rest.split_at_mut(run);
        turn(now);
        (rest, kinds) = (behind, kinds.get(run..).unwrap_or_default());
    }
}

/// Keeps what touches a run of right-to-left letters from being turned with it. kitty gives HarfBuzz the cells of one face of one font between
/// blanks together, and all of them run as the first letter among them does. A sign there takes the other face; a letter or digit of Latin with
/// those that follow it, so that a number or a word looks alike throughout.
fn part<S: Look>(row: &mut [(Cow<'_, str>, S)], kinds: &[Kind]) {
    let is_turned = |at: usize| matches!(kinds.get(at), Some(Kind::Right | Kind::Digit));
    let mut at = 0;
    while let Some(now) = kinds.get(at).copied() {
        let is_one = |other: &&Kind| **other == now && now == Kind::Left;
        let end = at + kinds.iter().skip(at).take_while(is_one).count().max(1);
        let touches = is_turned(end) || at.checked_sub(1).is_some_and(is_turned);
        if touches && matches!(now, Kind::Left | Kind::Common) {
            for (_, look) in row.iter_mut().take(end).skip(at) {
                *look = look.in_other_face();
            }
        }
        at = end;
    }
}

/// Turns cells round. The looks stay where they are: places are coloured, not letters.
fn turn<S>(cells: &mut [(Cow<'_, str>, S)]) {
    let half = cells.len() / 2;
    let (left, right) = cells.split_at_mut(half);
    for ((left, _), (right, _)) in left.iter_mut().zip(right.iter_mut().rev()) {
        std::mem::swap(left, right);
    }
}

/// Puts a fence behind each run of right-to-left letters and before the first, so that nothing changes places across them.
fn fence<S>(row: &mut [(Cow<'_, str>, S)], kinds: &[Kind]) {
    let mut is_first = true;
    for (at, (cell, _)) in row.iter_mut().enumerate() {
        let Some(now) = kinds.get(at).copied().filter(|kind| matches!(kind, Kind::Right | Kind::Digit)) else {
            continue;
        };
        if std::mem::take(&mut is_first) {
            cell.to_mut().insert(0, FENCE);
        }
        if kinds.get(at + 1) != Some(&now) {
            cell.to_mut().push(FENCE);
        }
    }
}

/// Splits text into what is drawn at one place. Terminals give each letter of Thai (`สำ`) or Devanagari a cell of its own though Unicode
/// makes one grapheme of them; kept together, the second cell would never be erased.
fn cells(text: &str) -> Vec<Cow<'_, str>> {
    if is_plain(text) {
        return text.char_indices().filter_map(|(at, _)| text.get(at..=at)).map(Cow::Borrowed).collect();
    }
    let mut out = Vec::new();
    for grapheme in text.graphemes(true) {
        let shown = drawn(grapheme);
        let is_one = columns_of(grapheme) < 2 || shown.chars().any(|c| columns_of(c.encode_utf8(&mut [0; 4])) > 1);
        match shown {
            Cow::Borrowed(one) if !is_one && !one.contains('\u{FE0F}') => split(one, &mut out),
            one => out.push(one),
        }
    }
    out
}

/// Tells whether each byte of a text is a letter with a column of its own. That is so of nearly all that is drawn, and needs no table.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Parts a grapheme where a letter in it has a column of its own.
fn split<'t>(grapheme: &'t str, out: &mut Vec<Cow<'t, str>>) {
    let mut start = 0;
    for (at, c) in grapheme.char_indices().skip(1) {
        if columns_of(c.encode_utf8(&mut [0; 4])) == 1 {
            out.extend(grapheme.get(start..at).map(Cow::Borrowed));
            start = at;
        }
    }
    out.extend(grapheme.get(start..).map(Cow::Borrowed));
}
