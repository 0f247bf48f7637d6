//! Commands of a connection that is logged in.
//!
//! Folder names are UTF-8 here and modified UTF-7 on the wire. Any error but a server's plain NO or BAD makes the session useless:
//! drop it and connect anew.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode, StatusAttribute, UidSetMember};

use super::connect::{connect, refusal};
use super::divert::{Divert, Duty, Handle, IdleEnd, Untagged, lock};
use super::error::{ImapError, split_code};
use super::fetched::{Fetched, to_internal_date};
use super::names;
use super::quirks;
use super::wire::Waker;
use crate::config::Endpoint;
use crate::model::clock::Timestamp;

/// What is asked of each message by [`Session::uid_fetch_full`].
const FULL: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])";
/// The longest UID set in one command, in bytes: some servers take lines of 8192 at most (RFC 7162 section 4).
const SET_MAX: usize = 6000;

/// What STATUS or LIST-STATUS tells of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderState {
    /// UIDVALIDITY.
    pub validity: Option<u32>,
    /// UIDNEXT: the UID that the next message will get, or a lower bound of it.
    pub uid_next: Option<u32>,
    /// HIGHESTMODSEQ.
    pub modseq: Option<u64>,
    /// How many messages there are.
    pub messages: Option<u32>,
}

/// One folder of a LIST.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name in UTF-8; as it stands where it can't be decoded.
    pub name: String,
    /// The attributes in lower case, such as `\noselect` or `\sent`.
    pub attributes: Vec<String>,
    /// What stands between the levels of a name.
    pub delimiter: Option<char>,
    /// What the server told along with it (LIST-STATUS, RFC 5819).
    pub state: Option<FolderState>,
}

impl Listed {
    /// Tells whether the folder can hold messages.
    pub fn is_selectable(&self) -> bool {
        !self.attributes.iter().any(|a| a == "\\noselect" || a == "\\nonexistent")
    }
}

/// The folder that is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selected {
    /// Its name in UTF-8.
    pub name: String,
    /// How it stood when it was opened.
    pub state: FolderState,
    /// Whether its keywords can be extended (`\*` in PERMANENTFLAGS).
    pub takes_keywords: bool,
    /// Whether it was opened, or can be opened, for reading only.
    pub read_only: bool,
    /// UIDs that are gone, as QRESYNC told (RFC 7162 section 3.2.5); from outside, so never to be expanded blindly.
    pub vanished: Vec<RangeInclusive<u32>>,
    /// Flags that changed, as QRESYNC told.
    pub changed: Vec<Fetched>,
}

/// What an APPEND brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// The new UID, where the server tells (RFC 4315).
    pub uid: Option<u32>,
    /// The UIDVALIDITY that it belongs to.
    pub validity: Option<u32>,
}

/// What the server said without being asked, or while idling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// So many messages are in the open folder now.
    Exists(u32),
    /// The message with this sequence number is gone.
    Expunged(u32),
    /// Messages with these UIDs are gone.
    Vanished(Vec<RangeInclusive<u32>>),
    /// Flags of a message changed.
    Flags(Fetched),
    /// Another folder changed (NOTIFY).
    Folder(String, FolderState),
}

/// The capabilities that postroom makes use of, as offered after the login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    words: Vec<String>,
}

impl Capabilities {
    fn read(list: &str) -> Self {
        Self { words: list.split_ascii_whitespace().map(str::to_ascii_uppercase).collect() }
    }

    /// Tells whether the server offers `name`, such as `UIDPLUS`; case does not matter.
    pub fn has(&self, name: &str) -> bool {
        self.words.iter().any(|word| word.eq_ignore_ascii_case(name))
    }

    /// Returns all of them in upper case.
    pub fn all(&self) -> &[String] {
        &self.words
    }
}

/// A connection that is logged in.
pub struct Session {
    imap: imap::Session<Divert>,
    shared: Handle,
    capabilities: Capabilities,
    /// The names that don't encode to what the server calls them.
    odd_names: BTreeMap<String, String>,
    selected: Option<Selected>,
    qresync: bool,
    usable: bool,
    events: Vec<Event>,
    commands: u32,
}

/// Runs a call into the crate, which asserts on what servers send.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, ImapError> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| ImapError::Protocol("it answered what the protocol does not allow".to_owned()))
}

