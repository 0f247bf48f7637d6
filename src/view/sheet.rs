//! A sheet: one row with its title, then its lines. It has no sides and no box: what is around it is not drawn anew.

use ratatui::layout::{Position, Rect};

use crate::app::Hit;
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{cut, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, field, paint};

/// What stands at the right of a title is cut to no less.
const RIGHT_MIN: usize = 12;

/// What the title row says.
pub(super) struct Title<'a> {
    /// What is asked, and about what.
    pub words: &'a str,
    /// What is typed behind it; `None` where nothing is.
    pub typed: Option<&'a crate::app::line::Line>,
    /// What stands at the right.
    pub right: &'a str,
    /// The look of the words.
    pub role: Role,
}

/// Clears the place of a sheet, draws its title, and returns the place of its lines.
pub(super) fn open(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, title: &Title<'_>) -> Rect {
    paint::clear(frame, place);
    self::title(brush, frame, paint::line(place, 0), title);
    Rect::new(place.x, place.y + 1, place.width, place.height.saturating_sub(1))
}

/// Draws the title of a sheet on its row. What stands at the right has what the words leave it.
pub(super) fn title(brush: &Brush<'_>, frame: &mut Frame<'_>, row: Rect, title: &Title<'_>) {
    let room = usize::from(row.width);
    let typed = title.typed.map(|line| SafeText::line(&line.text()).to_string()).unwrap_or_default();
    let is_line = title.words == ":";
    let (front, gap) = if is_line { ("", 0) } else { ("─ ", 1) };
    let cursor = usize::from(title.typed.is_some());
    let left = room.saturating_sub(width(front) + width(title.words) + gap + width(&typed) + cursor + 4);
    let right = if left < width(title.right).min(RIGHT_MIN) { String::new() } else { cut(title.right, left) };
    let taken = if right.is_empty() { 0 } else { width(&right) + 3 };
    // What is typed is seen, and what it is typed for gives way.
    let words_room = room.saturating_sub(width(front) + gap + width(&typed).min(room / 2) + taken + 1);
    let words = cut(title.words, words_room.max(1));
    let begin = width(front) + width(&words) + gap;
    let typed_room = room.saturating_sub(begin + taken + 1).max(1);
    let as_is = brush.app.around.screen_order.as_is();
    let seen = title.typed.map(|line| field::seen(line, typed_room, as_is)).unwrap_or_default();
    let pieces: Pieces = vec![
        (front.to_owned(), brush.style(Role::Border)),
        (format!("{words}{}", " ".repeat(gap)), brush.style(title.role)),
        (seen.text, brush.style(Role::Text)),
    ];
    paint::pieces(frame, row, &pieces);
    if taken > 0 {
        let x = row.right().saturating_sub(u16::try_from(width(&right) + 1).unwrap_or(0));
        let place = Rect::new(x, row.y, row.right().saturating_sub(x), row.height);
        paint::text(frame, place, &right, brush.style(Role::Hint));
    }
    if title.typed.is_some() {
        let left = row.x + u16::try_from(begin).unwrap_or(0);
        let place = Rect { x: left, width: u16::try_from(typed_room).unwrap_or(u16::MAX), ..row };
        brush.hit(place, Hit::Filter { left, scrolled: seen.scrolled, room: typed_room });
        let x = row.x + u16::try_from(begin + seen.cursor).unwrap_or(0);
        frame.set_cursor_position(Position::new(x.min(row.right().saturating_sub(1)), row.y));
    }
}

/// Shows that a row of a sheet is the one under the cursor: by its first cells, as in the list.
pub(super) fn tab(brush: &Brush<'_>, frame: &mut Frame<'_>, row: Rect) {
    paint::look(frame, Rect { width: row.width.min(2), ..row }, brush.style(Role::Cursor));
}
