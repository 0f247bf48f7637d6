//! A remote in memory that does what a test tells it to: it is given mails, refuses, loses connections and answers. Several clients can share
//! one. It stands for what real servers won't do on demand, and for every kind that is yet to come: nothing above the sync knows of it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::error::{Failure, Remedy, SyncError};
use super::log::LogPass;
use super::moves::Moves;
use super::pass::{FolderPass, Pass, Progress};
use super::remote::{Connection, Filing, Gate, Log, Look, Mailbox, News, Post, Remote, Waited};
use super::transport::{Envelope, Outcome, Place, Transport};
use super::waker::Waker;
use crate::config::Account;
use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, MessageId};
use crate::model::stop::Stop;
use crate::store::{FolderRole, Store, StoreError};

/// What was refused is tried again after this time, in milliseconds.
const REFUSED: i64 = 300_000;
/// How long a wait for mail is at most.
const LOOK: Duration = Duration::from_secs(60);

/// Where something goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum At {
    Connect,
    Append,
    Fetch,
    Send,
    File,
    Move,
}

/// What goes wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The remote says no, and nothing was done.
    Refuse,
    /// The connection ends before anything was done.
    Lose,
    /// It was done, and the connection ends before anybody hears of it.
    LoseAnswer,
}

/// A mail that lies there.
#[derive(Clone, Debug)]
pub(crate) struct Mail {
    pub id: MessageId,
    pub folder: String,
    pub at: Timestamp,
    pub raw: Vec<u8>,
}

/// The remote, which clients connect to by its name.
#[derive(Default)]
pub(crate) struct Server {
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub log: Vec<String>,
    pub mails: Vec<Mail>,
    /// What went out, and to whom.
    pub went: Vec<(Envelope, Vec<u8>)>,
    pub connects: usize,
    faults: VecDeque<(At, Fault)>,
    wakers: Vec<Waker>,
}

static SERVERS: LazyLock<Mutex<BTreeMap<String, Arc<Server>>>> = LazyLock::new(Mutex::default);

impl Server {
    /// Sets one up under a name that no other test uses.
    pub(crate) fn start(name: &str) -> Arc<Self> {
        let server = Arc::new(Self::default());
        SERVERS.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), Arc::clone(&server));
        server
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets something go wrong the next time that it is tried.
    pub(crate) fn fail(&self, at: At, fault: Fault) {
        self.state().faults.push_back((at, fault));
    }

    /// Lets a mail arrive.
    pub(crate) fn deliver(&self, folder: &str, id: &MessageId, at: Timestamp, raw: &str) {
        let mail = Mail { id: id.clone(), folder: folder.to_owned(), at, raw: raw.replace('\n', "\r\n").into_bytes() };
        let mut state = self.state();
        state.mails.push(mail);
        state.wakers.iter().for_each(Waker::wake);
    }
}

impl State {
    fn fault(&mut self, at: At) -> Option<Fault> {
        let found = self.faults.iter().position(|(place, _)| *place == at)?;
        self.faults.remove(found).map(|(_, fault)| fault)
    }

    fn changes(&self) -> (usize, usize) {
        (self.log.len(), self.mails.len())
    }
}

/// What it did not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Failed(Fault);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 == Fault::Refuse { "the script says no" } else { "the script hung up" })
    }
}

impl std::error::Error for Failed {}

impl Failure for Failed {
    fn remedy(&self) -> Remedy {
        Remedy::Wait
    }

    fn leaves_connection_usable(&self) -> bool {
        self.0 == Fault::Refuse
    }

    fn told(&self, account: &Account) -> UserError {
        UserError::new(ErrorKind::Remote, format!("account {}: {self}", account.id))
    }
}

/// What stands behind an account of this kind.
pub(super) struct ScriptedRemote {
    server: Arc<Server>,
    store: Store,
    account: AccountId,
}

impl ScriptedRemote {
    /// Finds the one of that name; one that no test has set up does not answer.
    pub(super) fn named(name: &str, store: Store, account: AccountId) -> Arc<dyn Remote> {
        let server = SERVERS.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        Arc::new(Self { server: server.unwrap_or_default(), store, account })
    }
}

impl Remote for ScriptedRemote {
    fn connect(&self, waker: &Waker, gate: Arc<dyn Gate>) -> Result<Box<dyn Connection>, SyncError> {
        let mut state = self.server.state();
        let opened = match state.fault(At::Connect) {
            Some(fault) => Err(SyncError::Remote(Box::new(Failed(fault)))),
            None => Ok(()),
        };
        gate.ended(opened.as_ref().err());
        opened?;
        state.connects += 1;
        state.wakers.push(waker.clone());
        Ok(Box::new(Scripted {
            server: Arc::clone(&self.server),
            store: self.store.clone(),
            account: self.account.clone(),
            waker: waker.clone(),
            usable: true,
            seen: state.changes(),
        }))
    }
}

