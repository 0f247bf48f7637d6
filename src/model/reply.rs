//! Drafts and outgoing mail, before they are bytes.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{AccountId, ConversationId, Handle, InboxId, MessageId, OpId};
use crate::model::invitation::InvitationAnswer;
use crate::model::message::AsOf;
use crate::model::phrase::Phrase;
use crate::model::status::Status;
use crate::model::text::SafeText;
use crate::model::view::Lease;
use crate::model::warning::Warning;

/// What a draft is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DraftKind {
    /// An answer to the sender.
    #[default]
    Reply,
    /// An answer to all.
    ReplyAll,
    /// A forward.
    Forward,
    /// A new conversation.
    New,
}

/// From whom a mail goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Identity {
    /// `From` is the inbox.
    #[default]
    SendAs,
    /// `From` is the inbox, `Sender` the agent (RFC 5322 section 3.6.2).
    OnBehalf,
    /// `From` is the agent, `Reply-To` the inbox.
    Personal,
}

/// The line of a forward that parts the author's own words from the mail that is forwarded, in words that mail programs know.
pub const FORWARDED: &str = "---------- Forwarded message ----------";

/// Parts a forward's text into its author's own words and the mail that stands below them, from [`FORWARDED`] on.
pub fn split_forwarded(body: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_end() == FORWARDED {
            return (body.get(..at).unwrap_or(body), body.get(at..));
        }
        at += line.len();
    }
    (body, None)
}

/// A file that goes out with a mail: a copy in the store, so that it can't vanish or change before it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingFile {
    /// The name that the recipient sees.
    pub name: String,
    /// The media type.
    pub media: String,
    /// The size in bytes.
    pub size: u64,
    /// The SHA-256 of the bytes in hexadecimal: the name of the copy in the store.
    pub digest: String,
    /// The Content-ID by which the HTML of a forwarded mail shows it (RFC 2392); empty where nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cid: String,
}

/// A mail being written: one per agent and conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The store's number; 0 before it is first kept.
    pub id: i64,
    /// The conversation; `None` for a new one.
    pub conversation: Option<ConversationId>,
    /// The message that it answers or forwards.
    pub parent: Option<MessageId>,
    /// What it is for.
    pub kind: DraftKind,
    /// The inbox that it goes out from.
    pub inbox: Option<InboxId>,
    /// From whom.
    pub identity: Identity,
    /// `To`.
    pub to: Vec<Address>,
    /// `Cc`.
    pub cc: Vec<Address>,
    /// `Bcc`: never on the wire, kept in our copy.
    pub bcc: Vec<Address>,
    /// The subject.
    pub subject: String,
    /// The text as it stands in the editor.
    pub body: String,
    /// Whether the text is Markdown and goes out as text and HTML.
    pub markdown: bool,
    /// The files.
    pub files: Vec<OutgoingFile>,
    /// How far the agent had read when the draft began: what the check before sending compares with.
    pub as_of: Option<AsOf>,
    /// The newest note or operation seen when the draft began.
    pub seen_op: Option<OpId>,
    /// The status to set when it is sent; `None` keeps it.
    pub then: Option<Status>,
    /// Variables that saved replies brought into the text without a value: it is not sent while one of them stands there in braces.
    #[serde(default)]
    pub variables: Vec<String>,
    /// The answer to an invitation that goes along as a calendar; `None` for every other mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Box<InvitationAnswer>>,
    /// The key under which a conversation gets this mail once; `None` for mail that a person writes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub once: Option<String>,
    /// When it was last kept.
    pub saved_at: Timestamp,
    /// When it was discarded; it can be brought back.
    pub discarded_at: Option<Timestamp>,
}

impl Draft {
    /// Returns the text without the mail that it forwards.
    pub fn own(&self) -> &str {
        match self.kind {
            DraftKind::Forward => split_forwarded(&self.body).0,
            _ => &self.body,
        }
    }

    /// Tells whether the text holds what somebody else wrote: a quote, or the mail that it forwards.
    pub fn holds_quote(&self) -> bool {
        self.own().len() < self.body.len() || self.body.lines().any(|line| line.starts_with('>'))
    }
}

/// What was asked for where a kept draft of another kind is shown: each agent has one draft in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// A forward, and an answer stands there.
    Forward,
    /// A forward of the mail as a file, and a forward of its text stands there.
    File,
    /// An answer, and a forward stands there.
    Reply,
    /// An answer or a forward of another message.
    Message,
    /// An answer to all instead of one, or to one instead of all.
    Recipients,
}

impl Instead {
    /// Tells what was asked for with `kind` and `parent` that `standing` is not; `None` where it is just that. Without a parent, any
    /// message was meant.
    pub fn of(standing: &Draft, kind: DraftKind, parent: Option<&MessageId>) -> Option<Self> {
        let forwards = standing.kind == DraftKind::Forward;
        match kind {
            DraftKind::Forward if !forwards => Some(Instead::Forward),
            DraftKind::Reply | DraftKind::ReplyAll if forwards => Some(Instead::Reply),
            _ if parent.is_some() && parent != standing.parent.as_ref() => Some(Instead::Message),
            _ if kind != standing.kind => Some(Instead::Recipients),
            _ => None,
        }
    }
}

