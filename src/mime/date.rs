//! The `Date` header (RFC 5322 section 3.3) and the many ways in which it is broken.

use super::lines::cut;
use crate::model::calendar;
use crate::model::clock::Timestamp;

/// What was found of a date so far.
#[derive(Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    time: Option<i64>,
    zone: Option<i64>,
    afternoon: Option<bool>,
}

/// Reads a date: RFC 5322 by `mailparse`; its obsolete forms, ctime's, ISO 8601's, and those with words missing or out of order by what is
/// here. `None` where it names no day, or one before 1970 or after 9999.
pub(super) fn parse(value: &[u8]) -> Option<Timestamp> {
    let text = String::from_utf8_lossy(value.get(..value.len().min(200)).unwrap_or_default());
    let text = without_comments(cut(&text, 200));
    let seconds = if is_plain(&text) { mailparse::dateparse(&text).ok() } else { None };
    let seconds = seconds.or_else(|| lenient(&text))?;
    (0..253_402_300_800).contains(&seconds).then(|| Timestamp::from_seconds(seconds))
}

/// Tells whether a date has all that RFC 5322 asks for. `mailparse` reads others too, and some of them wrongly: it takes a zone for seconds
/// that are missing, and what is missing for zero.
fn is_plain(text: &str) -> bool {
    let mut words = text.split(' ').filter(|word| !word.is_empty());
    let mut next = || words.next().unwrap_or_default().as_bytes();
    let first = next();
    let day = if first.ends_with(b",") { next() } else { first };
    let (_, year, time, zone) = (next(), next(), next(), next());
    let digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
    matches!(day.len(), 1 | 2)
        && year.len() == 4
        && matches!(time, [a, b, b':', c, d, b':', e, f] if digits(&[*a, *b, *c, *d, *e, *f]))
        && matches!(zone, [b'+' | b'-', hours @ .., _, _] if hours < &b"15"[..] && hours.len() == 2)
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut depth = 0usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn lenient(text: &str) -> Option<i64> {
    let mut found = Found::default();
    for token in text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty()) {
        take(&mut found, token);
    }
    let (year, month, day) = (found.year?, found.month?, found.day?);
    let mut time = found.time.unwrap_or(0);
    let twelve = time / 3600 == 12;
    match found.afternoon {
        Some(true) if !twelve && time < 12 * 3600 => time += 12 * 3600,
        Some(false) if twelve => time -= 12 * 3600,
        _ => {}
    }
    // A day that its month does not have (31 November) is so many days after its first.
    let first = jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1).ok()?;
    let first = first.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second();
    (1..=31).contains(&day).then(|| first + (day - 1) * 86_400 + time - found.zone.unwrap_or(0))
}

fn take(found: &mut Found, token: &str) {
    if token.contains(':') {
        take_time(found, token);
        return;
    }
    if token.starts_with(['+', '-']) && token.len() > 1 && token.chars().skip(1).all(|c| c.is_ascii_digit()) {
        found.zone = found.zone.or_else(|| offset(token));
        return;
    }
    if token.contains(['-', '/', '.']) && token.starts_with(|c: char| c.is_ascii_digit()) {
        take_joined(found, token);
        return;
    }
    if let Ok(number) = token.trim_end_matches(['.', 't', 'h', 's', 'n', 'd', 'r']).parse::<i64>() {
        take_number(found, number, token.len());
        return;
    }
    if let Some(month) = month(token) {
        found.month = found.month.or(Some(month));
    } else if found.time.is_some() {
        match token.to_ascii_lowercase().as_str() {
            "pm" => found.afternoon = Some(true),
            "am" => found.afternoon = Some(false),
            name => found.zone = found.zone.or_else(|| named_zone(name)),
        }
    }
}

fn take_number(found: &mut Found, number: i64, digits: usize) {
    if digits <= 2 && found.day.is_none() && (1..=31).contains(&number) {
        found.day = Some(number);
    } else if found.year.is_none() {
        found.year = match (digits, number) {
            (1 | 2, 0..=49) => Some(2000 + number),
            (1..=3, _) => Some(1900 + number),
            _ => Some(number),
        }
        .filter(|year| (1900..=9999).contains(year));
    }
}

