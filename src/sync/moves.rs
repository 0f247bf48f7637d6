//! The moving of mail as an errand on an account's second connection, and what people must be told of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::error::{ErrorKind, UserError};
use crate::model::agent::{Inbox, Team};
use crate::model::ids::AccountId;
use crate::store::{Store, StoreError};
use crate::sync::errand::Errand;
use crate::sync::error::SyncError;
use crate::sync::remote::Connection;

/// What one go did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moves {
    /// Mails that stand in their new folder now.
    pub moved: u64,
    /// Folders in which the old copies stay, marked as deleted, because the server can't remove single mails (RFC 4315).
    pub kept: Vec<String>,
}

/// Is told what a person must read: why mails could not be moved.
pub type OnTold = Arc<dyn Fn(UserError) + Send + Sync>;

/// Moves mail while the program runs. It belongs behind the errand of the team's log, so that what colleagues moved is known before.
pub struct MoveErrand {
    store: Store,
    account: AccountId,
    on_told: OnTold,
    last: Vec<UserError>,
}

impl MoveErrand {
    /// Makes the errand of an account.
    pub fn new(store: Store, account: AccountId, on_told: OnTold) -> Self {
        Self { store, account, on_told, last: Vec::new() }
    }
}

impl Errand for MoveErrand {
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError> {
        let moves = connection.mailbox().move_due(self.store.author().clock.now())?;
        for folder in &moves.kept {
            (self.on_told)(kept(folder));
        }
        // What holds on is told once.
        let told = told(&self.store, Some(&self.account))?;
        told.iter().filter(|error| !self.last.contains(error)).for_each(|error| (self.on_told)(error.clone()));
        self.last = told;
        Ok(())
    }
}

/// Says that the old copies stay, marked as deleted.
pub fn kept(folder: &str) -> UserError {
    UserError::new(ErrorKind::Remote, phrase!("moved-mails-stay", folder = folder))
        .hint(phrase!("hint-moved-mails-stay"))
}

/// Tells whether an account has inboxes between whose folders mail can be moved.
pub fn has_ways(team: &Team, account: &AccountId) -> bool {
    let mine = team.inboxes.iter().filter(|inbox| &inbox.account == account);
    let folders: BTreeSet<&str> = mine.map(Inbox::mailbox).collect();
    folders.len() > 1
}

/// Returns why mails wait that the server did not let us move, each with what to do; of one account, or of all.
///
/// # Errors
/// When the store can't be read.
pub fn told(store: &Store, account: Option<&AccountId>) -> Result<Vec<UserError>, StoreError> {
    let waiting = store.moves_waiting()?;
    let stuck = waiting.iter().filter(|w| !w.reason.is_empty() && account.is_none_or(|account| *account == w.account));
    Ok(stuck
        .map(|w| {
            let (source, target, why) = (&w.source, &w.target, &w.reason);
            let what = phrase!("mails-not-moved", count = w.mails, source = source, target = target, why = why);
            UserError::new(ErrorKind::Remote, what).hint(phrase!("hint-mails-not-moved"))
        })
        .collect())
}
