//! Everything that the screen can ask the runtime to do.

use std::collections::BTreeSet;

use crate::app::event::Ticket;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::view::PageKey;
use crate::op::operation::{Expect, Known};
use crate::op::record::NewOperation;

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A question, to be answered with [`crate::app::Event::Answer`] and the same ticket.
    Ask {
        /// The number of the question.
        ticket: Ticket,
        /// The question.
        ask: Ask,
    },
    /// Copy text to the clipboard of whoever sits at the terminal (OSC 52).
    Copy(String),
    /// Open a link.
    OpenLink(String),
    /// Save an attachment and open it.
    OpenAttachment {
        /// The mail.
        message: MessageId,
        /// The attachment's number.
        index: usize,
    },
    /// Send [`crate::app::Event::Timer`] after so many milliseconds.
    SetTimer(Timer, u64),
    /// Fetch and push now.
    SyncNow,
    /// Draw everything anew.
    Redraw,
    /// Go to the background of the shell.
    Suspend,
    /// End.
    Quit,
}

/// A timer; the number tells a newer one of its kind from an older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Load the conversation under the cursor, if it is still there.
    Preview(u64),
    /// Read what was typed, if it was not changed since.
    Typed(u64),
}

/// A question to the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Rows of a list.
    Page {
        /// The query.
        query: String,
        /// Which rows.
        range: Range,
        /// How many at most.
        limit: usize,
    },
    /// A conversation with its newest items.
    Conversation {
        /// Which.
        id: ConversationId,
        /// How many items.
        newest: usize,
    },
    /// The counts beside the views.
    Counts,
    /// How many conversations match a query.
    Count(String),
    /// Whether a query can be read.
    Parse(String),
    /// Commit operations whose targets are known, as one batch.
    Commit(Vec<NewOperation>),
    /// Commit one operation on many conversations, as one batch.
    Bulk(Targets, Bulk),
    /// Undo my last command.
    Undo,
    /// Redo it.
    Redo,
    /// Read words as a moment.
    When(String),
    /// The audit trail of a conversation.
    Log(ConversationId),
    /// Names for completion.
    Names,
}

/// Which rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// The first.
    Top,
    /// Those behind a key.
    After(PageKey),
    /// Those in front of a key.
    Before(PageKey),
    /// The last.
    Bottom,
}

/// On which conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// On these.
    These(Vec<Seen>),
    /// On all that match a query, on whichever page, but for some.
    Matching {
        /// The query.
        query: String,
        /// The exceptions.
        except: BTreeSet<ConversationId>,
    },
}

/// A conversation as the agent saw it when the key was pressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub id: ConversationId,
    /// The assignee that stood on the screen; `None` where it was not on the screen.
    pub expect: Option<Expect>,
}

/// What to do to each.
#[derive(Clone, Debug, PartialEq)]
pub enum Bulk {
    /// This.
    Op(Known),
    /// Merge it into this conversation.
    MergeInto(ConversationId),
}
