//! Moments as people type them: `3h`, `tomorrow 9`, `mon`, `2026-12-01 14:00`.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan, Zoned};

use crate::model::clock::Timestamp;

/// The hour that a day without a time of day means.
const MORNING: i8 = 9;
/// The hour that `tonight` means.
const EVENING: i8 = 20;

/// Words that name no moment to come.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} {why}")]
pub struct BadWhen {
    /// What was typed, cut to 80 characters.
    pub given: String,
    /// What is wrong, with examples.
    pub why: &'static str,
}

/// Reads a moment after `now`, in the zone `zone`.
///
/// Understood are spans (`45m`, `3h`, `2d`, `1w`), days (`today`, `tonight`, `tomorrow`, `mon` to `sunday`, `next week`, `2026-12-01`)
/// with or without a time of day (`9`, `9:30`, `9am`, `17:00`), a time alone, and RFC 3339.
///
/// # Errors
/// When it can't be understood, or has passed.
pub fn parse(given: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, BadWhen> {
    let bad = |why| BadWhen { given: given.chars().take(80).collect(), why };
    let text = given.trim().to_lowercase();
    let unknown = || bad("is no moment: write 3h, 2d, tomorrow 9, mon, 2026-12-01 14:00");
    let here = zoned(now, zone).ok_or_else(unknown)?;
    let at = span(&text, &here)
        .or_else(|| text.to_uppercase().parse::<jiff::Timestamp>().ok().map(|t| t.to_zoned(zone.clone())))
        .or_else(|| day_and_time(&text, &here))
        .ok_or_else(unknown)?;
    let at = Timestamp(at.timestamp().as_millisecond());
    if at <= now {
        return Err(bad("has passed: name a moment to come"));
    }
    Ok(at)
}

/// Writes a moment with its weekday and zone, as it is shown before it is taken: `Tue 2026-12-01 14:00 CET`.
pub fn write(at: Timestamp, zone: &TimeZone) -> String {
    zoned(at, zone).map(|z| z.strftime("%a %Y-%m-%d %H:%M %Z").to_string()).unwrap_or_default()
}

fn zoned(at: Timestamp, zone: &TimeZone) -> Option<Zoned> {
    jiff::Timestamp::from_millisecond(at.0).ok().map(|t| t.to_zoned(zone.clone()))
}

fn span(text: &str, here: &Zoned) -> Option<Zoned> {
    let text = text.strip_prefix("in ").unwrap_or(text).trim();
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, unit) = (text.get(..digits)?, text.get(digits..)?.trim());
    let number: i64 = number.parse().ok().filter(|n| *n <= 100_000)?;
    match unit {
        "m" | "min" | "minute" | "minutes" => here.checked_add(SignedDuration::from_mins(number)).ok(),
        "h" | "hour" | "hours" => here.checked_add(SignedDuration::from_hours(number)).ok(),
        "d" | "day" | "days" => here.checked_add(number.days()).ok(),
        "w" | "week" | "weeks" => here.checked_add(number.checked_mul(7)?.days()).ok(),
        _ => None,
    }
}

fn day_and_time(text: &str, here: &Zoned) -> Option<Zoned> {
    if let Some(time) = time_of_day(text) {
        let today = at(here.date(), time, here)?;
        return if today > *here { Some(today) } else { at(here.date().tomorrow().ok()?, time, here) };
    }
    let (day, rest) = day(text, here)?;
    let rest = rest.trim().trim_start_matches("at ").trim();
    let hour = if text == "tonight" { EVENING } else { MORNING };
    let time = if rest.is_empty() { Time::new(hour, 0, 0, 0).ok()? } else { time_of_day(rest)? };
    at(day, time, here)
}

fn at(day: Date, time: Time, here: &Zoned) -> Option<Zoned> {
    DateTime::from_parts(day, time).to_zoned(here.time_zone().clone()).ok()
}

fn day<'a>(text: &'a str, here: &Zoned) -> Option<(Date, &'a str)> {
    let today = here.date();
    if let Some(rest) = text.strip_prefix("next week") {
        return Some((next(today, Weekday::Monday)?, rest));
    }
    // `2026-12-01t14:00` is one word with the time in it.
    let dated = text.starts_with(|c: char| c.is_ascii_digit());
    let split = if dated { text.split_once([' ', 't']) } else { text.split_once(' ') };
    let (word, rest) = split.unwrap_or((text, ""));
    let day = match word {
        "today" | "tonight" => today,
        "tomorrow" | "tmr" => today.tomorrow().ok()?,
        "mon" | "monday" => next(today, Weekday::Monday)?,
        "tue" | "tues" | "tuesday" => next(today, Weekday::Tuesday)?,
        "wed" | "wednesday" => next(today, Weekday::Wednesday)?,
        "thu" | "thur" | "thursday" => next(today, Weekday::Thursday)?,
        "fri" | "friday" => next(today, Weekday::Friday)?,
        "sat" | "saturday" => next(today, Weekday::Saturday)?,
        "sun" | "sunday" => next(today, Weekday::Sunday)?,
        _ => word.parse().ok()?,
    };
    Some((day, rest))
}

fn next(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(1, weekday).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let (text, offset) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = text.split_once(':').unwrap_or((text, "0"));
    let short = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() <= 2 && !part.starts_with(['+', '-']));
    let (hour, minute) = (short(hour)?, short(minute)?);
    let hour = match offset {
        Some(offset) if (1..=12).contains(&hour) => hour % 12 + offset,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
