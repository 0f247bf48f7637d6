//! A round of the accounts: what is done at each, in which order, over one login an account.
//!
//! The recipe of a visit is written here once. The log comes first, so that new mail meets what the team did, and again where mail put
//! something on it; then what of one's own work does not stand, the copies of drafts, the outbox between two looks at the log, the moves,
//! and what is to be removed. Verbs take the steps that they need, in this order; whoever stays connected runs them as errands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::drafts::{self, DraftErrand};
use super::eraser::{self, EraseErrand};
use super::errand::{Errand, ErrandMaker};
use super::error::SyncError;
use super::flags::{self, FlagErrand};
use super::imap::{Pass, Progress, Session, Waker, fetch_asked, pass_with};
use super::log::errand::{LogErrand, OnPass, sync_log_once};
use super::log::imap::LogPass;
use super::mover::{self, MoveErrand, Moves, OnTold};
use super::outbox::{Others, OutboxErrand, drain_over};
use super::secret::SecretProvider;
use crate::config::Account;
use crate::error::UserError;
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::stop::Stop;
use crate::store::Store;

/// How often the log is read and pushed while other processes commit meanwhile: they leave their work to whoever holds the lock.
const PASSES: usize = 4;
/// After so long without a command it is asked whether the connection still stands: servers and routers drop quiet ones without a word.
const QUIET: Duration = Duration::from_secs(20);

/// What a round works with.
#[derive(Clone)]
pub struct Means<'a> {
    /// The store.
    pub store: &'a Store,
    /// All accounts of the config: a conversation can lie in the mailbox of another too.
    pub accounts: &'a [Account],
    /// Their secrets.
    pub secrets: Arc<dyn SecretProvider>,
    /// Whether drafts are copied to the server.
    pub copy_drafts: bool,
    /// What ends a connection from outside.
    pub waker: Waker,
}

/// A round of accounts. Each is logged in to when the first step needs it, and out of when the round is closed.
pub struct Round<'a> {
    means: Means<'a>,
    visits: BTreeMap<&'a AccountId, Visit<'a>>,
}

impl<'a> Round<'a> {
    /// Begins a round. Nothing is connected yet. The caller holds the lock of the sync.
    pub fn new(means: Means<'a>) -> Self {
        Self { means, visits: BTreeMap::new() }
    }

    /// Returns the visit to an account, the same each time.
    pub fn visit(&mut self, account: &'a Account) -> &mut Visit<'a> {
        let means = &self.means;
        self.visits.entry(&account.id).or_insert_with(|| Visit { means: means.clone(), account, session: None })
    }

    /// Tells whether somebody stopped it.
    pub fn is_stopped(&self) -> bool {
        self.means.waker.is_stopped()
    }

    /// Returns what tells work without a connection that somebody stopped it.
    pub fn stop(&self) -> Stop {
        let waker = self.means.waker.clone();
        Stop::when(move || waker.is_stopped())
    }

    /// Tells the servers that it is connected to which mail was dealt with here, and logs out everywhere.
    pub fn close(mut self) {
        self.visits.values_mut().filter(|visit| visit.session.is_some()).for_each(Visit::flags);
        for (session, _) in self.visits.into_values().filter_map(|visit| visit.session) {
            if session.is_usable() {
                session.logout();
            }
        }
    }
}

/// A visit to one account.
pub struct Visit<'a> {
    means: Means<'a>,
    account: &'a Account,
    /// The connection, and when it was used last.
    session: Option<(Session, Instant)>,
}

