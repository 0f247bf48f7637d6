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
    /// Ids, a query, or - for ids from stdin; of each the customer's newest message is forwarded
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Forward this message, by its Message-ID or its number from 1, instead of the customer's newest
    #[arg(long, value_name = "MESSAGE")]
    message: Option<String>,
    /// Leave this file of it out, by its name or its number as --dry-run lists them
    #[arg(long, value_name = "FILE")]
    without: Vec<String>,
    /// Attach the message as it came, instead of its text and its files
    #[arg(long, conflicts_with = "without")]
    as_eml: bool,
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
    let what = What {
        kind: DraftKind::Forward,
        sending: &sending,
        message: args.message.as_deref(),
        without: &args.without,
        as_file: args.as_eml,
    };
    answer(around, &desk, out, &args.targets, &args.writing, &what)
}
