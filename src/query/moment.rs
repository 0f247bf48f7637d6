//! The moments that a query's words mean: `2d` before now, the beginning of a day.

use jiff::civil::Date;
use jiff::{Timestamp as Instant, Zoned};

use super::ast::{Day, Span};
use super::{Compare, Context};
use crate::model::clock::Timestamp;

impl Context {
    /// Returns the moment `span` before now: days, weeks, months and years by the calendar of the zone. What would be before the calendar
    /// begins is the first of all moments, so that everything is younger.
    pub fn ago(&self, span: Span) -> Timestamp {
        let then = self.zoned().and_then(|now| now.checked_sub(span.step()?).ok());
        Timestamp(then.map_or(i64::MIN, |then| then.timestamp().as_millisecond()))
    }

    /// Returns the first moment of a day. What the calendar does not have is the last of all moments.
    pub fn begin_of(&self, day: Day) -> Timestamp {
        self.begin(self.date(day))
    }

    /// Returns the first moment behind a day, likewise.
    pub fn end_of(&self, day: Day) -> Timestamp {
        self.begin(self.date(day).and_then(|date| date.tomorrow().ok()))
    }

    fn begin(&self, date: Option<Date>) -> Timestamp {
        let start = date.and_then(|date| date.to_zoned(self.zone.clone()).ok());
        Timestamp(start.map_or(i64::MAX, |zoned| zoned.timestamp().as_millisecond()))
    }

    fn date(&self, day: Day) -> Option<Date> {
        match day {
            Day::Date(date) => Some(date),
            Day::Today => Some(self.zoned()?.date()),
            Day::Yesterday => self.zoned()?.date().yesterday().ok(),
        }
    }

    fn zoned(&self) -> Option<Zoned> {
        Some(Instant::from_millisecond(self.now.0).ok()?.to_zoned(self.zone.clone()))
    }
}

impl Compare {
    /// Tells whether `number` stands so to `other`.
    pub fn holds(self, number: u32, other: u32) -> bool {
        match self {
            Compare::Over => number > other,
            Compare::AtLeast => number >= other,
            Compare::Under => number < other,
            Compare::AtMost => number <= other,
            Compare::Equal => number == other,
        }
    }
}
