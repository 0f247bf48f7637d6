//! One mail on its way out, and how far it got.

use crate::error::UserError;
use crate::model::ids::MessageId;
use crate::sync::error::SyncError;

/// From whom and to whom one mail goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Where bounces go.
    pub from: String,
    /// The recipients.
    pub recipients: Vec<String>,
    /// Whether an address is not ASCII (RFC 6531).
    pub utf8: bool,
}

/// A recipient that the server did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The address.
    pub recipient: String,
    /// Whether it is for good.
    pub permanent: bool,
    /// The server's code and words.
    pub words: String,
}

/// How sending ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took the mail, for all recipients but these.
    Accepted {
        /// The server's words.
        words: String,
        /// Who does not get it.
        refused: Vec<Refusal>,
    },
    /// The server refused for good and has nothing.
    Refused {
        /// The server's words and what they mean.
        words: String,
    },
    /// It did not work now; the server has nothing, and it can be tried again.
    Later {
        /// What happened.
        words: String,
    },
    /// It can't work until somebody changes something: login, certificate, config. The server has nothing.
    Blocked(UserError),
    /// All bytes were out and no answer came: the server may have the mail.
    Unknown {
        /// What happened.
        words: String,
    },
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Among what was sent.
    Sent,
    /// In the inbox: it was sent to one of our own addresses too.
    Inbox,
    /// In neither.
    Nowhere,
}

/// The way out of an account.
pub trait Transport {
    /// Gets ready to send: asks for the secret that the login needs, which may wait for a person. Nothing was begun where it fails.
    ///
    /// # Errors
    /// In words for a person.
    fn ready(&mut self) -> Result<(), SyncError>;

    /// Sends one mail: `bytes` with CRLF line ends, the last line ended. `mark` is called when all but what hands the mail over is out;
    /// where it fails, the mail stays here.
    fn send(&mut self, envelope: &Envelope, bytes: &[u8], mark: &mut dyn FnMut() -> Result<(), String>) -> Outcome;

    /// Looks at the remote where a mail stands, of which nobody knows whether it went out.
    ///
    /// # Errors
    /// When the remote can't be asked.
    fn find(&mut self, id: &MessageId) -> Result<Place, UserError>;

    /// Says what a refusal means, behind its words, where those are known to mean something.
    fn explain(&self, words: &str) -> String {
        words.to_owned()
    }

    /// Nothing is to be sent for now: what is kept open for it can be closed.
    fn rest(&mut self) {}
}
