//! `postroom forward`.

use super::reply::{What, answer};
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words::usage;
use crate::cli::writing::Writing;
use crate::error::UserError;
use crate::model::reply::DraftKind;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ForwardArgs {
    /// Ids, a query, or - for ids from stdin; the newest message of each is forwarded
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    #[command(flatten)]
    writing: Writing,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &ForwardArgs) -> Result<Exit, UserError> {
    if !args.writing.is_addressed() {
        return Err(usage(phrase!("forward-to-nobody")).hint(phrase!("hint-add", flag = "--to name@example.com")));
    }
    let desk = around.open()?;
    let sending = desk.config.sending.clone();
    let what = What { kind: DraftKind::Forward, sending: &sending, message: None };
    answer(around, &desk, out, &args.targets, &args.writing, &what)
}
