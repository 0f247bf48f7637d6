//! A conversation as the screen reads it: messages, notes and events in one time line.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle, MessageId, OpId};
use crate::model::invitation::{Answered, Invitation, Later, Method};
use crate::model::message::{Authorship, Direction, Origin, Readable};
use crate::model::phrase::Phrase;
use crate::model::reply::OutState;
use crate::model::text::SafeText;
use crate::model::view::ConversationRow;

/// A conversation with the newest part of its time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// The list's row.
    pub row: ConversationRow,
    /// Who follows it.
    pub followers: BTreeSet<Handle>,
    /// The newest items, oldest first.
    pub items: Vec<Item>,
    /// How many older items were left out.
    pub earlier: usize,
    /// Notices of ours that went to many and that it answers, the oldest first: each is a conversation of its own.
    pub context: Vec<ContextItem>,
    /// Other conversations that may have to do with it.
    pub related: Vec<Related>,
    /// What of it I have not looked at: mail of customers, notes that mention me.
    #[serde(skip)]
    pub new: BTreeSet<ItemId>,
}

/// What names a mail or a note of a time line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemId {
    /// A mail, by its Message-ID.
    Message(MessageId),
    /// A note, by the operation that wrote it.
    Note(OpId),
}

impl Conversation {
    /// Returns the conversations that a message may have to do with.
    pub fn related_to<'a>(&'a self, message: &'a MessageId) -> impl Iterator<Item = &'a Related> {
        self.related.iter().filter(move |other| other.messages.contains(message))
    }

    /// Tells each invitation what became of it later in the conversation: our last answer, a newer version, that it was cancelled.
    pub fn settle_invitations(&mut self) {
        let mut words: Vec<Word> = Vec::new();
        for message in self.items.iter_mut().rev().filter_map(Item::message_mut) {
            let room = WORDS_MAX.saturating_sub(words.len());
            words.extend(message.body.invitations.iter().take(room).filter_map(|event| Word::of(message, event)));
        }
        for message in self.items.iter_mut().filter_map(Item::message_mut) {
            let ours = message.direction == Direction::Outbound;
            let at = message.at;
            let asked = message.body.invitations.iter_mut().filter(|event| !ours && event.method == Method::Request);
            asked.for_each(|event| settle(event, at, &words));
        }
    }
}

/// The most invitations, cancellations and answers of a conversation that are compared with each other.
const WORDS_MAX: usize = 200;

/// What a message says of an event: it is asked, cancelled, or answered by us.
struct Word {
    at: Timestamp,
    event: Invitation,
    answered: Option<Answered>,
}

impl Word {
    fn of(message: &MessageItem, event: &Invitation) -> Option<Self> {
        let ours = message.direction == Direction::Outbound;
        let answered = match event.method {
            Method::Reply if ours => {
                let answer = event.attendees.first()?.answer?;
                Some(Answered { answer, at: message.at, leaving: message.sending.is_some() })
            }
            Method::Request | Method::Cancel if !ours => None,
            _ => return None,
        };
        Some(Self { at: message.at, event: event.clone(), answered })
    }
}

/// Tells an invitation that came at `at` what is made of it, by words of which the newest stands first. Mail arrives by the second, and in one
/// second only the version tells what came later.
fn settle(event: &mut Invitation, at: Timestamp, words: &[Word]) {
    let not_before = || words.iter().filter(|word| word.at.seconds() >= at.seconds());
    let answers = not_before().filter(|word| word.event.is_of(event) && word.event.sequence >= event.sequence);
    event.answered = answers.filter_map(|word| word.answered.clone()).next();
    let is_newer = |word: &Word| word.at.seconds() > at.seconds() || word.event.sequence > event.sequence;
    if not_before().any(|word| word.event.cancels(event)) {
        event.later = Later::Cancelled;
    } else if not_before().any(|word| word.event.replaces(event) && is_newer(word)) {
        event.later = Later::Updated;
    }
}

/// A notice of ours that went to many, above a conversation that answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ContextItem {
    /// The notice.
    pub message: MessageItem,
    /// The conversation that it belongs to.
    pub conversation: ConversationId,
    /// The short id of that.
    pub short: String,
}

/// Another conversation that may have to do with one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Related {
    /// Its row.
    pub row: ConversationRow,
    /// How.
    pub relation: Relation,
    /// The messages of this one by which it has to do with the other.
    #[serde(skip)]
    pub messages: BTreeSet<MessageId>,
}

