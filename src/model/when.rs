//! Moments and lengths of time as people write them: when a snooze ends, how old is old. "Now" is handed in.

mod foreign;
mod words;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp as Instant, Zoned};

use crate::model::calendar::{month, weekday};
use crate::model::clock::Timestamp;
use crate::model::language::Language;
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;

/// The most words of a moment, in English and in any language.
const ENGLISH_WORDS_MAX: usize = 6;
const WORDS_MAX: usize = 10;
/// The hour of a day that is named without one.
const MORNING: i8 = 9;
/// What [`parse_when`] reads, for messages.
pub const ACCEPTED: &str = "3h, 2d, tomorrow 9, tonight, mon 14:30, next week, 1 dec, 18:00 or 2026-12-01 14:00";

/// Returns what [`parse_when`] reads, for messages: in the language of whoever reads them where it has words for it, and in English.
pub fn accepted(language: Option<Language>) -> String {
    match examples(language) {
        Some(examples) => format!("{examples}; {ACCEPTED}"),
        None => ACCEPTED.to_owned(),
    }
}

/// Returns moments as they are written in a language, parted by commas; `None` where it has no words for them, or is English.
pub fn examples(language: Option<Language>) -> Option<&'static str> {
    let language = match language? {
        Language::ZhHant => Language::ZhHans,
        other => other,
    };
    words::WORDS.iter().find(|words| words.language == language).map(|words| words.examples)
}

/// The largest number of a span; a hundred thousand years are enough.
const COUNT_MAX: u32 = 100_000;

/// A length of time as people write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many, at most 100,000.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Span {
    /// Returns it as a step of the calendar; `None` beyond what the calendar holds.
    pub fn step(self) -> Option<jiff::Span> {
        let (step, count) = (jiff::Span::new(), i64::from(self.count));
        match self.unit {
            Unit::Minute => step.try_minutes(count),
            Unit::Hour => step.try_hours(count),
            Unit::Day => step.try_days(count),
            Unit::Week => step.try_weeks(count),
            Unit::Month => step.try_months(count),
            Unit::Year => step.try_years(count),
        }
        .ok()
    }
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// `m`.
    Minute,
    /// `h`.
    Hour,
    /// `d`, a calendar day.
    Day,
    /// `w`.
    Week,
    /// `mo`, a calendar month.
    Month,
    /// `y`.
    Year,
}

/// The units as they are written.
pub const UNITS: [(&str, Unit); 6] = [
    ("m", Unit::Minute),
    ("h", Unit::Hour),
    ("d", Unit::Day),
    ("w", Unit::Week),
    ("mo", Unit::Month),
    ("y", Unit::Year),
];

/// A moment that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhenError {
    /// No form that is known.
    Unreadable(String),
    /// It has passed.
    Past(String),
    /// It means two moments, in two languages or in one.
    Ambiguous {
        /// What was written.
        given: String,
        /// The moments, as this program reads them without doubt.
        moments: [String; 2],
    },
}

impl WhenError {
    /// Returns what it says.
    pub fn phrase(&self) -> Phrase {
        match self {
            WhenError::Unreadable(text) => {
                phrase!("moment-unreadable", given = in_quotes(text), accepted = accepted(Language::readers()))
            }
            WhenError::Past(text) => {
                phrase!("moment-past", given = in_quotes(text), accepted = accepted(Language::readers()))
            }
            WhenError::Ambiguous { given, moments: [one, other] } => {
                phrase!("moment-ambiguous", given = in_quotes(given), one = one, other = other)
            }
        }
    }
}

