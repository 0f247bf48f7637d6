//! Reads what is typed, pasted and answered from the terminal on a thread of its own.

use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::app::Event;
use crate::runtime::background::{HELD, Wanted};
use crate::runtime::executor::Sender;
use crate::runtime::sequences::Sequences;

/// How long the reader holds the terminal at most before it looks whether somebody else wants it.
const HOLD: Duration = Duration::from_millis(250);

/// Keeps the reader away from the terminal while another program, such as an editor, has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<()>>);

impl Gate {
    /// Runs `work` while the reader reads nothing.
    pub(crate) fn closed<T>(&self, work: impl FnOnce() -> T) -> T {
        let _held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}

/// Starts the reader. What the terminal was asked it takes out of what is typed.
pub(crate) fn read_keys(sender: Sender, asked: Wanted) -> Gate {
    let gate = Gate::default();
    let own = gate.clone();
    std::thread::spawn(move || {
        let mut sequences = Sequences::new(asked);
        let Ok(terminal) = terminal() else { return sender.send(Event::Quit) };
        let mut bytes = [0; 4096];
        loop {
            let hold = if sequences.holds() { HELD } else { HOLD };
            let came = own.closed(|| read(&terminal, hold, &mut bytes));
            sequences.at(Instant::now());
            let events = match came {
                Ok(Some(count)) => sequences.take(bytes.get(..count).unwrap_or_default()),
                Ok(None) => {
                    // Whoever wants the terminal gets it.
                    std::thread::yield_now();
                    sequences.rest()
                }
                // The terminal is gone.
                Err(_) => return sender.send(Event::Quit),
            };
            events.into_iter().for_each(|event| sender.send(event));
        }
    });
    gate
}

/// Returns the terminal: the standard input, or what controls the process where that is something else.
fn terminal() -> std::io::Result<OwnedFd> {
    let input = std::io::stdin();
    match rustix::termios::isatty(&input) {
        true => input.as_fd().try_clone_to_owned(),
        false => Ok(std::fs::File::open("/dev/tty")?.into()),
    }
}

/// Waits at most so long for something, and reads it; `None` where nothing came.
fn read(terminal: &OwnedFd, hold: Duration, bytes: &mut [u8]) -> std::io::Result<Option<usize>> {
    let wait = Timespec { tv_sec: 0, tv_nsec: hold.subsec_nanos().into() };
    let mut ready = [PollFd::new(terminal, PollFlags::IN)];
    let came = poll(&mut ready, Some(&wait)).and_then(|ready| match ready {
        0 => Ok(None),
        _ => rustix::io::read(terminal, bytes).map(Some),
    });
    match came {
        Ok(Some(0)) => Err(std::io::ErrorKind::UnexpectedEof.into()),
        Ok(read) => Ok(read),
        Err(Errno::INTR | Errno::AGAIN) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
