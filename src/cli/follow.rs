//! Verbs that go on: they wait for changes of the store by whichever process, until Ctrl-C, SIGTERM or a reader that goes away.

use std::io::IsTerminal;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use super::connect;
use super::words::usage;
use crate::error::{ErrorKind, UserError};
use crate::model::stop::Stop;
use crate::store::Store;

/// How often it is looked whether anybody committed something: one row is read for that.
const LOOK: Duration = Duration::from_millis(500);
/// How often it is looked whether a snoozed conversation wakes.
const WAKE: Duration = Duration::from_secs(30);

/// Waits for changes of a store.
pub struct Follower {
    store: Store,
    stopped: Receiver<()>,
    is_stopped: Arc<AtomicBool>,
    version: Option<i64>,
    woken: Instant,
}

impl Follower {
    /// Begins to wait; from now on Ctrl-C and SIGTERM end the wait and not the process.
    pub fn new(store: &Store) -> Self {
        let (stop, stopped) = channel();
        let is_stopped = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&is_stopped);
        connect::on_interrupt(move || {
            told.store(true, Ordering::SeqCst);
            // Nobody waits any more when it ends by itself.
            let _ = stop.send(());
        });
        Self { store: store.clone(), stopped, is_stopped, version: None, woken: Instant::now() }
    }

    /// Returns what tells other work that it is to end.
    pub fn stop(&self) -> Stop {
        let told = Arc::clone(&self.is_stopped);
        Stop::when(move || told.load(Ordering::SeqCst))
    }

    /// Notes how the store stands: what is committed from now on ends the next wait. Called before the store is read.
    pub fn mark(&mut self) {
        self.version = self.store.data_version().ok();
    }

    /// Waits until the store is another one than at [`Follower::mark`], at most so long. Returns `false` when it is to end.
    pub fn wait(&mut self, at_most: Duration) -> bool {
        let end = Instant::now() + at_most;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.stopped.recv_timeout(left.min(LOOK)) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return false,
            }
            if reader_is_gone() {
                return false;
            }
            if self.woken.elapsed() >= WAKE {
                self.woken = Instant::now();
                // Whoever reads next tells what is wrong with the store.
                let _ = self.store.wake();
            }
            if self.store.data_version().ok() != self.version || Instant::now() >= end {
                return true;
            }
        }
    }

    /// Lets time pass. Returns `false` when it is to end.
    pub fn rest(&self, span: Duration) -> bool {
        matches!(self.stopped.recv_timeout(span), Err(RecvTimeoutError::Timeout))
    }
}

/// Tells whether stdout is a pipe that nobody reads any more.
fn reader_is_gone() -> bool {
    let stdout = std::io::stdout();
    if stdout.is_terminal() {
        return false;
    }
    let mut asked = [PollFd::from_borrowed_fd(stdout.as_fd(), PollFlags::empty())];
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut asked, Some(&now)).is_ok() && asked.iter().any(|fd| fd.revents().contains(PollFlags::ERR))
}

/// A file that holds a cursor.
pub struct StateFile(PathBuf);

impl StateFile {
    /// Takes the file of that name, which need not be there.
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Returns the cursor; `None` where there is no file.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn read(&self) -> Result<Option<String>, UserError> {
        match std::fs::read_to_string(&self.0) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Writes the cursor: another one, or the one before, whenever the process or the machine ends.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn write(&self, cursor: &str) -> Result<(), UserError> {
        let mut beside = self.0.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        let write = || -> std::io::Result<()> {
            use std::io::Write as _;
            let mut file = std::fs::File::create(&beside)?;
            file.write_all(format!("{cursor}\n").as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&beside, &self.0)
        };
        write().map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &std::io::Error) -> UserError {
        let shown = self.0.display().to_string();
        UserError::new(ErrorKind::Usage, phrase!("state-file", path = shown, why = error.to_string()))
            .hint(phrase!("hint-state-file"))
    }

    /// Says how to begin anew behind this file.
    pub fn anew(&self) -> crate::model::phrase::Phrase {
        phrase!("hint-remove-state", path = self.0.display().to_string())
    }
}

/// Returns the cursor to go on from, by word or by file.
///
/// # Errors
/// As [`StateFile::read`].
pub fn cursor(after: Option<&str>, state: Option<&StateFile>) -> Result<Option<String>, UserError> {
    match (after, state) {
        (Some(cursor), _) => Ok(Some(cursor.to_owned())),
        (None, Some(state)) => state.read(),
        (None, None) => Ok(None),
    }
}

/// Says that a cursor is none of this store.
pub fn unknown(cursor: &str, state: Option<&StateFile>) -> UserError {
    let hint = state.map_or_else(|| phrase!("hint-begin-anew"), StateFile::anew);
    usage(phrase!("cursor-unknown", cursor = cursor)).hint(hint)
}
