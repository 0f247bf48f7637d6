//! Questions on the terminal. Where there is none, nothing is asked: a missing answer is an error that names its flag.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, IsTerminal, Read, Write};

use rustix::process::{Signal, kill_current_process_group};
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

use crate::error::{ErrorKind, UserError};
use crate::model::text::SafeText;

/// Whoever can be asked.
pub struct Asker {
    terminal: bool,
}

impl Asker {
    /// Finds out whether somebody sits there.
    pub fn new() -> Self {
        Self { terminal: std::io::stdin().is_terminal() && std::io::stderr().is_terminal() }
    }

    /// Tells whether somebody sits there.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Shows a question and reads a line.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn line(&self, question: &str) -> Result<String, UserError> {
        line(question)
    }

    /// As [`Asker::line`], without showing what is typed.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn hidden(&self, question: &str) -> Result<String, UserError> {
        hidden(question).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => UserError::new(ErrorKind::Usage, phrase!("questions-left")),
            _ => gone(&error),
        })
    }

    /// Says something; in a script that is talk like any other.
    pub fn tell(&self, words: &str) {
        // Nothing can be told when stderr is closed.
        let _ = writeln!(std::io::stderr(), "{}", SafeText::line(words));
    }

    /// Asks a question that is answered with yes or no.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn yes(&self, question: &str) -> Result<bool, UserError> {
        Ok(self.terminal && matches!(line(&format!("{question} [y/N]: "))?.to_lowercase().as_str(), "y" | "yes"))
    }
}

/// Asks on the terminal of this session, and reads a line of which nothing is shown. Ctrl-C ends the process as anywhere else, but the
/// terminal is as it was before.
///
/// # Errors
/// When there is no such terminal, or it goes away; at Ctrl-C, where that does not end the process.
pub fn hidden(question: &str) -> std::io::Result<String> {
    let mut terminal = OpenOptions::new().read(true).write(true).open("/dev/tty")?;
    let before = tcgetattr(&terminal)?;
    let interrupt = before.special_codes[SpecialCodeIndex::VINTR];
    let mut quiet = before.clone();
    quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ISIG);
    quiet.local_modes.insert(LocalModes::ICANON);
    // A signal would end the process while nothing that is typed is shown: Ctrl-C ends the line instead, and what is behind it later.
    quiet.special_codes[SpecialCodeIndex::VEOL] = interrupt;
    // Before the question: who sees it may type at once.
    tcsetattr(&terminal, OptionalActions::Now, &quiet)?;
    let read = line_of(&mut terminal, question, interrupt);
    tcsetattr(&terminal, OptionalActions::Now, &before)?;
    // The line's end was not shown either.
    let _ = terminal.write_all(b"\n");
    let line = read?;
    if line.ends_with(&[interrupt]) {
        kill_current_process_group(Signal::INT)?;
        return Err(std::io::ErrorKind::Interrupted.into());
    }
    let text = String::from_utf8(line).map_err(|_| std::io::ErrorKind::InvalidData)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

/// Reads a line with what ended it: the end of the line, or the key that interrupts.
fn line_of(terminal: &mut File, question: &str, interrupt: u8) -> std::io::Result<Vec<u8>> {
    terminal.write_all(SafeText::line(question).as_str().as_bytes())?;
    let mut line = Vec::new();
    let mut part = [0; 512];
    while !line.ends_with(b"\n") && !line.ends_with(&[interrupt]) {
        match terminal.read(&mut part) {
            Ok(0) => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => line.extend_from_slice(part.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(line)
}

fn gone(error: &std::io::Error) -> UserError {
    UserError::new(ErrorKind::Usage, phrase!("terminal-unreadable", why = error.to_string()))
}

fn line(question: &str) -> Result<String, UserError> {
    let mut stderr = std::io::stderr();
    let shown = SafeText::line(question);
    write!(stderr, "{shown}").and_then(|()| stderr.flush()).map_err(|error| gone(&error))?;
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer).map_err(|error| gone(&error))?;
    if read == 0 {
        return Err(UserError::new(ErrorKind::Usage, phrase!("questions-left")));
    }
    Ok(answer.trim().to_owned())
}
