//! Whether the terminal draws our signs in one column each: a sign is printed, and the terminal is asked where its cursor stands then (CSI 6n
//! of ECMA-48). Asked once at the start, before anything else reads what is typed.

use std::io::Write as _;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::keymap::{Code, Key};

/// How long the answer may take. One that comes later is no key: the reader of keys takes it away.
const PATIENCE: Duration = Duration::from_millis(100);
/// The sign, whose width is one or two by the fashion of the terminal; others of ours are as wide as it.
const SIGN: &str = "●";

/// Tells whether signs must be those of ASCII, with the letters that were typed meanwhile. A terminal that doesn't answer is taken to draw them
/// in one column; one of a locale without UTF-8 is not asked.
pub(super) fn ask() -> (bool, Vec<Key>) {
    let of = |name: &str| std::env::var(name).ok();
    if !is_utf8(of) {
        return (true, Vec::new());
    }
    let mut out = std::io::stdout();
    // At the left edge of a screen that is drawn anew right away.
    let asked = out.write_all(format!("\r{SIGN}\x1b[6n").as_bytes()).and_then(|()| out.flush());
    let said = if asked.is_ok() { read_answer() } else { Vec::new() };
    let _ = out.write_all(b"\r\x1b[K").and_then(|()| out.flush());
    let (column, typed) = taken_apart(&said);
    (column.is_some_and(|column| column > 2), typed)
}

/// Tells whether the terminal that this runs on draws our signs in more than one column, so that those of ASCII stand in their place. For
/// whoever has not taken the terminal.
pub fn draws_signs_wide() -> bool {
    if crossterm::terminal::enable_raw_mode().is_err() {
        return false;
    }
    let (is_wide, _) = ask();
    let _ = crossterm::terminal::disable_raw_mode();
    is_wide
}

/// Tells whether the locale's letters are of UTF-8, from the variables in the order in which they count. Where none is set nothing is known
/// against it.
fn is_utf8(of: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(of).find(|value| !value.is_empty());
    set.is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Reads until the answer is whole, or time is up.
fn read_answer() -> Vec<u8> {
    let (input, until) = (std::io::stdin(), Instant::now() + PATIENCE);
    let mut said = Vec::new();
    while taken_apart(&said).0.is_none() {
        let left = until.saturating_duration_since(Instant::now());
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(left.subsec_nanos()) };
        let mut ready = [PollFd::new(&input, PollFlags::IN)];
        if left.is_zero() || !matches!(poll(&mut ready, Some(&wait)), Ok(1..)) {
            break;
        }
        let mut bytes = [0; 256];
        match rustix::io::read(&input, &mut bytes) {
            Ok(read @ 1..) => said.extend_from_slice(bytes.get(..read).unwrap_or_default()),
            _ => break,
        }
    }
    said
}

/// Returns the column of the answer (`ESC [ row ; column R`), and what of the rest was typed: letters that are a key each.
fn taken_apart(said: &[u8]) -> (Option<u16>, Vec<Key>) {
    let text = String::from_utf8_lossy(said);
    let answer = text.match_indices("\x1b[").find_map(|(at, _)| {
        let (inside, behind) = text.get(at + 2..)?.split_once('R')?;
        let (row, column) = inside.split_once(';')?;
        row.parse::<u16>().ok()?;
        Some((text.get(..at)?, column.parse::<u16>().ok()?, behind))
    });
    let (before, column, behind) = match answer {
        Some((before, column, behind)) => (before, Some(column), behind),
        None => (text.as_ref(), None, ""),
    };
    // What begins with an Escape is no letter: it may be half of something.
    let letters = |text: &'_ str| text.split('\x1b').next().unwrap_or_default().to_owned();
    let typed = [letters(before), letters(behind)].concat();
    let typed = typed.chars().filter_map(|letter| match letter {
        '\r' => Some(Key::plain(Code::Enter)),
        letter if letter.is_control() => None,
        letter => Some(Key::char(letter)),
    });
    (column, typed.collect())
}

#[cfg(test)]
#[path = "signs_tests.rs"]
mod tests;
