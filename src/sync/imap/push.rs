//! Whether a server is believed that tells of changes by itself. Pure: what waits and passes found teaches it.

use std::time::Duration;

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
#[path = "push_tests.rs"]
mod tests;
