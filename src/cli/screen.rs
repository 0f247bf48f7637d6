//! From the command line to the screen.

use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::connect;
use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use crate::config::Config;
use crate::error::{ErrorKind, UserError};
use crate::keymap::Keymap;
use crate::model::ids::AccountId;
use crate::runtime::backend::StoreBackend;
use crate::runtime::{self, Report, Reporter, Setup, StartSync, Syncing, Writing};
use crate::store::{Store, StoreError};
use crate::sync::ErrandMaker;
use crate::sync::drafts::DraftErrand;
use crate::sync::eraser::EraseErrand;
use crate::sync::log::errand::{LogErrand, OnPass};
use crate::sync::mover::{self, MoveErrand, OnTold};
use crate::sync::outbox::OutboxErrand;
use crate::sync::{Errand, SecretProvider, Supervisor, local};
use crate::theme::Theme;

/// Opens the screen and returns when it is left.
///
/// # Errors
/// When there is no terminal, or the store can't be opened.
pub fn open(around: &Surroundings, config: Config) -> Result<Exit, UserError> {
    if !is_possible() {
        return Err(UserError::new(ErrorKind::Usage, phrase!("screen-no-terminal")).hint(phrase!("hint-use-verb")));
    }
    if std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb") {
        return Err(UserError::new(ErrorKind::Usage, phrase!("screen-dumb-terminal")).hint(phrase!("hint-set-term")));
    }
    let desk = around.open_with(config)?;
    let (keymap, mut problems) = keymap(&desk.config);
    let (theme, wrong) = theme(&desk.config);
    problems.extend(wrong);
    let sync = if around.global.offline { None } else { Some(sync_of(&desk)) };
    let backend = StoreBackend::new(desk.store.clone(), desk.zone.clone()).with_writing(Writing::of(&desk.config));
    let backend = Arc::new(backend);
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
    let copy_drafts = desk.config.sending.copy_drafts;
    if accounts.is_empty() {
        return Box::new(move |_reporter| Box::new(Local::start(store)));
    }
    let secrets: Arc<dyn SecretProvider> = Arc::new(connect::secrets(desk, true));
    let keys = Arc::clone(&secrets);
    let local = desk.config.local_accounts();
    let all = accounts.clone();
    Box::new(move |reporter| {
        let teller = Arc::clone(&reporter);
        let beside = (!local.is_empty()).then(|| Local::beside(store.clone(), local));
        let hand_on = Arc::clone(&reporter);
        let told: OnTold = Arc::new(move |error| hand_on(Report::Told(error)));
        let errands: ErrandMaker = Box::new(move |store, account| {
            let mut errands: Vec<Box<dyn Errand>> = Vec::new();
            errands.push(Box::new(LogErrand::new(store, account, telling(&teller, &account.id))?));
            // Behind the log, so that what colleagues did is known before a mail goes out.
            if account.smtp.is_some() {
                errands.push(Box::new(OutboxErrand::new(
                    store.clone(),
                    account.clone(),
                    all.clone(),
                    Arc::clone(&keys),
                )));
            }
            if mover::has_ways(&store.team(), &account.id) {
                let told = Arc::clone(&told);
                errands.push(Box::new(MoveErrand::new(store.clone(), account.id.clone(), told)));
            }
            errands.push(Box::new(EraseErrand::new(store.clone(), account.id.clone(), Arc::clone(&told))));
            // Last: a copy of a draft is a convenience.
            errands.push(Box::new(DraftErrand::new(store.clone(), account.clone(), copy_drafts)));
            Ok(errands)
        });
        let status = move |status| reporter(Report::Status(status));
        Box::new(Remote { supervisor: Supervisor::start_with(store, accounts, secrets, errands, status), beside })
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
