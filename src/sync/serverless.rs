//! Accounts that wait for no server: the steps of a visit are done for them as soon as somebody did something, by whichever process. It may
//! run beside the sync of the accounts that have a server, and needs no lock of that.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::error::SyncError;
use super::outbox::{Others, drain_over, has_work};
use super::remotes::Remotes;
use super::secret::Configured;
use crate::config::{Account, Endpoint};
use crate::error::UserError;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::stop::Stop;
use crate::store::{Store, StoreError};

/// How many messages are derived again by one look, about.
const DERIVED: u64 = 2_000;

/// There is nothing to log in to.
fn remotes(store: &Store) -> Remotes {
    let secrets = Arc::new(Configured { prompt: |_: &AccountId, _: &Endpoint| None, grants: None });
    Remotes { store: store.clone(), secrets, stay: false }
}

/// Brings what was done to the logs of those of these accounts that have no server, lets moved mail stand where it is, and forgets what was
/// to be told and erased elsewhere.
///
/// # Errors
/// When the store can't be read or written.
pub fn settle(store: &Store, accounts: &[Account]) -> Result<Change, UserError> {
    let mut change = Change::Counts;
    let ever = Timestamp(i64::MAX);
    for account in accounts.iter().filter(|account| !account.has_server()) {
        let run = || {
            let mut connection = remotes(store).connect(account)?;
            connection.mailbox().move_due(ever)?;
            connection.mailbox().tell_flags(ever)?;
            connection.mailbox().erase_due(ever)?;
            connection.log().append()
        };
        let pass = run().map_err(|error| error.for_user(account))?;
        change = pass.change.into_iter().fold(change.clone(), Change::and);
    }
    Ok(change)
}

/// Works on the outboxes of these accounts, where none of them has a server: what goes out beside real mail must not seem to be real.
/// Returns how many mails were filed.
///
/// # Errors
/// When the store can't be read or written.
pub fn deliver(store: &Store, accounts: &[Account]) -> Result<usize, UserError> {
    if accounts.iter().any(Account::has_server) || !has_work(store)? {
        return Ok(0);
    }
    let others = Others { accounts: accounts.to_vec(), remotes: remotes(store) };
    let mut filed = 0;
    for account in accounts {
        let mut run = || {
            let mut connection = others.remotes.connect(account)?;
            // The outbox takes on so many at a time.
            while let Some(done) = drain_over(store, account, &others, &mut *connection)? {
                filed += done.filed;
                if done.sent == 0 && done.filed == 0 {
                    break;
                }
            }
            Ok(())
        };
        run().map_err(|error: SyncError| error.for_user(account))?;
    }
    Ok(filed)
}

/// Derives again some of what the team's record changes: few enough that nobody who waits for a command notices. The next look goes on.
///
/// # Errors
/// When the store can't be read or written.
pub fn derive_some(store: &Store) -> Result<Change, StoreError> {
    Ok(store.derive_behind(DERIVED, &Stop::never(), &mut |_| {})?.unwrap_or(Change::Counts))
}

/// Does all that on a thread of its own, as long as the program lives: at the start, and whenever something is committed.
pub struct StandIn(Sender<()>);

impl StandIn {
    /// Starts it.
    pub fn start(store: Store, accounts: Vec<Account>) -> Self {
        let (nudge, nudged) = channel();
        let changes = store.subscribe();
        let told = nudge.clone();
        std::thread::spawn(move || {
            // A change calls for a look as much as a nudge does.
            while changes.recv().is_ok() && told.send(()).is_ok() {}
        });
        std::thread::spawn(move || stand_in(&store, &accounts, &nudged));
        Self(nudge)
    }

    /// Looks now.
    pub fn look(&self) {
        // The thread ends with the program, and then nobody waits for it.
        let _ = self.0.send(());
    }
}

fn stand_in(store: &Store, accounts: &[Account], nudged: &Receiver<()>) {
    let alone = !accounts.iter().any(Account::has_server);
    loop {
        if let Err(error) = look(store, accounts, alone) {
            tracing::warn!(%error, "what was done could not be filed");
        }
        if nudged.recv().is_err() {
            return;
        }
        // One look answers all that has gathered.
        while nudged.try_recv().is_ok() {}
    }
}

fn look(store: &Store, accounts: &[Account], alone: bool) -> Result<(), UserError> {
    if alone {
        // Beside accounts with a server their sync does so.
        derive_some(store)?;
    }
    settle(store, accounts)?;
    deliver(store, accounts)?;
    Ok(())
}
