//! Where verbs meet the server: after a change, and in `sync`.

use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

use super::desk::{Desk, Surroundings};
use super::exit::Exit;
use super::global::Format;
use super::going::Going;
use super::json::{DepartedJson, DiffersJson, UpgradedJson};
use super::output::Output;
use super::{connect, erasing, hooks, moving, post, team_log};
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::change::{Connectivity, Part};
use crate::model::clock::Clock;
use crate::model::ids::AccountId;
use crate::model::stop::Stop;
use crate::model::text::in_quotes;
use crate::service::team;
use crate::store::{Deriving, StoreError};
use crate::sync::lock::{SyncLock, nudge};
use crate::sync::log::LogPass;
use crate::sync::notice::Notice;
use crate::sync::round::Round;
use crate::sync::{Pass, Progress, bulletin, outbox, serverless};

/// How long `--wait` waits for another process that holds the connection.
const PATIENCE: Duration = Duration::from_secs(120);

/// Brings what was done to the servers, each account's to its own log, unless `--offline` says to leave it. `exit` is how the command
/// ends when that went well.
///
/// # Errors
/// Those of the store; a server that fails is told and becomes exit code 3, because the work is queued.
pub fn bring(around: &Surroundings, desk: &Desk, out: &mut Output, exit: Exit) -> Result<Exit, UserError> {
    bring_with(around, desk, out, exit, around.global.wait)
}

/// As [`bring`], and waits as `--wait` does, for who must know what the log says.
///
/// # Errors
/// As [`bring`].
pub fn bring_and_wait(around: &Surroundings, desk: &Desk, out: &mut Output, exit: Exit) -> Result<Exit, UserError> {
    bring_with(around, desk, out, exit, true)
}

fn bring_with(
    around: &Surroundings,
    desk: &Desk,
    out: &mut Output,
    exit: Exit,
    waits: bool,
) -> Result<Exit, UserError> {
    serverless::settle(&desk.store, &desk.config.accounts)?;
    if !desk.config.has_server() || around.global.offline {
        serverless::derive_some(&desk.store)?;
        return Ok(exit);
    }
    let due = team_log::Due::now(desk)?;
    let _lock = match SyncLock::try_take(&desk.store)? {
        Some(lock) => lock,
        // Another process syncs this store and sees the commit within a second.
        None if !waits => return Ok(exit),
        None => match wait_until(desk, out, || Ok(!due.any_waits(desk)? && !moves_wait(desk)?))? {
            Waited::Lock(lock) => lock,
            Waited::Synced => return moving::settled(desk, out, None, exit),
            Waited::Not => {
                by_other(desk, out, &desk.config.served());
                let error = UserError::new(ErrorKind::Remote, phrase!("other-not-brought"));
                return Ok(team_log::queued(out, &error, exit));
            }
        },
    };
    let mut accounts = team_log::waiting(desk)?;
    if accounts.is_empty() {
        // Nothing to bring: what colleagues did is asked for.
        accounts.extend(desk.config.served());
    }
    let mut round = connect::round(desk)?;
    let names = accounts.iter().map(|account| account.id.as_str()).collect::<Vec<_>>().join(", ");
    out.progress(&say!("told-bringing", accounts = names));
    let mut exit = team_log::bring(desk, out, &mut round, &due, &accounts, exit)?;
    serverless::derive_some(&desk.store)?;
    // Behind the log, so that what colleagues moved is known before. A server that failed a moment ago is not asked again.
    if exit != Exit::Remote {
        exit = moving::bring(desk, out, &mut round, exit)?;
        exit = erasing::bring(desk, out, &mut round, exit)?;
    }
    round.close();
    Ok(exit)
}

/// Tells whether mail waits to be moved that the server did not refuse so far: what has a reason to wait was tried.
fn moves_wait(desk: &Desk) -> Result<bool, UserError> {
    Ok(desk.store.moves_waiting()?.iter().any(|moves| moves.reason.is_empty()))
}

/// Returns the account of that name, or all that have a server.
///
/// # Errors
/// When there is no such account.
pub fn accounts<'d>(desk: &'d Desk, name: Option<&str>) -> Result<Vec<&'d Account>, UserError> {
    let is_meant = |account: &&Account| name.is_none_or(|name| account.id.as_str() == name);
    let accounts: Vec<&Account> = desk.config.served().into_iter().filter(is_meant).collect();
    if let Some(name) = name
        && accounts.is_empty()
    {
        let known: Vec<&str> = desk.config.served().iter().map(|account| account.id.as_str()).collect();
        return Err(UserError::new(ErrorKind::Usage, phrase!("config-no-account", account = in_quotes(name)))
            .hint(phrase!("hint-accounts", names = known.join(", "))));
    }
    Ok(accounts)
}

