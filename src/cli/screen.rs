//! From the command line to the screen.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::remote;
use crate::config::{Account, Config};
use crate::error::{ErrorKind, UserError};
use crate::keymap::Keymap;
use crate::model::change::{Change, SyncStatus};
use crate::runtime::backend::StoreBackend;
use crate::runtime::{self, Setup, StartSync, Syncing};
use crate::store::Store;
use crate::sync::log::errand::{LogErrand, OnPass};
use crate::sync::supervisor::ErrandMaker;
use crate::sync::{Errand, Supervisor};
use crate::theme::Theme;

/// Opens the screen and returns when it is left.
///
/// # Errors
/// When there is no terminal, or the store can't be opened.
pub fn open(around: &Surroundings, config: Config) -> Result<Exit, UserError> {
    if !is_possible() {
        return Err(UserError::new(ErrorKind::Usage, "the screen wants a terminal on stdin and stdout")
            .hint("use a verb, such as `postroom list`; `postroom --help` names them"));
    }
    let desk = around.open_with(config)?;
    let (keymap, mut problems) = keymap(&desk.config);
    let (theme, wrong) = theme(&desk.config);
    problems.extend(wrong);
    problems.extend(remote::one_log(&desk));
    let sync = if around.global.offline { None } else { Some(sync_of(&desk)) };
    let backend = Arc::new(StoreBackend::new(desk.store.clone(), desk.zone.clone()));
    runtime::run(Setup { config: desk.config, backend, keymap, theme, problems, clock: desk.clock, sync })?;
    Ok(Exit::Done)
}

/// Reads the keymap that the config names: `keymaps/NAME.toml` beside it, over the built-in one.
pub fn keymap(config: &Config) -> (Keymap, Vec<UserError>) {
    Keymap::load(&config.file.with_file_name("keymaps").join(format!("{}.toml", config.ui.keymap)))
}

/// Reads the theme that the config names: built in, or `themes/NAME.toml` beside the config.
fn theme(config: &Config) -> (Theme, Vec<UserError>) {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    Theme::load(&config.ui.theme, &config.file.with_file_name("themes"), no_color)
}

/// Tells whether there is a terminal to draw on.
pub fn is_possible() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

fn sync_of(desk: &Desk) -> StartSync {
    let store = desk.store.clone();
    let accounts = desk.config.accounts.clone();
    if accounts.is_empty() {
        return Box::new(move |_status| Box::new(Local::start(store)));
    }
    let secrets = Arc::new(remote::secrets(desk, true));
    let log_at = accounts.first().map(|account| account.id.clone());
    Box::new(move |status| {
        let status: Arc<dyn Fn(SyncStatus) + Send + Sync> = Arc::from(status);
        let tell = Arc::clone(&status);
        let errands: ErrandMaker = Box::new(move |store, account| {
            let mut errands: Vec<Box<dyn Errand>> = Vec::new();
            if log_at.as_ref() == Some(&account.id) {
                errands.push(Box::new(LogErrand::new(store, account, on_pass(account, &tell))?));
            }
            Ok(errands)
        });
        let tell = move |report| status(report);
        Box::new(Remote(Supervisor::start_with(store, accounts, secrets, errands, tell)))
    })
}

/// Brings what the log's passes have to tell to the screen.
fn on_pass(account: &Account, tell: &Arc<dyn Fn(SyncStatus) + Send + Sync>) -> OnPass {
    let (account, tell) = (account.id.to_string(), Arc::clone(tell));
    Arc::new(move |pass| {
        let notices = pass.told();
        if !notices.is_empty() {
            tell(SyncStatus { account: account.clone(), notices, ..SyncStatus::default() });
        }
    })
}

/// The sync of accounts with a server.
struct Remote(Supervisor);

impl Syncing for Remote {
    fn nudge(&self) {
        self.0.nudge();
    }
}

/// The sync of accounts without a server: it gives what was done its place on the log, on a thread of its own.
struct Local;

impl Local {
    fn start(store: Store) -> Self {
        let changes = store.subscribe();
        std::thread::spawn(move || settle(&store, &changes));
        Self
    }
}

impl Syncing for Local {
    /// Nothing is fetched from anywhere, and what was done is taken in as it is done.
    fn nudge(&self) {}
}

fn settle(store: &Store, changes: &Receiver<Change>) {
    loop {
        if let Err(error) = crate::sync::local::settle(store) {
            tracing::warn!(%error, "the local log could not be written");
        }
        if changes.recv().is_err() {
            return;
        }
    }
}
