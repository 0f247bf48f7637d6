//! The closed list of operations.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::agent::TeamRecord;
use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, MessageId, OpId, Tag};
use crate::model::message::AsOf;
use crate::model::status::Status;

/// The most characters of a note or a saved reply.
pub const TEXT_MAX: usize = 100_000;
/// The most targets of one record; a larger bulk is several records of one batch.
pub const TARGETS_MAX: usize = 20_000;

/// What a record does to each of its targets.
///
/// A kind or a shape that this version does not know is [`Operation::Unknown`]: kept, carried, and without effect.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// A kind known to this version.
    Known(Known),
    /// Anything else, verbatim.
    Unknown(Map<String, Value>),
}

impl From<Known> for Operation {
    fn from(known: Known) -> Self {
        Self::Known(known)
    }
}

/// The operations of this version. Serialised with the name of the variant, in kebab-case, as `kind`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Known {
    /// Gives the conversation to an agent, or to nobody. A target's `expect` makes it a claim.
    Assign {
        /// The new assignee.
        to: Option<Handle>,
    },
    /// Sets the status; ends a snooze.
    SetStatus {
        /// The new status.
        to: Status,
    },
    /// Puts the conversation to sleep until a moment or a customer's mail; `None` wakes it now.
    Snooze {
        /// When it wakes.
        until: Option<Timestamp>,
    },
    /// Adds and removes tags, the last writer of each tag winning.
    Tag {
        /// Tags to put on.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        add: BTreeSet<Tag>,
        /// Tags to take off.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        remove: BTreeSet<Tag>,
    },
    /// Writes an internal note.
    Note {
        /// The text, several lines allowed, at most [`TEXT_MAX`] characters.
        text: String,
        /// Whom it mentions.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        mentions: BTreeSet<Handle>,
    },
    /// Gives a note a new text; the old one stays on the log.
    EditNote {
        /// The record that wrote the note.
        note: OpId,
        /// The new text.
        text: String,
        /// Whom it mentions now.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        mentions: BTreeSet<Handle>,
    },
    /// The actor has seen the mentions in these conversations.
    SeenMentions,
    /// A reply went out.
    Replied {
        /// The mail that went out.
        message: MessageId,
        /// The status that the agent chose with it; `None` keeps the status.
        then: Option<Status>,
        /// The hash of its text: another mail of the same Message-ID that says something else is not the one that went out. Older programs
        /// say none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hash: Option<String>,
    },
    /// Gives the conversation a title of the team's own; empty returns to the subject.
    Title {
        /// The title, at most 500 characters.
        text: String,
    },
    /// Moves the conversation to another inbox.
    Move {
        /// The inbox.
        inbox: InboxId,
        /// The inbox that they were in; the store fills it in. Once the move is undone it says where they belong, wherever their mail
        /// stands by then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<InboxId>,
    },
    /// Follows or stops following.
    Follow {
        /// Who follows.
        who: Handle,
        /// Whether from now on, or no longer.
        on: bool,
    },
    /// Joins the targets' conversations with that of another message.
    Merge {
        /// A message of the conversation to join.
        into: MessageId,
    },
    /// Makes a conversation of its own of each target message and the answers to it.
    Split,
    /// Takes a lease: the actor is writing a reply.
    Replying {
        /// When the lease ends by itself.
        until: Timestamp,
        /// Since when a finished answer waits to go out. Older programs say none, and take it for one that is being written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waiting: Option<Timestamp>,
    },
    /// Gives the lease back without a reply.
    StopReplying,
    /// Takes a record, or every record of a batch, out of the fold.
    Undo {
        /// The record's id, or the batch's.
        of: OpId,
    },
    /// Shares a saved reply with the team; empty text withdraws it. Has no targets.
    SavedReply {
        /// The reply's name.
        name: String,
        /// The whole file, header included.
        text: String,
    },
    /// Mail of a mailbox that arrived before a moment was there before the team began: it starts closed. The first on the log counts,
    /// so that clients that begin on different days agree. Has no targets.
    HistoryBefore {
        /// An address of one of the mailbox's inboxes, in lower case.
        mailbox: String,
        /// The moment.
        before: Timestamp,
    },
    /// Says what fold, threading and rules must read alike on all clients of the account. The last on the log counts. Has no targets.
    Team(TeamRecord),
    /// Takes the conversations for a worker: one process of an agent, or a script. Applies where `over` names the conversation's newest
    /// lease, or where there is none; else it is lost. It is given back by one that follows it and is over already.
    Lease {
        /// The process that works on it, named so that two of one agent are told apart, at most 255 characters.
        worker: String,
        /// When it ends by itself.
        until: Timestamp,
        /// The conversation's newest lease as the actor knew it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<OpId>,
    },
    /// Takes it upon a machine to write the derived records of the account's log (rules, late mail). Applies as a lease does, on the log
    /// as a whole. Has no targets.
    Runner {
        /// The machine, at most 255 characters.
        host: String,
        /// When it ends by itself.
        until: Timestamp,
        /// The log's newest such record as the actor knew it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<OpId>,
    },
    /// Says that the actor is about to do what must be done once: an automatic mail, a webhook, a command. The first on the log has it;
    /// another gets it only by naming, in `over`, the one whose doing failed.
    Claim {
        /// The kind of doing, at most 100 characters.
        what: String,
        /// Which one, such as rule and episode, at most 1,000 characters.
        key: String,
        /// The claim that this one takes over from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over: Option<OpId>,
    },
    /// Removes the words of records and messages for good, wherever they are kept; id, kind, actor, times and place stay. Its targets
    /// say in which conversations.
    Erase {
        /// Records whose text goes.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        records: BTreeSet<OpId>,
        /// Messages that go; one that comes back is not taken in.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        messages: BTreeSet<MessageId>,
    },
}

