//! What the terminal says its background is, on a real terminal: it chooses the colours, and is never typed.

use crate::environment::Environment;
use crate::support::terminal::Terminal;
use crate::until;

const QUESTION: &str = "\x1b]11;?\x1b\\";
/// What is dim in the light theme, and the heading that has the keys in the dark one.
const LIGHT: &str = "38;5;241";
const DARK: &str = "38;5;117";

fn wrote(terminal: &Terminal, part: &str) -> bool {
    String::from_utf8_lossy(&terminal.bytes()).contains(part)
}

fn opened(env: &Environment, more: &[(&str, &str)]) -> Terminal {
    let mut command = env.command(&["--offline"]);
    command.env_remove("NO_COLOR").env_remove("TMUX").envs(more.iter().copied());
    Terminal::run(command, (100, 24))
}

/// Nothing was typed: the view is the one of the beginning, and a key is taken as what it is.
fn nothing_was_typed(terminal: &mut Terminal) {
    let screen = terminal.text("Q").shows(&["Q does nothing here"]);
    assert!(screen.starts_with(" Unassigned"), "{screen}");
}

#[test]
fn the_answer_chooses_the_theme_before_anything_is_drawn_in_another() {
    for (answer, own, other) in [("fdfd/f6f6/e3e3", LIGHT, DARK), ("1e1e/1e1e/2e2e", DARK, LIGHT)] {
        let env = Environment::demo();
        let mut terminal = opened(&env, &[]);
        until("the question", || wrote(&terminal, QUESTION).then_some(()));
        terminal.text(&format!("\x1b]11;rgb:{answer}\x1b\\")).shows(&["Unassigned"]);
        until("the theme", || wrote(&terminal, own).then_some(()));
        nothing_was_typed(&mut terminal);
        assert!(!wrote(&terminal, other), "{answer}");
    }
}

#[test]
fn the_first_frame_waits_for_no_answer_and_each_is_taken_as_it_comes() {
    let env = Environment::demo();
    let mut terminal = opened(&env, &[]);
    // Nothing was answered yet, and all is there.
    terminal.shows(&["Unassigned", "│", "<enter> open"]);
    assert!(wrote(&terminal, "\x1b[6n") && wrote(&terminal, QUESTION));
    // A key that is pressed meanwhile acts.
    terminal.text("Q").shows(&["Q does nothing here"]);
    // Signs that take two columns: those of ASCII stand for them.
    terminal.text("\x1b[1;3R").until("signs of ASCII", |screen| !screen.contains('│') && screen.contains('|'));
    terminal.text("\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\");
    until("the theme", || wrote(&terminal, LIGHT).then_some(()));
    nothing_was_typed(&mut terminal);
}

#[test]
fn another_size_of_the_terminal_is_drawn_at_once() {
    let env = Environment::demo();
    let terminal = opened(&env, &[]);
    terminal.shows(&["Unassigned", "│"]);
    terminal.resize((60, 20));
    // Below 100 columns no conversation stands beside the list.
    terminal.until("one pane", |screen| screen.contains("Unassigned") && !screen.contains('│'));
    terminal.resize((140, 40));
    terminal.shows(&["Unassigned", "│", "In-tray"]);
}

#[test]
fn without_an_answer_sixteen_colours_hold_and_one_that_comes_late_in_two_parts_is_no_key() {
    let env = Environment::demo();
    let mut terminal = opened(&env, &[]);
    terminal.shows(&["Unassigned"]);
    assert!(!wrote(&terminal, DARK) && !wrote(&terminal, LIGHT));
    terminal.text("\x1b]11;rgb:fdfd/f6").text("f6/e3e3\x07");
    until("the theme", || wrote(&terminal, LIGHT).then_some(()));
    nothing_was_typed(&mut terminal);
}

#[test]
fn who_wants_no_colour_or_named_a_theme_is_asked_nothing() {
    for more in [("NO_COLOR", "1"), ("POSTROOM_THEME", "light"), ("POSTROOM_THEME", "high-contrast")] {
        let env = Environment::demo();
        let mut terminal = opened(&env, &[more]);
        terminal.shows(&["Unassigned"]);
        nothing_was_typed(&mut terminal);
        assert!(!wrote(&terminal, "\x1b]11"), "{more:?}");
        assert_eq!(wrote(&terminal, "38;5;"), more.0 != "NO_COLOR", "{more:?}");
    }
}

#[test]
fn inside_tmux_the_terminal_around_it_is_asked_too() {
    let env = Environment::demo();
    let mut terminal = opened(&env, &[("TMUX", "/tmp/x,1,0")]);
    until("the question", || wrote(&terminal, "\x1bPtmux;\x1b\x1b]11;?\x1b\x1b\\\x1b\\").then_some(()));
    terminal.text("\x1b]11;rgb:ff/ff/ff\x07\x1b]11;rgb:ff/ff/ff\x1b\\");
    until("the theme", || wrote(&terminal, LIGHT).then_some(()));
    nothing_was_typed(&mut terminal);
}

#[test]
fn the_screen_opens_in_spite_of_a_broken_keymap_and_view_and_tells_both() {
    let env = Environment::demo();
    let config = env.path("store/config.toml");
    let plain = std::fs::read_to_string(&config).unwrap();
    let own = "keymap = \"mutt\"\ntheme = \"16-colour\"\n";
    let rest = "\n[keys.list]\nX = \"clsoe\"\nB = \"view broken\"\n[view.broken]\nquery = \"status:opne\"\n";
    std::fs::write(&config, format!("{own}{plain}{rest}")).unwrap();
    let mut terminal = opened(&env, &[]);
    terminal.shows(&["Unassigned", "config.toml:"]);
    terminal.text("!").shows(&["\"clsoe\" is no action", "column 8", "\"opne\""]);
    terminal.text("q").text("c").shows(&["is:unassigned"]);
}