/// Reads an error of the crate, with the words that the crate threw away.
pub(super) fn from_crate(error: imap::Error, shared: &Handle) -> ImapError {
    let (tagged, bye) = {
        let shared = lock(shared);
        (shared.tagged.clone(), shared.bye.clone())
    };
    let words = |fallback: String| match tagged.split_once(' ') {
        Some((status, rest)) if matches!(status.to_ascii_uppercase().as_str(), "NO" | "BAD") => rest.to_owned(),
        _ => fallback,
    };
    match error {
        imap::Error::No(no) => refusal("NO", &words(no.information)),
        imap::Error::Bad(bad) => refusal("BAD", &words(bad.information)),
        imap::Error::Io(error) => match ImapError::from_io(error) {
            ImapError::Lost(_) => ended(bye),
            other => other,
        },
        imap::Error::ConnectionLost | imap::Error::Bye(_) => ended(bye),
        imap::Error::Validate(_) => ImapError::Protocol("a line end can't be sent".to_owned()),
        other => ImapError::Protocol(other.to_string().chars().take(120).collect()),
    }
}

fn ended(bye: Option<String>) -> ImapError {
    let words = bye.unwrap_or_default();
    quirks::throttled(&words).unwrap_or_else(|| ImapError::Lost(split_code(&words).1))
}

impl Session {
    /// Connects and logs in.
    ///
    /// # Errors
    /// Every way in which that fails; nothing is retried here.
    pub fn open(endpoint: &Endpoint, secret: &str, waker: &Waker) -> Result<Self, ImapError> {
        connect(endpoint, waker)?.login(secret)
    }

