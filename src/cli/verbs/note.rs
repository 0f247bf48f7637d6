//! `postroom note`.

use clap::builder::NonEmptyStringValueParser;

use crate::cli::act::{Looks, Request, change};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::targets::Use;
use crate::cli::{targets, words};
use crate::command::Action;
use crate::error::UserError;
use crate::model::conversation::{Item, NoteItem};
use crate::model::ids::ConversationId;
use crate::op::wish::Wish;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NoteArgs {
    /// The text; @name mentions a colleague, or everybody in a team; - reads it from stdin
    text: String,
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Give a note a new text instead: your newest one, or note N of the conversation, counted from 1
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true)]
    edit: Option<Option<usize>>,
    /// Write it once under this key in each conversation, however often the command is run, here or by a colleague
    #[arg(long, value_name = "KEY", conflicts_with = "edit", value_parser = NonEmptyStringValueParser::new())]
    once: Option<String>,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NoteArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    change(around, &desk, out, &request(&desk, args)?)
}

/// Returns what the arguments ask for.
///
/// # Errors
/// When they can't be read.
pub fn request(desk: &Desk, args: &NoteArgs) -> Result<Request, UserError> {
    let text = words::text(desk, &args.text)?;
    let shown = targets::shown(desk, &args.targets, Use::Change)?;
    let wish = match (args.edit, shown.as_slice()) {
        (None, _) => words::wish(desk, Action::Note, &[&text])?,
        (Some(number), [one]) => Wish::EditNote { note: note(desk, &one.id, number)?.id, text },
        (Some(_), []) => {
            return Ok(Request { shown, wishes: Vec::new(), once: None, looks: Looks::Stay, dry: args.dry });
        }
        (Some(_), several) => return Err(words::usage(phrase!("note-of-several", count = several.len()))),
    };
    Ok(Request { shown, wishes: vec![wish], once: args.once.clone(), looks: Looks::Stay, dry: args.dry })
}

/// Finds the note by its number, or one's own newest.
fn note(desk: &Desk, id: &ConversationId, number: Option<usize>) -> Result<NoteItem, UserError> {
    let items = desk.store.conversation(id, usize::MAX)?.map(|whole| whole.items).unwrap_or_default();
    let notes: Vec<NoteItem> = items
        .into_iter()
        .filter_map(|item| match item {
            Item::Note(note) => Some(note),
            _ => None,
        })
        .collect();
    let count = notes.len();
    let found = match number {
        Some(number) => number.checked_sub(1).and_then(|at| notes.into_iter().nth(at)),
        None => notes.into_iter().rev().find(|note| note.actor == desk.config.me),
    };
    found.ok_or_else(|| {
        let what = match number {
            Some(number) => phrase!("note-missing", number = number.to_string(), id = id.as_str()),
            None => phrase!("note-missing-mine", id = id.as_str()),
        };
        words::usage(what).hint(phrase!("hint-which-note", count = count, last = count.to_string()))
    })
}
