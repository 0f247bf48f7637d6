//! What `postroom doctor` looks at, one thing after the other; and what is taken out of it, so that it can be shown to strangers.

mod redact;
mod terminal;

use std::sync::{Mutex, PoisonError};

pub use redact::Redact;

use super::args::VERSION;
use super::connect;
use super::desk::{self, Surroundings};
use super::output::Output;
use super::verbs::config::problems;
use crate::config::{Config, Endpoint, Notify, Paths};
use crate::error::UserError;
use crate::model::ids::AccountId;
use crate::op::record::Author;
use crate::service::doctor::{self, Finding, Topic};
use crate::store::Store;
use crate::sync::error::SyncError;
use crate::sync::{SecretProvider, lock};

/// Everything that was found, and what may not be shown of it.
pub struct Examined {
    /// What was found, in the order in which it was looked for.
    pub findings: Vec<Finding>,
    /// Takes secrets out.
    pub redact: Redact,
}

/// Looks at everything. What takes time says what it is about; `offline` leaves the servers out.
///
/// # Errors
/// When there is no home folder to look in, or the system has no pipe left.
pub fn examine(around: &Surroundings, out: &mut Output) -> Result<Examined, UserError> {
    let paths = Paths::of(&around.layers)?;
    let mut redact = Redact::of_config(&paths.config);
    let mut findings = vec![program()];
    let config = around.config();
    let data = config.as_ref().map_or(&paths.data, |config| &config.data_dir).clone();
    findings.extend(of_config(&config));
    out.progress(&say!("doctor-looks-at-store", path = data.display().to_string()));
    findings.extend(doctor::store(&data));
    if let Ok(config) = &config {
        findings.extend(in_store(around, config));
        findings.extend(servers(around, out, config, &mut redact)?);
        findings.extend(doctor::programs(config, std::env::var_os("PATH").as_deref()));
        findings.push(notify(&config.notify));
    }
    out.end_progress();
    let bidi = config.as_ref().map(|config| config.ui.terminal_bidi).unwrap_or_default();
    findings.extend(terminal::terminal(bidi, |name| std::env::var(name).ok()));
    Ok(Examined { findings, redact })
}

fn program() -> Finding {
    let system = rustix::system::uname();
    let (kernel, release) = (system.sysname().to_string_lossy(), system.release().to_string_lossy());
    let machine = system.machine().to_string_lossy();
    let on = format!("{kernel} {release} {machine}");
    Finding::ok(Topic::Program, phrase!("doctor-program-version", version = VERSION, system = on))
}

fn of_config(config: &Result<Config, UserError>) -> Vec<Finding> {
    match config {
        Err(error) => match error.parts() {
            [] => vec![Finding::fault(Topic::Config, error.clone())],
            parts => parts.iter().map(|part| Finding::fault(Topic::Config, part.clone())).collect(),
        },
        Ok(config) => {
            let what = phrase!(
                "doctor-config-fine",
                path = config.file.display().to_string(),
                accounts = phrase!("accounts-of", count = config.accounts.len()),
                inboxes = phrase!("inboxes-of", count = config.inboxes.len()),
                agents = phrase!("agents-of", count = config.agents.len())
            );
            let mild = problems(config)
                .into_iter()
                .chain(config.older.iter().cloned())
                .map(|problem| Finding::mild(Topic::Config, problem));
            std::iter::once(Finding::ok(Topic::Config, what)).chain(mild).collect()
        }
    }
}

/// Looks into the store, where it is of this version: it is opened for reading alone. What is wrong with its file was told already.
fn in_store(around: &Surroundings, config: &Config) -> Vec<Finding> {
    let author = Author {
        actor: config.me.clone(),
        host: around.host.clone(),
        clock: around.clock.clone(),
        ids: around.ids.clone(),
    };
    let Ok(Some(store)) = Store::open_to_read(&config.data_dir, desk::options(config, author)) else {
        return Vec::new();
    };
    let now = around.clock.now();
    let mut found = Vec::new();
    for account in config.served() {
        found.extend(doctor::account(&store, &account.id, now).unwrap_or_default());
    }
    found.extend(doctor::outbox(&store));
    if lock::is_held(&store).unwrap_or(false) {
        found.push(Finding::ok(Topic::Sync, phrase!("doctor-sync-runs")));
    }
    found
}

/// Looks at the servers of every account.
fn servers(
    around: &Surroundings,
    out: &mut Output,
    config: &Config,
    redact: &mut Redact,
) -> Result<Vec<Finding>, UserError> {
    if around.global.offline {
        return Ok(vec![Finding::ok(Topic::Server, phrase!("doctor-offline"))]);
    }
    let waker = connect::waker()?;
    connect::stop_on_interrupt(&waker);
    let noting = Noting { inner: connect::secrets_of(config, &around.clock, true), given: Mutex::default() };
    let mut found = Vec::new();
    for account in config.served() {
        out.progress(&say!("doctor-looks-at-servers", account = account.id.as_str()));
        found.extend(crate::sync::examine(account, &noting, &around.clock, &waker));
    }
    redact.add(noting.given.into_inner().unwrap_or_else(PoisonError::into_inner));
    Ok(found)
}

/// Notes each secret that is given out, so that none can be printed.
struct Noting<P> {
    inner: P,
    given: Mutex<Vec<String>>,
}

impl<P> Noting<P> {
    fn note(&self, secret: &str) {
        self.given.lock().unwrap_or_else(PoisonError::into_inner).push(secret.to_owned());
    }
}

impl<P: SecretProvider> SecretProvider for Noting<P> {
    fn secret(&self, account: &AccountId, endpoint: &Endpoint) -> Result<String, SyncError> {
        let secret = self.inner.secret(account, endpoint)?;
        self.note(&secret);
        Ok(secret)
    }

    fn another(&self, account: &AccountId, endpoint: &Endpoint, refused: &str) -> Result<Option<String>, SyncError> {
        let another = self.inner.another(account, endpoint, refused)?;
        another.iter().for_each(|secret| self.note(secret));
        Ok(another)
    }
}

fn notify(notify: &Notify) -> Finding {
    match notify.ways.is_empty() {
        true => Finding::ok(Topic::Notify, phrase!("doctor-notify-off")),
        false => Finding::ok(Topic::Notify, phrase!("doctor-notify-on", count = notify.ways.len())),
    }
}
