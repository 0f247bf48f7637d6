//! Commands about folders: list, look at, open, make.

use std::collections::{BTreeMap, HashSet};

use imap_proto::{MailboxDatum, NameAttribute, Response, ResponseCode, StatusAttribute};

use super::{FolderState, Listed, Selected, Session};
use crate::sync::imap::divert::Untagged;
use crate::sync::imap::error::ImapError;
use crate::sync::imap::names::same_name;
use crate::sync::imap::namespace::{self, Namespace};
use crate::sync::imap::quirks;

impl Session {
    /// Lists all folders, and asks for no more than their names.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn list(&mut self) -> Result<Vec<Listed>, ImapError> {
        self.listed(false)
    }

    /// Lists all folders; with their states in the same round trip where the server can (RFC 5819). That is asked of all that the login
    /// can see, so not where only some of it is the team's.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn list_with_states(&mut self) -> Result<Vec<Listed>, ImapError> {
        self.listed(true)
    }

    fn listed(&mut self, with_states: bool) -> Result<Vec<Listed>, ImapError> {
        let mut returns = Vec::new();
        if self.capabilities.has("SPECIAL-USE") {
            returns.push("SPECIAL-USE".to_owned());
        }
        if with_states && self.capabilities.has("LIST-STATUS") {
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
        let mut names: HashSet<String> = HashSet::new();
        let mut states: BTreeMap<String, FolderState> = BTreeMap::new();
        for item in untagged {
            match item {
                Untagged::Other(Response::MailboxData(MailboxDatum::List { name_attributes, delimiter, name })) => {
                    let name = self.decoded(&name);
                    let attributes = name_attributes.iter().map(attribute).collect();
                    let delimiter = delimiter.as_deref().and_then(|d| d.chars().next());
                    if names.insert(name.clone()) {
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

    /// Asks where a person's own folders stand (RFC 2342), once a connection; `None` where the server does not tell.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn namespace(&mut self) -> Result<Option<Namespace>, ImapError> {
        if let Some(known) = &self.namespace {
            return Ok(known.clone());
        }
        let mut found = None;
        if self.capabilities.has("NAMESPACE") || self.capabilities.has("IMAP4REV2") {
            let answer = match self.run("NAMESPACE") {
                Err(error) if error.leaves_session_usable() => Vec::new(),
                answer => answer?.0,
            };
            for item in answer {
                match item {
                    Untagged::Namespace(line) => found = namespace::parse(&line),
                    other => self.note(other),
                }
            }
        }
        if let Some(namespace) = &mut found {
            namespace.prefix = self.decoded(&namespace.prefix);
            namespace.elsewhere = namespace.elsewhere.iter().map(|prefix| self.decoded(prefix)).collect();
        }
        self.namespace = Some(found.clone());
        Ok(found)
    }

    pub(super) fn status_items(&self) -> &'static str {
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
                Untagged::Other(Response::MailboxData(MailboxDatum::Status { mailbox, status }))
                    // Some spell the name in a way of their own; only where NOTIFY is on, another folder's may come in between.
                    if !self.notified || same_name(&self.decoded(&mailbox), name) =>
                {
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
    fn enable_qresync(&mut self) -> Result<(), ImapError> {
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
        self.leave();
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
                    ResponseCode::PermanentFlags(flags) => {
                        selected.takes_keywords = flags.iter().any(|f| f == "\\*");
                        selected.permanent = Some(flags.iter().map(ToString::to_string).collect());
                    }
                    _ => {}
                },
                other @ (Untagged::Overflow | Untagged::Other(Response::MailboxData(MailboxDatum::Status { .. }))) => {
                    self.note(other);
                }
                Untagged::Namespace(_) | Untagged::Other(_) => {}
            }
        }
        self.selected = Some(selected.clone());
        Ok(selected)
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

    /// Asks what we may do with a folder (RFC 4314 section 3.5): letters such as `lrswite`. `None` where the server has no ACL.
    ///
    /// # Errors
    /// Refusals, errors of the connection.
    pub fn my_rights(&mut self, name: &str) -> Result<Option<String>, ImapError> {
        if !self.capabilities.has("ACL") {
            return Ok(None);
        }
        let wire = self.wire_name(name)?;
        let (untagged, _) = self.run(&format!("MYRIGHTS {wire}"))?;
        let mut rights = None;
        for item in untagged {
            match item {
                Untagged::Other(Response::MyRights(mine)) => {
                    rights = Some(mine.rights.into_iter().map(char::from).collect());
                }
                other => self.note(other),
            }
        }
        Ok(rights)
    }

    /// Asks who else may do what with a folder (RFC 4314 section 3.3), as names with their letters. Empty where the server has no ACL, or
    /// tells it only to who may change it.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn rights_of_all(&mut self, name: &str) -> Result<Vec<(String, String)>, ImapError> {
        if !self.capabilities.has("ACL") {
            return Ok(Vec::new());
        }
        let wire = self.wire_name(name)?;
        let untagged = match self.run(&format!("GETACL {wire}")) {
            Err(error) if error.leaves_session_usable() => return Ok(Vec::new()),
            answer => answer?.0,
        };
        let mut all = Vec::new();
        for item in untagged {
            match item {
                Untagged::Other(Response::Acl(acl)) => all.extend(acl.acls.into_iter().map(|entry| {
                    let letters = entry.rights.into_iter().map(char::from).collect();
                    (self.decoded(&entry.identifier), letters)
                })),
                other => self.note(other),
            }
        }
        Ok(all)
    }

    /// Subscribes to a folder, so that other mail programs show it.
    ///
    /// # Errors
    /// Refusals, errors of the connection.
    pub fn subscribe(&mut self, name: &str) -> Result<(), ImapError> {
        let wire = self.wire_name(name)?;
        self.command(&format!("SUBSCRIBE {wire}")).map(|_| ())
    }
}

pub(super) fn no_folder(error: ImapError, name: &str) -> ImapError {
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

pub(super) fn folder_state(status: &[StatusAttribute]) -> FolderState {
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
