//! `postroom init`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct InitArgs {}

/// Runs the verb.
///
/// # Errors
/// None.
pub fn run(_around: &Surroundings, _out: &mut Output, _args: &InitArgs) -> Result<Exit, UserError> {
    Ok(Exit::Done)
}
