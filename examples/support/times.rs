//! Arguments, and how times are told.

use std::time::{Duration, Instant};

/// Tells whether all is to be done on little: CI only wants it to run through.
pub fn brief() -> bool {
    std::env::args().any(|argument| argument == "--brief")
}

/// Returns the arguments without `--brief`.
pub fn arguments() -> Vec<String> {
    std::env::args().skip(1).filter(|argument| argument != "--brief").collect()
}

/// Returns the `n`th argument as a number, or else the usual one, or the one of `--brief`.
pub fn number(n: usize, usual: usize, brief_one: usize) -> usize {
    let usual = if brief() { brief_one } else { usual };
    arguments().get(n).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{text} is no number")))
}

/// Returns the value of an option such as `--rounds 3`.
pub fn option(name: &str) -> Option<String> {
    std::env::args().skip_while(|argument| argument != name).nth(1)
}

/// Returns a share of sorted or unsorted times in milliseconds: 50 is the median.
pub fn percentile(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort();
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or_default().as_secs_f64() * 1e3
}

/// Says p50 and p99.
pub fn percentiles(times: &[Duration]) -> String {
    let (p50, p99) = (percentile(times, 50), percentile(times, 99));
    format!("p50 {p50:.1} ms, p99 {p99:.1} ms ({} times)", times.len())
}

/// The machine's load in the last minute; a busy one measures the queue for its processors.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// A stretch of work: how long it took, and how long this process computed.
pub struct Watch {
    begun: Instant,
    cpu: f64,
}

impl Watch {
    /// Starts.
    pub fn start() -> Self {
        Self { begun: Instant::now(), cpu: cpu() }
    }

    /// Returns the time gone by.
    pub fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }
}

impl std::fmt::Display for Watch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s ({:.2} s of processor)", self.elapsed().as_secs_f64(), cpu() - self.cpu)
    }
}

/// Seconds that this process has computed, all threads together.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is the program's name in brackets; of those behind it the 12th and 13th are user and system, in hundredths.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum();
    ticks / 100.0
}
