//! A window with choices, narrowed by typing.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::app::Picker;
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{cut, fit, visual, width};
use crate::view::{Brush, paint};

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, picker: &Picker) {
    let area = frame.area();
    let w = area.width.saturating_sub(4).min(90);
    let h = u16::try_from(picker.choices.len() + 3)
        .unwrap_or(u16::MAX)
        .clamp(5, area.height.saturating_sub(2).clamp(5, 20));
    let place = Rect::new((area.width - w) / 2, (area.height.saturating_sub(h)) / 3, w, h);
    let inside = paint::window(frame, place, picker.title, brush.style(Role::Border), brush.style(Role::Heading));
    let typed = SafeText::line(&picker.line.text());
    let line = [("> ".to_owned(), brush.style(Role::Prompt)), (typed.to_string(), brush.style(Role::Text))];
    paint::pieces(frame, paint::line(inside, 0), &line);
    let rows = usize::from(inside.height.saturating_sub(1));
    let top = (picker.at + 1).saturating_sub(rows);
    if picker.shown.is_empty() {
        paint::text(frame, paint::line(inside, 1), " Nothing matches.", brush.style(Role::Dim));
    }
    let label_room = picker.choices.iter().map(|c| width(&c.label)).max().unwrap_or(0).min(usize::from(w) * 3 / 4);
    for (n, place) in picker.shown.iter().enumerate().skip(top).take(rows) {
        let Some(choice) = picker.choices.get(*place) else { continue };
        let row = paint::line(inside, n - top + 1);
        let off = choice.disabled.is_some();
        let detail = match &choice.disabled {
            Some(reason) => format!("not now: {reason}"),
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
