//! `postroom undo` and `postroom redo`.

use crate::cli::desk::{Desk, Surroundings};
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::UndoneJson;
use crate::cli::output::Output;
use crate::cli::{remote, words};
use crate::error::UserError;
use crate::model::text::{SafeText, in_quotes};
use crate::store::{Takeback, Undone};

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct UndoArgs {
    /// The operation or batch by its id, as `log` prints it; without one, the last thing that you did
    #[arg(value_name = "OPERATION")]
    pub of: Option<String>,
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
    match take_back(&desk, args.of.as_deref())? {
        None => {
            out.talk(&say!("nothing-to-undo"));
            Ok(Exit::Nothing)
        }
        Some(Takeback::Done(undone)) => {
            tell(&desk, out, &undone);
            remote::bring(around, &desk, out, Exit::Done)
        }
        Some(Takeback::Unknown) => {
            out.talk(&say!("told-no-operation", id = args.of.as_deref().unwrap_or_default()));
            Ok(Exit::Nothing)
        }
        Some(Takeback::Already(what)) => {
            out.talk(&say!("told-undone-already", what = &what));
            Ok(Exit::Done)
        }
        Some(Takeback::Never(what)) => {
            out.warn(&say!("take-back-never", what = &what));
            Ok(Exit::Precondition)
        }
    }
}

/// Takes back an operation or a batch by its id, else the last thing that the agent did; `None` where there is none.
///
/// # Errors
/// When it is no id, and when the store can't be written.
pub fn take_back(desk: &Desk, of: Option<&str>) -> Result<Option<Takeback>, UserError> {
    let Some(id) = of else { return Ok(desk.store.undo()?.map(|undone| Takeback::Done(Box::new(undone)))) };
    let unknown = |_| words::usage(phrase!("operation-id-bad", word = in_quotes(id))).hint(phrase!("hint-log-prints"));
    Ok(Some(desk.store.undo_operation(id.parse().map_err(unknown)?)?))
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
    tell(&desk, out, &redone);
    remote::bring(around, &desk, out, Exit::Done)
}

fn tell(desk: &Desk, out: &mut Output, undone: &Undone) {
    let notice = undone.named_notice(&desk.zone);
    match out.format() {
        Format::Json => out.json(&UndoneJson::new(undone, &notice)),
        Format::Ids => {
            let records = undone.committed.records.iter();
            records.for_each(|record| out.line(&SafeText::line(&record.id.to_string())));
        }
        Format::Table => {}
    }
    out.talk(notice.as_str());
}
