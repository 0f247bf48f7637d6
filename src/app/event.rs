//! Everything that can happen to the screen.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::app::compose::{DraftRow, Leaving, OnTheWay, OutRow, SavedText};
use crate::app::conversation::Laid;
use crate::app::effect::Timer;
use crate::app::layer::Side;
use crate::app::mouse::{Hit, Mouse};
use crate::app::source::Source;
use crate::app::tickets::Ticket;
use crate::error::UserError;
use crate::keymap::Key;
use crate::model::agent::RecordTeam;
use crate::model::change::{Change, SyncStatus};
use crate::model::clock::Timestamp;
use crate::model::conversation::{Conversation, LogEntry};
use crate::model::customer::Customer;
use crate::model::ids::{AccountId, ConversationId, Handle, MessageId, OpId, Tag};
use crate::model::news::Telling;
use crate::model::own::OwnView;
use crate::model::panel::{PanelHead, PanelSaid};
use crate::model::phrase::Phrase;
use crate::model::piped::Piped;
use crate::model::presence::Present;
use crate::model::queue::{QueueStand, Taken};
use crate::model::refusal::Refusals;
use crate::model::reply::{Collision, ComposeSession, Draft, Known, OutgoingFile, Review, Under};
use crate::model::screen_order::Terminal;
use crate::model::text::SafeText;
use crate::model::view::{ConversationRow, Counts, Lease, WithCustomers};
use crate::model::workload::Workload;
use crate::op::outcome::Outcome;

/// What was taken back, or brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TookBack {
    /// What, in words.
    pub words: SafeText,
    /// The conversations that it is about, by name.
    pub about: Vec<(ConversationId, String)>,
    /// How many more it is about than are named.
    pub more: usize,
    /// The commands that hold no longer.
    pub commands: Vec<OpId>,
    /// What takes this back in its turn.
    pub command: Option<OpId>,
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key was pressed.
    Key(Key),
    /// The mouse did something.
    Mouse(Mouse),
    /// The screen was drawn: what stands where, for the mouse.
    Drawn(Vec<(Rect, Hit)>),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size: columns, rows.
    Resize(u16, u16),
    /// Time has gone on.
    Tick(Timestamp),
    /// A timer that was set has run out.
    Timer(Timer),
    /// The store changed, by us or by others.
    StoreChanged(Change),
    /// A question was answered.
    Answer(Ticket, Result<Answer, UserError>),
    /// An account stands otherwise.
    Sync(SyncStatus),
    /// Whether the log of an account may be read and not written.
    ReadOnly(String, bool),
    /// Something failed that nobody asked for just now.
    Failed(UserError),
    /// What I did does not stand: somebody was first, the customer wrote meanwhile.
    Refused(Refusals),
    /// Something worth telling happened.
    Told(SafeText),
    /// News came that nobody was told of yet.
    News(Vec<Telling>),
    /// The conversation was laid out for the screen.
    Laid(Laid),
    /// How many lines the page takes that lies topmost and was laid out as it was drawn.
    PageLaid(usize),
    /// The external editor came back with a text, or could not be used.
    Edited(Result<String, UserError>),
    /// These are at a conversation just now, as a live source tells; none are there any more where it names nobody.
    Present(ConversationId, Vec<Present>),
    /// A held mail is due.
    Due,
    /// The terminal said how wide it draws our signs: whether those of ASCII must stand for them.
    Signs(bool),
    /// The terminal told its background: red, green and blue. The loop chooses the theme by it.
    Ground([u8; 3]),
    /// The terminal said what it is; `None` where it is none that is known.
    Terminal(Option<Terminal>),
    /// The program is back from the background.
    Resumed,
    /// The program must end: a signal.
    Quit,
}

