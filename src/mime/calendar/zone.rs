//! Moments of a calendar, and the zones that they are given in: by the IANA's name, by what Windows calls them, or by the offsets that the
//! calendar itself gives (VTIMEZONE, RFC 5545 section 3.6.5).

use jiff::civil::{Date, DateTime, Weekday};
use jiff::tz::{Offset, TimeZone};

use super::line::Line;
use super::{Component, rule, windows};
use crate::mime::work::step;
use crate::model::clock::Timestamp;
use crate::model::invitation::When;
use crate::model::text::SafeText;

/// The most changes of a zone that are read.
const OBSERVANCES_MAX: usize = 200;
/// The most dates of one change that are read.
const DATES_MAX: usize = 400;
/// The most bytes of a zone's name that is looked up.
const NAME_MAX: usize = 64;

/// The zones that a calendar defines.
pub(super) struct Zones {
    defined: Vec<(String, Vec<Observance>)>,
}

/// A stretch of a zone's year, STANDARD or DAYLIGHT, with the offset from its beginning on.
#[derive(Clone, Debug, Default)]
struct Observance {
    start: Option<DateTime>,
    from: i32,
    to: i32,
    yearly: Option<Yearly>,
    dates: Vec<DateTime>,
}

/// When it begins each year.
#[derive(Clone, Debug)]
struct Yearly {
    month: i8,
    on: On,
    until: Option<DateTime>,
}

#[derive(Clone, Debug)]
enum On {
    /// The weekday of that number within the month, negative from its end.
    Nth(i8, Weekday),
    /// The first such weekday from that day of the month on.
    From(i8, Weekday),
    /// The day of the month.
    Day(i8),
}

