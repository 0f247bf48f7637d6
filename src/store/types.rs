//! What goes into the store and what comes out, beside the plain types of `model`.

use jiff::tz::TimeZone;

use crate::model::agent::TeamRecord;
use crate::model::change::Change;
use crate::model::clock::Timestamp;
use crate::model::description;
use crate::model::ids::{AccountId, ConversationId, Handle, MessageId, OpId};
use crate::model::text::SafeText;
use crate::op::fold::Lost;
pub use crate::op::record::LogPlace;
use crate::op::record::Record;
use crate::text;

/// What a typed conversation id leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// To this one, by its present id.
    One(ConversationId),
    /// To none.
    None,
    /// To several: their short ids, at most twenty.
    Many(Vec<String>),
}

/// What a commit did.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "tell the actor of lost claims"]
pub struct Committed {
    /// The records made, in order.
    pub records: Vec<Record>,
    /// What it touched.
    pub change: Change,
    /// Claims of these records that came second.
    pub lost: Vec<Lost>,
}

/// What an undo or a redo did.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "show the notice"]
pub struct Undone {
    /// What was taken back, in words.
    pub notice: SafeText,
    /// The same as facts.
    pub undone: description::Undone,
    /// Whether something was erased since, which stays: the notice says so.
    pub past_erasure: bool,
    /// The conversations that it is about, by name.
    pub about: Vec<(ConversationId, String)>,
    /// How many more it is about than are named.
    pub more: usize,
    /// The commands of which something was taken back.
    pub commands: Vec<OpId>,
    /// What it did.
    pub committed: Committed,
}

/// The most conversations that the notice of an undo names.
const NAMED_MAX: usize = 3;

impl Undone {
    /// Returns what was taken back, in words, with the conversations that it is about by name, the first of many.
    pub fn named_notice(&self, zone: &TimeZone) -> SafeText {
        if self.past_erasure {
            return self.notice.clone();
        }
        let named: Vec<String> = self.about.iter().take(NAMED_MAX).map(|(_, name)| name.clone()).collect();
        let others = self.more + self.about.len() - named.len();
        text::undo_notice_of(&self.undone, &named, others, &|at| text::moment(at, zone))
    }
}

/// What came of taking back an operation by its id.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "say what became of it"]
pub enum Takeback {
    /// It is taken back.
    Done(Box<Undone>),
    /// There is no such operation or batch here.
    Unknown,
    /// It has no effect any more: it was taken back before. What it did, in words.
    Already(SafeText),
    /// It can't be taken back, such as a mail that went out. What it did, in words.
    Never(SafeText),
}

/// What an account's log says of the team, and who said it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamEntry {
    /// What it says.
    pub record: TeamRecord,
    /// The record that says it.
    pub id: OpId,
    /// Who said it.
    pub by: Handle,
    /// When, by their clock.
    pub at: Timestamp,
    /// Its place on the log; `None` until it is there.
    pub place: Option<LogPlace>,
    /// Its number in this store: the later of two came later.
    pub number: i64,
}

/// What came of setting the team's record of an account.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "say what came of it"]
pub enum TeamSet {
    /// The log says just that already: nothing was written.
    Already,
    /// It is written, and waits for the log.
    Set(Committed),
    /// Another process set the record since it was read: nothing was written.
    Changed,
}

/// Which part of the audit trail is asked for, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter {
    /// Only what was done to this conversation.
    pub conversation: Option<ConversationId>,
    /// Only what stands in front of this record.
    pub before: Option<OpId>,
    /// At most so many entries.
    pub limit: usize,
}

/// What a folder is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FolderRole {
    /// Mail comes in here.
    Inbox,
    /// Mail of ours: all of it is outbound.
    Sent,
    /// Half-written mail of other programs; not ingested.
    Drafts,
    /// Any other folder with mail.
    Other,
    /// The team's log.
    Log,
    /// Mail that somebody put aside as dealt with.
    Archive,
}

impl FolderRole {
    /// Returns the name kept in the store.
    pub fn name(self) -> &'static str {
        match self {
            FolderRole::Inbox => "inbox",
            FolderRole::Sent => "sent",
            FolderRole::Drafts => "drafts",
            FolderRole::Other => "other",
            FolderRole::Log => "log",
            FolderRole::Archive => "archive",
        }
    }
}

/// A folder of an account and how far it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The store's number.
    pub id: i64,
    /// The account.
    pub account: AccountId,
    /// The name as the server has it, in UTF-8.
    pub name: String,
    /// What it is for.
    pub role: FolderRole,
    /// UIDVALIDITY (RFC 3501 section 2.3.1.1) of the UIDs kept.
    pub validity: Option<u32>,
    /// UIDNEXT at the end of the last complete pass.
    pub uid_next: Option<u32>,
    /// HIGHESTMODSEQ (RFC 7162) at the end of the last complete pass.
    pub modseq: Option<u64>,
    /// The highest UIDNEXT that was told under this UIDVALIDITY, where that is more than at the end of the last complete pass.
    pub seen_next: Option<u32>,
    /// The highest HIGHESTMODSEQ that was told under it, likewise.
    pub seen_modseq: Option<u64>,
    /// When the last complete pass ended.
    pub last_pass: Option<Timestamp>,
    /// How many messages were here at the end of the last complete pass.
    pub messages: Option<u32>,
    /// Below which UID old flags are read again next, where the server has no MODSEQ.
    pub flags_below: Option<u32>,
    /// The lowest UID that is here; the first pass goes on below it.
    pub lowest_fetched: Option<u32>,
    /// The highest UID that is here.
    pub highest_fetched: Option<u32>,
}

/// A mail that comes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Its UID in the folder.
    pub uid: u32,
    /// Its flags and keywords as the server has them.
    pub flags: Vec<String>,
    /// INTERNALDATE (RFC 3501 section 2.3.3).
    pub arrived: Timestamp,
    /// RFC822.SIZE in bytes.
    pub size: u64,
    /// MODSEQ (RFC 7162), where the server has it.
    pub modseq: Option<u64>,
    /// What was fetched of it.
    pub content: Content,
}

/// What was fetched of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// All of it.
    Whole(Vec<u8>),
    /// The headers; the body comes later.
    Headers(Vec<u8>),
}

/// What an ingest did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ingested {
    /// What it touched.
    pub change: Change,
    /// How many messages were not known before.
    pub new: usize,
}

/// How a pass over a folder ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PassEnd {
    /// UIDVALIDITY.
    pub validity: u32,
    /// UIDNEXT.
    pub uid_next: u32,
    /// HIGHESTMODSEQ, where the server has it.
    pub modseq: Option<u64>,
    /// How many messages are here.
    pub messages: Option<u32>,
    /// Below which UID old flags are to be read again next.
    pub flags_below: Option<u32>,
    /// When it ended.
    pub at: Timestamp,
}

/// A known message at a new place in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relocated {
    /// Its UID now.
    pub uid: u32,
    /// Its Message-ID.
    pub message: MessageId,
    /// What tells mails of one Message-ID apart, see [`crate::store::Identity`]; `None` where only the id is known.
    pub variant: Option<i64>,
    /// Its flags.
    pub flags: Vec<String>,
    /// RFC822.SIZE in bytes.
    pub size: u64,
}

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Where it stands.
    pub place: LogPlace,
    /// The record as it was written.
    pub json: String,
}
