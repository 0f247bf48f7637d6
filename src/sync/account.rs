//! The thread of an account that brings mail in, over one connection that it makes anew when that breaks. Where the server has no place for
//! a second one, it runs the errands too.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::error::SyncError;
use super::imap::error::Remedy;
use super::imap::names::is_inbox;
use super::imap::session::FolderState;
use super::imap::watch::{News, Pace, Watch};
use super::imap::{Pass, Progress, Session, Waker, pass_with};
use super::link::{Link, Side};
use super::retry::{Backoff, Push};
use super::secret::SecretProvider;
use super::teller::Teller;
use crate::config::Account;
use crate::error::UserError;
use crate::model::change::SyncStatus;
use crate::model::clock::Timestamp;
use crate::store::Store;

/// How long the other thread is given to give up its connection.
const YIELD: Duration = Duration::from_secs(10);
/// How often the team's log is asked for over the only connection, where the server does not tell of it.
const LOG_POLL: Duration = Duration::from_secs(5);

/// What both threads of all accounts share.
#[derive(Clone)]
pub(super) struct Shared {
    pub store: Store,
    pub secrets: Arc<dyn SecretProvider>,
    pub on_status: Arc<dyn Fn(SyncStatus) + Send + Sync>,
}

impl Shared {
    pub(super) fn open(&self, account: &Account, waker: &Waker) -> Result<Session, SyncError> {
        let secret = self.secrets.secret(&account.id, &account.imap)?;
        Ok(Session::open(&account.imap, &secret, waker)?)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.store.author().clock.now()
    }
}

/// The thread that brings mail in.
pub(super) struct Mail {
    shared: Shared,
    account: Account,
    link: Arc<Link>,
    teller: Teller,
    backoff: Backoff,
    /// Whether INBOX is told of.
    push: Push,
    /// Whether the other folders are told of, where NOTIFY is on.
    notify: Push,
    /// What the last complete pass had to say.
    warnings: Vec<UserError>,
    /// Whether lent errands come before the pass: the last connection ended in a pass.
    errands_first: bool,
}

/// Where the next pass looks.
enum Look {
    All,
    These(BTreeSet<String>),
    /// Nowhere: only the errands have something to do.
    Nowhere,
}

impl Mail {
    pub(super) fn new(shared: Shared, account: Account, link: Arc<Link>, teller: Teller) -> Self {
        Self {
            shared,
            account,
            link,
            teller,
            backoff: Backoff::default(),
            push: Push::default(),
            notify: Push::default(),
            warnings: Vec::new(),
            errands_first: false,
        }
    }

    pub(super) fn run(mut self) {
        while !self.link.mail.is_stopped() {
            self.teller.connecting();
            let ended = self.connected();
            self.link.mail_is_up(false);
            let Err(error) = ended else { continue };
            let remedy = error.remedy();
            let Some(wait) = self.teller.failed(error, &self.account, &mut self.backoff) else { return };
            self.link.rest(Side::Mail, wait, remedy);
        }
    }

    /// Connects, and notes whether a person has to do something about it.
    fn open(&self) -> Result<Session, SyncError> {
        let opened = self.open_or_ask_alone();
        self.link.mail_is_refused(opened.as_ref().err().is_some_and(|error| error.remedy() == Remedy::Person));
        opened
    }

    /// Connects. Where the server lets no further connection in and the other thread has one, that one gives it up.
    fn open_or_ask_alone(&self) -> Result<Session, SyncError> {
        match self.shared.open(&self.account, &self.link.mail) {
            Err(error) if error.is_of_too_many() && self.link.are_errands_up() => {
                tracing::info!(account = %self.account.id, %error, "one connection has to do");
                self.link.ask_alone();
                let end = Instant::now() + YIELD;
                while self.link.are_errands_up() && Instant::now() < end && !self.link.mail.is_stopped() {
                    self.link.mail.wait(end.saturating_duration_since(Instant::now()));
                }
                self.shared.open(&self.account, &self.link.mail)
            }
            other => other,
        }
    }

