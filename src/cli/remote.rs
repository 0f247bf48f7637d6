//! Where verbs meet the server: after a change, in `sync`, and while `init` asks.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use super::args::Format;
use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::json::RefusedJson;
use super::output::Output;
use super::words::number;
use super::{moving, post};
use crate::config::{Account, Endpoint, Secret};
use crate::error::{ErrorKind, UserError};
use crate::model::ids::AccountId;
use crate::model::refusal::Refusals;
use crate::op::describe::grouped;
use crate::sync::error::SyncError;
use crate::sync::imap::{Session, pass};
use crate::sync::lock::SyncLock;
use crate::sync::log::errand::sync_log_once;
use crate::sync::log::imap::LogPass;
use crate::sync::{Configured, Pass, Progress, SecretProvider, Waker, drafts, local};

/// How long `--wait` waits for another process that holds the connection.
const PATIENCE: Duration = Duration::from_secs(120);
/// How many changes that do not stand are named one by one.
const SHOWN: usize = 10;
/// How often it looks.
const LOOK: Duration = Duration::from_millis(100);

/// Brings what was done to the servers, each account's to its own log, unless `--offline` says to leave it. `exit` is how the command
/// ends when that went well.
///
/// # Errors
/// Those of the store; a server that fails is told and becomes exit code 3, because the work is queued.
pub fn bring(around: &Surroundings, desk: &Desk, out: &mut Output, exit: Exit) -> Result<Exit, UserError> {
    local::settle_of(&desk.store, &desk.config.local_accounts())?;
    if desk.config.accounts.is_empty() || around.global.offline {
        return Ok(exit);
    }
    let Some(_lock) = SyncLock::try_take(&desk.store)? else {
        // Another process syncs this store and sees the commit within a second.
        return if around.global.wait { wait(desk, out, exit) } else { Ok(exit) };
    };
    let mut accounts = waiting(desk)?;
    if accounts.is_empty() {
        // Nothing to bring: what colleagues did is asked for.
        accounts.extend(&desk.config.accounts);
    }
    let exit = bring_logs(desk, out, &accounts, exit)?;
    // Behind the log, so that what colleagues moved is known before. A server that failed a moment ago is not asked again.
    if exit == Exit::Remote { Ok(exit) } else { moving::bring(desk, out, exit) }
}

/// Reads and pushes the logs of these accounts. The caller holds the lock of the sync.
///
/// # Errors
/// As [`bring`].
pub fn bring_logs(desk: &Desk, out: &mut Output, accounts: &[&Account], mut exit: Exit) -> Result<Exit, UserError> {
    if accounts.is_empty() {
        return Ok(exit);
    }
    let waker = waker()?;
    stop_on_interrupt(&waker);
    let secrets = secrets(desk, true);
    for account in accounts {
        let done = secrets.secret(&account.id, &account.imap).and_then(|secret| {
            let run = || -> Result<LogPass, SyncError> {
                let mut session = Session::open(&account.imap, &secret, &waker)?;
                let pass = sync_log_once(&desk.store, account, &mut session)?;
                session.logout();
                Ok(pass)
            };
            run().map_err(|error| error.for_user(&account.id, &account.imap))
        });
        match done {
            Ok(pass) => {
                tell_log(out, &pass);
                exit = post::worst(after_log(desk, account, &pass)?, exit);
            }
            Err(error) => exit = queued(out, &error, exit),
        }
    }
    Ok(exit)
}

/// Returns the accounts whose servers do not have all that was done.
///
/// # Errors
/// When the store can't be read.
pub fn waiting(desk: &Desk) -> Result<Vec<&Account>, UserError> {
    let waiting = desk.store.unpushed_accounts()?;
    Ok(desk.config.accounts.iter().filter(|account| waiting.contains(&account.id)).collect())
}

/// How a command ends that brought something to an account's log: what was claimed here may have been somebody else's when the server had
/// it, and the server may not take anything.
fn after_log(desk: &Desk, account: &Account, pass: &LogPass) -> Result<Exit, UserError> {
    Ok(match desk.store.unpushed_of(&account.id, 1)?.as_slice() {
        _ if !pass.notices.is_empty() || !pass.refused.is_empty() => Exit::Precondition,
        [] => Exit::Done,
        _ => Exit::Remote,
    })
}

/// Says it as it is for a command, which does not try again by itself as the screen does.
pub fn by_hand(mut error: UserError, remedy: &str) -> UserError {
    error.hint = error.hint.replace("postroom tries again by itself", remedy);
    error
}

/// Tells what must be read of a pass over the log.
fn tell_log(out: &mut Output, pass: &LogPass) {
    pass.told().iter().for_each(|error| out.error(error));
    tell_refused(out, &pass.refused);
}