/// A connection to it.
struct Scripted {
    server: Arc<Server>,
    store: Store,
    account: AccountId,
    waker: Waker,
    usable: bool,
    /// How much was there when it was last looked at.
    seen: (usize, usize),
}

impl Scripted {
    /// Meets the faults of a place: what was to be done by `work` was done where only the answer is lost.
    fn meet<T>(
        &mut self,
        at: At,
        work: impl FnOnce(&Self, &mut State) -> Result<T, StoreError>,
    ) -> Result<T, SyncError> {
        let server = Arc::clone(&self.server);
        let mut state = server.state();
        let fault = if self.usable { state.fault(at) } else { Some(Fault::Lose) };
        let done = match fault {
            Some(Fault::Refuse | Fault::Lose) => None,
            Some(Fault::LoseAnswer) | None => Some(work(self, &mut state)?),
        };
        self.usable &= !matches!(fault, Some(Fault::Lose | Fault::LoseAnswer));
        match (fault, done) {
            (None, Some(done)) => Ok(done),
            (fault, _) => Err(SyncError::Remote(Box::new(Failed(fault.unwrap_or(Fault::Lose))))),
        }
    }

    fn wait_for_news(&mut self, at_most: Duration) -> Waited {
        let end = Instant::now() + at_most;
        loop {
            let now = self.server.state().changes();
            if now != self.seen {
                self.seen = now;
                return Waited::Changed;
            }
            if !self.waker.wait(end.saturating_duration_since(Instant::now())) {
                return Waited::Timeout;
            }
            if self.server.state().changes() == self.seen {
                return Waited::Woken;
            }
        }
    }

    fn words(&self, error: SyncError) -> UserError {
        UserError::new(ErrorKind::Remote, format!("account {}: {error}", self.account))
    }

    /// Takes in the mails that are not here.
    fn take_in(&self, state: &State) -> Result<Pass, StoreError> {
        let mut pass = Pass::default();
        for mail in &state.mails {
            if self.store.has_message(&mail.id)? {
                continue;
            }
            let role = if mail.folder == "Sent" { FolderRole::Sent } else { FolderRole::Inbox };
            self.store.take_in_mail(&self.account, (&mail.folder, role), vec![(mail.at, mail.raw.clone())])?;
            let of_it = pass.folders.iter().position(|folder| folder.name == mail.folder);
            if of_it.is_none() {
                pass.folders.push(FolderPass { name: mail.folder.clone(), ..FolderPass::default() });
            }
            if let Some(folder) = pass.folders.iter_mut().find(|folder| folder.name == mail.folder) {
                folder.fetched += 1;
                folder.new += 1;
            }
        }
        Ok(pass)
    }

    /// Takes in the records behind those that were read.
    fn read_log(&self, state: &State) -> Result<LogPass, StoreError> {
        let read = self.store.log_read(&self.account)? as usize;
        let new: Vec<String> = state.log.iter().skip(read).cloned().collect();
        let mut pass = LogPass { pulled: new.len() as u64, ..LogPass::default() };
        if !new.is_empty() {
            pass.change = Some(self.store.take_in_log(&self.account, new)?);
        }
        Ok(pass)
    }
}

impl Connection for Scripted {
    fn is_usable(&self) -> bool {
        self.usable
    }

    fn stands(&mut self) -> bool {
        self.usable
    }

    fn stop(&self) -> Stop {
        let waker = self.waker.clone();
        Stop::when(move || waker.is_stopped())
    }

    fn log(&mut self) -> &mut dyn Log {
        self
    }

    fn mailbox(&mut self) -> &mut dyn Mailbox {
        self
    }

    fn post(&mut self) -> &mut dyn Post {
        self
    }

    fn close(self: Box<Self>) {}
}

impl Log for Scripted {
    fn read(&mut self) -> Result<LogPass, SyncError> {
        let server = Arc::clone(&self.server);
        let mut pass = self.read_log(&server.state())?;
        pass.refused = self.store.refusals(&self.account, false)?;
        Ok(pass)
    }

    fn append(&mut self) -> Result<LogPass, SyncError> {
        self.store.remember_waiting(&self.account)?;
        let mut pass = Log::read(self)?;
        let waiting: Vec<String> =
            self.store.unpushed_of(&self.account, 1000)?.into_iter().map(|(_, json)| json).collect();
        if waiting.is_empty() {
            return Ok(pass);
        }
        let count = waiting.len() as u64;
        let put = self.meet(At::Append, |_, state| {
            state.log.extend(waiting);
            state.wakers.iter().for_each(Waker::wake);
            Ok(())
        });
        match put {
            Err(SyncError::Remote(failure)) if failure.leaves_connection_usable() => {
                pass.trouble = Some(UserError::new(ErrorKind::Remote, failure.to_string()));
                return Ok(pass);
            }
            other => other?,
        }
        let back = Log::read(self)?;
        pass.pushed = count;
        pass.appended = 1;
        pass.change = back.change;
        pass.refused = back.refused;
        Ok(pass)
    }

