//! A row of the screen: pieces of text, in the order in which they are read, become what stands in its cells from left to right.

use std::borrow::Cow;

use unicode_bidi::{BidiClass, Level, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::columns::{columns_of, drawn};
use crate::model::screen_order::{Order, ScreenOrder};
use crate::model::text::is_direction_control;
use crate::model::text::order::{Paragraph, Source, mirrored, turns};
use crate::view::layout::joining::join;

/// Takes no column, and keeps what stands on one side of it from being turned together with what stands on the other (LRM).
pub const FENCE: char = '\u{200E}';

/// The terminal turns words, whatever stands between them.
const BY_WORDS: ScreenOrder = ScreenOrder { order: Order::Words, fences: false, joins: false };

/// Returns what stands in the cells of a row, from left to right, of parts that are read one after the other. Each is laid out by itself,
/// from left to right as a whole.
pub fn arranged<'t, S: Copy>(parts: &[(&'t str, S)], order: ScreenOrder) -> Vec<(Cow<'t, str>, S)> {
    let mut row: Vec<(Cow<'t, str>, S)> = Vec::new();
    let mut is_turned = false;
    for (text, look) in parts {
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
        (Order::Words, false) => turn_words(&mut row),
        (Order::Words, true) => {
            turn_runs(&mut row);
            fence(&mut row);
        }
        (Order::Ours, true) => fence(&mut row),
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
    /// A letter from left to right.
    Left,
    /// What belongs to no script.
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
        BidiClass::L => Kind::Left,
        _ => Kind::Common,
    }
}

/// Tells whether it is a digit of Persian or Urdu: in order they are as those of Latin, to a terminal they are Arabic letters.
fn is_eastern_digit(c: char) -> bool {
    ('\u{6F0}'..='\u{6F9}').contains(&c)
}

/// Puts each run of right-to-left letters back into the order in which it is read, where the terminal turns those between fences.
fn turn_runs<S>(row: &mut [(Cow<'_, str>, S)]) {
    let mut rest = row;
    while !rest.is_empty() {
        let run = rest.iter().take_while(|(cell, _)| kind(cell) == Kind::Right).count();
        let (now, behind) = rest.split_at_mut(run.max(1));
        turn(now);
        rest = behind;
    }
}

/// Puts each word back into the order in which it is read, where the terminal turns a whole word that begins with such a letter. In one that
/// would begin with a Latin letter it turns nothing, so there each script has its letters as they are seen.
fn turn_words<S>(row: &mut [(Cow<'_, str>, S)]) {
    let mut rest = row;
    while !rest.is_empty() {
        let word = rest.iter().take_while(|(cell, _)| kind(cell) != Kind::Blank).count();
        let (now, behind) = rest.split_at_mut(word.max(1));
        rest = behind;
        let kinds: Vec<Kind> = now.iter().map(|(cell, _)| kind(cell)).filter(|kind| *kind != Kind::Common).collect();
        match (kinds.first(), kinds.last()) {
            (_, Some(Kind::Right | Kind::Digit)) => {
                turn(now);
                // Its brackets are turned by the terminal too.
                now.iter_mut().for_each(|(cell, _)| *cell = Cow::Owned(mirrored(cell).into_owned()));
            }
            (Some(Kind::Right | Kind::Digit), Some(Kind::Left)) => {
                turn(now);
                turn_scripts(now);
            }
            _ => {}
        }
    }
}

/// Turns the letters of each script within a word that was turned: the terminal leaves this word as it is.
fn turn_scripts<S>(word: &mut [(Cow<'_, str>, S)]) {
    let mut rest = word;
    while let Some((first, _)) = rest.first() {
        let is_left = |cell: &str| kind(cell) == Kind::Left;
        let begins = is_left(first);
        let run = rest.iter().take_while(|(cell, _)| is_left(cell) == begins).count();
        let (now, behind) = rest.split_at_mut(run);
        turn(now);
        rest = behind;
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
fn fence<S>(row: &mut [(Cow<'_, str>, S)]) {
    let kinds: Vec<Kind> = row.iter().map(|(cell, _)| kind(cell)).collect();
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
