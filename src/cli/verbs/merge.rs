//! `postroom merge`.

use crate::cli::act::{Request, change};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::targets;
use crate::error::UserError;
use crate::op::wish::Wish;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct MergeArgs {
    /// The conversation that the others become part of
    #[arg(long, value_name = "ID")]
    into: String,
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
pub fn run(around: &Surroundings, out: &mut Output, args: &MergeArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &MergeArgs) -> Result<Request, UserError> {
    let into = targets::one(desk, &args.into)?;
    Request::of(desk, &args.targets, vec![Wish::Merge { into }], args.dry)
}
