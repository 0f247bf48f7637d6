//! When a mail of an archive arrived: what the archive says, unless the mail's own date says that this can't be.

use crate::model::clock::Timestamp;

/// So far the archive's time may be from the mail's own, in milliseconds. Some programs write when they stored it.
const APART_MAX: i64 = 2 * Timestamp::DAY;

/// Returns the time of arrival: never behind `now`, which mail from the future would be on top of all other for.
pub fn of(named: Option<Timestamp>, date: Option<Timestamp>, changed: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let near = |named: &Timestamp| date.is_none_or(|date| named.0.saturating_sub(date.0).saturating_abs() <= APART_MAX);
    let is_past = |at: &Timestamp| *at <= now;
    let at = named.filter(near).or(date).filter(is_past).or(named.filter(is_past));
    at.or(changed).filter(is_past).unwrap_or(now)
}

/// Reads the time in a file's name: in front in a Maildir (`1700000000.M1P2.host`), and in front of the names that `export` makes
/// (`20261201T140000Z-…`).
pub fn of_name(name: &str) -> Option<Timestamp> {
    let seconds = name.split_once('.').map(|(seconds, _)| seconds).filter(|seconds| matches!(seconds.len(), 9 | 10));
    if let Some(seconds) = seconds.and_then(|seconds| seconds.parse().ok()) {
        return Some(Timestamp::from_seconds(seconds));
    }
    let (text, _) = name.split_once("Z-")?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", text).ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(at.timestamp().as_millisecond()))
}

#[cfg(test)]
#[path = "arrival_tests.rs"]
mod tests;
