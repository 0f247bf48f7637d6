//! What the terminal says its background is (OSC 11 of xterm) and what it is itself (XTVERSION, `CSI > q`): asked once at the start, and
//! taken out of what is typed whenever the answer comes, be it seconds later over a slow line.
//!
//! The library that reads the terminal knows no such answers: it makes a key of each of their bytes. So they are recognised as keys: Alt and
//! `]`, or Escape and `]` where a packet ended between them, then `11;`, a colour, and BEL or ST; and likewise Alt and `P`, `>|`, a name.

use std::io::Write as _;
use std::time::Duration;

use crate::app::Event;
use crate::keymap::{Code, Key};
use crate::model::screen_order::Terminal;
use crate::theme::floor::read_answer;

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
/// The longest name of a terminal that is still one.
const NAME_MAX: usize = 80;
const BEL: Key = Key { code: Code::Char('g'), ctrl: true, alt: false };
const ST: Key = Key { code: Code::Char('\\'), ctrl: false, alt: true };

/// What the terminal is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// What its background is.
    pub(super) ground: bool,
    /// What it is itself.
    pub(super) name: bool,
}

impl Wanted {
    /// Tells whether anything is asked.
    pub(super) fn any(self) -> bool {
        self.ground || self.name
    }

    /// Takes away what an event answers.
    pub(super) fn heard(&mut self, event: &Event) {
        self.ground &= !matches!(event, Event::Ground(_));
        self.name &= !matches!(event, Event::Terminal(_));
    }
}

/// The questions; inside tmux also as they are passed through to the terminal around it: some versions answer the first only so, and of
/// itself that terminal tells only so.
fn question(wanted: Wanted, in_tmux: bool) -> String {
    let asked = [(wanted.ground, "\x1b]11;?\x1b\\"), (wanted.name, "\x1b[>q")];
    let asked = asked.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, plain)| match in_tmux {
        true => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        false => plain.to_owned(),
    });
    asked.collect()
}

/// Asks the terminal, and returns what it was asked. One of a Linux console, which would show the questions, is not asked.
pub(super) fn ask(wanted: Wanted) -> Wanted {
    if !wanted.any() || std::env::var("TERM").is_ok_and(|term| term == "linux" || term.starts_with("vt")) {
        return Wanted::default();
    }
    let mut out = std::io::stdout();
    let is_asked = out.write_all(question(wanted, is_tmux()).as_bytes()).and_then(|()| out.flush()).is_ok();
    if is_asked { wanted } else { Wanted::default() }
}

fn is_tmux() -> bool {
    std::env::var_os("TMUX").is_some_and(|value| !value.is_empty())
}

/// Which of the questions is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Ground,
    Name,
}

impl Kind {
    /// The letter behind the Escape.
    fn opener(self) -> char {
        match self {
            Kind::Ground => ']',
            Kind::Name => 'P',
        }
    }

    /// What stands in front of what is told, behind that letter.
    fn head(self) -> &'static str {
        match self {
            Kind::Ground => "11;",
            Kind::Name => ">|",
        }
    }

    fn takes(self, c: char) -> bool {
        match self {
            Kind::Ground => c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '#'),
            Kind::Name => c.is_ascii_graphic() || c == ' ',
        }
    }

    fn longest(self) -> usize {
        match self {
            Kind::Ground => COLOUR_MAX,
            Kind::Name => NAME_MAX,
        }
    }

    /// What a whole answer tells; `None` where it makes no sense.
    fn read(self, told: &str) -> Option<Event> {
        match self {
            Kind::Ground => read_answer(told).map(Event::Ground),
            Kind::Name => Some(Event::Terminal(Terminal::named(&[told.to_owned()], is_tmux()))),
        }
    }

    fn opened_by(c: char) -> Option<Self> {
        [Kind::Ground, Kind::Name].into_iter().find(|kind| kind.opener() == c)
    }
}

/// What of an answer has been read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Part {
    /// Nothing.
    #[default]
    Nothing,
    /// An Escape, which may be one that was typed.
    Escape,
    /// The opening letter and so many of the head.
    Head(Kind, usize),
    /// What is told as far as it is here, and whether an Escape that may end it.
    Told(Kind, String, bool),
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
            Some(Ok(answer)) => {
                self.forget();
                answer.into_iter().collect()
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
            Part::Told(..) => Vec::new(),
            // A key of a person as well.
            Part::Escape | Part::Head(_, 0) => {
                self.behind = true;
                std::mem::take(&mut self.held).into_iter().map(Event::Key).collect()
            }
            // Nobody types the letter and what follows it within the time of one key.
            Part::Head(..) if !self.behind && self.rests < RESTS_MAX => {
                self.rests += 1;
                Vec::new()
            }
            Part::Head(..) | Part::Nothing => self.release(),
        }
    }

    /// Goes on by a key: the end of an answer, with what it tells; an error where the key belongs to none; `None` while it may.
    fn step(&mut self, key: Key) -> Option<Result<Option<Event>, ()>> {
        let typed = key.typed();
        let letter = match key.code {
            Code::Char(c) if !key.ctrl => Some(c),
            _ => None,
        };
        let opened = letter.and_then(Kind::opened_by);
        let next = match std::mem::take(&mut self.part) {
            Part::Nothing if key.alt && opened.is_some() => Part::Head(opened?, 0),
            Part::Nothing if key.code == Code::Esc => Part::Escape,
            Part::Escape if opened.is_some() => Part::Head(opened?, 0),
            Part::Head(kind, read) if typed.is_some() && kind.head().chars().nth(read) == typed => {
                if read + 1 == kind.head().len() {
                    Part::Told(kind, String::new(), false)
                } else {
                    Part::Head(kind, read + 1)
                }
            }
            Part::Told(kind, told, _) if key == BEL || key == ST => return Some(Ok(kind.read(&told))),
            Part::Told(kind, told, true) if typed == Some('\\') => return Some(Ok(kind.read(&told))),
            Part::Told(kind, told, false) if key.code == Code::Esc => Part::Told(kind, told, true),
            Part::Told(kind, mut told, false)
                if typed.is_some_and(|c| kind.takes(c)) && told.len() < kind.longest() =>
            {
                told.extend(typed);
                Part::Told(kind, told, false)
            }
            // An answer that was broken off is nothing that was typed.
            Part::Told(..) => {
                self.held.clear();
                return Some(Err(()));
            }
            _ => return Some(Err(())),
        };
        self.part = next;
        None
    }

    fn release(&mut self) -> Vec<Event> {
        let held = if matches!(self.part, Part::Told(..)) { Vec::new() } else { std::mem::take(&mut self.held) };
        self.forget();
        held.into_iter().map(Event::Key).collect()
    }

    fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
#[path = "background_tests.rs"]
mod tests;
