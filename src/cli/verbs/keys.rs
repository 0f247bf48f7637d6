//! `postroom keys`.

use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct KeysArgs {}

/// Runs the verb: the table that the README holds too.
///
/// # Errors
/// None.
pub fn run(out: &mut Output, _: &KeysArgs) -> Result<Exit, UserError> {
    out.own("");
    Ok(Exit::Done)
}