    /// Works until something breaks, or forever; returns where a new connection is wanted.
    fn connected(&mut self) -> Result<(), SyncError> {
        // Whoever asked until now gets this try.
        self.link.is_asked(Side::Mail);
        let mut session = self.open()?;
        self.link.mail_is_up(true);
        let mut watch: Option<Watch> = None;
        let mut look = Look::All;
        let mut quiet = false;
        if std::mem::take(&mut self.errands_first) {
            self.errands(&mut session)?;
        }
        while !self.link.mail.is_stopped() {
            self.link.is_asked(Side::Mail);
            let report = self.pass(&mut session, &look)?;
            if report.fetched() + report.bodies > 0 {
                self.backoff.reset();
            }
            if quiet {
                self.learn(&report, watch.as_ref());
            }
            if report.reopened > 0 {
                // What the old connection was asked to tell of, the new one was not.
                watch = None;
                if matches!(look, Look::These(_)) {
                    (look, quiet) = (Look::All, false);
                    continue;
                }
            }
            let beside = self.errands(&mut session)?;
            let names: Vec<String> = report.folders.iter().map(|folder| folder.name.clone()).collect();
            if let Some(watch) = &mut watch {
                watch.beside(beside);
                if matches!(look, Look::All) && !watch.completed(names) {
                    break;
                }
            } else {
                watch = Some(self.watch(&mut session, names, beside)?);
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

    fn watch(
        &self,
        session: &mut Session,
        names: Vec<String>,
        beside: Option<(String, FolderState)>,
    ) -> Result<Watch, SyncError> {
        let mut pace = Pace::default();
        if beside.is_some() {
            pace.round = LOG_POLL;
        }
        Watch::begin(session, &self.account.id, names, beside, !self.notify.must_poll(), pace)
    }

    fn pass(&mut self, session: &mut Session, look: &Look) -> Result<Pass, SyncError> {
        self.errands_first = true;
        let (store, account, teller) = (&self.shared.store, &self.account, &self.teller);
        let progress: &mut dyn FnMut(Progress) = &mut |p| teller.progress(p.done, p.total);
        let names = match look {
            Look::All => None,
            Look::These(names) => Some(names),
            Look::Nowhere => {
                self.errands_first = false;
                return Ok(Pass::default());
            }
        };
        let began = matches!(look, Look::All).then(|| self.shared.now());
        let reopen = &mut || self.open();
        let report = pass_with(store, session, account, names, progress, reopen)?;
        self.errands_first = false;
        if matches!(look, Look::All) || !report.warnings.is_empty() {
            self.warnings.clone_from(&report.warnings);
        }
        self.teller.current(&self.warnings, began);
        tracing::debug!(account = %self.account.id, fetched = report.fetched(), bodies = report.bodies, "pass");
        Ok(report)
    }

    /// Runs the errands, where they are lent; returns the folder that they watch, as it stood before.
    fn errands(&self, session: &mut Session) -> Result<Option<(String, FolderState)>, SyncError> {
        let Some((mut tasks, urge)) = self.link.take() else { return Ok(None) };
        let mut run = || -> Result<Option<(String, FolderState)>, SyncError> {
            // Asked before, so that what comes meanwhile is news afterwards.
            let mut watched = state_of(session, tasks.watched())?;
            tasks.run(session, urge)?;
            if watched.is_none() {
                watched = state_of(session, tasks.watched())?;
            }
            Ok(watched)
        };
        let ended = run();
        self.link.put_back(tasks);
        ended
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
        let news = watch.wait(&self.shared.store, session, &self.link.mail, &opened, poll)?;
        if !matches!(news, News::Before(_)) {
            // A connection that ends with each pass, or as soon as it is to wait, works no better than one that is refused.
            self.backoff.reset();
        }
        Ok(match news {
            News::Told(names) => {
                if names.iter().any(|name| is_inbox(name)) {
                    self.push.told();
                }
                if !names.iter().all(|name| is_inbox(name)) {
                    self.notify.told();
                }
                (only(watch, names), false)
            }
            News::Found(names) => (only(watch, names), true),
            News::Before(names) => (only(watch, names), false),
            News::Due => (Look::All, true),
            // What was done goes out first. Where nobody asked for mail, the errands alone were woken.
            News::Woken if self.link.is_pass_wanted() => {
                watch.beside(self.errands(session)?);
                (Look::All, false)
            }
            News::Woken => (Look::Nowhere, false),
        })
    }
}

/// Looks into these folders, but for one that no pass looks at.
fn only(watch: &Watch, mut names: BTreeSet<String>) -> Look {
    names.retain(|name| !watch.is_beside(name));
    if names.is_empty() { Look::Nowhere } else { Look::These(names) }
}

/// Asks how a folder stands; one that is not there is none.
fn state_of(session: &mut Session, folder: Option<String>) -> Result<Option<(String, FolderState)>, SyncError> {
    let Some(name) = folder else { return Ok(None) };
    match session.status(&name) {
        Ok(state) => Ok(Some((name, state))),
        Err(error) if error.leaves_session_usable() => Ok(None),
        Err(error) => Err(error.into()),
    }
}
