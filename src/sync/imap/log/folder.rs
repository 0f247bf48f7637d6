//! What the log needs of a folder: little, and nothing beyond base IMAP.
//!
//! Tests put an in-memory folder here that loses answers, hides mails and changes its UIDVALIDITY on demand.

use std::fmt;
use std::time::Duration;

use crate::model::clock::Timestamp;
use crate::model::ids::MessageId;
use crate::model::phrase::Phrase;
use crate::model::stop::Stop;
use crate::model::text::{SafeText, in_quotes};
use crate::text;

/// A mail of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogMail {
    /// Its UID.
    pub uid: u32,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// INTERNALDATE (RFC 3501 section 2.3.3): when the server took it in, by its own clock or as whoever put it there said.
    pub arrived: Option<Timestamp>,
}

/// A UID and the Message-ID of its mail, where that has one: what tells that a UID still names the same mail.
pub type Witness = (u32, Option<MessageId>);

/// How the folder was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opened {
    /// UIDVALIDITY (RFC 3501 section 2.3.1.1).
    pub validity: u32,
    /// Whether nothing can be written.
    pub read_only: bool,
    /// UIDNEXT, where the server tells it.
    pub uid_next: Option<u32>,
    /// HIGHESTMODSEQ (RFC 7162), where the server has it.
    pub modseq: Option<u64>,
    /// How many mails there are, where the server tells it.
    pub messages: Option<u32>,
    /// Whether it is the first folder that was opened in its connection: a server that was restored has ended those of before.
    pub first: bool,
}

/// Why the folder could not do something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderError {
    /// The connection ended. Whether the last command took effect is not known.
    Lost(String),
    /// The folder is gone.
    Missing(String),
    /// Nothing can be written here.
    ReadOnly(String),
    /// The server wants us to slow down.
    Throttled {
        /// For how long, where it says so.
        wait: Option<Duration>,
        /// Its words.
        text: String,
    },
    /// The folder is not there and the server does not let us make it.
    NotMade {
        /// As the config calls it.
        name: String,
        /// The server's words.
        why: String,
    },
    /// The mailbox has no room (OVERQUOTA, RFC 5530 section 3).
    Full(String),
    /// The server says no.
    Refused(String),
}

impl FolderError {
    /// Returns what happened. What the server said in it is made safe to show, and bounded.
    pub fn phrase(&self) -> Phrase {
        let safe = |words: &str| SafeText::line_max(words, 400);
        match self {
            Self::Lost(words) => Phrase::from(&safe(words)),
            Self::Missing(name) => phrase!("log-folder-gone", folder = safe(&in_quotes(name))),
            Self::ReadOnly(words) => phrase!("log-folder-read-only", words = safe(words)),
            Self::Throttled { text, .. } => phrase!("log-folder-throttled", words = safe(text)),
            Self::NotMade { name, why } => {
                phrase!("log-folder-not-made", folder = safe(&in_quotes(name)), why = safe(why))
            }
            Self::Full(words) => phrase!("log-folder-full", words = safe(words)),
            Self::Refused(words) => phrase!("log-folder-refused", words = safe(words)),
        }
    }
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::render(&self.phrase()))
    }
}

impl std::error::Error for FolderError {}

/// A folder that holds the log.
pub trait LogFolder {
    /// Tells when to end work on what was read here.
    fn stop(&self) -> Stop {
        Stop::never()
    }

    /// Finds the folder, makes it and subscribes to it where it is missing, and selects it anew, so that its numbers are those of now.
    ///
    /// # Errors
    /// When it can't be found or made.
    fn open(&mut self) -> Result<Opened, FolderError>;

    /// Puts a mail in, marked as seen; without a time it gets the server's. Returns UIDVALIDITY and UID where the server tells them
    /// (UIDPLUS, RFC 4315).
    ///
    /// # Errors
    /// [`FolderError::Lost`] means that it may be there or not.
    fn append(&mut self, raw: &[u8], at: Option<Timestamp>) -> Result<Option<(u32, u32)>, FolderError>;

    /// Asks for news, so that what was appended can be seen (Courier needs it).
    ///
    /// # Errors
    /// When the connection ended.
    fn noop(&mut self) -> Result<(), FolderError>;

    /// Hands every mail whose UID is over `uid` to `each`, in any order.
    ///
    /// # Errors
    /// When the connection ended; some mails may have been handed over.
    fn fetch_after(&mut self, uid: u32, each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError>;

    /// Hands the mails of these UIDs to `each`; those that are gone are passed over.
    ///
    /// # Errors
    /// When the connection ended.
    fn fetch(&mut self, uids: &[u32], each: &mut dyn FnMut(LogMail)) -> Result<(), FolderError>;

    /// Returns all UIDs.
    ///
    /// # Errors
    /// When the connection ended.
    fn uids(&mut self) -> Result<Vec<u32>, FolderError>;

    /// Returns the Message-IDs of the mails of these UIDs; those that are gone are left out.
    ///
    /// # Errors
    /// When the connection ended.
    fn identities(&mut self, uids: &[u32]) -> Result<Vec<Witness>, FolderError>;

    /// Returns the UIDs of mails that look like snapshots by their subject, in any order; none where the server can't search.
    ///
    /// # Errors
    /// When the connection ended.
    fn find_snapshots(&mut self) -> Result<Vec<u32>, FolderError>;

    /// Returns the UIDs of mails that look like keys by their subject, in any order; none where the server can't search.
    ///
    /// # Errors
    /// When the connection ended.
    fn find_keys(&mut self) -> Result<Vec<u32>, FolderError>;

    /// Returns those of these UIDs whose mails have fields of delivery in their headers.
    ///
    /// # Errors
    /// When the connection ended.
    fn delivered(&mut self, uids: &[u32]) -> Result<Vec<u32>, FolderError>;

    /// Removes mails for good. Returns `false` where the rights or the server don't allow to remove just these.
    ///
    /// # Errors
    /// When the connection ended.
    fn remove(&mut self, uids: &[u32]) -> Result<bool, FolderError>;
}
