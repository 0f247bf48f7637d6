//! What the terminal can do, as far as it says so: colours, letters, right-to-left text, widths, and what stands between.

use std::io::IsTerminal;

use crate::model::phrase::Phrase;
use crate::model::screen_order::{Order, ScreenOrder, Terminal, TerminalBidi};
use crate::runtime;
use crate::service::doctor::{Finding, Topic};

/// The screen is made for this many columns and rows at the least.
const SIZE_LEAST: (u16, u16) = (80, 24);

/// Looks at the terminal, whose variables `get` reads. `bidi` is what the config says of it.
pub fn terminal(bidi: TerminalBidi, get: impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let set = |name: &str| get(name).filter(|value| !value.is_empty());
    let term = set("TERM").unwrap_or_default();
    let mut found = Vec::new();
    if term.is_empty() || term == "dumb" {
        let remedy = phrase!("hint-set-term");
        found.push(Finding::warning(Topic::Terminal, phrase!("doctor-term-dumb"), remedy));
    } else {
        found.push(Finding::ok(Topic::Terminal, phrase!("doctor-term", term = &term, colours = colours(&term, &set))));
    }
    if runtime::is_utf8(set) {
        found.push(Finding::ok(Topic::Terminal, phrase!("doctor-utf8")));
    } else {
        found.push(Finding::warning(Topic::Terminal, phrase!("doctor-no-utf8"), phrase!("hint-doctor-utf8")));
    }
    found.push(Finding::ok(Topic::Terminal, order(ScreenOrder::of(bidi, Terminal::of_environment(set)))));
    if set("TMUX").is_some() {
        found.push(Finding::ok(Topic::Terminal, phrase!("doctor-tmux")));
    }
    if set("SSH_CONNECTION").is_some() {
        found.push(Finding::ok(Topic::Terminal, phrase!("doctor-ssh")));
    }
    found.extend(live());
    found
}

/// Asks the terminal itself, where there is one.
fn live() -> Vec<Finding> {
    let is_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !is_terminal {
        return vec![Finding::ok(Topic::Terminal, phrase!("doctor-no-terminal"))];
    }
    let mut found = Vec::new();
    if let Ok(size) = rustix::termios::tcgetwinsize(std::io::stdout()) {
        let (columns, rows) = (size.ws_col, size.ws_row);
        let shown = |n: u16| n.to_string();
        found.push(match columns < SIZE_LEAST.0 || rows < SIZE_LEAST.1 {
            true => {
                let what = phrase!("doctor-size-small", columns = shown(columns), rows = shown(rows));
                Finding::warning(Topic::Terminal, what, phrase!("hint-doctor-size"))
            }
            false => Finding::ok(Topic::Terminal, phrase!("doctor-size", columns = shown(columns), rows = shown(rows))),
        });
    }
    found.push(match runtime::draws_signs_wide() {
        true => Finding::ok(Topic::Terminal, phrase!("doctor-signs-wide")),
        false => Finding::ok(Topic::Terminal, phrase!("doctor-signs")),
    });
    found
}

fn colours(term: &str, set: &impl Fn(&str) -> Option<String>) -> Phrase {
    let colour = set("COLORTERM").unwrap_or_default();
    match () {
        () if set("NO_COLOR").is_some() => phrase!("doctor-colours-off"),
        () if colour == "truecolor" || colour == "24bit" || term.ends_with("-direct") => phrase!("doctor-colours-all"),
        () if term.contains("256color") => phrase!("doctor-colours-256"),
        () => phrase!("doctor-colours-few"),
    }
}

fn order(order: ScreenOrder) -> Phrase {
    match order.order {
        Order::Ours => phrase!("doctor-bidi-ours"),
        Order::Words => phrase!("doctor-bidi-words"),
        Order::Terminal => phrase!("doctor-bidi-terminal"),
    }
}
