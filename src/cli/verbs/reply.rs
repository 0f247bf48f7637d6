//! `postroom reply`.

use crate::cli::act;
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::targets;
use crate::cli::words::usage;
use crate::cli::writing::{Piece, Wanted, Writing};
use crate::config::Sending;
use crate::error::UserError;
use crate::model::reply::DraftKind;
use crate::model::view::ConversationRow;
use crate::service::compose;
use crate::service::triage::{self, AsShown};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct ReplyArgs {
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Answer all recipients, not the sender alone
    #[arg(long)]
    all: bool,
    /// Quote what is answered, whatever the config says
    #[arg(long, conflicts_with = "no_quote")]
    quote: bool,
    /// Quote nothing
    #[arg(long)]
    no_quote: bool,
    #[command(flatten)]
    writing: Writing,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &ReplyArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let kind = if args.all { DraftKind::ReplyAll } else { DraftKind::Reply };
    let mut sending = desk.config.sending.clone();
    sending.quote = (sending.quote || args.quote) && !args.no_quote;
    answer(around, &desk, out, &args.targets, &args.writing, kind, &sending)
}

/// Writes an answer or a forward in each conversation that the arguments mean.
///
/// # Errors
/// As [`run`].
pub fn answer(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    given: &[String],
    writing: &Writing,
    kind: DraftKind,
    sending: &Sending,
) -> Result<Exit, UserError> {
    let shown = targets::shown(desk, given)?;
    if shown.is_empty() {
        return act::nothing(out);
    }
    writing.guard(shown.len())?;
    let wanted = writing.read(desk, out)?;
    let AsShown { rows, left_out } = triage::as_shown(&desk.store, &shown, "replied")?;
    act::tell_left_out(out, &left_out);
    let left = if left_out.is_empty() { Exit::Done } else { Exit::Precondition };
    let mut pieces = Vec::new();
    for (row, as_of) in rows {
        let mut piece = piece(desk, writing, &wanted, kind, sending, row)?;
        // What comes in from here on was not seen: the mail is stopped by it.
        piece.draft.as_of = as_of.or(piece.draft.as_of);
        pieces.push(piece);
    }
    if pieces.is_empty() {
        return Ok(left);
    }
    Ok(left.or_worse(writing.finish(around, desk, out, &wanted, pieces)?))
}

fn piece(
    desk: &Desk,
    writing: &Writing,
    wanted: &Wanted,
    kind: DraftKind,
    sending: &Sending,
    row: ConversationRow,
) -> Result<Piece, UserError> {
    let draft = compose::begin_in(&desk.store, sending, kind, &row.id, None)?;
    let is_answer = matches!(kind, DraftKind::Reply | DraftKind::ReplyAll);
    if is_answer && draft.to.is_empty() && !writing.is_addressed() {
        let why = phrase!("only-ourselves-to-answer", short = &row.short);
        return Err(usage(why).hint(phrase!("hint-add", flag = "--to")));
    }
    let draft = writing.fill(desk, wanted, draft, &row.short);
    Ok(Piece { row: Some(row), draft })
}
