//! A round of the accounts: what is done at each, in which order, over one login an account.
//!
//! The recipe of a visit is written here once. The log comes first, so that new mail meets what the team did, and again where mail put
//! something on it; then what of one's own work does not stand, the copies of drafts, the outbox between two looks at the log, the moves,
//! and what is to be removed. Verbs take the steps that they need, in this order; whoever stays connected runs them as errands.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::drafts::DraftErrand;
use super::erasures::EraseErrand;
use super::errand::{Errand, ErrandMaker};
use super::error::SyncError;
use super::flags::FlagErrand;
use super::log::LogPass;
use super::log::errand::{LogErrand, OnPass};
use super::log::keys::{KeyLine, UpTo, Waiting};
use super::moves::{self, MoveErrand, Moves, OnTold};
use super::outbox::{Others, OutboxErrand, drain_over};
use super::pass::{Pass, Progress};
use super::remote::{Alone, Connection, Look, Remote, Signatures};
use super::remotes::Remotes;
use super::secret::SecretProvider;
use super::waker::Waker;
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::model::stop::Stop;
use crate::store::{ArchivedMail, Store};

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

impl Means<'_> {
    fn remotes(&self) -> Remotes {
        Remotes { store: self.store.clone(), secrets: Arc::clone(&self.secrets), stay: false }
    }
}

impl<'a> Round<'a> {
    /// Begins a round. Nothing is connected yet. The caller holds the lock of the sync.
    pub fn new(means: Means<'a>) -> Self {
        Self { means, visits: BTreeMap::new() }
    }

    /// Returns the visit to an account, the same each time.
    pub fn visit(&mut self, account: &'a Account) -> &mut Visit<'a> {
        let means = &self.means;
        let visit = || Visit { means: means.clone(), account, remote: None, connection: None };
        self.visits.entry(&account.id).or_insert_with(visit)
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
        self.visits.values_mut().filter(|visit| visit.connection.is_some()).for_each(Visit::flags);
        for (connection, _) in self.visits.into_values().filter_map(|visit| visit.connection) {
            if connection.is_usable() {
                connection.close();
            }
        }
    }
}

/// A visit to one account.
pub struct Visit<'a> {
    means: Means<'a>,
    account: &'a Account,
    /// What stands behind it, once it was needed.
    remote: Option<Arc<dyn Remote>>,
    /// The connection, and when it was used last.
    connection: Option<(Box<dyn Connection>, Instant)>,
}

