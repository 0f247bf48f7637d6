//! The customer of a conversation: who it is, by which addresses, and what else there is of them.

use crate::model::clock::Timestamp;
use crate::model::conversation::NoteItem;
use crate::model::ids::{ConversationId, InboxId};
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;

/// A person from outside, as far as mail tells of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Customer {
    /// The newest name that they gave, else their address.
    pub name: SafeText,
    /// The addresses that are known to be theirs, that of the conversation first.
    pub addresses: Vec<CustomerAddress>,
    /// Whether only a form says that it is this person. Anybody can fill a form in, so nothing else is told of the person then.
    pub is_claimed: bool,
    /// Where they want answers, where that is another address. It says nothing of who they are.
    pub answers_to: Option<SafeText>,
    /// The addresses of others from outside who wrote in the conversation, at most [`OTHERS_MAX`].
    pub others: Vec<SafeText>,
    /// When their first mail came; `None` where none came.
    pub first: Option<Timestamp>,
    /// When their newest mail came.
    pub last: Option<Timestamp>,
    /// The inboxes in which they have a conversation, by name.
    pub inboxes: Vec<InboxId>,
    /// Their conversations but the one that is asked about, the newest activity first.
    pub conversations: Vec<CustomerConversation>,
    /// How many further ones were left out.
    pub more: usize,
    /// Whether they have more conversations than are looked at: first, counts and inboxes are of the newest then.
    pub is_part: bool,
    /// The newest notes of these conversations, the newest first.
    pub notes: Vec<CustomerNote>,
}

/// The most addresses named of others who wrote in a conversation.
pub const OTHERS_MAX: usize = 5;

/// An address of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerAddress {
    /// The address in lower case, as mail has it: not to be drawn.
    pub key: String,
    /// The same, to be drawn.
    pub shown: SafeText,
    /// How many mails came from it.
    pub mails: u64,
}

/// A conversation of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerConversation {
    /// The list's row.
    pub row: ConversationRow,
    /// Whether it is theirs only as a form says.
    pub is_claimed: bool,
}

/// A note in another conversation of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerNote {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its short id.
    pub short: String,
    /// The note.
    pub note: NoteItem,
}
