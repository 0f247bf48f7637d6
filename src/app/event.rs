//! Everything that can happen to the screen.

use crate::app::conversation::Laid;
use crate::app::effect::Timer;
use crate::error::UserError;
use crate::keymap::Key;
use crate::model::change::{Change, SyncStatus};
use crate::model::clock::Timestamp;
use crate::model::conversation::{Conversation, LogEntry};
use crate::model::ids::{Handle, Tag};
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Counts};
use crate::op::fold::Lost;

/// The number of a question. An answer to a question that is no longer open is ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size: columns, rows.
    Resize(u16, u16),
    /// Time has gone on.
    Tick(Timestamp),
    /// A timer that was set has run out.
    Timer(Timer),
    /// The store changed, by us or by others.
    StoreChanged(Change),
    /// A question was answered.
    Answer(Ticket, Result<Answer, UserError>),
    /// An account stands otherwise.
    Sync(SyncStatus),
    /// Something failed that nobody asked for just now.
    Failed(UserError),
    /// Something worth telling happened.
    Told(SafeText),
    /// The conversation was laid out for the screen.
    Laid(Laid),
    /// The program is back from the background.
    Resumed,
    /// The program must end: a signal.
    Quit,
}

/// What a question was answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Rows of a list, in list order.
    Rows(Vec<ConversationRow>),
    /// A conversation; `None` where it is gone.
    Conversation(Option<Box<Conversation>>),
    /// The counts beside the views.
    Counts(Counts),
    /// How many conversations match.
    Count(u64),
    /// A query can be read.
    Parsed,
    /// Operations were committed.
    Done(Done),
    /// Something was undone or redone, in words; `None` where there was nothing.
    Undone(Option<SafeText>),
    /// Words were read as a moment.
    When(Timestamp),
    /// The audit trail, newest first.
    Log(Vec<LogEntry>),
    /// Names for completion.
    Names {
        /// Tags in use.
        tags: Vec<Tag>,
        /// Agents that the log names.
        agents: Vec<Handle>,
    },
}

/// What came of a commit.
#[derive(Clone, Debug, Default)]
pub struct Done {
    /// How many conversations were touched.
    pub conversations: usize,
    /// Claims that somebody else was faster with.
    pub lost: Vec<Lost>,
}
