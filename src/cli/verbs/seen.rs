//! `postroom seen`.

use crate::cli::act::{carry_out, nothing};
use crate::cli::desk::Surroundings;
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::plan::Step;
use crate::cli::targets;
use crate::error::UserError;
use crate::op::operation::{Known, Target};

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
    let ids = targets::find(&desk, &args.targets)?;
    if ids.is_empty() {
        return nothing(out);
    }
    let steps: Vec<Step> = desk
        .store
        .targets(&ids)?
        .into_iter()
        .filter(|(row, _)| row.mentioned)
        .map(|(row, target)| (row, Target::on(target.on), Known::SeenMentions))
        .collect();
    carry_out(around, &desk, out, steps, args.dry)
}
