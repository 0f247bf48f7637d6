//! What every connection of a verb needs: its passwords, an end at Ctrl-C, and words for what failed.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::Arc;

use super::ask;
use super::desk::Desk;
use crate::config::{Account, Config, Endpoint, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Clock;
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::sync::oauth::Grants;
use crate::sync::round::{Means, Round};
use crate::sync::{Configured, Found, Waker};

/// Says it as it is for a command, which does not try again by itself as the screen does.
pub fn by_hand(error: UserError, then: Phrase) -> UserError {
    let tells = |remedy: &Phrase| remedy.args.contains_key("then");
    let remedy = error.remedy.map(|remedy| if tells(&remedy) { remedy.with("then", then) } else { remedy });
    UserError { remedy, ..error }
}

/// Makes what can end a connection from outside.
///
/// # Errors
/// When the system has no pipe left.
pub fn waker() -> Result<Waker, UserError> {
    Waker::new().map_err(|error| UserError::new(ErrorKind::Internal, phrase!("no-waker", why = error.to_string())))
}

/// Ends the connection at Ctrl-C and SIGTERM: whatever was stored by then stays, and the command ends by itself.
pub fn stop_on_interrupt(waker: &Waker) {
    let waker = waker.clone();
    on_interrupt(move || waker.stop());
}

/// Does something at Ctrl-C and SIGTERM, which end nothing by themselves then.
pub fn on_interrupt(then: impl FnOnce() + Send + 'static) {
    std::thread::spawn(move || {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let (Ok(mut interrupt), Ok(mut terminate)) =
                (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
            else {
                return;
            };
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            then();
        });
    });
}

/// Begins a round of accounts, with their passwords and an end at Ctrl-C. The caller holds the lock of the sync.
///
/// # Errors
/// When the system has no pipe left.
pub fn round(desk: &Desk) -> Result<Round<'_>, UserError> {
    let waker = waker()?;
    stop_on_interrupt(&waker);
    Ok(Round::new(Means {
        store: &desk.store,
        accounts: &desk.config.accounts,
        secrets: Arc::new(secrets(desk, true)),
        copy_drafts: desk.config.sending.copy_drafts,
        waker,
    }))
}

/// Says that a server is logged in to.
pub fn logging_in(endpoint: &Endpoint) -> String {
    say!("told-logging-in", server = format!("{}:{}", endpoint.host, endpoint.port), user = &endpoint.user)
}

/// Logs in to an account and returns the folders that will be used. `then` is what tries it again.
///
/// # Errors
/// Says what the server said, and what to do.
pub fn test_login(account: &Account, secret: &str, then: Phrase) -> Result<Found, UserError> {
    crate::sync::test_login(account, secret).map_err(|error| by_hand(error, then))
}

/// Says a line for each folder that an account uses, or misses.
pub fn folders(found: &Found) -> Vec<String> {
    let used = found.folders.iter().map(|folder| match folder.mails {
        Some(mails) => say!("init-folder-mails", folder = &folder.name, role = folder.role.name(), count = mails),
        None => say!("init-folder", folder = &folder.name, role = folder.role.name()),
    });
    let log = found.log.iter().map(|log| say!("init-folder-log", folder = log));
    let missing = found.missing.iter().map(|(name, called)| match called {
        Some(called) => say!("init-folder-called", folder = name, called = called),
        None => say!("init-folder-missing", folder = name),
    });
    used.chain(log).chain(missing).collect()
}

/// What a secret is asked by: the account, the server, the user.
type Whose = (AccountId, String, String);

fn whose(account: &AccountId, endpoint: &Endpoint) -> Whose {
    (account.clone(), endpoint.host.clone(), endpoint.user.clone())
}

/// Returns where the passwords come from. Those that a person must type are asked for now, once, because later a screen may be drawn
/// where the question would stand.
pub fn secrets(
    desk: &Desk,
    ask: bool,
) -> Configured<impl Fn(&AccountId, &Endpoint) -> Option<String> + Send + Sync + use<>> {
    secrets_of(&desk.config, &desk.clock, ask)
}

/// As [`secrets`], where no store is open.
pub fn secrets_of(
    config: &Config,
    clock: &Clock,
    ask: bool,
) -> Configured<impl Fn(&AccountId, &Endpoint) -> Option<String> + Send + Sync + use<>> {
    let mut typed: BTreeMap<Whose, String> = BTreeMap::new();
    for account in &config.accounts {
        for endpoint in account.endpoints() {
            let key = whose(&account.id, endpoint);
            let wanted = endpoint.secret == Secret::Prompt && !typed.contains_key(&key);
            if wanted
                && ask
                && let Some(password) = prompt(account, endpoint)
            {
                typed.insert(key, password);
            }
        }
    }
    let grants = Some(Grants::beside(&config.data_dir, clock.clone()));
    Configured {
        grants,
        prompt: move |account: &AccountId, endpoint: &Endpoint| typed.get(&whose(account, endpoint)).cloned(),
    }
}

/// Returns where the tokens of the accounts are.
pub fn grants(desk: &Desk) -> Grants {
    Grants::beside(&desk.config.data_dir, desk.clock.clone())
}

/// Asks for a password of an account on the terminal; `None` where nobody sits there.
pub fn prompt(account: &Account, endpoint: &Endpoint) -> Option<String> {
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let question = format!("{}: password of {} at {}: ", account.id, endpoint.user, endpoint.host);
    terminal.then(|| ask::hidden(&question).ok()).flatten()
}
