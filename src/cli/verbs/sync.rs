//! `postroom sync`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "What you did and what does not stand, because somebody was first or the customer wrote meanwhile, is listed on stderr,\nwith --json as `refused` on stdout; the exit code is then 4."
)]
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
