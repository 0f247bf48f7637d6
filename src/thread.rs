//! Which messages belong together, and why. Pure: the same messages and repairs give the same conversations on every client, in
//! whatever order they arrived.
//!
//! `graph` reads the references, `repair` lays what people changed over them, `subject` reads subjects.

mod graph;
mod repair;
mod subject;

use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{MessageId, OpId};
use crate::model::message::{Direction, Envelope, Origin};

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
    /// The customer's address key, from [`customer_key`]; empty where it can't be told.
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
///
/// A set is closed when it holds, for each of its messages, every message that it names or that names it or names something that it
/// names; every message of the same customer with the same base subject; and every message that a repair joins to one of them.
/// Messages of other conversations may be in the set and change nothing. The result does not depend on the order of the nodes, only on
/// the order of the repairs.
pub fn thread(nodes: &[Node], repairs: &[Repair]) -> Vec<Placement> {
    let graph = graph::Graph::build(nodes, repairs);
    let groups = repair::Groups::build(&graph, repairs);
    nodes.iter().map(|node| groups.place(&graph, &node.id)).collect()
}

pub use subject::base_subject;

/// Returns the customer's address key of a mail: the sender of an inbound one, the first recipient of an outbound one. `own` tells the
/// team's addresses.
///
/// Empty where it can't be told, and then no subject joins the mail to anything. Mailing lists and forwarders put their own address in
/// `From` (`Eve via Support <support@…>`), the same one for everybody: there only `Reply-To` can name the customer.
pub fn customer_key(envelope: &Envelope, direction: Direction, own: &dyn Fn(&str) -> bool) -> String {
    let foreign = |address: &&Address| !address.email.trim().is_empty() && !own(&address.email);
    if direction == Direction::Outbound {
        return envelope.to.iter().chain(&envelope.cc).find(foreign).map(Address::key).unwrap_or_default();
    }
    let Some(from) = envelope.from.first() else { return String::new() };
    if foreign(&from) && !from.name.to_lowercase().contains(" via ") {
        return from.key();
    }
    let named = envelope.reply_to.iter().find(|address| foreign(address) && address.key() != from.key());
    named.map(Address::key).unwrap_or_default()
}

/// The longest time between two messages that a subject alone may join, in milliseconds.
pub const SUBJECT_WINDOW: i64 = 4 * Timestamp::DAY;

/// The most references of one message that count: the first quarter and the last three of a longer list. Bounds what one hostile mail
/// can cost.
pub const REFERENCES_MAX: usize = 128;

impl Why {
    /// Says it to a person; `describe` names a message, by its sender and date where it is here.
    pub fn sentence(&self, describe: &dyn Fn(&MessageId) -> String) -> String {
        match self {
            Why::First => "it began this conversation".to_owned(),
            Why::Refers(to) => format!("it answers {} (In-Reply-To or References)", describe(to)),
            Why::SharesReference(to) => format!("like others here it refers to {}, which is not here", describe(to)),
            Why::SameSubject(to) => {
                format!(
                    "it has the subject and the customer of {}, a few days before, and begins with a reply prefix",
                    describe(to)
                )
            }
            Why::Bounce(to) => format!("it reports on the delivery of {}", describe(to)),
            Why::Merged(record) => format!("an agent merged it here (operation {record})"),
            Why::Split(record) => format!("an agent split it off (operation {record})"),
        }
    }
}

#[cfg(test)]
#[path = "thread/laws_tests.rs"]
mod laws;
#[cfg(test)]
#[path = "thread/naive_tests.rs"]
mod naive;
#[cfg(test)]
#[path = "thread/thread_tests.rs"]
mod tests;
