//! Who puts right-to-left text in order, on a real terminal: explicit mode while the terminal is taken, and what it says of itself, which is
//! never typed.

use crate::environment::Environment;
use crate::support::terminal::Terminal;
use crate::until;

const EXPLICIT: &str = "\x1b[8l";
const IMPLICIT: &str = "\x1b[8h";
const QUESTION: &str = "\x1b[>q";

fn count(terminal: &Terminal, part: &str) -> usize {
    String::from_utf8_lossy(&terminal.bytes()).matches(part).count()
}

fn opened(env: &Environment, more: &[(&str, &str)]) -> Terminal {
    let mut command = env.command(&["--offline"]);
    for name in
        ["TMUX", "VTE_VERSION", "KONSOLE_VERSION", "KITTY_WINDOW_ID", "XTERM_VERSION", "ALACRITTY_WINDOW_ID", "MLTERM"]
    {
        command.env_remove(name);
    }
    command.envs(more.iter().copied());
    Terminal::run(command, (100, 24))
}

fn set(env: &Environment, setting: &str) {
    let config = env.path("store/config.toml");
    let plain = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{plain}\n[ui]\nterminal_bidi = {setting}\n")).unwrap();
}

#[test]
fn explicit_mode_holds_while_the_terminal_is_taken_and_no_longer() {
    let env = Environment::demo();
    let mut terminal = opened(&env, &[]);
    terminal.shows(&["Unassigned"]);
    assert_eq!((count(&terminal, EXPLICIT), count(&terminal, IMPLICIT)), (1, 0));
    terminal.press("<c-z>");
    until("the end of explicit mode", || (count(&terminal, IMPLICIT) == 1).then_some(()));
    // What the shell does with `fg`, as often as it takes until the program sleeps.
    until("explicit mode again", || {
        terminal.go_on();
        (count(&terminal, EXPLICIT) == 2).then_some(())
    });
    terminal.press("q");
    until("the end of explicit mode", || (count(&terminal, IMPLICIT) == 2).then_some(()));
    assert!(terminal.ends().success());
}

#[test]
fn a_terminal_that_is_to_order_by_itself_is_not_asked_to_leave_it() {
    let env = Environment::demo();
    set(&env, "true");
    let mut terminal = opened(&env, &[]);
    terminal.shows(&["Unassigned"]);
    terminal.press("q");
    until("the end", || terminal.screen().is_empty().then_some(()));
    assert_eq!((count(&terminal, EXPLICIT), count(&terminal, IMPLICIT), count(&terminal, QUESTION)), (0, 0, 0));
}

#[test]
fn the_name_that_a_terminal_answers_is_never_typed() {
    for (more, question, answer) in [
        (vec![], QUESTION, "\x1bP>|VTE(7006)\x1b\\"),
        (vec![("TMUX", "/tmp/x,1,0")], "\x1bPtmux;\x1b\x1b[>q\x1b\\", "\x1bP>|tmux 3.3a\x1b\\\x1bP>|VTE(7006)\x1b\\"),
    ] {
        let env = Environment::demo();
        let mut terminal = opened(&env, &more);
        until("the question", || (count(&terminal, question) == 1).then_some(()));
        terminal.text(answer);
        terminal.shows(&["Unassigned"]);
        let screen = terminal.text("Q").shows(&["Q does nothing here"]);
        assert!(screen.starts_with(" Unassigned"), "{screen}");
    }
}
