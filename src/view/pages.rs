//! Windows that are only read.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::source::chopped;
use crate::app::{Mark, Page, SavedText, Severity, Source, words};
use crate::keymap::{Action, Context};
use crate::model::conversation::LogEntry;
use crate::model::piped::Piped;
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{cut, field, lay_out_said, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::{Brush, Cache, looking, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, page: &Page, cache: &mut Cache) {
    let place = brush.app.geometry().page();
    paint::clear(frame, place);
    let title = match page {
        Page::Help(page) => return super::help::draw(brush, frame, place, page),
        Page::Messages { .. } => match brush.app.standing() {
            0 => say!("title-notices"),
            n => say!("title-notices-stand", count = n),
        },
        Page::Compared { shorts, .. } => say!("title-compared", ids = shorts),
        Page::Marked { .. } => say!("title-marked", what = brush.app.selection()),
        Page::Changed { saved, .. } => say!("title-reply-changed", name = &saved.name),
        Page::Piped { command, .. } => say!("title-piped", command = SafeText::line_max(command, 200)),
        Page::Source { name, raw, .. } => {
            let key = brush.app.around.keymap.label(Context::Page, Action::Headers);
            match raw {
                false => say!("title-source-headers", name = name, key = key),
                true => say!("title-source-raw", name = name, key = key),
            }
        }
        Page::Log { short, .. } => {
            let zone = words::zone(brush.app.now, &brush.app.around.zone);
            match short {
                Some(short) => say!("title-log", short = short, zone = zone),
                None => say!("title-log-of-all", zone = zone),
            }
        }
    };
    let inside = Rect { y: place.y + 1, height: place.height.saturating_sub(1), ..place };
    let (rows, columns) = (usize::from(inside.height), usize::from(inside.width).saturating_sub(1));
    let (lines, top): (Cow<'_, [Pieces]>, usize) = match page {
        Page::Help(_) => (Cow::default(), 0),
        Page::Changed { saved, scroll } => (changed(brush, saved, columns).into(), *scroll),
        Page::Source { source, raw, scroll, .. } => {
            (source_lines(brush, source.as_deref(), *raw, columns).into(), *scroll)
        }
        Page::Piped { piped, scroll, .. } => (piped_lines(brush, piped.as_deref(), columns).into(), *scroll),
        Page::Compared { sides: None, scroll, .. } => {
            (vec![vec![(format!(" {}", say!("loading")), brush.style(Role::Dim))]].into(), *scroll)
        }
        Page::Compared { sides: Some(sides), scroll, .. } => {
            let lines = looking::compared(brush, &mut cache.compared, sides, usize::from(inside.width));
            cache.page = Some(lines.len());
            (lines.into(), *scroll)
        }
        Page::Marked { rows: marked, more, at } => {
            let (lines, end) = looking::marked(brush, (marked.as_deref(), *more), *at, columns);
            (lines.into(), end.saturating_sub(rows))
        }
        Page::Messages { at } => {
            let (lines, end) = messages(brush, *at, columns);
            (lines.into(), end.saturating_sub(rows))
        }
        Page::Log { entries, at, id, .. } => {
            let (lines, end) = log(brush, entries.as_deref(), *at, id.is_none(), columns);
            (lines.into(), end.saturating_sub(rows))
        }
    };
    let top = top.min(lines.len().saturating_sub(rows));
    for (n, pieces) in lines.iter().skip(top).take(rows).enumerate() {
        paint::pieces(frame, paint::line(inside, n), pieces);
    }
    let last = say!("page-place", last = (top + rows).min(lines.len()).to_string(), of = lines.len().to_string());
    head(brush, frame, paint::line(place, 0), &title, &last);
}

/// Draws the heading of a page, with how far it is read at the right.
pub(super) fn head(brush: &Brush<'_>, frame: &mut Frame<'_>, row: Rect, title: &str, last: &str) {
    let room = usize::from(row.width).saturating_sub(width(last) + 3);
    paint::text(frame, row, &format!(" {}", cut(title, room)), brush.style(Role::HeadingFocused));
    let x = row.right().saturating_sub(u16::try_from(width(last) + 1).unwrap_or(0));
    paint::text(frame, Rect { x, width: row.right().saturating_sub(x), ..row }, last, brush.style(Role::Hint));
}

/// Lays out a message as it came.
fn source_lines(brush: &Brush<'_>, source: Option<&Source>, raw: bool, columns: usize) -> Vec<Pieces> {
    let Some(source) = source else { return vec![vec![(format!(" {}", say!("loading")), brush.style(Role::Dim))]] };
    let row = |row: &str| vec![(field(row), brush.style(Role::Text))];
    let mut lines: Vec<Pieces> = source.rows(raw, columns).map(row).collect();
    lines.extend(source.ends(raw).into_iter().map(|words| vec![(words, brush.style(Role::Dim))]));
    lines
}

/// Lays out what a command made of mail. What it printed keeps its columns: a line is cut into rows wherever one is full.
fn piped_lines(brush: &Brush<'_>, piped: Option<&Piped>, columns: usize) -> Vec<Pieces> {
    let mut lines = Vec::new();
    for (is_ours, line) in brush.app.piped_lines(piped) {
        let role = if is_ours { Role::Dim } else { Role::Text };
        let rows = chopped(&line, columns.saturating_sub(1)).into_iter();
        lines.extend(rows.map(|row| vec![(format!(" {}", field(row)), brush.style(role))]));
    }
    lines
}

/// Lays out what became of a saved reply since it was last used.
fn changed(brush: &Brush<'_>, saved: &SavedText, columns: usize) -> Vec<Pieces> {
    let mut lines = Vec::new();
    for (mark, text) in brush.app.changed_lines(saved) {
        let role = match mark {
            Mark::Said => Role::Dim,
            Mark::Warned => Role::Warning,
            Mark::Same => Role::Text,
            Mark::Old => Role::Error,
            Mark::New => Role::Good,
        };
        laid(brush, mark.sign(), text.as_str(), brush.style(role), columns, &mut lines);
    }
    lines
}

/// Returns the lines of what was told, and behind which of them the entry under the cursor ends.
fn messages(brush: &Brush<'_>, at: usize, columns: usize) -> (Vec<Pieces>, usize) {
    let told = brush.app.told_lines();
    if told.is_empty() {
        return (vec![vec![(format!(" {}", say!("notices-none")), brush.style(Role::Dim))]], 0);
    }
    let mut lines: Vec<Pieces> = Vec::new();
    let mut end = 0;
    for (n, (notice, part)) in told.into_iter().enumerate() {
        let sign = if n == at { ">" } else { " " };
        let (front, text, role) = match part {
            None => {
                let (mark, role) = match notice.severity {
                    Severity::Info => (String::new(), Role::Text),
                    Severity::Warning => ("! ".to_owned(), Role::Warning),
                    Severity::Error => (format!("{} ", say!("notice-error")), Role::Error),
                };
                let time = words::clock(notice.at, &brush.app.around.zone);
                (format!("{sign} {time}  "), format!("{mark}{}", notice.text), role)
            }
            Some(part) => (format!("{sign}          "), part.text.to_string(), Role::Text),
        };
        let style = brush.style(if n == at { Role::Choice } else { role });
        laid(brush, &front, &text, style, columns, &mut lines);
        if part.is_none() && !notice.hint.is_empty() {
            laid(brush, "         ", notice.hint.as_str(), brush.style(Role::Hint), columns, &mut lines);
        }
        if n == at {
            end = lines.len();
        }
        let last = match part {
            Some(part) => notice.parts.last().is_some_and(|last| std::ptr::eq(last, part)),
            None => false,
        };
        if last && notice.more > 0 {
            let more = format!("           {}", say!("undo-more", count = notice.more));
            lines.push(vec![(more, brush.style(Role::Dim))]);
        }
    }
    (lines, end)
}

/// Lays out a text behind what stands in front of its first line.
fn laid(brush: &Brush<'_>, front: &str, text: &str, style: Style, columns: usize, lines: &mut Vec<Pieces>) {
    let indent = width(front);
    let as_is = brush.app.around.screen_order.as_is();
    for (n, part) in lay_out_said(text, columns.saturating_sub(indent).max(8), as_is).into_iter().enumerate() {
        let front = if n == 0 { front.to_owned() } else { " ".repeat(indent) };
        lines.push(vec![(front, brush.style(Role::Dim)), (part.text, style)]);
    }
}

/// Returns the lines of the audit trail, and behind which of them the entry under the cursor ends.
fn log(
    brush: &Brush<'_>,
    entries: Option<&[LogEntry]>,
    at: usize,
    is_of_all: bool,
    columns: usize,
) -> (Vec<Pieces>, usize) {
    let said = |words: &str| (vec![vec![(format!(" {words}"), brush.style(Role::Dim))]], 0);
    let Some(entries) = entries else { return said(&say!("loading")) };
    if entries.is_empty() {
        return said(&say!("log-none"));
    }
    let mut lines = Vec::new();
    let mut end = 0;
    for (n, entry) in entries.iter().enumerate() {
        log_entry(brush, entry, (n == at, is_of_all), columns, &mut lines);
        if n == at {
            end = lines.len();
        }
    }
    (lines, end)
}

/// Lays out an entry: when, then the sentence, as many lines as it takes.
fn log_entry(
    brush: &Brush<'_>,
    entry: &LogEntry,
    (chosen, is_of_all): (bool, bool),
    columns: usize,
    lines: &mut Vec<Pieces>,
) {
    let mut text = entry.sentence.to_string();
    let mut add = |words: String| text.push_str(&format!(" {words}"));
    if is_of_all && !entry.conversations.is_empty() {
        add(format!("· {}", entry.conversations.iter().take(3).cloned().collect::<Vec<_>>().join(" ")));
    }
    if entry.touched > 1 {
        add(say!("log-with-others", count = entry.touched - 1));
    }
    match &entry.lost_to {
        _ if entry.undone => add(say!("log-undone")),
        Some(who) if who == "nobody" => add(say!("log-nobody-had-it")),
        Some(who) => add(say!("log-was-first", who = who.to_string())),
        None if entry.lost > 0 => add(say!("log-lost-some", lost = entry.lost, of = entry.touched)),
        None => {}
    }
    add(format!("· {}", say!("log-on-host", host = &entry.host)));
    if entry.on_server.is_none() {
        add(format!("^ {}", say!("not-on-server")));
    }
    let time = words::minute(entry.at, &brush.app.around.zone);
    let role = if entry.undone || entry.lost_to.is_some() || entry.lost == entry.touched.max(1) {
        Role::Dim
    } else {
        Role::Text
    };
    let style = if chosen { brush.style(Role::Choice) } else { brush.style(role) };
    let sign = if chosen { ">" } else { " " };
    laid(brush, &format!("{sign} {time}  "), &text, style, columns, lines);
}
