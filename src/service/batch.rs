//! Many commands in a row: each finds what those before it did, and fails by itself.
//!
//! A commit of its own for each would cost most of the time, so many are one transaction; a command is a part of it that is taken back
//! when it fails. What a command is, and what came of it, is the front end's.

use std::time::{Duration, Instant};

use crate::error::{ErrorKind, UserError};
use crate::store::{Keep, Store};

/// The most commands of one transaction.
const PORTION: usize = 500;
/// About how long is written without a break: others write then, and wait ten seconds at most.
const PORTION_TIME: Duration = Duration::from_secs(1);
/// How long a break is. Who waits for SQLite's lock asks for it every hundred milliseconds; in a shorter one it may never be met.
const BREAK: Duration = Duration::from_millis(120);

/// What came of each command, in their order.
pub type Came<T> = Vec<Result<T, UserError>>;

/// Carries out commands, many in each transaction. Where the store can't be written the rest is left: what came of those that are kept is
/// returned with the error.
pub fn in_portions<L, T>(
    store: &Store,
    commands: &[L],
    one: impl FnMut(&L) -> Result<T, UserError>,
) -> (Came<T>, Option<UserError>) {
    with_breaks(store, commands, one, PORTION_TIME, || std::thread::sleep(BREAK))
}

/// As [`in_portions`]: `rest` is called between two transactions whenever it was written for so long.
fn with_breaks<L, T>(
    store: &Store,
    commands: &[L],
    mut one: impl FnMut(&L) -> Result<T, UserError>,
    most: Duration,
    mut rest: impl FnMut(),
) -> (Came<T>, Option<UserError>) {
    let mut came = Vec::with_capacity(commands.len());
    let mut left = commands;
    let mut since = Instant::now();
    while !left.is_empty() {
        if since.elapsed() >= most {
            rest();
            since = Instant::now();
        }
        let portion = store.together(|| Ok::<_, UserError>((portion(store, left, &mut one, most)?, Keep::All)));
        match portion {
            Ok(done) => {
                left = left.get(done.len()..).unwrap_or_default();
                came.extend(done);
            }
            Err(error) => return (came, Some(error)),
        }
    }
    (came, None)
}

/// Carries out at least one of the commands.
fn portion<L, T>(
    store: &Store,
    commands: &[L],
    one: &mut impl FnMut(&L) -> Result<T, UserError>,
    most: Duration,
) -> Result<Came<T>, UserError> {
    let begun = Instant::now();
    let mut came = Vec::new();
    for command in commands.iter().take(PORTION) {
        came.push(part(store, command, one)?);
        if begun.elapsed() >= most {
            break;
        }
    }
    Ok(came)
}

/// Carries out commands as one transaction. `keep` looks at what came of all of them and says whether it stays.
///
/// # Errors
/// When the store can't be written, and those of `keep`; nothing is changed then.
pub fn as_one<L, T>(
    store: &Store,
    commands: &[L],
    mut one: impl FnMut(&L) -> Result<T, UserError>,
    keep: impl FnOnce(&Came<T>) -> Result<Keep, UserError>,
) -> Result<Came<T>, UserError> {
    store.together(|| {
        let mut came = Vec::with_capacity(commands.len());
        for command in commands {
            came.push(part(store, command, &mut one)?);
        }
        let keep = keep(&came)?;
        Ok((came, keep))
    })
}

/// Carries out one command; nothing of it stays when it fails. A store that fails ends all.
fn part<L, T>(
    store: &Store,
    command: &L,
    one: &mut impl FnMut(&L) -> Result<T, UserError>,
) -> Result<Result<T, UserError>, UserError> {
    match store.together(|| Ok::<_, UserError>((one(command)?, Keep::All))) {
        Err(error) if matches!(error.kind, ErrorKind::Store | ErrorKind::Internal) => Err(error),
        came => Ok(came),
    }
}

#[cfg(test)]
#[path = "batch_tests.rs"]
mod tests;
