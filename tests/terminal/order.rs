//! Who puts right-to-left text in order, on a real terminal: explicit mode while the terminal is taken, and what it says of itself, which is
//! never typed.

use postroom::runtime::terminal::{Guard, Use};
use rustix::process::Signal;

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
fn explicit_mode_does_not_hold_while_the_external_editor_has_the_terminal() {
    let env = Environment::demo();
    // What the editor finds: it says so on the terminal that it was lent.
    let mut terminal = opened(&env, &[("VISUAL", "printf EDITING;:"), ("EDITOR", "printf EDITING;:")]);
    terminal.shows(&["Unassigned"]);
    terminal.press("r");
    terminal.shows(&["Reply as"]);
    terminal.press("<c-e>");
    until("explicit mode again", || (count(&terminal, EXPLICIT) == 2).then_some(()));
    let written = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let at = |part: &str| written.find(part).unwrap_or_else(|| panic!("no {part:?}"));
    assert!(at(IMPLICIT) < at("EDITING") && at("EDITING") < written.rfind(EXPLICIT).unwrap());
    assert_eq!(count(&terminal, IMPLICIT), 1);
}

#[test]
fn explicit_mode_ends_with_the_program_at_every_signal_that_ends_it() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT] {
        let env = Environment::demo();
        let terminal = opened(&env, &[]);
        terminal.shows(&["Unassigned"]);
        terminal.signal(signal);
        until("the end of explicit mode", || (count(&terminal, IMPLICIT) == 1).then_some(()));
        terminal.ends();
    }
}

/// Set for the process that takes the terminal and panics.
const PANICS: &str = "POSTROOM_TEST_PANICS";

#[test]
fn explicit_mode_ends_where_the_program_panics() {
    if std::env::var_os(PANICS).is_some() {
        // The loop runs on the thread of this name.
        let screen = || {
            let _guard = Guard::enter(Use::Screen { mouse: false, explicit: true }).unwrap();
            assert!(std::env::var_os(PANICS).is_none(), "as a fault would");
        };
        assert!(std::thread::Builder::new().name("main".to_owned()).spawn(screen).unwrap().join().is_err());
        return;
    }
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "order::explicit_mode_ends_where_the_program_panics", "--nocapture"]).env(PANICS, "1");
    let terminal = Terminal::run(command, (100, 24));
    until("the panic", || (count(&terminal, "as a fault would") == 1).then_some(()));
    let written = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let (begins, ends) = (written.find(EXPLICIT).unwrap(), written.find(IMPLICIT).unwrap());
    assert!(begins < ends && ends < written.find("as a fault would").unwrap(), "{written:?}");
    assert_eq!((count(&terminal, EXPLICIT), count(&terminal, IMPLICIT)), (1, 1));
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
