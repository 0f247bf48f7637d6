//! A line of text that is asked for: what it is for, and the words in front of it.

use crate::app::conversation::Find;
use crate::app::effect::Piping;
use crate::app::line::Line;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, OpId};

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
    /// Of a note: where what is typed is kept.
    pub place: Option<String>,
    /// Whether something was typed that is not kept yet.
    pub dirty: bool,
    /// Whether what stands there is an earlier text that the first letter typed takes the place of.
    pub fresh: bool,
    /// Of words to find: what was looked for before.
    pub found: Option<Find>,
    /// Of a command that gets mail: which; `None` for what is marked.
    pub piping: Option<Piping>,
    /// Of a reason to give back: what was in hand when it was asked for.
    pub hand: Option<ConversationId>,
}

/// What a line of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// A search.
    Search,
    /// Words to find in the open conversation.
    Find,
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
    /// The command that gets mail.
    PipeMail,
    /// The name of a view of one's own.
    SaveView,
    /// Why what is in hand is given back to the queue.
    GiveBack,
}

impl PromptKind {
    /// Returns the words in front of the line.
    pub fn label(self) -> String {
        match self {
            PromptKind::Search => "/".to_owned(),
            PromptKind::Find => say!("prompt-find"),
            PromptKind::Note => say!("prompt-note"),
            PromptKind::EditNote(_) => say!("prompt-edit-note"),
            PromptKind::Snooze => say!("prompt-snooze"),
            PromptKind::Title => say!("prompt-title"),
            PromptKind::Attach => say!("prompt-attach"),
            PromptKind::SendLater => say!("prompt-later"),
            PromptKind::SaveTo => say!("prompt-save"),
            PromptKind::SaveAllTo => say!("prompt-save-all"),
            PromptKind::PipeTo | PromptKind::PipeMail => say!("prompt-pipe"),
            PromptKind::SaveView => say!("prompt-save-view"),
            PromptKind::GiveBack => say!("prompt-give-back"),
        }
    }
}

impl Prompt {
    /// Tells whether Enter begins a new line: in a note whose line ends in a backslash, as shells have it.
    pub(super) fn ends_in_new_line(&self) -> bool {
        let is_note = matches!(self.kind, PromptKind::Note | PromptKind::EditNote(_));
        is_note && self.line.after().is_empty() && self.line.before().ends_with('\\')
    }

    /// Makes a prompt with `text` in its line.
    pub fn new(kind: PromptKind, text: &str) -> Self {
        Self {
            kind,
            line: Line::new(text),
            error: None,
            when: None,
            offered: None,
            place: None,
            dirty: false,
            fresh: false,
            found: None,
            piping: None,
            hand: None,
        }
    }
}
