//! Commands of a connection that is logged in.
//!
//! Folder names are UTF-8 here and modified UTF-7 on the wire. Any error but a server's plain NO or BAD makes the session useless:
//! drop it and connect anew.

mod folders;
mod making;
mod messages;
mod places;
mod types;
mod watching;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub use messages::uid_sets;
pub use types::{Appended, Capabilities, Copied, Event, FolderState, Listed, Selected, may_delete};

use folders::folder_state;
use imap_proto::{MailboxDatum, Response, ResponseCode};

use super::crate_error::{from_crate, guarded};
use super::divert::{Divert, Duty, Handle, IdleEnd, Untagged, lock};
use super::error::ImapError;
use super::names;
use super::namespace::Namespace;
use super::quirks;
use crate::model::stop::Stop;

/// The longest UID set in one command, in bytes: some servers take lines of 8192 at most (RFC 7162 section 4).
const SET_MAX: usize = 6000;
/// A connection that is logged in.
pub struct Session {
    imap: imap::Session<Divert>,
    shared: Handle,
    capabilities: Capabilities,
    /// The names that don't encode to what the server calls them.
    odd_names: BTreeMap<String, String>,
    selected: Option<Selected>,
    /// Where folders stand, once it was asked; the inner `None` is a server that does not tell.
    namespace: Option<Option<Namespace>>,
    qresync: bool,
    /// Whether the server was asked to tell of changes in other folders.
    notified: bool,
    usable: bool,
    events: Vec<Event>,
    commands: u32,
}

impl Session {
    /// Tells work on what this connection brought when it is to end: once its [`super::Waker`] is stopped.
    pub fn stop(&self) -> Stop {
        lock(&self.shared).stop.clone()
    }

    /// Begins with a connection that has just logged in.
    ///
    /// # Errors
    /// Errors of the connection, when it is asked what it offers.
    pub(super) fn begin(imap: imap::Session<Divert>, shared: Handle) -> Result<Self, ImapError> {
        let mut session = Self {
            imap,
            shared,
            capabilities: Capabilities::default(),
            odd_names: BTreeMap::new(),
            selected: None,
            namespace: None,
            qresync: false,
            notified: false,
            usable: true,
            events: Vec::new(),
            commands: 0,
        };
        if lock(&session.shared).capabilities.is_none() {
            session.command("CAPABILITY")?;
        }
        let list = lock(&session.shared).capabilities.clone().unwrap_or_default();
        session.capabilities = Capabilities::read(&list);
        Ok(session)
    }

    /// Returns what the server offers.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Returns the folder that is open.
    pub fn selected(&self) -> Option<&Selected> {
        self.selected.as_ref()
    }

    /// Tells whether the connection can be used further.
    pub fn is_usable(&self) -> bool {
        self.usable
    }

    /// Returns how many commands were sent since the login.
    pub fn commands(&self) -> u32 {
        self.commands
    }

    /// Takes what the server said without being asked.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Bounds the literals of one command's responses, in bytes; 64 MiB unless set.
    pub fn set_literal_max(&mut self, bytes: u64) {
        lock(&self.shared).literal_max = bytes;
    }

    /// Runs a command and returns its untagged responses and the code of its OK.
    fn run(&mut self, command: &str) -> Result<(Vec<Untagged>, Option<ResponseCode<'static>>), ImapError> {
        let (untagged, result) = self.run_as_far(command);
        match result {
            Ok(code) => Ok((untagged, code)),
            Err(error) => {
                for item in untagged {
                    self.note(item);
                }
                Err(error)
            }
        }
    }

    /// Runs a command and returns its untagged responses as far as they came, and how it ended.
    fn run_as_far(&mut self, command: &str) -> (Vec<Untagged>, Result<Option<ResponseCode<'static>>, ImapError>) {
        if !self.usable {
            return (Vec::new(), Err(ImapError::Lost(String::new())));
        }
        self.commands += 1;
        let result = self.exchange(command);
        let mut shared = lock(&self.shared);
        shared.queued = 0;
        shared.passed = 0;
        shared.answered = 0;
        shared.duty = Duty::None;
        let untagged: Vec<Untagged> = shared.queue.drain(..).collect();
        drop(shared);
        if let Err(error) = &result {
            let dead = matches!(error, ImapError::Bad(text) if quirks::session_is_dead(text));
            self.usable = error.leaves_session_usable() && !dead;
        }
        (untagged, result)
    }

