//! A sheet with choices, narrowed by typing; the palette is one of them.

mod assign;

use ratatui::layout::Rect;

use crate::app::sheet::PREVIEW_BESIDE_FROM;
use crate::app::{Choice, Hit, Picked, Picker, PickerKind};
use crate::model::text::SafeText;
use crate::theme::Role;
use crate::view::layout::{cut, field, fit, lay_out, width};
use crate::view::paint::{Frame, Pieces};
use crate::view::sheet::{self, Title};
use crate::view::{Brush, paint};

/// The columns of the choices where what is chosen is shown beside them.
const BESIDE: u16 = 24;
/// The rows in which what is chosen is shown under the choices.
const UNDER: u16 = 3;
/// From so many columns on each action says what it does.
const TOLD_FROM: u16 = 100;
/// The columns that a target takes at most.
const TARGET_MAX: usize = 24;

pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, place: Rect, picker: &Picker) {
    let right = right_of(picker);
    let title = Title { words: &picker.title, typed: Some(&picker.line), right: &right, role: Role::HeadingFocused };
    let inside = sheet::open(brush, frame, place, &title);
    let (mut rows, look) = divided(picker, inside);
    if picker.kind == PickerKind::Merge && rows.height > 1 {
        rows.height -= 1;
        let words = format!("! {}", say!("merge-shows"));
        paint::text(frame, paint::line(inside, usize::from(rows.height)), &words, brush.style(Role::Warning));
    }
    if let Some(look) = look {
        preview(brush, frame, look, picker);
    }
    if picker.shown.is_empty() {
        paint::text(frame, paint::line(rows, 0), &format!("  {}", say!("pick-no-match")), brush.style(Role::Dim));
        return;
    }
    let room = usize::from(rows.height);
    // The heading over what only speaks of what was typed takes a row.
    let headed = picker.begins < picker.shown.len();
    let row_of = |n: usize| n + usize::from(headed && n >= picker.begins);
    let top = picker.at.map_or(0, |at| (row_of(at) + 1).saturating_sub(room));
    let labels = label_room(picker, rows);
    for (n, choice) in picker.shown.iter().enumerate().filter_map(|(n, place)| Some((n, picker.choices.get(*place)?))) {
        let Some(y) = row_of(n).checked_sub(top).filter(|y| *y < room) else { continue };
        if headed && n == picker.begins && y > 0 {
            paint::text(
                frame,
                paint::line(rows, y - 1),
                &format!(" {}", say!("palette-words")),
                brush.style(Role::Hint),
            );
        }
        let row = paint::line(rows, y);
        let is_chosen = picker.at == Some(n);
        // On a narrow screen what an action does is said of the one under the cursor: the others are few letters, and come at once.
        let is_told = is_chosen || rows.width >= TOLD_FROM || !matches!(choice.means, Picked::Act(_));
        let pieces = match picker.kind {
            PickerKind::Assign => assign::line(brush, picker, choice, is_chosen, (labels, usize::from(row.width))),
            _ => line(brush, choice, (is_chosen, is_told), labels, usize::from(row.width)),
        };
        paint::pieces(frame, row, &pieces);
        brush.hit(row, Hit::Choice(n));
        if is_chosen {
            sheet::tab(brush, frame, row);
        }
    }
}

/// Says at the right of the title how many match, or how the sheet is used.
fn right_of(picker: &Picker) -> String {
    match picker.kind {
        PickerKind::Palette | PickerKind::Merge => String::new(),
        PickerKind::Tags => say!("tag-how"),
        _ if picker.line.is_empty() => String::new(),
        _ => say!("pick-of", count = picker.shown.len(), of = picker.choices.len()),
    }
}

/// Parts the rows of the choices from the place where the chosen one is looked at.
fn divided(picker: &Picker, inside: Rect) -> (Rect, Option<Rect>) {
    if picker.kind != PickerKind::Saved {
        return (inside, None);
    }
    if inside.width >= PREVIEW_BESIDE_FROM {
        let look = Rect { x: inside.x + BESIDE, width: inside.width - BESIDE, ..inside };
        return (Rect { width: BESIDE - 1, ..inside }, Some(look));
    }
    let under = UNDER.min(inside.height / 2);
    let rows = inside.height - under;
    let look = Rect { y: inside.y + rows, height: under, ..inside };
    (Rect { height: rows, ..inside }, Some(look))
}

