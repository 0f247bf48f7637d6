//! How fast work goes on, and how long what is left of it takes.

use crate::model::clock::Timestamp;

/// Before so many milliseconds nothing is said: the first portions are small, and a connection begins slowly.
const FIRST: i64 = 3000;

/// The pace of one piece of work since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    begun: Timestamp,
    /// What was done by then.
    before: u64,
}

impl Pace {
    /// Begins at a moment at which so much is done already.
    pub fn begin(begun: Timestamp, before: u64) -> Self {
        Self { begun, before }
    }

    /// Returns how many are done in a second; `None` while that can't be told.
    pub fn rate(&self, now: Timestamp, done: u64) -> Option<u64> {
        let (took, done) = self.since(now, done)?;
        Some(done.saturating_mul(1000) / took)
    }

    /// Returns how many milliseconds the rest takes at this pace; `None` while that can't be told, and where nothing is left.
    pub fn left(&self, now: Timestamp, done: u64, total: u64) -> Option<i64> {
        let rest = total.checked_sub(done).filter(|rest| *rest > 0)?;
        let (took, done) = self.since(now, done)?;
        i64::try_from(u128::from(took) * u128::from(rest) / u128::from(done)).ok()
    }

    /// Returns the milliseconds since the beginning, and what was done in them.
    fn since(&self, now: Timestamp, done: u64) -> Option<(u64, u64)> {
        let took = u64::try_from(now.since(self.begun)).ok().filter(|_| now.since(self.begun) >= FIRST)?;
        let done = done.checked_sub(self.before).filter(|done| *done > 0)?;
        Some((took, done))
    }
}

#[cfg(test)]
#[path = "pace_tests.rs"]
mod tests;
