//! The few strokes that everything is drawn with, and the only way to draw anything.
//!
//! They take text in the order in which it is read, and put it in the order of the screen by themselves. Each piece is a field: it is laid
//! out as a paragraph of its own, so that nothing in it reaches into another.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};

use crate::model::screen_order::ScreenOrder;
use crate::view::layout::{arranged, cut, is_plain, width};

/// Pieces of one line, each with its look.
pub(crate) type Pieces = Vec<(String, Style)>;

/// What is drawn on. Its cells are out of reach but for the strokes below, so that no text is drawn that was not laid out.
pub(crate) struct Frame<'a> {
    buffer: &'a mut Buffer,
    order: ScreenOrder,
    cursor: Option<Position>,
}

impl<'a> Frame<'a> {
    /// Takes cells to draw on, for a terminal that orders text in some way.
    pub(crate) fn on(buffer: &'a mut Buffer, order: ScreenOrder) -> Self {
        Self { buffer, order, cursor: None }
    }

    /// Returns the place of all of it.
    pub(crate) fn area(&self) -> Rect {
        self.buffer.area
    }

    /// Shows the cursor at a place.
    pub(crate) fn set_cursor_position(&mut self, at: impl Into<Position>) {
        self.cursor = Some(at.into());
    }

    /// Returns where the cursor is to be shown.
    pub(crate) fn cursor(&self) -> Option<Position> {
        self.cursor
    }
}

/// Writes `text` on the first line of `area`, cut to fit.
pub(crate) fn text(frame: &mut Frame<'_>, area: Rect, text: &str, style: Style) {
    pieces(frame, area, &[(text.to_owned(), style)]);
}

/// Writes pieces one after the other on the first line of `area`, cut to fit.
pub(crate) fn pieces(frame: &mut Frame<'_>, area: Rect, pieces: &[(String, Style)]) {
    let area = area.intersection(frame.area());
    if area.is_empty() {
        return;
    }
    let mut room = usize::from(area.width);
    let mut parts: Vec<(Cow<'_, str>, Style)> = Vec::with_capacity(pieces.len());
    for (text, style) in pieces {
        if room == 0 {
            break;
        }
        let text = if width(text) <= room { Cow::Borrowed(text.as_str()) } else { Cow::Owned(cut(text, room)) };
        room = room.saturating_sub(width(&text));
        parts.push((text, *style));
    }
    let mut x = area.x;
    if parts.iter().all(|(text, _)| is_plain(text)) {
        for (text, style) in &parts {
            x = put_plain(frame.buffer, Position { x, y: area.y }, text, *style);
        }
        return;
    }
    let parts: Vec<(&str, Style)> = parts.iter().map(|(text, style)| (text.as_ref(), *style)).collect();
    for (cell, style) in arranged(&parts, frame.order) {
        x = put(frame.buffer, Rect { x, width: area.right().saturating_sub(x), ..area }, &cell, style);
    }
}

/// Puts letters each into its cell that all have one of their own, and returns the column behind the last. They fit.
fn put_plain(buffer: &mut Buffer, Position { mut x, y }: Position, text: &str, style: Style) -> u16 {
    for letter in text.chars() {
        if let Some(cell) = buffer.cell_mut(Position::new(x, y)) {
            cell.set_char(letter).set_style(style);
        }
        x = x.saturating_add(1);
    }
    x
}

/// Puts what stands at one place into its cell, and returns the column behind it.
fn put(buffer: &mut Buffer, area: Rect, text: &str, style: Style) -> u16 {
    let wide = u16::try_from(width(text)).unwrap_or(u16::MAX);
    if wide == 0 || wide > area.width || text.contains(char::is_control) {
        return area.x;
    }
    if let Some(cell) = buffer.cell_mut(Position::new(area.x, area.y)) {
        cell.set_symbol(text).set_style(style);
    }
    for covered in 1..wide {
        if let Some(cell) = buffer.cell_mut(Position::new(area.x + covered, area.y)) {
            cell.reset();
        }
    }
    area.x + wide
}

/// Gives every cell of `area` one look, whatever colours it had: the row under a cursor is one bar.
pub(crate) fn look(frame: &mut Frame<'_>, area: Rect, style: Style) {
    let area = area.intersection(frame.area());
    frame.buffer.set_style(area, Style::reset().patch(style));
}

/// Paints what is nobody's, letters and background, with the theme's own.
pub(crate) fn ground(frame: &mut Frame<'_>, style: Style) {
    for cell in &mut frame.buffer.content {
        if cell.bg == Color::Reset {
            cell.bg = style.bg.unwrap_or_default();
        }
        if cell.fg == Color::Reset {
            cell.fg = style.fg.unwrap_or_default();
        }
    }
}

/// Draws the ASCII twin of every sign.
pub(crate) fn to_ascii(frame: &mut Frame<'_>) {
    super::glyphs::to_ascii(frame.buffer);
}

/// Draws a column of one sign.
pub(crate) fn column(frame: &mut Frame<'_>, area: Rect, sign: char, style: Style) {
    for y in area.top()..area.bottom() {
        if let Some(cell) = frame.buffer.cell_mut(Position::new(area.x, y)) {
            cell.set_char(sign).set_style(style);
        }
    }
}

/// Returns line `n` of `area`, empty where it has fewer.
pub(crate) fn line(area: Rect, n: usize) -> Rect {
    let n = u16::try_from(n).unwrap_or(u16::MAX);
    if n >= area.height { Rect::new(area.x, area.y, 0, 0) } else { Rect::new(area.x, area.y + n, area.width, 1) }
}

/// Clears `area`. A wide letter whose right half it covers would hide its edge.
pub(crate) fn clear(frame: &mut Frame<'_>, area: Rect) {
    let area = area.intersection(frame.area());
    for y in area.top()..area.bottom() {
        let beside = area.x.checked_sub(1).and_then(|x| frame.buffer.cell_mut(Position::new(x, y)));
        if let Some(cell) = beside.filter(|cell| width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, area, frame.buffer);
}

/// Returns how many columns pieces take.
pub(crate) fn span(pieces: &[(String, Style)]) -> usize {
    pieces.iter().map(|(text, _)| width(text)).sum()
}