    fn wait(&mut self, at_most: Duration) -> Result<Waited, SyncError> {
        Ok(self.wait_for_news(at_most))
    }

    fn follow(&mut self) -> Result<bool, SyncError> {
        Ok(true)
    }

    fn unfollow(&mut self) {}
}

impl Mailbox for Scripted {
    fn fetch(&mut self, _look: &Look, _progress: &mut dyn FnMut(Progress)) -> Result<Pass, SyncError> {
        self.meet(At::Fetch, |client, state| client.take_in(state))
    }

    fn fetch_asked(&mut self) -> Result<usize, SyncError> {
        Ok(0)
    }

    fn wait(&mut self) -> Result<News, SyncError> {
        Ok(match self.wait_for_news(LOOK) {
            Waited::Changed | Waited::Timeout => News::Look(Look::All),
            Waited::Woken => News::Woken,
        })
    }

    fn move_due(&mut self, by: Timestamp) -> Result<Moves, SyncError> {
        let waiting = self.store.mail_moves(&self.account, by, usize::MAX)?;
        if waiting.is_empty() {
            return Ok(Moves::default());
        }
        let targets: BTreeMap<MessageId, String> =
            waiting.iter().map(|mail| (mail.message.clone(), mail.target.clone())).collect();
        let moved = self.meet(At::Move, |_, state| {
            for mail in &mut state.mails {
                if let Some(target) = targets.get(&mail.id) {
                    mail.folder.clone_from(target);
                }
            }
            Ok(())
        });
        match moved {
            Err(SyncError::Remote(failure)) if failure.leaves_connection_usable() => {
                let ids: Vec<i64> = waiting.iter().map(|mail| mail.id).collect();
                let again = self.store.author().clock.now().plus(REFUSED);
                self.store.put_off_moves(&ids, &failure.to_string(), again)?;
                return Ok(Moves::default());
            }
            other => other?,
        }
        self.store.move_here(&self.account)?;
        Ok(Moves { moved: waiting.len() as u64, kept: Vec::new() })
    }

    fn erase_due(&mut self, _by: Timestamp) -> Result<u64, SyncError> {
        self.store.end_traces_here(&self.account)?;
        Ok(0)
    }

    /// Nobody looks at its mails with another program.
    fn tell_flags(&mut self, _by: Timestamp) -> Result<u64, SyncError> {
        self.store.forget_flags(&self.account)?;
        Ok(0)
    }

    fn copy_drafts(&mut self, _on: bool, _rested: Timestamp) -> Result<(), SyncError> {
        Ok(())
    }
}

impl Transport for Scripted {
    fn ready(&mut self) -> Result<(), SyncError> {
        Ok(())
    }

    fn send(&mut self, envelope: &Envelope, bytes: &[u8], mark: &mut dyn FnMut() -> Result<(), String>) -> Outcome {
        let mut state = self.server.state();
        match state.fault(At::Send) {
            Some(Fault::Refuse) => return Outcome::Refused { words: "the script says no".to_owned() },
            Some(Fault::Lose) => return Outcome::Later { words: "the script hung up".to_owned() },
            Some(Fault::LoseAnswer) => {
                let _ = mark();
                state.went.push((envelope.clone(), bytes.to_vec()));
                return Outcome::Unknown { words: "the script hung up".to_owned() };
            }
            None => {}
        }
        if let Err(words) = mark() {
            return Outcome::Later { words };
        }
        state.went.push((envelope.clone(), bytes.to_vec()));
        Outcome::Accepted { words: String::new(), refused: Vec::new() }
    }

    fn find(&mut self, id: &MessageId) -> Result<Place, UserError> {
        let there = self.server.state().mails.iter().any(|mail| mail.id == *id);
        Ok(if there { Place::Sent } else { Place::Nowhere })
    }
}

impl Filing for Scripted {
    fn refresh(&mut self) -> Result<(), UserError> {
        Log::read(self).map_err(|error| self.words(error))?;
        self.fetch(&Look::All, &mut |_| {}).map(|_| ()).map_err(|error| self.words(error))
    }

    fn filed(&mut self, ids: &[MessageId]) -> Result<HashSet<MessageId>, UserError> {
        let state = self.server.state();
        Ok(ids.iter().filter(|id| state.mails.iter().any(|mail| mail.id == **id)).cloned().collect())
    }

    fn file(&mut self, id: &MessageId, copy: &[u8]) -> Result<(), UserError> {
        let mail =
            Mail { id: id.clone(), folder: "Sent".to_owned(), at: self.store.author().clock.now(), raw: copy.to_vec() };
        let put = self.meet(At::File, |_, state| {
            state.mails.push(mail);
            Ok(())
        });
        put.map_err(|error| self.words(error))
    }

    fn show_filed(&mut self) {
        let server = Arc::clone(&self.server);
        let _ = self.take_in(&server.state());
    }
}

#[cfg(test)]
#[path = "scripted_tests.rs"]
mod tests;
