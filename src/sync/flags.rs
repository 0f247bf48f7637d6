//! Tells the remote which mail was opened, dealt with and answered here, as an errand on an account's second connection.

use super::errand::Errand;
use super::error::SyncError;
use super::remote::Connection;
use crate::store::Store;

/// Tells it whenever the supervisor calls. It belongs behind the errands that bring somebody's work to the server.
pub struct FlagErrand {
    store: Store,
}

impl FlagErrand {
    /// Makes the errand.
    pub fn new(store: Store) -> Self {
        Self { store }
    }
}

impl Errand for FlagErrand {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        connection.mailbox().tell_flags(self.store.author().clock.now()).map(|_| ())
    }
}
