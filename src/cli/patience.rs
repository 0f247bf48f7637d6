//! Waiting for another postroom on this machine, which holds the connections and does the work of this command too.

use std::time::{Duration, Instant};

use crate::error::UserError;

/// How often it looks. What is asked is a row or two of the store; to be told would need a channel between the processes.
const LOOK: Duration = Duration::from_millis(100);

/// Looks until `goes_on` says no. Returns whether it did before the time was over.
///
/// # Errors
/// Those of `goes_on`.
pub fn wait_while(at_most: Duration, mut goes_on: impl FnMut() -> Result<bool, UserError>) -> Result<bool, UserError> {
    let end = Instant::now() + at_most;
    while goes_on()? {
        if Instant::now() > end {
            return Ok(false);
        }
        std::thread::sleep(LOOK);
    }
    Ok(true)
}
