//! What is looked at before a deed: the conversations that are to become one, and what is marked.

use std::sync::Arc;

use crate::app::layer::Side;
use crate::app::{Open, words};
use crate::model::conversation::Conversation;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;
use crate::text;
use crate::theme::Role;
use crate::view::chat::{self, ChatLine};
use crate::view::layout::{cut, field, fit, width};
use crate::view::paint::Pieces;
use crate::view::{Brush, conversation};

/// Two conversations stand beside each other where each has so many columns.
const BESIDE_FROM: usize = 50;
/// The columns of who wrote, in the rows of what is marked.
const PEOPLE: usize = 17;
/// The columns of an id there.
const SHORT: usize = 5;
/// The columns of who has it.
const OWNER: usize = 8;

/// The lines of compared conversations as they were last laid out.
#[derive(Debug, Default)]
pub(super) struct Compared {
    of: Option<(Arc<Vec<Side>>, usize)>,
    rows: Vec<Pieces>,
}

/// Lays out the conversations that may become one: two beside each other where both have the room, else one after the other.
pub(super) fn compared<'c>(
    brush: &Brush<'_>,
    cache: &'c mut Compared,
    sides: &Arc<Vec<Side>>,
    columns: usize,
) -> &'c [Pieces] {
    let is_fresh = cache.of.as_ref().is_some_and(|(of, wide)| Arc::ptr_eq(of, sides) && *wide == columns);
    if !is_fresh {
        cache.rows = match sides.as_slice() {
            [left, right] if columns / 2 >= BESIDE_FROM && !brush.app.around.linear => {
                beside(brush, left, right, columns)
            }
            all => one_after_the_other(brush, all, columns),
        };
        cache.of = Some((Arc::clone(sides), columns));
    }
    &cache.rows
}

fn beside(brush: &Brush<'_>, left: &Side, right: &Side, columns: usize) -> Vec<Pieces> {
    let half = (columns - 1) / 2;
    let (left, right) = (side(brush, left, half), side(brush, right, columns - half - 1));
    let count = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    let row = |_| {
        let mut row = left.next().unwrap_or_default();
        let used: usize = row.iter().map(|(text, _)| width(text)).sum();
        row.push((" ".repeat(half.saturating_sub(used)), brush.style(Role::Text)));
        row.push(("│".to_owned(), brush.style(Role::Border)));
        row.extend(right.next().unwrap_or_default());
        row
    };
    (0..count).map(row).collect()
}

fn one_after_the_other(brush: &Brush<'_>, sides: &[Side], columns: usize) -> Vec<Pieces> {
    let mut rows: Vec<Pieces> = Vec::new();
    for one in sides {
        if !rows.is_empty() {
            rows.push(vec![("─".repeat(columns), brush.style(Role::Border))]);
        }
        rows.extend(side(brush, one, columns));
    }
    rows
}

/// Lays out one: who it is with, how it stands, what was written.
fn side(brush: &Brush<'_>, side: &Side, columns: usize) -> Vec<Pieces> {
    let Side { conversation, customer } = side;
    let row = &conversation.row;
    let inside = columns.saturating_sub(2);
    let line = |text: String, role: Role| vec![(format!(" {}", cut(&text, inside)), brush.style(role))];
    let name = if customer.name.is_empty() { &row.people } else { &customer.name };
    let mut rows = vec![line(format!("{} {}", row.short, field(name.as_str())), Role::Strong)];
    let addresses = customer
        .addresses
        .iter()
        .map(|one| one.shown.to_string())
        .chain(customer.others.iter().map(SafeText::to_string));
    rows.extend(addresses.map(|address| line(address, Role::Text)));
    rows.push(line(field(&text::titled(&row.title.directed())), Role::Text));
    rows.push(line(facts(brush, row), Role::Dim));
    rows.extend(written(brush, conversation, columns).into_iter().map(|written| {
        let mut pieces: Pieces = vec![(written.sign.glyph().to_owned(), brush.style(written.sign_role))];
        pieces.extend(written.pieces.into_iter().map(|piece| (piece.text, brush.style(piece.role))));
        pieces
    }));
    rows
}

fn facts(brush: &Brush<'_>, row: &ConversationRow) -> String {
    let owner = row.assignee.as_ref().map_or_else(|| say!("nobody"), |who| who.to_string());
    let at = words::minute(row.last_at, &brush.app.around.zone);
    say!(
        "compare-facts",
        status = row.status.name(),
        owner = owner,
        inbox = row.inbox.to_string(),
        count = row.messages,
        at = at
    )
}

fn written(brush: &Brush<'_>, data: &Conversation, columns: usize) -> Vec<ChatLine> {
    let app = brush.app;
    let area = ratatui::layout::Rect {
        width: u16::try_from(columns).unwrap_or(u16::MAX),
        height: u16::MAX,
        ..Default::default()
    };
    let open = Open::new(data.row.id.clone());
    chat::lines(data, &conversation::setting(app, &open, area, &conversation::Cache::default())).all
}

/// Lays out what is marked, a row each, and returns behind which the one under the cursor ends.
pub(super) fn marked(
    brush: &Brush<'_>,
    (rows, more): (Option<&[ConversationRow]>, usize),
    at: usize,
    columns: usize,
) -> (Vec<Pieces>, usize) {
    let Some(rows) = rows else { return (vec![vec![(format!(" {}", say!("loading")), brush.style(Role::Dim))]], 0) };
    let mut lines: Vec<Pieces> =
        rows.iter().enumerate().map(|(n, row)| marked_row(brush, row, n == at, columns)).collect();
    if more > 0 {
        lines.push(vec![(format!("  {}", say!("marked-more", count = more)), brush.style(Role::Dim))]);
    }
    // Behind the last row stands how many more there are.
    let end = if at + 1 < rows.len() { at + 1 } else { lines.len() };
    (lines, end)
}

/// Lays out a row: what is to be looked at twice bears the sign of a warning, and says why.
fn marked_row(brush: &Brush<'_>, row: &ConversationRow, has_cursor: bool, columns: usize) -> Pieces {
    let app = brush.app;
    let is_newer = app.marks.is_newer(row);
    let why = if is_newer { format!("  {}", say!("marked-newer")) } else { String::new() };
    let owner = row.assignee.as_ref().map_or_else(|| "–".to_owned(), |who| who.to_string());
    let status = row.status.name();
    let end = format!("  {}", fit(status, status.chars().count().max(12)));
    let notable = app.is_notable(row);
    let role = |role: Role| if has_cursor { Role::Choice } else { role };
    let front = format!(
        "{} {} {} ",
        if notable { "!" } else { " " },
        fit(&row.short, SHORT),
        fit(&field(row.people.as_str()), PEOPLE)
    );
    let room = columns.saturating_sub(width(&front) + width(&why) + width(&end) + OWNER + 2);
    let title = fit(&field(&text::titled(&row.title.directed())), room);
    let owner_role =
        if row.assignee.as_ref().is_some_and(|_| notable && !is_newer) { Role::Warning } else { Role::Text };
    vec![
        (front, brush.style(role(if notable { Role::Warning } else { Role::Text }))),
        (title, brush.style(role(Role::Text))),
        (why, brush.style(role(Role::Warning))),
        (end, brush.style(role(Role::Dim))),
        (format!(" {}", fit(&owner, OWNER)), brush.style(role(owner_role))),
    ]
}