/// Reads a moment in the future, in the zone of the person who wrote it. A day without a time means 9:00, a time without a day the next
/// time the clock shows it, a weekday the next one after today.
///
/// # Errors
/// Says what is accepted, or that the moment has passed.
pub fn parse_when(text: &str, now: Timestamp, zone: &TimeZone) -> Result<Timestamp, WhenError> {
    let unreadable = || WhenError::Unreadable(shorten(text));
    let folded = foreign::fold(text);
    let words: Vec<&str> =
        folded.split(|c: char| c.is_whitespace() || matches!(c, ',' | '،')).filter(|w| !w.is_empty()).collect();
    if words.is_empty() || words.len() > WORDS_MAX {
        return Err(unreadable());
    }
    let now = Instant::from_millisecond(now.0).map_err(|_| unreadable())?.to_zoned(zone.clone());
    let mut readings = foreign::readings(&folded, &now, |words| read(words, &now));
    if words.len() <= ENGLISH_WORDS_MAX {
        readings.extend(read(&words, &now));
    }
    let then = readings.pop().ok_or_else(unreadable)?;
    if let Some(other) = readings.iter().find(|other| other.timestamp() != then.timestamp()) {
        let moments = [&then, other].map(|moment| moment.strftime("%a %Y-%m-%d %H:%M").to_string());
        return Err(WhenError::Ambiguous { given: shorten(text), moments });
    }
    if then.timestamp() <= now.timestamp() {
        return Err(WhenError::Past(shorten(text)));
    }
    Ok(Timestamp(then.timestamp().as_millisecond()))
}

/// Reads `2d`, `3mo`; a few whole words are taken too.
pub fn read_span(text: &str) -> Option<Span> {
    let text = text.trim().to_lowercase();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at_checked(digits)?;
    let unit = match unit.trim() {
        "min" | "mins" | "minute" | "minutes" => Unit::Minute,
        "hour" | "hours" | "hr" | "hrs" => Unit::Hour,
        "day" | "days" => Unit::Day,
        "week" | "weeks" => Unit::Week,
        "month" | "months" => Unit::Month,
        "year" | "years" => Unit::Year,
        short => UNITS.iter().find(|(word, _)| *word == short).map(|(_, unit)| *unit)?,
    };
    let count = count.parse().ok().filter(|count| *count <= COUNT_MAX)?;
    Some(Span { count, unit })
}

fn read(words: &[&str], now: &Zoned) -> Option<Zoned> {
    let words = match words {
        ["in" | "for", rest @ ..] => rest,
        ["on" | "until" | "till" | "at", rest @ ..] => rest,
        all => all,
    };
    if let Some(then) = ahead(words, now) {
        return Some(then);
    }
    let bare = words.iter().all(|word| word.chars().all(|c| c.is_ascii_digit()));
    if let Some(time) = clock(words).filter(|_| !bare) {
        let today = at(now, now.date(), time)?;
        return if today > *now { Some(today) } else { at(now, now.date().tomorrow().ok()?, time) };
    }
    if let [iso] = words
        && iso.contains('t')
    {
        // RFC 3339, as other programs write it; without an offset it is the person's own time.
        let iso = iso.to_uppercase();
        if let Ok(moment) = iso.parse::<Instant>() {
            return Some(moment.to_zoned(now.time_zone().clone()));
        }
        if let Ok(moment) = iso.parse::<DateTime>() {
            return moment.to_zoned(now.time_zone().clone()).ok();
        }
    }
    let (date, usual, rest) = day(words, now)?;
    let time = if rest.is_empty() { usual } else { clock(rest)? };
    at(now, date, time)
}

fn at(now: &Zoned, date: Date, time: Time) -> Option<Zoned> {
    date.to_datetime(time).to_zoned(now.time_zone().clone()).ok()
}

/// `3h`, `3 hours`, `2d`, `2d 9:00`.
fn ahead(words: &[&str], now: &Zoned) -> Option<Zoned> {
    let (found, rest) = match words {
        [one, rest @ ..] if read_span(one).is_some() => (read_span(one)?, rest),
        [count, unit, rest @ ..] => (read_span(&format!("{count}{unit}"))?, rest),
        _ => return None,
    };
    let then = now.checked_add(found.step()?).ok()?;
    let whole_days = !matches!(found.unit, Unit::Minute | Unit::Hour);
    match rest {
        [] => Some(then),
        _ if whole_days => at(now, then.date(), clock(rest)?),
        _ => None,
    }
}

