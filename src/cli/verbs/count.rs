//! `postroom count`.

use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::global::Format;
use crate::cli::json::CountJson;
use crate::cli::output::Output;
use crate::cli::targets::{self, Use};
use crate::error::UserError;
use crate::model::text::SafeText;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct CountArgs {
    /// The query; without one, everything that is not closed and not snoozed
    query: Vec<String>,
}

/// Runs the verb. A count of 0 is printed, and exits with 1, so that a script can test for it.
///
/// # Errors
/// Those of reading the query and of the store.
pub fn run(around: &Surroundings, out: &mut Output, args: &CountArgs) -> Result<Exit, UserError> {
    let words = if args.query.is_empty() { vec!["is:active".to_owned()] } else { args.query.clone() };
    let query = targets::query(&words)?;
    let desk = around.open()?;
    targets::admit(&desk, &query, Use::Read(out))?;
    let count = desk.store.count(&query, &desk.context())?;
    match out.format() {
        Format::Json => out.json(&CountJson::new(&words.join(" "), count)),
        _ => out.line(&SafeText::line(&count.to_string())),
    }
    Ok(if count == 0 { Exit::Nothing } else { Exit::Done })
}
