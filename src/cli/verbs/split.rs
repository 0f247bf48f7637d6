//! `postroom split`.

use crate::cli::act::{Looks, Request, change};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{targets, words};
use crate::error::UserError;
use crate::model::ids::MessageId;
use crate::op::wish::Wish;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct SplitArgs {
    /// The message by its Message-ID, as `why` prints it; or the conversation, with --message
    target: String,
    /// Which message of the conversation, counted from 1
    #[arg(long, value_name = "N")]
    message: Option<usize>,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &SplitArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &SplitArgs) -> Result<Request, UserError> {
    let message = message(desk, args)?;
    let id = targets::one(desk, message.as_str())?;
    let shown = desk.store.shown(std::slice::from_ref(&id))?;
    Ok(Request { shown, wishes: vec![Wish::Split { message }], once: None, looks: Looks::Stay, dry: args.dry })
}

fn message(desk: &Desk, args: &SplitArgs) -> Result<MessageId, UserError> {
    let id = targets::one(desk, &args.target)?;
    let messages = desk.store.message_ids(&id)?;
    let chosen = match args.message {
        Some(number) => number.checked_sub(1).and_then(|at| messages.get(at)).cloned(),
        None => MessageId::new(&args.target).filter(|id| messages.contains(id)),
    };
    let missing = || {
        words::usage(phrase!("split-which", target = &args.target)).hint(phrase!(
            "hint-split-which",
            last = messages.len().to_string(),
            id = id.as_str()
        ))
    };
    let chosen = chosen.ok_or_else(missing)?;
    if messages.first() == Some(&chosen) {
        return Err(words::usage(phrase!("split-first")));
    }
    Ok(chosen)
}
