//! A sync that runs in a test, and what it says of itself.

use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use postroom::config::{Account, Endpoint};
use postroom::model::change::SyncStatus;
use postroom::model::ids::AccountId;
use postroom::store::Store;
use postroom::sync::{Configured, ErrandMaker, Remotes, SecretProvider, Supervisor};

/// A test that waits longer than this waits for something that will not come.
pub const LONG: Duration = Duration::from_secs(60);

/// The secrets of the config, and nobody who could be asked.
pub fn configured() -> Arc<dyn SecretProvider> {
    Arc::new(Configured { prompt: |_: &AccountId, _: &Endpoint| None, grants: None })
}

/// Syncs an account, without errands.
pub fn start(
    store: &Store,
    account: impl Into<Account>,
    secrets: Arc<dyn SecretProvider>,
) -> (Supervisor, Receiver<SyncStatus>) {
    start_with(store, account, secrets, Box::new(|_, _| Ok(Vec::new())))
}

/// Syncs an account.
pub fn start_with(
    store: &Store,
    account: impl Into<Account>,
    secrets: Arc<dyn SecretProvider>,
    errands: ErrandMaker,
) -> (Supervisor, Receiver<SyncStatus>) {
    let (send, receive) = channel();
    let send = Mutex::new(send);
    let supervisor = Supervisor::start_with(store.clone(), vec![account.into()], secrets, errands, move |status| {
        let _ = send.lock().unwrap().send(status);
    });
    (supervisor, receive)
}

/// Waits until the sync says so.
pub fn wait_for(statuses: &Receiver<SyncStatus>, what: impl Fn(&SyncStatus) -> bool) -> SyncStatus {
    loop {
        let status = statuses.recv_timeout(LONG).expect("a status");
        if what(&status) {
            return status;
        }
    }
}

/// What stands behind the accounts of a test, with the secrets of their config.
pub fn remotes(store: &Store) -> Remotes {
    Remotes { store: store.clone(), secrets: configured(), stay: false }
}