/// A day with the time that it has by itself, and what stands behind it.
fn day<'w, 't>(words: &'w [&'t str], now: &Zoned) -> Option<(Date, Time, &'w [&'t str])> {
    let today = now.date();
    let morning = Time::new(MORNING, 0, 0, 0).ok()?;
    let evening = Time::new(20, 0, 0, 0).ok()?;
    Some(match words {
        ["tonight", rest @ ..] => (today, evening, rest),
        ["today", rest @ ..] if !rest.is_empty() => (today, morning, rest),
        ["tomorrow" | "tmr" | "tom", rest @ ..] => (today.tomorrow().ok()?, morning, rest),
        ["overmorrow", rest @ ..] | ["day", "after", "tomorrow", rest @ ..] => {
            (today.tomorrow().ok()?.tomorrow().ok()?, morning, rest)
        }
        ["next", "week", rest @ ..] => (after(today, Weekday::Monday)?, morning, rest),
        ["next", "month", rest @ ..] => (today.last_of_month().tomorrow().ok()?, morning, rest),
        ["next", "year", rest @ ..] => (today.last_of_year().tomorrow().ok()?, morning, rest),
        ["weekend", rest @ ..] => (after(today, Weekday::Saturday)?, morning, rest),
        ["next", name, rest @ ..] => (after(today, weekday(name)?)?, morning, rest),
        [first, rest @ ..] if weekday(first).is_some() => (after(today, weekday(first)?)?, morning, rest),
        [first, second, year, rest @ ..] if month(second).is_some() && is_year(year, now) => {
            (Date::new(year.parse().ok()?, month(second)?, day_of(first)?).ok()?, morning, rest)
        }
        [first, second, rest @ ..] if month(second).is_some() => (date_of(first, second, now)?, morning, rest),
        [first, second, rest @ ..] if month(first).is_some() => (date_of(second, first, now)?, morning, rest),
        [date, rest @ ..] => (date.parse::<Date>().ok().filter(|_| date.len() == 10)?, morning, rest),
        [] => return None,
    })
}

/// The next such weekday behind `today`.
fn after(today: Date, weekday: Weekday) -> Option<Date> {
    today.nth_weekday(1, weekday).ok()
}

/// Tells whether a word is a year that somebody may mean; of other calendars it would be none.
fn is_year(word: &str, now: &Zoned) -> bool {
    let this = now.date().year();
    word.len() == 4 && word.parse::<i16>().is_ok_and(|year| (this..=this.saturating_add(100)).contains(&year))
}

/// `1`, `1.`, `1st`.
fn day_of(day: &str) -> Option<i8> {
    let digits = day.trim_end_matches(|c: char| !c.is_ascii_digit());
    let is_day = matches!(day.strip_prefix(digits), Some("" | "." | "st" | "nd" | "rd" | "th"));
    if is_day { digits.parse().ok() } else { None }
}

/// `1` and `dec`: the next such day.
fn date_of(day: &str, name: &str, now: &Zoned) -> Option<Date> {
    let (day, month) = (day_of(day)?, month(name)?);
    let this_year = Date::new(now.date().year(), month, day).ok().filter(|date| *date > now.date());
    this_year.or_else(|| Date::new(now.date().year().checked_add(1)?, month, day).ok())
}

/// `14:30`, `9`, `9am`, `9:30 pm`, `noon`; a bare number only behind a day.
fn clock(words: &[&str]) -> Option<Time> {
    let words = match words {
        ["at", rest @ ..] => rest,
        all => all,
    };
    let text = words.concat();
    let hour = |hour: i8| Time::new(hour, 0, 0, 0).ok();
    match text.as_str() {
        "morning" => return hour(MORNING),
        "noon" => return hour(12),
        "afternoon" => return hour(14),
        "evening" => return hour(18),
        "night" => return hour(20),
        _ => {}
    }
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (text.as_str(), None),
    };
    let (hours, minutes) = digits.split_once([':', '.']).unwrap_or((digits, "0"));
    let number = |text: &str| -> Option<i8> {
        (text.len() <= 2 && text.chars().all(|c| c.is_ascii_digit())).then(|| text.parse().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let hours = match half {
        Some(half) if (1..=12).contains(&hours) => hours % 12 + half,
        Some(_) => return None,
        None => hours,
    };
    Time::new(hours, minutes, 0, 0).ok()
}

/// Cuts what a message repeats to 40 characters.
pub(crate) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

#[cfg(test)]
#[path = "when_tests.rs"]
mod tests;
