//! Keys in the production loop on a screen in memory: from the key's arrival to the end of its frame, and to the end of the last frame
//! that follows from it, when every answer of the store is on the screen.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use postroom::keymap::{Keymap, parse_keys};
use postroom::model::clock::Clock;
use postroom::runtime::backend::StoreBackend;
use postroom::runtime::{Harness, surroundings};

use crate::fill;
use crate::support::desk;
use crate::support::times::percentile;

/// Keys a round, by what they do.
const ROUND: [(&str, &str); 17] = [
    ("move", "jjjjjjkkkjjjjjjjkjkj"),
    ("ends", "GkkkgjjGg"),
    ("page", "<c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-d><c-u><c-u>"),
    ("pane", "<tab><tab><s-tab><tab><tab>"),
    ("open", "<enter>jjkG<esc>j<enter>g<esc>"),
    ("view", "1j2j3j4j5j6j7j]j]j[j2"),
    ("status", "siswsosc"),
    ("undo", "uuuu"),
    ("tag", "tbilling<enter>"),
    ("assign", "i"),
    ("undo", "uu"),
    ("type", "/number1234"),
    ("search", "<enter>"),
    ("move", "jG<esc>"),
    ("type", "/parcel<space>invoice"),
    ("search", "<enter>"),
    ("move", "jjGkg<esc>"),
];

/// Presses keys for `rounds` and returns the p99 of both times, in milliseconds.
pub fn keys(dir: &Path, rounds: usize) -> (f64, f64) {
    let store = fill::open(dir);
    let around = surroundings(&desk::read_config(dir), Keymap::builtin());
    let backend = Arc::new(StoreBackend::new(store, around.zone.clone()));
    let mut screen = Harness::start(backend, around, Clock::System, (160, 50)).unwrap();
    let mut settled: BTreeMap<&str, Vec<Duration>> = BTreeMap::new();
    for _ in 0..rounds {
        for (what, keys) in ROUND {
            for key in parse_keys(keys).unwrap() {
                let started = Instant::now();
                screen.keys(&key.to_string()).unwrap();
                settled.entry(what).or_default().push(started.elapsed());
            }
        }
    }
    let stats = &screen.engine.stats;
    let (median, key) = (millis(stats.percentile(50)), millis(stats.percentile(99)));
    println!(
        "  a key to its frame: p50 {median:.2} ms, p99 {key:.2} ms, worst {:.2} ms ({} keys)",
        millis(stats.percentile(100)),
        stats.keys()
    );
    let all: Vec<Duration> = settled.values().flatten().copied().collect();
    println!("  a key to all that follows: p50 {:.2} ms, p99 {:.2} ms", percentile(&all, 50), percentile(&all, 99));
    for (what, times) in &settled {
        println!("    {what}: p50 {:.2} ms, p99 {:.2} ms", percentile(times, 50), percentile(times, 99));
    }
    (key, percentile(&all, 99))
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
