//! `postroom note`.

use crate::cli::act::{Changes, change, nothing, steps};
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::words;
use crate::error::UserError;
use crate::model::text::SafeText;
use crate::op::describe;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NoteArgs {
    /// The text; @name mentions a colleague; - reads it from stdin
    text: String,
    /// Ids, a query, or - for ids from stdin
    #[arg(required = true, value_name = "TARGET")]
    targets: Vec<String>,
    /// Print what would be written where, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the verb.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NoteArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let changes = Changes { note: Some(words::text(&args.text, "the note")?), ..Changes::default() };
    if !args.dry_run {
        return change(around, &desk, out, &args.targets, &changes);
    }
    let Some(steps) = steps(&desk, &args.targets, &changes)? else { return nothing(out) };
    for (row, _, op) in &steps {
        let what = describe::predicate(op, &desk.config.me, &|at| desk.time(at));
        out.line(&SafeText::line(&format!("{}  {} {what} · {}", row.short, desk.config.me, row.title)));
    }
    out.talk(&format!("{} notes planned, none is written", steps.len()));
    Ok(Exit::Done)
}