    pub(super) fn begin(imap: imap::Session<Divert>, shared: Handle) -> Result<Self, ImapError> {
        let mut session = Self {
            imap,
            shared,
            capabilities: Capabilities::default(),
            odd_names: BTreeMap::new(),
            selected: None,
            qresync: false,
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
        if !self.usable {
            return Err(ImapError::Lost(String::new()));
        }
        self.commands += 1;
        let result = self.exchange(command);
        let mut shared = lock(&self.shared);
        shared.queued = 0;
        shared.duty = Duty::None;
        let untagged: Vec<Untagged> = shared.queue.drain(..).collect();
        drop(shared);
        match result {
            Ok(code) => Ok((untagged, code)),
            Err(error) => {
                let dead = matches!(&error, ImapError::Bad(text) if quirks::session_is_dead(text));
                self.usable = error.leaves_session_usable() && !dead;
                for item in untagged {
                    self.note(item);
                }
                Err(error)
            }
        }
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
            Untagged::Other(Response::Expunge(seq)) => Event::Expunged(seq),
            Untagged::Other(Response::Vanished { uids, .. }) => Event::Vanished(uids),
            Untagged::Other(Response::MailboxData(MailboxDatum::Exists(n))) => Event::Exists(n),
            Untagged::Other(Response::MailboxData(MailboxDatum::Status { mailbox, status })) => {
                Event::Folder(self.decoded(&mailbox), folder_state(&status))
            }
            Untagged::Other(_) => return,
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

    /// Lists all folders; with their states in the same round trip where the server can (RFC 5819).
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn list(&mut self) -> Result<Vec<Listed>, ImapError> {
        let mut returns = Vec::new();
        if self.capabilities.has("SPECIAL-USE") {
            returns.push("SPECIAL-USE".to_owned());
        }
        if self.capabilities.has("LIST-STATUS") {
            returns.push(format!("STATUS ({})", self.status_items()));
        }
        let plain = returns.is_empty() || !self.capabilities.has("LIST-EXTENDED");
        let command = if plain {
            "LIST \"\" \"*\"".to_owned()
        } else {
            format!("LIST \"\" \"*\" RETURN ({})", returns.join(" "))
        };
        let (untagged, _) = self.run(&command)?;
        let mut listed: Vec<Listed> = Vec::new();
        let mut states: BTreeMap<String, FolderState> = BTreeMap::new();
        for item in untagged {
            match item {
                Untagged::Other(Response::MailboxData(MailboxDatum::List { name_attributes, delimiter, name })) => {
                    let name = self.decoded(&name);
                    let attributes = name_attributes.iter().map(attribute).collect();
                    let delimiter = delimiter.as_deref().and_then(|d| d.chars().next());
                    if !listed.iter().any(|l| l.name == name) {
                        listed.push(Listed { name, attributes, delimiter, state: None });
                    }
                }
                Untagged::Other(Response::MailboxData(MailboxDatum::Status { mailbox, status })) => {
                    let name = self.decoded(&mailbox);
                    states.insert(name, folder_state(&status));
                }
                other => self.note(other),
            }
        }
        for folder in &mut listed {
            folder.state = states.remove(&folder.name);
        }
        Ok(listed)
    }

    fn status_items(&self) -> &'static str {
        if self.has_modseq() { "MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ" } else { "MESSAGES UIDNEXT UIDVALIDITY" }
    }

    fn has_modseq(&self) -> bool {
        self.capabilities.has("CONDSTORE") || self.capabilities.has("QRESYNC")
    }

    /// Asks how a folder stands without opening it.
    ///
    /// # Errors
    /// [`ImapError::NoFolder`], or errors of the connection.
    pub fn status(&mut self, name: &str) -> Result<FolderState, ImapError> {
        let command = format!("STATUS {} ({})", self.wire_name(name)?, self.status_items());
        let (untagged, _) = self.run(&command).map_err(|e| no_folder(e, name))?;
        let mut state = None;
        for item in untagged {
            match item {
                Untagged::Other(Response::MailboxData(MailboxDatum::Status { status, .. })) => {
                    state = Some(folder_state(&status));
                }
                other => self.note(other),
            }
        }
        state.ok_or_else(|| ImapError::Protocol("STATUS without an answer".to_owned()))
    }

    /// Opens a folder for reading and writing.
    ///
    /// # Errors
    /// [`ImapError::NoFolder`], or errors of the connection.
    pub fn select(&mut self, name: &str) -> Result<Selected, ImapError> {
        self.open_folder("SELECT", name, None)
    }

    /// Opens a folder for reading only.
    ///
    /// # Errors
    /// As [`Session::select`].
    pub fn examine(&mut self, name: &str) -> Result<Selected, ImapError> {
        self.open_folder("EXAMINE", name, None)
    }

    /// Opens a folder for reading and learns in the same step what changed since `modseq` (QRESYNC, RFC 7162 section 3.2.5).
    /// `highest` is the highest UID known. Where `validity` is no longer right, `vanished` and `changed` are empty.
    ///
    /// # Errors
    /// As [`Session::select`].
    pub fn examine_since(
        &mut self,
        name: &str,
        validity: u32,
        modseq: u64,
        highest: u32,
    ) -> Result<Selected, ImapError> {
        self.enable_qresync()?;
        let known = quirks::known_uids(highest).map(|set| format!(" {set}")).unwrap_or_default();
        let parameters = format!(" (QRESYNC ({validity} {}{known}))", modseq.max(1));
        self.open_folder("EXAMINE", name, Some(&parameters))
    }

    /// Turns QRESYNC on, once (RFC 7162 section 3.2.3).
    ///
    /// # Errors
    /// Errors of the connection, or the server's refusal.
    pub fn enable_qresync(&mut self) -> Result<(), ImapError> {
        if !self.qresync {
            self.command("ENABLE QRESYNC")?;
            self.qresync = true;
        }
        Ok(())
    }

    fn open_folder(&mut self, verb: &str, name: &str, parameters: Option<&str>) -> Result<Selected, ImapError> {
        let wire = self.wire_name(name)?;
        let parameters = match parameters {
            Some(parameters) => parameters,
            // Dovecot tells HIGHESTMODSEQ only to who asked for CONDSTORE.
            None if self.has_modseq() && !self.qresync => " (CONDSTORE)",
            None => "",
        };
        self.selected = None;
        let (untagged, code) = self.run(&format!("{verb} {wire}{parameters}")).map_err(|e| no_folder(e, name))?;
        let mut selected = Selected { name: name.to_owned(), ..Selected::default() };
        selected.read_only = verb == "EXAMINE" || code == Some(ResponseCode::ReadOnly);
        for item in untagged {
            match item {
                Untagged::Fetch(fetched) => selected.changed.push(fetched),
                Untagged::Other(Response::Vanished { uids, .. }) => selected.vanished.extend(uids),
                Untagged::Other(Response::MailboxData(MailboxDatum::Exists(n))) => selected.state.messages = Some(n),
                Untagged::Other(Response::Data { code: Some(code), .. }) => match code {
                    ResponseCode::UidValidity(n) => selected.state.validity = Some(n),
                    ResponseCode::UidNext(n) => selected.state.uid_next = Some(n),
                    ResponseCode::HighestModSeq(n) => selected.state.modseq = Some(n),
                    ResponseCode::PermanentFlags(flags) => selected.takes_keywords = flags.iter().any(|f| f == "\\*"),
                    _ => {}
                },
                _ => {}
            }
        }
        self.events.clear();
        self.selected = Some(selected.clone());
        Ok(selected)
    }

    /// Fetches `items`, such as `(UID FLAGS)`, of the messages in `set`, such as `5:*`, of the open folder. Messages without a UID in
    /// the answer are left out.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn uid_fetch(&mut self, set: &str, items: &str) -> Result<Vec<Fetched>, ImapError> {
        if set.is_empty() {
            return Ok(Vec::new());
        }
        let (untagged, _) = self.run(&format!("UID FETCH {set} {items}"))?;
        let mut all = Vec::new();
        for item in untagged {
            match item {
                Untagged::Fetch(fetched) if fetched.uid > 0 => all.push(fetched),
                other => self.note(other),
            }
        }
        Ok(all)
    }

