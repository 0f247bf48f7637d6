//! Copies of drafts at the remote, for whoever wants to go on writing in another mail program. The drafts themselves live in the store:
//! nothing here is needed to keep one, and what goes wrong here must never hold up the log or the outbox.

use crate::config::Account;
use crate::model::clock::Timestamp;
use crate::store::Store;
use crate::sync::errand::Errand;
use crate::sync::error::SyncError;
use crate::sync::remote::Connection;

/// How long nobody must have written on a draft before it is copied, in milliseconds.
pub const REST: i64 = 10_000;
/// After a refusal it is tried again so much later, in milliseconds.
const AGAIN: i64 = 300_000;
/// Copies drafts that rest, and removes what is no longer one, whenever the supervisor calls. It belongs behind all other errands.
pub struct DraftErrand {
    store: Store,
    account: Account,
    on: bool,
    refused: Option<Timestamp>,
}

impl DraftErrand {
    /// Makes the errand of an account. Where it is not `on` it only removes what was copied before.
    pub fn new(store: Store, account: Account, on: bool) -> Self {
        Self { store, account, on, refused: None }
    }
}

impl Errand for DraftErrand {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let now = self.store.author().clock.now();
        if self.refused.is_some_and(|at| now.since(at) < AGAIN) {
            return Ok(());
        }
        self.refused = None;
        match connection.mailbox().copy_drafts(self.on, now.plus(-REST)) {
            // A full mailbox must not keep replies from going out.
            Err(SyncError::Remote(error)) if error.leaves_connection_usable() => {
                tracing::warn!(account = %self.account.id, %error, "drafts are not copied");
                self.refused = Some(now);
                Ok(())
            }
            other => other,
        }
    }
}
