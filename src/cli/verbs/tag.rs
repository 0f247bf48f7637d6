//! `postroom tag`.

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
pub struct TagArgs {
    /// Tags with commas between; one with - in front is taken off: billing,-new
    #[arg(allow_hyphen_values = true)]
    tags: String,
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
pub fn run(around: &Surroundings, out: &mut Output, args: &TagArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let wish = words::wish(&desk, Action::Tag, &[&args.tags])?;
    change(around, &desk, out, &args.targets, &[wish], args.dry)
}
