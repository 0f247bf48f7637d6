//! Commands that learn of changes in folders that are not open.

use imap_proto::{MailboxDatum, Response};

use super::folders::folder_state;
use super::{Event, FolderState, SET_MAX, Session};
use crate::sync::imap::divert::Untagged;
use crate::sync::imap::error::ImapError;
use crate::sync::imap::names::same_name;
use crate::sync::imap::quirks;

/// What NOTIFY is asked to tell of.
const EVENTS: &str = "(MessageNew MessageExpunge FlagChange)";

impl Session {
    /// Asks how some folders stand, in one round trip where the server can (RFC 5258, RFC 5819). Those that it does not have, or does not
    /// show, are left out.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn states(&mut self, names: &[String]) -> Result<Vec<(String, FolderState)>, ImapError> {
        if self.capabilities.has("LIST-STATUS") && self.capabilities.has("LIST-EXTENDED") {
            match self.listed_states(names) {
                // What a server offers is not always what it does.
                Err(ImapError::Bad(_) | ImapError::No { .. }) if self.usable => {}
                other => return other,
            }
        }
        let mut states = Vec::new();
        for name in names {
            match self.status(name) {
                Ok(state) => states.push((name.clone(), state)),
                Err(error) if error.leaves_session_usable() && !quirks::stops_everything(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(states)
    }

    fn listed_states(&mut self, names: &[String]) -> Result<Vec<(String, FolderState)>, ImapError> {
        let patterns = self.wire_names(names)?;
        if patterns.len() > SET_MAX {
            return Err(ImapError::Bad("too many folders for one command".to_owned()));
        }
        let (untagged, _) = self.run(&format!("LIST \"\" ({patterns}) RETURN (STATUS ({}))", self.status_items()))?;
        let mut states = Vec::new();
        for item in untagged {
            match item {
                Untagged::Other(Response::MailboxData(MailboxDatum::Status { mailbox, status })) => {
                    let told = self.decoded(&mailbox);
                    // A name can look like a pattern, so more may come.
                    if let Some(name) = names.iter().find(|name| same_name(name, &told)) {
                        states.push((name.clone(), folder_state(&status)));
                    }
                }
                Untagged::Other(Response::MailboxData(MailboxDatum::List { .. })) => {}
                other => self.note(other),
            }
        }
        Ok(states)
    }

    fn wire_names(&self, names: &[String]) -> Result<String, ImapError> {
        let wire: Vec<String> = names.iter().map(|name| self.wire_name(name)).collect::<Result<_, _>>()?;
        Ok(wire.join(" "))
    }

    /// Asks the server to tell from now on of every change in these folders (RFC 5465): as [`Event::Folder`], or as the usual events in
    /// the folder that is open. How they stand now, but for the one that is open, is told first, and that shows which names the server
    /// has understood: those are returned. `None` where it will tell nothing.
    ///
    /// To be asked once in a connection: see `quirks::NOTIFY_ONCE`.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn notify(&mut self, names: &[String]) -> Result<Option<Vec<String>>, ImapError> {
        let Ok(wire) = self.wire_names(names) else { return Ok(None) };
        let again = self.notified && quirks::NOTIFY_ONCE;
        if names.is_empty() || wire.len() > SET_MAX || again || !self.capabilities.has("NOTIFY") {
            return Ok(None);
        }
        let command = format!("NOTIFY SET STATUS (selected-delayed {EVENTS}) (mailboxes ({wire}) {EVENTS})");
        match self.run(&command) {
            Ok((untagged, _)) => {
                self.notified = true;
                let before = self.events.len();
                untagged.into_iter().for_each(|item| self.note(item));
                let told = self.events.get(before..).unwrap_or_default();
                let is_told = |name: &&String| told.iter().any(|e| matches!(e, Event::Folder(f, _) if f == *name));
                Ok(Some(names.iter().filter(is_told).cloned().collect()))
            }
            Err(ImapError::Bad(_) | ImapError::No { .. }) if self.usable => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Forgets what was told of the folder that is open. Where NOTIFY is on, that it changed is kept, because it is not told again.
    pub(super) fn leave(&mut self) {
        let left = self.selected.take();
        let before = self.events.len();
        self.events.retain(|event| matches!(event, Event::Folder(..) | Event::Overflow));
        if let Some(left) = left.filter(|_| self.notified && self.events.len() < before) {
            self.events.push(Event::Folder(left.name, FolderState::default()));
        }
    }
}
