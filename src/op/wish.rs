//! What somebody wants done to conversations, whichever way they said it: by a key, a verb, a command line or a rule.
//!
//! A wish knows nothing of the conversations it is for. `service::triage` finds out which operations are still needed for it.

use std::collections::BTreeSet;

use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, InboxId, MessageId, OpId, Tag};
use crate::model::phrase::Phrase;
use crate::model::status::Status;
use crate::op::operation::{Known, TEXT_MAX, mentions_in};

/// The most characters of a title.
pub const TITLE_MAX: usize = 500;

/// One thing that is to be so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// This agent has it, or nobody. A conversation that is another's than was shown stays theirs.
    Assign {
        /// Who.
        to: Option<Handle>,
    },
    /// It has this status, and does not sleep.
    Status {
        /// Which.
        to: Status,
    },
    /// It sleeps until then; `None` wakes it.
    Snooze {
        /// When it wakes.
        until: Option<Timestamp>,
    },
    /// These tags are on and those are off.
    Tag {
        /// Tags to put on.
        add: BTreeSet<Tag>,
        /// Tags to take off; one that is in both is put on.
        remove: BTreeSet<Tag>,
    },
    /// It has one more note.
    Note {
        /// The text; each `@name` in it mentions that agent.
        text: String,
    },
    /// A note has another text.
    EditNote {
        /// The record that wrote the note.
        note: OpId,
        /// The new text.
        text: String,
    },
    /// It has this title; an empty one is the subject's.
    Title {
        /// At most [`TITLE_MAX`] characters.
        text: String,
    },
    /// It is in this inbox.
    Move {
        /// Which.
        inbox: InboxId,
    },
    /// Somebody follows it, or does not.
    Follow {
        /// Who.
        who: Handle,
        /// Whether they do.
        on: bool,
    },
    /// It is part of another conversation.
    Merge {
        /// The one that stays: its id, or a beginning of one that only it has.
        into: ConversationId,
    },
    /// One of its messages, with the answers to that, is a conversation of its own.
    Split {
        /// The message.
        message: MessageId,
    },
    /// Whoever wishes it has seen the notes that mention them.
    SeenMentions,
}

/// Why a wish can't be had, whatever the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// A tag wish without tags.
    NoTag,
    /// A note of nothing but white space.
    EmptyNote,
    /// A note over [`TEXT_MAX`] characters.
    LongNote,
    /// A title over [`TITLE_MAX`] characters.
    LongTitle,
}

impl Unfit {
    /// Returns what it says.
    pub fn phrase(self) -> Phrase {
        match self {
            Self::NoTag => phrase!("tags-none"),
            Self::EmptyNote => phrase!("note-empty"),
            Self::LongNote => phrase!("note-too-long", most = TEXT_MAX.to_string()),
            Self::LongTitle => phrase!("title-too-long", most = TITLE_MAX.to_string()),
        }
    }
}

impl Wish {
    /// Tells whether its texts and lists are within bounds, before any conversation is looked at.
    ///
    /// # Errors
    /// Says which bound it breaks.
    pub fn check(&self) -> Result<(), Unfit> {
        match self {
            Self::Tag { add, remove } if add.is_empty() && remove.is_empty() => Err(Unfit::NoTag),
            Self::Note { text } | Self::EditNote { text, .. } if text.trim().is_empty() => Err(Unfit::EmptyNote),
            Self::Note { text } | Self::EditNote { text, .. } if text.chars().count() > TEXT_MAX => {
                Err(Unfit::LongNote)
            }
            Self::Title { text } if text.chars().count() > TITLE_MAX => Err(Unfit::LongTitle),
            _ => Ok(()),
        }
    }

    /// Returns the operation that fulfils the wish where nothing of it is so yet; `None` for a merge, whose operation names a message
    /// where the wish names a conversation.
    pub fn op(&self) -> Option<Known> {
        Some(match self {
            Self::Assign { to } => Known::Assign { to: to.clone() },
            Self::Status { to } => Known::SetStatus { to: *to },
            Self::Snooze { until } => Known::Snooze { until: *until },
            Self::Tag { add, remove } => Known::Tag { add: add.clone(), remove: remove.clone() },
            Self::Note { text } => Known::Note { mentions: mentions_in(text), text: text.trim_end().to_owned() },
            Self::EditNote { note, text } => {
                Known::EditNote { note: *note, mentions: mentions_in(text), text: text.trim_end().to_owned() }
            }
            Self::Title { text } => Known::Title { text: text.trim().to_owned() },
            Self::Move { inbox } => Known::Move { inbox: inbox.clone(), from: None },
            Self::Follow { who, on } => Known::Follow { who: who.clone(), on: *on },
            Self::Merge { .. } => return None,
            Self::Split { .. } => Known::Split,
            Self::SeenMentions => Known::SeenMentions,
        })
    }
}
