//! The shared log, as what is above it sees it: what a pass did, what people must be told of it, who keeps it while the program runs.

pub mod errand;
pub mod keys;
pub mod telling;

pub use errand::OnPass;

use crate::error::UserError;
use crate::model::change::Change;
use crate::model::ids::AccountId;
use crate::model::refusal::Refusals;
use crate::store::Overturned;
use telling::Stranger;

/// What one pass did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPass {
    /// Whose log it was, where there are several accounts.
    pub account: Option<AccountId>,
    /// Mails of the log that were read.
    pub pulled: u64,
    /// Records that were pushed and read back.
    pub pushed: u64,
    /// Mails that were appended, snapshots included.
    pub appended: u64,
    /// Mails that lie there and are none of ours.
    pub foreign: u64,
    /// Mails that only a newer postroom can read.
    pub newer: u64,
    /// Mails of ours that were spoiled.
    pub damaged: u64,
    /// Mails that were delivered and hold records, which don't count; of those that nobody was told of.
    pub delivered: u64,
    /// Mails that are not signed and hold records, which don't count because the team wants signatures; of those that nobody was told of.
    pub unsigned: u64,
    /// The first of both.
    pub strangers: Vec<Stranger>,
    /// Whether it was found just now that the server marks as delivered what clients write.
    pub adds_headers: bool,
    /// Whether most mails of the log look delivered and nobody has looked at them: they don't count, and nothing is dropped.
    pub unadopted: bool,
    /// What conversations changed.
    pub change: Option<Change>,
    /// Whether the mailbox lets nobody write; what was done stays here.
    pub read_only: bool,
    /// What the server refused, with its words: what was done stays here until it takes it.
    pub trouble: Option<UserError>,
    /// Whether the order of the log was established anew.
    pub reordered: bool,
    /// What the agent must be told: claims that were overturned.
    pub notices: Vec<Overturned>,
    /// What the agent did and what does not stand.
    pub refused: Refusals,
}

impl LogPass {
    /// Adds what a further pass did to push something.
    pub(in crate::sync) fn and(&mut self, more: LogPass) {
        self.pushed += more.pushed;
        self.appended += more.appended;
        self.also_refused(&more);
        self.unadopted = more.unadopted;
        self.trouble = more.trouble;
        self.notices.extend(more.notices);
    }

    pub(in crate::sync) fn touched(&mut self, change: Change) {
        self.change = Some(match self.change.take() {
            Some(before) => before.and(change),
            None => change,
        });
    }
}
