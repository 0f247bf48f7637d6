//! A program in a terminal of its own, looked at from outside: what a key costs a slow line, and what the program costs the machine.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// Nobody waits longer than this.
const PATIENCE: Duration = Duration::from_secs(120);
/// Asks the terminal for its background.
const QUESTION: &[u8] = b"\x1b]11;?";
/// The kernel tells processor time in hundredths of a second.
const TICKS: f64 = 100.0;

/// A program that runs.
pub struct Pty {
    child: Child,
    keys: File,
    output: Receiver<(Instant, Vec<u8>)>,
    started: Instant,
}

/// What was drawn until nothing more came.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawn {
    pub bytes: usize,
    /// From the key, or the start, to the last byte.
    pub took: Duration,
}

impl Pty {
    /// Starts a command in a terminal of so many columns and rows.
    pub fn start(mut command: Command, (columns, rows): (u16, u16)) -> std::io::Result<Self> {
        let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&terminal)?;
        unlockpt(&terminal)?;
        tcsetwinsize(&terminal, Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 })?;
        let name = ptsname(&terminal, Vec::new())?.into_string().unwrap();
        let side: OwnedFd = File::options().read(true).write(true).open(name)?.into();
        command.stdin(Stdio::from(side.try_clone()?)).stdout(Stdio::from(side.try_clone()?)).stderr(Stdio::from(side));
        let started = Instant::now();
        let child = command.spawn()?;
        // The command holds the program's side of the terminal open.
        drop(command);
        let keys = File::from(terminal);
        let output = listen(keys.try_clone()?);
        Ok(Self { child, keys, output, started })
    }

    /// Takes what is drawn until nothing is for `quiet` and `wanted` was drawn.
    pub fn until_quiet(&self, since: Instant, quiet: Duration, wanted: &str) -> Drawn {
        let mut bytes = Vec::new();
        let mut last = since;
        loop {
            match self.output.recv_timeout(quiet) {
                Ok((at, more)) => {
                    bytes.extend(more);
                    last = at;
                }
                Err(_) if wanted.is_empty() || bytes.windows(wanted.len()).any(|part| part == wanted.as_bytes()) => {
                    return Drawn { bytes: bytes.len(), took: last.saturating_duration_since(since) };
                }
                Err(RecvTimeoutError::Timeout) if since.elapsed() < PATIENCE => {}
                Err(why) => panic!("{wanted} was never drawn ({why}):\n{}", String::from_utf8_lossy(&bytes)),
            }
        }
    }

    /// Waits for the first full screen, on which `wanted` stands.
    pub fn first_screen(&self, quiet: Duration, wanted: &str) -> Drawn {
        self.until_quiet(self.started, quiet, wanted)
    }

    /// Presses a key and waits until all is drawn that follows from it.
    pub fn press(&mut self, key: &str, quiet: Duration) -> Drawn {
        let at = Instant::now();
        self.keys.write_all(key.as_bytes()).unwrap();
        self.until_quiet(at, quiet, "")
    }

    /// Leaves it alone for a while: bytes drawn, and seconds of processor.
    pub fn idle(&self, how_long: Duration) -> (usize, f64) {
        let (watched, before) = (Instant::now(), self.cpu());
        let mut bytes = 0;
        while let Some(left) = how_long.checked_sub(watched.elapsed()) {
            bytes += self.output.recv_timeout(left).map_or(0, |(_, more)| more.len());
        }
        (bytes, self.cpu() - before)
    }

    /// Returns the seconds of processor that it has had.
    pub fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
        fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / TICKS
    }

    /// Returns a line of `/proc/PID/status` in MiB.
    pub fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim_matches([':', ' ', '\t', 'k', 'B']).parse::<f64>().unwrap_or_default() / 1024.0
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Hands on what is drawn. Asked for its background, it answers as terminals do.
fn listen(mut terminal: File) -> Receiver<(Instant, Vec<u8>)> {
    let (sender, output) = channel();
    std::thread::spawn(move || {
        let mut buffer = vec![0; 65_536];
        while let Ok(read @ 1..) = terminal.read(&mut buffer) {
            let bytes = buffer[..read].to_vec();
            if bytes.windows(QUESTION.len()).any(|part| part == QUESTION) {
                terminal.write_all(b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\").unwrap();
            }
            if sender.send((Instant::now(), bytes)).is_err() {
                return;
            }
        }
    });
    output
}
