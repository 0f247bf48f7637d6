//! What commands return.

use std::ops::RangeInclusive;

use crate::sync::imap::fetched::Fetched;

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
    /// The flags that can be changed for good (PERMANENTFLAGS, RFC 3501 section 7.1); `None` where the server did not say, which means all.
    pub permanent: Option<Vec<String>>,
    /// Whether it was opened, or can be opened, for reading only.
    pub read_only: bool,
    /// UIDs that are gone, as QRESYNC told (RFC 7162 section 3.2.5); from outside, so never to be expanded blindly.
    pub vanished: Vec<RangeInclusive<u32>>,
    /// Flags that changed, as QRESYNC told.
    pub changed: Vec<Fetched>,
}

impl Selected {
    /// Tells whether a flag such as `\Seen` can be changed for good here.
    pub fn takes(&self, flag: &str) -> bool {
        let holds = |flags: &Vec<String>| flags.iter().any(|one| one.eq_ignore_ascii_case(flag));
        !self.read_only && self.permanent.as_ref().is_none_or(holds)
    }
}

/// Tells whether MYRIGHTS lets us mark mail as deleted and expunge it: `t` and `e` (RFC 4314). `d` stands for both on servers of before
/// that; newer ones say it too as soon as one of them is granted (section 2.1.1), so there it proves nothing.
pub fn may_delete(rights: &str) -> bool {
    let newer = rights.contains(['k', 'x', 't', 'e']);
    if newer { rights.contains('t') && rights.contains('e') } else { rights.contains('d') }
}

/// What an APPEND brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// The new UID, where the server tells (RFC 4315).
    pub uid: Option<u32>,
    /// The UIDVALIDITY that it belongs to.
    pub validity: Option<u32>,
}

/// What a COPY or a MOVE brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// The UIDVALIDITY of the new UIDs, where the server tells (RFC 4315).
    pub validity: Option<u32>,
    /// Old UID and new UID of each message that the server names.
    pub uids: Vec<(u32, u32)>,
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
    /// Another folder changed (NOTIFY); a state in which nothing is told stands for a change of any kind.
    Folder(String, FolderState),
    /// The server tells of no changes any more (RFC 5465 section 5.8): some may be lost.
    Overflow,
}

/// The capabilities that postroom makes use of, as offered after the login.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    words: Vec<String>,
}

impl Capabilities {
    pub(super) fn read(list: &str) -> Self {
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
