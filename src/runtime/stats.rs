//! How long keys take to become frames, for the benchmark.

use std::time::Duration;

const KEPT: usize = 100_000;

/// What was measured.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    keys: Vec<Duration>,
    /// Frames drawn.
    pub frames: u64,
    /// Cells written to the terminal.
    pub cells: u64,
    /// Bytes written to the terminal.
    pub bytes: u64,
}

impl Stats {
    /// Notes how long it took from a key's arrival to the end of its frame.
    pub(crate) fn key(&mut self, took: Duration) {
        if self.keys.len() < KEPT {
            self.keys.push(took);
        }
    }

    /// Returns how many keys were measured.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// Returns the time within which `percent` of the keys became a frame; zero where none was measured.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.keys.clone();
        sorted.sort();
        let place = (sorted.len() * percent.min(100)).div_ceil(100).saturating_sub(1);
        sorted.get(place).copied().unwrap_or_default()
    }
}
