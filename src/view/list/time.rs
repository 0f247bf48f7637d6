//! The six cells at the left edge of a row: a sign, the time that the list is sorted by, and a blank. The cursor stands in them.

use crate::app::words;
use crate::model::view::{ConversationRow, Sort};
use crate::theme::Role;
use crate::view::Brush;
use crate::view::layout::{cut, width};

/// How many cells there are, in any language.
pub(super) const CELLS: usize = 6;
/// Of them those of the time itself.
const TIME: usize = 4;
/// Stands where nobody waits for anything.
const NOTHING: &str = "·";

/// Returns the cells of a row and their role. Of somebody who waits the sign says whether that is longer than the team lets people wait.
pub(super) fn cells(brush: &Brush<'_>, row: &ConversationRow) -> (String, Role) {
    let app = brush.app;
    let since = |at| words::brief(app.now.since(at));
    let (sign, time, role) = match (row.snoozed_until, app.list.order.sort) {
        (Some(until), _) => ("z", words::brief(until.since(app.now)), Role::Snoozed),
        (None, Sort::Activity) => (" ", since(row.last_at), Role::Age),
        (None, Sort::Created) => (" ", since(row.created), Role::Age),
        (None, Sort::Waiting) => match row.waiting_since {
            None => (" ", NOTHING.to_owned(), Role::Age),
            Some(at) => {
                let (sign, role) = judged(brush, app.now.since(at));
                (sign, since(at), role)
            }
        },
    };
    (filled(sign, &time), role)
}

/// Returns what is said of a wait of so many milliseconds, beside what nine of ten of the team's own took.
fn judged(brush: &Brush<'_>, waited: i64) -> (&'static str, Role) {
    match brush.app.usual_wait {
        Some(usual) if waited >= usual => ("!", Role::Late),
        Some(usual) if waited.saturating_mul(2) >= usual => ("~", Role::Soon),
        _ => (" ", Role::Age),
    }
}

/// Puts a time behind its sign, right-aligned, with a blank behind it.
fn filled(sign: &str, time: &str) -> String {
    let time = cut(time, TIME);
    format!("{sign}{}{time} ", " ".repeat(TIME.saturating_sub(width(&time))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_cells_are_six_wide_whatever_the_language_calls_its_hours() {
        for time in ["now", "35m", "1h05", "2d", "·", "25د", "3시간", "1時間半", "12weeks", ""] {
            for sign in [" ", "!", "~", "z"] {
                assert_eq!(width(&filled(sign, time)), CELLS, "{time}");
            }
        }
    }
}
