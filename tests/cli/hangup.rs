//! What becomes of a half-written mail when the program is ended from outside: the real screen on a real pseudo terminal.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::{Child, Stdio};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::environment::Environment;

/// The longest that the program may say nothing while something is waited for.
const PATIENCE: rustix::event::Timespec = rustix::event::Timespec { tv_sec: 60, tv_nsec: 0 };

pub struct Terminal {
    master: std::fs::File,
    child: Child,
    pub seen: String,
}

impl Terminal {
    pub fn open(env: &Environment) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        tcsetwinsize(&master, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap();
        let flags = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
        let mut options = std::fs::File::options();
        let slave = options.read(true).write(true).custom_flags(flags).open(name.to_str().unwrap()).unwrap();
        let end = || Stdio::from(slave.try_clone().unwrap());
        let mut command = env.command(&[]);
        let child = command.env("TERM", "xterm-256color").stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        Self { master: std::fs::File::from(master), child, seen: String::new() }
    }

    /// Reads on; tells whether there was anything more.
    fn read(&mut self) -> bool {
        let mut ready = [PollFd::new(&self.master, PollFlags::IN)];
        assert!(poll(&mut ready, Some(&PATIENCE)).unwrap() > 0, "the program says nothing more: {}", self.seen);
        let mut bytes = [0; 65_536];
        match std::io::Read::read(&mut self.master, &mut bytes) {
            Ok(0) | Err(_) => false,
            Ok(n) => {
                self.seen.push_str(&String::from_utf8_lossy(&bytes[..n]));
                true
            }
        }
    }

    pub fn wait_for(&mut self, words: &str) {
        while !self.seen.contains(words) {
            assert!(self.read(), "it ended before it said {words:?}: {}", self.seen);
        }
    }

    fn type_in(&mut self, text: &str) {
        self.master.write_all(text.as_bytes()).unwrap();
    }

    fn end(mut self, signal: Signal) -> i32 {
        self.signal(signal)
    }

    /// Ends it and returns all that it wrote.
    pub fn all(mut self) -> String {
        self.signal(Signal::TERM);
        self.seen
    }

    fn signal(&mut self, signal: Signal) -> i32 {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        while self.read() {}
        self.child.wait().unwrap().code().unwrap_or(-1)
    }
}

fn typed_until(signal: Signal) {
    let env = Environment::demo();
    let mut terminal = Terminal::open(&env);
    terminal.wait_for("Nadia");
    terminal.type_in("c");
    terminal.wait_for("New mail as");
    terminal.type_in("mia@south.example\t\t\tNew lamps\tThe last word is Ж");
    terminal.wait_for("Ж");
    terminal.end(signal);
    let drafts = env.run(&["draft", "list", "--json"]);
    assert_eq!(drafts.stdout.lines().count(), 1, "{drafts}");
    assert!(drafts.stdout.contains("The last word is Ж") && drafts.stdout.contains("mia@south.example"), "{drafts}");
}

#[test]
fn a_connection_that_is_lost_while_somebody_writes_loses_nothing_of_the_text() {
    typed_until(Signal::HUP);
}

#[test]
fn a_program_that_is_told_to_end_while_somebody_writes_keeps_the_text() {
    typed_until(Signal::TERM);
}

#[test]
fn a_note_that_is_half_typed_when_the_connection_is_lost_is_there_again() {
    let env = Environment::demo();
    let mut terminal = Terminal::open(&env);
    terminal.wait_for("Nadia");
    terminal.type_in("n");
    terminal.wait_for("for the team alone");
    terminal.type_in("ask the warehouse Ж");
    terminal.wait_for("Ж");
    terminal.end(Signal::HUP);
    let mut terminal = Terminal::open(&env);
    terminal.wait_for("Nadia");
    terminal.type_in("n");
    // What is blank already is not drawn, so words may stand apart in the bytes.
    terminal.wait_for("warehouse");
    terminal.wait_for("Ж");
    terminal.end(Signal::TERM);
}
