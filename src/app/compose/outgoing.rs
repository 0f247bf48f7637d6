//! Mails that are written: those on their way and those kept as drafts, as the screen lists them.

use crate::model::clock::Timestamp;
use crate::model::ids::ConversationId;
use crate::model::reply::OutState;
use crate::model::text::SafeText;

/// A mail of the outbox, as the screen lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutRow {
    /// The store's number.
    pub id: i64,
    /// The account that it goes out by.
    pub account: String,
    /// The state.
    pub state: OutState,
    /// Recipients.
    pub to: SafeText,
    /// The subject.
    pub subject: SafeText,
    /// Why it is in that state.
    pub reason: SafeText,
    /// Whether the server took it, but not for all.
    pub refused: bool,
    /// Who sends it.
    pub actor: SafeText,
    /// Whether that is me.
    pub mine: bool,
    /// How often it was tried.
    pub attempts: u32,
    /// Not before this time.
    pub due: Timestamp,
    /// What is new in its conversation since it was written; asked for only where it was stopped.
    pub news: Vec<SafeText>,
}

/// A draft, as the screen lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// The store's number.
    pub id: i64,
    /// Recipients.
    pub to: SafeText,
    /// The subject.
    pub subject: SafeText,
    /// The beginning of its text.
    pub snippet: SafeText,
    /// When it was last kept.
    pub saved_at: Timestamp,
    /// When it was discarded.
    pub discarded_at: Option<Timestamp>,
}

/// The mail that was just sent and can still be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The store's number.
    pub id: i64,
    /// Recipients.
    pub to: SafeText,
    /// The conversation that it belongs to.
    pub conversation: Option<ConversationId>,
    /// When it goes out.
    pub due: Timestamp,
    /// Whether a postroom without a screen runs on this store, which sends it whether this one runs or not.
    pub watched: bool,
}

/// What is on its way out of a store when the program is left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OnTheWay {
    /// The mails that go out within the hour; none where another postroom on this store sends them whether this one runs or not.
    pub soon: Vec<OutRow>,
    /// How many go out later, and when the first of them does.
    pub later: Option<(usize, Timestamp)>,
    /// How many want a person.
    pub failed: usize,
    /// How many operations wait for a log: colleagues don't know of them yet.
    pub untold: u64,
}

/// What was answered to the question whether to leave with mail on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Nothing yet.
    Not,
    /// To wait until it is out, and to leave then.
    Waits,
    /// To leave it to the next postroom; since then the others are being told that an answer waits.
    Leaves(Timestamp),
}

/// The question whether to leave with mail on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quitting {
    /// The mail, as it was looked at last.
    pub mail: OnTheWay,
    /// The answer.
    pub answered: Answered,
    /// How many mails wanted a person when it was asked.
    pub failed: usize,
    /// When it was last looked at.
    pub looked: Timestamp,
}

/// Which mails a list shows.
#[derive(Clone, Debug, Default)]
pub struct OutList {
    /// The mails on their way; `None` while they are loaded, or where drafts are shown.
    pub mails: Option<Vec<OutRow>>,
    /// The drafts.
    pub drafts: Option<Vec<DraftRow>>,
    /// Whether drafts are shown.
    pub is_drafts: bool,
    /// The row under the cursor.
    pub at: usize,
    /// The number of the draft or mail that is discarded when the question is answered with `y`.
    pub asking: Option<i64>,
}

impl OutList {
    /// Returns how many rows there are.
    pub fn len(&self) -> usize {
        self.mails.as_ref().map_or(0, Vec::len) + self.drafts.as_ref().map_or(0, Vec::len)
    }

    /// Tells whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the mail under the cursor.
    pub fn mail(&self) -> Option<&OutRow> {
        self.mails.as_ref().and_then(|mails| mails.get(self.at))
    }

    /// Returns the draft under the cursor.
    pub fn draft(&self) -> Option<&DraftRow> {
        self.drafts.as_ref().and_then(|drafts| drafts.get(self.at))
    }
}
