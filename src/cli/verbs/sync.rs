//! `postroom sync`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct SyncArgs {
    /// Only this account
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
}

/// Runs the verb.
///
/// # Errors
/// Those of the config and the store; a server that fails is told, with exit code 3.
pub fn run(around: &Surroundings, out: &mut Output, args: &SyncArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    crate::cli::remote::sync(&desk, out, args.account.as_deref())
}
