//! The text that is written, row by row, with the cursor in it.

use std::ops::Range;

use ratatui::layout::{Position, Rect};

use crate::app::compose::{SPARE, Shape, Typed};
use crate::app::{Compose, Field, Hand, Hit};
use crate::model::text::places::{Row, rows};
use crate::theme::Role;
use crate::view::layout::{Marked, lay_out_marked, width, wrap};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// Returns how many rows a text fills.
pub(super) fn count(text: &str, columns: usize) -> usize {
    text.split('\n').map(|line| wrap(line, columns).len()).sum()
}

/// A row on the screen.
struct Shown<'t> {
    /// The line that it is of, and where that begins in the text.
    line: &'t str,
    start: usize,
    /// Which row of its line it is.
    n: usize,
}

/// Draws the text, scrolled by no more than keeps the cursor in sight; `top` is how many rows were scrolled away, and how many are now.
pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose, top: &mut usize) {
    if area.is_empty() {
        return;
    }
    let shape = Shape { columns: usize::from(area.width), as_is: brush.app.around.screen_order.as_is() };
    let typed = &compose.body.area;
    let mut all: Vec<Shown<'_>> = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in typed.text().split('\n') {
        let ranges = wrap(line, shape.columns);
        if (start..=start + line.len()).contains(&typed.cursor()) {
            let place = typed.cursor() - start;
            at = all.len() + ranges.iter().rposition(|range| range.start <= place).unwrap_or(0);
        }
        all.extend((0..ranges.len()).map(|n| Shown { line, start, n }));
        start += line.len() + 1;
    }
    let height = usize::from(area.height);
    // No more is scrolled away than keeps the cursor in sight, and nothing where all of it fits.
    *top = (*top).min(all.len().saturating_sub(height)).clamp((at + 1).saturating_sub(height), at);
    // The rows of a line are laid out together, however many of them are seen.
    let mut laid: Option<LaidLine> = None;
    for (n, shown) in all.iter().skip(*top).take(height).enumerate() {
        let line = match laid.take().filter(|laid| laid.start == shown.start) {
            Some(laid) => laid,
            None => LaidLine::of(shown, typed, shape),
        };
        if let (Some(row), Some(marked)) = (line.rows.get(shown.n), line.marked.get(shown.n)) {
            draw_row(brush, frame, paint::line(area, n), compose, shown, (row, marked));
        }
        laid = Some(line);
    }
    if let Some(last) = all.last() {
        let used = u16::try_from(all.len() - *top).unwrap_or(u16::MAX).min(area.height);
        let below = Rect { y: area.y + used, height: area.height - used, ..area };
        let end = last.start + rows(last.line, shape.columns, shape.as_is).last().map_or(0, |row| row.range.start);
        brush.hit(below, Hit::Text { row: end, left: area.x });
    }
}

/// The sign in front of the rows of a quoted line that follow the first, which bears it in its text.
fn sign(shown: &Shown<'_>) -> String {
    let signs: String = shown.line.chars().take_while(|c| *c == '>').take(usize::from(SPARE) - 2).collect();
    if shown.n == 0 || signs.is_empty() { String::new() } else { format!("{signs} ") }
}

/// A line of the text as it is drawn.
struct LaidLine {
    start: usize,
    rows: Vec<Row>,
    /// What is drawn in each of its rows; what is held is marked.
    marked: Vec<Marked>,
}

impl LaidLine {
    fn of(shown: &Shown<'_>, typed: &Typed, shape: Shape) -> Self {
        let held = typed.held().map(|held| within(&held, shown.start, shown.line.len()));
        let marks: Vec<Range<usize>> = held.into_iter().filter(|held| !held.is_empty()).collect();
        Self {
            start: shown.start,
            rows: rows(shown.line, shape.columns, shape.as_is),
            marked: lay_out_marked(shown.line, shape.columns, shape.as_is, &marks),
        }
    }
}

fn draw_row(
    brush: &Brush<'_>,
    frame: &mut Frame<'_>,
    place: Rect,
    compose: &Compose,
    shown: &Shown<'_>,
    (row, marked): (&Row, &Marked),
) {
    let typed = &compose.body.area;
    let is_quote = shown.line.starts_with('>');
    let style = brush.style(if is_quote { Role::Quote } else { Role::Text });
    let marked = &marked.pieces;
    let used: usize = marked.iter().map(|(piece, _)| width(piece)).sum();
    let sign = sign(shown);
    let gap = if row.is_right { usize::from(place.width).saturating_sub(used) } else { 0 };
    let wide = Rect { width: place.width + if is_quote { SPARE - 1 } else { 0 }, ..place };
    let (front, behind) = match row.is_right {
        true => (String::new(), sign.chars().rev().map(|c| if c == '>' { '<' } else { c }).collect()),
        false => (sign, String::new()),
    };
    let left = place.x + u16::try_from(width(&front)).unwrap_or(0);
    let rest = usize::from(wide.width).saturating_sub(width(&front) + gap + used + width(&behind));
    let mut pieces: Pieces = vec![(format!("{front}{}", " ".repeat(gap)), style)];
    let look = |mark: &Option<usize>| if mark.is_some() { style.reversed() } else { style };
    pieces.extend(marked.iter().map(|(piece, mark)| (piece.clone(), look(mark))));
    pieces.push((format!("{behind}{}", " ".repeat(rest)), style));
    paint::pieces(frame, wide, &pieces);
    brush.hit(Rect { width: place.width + SPARE, ..place }, Hit::Text { row: shown.start + row.range.start, left });
    let here = typed.cursor().checked_sub(shown.start).filter(|at| *at <= shown.line.len());
    let has_keys = compose.field == Field::Body && compose.hand == Hand::Typing;
    if let Some(at) = here.filter(|at| has_keys && row_of_place(row, *at)) {
        let x = isize::try_from(left).unwrap_or(0) + row.column(at).0;
        let x = u16::try_from(x.max(0)).unwrap_or(u16::MAX);
        let most = place.right() + SPARE - 1;
        frame.set_cursor_position(Position::new(x.clamp(place.x.saturating_sub(1), most), place.y));
    }
}

/// Tells whether the cursor at a place stands in a row.
fn row_of_place(row: &Row, at: usize) -> bool {
    row.range.contains(&at) || (row.is_last && at == row.range.end)
}

/// Returns what of a stretch of the text is in one line of it, in bytes of the line.
fn within(stretch: &Range<usize>, start: usize, len: usize) -> Range<usize> {
    let fit = |place: usize| place.saturating_sub(start).min(len);
    fit(stretch.start)..fit(stretch.end)
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
