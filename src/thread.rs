//! Which messages belong together, and why. Pure: the same messages and repairs give the same conversations on every client, in
//! whatever order they arrived.
//!
//! `author` tells who wrote a mail, `identity` which mail is which, `people` who takes part in a conversation, `graph` reads the references,
//! `links` says what they join, `repair` lays what people changed over them, `parted` finds what mail that left held together, `subject`
//! reads subjects.

pub mod author;
pub mod doubt;
mod graph;
mod identity;
mod links;
mod parted;
pub mod people;
mod repair;
mod subject;
mod union;

use std::collections::{BTreeMap, BTreeSet, HashSet};

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
    /// The ids of mails that it belongs to whatever it names, such as the mail that keeps the Message-ID which both bear.
    pub bound: Vec<MessageId>,
    /// The key of the customer: the author of an inbound mail, with the foreign `Reply-To` where one keeps two people behind one address
    /// apart; the first outside recipient of an outbound one. Empty where it can't be told, and then neither a subject nor an id that
    /// nobody holds joins the mail to anything.
    pub customer: String,
    /// The key of the author's address.
    pub author: String,
    /// Who outside takes part in it.
    pub outside: Outside,
    /// The mailing list that carried it (`List-Id`, RFC 2919); empty where none did.
    pub list_id: String,
    /// Whom it names in To and Cc, where it is a mail from one of our addresses that went to many: our own copy has Bcc, or names nobody
    /// outside in To and Cc. `None` for any other mail.
    pub notice: Option<BTreeSet<String>>,
    /// When the server took it in.
    pub arrived: Timestamp,
    /// Which way it went.
    pub direction: Direction,
    /// Whether a person wrote it.
    pub origin: Origin,
}

/// The people outside that a mail or a conversation has.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outside {
    /// None.
    #[default]
    Nobody,
    /// One, by the key of the address.
    One(String),
    /// More.
    Several,
}

impl Outside {
    /// Returns those of the addresses with these keys; the same one may come again.
    pub fn of<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        let mut all = Outside::Nobody;
        for key in keys {
            match &all {
                Outside::Nobody => all = Outside::One(key.to_owned()),
                Outside::One(known) if known == key => {}
                _ => return Outside::Several,
            }
        }
        all
    }

    /// Takes in those of another mail.
    pub(crate) fn meet(&mut self, other: &Outside) {
        match (&*self, other) {
            (_, Outside::Nobody) | (Outside::Several, _) => {}
            (Outside::Nobody, _) => *self = other.clone(),
            (Outside::One(one), Outside::One(other)) if one == other => {}
            (Outside::One(_), _) => *self = Outside::Several,
        }
    }
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
    /// Both name a message that is not here, and one author wrote them.
    SharesReference(MessageId),
    /// Both name a message that is not here, and one mailing list carried them.
    SharesOnList(MessageId),
    /// It answers this mail of ours that went to many, each of whom has a conversation of their own.
    Notice(MessageId),
    /// This message names it and another conversation, and both are with the same person.
    Linked(MessageId),
    /// It bears the Message-ID of this one, and is another mail of the same author and subject.
    Twin(MessageId),
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
    /// What it names that is in another conversation, or that is not here and that others name too: conversations that may have to do
    /// with this one.
    pub related: Vec<MessageId>,
}

/// What threading says of a set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Threads {
    /// Where each message belongs, in the order of the nodes.
    pub placements: Vec<Placement>,
    /// Ids that nobody holds and that belong to one conversation all the same, each with the root of that.
    pub absent: BTreeMap<MessageId, MessageId>,
}

/// Threads a closed set of messages. `shared` are ids that nobody holds and that
/// messages of conversations outside the set name too.
///
/// 1. A reference to a mail that is here joins: to the last one named. One exception: where that mail is a notice that went to many and
///    the author of the answer, a person, is not in its To or Cc, the answer opens or joins that person's own conversation.
/// 2. An id that nobody holds joins mails of one customer, and mails of one list.
/// 3. Where a message names mails of two conversations that have the same single outside person as it arrives, they are one.
/// 4. Without a reference that joins: the newest earlier message of the same customer and base subject, within [`SUBJECT_WINDOW`], if it
///    has a reply prefix.
/// 5. Then merges and splits.
///
/// A set is closed when it holds, for each of its messages, the conversations of every message that it names or that names it; those of
/// every message that names an absent id or a notice that it names too, of the same customer or list; those with a message of the same
/// customer and base subject; and those of every message that a repair joins to one of them. Messages of other conversations may be in
/// the set and change nothing. The result does not depend on the order of the nodes, only on the order of the repairs.
pub fn thread(nodes: &[Node], shared: &HashSet<MessageId>, repairs: &[Repair]) -> Threads {
    let graph = graph::Graph::build(nodes, shared, repairs);
    let groups = repair::Groups::build(&graph, repairs);
    Threads {
        placements: nodes.iter().map(|node| groups.place(&graph, &node.id)).collect(),
        absent: groups.absent(&graph),
    }
}

pub use identity::{COMPARED_MAX, COPY_WINDOW, Claim, OwnMail, Standing, second_names, standings};
pub use parted::parted;
pub use subject::base_subject;

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
            Why::SharesReference(to) => {
                format!("like others here of the same author it refers to {}, which is not here", describe(to))
            }
            Why::SharesOnList(to) => {
                format!("like others here of the same mailing list it refers to {}, which is not here", describe(to))
            }
            Why::Notice(to) => {
                format!(
                    "it answers {}, which went to many: each who answers has a conversation of their own",
                    describe(to)
                )
            }
            Why::Linked(by) => {
                format!("{} refers to it and to another conversation, both with the same person", describe(by))
            }
            Why::Twin(of) => {
                format!("it bears the Message-ID of {}, and author and subject are the same", describe(of))
            }
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
