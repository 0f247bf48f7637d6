//! Keys that are typed while a layer closes: whoever types on does not know yet that the letters would be commands.

use crate::model::clock::Timestamp;

/// For how many milliseconds keys are dropped after a layer closed by itself.
const DEAF: i64 = 500;
/// A layer that closes within so many milliseconds of the key that asked for it closed by that key.
const BY_KEY: i64 = 200;

/// How layers close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closing {
    /// When a key asked for the layer to close, and how many keys were pressed since.
    asked: Option<(Timestamp, u32)>,
    /// When a layer closed by itself.
    closed: Option<Timestamp>,
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

    /// Takes note of a key, and returns how many were dropped with it where it is to be dropped.
    pub(super) fn press(&mut self, now: Timestamp) -> Option<u32> {
        if let Some((_, keys)) = &mut self.asked {
            *keys += 1;
        }
        self.closed = self.closed.filter(|at| now.since(*at) < DEAF);
        self.closed?;
        self.dropped += 1;
        Some(self.dropped)
    }
}
