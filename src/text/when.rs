//! Moments, ages and lengths of time as people say them. Pure: the zone is handed in.

use jiff::tz::TimeZone;

use crate::model::clock::Timestamp;

fn zoned(at: Timestamp, zone: &TimeZone) -> Option<jiff::Zoned> {
    jiff::Timestamp::from_millisecond(at.0).ok().map(|at| at.to_zoned(zone.clone()))
}

/// Returns a moment as every sentence has it, with its weekday and zone: `Tue 2026-12-01 14:00 CET`. Empty where no calendar has it.
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%a %Y-%m-%d %H:%M %Z").to_string())
}

/// Returns day and time for columns: `2026-11-23 09:05`.
pub fn minute(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// Returns the zone's name at a moment: `CET`.
pub fn zone(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%Z").to_string())
}

/// Returns the time of the day: `09:05`.
pub fn clock(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map_or_else(String::new, |at| at.strftime("%H:%M").to_string())
}

/// Returns since when something is so: the time of the day, `09:05`, and before today the day with it.
pub fn since(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match day_number(at, zone) == day_number(now, zone) {
        true => clock(at, zone),
        false => minute(at, zone),
    }
}

/// Returns the day: `Today`, `Yesterday`, else `Mon 23 Nov 2026`.
pub fn day(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (Some(then), Some(today)) = (zoned(at, zone), zoned(now, zone)) else { return String::new() };
    let (then, today) = (then.date(), today.date());
    if then == today {
        say!("day-today")
    } else if today.yesterday().is_ok_and(|yesterday| then == yesterday) {
        say!("day-yesterday")
    } else {
        then.strftime("%a %-d %b %Y").to_string()
    }
}

/// Returns the number of the day in the zone, to see where one ends.
pub fn day_number(at: Timestamp, zone: &TimeZone) -> Option<jiff::civil::Date> {
    zoned(at, zone).map(|at| at.date())
}

/// Returns how long ago `at` was, in at most four columns: `now`, `5m`, `3h`, `12d`, `8w`, `2y`.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    in_age(u64::try_from(now.since(at)).unwrap_or(0) / 60_000)
}

/// Returns a length of time in milliseconds in at most four columns: `now`, `35m`, `1h05`, `23h`, `2d`, `14w`, `3y`.
pub fn brief(milliseconds: i64) -> String {
    let minutes = u64::try_from(milliseconds).unwrap_or(0) / 60_000;
    match minutes {
        60..120 => say!("age-hour-minutes", n = format!("{:02}", minutes - 60)),
        _ => in_age(minutes),
    }
}

fn in_age(minutes: u64) -> String {
    match minutes {
        0 => say!("age-now"),
        1..60 => say!("age-minutes", n = minutes.to_string()),
        60..1_440 => say!("age-hours", n = (minutes / 60).to_string()),
        1_440..40_320 => say!("age-days", n = (minutes / 1_440).to_string()),
        40_320..524_160 => say!("age-weeks", n = (minutes / 10_080).to_string()),
        _ => say!("age-years", n = (minutes / 525_600).max(1).to_string()),
    }
}

/// Returns a length of time in milliseconds, in words: `2 s`, `5 min`, `3 h`, `4 days`.
pub fn span(milliseconds: i64) -> String {
    let seconds = u64::try_from(milliseconds).unwrap_or(0) / 1000;
    match seconds {
        0..60 => say!("span-seconds", n = seconds.to_string()),
        60..3_600 => say!("span-minutes", n = (seconds / 60).to_string()),
        3_600..172_800 => say!("span-hours", n = (seconds / 3_600).to_string()),
        // From two days on.
        _ => say!("span-days", n = (seconds / 86_400).to_string()),
    }
}
