//! Questions on the terminal. Where there is none, nothing is asked: a missing answer is an error that names its flag.

use std::io::{BufRead, IsTerminal, Write};

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
        rpassword::prompt_password(SafeText::line(question).as_str()).map_err(|error| gone(&error))
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
