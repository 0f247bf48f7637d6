//! A window with choices, narrowed by typing.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::{Picked, Picker};
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{cut, fit, lay_out, visual, width};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, picker: &Picker) {
    let area = brush.app.geometry().body;
    let w = area.width.saturating_sub(4).min(90);
    let previews = picker.choices.iter().any(|choice| matches!(choice.means, Picked::Saved(_)));
    let most = area.height.saturating_sub(1).clamp(5, 20);
    let h = u16::try_from(picker.choices.len() + 3).unwrap_or(u16::MAX).clamp(5, most);
    let h = if previews { area.height.saturating_sub(1).max(h) } else { h }.min(area.height);
    let place = Rect::new((area.width - w) / 2, (area.height.saturating_sub(h)) / 3, w, h);
    let inside = paint::window(frame, place, &picker.title, brush.style(Role::Border), brush.style(Role::Heading));
    let typed = SafeText::line(&picker.line.text());
    let line = [("> ".to_owned(), brush.style(Role::Prompt)), (typed.to_string(), brush.style(Role::Text))];
    paint::pieces(frame, paint::line(inside, 0), &line);
    let mut rows = usize::from(inside.height.saturating_sub(1));
    if previews {
        rows = (rows / 3).max(1);
        let below = u16::try_from(rows + 1).unwrap_or(u16::MAX).min(inside.height);
        let text = Rect::new(inside.x, inside.y + below, inside.width, inside.height - below);
        preview(brush, frame, text, picker);
    }
    let top = (picker.at + 1).saturating_sub(rows);
    if picker.shown.is_empty() {
        paint::text(frame, paint::line(inside, 1), &format!(" {}", say!("pick-no-match")), brush.style(Role::Dim));
    }
    let label_room = picker.choices.iter().map(|c| width(&c.label)).max().unwrap_or(0);
    // Beside a saved reply stands who shared it, however long its name is.
    let label_room = label_room.min(if previews { usize::from(w) / 2 } else { usize::from(w) * 3 / 4 });
    for (n, place) in picker.shown.iter().enumerate().skip(top).take(rows) {
        let Some(choice) = picker.choices.get(*place) else { continue };
        let row = paint::line(inside, n - top + 1);
        let off = choice.disabled.is_some();
        let detail = match &choice.disabled {
            Some(reason) if matches!(choice.means, Picked::Move(_)) => reason.clone(),
            Some(reason) => say!("pick-not-now", why = reason),
            None => choice.detail.clone(),
        };
        let room = usize::from(inside.width).saturating_sub(label_room + width(&choice.key) + 5);
        let as_is = brush.app.around.terminal_bidi;
        let label = visual(&cut(SafeText::line(&choice.label).as_str(), label_room), as_is);
        let detail = visual(&cut(SafeText::line(&detail).as_str(), room), as_is);
        let pieces = [
            (format!(" {}", fit(&label, label_room)), brush.style(if off { Role::Disabled } else { Role::Text })),
            (format!("  {}", fit(&detail, room)), brush.style(if off { Role::Disabled } else { Role::Hint })),
            (format!(" {}", choice.key), brush.style(Role::Key)),
        ];
        paint::pieces(frame, row, &pieces);
        if n == picker.at {
            paint::look(frame, row, brush.style(Role::Choice));
        }
    }
    let x = inside.x + 2 + u16::try_from(width(SafeText::line(picker.line.before()).as_str())).unwrap_or(0);
    frame.set_cursor_position(Position::new(x.min(inside.right().saturating_sub(1)), inside.y));
}

/// Draws the text of the saved reply under the cursor, as it would be put in.
fn preview(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, picker: &Picker) {
    let Some(Picked::Saved(saved)) = picker.chosen().map(|choice| &choice.means) else { return };
    let columns = usize::from(area.width);
    paint::text(frame, paint::line(area, 0), &"─".repeat(columns), brush.style(Role::Border));
    let open = saved.unresolved.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
    if !open.is_empty() {
        let words = format!(" {} ", say!("pick-to-fill-in", names = SafeText::line_max(&open.join(" "), 200)));
        let place = Rect::new(area.x + 1, area.y, area.width.saturating_sub(2), area.height.min(1));
        paint::text(frame, place, &words, brush.style(Role::Warning));
    }
    let as_is = brush.app.around.terminal_bidi;
    let subject = (!saved.subject.is_empty()).then(|| say!("pick-subject", subject = saved.subject.to_string()));
    let lines = subject.iter().map(String::as_str).chain(saved.text.lines());
    let laid = lines.flat_map(|line| lay_out(SafeText::line(line).as_str(), columns.saturating_sub(2).max(5), as_is));
    for (n, line) in laid.take(usize::from(area.height).saturating_sub(1)).enumerate() {
        let gap = if line.right { columns.saturating_sub(2 + width(&line.text)) } else { 0 };
        let text = format!(" {}{}", " ".repeat(gap), line.text);
        paint::text(frame, paint::line(area, n + 1), &text, brush.style(Role::Text));
    }
}
