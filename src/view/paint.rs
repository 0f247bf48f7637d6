//! The few strokes that everything is drawn with.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Color, Style};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthChar as _;

use crate::theme::Role;
use crate::view::Brush;
use crate::view::layout::{cut, width};

/// Pieces of one line, each with its look.
pub(crate) type Pieces = Vec<(String, Style)>;

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
    let mut x = area.x;
    for (text, style) in pieces {
        let room = usize::from(area.right().saturating_sub(x));
        if room == 0 {
            break;
        }
        for cell in cells(&cut(text, room)) {
            let (next, _) = frame.buffer_mut().set_stringn(x, area.y, cell, usize::from(area.right() - x), *style);
            x = next;
        }
    }
}

/// Splits text into what is drawn at one place. Terminals give each letter of Thai (`สำ`) or Devanagari a cell of its own though Unicode
/// makes one grapheme of them; kept together, the second cell would never be erased.
fn cells(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for grapheme in text.graphemes(true) {
        let splits = grapheme.chars().filter(|c| c.width() == Some(1)).count() > 1
            && grapheme.chars().all(|c| c.width().is_some_and(|wide| wide < 2) && c != '\u{200D}' && c != '\u{FE0F}');
        if !splits {
            out.push(grapheme);
            continue;
        }
        let mut start = 0;
        for (at, c) in grapheme.char_indices().skip(1) {
            if c.width() == Some(1) {
                out.extend(grapheme.get(start..at));
                start = at;
            }
        }
        out.extend(grapheme.get(start..));
    }
    out
}

/// Gives every cell of `area` one look, whatever colours it had: the row under a cursor is one bar.
pub(crate) fn look(frame: &mut Frame<'_>, area: Rect, style: Style) {
    let area = area.intersection(frame.area());
    frame.buffer_mut().set_style(area, Style::reset().patch(style));
}

/// Paints what is nobody's, letters and background, with the theme's own.
pub(crate) fn ground(frame: &mut Frame<'_>, style: Style) {
    for cell in &mut frame.buffer_mut().content {
        if cell.bg == Color::Reset {
            cell.bg = style.bg.unwrap_or_default();
        }
        if cell.fg == Color::Reset {
            cell.fg = style.fg.unwrap_or_default();
        }
    }
}

/// Draws a column of one sign.
pub(crate) fn column(frame: &mut Frame<'_>, area: Rect, sign: char, style: Style) {
    for y in area.top()..area.bottom() {
        if let Some(cell) = frame.buffer_mut().cell_mut(Position::new(area.x, y)) {
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
    use ratatui::widgets::{Clear, Widget};
    let area = area.intersection(frame.area());
    for y in area.top()..area.bottom() {
        let beside = area.x.checked_sub(1).and_then(|x| frame.buffer_mut().cell_mut(Position::new(x, y)));
        if let Some(cell) = beside.filter(|cell| width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
    Clear.render(area, frame.buffer_mut());
}

/// Draws the title of a sheet: a line with words at its left, and others at its right as far as there is room.
pub(crate) fn sheet_title(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, title: &str, right: &str) {
    let columns = usize::from(area.width);
    let title = cut(title, columns.saturating_sub(4));
    let room = columns.saturating_sub(width(&title) + 6);
    let right = if right.is_empty() || room < 8 { String::new() } else { format!(" {}", cut(right, room)) };
    let gap = columns.saturating_sub(width(&title) + width(&right) + 3);
    let line = [
        ("─ ".to_owned(), brush.style(Role::Border)),
        (title, brush.style(Role::HeadingFocused)),
        (" ".to_owned(), brush.style(Role::Text)),
        ("─".repeat(gap), brush.style(Role::Border)),
        (right, brush.style(Role::Dim)),
    ];
    pieces(frame, area, &line);
}

/// Returns how many columns pieces take.
pub(crate) fn span(pieces: &[(String, Style)]) -> usize {
    pieces.iter().map(|(text, _)| width(text)).sum()
}
