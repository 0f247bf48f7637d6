//! What reports ask of a conversation: when it was answered and by whom, when it was closed, and how long its customer waited.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, MessageId};
use crate::model::text::SafeText;

/// What happened in a conversation, as reports count it. Times of mail are the server's, times of operations the clock of whoever acted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// The addresses of those outside who wrote, whoever wrote first standing first.
    pub customers: Vec<SafeText>,
    /// Mails of ours that a person wrote, in the order of their arrival.
    pub replies: Vec<Reply>,
    /// The first of them that came behind a mail of the customer's: the first answer.
    pub first_reply: Option<Timestamp>,
    /// When it was closed, each time.
    pub closed: Vec<Closing>,
    /// When its customer waited, each time; none overlaps another.
    pub waits: Vec<Wait>,
}

/// A mail of ours that a person wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Which.
    pub message: MessageId,
    /// When it arrived in its folder.
    pub at: Timestamp,
    /// Who of the team sent it; `None` where another program did, or a program that left no record.
    pub actor: Option<Handle>,
}

/// A time in which a conversation was closed. One that imported history was closed from its beginning was not closed by anybody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closing {
    /// When it was closed.
    pub at: Timestamp,
    /// Who closed it.
    pub actor: Option<Handle>,
    /// When it was opened again; `None` while it is closed.
    pub until: Option<Timestamp>,
}

/// A time in which the customer waited for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When the first mail came that nobody had answered, or when it was opened again with such a mail.
    pub from: Timestamp,
    /// When that ended; `None` while it goes on, and where all mail left and nobody said when.
    pub to: Option<Timestamp>,
    /// By what it ended; `None` while it goes on.
    pub end: Option<WaitEnd>,
}

/// By what a customer's waiting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaitEnd {
    /// We answered.
    Replied,
    /// Somebody closed it without an answer.
    Closed,
    /// Another program took all of its mail away.
    Gone,
}

impl Wait {
    /// Returns how long it was, in milliseconds; `None` where its end is not known.
    pub fn length(&self) -> Option<i64> {
        self.to.map(|to| to.since(self.from))
    }
}
