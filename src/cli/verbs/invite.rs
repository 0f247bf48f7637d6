//! `postroom invite`.

use clap::ValueEnum;

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::targets::Use;
use crate::cli::words::usage;
use crate::cli::writing::{Piece, Writing};
use crate::cli::{act, bodies, targets};
use crate::error::UserError;
use crate::model::invitation::Answer;
use crate::service::invite;
use crate::service::triage::{self, AsShown};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct InviteArgs {
    /// The conversation with the invitation: its id, or a query that finds it alone
    #[arg(value_name = "TARGET")]
    target: String,
    /// The answer
    #[arg(value_name = "ANSWER")]
    answer: AnswerWord,
    /// Say this along with it
    #[arg(long, value_name = "TEXT", default_value = "")]
    message: String,
    /// Print the mail, and do not send it
    #[arg(long)]
    dry_run: bool,
}

/// How an invitation is answered.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum AnswerWord {
    /// We come
    Accept,
    /// We don't come
    Decline,
    /// We may come
    Tentative,
}

impl From<AnswerWord> for Answer {
    fn from(word: AnswerWord) -> Self {
        match word {
            AnswerWord::Accept => Answer::Accepted,
            AnswerWord::Decline => Answer::Declined,
            AnswerWord::Tentative => Answer::Tentative,
        }
    }
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server, and when there is nothing to answer.
pub fn run(around: &Surroundings, out: &mut Output, args: &InviteArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let shown = targets::shown(&desk, std::slice::from_ref(&args.target), Use::Change)?;
    if shown.is_empty() {
        return act::nothing(out);
    }
    if shown.len() > 1 {
        return Err(usage(phrase!("invite-several", count = shown.len())));
    }
    let AsShown { rows, left_out } = triage::as_shown(&desk.store, &shown, "replied")?;
    act::tell_left_out(out, &left_out);
    let Some((row, as_of)) = rows.into_iter().next() else { return Ok(Exit::Precondition) };
    let brought = bodies::bring(around, &desk, out, &desk.store.message_ids(&row.id)?)?;
    let wanted =
        invite::Wanted { conversation: &row.id, message: None, answer: args.answer.into(), text: &args.message };
    let mut draft = invite::begin(&desk.store, &desk.config.sending, wanted)?;
    // What comes in from here on was not seen: the mail is stopped by it.
    draft.as_of = as_of.or(draft.as_of);
    let sent = Writing::send(around, &desk, out, Piece { row: Some(row), draft }, args.dry_run)?;
    Ok(sent.or_worse(brought))
}