/// How a conversation may have to do with another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// It names a mail of the other.
    Names,
    /// The other names a mail of it.
    NamedBy,
    /// Both name a mail that is not here, and others wrote them.
    Shares,
}

impl Relation {
    /// Says it of the other.
    pub fn phrase(self) -> Phrase {
        match self {
            Relation::Names => phrase!("related-names"),
            Relation::NamedBy => phrase!("related-named-by"),
            Relation::Shares => phrase!("related-shares"),
        }
    }
}

impl Related {
    /// Names the other to a person: `7k3m Order 4411, Ann (names the same mail)`.
    pub fn phrase(&self) -> Phrase {
        let row = &self.row;
        let (title, people) = (row.title.as_str().trim(), row.people.as_str());
        if title.is_empty() {
            let title = phrase!("no-subject");
            return phrase!(
                "related-other",
                short = &row.short,
                title = title,
                people = people,
                how = self.relation.phrase()
            );
        }
        phrase!("related-other", short = &row.short, title = title, people = people, how = self.relation.phrase())
    }
}

/// One entry of the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Item {
    /// A mail.
    Message(Box<MessageItem>),
    /// An internal note.
    Note(NoteItem),
    /// Something that somebody did.
    Event(EventItem),
}

impl Item {
    fn message_mut(&mut self) -> Option<&mut MessageItem> {
        match self {
            Item::Message(message) => Some(message),
            _ => None,
        }
    }

    /// Returns what names it; `None` for an event.
    pub fn id(&self) -> Option<ItemId> {
        match self {
            Item::Message(message) => Some(ItemId::Message(message.id.clone())),
            Item::Note(note) => Some(ItemId::Note(note.id)),
            Item::Event(_) => None,
        }
    }

    /// Returns when it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Item::Message(message) => message.at,
            Item::Note(note) => note.at,
            Item::Event(event) => event.at,
        }
    }
}

/// A mail in the time line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MessageItem {
    /// The Message-ID.
    pub id: MessageId,
    /// Which way it went.
    pub direction: Direction,
    /// Whether a person wrote it.
    pub origin: Origin,
    /// When it arrived.
    pub at: Timestamp,
    /// How it is known who wrote it.
    pub authorship: Authorship,
    /// Who wrote it, by name and address.
    pub author: SafeText,
    /// What speaks against its sender being who `From` says.
    pub doubts: Vec<SafeText>,
    /// Who of the team sent it, as a record or the outbox says; `None` for mail of others, and where another program sent it.
    pub actor: Option<Handle>,
    /// Whom its headers name, each apart.
    pub parties: Box<Parties>,
    /// `From`, with `via` the sender where that differs.
    pub from: SafeText,
    /// The address of `From` alone.
    pub from_email: SafeText,
    /// `Reply-To`, where it leads elsewhere than `From`.
    pub reply_to: Option<SafeText>,
    /// `To`, cut to what a screen can hold.
    pub to: SafeText,
    /// `Cc`, likewise; empty where there is none.
    pub cc: SafeText,
    /// The subject.
    pub subject: SafeText,
    /// The text, or nothing while only the headers are there.
    pub body: Readable,
    /// Whether the body is still to be fetched.
    pub partial: bool,
    /// Whether it stands in no folder any more: another program took it away ([`MessageItem::left`]), or the server lost it.
    pub gone: bool,
    /// Why the message is in this conversation, in words.
    pub why: SafeText,
    /// The address of its author, where a reference joined it and no message before it names that address.
    pub new_here: Option<SafeText>,
    /// How a reply of ours stands, where it is not simply sent: `sends in 8 s`, `failed: …`.
    pub sending: Option<SafeText>,
    /// The same as facts; `None` where it is simply sent.
    #[serde(skip)]
    pub leaving: Option<OnItsWay>,
    /// The agent who sent it, by name, as far as that is known; `None` of a customer's.
    #[serde(skip)]
    pub agent: Option<SafeText>,
    /// Whom a mail of ours did not reach, as delivery reports say: `ana@lima.example 5.1.1 user unknown`.
    pub bounced: Vec<SafeText>,
    /// Whom it has not reached yet, as they say.
    pub delayed: Vec<SafeText>,
    /// How another program took it away: `left INBOX, archived by another program`; `None` where it stands as ever.
    pub left: Option<Phrase>,
    /// Why its text is not here and can't be had any more; `None` where it is here or can be had.
    pub missing: Option<Phrase>,
    /// The other mails that bear the same Message-ID.
    pub shares: Vec<SharedId>,
    /// Other Message-IDs under which copies of it are here: a relay gave it another.
    pub known_as: Vec<MessageId>,
}

