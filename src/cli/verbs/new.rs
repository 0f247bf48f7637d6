//! `postroom new`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words::{self, usage};
use crate::cli::writing::{Piece, Writing};
use crate::error::UserError;
use crate::service::compose;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NewArgs {
    /// The inbox that it goes out from; the first of the config unless named
    #[arg(long, value_name = "INBOX")]
    inbox: Option<String>,
    #[command(flatten)]
    writing: Writing,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NewArgs) -> Result<Exit, UserError> {
    if !args.writing.is_addressed() {
        return Err(usage(phrase!("new-to-nobody")).hint(phrase!("hint-add", flag = "--to name@example.com")));
    }
    args.writing.guard(1)?;
    let desk = around.open()?;
    let wanted = args.writing.read(&desk, out)?;
    let inbox = args.inbox.as_deref().map(|word| words::inbox(&desk, word)).transpose()?;
    let draft = compose::blank(&desk.store, &desk.config.sending, inbox);
    let draft = args.writing.fill(&desk, &wanted, draft, "")?;
    args.writing.finish(around, &desk, out, &wanted, vec![Piece { row: None, draft }])
}
