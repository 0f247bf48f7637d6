//! Lines of text at the bottom, with what is wrong or what is meant above them.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget as _};

use crate::app::{Prompt, PromptKind};
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{visual, width, wrap};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, prompt: &Prompt) {
    let area = brush.app.geometry().body;
    let label = format!(" {} ", prompt.kind.label());
    let note = matches!(prompt.kind, PromptKind::Note | PromptKind::EditNote(_));
    let indent = if note { 1 } else { width(&label) };
    let columns = usize::from(area.width).saturating_sub(indent + 2).max(5);
    let (lines, cursor) = typed_lines(prompt, columns);
    let most = usize::from(area.height / 2).max(1);
    let skipped = (cursor.1 + 1).saturating_sub(most);
    let shown = lines.len().min(most);
    let extra = 1 + usize::from(note);
    let height = u16::try_from(shown + extra).unwrap_or(2).min(area.height);
    let place = Rect::new(0, area.bottom() - height, area.width, height);
    Clear.render(place, frame.buffer_mut());
    above(brush, frame, paint::line(place, 0), prompt);
    if note {
        paint::text(frame, paint::line(place, 1), &label, brush.style(Role::Prompt));
    }
    let role = if prompt.fresh { Role::Hint } else { Role::Text };
    for (n, text) in lines.iter().skip(skipped).take(shown).enumerate() {
        let head = if n == 0 && skipped == 0 && !note { label.clone() } else { " ".repeat(indent) };
        let text = visual(SafeText::line(text).as_str(), brush.app.around.terminal_bidi);
        let pieces = [(head, brush.style(Role::Prompt)), (text, brush.style(role))];
        paint::pieces(frame, paint::line(place, n + extra), &pieces);
    }
    let x = u16::try_from(indent + cursor.0).unwrap_or(area.width).min(area.width.saturating_sub(1));
    let y = u16::try_from(cursor.1 - skipped + extra).unwrap_or(0);
    frame.set_cursor_position(Position::new(x, (place.y + y).min(area.bottom().saturating_sub(1))));
}

/// Returns the typed text wrapped, and the cursor's column and line in it.
fn typed_lines(prompt: &Prompt, columns: usize) -> (Vec<String>, (usize, usize)) {
    let text = prompt.line.text();
    let before = prompt.line.before().len();
    let (mut lines, mut cursor, mut start) = (Vec::new(), (0, 0), 0);
    for paragraph in text.split('\n') {
        for range in wrap(paragraph, columns) {
            let from = start + range.start;
            if before >= from {
                let end = before.min(start + range.end);
                cursor = (text.get(from..end).map_or(0, width).min(columns), lines.len());
            }
            lines.push(paragraph.get(range).unwrap_or_default().to_owned());
        }
        start += paragraph.len() + 1;
    }
    (lines, cursor)
}

/// Draws what is wrong with the line, or what it means.
fn above(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, prompt: &Prompt) {
    let app = brush.app;
    let dashes = "─".repeat(usize::from(place.width));
    let (words, role) = match (&prompt.error, prompt.when, &prompt.offered) {
        (Some(error), ..) => (format!(" ! {} ", SafeText::line_max(error, 400)), Role::Error),
        (None, Some(at), _) => (
            match prompt.kind {
                PromptKind::SendLater => format!(" {} ", say!("prompt-sends-then", at = app.say(at))),
                _ => format!(" {} ", say!("prompt-snoozes", at = app.say(at))),
            },
            Role::Good,
        ),
        (None, None, Some((offers, at))) => {
            let shown =
                offers.iter().enumerate().skip(if *at == usize::MAX { 0 } else { at.saturating_sub(3) }).take(8);
            let shown: Vec<String> = shown.map(|(n, o)| if n == *at { format!("[{o}]") } else { o.clone() }).collect();
            (format!(" {} ", SafeText::line(&shown.join(" "))), Role::Hint)
        }
        (None, None, None) => (format!(" {} ", help(prompt.kind)), Role::Hint),
    };
    paint::text(frame, place, &dashes, brush.style(Role::Border));
    let inside = Rect::new(place.x + 1, place.y, place.width.saturating_sub(2), place.height);
    paint::text(frame, inside, &words, brush.style(role));
}

fn help(kind: PromptKind) -> String {
    match kind {
        PromptKind::Search => say!("prompt-search-help"),
        PromptKind::Tag => say!("prompt-tag-help"),
        PromptKind::Note | PromptKind::EditNote(_) => say!("prompt-note-help"),
        PromptKind::Snooze => say!("prompt-snooze-help"),
        PromptKind::Attach => say!("prompt-attach-help"),
        PromptKind::SendLater => say!("prompt-later-help"),
        PromptKind::SaveTo | PromptKind::SaveAllTo => say!("prompt-save-help"),
        PromptKind::PipeTo => say!("prompt-pipe-help"),
        PromptKind::SaveView => say!("prompt-save-view-help"),
        PromptKind::Title => say!("prompt-title-help"),
    }
}
