//! `postroom note`.

use crate::cli::act::{carry_out, change, nothing};
use crate::cli::desk::{Desk, Surroundings};
use crate::cli::dry::Dry;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{targets, words};
use crate::command::Action;
use crate::error::UserError;
use crate::model::conversation::{Item, NoteItem};
use crate::model::ids::ConversationId;
use crate::op::wish::Wish;
use crate::service::triage;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NoteArgs {
    /// The text; @name mentions a colleague; - reads it from stdin
    text: String,
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Give a note a new text instead: your newest one, or note N of the conversation, counted from 1
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true)]
    edit: Option<Option<usize>>,
    #[command(flatten)]
    dry: Dry,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NoteArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let text = words::text(&args.text, "the note")?;
    let Some(number) = args.edit else {
        let wish = words::wish(&desk, Action::Note, &[&text])?;
        return change(around, &desk, out, &args.targets, &[wish], args.dry);
    };
    let shown = targets::shown(&desk, &args.targets)?;
    let [one] = shown.as_slice() else {
        if shown.is_empty() {
            return nothing(out);
        }
        return Err(words::usage(format!("a note of one conversation is edited, and {} are named", shown.len())));
    };
    let note = note(&desk, &one.id, number)?.id;
    let plan = triage::plan(&desk.store, &shown, &[Wish::EditNote { note, text }])?;
    carry_out(around, &desk, out, plan, args.dry)
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
        let what = number.map_or_else(|| "note of yours".to_owned(), |number| format!("note {number}"));
        words::usage(format!("there is no {what} in {id}")).hint(match count {
            0 => "it has no notes".to_owned(),
            1 => "it has one note: --edit=1".to_owned(),
            n => format!("name one with --edit=1 to --edit={n}, in the order of `postroom show`"),
        })
    })
}