impl Known {
    /// Returns the name of the kind, as in the log and in JSON.
    pub fn name(&self) -> &'static str {
        match self {
            Known::Assign { .. } => "assign",
            Known::SetStatus { .. } => "set-status",
            Known::Snooze { .. } => "snooze",
            Known::Tag { .. } => "tag",
            Known::Note { .. } => "note",
            Known::EditNote { .. } => "edit-note",
            Known::SeenMentions => "seen-mentions",
            Known::Replied { .. } => "replied",
            Known::Title { .. } => "title",
            Known::Move { .. } => "move",
            Known::Follow { .. } => "follow",
            Known::Merge { .. } => "merge",
            Known::Split => "split",
            Known::Replying { .. } => "replying",
            Known::StopReplying => "stop-replying",
            Known::Undo { .. } => "undo",
            Known::SavedReply { .. } => "saved-reply",
            Known::HistoryBefore { .. } => "history-before",
            Known::Team(_) => "team",
            Known::Lease { .. } => "lease",
            Known::Runner { .. } => "runner",
            Known::Claim { .. } => "claim",
            Known::Erase { .. } => "erase",
        }
    }

    /// Tells whether texts and lists are as short as other clients take them: a longer one would be without effect there.
    pub fn is_within_bounds(&self) -> bool {
        match self {
            Known::Note { text, .. } | Known::EditNote { text, .. } | Known::SavedReply { text, .. } => {
                text.len() <= TEXT_MAX.saturating_mul(4)
            }
            Known::Title { text } => text.len() <= 2000,
            Known::HistoryBefore { mailbox, .. } => mailbox.len() <= 1000,
            Known::Tag { add, remove } => add.len() + remove.len() <= 200,
            Known::Replied { hash, .. } => hash.as_ref().is_none_or(|hash| hash.len() <= 100),
            Known::Team(team) => team.is_within_bounds(),
            Known::Lease { worker: name, .. } | Known::Runner { host: name, .. } => name.chars().count() <= 255,
            Known::Claim { what, key, .. } => what.chars().count() <= 100 && key.chars().count() <= 1000,
            Known::Erase { records, messages } => records.len().saturating_add(messages.len()) <= TARGETS_MAX,
            _ => true,
        }
    }

    /// Tells whether the operation says how the conversation stands, and so needs `as_of` on its targets.
    pub fn covers_messages(&self) -> bool {
        matches!(self, Known::SetStatus { .. } | Known::Snooze { .. } | Known::Replied { .. })
    }

    /// Tells whether an agent's `u` may take it back: leases, claims, seen marks, sent mail, where history ends and what was erased can't
    /// be.
    pub fn is_undoable(&self) -> bool {
        !matches!(
            self,
            Known::SeenMentions
                | Known::Replied { .. }
                | Known::Replying { .. }
                | Known::StopReplying
                | Known::HistoryBefore { .. }
                | Known::Lease { .. }
                | Known::Runner { .. }
                | Known::Claim { .. }
                | Known::Erase { .. }
        )
    }

    /// Returns it with a note's mentions as `people` makes them, such as of a team its members: every client, old ones too, then sees
    /// whom the note mentions.
    #[must_use]
    pub fn mentioning(mut self, people: impl FnOnce(BTreeSet<Handle>) -> BTreeSet<Handle>) -> Self {
        if let Known::Note { mentions, .. } | Known::EditNote { mentions, .. } = &mut self {
            *mentions = people(std::mem::take(mentions));
        }
        self
    }

    /// Tells whether it says nothing a day after it was written: snapshots leave it out then.
    pub fn is_ephemeral(&self) -> bool {
        matches!(self, Known::Replying { .. } | Known::StopReplying | Known::Lease { .. } | Known::Runner { .. })
    }

    /// Returns it without what people wrote: what stays of an erased record.
    #[must_use]
    pub fn without_words(self) -> Self {
        match self {
            Known::Note { .. } => Known::Note { text: String::new(), mentions: BTreeSet::new() },
            Known::EditNote { note, .. } => Known::EditNote { note, text: String::new(), mentions: BTreeSet::new() },
            Known::Tag { .. } => Known::Tag { add: BTreeSet::new(), remove: BTreeSet::new() },
            Known::Title { .. } => Known::Title { text: String::new() },
            Known::SavedReply { name, .. } => Known::SavedReply { name, text: String::new() },
            Known::Replied { message, then, .. } => Known::Replied { message, then, hash: None },
            other => other,
        }
    }
}

