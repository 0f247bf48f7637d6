//! What keeps the accounts in sync while a process lives: the screen, and `sync --watch`.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::connect;
use super::desk::Desk;
use super::hooks::Beside;
use crate::model::ids::AccountId;
use crate::runtime::{Report, Reporter, StartSync, Syncing};
use crate::store::{Store, StoreError};
use crate::sync::log::errand::OnPass;
use crate::sync::round::Errands;
use crate::sync::{SecretProvider, Supervisor, local};

/// Returns what starts the sync of all accounts of the config.
pub fn start(desk: &Desk) -> StartSync {
    let store = desk.store.clone();
    let accounts = desk.config.accounts.clone();
    let copy_drafts = desk.config.sending.copy_drafts;
    let hooks = Beside::of(desk);
    let with_hooks = move |sync: Box<dyn Syncing>, reporter| match hooks {
        Some(hooks) => hooks.start(sync, reporter),
        None => sync,
    };
    if accounts.is_empty() {
        return Box::new(move |reporter| with_hooks(Box::new(Local::start(store)), reporter));
    }
    let secrets: Arc<dyn SecretProvider> = Arc::new(connect::secrets(desk, true));
    let local = desk.config.local_accounts();
    Box::new(move |reporter| {
        let beside = (!local.is_empty()).then(|| Local::beside(store.clone(), local));
        let (teller, hand_on, told) = (Arc::clone(&reporter), Arc::clone(&reporter), Arc::clone(&reporter));
        let errands = Errands {
            accounts: accounts.clone(),
            secrets: Arc::clone(&secrets),
            copy_drafts,
            on_pass: Box::new(move |account| telling(&teller, account)),
            on_told: Arc::new(move |error| hand_on(Report::Told(error))),
        };
        let status = move |status| reporter(Report::Status(status));
        let supervisor = Supervisor::start_with(store, accounts, secrets, errands.maker(), status);
        with_hooks(Box::new(Remote { supervisor, beside }), told)
    })
}

/// Hands on what must be read of each pass over an account's log. What holds for every pass (a mailbox that nobody may write to) is told once.
fn telling(reporter: &Reporter, account: &AccountId) -> OnPass {
    let (reporter, account) = (Arc::clone(reporter), account.to_string());
    let last = Mutex::new(Vec::new());
    Arc::new(move |pass| {
        reporter(Report::ReadOnly(account.clone(), pass.read_only));
        if !pass.refused.is_empty() {
            reporter(Report::Refused(pass.refused.clone()));
        }
        let told = pass.told();
        let before = std::mem::replace(&mut *last.lock().unwrap_or_else(PoisonError::into_inner), told.clone());
        told.into_iter().filter(|error| !before.contains(error)).for_each(|error| reporter(Report::Told(error)));
    })
}

/// The sync of accounts with a server, and of those without that stand beside them.
struct Remote {
    supervisor: Supervisor,
    beside: Option<Local>,
}

impl Syncing for Remote {
    fn nudge(&self) {
        self.supervisor.nudge();
        if let Some(beside) = &self.beside {
            beside.nudge();
        }
    }

    fn look(&self) {
        self.supervisor.look();
        if let Some(beside) = &self.beside {
            beside.look();
        }
    }
}

/// The sync of accounts without a server: it gives what was done its place on the log and files what was sent, on a thread of its own.
struct Local(Sender<()>);

impl Local {
    fn start(store: Store) -> Self {
        Self::run(store, |store| local::settle(store).and_then(|_| local::deliver(store)).map(|_| ()))
    }

    /// Beside accounts with a server: their records and mails go another way.
    fn beside(store: Store, accounts: Vec<AccountId>) -> Self {
        Self::run(store, move |store| local::settle_of(store, &accounts).map(|_| ()))
    }

    fn run(store: Store, work: impl Fn(&Store) -> Result<(), StoreError> + Send + 'static) -> Self {
        let (nudge, nudged) = channel();
        let changes = store.subscribe();
        let told = nudge.clone();
        std::thread::spawn(move || {
            // A change calls for a look as much as a nudge does.
            while changes.recv().is_ok() && told.send(()).is_ok() {}
        });
        std::thread::spawn(move || stand_in(&store, &nudged, work));
        Self(nudge)
    }
}

impl Syncing for Local {
    fn nudge(&self) {
        self.look();
    }

    fn look(&self) {
        // The thread ends with the program, and then nobody waits for it.
        let _ = self.0.send(());
    }
}

fn stand_in(store: &Store, nudged: &Receiver<()>, work: impl Fn(&Store) -> Result<(), StoreError>) {
    loop {
        if let Err(error) = work(store) {
            tracing::warn!(%error, "what was done could not be filed");
        }
        if nudged.recv().is_err() {
            return;
        }
        // One look answers all that has gathered.
        while nudged.try_recv().is_ok() {}
    }
}
