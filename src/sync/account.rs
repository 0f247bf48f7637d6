//! The two threads of an account: one brings mail in, one runs errands. Each keeps one connection, and makes a new one when that breaks.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::errand::Errand;
use super::error::SyncError;
use super::imap::divert::IdleEnd;
use super::imap::error::Remedy;
use super::imap::names::is_inbox;
use super::imap::watch::{News, Pace, Watch};
use super::imap::{Pass, Progress, Session, Waker, pass, pass_over, quirks};
use super::retry::{Backoff, Push, Trust};
use super::secret::SecretProvider;
use crate::config::Account;
use crate::model::change::{Connectivity, SyncStatus};
use crate::model::clock::Timestamp;
use crate::store::Store;

/// How long an errand waits for news.
const WAIT: Duration = Duration::from_secs(120);
/// How long it waits between questions where IDLE is missing.
const POLL: Duration = Duration::from_secs(5);

/// What both threads of all accounts share.
#[derive(Clone)]
pub(super) struct Shared {
    pub store: Store,
    pub secrets: Arc<dyn SecretProvider>,
    pub on_status: Arc<dyn Fn(SyncStatus) + Send + Sync>,
}

impl Shared {
    fn open(&self, account: &Account, waker: &Waker) -> Result<Session, SyncError> {
        let secret = self.secrets.secret(&account.id, &account.imap)?;
        Ok(Session::open(&account.imap, &secret, waker)?)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.store.author().clock.now()
    }
}

/// How an account stands, as it is told.
struct Teller {
    shared: Shared,
    status: SyncStatus,
}

impl Teller {
    fn new(shared: Shared, account: &Account) -> Self {
        let last_pass =
            shared.store.folders(&account.id).ok().and_then(|all| all.into_iter().filter_map(|f| f.last_pass).max());
        let status = SyncStatus { account: account.id.to_string(), last_pass, ..SyncStatus::default() };
        Self { shared, status }
    }

    fn tell(&mut self, state: Connectivity, message: String) {
        self.status.state = state;
        self.status.message = message;
        self.status.progress = None;
        self.status.next_try = None;
        (self.shared.on_status)(self.status.clone());
    }

    fn progress(&mut self, done: u64, total: u64) {
        self.status.state = Connectivity::Working;
        self.status.message.clear();
        self.status.progress = Some((done, total));
        (self.shared.on_status)(self.status.clone());
    }

    /// Tells of a failure and returns how long to wait; `None` to stop.
    fn failed(&mut self, error: SyncError, account: &Account, backoff: &mut Backoff) -> Option<Duration> {
        let remedy = error.remedy();
        if remedy == Remedy::Stop {
            return None;
        }
        let wait = backoff.next(remedy, fastrand::f64());
        let state = if error.needs_person() { Connectivity::Blocked } else { Connectivity::Offline };
        self.status.state = state;
        self.status.message = error.for_user(&account.id, &account.imap).to_string();
        tracing::warn!(message = %self.status.message, ?wait, "sync failed");
        self.status.progress = None;
        let milliseconds = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        self.status.next_try = Some(self.shared.now().plus(milliseconds));
        (self.shared.on_status)(self.status.clone());
        Some(wait)
    }
}

/// The thread that brings mail in.
pub(super) struct Mail {
    shared: Shared,
    account: Account,
    waker: Waker,
    teller: Teller,
    backoff: Backoff,
    /// Whether INBOX is told of.
    push: Push,
    /// Whether the other folders are told of, where NOTIFY is on.
    notify: Push,
    /// What the last complete pass had to say.
    warning: String,
}

/// Where the next pass looks.
enum Look {
    All,
    These(BTreeSet<String>),
}

impl Mail {
    pub(super) fn new(shared: Shared, account: Account, waker: Waker) -> Self {
        let teller = Teller::new(shared.clone(), &account);
        Self {
            shared,
            account,
            waker,
            teller,
            backoff: Backoff::default(),
            push: Push::default(),
            notify: Push::default(),
            warning: String::new(),
        }
    }

    pub(super) fn run(mut self) {
        while !self.waker.is_stopped() {
            if self.teller.status.message.is_empty() {
                self.teller.tell(Connectivity::Connecting, String::new());
            }
            let Err(error) = self.connected() else { continue };
            let Some(wait) = self.teller.failed(error, &self.account, &mut self.backoff) else { return };
            self.waker.wait(wait);
        }
    }

    /// Works until something breaks, or forever; returns where a new connection is wanted.
    fn connected(&mut self) -> Result<(), SyncError> {
        let mut session = self.shared.open(&self.account, &self.waker)?;
        let mut watch: Option<Watch> = None;
        let mut look = Look::All;
        let mut quiet = false;
        while !self.waker.is_stopped() {
            let report = self.pass(&mut session, &look)?;
            self.backoff.reset();
            if quiet {
                self.learn(&report, watch.as_ref());
            }
            let names: Vec<String> = report.folders.iter().map(|folder| folder.name.clone()).collect();
            if let Some(watch) = &mut watch {
                if matches!(look, Look::All) && !watch.completed(names) {
                    break;
                }
            } else {
                let (id, notify) = (&self.account.id, !self.notify.must_poll());
                watch = Some(Watch::begin(&mut session, id, names, notify, Pace::default())?);
            }
            (look, quiet) = match &mut watch {
                Some(watch) if report.bodies == 0 => self.wait(&mut session, watch, &report)?,
                // Where bodies came, there may be more of them.
                _ => (Look::All, false),
            };
        }
        session.logout();
        Ok(())
    }

