//! The next conversation to work on: whose customer has waited longest, among those that nobody has, a team of one's own has, or a worker
//! left behind.

use jiff::tz::TimeZone;

use crate::error::{ErrorKind, UserError};
use crate::model::clock::Timestamp;
use crate::model::ids::{ConversationId, Handle};
use crate::model::phrase::Phrase;
use crate::model::text::in_quotes;
use crate::model::view::ConversationRow;
use crate::model::when::read_span;
use crate::query::{Context, Query};
use crate::store::{Claim, Claimed, ClaimedOne, Store, Wanted};

/// The longest lease: the log keeps none for longer than a day.
pub const LEASE_MAX: i64 = Timestamp::DAY;

/// How long a lease lasts where nobody says otherwise, as it is written.
pub const LEASE_WORDS: &str = "10m";

/// Returns what a worker of this process calls itself where nobody says otherwise.
pub fn worker_name(host: &str) -> String {
    format!("{host}/{}", std::process::id())
}

/// Makes a claim that lasts as long as `words` say from `now` on; `None` where that is no length, or longer than a lease can be.
pub fn claim(worker: String, words: &str, now: Timestamp, zone: &TimeZone) -> Option<Claim> {
    let begin = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned(zone.clone());
    let end = begin.checked_add(read_span(words)?.step()?).ok()?;
    let until = Timestamp(end.timestamp().as_millisecond());
    (until > now && until.since(now) <= LEASE_MAX).then_some(Claim { worker, until })
}

/// What an agent asks for.
pub struct Asked<'a> {
    store: &'a Store,
    query: &'a Query,
    context: &'a Context,
    teams: Vec<Handle>,
}

impl<'a> Asked<'a> {
    /// Makes the question.
    pub fn new(store: &'a Store, query: &'a Query, context: &'a Context) -> Self {
        let teams = store.team().groups_of(&context.me).map(|group| group.name.clone()).collect();
        Self { store, query, context, teams }
    }

    fn wanted(&self, count: usize) -> Wanted<'_> {
        Wanted { query: self.query, context: self.context, teams: &self.teams, count }
    }

    /// Returns what would be handed out, in order.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn peek(&self, count: usize) -> Result<Vec<ConversationRow>, UserError> {
        Ok(self.store.next_up(&self.wanted(count))?)
    }

    /// Returns how many could be handed out.
    ///
    /// # Errors
    /// When the store can't be read.
    pub fn count(&self) -> Result<u64, UserError> {
        Ok(self.store.next_count(&self.wanted(0))?)
    }

    /// Claims up to so many.
    ///
    /// # Errors
    /// When the store can't be written.
    pub fn take(&self, count: usize, claim: &Claim) -> Result<Claimed, UserError> {
        Ok(self.store.claim_next(&self.wanted(count), claim)?)
    }

    /// Claims this one.
    ///
    /// # Errors
    /// Says who has it. When the store can't be written.
    pub fn take_one(&self, id: &ConversationId, claim: &Claim) -> Result<Claimed, UserError> {
        one_of(id, self.store.claim_one(id, &self.wanted(1), claim)?)
    }

    /// Lengthens the lease of a worker that is still at this one.
    ///
    /// # Errors
    /// Says who has it. When the store can't be written.
    pub fn renew(&self, id: &ConversationId, claim: &Claim) -> Result<Claimed, UserError> {
        one_of(id, self.store.renew_one(id, &self.wanted(1), claim)?)
    }
}

fn one_of(id: &ConversationId, claimed: ClaimedOne) -> Result<Claimed, UserError> {
    match claimed {
        ClaimedOne::Done(claimed) => Ok(claimed),
        ClaimedOne::Held(row) => {
            let what = phrase!("told-not-yours", what = &row.short, why = holder(&row));
            Err(UserError::new(ErrorKind::Precondition, what))
        }
        ClaimedOne::Gone => {
            Err(UserError::new(ErrorKind::Nothing, phrase!("no-such-conversation", word = in_quotes(id.as_str()))))
        }
    }
}

/// Says who has a conversation, and which worker is at it or who answers it.
pub fn holder(row: &ConversationRow) -> Phrase {
    match (&row.worker, &row.replying, &row.assignee) {
        (Some(worker), ..) => {
            phrase!("worker-has-it", worker = worker.name.as_str(), who = worker.agent.as_str())
        }
        (None, Some(lease), _) => phrase!("is-replying", who = lease.agent.to_string()),
        (None, None, Some(who)) => phrase!("somebody-has-it", who = who.as_str()),
        (None, None, None) => phrase!("nobody-has-it"),
    }
}

/// What came of claims once the log has them.
#[derive(Debug, Default)]
#[must_use = "tell of the lost"]
pub struct Settled {
    /// Those that stand.
    pub held: Vec<ConversationRow>,
    /// Those that somebody else was first with, as they stand.
    pub lost: Vec<ConversationRow>,
}

/// Tells which claims stand.
///
/// # Errors
/// When the store can't be read.
pub fn settle(store: &Store, claimed: &Claimed) -> Result<Settled, UserError> {
    let mut settled = Settled::default();
    for (row, stands) in store.claims_standing(claimed)? {
        if stands {
            settled.held.push(row);
        } else {
            settled.lost.push(row);
        }
    }
    Ok(settled)
}

/// Gives back what workers of the agent have: those of these conversations, or all that `worker` has. Returns what was given back.
///
/// # Errors
/// When the store can't be written.
pub fn give_back(
    store: &Store,
    ids: Option<&[ConversationId]>,
    worker: Option<&str>,
) -> Result<Vec<ConversationId>, UserError> {
    Ok(store.give_back(ids, worker)?)
}