/// A draft to write on, and what whoever writes has to know.
#[derive(Clone, Debug, PartialEq)]
pub struct ComposeSession {
    /// The draft.
    pub draft: Draft,
    /// Whether it was kept before.
    pub resumed: bool,
    /// What was asked for, where that is not what was kept before.
    pub instead: Option<Instead>,
    /// How it can be sent.
    pub senders: Vec<Sender>,
    /// The quote with its attribution; empty where nothing is answered.
    pub quote: String,
    /// What happened in the conversation since a kept draft began.
    pub news: Vec<Under>,
    /// Who else is replying there.
    pub other: Option<Lease>,
    /// People of earlier mails whom the one that is answered to all left out.
    pub left_out: Vec<Address>,
    /// The account that it goes out by, where this login may not write to its log: colleagues would not learn of it.
    pub unrecorded: Option<AccountId>,
}

/// One way to send: an inbox and an identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// The inbox.
    pub inbox: InboxId,
    /// Its address.
    pub address: Address,
    /// From whom.
    pub identity: Identity,
    /// The agent whom the identity names; `None` for [`Identity::SendAs`].
    pub agent: Option<Address>,
}

impl Sender {
    /// Returns what the recipient sees.
    pub fn phrase(&self) -> Phrase {
        let (short, inbox) = (self.address.short(), &self.address.email);
        let shown = if short == inbox { inbox.clone() } else { format!("{short} <{inbox}>") };
        match (self.identity, &self.agent) {
            (Identity::OnBehalf, Some(agent)) => phrase!("sender-on-behalf", inbox = shown, agent = &agent.name),
            (Identity::Personal, Some(agent)) => {
                let agent = format!("{} <{}>", agent.name, agent.email);
                phrase!("sender-personal", agent = agent, inbox = inbox)
            }
            _ => Phrase::said(shown),
        }
    }
}

/// Something that came into a conversation while a draft stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Under {
    /// When.
    pub at: Timestamp,
    /// Who did it, and what, in words.
    pub words: SafeText,
    /// Who.
    pub who: SafeText,
    /// The beginning of the mail; empty where it is none.
    pub said: SafeText,
    /// The mail, where it is one.
    pub message: Option<MessageId>,
}

/// Somebody whom a mail can be addressed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The address with its name.
    pub address: Address,
    /// How many conversations they take part in; with `many` at least so many.
    pub conversations: u64,
    /// Whether there are more than were counted.
    pub many: bool,
    /// When something last came or went there; `None` for a colleague who was never written to.
    pub last: Option<Timestamp>,
}

/// What stopped a mail before its first byte: both answers, side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The mail's number in the outbox.
    pub id: i64,
    /// The short id of the conversation; empty where it is gone.
    pub short: String,
    /// The customer's name.
    pub people: SafeText,
    /// What the others did since it was begun, the oldest first.
    pub theirs: Vec<Theirs>,
    /// What stands in the mail, of its author's own.
    pub ours: Vec<SafeText>,
}

/// What somebody did while a mail waited to go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theirs {
    /// When.
    pub at: Timestamp,
    /// Who did it, and what, in words.
    pub words: SafeText,
    /// Who.
    pub who: SafeText,
    /// Whether it is a mail of ours, or a record of a colleague's answer.
    pub ours: bool,
    /// The text, without quote and signature; empty where it is not here.
    pub lines: Vec<SafeText>,
}

/// What is shown before a mail goes out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// What its author should look at.
    pub warnings: Vec<Warning>,
    /// What happened in the conversation since the draft began.
    pub news: Vec<Under>,
    /// How far its author has read when the news were shown.
    pub as_of: Option<AsOf>,
    /// The newest record that the author has then seen.
    pub seen_op: Option<OpId>,
}

impl Review {
    /// Tells whether something stands there that has to be met before it goes out: what stops it, what came under it, that it says nothing.
    pub fn has_red(&self) -> bool {
        !self.news.is_empty() || self.warnings.iter().any(Warning::is_red)
    }
}

/// How an outgoing mail stands (design: draft → held → sending → sent → filed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutState {
    /// Waits for its time: the undo window, or send-later.
    Held,
    /// The check before sending found something new; a person decides.
    Stopped,
    /// Handed to SMTP; from here on it is never sent again blindly.
    Sending,
    /// The server may or may not have taken it: the connection or the program ended between the last byte and the answer.
    Uncertain,
    /// The server refused it for good, or too many tries failed.
    Failed,
    /// The server took it.
    Sent,
    /// The copy stands in Sent and the reply on the log.
    Filed,
    /// Taken back in time.
    Cancelled,
}

impl OutState {
    /// Returns the name used in the store and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            OutState::Held => "held",
            OutState::Stopped => "stopped",
            OutState::Sending => "sending",
            OutState::Uncertain => "uncertain",
            OutState::Failed => "failed",
            OutState::Sent => "sent",
            OutState::Filed => "filed",
            OutState::Cancelled => "cancelled",
        }
    }

    /// Tells whether a person has to decide something.
    pub fn wants_attention(self) -> bool {
        matches!(self, OutState::Stopped | OutState::Uncertain | OutState::Failed)
    }
}

impl fmt::Display for OutState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One mail on its way out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Outgoing {
    /// The store's number.
    pub id: i64,
    /// The Message-ID, fixed when it was queued.
    pub message_id: MessageId,
    /// The conversation, as it was when queued.
    pub conversation: Option<ConversationId>,
    /// Who sends it.
    pub actor: Handle,
    /// The state.
    pub state: OutState,
    /// Why it stands so, where that is more than the state says.
    pub reason: Option<Phrase>,
    /// Recipients in words.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this time.
    pub due: Timestamp,
    /// Size on the wire in bytes.
    pub size: u64,
}
