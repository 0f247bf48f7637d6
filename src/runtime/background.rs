//! What the terminal says its background is (OSC 11 of xterm): asked once at the start, and taken out of what is typed whenever the answer
//! comes, be it seconds later over a slow line.
//!
//! The library that reads the terminal knows no such answer: it makes a key of each of its bytes. So they are recognised as keys: Alt and
//! `]`, or Escape and `]` where a packet ended between them, then `11;`, a colour, and BEL or ST.

use std::io::Write as _;
use std::time::Duration;

use crate::app::Event;
use crate::keymap::{Code, Key};
use crate::theme::floor::{Rgb, read_answer};

/// How long the first frame waits for the answer.
pub(super) const PATIENCE: Duration = Duration::from_millis(100);
/// How long after the question the program leaves at the earliest where no answer came: what came later would be typed into the shell.
pub(super) const LAST: Duration = Duration::from_millis(400);
/// How long a key that may begin an answer is held back at most.
pub(super) const HELD: Duration = Duration::from_millis(25);
/// So many of these rests a head is waited for that came faster than anybody types.
const RESTS_MAX: u8 = 20;
/// The longest colour that is still one.
const COLOUR_MAX: usize = 40;
/// What stands in front of the colour, behind the bracket.
const HEAD: &str = "11;";
const BEL: Key = Key { code: Code::Char('g'), ctrl: true, alt: false };
const ST: Key = Key { code: Code::Char('\\'), ctrl: false, alt: true };

/// The question; inside tmux also as it is passed through to the terminal around it, for those versions that answer it only so.
fn question(in_tmux: bool) -> String {
    let plain = "\x1b]11;?\x1b\\";
    match in_tmux {
        true => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        false => plain.to_owned(),
    }
}

/// Asks the terminal. One of a Linux console, which would show the question, is not asked.
pub(super) fn ask() -> bool {
    if std::env::var("TERM").is_ok_and(|term| term == "linux" || term.starts_with("vt")) {
        return false;
    }
    let in_tmux = std::env::var_os("TMUX").is_some_and(|value| !value.is_empty());
    let mut out = std::io::stdout();
    out.write_all(question(in_tmux).as_bytes()).and_then(|()| out.flush()).is_ok()
}

/// What of an answer has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Part {
    /// Nothing.
    #[default]
    Nothing,
    /// An Escape, which may be one that was typed.
    Escape,
    /// The bracket and so many letters of [`HEAD`].
    Head(usize),
    /// The colour as far as it is here, and whether an Escape that may end it.
    Colour(String, bool),
}

/// Takes answers out of what is typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    part: Part,
    held: Vec<Key>,
    /// Whether what begins the answer went on as typed, since nothing followed it in time: what follows it after all is still no key.
    behind: bool,
    /// How often nothing came while the head was waited for.
    rests: u8,
}

impl Answers {
    /// Takes an event and returns what goes on: itself, what was held back in vain, the answer, or nothing yet.
    pub(super) fn take(&mut self, event: Event) -> Vec<Event> {
        let Event::Key(key) = event else {
            let mut out = self.release();
            out.push(event);
            return out;
        };
        match self.step(key) {
            Some(Ok(ground)) => {
                self.forget();
                ground.map(Event::Ground).into_iter().collect()
            }
            Some(Err(())) => {
                let mut out = self.release();
                match self.step(key) {
                    Some(_) => out.push(Event::Key(key)),
                    None => self.held.push(key),
                }
                out
            }
            None => {
                self.held.push(key);
                Vec::new()
            }
        }
    }

    /// Tells whether a key is held back that may well have been typed.
    pub(super) fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Nothing came for a while: what may have been typed goes on. What can't have been typed is still waited for: a read may end anywhere
    /// in an answer, and the next one come much later.
    pub(super) fn rest(&mut self) -> Vec<Event> {
        match self.part {
            Part::Colour(..) => Vec::new(),
            // A key of a person as well.
            Part::Escape | Part::Head(0) => {
                self.behind = true;
                std::mem::take(&mut self.held).into_iter().map(Event::Key).collect()
            }
            // Nobody types a bracket and a digit within the time of one key.
            Part::Head(_) if !self.behind && self.rests < RESTS_MAX => {
                self.rests += 1;
                Vec::new()
            }
            Part::Head(_) | Part::Nothing => self.release(),
        }
    }

    /// Goes on by a key: the end of an answer, with its colour; an error where the key belongs to none; `None` while it may.
    fn step(&mut self, key: Key) -> Option<Result<Option<Rgb>, ()>> {
        let typed = key.typed();
        let is_bracket = key == Key { alt: true, ..Key::char(']') };
        let next = match std::mem::take(&mut self.part) {
            Part::Nothing if is_bracket => Part::Head(0),
            Part::Nothing if key.code == Code::Esc => Part::Escape,
            Part::Escape if typed == Some(']') || is_bracket => Part::Head(0),
            Part::Head(read) if typed.is_some() && HEAD.chars().nth(read) == typed => {
                if read + 1 == HEAD.len() {
                    Part::Colour(String::new(), false)
                } else {
                    Part::Head(read + 1)
                }
            }
            Part::Colour(colour, _) if key == BEL || key == ST => return Some(Ok(read_answer(&colour))),
            Part::Colour(colour, true) if typed == Some('\\') => return Some(Ok(read_answer(&colour))),
            Part::Colour(colour, false) if key.code == Code::Esc => Part::Colour(colour, true),
            Part::Colour(mut colour, false) if typed.is_some_and(is_of_colour) && colour.len() < COLOUR_MAX => {
                colour.extend(typed);
                Part::Colour(colour, false)
            }
            // An answer that was broken off is nothing that was typed.
            Part::Colour(..) => {
                self.held.clear();
                return Some(Err(()));
            }
            _ => return Some(Err(())),
        };
        self.part = next;
        None
    }

    fn release(&mut self) -> Vec<Event> {
        let held = if matches!(self.part, Part::Colour(..)) { Vec::new() } else { std::mem::take(&mut self.held) };
        self.forget();
        held.into_iter().map(Event::Key).collect()
    }

    fn forget(&mut self) {
        *self = Self::default();
    }
}

fn is_of_colour(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '#')
}

#[cfg(test)]
#[path = "background_tests.rs"]
mod tests;