impl Visit<'_> {
    /// As [`Visit::with`], with the error as it is.
    fn over<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T, SyncError>) -> Result<T, SyncError> {
        let mut session = match self.kept() {
            Some(session) => session,
            None => self.open()?,
        };
        let done = work(&mut session);
        self.session = Some((session, Instant::now()));
        done
    }

    /// Does something over the connection, which is made where there is none that works.
    ///
    /// # Errors
    /// Those of the connection, of its secret, and of what is done, in words for a person.
    pub fn with<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T, SyncError>) -> Result<T, UserError> {
        let account = self.account;
        self.over(work).map_err(|error| error.for_user(&account.id, &account.imap))
    }

    fn open(&self) -> Result<Session, SyncError> {
        let Means { secrets, waker, .. } = &self.means;
        let secret = secrets.secret(&self.account.id, &self.account.imap)?;
        Ok(Session::open(&self.account.imap, &secret, waker)?)
    }

    /// Returns the connection of an earlier step, where it still works.
    fn kept(&mut self) -> Option<Session> {
        let (mut session, used) = self.session.take().filter(|(session, _)| session.is_usable())?;
        let stands = used.elapsed() < QUIET || session.noop().is_ok();
        stands.then_some(session)
    }

    /// Reads and pushes the log. What the server refuses is in the trouble of the pass: it must not keep the mail from coming, nor a reply
    /// from going out.
    fn log_once(&mut self) -> Result<LogPass, SyncError> {
        let (store, account) = (self.means.store, self.account);
        self.over(|session| match sync_log_once(store, account, session) {
            Err(error) if error.is_of_one_part() && session.is_usable() => Ok(failed(account, error)),
            done => done,
        })
    }

    /// Reads and pushes the log until the server has all that was done, other processes' work too; where it takes nothing, once.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn log(&mut self) -> Result<Vec<LogPass>, UserError> {
        let account = self.account;
        let mut run = || -> Result<Vec<LogPass>, SyncError> {
            let mut passes = Vec::new();
            while passes.len() < PASSES {
                let pass = self.log_once()?;
                let is_last = pass.trouble.is_some() || pass.read_only || !self.has_unpushed()?;
                passes.push(pass);
                if is_last {
                    break;
                }
            }
            Ok(passes)
        };
        run().map_err(|error| error.for_user(&account.id, &account.imap))
    }

    fn has_unpushed(&self) -> Result<bool, SyncError> {
        Ok(!self.means.store.unpushed_of(&self.account.id, 1)?.is_empty())
    }

    /// Reads the log and fetches the mail, whatever became of the log; pushes what came of late mail, finds out what of one's own work does
    /// not stand, and copies the drafts.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn mail(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(LogPass, Pass), UserError> {
        let account = self.account;
        self.mail_and_log(progress).map_err(|error| error.for_user(&account.id, &account.imap))
    }

    fn mail_and_log(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(LogPass, Pass), SyncError> {
        let (means, account) = (self.means.clone(), self.account);
        let mut log = match self.log_once() {
            // What breaks the connection in the log's folder need not break it in others.
            Err(error @ SyncError::Imap(_)) if self.session.is_some() && !means.waker.is_stopped() => {
                failed(account, error)
            }
            read => read?,
        };
        let reopen = || -> Result<Session, SyncError> {
            let secret = means.secrets.secret(&account.id, &account.imap)?;
            Ok(Session::open(&account.imap, &secret, &means.waker)?)
        };
        let mut done =
            self.over(|session| pass_with(means.store, session, account, None, progress, &mut || reopen()))?;
        // Mail that came late can put something on the log.
        if !log.read_only && log.trouble.is_none() && self.has_unpushed()? {
            let after = self.log_once()?;
            log.pushed += after.pushed;
            log.also_refused(&after);
            log.notices.extend(after.notices);
            log.refused.extend(after.refused);
            log.trouble = after.trouble;
        }
        // Only now it is known whether customers had written meanwhile.
        log.refused.extend(means.store.refusals(&account.id, true)?);
        if let Some(warning) = self.copy_drafts()? {
            done.warn(warning);
        }
        Ok((log, done))
    }

    /// Copies the drafts; returns what the server refused.
    fn copy_drafts(&mut self) -> Result<Option<UserError>, SyncError> {
        let (store, account, on) = (self.means.store, self.account, self.means.copy_drafts);
        let now = store.author().clock.now();
        match self.over(|session| drafts::copy(store, account, session, on, now)) {
            Err(SyncError::Imap(error)) if error.leaves_session_usable() => {
                let error = error.for_user(&account.id, &account.imap);
                let what = phrase!("drafts-not-copied", why = error.what);
                Ok(Some(UserError::new(error.kind, what).hint(phrase!("hint-drafts-kept"))))
            }
            other => other.map(|()| None),
        }
    }

    /// Works on the outbox: the log before, so that colleagues' answers are seen, and after, with our own. Returns what is to be told of both
    /// passes over the log.
    ///
    /// # Errors
    /// When the connection ends, the store fails, or nothing can be sent until somebody does something.
    pub fn outbox(&mut self) -> Result<LogPass, UserError> {
        let account = self.account;
        self.log_and_outbox().map_err(|error| error.for_user(&account.id, &account.imap))
    }

    fn log_and_outbox(&mut self) -> Result<LogPass, SyncError> {
        let (means, account) = (self.means.clone(), self.account);
        let before = self.log_once()?;
        // The outbox takes on so many at a time.
        let others = Others { accounts: means.accounts, secrets: &*means.secrets };
        while let Some(done) = self.over(|session| drain_over(means.store, account, others, session))? {
            if done.sent == 0 && done.filed == 0 {
                break;
            }
        }
        let mut after = self.log_once()?;
        after.also_refused(&before);
        after.notices.splice(0..0, before.notices);
        after.refused.extend(before.refused);
        Ok(after)
    }

    /// Moves the mail of conversations that were moved. Whoever runs a command does not want to wait for the next try.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn moves(&mut self) -> Result<Moves, UserError> {
        let (store, account) = (self.means.store, self.account);
        self.with(|session| mover::move_due(store, &account.id, session, Timestamp(i64::MAX)))
    }

    /// Tells the server which mail was opened, dealt with and answered here. Nobody waits for that: what fails is told by a later visit.
    fn flags(&mut self) {
        let (store, account) = (self.means.store, self.account);
        let now = store.author().clock.now();
        if let Err(error) = self.over(|session| flags::tell(store, account, session, now)) {
            tracing::warn!(account = %account.id, %error, "the server is not told of flags");
        }
    }

    /// Removes erased mails. Returns how many.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn erasures(&mut self) -> Result<u64, UserError> {
        let (store, account) = (self.means.store, self.account);
        self.with(|session| eraser::erase_due(store, &account.id, session, Timestamp(i64::MAX)))
    }

    /// Fetches the mails whose text somebody asked for.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn bodies(&mut self) -> Result<(), UserError> {
        let (store, account) = (self.means.store, self.account);
        self.with(|session| fetch_asked(store, session, &account.id)).map(|_| ())
    }
}

