//! When to try again. Pure: the caller brings the dice.

use std::time::Duration;

use super::imap::error::Remedy;

/// The first wait after a failure.
pub const FIRST: Duration = Duration::from_secs(1);
/// The longest wait after failures that mend themselves.
pub const LONGEST: Duration = Duration::from_secs(300);
/// The wait where a person has to do something: long enough not to lock an account that counts wrong passwords.
pub const PERSON: Duration = Duration::from_secs(900);

/// Waits that grow with each failure in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// Forgets the failures: something worked.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// Returns how long to wait after one more failure. `dice` is random from 0 to 1 and spreads the waits of many clients by half, so that
    /// they don't come back to a server all at once.
    pub fn next(&mut self, remedy: Remedy, dice: f64) -> Duration {
        let doubled = FIRST.saturating_mul(1_u32.checked_shl(self.failures.min(16)).unwrap_or(u32::MAX)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let spread = doubled.mul_f64(0.5 + dice.clamp(0.0, 1.0) / 2.0);
        match remedy {
            Remedy::Wait => spread,
            Remedy::WaitAtLeast(least) => least.max(spread),
            Remedy::Person => PERSON,
            Remedy::Stop => Duration::ZERO,
        }
    }
}

/// Whether a server tells of new mail by itself (IDLE, NOTIFY), or has to be asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Push {
    missed: u32,
}

/// After so many waits in a row that did not tell of new mail, it is not believed any more. Mail that comes just when a wait ends is found
/// by asking too, so one or two are no proof.
const MISSES: u32 = 3;

impl Push {
    /// Learns from a wait that ended without news, and the pass after it: `found` mails were new in what was watched.
    pub fn quiet(&mut self, found: usize) {
        if found > 0 {
            self.missed = self.missed.saturating_add(1);
        }
    }

    /// Learns from a wait that ended with news.
    pub fn told(&mut self) {
        self.missed = 0;
    }

    /// Tells whether to ask every few seconds instead of waiting to be told.
    pub fn must_poll(self) -> bool {
        self.missed >= MISSES
    }
}

/// Whether a server's IDLE tells of changes soon enough for the team's log. Some tell after up to a minute (Courier looks itself now and
/// then), so a wait is short until IDLE has shown that it is quick: what came during a short wait and was found by asking, IDLE was late
/// with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    told: u32,
    late: u32,
}

/// A wait while IDLE is not trusted.
const SHORT: Duration = Duration::from_secs(3);

impl Trust {
    /// Learns from a wait and the run after it: whether the wait ended with news, and whether the run `found` any.
    pub fn learn(&mut self, told: bool, found: bool) {
        match (told, found) {
            (true, true) => self.told = self.told.saturating_add(1).min(100),
            (false, true) => self.late = self.late.saturating_add(1).min(100),
            _ => {}
        }
    }

    /// Returns how long a wait may last; `None` where IDLE can be relied on.
    pub fn wait(self) -> Option<Duration> {
        // What comes just when a wait ends is found by asking too, so a few are no proof.
        let quick = self.told >= 2 && self.told > self.late.saturating_mul(2);
        (!quick).then_some(SHORT)
    }
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
