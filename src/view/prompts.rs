//! Lines of text that are asked for, as sheets: what is typed, and under it what it means or what is wrong with it.

use ratatui::layout::{Position, Rect};

use crate::app::{Hit, Laid, Prompt, PromptKind};
use crate::model::text::SafeText;
use crate::model::text::places::{row_of, rows};
use crate::theme::Role;
use crate::view::layout::{lay_out, width, wrap};
use crate::view::paint::Frame;
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

/// Draws a line; `laid` is how the conversation below was laid out.
pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, prompt: &Prompt, laid: Option<&Laid>) {
    let words = title(brush, prompt.kind);
    let title = Title { words: &words, typed: None, right: "", role: Role::HeadingFocused };
    let inside = sheet::open(brush, frame, place, &title);
    let label = if prompt.kind == PromptKind::Search { "/" } else { "" };
    let indent = 1 + width(label);
    let columns = usize::from(inside.width).saturating_sub(indent + 2).max(5);
    let (lines, cursor) = typed_lines(prompt, columns, brush.app.around.screen_order.as_is());
    let most = usize::from(inside.height.saturating_sub(1)).max(1);
    let skipped = (cursor.1 + 1).saturating_sub(most);
    let role = if prompt.fresh { Role::Hint } else { Role::Text };
    let left = inside.x + u16::try_from(indent).unwrap_or(0);
    for (n, (row, text)) in lines.iter().skip(skipped).take(most).enumerate() {
        let head = if n == 0 && skipped == 0 { format!(" {label}") } else { " ".repeat(indent) };
        let pieces = [(head, brush.style(Role::Prompt)), (text.clone(), brush.style(role))];
        paint::pieces(frame, paint::line(inside, n), &pieces);
        brush.hit(paint::line(inside, n), Hit::Line { row: *row, left, room: columns });
    }
    if inside.height > 1 {
        below(brush, frame, paint::line(inside, usize::from(inside.height) - 1), prompt, laid);
    }
    let column = usize::try_from(isize::try_from(indent).unwrap_or(0) + cursor.0).unwrap_or(0);
    let x = inside.x + u16::try_from(column).unwrap_or(inside.width).min(inside.width.saturating_sub(1));
    let y = inside.y + u16::try_from(cursor.1 - skipped).unwrap_or(0);
    frame.set_cursor_position(Position::new(x, y.min(inside.bottom().saturating_sub(1))));
}

/// Says what is asked for, and about what.
fn title(brush: &Brush<'_>, kind: PromptKind) -> String {
    let what = || brush.app.selection();
    match kind {
        PromptKind::Search => say!("title-search"),
        PromptKind::Note => say!("title-note", what = what()),
        PromptKind::Snooze => say!("title-snooze", what = what()),
        PromptKind::Title => say!("title-title", what = what()),
        PromptKind::PipeMail => say!("title-pipe", what = what()),
        other => other.label().trim_end_matches(':').to_owned(),
    }
}

/// Returns the typed text in rows, each with where it begins in the text and with blanks in front where it stands at the right, and the
/// cursor's column and row.
fn typed_lines(prompt: &Prompt, columns: usize, as_is: bool) -> (Vec<(usize, String)>, (isize, usize)) {
    let text = prompt.line.text();
    let before = prompt.line.before();
    let (mut lines, mut cursor, mut start) = (Vec::new(), (0, 0), 0);
    for paragraph in text.split('\n') {
        let safe = SafeText::line(paragraph).to_string();
        let rows = rows(&safe, columns, as_is);
        if let Some(typed) = before.get(start..).filter(|typed| !typed.contains('\n')) {
            let place = SafeText::line(typed).as_str().len();
            let at = row_of(&rows, place);
            let column = rows.get(at).map_or(0, |row| row.column(place).0);
            cursor = (column.min(isize::try_from(columns).unwrap_or(isize::MAX)), lines.len() + at);
        }
        // What is not drawn of it takes no column, so that its rows are those of the text as it was typed.
        let begins = wrap(paragraph, columns).into_iter().map(|range| start + range.start);
        lines.extend(begins.zip(lay_out(&safe, columns, as_is)).map(|(begin, laid)| {
            let gap = if laid.right { columns.saturating_sub(width(&laid.text)) } else { 0 };
            (begin, format!("{}{}", " ".repeat(gap), laid.text))
        }));
        start += paragraph.len() + 1;
    }
    (lines, cursor)
}

/// Draws what is wrong with the line, or what it means.
fn below(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, prompt: &Prompt, laid: Option<&Laid>) {
    let app = brush.app;
    let (words, role) = match (&prompt.error, prompt.when, &prompt.offered) {
        (Some(error), ..) => (format!(" ! {}", SafeText::line_max(error, 400)), Role::Error),
        (None, Some(at), _) => (
            match prompt.kind {
                PromptKind::SendLater => format!(" {}", say!("prompt-sends-then", at = app.say(at))),
                _ => format!(" {}", say!("prompt-snoozes", at = app.say(at))),
            },
            Role::Good,
        ),
        (None, None, Some((offers, at))) => {
            let shown =
                offers.iter().enumerate().skip(if *at == usize::MAX { 0 } else { at.saturating_sub(3) }).take(8);
            let shown: Vec<String> = shown.map(|(n, o)| if n == *at { format!("[{o}]") } else { o.clone() }).collect();
            (format!(" {}", SafeText::line(&shown.join(" "))), Role::Hint)
        }
        (None, None, None) if prompt.kind == PromptKind::Find && !prompt.line.is_empty() => found(laid),
        (None, None, None) => (format!(" {}", help(prompt.kind)), Role::Hint),
    };
    paint::text(frame, place, &words, brush.style(role));
}

/// Says how much is found of what is typed.
fn found(laid: Option<&Laid>) -> (String, Role) {
    let Some(laid) = laid else { return (String::new(), Role::Hint) };
    let mut words = match laid.hits.len() {
        0 => say!("prompt-find-none"),
        count => say!("prompt-find-hits", count = count),
    };
    if laid.folded > 0 && !laid.hits.is_empty() {
        words = format!("{words}, {}", say!("prompt-find-folded", count = laid.folded));
    }
    let role = if laid.hits.is_empty() { Role::Warning } else { Role::Match };
    (format!(" {words}"), role)
}

fn help(kind: PromptKind) -> String {
    match kind {
        PromptKind::Search => say!("prompt-search-help"),
        PromptKind::Find => say!("prompt-find-help", key = "/"),
        PromptKind::Note | PromptKind::EditNote(_) => say!("prompt-note-help"),
        PromptKind::Snooze => say!("prompt-snooze-help"),
        PromptKind::Attach => say!("prompt-attach-help"),
        PromptKind::SendLater => say!("prompt-later-help"),
        PromptKind::SaveTo | PromptKind::SaveAllTo => say!("prompt-save-help"),
        PromptKind::PipeTo => say!("prompt-pipe-help"),
        PromptKind::PipeMail => say!("prompt-pipe-mail-help"),
        PromptKind::SaveView => say!("prompt-save-view-help"),
        PromptKind::GiveBack => say!("prompt-give-back-help"),
        PromptKind::Title => say!("prompt-title-help"),
    }
}
