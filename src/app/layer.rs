//! What can lie over the panes.

use crate::app::compose::{Compose, OutList};
use crate::app::line::Line;
use crate::app::picker::Picker;
use crate::keymap::Context;
use crate::model::clock::Timestamp;
use crate::model::conversation::LogEntry;
use crate::model::ids::{ConversationId, OpId};

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
}

/// A line of text with what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    /// What it is for.
    pub kind: PromptKind,
    /// The text.
    pub line: Line,
    /// What is wrong with it, in words.
    pub error: Option<String>,
    /// What snooze words mean.
    pub when: Option<Timestamp>,
    /// What completion last offered, and which of it was taken.
    pub offered: Option<(Vec<String>, usize)>,
}

/// What a line of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// A search.
    Search,
    /// Tags to add and to remove.
    Tag,
    /// A note.
    Note,
    /// A new text for a note.
    EditNote(OpId),
    /// Until when to snooze.
    Snooze,
    /// A title.
    Title,
    /// Files to attach, by path.
    Attach,
    /// When to send.
    SendLater,
    /// The folder or file that an attachment is saved to.
    SaveTo,
    /// The folder that all attachments are saved to.
    SaveAllTo,
    /// The command that an attachment is piped to.
    PipeTo,
}

impl PromptKind {
    /// Returns the words in front of the line.
    pub fn label(self) -> &'static str {
        match self {
            PromptKind::Search => "/",
            PromptKind::Tag => "Tags (+add -remove):",
            PromptKind::Note => "Note (stays in the team):",
            PromptKind::EditNote(_) => "Edit the note (the old text stays in the log):",
            PromptKind::Snooze => "Snooze until:",
            PromptKind::Title => "Title:",
            PromptKind::Attach => "Attach:",
            PromptKind::SendLater => "Send:",
            PromptKind::SaveTo => "Save to:",
            PromptKind::SaveAllTo => "Save all to:",
            PromptKind::PipeTo => "Pipe to:",
        }
    }
}

impl Prompt {
    /// Makes a prompt with `text` in its line.
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self { kind, line: Line::new(text), error: None, when: None, offered: None }
    }
}

/// Something to be read.
#[derive(Clone, Debug)]
pub enum Page {
    /// The keys of a context.
    Help {
        /// The context.
        context: Context,
        /// Lines that are scrolled away at the top.
        scroll: usize,
    },
    /// What was told.
    Messages {
        /// The entry under the cursor, of those that [`crate::app::App::told_lines`] returns.
        at: usize,
    },
    /// Who did what to a conversation.
    Log {
        /// The conversation.
        id: ConversationId,
        /// Its short id.
        short: String,
        /// The entries, newest first; `None` while they are loaded.
        entries: Option<Vec<LogEntry>>,
        /// The entry under the cursor.
        at: usize,
    },
}

impl Page {
    /// Returns how many lines are scrolled away at the top; of the log and the notices, which entry the cursor is on.
    pub fn scroll(&self) -> usize {
        match self {
            Page::Help { scroll, .. } => *scroll,
            Page::Log { at, .. } | Page::Messages { at } => *at,
        }
    }

    /// Returns it, to be changed.
    pub fn scroll_mut(&mut self) -> &mut usize {
        match self {
            Page::Help { scroll, .. } => scroll,
            Page::Log { at, .. } | Page::Messages { at } => at,
        }
    }
}