/// Fetches mail and brings what was done to the server, for these accounts. With `--offline` nothing is connected. Beside another process
/// that syncs, `--wait` waits for its place, or until that process has done all.
///
/// # Errors
/// Those of the store; a server that fails is told and becomes exit code 3.
pub fn sync(around: &Surroundings, desk: &Desk, out: &mut Output, accounts: &[&Account]) -> Result<Exit, UserError> {
    if accounts.is_empty() || around.global.offline {
        if accounts.is_empty() {
            serverless::deliver(&desk.store, &desk.config.accounts)?;
        }
        serverless::settle(&desk.store, &desk.config.accounts)?;
        derive(desk, out, &Stop::never())?;
        tell_team(desk, out)?;
        if accounts.is_empty() {
            let settle = || serverless::settle(&desk.store, &desk.config.accounts).map(|_| ());
            hooks::behind(desk, Stop::never(), &mut |error| out.error(&error), settle)?;
        }
        out.talk(&if accounts.is_empty() { say!("told-nothing-to-sync") } else { say!("told-sync-offline") });
        return Ok(Exit::Done);
    }
    let _lock = match SyncLock::try_take(&desk.store)? {
        Some(lock) => lock,
        None if around.global.wait => match wait_for_sync(desk, out, accounts)? {
            Waited::Lock(lock) => lock,
            Waited::Synced => return Ok(by_other(desk, out, accounts)),
            Waited::Not => {
                out.warn(&say!("told-another-syncs-long"));
                return Ok(by_other(desk, out, accounts).or_worse(Exit::Remote));
            }
        },
        None => {
            out.warn(&say!("told-another-syncs"));
            return Ok(by_other(desk, out, accounts).or_worse(Exit::Remote));
        }
    };
    serverless::settle(&desk.store, &desk.config.accounts)?;
    let mut round = connect::round(desk)?;
    let due = team_log::Due::now(desk)?;
    let mut exit = Exit::Done;
    let mut writable = Vec::new();
    for account in accounts.iter().copied() {
        out.progress(&say!("told-syncing", account = account.id.as_str()));
        let mut bar = Bar::new(account.id.as_str(), out.keeps_progress_back(), &desk.clock);
        let done = round.visit(account).mail(&mut |progress| bar.show(&progress));
        bar.clear();
        match done {
            Ok((log, pass)) => {
                tell(out, account, &log, &pass);
                team_log::tell(out, account, &log);
                if pass.incomplete {
                    exit = Exit::Remote.or_worse(exit);
                }
                if let Some(trouble) = outbox::waiting(&desk.store, account)? {
                    team_log::tell_trouble(out, account.id.as_str(), Part::Outbox.name(), &trouble);
                    exit = Exit::Remote.or_worse(exit);
                }
                exit = post::send_due(desk, out, &mut round, account, exit, log.trouble.as_ref())?;
                exit = team_log::ended(desk, out, &due, account, &log)?.or_worse(exit);
                exit = moving::of_account(desk, out, &mut round, account, exit)?;
                if !log.read_only && log.trouble.is_none() {
                    writable.push(account);
                }
            }
            Err(_) if round.is_stopped() => {
                out.warn(&say!("told-sync-stopped"));
                return Ok(Exit::Remote);
            }
            Err(error) => {
                exit = Exit::from(error.kind);
                team_log::tell_trouble(out, account.id.as_str(), "connection", &error);
            }
        }
    }
    derive(desk, out, &round.stop())?;
    // Deriving can put something on the log, which colleagues need as soon as they have the same program.
    let waiting = team_log::waiting(desk)?;
    writable.retain(|account: &&Account| waiting.iter().any(|other| other.id == account.id));
    exit = team_log::bring(desk, out, &mut round, &team_log::Due::now(desk)?, &writable, exit)?;
    tell_orphaned(desk, out)?;
    tell_team(desk, out)?;
    tell_departed(desk, out)?;
    tell_upgraded(desk, out)?;
    exit = erasing::bring(desk, out, &mut round, exit)?;
    exit = run_hooks(desk, out, &mut round, exit)?;
    round.close();
    Ok(exit)
}

/// Runs the hooks of the config; what they claim is brought to the log first.
fn run_hooks<'a>(desk: &'a Desk, out: &mut Output, round: &mut Round<'a>, exit: Exit) -> Result<Exit, UserError> {
    let (stop, mut told, mut ended) = (round.stop(), Vec::new(), exit);
    hooks::behind(desk, stop, &mut |error| told.push(error), || {
        let (due, waiting) = (team_log::Due::now(desk)?, team_log::waiting(desk)?);
        ended = team_log::bring(desk, out, round, &due, &waiting, exit)?;
        Ok(())
    })?;
    told.iter().for_each(|error| out.error(error));
    Ok(ended)
}

