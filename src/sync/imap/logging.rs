//! The log of a connection: a folder that is read, appended to and waited for.

use std::time::Duration;

use super::ImapError;
use super::connection::ImapConnection;
use super::divert::IdleEnd;
use super::log::once::LogKeeper;
use super::quirks;
use super::remote::lock;
use super::session::{FolderState, Session};
use crate::sync::error::SyncError;
use crate::sync::log::LogPass;
use crate::sync::log::keys::{KeyLine, UpTo, Waiting};
use crate::sync::remote::{Log, Signatures, Waited};

/// How long it waits between questions where IDLE is missing.
const POLL: Duration = Duration::from_secs(5);

impl ImapConnection {
    /// Works on the log with what is known of it, which is kept for the next connection.
    fn keep_log<T>(
        &mut self,
        work: impl FnOnce(&mut LogKeeper, &mut Session) -> Result<T, SyncError>,
    ) -> Result<T, SyncError> {
        let taken = lock(&self.kept).log.take();
        let mut keeper = match taken {
            Some(keeper) => keeper,
            None => LogKeeper::new(&self.store, &self.account, self.opener.remotes.stay)?,
        };
        let done = work(&mut keeper, &mut self.session);
        lock(&self.kept).log = Some(keeper);
        done
    }

    fn pass(&mut self, write: bool) -> Result<LogPass, SyncError> {
        let pass =
            self.keep_log(|keeper, session| if write { keeper.append(session) } else { keeper.read(session) })?;
        if let Some(told) = self.told.take() {
            lock(&self.kept).idle.learn(told, pass.pulled > pass.appended);
        }
        Ok(pass)
    }

    /// Returns what the server calls the log's folder, once it was found or made.
    fn log_folder(&self) -> Option<String> {
        lock(&self.kept).log.as_ref().and_then(|keeper| keeper.folder().cloned())
    }

    fn rest(&self, at_most: Duration) -> IdleEnd {
        if self.opener.waker.wait(at_most) { IdleEnd::Woken } else { IdleEnd::Timeout }
    }

    fn wait_for_log(&mut self, at_most: Duration) -> Result<IdleEnd, SyncError> {
        let Some(folder) = self.log_folder() else { return Ok(self.rest(at_most)) };
        let session = &mut self.session;
        if !session.capabilities().has("IDLE") {
            return Ok(self.rest(POLL.min(at_most)));
        }
        if session.selected().is_none_or(|selected| selected.name != folder) {
            match session.examine(&folder) {
                // What the passes say of it is told; it is not watched meanwhile.
                Err(error) if error.leaves_session_usable() && session.is_usable() => return Ok(self.rest(POLL)),
                opened => drop(opened?),
            }
        }
        let trusted = lock(&self.kept).idle.wait().unwrap_or(at_most);
        let end = session.idle(trusted.min(at_most).min(quirks::IDLE_FOR))?;
        session.take_events();
        Ok(end)
    }
}

impl Log for ImapConnection {
    fn read(&mut self) -> Result<LogPass, SyncError> {
        self.pass(false)
    }

    fn append(&mut self) -> Result<LogPass, SyncError> {
        self.pass(true)
    }

    fn show(&mut self, pass: &LogPass) -> Result<(), SyncError> {
        self.keep_log(|keeper, session| keeper.mirror(session, pass.change.as_ref()))
    }

    fn is_there(&self) -> bool {
        self.log_folder().is_some()
    }

    fn wait(&mut self, at_most: Duration) -> Result<Waited, SyncError> {
        let end = self.wait_for_log(at_most)?;
        self.told = Some(end == IdleEnd::Changed);
        Ok(match end {
            IdleEnd::Changed => Waited::Changed,
            IdleEnd::Woken => Waited::Woken,
            IdleEnd::Timeout => Waited::Timeout,
        })
    }

    fn follow(&mut self) -> Result<bool, SyncError> {
        self.beside = match self.log_folder() {
            Some(name) => state_of(&mut self.session, name)?,
            None => None,
        };
        Ok(self.beside.is_some())
    }

    fn unfollow(&mut self) {
        self.beside = None;
    }

    fn signatures(&mut self) -> Option<&mut dyn Signatures> {
        Some(self)
    }
}

impl Signatures for ImapConnection {
    fn adoptable(&mut self, up_to: Option<UpTo>) -> Result<Waiting, SyncError> {
        self.keep_log(|keeper, session| keeper.adoptable(session, up_to))
    }

    fn adopt(&mut self, up_to: UpTo) -> Result<Option<LogPass>, SyncError> {
        self.keep_log(|keeper, session| keeper.adopt(session, up_to))
    }

    fn keys(&mut self, rotate: bool) -> Result<(LogPass, Vec<KeyLine>), SyncError> {
        self.keep_log(|keeper, session| keeper.keys(session, rotate))
    }
}

/// Asks how a folder stands; one that is not there is none.
fn state_of(session: &mut Session, name: String) -> Result<Option<(String, FolderState)>, SyncError> {
    match session.status(&name) {
        Ok(state) => Ok(Some((name, state))),
        Err(error) if error.leaves_session_usable() => Ok(None),
        Err(error) => Err(ImapError::into(error)),
    }
}
