//! When to try again. Pure: the caller brings the dice.

use std::time::Duration;

use super::error::Remedy;

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

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
