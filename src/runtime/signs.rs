//! Whether the terminal draws our signs in one column each: a sign is printed, and the terminal is asked where its cursor stands then (CSI 6n
//! of ECMA-48). Asked once at the start, before anything else; the answer is taken as it comes, and what was drawn till then drawn anew.

use std::io::Write as _;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::background::Wanted;
use super::sequences::Sequences;
use crate::app::Event;

/// How long somebody who has not taken the terminal waits for its answer.
const PATIENCE: Duration = Duration::from_millis(100);
/// The sign, whose width is one or two by the fashion of the terminal; others of ours are as wide as it.
const SIGN: &str = "●";

/// Asks the terminal, and tells whether that was possible. One that never answers is taken to draw signs in one column.
pub(super) fn ask() -> bool {
    let mut out = std::io::stdout();
    // At the left edge of a screen that is drawn anew right away.
    let question = format!("\r{SIGN}\x1b[6n\r\x1b[K");
    out.write_all(question.as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// Tells whether the terminal that this runs on draws our signs in more than one column, so that those of ASCII stand in their place. For
/// whoever has not taken the terminal: the answer is waited for, a tenth of a second at most.
pub fn draws_signs_wide() -> bool {
    if crossterm::terminal::enable_raw_mode().is_err() {
        return false;
    }
    let is_wide = ask() && answer().unwrap_or(false);
    let _ = crossterm::terminal::disable_raw_mode();
    is_wide
}

/// Reads until the terminal has said how wide it draws them, or time is up. What else comes meanwhile is nobody's.
fn answer() -> Option<bool> {
    let (input, until) = (std::io::stdin(), Instant::now() + PATIENCE);
    let mut sequences = Sequences::new(Wanted { signs: true, ..Wanted::default() });
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(left.subsec_nanos()) };
        let mut ready = [PollFd::new(&input, PollFlags::IN)];
        if left.is_zero() || !matches!(poll(&mut ready, Some(&wait)), Ok(1..)) {
            return None;
        }
        let mut bytes = [0; 256];
        let read = rustix::io::read(&input, &mut bytes).ok().filter(|read| *read > 0)?;
        let said = sequences.take(bytes.get(..read).unwrap_or_default());
        let signs = said.into_iter().find_map(|event| match event {
            Event::Signs(is_wide) => Some(is_wide),
            _ => None,
        });
        if signs.is_some() {
            return signs;
        }
    }
}

/// Tells whether the locale's letters are of UTF-8, from the variables in the order in which they count. Where none is set nothing is known
/// against it.
pub fn is_utf8(of: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(of).find(|value| !value.is_empty());
    set.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

#[cfg(test)]
#[path = "signs_tests.rs"]
mod tests;