/// What a question was answered.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Rows of a list, in list order.
    Rows(Vec<ConversationRow>),
    /// How long nine of ten answers let their customer wait at most, in milliseconds; `None` where too few tell.
    UsualWait(Option<i64>),
    /// The rows in front of a key, and those behind it.
    Around {
        /// Those in front, in the order of the list.
        before: Vec<ConversationRow>,
        /// Those behind.
        behind: Vec<ConversationRow>,
    },
    /// A conversation; `None` where it is gone.
    Conversation(Option<Box<Conversation>>),
    /// A conversation's row as it is by now; `None` where it is gone.
    Now(Option<Box<ConversationRow>>),
    /// The conversations that are to become one.
    Merging(Vec<WithCustomers>),
    /// The same as they are read.
    Compared(Vec<Side>),
    /// The rows of conversations that were named.
    RowsOf(Vec<ConversationRow>),
    /// The customer of a conversation, and the panels that are to be asked about it; `None` where the conversation is gone.
    Customer(Option<Box<Customer>>, Vec<PanelHead>),
    /// What a panel said.
    Panel(PanelSaid),
    /// What a command made of mail.
    Piped(Box<Piped>),
    /// The counts beside the views.
    Counts(Counts),
    /// How many conversations match.
    Count(u64),
    /// The names of a query that are not known: what is told of each, and which may be meant.
    Unknown(Vec<(Phrase, Option<Phrase>)>),
    /// The query that may have been meant, and how many conversations match it; `None` where there is none like it.
    Meant(Option<(String, u64)>),
    /// How many conversations match each query; `None` where that can't be told.
    Counted(Vec<Option<u64>>),
    /// A view of one's own is kept.
    ViewSaved(OwnView),
    /// A query can be read.
    Parsed,
    /// What came of a wish.
    Done(Box<Outcome>),
    /// Something was written that nobody is told of.
    Written,
    /// A set of conversations is fixed.
    Marked {
        /// By what it is named.
        token: u64,
        /// Those in it.
        ids: Arc<HashSet<ConversationId>>,
    },
    /// Something was undone or redone; `None` where there was nothing.
    Undone(Option<Box<TookBack>>),
    /// It can't be done, and nothing was changed: why, in words.
    Refused(SafeText),
    /// Words were read as a moment.
    When(Timestamp),
    /// The audit trail, newest first.
    Log(Vec<LogEntry>),
    /// A message as it came; `None` where it is not here.
    Source(Option<Arc<Source>>),
    /// Names for completion.
    Names {
        /// Tags in use.
        tags: Vec<Tag>,
        /// Those that were put on lately, the last one first, with how often.
        used: Vec<(Tag, u64)>,
        /// Agents that the log names.
        agents: Vec<Handle>,
        /// The teams.
        teams: Vec<RecordTeam>,
        /// Where the config says something that the team's record overrules, by account.
        differs: Vec<(AccountId, Vec<Phrase>)>,
        /// The names of the saved replies.
        replies: Vec<String>,
    },
    /// What agents and teams have.
    Workloads(BTreeMap<Handle, Workload>),
    /// A note that was begun; `None` where there is none, or it was just kept.
    KeptNote(Option<String>),
    /// Bodies were asked for; those of these mails can't come, and why.
    Bodies(Vec<(MessageId, SafeText)>),
    /// A draft to write on; `None` where it can no longer be had.
    Begun(Option<Box<ComposeSession>>),
    /// A draft was kept: as it now stands in the store.
    Kept(Box<Draft>),
    /// What is to be looked at before a draft goes out.
    Review(Box<Review>),
    /// What happened since a draft began.
    News {
        /// What.
        news: Vec<Under>,
        /// Who else is replying there by now.
        other: Option<Lease>,
    },
    /// A mail stands in the outbox.
    Queued(Leaving),
    /// The outbox, or one mail of it.
    Outbox(Vec<OutRow>),
    /// What is on its way out of this store.
    OnTheWay(OnTheWay),
    /// The drafts.
    Drafts(Vec<DraftRow>),
    /// Something was done with a mail or a draft, in words; a refusal is an error.
    Did(SafeText),
    /// Saved replies, and what is wrong with those that can't be read.
    Saved(Vec<SavedText>, Vec<UserError>),
    /// Files that were copied into the store, and what is wrong with the others.
    Files(Vec<OutgoingFile>, Vec<SafeText>),
    /// Paths that the typed one can become.
    Paths(Vec<String>),
    /// People whom what was typed can mean.
    People {
        /// What was typed.
        typed: String,
        /// The people.
        found: Vec<Known>,
    },
    /// Those of the recipients whom no mail here knows.
    Strangers(Vec<String>),
    /// A mail that was stopped, beside what stopped it; `None` where it is gone.
    Collision(Option<Box<Collision>>),
    /// The next of the queue is taken, and how that stands now; `None` where nothing can be taken.
    Taken(Option<Box<Taken>>, QueueStand),
    /// Whether what was to go back to the queue was still at work.
    GivenBack(bool),
    /// A lease lasts until then now.
    Renewed(Timestamp),
    /// How the queue stands.
    Stand(QueueStand),
}
