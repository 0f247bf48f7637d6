//! The screen as an agent meets it: the real program in a terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../cli/environment.rs"]
#[allow(dead_code)]
mod environment;
#[path = "../support/mod.rs"]
mod support;

mod asks;
mod background;
mod files;
mod order;
mod real;
mod server;
mod setup;

use std::time::{Duration, Instant};

/// What has not come by then will not come.
const LONG: Duration = Duration::from_secs(60);

/// Waits until something is there. What is waited for changes in other processes, so it can only be looked at.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + LONG;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "waited for {what}");
        std::thread::park_timeout(Duration::from_millis(50));
    }
}
