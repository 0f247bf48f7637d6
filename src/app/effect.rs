//! Everything that the screen can ask the runtime to do.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::tickets::Ticket;
use crate::model::address::Address;
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, MessageId, OpId};
use crate::model::invitation::Answer;
use crate::model::message::{AsOf, TextPart};
use crate::model::news::Telling;
use crate::model::own::OwnView;
use crate::model::reply::{Draft, DraftKind};
use crate::model::shared_reply::SharedReply;
use crate::model::shown::Shown;
use crate::model::text::SafeText;
use crate::model::view::{ListOrder, PageKey};
use crate::op::wish::Wish;

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A question, to be answered with [`crate::app::Event::Answer`] and the same ticket.
    Ask {
        /// The number of the question.
        ticket: Ticket,
        /// The question.
        ask: Ask,
    },
    /// Copy text to the clipboard of whoever sits at the terminal (OSC 52).
    Copy(String),
    /// Let the terminal ring.
    Ring,
    /// Have the terminal show a notification of the desktop.
    Notify(SafeText),
    /// Have the title of the terminal's window say this.
    Entitle(SafeText),
    /// Run the program of the config that is told of news.
    RunNotifier(Box<Telling>),
    /// Open a link.
    OpenLink(String),
    /// Save an attachment and open it.
    OpenAttachment {
        /// The mail.
        message: MessageId,
        /// The attachment's number.
        index: usize,
    },
    /// Save attachments, or pipe one to a command.
    SaveFiles(Vec<(MessageId, usize)>, Saving),
    /// Have a text written on in the editor of the config, beginning at a line, from 1; comes back as [`crate::app::Event::Edited`].
    Edit(String, usize),
    /// Send [`crate::app::Event::Timer`] after so many milliseconds.
    SetTimer(Timer, u64),
    /// Stop the panels that run.
    StopPanels,
    /// Stop the command that mail was given to.
    StopPipe,
    /// Fetch and push now.
    SyncNow,
    /// Take the theme of that name.
    Theme(String),
    /// Draw everything anew.
    Redraw,
    /// Go to the background of the shell.
    Suspend,
    /// End.
    Quit,
}

/// A timer; the number tells a newer one of its kind from an older.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// Load the conversation under the cursor, if it is still there.
    Preview(u64),
    /// Read what was typed, if it was not changed since.
    Typed(u64),
    /// Keep the draft.
    Keep(u64),
    /// Count the views of one's own anew.
    Count,
    /// Show what can follow the keys that were pressed, if no other came.
    Which,
}

/// Which mail a command gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piping {
    /// This message.
    Message(MessageId),
    /// The newest message of a conversation.
    Newest(ConversationId),
    /// All messages of these conversations.
    All(Targets),
}

/// Where attachments go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saving {
    /// To a folder, or a new file of that name; nothing is ever overwritten.
    To(String),
    /// To the standard input of a command.
    Pipe(String),
}

/// What is being begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// A draft in a conversation; one that stands there is taken up.
    In {
        /// Which.
        conversation: ConversationId,
        /// What for.
        kind: DraftKind,
        /// The message to answer; `None` is the customer's newest.
        parent: Option<MessageId>,
        /// Whether a forward takes it as a file.
        as_file: bool,
    },
    /// The answer to an invitation.
    Answer {
        /// The conversation.
        conversation: ConversationId,
        /// The message with the invitation; `None` is the newest that holds one.
        message: Option<MessageId>,
        /// The answer.
        answer: Answer,
    },
    /// A mail to somebody new.
    New,
    /// The draft of that number, also a discarded one.
    Kept(i64),
    /// The mail of the outbox with that number, taken back.
    TakenBack(i64),
}

/// What to do with a mail of the outbox or a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Try it again now.
    Retry,
    /// Send it whatever is new.
    SendAnyway,
    /// Take it back into the drafts.
    Cancel,
    /// Make a note of it.
    Note,
    /// Take it back and discard the draft.
    Drop,
    /// Discard the draft of that number.
    Discard,
}

