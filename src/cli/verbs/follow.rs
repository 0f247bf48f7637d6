//! `postroom follow`.

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
    let who = words::agent(&desk, &args.who)?.ok_or_else(|| words::usage("nobody can't follow"))?;
    let ids = targets::find(&desk, &args.targets)?;
    if ids.is_empty() {
        return nothing(out);
    }
    let op = Known::Follow { who: who.clone(), on: !args.off };
    let mut steps: Vec<Step> = Vec::new();
    for (row, target) in desk.store.targets(&ids)? {
        let follows = desk.store.conversation(&row.id, 0)?.is_some_and(|c| c.followers.contains(&who));
        if follows == args.off {
            let target = for_op(&target, &op);
            steps.push((row, target, op.clone()));
        }
    }
    carry_out(around, &desk, out, steps, args.dry)
}
