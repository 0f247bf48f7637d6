//! What the outbox keeps of a mail beside its bytes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::StoreError;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, MessageId, OpId};
use crate::model::message::AsOf;
use crate::model::phrase::Phrase;
use crate::model::reply::Draft;
use crate::model::status::Status;

/// A mail to be put into the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct NewOutgoing {
    /// Its Message-ID, fixed from now on.
    pub message_id: MessageId,
    /// The conversation, where it belongs to one.
    pub conversation: Option<ConversationId>,
    /// Recipients in words.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// Not before this time: the undo window, or send-later.
    pub due: Timestamp,
    /// Our copy of the mail, `Bcc` included.
    pub copy: Vec<u8>,
    /// How to deliver it.
    pub delivery: Delivery,
}

/// How a mail is to be delivered, and what its sender had seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// The account that it goes out by.
    pub account: AccountId,
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub recipients: Vec<Recipient>,
    /// Whether an address needs SMTPUTF8.
    pub utf8: bool,
    /// A message of the conversation, for the `replied` record.
    pub anchor: Option<MessageId>,
    /// How far the sender had read when the draft began.
    pub as_of: Option<AsOf>,
    /// The newest record seen when the draft began.
    pub seen_op: Option<OpId>,
    /// The status to set; `None` keeps it.
    pub then: Option<Status>,
    /// When it was first due: what can't be checked for long wants a person.
    pub waits_since: Timestamp,
    /// Whether the sender chose to send whatever is new.
    #[serde(default)]
    pub anyway: bool,
    /// The draft, to come back when the mail is taken back.
    pub draft: Option<Draft>,
    /// Whether the byte that hands the mail over was about to leave in this try: without it the server has nothing.
    #[serde(default)]
    pub out: bool,
    /// Whether somebody may have the mail as it is: its bytes must stay as they are.
    #[serde(default)]
    pub fixed: bool,
    /// Whether all mail of the conversation had left when it was queued.
    #[serde(default)]
    pub gone: bool,
    /// Whether it was copied with its store: the other one may have sent it.
    #[serde(default)]
    pub copied: bool,
}

/// One recipient and how it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// `None` before the server said anything.
    #[serde(default)]
    pub result: Option<Answer>,
}

/// What the server said to a recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Taken.
    Accepted,
    /// Refused for good, in these words.
    Refused(String),
    /// Not now, in these words.
    Deferred(String),
}

impl Recipient {
    /// Makes a recipient that was not tried yet.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into(), result: None }
    }

    /// Tells whether the server took the mail for it.
    pub fn is_accepted(&self) -> bool {
        self.result == Some(Answer::Accepted)
    }

    /// Tells whether it is still to be tried.
    pub fn is_pending(&self) -> bool {
        !matches!(self.result, Some(Answer::Accepted | Answer::Refused(_)))
    }

    /// Makes it pending again, unless it has the mail.
    pub(super) fn retry(&mut self) {
        if !self.is_accepted() {
            self.result = None;
        }
    }
}

impl Delivery {
    /// Returns the addresses still to be tried.
    pub fn pending(&self) -> Vec<String> {
        self.recipients.iter().filter(|r| r.is_pending()).map(|r| r.email.clone()).collect()
    }

    /// Returns who was refused for good, each with what the server said; empty where nobody was.
    pub fn refusals(&self) -> Vec<Phrase> {
        self.recipients
            .iter()
            .filter_map(|r| match &r.result {
                Some(Answer::Refused(words)) => Some(phrase!("recipient-refused", who = &r.email, why = words)),
                _ => None,
            })
            .collect()
    }
}

pub(super) fn to_json(delivery: &Delivery) -> Result<String, StoreError> {
    serde_json::to_string(delivery).map_err(|e| StoreError::Content(e.to_string()))
}

pub(super) fn from_json(id: i64, json: &str) -> Result<Delivery, StoreError> {
    serde_json::from_str(json).map_err(|e| StoreError::Content(format!("outgoing mail {id} can't be read: {e}")))
}
