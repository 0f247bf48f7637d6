//! Postroom in a terminal of its own, looked at from outside.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::fill::MARK;

/// A screen is full when the newest mail stands on it and nothing more has come for this long.
const QUIET: Duration = Duration::from_millis(250);
/// Asks the terminal for its background.
const QUESTION: &[u8] = b"\x1b]11;?";
/// Nobody waits longer than this.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long the idle screen is watched.
pub const IDLE: Duration = Duration::from_secs(4);

/// A postroom that runs.
pub struct Run {
    child: Child,
    keys: File,
    output: Receiver<(Instant, Vec<u8>)>,
    /// Milliseconds from the start of the process to the last byte of the first full screen.
    pub to_full_screen: f64,
    /// The bytes of it.
    pub first_screen: usize,
}

/// What came out of using it.
pub struct Used {
    pub first_screen: usize,
    pub keys: usize,
    pub bytes_a_key: f64,
    pub idle_bytes: usize,
    pub resident: f64,
    pub peak: f64,
}

impl Run {
    /// Starts postroom on the store in `dir` and waits for the first full screen.
    pub fn start(dir: &Path) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let terminal = openpt(flags).expect("a pseudo-terminal");
        grantpt(&terminal).unwrap();
        unlockpt(&terminal).unwrap();
        let size = Winsize { ws_row: 50, ws_col: 160, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&terminal, size).unwrap();
        let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
        let side: OwnedFd = File::options().read(true).write(true).open(name).unwrap().into();
        let started = Instant::now();
        let child = Command::new(std::env::current_exe().unwrap())
            .env_clear()
            .envs(["HOME", "PATH", "TZ"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env(crate::PLAY_POSTROOM, "1")
            .env("TERM", "xterm-256color")
            .env("POSTROOM_STORE", dir)
            .stdin(Stdio::from(side.try_clone().unwrap()))
            .stdout(Stdio::from(side))
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let terminal = File::from(terminal);
        let output = listen(terminal.try_clone().unwrap());
        let mut run = Self { child, keys: terminal, output, to_full_screen: 0.0, first_screen: 0 };
        let (last, seen) = run.until_quiet(Some(MARK.as_bytes()));
        run.to_full_screen = last.duration_since(started).as_secs_f64() * 1e3;
        run.first_screen = seen;
        run
    }

    /// Takes what is drawn until nothing is for a while, and until `wanted` was: when the last of it came, and how many bytes it was.
    fn until_quiet(&self, wanted: Option<&[u8]>) -> (Instant, usize) {
        let begun = Instant::now();
        let mut last = begun;
        let mut bytes = Vec::new();
        loop {
            match self.output.recv_timeout(QUIET) {
                Ok((at, more)) => {
                    last = at;
                    bytes.extend(more);
                }
                Err(_) => {
                    let found = wanted.is_none_or(|word| bytes.windows(word.len()).any(|part| part == word));
                    if found {
                        return (last, bytes.len());
                    }
                    assert!(begun.elapsed() < PATIENCE, "the screen never became full");
                }
            }
        }
    }

    fn press(&mut self, keys: &str) -> usize {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.until_quiet(None).1
    }

    /// Returns a line of `/proc/PID/status` in MiB.
    fn memory(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        let kib: f64 = line.trim_matches([':', ' ', '\t', 'k', 'B']).parse().unwrap_or_default();
        kib / 1024.0
    }
}

impl Drop for Run {
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
            let bytes: Vec<u8> = buffer.iter().take(read).copied().collect();
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

/// Works with it for a while, leaves it alone for a while, and looks at its memory then.
pub fn use_it(dir: &Path, rounds: usize) -> Used {
    let mut run = Run::start(dir);
    let mut keys = 0;
    let mut bytes = 0;
    for _ in 0..rounds.min(4) {
        for key in ["j", "j", "j", "k", "G", "k", "g", "\x04", "\x04", "\t", "\t", "\r", "j", "\x1b"] {
            keys += 1;
            bytes += run.press(key);
        }
        for text in ["/parcel\r", "/from:customer12\r", "/is:any\r"] {
            run.press(text);
            run.press("G");
            run.press("\x1b");
        }
        for _ in 0..10 {
            run.press("\x04\x04\x04\x04\x04\x04");
        }
        run.press("g");
    }
    run.until_quiet(None);
    let watched = Instant::now();
    let mut idle_bytes = 0;
    while let Some(left) = IDLE.checked_sub(watched.elapsed()) {
        idle_bytes += run.output.recv_timeout(left).map_or(0, |(_, bytes)| bytes.len());
    }
    Used {
        first_screen: run.first_screen,
        keys,
        bytes_a_key: bytes as f64 / f64::from(u32::try_from(keys).unwrap()),
        idle_bytes,
        resident: run.memory("VmRSS"),
        peak: run.memory("VmHWM"),
    }
}
