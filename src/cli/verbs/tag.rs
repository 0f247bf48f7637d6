//! `postroom tag`.

use std::collections::BTreeSet;

use crate::cli::act::change;
use crate::cli::desk::Surroundings;
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words;
use crate::error::UserError;
use crate::op::wish::Wish;

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
    let (mut add, mut remove) = (BTreeSet::new(), BTreeSet::new());
    for word in args.tags.split([',', ' ']).filter(|word| !word.is_empty()) {
        match word.strip_prefix('-') {
            Some(word) => remove.insert(words::tag(word)?),
            None => add.insert(words::tag(word.trim_start_matches('+'))?),
        };
    }
    if add.is_empty() && remove.is_empty() {
        return Err(words::usage("no tag is named"));
    }
    let desk = around.open()?;
    change(around, &desk, out, &args.targets, &[Wish::Tag { add, remove }], args.dry)
}
