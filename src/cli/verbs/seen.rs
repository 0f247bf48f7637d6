//! `postroom seen`.

use crate::cli::act::change;
use crate::cli::desk::Surroundings;
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
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb: where no note mentions the agent, nothing is written.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &SeenArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &args.targets, &[words::wish(&desk, Action::Seen, &[])?], args.dry)
}
