//! The list of conversations. Every state has a letter, a sign or a word; colour only repeats it.

use ratatui::layout::Rect;

use crate::app::{App, Hit, Pane, words};
use crate::keymap::Action;
use crate::model::news::Section;
use crate::model::view::{ListOrder, Sort, View};
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, width, wrap};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, paint};

mod fitting;
mod row;
mod time;

pub(super) use row::letter;

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    heading(brush, frame, paint::line(area, 0));
    let height = usize::from(app.geometry().row_height);
    if app.list.rows.is_empty() {
        let words = nothing(app);
        for (n, range) in wrap(&words, usize::from(area.width).saturating_sub(2).max(8)).into_iter().enumerate() {
            let line = words.get(range).unwrap_or_default().trim_end();
            paint::text(frame, paint::line(area, 1 + n), &format!(" {line}"), brush.style(Role::Dim));
        }
        return;
    }
    let screen = app.list_rows();
    let shown = || app.list.rows.iter().enumerate().skip(app.list.top).take(screen);
    let columns = row::Columns::of(brush, usize::from(area.width), height, shown().map(|(_, row)| row));
    let (mut heads, mut section) = (0, None);
    for (n, row) in shown() {
        let begins = app.section_of(row).filter(|now| section != Some(*now));
        if let Some(now) = begins {
            paint::text(
                frame,
                paint::line(area, 1 + (n - app.list.top) * height + heads),
                &format!(" {}", section_title(now)),
                brush.style(Role::Heading),
            );
            (heads, section) = (heads + 1, begins);
        }
        let first = 1 + (n - app.list.top) * height + heads;
        for (k, pieces) in columns.lines(brush, row).iter().enumerate() {
            let place = paint::line(area, first + k);
            paint::pieces(frame, place, pieces);
            brush.hit(place, Hit::Row(row.id.clone()));
            if n == app.list.cursor && k == 0 {
                let role = if app.focus == Pane::List { Role::Cursor } else { Role::CursorAway };
                let tab = u16::try_from(time::CELLS).unwrap_or(place.width).min(place.width);
                paint::look(frame, Rect { width: tab, ..place }, brush.style(role));
            }
        }
    }
}

fn section_title(section: Section) -> String {
    match section {
        Section::Mentions => say!("section-mentions"),
        Section::Answers => say!("section-answers"),
        Section::Given => say!("section-given"),
        Section::Trouble => say!("section-trouble"),
    }
}

/// Says what is true of a list without rows, and the one key that helps.
pub(super) fn nothing(app: &App) -> String {
    let key = |action| app.key_of(action);
    if !app.list_is_empty() {
        return say!("loading");
    }
    if let Some(search) = &app.list.search {
        let looked_for = crate::model::text::SafeText::line_max(search, 60);
        if let Some((meant, count)) = &app.list.meant {
            let meant = crate::model::text::SafeText::line_max(meant, 60);
            return say!("list-meant", what = looked_for, meant = meant, count = *count, key = key(Action::Open));
        }
        return say!("list-no-match", what = looked_for, key = key(Action::Search), back = key(Action::Back));
    }
    if let Some(words) = loose(app) {
        return words;
    }
    match app.shown_view() {
        Some(View::InTray) => {
            let unassigned = View::FIXED.iter().position(|view| *view == View::Unassigned);
            let digit = unassigned.and_then(|place| app.digit_of_view(place)).map(|digit| digit.to_string());
            let count = app.counts.get(&View::Unassigned);
            say!("in-tray-empty", count = count, key = digit.unwrap_or_default())
        }
        Some(view) => say!("view-empty", view = text::render(&view.title()), key = key(Action::Search)),
        None => say!("list-empty"),
    }
}

/// Says where the drafts and mails are that a view counts and that belong to no conversation.
fn loose(app: &App) -> Option<String> {
    let view = app.shown_view()?;
    let n = app.counts.loose(view);
    let key = |action| app.key_of(action);
    match view {
        _ if n == 0 => None,
        View::Drafts => Some(say!("loose-drafts", count = n, key = key(Action::Drafts))),
        View::Outbox => Some(say!("loose-mails", count = n, key = key(Action::Outbox))),
        _ => None,
    }
}

