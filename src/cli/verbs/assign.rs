//! `postroom assign`.

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
pub struct AssignArgs {
    /// An agent's handle, a team, `me`, or `nobody`
    who: String,
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb. A conversation that somebody else took meanwhile stays theirs: exit code 4.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &AssignArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &AssignArgs) -> Result<Request, UserError> {
    let wish = words::wish(desk, Action::Assign, &[&args.who])?;
    Request::of(desk, &args.targets, vec![wish], args.dry)
}