    fn pass(&mut self, session: &mut Session, look: &Look) -> Result<Pass, SyncError> {
        let (store, account, teller) = (&self.shared.store, &self.account, &mut self.teller);
        let progress: &mut dyn FnMut(Progress) = &mut |p| teller.progress(p.done, p.total);
        let report = match look {
            Look::All => pass(store, session, account, progress)?,
            Look::These(names) => pass_over(store, session, account, names, progress)?,
        };
        let warning = report.warnings.first().map(ToString::to_string).unwrap_or_default();
        if matches!(look, Look::All) {
            self.warning.clone_from(&warning);
        }
        self.teller.status.last_pass = Some(self.shared.now());
        let said = if warning.is_empty() { self.warning.clone() } else { warning };
        self.teller.tell(Connectivity::Current, said);
        tracing::debug!(account = %self.account.id, fetched = report.fetched(), bodies = report.bodies, "pass");
        Ok(report)
    }

    /// Learns from a pass after a wait in which nothing was told.
    fn learn(&mut self, report: &Pass, watch: Option<&Watch>) {
        let found = |of_inbox| report.folders.iter().filter(|f| is_inbox(&f.name) == of_inbox).map(|f| f.fetched).sum();
        self.push.quiet(found(true));
        if watch.is_some_and(Watch::is_told) {
            self.notify.quiet(found(false));
        }
    }

    /// Waits for news; returns where to look, and whether that was not told by the server.
    fn wait(&mut self, session: &mut Session, watch: &mut Watch, report: &Pass) -> Result<(Look, bool), SyncError> {
        let opened = report.folders.iter().filter(|f| !f.unchanged && !is_inbox(&f.name));
        let opened: Vec<String> = opened.map(|f| f.name.clone()).collect();
        let poll = self.push.must_poll();
        if self.notify.must_poll() {
            watch.distrust();
        }
        Ok(match watch.wait(&self.shared.store, session, &self.waker, &opened, poll)? {
            News::Told(names) => {
                if names.iter().any(|name| is_inbox(name)) {
                    self.push.told();
                }
                if !names.iter().all(|name| is_inbox(name)) {
                    self.notify.told();
                }
                (Look::These(names), false)
            }
            News::Found(names) => (Look::These(names), true),
            News::Before(names) => (Look::These(names), false),
            News::Due => (Look::All, true),
            News::Woken => (Look::All, false),
        })
    }
}

/// The thread that runs errands.
pub(super) struct Errands {
    shared: Shared,
    account: Account,
    waker: Waker,
    errands: Vec<Box<dyn Errand>>,
    backoff: Backoff,
    trust: Trust,
}

impl Errands {
    pub(super) fn new(shared: Shared, account: Account, waker: Waker, errands: Vec<Box<dyn Errand>>) -> Self {
        Self { shared, account, waker, errands, backoff: Backoff::default(), trust: Trust::default() }
    }

    pub(super) fn run(mut self) {
        while !self.waker.is_stopped() {
            let Err(error) = self.connected() else { return };
            let remedy = error.remedy();
            if remedy == Remedy::Stop {
                return;
            }
            // Troubles of the connection are told by the other thread, which has them too.
            let mut teller = Teller::new(self.shared.clone(), &self.account);
            let wait = if matches!(error, SyncError::Imap(_)) {
                self.backoff.next(remedy, fastrand::f64())
            } else {
                teller.failed(error, &self.account, &mut self.backoff).unwrap_or_default()
            };
            self.waker.wait(wait);
        }
    }

    fn connected(&mut self) -> Result<(), SyncError> {
        let mut session = self.shared.open(&self.account, &self.waker)?;
        let mut ended = None;
        while !self.waker.is_stopped() {
            for errand in &mut self.errands {
                match errand.run(&mut session) {
                    Err(SyncError::Imap(error)) if !error.leaves_session_usable() => return Err(error.into()),
                    other => other?,
                }
            }
            self.backoff.reset();
            // The first run finds what came while there was no connection.
            if let Some(ended) = ended {
                self.trust.learn(ended == IdleEnd::Changed, self.errands.iter().any(|errand| errand.found() > 0));
            }
            ended = Some(self.wait(&mut session)?);
        }
        session.logout();
        Ok(())
    }

    /// Waits until there is something to do.
    fn wait(&self, session: &mut Session) -> Result<IdleEnd, SyncError> {
        let watched = self.errands.iter().find_map(|e| e.watch());
        match watched {
            Some(folder) if session.capabilities().has("IDLE") => {
                if session.selected().is_none_or(|s| s.name != folder) {
                    session.examine(&folder)?;
                }
                let at_most = self.trust.wait().unwrap_or(WAIT);
                let end = session.idle(at_most.min(quirks::IDLE_FOR))?;
                session.take_events();
                return Ok(end);
            }
            Some(_) => drop(self.waker.wait(POLL)),
            None => drop(self.waker.wait(WAIT)),
        }
        Ok(IdleEnd::Timeout)
    }
}
