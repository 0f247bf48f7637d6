//! `postroom next`.

use super::list;
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{act, remote, targets};
use crate::error::UserError;
use crate::service::next;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NextArgs {
    /// Which conversations come into question; only those that nobody has, or a team that you are in, are taken
    query: Vec<String>,
    /// Show it, but do not take it
    #[arg(long)]
    peek: bool,
}

/// Runs the verb: the conversation whose customer has waited longest, among those that nobody has or a team of yours, becomes yours and is
/// printed.
///
/// # Errors
/// Those of reading the query, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NextArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let mut words = vec![next::free(&desk.store, &desk.config.me), "-status:waiting".to_owned()];
    if !args.query.is_empty() {
        words.push(format!("({})", args.query.join(" ")));
    }
    for row in next::candidates(&desk.store, &targets::query(&words)?, &desk.context())? {
        if args.peek {
            list::print(&desk, out, std::slice::from_ref(&row));
            return Ok(Exit::Done);
        }
        // Where somebody was faster: the next one, then.
        if next::take(&desk.store, &row, &desk.config.me)? {
            let exit = remote::bring(around, &desk, out, Exit::Done)?;
            // As the log left it: a colleague may have been faster there.
            list::print(&desk, out, &desk.store.rows(std::slice::from_ref(&row.id))?);
            return Ok(exit);
        }
    }
    act::nothing(out)
}
