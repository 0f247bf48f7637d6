//! What keys would act on where conversations are marked: said in place of the title of the one beside the list.

use ratatui::layout::Rect;

use crate::app::words;
use crate::model::status::Status;
use crate::model::view::ConversationRow;
use crate::theme::Role;
use crate::view::paint::Frame;
use crate::view::{Brush, paint};

/// Draws it on the first line of the pane.
pub(super) fn draw(brush: &Brush<'_>, frame: &mut Frame<'_>, area: Rect) {
    let place = paint::line(area, 0);
    paint::clear(frame, place);
    paint::text(frame, place, &format!(" {}", said(brush)), brush.style(Role::Marked));
}

fn said(brush: &Brush<'_>) -> String {
    let app = brush.app;
    let Some(count) = app.marked_count() else { return say!("marked-all") };
    let rows: Vec<&ConversationRow> = app.list.rows.iter().filter(|row| app.is_marked(row)).collect();
    let of = |status: Status| rows.iter().filter(|row| row.status == status).count();
    let held = Status::ALL.into_iter().map(|status| (status, of(status))).filter(|(_, count)| *count > 0);
    let mut statuses: Vec<String> =
        held.map(|(status, count)| say!("marks-status", count = count, status = status.name())).collect();
    if let Some(oldest) = rows.iter().map(|row| row.last_at).min() {
        statuses.push(say!("marks-oldest", age = words::brief(app.now.since(oldest))));
    }
    let statuses = statuses.join(", ");
    // Of those that were marked pages away no more is known here than that they are.
    match count.saturating_sub(rows.len() as u64) {
        0 => say!("marks-are", count = count, statuses = statuses),
        more => say!("marks-are-more", count = count, statuses = statuses, more = more),
    }
}
