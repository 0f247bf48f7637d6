//! The screen on which a mail is written. Where there is room, the conversation stays beside it.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget as _};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::app::line::Line;
use crate::app::{App, Compose, Field, words};
use crate::keymap::Action;
use crate::model::reply::DraftKind;
use crate::model::text::SafeText;
use crate::text;
use crate::theme::Role;
use crate::view::layout::{cut, lay_out, visual, visual_column, width, wrap};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

/// The columns of the labels in front of the header fields.
const LABELS: usize = 9;
/// From so many rows on all header fields are shown.
const ALL_FIELDS_FROM: u16 = 13;
/// The most rows of one line of the head: the text must keep its place.
const NOTE_ROWS: usize = 3;
/// How far the rows of such a line stand in that follow the first.
const NOTE_INDENT: usize = 3;

/// Returns where a mail is written: beside its conversation on a wide screen, else on all of it.
pub(super) fn place(app: &App, compose: &Compose) -> Rect {
    let places = app.geometry();
    let body = places.body;
    let beside = places.conversation.filter(|conversation| conversation.x > 60);
    let shown = compose.conversation().is_some() && app.open.as_ref().map(|open| &open.id) == compose.conversation();
    match beside {
        Some(conversation) if shown => Rect::new(0, 0, conversation.x - 1, body.height),
        _ => body,
    }
}

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, compose: &Compose) {
    let area = place(brush.app, compose).intersection(frame.area());
    Clear.render(area, frame.buffer_mut());
    if compose.review.is_some() {
        return super::review::draw(brush, frame, area, compose);
    }
    heading(brush, frame, paint::line(area, 0), compose);
    let mut row = 1;
    let is_low = area.height < ALL_FIELDS_FROM;
    let shown = |field: &Field| *field != Field::Body && is_shown(compose, *field, is_low);
    for field in Field::ALL.into_iter().filter(shown) {
        header(brush, frame, paint::line(area, row), compose, field);
        row += 1;
    }
    let columns = usize::from(area.width);
    for (text, role) in notes(brush, compose) {
        for part in note_rows(&text, columns, if is_low { 1 } else { NOTE_ROWS }) {
            paint::text(frame, paint::line(area, row), &part, brush.style(role));
            row += 1;
        }
    }
    paint::text(frame, paint::line(area, row), &"─".repeat(usize::from(area.width)), brush.style(Role::Border));
    let top = u16::try_from(row + 1).unwrap_or(u16::MAX).min(area.height);
    let body = Rect::new(area.x + 1, area.y + top, area.width.saturating_sub(2), area.height - top);
    text(brush, frame, body, compose);
}

/// Fields that hold nothing take no room until the keys come to them, and on a low screen neither does what rarely changes.
fn is_shown(compose: &Compose, field: Field, is_low: bool) -> bool {
    match field {
        Field::From | Field::Subject if is_low => compose.field == field,
        Field::Cc => !compose.cc.is_empty() || compose.field == field,
        Field::Bcc => !compose.bcc.is_empty() || compose.field == field,
        _ => true,
    }
}

fn heading(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose) {
    let what = match compose.draft.kind {
        DraftKind::Reply => say!("compose-reply"),
        DraftKind::ReplyAll => say!("compose-reply-all"),
        DraftKind::Forward => say!("compose-forward"),
        DraftKind::New => say!("compose-new"),
    };
    let state = match (compose.dirty || compose.saving, compose.draft.id) {
        (true, _) | (false, 0) => String::new(),
        (false, _) => say!("compose-kept"),
    };
    let title =
        if compose.draft.markdown { format!(" {what} {}", say!("compose-markdown")) } else { format!(" {what}") };
    let gap = usize::from(area.width).saturating_sub(width(&title) + width(&state) + 1);
    let pieces: Pieces = vec![
        (title, brush.style(Role::HeadingFocused)),
        (" ".repeat(gap), brush.style(Role::Text)),
        (state, brush.style(Role::Dim)),
    ];
    paint::pieces(frame, area, &pieces);
}

