//! Learns that another process did something with the store, without looking again and again.
//!
//! Whoever commits writes the store's log of writes, and the process that syncs puts its bulletins beside it: the kernel tells of both
//! (inotify). Nothing has to be set up between the processes, and nothing is left behind by one that is killed. Where a file system does not
//! tell, such as one that another machine writes to, it is looked every other second.

use std::cell::Cell;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::inotify::{self, CreateFlags, Reader, WatchFlags};
use rustix::io::Errno;

use super::waker::{Waker, timespec};
use crate::store::Store;

/// It is looked this often though nothing was told.
const SLOW: Duration = Duration::from_secs(2);
/// What is told within this time of the first is one notice: a commit is many writes.
const SETTLE: Duration = Duration::from_millis(20);
/// Once more it is looked after this time: what was written is there for others only when the disk has it.
const AGAIN: Duration = Duration::from_millis(100);
/// How the names of the files begin whose changes count. The log file of this program is none of them.
const NAMES: [&[u8]; 2] = [b"postroom.db", b"sync"];

/// Waits for what other processes do with a store.
#[derive(Debug)]
pub struct Notice {
    /// `None` where the system has none left for this user.
    told: Option<OwnedFd>,
    /// Whether the last wait ended with a notice.
    fresh: Cell<bool>,
}

impl Notice {
    /// Begins to listen. What is done from now on ends the next wait.
    pub fn of(store: &Store) -> Self {
        let listen = || -> Result<OwnedFd, Errno> {
            let told = inotify::init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)?;
            let dir = store.path().parent().unwrap_or(store.path());
            let what = WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::DELETE;
            inotify::add_watch(&told, dir, what)?;
            Ok(told)
        };
        let told = listen().inspect_err(|error| tracing::debug!(%error, "the store is looked at now and then")).ok();
        Self { told, fresh: Cell::new(false) }
    }

    /// Waits until it is worth to look again: something was done, somebody woke `waker`, some seconds have passed, or `at_most` is over.
    /// Returns whether it was woken.
    pub fn wait(&self, waker: &Waker, at_most: Duration) -> bool {
        let end = Instant::now() + at_most.min(if self.fresh.get() { AGAIN } else { SLOW });
        self.fresh.set(false);
        loop {
            if waker.wait(Duration::ZERO) {
                return true;
            }
            if self.is_told() {
                self.fresh.set(true);
                let woken = waker.wait(SETTLE.min(at_most));
                self.is_told();
                return woken;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let mut fds = Vec::with_capacity(2);
            fds.push(PollFd::new(waker.fd(), PollFlags::IN));
            fds.extend(self.told.as_ref().map(|told| PollFd::new(told, PollFlags::IN)));
            let _ = poll(&mut fds, Some(&timespec(left)));
        }
    }

    /// Takes in what was told; says whether any of it counts.
    fn is_told(&self) -> bool {
        let Some(told) = &self.told else { return false };
        let mut bytes = [MaybeUninit::uninit(); 4096];
        let mut reader = Reader::new(told, &mut bytes);
        let mut counts = false;
        while let Ok(event) = reader.next() {
            let name = event.file_name().map(std::ffi::CStr::to_bytes).unwrap_or_default();
            // Without a name it says that there was more than it could tell.
            counts |= name.is_empty() || NAMES.iter().any(|begin| name.starts_with(begin));
        }
        counts
    }
}

#[cfg(test)]
#[path = "notice_tests.rs"]
mod tests;
