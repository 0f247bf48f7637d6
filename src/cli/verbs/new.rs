//! `postroom new`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words::{self, usage};
use crate::cli::writing::{Piece, Writing};
use crate::error::UserError;
use crate::model::reply::{Draft, DraftKind};

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
        return Err(usage("nobody is named to write to").hint("add --to name@example.com"));
    }
    args.writing.guard(1)?;
    let desk = around.open()?;
    let wanted = args.writing.read(&desk)?;
    let inbox = match args.inbox.as_deref() {
        Some(word) => Some(words::inbox(&desk, word)?),
        None => desk.config.inboxes.first().map(|inbox| inbox.id.clone()),
    };
    let sending = &desk.config.sending;
    let signature =
        inbox.as_ref().map(|inbox| crate::sync::compose::signature(sending, inbox, desk.config.me.as_str()));
    let draft = Draft {
        kind: DraftKind::New,
        identity: sending.identity,
        body: signature.unwrap_or_default(),
        inbox,
        ..Draft::default()
    };
    let draft = args.writing.fill(&desk, &wanted, draft, "");
    args.writing.finish(around, &desk, out, &wanted, vec![Piece { row: None, draft }])
}
