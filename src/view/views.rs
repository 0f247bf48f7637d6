//! The column of views with their counts.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Pane, words};
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, fit, width};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    let focused = app.focus == Pane::Views;
    let heading = brush.style(if focused { Role::HeadingFocused } else { Role::Heading });
    paint::text(frame, paint::line(area, 0), &format!(" {}", say!("views")), heading);
    let screen = usize::from(area.height.saturating_sub(1));
    let cursor = if focused { app.view_cursor } else { app.view };
    let top = (cursor + 1).saturating_sub(screen);
    for (n, (number, view)) in app.views.iter().enumerate().skip(top).take(screen).enumerate() {
        let place = paint::line(area, n + 1);
        let count = match app.counts.get(view) {
            0 => String::new(),
            n => words::number(n),
        };
        let key = if number < 9 { format!("{} ", number + 1) } else { "  ".into() };
        let room = usize::from(area.width).saturating_sub(width(&count) + 5);
        let sign = if number == app.view && app.list.search.is_none() { ">" } else { " " };
        paint::pieces(
            frame,
            place,
            &[
                (sign.into(), brush.style(Role::Strong)),
                (key, brush.style(Role::Key)),
                (fit(&cut(&text::render(&view.title()), room), room), brush.style(Role::Text)),
                (format!(" {count} "), brush.style(Role::Count)),
            ],
        );
        if number == cursor {
            paint::look(frame, place, brush.style(if focused { Role::Cursor } else { Role::CursorAway }));
        }
    }
}
