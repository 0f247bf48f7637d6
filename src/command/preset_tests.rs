use super::*;

/// Says the moments in the order of the keys `t m w h e`.
fn moments(now: &str) -> Vec<String> {
    use Action::{SnoozeEvening, SnoozeHours, SnoozeMonday, SnoozeTomorrow, SnoozeWeek};
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let now = now.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap();
    let now = Timestamp(now.timestamp().as_millisecond());
    let said = |action| {
        let at = Instant::from_millisecond(moment(action, now, &zone).unwrap().0).unwrap();
        at.to_zoned(zone.clone()).strftime("%a %-d %b %H:%M").to_string()
    };
    [SnoozeTomorrow, SnoozeMonday, SnoozeWeek, SnoozeHours, SnoozeEvening].map(said).to_vec()
}

#[test]
fn monday_moves_on_where_it_is_tomorrow_and_the_evening_where_it_is_over() {
    assert_eq!(
        moments("2026-11-25T14:32"),
        ["Thu 26 Nov 09:00", "Mon 30 Nov 09:00", "Wed 2 Dec 14:32", "Wed 25 Nov 17:32", "Wed 25 Nov 19:00"]
    );
    assert_eq!(
        moments("2026-11-29T20:00"),
        ["Mon 30 Nov 09:00", "Mon 7 Dec 09:00", "Sun 6 Dec 20:00", "Sun 29 Nov 23:00", "Mon 30 Nov 19:00"]
    );
}

#[test]
fn an_action_without_a_moment_of_its_own_has_none() {
    assert_eq!(moment(Action::Snooze, Timestamp(0), &TimeZone::UTC), None);
    assert_eq!(moment(Action::SnoozeTomorrow, Timestamp(i64::MAX), &TimeZone::UTC), None);
}
