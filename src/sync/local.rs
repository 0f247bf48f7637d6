//! The log of an account without a server: the demo, and whoever works alone. Its order is that of the commits, and it is "on the
//! server" as soon as it is in the store.

use std::fs::File;

use crate::model::change::Change;
use crate::op::record::LogPosition;
use crate::store::{LogLine, LogPlace, Store, StoreError};

/// How many records are taken at a time.
const BATCH: usize = 1000;

/// The UIDVALIDITY of a log that is no folder.
const VALIDITY: u32 = 1;

/// Gives every record that has no place on the log the next one.
///
/// # Errors
/// When the store can't be written.
pub fn settle(store: &Store) -> Result<Change, StoreError> {
    let path = store.path().with_file_name("sync.lock");
    let failed = |source| StoreError::File { path: path.clone(), source };
    // Two processes must not give one place twice.
    let lock = File::options().create(true).append(true).open(&path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let mut change = Change::Counts;
    loop {
        let records = store.unpushed(BATCH)?;
        let head = store.log_head()?.map_or(0, |head| head.uid);
        let lines: Vec<LogLine> = records
            .into_iter()
            .zip(head.saturating_add(1)..)
            .map(|((_, json), uid)| LogLine { place: LogPlace { epoch: 0, validity: VALIDITY, uid, index: 0 }, json })
            .collect();
        let Some(last) = lines.last().map(|line| line.place.uid) else { return Ok(change) };
        change = change.and(store.ingest_log(lines)?);
        store.set_log_head(LogPosition { validity: VALIDITY, uid: last })?;
    }
}
