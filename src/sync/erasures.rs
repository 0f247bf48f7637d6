//! The removal of erased mails as an errand on an account's second connection, and what people must be told of it.

use super::errand::Errand;
use super::error::SyncError;
use super::moves::OnTold;
use super::remote::Connection;
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::store::{Store, StoreError};

/// Removes erased mails, and their bytes from the store's files, while the program runs.
pub struct EraseErrand {
    store: Store,
    account: AccountId,
    on_told: OnTold,
    last: Vec<UserError>,
}

impl EraseErrand {
    /// Makes the errand of an account.
    pub fn new(store: Store, account: AccountId, on_told: OnTold) -> Self {
        Self { store, account, on_told, last: Vec::new() }
    }
}

impl Errand for EraseErrand {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        connection.mailbox().erase_due(self.store.author().clock.now())?;
        match self.store.scrub(&connection.stop()) {
            // The next run goes on.
            Ok(_) | Err(StoreError::Stopped | StoreError::Busy) => {}
            Err(error) => return Err(error.into()),
        }
        // What holds on is told once.
        let told = told(&self.store, Some(&self.account))?;
        told.iter().filter(|error| !self.last.contains(error)).for_each(|error| (self.on_told)(error.clone()));
        self.last = told;
        Ok(())
    }
}

/// Returns why erased mails and words are still on servers that did not let us remove them, each with what to do; of one account, or
/// of all.
///
/// # Errors
/// When the store can't be read.
pub fn told(store: &Store, account: Option<&AccountId>) -> Result<Vec<UserError>, StoreError> {
    let waiting = store.traces_waiting()?;
    let stuck = waiting.iter().filter(|w| !w.reason.is_empty() && account.is_none_or(|account| *account == w.account));
    let say = |w: &crate::store::TracesWaiting| {
        let (account, why) = (w.account.as_str(), &w.reason);
        let what = match w.mails {
            0 => phrase!("erased-words-stay", account = account, why = why),
            count => phrase!("erased-mails-stay", count = count, account = account, why = why),
        };
        UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-erased-stays"))
    };
    Ok(stuck.map(say).collect())
}