    /// Fetches whole messages with flags, date and size.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn uid_fetch_full(&mut self, set: &str) -> Result<Vec<Fetched>, ImapError> {
        self.uid_fetch(set, FULL)
    }

    /// Returns the UIDs of the open folder whose Message-ID header is `id` (without brackets), sorted.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn search_message_id(&mut self, id: &str) -> Result<Vec<u32>, ImapError> {
        let Some(quoted) = names::quote(id) else { return Ok(Vec::new()) };
        if !id.is_ascii() {
            return Ok(Vec::new());
        }
        self.search(&format!("HEADER Message-ID {quoted}"))
    }

    /// Runs UID SEARCH with criteria (RFC 3501 section 6.4.4) and returns the UIDs, sorted, each once.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn search(&mut self, criteria: &str) -> Result<Vec<u32>, ImapError> {
        let (untagged, _) = self.run(&format!("UID SEARCH {criteria}"))?;
        let mut found = Vec::new();
        for item in untagged {
            match item {
                Untagged::Other(Response::MailboxData(MailboxDatum::Search(uids))) => found.extend(uids),
                other => self.note(other),
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Puts a message into a folder. Flags are system flags or keywords; without a date the server takes the present.
    ///
    /// No error and no answer is no proof of failure: a connection that ends here may have stored the message. Look for its Message-ID
    /// before trying again.
    ///
    /// # Errors
    /// [`ImapError::NoFolder`] (with TRYCREATE), other refusals, errors of the connection.
    pub fn append(
        &mut self,
        folder: &str,
        flags: &[&str],
        date: Option<Timestamp>,
        bytes: &[u8],
    ) -> Result<Appended, ImapError> {
        let wire = self.wire_name(folder)?;
        let date = date.map(|at| format!(" \"{}\"", to_internal_date(at))).unwrap_or_default();
        let small = bytes.len() <= 4096 && self.capabilities.has("LITERAL-");
        let at_once = small || self.capabilities.has("LITERAL+");
        let plus = if at_once { "+" } else { "" };
        let duty = if at_once { Duty::LiteralNow(bytes.to_vec()) } else { Duty::Literal(bytes.to_vec()) };
        lock(&self.shared).duty = duty;
        let command = format!("APPEND {wire} ({}){date} {{{}{plus}}}", flags.join(" "), bytes.len());
        let code = self.command(&command).map_err(|e| match e {
            ImapError::No { code, .. } if code == "TRYCREATE" => ImapError::NoFolder(folder.to_owned()),
            other => other,
        })?;
        Ok(match code {
            Some(ResponseCode::AppendUid(validity, uids)) => {
                Appended { uid: uids.first().map(first_uid), validity: Some(validity) }
            }
            _ => Appended::default(),
        })
    }

    /// Does nothing but learn what is new; see [`Session::take_events`].
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn noop(&mut self) -> Result<(), ImapError> {
        self.command("NOOP").map(|_| ())
    }

    /// Creates a folder.
    ///
    /// # Errors
    /// A NO with code `ALREADYEXISTS` (RFC 5530) or none where it exists; other refusals, errors of the connection.
    pub fn create(&mut self, name: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(name)?;
        self.command(&format!("CREATE {wire}")).map(|_| ())
    }

    /// Deletes a folder with everything in it.
    ///
    /// # Errors
    /// Refusals, errors of the connection.
    pub fn delete(&mut self, name: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(name)?;
        self.command(&format!("DELETE {wire}")).map(|_| ())
    }

    /// Subscribes to a folder, so that other mail programs show it.
    ///
    /// # Errors
    /// Refusals, errors of the connection.
    pub fn subscribe(&mut self, name: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(name)?;
        self.command(&format!("SUBSCRIBE {wire}")).map(|_| ())
    }

    /// Changes flags: `how` is `+FLAGS`, `-FLAGS` or `FLAGS`. The server's answer is not waited for as data.
    ///
    /// # Errors
    /// Refusals, errors of the connection.
    pub fn store_flags(&mut self, set: &str, how: &str, flags: &[&str]) -> Result<(), ImapError> {
        self.command(&format!("UID STORE {set} {how}.SILENT ({})", flags.join(" "))).map(|_| ())
    }

    /// Copies messages to another folder.
    ///
    /// # Errors
    /// [`ImapError::NoFolder`], other refusals, errors of the connection.
    pub fn uid_copy(&mut self, set: &str, folder: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(folder)?;
        self.command(&format!("UID COPY {set} {wire}")).map(|_| ()).map_err(|e| no_folder(e, folder))
    }

    /// Moves messages to another folder: MOVE (RFC 6851), or copy, flag and expunge where the server has none.
    ///
    /// # Errors
    /// [`ImapError::NoFolder`], other refusals, errors of the connection.
    pub fn uid_move(&mut self, set: &str, folder: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(folder)?;
        if self.capabilities.has("MOVE") {
            return self.command(&format!("UID MOVE {set} {wire}")).map(|_| ()).map_err(|e| no_folder(e, folder));
        }
        self.uid_copy(set, folder)?;
        self.store_flags(set, "+FLAGS", &["\\Deleted"])?;
        self.expunge(set)
    }

    /// Removes messages that are flagged `\Deleted`: only those of `set` where the server has UIDPLUS, else nothing, because others
    /// may have flagged more.
    ///
    /// # Errors
    /// Refusals, errors of the connection.
    pub fn expunge(&mut self, set: &str) -> Result<(), ImapError> {
        if !self.capabilities.has("UIDPLUS") {
            return Ok(());
        }
        self.command(&format!("UID EXPUNGE {set}")).map(|_| ())
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
        {
            let mut shared = lock(&self.shared);
            shared.idle_end = None;
            shared.duty = Duty::Idle { until: Instant::now() + timeout, begun: false };
        }
        self.command("IDLE")?;
        let end = lock(&self.shared).idle_end.take();
        Ok(end.unwrap_or(IdleEnd::Timeout))
    }

    /// Says goodbye. The connection is closed either way.
    pub fn logout(mut self) {
        let _ = self.command("LOGOUT");
    }
}

fn no_folder(error: ImapError, name: &str) -> ImapError {
    match error {
        ImapError::No { code, text } => {
            let low = text.to_ascii_lowercase();
            let gone = matches!(code.as_str(), "NONEXISTENT" | "TRYCREATE")
                || ["doesn't exist", "does not exist", "no such mailbox", "unknown mailbox", "nonexistent"]
                    .iter()
                    .any(|words| low.contains(words));
            if gone { ImapError::NoFolder(name.to_owned()) } else { ImapError::No { code, text } }
        }
        other => other,
    }
}

fn first_uid(member: &UidSetMember) -> u32 {
    match member {
        UidSetMember::UidRange(range) => *range.start(),
        UidSetMember::Uid(uid) => *uid,
    }
}

fn folder_state(status: &[StatusAttribute]) -> FolderState {
    let mut state = FolderState::default();
    for item in status {
        match item {
            StatusAttribute::HighestModSeq(n) => state.modseq = Some(*n),
            StatusAttribute::Messages(n) => state.messages = Some(*n),
            StatusAttribute::UidNext(n) => state.uid_next = Some(*n),
            StatusAttribute::UidValidity(n) => state.validity = Some(*n),
            _ => {}
        }
    }
    state
}

fn attribute(attribute: &NameAttribute<'_>) -> String {
    let text = match attribute {
        NameAttribute::NoInferiors => "\\noinferiors",
        NameAttribute::NoSelect => "\\noselect",
        NameAttribute::Marked => "\\marked",
        NameAttribute::Unmarked => "\\unmarked",
        NameAttribute::All => "\\all",
        NameAttribute::Archive => "\\archive",
        NameAttribute::Drafts => "\\drafts",
        NameAttribute::Flagged => "\\flagged",
        NameAttribute::Junk => "\\junk",
        NameAttribute::Sent => "\\sent",
        NameAttribute::Trash => "\\trash",
        NameAttribute::Extension(other) => return other.to_ascii_lowercase(),
        _ => "",
    };
    text.to_owned()
}

/// Writes sorted UIDs as sets of ranges (RFC 3501 section 9, sequence-set), each short enough for one command.
pub fn uid_sets(uids: &[u32]) -> Vec<String> {
    let mut sets = Vec::new();
    let mut set = String::new();
    let mut rest = uids.iter().copied().peekable();
    while let Some(first) = rest.next() {
        let mut last = first;
        while let Some(next) = rest.next_if(|n| *n == last || Some(*n) == last.checked_add(1)) {
            last = next;
        }
        if set.len() > SET_MAX {
            sets.push(std::mem::take(&mut set));
        }
        if !set.is_empty() {
            set.push(',');
        }
        set.push_str(&if first == last { first.to_string() } else { format!("{first}:{last}") });
    }
    if !set.is_empty() {
        sets.push(set);
    }
    sets
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
