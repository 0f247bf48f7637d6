//! Keeps accounts in sync while the program runs.
//!
//! Two connections an account, no more: one watches INBOX and brings mail in, the other runs errands (the team's log, the outbox) and
//! watches the folder that they name. Where the server has place for one only, that does both. They connect again by themselves. Everything learned goes into the store; all that is told of it
//! outside is a status.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::account::{Mail, Shared};
use super::bulletin;
use super::deriving::Deriver;
use super::drafts::REST;
use super::errand::ErrandMaker;
use super::errands::Errands;
use super::link::Link;
use super::lock::{self, SyncLock};
use super::notice::Notice;
use super::remotes::Remotes;
use super::secret::SecretProvider;
use super::tasks::Tasks;
use super::teller::Teller;
use super::waker::Waker;
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::change::{Connectivity, SyncStatus};
use crate::model::clock::Timestamp;
use crate::model::ids::AccountId;
use crate::store::{Asked, Store};
use crate::sync::error::SyncError;

/// How long a stop waits for threads that are in the middle of something.
const JOIN: Duration = Duration::from_secs(5);
/// It is looked whether a process committed something, or left the lock, this often at least: some file systems do not tell.
const LOOK: Duration = Duration::from_secs(2);
/// And for commits not more often than this: a first sync commits without a rest, and each look has the server asked for its log.
const GAP: Duration = Duration::from_secs(1);

/// Syncs accounts on threads of its own until it is stopped.
pub struct Supervisor {
    wakers: Arc<Mutex<Vec<Waker>>>,
    own: Option<Waker>,
    thread: Option<JoinHandle<()>>,
    asked: Arc<AtomicBool>,
}

impl Supervisor {
    /// Starts, without errands.
    ///
    /// Only one process syncs a store; where another does, this one waits until that ends.
    pub fn start(
        store: Store,
        accounts: Vec<Account>,
        secrets: Arc<dyn SecretProvider>,
        on_status: impl Fn(SyncStatus) + Send + Sync + 'static,
    ) -> Self {
        Self::start_with(store, accounts, secrets, Box::new(|_, _| Ok(Vec::new())), on_status)
    }

    /// Starts, with errands on the second connection of each account.
    pub fn start_with(
        store: Store,
        accounts: Vec<Account>,
        secrets: Arc<dyn SecretProvider>,
        errands: ErrandMaker,
        on_status: impl Fn(SyncStatus) + Send + Sync + 'static,
    ) -> Self {
        let wakers = Arc::new(Mutex::new(Vec::new()));
        let asked = Arc::new(AtomicBool::new(false));
        let on_status = Arc::new(on_status);
        let Ok(own) = Waker::new() else {
            let error = UserError::new(ErrorKind::Internal, phrase!("sync-no-descriptors"));
            for account in &accounts {
                on_status(blocked(account, &error));
            }
            return Self { wakers, own: None, thread: None, asked };
        };
        let remotes = Remotes { store: store.clone(), secrets, stay: true };
        let shared = Shared { store, on_status };
        let crew = Crew {
            shared,
            remotes,
            accounts,
            errands,
            wakers: Arc::clone(&wakers),
            own: own.clone(),
            asked: Arc::clone(&asked),
        };
        let thread = std::thread::Builder::new().name("sync".to_owned()).spawn(move || crew.run()).ok();
        Self { wakers, own: Some(own), thread, asked }
    }

    /// Syncs now, because a person asked. Ends every wait, that after a wrong password too.
    pub fn nudge(&self) {
        self.asked.store(true, Ordering::SeqCst);
        if let Some(own) = &self.own {
            own.wake();
        }
    }

    /// Looks now whether something was committed that is to be pushed or fetched, and not within the next second.
    pub fn look(&self) {
        if let Some(own) = &self.own {
            own.wake();
        }
    }

    /// Stops all threads. It takes five seconds at most; what is then still in the middle of something ends with the process.
    pub fn stop(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        if let Some(own) = &self.own {
            own.stop();
        }
        for waker in self.wakers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            waker.stop();
        }
        if let Some(thread) = self.thread.take() {
            join(thread, Instant::now() + JOIN);
        }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.halt();
    }
}