impl Zones {
    /// Reads the zones of a calendar.
    pub fn of(components: &[Component<'_>]) -> Self {
        let read = |zone: &Component<'_>| Some((zone.value("TZID")?.to_owned(), observances(&zone.lines)));
        Self { defined: components.iter().filter_map(read).collect() }
    }

    /// Reads a moment from a line: a day, a time on a clock, or a moment. `None` where it is none.
    pub fn when(&self, line: &Line<'_>) -> Option<When> {
        self.of_value(line, line.value)
    }

    fn of_value(&self, line: &Line<'_>, value: &str) -> Option<When> {
        let value = value.trim();
        let (date, time) = stamp(value)?;
        let Some(time) = time else { return Some(When::Day { date }) };
        if value.ends_with(['Z', 'z']) {
            let at = timestamp(Offset::UTC, time)?;
            return Some(When::At { at, time, zone: SafeText::default() });
        }
        let tzid = line.param("TZID").unwrap_or_default();
        let zone = SafeText::line_max(bare(&tzid), NAME_MAX);
        Some(match self.moment(&tzid, time) {
            Some(at) => When::At { at, time, zone },
            None => When::Local { time, zone },
        })
    }

    /// Returns the same clock's other time: the end of what begins at `start`.
    pub fn at(&self, start: &When, tzid: &str, time: DateTime) -> Option<When> {
        Some(match start {
            When::Day { .. } => When::Day { date: time.date() },
            When::Local { zone, .. } => When::Local { time, zone: zone.clone() },
            When::At { zone, .. } => {
                let at = if zone.is_empty() { timestamp(Offset::UTC, time) } else { self.moment(tzid, time) }?;
                When::At { at, time, zone: zone.clone() }
            }
        })
    }

    /// Returns the moment when a zone's clock shows a time; `None` where nobody knows the zone.
    fn moment(&self, tzid: &str, time: DateTime) -> Option<Timestamp> {
        if let Some(zone) = known(bare(tzid)) {
            return of_zone(&zone, time);
        }
        let defined = self.defined.iter().find(|(name, observances)| name == tzid && !observances.is_empty());
        if let Some((_, observances)) = defined {
            return timestamp(offset(observances, time)?, time);
        }
        of_zone(&known(windows::iana(tzid)?)?, time)
    }
}

/// Returns the IANA's name in names such as `/freeassociation.sourceforge.net/Europe/Berlin`; others as they are.
fn bare(tzid: &str) -> &str {
    if !tzid.starts_with('/') {
        return tzid;
    }
    let ends = tzid.match_indices('/').filter_map(|(at, _)| tzid.get(at + 1..));
    ends.into_iter().find(|name| known(name).is_some()).unwrap_or(tzid)
}

/// Finds a zone by the IANA's name.
fn known(name: &str) -> Option<TimeZone> {
    step(1);
    let is_name = !name.is_empty()
        && name.len() <= NAME_MAX
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
    is_name.then(|| TimeZone::get(name).ok()).flatten()
}

fn of_zone(zone: &TimeZone, time: DateTime) -> Option<Timestamp> {
    let zoned = time.to_zoned(zone.clone()).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

fn timestamp(offset: Offset, time: DateTime) -> Option<Timestamp> {
    Some(Timestamp(offset.to_timestamp(time).ok()?.as_millisecond()))
}

/// Reads `20260131`, `20260131T0900`, `20260131T090000Z`, also with `-` and `:`.
pub(super) fn stamp(value: &str) -> Option<(Date, Option<DateTime>)> {
    let (day, time) = value.split_once(['T', 't']).map_or((value, None), |(day, time)| (day, Some(time)));
    let digits = |text: &str| -> Option<String> {
        let bare = text.trim_end_matches(['Z', 'z']);
        let all = bare.len() <= 20 && bare.bytes().all(|b| b.is_ascii_digit() || b"-:".contains(&b));
        all.then(|| bare.chars().filter(char::is_ascii_digit).collect())
    };
    let day = digits(day)?;
    let number = |text: &str, from: usize, to: usize| text.get(from..to)?.parse::<i16>().ok();
    let small = |text: &str, from: usize, to: usize| i8::try_from(number(text, from, to)?).ok();
    if day.len() != 8 {
        return None;
    }
    let date = Date::new(number(&day, 0, 4)?, small(&day, 4, 6)?, small(&day, 6, 8)?).ok()?;
    let Some(time) = time else { return Some((date, None)) };
    let time = digits(time)?;
    let second = small(&time, 4, 6).unwrap_or(0).min(59);
    let time = jiff::civil::Time::new(small(&time, 0, 2)?, small(&time, 2, 4)?, second, 0).ok()?;
    Some((date, Some(date.to_datetime(time))))
}

/// Returns the offset of a zone when its clock shows `time`: that of the change that came last.
fn offset(observances: &[Observance], time: DateTime) -> Option<Offset> {
    let latest = observances.iter().filter_map(|one| Some((one.last_before(time)?, one.to))).max_by_key(|(at, _)| *at);
    let seconds = match latest {
        Some((_, to)) => to,
        None => observances.iter().min_by_key(|one| one.start)?.from,
    };
    Offset::from_seconds(seconds).ok()
}

impl Observance {
    /// Returns when it last began before a time; `None` where it had not yet.
    fn last_before(&self, time: DateTime) -> Option<DateTime> {
        step(self.dates.len() + 1);
        let start = self.start.unwrap_or(DateTime::MIN);
        let yearly = self.yearly.iter().flat_map(|yearly| {
            let years = [time.year().saturating_sub(1), time.year()];
            years.into_iter().filter_map(|year| yearly.begins(year, start))
        });
        let all = yearly.chain(self.dates.iter().copied()).chain([start]);
        all.filter(|at| *at >= start && *at <= time).max()
    }
}

impl Yearly {
    fn begins(&self, year: i16, start: DateTime) -> Option<DateTime> {
        let first = Date::new(year, self.month, 1).ok()?;
        let date = match self.on {
            On::Nth(nth, weekday) => first.nth_weekday_of_month(nth, weekday).ok()?,
            On::Day(day) => Date::new(year, self.month, day).ok()?,
            On::From(day, weekday) => {
                let from = Date::new(year, self.month, day).ok()?;
                if from.weekday() == weekday { from } else { from.nth_weekday(1, weekday).ok()? }
            }
        };
        let at = date.to_datetime(start.time());
        self.until.is_none_or(|until| at <= until).then_some(at)
    }
}

fn observances(lines: &[Line<'_>]) -> Vec<Observance> {
    let mut all = Vec::new();
    let mut open: Option<Observance> = None;
    for line in lines {
        let is = |name: &str| line.name.eq_ignore_ascii_case(name);
        if is("BEGIN") && all.len() < OBSERVANCES_MAX {
            open = Some(Observance::default());
        } else if is("END") {
            all.extend(open.take());
        } else if let Some(one) = &mut open {
            one.take(line);
        }
    }
    all.extend(open);
    all
}

impl Observance {
    fn take(&mut self, line: &Line<'_>) {
        let time = |value: &str| stamp(value.split('/').next()?.trim()).and_then(|(_, time)| time);
        match line.name.to_ascii_uppercase().as_str() {
            "DTSTART" => self.start = time(line.value),
            "TZOFFSETFROM" => self.from = seconds(line.value).unwrap_or(0),
            "TZOFFSETTO" => self.to = seconds(line.value).unwrap_or(0),
            "RDATE" => {
                let room = DATES_MAX.saturating_sub(self.dates.len());
                self.dates.extend(line.value.split(',').filter_map(time).take(room));
            }
            "RRULE" => self.yearly = yearly(line.value, self.start),
            _ => {}
        }
    }
}

/// Reads `+0100` and `-013952`.
fn seconds(value: &str) -> Option<i32> {
    let value = value.trim();
    let (sign, digits) = match value.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, value.strip_prefix('+').unwrap_or(value)),
    };
    let digits = digits.replace(':', "");
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<i32>().ok());
    let all = part(0, 2)? * 3_600 + part(2, 4)? * 60 + part(4, 6).unwrap_or(0);
    Some(sign * all)
}

fn yearly(value: &str, start: Option<DateTime>) -> Option<Yearly> {
    let part = |name: &str| rule::part(value, name);
    if !part("FREQ")?.eq_ignore_ascii_case("YEARLY") {
        return None;
    }
    let month = match part("BYMONTH") {
        Some(month) => month.parse().ok()?,
        None => start?.month(),
    };
    let days: Vec<i8> =
        part("BYMONTHDAY").into_iter().flat_map(|days| days.split(',')).filter_map(|day| day.parse().ok()).collect();
    let weekday = part("BYDAY").and_then(rule::day);
    let on = match (weekday, days.iter().min()) {
        (Some(day), None) => On::Nth(if day.number == 0 { 1 } else { day.number }, day.day),
        (Some(day), Some(first)) => On::From(*first, day.day),
        (None, Some(day)) => On::Day(*day),
        (None, None) => On::Day(start?.day()),
    };
    let until =
        part("UNTIL").and_then(stamp).map(|(date, time)| time.unwrap_or(date.to_datetime(jiff::civil::Time::MAX)));
    // UNTIL is in UTC and the rest is on the zone's clock: a day more lets the last one count.
    let until = until.map(|until| until.checked_add(jiff::Span::new().days(1)).unwrap_or(until));
    Some(Yearly { month, on, until })
}