/// A question to the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Rows of a list.
    Page {
        /// The query.
        query: String,
        /// In which order.
        order: ListOrder,
        /// Which rows.
        range: Range,
        /// How many at most.
        limit: usize,
    },
    /// A conversation with its newest items.
    Conversation {
        /// Which.
        id: ConversationId,
        /// How many items.
        newest: usize,
        /// The mails that are to be shown by another of their texts than usual.
        parts: BTreeMap<MessageId, TextPart>,
    },
    /// What a conversation is by now that was under the cursor.
    Now(ConversationId),
    /// The conversations that are to become one, with their customers.
    Merging(Vec<ConversationId>),
    /// The same as they are read, to be compared.
    Compare(Vec<ConversationId>),
    /// The rows of these conversations; of those that are gone none.
    RowsOf(Vec<ConversationId>),
    /// The customer of a conversation, and the panels that are to be asked about it.
    Customer {
        /// The conversation.
        of: ConversationId,
        /// How many of their other conversations at most.
        others: usize,
    },
    /// What a panel of the config says of a conversation. It takes as long as its program.
    Panel {
        /// The conversation.
        of: ConversationId,
        /// The panel.
        name: String,
    },
    /// What a line of the shell makes of mail. It takes as long as that runs.
    Pipe {
        /// The line, as somebody typed it.
        command: String,
        /// The mail.
        what: Piping,
    },
    /// The counts beside the views.
    Counts,
    /// How long nine of ten answers of the team let their customer wait at most.
    UsualWait,
    /// How many conversations match a query.
    Count(String),
    /// Which names of a query are not known.
    Unknown(String),
    /// What may have been meant by a query that finds nothing.
    Meant(String),
    /// How many conversations match each of these queries; nobody waits for it.
    CountAll(Vec<String>),
    /// Keep a view of one's own.
    SaveView(OwnView),
    /// Whether a query can be read.
    Parse(String),
    /// Fulfil a wish for conversations as they were shown, as one command.
    Triage(Wish, Targets),
    /// Fix the set of all that match a query now, on whichever page: what arrives later is not in it.
    MarkAll {
        /// By what [`Targets::Marked`] names the set.
        token: u64,
        /// The query.
        query: String,
    },
    /// Undo my last command.
    Undo,
    /// Redo it.
    Redo,
    /// Undo this operation, whoever did it.
    TakeBack(OpId),
    /// Read words as a moment.
    When(String),
    /// The audit trail of a conversation, or of all.
    Log(Option<ConversationId>),
    /// A message as it came.
    Source(MessageId),
    /// Names for completion.
    Names,
    /// What agents and teams have, and what they have to do with a conversation.
    Workloads(Option<ConversationId>),
    /// The text of a note that was begun at a place and not put down.
    KeptNote(String),
    /// Keep what is typed of a note; an empty text forgets it.
    KeepNote {
        /// Where: a conversation, a note that is edited, or the marked conversations.
        place: String,
        /// What was typed.
        text: String,
    },
    /// The bodies of these mails, of which only the headers are here.
    Bodies(Vec<MessageId>),
    /// A draft to write on.
    Begin(Beginning),
    /// Keep a draft.
    Keep(Box<Draft>),
    /// Forget a draft that was never written on.
    Forget(Box<Draft>),
    /// What is to be looked at before a draft goes out.
    Review(Box<Draft>),
    /// What happened since a draft began.
    News(Box<Draft>),
    /// Put a draft into the outbox; without a time it leaves when the undo window has passed.
    Queue(Box<Draft>, Option<Timestamp>),
    /// Tell the others that a reply is being written until then, or no longer.
    Lease(ConversationId, Option<Timestamp>),
    /// The outbox.
    Outbox,
    /// One mail of the outbox.
    Sent(i64),
    /// The drafts, discarded ones too.
    Drafts,
    /// Do something with a mail of the outbox, or a draft.
    Deed(i64, Deed),
    /// The saved replies, filled in for a draft.
    SavedReplies(Box<Draft>),
    /// Remember that this text of a shared reply was put in.
    ReplyUsed(Box<SharedReply>),
    /// Copy files into the store.
    Files(Vec<String>),
    /// What a path can go on with.
    Paths(String),
    /// Whom what was typed can mean.
    People(String),
    /// Which of these recipients no mail here knows.
    Strangers(Vec<Address>),
    /// A mail of the outbox that was stopped, beside what stopped it.
    Collision(i64),
    /// What is on its way out of this store, before the program is left.
    OnTheWay,
    /// Leave what is on its way to the next postroom on this store, and tell the others that an answer waits.
    LeaveMail,
    /// Try at once what waits for another try.
    TryNow,
    /// Remember that I was told that the mail of these conversations left.
    DepartedTold(Vec<ConversationId>),
    /// Remember that this conversation was opened and looked at as far as it was shown, so that other mail programs show its mail as read.
    Opened(ConversationId, Option<AsOf>),
    /// Mark conversations as unread.
    Unread(Targets),
    /// Take the next of the queue, but for these.
    QueueNext(Vec<ConversationId>),
    /// Give back what was taken from the queue.
    QueueGiveBack(ConversationId),
    /// Lengthen the lease of what was taken from the queue.
    QueueRenew(ConversationId),
    /// How the queue stands.
    QueueStand {
        /// What is in hand.
        hand: Option<ConversationId>,
        /// What was given back.
        passed: Vec<ConversationId>,
    },
    /// Remember that it was told what the rules of this program changed.
    UpgradeTold,
}

impl Ask {
    /// Tells whether it changes the store, or must come in its turn: such questions are answered one after the other. A set that is
    /// being fixed is there when the wish for it comes.
    pub fn writes(&self) -> bool {
        use Ask::{
            Begin, Bodies, Deed, DepartedTold, Files, Forget, Keep, KeepNote, Lease, LeaveMail, MarkAll, OnTheWay,
            Opened, Queue, QueueGiveBack, QueueNext, QueueRenew, Redo, ReplyUsed, SaveView, TakeBack, Triage, TryNow,
            Undo, Unread, UpgradeTold,
        };
        matches!(
            self,
            Triage(..)
                | MarkAll { .. }
                | Undo
                | Redo
                | TakeBack(_)
                | Begin(_)
                | Keep(_)
                | Forget(_)
                | Queue(..)
                | Lease(..)
                | Deed(..)
                | Files(_)
                | Bodies(_)
                | KeepNote { .. }
                | ReplyUsed(_)
                | DepartedTold(_)
                | Opened(..)
                | Unread(_)
                | UpgradeTold
                | OnTheWay
                | LeaveMail
                | TryNow
                | SaveView(_)
                | QueueNext(_)
                | QueueGiveBack(_)
                | QueueRenew(_)
        )
    }
}

/// Which rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Range {
    /// The first.
    Top,
    /// Those behind a key.
    After(PageKey),
    /// Those in front of a key.
    Before(PageKey),
    /// Those in front of a key and those behind it.
    Around(PageKey),
    /// The last.
    Bottom,
}

/// On which conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Targets {
    /// On these.
    These(Vec<Shown>),
    /// On those of a set that [`Ask::MarkAll`] fixed.
    Marked {
        /// The set.
        token: u64,
        /// But for these.
        except: BTreeSet<ConversationId>,
        /// And these.
        and: Vec<Shown>,
    },
}
