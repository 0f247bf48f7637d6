//! What was read of a stream and not handed over yet.
//!
//! Dropping from its front moves nothing: a mail that claims a large size has much read behind it, and the mails that are found there
//! instead are dropped one by one.

use std::io::Read;
use std::ops::Deref;

/// So much room is kept when what filled it is gone.
const ROOM: usize = 1 << 20;

pub(super) struct Held {
    bytes: Vec<u8>,
    /// What stands before it was dropped.
    start: usize,
    /// How many bytes were moved within the buffer.
    #[cfg(test)]
    pub(super) moved: usize,
}

impl Deref for Held {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }
}

impl Held {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            start: 0,
            #[cfg(test)]
            moved: 0,
        }
    }

    /// Returns for how many bytes there is room.
    #[cfg(test)]
    pub(super) fn room(&self) -> usize {
        self.bytes.capacity()
    }

    /// Drops bytes from the front.
    pub(super) fn drop_front(&mut self, bytes: usize) {
        self.start = self.start.saturating_add(bytes).min(self.bytes.len());
        // What is moved was read since the last time, so each byte is moved about once.
        if self.start > self.bytes.len() / 2 {
            #[cfg(test)]
            {
                self.moved += self.len();
            }
            self.bytes.drain(..self.start);
            self.start = 0;
            // A large mail leaves its room behind.
            if self.bytes.capacity() > ROOM && self.bytes.len() < self.bytes.capacity() / 4 {
                self.bytes.shrink_to(ROOM.max(self.bytes.len()));
            }
        }
    }

    /// Reads up to `most` bytes more; 0 at the end.
    pub(super) fn read_from(&mut self, input: &mut impl Read, most: usize) -> std::io::Result<usize> {
        let have = self.bytes.len();
        self.bytes.resize(have + most, 0);
        let read = input.read(self.bytes.get_mut(have..).unwrap_or_default());
        self.bytes.truncate(have + read.as_ref().copied().unwrap_or(0).min(most));
        read
    }
}
