//! News: what came to an agent and was not looked at by them yet.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::text::SafeText;

/// What the most pressing news of a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NewsKind {
    /// A note mentions me.
    Mention,
    /// A customer wrote in what I have or follow.
    Answer,
    /// Somebody gave it to me.
    Given,
    /// What I claimed was somebody else's before.
    Lost,
    /// A mail of ours came back.
    Bounced,
    /// A mail of mine could not be sent.
    NotSent,
}

impl NewsKind {
    /// Returns the part of the in-tray that it stands in.
    pub fn section(self) -> Section {
        match self {
            Self::Mention => Section::Mentions,
            Self::Answer => Section::Answers,
            Self::Given => Section::Given,
            Self::Lost | Self::Bounced | Self::NotSent => Section::Trouble,
        }
    }
}

/// A part of the in-tray; they stand in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    /// Notes that mention me.
    Mentions,
    /// Answers of customers in what I have or follow.
    Answers,
    /// What was given to me.
    Given,
    /// What did not go as it should.
    Trouble,
}

/// What stands in the in-tray of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct News {
    /// What it is.
    pub kind: NewsKind,
    /// Who did it; `None` for a customer or a machine.
    pub who: Option<Handle>,
    /// Its words: the beginning of the note or of the mail; empty where it has none.
    pub words: SafeText,
}

/// What an agent can be told of while they do something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewsEvent {
    /// Somebody gave me a conversation.
    Assigned,
    /// A note mentions me.
    Mention,
    /// A customer wrote in what I have or follow.
    Answer,
    /// A mail of ours came back.
    Bounce,
    /// What I claimed was somebody else's before.
    Lost,
    /// A customer wrote in any other conversation.
    New,
}

impl NewsEvent {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Assigned, Self::Mention, Self::Answer, Self::Bounce, Self::Lost, Self::New];

    /// Returns its name in the config and in JSON, which stays.
    pub fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Mention => "mention",
            Self::Answer => "answer",
            Self::Bounce => "bounce",
            Self::Lost => "lost",
            Self::New => "new",
        }
    }

    /// Returns the one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.name() == name)
    }
}

/// An event that an agent is to be told of, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// What happened.
    pub event: NewsEvent,
    /// To which conversation.
    pub conversation: ConversationId,
    /// The shortest prefix of its id that is unique now.
    pub short: String,
    /// Its title.
    pub title: SafeText,
    /// The customer's name.
    pub people: SafeText,
    /// The colleague who did it; `None` for a customer or a machine.
    pub who: Option<Handle>,
    /// When, by the clock of whoever did it.
    pub at: Timestamp,
}
