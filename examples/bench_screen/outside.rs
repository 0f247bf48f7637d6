//! Postroom in a terminal of its own, looked at from outside.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::fill::MARK;
use crate::support::pty::Pty;

/// A screen is full when the newest mail stands on it and nothing more has come for this long.
const QUIET: Duration = Duration::from_millis(250);
/// How long the idle screen is watched.
pub const IDLE: Duration = Duration::from_secs(4);

/// A postroom that runs.
pub struct Run {
    pty: Pty,
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
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .env_clear()
            .envs(["HOME", "PATH", "TZ"].into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env(crate::PLAY_POSTROOM, "1")
            .env("TERM", "xterm-256color")
            .env("POSTROOM_STORE", dir);
        let pty = Pty::start(command, (160, 50)).expect("a pseudo-terminal");
        let drawn = pty.first_screen(QUIET, MARK);
        Self { pty, to_full_screen: drawn.took.as_secs_f64() * 1e3, first_screen: drawn.bytes }
    }

    fn press(&mut self, keys: &str) -> usize {
        self.pty.press(keys, QUIET).bytes
    }
}

/// Works with it for a while, leaves it alone for a while, and looks at its memory then.
pub fn use_it(dir: &Path, rounds: usize) -> Used {
    let mut run = Run::start(dir);
    let mut keys = 0;
    let mut bytes = 0;
    for _ in 0..rounds.min(4) {
        for key in ["j", "j", "j", "k", "G", "k", "gg", "\x04", "\x04", "\t", "\t", "\r", "j", "\x1b"] {
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
        run.press("gg");
    }
    let (idle_bytes, _) = run.pty.idle(IDLE);
    Used {
        first_screen: run.first_screen,
        keys,
        bytes_a_key: bytes as f64 / f64::from(u32::try_from(keys).unwrap()),
        idle_bytes,
        resident: run.pty.memory("VmRSS"),
        peak: run.pty.memory("VmHWM"),
    }
}
