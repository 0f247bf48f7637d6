//! A mail that was stopped: what the others did, and what was to go out, one below the other.

use ratatui::layout::Rect;

use crate::app::words;
use crate::model::reply::Collision;
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{lay_out, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

/// The most columns of a sheet.
const COLUMNS_MAX: u16 = 100;
/// The most rows of one answer where both have to be seen.
const ROWS_MIN: usize = 3;
/// How far the texts stand in.
const INDENT: usize = 6;

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, collision: &Collision) {
    let body = brush.app.geometry().body;
    let columns = body.width.min(COLUMNS_MAX);
    let room = usize::from(body.height).saturating_sub(1);
    let mut theirs: Vec<Vec<Pieces>> = collision.theirs.iter().map(|one| answer(brush, columns, one)).collect();
    let mut ours = yours(brush, columns, collision);
    // The last that was done is read first; both answers keep rows, whichever is longer.
    while theirs.len() > 1 && theirs.iter().map(Vec::len).sum::<usize>() + ROWS_MIN > room {
        theirs.remove(0);
    }
    let all: usize = theirs.iter().map(Vec::len).sum();
    ours.truncate(room.saturating_sub(all).max(ROWS_MIN.min(room)));
    let mut rows: Vec<Pieces> = theirs.into_iter().flatten().collect();
    rows.truncate(room.saturating_sub(ours.len()));
    rows.append(&mut ours);
    let height = u16::try_from(rows.len() + 1).unwrap_or(body.height).min(body.height);
    let place = Rect::new(body.x, body.bottom() - height, columns, height).intersection(frame.area());
    let title = match collision.theirs.last() {
        Some(last) => say!("collision-title", what = &last.words, age = words::span(brush.app.now.since(last.at))),
        None => say!("collision-plain"),
    };
    let right = format!("{} {}", collision.short, collision.people);
    let title = Title { words: &title, typed: None, right: right.trim(), role: Role::HeadingFocused };
    let inside = sheet::open(brush, frame, place, &title);
    for (n, row) in rows.iter().enumerate() {
        paint::pieces(frame, paint::line(inside, n), row);
    }
}

fn head(brush: &Brush<'_>, columns: u16, left: String, right: String, role: Role) -> Pieces {
    let gap = usize::from(columns).saturating_sub(width(&left) + width(&right));
    vec![(left, brush.style(role)), (" ".repeat(gap), brush.style(Role::Text)), (right, brush.style(Role::Dim))]
}

fn lines(brush: &Brush<'_>, columns: u16, lines: &[SafeText]) -> Vec<Pieces> {
    let room = usize::from(columns).saturating_sub(INDENT + 1).max(5);
    let laid = lines.iter().flat_map(|line| lay_out(&line.directed(), room, brush.app.around.screen_order.as_is()));
    laid.map(|laid| vec![(format!("{}{}", " ".repeat(INDENT), laid.text), brush.style(Role::Text))]).collect()
}

fn answer(brush: &Brush<'_>, columns: u16, one: &crate::model::reply::Theirs) -> Vec<Pieces> {
    let (sign, role) = if one.ours { ("›", Role::Team) } else { ("‹", Role::Customer) };
    let who = &one.who;
    let at = words::clock(one.at, &brush.app.around.zone);
    let mut rows = vec![head(brush, columns, format!("{sign} {who}"), at, role)];
    match one.lines.is_empty() {
        true => {
            let words = format!("{}{}", " ".repeat(INDENT), say!("collision-not-here"));
            rows.push(vec![(words, brush.style(Role::Dim))]);
        }
        false => rows.extend(lines(brush, columns, &one.lines)),
    }
    rows
}

fn yours(brush: &Brush<'_>, columns: u16, collision: &Collision) -> Vec<Pieces> {
    let left = format!("~ {}", say!("collision-yours"));
    let mut rows = vec![head(brush, columns, left, say!("collision-stopped"), Role::Pending)];
    rows.extend(lines(brush, columns, &collision.ours));
    rows
}
