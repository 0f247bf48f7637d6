//! Commands about messages: fetch, search, put away, flag, move.

use imap_proto::{MailboxDatum, Response, ResponseCode, UidSetMember};

use super::folders::no_folder;
use super::{Appended, Copied, SET_MAX, Session};
use crate::model::clock::Timestamp;
use crate::sync::imap::divert::{Duty, Untagged, lock};
use crate::sync::imap::error::ImapError;
use crate::sync::imap::fetched::{Fetched, to_internal_date};
use crate::sync::imap::names;

/// What is asked of each message by [`Session::uid_fetch_full`].
const FULL: &str = "(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])";

/// The most pairs of a COPYUID that are read: no command of ours names more messages.
const COPIED_MAX: usize = 10_000;

impl Session {
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

    /// Fetches as [`Session::uid_fetch`] does, and takes no more than `bytes` of literals. Returns what came, and what ended it before
    /// the server had said that this was all.
    pub fn uid_fetch_as_far(&mut self, set: &str, items: &str, bytes: u64) -> (Vec<Fetched>, Option<ImapError>) {
        let most = {
            let mut shared = lock(&self.shared);
            let most = shared.literal_max;
            shared.literal_max = most.min(bytes);
            most
        };
        let (untagged, result) = self.run_as_far(&format!("UID FETCH {set} {items}"));
        lock(&self.shared).literal_max = most;
        let mut all = Vec::new();
        for item in untagged {
            match item {
                Untagged::Fetch(fetched) if fetched.uid > 0 => all.push(fetched),
                other => self.note(other),
            }
        }
        (all, result.err())
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

    /// Returns the UIDs of the open folder whose Message-ID header is one of `ids`, sorted: one question, so some tens at a time.
    ///
    /// # Errors
    /// Errors of the connection.
    pub fn search_message_ids(&mut self, ids: &[&str]) -> Result<Vec<u32>, ImapError> {
        let quoted = ids.iter().filter(|id| id.is_ascii()).filter_map(|id| names::quote(id));
        let mut keys: Vec<String> = quoted.map(|id| format!("HEADER Message-ID {id}")).collect();
        let Some(last) = keys.pop() else { return Ok(Vec::new()) };
        let others: String = keys.iter().map(|key| format!("OR {key} ")).collect();
        self.search(&format!("{others}{last}"))
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
    pub fn uid_copy(&mut self, set: &str, folder: &str) -> Result<Copied, ImapError> {
        self.copy_or_move("COPY", set, folder)
    }

    /// Moves messages to another folder (RFC 6851); only where the server offers MOVE.
    ///
    /// # Errors
    /// [`ImapError::NoFolder`], other refusals, errors of the connection. Of several messages some may have been moved then.
    pub fn uid_move(&mut self, set: &str, folder: &str) -> Result<Copied, ImapError> {
        self.copy_or_move("MOVE", set, folder)
    }

    fn copy_or_move(&mut self, verb: &str, set: &str, folder: &str) -> Result<Copied, ImapError> {
        let wire = self.wire_name(folder)?;
        let (untagged, done) = self.run(&format!("UID {verb} {set} {wire}")).map_err(|e| no_folder(e, folder))?;
        let mut copied = Copied::default();
        let mut take = |code: &ResponseCode<'_>| {
            if let ResponseCode::CopyUid(validity, from, to) = code {
                copied.validity = Some(*validity);
                copied.uids.extend(members(from).zip(members(to)).take(COPIED_MAX));
            }
        };
        done.iter().for_each(&mut take);
        for item in untagged {
            match item {
                // A MOVE tells them in front of its expunges (RFC 6851 section 4.3).
                Untagged::Other(Response::Data { code: Some(code @ ResponseCode::CopyUid(..)), .. }) => take(&code),
                other => self.note(other),
            }
        }
        copied.uids.sort_unstable();
        copied.uids.dedup();
        Ok(copied)
    }

    /// Flags messages as deleted, and removes them as far as [`Session::expunge`] can. The UIDs are in order.
    ///
    /// # Errors
    /// Refusals, errors of the connection. Of several messages some may have been removed then.
    pub fn remove(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        for set in uid_sets(uids) {
            self.store_flags(&set, "+FLAGS", &["\\Deleted"])?;
            self.expunge(&set)?;
        }
        Ok(())
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
}

/// Expands a set, as far as anybody asks.
fn members(set: &[UidSetMember]) -> impl Iterator<Item = u32> {
    set.iter().flat_map(|member| match member {
        UidSetMember::UidRange(range) => range.clone(),
        UidSetMember::Uid(uid) => *uid..=*uid,
    })
}

fn first_uid(member: &UidSetMember) -> u32 {
    match member {
        UidSetMember::UidRange(range) => *range.start(),
        UidSetMember::Uid(uid) => *uid,
    }
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