/// Tells what of one's own work does not stand: the first ten as lines, as JSON all that are listed.
fn tell_refused(out: &mut Output, refused: &Refusals) {
    if refused.is_empty() {
        return;
    }
    if out.format() == Format::Json {
        refused.listed.iter().for_each(|refusal| out.json(&RefusedJson::fallen(refusal)));
    }
    out.warn(&format!(
        "postroom: {} that you made {} not stand:",
        number(refused.len(), "change"),
        match refused.len() {
            1 => "does",
            _ => "do",
        }
    ));
    for refusal in refused.listed.iter().take(SHOWN) {
        out.warn(&format!("  {}", refusal.line()));
    }
    if refused.len() > SHOWN {
        out.warn(&format!("  and {} more", grouped(refused.len() - SHOWN)));
    }
}

/// Tells that the server failed. A broken expectation outranks it: that one nobody can mend by waiting.
fn queued(out: &mut Output, error: &UserError, exit: Exit) -> Exit {
    out.error(&by_hand(error.clone(), "`postroom sync` tries again"));
    out.warn("what was done is kept and goes to the server with the next sync");
    if exit == Exit::Done { Exit::Remote } else { exit }
}

/// Waits until the process that holds the connection has brought everything.
fn wait(desk: &Desk, out: &mut Output, exit: Exit) -> Result<Exit, UserError> {
    let end = Instant::now() + PATIENCE;
    // What has a reason to wait was tried.
    let on_its_way = || -> Result<bool, UserError> {
        let moves = desk.store.moves_waiting()?.iter().any(|moves| moves.reason.is_empty());
        Ok(moves || !waiting(desk)?.is_empty())
    };
    while on_its_way()? {
        if Instant::now() > end {
            let error = UserError::new(ErrorKind::Remote, "the other postroom has not brought it to the server yet");
            return Ok(queued(out, &error, exit));
        }
        std::thread::sleep(LOOK);
    }
    moving::settled(desk, out, None, exit)
}

/// Fetches mail and brings what was done to the server, for one account or all.
///
/// # Errors
/// When there is no such account; a server that fails is told and becomes exit code 3.
pub fn sync(desk: &Desk, out: &mut Output, name: Option<&str>) -> Result<Exit, UserError> {
    let accounts: Vec<&Account> =
        desk.config.accounts.iter().filter(|account| name.is_none_or(|name| account.id.as_str() == name)).collect();
    if accounts.is_empty() {
        if let Some(name) = name {
            let known: Vec<&str> = desk.config.accounts.iter().map(|account| account.id.as_str()).collect();
            return Err(UserError::new(ErrorKind::Usage, format!("there is no account {name:?}"))
                .hint(format!("accounts are: {}", known.join(", "))));
        }
        local::deliver(&desk.store)?;
        local::settle_of(&desk.store, &desk.config.local_accounts())?;
        out.talk("no account has a server: there is nothing to sync");
        return Ok(Exit::Done);
    }
    let Some(_lock) = SyncLock::try_take(&desk.store)? else {
        out.talk("another postroom is syncing this store already: it brings new mail by itself");
        return Ok(Exit::Done);
    };
    local::settle_of(&desk.store, &desk.config.local_accounts())?;
    let waker = waker()?;
    stop_on_interrupt(&waker);
    let secrets = secrets(desk, true);
    let mut exit = Exit::Done;
    for account in accounts {
        let mut bar = Bar::new(account.id.as_str(), out.is_quiet());
        let done = secrets
            .secret(&account.id, &account.imap)
            .and_then(|secret| one(desk, account, &secret, &mut |progress| bar.show(&progress), &waker));
        bar.clear();
        match done {
            Ok((log, pass)) => {
                tell_log(out, &log);
                tell(out, account, &log, &pass);
                exit = post::send_due(desk, out, account, exit)?;
                exit = post::worst(after_log(desk, account, &log)?, exit);
                exit = moving::of_account(desk, out, account, exit)?;
            }
            Err(_) if waker.is_stopped() => {
                out.warn("stopped: what was fetched stays, and the next sync goes on from here");
                return Ok(Exit::Remote);
            }
            Err(error) => {
                exit = Exit::from(error.kind);
                out.error(&by_hand(error, "run `postroom sync` again"));
            }
        }
    }
    Ok(exit)
}

