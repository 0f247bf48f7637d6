//! The column of views with their counts.

use ratatui::layout::Rect;

use crate::app::views::{Entry, Part};
use crate::app::{App, Hit, Pane, words};
use crate::model::view::View;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, field, fit, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

/// An inbox whose mail is older than so many milliseconds says so.
const LATE: i64 = 120_000;

/// Draws the column over what lies below it, with a line at its right.
pub(super) fn draw_over(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let with_line = Rect { width: area.width + 1, ..area }.intersection(frame.area());
    paint::clear(frame, with_line);
    draw(brush, frame, area);
    if with_line.width > area.width {
        let line = Rect::new(area.right(), area.y, 1, area.height);
        paint::column(frame, line, '│', brush.style(Role::Border));
    }
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    let focused = app.focus == Pane::Views;
    let screen = usize::from(area.height);
    let cursor = if focused { app.view_entry() } else { Entry::View(app.view) };
    let entries = app.view_entries();
    let at = entries.iter().position(|entry| *entry == cursor).unwrap_or(0);
    let top = (at + 1).saturating_sub(screen);
    for (n, entry) in entries.iter().skip(top).take(screen).enumerate() {
        let place = paint::line(area, n);
        let columns = usize::from(area.width);
        match entry {
            Entry::Blank => {}
            Entry::Heading(part) => {
                let role = if focused && n + top == 0 { Role::HeadingFocused } else { Role::Heading };
                paint::text(frame, place, &format!(" {}", title(*part)), brush.style(role));
            }
            Entry::View(number) => {
                brush.hit(place, Hit::View(*number));
                if let Some(view) = app.views.get(*number) {
                    paint::pieces(frame, place, &row(brush, *number, view, columns));
                }
            }
            Entry::Tags => paint::pieces(frame, place, &tags(brush, columns)),
        }
        if top + n == at {
            paint::look(frame, place, brush.style(if focused { Role::Cursor } else { Role::CursorAway }));
        }
    }
}

fn title(part: Part) -> String {
    match part {
        Part::ForYou => say!("views-for-you"),
        Part::Queue => say!("views-the-queue"),
        Part::Yours => say!("yours"),
        Part::Inboxes => say!("views-the-inboxes"),
        Part::Tags => say!("tags-heading"),
    }
}

fn row(brush: &Brush<'_>, number: usize, view: &View, columns: usize) -> Pieces {
    let app = brush.app;
    let is_tray = *view == View::InTray;
    let count = match app.count_of_view(view) {
        None | Some(0) => String::new(),
        Some(n) if is_tray => format!("{} {}", text::NEWS_SIGN, words::number(n)),
        Some(n) => words::number(n),
    };
    let count_role = match view {
        View::InTray => Role::News,
        // What needs me stands out.
        View::Mine | View::Mentions | View::Drafts | View::Unassigned | View::Team(_) => Role::Text,
        _ => Role::Count,
    };
    let key = app.digit_of_view(number).map_or_else(|| "  ".into(), |digit| format!("{digit} "));
    let sign = if number == app.view && app.list.search.is_none() { ">" } else { " " };
    let lag = lag(app, view).unwrap_or_default();
    let room = columns.saturating_sub(3 + lag_span(&lag) + width(&count) + 2);
    let mut pieces: Pieces = vec![
        (sign.into(), brush.style(Role::Strong)),
        (key, brush.style(Role::Key)),
        (fit(&field(&cut(&text::render(&view.title()), room)), room), brush.style(Role::Text)),
    ];
    if !lag.is_empty() {
        pieces.push((format!(" {lag}"), brush.style(Role::Warning)));
    }
    pieces.push((format!(" {count} "), brush.style(count_role)));
    pieces
}

fn lag_span(lag: &str) -> usize {
    if lag.is_empty() { 0 } else { width(lag) + 1 }
}

/// Returns how old the mail of an inbox is that was not fetched for a while.
fn lag(app: &App, view: &View) -> Option<String> {
    let View::Inbox(inbox) = view else { return None };
    let account = app.around.accounts.get(inbox)?;
    let late = app.now.since(app.sync.get(account.as_str())?.last_pass?);
    (late >= LATE).then(|| words::brief(late))
}

fn tags(brush: &Brush<'_>, columns: usize) -> Pieces {
    let app = brush.app;
    let count = words::number(app.count_of_tags());
    let room = columns.saturating_sub(3 + width(&count) + 2);
    let sign = if app.tags_unfolded { "-" } else { "+" };
    vec![
        (format!(" {sign} "), brush.style(Role::Key)),
        (fit(&cut(&say!("tags-heading"), room), room), brush.style(Role::Text)),
        (format!(" {count} "), brush.style(Role::Count)),
    ]
}
