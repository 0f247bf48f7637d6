//! Questions without an answer, and what for each was asked.

use std::collections::BTreeMap;
use std::mem::discriminant;

use crate::model::description::Act;
use crate::model::ids::{ConversationId, MessageId};
use crate::op::wish::Wish;

/// The number of a question. An answer to a question that is no longer open is ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// A conversation with the words that name it to a person. They are found before anything is done: by its answer it may stand nowhere on
/// the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub id: ConversationId,
    /// Who wrote, and its short id; `None` where that is not on the screen.
    pub name: Option<String>,
}

/// What a question was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To fill the list from nothing; the cursor goes to the first row, or the last.
    Fill {
        /// Whether to the last.
        bottom: bool,
    },
    /// To read the list's rows again, the cursor staying on its conversation.
    Refresh,
    /// To show the rows around the cursor's in another order.
    Sorted,
    /// To add rows behind the last.
    More,
    /// To add rows in front of the first.
    Earlier,
    /// To show a conversation.
    Conversation(ConversationId),
    /// To tell why the row under the cursor left the list.
    Left(ConversationId),
    /// To merge what was marked then.
    Merge(Vec<ConversationId>),
    /// To merge a conversation with another one of its customer.
    MergeTheirs(Vec<ConversationId>),
    /// To compare those that may become one.
    Compare,
    /// To look through what is marked.
    Marked,
    /// To merge a conversation with one that is related to it.
    Join(Vec<ConversationId>),
    /// To show the customer of a conversation.
    Customer(ConversationId),
    /// To show what a panel says of a conversation.
    Panel {
        /// The conversation.
        of: ConversationId,
        /// The panel.
        name: String,
    },
    /// To show what a command makes of mail.
    Pipe,
    /// To tell who waits longer than usual; nobody waits for it.
    UsualWait,
    /// To show counts.
    Counts,
    /// To show how many conversations these views of one's own hold, by their names.
    OwnCounts(Vec<String>),
    /// To keep a view of one's own.
    SaveView,
    /// To show how many a search found.
    Found,
    /// To tell which names of a search are not known.
    Unknown,
    /// To offer what may have been meant by a search that found nothing.
    Meant,
    /// To tell whether the search can be read.
    Parse,
    /// To commit.
    Commit {
        /// What was wished.
        wish: Wish,
        /// What is done, to be told.
        act: Act,
        /// Whether the notice is shown.
        quiet: bool,
        /// The conversation, where it is one.
        on: Option<Named>,
    },
    /// To mark all that match.
    MarkAll,
    /// To undo or redo.
    Undo {
        /// Whether to redo.
        redo: bool,
    },
    /// To show what snooze words mean.
    When,
    /// To show the audit trail.
    Log,
    /// To show a message as it came.
    Source(MessageId),
    /// To take up a note that was begun at this place.
    KeptNote(String),
    /// To keep what is typed of a note.
    KeepNote,
    /// To have bodies fetched.
    Bodies,
    /// To complete names.
    Names,
    /// To tell what those have to whom something is being given.
    Workloads,
    /// To write on a draft.
    Begin,
    /// To keep the draft that is being written.
    Keep,
    /// To look a draft over.
    Review,
    /// To show what is new under a draft.
    News,
    /// To put a mail into the outbox.
    Queue,
    /// To show the others that a reply is being written; nobody waits for it.
    Lease,
    /// To list the outbox or the drafts.
    Outgoing,
    /// To leave the program.
    Leaving,
    /// To leave mail to others, or to have it tried; nobody waits for it.
    Handed,
    /// To see what became of the mail that left.
    Sent,
    /// To do something with a mail or a draft.
    Deed,
    /// To pick a saved reply.
    SavedReplies,
    /// To remember which text of a shared reply was put in; nobody waits for it.
    ReplyUsed,
    /// To attach files; a paste that names none is put in as this text.
    Files {
        /// The pasted text; `None` where the paths were typed.
        pasted: Option<String>,
    },
    /// To complete a path.
    Paths,
    /// To complete an address.
    People,
    /// To mark recipients whom no mail here knows.
    Strangers,
    /// To show what stopped a mail.
    Collision,
    /// To remember that something was told; nobody waits for it.
    Told,
    /// To mark as unread.
    Unread,
    /// To take the next of the queue.
    QueueNext,
    /// To give back what was taken from it.
    QueueGiveBack(Named),
    /// To lengthen the lease of what is in hand.
    QueueRenew(ConversationId),
    /// To show how the queue stands, and what is in hand.
    QueueStand(Option<ConversationId>),
    /// To see whether what was taken from it is mine again, something that was done to it being undone.
    QueueAgain(ConversationId),
}

