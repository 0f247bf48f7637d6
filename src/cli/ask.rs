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

    /// Returns what the flag said, else asks. Enter alone takes `guess`, where there is one; a script takes it too.
    ///
    /// # Errors
    /// When nothing was given, nobody can be asked and there is no guess.
    pub fn text(
        &self,
        given: Option<&str>,
        flag: &str,
        question: &str,
        guess: Option<&str>,
    ) -> Result<String, UserError> {
        if let Some(given) = given {
            return Ok(given.trim().to_owned());
        }
        if !self.terminal {
            return guess.map(str::to_owned).ok_or_else(|| {
                UserError::new(ErrorKind::Usage, phrase!("flag-missing", flag = flag))
                    .hint(phrase!("hint-add", flag = flag))
            });
        }
        loop {
            let shown = guess.map(|guess| format!(" [{guess}]")).unwrap_or_default();
            let answer = line(&format!("{question}{shown}: "))?;
            match (answer.is_empty(), guess) {
                (false, _) => return Ok(answer),
                (true, Some(guess)) => return Ok(guess.to_owned()),
                (true, None) => {}
            }
        }
    }

    /// Asks for a password without showing it; `None` where nobody can be asked.
    ///
    /// # Errors
    /// When the terminal goes away.
    pub fn password(&self, question: &str) -> Result<Option<String>, UserError> {
        if !self.terminal {
            return Ok(None);
        }
        rpassword::prompt_password(format!("{question}: ")).map(Some).map_err(|error| gone(&error))
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