impl Visit<'_> {
    /// Does something over the connection, which is made where there is none that works.
    fn over<T>(&mut self, work: impl FnOnce(&mut dyn Connection) -> Result<T, SyncError>) -> Result<T, SyncError> {
        let mut connection = match self.kept() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let done = work(&mut *connection);
        self.connection = Some((connection, Instant::now()));
        done
    }

    /// As [`Visit::over`], in words for a person.
    fn with<T>(&mut self, work: impl FnOnce(&mut dyn Connection) -> Result<T, SyncError>) -> Result<T, UserError> {
        let account = self.account;
        self.over(work).map_err(|error| error.for_user(account))
    }

    fn open(&mut self) -> Result<Box<dyn Connection>, SyncError> {
        let remote = match &self.remote {
            Some(remote) => Arc::clone(remote),
            None => Arc::clone(self.remote.insert(self.means.remotes().of(self.account)?)),
        };
        remote.connect(&self.means.waker, Arc::new(Alone))
    }

    /// Returns the connection of an earlier step, where it still works.
    fn kept(&mut self) -> Option<Box<dyn Connection>> {
        let (mut connection, used) = self.connection.take().filter(|(connection, _)| connection.is_usable())?;
        let stands = used.elapsed() < QUIET || connection.stands();
        stands.then_some(connection)
    }

    /// Reads and pushes the log. What the server refuses is in the trouble of the pass: it must not keep the mail from coming, nor a reply
    /// from going out.
    fn log_once(&mut self) -> Result<LogPass, SyncError> {
        let account = self.account;
        let append = |connection: &mut dyn Connection| -> Result<LogPass, SyncError> {
            let pass = connection.log().append()?;
            connection.log().show(&pass)?;
            Ok(pass)
        };
        self.over(|connection| match append(connection) {
            Err(error) if error.is_of_one_part() && connection.is_usable() => Ok(failed(account, error)),
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
        run().map_err(|error| error.for_user(account))
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
        self.mail_and_log(progress).map_err(|error| error.for_user(account))
    }

    fn mail_and_log(&mut self, progress: &mut dyn FnMut(Progress)) -> Result<(LogPass, Pass), SyncError> {
        let (means, account) = (self.means.clone(), self.account);
        let mut log = match self.log_once() {
            // What breaks the connection in the log's folder need not break it in others.
            Err(error @ SyncError::Remote(_)) if self.connection.is_some() && !means.waker.is_stopped() => {
                failed(account, error)
            }
            read => read?,
        };
        let mut done = self.over(|connection| connection.mailbox().fetch(&Look::All, progress))?;
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
        let (account, on) = (self.account, self.means.copy_drafts);
        let now = self.means.store.author().clock.now();
        match self.over(|connection| connection.mailbox().copy_drafts(on, now)) {
            Err(SyncError::Remote(failure)) if failure.leaves_connection_usable() => {
                let error = failure.told(account);
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
        self.log_and_outbox().map_err(|error| error.for_user(account))
    }

    fn log_and_outbox(&mut self) -> Result<LogPass, SyncError> {
        let (means, account) = (self.means.clone(), self.account);
        let before = self.log_once()?;
        // The outbox takes on so many at a time.
        let others = Others { accounts: means.accounts.to_vec(), remotes: means.remotes() };
        while let Some(done) = self.over(|connection| drain_over(means.store, account, &others, connection))? {
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
        self.with(|connection| connection.mailbox().move_due(Timestamp(i64::MAX)))
    }

    /// Tells the server which mail was opened, dealt with and answered here. Nobody waits for that: what fails is told by a later visit.
    fn flags(&mut self) {
        let now = self.means.store.author().clock.now();
        if let Err(error) = self.over(|connection| connection.mailbox().tell_flags(now)) {
            tracing::warn!(account = %self.account.id, %error, "the server is not told of flags");
        }
    }

    /// Removes erased mails. Returns how many.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn erasures(&mut self) -> Result<u64, UserError> {
        self.with(|connection| connection.mailbox().erase_due(Timestamp(i64::MAX)))
    }

    /// Puts a mail of an archive into a folder. What the server says against this mail alone is returned, and others can be tried.
    ///
    /// # Errors
    /// When the connection ends, or the server takes nothing for now.
    pub fn put(&mut self, folder: &str, mail: &ArchivedMail) -> Result<Option<UserError>, UserError> {
        let account = self.account;
        match self.over(|connection| connection.mailbox().put(folder, mail)) {
            Ok(()) => Ok(None),
            Err(error) if error.is_of_one_part() && !error.is_throttle() => Ok(Some(error.for_user(account))),
            Err(error) => Err(error.for_user(account)),
        }
    }

    /// Fetches the mails whose text somebody asked for.
    ///
    /// # Errors
    /// When the connection ends, or the store fails.
    pub fn bodies(&mut self) -> Result<(), UserError> {
        self.with(|connection| connection.mailbox().fetch_asked()).map(|_| ())
    }

    /// Works on what people decide of the log's signatures.
    fn sign<T>(&mut self, work: impl FnOnce(&mut dyn Signatures) -> Result<T, SyncError>) -> Result<T, UserError> {
        let account = self.account.id.as_str();
        self.with(|connection| match connection.log().signatures() {
            Some(signatures) => work(signatures),
            None => Err(UserError::new(ErrorKind::Usage, phrase!("log-no-signatures", account = account)).into()),
        })
    }

    /// Lists who wrote what on the log that does not count, up to where somebody looked; takes it in where somebody did.
    ///
    /// # Errors
    /// When the connection ends, or the store fails; where the log has no signatures.
    pub fn adopt(&mut self, up_to: Option<UpTo>) -> Result<(Waiting, Option<Option<LogPass>>), UserError> {
        self.sign(|signatures| {
            let waiting = signatures.adoptable(up_to)?;
            let adopted = match up_to.filter(|_| !waiting.authors.is_empty()) {
                Some(up_to) => Some(signatures.adopt(up_to)?),
                None => None,
            };
            Ok((waiting, adopted))
        })
    }

    /// Lists the keys of the log; where it is to `rotate`, once a new one has taken their place.
    ///
    /// # Errors
    /// As [`Visit::adopt`].
    pub fn keys(&mut self, rotate: bool) -> Result<(LogPass, Vec<KeyLine>), UserError> {
        self.sign(|signatures| signatures.keys(rotate))
    }
}

/// Returns the pass over a log that could not be made.
fn failed(account: &Account, error: SyncError) -> LogPass {
    LogPass { trouble: Some(error.for_user(account)), ..LogPass::default() }
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
        errands.push(Box::new(LogErrand::new(store, (self.on_pass)(&account.id))));
        // Behind the log, so that what colleagues did is known before a mail goes out.
        if account.can_send() {
            let (accounts, secrets) = (self.accounts.clone(), Arc::clone(&self.secrets));
            let outbox = OutboxErrand::new(store.clone(), account.clone(), accounts, secrets);
            errands.push(Box::new(outbox.telling(Arc::clone(&self.on_told))));
        }
        if moves::has_ways(&store.team(), &account.id) {
            errands.push(Box::new(MoveErrand::new(store.clone(), account.id.clone(), Arc::clone(&self.on_told))));
        }
        errands.push(Box::new(EraseErrand::new(store.clone(), account.id.clone(), Arc::clone(&self.on_told))));
        errands.push(Box::new(FlagErrand::new(store.clone())));
        // Last: a copy of a draft is a convenience.
        errands.push(Box::new(DraftErrand::new(store.clone(), account.clone(), self.copy_drafts)));
        Ok(errands)
    }
}
