//! `postroom merge`.

use crate::cli::act::{carry_out, for_op, nothing};
use crate::cli::desk::Surroundings;
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::plan::Step;
use crate::cli::{targets, words};
use crate::error::UserError;
use crate::op::operation::Known;

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
    let into = targets::one(&desk, &args.into)?;
    let mut ids = targets::find(&desk, &args.targets)?;
    if ids.is_empty() {
        return nothing(out);
    }
    ids.retain(|id| *id != into);
    let whole = desk.store.targets(std::slice::from_ref(&into))?;
    let anchor = whole.first().map(|(_, target)| target.on.clone());
    let anchor = anchor.ok_or_else(|| words::usage(format!("there is no conversation {:?}", args.into)))?;
    let op = Known::Merge { into: anchor };
    let steps: Vec<Step> = desk
        .store
        .targets(&ids)?
        .into_iter()
        .map(|(row, target)| {
            let target = for_op(&target, &op);
            (row, target, op.clone())
        })
        .collect();
    carry_out(around, &desk, out, steps, args.dry)
}
