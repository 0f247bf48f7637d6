//! `postroom undo` and `postroom redo`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::UndoneJson;
use crate::cli::output::Output;
use crate::cli::{remote, words};
use crate::error::UserError;
use crate::model::text::SafeText;
use crate::store::{Takeback, Undone};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// The operation or batch by its id, as `log` prints it; without one, the last thing that you did
    #[arg(value_name = "OPERATION")]
    of: Option<String>,
}

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct RedoArgs {}

/// Runs `undo`.
///
/// # Errors
/// Those of reading the arguments, of the store and of the server.
pub fn undo(around: &Surroundings, out: &mut Output, args: &UndoArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let Some(id) = &args.of else {
        let Some(undone) = desk.store.undo()? else {
            out.talk(&say!("nothing-to-undo"));
            return Ok(Exit::Nothing);
        };
        tell(out, &undone);
        return remote::bring(around, &desk, out, Exit::Done);
    };
    let unknown =
        |id: &str| words::usage(phrase!("operation-id-bad", word = format!("{id:?}"))).hint(phrase!("hint-log-prints"));
    match desk.store.undo_operation(id.parse().map_err(|_| unknown(id))?)? {
        Takeback::Done(undone) => {
            tell(out, &undone);
            remote::bring(around, &desk, out, Exit::Done)
        }
        Takeback::Unknown => {
            out.talk(&say!("told-no-operation", id = id));
            Ok(Exit::Nothing)
        }
        Takeback::Already(what) => {
            out.talk(&say!("told-undone-already", what = &what));
            Ok(Exit::Done)
        }
        Takeback::Never(what) => {
            out.warn(&say!("take-back-never", what = &what));
            Ok(Exit::Precondition)
        }
    }
}

/// Runs `redo`.
///
/// # Errors
/// Those of the store and of the server.
pub fn redo(around: &Surroundings, out: &mut Output, _: &RedoArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let Some(redone) = desk.store.redo()? else {
        out.talk(&say!("nothing-to-redo"));
        return Ok(Exit::Nothing);
    };
    tell(out, &redone);
    remote::bring(around, &desk, out, Exit::Done)
}

fn tell(out: &mut Output, undone: &Undone) {
    match out.format() {
        Format::Json => out.json(&UndoneJson::new(undone)),
        Format::Ids => {
            let records = undone.committed.records.iter();
            records.for_each(|record| out.line(&SafeText::line(&record.id.to_string())));
        }
        Format::Table => {}
    }
    out.talk(undone.notice.as_str());
}