/// How waiting for another process that syncs ended.
enum Waited {
    /// It ended: this one may sync.
    Lock(SyncLock),
    /// It has looked at every account since, and nothing waits.
    Synced,
    Not,
}

/// Waits for the place of the process that syncs, or until it has done what is wanted. Its place is free the moment that it ends, however
/// it does.
fn wait_until(
    desk: &Desk,
    out: &mut Output,
    is_done: impl Fn() -> Result<bool, UserError>,
) -> Result<Waited, UserError> {
    out.progress(&say!("told-waits"));
    let (notice, waker) = (Notice::of(&desk.store), connect::waker()?);
    let bell = waker.clone();
    let lock = SyncLock::wait(&desk.store, move || bell.wake())?;
    let end = Instant::now() + PATIENCE;
    loop {
        // First: a place that came free with the work done is for whoever has work left.
        if is_done()? {
            return Ok(Waited::Synced);
        }
        if let Ok(lock) = lock.try_recv() {
            return Ok(Waited::Lock(lock));
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Waited::Not);
        }
        notice.wait(&waker, left);
    }
}

/// Waits for a sync of these accounts by whoever may sync, and asks for it: one that began before it was asked for does not count.
fn wait_for_sync(desk: &Desk, out: &mut Output, accounts: &[&Account]) -> Result<Waited, UserError> {
    let (begun, due) = (desk.clock.now(), team_log::Due::now(desk)?);
    nudge(&desk.store);
    let is_seen = |account: &&Account| match bulletin::read(&desk.store, account.id.as_str()) {
        Some(status) if status.state >= Connectivity::Offline => true,
        Some(status) => status.state == Connectivity::Current && status.has_looked_since(begun),
        None => false,
    };
    wait_until(desk, out, || {
        let mut waits = false;
        for account in accounts {
            waits |= due.waits(desk, &account.id)?;
        }
        Ok(!waits && accounts.iter().all(is_seen))
    })
}

/// Tells once of conversations of the agent that are closed because another program took their mail away.
fn tell_departed(desk: &Desk, out: &mut Output) -> Result<(), UserError> {
    let departed = desk.store.counts(&desk.store.author().actor)?.departed;
    if departed.is_empty() {
        return Ok(());
    }
    for (id, title) in &departed {
        if out.format() == Format::Json {
            out.json(&DepartedJson::new(id, title));
        }
        out.warn(&say!("your-mail-left", title = title));
    }
    out.hint(&say!("hint-gone-query"));
    desk.store.departed_are_told(&departed.into_keys().collect::<Vec<_>>())?;
    Ok(())
}

/// Tells once of conversations that the rules of this program changed, or would have without the records that keep them.
fn tell_upgraded(desk: &Desk, out: &mut Output) -> Result<(), UserError> {
    let upgraded = desk.store.counts(&desk.store.author().actor)?.upgraded;
    if upgraded == 0 {
        return Ok(());
    }
    if out.format() == Format::Json {
        out.json(&UpgradedJson::new(upgraded));
    }
    out.warn(&say!("told-upgraded", count = upgraded));
    out.hint(&say!("hint-upgraded-query", count = upgraded));
    desk.store.upgrade_is_told()?;
    Ok(())
}

