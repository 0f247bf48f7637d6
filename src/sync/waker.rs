//! A pipe that ends a wait from another thread.

use std::io;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{ErrorKind, UserError};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::pipe::{PipeFlags, pipe_with};

/// Ends waits from another thread. Cheap to clone; every clone is the same one.
#[derive(Clone, Debug)]
pub struct Waker {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    read: OwnedFd,
    write: OwnedFd,
    stopped: AtomicBool,
}

impl Waker {
    /// Makes a waker.
    ///
    /// # Errors
    /// When the process has no file descriptors left.
    pub fn new() -> io::Result<Self> {
        let (read, write) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        Ok(Self { inner: Arc::new(Inner { read, write, stopped: AtomicBool::new(false) }) })
    }

    /// Makes a waker that nobody holds the other end of.
    ///
    /// # Errors
    /// As [`Waker::new`], in words for a person.
    pub(super) fn unwatched() -> Result<Self, UserError> {
        Self::new().map_err(|error| UserError::new(ErrorKind::Internal, phrase!("no-waker", why = error.to_string())))
    }

    /// Ends the present or the next idle wait. A full pipe is one that is awake already.
    pub fn wake(&self) {
        let _ = rustix::io::write(&self.inner.write, b"w");
    }

    /// Ends everything: every later step over a connection fails.
    pub fn stop(&self) {
        self.inner.stopped.store(true, Ordering::SeqCst);
        self.wake();
    }

    /// Tells whether [`Waker::stop`] was called.
    pub fn is_stopped(&self) -> bool {
        self.inner.stopped.load(Ordering::SeqCst)
    }

    /// Waits until somebody wakes it or `timeout` is over; tells whether it was woken.
    pub fn wait(&self, timeout: Duration) -> bool {
        let end = Instant::now() + timeout;
        loop {
            if self.is_stopped() || self.drain() {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let mut fds = [PollFd::new(&self.inner.read, PollFlags::IN)];
            let _ = poll(&mut fds, Some(&timespec(left)));
        }
    }

    /// Returns the end of the pipe that becomes readable when somebody wakes.
    pub(super) fn fd(&self) -> &OwnedFd {
        &self.inner.read
    }

    /// Empties the pipe; tells whether there was anything in it.
    pub(super) fn drain(&self) -> bool {
        let mut bytes = [0_u8; 64];
        let mut woken = false;
        while matches!(rustix::io::read(&self.inner.read, &mut bytes), Ok(n) if n > 0) {
            woken = true;
        }
        woken
    }
}

/// Writes a wait as `poll` takes it.
pub(super) fn timespec(wait: Duration) -> Timespec {
    Timespec { tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX), tv_nsec: i64::from(wait.subsec_nanos()) }
}
