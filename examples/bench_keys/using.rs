//! What it is to use one of the programs: it is started, keys are pressed, and what is drawn is counted.
#![allow(clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::time::{Duration, Instant};

use crate::clients::{self, Client, Deed};
use crate::support::pty::{Drawn, Pty};

/// A key is done when nothing has come for this long.
const QUIET: Duration = Duration::from_millis(150);
/// The pause between keys that only lead somewhere.
const BETWEEN: Duration = Duration::from_millis(30);
/// A screen is full when nothing has come for this long.
const FULL: Duration = Duration::from_millis(500);

/// Starts a program on the mail in `dir`, and waits for the first full screen: on it stands `mark`.
pub fn start(client: &Client, dir: &Path, size: (u16, u16), mark: &str) -> (Pty, Drawn) {
    let pty = Pty::start(clients::command(client, dir), size).unwrap_or_else(|why| panic!("{}: {why}", client.name));
    let drawn = pty.first_screen(FULL, mark);
    (pty, drawn)
}

fn press(pty: &mut Pty, keys: &[&str]) {
    for key in keys {
        let _ = pty.press(key, BETWEEN);
    }
    let _ = pty.until_quiet(Instant::now(), QUIET, "");
}

/// Presses the keys of a deed and returns medians.
pub fn measure(pty: &mut Pty, deed: &Deed) -> Drawn {
    press(pty, deed.before);
    let each: Vec<String> = deed.key.chars().map(String::from).collect();
    let mut drawn: Vec<Drawn> =
        each.iter().cycle().take(deed.times.max(each.len())).map(|key| pty.press(key, QUIET)).collect();
    press(pty, deed.after);
    let middle = drawn.len() / 2;
    drawn.sort_by_key(|drawn| drawn.bytes);
    let bytes = drawn[middle].bytes;
    drawn.sort_by_key(|drawn| drawn.took);
    Drawn { bytes, took: drawn[middle].took }
}

/// How a program is with the mail it has.
pub struct Grown {
    /// Milliseconds to the first full screen.
    pub start: f64,
    /// MiB in memory after some keys, and the most there ever were.
    pub resident: f64,
    pub peak: f64,
}

/// Starts a program, pages and opens in it, and tells how it is.
pub fn grown(client: &Client, dir: &Path, size: (u16, u16), mark: &str) -> Grown {
    let (mut pty, first) = start(client, dir, size, mark);
    for deed in client.deeds.iter().filter(|deed| matches!(deed.what, "page" | "open")) {
        measure(&mut pty, deed);
    }
    let (resident, peak) = (pty.memory("VmRSS"), pty.memory("VmHWM"));
    Grown { start: first.took.as_secs_f64() * 1e3, resident, peak }
}
