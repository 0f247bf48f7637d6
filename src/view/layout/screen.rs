//! A row of the screen: pieces of text, in the order in which they are read, become what stands in its cells from left to right.

use std::borrow::Cow;

use unicode_bidi::{BidiClass, Level, bidi_class};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::model::columns::{columns_of, drawn};
use crate::model::screen_order::{Order, ScreenOrder};
use crate::model::text::is_direction_control;
use crate::view::layout::bidi::{Paragraph, Source, turns, with_names_apart};
use crate::view::layout::joining::join;

/// Takes no column, and keeps what stands on one side of it from being turned together with what stands on the other (LRM).
pub const FENCE: char = '\u{200E}';

/// Returns what stands in the cells of a row, from left to right, of parts that are read one after the other. Each is laid out by itself,
/// from left to right as a whole.
pub fn arranged<'t, S: Copy>(parts: &[(&'t str, S)], order: ScreenOrder) -> Vec<(Cow<'t, str>, S)> {
    let mut row: Vec<(Cow<'t, str>, S)> = Vec::new();
    let mut is_turned = false;
    for (text, look) in parts {
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
    if is_turned && order.order == Order::Words {
        turn_words(&mut row);
    }
    if is_turned && order.fences && order.order != Order::Terminal {
        fence(&mut row);
    }
    row
}

/// Returns one line as it is written to a terminal.
pub fn written(text: &str, order: ScreenOrder) -> String {
    arranged(&[(text, ())], order).into_iter().map(|(cell, ())| cell).collect()
}

/// The cells of a text in the order of the screen.
fn seen(text: &str) -> Vec<String> {
    let text = with_names_apart(text);
    let source = Source::of(&text);
    let paragraph = Paragraph::of(&source, Some(Level::ltr()));
    let glyphs = paragraph.line(0..text.len());
    glyphs.iter().flat_map(|glyph| cells(&glyph.text)).map(Cow::into_owned).collect()
}

/// The cells of a text in the order in which it is read, for a terminal that turns them. Each field is kept within its own cells.
fn read(text: &str, fences: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut fence_next = false;
    for grapheme in with_names_apart(text).graphemes(true) {
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

fn is_turned(cell: &str) -> bool {
    cell.chars().next().is_some_and(|c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL))
}

/// Puts the letters of each word back into the order in which they are read, where the terminal turns them.
fn turn_words<S>(row: &mut [(Cow<'_, str>, S)]) {
    let mut from = 0;
    while from < row.len() {
        let run = row.iter().skip(from).take_while(|(cell, _)| is_turned(cell)).count();
        // The looks stay where they are: cells are coloured, not letters.
        for k in 0..run / 2 {
            let (left, right) = row.split_at_mut(from + run - 1 - k);
            if let (Some((left, _)), Some((right, _))) = (left.get_mut(from + k), right.first_mut()) {
                std::mem::swap(left, right);
            }
        }
        from += run.max(1);
    }
}

/// Puts a fence behind each run of right-to-left letters and before the first, so that nothing changes places across them.
fn fence<S>(row: &mut [(Cow<'_, str>, S)]) {
    let kind = |cell: &str| {
        let class = cell.chars().next().map(bidi_class);
        class.filter(|class| matches!(class, BidiClass::R | BidiClass::AL | BidiClass::AN))
    };
    let kinds: Vec<Option<bool>> = row.iter().map(|(cell, _)| kind(cell).map(|class| class == BidiClass::AN)).collect();
    let mut is_first = true;
    for (at, (cell, _)) in row.iter_mut().enumerate() {
        let Some(now) = kinds.get(at).copied().flatten() else { continue };
        if std::mem::take(&mut is_first) {
            cell.to_mut().insert(0, FENCE);
        }
        if kinds.get(at + 1).copied().flatten() != Some(now) {
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