/// Somebody whom a mail names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Party {
    /// The display name; empty where there is none.
    pub name: SafeText,
    /// The address.
    pub email: SafeText,
}

/// Whom the headers of a mail name. To and Cc are cut at 1,000.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Parties {
    /// Who wrote it, as far as that is known.
    pub author: Vec<Party>,
    /// `From`.
    pub from: Vec<Party>,
    /// `Reply-To`.
    pub reply_to: Vec<Party>,
    /// `To`.
    pub to: Vec<Party>,
    /// `Cc`.
    pub cc: Vec<Party>,
}

/// How a mail of ours stands that is not out, or not filed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnItsWay {
    /// The state.
    pub state: OutState,
    /// Not before this time.
    pub due: Timestamp,
    /// Why it is in that state, where that is known.
    pub reason: Option<Phrase>,
}

/// Why a message is taken for what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyItem {
    /// The Message-ID.
    pub id: MessageId,
    /// The subject.
    pub subject: SafeText,
    /// How it is known who wrote it.
    pub authorship: Authorship,
    /// Who wrote it, by name and address.
    pub author: SafeText,
    /// Why it is in its conversation, in words.
    pub why: SafeText,
    /// The address of its author, where a reference joined it and no message before it names that address.
    pub new_here: Option<SafeText>,
}

/// A mail that bears the Message-ID of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SharedId {
    /// Its id here.
    pub id: MessageId,
    /// By whom and when: `the message of Ana, 14 Jan`.
    pub who: SafeText,
}

/// An internal note; it never leaves the team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoteItem {
    /// The operation that wrote it.
    pub id: OpId,
    /// Who wrote it.
    pub actor: Handle,
    /// When.
    pub at: Timestamp,
    /// The text, newest version.
    pub lines: Vec<SafeText>,
    /// Who is mentioned.
    pub mentions: Vec<Handle>,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// Who erased its words, and when; `None` where they stand.
    pub erased: Option<Erased>,
    /// Whether the server does not have it yet.
    pub pending: bool,
}

/// Who erased words, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// The agent.
    pub who: Handle,
    /// When, by that agent's clock.
    pub at: Timestamp,
}

/// One line of history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventItem {
    /// The operation; of what nobody did here, such as mail that left, an id of its own.
    pub id: OpId,
    /// When.
    pub at: Timestamp,
    /// `alice closed this`.
    pub sentence: SafeText,
    /// Why it has no effect: `bob was first`, `undone by bob`; `None` where it has.
    pub void: Option<Phrase>,
    /// Whether the server does not have it yet.
    pub pending: bool,
    /// Whether it was undone: the log tells of it, and no time line that is read.
    #[serde(skip)]
    pub undone: bool,
}

/// One line of the audit trail (`postroom log`): an operation with all that is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// The operation.
    pub id: OpId,
    /// The batch that it was made in, shared by all that one command did.
    pub batch: Option<OpId>,
    /// The account whose log it belongs to; empty while no account is known.
    pub account: SafeText,
    /// Who.
    pub actor: SafeText,
    /// On which machine.
    pub host: SafeText,
    /// When.
    pub at: Timestamp,
    /// The operation's name, such as `assign`.
    pub kind: String,
    /// What it did, in words.
    pub sentence: SafeText,
    /// The conversations that it touched, as short ids, at most twenty.
    pub conversations: Vec<String>,
    /// How many it touched.
    pub touched: u64,
    /// Whether it is on the server: its place in the log folder.
    pub on_server: Option<u64>,
    /// Whether it was undone.
    pub undone: bool,
    /// Who had the conversation first, where this claim came second in it; `nobody` where nobody had it. Of a claim of several only in
    /// the trail of one conversation.
    pub lost_to: Option<String>,
    /// Of how many conversations this claim came second.
    pub lost: u64,
    /// The operation as it is on the log, in full.
    pub operation: serde_json::Value,
}

/// A target of an operation.
#[derive(Clone, Debug, PartialEq)]
pub struct LogTarget {
    /// The conversation that it is of by now; `None` where that is not here.
    pub conversation: Option<ConversationId>,
    /// The target as it is on the log: the message that it hangs on, and what the actor saw and expected.
    pub target: serde_json::Value,
}
