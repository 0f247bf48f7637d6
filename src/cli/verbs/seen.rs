//! `postroom seen`.

use crate::cli::act::{Looks, Request, change};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words;
use crate::command::Action;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct SeenArgs {
    /// Ids, a query such as is:mentioned, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Mark them as unread instead, for you, on this store alone
    #[arg(long, conflicts_with = "run")]
    unread: bool,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb. That something was looked at is kept in the store alone; only where a note mentions the agent, the log is told, so that
/// it counts as seen on their other machines.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &SeenArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &SeenArgs) -> Result<Request, UserError> {
    if args.unread {
        return Ok(Request { looks: Looks::Again, ..Request::of(desk, &args.targets, Vec::new(), args.dry)? });
    }
    let wish = words::wish(desk, Action::Seen, &[])?;
    Ok(Request { looks: Looks::Done, ..Request::of(desk, &args.targets, vec![wish], args.dry)? })
}
