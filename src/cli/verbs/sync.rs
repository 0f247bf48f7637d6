//! `postroom sync`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{post, remote, status, watch};
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
    /// Go on until Ctrl-C or SIGTERM: keep the accounts in sync and send what is due
    #[arg(long, conflicts_with_all = ["account", "status", "offline"])]
    watch: bool,
    /// Tell how the sync stands, by whichever process, and what waits; connects to nothing
    #[arg(long)]
    status: bool,
}

/// Runs the verb.
///
/// # Errors
/// Those of the config and the store; a server that fails is told, with exit code 3.
pub fn run(around: &Surroundings, out: &mut Output, args: &SyncArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    post::tell_left(&desk, out, args.status || around.global.offline)?;
    if args.watch {
        return watch::run(&desk, out);
    }
    let accounts = remote::accounts(&desk, args.account.as_deref())?;
    if args.status {
        return status::show(&desk, out, &accounts);
    }
    remote::sync(around, &desk, out, &accounts)
}
