//! What keeps the accounts in sync while a process lives: the screen, and `sync --watch`.

use std::sync::{Arc, Mutex, PoisonError};

use super::connect;
use super::desk::Desk;
use super::hooks::Beside;
use crate::config::Account;
use crate::model::ids::AccountId;
use crate::runtime::{Report, Reporter, StartSync, Syncing};
use crate::sync::log::OnPass;
use crate::sync::round::Errands;
use crate::sync::serverless::StandIn;
use crate::sync::{SecretProvider, Supervisor};

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
    if !desk.config.has_server() {
        return Box::new(move |reporter| with_hooks(Box::new(Alone(StandIn::start(store, accounts))), reporter));
    }
    let served: Vec<Account> = desk.config.served().into_iter().cloned().collect();
    let secrets: Arc<dyn SecretProvider> = Arc::new(connect::secrets(desk, true));
    Box::new(move |reporter| {
        let beside = (served.len() < accounts.len()).then(|| StandIn::start(store.clone(), accounts.clone()));
        let (teller, hand_on, told) = (Arc::clone(&reporter), Arc::clone(&reporter), Arc::clone(&reporter));
        let errands = Errands {
            accounts,
            secrets: Arc::clone(&secrets),
            copy_drafts,
            on_pass: Box::new(move |account| telling(&teller, account)),
            on_told: Arc::new(move |error| hand_on(Report::Told(error))),
        };
        let status = move |status| reporter(Report::Status(status));
        let supervisor = Supervisor::start_with(store, served, secrets, errands.maker(), status);
        with_hooks(Box::new(Both { supervisor, beside }), told)
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
struct Both {
    supervisor: Supervisor,
    beside: Option<StandIn>,
}

impl Syncing for Both {
    fn nudge(&self) {
        self.supervisor.nudge();
        if let Some(beside) = &self.beside {
            beside.look();
        }
    }

    fn look(&self) {
        self.supervisor.look();
        if let Some(beside) = &self.beside {
            beside.look();
        }
    }
}

/// The sync where no account has a server.
struct Alone(StandIn);

impl Syncing for Alone {
    fn nudge(&self) {
        self.0.look();
    }

    fn look(&self) {
        self.0.look();
    }
}
