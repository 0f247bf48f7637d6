//! The column of views with their counts.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{App, Pane, words};
use crate::model::view::View;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, fit, width};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

/// One line of the column.
enum Line {
    /// A heading.
    Heading(String),
    /// The view at a place.
    View(usize),
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    let focused = app.focus == Pane::Views;
    let heading = brush.style(if focused { Role::HeadingFocused } else { Role::Heading });
    paint::text(frame, paint::line(area, 0), &format!(" {}", say!("views")), heading);
    let screen = usize::from(area.height.saturating_sub(1));
    let cursor = if focused { app.view_cursor } else { app.view };
    let lines = lines(app);
    let at = lines.iter().position(|line| matches!(line, Line::View(place) if *place == cursor)).unwrap_or(0);
    let top = (at + 1).saturating_sub(screen);
    for (n, line) in lines.iter().skip(top).take(screen).enumerate() {
        let place = paint::line(area, n + 1);
        match line {
            Line::Heading(words) => paint::text(frame, place, &format!(" {words}"), brush.style(Role::Heading)),
            Line::View(number) => {
                if let Some(view) = app.views.get(*number) {
                    paint::pieces(frame, place, &row(brush, *number, view, usize::from(area.width)));
                }
            }
        }
        if top + n == at {
            paint::look(frame, place, brush.style(if focused { Role::Cursor } else { Role::CursorAway }));
        }
    }
}

/// Returns the lines of the column: the views, with headings where there are some of one's own.
fn lines(app: &App) -> Vec<Line> {
    let first = |is: fn(&View) -> bool| app.views.iter().position(is);
    let mut lines: Vec<Line> = (0..app.views.len()).map(Line::View).collect();
    if let Some(own) = first(|view| matches!(view, View::Own(_))) {
        // Tags stand behind them, and are everybody's.
        if let Some(tags) = first(|view| matches!(view, View::Tag(_))) {
            lines.insert(tags, Line::Heading(say!("tags-heading")));
        }
        lines.insert(own, Line::Heading(say!("yours")));
    }
    lines
}

fn row(brush: &Brush<'_>, number: usize, view: &View, columns: usize) -> Pieces {
    let app = brush.app;
    let is_tray = *view == View::InTray;
    let count = match app.count_of_view(view) {
        None | Some(0) => String::new(),
        Some(n) if is_tray => format!("{} {}", text::NEWS_SIGN, words::number(n)),
        Some(n) => words::number(n),
    };
    let key = app.digit_of_view(number).map_or_else(|| "  ".into(), |digit| format!("{digit} "));
    let room = columns.saturating_sub(width(&count) + 5);
    let sign = if number == app.view && app.list.search.is_none() { ">" } else { " " };
    vec![
        (sign.into(), brush.style(Role::Strong)),
        (key, brush.style(Role::Key)),
        (fit(&cut(&text::render(&view.title()), room), room), brush.style(Role::Text)),
        (format!(" {count} "), brush.style(if is_tray { Role::News } else { Role::Count })),
    ]
}
