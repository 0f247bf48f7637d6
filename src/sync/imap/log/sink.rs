//! Lines of the log on their way to the store, in portions.

use crate::model::change::Change;
use crate::model::ids::AccountId;
use crate::model::stop::Stop;
use crate::store::{LogLine, Store, StoreError};

/// Bytes of lines after which they are written to the store.
const FLUSH: usize = 4 * 1024 * 1024;

/// Writes lines to the store in portions.
pub(super) struct Sink<'a> {
    store: &'a Store,
    account: &'a AccountId,
    stop: &'a Stop,
    lines: Vec<LogLine>,
    bytes: usize,
    change: Option<Change>,
    failed: Option<StoreError>,
}

impl<'a> Sink<'a> {
    pub fn new(store: &'a Store, account: &'a AccountId, stop: &'a Stop) -> Self {
        Self { store, account, stop, lines: Vec::new(), bytes: 0, change: None, failed: None }
    }

    pub fn add(&mut self, lines: Vec<LogLine>) {
        let bytes = lines.iter().map(|line| line.json.len() + 64).sum::<usize>();
        if self.bytes + bytes > FLUSH {
            self.flush();
        }
        self.bytes += bytes;
        self.lines.extend(lines);
    }

    fn flush(&mut self) {
        self.bytes = 0;
        let lines = std::mem::take(&mut self.lines);
        if lines.is_empty() || self.failed.is_some() {
            return;
        }
        match self.store.ingest_log_until(self.account, lines, self.stop) {
            Ok(change) => {
                self.change = Some(match self.change.take() {
                    Some(before) => before.and(change),
                    None => change,
                });
            }
            Err(error) => self.failed = Some(error),
        }
    }

    /// Writes the rest. Returns what changed, or the first failure.
    pub fn finish(mut self) -> Result<Option<Change>, StoreError> {
        self.flush();
        match self.failed {
            Some(error) => Err(error),
            None => Ok(self.change),
        }
    }
}
