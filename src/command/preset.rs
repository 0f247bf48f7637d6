//! Moments that are snoozed until by one letter. Where two of them would be the same, the later one moves on.

use jiff::Timestamp as Instant;
use jiff::civil::{Time, Weekday};
use jiff::tz::TimeZone;

use super::Action;
use crate::model::clock::Timestamp;

/// The hour at which a day of work begins, and the one at which it ends.
const HOURS: (i8, i8) = (9, 19);

/// Returns the place of an action among those that snooze until a moment of their own; `None` of any other.
pub(super) fn of(action: Action) -> Option<usize> {
    use Action::{SnoozeEvening, SnoozeHours, SnoozeMonday, SnoozeTomorrow, SnoozeWeek};
    [SnoozeTomorrow, SnoozeMonday, SnoozeWeek, SnoozeHours, SnoozeEvening].iter().position(|one| *one == action)
}

/// Returns until when an action snoozes that is pressed now; `None` for one that has no moment of its own, and beyond the calendar.
pub fn moment(action: Action, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    of(action)?;
    let now = Instant::from_millisecond(now.0).ok()?.to_zoned(zone.clone());
    let at = |date: jiff::civil::Date, hour: i8| {
        date.to_datetime(Time::new(hour, 0, 0, 0).ok()?).to_zoned(zone.clone()).ok()
    };
    let (morning, evening) = HOURS;
    let tomorrow = now.date().tomorrow().ok()?;
    let then = match action {
        Action::SnoozeTomorrow => at(tomorrow, morning)?,
        Action::SnoozeMonday => {
            let next = now.date().nth_weekday(1, Weekday::Monday).ok()?;
            let next = if next == tomorrow { next.nth_weekday(1, Weekday::Monday).ok()? } else { next };
            at(next, morning)?
        }
        Action::SnoozeWeek => now.checked_add(jiff::Span::new().try_weeks(1).ok()?).ok()?,
        Action::SnoozeHours => now.checked_add(jiff::Span::new().try_hours(3).ok()?).ok()?,
        _ => {
            let today = at(now.date(), evening)?;
            if today > now { today } else { at(tomorrow, evening)? }
        }
    };
    Some(Timestamp(then.timestamp().as_millisecond()))
}

#[cfg(test)]
#[path = "preset_tests.rs"]
mod tests;