    fn exchange(&mut self, command: &str) -> Result<Option<ResponseCode<'static>>, ImapError> {
        let imap = &mut self.imap;
        let shared = &self.shared;
        guarded(|| match imap.run(command) {
            Ok((data, at)) => {
                let done = data.get(at..).unwrap_or_default();
                Ok(match imap_proto::parser::parse_response(done) {
                    Ok((_, Response::Done { code, .. })) => code.map(ResponseCode::into_owned),
                    _ => None,
                })
            }
            Err(error) => Err(from_crate(error, shared)),
        })?
    }

    /// Runs a command whose answer is only yes or no.
    fn command(&mut self, command: &str) -> Result<Option<ResponseCode<'static>>, ImapError> {
        let (untagged, code) = self.run(command)?;
        for item in untagged {
            self.note(item);
        }
        Ok(code)
    }

    /// Keeps what nobody asked for.
    fn note(&mut self, item: Untagged) {
        let event = match item {
            Untagged::Fetch(fetched) => Event::Flags(fetched),
            Untagged::Overflow => Event::Overflow,
            Untagged::Other(Response::Expunge(seq)) => Event::Expunged(seq),
            Untagged::Other(Response::Vanished { uids, .. }) => Event::Vanished(uids),
            Untagged::Other(Response::MailboxData(MailboxDatum::Exists(n))) => Event::Exists(n),
            Untagged::Other(Response::MailboxData(MailboxDatum::Status { mailbox, status })) => {
                Event::Folder(self.decoded(&mailbox), folder_state(&status))
            }
            Untagged::Namespace(_) | Untagged::Other(_) => return,
        };
        // Nobody may be listening: an unread heap of flags is worth no more than the fact that something changed.
        if self.events.len() < 10_000 {
            self.events.push(event);
        }
    }

    fn decoded(&mut self, wire: &str) -> String {
        match names::decode(wire) {
            Some(name) => {
                if names::encode(&name) != wire {
                    self.odd_names.insert(name.clone(), wire.to_owned());
                }
                name
            }
            None => {
                self.odd_names.insert(wire.to_owned(), wire.to_owned());
                wire.to_owned()
            }
        }
    }

    fn wire_name(&self, name: &str) -> Result<String, ImapError> {
        let wire = self.odd_names.get(name).cloned().unwrap_or_else(|| names::encode(name));
        names::quote(&wire).ok_or_else(|| ImapError::NoFolder(name.to_owned()))
    }

    /// Waits until the open folder changes, somebody wakes us, or `timeout` is over (RFC 2177). Without IDLE it asks once with NOOP
    /// and returns [`IdleEnd::Timeout`] where nothing is new; the caller waits then. What changed is in [`Session::take_events`].
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn idle(&mut self, timeout: Duration) -> Result<IdleEnd, ImapError> {
        if !self.capabilities.has("IDLE") {
            self.noop()?;
            return Ok(if self.events.is_empty() { IdleEnd::Timeout } else { IdleEnd::Changed });
        }
        let end = Instant::now() + timeout;
        loop {
            let before = self.events.len();
            let (ended, is_last) = self.idle_turn(end)?;
            // Some tell what is new only when they are asked.
            if ended == IdleEnd::Timeout && self.events.len() > before {
                return Ok(IdleEnd::Changed);
            }
            if ended != IdleEnd::Timeout || is_last {
                return Ok(ended);
            }
        }
    }

    /// Waits for a stretch of an IDLE that goes on until `end`; tells whether it was the last.
    fn idle_turn(&mut self, end: Instant) -> Result<(IdleEnd, bool), ImapError> {
        let is_last = {
            let mut shared = lock(&self.shared);
            let turn = Instant::now() + shared.idle_turn;
            shared.idle_end = None;
            shared.duty = Duty::Idle { until: end.min(turn), begun: false };
            end <= turn
        };
        self.command("IDLE")?;
        let ended = lock(&self.shared).idle_end.take();
        Ok((ended.unwrap_or(IdleEnd::Timeout), is_last))
    }

    /// Says goodbye. The connection is closed either way.
    pub fn logout(mut self) {
        let _ = self.command("LOGOUT");
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