/// Returns the pass over a log that could not be made.
fn failed(account: &Account, error: SyncError) -> LogPass {
    LogPass { trouble: Some(error.for_user(&account.id, &account.imap)), ..LogPass::default() }
}

/// What whoever stays connected does at each account beside fetching mail: the steps of a visit, as errands.
pub struct Errands {
    /// All accounts of the config.
    pub accounts: Vec<Account>,
    /// Their secrets.
    pub secrets: Arc<dyn SecretProvider>,
    /// Whether drafts are copied to the server.
    pub copy_drafts: bool,
    /// Makes what is told of each pass over an account's log.
    pub on_pass: Box<dyn Fn(&AccountId) -> OnPass + Send + Sync>,
    /// Is told what a person must read.
    pub on_told: OnTold,
}

impl Errands {
    /// Returns what makes the errands of an account, in the order of a visit.
    pub fn maker(self) -> ErrandMaker {
        Box::new(move |store, account| self.of(store, account))
    }

    fn of(&self, store: &Store, account: &Account) -> Result<Vec<Box<dyn Errand>>, SyncError> {
        let mut errands: Vec<Box<dyn Errand>> = Vec::new();
        errands.push(Box::new(LogErrand::new(store, account, (self.on_pass)(&account.id))?));
        // Behind the log, so that what colleagues did is known before a mail goes out.
        if account.smtp.is_some() {
            let (accounts, secrets) = (self.accounts.clone(), Arc::clone(&self.secrets));
            let outbox = OutboxErrand::new(store.clone(), account.clone(), accounts, secrets);
            errands.push(Box::new(outbox.telling(Arc::clone(&self.on_told))));
        }
        if mover::has_ways(&store.team(), &account.id) {
            errands.push(Box::new(MoveErrand::new(store.clone(), account.id.clone(), Arc::clone(&self.on_told))));
        }
        errands.push(Box::new(EraseErrand::new(store.clone(), account.id.clone(), Arc::clone(&self.on_told))));
        errands.push(Box::new(FlagErrand::new(store.clone(), account.clone())));
        // Last: a copy of a draft is a convenience.
        errands.push(Box::new(DraftErrand::new(store.clone(), account.clone(), self.copy_drafts)));
        Ok(errands)
    }
}
