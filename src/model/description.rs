//! What an operation did, as a value: who did what to how many. `op` fills it in, `text` makes a sentence of it.

use std::collections::BTreeSet;

use crate::model::clock::Timestamp;
use crate::model::ids::{Handle, InboxId, Tag};
use crate::model::status::Status;
use crate::model::text::SafeText;

/// Who did what to how many conversations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Who.
    pub actor: Handle,
    /// What, with whom and what it names.
    pub act: Act,
    /// To how many conversations; 0 and 1 are both said as one.
    pub count: usize,
}

/// What was done, seen from the one who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Made themselves the assignee.
    Took,
    /// Made somebody else the assignee.
    Assigned(Handle),
    /// Left it to nobody.
    Unassigned,
    /// Gave it a status.
    SetStatus(Status),
    /// Put it away until then.
    Snoozed(Timestamp),
    /// Ended a snooze.
    Woke,
    /// Put tags on and took some off.
    Tagged {
        /// Put on.
        add: BTreeSet<Tag>,
        /// Taken off.
        remove: BTreeSet<Tag>,
    },
    /// Wrote a note that begins so.
    Noted(SafeText),
    /// Gave a note a text that begins so.
    EditedNote(SafeText),
    /// Gave the note that stands beside another text.
    ChangedNote,
    /// Saw the notes that mention them.
    SawMentions,
    /// Sent a reply, and gave this status with it.
    Replied(Option<Status>),
    /// Gave it a title of the team's own.
    Titled(SafeText),
    /// Went back to the subject.
    Untitled,
    /// Moved it to an inbox.
    Moved(InboxId),
    /// Began to follow it.
    Followed,
    /// Stopped following it.
    Unfollowed,
    /// Made somebody else follow it.
    MadeFollower(Handle),
    /// Took a follower away.
    RemovedFollower(Handle),
    /// Joined it with another, whose subject is this where it is known.
    Merged(Option<SafeText>),
    /// Joined it with the one of this short id.
    MergedInto(String),
    /// Made a conversation of its own.
    Split,
    /// Is writing a reply, until then at the latest.
    Replying(Timestamp),
    /// Has a finished answer waiting since then.
    AnswerWaits(Timestamp),
    /// Gave that up.
    StoppedReplying,
    /// Took something back, or brought it back.
    TookBack(Undone),
    /// Shared a saved reply of this name.
    SharedReply(SafeText),
    /// Withdrew a saved reply of this name.
    WithdrewReply(SafeText),
    /// Said where the imported history of a mailbox ends.
    KeptHistory {
        /// An address of the mailbox.
        mailbox: SafeText,
        /// The moment.
        before: Timestamp,
    },
    /// Said what all clients must read alike of the team.
    SetTeam,
    /// Took it for a worker, until then at the latest.
    Leased {
        /// The worker.
        worker: SafeText,
        /// The moment.
        until: Timestamp,
    },
    /// Writes what follows from rules, on this machine and until then at the latest.
    Ran {
        /// The machine.
        host: SafeText,
        /// The moment.
        until: Timestamp,
    },
    /// Was about to do something that is done once.
    Claimed(SafeText),
    /// Erased the words of so many records and messages.
    Erased {
        /// The records.
        records: usize,
        /// The messages.
        messages: usize,
    },
    /// An operation of this kind, which only a newer program knows.
    Unknown(SafeText),
}

/// What an undo took back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// Whether it took an undo back, so that all stands again.
    pub again: bool,
    /// Whose doing it was, where it was somebody else's.
    pub whose: Option<Handle>,
    /// What, and to how many conversations each; empty where it is not here.
    pub what: Vec<(Act, usize)>,
    /// How many more things than are named.
    pub more: usize,
}
