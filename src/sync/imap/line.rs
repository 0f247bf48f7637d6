//! A connection that goes on after a command has ended it, so that a fault of one mail can be told from a fault of the connection.
//!
//! It is opened anew a bounded number of times. Where that does not succeed, or nothing comes in between, the fault was the connection's.

use super::error::{ImapError, Remedy};
use super::quirks;
use super::session::Session;
use crate::sync::error::SyncError;

/// Opens a connection to the same account anew.
pub type Reopen<'r> = dyn FnMut() -> Result<Session, SyncError> + 'r;

/// How often a pass opens a connection anew.
const REOPENED_MAX: u32 = 40;
/// How often in a row without anything coming in between.
const FRUITLESS_MAX: u32 = 6;

/// The connection of a pass.
pub(super) struct Line<'a> {
    pub session: &'a mut Session,
    reopen: Option<&'a mut Reopen<'a>>,
    reopened: u32,
    fruitless: u32,
}

impl<'a> Line<'a> {
    pub(super) fn new(session: &'a mut Session, reopen: Option<&'a mut Reopen<'a>>) -> Self {
        Self { session, reopen, reopened: 0, fruitless: 0 }
    }

    /// Returns how often it was opened anew.
    pub(super) fn reopened(&self) -> u32 {
        self.reopened
    }

    /// Notes that something came.
    pub(super) fn fruitful(&mut self) {
        self.fruitless = 0;
    }

    /// Makes the connection usable again after `error`, which is returned where that succeeded. No folder may be open then.
    ///
    /// # Errors
    /// `error`, where it concerns the account or the connection; what kept the connection from being opened anew.
    pub(super) fn survive(&mut self, error: ImapError) -> Result<ImapError, SyncError> {
        let of_account = matches!(error.remedy(), Remedy::Stop | Remedy::Person) || quirks::stops_everything(&error);
        if of_account {
            return Err(error.into());
        }
        if self.session.is_usable() {
            return Ok(error);
        }
        let Some(reopen) = self.reopen.as_mut().filter(|_| self.fruitless < FRUITLESS_MAX) else {
            return Err(error.into());
        };
        if self.reopened >= REOPENED_MAX {
            return Err(error.into());
        }
        tracing::info!(%error, "the connection is opened anew");
        *self.session = reopen()?;
        self.reopened += 1;
        self.fruitless += 1;
        Ok(error)
    }

    /// Opens a folder for reading where it is not open, with the UIDs that it had.
    ///
    /// # Errors
    /// Errors of the connection; that the UIDs are others now.
    pub(super) fn at(&mut self, folder: &str, validity: u32) -> Result<(), ImapError> {
        if self.session.selected().is_some_and(|selected| selected.name == folder) {
            return Ok(());
        }
        let selected = self.session.examine(folder)?;
        match selected.state.validity {
            Some(now) if now != validity => Err(ImapError::Protocol("the UIDs became others on the way".to_owned())),
            _ => Ok(()),
        }
    }
}
