//! How slow a server may be. Pure: the caller brings the time.
//!
//! The timeout of the connection bounds the wait for the next byte; a server that sends one byte now and then passes it for ever. So an
//! answer that has begun has to go on at a rate, and an answer as a whole has to come to an end.

use std::time::Duration;

use super::error::ImapError;

/// The least bytes a second within a response. A line of 64 kbit/s brings eight times as many.
pub const RATE_LEAST: u64 = 1024;
/// The rate is looked at over so long a time spent waiting.
pub const RATE_WINDOW: Duration = Duration::from_secs(60);
/// An answer that has gone on for so long is held to the rate as a whole, with whatever lines the server sent to keep us waiting.
pub const ANSWER_LONGEST: Duration = Duration::from_secs(30 * 60);

/// Measures one connection.
#[derive(Clone, Debug, Default)]
pub struct Meter {
    /// Waited, and received, within the response that has begun.
    response: (Duration, u64),
    /// The same of the whole answer.
    answer: (Duration, u64),
}

impl Meter {
    /// Begins the answer to another command.
    pub fn begin(&mut self) {
        *self = Self::default();
    }

    /// Takes in that after a wait of `waited` so many bytes came. `within` tells whether a response had begun before.
    ///
    /// # Errors
    /// [`ImapError::TooSlow`] where the server is to be given up.
    pub fn received(&mut self, waited: Duration, bytes: u64, within: bool) -> Result<(), ImapError> {
        if !within {
            self.response = (Duration::ZERO, 0);
        }
        for (time, count) in [&mut self.response, &mut self.answer] {
            *time = time.saturating_add(waited);
            *count = count.saturating_add(bytes);
        }
        for ((time, count), longest) in [(self.response, RATE_WINDOW), (self.answer, ANSWER_LONGEST)] {
            if time >= longest && count / time.as_secs().max(1) < RATE_LEAST {
                return Err(ImapError::TooSlow { bytes: count, seconds: time.as_secs() });
            }
        }
        if self.response.0 >= RATE_WINDOW {
            // The next stretch counts for itself: a quick beginning buys no slow end.
            self.response = (Duration::ZERO, 0);
        }
        Ok(())
    }
}

#[cfg(test)]
#[path = "meter_tests.rs"]
mod tests;
