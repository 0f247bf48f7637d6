//! What every connection of a verb needs: its passwords, an end at Ctrl-C, and words for what failed.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use super::desk::Desk;
use crate::config::{Account, Endpoint, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::phrase::Phrase;
use crate::sync::error::SyncError;
use crate::sync::imap::Session;
use crate::sync::{Configured, SecretProvider, Waker};

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
            waker.stop();
        });
    });
}

/// Does something over a connection of its own to an account's server.
///
/// # Errors
/// Those of the connection and of what is done, in words for a person.
pub fn over<T>(
    account: &Account,
    secret: &str,
    waker: &Waker,
    run: impl FnOnce(&mut Session) -> Result<T, SyncError>,
) -> Result<T, UserError> {
    let go = || -> Result<T, SyncError> {
        let mut session = Session::open(&account.imap, secret, waker)?;
        let done = run(&mut session)?;
        session.logout();
        Ok(done)
    };
    go().map_err(|error| error.for_user(&account.id, &account.imap))
}

/// As [`over`], with the account's password and an end at Ctrl-C.
///
/// # Errors
/// As [`over`], and when there is no password.
pub fn alone<T>(
    desk: &Desk,
    account: &Account,
    run: impl FnOnce(&mut Session) -> Result<T, SyncError>,
) -> Result<T, UserError> {
    let secret = secrets(desk, true).secret(&account.id, &account.imap)?;
    let waker = waker()?;
    stop_on_interrupt(&waker);
    over(account, &secret, &waker, run)
}

/// Logs in to an account and returns the folders that will be used.
///
/// # Errors
/// Says what the server said, and what to do.
pub fn test_login(account: &Account, secret: &str) -> Result<Vec<String>, UserError> {
    let found = crate::sync::test_login(account, secret).map_err(|error| by_hand(error, phrase!("then-init")))?;
    let used = found.wanted.iter().map(|folder| format!("{} ({})", folder.name, folder.role.name()));
    let log = std::iter::once(format!("{} (the team's log; made when it is missing)", found.log));
    let missing = found.missing.iter().map(|folder| match &folder.called {
        Some(called) => format!("{} is not there: this server calls it {called}", folder.name),
        None => format!("{} is not there", folder.name),
    });
    Ok(used.chain(log).chain(missing).collect())
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
    let mut typed: BTreeMap<Whose, String> = BTreeMap::new();
    for account in &desk.config.accounts {
        for endpoint in std::iter::once(&account.imap).chain(account.smtp.as_ref()) {
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
    Configured { prompt: move |account: &AccountId, endpoint: &Endpoint| typed.get(&whose(account, endpoint)).cloned() }
}

/// Asks for a password of an account on the terminal; `None` where nobody sits there.
pub fn prompt(account: &Account, endpoint: &Endpoint) -> Option<String> {
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let question = format!("{}: password of {} at {}: ", account.id, endpoint.user, endpoint.host);
    terminal.then(|| rpassword::prompt_password(question).ok()).flatten()
}