fn join(thread: JoinHandle<()>, end: Instant) {
    while !thread.is_finished() {
        if Instant::now() >= end {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    let _ = thread.join();
}

/// Returns how an account stands that another process on this store syncs.
fn of_other(store: &Store, account: &Account) -> SyncStatus {
    bulletin::read(store, account.id.as_str()).unwrap_or_else(|| SyncStatus {
        account: account.id.to_string(),
        state: Connectivity::Current,
        message: "another postroom on this machine syncs".to_owned(),
        ..SyncStatus::default()
    })
}

fn blocked(account: &Account, error: &UserError) -> SyncStatus {
    SyncStatus {
        account: account.id.to_string(),
        state: Connectivity::Blocked,
        message: error.to_string(),
        ..SyncStatus::default()
    }
}

/// What the first thread needs.
struct Crew {
    shared: Shared,
    remotes: Remotes,
    accounts: Vec<Account>,
    errands: ErrandMaker,
    wakers: Arc<Mutex<Vec<Waker>>>,
    own: Waker,
    asked: Arc<AtomicBool>,
}

impl Crew {
    fn run(self) {
        let Some(_lock) = self.take_lock() else { return };
        let mut threads = Vec::new();
        let mut wakers = Wakers::default();
        for account in &self.accounts {
            match self.hire(account, &mut wakers) {
                Ok(hired) => threads.extend(hired),
                Err(error) => {
                    let error = error.for_user(account);
                    (self.shared.on_status)(blocked(account, &error));
                }
            }
        }
        let mut deriver = Deriver::new(self.shared.store.clone(), &self.own);
        self.watch(&wakers, &mut deriver);
        threads.extend(deriver.into_thread());
        let end = Instant::now() + JOIN;
        for waker in self.wakers.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            waker.stop();
        }
        for thread in threads {
            join(thread, end);
        }
        self.accounts.iter().for_each(|account| bulletin::withdraw(&self.shared.store, account.id.as_str()));
    }

    /// Waits until this process may sync; `None` when it is to stop before. Meanwhile it hands on what the one that does has to say.
    fn take_lock(&self) -> Option<SyncLock> {
        let mut told: Vec<Option<SyncStatus>> = vec![None; self.accounts.len()];
        let notice = Notice::of(&self.shared.store);
        let mut waiting = None;
        loop {
            match self.next_lock(&mut waiting) {
                Ok(Some(lock)) => return Some(lock),
                Ok(None) => {
                    for (account, told) in self.accounts.iter().zip(&mut told) {
                        let status = of_other(&self.shared.store, account);
                        if told.as_ref() != Some(&status) {
                            (self.shared.on_status)(status.clone());
                            *told = Some(status);
                        }
                    }
                }
                Err(error) => {
                    for account in &self.accounts {
                        (self.shared.on_status)(blocked(account, &error));
                    }
                }
            }
            notice.wait(&self.own, LOOK);
            if self.own.is_stopped() {
                return None;
            }
        }
    }

    /// Takes the lock where it is free; else it is waited for from then on.
    fn next_lock(&self, waiting: &mut Option<Receiver<SyncLock>>) -> Result<Option<SyncLock>, UserError> {
        if let Some(waiting) = waiting {
            return Ok(waiting.try_recv().ok());
        }
        let taken = SyncLock::try_take(&self.shared.store)?;
        if taken.is_none() {
            let own = self.own.clone();
            *waiting = Some(SyncLock::wait(&self.shared.store, move || own.wake())?);
        }
        Ok(taken)
    }

    /// Starts the threads of an account.
    fn hire(&self, account: &Account, wakers: &mut Wakers) -> Result<Vec<JoinHandle<()>>, SyncError> {
        let mut threads = Vec::new();
        let link = Arc::new(Link::new(self.waker()?, self.waker()?));
        let teller = Teller::new(self.shared.clone(), account);
        wakers.mail.push((account.id.clone(), Arc::clone(&link)));
        let remote = self.remotes.of(account)?;
        let mail = Mail::new(account.clone(), Arc::clone(&remote), Arc::clone(&link), teller.clone());
        threads.push(spawn(format!("mail-{}", account.id), move || mail.run())?);
        let errands = (self.errands)(&self.shared.store, account)?;
        if !errands.is_empty() {
            wakers.errands.push(link.errands.clone());
            let tasks = Tasks::new(account.clone(), teller.clone(), errands);
            let errands = Errands::new(account.clone(), remote, link, teller, tasks);
            threads.push(spawn(format!("errands-{}", account.id), move || errands.run())?);
        }
        Ok(threads)
    }

    fn waker(&self) -> Result<Waker, SyncError> {
        let waker = Waker::unwatched()?;
        self.wakers.lock().unwrap_or_else(PoisonError::into_inner).push(waker.clone());
        if self.own.is_stopped() {
            waker.stop();
        }
        Ok(waker)
    }

    /// Has bodies fetched that were not asked for when this was last looked at. Once for each: one that can't come must not end every
    /// wait after a failure.
    fn wake_for_bodies(&self, wakers: &Wakers, known: &mut BTreeSet<(i64, u32)>) {
        let Ok(asked) = self.shared.store.asked_bodies(None) else { return };
        let new = asked.iter().filter(|asked| !known.contains(&asked.key()));
        let accounts: BTreeSet<&AccountId> = new.map(|asked| &asked.folder.account).collect();
        wakers.mail.iter().filter(|(account, _)| accounts.contains(account)).for_each(|(_, link)| link.want_pass());
        *known = asked.iter().map(Asked::key).collect();
    }

    /// Returns how long it is until the next mail is due, but no longer than until the next look.
    fn until_due(&self, looked: Timestamp) -> Duration {
        let due = self.shared.store.next_due(looked).ok().flatten();
        let left = due.and_then(|due| u64::try_from(due.since(self.shared.now())).ok());
        left.map_or(LOOK, |left| Duration::from_millis(left).min(LOOK))
    }

    /// Passes nudges on, and notices commits: of this process, and of those that don't sync.
    fn watch(&self, wakers: &Wakers, deriver: &mut Deriver) {
        let mut version = self.shared.store.data_version().ok();
        let mut asked = BTreeSet::new();
        let mut looked = self.shared.now();
        let mut nudged = lock::nudges(&self.shared.store);
        let notice = Notice::of(&self.shared.store);
        let mut last = Instant::now();
        while !self.own.is_stopped() {
            deriver.look();
            let woken = notice.wait(&self.own, self.until_due(looked));
            // Whoever wakes it wants something now.
            if !woken {
                self.own.wait(GAP.saturating_sub(last.elapsed()));
            }
            last = Instant::now();
            let now = lock::nudges(&self.shared.store);
            if self.asked.swap(false, Ordering::SeqCst) || now != nudged {
                nudged = now;
                wakers.mail.iter().for_each(|(_, link)| link.nudge());
            }
            let now = self.shared.store.data_version().ok();
            if now != version {
                version = now;
                wakers.errands.iter().for_each(Waker::wake);
                self.wake_for_bodies(wakers, &mut asked);
            }
            // A mail whose undo window has ended. Once for each: a mail that stays must not end every wait after a failure.
            let moment = self.shared.now();
            let due = self.shared.store.next_due(looked).ok().flatten();
            if due.is_some_and(|due| due <= moment) {
                wakers.errands.iter().for_each(Waker::wake);
            }
            // A draft that nobody has written on for a while is to be copied.
            let rested = |at: Timestamp| at.plus(-REST);
            if self.shared.store.drafts_kept_within(rested(looked), rested(moment)).unwrap_or(false) {
                wakers.errands.iter().for_each(Waker::wake);
            }
            looked = moment;
        }
    }
}

/// Who is woken for what.
#[derive(Default)]
struct Wakers {
    /// Of each account the thread that brings mail in.
    mail: Vec<(AccountId, Arc<Link>)>,
    /// The threads that run errands.
    errands: Vec<Waker>,
}

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, SyncError> {
    std::thread::Builder::new()
        .name(name)
        .spawn(work)
        .map_err(|error| UserError::new(ErrorKind::Internal, phrase!("no-thread", why = error.to_string())).into())
}