/// Returns the columns of the labels: those of the widest, so that nothing moves while letters narrow them down.
fn label_room(picker: &Picker, rows: Rect) -> usize {
    let all = usize::from(rows.width);
    let widest = match picker.kind {
        PickerKind::Palette => 20,
        _ => picker.choices.iter().map(|choice| width(&choice.label)).max().unwrap_or(0),
    };
    widest.min(if picker.kind == PickerKind::Palette { all / 3 } else { all * 3 / 4 })
}

fn line(
    brush: &Brush<'_>,
    choice: &Choice,
    (is_chosen, is_told): (bool, bool),
    labels: usize,
    columns: usize,
) -> Pieces {
    let is_off = choice.disabled.is_some();
    let detail = match &choice.disabled {
        Some(reason) if matches!(choice.means, Picked::Move(_)) => reason.clone(),
        Some(reason) => say!("pick-not-now", why = reason),
        None if is_told => choice.detail.clone(),
        None => String::new(),
    };
    let label = SafeText::line(&choice.label);
    // A line that is longer than the others takes what it needs.
    let labels = labels.max(width(label.as_str()).min(columns / 2));
    let target = if is_chosen && !is_off && columns >= usize::from(PREVIEW_BESIDE_FROM) {
        cut(&choice.target, TARGET_MAX.min(columns / 4))
    } else {
        String::new()
    };
    let mut end = String::new();
    for part in [target, choice.key.clone()].into_iter().filter(|part| !part.is_empty()) {
        end.push_str(&format!("  {part}"));
    }
    let room = columns.saturating_sub(2 + labels + 2 + width(&end) + 1);
    let detail = cut(SafeText::line(&detail).as_str(), room);
    let role = |role: Role| brush.style(if is_off { Role::Disabled } else { role });
    // What somebody called something runs as it is written; a name of a file keeps its ending at the end.
    let label = match choice.means {
        Picked::View(_) | Picked::Saved(_) | Picked::Note(_) | Picked::Split(_) | Picked::Row(_) => {
            fit(&field(&cut(label.as_str(), labels)), labels)
        }
        _ => fit(label.as_str(), labels),
    };
    vec![
        (format!("  {label}"), role(if is_chosen { Role::Strong } else { Role::Text })),
        (format!("  {}", if end.is_empty() { detail } else { fit(&detail, room) }), role(Role::Hint)),
        (end, role(Role::Key)),
    ]
}

/// Draws the text of the saved reply under the cursor, as it would be put in: what is open in it, what it adds.
fn preview(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect, picker: &Picker) {
    if area.height > UNDER {
        paint::column(frame, Rect { x: area.x.saturating_sub(1), width: 1, ..area }, '│', brush.style(Role::Border));
    }
    let Some(Picked::Saved(saved)) = picker.chosen().map(|choice| &choice.means) else { return };
    let columns = usize::from(area.width);
    let as_is = brush.app.around.screen_order.as_is();
    let mut lines: Vec<(String, Role)> = Vec::new();
    let open = saved.unresolved.iter().map(|name| format!("{{{name}}}")).collect::<Vec<_>>();
    if !open.is_empty() {
        let words = say!("pick-to-fill-in", names = SafeText::line_max(&open.join(" "), 200));
        lines.push((words, Role::Warning));
    }
    let about = picker.chosen().map(|choice| choice.detail.clone()).unwrap_or_default();
    if !about.is_empty() {
        lines.push((SafeText::line(&about).to_string(), Role::Hint));
    }
    let subject = (!saved.subject.is_empty()).then(|| say!("pick-subject", subject = saved.subject.to_string()));
    lines.extend(subject.into_iter().map(|line| (line, Role::Text)));
    lines.extend(saved.text.lines().map(|line| (SafeText::line(line).to_string(), Role::Text)));
    let laid = lines.iter().flat_map(|(line, role)| {
        let laid = lay_out(line, columns.saturating_sub(2).max(5), as_is);
        laid.into_iter().map(|line| (line, *role))
    });
    for (n, (line, role)) in laid.take(usize::from(area.height)).enumerate() {
        let gap = if line.right { columns.saturating_sub(2 + width(&line.text)) } else { 0 };
        let text = format!(" {}{}", " ".repeat(gap), line.text);
        paint::text(frame, paint::line(area, n), &text, brush.style(role));
    }
}
