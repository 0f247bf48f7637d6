//! An account's log as an errand on the account's second connection.

use std::sync::Arc;

use super::LogPass;
use crate::error::UserError;
use crate::model::change::Part;
use crate::model::clock::Timestamp;
use crate::store::Store;
use crate::sync::errand::Errand;
use crate::sync::error::{Remedy, SyncError};
use crate::sync::remote::Connection;
use crate::sync::retry::Backoff;

/// Is told of each pass that did something, with its notices.
pub type OnPass = Arc<dyn Fn(&LogPass) + Send + Sync>;

/// Keeps an account's log while the program runs.
pub struct LogErrand {
    store: Store,
    on_pass: OnPass,
    /// What the remote refused with the last try to write.
    trouble: Option<UserError>,
    /// What stands until somebody does something about it.
    standing: Option<UserError>,
    /// When writing is tried again after a refusal, and how often it was refused.
    again: Option<Timestamp>,
    refusals: Backoff,
}

impl LogErrand {
    /// Makes the errand of an account.
    pub fn new(store: &Store, on_pass: OnPass) -> Self {
        Self { store: store.clone(), on_pass, trouble: None, standing: None, again: None, refusals: Backoff::default() }
    }

    /// Notes how a try to write ended: after a refusal the next one waits, and reading goes on meanwhile.
    fn note(&mut self, trouble: Option<UserError>, now: Timestamp) {
        self.again = match &trouble {
            Some(_) => {
                let wait = self.refusals.next(Remedy::Wait, fastrand::f64());
                Some(now.plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)))
            }
            None => {
                self.refusals.reset();
                None
            }
        };
        self.trouble = trouble;
    }
}

impl Errand for LogErrand {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let now = self.store.author().clock.now();
        let write = self.again.is_none_or(|again| again <= now);
        let log = connection.log();
        if !write && !log.is_there() {
            // There is none to read.
            return Ok(());
        }
        let pass = if write { log.append()? } else { log.read()? };
        if write {
            self.note(pass.trouble.clone(), now);
        }
        self.standing = pass.standing();
        let did_something = pass.change.is_some() || !pass.told().is_empty() || !pass.refused.is_empty();
        if did_something {
            (self.on_pass)(&pass);
        }
        // Last: what was read is told even where that fails.
        log.show(&pass)
    }

    fn part(&self) -> Part {
        Part::Log
    }

    fn troubles(&self) -> Vec<UserError> {
        self.trouble.iter().chain(&self.standing).cloned().collect()
    }

    fn urge(&mut self) {
        self.again = None;
    }
}
