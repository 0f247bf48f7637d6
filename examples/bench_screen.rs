//! Measures what a person at the screen waits for: the start, each key, memory, and the bytes that a slow line would carry.
//!
//! `cargo run --release --example bench_screen -- [--conversations 100000] [--large 1000000] [--keep DIR] [--brief]`
//!
//! A store is filled through the store's own entrances, then postroom runs in a terminal of its own (this program, started again, does
//! what `main.rs` does) and, for the times within the process, on a screen in memory. With `--large` above 0 all is done again on a store
//! of that size and compared. `--brief` takes seconds, for CI. `--keep` keeps the stores in a folder and takes them from there the next time.

#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "bench_screen/fill.rs"]
mod fill;
#[path = "bench_screen/inside.rs"]
mod inside;
#[path = "bench_screen/outside.rs"]
mod outside;
mod support;

use std::path::Path;
use std::process::ExitCode;

use support::times::{brief, load, option};

/// Set for the process that is to be postroom itself.
pub const PLAY_POSTROOM: &str = "POSTROOM_BENCH_PLAYS_POSTROOM";

/// The goals: milliseconds to the first full screen, milliseconds of a key at p99, MiB in memory, and the size they are meant for.
const GOALS: [f64; 3] = [50.0, 5.0, 40.0];

/// How much is done.
struct Effort {
    runs: usize,
    rounds: usize,
}

/// What came out for one store.
struct Figures {
    start: f64,
    key: f64,
    settled: f64,
    memory: f64,
    idle_bytes: usize,
}

fn main() -> ExitCode {
    if std::env::var_os(PLAY_POSTROOM).is_some() {
        return postroom::cli::main();
    }
    let given = |name, usual| option(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let conversations: u32 = given("--conversations", if brief() { 2_000 } else { 100_000 });
    let large: u32 = given("--large", if brief() { 0 } else { 1_000_000 });
    let effort = if brief() { Effort { runs: 3, rounds: 1 } } else { Effort { runs: 15, rounds: 8 } };
    let small = measure(conversations, &effort);
    if large > 0 {
        let big = measure(large, &effort);
        println!("\n{large} beside {conversations}:");
        for (what, a, b) in [
            ("start", small.start, big.start),
            ("key, p99", small.key, big.key),
            ("key and all that follows, p99", small.settled, big.settled),
            ("memory", small.memory, big.memory),
        ] {
            println!("  {what}: {:.2} times", b / a);
        }
    }
    let met = small.start < GOALS[0] && small.key < GOALS[1] && small.memory < GOALS[2] && small.idle_bytes == 0;
    println!("\ngoals (50 ms, 5 ms, 40 MiB, nothing drawn while idle): {}", if met { "met" } else { "NOT met" });
    ExitCode::SUCCESS
}

fn measure(conversations: u32, effort: &Effort) -> Figures {
    println!("\n{conversations} conversations (load of the machine before: {}; on a busy one times grow)", load());
    let temporary = tempfile::tempdir().expect("a temp folder");
    let kept = option("--keep").map(|dir| Path::new(&dir).join(conversations.to_string()));
    let dir = kept.as_deref().unwrap_or(temporary.path());
    fill::fill(dir, conversations);
    let (start, memory, idle_bytes) = at_a_terminal(dir, effort);
    let (key, settled) = inside::keys(dir, effort.rounds);
    Figures { start, key, settled, memory, idle_bytes }
}

fn at_a_terminal(dir: &Path, effort: &Effort) -> (f64, f64, usize) {
    let mut starts: Vec<f64> = (0..effort.runs).map(|_| outside::Run::start(dir).to_full_screen).collect();
    starts.sort_by(f64::total_cmp);
    let start = starts.get(starts.len() / 2).copied().unwrap_or_default();
    let (best, worst) = (starts.first().unwrap(), starts.last().unwrap());
    println!("  start to the first full screen: {start:.1} ms (median of {}, {best:.1} to {worst:.1})", starts.len());
    let used = outside::use_it(dir, effort.rounds);
    println!("  bytes drawn: {} for the first screen, {:.0} a key", used.first_screen, used.bytes_a_key);
    println!("  bytes drawn in {} s of idleness: {}", outside::IDLE.as_secs(), used.idle_bytes);
    println!("  memory after {} keys: {:.1} MiB resident, {:.1} MiB at most", used.keys, used.resident, used.peak);
    (start, used.resident, used.idle_bytes)
}
