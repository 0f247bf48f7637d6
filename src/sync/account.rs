//! The two threads of an account: one brings mail in, one runs errands. Each keeps one connection, and makes a new one when that breaks.

use std::sync::Arc;
use std::time::Duration;

use super::error::SyncError;
use super::imap::divert::IdleEnd;
use super::imap::error::Remedy;
use super::imap::{Pass, Session, Waker, pass, quirks};
use super::retry::{Backoff, Push, Trust};
use super::secret::SecretProvider;
use super::supervisor::Errand;
use crate::config::Account;
use crate::model::change::{Connectivity, SyncStatus};
use crate::model::clock::Timestamp;
use crate::store::Store;

/// How long one wait for news lasts. Folders that are not watched are looked at after it, which costs one command.
const WAIT: Duration = Duration::from_secs(120);
/// How long it is waited between questions where IDLE is missing or not to be trusted.
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
    push: Push,
    /// Whether the last wait was skipped because the numbers did not agree: a server whose numbers never do gets its wait the next time.
    skipped: bool,
}

impl Mail {
    pub(super) fn new(shared: Shared, account: Account, waker: Waker) -> Self {
        let teller = Teller::new(shared.clone(), &account);
        Self { shared, account, waker, teller, backoff: Backoff::default(), push: Push::default(), skipped: false }
    }

    pub(super) fn run(mut self) {
        while !self.waker.is_stopped() {
            if self.teller.status.message.is_empty() {
                self.teller.tell(Connectivity::Connecting, String::new());
            }
            let Err(error) = self.connected() else { return };
            let Some(wait) = self.teller.failed(error, &self.account, &mut self.backoff) else { return };
            self.waker.wait(wait);
        }
    }

    /// Works until something breaks, or forever.
    fn connected(&mut self) -> Result<(), SyncError> {
        let mut session = self.shared.open(&self.account, &self.waker)?;
        let mut quiet = false;
        while !self.waker.is_stopped() {
            let report = self.pass(&mut session)?;
            self.backoff.reset();
            if quiet {
                self.push.quiet(report.folders.first().map_or(0, |inbox| inbox.fetched));
            }
            self.teller.status.last_pass = Some(self.shared.now());
            let warning = report.warnings.first().map(ToString::to_string).unwrap_or_default();
            self.teller.tell(Connectivity::Current, warning);
            tracing::debug!(account = %self.account.id, fetched = report.fetched(), bodies = report.bodies, "pass");
            // Where bodies came, there may be more of them.
            quiet = report.bodies == 0 && self.wait(&mut session)?;
        }
        session.logout();
        Ok(())
    }

    fn pass(&mut self, session: &mut Session) -> Result<Pass, SyncError> {
        let teller = &mut self.teller;
        pass(&self.shared.store, session, &self.account, &mut |p| teller.progress(p.done, p.total))
    }

    /// Waits for news of INBOX; tells whether the time ran out without any.
    fn wait(&mut self, session: &mut Session) -> Result<bool, SyncError> {
        if self.push.must_poll() || !session.capabilities().has("IDLE") {
            self.waker.wait(POLL);
            return Ok(true);
        }
        // What came in between the pass and this is announced by the numbers, not by IDLE.
        let selected = session.examine("INBOX")?;
        let kept = self.shared.store.folders(&self.account.id)?;
        let inbox = kept.iter().find(|f| f.name.eq_ignore_ascii_case("INBOX"));
        let behind = selected.state.uid_next.is_some() && inbox.is_some_and(|f| f.uid_next != selected.state.uid_next);
        self.skipped = behind && !self.skipped;
        if self.skipped {
            return Ok(false);
        }
        let end = session.idle(WAIT.min(quirks::IDLE_FOR))?;
        session.take_events();
        if end == IdleEnd::Changed {
            self.push.told();
        }
        Ok(end == IdleEnd::Timeout)
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
