//! What a query can ask of one conversation, as plain values: no store is needed to tell whether it answers.

use std::collections::BTreeSet;

use super::indexed_text;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, InboxId, Tag};
use crate::model::status::Status;

/// A conversation as a query sees it: what its row in the list says, who takes part, and its text. See [`super::Query::matches`].
///
/// The store reads them with `Store::query_facts`; whoever has them from elsewhere, such as a rule that looks at what a conversation
/// would become, fills them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationFacts {
    /// Its id.
    pub id: ConversationId,
    /// Ids that it had before it was merged or got another root, and that lead to it still.
    pub former_ids: BTreeSet<ConversationId>,
    /// The inbox that it lies in.
    pub inbox: InboxId,
    /// The status; that of one whose sleep has ended is what it woke to.
    pub status: Status,
    /// Who has it.
    pub assignee: Option<Handle>,
    /// Until when it sleeps; `None` once that has passed.
    pub snoozed_until: Option<Timestamp>,
    /// When the last thing happened: its newest mail, or its waking.
    pub last_at: Timestamp,
    /// Since when the customer has waited for an answer; `None` where nobody waits.
    pub waiting_since: Option<Timestamp>,
    /// The subject of its mail.
    pub subject: String,
    /// The title that somebody gave it.
    pub title: Option<String>,
    /// How many messages it has.
    pub messages: u32,
    /// How many notes it has.
    pub notes: u32,
    /// Whether a mail of it brings a file.
    pub attachments: bool,
    /// Its tags.
    pub tags: BTreeSet<Tag>,
    /// Who follows it.
    pub followers: BTreeSet<Handle>,
    /// Whom a note mentions who has not seen it.
    pub mentions: BTreeSet<Handle>,
    /// To whom something came that they have not looked at, of those who use this store.
    pub unread: BTreeSet<Handle>,
    /// In whose in-tray it stands, of those who use this store.
    pub in_tray: BTreeSet<Handle>,
    /// Whether a mail of ours came back, and nobody has dealt with that.
    pub bounced: bool,
    /// Whether another program took all of its mail away.
    pub gone: bool,
    /// Whether the rules of a newer program changed it, or would have without the records that keep it.
    pub upgraded: bool,
    /// Whether a mail of ours is on its way, or could not be sent.
    pub outgoing: bool,
    /// Who has a draft in it that is not discarded.
    pub drafts: BTreeSet<Handle>,
    /// Who wrote and who got its mail.
    pub people: Vec<Person>,
    /// Its text; may be left empty for a query that asks for no words ([`super::Query::asks_words`]).
    pub text: Vec<Passage>,
}

impl ConversationFacts {
    /// Tells whether somebody is to work on it: it is neither closed nor asleep.
    pub fn is_active(&self) -> bool {
        self.status != Status::Closed && self.snoozed_until.is_none()
    }
}

/// On which side of a mail a person stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// In `From` or `Sender`.
    Author,
    /// In `To` or `Cc`.
    Recipient,
}

/// Somebody in the mail of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// On which side.
    pub side: Side,
    /// The address, in lower case.
    pub email: String,
    /// The name as [`indexed_text`] has it; empty where none is known.
    pub name: String,
}

impl Person {
    /// Takes an address and a name as a mail has them.
    pub fn new(side: Side, email: &str, name: &str) -> Self {
        Self { side, email: email.trim().to_lowercase(), name: indexed_text(name, false) }
    }
}

/// Where a piece of text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The subject of a mail.
    Subject,
    /// Names and addresses of a mail.
    People,
    /// The text of a mail.
    Body,
    /// A note.
    Note,
    /// The names of the files of a mail.
    Attachments,
}

/// A piece of the text of a conversation: one part of one mail, or one note. Words that are looked for together stand in one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands.
    pub part: Part,
    /// The text as [`indexed_text`] has it.
    pub folded: String,
}

impl Passage {
    /// Takes text as a mail or a note has it.
    pub fn new(part: Part, text: &str) -> Self {
        Self { part, folded: indexed_text(text, false) }
    }
}