fn header(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose, field: Field) {
    let on = compose.field == field;
    let label = format!(" {:>width$} ", field.label(), width = LABELS - 2);
    let role = if on { Role::Prompt } else { Role::Dim };
    let room = usize::from(area.width).saturating_sub(LABELS + 1);
    let line = match field {
        Field::From => None,
        Field::To => Some(&compose.to),
        Field::Cc => Some(&compose.cc),
        Field::Bcc => Some(&compose.bcc),
        Field::Subject | Field::Body => Some(&compose.subject),
    };
    let (shown, cursor) = match line {
        Some(line) => window(line, room, on, brush.app.around.terminal_bidi),
        None => (cut(compose.sender().as_str(), room), 0),
    };
    let hint = match field {
        Field::From if on && compose.senders.len() > 1 => format!(" {}", say!("compose-from-hint")),
        _ => String::new(),
    };
    let pieces = [(label, brush.style(role)), (shown, brush.style(Role::Text)), (hint, brush.style(Role::Hint))];
    paint::pieces(frame, area, &pieces);
    if on {
        let x = area.x + u16::try_from(LABELS + cursor).unwrap_or(0);
        frame.set_cursor_position(Position::new(x.min(area.right().saturating_sub(1)), area.y));
    }
}

/// Returns the part of a line around its cursor that fits, and the cursor's column in it.
fn window(line: &Line, room: usize, on: bool, as_is: bool) -> (String, usize) {
    let text = SafeText::line(&line.text()).to_string();
    let before = SafeText::line(line.before()).to_string();
    if !on || width(&text) <= room {
        let column = if as_is { width(&before) } else { visual_column(&text, before.chars().count()) };
        return (visual(&cut(&text, room), as_is), column);
    }
    // The end of what stands before the cursor is what is being typed.
    let (mut start, mut column) = (before.len(), 0);
    for (at, grapheme) in before.grapheme_indices(true).rev() {
        let wide = width(grapheme);
        if column + wide + 1 > room {
            break;
        }
        (start, column) = (at, column + wide);
    }
    let shown = format!("{}{}", before.get(start..).unwrap_or_default(), SafeText::line(line.after()));
    (cut(&shown, room), column)
}

/// Returns the rows of one line of the head, no more than `most`, the last cut where more would follow.
fn note_rows(text: &str, columns: usize, most: usize) -> Vec<String> {
    let ranges = wrap(text, columns.saturating_sub(NOTE_INDENT).max(1));
    let row = |(n, range): (usize, &std::ops::Range<usize>)| {
        let end = if n + 1 == most { text.len() } else { range.end };
        let part = text.get(range.start..end).unwrap_or_default().trim_end();
        let indent = if n == 0 { 0 } else { NOTE_INDENT };
        format!("{}{}", " ".repeat(indent), cut(part, columns.saturating_sub(indent)))
    };
    ranges.iter().enumerate().take(most).map(row).collect()
}

/// Returns the lines between headers and text: files, and every warning while its cause holds.
fn notes(brush: &Brush<'_>, compose: &Compose) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    let warn = |words: String| (format!(" ! {words}"), Role::Warning);
    if !compose.draft.files.is_empty() {
        let files: Vec<String> = compose
            .draft
            .files
            .iter()
            .map(|f| format!("{} ({})", SafeText::line(&f.name), words::size(f.size)))
            .collect();
        lines.push((format!(" {:>7} {}", say!("label-files"), files.join(", ")), Role::Link));
    }
    if let Some(account) = &compose.unrecorded {
        let words = say!("warn-unrecorded", account = account.as_str());
        lines.push(warn(format!("{words}; {}", say!("hint-unrecorded"))));
    }
    lines.extend(unfilled(brush.app, compose).map(warn));
    if let Some(other) = compose.other.as_ref().filter(|lease| lease.until > brush.app.now) {
        let words = match other.waiting {
            Some(_) => text::render(&other.phrase(|at| brush.app.since(at))),
            None => say!("compose-other", who = other.agent.to_string()),
        };
        lines.push((format!(" ! {words}"), Role::Replying));
    }
    let left_out = compose.still_left_out();
    if !left_out.is_empty() {
        let who: Vec<String> = left_out.iter().map(|who| SafeText::line_max(who.short(), 60).to_string()).collect();
        let key = brush.app.compose_key(Action::AddPeople);
        lines.push(warn(say!("compose-left-out", who = who.join(", "), key = key)));
    }
    if let Some(newest) = compose.news.last() {
        let more = compose.news.len() - 1;
        let words = match more {
            0 => say!("compose-news", newest = newest),
            more => say!("compose-news-more", newest = newest, count = more),
        };
        lines.push(warn(words));
    }
    lines
}

