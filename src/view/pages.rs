//! Windows that are only read.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Page, Severity, words};
use crate::keymap::Action;
use crate::model::conversation::LogEntry;
use crate::theme::Role;
use crate::view::layout::{fit, width};
use crate::view::paint::Pieces;
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, page: &Page) {
    let area = frame.area();
    let place = Rect::new(0, 0, area.width, area.height.saturating_sub(1));
    let (title, lines) = match page {
        Page::Help { context, .. } => (format!("Help: {}", context.title().to_lowercase()), help(brush, *context)),
        Page::Messages { .. } => ("Notices".to_owned(), messages(brush)),
        Page::Log { short, entries, .. } => (format!("Log of {short}"), log(brush, entries.as_deref())),
    };
    let inside = paint::window(frame, place, &title, brush.style(Role::Border), brush.style(Role::HeadingFocused));
    let rows = usize::from(inside.height);
    let top = page.scroll().min(lines.len().saturating_sub(rows));
    for (n, pieces) in lines.iter().skip(top).take(rows).enumerate() {
        paint::pieces(frame, paint::line(inside, n), pieces);
    }
    let status = Rect::new(0, area.height.saturating_sub(1), area.width, 1);
    ratatui::widgets::Widget::render(ratatui::widgets::Clear, status, frame.buffer_mut());
    let label = |action| brush.app.around.keymap.label(crate::keymap::Context::Page, action);
    let last = (top + rows).min(lines.len());
    let pieces = [
        (format!(" {}", label(Action::Back)), brush.style(Role::Key)),
        (" closes ".to_owned(), brush.style(Role::Hint)),
        (format!(" {}", label(Action::Down)), brush.style(Role::Key)),
        (format!(" {}", label(Action::PageDown)), brush.style(Role::Key)),
        (format!(" scroll · {last} of {}", lines.len()), brush.style(Role::Hint)),
    ];
    paint::pieces(frame, status, &pieces);
}

fn help(brush: &Brush<'_>, context: crate::keymap::Context) -> Vec<Pieces> {
    let rows = brush.app.help(context);
    let keys = rows.iter().map(|(keys, _)| width(keys)).max().unwrap_or(0).min(28);
    rows.into_iter()
        .map(|(key, sentence)| match key.as_str() {
            "" => vec![(sentence, brush.style(Role::Heading))],
            _ => {
                vec![(format!("  {}  ", fit(&key, keys)), brush.style(Role::Key)), (sentence, brush.style(Role::Text))]
            }
        })
        .collect()
}

fn messages(brush: &Brush<'_>) -> Vec<Pieces> {
    if brush.app.notices.is_empty() {
        return vec![vec![("Nothing was told yet.".into(), brush.style(Role::Dim))]];
    }
    let mut lines: Vec<Pieces> = Vec::new();
    for notice in brush.app.notices.iter().rev() {
        let (sign, role) = match notice.severity {
            Severity::Info => ("  ", Role::Text),
            Severity::Warning => ("! ", Role::Warning),
            Severity::Error => ("Error: ", Role::Error),
        };
        let time = words::clock(notice.at, &brush.app.around.zone);
        lines.push(vec![
            (format!(" {time} "), brush.style(Role::Dim)),
            (format!("{sign}{}", notice.text), brush.style(role)),
        ]);
        if !notice.hint.is_empty() {
            lines.push(vec![(format!("         {}", notice.hint), brush.style(Role::Hint))]);
        }
    }
    lines
}

fn log(brush: &Brush<'_>, entries: Option<&[LogEntry]>) -> Vec<Pieces> {
    let Some(entries) = entries else { return vec![vec![(" Loading…".into(), brush.style(Role::Dim))]] };
    if entries.is_empty() {
        return vec![vec![(" Nobody has done anything here yet.".into(), brush.style(Role::Dim))]];
    }
    entries
        .iter()
        .map(|entry| {
            let undone = if entry.undone { " (undone)" } else { "" };
            let server = if entry.on_server.is_none() { " ^ not on the server yet" } else { "" };
            let many = if entry.touched > 1 {
                format!(" (with {} others)", words::number(entry.touched - 1))
            } else {
                String::new()
            };
            vec![
                (format!(" {}  ", brush.app.say(entry.at)), brush.style(Role::Dim)),
                (format!("{}{many}{undone}", entry.sentence), brush.style(Role::Text)),
                (format!("  {}@{}{server}", entry.actor, entry.host), brush.style(Role::Dim)),
            ]
        })
        .collect()
}
