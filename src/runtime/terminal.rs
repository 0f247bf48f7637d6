//! The terminal is borrowed. Whatever happens, it is given back as it was: at the end, on a panic, on a signal.

use std::io::Write as _;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::style::Print;
use crossterm::{cursor, event, execute, terminal};

use crate::config::Ui;
use crate::model::screen_order::TerminalBidi;
use crate::runtime::wire::{Ability, Repeats};

static BORROWED: AtomicBool = AtomicBool::new(false);
/// Whether the terminal was put into explicit mode and is to be put back.
static IS_EXPLICIT: AtomicBool = AtomicBool::new(false);
/// Whether it is used in lines: there is no screen to be given back then.
static LINES: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// How the terminal is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// As a screen.
    Screen {
        /// Whether mouse events are asked for.
        mouse: bool,
        /// Whether the terminal is asked to show cells where they are put, and to lay out nothing by itself.
        explicit: bool,
    },
    /// In lines, one below the other: what was there before stays above.
    Lines,
}

impl Use {
    /// Returns how the config wants it used.
    pub(crate) fn of(ui: &Ui) -> Self {
        match ui.linear {
            true => Use::Lines,
            false => Use::Screen { mouse: ui.mouse, explicit: ui.terminal_bidi != TerminalBidi::Terminal },
        }
    }
}

/// Holds the terminal, and gives it back when dropped.
#[must_use = "the terminal is given back when the guard is dropped"]
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal: raw mode, bracketed paste, and for a screen the alternate one, with mouse events and in explicit mode where that
    /// is wanted.
    ///
    /// # Errors
    /// When stdin or stdout is no terminal.
    pub fn enter(how: Use) -> std::io::Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |panic| {
                // A worker that panics is answered for; only the loop's own end takes the screen down.
                if std::thread::current().name() == Some("main") {
                    leave();
                    before(panic);
                } else {
                    tracing::error!("{panic}");
                }
            }));
        });
        enter(how)?;
        Ok(Self(()))
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        leave();
    }
}

/// Tells what the terminal can do, from what it says of itself. Only a name that is the terminal's own tells: any calls itself xterm, also
/// what stands between, such as mosh.
pub(crate) fn ability() -> Ability {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let term = std::env::var("TERM").unwrap_or_default();
    Ability { repeats: repeats(&term, set), colours: !set("NO_COLOR") }
}

/// Returns which glyphs the terminal of this name repeats (REP).
fn repeats(term: &str, set: impl Fn(&str) -> bool) -> Repeats {
    let own = ["alacritty", "contour", "foot", "ghostty", "kitty", "vte", "wezterm", "xterm-ghostty", "xterm-kitty"];
    // These are set by the terminal that the program was started in, and ssh does not pass them on.
    let near = ["XTERM_VERSION", "VTE_VERSION", "KONSOLE_VERSION", "WT_SESSION"];
    let is = |own: &str| term.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    match () {
        () if is("tmux") => Repeats::Ascii,
        () if own.into_iter().any(is) || (term.starts_with("xterm") && near.into_iter().any(set)) => Repeats::All,
        () => Repeats::Nothing,
    }
}

/// Bidirectional support mode explicit, and implicit as terminals begin (ECMA-48 section 7.2.1, BDSM; here VTE knows it, others pass it over).
const EXPLICIT: &str = "\x1b[8l";
const IMPLICIT: &str = "\x1b[8h";

/// Takes the terminal.
pub(crate) fn enter(how: Use) -> std::io::Result<()> {
    terminal::enable_raw_mode()?;
    BORROWED.store(true, Ordering::SeqCst);
    LINES.store(how == Use::Lines, Ordering::SeqCst);
    let Use::Screen { mouse, explicit } = how else {
        return execute!(std::io::stdout(), event::EnableBracketedPaste);
    };
    if explicit {
        IS_EXPLICIT.store(true, Ordering::SeqCst);
        execute!(std::io::stdout(), Print(EXPLICIT))?;
    }
    execute!(std::io::stdout(), terminal::EnterAlternateScreen, event::EnableBracketedPaste, cursor::Hide)?;
    // A grapheme that the terminal finds wider than we do is cut at the edge, and does not run into the next row.
    execute!(std::io::stdout(), terminal::DisableLineWrap)?;
    if mouse {
        execute!(std::io::stdout(), event::EnableMouseCapture)?;
    }
    Ok(())
}

/// Gives the terminal back; a second call does nothing.
pub(crate) fn leave() {
    if !BORROWED.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = std::io::stdout();
    if IS_EXPLICIT.swap(false, Ordering::SeqCst) {
        let _ = execute!(out, Print(IMPLICIT));
    }
    // Each step is tried though another failed: half a restored terminal is better than none.
    if LINES.load(Ordering::SeqCst) {
        let _ = execute!(out, event::DisableBracketedPaste);
    } else {
        let _ = execute!(out, event::DisableMouseCapture, terminal::EnableLineWrap);
        let _ = execute!(out, event::DisableBracketedPaste, terminal::LeaveAlternateScreen, cursor::Show);
    }
    let _ = out.flush();
    let _ = terminal::disable_raw_mode();
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
