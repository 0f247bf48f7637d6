//! What the terminal says its background is (OSC 11 of xterm) and what it is itself (XTVERSION, `CSI > q`): asked once at the start. Nothing
//! waits for the answers: they are taken out of what is typed whenever they come, be it seconds later over a slow line.

use std::io::Write as _;
use std::time::Duration;

use crate::app::Event;
use crate::model::screen_order::Terminal;
use crate::theme::floor::read_answer;

/// How long after the question the program leaves at the earliest where no answer came: what came later would be typed into the shell.
pub(super) const LAST: Duration = Duration::from_millis(400);
/// How long a key that may begin an answer is held back at most.
pub(super) const HELD: Duration = Duration::from_millis(25);
/// The longest colour that is still one.
const COLOUR_MAX: usize = 40;
/// The longest name of a terminal that is still one.
const NAME_MAX: usize = 80;

/// What the terminal is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// What its background is.
    pub(super) ground: bool,
    /// What it is itself.
    pub(super) name: bool,
    /// How wide it draws our signs.
    pub(super) signs: bool,
}

impl Wanted {
    /// Tells whether anything is asked.
    pub(super) fn any(self) -> bool {
        self.ground || self.name || self.signs
    }

    /// Takes away what an event answers.
    pub(super) fn heard(&mut self, event: &Event) {
        self.ground &= !matches!(event, Event::Ground(_));
        self.name &= !matches!(event, Event::Terminal(_));
        self.signs &= !matches!(event, Event::Signs(_));
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
    if !(wanted.ground || wanted.name)
        || std::env::var("TERM").is_ok_and(|term| term == "linux" || term.starts_with("vt"))
    {
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
pub(super) enum Kind {
    Ground,
    Name,
}

impl Kind {
    pub(super) const ALL: [Kind; 2] = [Kind::Ground, Kind::Name];

    /// The letter behind the Escape.
    pub(super) fn opener(self) -> char {
        match self {
            Kind::Ground => ']',
            Kind::Name => 'P',
        }
    }

    /// What stands in front of what is told, behind that letter.
    pub(super) fn head(self) -> &'static str {
        match self {
            Kind::Ground => "11;",
            Kind::Name => ">|",
        }
    }

    pub(super) fn takes(self, c: char) -> bool {
        match self {
            Kind::Ground => c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '#' | '?'),
            Kind::Name => c.is_ascii_graphic() || c == ' ',
        }
    }

    pub(super) fn longest(self) -> usize {
        match self {
            Kind::Ground => COLOUR_MAX,
            Kind::Name => NAME_MAX,
        }
    }

    /// What a whole answer tells; `None` where it makes no sense.
    pub(super) fn read(self, told: &str) -> Option<Event> {
        match self {
            Kind::Ground => read_answer(told).map(Event::Ground),
            Kind::Name => Some(Event::Terminal(Terminal::named(&[told.to_owned()], is_tmux()))),
        }
    }
}

#[cfg(test)]
#[path = "background_tests.rs"]
mod tests;
