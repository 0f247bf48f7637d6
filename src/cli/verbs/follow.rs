//! `postroom follow`.

use crate::cli::act::{Request, change};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words;
use crate::command::Action;
use crate::error::UserError;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct FollowArgs {
    /// Stop following
    #[arg(long)]
    off: bool,
    /// Who follows, if not you
    #[arg(long, value_name = "HANDLE", default_value = "me")]
    who: String,
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &FollowArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &FollowArgs) -> Result<Request, UserError> {
    let action = if args.off { Action::Unfollow } else { Action::Follow };
    let wish = words::wish(desk, action, &[&args.who])?;
    Request::of(desk, &args.targets, vec![wish], args.dry)
}