impl Operation {
    /// Returns it without what people wrote; of a kind that is not known just its name stays.
    #[must_use]
    pub fn without_words(self) -> Self {
        match self {
            Operation::Known(known) => Operation::Known(known.without_words()),
            Operation::Unknown(mut map) => {
                map.retain(|field, _| field == "kind");
                Operation::Unknown(map)
            }
        }
    }

    /// Returns the name of the kind; `unknown` where even that is missing.
    pub fn name(&self) -> &str {
        match self {
            Operation::Known(known) => known.name(),
            Operation::Unknown(map) => map.get("kind").and_then(Value::as_str).unwrap_or("unknown"),
        }
    }

    /// Returns the operation where this version knows it.
    pub fn known(&self) -> Option<&Known> {
        match self {
            Operation::Known(known) => Some(known),
            Operation::Unknown(_) => None,
        }
    }
}

impl Serialize for Operation {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Operation::Known(known) => known.serialize(serializer),
            Operation::Unknown(map) => map.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Operation {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let map = Map::deserialize(deserializer)?;
        match serde_json::from_value::<Known>(Value::Object(map.clone())) {
            Ok(known) if known.is_within_bounds() => Ok(Operation::Known(known)),
            _ => Ok(Operation::Unknown(map)),
        }
    }
}

/// One conversation that a record is about, by a message of it, with what its author saw and expected there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// A message of the conversation. The record belongs to whichever conversation holds this message.
    pub on: MessageId,
    /// How far the actor had read. Operations that say how the conversation stands carry it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<AsOf>,
    /// The assignee that the actor saw; the operation is lost where it no longer holds. Only `assign` reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<Expect>,
    /// Whether the actor saw that all mail of the conversation had left. What is said of how it stands counts only then, where all of it
    /// has left; older programs say nothing of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// What an `assign` expects to find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Expect {
    /// Nobody has it.
    Nobody,
    /// This agent has it.
    Agent(Handle),
}

impl Expect {
    /// Returns the expectation that the assignee is `who`.
    pub fn of(who: Option<&Handle>) -> Self {
        who.map_or(Expect::Nobody, |agent| Expect::Agent(agent.clone()))
    }

    /// Tells whether it holds where the assignee is `now`.
    pub fn holds(&self, now: Option<&Handle>) -> bool {
        match (self, now) {
            (Expect::Nobody, None) => true,
            (Expect::Agent(expected), Some(now)) => expected == now,
            _ => false,
        }
    }
}

impl Target {
    /// Makes a target with nothing seen and nothing expected.
    pub fn on(message: MessageId) -> Self {
        Self { on: message, as_of: None, expect: None, gone: false }
    }
}

/// Returns the handles that a note mentions: each `@name` that begins a word.
pub fn mentions_in(text: &str) -> BTreeSet<Handle> {
    let mut found = BTreeSet::new();
    for word in text.split(|c: char| c.is_whitespace() || "([{,;:!?\"'".contains(c)) {
        let Some(name) = word.strip_prefix('@') else { continue };
        let name = name.trim_end_matches(|c: char| !c.is_alphanumeric());
        if let Ok(handle) = Handle::new(name) {
            found.insert(handle);
        }
    }
    found
}

#[cfg(test)]
#[path = "operation_tests.rs"]
mod tests;