/// Says in what order the list stands, with an arrow: up where what is oldest stands first.
fn order(order: ListOrder, short: bool) -> String {
    let up = matches!((order.sort, order.reverse), (Sort::Waiting, false) | (Sort::Activity | Sort::Created, true));
    let arrow = if up { "↑" } else { "↓" };
    if short {
        let words = match order.sort {
            Sort::Waiting => say!("sort-short-waiting"),
            Sort::Activity => say!("sort-short-activity"),
            Sort::Created => say!("sort-short-created"),
        };
        return format!("{arrow}{words}");
    }
    let words = match (order.sort, up) {
        (Sort::Waiting, true) => say!("sort-waiting-longest"),
        (Sort::Waiting, false) => say!("sort-waiting-shortest"),
        (Sort::Activity, true) => say!("sort-oldest"),
        (Sort::Activity, false) => say!("sort-newest"),
        (Sort::Created, true) => say!("sort-first-created"),
        (Sort::Created, false) => say!("sort-last-created"),
    };
    format!("{words} {arrow}")
}

/// Draws the name, the number and the order; at the right what has no row of its own at the bottom, and the other views where no column
/// shows them.
fn heading(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let app = brush.app;
    let role = if app.focus == Pane::List { Role::HeadingFocused } else { Role::Heading };
    let columns = usize::from(area.width);
    let places = app.geometry();
    let narrow = area.width < crate::app::geometry::ONE_LINE_FROM && places.conversation.is_none();
    let title = match &app.list.search {
        Some(search) => format!("/ {}", crate::model::text::SafeText::line_max(search, 200)),
        None => app.shown_view().map(|view| text::render(&view.title())).unwrap_or_default(),
    };
    let total = app.total().map(|total| format!(" {}", words::number(total))).unwrap_or_default();
    let by = order(app.list.order, narrow);
    let mut right: Pieces = Vec::new();
    let is_alone = places.conversation.is_none() && places.status.is_none();
    let news = app.counts.get(&View::InTray);
    if is_alone && news > 0 {
        right.push((format!(" {}{}", text::NEWS_SIGN, words::number(news)), brush.style(Role::News)));
    }
    if !app.marks.is_empty() && (is_alone || places.conversation.is_some()) {
        let count = app.marked_count().map_or_else(|| say!("marks-all"), words::number);
        let gap = if narrow { "" } else { " " };
        right.push((format!(" {count}{gap}{}", row::MARK), brush.style(Role::Marked)));
    }
    let said = width(&total) + width(&by) + if narrow { 2 } else { 4 };
    let title = cut(&title, columns.saturating_sub(said + paint::span(&right) + 1).max(8));
    let between = if narrow { " " } else { " · " };
    let mut pieces: Pieces =
        vec![(format!(" {title}"), brush.style(role)), (format!("{total}{between}{by}"), brush.style(Role::Count))];
    if places.views.is_none() || places.views_lie_over() {
        let room = columns.saturating_sub(paint::span(&pieces) + paint::span(&right) + 3);
        let tabs = tabs(brush, room);
        if !tabs.is_empty() {
            right.push((tabs, brush.style(Role::Dim)));
        }
    }
    let gap = columns.saturating_sub(paint::span(&pieces) + paint::span(&right) + 1);
    pieces.push((" ".repeat(gap), brush.style(Role::Text)));
    pieces.extend(right);
    paint::pieces(frame, area, &pieces);
}

/// Returns the other views that hold something, with their digits, as far as there is room.
fn tabs(brush: &Brush<'_>, room: usize) -> String {
    let app = brush.app;
    let mut tabs = String::new();
    for (n, view) in app.views.iter().enumerate().take(9) {
        let count = app.counts.get(view);
        if n == app.view || count == 0 {
            continue;
        }
        let tab = format!("  {} {} {}", n + 1, text::render(&view.title()), words::number(count));
        if width(&tabs) + width(&tab) > room {
            break;
        }
        tabs.push_str(&tab);
    }
    tabs
}
