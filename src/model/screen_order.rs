//! Who puts right-to-left text into its order on the screen: this program, or the terminal that it is drawn on. One decision, made once, that
//! everything which draws can read.

/// What `[ui] terminal_bidi` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TerminalBidi {
    /// As the terminal that answers is known to do.
    #[default]
    Auto,
    /// The terminal lays out whole lines.
    Terminal,
    /// The terminal lays out the letters of each word.
    Words,
    /// This program lays out everything.
    Us,
}

/// Who lays out what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Cells are shown where they are put: the program lays out everything.
    #[default]
    Ours,
    /// The terminal turns the letters of each word, or of each run of right-to-left letters between fences, and leaves it where it stands.
    Words,
    /// The terminal lays out each line by itself: the program writes as people read.
    Terminal,
}

/// How right-to-left text is to be drawn on the terminal at hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScreenOrder {
    /// Who lays out what.
    pub order: Order,
    /// Whether a left-to-right mark (U+200E) must stand behind every field and pane, because the terminal turns around what stands between
    /// two right-to-left texts.
    pub fences: bool,
    /// Whether Arabic letters must be put as presentation forms, because the terminal joins none by itself.
    pub joins: bool,
}

impl ScreenOrder {
    /// What is known of a terminal that says nothing of itself.
    pub const UNKNOWN: ScreenOrder = ScreenOrder { order: Order::Ours, fences: false, joins: false };
    const REORDERS: ScreenOrder = ScreenOrder { order: Order::Terminal, fences: true, joins: false };
    /// Between fences such a terminal has nothing to order but the letters of each run, so that sentences run as they are meant to.
    const FENCED: ScreenOrder = ScreenOrder { order: Order::Words, fences: true, joins: false };
    const BY_WORDS: ScreenOrder = ScreenOrder { order: Order::Words, fences: false, joins: false };
    const PLAIN: ScreenOrder = ScreenOrder { order: Order::Ours, fences: false, joins: true };

    /// Decides by the setting and by what the terminal is; `None` where it said nothing.
    pub fn of(setting: TerminalBidi, terminal: Option<Terminal>) -> Self {
        match setting {
            TerminalBidi::Us => Self { order: Order::Ours, ..terminal.map_or(Self::UNKNOWN, Terminal::order) },
            TerminalBidi::Terminal => Self::REORDERS,
            TerminalBidi::Words => Self::BY_WORDS,
            TerminalBidi::Auto => terminal.map_or(Self::UNKNOWN, Terminal::order),
        }
    }

    /// Decides for a terminal that is not taken, on which a verb prints its lines: none is asked, and VTE lays them out by itself.
    pub fn untaken(setting: TerminalBidi, terminal: Option<Terminal>) -> Self {
        match (setting, terminal) {
            (TerminalBidi::Us, _) | (TerminalBidi::Auto, Some(Terminal::Plain)) => Self::PLAIN,
            // A mark too many is nothing to see; columns that change places are.
            _ => Self::REORDERS,
        }
    }

    /// Tells whether text is written as people read it, because the terminal lays it out.
    pub fn as_is(self) -> bool {
        self.order == Order::Terminal
    }
}

/// A terminal that is known, as it is when it has been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// xterm and alacritty: cells are shown where they are put, Arabic letters unjoined.
    Plain,
    /// VTE (GNOME Terminal, xfce4-terminal, Tilix): does as xterm in explicit mode, and joins letters.
    Vte,
    /// konsole, mlterm, and VTE behind tmux, which keeps the mode from it: reorders whatever is asked.
    Reorders,
    /// kitty: turns the letters of each word, as far as a blank; its digits too where they are Arabic.
    Kitty,
}

impl Terminal {
    /// Reads what terminals answered to `CSI > q`, the nearest first. Behind tmux the one around it counts, where it answered too.
    pub fn named(answers: &[String], in_tmux: bool) -> Option<Self> {
        answers.iter().rev().find_map(|answer| {
            let lower = answer.to_ascii_lowercase();
            let known = [
                ("xterm", Terminal::Plain),
                ("alacritty", Terminal::Plain),
                ("vte", Terminal::Vte),
                ("konsole", Terminal::Reorders),
                ("mlterm", Terminal::Reorders),
                ("kitty", Terminal::Kitty),
            ];
            let found = known.iter().find(|(name, _)| {
                // `XTerm(379)`, `VTE(7006)`, `Konsole 22.12.3`.
                lower.strip_prefix(name).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
            });
            found.map(|(_, terminal)| *terminal).map(|terminal| terminal.behind(in_tmux))
        })
    }

    /// Tells by the environment, for terminals that answer nothing and programs that don't ask.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Option<Self> {
        let set = |name: &str| get(name).is_some_and(|value| !value.is_empty());
        let term = get("TERM").unwrap_or_default();
        let in_tmux = set("TMUX");
        // What tmux was started in, not always what shows it now; nothing better is known here.
        let found = match () {
            () if set("KONSOLE_VERSION") || term.starts_with("mlterm") || set("MLTERM") => Terminal::Reorders,
            () if set("VTE_VERSION") => Terminal::Vte,
            () if set("KITTY_WINDOW_ID") || term.starts_with("xterm-kitty") => Terminal::Kitty,
            () if set("XTERM_VERSION") || term.starts_with("alacritty") || set("ALACRITTY_WINDOW_ID") => {
                Terminal::Plain
            }
            () => return None,
        };
        Some(found.behind(in_tmux))
    }

    fn behind(self, in_tmux: bool) -> Self {
        match self {
            Terminal::Vte if in_tmux => Terminal::Reorders,
            other => other,
        }
    }

    fn order(self) -> ScreenOrder {
        match self {
            Terminal::Plain => ScreenOrder::PLAIN,
            Terminal::Vte => ScreenOrder::UNKNOWN,
            Terminal::Reorders => ScreenOrder::FENCED,
            Terminal::Kitty => ScreenOrder::BY_WORDS,
        }
    }
}

#[cfg(test)]
#[path = "screen_order_tests.rs"]
mod tests;