/// Says which variables are to be filled in, each once, and by which key one comes to the next; `None` where there is none.
fn unfilled(app: &App, compose: &Compose) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for variable in compose.unfilled() {
        let name = format!("{{{}}}", SafeText::line_max(&variable.name, 60));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let key = app.compose_key(Action::NextField);
    (!names.is_empty()).then(|| say!("compose-unfilled", count = names.len(), names = names.join(" "), key = key))
}

/// Draws the text area. Its rows are in logical order; those with right-to-left text are put in the order of the screen.
fn text(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, compose: &Compose) {
    if area.is_empty() {
        return;
    }
    frame.render_widget(&compose.area, area);
    frame.buffer_mut().set_style(area, brush.style(Role::Text));
    let cursor = compose.area.screen_cursor();
    let quotes = quoted_rows(compose, usize::from(area.height));
    let top = usize::from(compose.area.scroll_offset().0);
    let mut column = cursor.col;
    let cursor_row = cursor.row.saturating_sub(top);
    for n in 0..usize::from(area.height) {
        let row = paint::line(area, n);
        let logical = read(frame, row);
        let role = if quotes.contains(&n) { Role::Quote } else { Role::Text };
        if role == Role::Quote {
            frame.buffer_mut().set_style(row, brush.style(role));
            // The first row bears the sign in its text, those that follow it bear it beside theirs.
            if !logical.starts_with('>') {
                let margin = Rect::new(row.x.saturating_sub(1), row.y, 1, 1);
                paint::text(frame, margin, ">", brush.style(role));
            }
        }
        let laid = lay_out(&logical, usize::MAX, brush.app.around.terminal_bidi);
        let Some(laid) = laid.into_iter().next().filter(|laid| laid.right || laid.text != logical) else { continue };
        let gap = if laid.right { usize::from(row.width).saturating_sub(width(&laid.text) + 1) } else { 0 };
        if n == cursor_row {
            column = gap + visual_column(&logical, chars_before(&logical, cursor.col));
        }
        Clear.render(row, frame.buffer_mut());
        paint::text(frame, row, &format!("{}{}", " ".repeat(gap), laid.text), brush.style(role));
    }
    if compose.field == Field::Body && cursor_row < usize::from(area.height) {
        let x = area.x + u16::try_from(column).unwrap_or(0);
        let y = area.y + u16::try_from(cursor_row).unwrap_or(0);
        frame.set_cursor_position(Position::new(x.min(area.right().saturating_sub(1)), y));
    }
}

/// Returns the rows on the screen that belong to a quoted line.
fn quoted_rows(compose: &Compose, rows: usize) -> BTreeSet<usize> {
    let area = &compose.area;
    let top = usize::from(area.scroll_offset().0);
    let begins_at = |row: usize| area.screen_to_data(row, 0);
    let is_quoted = |n: &usize| {
        let row = top + n;
        // Below the text every row is said to be its last.
        let is_there = row.checked_sub(1).is_none_or(|above| begins_at(above) != begins_at(row));
        is_there && area.lines().get(begins_at(row).0).is_some_and(|line| line.starts_with('>'))
    };
    (0..rows).filter(is_quoted).collect()
}

/// Reads a row back from the screen.
fn read(frame: &mut Frame<'_>, row: Rect) -> String {
    let mut out = String::new();
    let mut covered = 0;
    for x in row.left()..row.right() {
        let Some(cell) = frame.buffer_mut().cell(Position::new(x, row.y)) else { continue };
        if covered > 0 {
            covered -= 1;
            continue;
        }
        out.push_str(cell.symbol());
        covered = width(cell.symbol()).saturating_sub(1);
    }
    out.trim_end().to_owned()
}

/// Returns how many characters stand before a column.
fn chars_before(text: &str, column: usize) -> usize {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            let wide = unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
            let before = used < column;
            used += wide;
            before
        })
        .count()
}

#[cfg(test)]
#[path = "compose_tests.rs"]
mod tests;
