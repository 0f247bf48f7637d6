//! `postroom next`.

use super::list;
use crate::cli::desk::Surroundings;
use crate::cli::exit::Exit;
use crate::cli::output::Output;
use crate::cli::{act, remote, targets};
use crate::error::UserError;
use crate::op::operation::Known;
use crate::op::record::NewOperation;

/// How many of the oldest conversations are looked at for the one that has waited longest.
const OLDEST: usize = 500;

/// The arguments.
#[derive(Debug, clap::Args)]
pub struct NextArgs {
    /// Which conversations come into question; only those that nobody has are taken
    query: Vec<String>,
    /// Show it, but do not take it
    #[arg(long)]
    peek: bool,
}

/// Runs the verb: the conversation whose customer has waited longest, among those that nobody has, becomes yours and is printed.
///
/// # Errors
/// Those of reading the query, of the store and of the server.
pub fn run(around: &Surroundings, out: &mut Output, args: &NextArgs) -> Result<Exit, UserError> {
    let desk = around.open()?;
    let mut words = vec!["is:unassigned".to_owned(), "-status:waiting".to_owned()];
    if !args.query.is_empty() {
        words.push(format!("({})", args.query.join(" ")));
    }
    let ids = desk.store.ids(&targets::query(&words)?, &desk.context())?;
    let oldest: Vec<_> = ids.into_iter().rev().take(OLDEST).collect();
    let mut found = desk.store.targets(&oldest)?;
    found.sort_by_key(|(row, _)| (row.waiting_since.unwrap_or(row.last_at), row.id.clone()));
    for (row, target) in found {
        if args.peek {
            list::print(&desk, out, std::slice::from_ref(&row));
            return Ok(Exit::Done);
        }
        let op = Known::Assign { to: Some(desk.config.me.clone()) };
        let target = act::for_op(&target, &op);
        let committed = desk.store.commit(vec![NewOperation::new(op, vec![target])])?;
        // Somebody was faster: the next one, then.
        if committed.lost.is_empty() {
            list::print(&desk, out, &desk.store.rows(std::slice::from_ref(&row.id))?);
            return remote::bring(around, &desk, out, Exit::Done);
        }
    }
    act::nothing(out)
}
