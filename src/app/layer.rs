//! What can lie over the panes.

use std::sync::Arc;

use crate::app::compose::{Compose, OutList, Quitting, SavedText};
use crate::app::help::HelpPage;
use crate::app::picker::Picker;
use crate::app::prompt::Prompt;
use crate::app::source::Source;
use crate::model::conversation::{Conversation, LogEntry};
use crate::model::customer::Customer;
use crate::model::ids::{ConversationId, MessageId};
use crate::model::piped::Piped;
use crate::model::reply::Collision;
use crate::model::view::ConversationRow;

/// A layer over the panes; the topmost has the keys.
#[derive(Clone, Debug)]
pub enum Layer {
    /// A line of text.
    Prompt(Prompt),
    /// A choice among many, by typing: agents, inboxes, links, and all actions (the palette).
    Picker(Picker),
    /// Something to be read: help, notices, the audit trail.
    Page(Page),
    /// A mail being written, or looked over before it is sent.
    Compose(Box<Compose>),
    /// The outbox, or the drafts.
    Out(OutList),
    /// The question whether to leave with mail on its way.
    Quit(Quitting),
    /// A mail that was stopped beside what stopped it, and what to do.
    Collision(Box<Collision>),
}

/// Something to be read.
#[derive(Clone, Debug)]
pub enum Page {
    /// What can be done, by task.
    Help(HelpPage),
    /// What was told.
    Messages {
        /// The entry under the cursor, of those that [`crate::app::App::told_lines`] returns.
        at: usize,
    },
    /// Who did what to a conversation.
    Log {
        /// The conversation; `None` where it is the log of all.
        id: Option<ConversationId>,
        /// Its short id.
        short: Option<String>,
        /// The entries, newest first; `None` while they are loaded.
        entries: Option<Vec<LogEntry>>,
        /// The entry under the cursor.
        at: usize,
    },
    /// A message as it came.
    Source {
        /// Which.
        of: MessageId,
        /// Who wrote it, and when.
        name: String,
        /// Its headers and lines; `None` while they are loaded.
        source: Option<Arc<Source>>,
        /// Whether the whole is shown, not the headers alone.
        raw: bool,
        /// Lines that are scrolled away at the top.
        scroll: usize,
    },
    /// What a command made of mail.
    Piped {
        /// The command, as it was typed.
        command: String,
        /// What came of it; `None` while it runs.
        piped: Option<Box<Piped>>,
        /// Lines that are scrolled away at the top.
        scroll: usize,
    },
    /// Conversations that may become one, to be compared.
    Compared {
        /// Their short ids.
        shorts: String,
        /// They themselves; `None` while they are loaded.
        sides: Option<Arc<Vec<Side>>>,
        /// How many lines they take, as they were last drawn.
        lines: usize,
        /// Lines that are scrolled away at the top.
        scroll: usize,
    },
    /// What is marked, before something is done to it.
    Marked {
        /// The rows, those that are to be looked at twice first; `None` while they are loaded.
        rows: Option<Vec<ConversationRow>>,
        /// How many further ones are not shown.
        more: usize,
        /// The row under the cursor.
        at: usize,
    },
    /// What became of a shared reply since it was last used, before it is put in.
    Changed {
        /// The reply.
        saved: Box<SavedText>,
        /// Lines that are scrolled away at the top.
        scroll: usize,
    },
}

/// A conversation that is compared with others, with whom it is with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// The conversation.
    pub conversation: Conversation,
    /// The customer.
    pub customer: Customer,
}

impl Page {
    /// Returns how many lines are scrolled away at the top; of the log, the notices and what is marked, which entry the cursor is on.
    pub fn scroll_mut(&mut self) -> &mut usize {
        match self {
            Page::Help(HelpPage { scroll, .. }) | Page::Piped { scroll, .. } => scroll,
            Page::Changed { scroll, .. } | Page::Source { scroll, .. } | Page::Compared { scroll, .. } => scroll,
            Page::Log { at, .. } | Page::Messages { at } | Page::Marked { at, .. } => at,
        }
    }
}