/// One account: its log first, so that new mail meets what the team did, then the mail.
fn one(
    desk: &Desk,
    account: &Account,
    secret: &str,
    progress: &mut dyn FnMut(Progress),
    waker: &Waker,
) -> Result<(LogPass, Pass), UserError> {
    let mut run = || -> Result<(LogPass, Pass), SyncError> {
        let mut session = Session::open(&account.imap, secret, waker)?;
        let mut log = sync_log_once(&desk.store, account, &mut session)?;
        let mut done = pass(&desk.store, &mut session, account, progress)?;
        // Mail that came late can put something on the log.
        if !log.read_only && !desk.store.unpushed_of(&account.id, 1)?.is_empty() {
            let after = sync_log_once(&desk.store, account, &mut session)?;
            log.pushed += after.pushed;
            log.notices.extend(after.notices);
            log.refused.extend(after.refused);
        }
        // Only now it is known whether customers had written meanwhile.
        log.refused.extend(desk.store.refusals(&account.id, true)?);
        let copied =
            drafts::copy(&desk.store, account, &mut session, desk.config.sending.copy_drafts, desk.clock.now());
        match copied {
            Err(SyncError::Imap(error)) if error.leaves_session_usable() => {
                let error = error.for_user(&account.id, &account.imap);
                let what = format!("drafts are not copied to the server: {}", error.message);
                done.warnings
                    .push(UserError::new(error.kind, what).hint("they are kept here, and the next sync tries again"));
            }
            other => other?,
        }
        session.logout();
        Ok((log, done))
    };
    run().map_err(|error| error.for_user(&account.id, &account.imap))
}

fn tell(out: &mut Output, account: &Account, log: &LogPass, pass: &Pass) {
    pass.warnings.iter().for_each(|warning| out.error(warning));
    for folder in pass.folders.iter().filter(|folder| folder.fetched + folder.expunged > 0) {
        out.talk(&format!(
            "{}: {}: {} fetched, {} new, {} gone",
            account.id, folder.name, folder.fetched, folder.new, folder.expunged
        ));
    }
    if log.pulled + log.pushed > 0 {
        let whole = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let (read, pushed) = (number(whole(log.pulled), "mail"), number(whole(log.pushed), "operation"));
        out.talk(&format!("{}: the team's log: {read} read, {pushed} pushed", account.id));
    }
    out.talk(&format!("{}: {}", account.id, number(pass.new_messages(), "new message")));
}

/// The progress: a bar on a terminal, a plain line now and then elsewhere.
struct Bar {
    account: String,
    terminal: bool,
    quiet: bool,
    shown: Option<(String, u64)>,
}

impl Bar {
    fn new(account: &str, quiet: bool) -> Self {
        Self { account: account.to_owned(), terminal: std::io::stderr().is_terminal(), quiet, shown: None }
    }

    fn show(&mut self, progress: &Progress) {
        if self.quiet {
            return;
        }
        let percent = progress.done.saturating_mul(100).checked_div(progress.total).unwrap_or(100).min(100);
        // Every percent on a terminal, every tenth elsewhere: a log file is no place for bars.
        let step = if self.terminal { percent } else { percent / 10 };
        let now = (progress.folder.clone(), step);
        if self.shown.as_ref() == Some(&now) {
            return;
        }
        self.shown = Some(now);
        let Progress { folder, done, total } = progress;
        let folder = crate::model::text::SafeText::line_max(folder, 30);
        let mut stderr = std::io::stderr();
        // A bar that can't be drawn is no reason to stop fetching.
        let _ = if self.terminal {
            let full = usize::try_from(percent / 5).unwrap_or(0).min(20);
            write!(
                stderr,
                "\r\x1b[K{}: {folder} [{}{}] {done}/{total}",
                self.account,
                "#".repeat(full),
                ".".repeat(20 - full)
            )
        } else {
            writeln!(stderr, "{}: {folder}: {done} of {total}", self.account)
        };
        let _ = stderr.flush();
    }

    fn clear(&mut self) {
        if self.terminal && self.shown.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// Makes what can end a connection from outside.
///
/// # Errors
/// When the system has no pipe left.
pub fn waker() -> Result<Waker, UserError> {
    Waker::new().map_err(|error| UserError::new(ErrorKind::Internal, format!("no connection can be prepared: {error}")))
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

/// Logs in to an account and returns the folders that will be used.
///
/// # Errors
/// Says what the server said, and what to do.
pub fn test_login(account: &Account, secret: &str) -> Result<Vec<String>, UserError> {
    let found =
        crate::sync::test_login(account, secret).map_err(|error| by_hand(error, "run `postroom init` again"))?;
    let (wanted, missing) = crate::sync::imap::roles::choose(account, &found.folders);
    let used = wanted.iter().map(|folder| format!("{} ({})", folder.name, folder.role.name()));
    let log = std::iter::once(format!("{} (the team's log; made when it is missing)", account.log_folder));
    let missing = missing.iter().map(|name| format!("{name} is not there"));
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
