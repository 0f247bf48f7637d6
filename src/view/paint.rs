//! The few strokes that everything is drawn with.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

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
        let shown = cut(text, room);
        frame.buffer_mut().set_stringn(x, area.y, &shown, room, *style);
        x = x.saturating_add(u16::try_from(width(&shown)).unwrap_or(u16::MAX));
    }
}

/// Gives every cell of `area` a look.
pub(crate) fn look(frame: &mut Frame<'_>, area: Rect, style: Style) {
    let area = area.intersection(frame.area());
    frame.buffer_mut().set_style(area, style);
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

/// Clears `area`, draws a frame with a title around it, and returns what is inside.
pub(crate) fn window(frame: &mut Frame<'_>, area: Rect, title: &str, border: Style, heading: Style) -> Rect {
    use ratatui::widgets::{Block, Borders, Clear, Widget};
    let area = area.intersection(frame.area());
    Clear.render(area, frame.buffer_mut());
    let title = cut(title, usize::from(area.width.saturating_sub(4)));
    let block =
        Block::new().borders(Borders::ALL).border_style(border).title(format!(" {title} ")).title_style(heading);
    let inside = block.inner(area);
    block.render(area, frame.buffer_mut());
    inside
}

/// Returns how many columns pieces take.
pub(crate) fn span(pieces: &[(String, Style)]) -> usize {
    pieces.iter().map(|(text, _)| width(text)).sum()
}