/// Derives again what the team's record, or the config, makes other than it is here.
fn derive(desk: &Desk, out: &mut Output, stop: &Stop) -> Result<(), UserError> {
    let mut bar = Bar::new("store", out.keeps_progress_back(), &desk.clock);
    let mut all = 0;
    let derived = desk.store.derive_behind(u64::MAX, stop, &mut |Deriving { done, all: total }| {
        all = done;
        bar.show(&Progress { folder: say!("derive-bar"), done, total });
    });
    bar.clear();
    match derived {
        Ok(None) => {}
        Ok(Some(_)) => out.talk(&say!("derive-done", count = all)),
        Err(StoreError::Stopped) => out.warn(&say!("derive-stopped")),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// Tells of operations for accounts that the config no longer names.
fn tell_orphaned(desk: &Desk, out: &mut Output) -> Result<(), UserError> {
    let orphaned = desk.store.counts(&desk.store.author().actor)?.orphaned;
    if !orphaned.is_empty() {
        let (text, hint) = crate::app::words::orphaned(&orphaned);
        out.warn(&format!("{text} ({hint})"));
    }
    Ok(())
}

/// Tells where the config says something that the team's record overrules, once until it is otherwise. It is no failure: the record counts.
fn tell_team(desk: &Desk, out: &mut Output) -> Result<(), UserError> {
    for standing in team::show(&desk.store)? {
        tell_unseen(desk, out, &standing.account)?;
        let account = standing.account.as_str();
        let said = standing.contradictions();
        let words = said.iter().map(crate::text::english).collect::<Vec<_>>().join("; ");
        if !desk.store.is_news(&format!("team:{account}"), &words)? {
            continue;
        }
        if out.format() == Format::Json {
            out.json(&DiffersJson::new(account, &said));
        }
        if said.is_empty() {
            out.talk(&say!("told-team-agrees", account = account));
        } else {
            out.warn(&say!("told-team-differs", account = account, differences = words));
            out.hint(&say!("team-hint-differs"));
        }
    }
    Ok(())
}

/// Tells once, whoever wrote one of them, where two set the team's record at the same time: the last counts, and the other's work is lost.
///
/// # Errors
/// Those of the store.
pub fn tell_unseen(desk: &Desk, out: &mut Output, account: &AccountId) -> Result<(), UserError> {
    let me = &desk.store.author().actor;
    let pair = desk.store.team_unseen(account)?.filter(|(before, last)| before.by == *me || last.by == *me);
    let key = pair.as_ref().map_or_else(String::new, |(before, last)| format!("{} {}", before.id, last.id));
    if !desk.store.is_news(&format!("team-unseen:{account}"), &key)? {
        return Ok(());
    }
    if let Some((before, last)) = pair {
        out.warn(&say!(
            "told-team-unseen",
            account = account.as_str(),
            before = before.by.as_str(),
            last = last.by.as_str()
        ));
        out.hint(&say!("hint-team-unseen"));
    }
    Ok(())
}

/// Tells how the accounts stand by the word of the process that syncs this store.
pub fn by_other(desk: &Desk, out: &mut Output, accounts: &[&Account]) -> Exit {
    let mut exit = Exit::Done;
    for status in accounts.iter().filter_map(|account| bulletin::read(&desk.store, account.id.as_str())) {
        if status.state >= Connectivity::Offline {
            let error = UserError::new(ErrorKind::Remote, status.message);
            team_log::tell_trouble(out, &status.account, "connection", &error);
            exit = Exit::Remote;
        }
        for trouble in status.troubles {
            let error = UserError::new(ErrorKind::Remote, trouble.text).hint(trouble.hint);
            team_log::tell_trouble(out, &status.account, trouble.part.name(), &error);
            exit = Exit::Remote;
        }
    }
    exit
}

fn tell(out: &mut Output, account: &Account, log: &LogPass, pass: &Pass) {
    for warning in &pass.warnings {
        team_log::tell_trouble(out, account.id.as_str(), Part::Mail.name(), warning);
    }
    for folder in pass.folders.iter().filter(|folder| folder.fetched + folder.expunged > 0) {
        let what = phrase!("told-folder", fetched = folder.fetched, new = folder.new, gone = folder.expunged);
        out.talk(&format!("{}: {}: {}", account.id, folder.name, crate::text::render(&what)));
    }
    if log.pulled + log.pushed > 0 {
        let (read, pushed) = (phrase!("mails-of", count = log.pulled), phrase!("operations-of", count = log.pushed));
        out.talk(&format!("{}: {}", account.id, say!("told-log", read = read, pushed = pushed)));
    }
    out.talk(&format!("{}: {}", account.id, say!("told-new-messages", count = pass.new_messages())));
}

/// The progress: a bar on a terminal, a plain line now and then elsewhere.
struct Bar {
    account: String,
    terminal: bool,
    quiet: bool,
    shown: Option<(String, u64)>,
    going: Going,
}

impl Bar {
    fn new(account: &str, quiet: bool, clock: &Clock) -> Self {
        let (account, terminal) = (account.to_owned(), std::io::stderr().is_terminal());
        Self { account, terminal, quiet, shown: None, going: Going::new(clock) }
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
        let pace = self.going.pace(folder, *done, *total);
        let folder = crate::model::text::SafeText::line_max(folder, 30);
        let mut stderr = std::io::stderr();
        // A bar that can't be drawn is no reason to stop fetching.
        let _ = if self.terminal {
            let full = usize::try_from(percent / 5).unwrap_or(0).min(20);
            write!(
                stderr,
                "\r\x1b[K{}: {folder} [{}{}] {done}/{total}{pace}",
                self.account,
                "#".repeat(full),
                ".".repeat(20 - full)
            )
        } else {
            writeln!(stderr, "{}: {folder}: {done} of {total}{pace}", self.account)
        };
        let _ = stderr.flush();
    }

    fn clear(&mut self) {
        if self.terminal && self.shown.take().is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