impl Purpose {
    /// Tells whether a newer question of this kind makes an older one pointless.
    fn replaces(&self) -> bool {
        use Purpose::{
            Bodies, Commit, Deed, Files, Handed, Keep, KeepNote, Lease, Panel, Queue, QueueGiveBack, QueueNext,
            QueueRenew, ReplyUsed, Told, Undo, Unread,
        };
        !matches!(
            self,
            Commit { .. }
                | Undo { .. }
                | Keep
                | Queue
                | Lease
                | Deed
                | Files { .. }
                | Bodies
                | KeepNote
                | ReplyUsed
                | Told
                | Handed
                | Panel { .. }
                | Unread
                | QueueNext
                | QueueGiveBack(_)
                | QueueRenew(_)
        )
    }

    fn is_list(&self) -> bool {
        matches!(self, Purpose::Fill { .. } | Purpose::Refresh | Purpose::Sorted | Purpose::More | Purpose::Earlier)
    }
}

/// The open questions.
#[derive(Clone, Debug, Default)]
pub struct Tickets {
    last: u64,
    open: BTreeMap<Ticket, Purpose>,
}

impl Tickets {
    /// Notes a question and returns its number. An older one of the same kind is forgotten: its answer will be ignored.
    pub fn open(&mut self, purpose: Purpose) -> Ticket {
        if purpose.replaces() {
            let list = purpose.is_list();
            self.open.retain(|_, old| discriminant(old) != discriminant(&purpose) && !(list && old.is_list()));
        }
        self.last += 1;
        let ticket = Ticket(self.last);
        self.open.insert(ticket, purpose);
        ticket
    }

    /// Takes what a question was asked for; `None` where it is no longer open.
    pub fn close(&mut self, ticket: Ticket) -> Option<Purpose> {
        self.open.remove(&ticket)
    }

    /// Forgets the questions for `purpose`'s kind.
    pub fn forget(&mut self, purpose: &Purpose) {
        self.open.retain(|_, old| discriminant(old) != discriminant(purpose));
    }

    /// Tells whether a question about the list is open.
    pub fn list_is_loading(&self) -> bool {
        self.open.values().any(Purpose::is_list)
    }

    /// Tells whether what the screen is to show is asked for: a whole list, or a conversation.
    pub fn is_filling(&self) -> bool {
        self.open
            .values()
            .any(|purpose| matches!(purpose, Purpose::Fill { .. } | Purpose::Sorted | Purpose::Conversation(_)))
    }

    /// Tells whether this question is open.
    pub fn is_open(&self, purpose: &Purpose) -> bool {
        self.open.values().any(|open| open == purpose)
    }

    /// Tells whether a question of that kind is open.
    pub fn has(&self, purpose: &Purpose) -> bool {
        self.open.values().any(|open| discriminant(open) == discriminant(purpose))
    }

    /// Tells whether many conversations are being changed, or found to be changed: that can take seconds.
    pub fn is_at_many(&self) -> bool {
        self.open.values().any(|purpose| matches!(purpose, Purpose::Commit { on: None, .. } | Purpose::MarkAll))
    }

    /// Tells whether no question is open.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Returns the number of the newest question.
    pub fn newest(&self) -> u64 {
        self.last
    }
}
