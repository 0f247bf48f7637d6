//! What can follow a key that begins a sequence, as a sheet.

use ratatui::layout::Rect;

use crate::app::following::GAP;
use crate::keymap::write_keys;
use crate::theme::Role;
use crate::view::layout::{cut, fit, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect) {
    let app = brush.app;
    let words = write_keys(&app.pending);
    let right = say!("which-others");
    let title = Title { words: &words, typed: None, right: &right, role: Role::HeadingFocused };
    let inside = sheet::open(brush, frame, place, &title);
    let column = app.which_columns();
    let across = (usize::from(inside.width).saturating_sub(1) / column).max(1);
    let mut entries = app.which();
    let room = usize::from(inside.height) * across;
    if entries.len() > room && room > 0 {
        // What has no room is counted, in the place of the last.
        let hidden = entries.split_off(room - 1).len();
        entries.push((String::new(), say!("which-more", count = hidden)));
    }
    for (n, row) in entries.chunks(across).enumerate().take(usize::from(inside.height)) {
        let mut pieces: Pieces = vec![(" ".to_owned(), brush.style(Role::Text))];
        for (k, (key, words)) in row.iter().enumerate() {
            let room = column.saturating_sub(width(key) + 1 + GAP);
            let words = if k + 1 < row.len() { fit(words, room + GAP) } else { cut(words, room) };
            pieces.push((format!("{key} "), brush.style(Role::Key)));
            pieces.push((words, brush.style(Role::Text)));
        }
        paint::pieces(frame, paint::line(inside, n), &pieces);
    }
}
