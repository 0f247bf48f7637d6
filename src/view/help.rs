//! The page of help: the tasks with their keys, or a list that was looked for.

use ratatui::layout::{Position, Rect};

use crate::app::Hit;
use crate::app::help::{HelpLine, HelpPage, TASK};
use crate::app::{Layer, Page};
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{cut, fit, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, field, paint};

/// The most columns of keys in a list.
const KEYS_MAX: usize = 20;

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, page: &HelpPage) {
    let head = paint::line(place, 0);
    let typed = SafeText::line(&page.line.text()).to_string();
    let find = format!(" {} ", say!("help-find"));
    let right = say!("help-where", place = page.context.title().to_lowercase());
    let x = head.right().saturating_sub(u16::try_from(width(&right) + 1).unwrap_or(0));
    let taken = u16::try_from(width(&find) + width(&typed)).unwrap_or(head.width);
    let is_short = x > head.x + taken;
    let end = if is_short { x } else { head.right() };
    let room = usize::from(end.saturating_sub(head.x)).saturating_sub(width(&find) + 1).max(1);
    let seen = field::seen(&page.line, room, brush.app.around.screen_order.as_is());
    let pieces = [(find.clone(), brush.style(Role::HeadingFocused)), (seen.text, brush.style(Role::Text))];
    paint::pieces(frame, head, &pieces);
    let left = head.x + u16::try_from(width(&find)).unwrap_or(0);
    let clicked = Rect { x: left, width: u16::try_from(room).unwrap_or(u16::MAX), ..head };
    brush.hit(clicked, Hit::Filter { left, scrolled: seen.scrolled, room });
    if is_short {
        paint::text(frame, Rect { x, width: head.right() - x, ..head }, &right, brush.style(Role::Hint));
    }
    let inside = Rect { y: place.y + 1, height: place.height.saturating_sub(1), ..place };
    if page.shows_tasks() {
        tasks(brush, frame, inside, page);
    } else {
        list(brush, frame, inside, page);
    }
    let x = head.x + u16::try_from(width(&find) + seen.cursor).unwrap_or(0);
    frame.set_cursor_position(Position::new(x.min(head.right().saturating_sub(1)), head.y));
}

fn tasks(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, page: &HelpPage) {
    let rows = brush.app.help_task_rows(page.context, area.width.into());
    let top = page.scroll.min(rows.len().saturating_sub(usize::from(area.height)));
    for (n, row) in rows.iter().skip(top).take(usize::from(area.height)).enumerate() {
        let mut pieces: Pieces = vec![(format!(" {} ", fit(&row.task, TASK - 2)), brush.style(Role::Heading))];
        for (keys, words) in &row.items {
            pieces.push((format!("{keys} "), brush.style(Role::Key)));
            pieces.push((format!("{words}  "), brush.style(Role::Text)));
        }
        paint::pieces(frame, paint::line(area, n), &pieces);
    }
}

fn list(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, page: &HelpPage) {
    let is_topmost = matches!(brush.app.layers.last(), Some(Layer::Page(Page::Help(top))) if std::ptr::eq(top, page));
    let below;
    let lines = match is_topmost {
        true => brush.idle.help_lines(page),
        false => {
            below = brush.app.help_lines(page);
            &below
        }
    };
    if lines.is_empty() {
        paint::text(frame, paint::line(area, 0), &format!("  {}", say!("pick-no-match")), brush.style(Role::Dim));
        return;
    }
    let keys = lines.iter().map(|line| width(&line.keys)).max().unwrap_or(0).min(KEYS_MAX);
    let chosen = page.at.and_then(|at| {
        lines.iter().enumerate().filter(|(_, line)| line.does.is_some()).map(|(place, _)| place).nth(at)
    });
    let rows = usize::from(area.height);
    let top = chosen.map_or(page.scroll, |place| (place + 1).saturating_sub(rows));
    let top = top.min(lines.len().saturating_sub(rows));
    for (n, line) in lines.iter().skip(top).take(rows).enumerate() {
        let row = paint::line(area, n);
        paint::pieces(frame, row, &pieces(brush, line, keys, usize::from(row.width)));
        if chosen == Some(top + n) {
            super::sheet::tab(brush, frame, row);
        }
    }
}

fn pieces(brush: &Brush<'_>, line: &HelpLine, keys: usize, columns: usize) -> Pieces {
    if line.does.is_none() && line.keys.is_empty() {
        return vec![(format!(" {}", line.words), brush.style(Role::Heading))];
    }
    let name = line.does.as_ref().filter(|_| line.keys.is_empty()).map(|bound| format!(":{}", bound.name()));
    let words = match (&line.not_now, name) {
        (Some(why), _) => say!("help-not-now", sentence = &line.words, why = why),
        (None, Some(name)) => format!("{} {name}", line.words),
        (None, None) => line.words.clone(),
    };
    let role = if line.not_now.is_some() { Role::Disabled } else { Role::Text };
    vec![
        (format!("  {}  ", fit(&line.keys, keys)), brush.style(Role::Key)),
        (cut(&words, columns.saturating_sub(keys + 4)), brush.style(role)),
    ]
}
