//! Waiting for another postroom on this machine, which holds the connections and does the work of this command too.

use std::time::{Duration, Instant};

use super::connect;
use crate::error::UserError;
use crate::store::Store;
use crate::sync::notice::Notice;

/// Looks until `goes_on` says no, whenever something was done with the store. Returns whether it did before the time was over.
///
/// # Errors
/// Those of `goes_on`, and when the system has no pipe left.
pub fn wait_while(
    store: &Store,
    at_most: Duration,
    mut goes_on: impl FnMut() -> Result<bool, UserError>,
) -> Result<bool, UserError> {
    let (end, notice, waker) = (Instant::now() + at_most, Notice::of(store), connect::waker()?);
    while goes_on()? {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        notice.wait(&waker, left);
    }
    Ok(true)
}