/// Reads a month by its first three letters, whatever follows.
fn month(token: &str) -> Option<i64> {
    calendar::month(token.get(..3)?).map(i64::from)
}

/// `2002-07-01`, `2002-07-01T10:00:00Z`'s first half, `01-Jul-2002`, `7/1/2002`, `1.7.2002`.
fn take_joined(found: &mut Found, token: &str) {
    let parts: Vec<&str> = token.split(['-', '/', '.']).filter(|part| !part.is_empty()).collect();
    let [first, second, third] = parts.as_slice() else { return };
    if let (Some(month), Ok(day)) = (month(second), first.parse::<i64>()) {
        found.day = found.day.or(Some(day));
        found.month = found.month.or(Some(month));
        if let Ok(year) = third.parse() {
            take_number(found, year, third.len().max(2));
        }
        return;
    }
    let (Ok(a), Ok(b), Ok(c)) = (first.parse::<i64>(), second.parse::<i64>(), third.parse::<i64>()) else { return };
    let (year, month, day) = match (first.len(), token.contains('/')) {
        (4, _) => (a, b, c),
        (_, true) if a <= 12 => (c, a, b),
        _ => (c, b, a),
    };
    if (1..=12).contains(&month) {
        found.year = Some(if year < 50 {
            2000 + year
        } else if year < 1000 {
            1900 + year
        } else {
            year
        });
        found.month = Some(month);
        found.day = Some(day);
    }
}

/// `10:20`, `10:20:30`, `10:20:30.123`, `10:20:30+02:00`, `2002-07-01T10:20:30Z`.
fn take_time(found: &mut Found, token: &str) {
    let mut clock = token;
    if let Some((date, rest)) = token.split_once(['T', 't'])
        && date.starts_with(|c: char| c.is_ascii_digit())
    {
        take_joined(found, date);
        clock = rest;
    }
    let end = clock.find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.')).unwrap_or(clock.len());
    let (digits, zone) = clock.split_at_checked(end).unwrap_or((clock, ""));
    let mut parts = digits.split([':', '.']).map(|part| part.parse::<i64>().unwrap_or(0));
    let (hour, minute, second) = (parts.next().unwrap_or(0), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found.time.is_none()
        && hour <= 24
        && minute < 60
        && second <= 61
        && clock.starts_with(|c: char| c.is_ascii_digit())
    {
        found.time = Some(hour * 3600 + minute * 60 + second);
    }
    match zone {
        "" => {}
        "Z" | "z" => found.zone = Some(0),
        _ if zone.eq_ignore_ascii_case("pm") => found.afternoon = Some(true),
        _ if zone.eq_ignore_ascii_case("am") => found.afternoon = Some(false),
        _ => found.zone = found.zone.or_else(|| offset(zone)),
    }
}

/// `+0200`, `-02:00`, `+2`: seconds east of Greenwich.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+')?),
    };
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let number: i64 = cut(&digits, 6).parse().ok()?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    // What is further off than any place on earth is a broken zone, not a broken date.
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Zone names of RFC 5322 section 4.3 and the common ones beside them; single letters are unknown and so UTC, as it says.
fn named_zone(name: &str) -> Option<i64> {
    let hours = match name {
        "ut" | "utc" | "gmt" | "z" | "wet" => 0,
        "est" => -5,
        "edt" | "ast" => -4,
        "cst" | "mdt" => -6,
        "cdt" => -5,
        "mst" | "pdt" => -7,
        "pst" | "akdt" => -8,
        "hst" => -10,
        "bst" | "cet" | "met" | "mez" | "west" => 1,
        "cest" | "mest" | "mesz" | "eet" | "sast" => 2,
        "eest" | "msk" => 3,
        "msd" => 4,
        "pkt" => 5,
        "jst" | "kst" => 9,
        "aest" => 10,
        "aedt" => 11,
        "nzst" => 12,
        "nzdt" => 13,
        _ => return None,
    };
    Some(hours * 3600)
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
