//! Which messages belong together, and why. Pure: the same messages and repairs give the same conversations on every client, in
//! whatever order they arrived.

use crate::model::clock::Timestamp;
use crate::model::ids::{MessageId, OpId};
use crate::model::message::{Direction, Origin};

/// What threading needs of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The message.
    pub id: MessageId,
    /// The messages it names, oldest first: `References`, then `In-Reply-To`; for a bounce the message that bounced.
    pub parents: Vec<MessageId>,
    /// The subject without reply prefixes, folded ([`base_subject`]).
    pub base_subject: String,
    /// Whether the subject has a reply prefix.
    pub is_reply: bool,
    /// The customer's address key: the sender of an inbound message, the first recipient of an outbound one.
    pub customer: String,
    /// When the server took it in.
    pub arrived: Timestamp,
    /// Which way it went.
    pub direction: Direction,
    /// Whether a person wrote it.
    pub origin: Origin,
}

/// What people changed: the active merge and split records, in log order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Joins two conversations by a message of each.
    Merge {
        /// The record.
        record: OpId,
        /// A message of the one.
        message: MessageId,
        /// A message of the other, whose root becomes the root.
        into: MessageId,
    },
    /// Makes a message and its answers a conversation of their own.
    Split {
        /// The record.
        record: OpId,
        /// The message.
        message: MessageId,
    },
}

/// Why a message is where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It began the conversation.
    First,
    /// It names this message in `In-Reply-To` or `References`.
    Refers(MessageId),
    /// Both name a message that is not here.
    SharesReference(MessageId),
    /// The same customer wrote with the same subject and a reply prefix within a few days of this message.
    SameSubject(MessageId),
    /// It reports on the delivery of this message.
    Bounce(MessageId),
    /// An agent merged it here.
    Merged(OpId),
    /// An agent split it off.
    Split(OpId),
}

/// Where one message belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The message.
    pub message: MessageId,
    /// The root of its conversation; it may be a message that is not here.
    pub root: MessageId,
    /// The message that it answers, where that is here.
    pub parent: Option<MessageId>,
    /// Why.
    pub why: Why,
}

/// Threads a closed set of messages: one placement for each node, in the order of the nodes.
pub fn thread(_nodes: &[Node], _repairs: &[Repair]) -> Vec<Placement> {
    todo!()
}

/// Returns the base subject (RFC 5256 section 2.1, with the prefixes that other languages use), folded to lower case, and whether a
/// reply or forward prefix stood before it.
pub fn base_subject(_subject: &str) -> (String, bool) {
    todo!()
}

/// The longest time between two messages that a subject alone may join, in milliseconds.
pub const SUBJECT_WINDOW: i64 = 4 * Timestamp::DAY;
