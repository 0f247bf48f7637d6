//! Keys that are typed while a layer closes, or for one that did not open: whoever types on does not know yet that the letters would be
//! commands.

use crate::keymap::{Code, Key};
use crate::model::clock::Timestamp;

/// For how many milliseconds keys are dropped after a layer closed by itself.
const DEAF: i64 = 500;
/// A layer that closes within so many milliseconds of the key that asked for it closed by that key.
const BY_KEY: i64 = 200;

/// Keys that were not taken, and how many by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dropped {
    /// What they were typed in had just closed.
    Closed(u32),
    /// What they were meant for had not opened.
    NotOpened(u32),
}

/// How layers close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// When a key asked for the layer to close, and how many keys were pressed since.
    asked: Option<(Timestamp, u32)>,
    /// When a layer closed by itself.
    closed: Option<Timestamp>,
    /// When a line, a choice or a mail did not open that keys are typed in, or the last of those keys came.
    refused: Option<Timestamp>,
    /// How many keys were dropped since.
    dropped: u32,
}

impl Closing {
    /// Notes that a key asks for the topmost layer to close as soon as the store has what it holds.
    pub(super) fn ask(&mut self, now: Timestamp) {
        self.asked.get_or_insert((now, 0));
    }

    /// Notes that the layer stays after all.
    pub(super) fn stay(&mut self) {
        self.asked = None;
    }

    /// Notes that a layer closed. It did so by itself where no key asked for it, where keys were pressed since, or where that was long ago.
    pub(super) fn close(&mut self, now: Timestamp) {
        let by_key = self.asked.take().is_some_and(|(at, keys)| keys == 0 && now.since(at) <= BY_KEY);
        if !by_key {
            (self.closed, self.dropped) = (Some(now), 0);
        }
    }

    /// Notes that what was to be typed in did not open, after so many keys for it were dropped already.
    pub(super) fn refuse(&mut self, now: Timestamp, dropped: u32) {
        (self.refused, self.dropped) = (Some(now), dropped);
    }

    /// Takes note of a click, and returns how many were dropped with it where it is to be dropped.
    pub(super) fn click(&mut self, now: Timestamp) -> Option<Dropped> {
        if let Some((_, keys)) = &mut self.asked {
            *keys += 1;
        }
        self.closed = self.closed.filter(|at| now.since(*at) < DEAF);
        self.closed?;
        self.dropped += 1;
        Some(Dropped::Closed(self.dropped))
    }

    /// Takes note of a key, and returns how many were dropped with it where it is to be dropped.
    pub(super) fn press(&mut self, now: Timestamp, key: Key) -> Option<Dropped> {
        if let Some(dropped) = self.click(now) {
            return Some(dropped);
        }
        let at = self.refused.take()?;
        if now.since(at) >= DEAF {
            return None;
        }
        // A pause ends what was typed, and so does what ends a line. Escape with nothing typed steps out of what is there.
        let (is_typed, ends) = match key.code {
            Code::Enter => (true, true),
            Code::Esc => (self.dropped > 0, true),
            Code::Backspace | Code::Tab => (true, false),
            _ => (key.typed().is_some(), false),
        };
        if !is_typed {
            return None;
        }
        self.refused = (!ends).then_some(now);
        self.dropped += 1;
        Some(Dropped::NotOpened(self.dropped))
    }
}

#[cfg(test)]
#[path = "closing_tests.rs"]
mod tests;
