//! `postroom reply`.

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::targets::{self, Use};
use crate::cli::words::usage;
use crate::cli::writing::{Piece, Wanted, Writing};
use crate::cli::{act, bodies};
use crate::config::Sending;
use crate::error::UserError;
use crate::model::ids::MessageId;
use crate::model::message::AsOf;
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
    /// Answer this message, by its Message-ID or its number from 1, instead of the customer's newest
    #[arg(long, value_name = "MESSAGE")]
    message: Option<String>,
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
    let what = What { kind, sending: &sending, message: args.message.as_deref(), without: &[], as_file: false };
    answer(around, &desk, out, &args.targets, &args.writing, &what)
}

/// What is written.
pub struct What<'a> {
    /// An answer or a forward.
    pub kind: DraftKind,
    /// How mail is written here.
    pub sending: &'a Sending,
    /// The message that it answers, as it was given; `None` is the one that an answer answers.
    pub message: Option<&'a str>,
    /// The files of a forwarded message that are left out, by name or number.
    pub without: &'a [String],
    /// Whether a forwarded message goes as a file.
    pub as_file: bool,
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
    what: &What<'_>,
) -> Result<Exit, UserError> {
    let begun = desk.store.outbox_end()?;
    let shown = targets::shown(desk, given, Use::Change)?;
    writing.expected(shown.len())?;
    if shown.is_empty() {
        return act::nothing(out);
    }
    if what.message.is_some() && shown.len() > 1 {
        return Err(usage(phrase!("message-of-several", count = shown.len())));
    }
    if !what.without.is_empty() && shown.len() > 1 {
        return Err(usage(phrase!("without-of-several", count = shown.len())));
    }
    writing.guard(shown.len())?;
    let wanted = writing.read(desk, out)?.begun(begun);
    let AsShown { rows, left_out } = triage::as_shown(&desk.store, &shown, "replied")?;
    act::tell_left_out(out, &left_out);
    let mut left = if left_out.is_empty() { Exit::Done } else { Exit::Precondition };
    let mut chosen = Vec::new();
    for (row, as_of) in rows {
        let message = what.message.map(|given| message(desk, &row, given)).transpose()?;
        chosen.push((row, as_of, message));
    }
    let brought = bring(around, desk, out, what, &chosen)?;
    if brought != Exit::Done {
        return Ok(brought);
    }
    let mut pieces = Vec::new();
    for (row, as_of, message) in chosen {
        let short = row.short.clone();
        let mut piece = match piece(desk, writing, &wanted, what, (row, message)) {
            Err(error) if writing.skips(error.kind) => {
                out.warn(&format!("{short}: {}", error.message()));
                left = Exit::Precondition;
                continue;
            }
            piece => piece?,
        };
        // What comes in from here on was not seen: the mail is stopped by it.
        piece.draft.as_of = as_of.or(piece.draft.as_of);
        pieces.push(piece);
    }
    if pieces.is_empty() {
        return Ok(left);
    }
    Ok(left.or_worse(writing.finish(around, desk, out, &wanted, pieces)?))
}

/// Sees to it that what is forwarded is here whole.
fn bring(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    what: &What<'_>,
    chosen: &[(ConversationRow, Option<AsOf>, Option<MessageId>)],
) -> Result<Exit, UserError> {
    if what.kind != DraftKind::Forward {
        return Ok(Exit::Done);
    }
    let mut messages = Vec::new();
    for (row, _, message) in chosen {
        messages.push(match message {
            Some(message) => message.clone(),
            None => compose::usual(&desk.store, &row.id)?,
        });
    }
    bodies::bring(around, desk, out, &messages)
}

fn piece(
    desk: &Desk,
    writing: &Writing,
    wanted: &Wanted,
    what: &What<'_>,
    (row, message): (ConversationRow, Option<MessageId>),
) -> Result<Piece, UserError> {
    let mut draft = match what.as_file {
        true => compose::forward_as_file(&desk.store, what.sending, &row.id, message.as_ref())?,
        false => compose::begin_in(&desk.store, what.sending, what.kind, &row.id, message.as_ref())?,
    };
    compose::leave_out(&mut draft, what.without)?;
    let is_answer = matches!(what.kind, DraftKind::Reply | DraftKind::ReplyAll);
    if is_answer && draft.to.is_empty() && !writing.is_addressed() {
        let why = phrase!("only-ourselves-to-answer", short = &row.short);
        return Err(usage(why).hint(phrase!("hint-add", flag = "--to")));
    }
    let draft = writing.fill(desk, wanted, draft, &row.short)?;
    Ok(Piece { row: Some(row), draft })
}

/// Finds a message of a conversation by its Message-ID or its number.
fn message(desk: &Desk, row: &ConversationRow, given: &str) -> Result<MessageId, UserError> {
    let messages = desk.store.message_ids(&row.id)?;
    let found = match given.parse::<usize>() {
        Ok(number) => number.checked_sub(1).and_then(|at| messages.get(at)).cloned(),
        Err(_) => MessageId::new(given).filter(|id| messages.contains(id)),
    };
    found.ok_or_else(|| usage(phrase!("messages-there", id = row.short.as_str(), last = messages.len().to_string())))
}
