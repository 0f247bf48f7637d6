//! From the command line to the screen.

use std::io::IsTerminal;

use super::desk::Surroundings;
use super::exit::Exit;
use crate::config::Config;
use crate::error::{ErrorKind, UserError};

/// Opens the screen and returns when it is left.
///
/// # Errors
/// When there is no terminal, or the store can't be opened.
pub fn open(around: &Surroundings, config: Config) -> Result<Exit, UserError> {
    if !is_possible() {
        return Err(UserError::new(ErrorKind::Usage, "the screen wants a terminal on stdin and stdout")
            .hint("use a verb, such as `postroom list`; `postroom --help` names them"));
    }
    let _desk = around.open_with(config)?;
    Err(UserError::new(ErrorKind::Internal, "this build has no screen"))
}

/// Tells whether there is a terminal to draw on.
pub fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}
