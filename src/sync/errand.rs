//! What an account's second connection is for: each errand brings something to the server, or looks for it there.

use crate::config::Account;
use crate::error::UserError;
use crate::model::change::Part;
use crate::store::Store;
use crate::sync::error::SyncError;
use crate::sync::remote::Connection;

/// Work on the second connection of an account: the team's log, the outbox.
pub trait Errand: Send {
    /// Does what there is to do. It is called at the start, after every nudge and commit, when the log has news, and every two
    /// minutes at least. An error that is of this part alone ([`SyncError::is_of_one_part`]) is told and holds up no other errand; any
    /// other ends the connection.
    ///
    /// # Errors
    /// What ended it; the next call comes after a wait.
    fn run(&mut self, connection: &mut dyn Connection) -> Result<(), SyncError>;

    /// Returns which part of the account's work this is.
    fn part(&self) -> Part {
        Part::Other
    }

    /// Returns what does not work though the last run went well, each with its reason and what to do: it stands on the screen until a run
    /// returns it no more.
    fn troubles(&self) -> Vec<UserError> {
        Vec::new()
    }

    /// Somebody did something, or asked for a try now: what waits after a refusal does not wait on.
    fn urge(&mut self) {}
}

/// Makes the errands of an account.
pub type ErrandMaker = Box<dyn Fn(&Store, &Account) -> Result<Vec<Box<dyn Errand>>, SyncError> + Send + Sync>;
