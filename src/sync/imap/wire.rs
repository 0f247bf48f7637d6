//! Bytes to and from one server: TCP or TLS, a timeout on every step, and a pipe that ends a wait from another thread.
//!
//! It knows nothing of IMAP.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use native_tls::TlsStream;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::net::sockopt;

use super::error::ImapError;
use crate::sync::waker::{Waker, timespec};

/// How long a wait goes on before it looks whether it is to stop.
const SLICE: Duration = Duration::from_millis(200);
/// A quiet connection is asked after this time whether the other side is there,
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// again after this time,
const KEEP_ALIVE_AGAIN: Duration = Duration::from_secs(10);
/// and is dead after so many questions without an answer.
const KEEP_ALIVES: u32 = 3;

/// The bare or secured stream.
pub(super) enum Stream {
    /// In clear.
    Plain(TcpStream),
    /// TLS.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    fn tcp(&self) -> &TcpStream {
        match self {
            Stream::Plain(tcp) => tcp,
            Stream::Tls(tls) => tls.get_ref(),
        }
    }

    /// Bytes that TLS has decoded already, which the socket no longer announces.
    fn buffered(&self) -> usize {
        match self {
            Stream::Plain(_) => 0,
            Stream::Tls(tls) => tls.buffered_read_size().unwrap_or(0),
        }
    }
}

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ready {
    /// There is something to read, or the end.
    Readable,
    /// Somebody called [`Waker::wake`].
    Woken,
    /// Nothing came in time.
    Late,
}

/// A connection with timeouts.
pub struct Wire {
    stream: Stream,
    waker: Waker,
    timeout: Duration,
    received: Arc<AtomicU64>,
}

impl Wire {
    /// Takes a stream over. `timeout` bounds every read and write.
    pub(super) fn new(stream: Stream, waker: Waker, timeout: Duration) -> io::Result<Self> {
        let tcp = stream.tcp();
        tcp.set_nodelay(true)?;
        tcp.set_read_timeout(Some(timeout))?;
        tcp.set_write_timeout(Some(timeout))?;
        // A connection that a router forgot is noticed within a minute, also where nobody expects an answer. A system that knows no such
        // times keeps its own.
        let _ = sockopt::set_socket_keepalive(tcp, true);
        let _ = sockopt::set_tcp_keepidle(tcp, KEEP_ALIVE);
        let _ = sockopt::set_tcp_keepintvl(tcp, KEEP_ALIVE_AGAIN);
        let _ = sockopt::set_tcp_keepcnt(tcp, KEEP_ALIVES);
        Ok(Self { stream, waker, timeout, received: Arc::new(AtomicU64::new(0)) })
    }

    /// Returns the time within which an answer is expected.
    pub(super) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns the count of bytes received so far, after decryption.
    pub fn received(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.received)
    }

    /// Waits for bytes until `end`; a wake-up counts only where `wakeable`.
    pub(super) fn wait(&self, end: Instant, wakeable: bool) -> io::Result<Ready> {
        loop {
            if self.waker.is_stopped() {
                return Err(ImapError::Stopped.into_io());
            }
            if self.stream.buffered() > 0 {
                return Ok(Ready::Readable);
            }
            let left = end.saturating_duration_since(Instant::now());
            let slice = timespec(left.min(SLICE));
            let mut socket = PollFd::new(self.stream.tcp(), PollFlags::IN);
            let mut pipe = PollFd::new(self.waker.fd(), PollFlags::IN);
            let polled = if wakeable {
                let mut fds = [socket, pipe];
                let polled = poll(&mut fds, Some(&slice));
                [socket, pipe] = fds;
                polled
            } else {
                let mut fds = [socket];
                let polled = poll(&mut fds, Some(&slice));
                [socket] = fds;
                polled
            };
            match polled {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            if !socket.revents().is_empty() {
                return Ok(Ready::Readable);
            }
            if wakeable && !pipe.revents().is_empty() && self.waker.drain() {
                return Ok(Ready::Woken);
            }
            if left.is_zero() {
                return Ok(Ready::Late);
            }
        }
    }
}

impl Read for Wire {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.wait(Instant::now() + self.timeout, false)? == Ready::Late {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let read = match &mut self.stream {
            Stream::Plain(tcp) => tcp.read(buf),
            Stream::Tls(tls) => tls.read(buf),
        };
        let n = read.map_err(late)?;
        self.received.fetch_add(u64::try_from(n).unwrap_or(0), Ordering::Relaxed);
        Ok(n)
    }
}

impl Write for Wire {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.waker.is_stopped() {
            return Err(ImapError::Stopped.into_io());
        }
        match &mut self.stream {
            Stream::Plain(tcp) => tcp.write(buf),
            Stream::Tls(tls) => tls.write(buf),
        }
        .map_err(late)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.stream {
            Stream::Plain(tcp) => tcp.flush(),
            Stream::Tls(tls) => tls.flush(),
        }
        .map_err(late)
    }
}

/// A socket timeout comes as `WouldBlock` on Linux.
fn late(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => io::ErrorKind::TimedOut.into(),
        _ => error,
    }
}
