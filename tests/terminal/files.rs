//! What leaves the terminal: attachments for the command that opens them, links, and what is copied (OSC 52).

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use super::environment::Environment;
use super::support::terminal::Terminal;

/// The sample inbox, with a command that opens things by writing down what it was given.
fn desk() -> (Environment, PathBuf) {
    let env = Environment::demo();
    let opener =
        env.write("opener", "#!/bin/sh\nprintf '%s\\n' \"$1\" >\"$HOME/half\"\nmv \"$HOME/half\" \"$HOME/opened\"\n");
    std::fs::set_permissions(&opener, std::fs::Permissions::from_mode(0o700)).unwrap();
    let config = env.path("store/config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n[ui]\nopener = {:?}\n", opener.display().to_string())).unwrap();
    let opened = env.path("home/opened");
    (env, opened)
}

/// A screen on which the only conversation that `query` finds is open.
fn open(env: &Environment, query: &str) -> Terminal {
    let mut terminal = Terminal::run(env.command(&[]), (100, 30));
    terminal.shows(&["Unassigned", "? help"]);
    terminal.press("/").text(query).press("<enter>");
    terminal.shows(&[&format!("/ {query} 1 ")]);
    terminal.press("<enter>");
    terminal
}

/// Waits until the command has written what it was given.
fn read(opened: &PathBuf) -> String {
    super::until("the command to be called", || std::fs::read_to_string(opened).ok()).trim_end().to_owned()
}

#[test]
fn an_attachment_is_opened_with_the_configured_command() {
    let (env, opened) = desk();
    let mut terminal = open(&env, "attachment:receipt");
    terminal.shows(&["[A1] receipt-4290.pdf"]);
    terminal.press("A");
    terminal.shows(&["Attachments", "application/pdf"]);
    terminal.press("<enter>");
    terminal.shows(&["with the command of the config"]);
    terminal.press("<enter>");
    terminal.shows(&["Opened "]);
    let path = read(&opened);
    assert!(path.ends_with("/receipt-4290.pdf"), "{path}");
    assert!(std::fs::read(&path).unwrap().starts_with(b"%PDF"), "{path}");
}

#[test]
fn a_link_is_opened_with_the_configured_command_and_copied_through_the_terminal() {
    let (env, opened) = desk();
    let mut terminal = open(&env, "body:manuals");
    terminal.shows(&["<esc> end", "/manuals/harbour-7"]);
    terminal.press("o");
    terminal.shows(&["Open a link", "https://"]);
    terminal.press("<enter>");
    let target = read(&opened);
    assert!(target.starts_with("https://"), "{target}");
    terminal.press("yl");
    let copied = super::until("something to be copied", || {
        let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        let (_, rest) = bytes.split_once("\u{1b}]52;c;")?;
        Some(rest.split_once('\u{7}')?.0.to_owned())
    });
    assert_eq!(data_encoding::BASE64.decode(copied.as_bytes()).unwrap(), target.as_bytes());
}
